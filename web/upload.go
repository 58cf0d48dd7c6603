// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"mime"
	"mime/multipart"
	"net/http"
	"time"

	"ledsyn/register"
)

// An upload is a form with one file in it.
type upload struct {
	form map[string]string
	name string         // as the sender calls the file; never to be trusted
	file multipart.File // nil where no file was chosen
	size int64          // in bytes
}

const (
	// inMemory is how much of a form with a file is held in memory, in bytes; the rest waits in a file of its own, which is removed with
	// the answer.
	inMemory = 1 << 20

	// overFile is how much too large a file may be and still be read to its end, in bytes.
	overFile = 64 << 20

	// aroundFile is what a form may hold beside its file, in bytes.
	aroundFile = 64 << 10
)

// upload reads a form that holds the named fields and a file of at most so many bytes, which may take so long to arrive. What is
// a little too large is read to its end all the same, so that the browser listens to the answer. What waits on the disk is removed
// with the request; until then the file may be read.
func (v *visit) upload(most int64, within time.Duration, names ...string) (*upload, error) {
	u := &upload{}
	kind, _, err := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return u, errMediaType
	}
	v.takeTime(within)
	v.r.Body = http.MaxBytesReader(v.w, v.body, most+min(most, overFile)+aroundFile)
	if err := v.r.ParseMultipartForm(inMemory); err != nil {
		if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
			return u, tooLarge(most)
		}
		return u, errForm
	}
	sent := v.r.MultipartForm
	delete(sent.Value, "file") // what a browser sends where no file was chosen
	if u.form, err = single(sent.Value, names, errForm); err != nil {
		return u, err
	}
	for name, list := range sent.File {
		if name != "file" || len(list) != 1 {
			return u, errForm
		}
		if list[0].Size > most {
			return u, tooLarge(most)
		}
		u.name, u.size = list[0].Filename, list[0].Size
		if u.file, err = list[0].Open(); err != nil {
			return u, err
		}
	}
	return u, nil
}

// removeUpload removes what waited in a file of its own, at the end of every request. The server does so only for the request that it
// made itself, and the pages' is a copy of it.
func (v *visit) removeUpload() {
	if v.r.MultipartForm == nil {
		return
	}
	if err := v.r.MultipartForm.RemoveAll(); err != nil {
		v.site.log.Error("what was sent could not be removed", "request", v.id, "error", err)
	}
}

func tooLarge(most int64) error {
	return register.Wrongs{{Field: "file", Code: "file_large", Args: []any{int(most >> 20)}}}
}

// takeTime lets a request and its answer take longer than others do. A writer that has no such limits needs no more time.
func (v *visit) takeTime(within time.Duration) {
	c := http.NewResponseController(v.w)
	_ = c.SetReadDeadline(time.Now().Add(within))
	_ = c.SetWriteDeadline(time.Now().Add(within + time.Minute))
}
