// SPDX-License-Identifier: EUPL-1.2

package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestSign holds the signature to two examples that Amazon publishes for those who write it themselves.
func TestSign(t *testing.T) {
	s := signer{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1"}
	at := time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)
	for query, want := range map[string]string{
		"lifecycle":           "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
		"prefix=J&max-keys=2": "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequestWithContext(t.Context(), "GET", "https://examplebucket.s3.amazonaws.com/?"+escapeQuery(values), nil)
		s.sign(r, emptySum, at)
		if got := r.Header.Get("Authorization"); !strings.HasSuffix(got, "Signature="+want) {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

// realStore is the S3 store that the tests run against, or the test is over.
func realStore(t *testing.T) string {
	t.Helper()
	address := os.Getenv("LEDSYN_TEST_S3")
	if address == "" {
		t.Skip("LEDSYN_TEST_S3 names no store")
	}
	return address
}

// TestSignatureIsChecked holds that the store of the tests is one that says no, so that what it says yes to means something.
func TestSignatureIsChecked(t *testing.T) {
	address := realStore(t)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(u.User.Username(), "another secret")
	_, _, err = own(t, u.String()).Put(t.Context(), strings.NewReader("a"), mega)
	if err == nil || !strings.Contains(err.Error(), "SignatureDoesNotMatch") {
		t.Errorf("another secret: %v", err)
	}
	s, ok := own(t, address).(*s3)
	if !ok {
		t.Fatal("not an S3 store")
	}
	_, err = s.do(t.Context(), http.MethodPut, "changed", nil, strings.NewReader("b"), 1, sum([]byte("a")))
	if err == nil {
		t.Error("bytes that were changed on the way were kept")
	}
	u.Path, u.User = "/no-such-bucket", url.UserPassword(s.signer.key, s.signer.secret)
	if _, _, err = own(t, u.String()).Open(t.Context(), sum(nil)); err == nil || errors.Is(err, ErrNone) {
		t.Errorf("a bucket that is not there is taken for a file that is not there: %v", err)
	}
}

// TestSweepReadsEveryPage holds that a list of more than the thousand objects that an answer holds is read to its end.
func TestSweepReadsEveryPage(t *testing.T) {
	s := own(t, realStore(t))
	const n = 1010
	var all sync.WaitGroup
	for i := range 10 {
		all.Go(func() {
			for j := i; j < n; j += 10 {
				if _, _, err := s.Put(t.Context(), strings.NewReader(fmt.Sprint(j)), mega); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if got := count(t, s); got != n {
		t.Errorf("%d files are listed, want %d", got, n)
	}
}

// answering is an S3 store of which each answer is written by the test.
func answering(t *testing.T, answer http.HandlerFunc) Store {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	s, err := Open("http://key:hush@" + strings.TrimPrefix(server.URL, "http://") + "/bucket")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestBadAnswers(t *testing.T) {
	name := sum([]byte("right"))
	read := func(s Store) error {
		r, _, err := s.Open(t.Context(), name)
		if err != nil {
			return err
		}
		defer r.Close()
		_, err = io.ReadAll(r)
		return err
	}
	for what, c := range map[string]struct {
		answer http.HandlerFunc
		want   error // nil: any
	}{
		"another file": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "wrong") }, ErrChanged},
		"no file":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, ErrNone},
		"no bucket": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(404)
			fmt.Fprint(w, "<Error><Code>NoSuchBucket</Code></Error>")
		}, nil},
		"another way": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusTemporaryRedirect)
		}, nil},
		"a fault": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(500)
			w.Write(bytes.Repeat([]byte("<"), 9<<20))
		}, nil},
		"half a file": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5")
			fmt.Fprint(w, "rig")
		}, io.ErrUnexpectedEOF},
		"more than the file": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "right or wrong") }, ErrChanged},
	} {
		err := read(answering(t, c.answer))
		if err == nil || c.want != nil && !errors.Is(err, c.want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
		if c.want == nil && errors.Is(err, ErrNone) {
			t.Errorf("%s is taken for a file that is not there", what)
		}
	}
}
