// SPDX-License-Identifier: EUPL-1.2

package files

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
)

// s3 keeps each file as one object in a bucket, by the few requests that every S3 store answers: PUT, GET, HEAD and DELETE of an
// object and ListObjectsV2, with the bucket in the path.
type s3 struct {
	base           string // scheme and host
	bucket, prefix string // the prefix is "" or ends with /
	signer         signer
	client         *http.Client
	mu             sync.RWMutex // held to read while a file becomes new, to write while a Sweep removes one
}

// newS3 reads the store's address. The key and the secret are in it, so no error tells it.
func newS3(address string) (*s3, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("the address of the files is not an address")
	}
	secret, _ := u.User.Password()
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if u.User.Username() == "" || secret == "" || u.Host == "" || bucket == "" {
		return nil, errors.New("the address of the files must be https://KEY:SECRET@HOST/BUCKET")
	}
	if prefix != "" {
		prefix += "/"
	}
	region := u.Query().Get("region")
	if region == "" {
		region = "us-east-1" // what stores outside Amazon take when they have no regions
	}
	return &s3{base: u.Scheme + "://" + u.Host, bucket: bucket, prefix: prefix,
		signer: signer{key: u.User.Username(), secret: secret, region: region}, client: newClient()}, nil
}

// newClient follows no redirects: a signature holds for one address.
func newClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	t.ResponseHeaderTimeout = time.Minute
	t.DisableCompression = true
	return &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Put writes to a file of its own first: the store is told the name and the size before the first byte, and checks both.
func (s *s3) Put(ctx context.Context, r io.Reader, limit int64) (sha string, size int64, err error) {
	f, err := os.CreateTemp("", "ledsyn-")
	if err != nil {
		return "", 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if sha, size, err = spool(ctx, f, r, limit); err != nil {
		return "", 0, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	res, err := s.do(ctx, http.MethodPut, s.prefix+sha, nil, io.NewSectionReader(f, 0, size), size, sha)
	if err != nil {
		return "", 0, err
	}
	res.Body.Close()
	return sha, size, nil
}

func (s *s3) Open(ctx context.Context, sha string) (io.ReadCloser, int64, error) {
	if err := checkName(sha); err != nil {
		return nil, 0, err
	}
	res, err := s.do(ctx, http.MethodGet, s.prefix+sha, nil, nil, 0, emptySum)
	if err != nil {
		return nil, 0, err
	}
	if res.ContentLength < 0 {
		res.Body.Close()
		return nil, 0, errors.New("the file store told no size")
	}
	return check(res.Body, sha, res.ContentLength), res.ContentLength, nil
}

func (s *s3) Sweep(ctx context.Context, before time.Time, named func(string) bool) (removed int, err error) {
	after := ""
	for {
		page, err := s.list(ctx, after)
		if err != nil {
			return removed, err
		}
		for _, o := range page.Contents {
			sha := strings.TrimPrefix(o.Key, s.prefix)
			if checkName(sha) != nil || named(sha) || !o.LastModified.Before(before) {
				continue
			}
			gone, err := s.removeOld(ctx, o.Key, before)
			if err != nil {
				return removed, err
			}
			if gone {
				removed++
			}
		}
		if !page.IsTruncated || page.NextContinuationToken == "" {
			return removed, nil
		}
		after = page.NextContinuationToken
	}
}

// removeOld asks for the file's age anew: it may have been put since it was listed.
func (s *s3) removeOld(ctx context.Context, key string, before time.Time) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	head, err := s.do(ctx, http.MethodHead, key, nil, nil, 0, emptySum)
	if errors.Is(err, ErrNone) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	head.Body.Close()
	at, err := http.ParseTime(head.Header.Get("Last-Modified"))
	if err != nil || !at.Before(before) {
		return false, err
	}
	res, err := s.do(ctx, http.MethodDelete, key, nil, nil, 0, emptySum)
	if err != nil {
		return false, err
	}
	res.Body.Close()
	return true, nil
}

// objects is a page of a list of objects.
type objects struct {
	Contents []struct {
		Key          string
		LastModified time.Time
	}
	IsTruncated           bool
	NextContinuationToken string
}

// maxAnswer is the longest answer beside files that is read, in bytes. A page of a thousand objects is under half of it.
const maxAnswer = 4 << 20

func (s *s3) list(ctx context.Context, after string) (objects, error) {
	query := url.Values{"list-type": {"2"}}
	if s.prefix != "" {
		query.Set("prefix", s.prefix)
	}
	if after != "" {
		query.Set("continuation-token", after)
	}
	var page objects
	res, err := s.do(ctx, http.MethodGet, "", query, nil, 0, emptySum)
	if err != nil {
		return page, err
	}
	defer res.Body.Close()
	return page, xml.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(&page)
}

// do sends one signed request and returns its answer, whose body the caller closes. An answer that is no success is an error.
func (s *s3) do(ctx context.Context, method, key string, query url.Values, body io.Reader, size int64, sum string) (*http.Response, error) {
	address := s.base + escapePath("/"+s.bucket)
	if key != "" {
		address += escapePath("/" + key)
	}
	if len(query) > 0 {
		address += "?" + escapeQuery(query)
	}
	if size == 0 && body != nil {
		body = http.NoBody // else the length would be taken for unknown
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, err
	}
	req.ContentLength = size
	s.signer.sign(req, sum, time.Now())
	res, err := s.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("the file store cannot be reached: %w", err)
	}
	if res.StatusCode >= 200 && res.StatusCode < 300 {
		return res, nil
	}
	defer res.Body.Close()
	return nil, refusal(res, method, key)
}

// refusal is the error of an answer that is no success. A bucket that is not there is no missing file.
func refusal(res *http.Response, method, key string) error {
	var said struct{ Code, Message string }
	_ = xml.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(&said) // what it says only helps; its status is what counts
	if res.StatusCode == http.StatusNotFound && key != "" && said.Code != "NoSuchBucket" {
		return fmt.Errorf("%w: %s", ErrNone, key)
	}
	return fmt.Errorf("the file store answered %s to %s: %.100q %.300q", res.Status, method, said.Code, said.Message)
}
