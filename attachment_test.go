// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ledsyn/app"
	"ledsyn/files"
	"ledsyn/locale"
	"ledsyn/web"
)

// attachStage is a stage with a server of its own, so that what a browser and a server do with large bodies is as it will be, and
// the folder where its files are kept.
func attachStage(t *testing.T) (*stage, *http.Client, string, string) {
	t.Helper()
	s := newStage(t, true)
	dir := t.TempDir()
	s.app.Files = files.Dir(dir)
	listener := httptest.NewUnstartedServer(s.pages)
	listener.Config = web.Server(s.pages)
	listener.Start()
	t.Cleanup(listener.Close)
	client := listener.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return s, client, listener.URL, dir
}

// stepIn returns the cookies of the person.
func stepIn(t *testing.T, c *http.Client, base, person string) []*http.Cookie {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "POST", base+"/demo/step", strings.NewReader(url.Values{"person": {stageOrg + "/" + person}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", base)
	answer, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.Cookies()
}

// sendFile sends a file to sys-a as a browser does and returns the status and the page.
func sendFile(t *testing.T, c *http.Client, base string, cookies []*http.Cookie, head map[string]string, name string, body io.Reader) (int, string) {
	t.Helper()
	pr, pw := io.Pipe()
	form := multipart.NewWriter(pw)
	go func() {
		err := form.WriteField("_key", t.Name())
		h := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="` + name + `"`}, "Content-Type": {"application/octet-stream"}}
		part, partErr := form.CreatePart(h)
		if partErr == nil {
			_, partErr = io.Copy(part, body)
		}
		pw.CloseWithError(errors.Join(err, partErr, form.Close()))
	}()
	r, err := http.NewRequestWithContext(t.Context(), "POST", base+"/r/system/sys-a/files", pr)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Origin", base)
	for name, value := range head {
		r.Header.Set(name, value)
	}
	for _, cookie := range cookies {
		r.AddCookie(cookie)
	}
	answer, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(page)
}

func kept(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// zeros is a PDF that is as large as it is told, without being in memory.
func zeros(size int64) io.Reader {
	const begin, end = "%PDF-1.7\n", "\n%%EOF\n"
	return io.MultiReader(strings.NewReader(begin), io.LimitReader(zeroReader{}, size-int64(len(begin)+len(end))), strings.NewReader(end))
}

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestUploads(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // where what is left behind would be
	s, client, base, dir := attachStage(t)
	me := stepIn(t, client, base, "samordnare")
	const mega = 1 << 20
	for _, c := range []struct {
		what, name string
		body       io.Reader
		head       map[string]string
		status     int
		says       string
		kept       int
	}{
		{"no file chosen", "", strings.NewReader(""), nil, 422, locale.Swedish.T("wrong.file_none"), 0},
		{"an empty file", "a.txt", strings.NewReader(""), nil, 422, locale.Swedish.T("wrong.file_empty"), 0},
		{"one byte too many", "a.pdf", zeros(25*mega + 1), nil, 422, locale.Swedish.T("wrong.file_large", 25), 0},
		{"26 MB", "a.pdf", zeros(26 * mega), nil, 422, locale.Swedish.T("wrong.file_large", 25), 0},
		{"another site", "a.txt", strings.NewReader("a"), map[string]string{"Origin": "https://elsewhere.example"}, 403, "", 0},
		{"a form that is none", "a.txt", strings.NewReader("a"), map[string]string{"Content-Type": "multipart/form-data"}, 400, "", 0},
		{"text that is said to be a form", "a.txt", strings.NewReader("a"), map[string]string{"Content-Type": "text/plain"}, 415, "", 0},
		{"25 MB", "a.pdf", zeros(25 * mega), nil, 303, "", 1},
	} {
		status, page := sendFile(t, client, base, me, c.head, c.name, c.body)
		if status != c.status || !strings.Contains(page, c.says) {
			t.Errorf("%s: %d, want %d and %q: %s", c.what, status, c.status, c.says, plainText(page))
		}
		if n := kept(t, dir); n != c.kept {
			t.Errorf("%s: %d files are kept, want %d", c.what, n, c.kept)
		}
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}

	// A file that was changed where it is kept is not given out as if it were the one that was added.
	who, err := s.app.Actor(t.Context(), stageOrg, "samordnare")
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.app.Attachments(t.Context(), who, "system", "sys-a")
	if err != nil || len(list.Files) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	at := list.Files[0]
	get := func() (int, int64, error) {
		r, _ := http.NewRequestWithContext(t.Context(), "GET", base+"/files/"+at.ID, nil)
		for _, cookie := range me {
			r.AddCookie(cookie)
		}
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		n, err := io.Copy(io.Discard, answer.Body)
		return answer.StatusCode, n, err
	}
	if status, n, err := get(); status != 200 || n != 25*mega || err != nil {
		t.Errorf("as it was added: %d, %d bytes, %v", status, n, err)
	}
	path := filepath.Join(dir, at.SHA256[:2], at.SHA256)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Replace(text, []byte{0}, []byte{1}, 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, n, err := get(); n == 25*mega || err == nil {
		t.Errorf("changed: %d bytes, %v", n, err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := get(); status != http.StatusServiceUnavailable {
		t.Errorf("gone: %d", status)
	}
}

// TestFileStoreDown holds that a store that cannot be reached, or refuses, is told in words, and that nothing is half written.
func TestFileStoreDown(t *testing.T) {
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusInsufficientStorage)
		fmt.Fprint(w, "<Error><Code>XFull</Code><Message>the disk is full</Message></Error>")
	}))
	t.Cleanup(refusing.Close)
	for what, address := range map[string]string{
		"nobody listens": "http://key:hush@127.0.0.1:1/bucket",
		"it refuses":     "http://key:hush@" + strings.TrimPrefix(refusing.URL, "http://") + "/bucket",
	} {
		t.Run(what, func(t *testing.T) {
			s, client, base, _ := attachStage(t)
			kept, err := files.Open(address)
			if err != nil {
				t.Fatal(err)
			}
			s.app.Files = kept
			me := stepIn(t, client, base, "samordnare")
			status, page := sendFile(t, client, base, me, nil, "a.pdf", zeros(1000))
			if status != http.StatusServiceUnavailable || !strings.Contains(page, locale.Swedish.T("web.error.files")) || strings.Contains(page, "hush") {
				t.Errorf("%d: %s", status, plainText(page))
			}
			who, err := s.app.Actor(t.Context(), stageOrg, "samordnare")
			if err != nil {
				t.Fatal(err)
			}
			if list, err := s.app.Attachments(t.Context(), who, "system", "sys-a"); err != nil || len(list.Files) != 0 {
				t.Errorf("the record has %+v, %v", list.Files, err)
			}
			if _, err := s.app.SweepFiles(t.Context()); err == nil || strings.Contains(err.Error(), "hush") {
				t.Errorf("the sweep says %v", err)
			}
			if _, err := s.app.VerifyFiles(t.Context(), app.Actor{}); err == nil {
				t.Error("nobody may verify")
			}
		})
	}
}
