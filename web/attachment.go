// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// FilesPart is the files of a record, on its page.
type FilesPart struct {
	Rows    []FileRow
	Removed []FileRow
	Secret  bool   // some, or all, are not shown to the person
	Add     string // the address to send another to, "" for those who may not
	Key     string
	Accept  string // the endings that the browser offers
	Note    string // as it was written, when the file was refused
	Wrong   string // why
}

// A FileRow is one file.
type FileRow struct {
	Link
	Note, Type, Size, Added, By, Gone string
	Remove, Named                     string // the address to take it away at, and the button's whole words
	Rev                               int
	Key                               string
}

// fileTime is how long a file may take on the way: the largest, on a slow line.
const fileTime = 10 * time.Minute

// filesOf is the files of the record, with why one was refused, if one just was. Files have no files.
func (v *visit) filesOf(kind, id string, wrong register.Wrongs, note string) (*FilesPart, error) {
	list, err := v.site.app.Attachments(v.r.Context(), v.who, kind, id)
	if errors.Is(err, isms.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	p := &FilesPart{Secret: list.Secret, Note: note, Key: register.NewID(), Accept: strings.Join(app.Extensions(), ",")}
	here := address(kind, id) + "/files"
	for _, at := range list.Files {
		row := v.fileRow(at, list.Titles)
		if list.MayAdd {
			row.Remove, row.Key = here+"/"+at.ID+"/remove", register.NewID()
			row.Named = v.lang.T("web.files.remove.named", at.Name)
		}
		p.Rows = append(p.Rows, row)
	}
	for _, at := range list.Removed {
		p.Removed = append(p.Removed, v.fileRow(at, list.Titles))
	}
	if list.MayAdd {
		p.Add = here
	}
	if len(wrong) > 0 {
		p.Wrong = v.lang.T("wrong."+wrong[0].Code, wrong[0].Args...)
	}
	return p, nil
}

func (v *visit) fileRow(at isms.Attachment, titles app.Titles) FileRow {
	l := v.lang
	row := FileRow{Link: Link{at.Name, "/files/" + at.ID}, Note: at.Note, Type: typeWords(l, at.Type), Added: l.Day(string(at.AddedOn)),
		By: titles.Of("person", string(at.AddedBy)), Rev: at.Rev}
	if n, ok := at.Size.Known(); ok {
		row.Size = sizeWords(l, n)
	}
	if at.Retired != "" {
		row.Gone = l.Day(string(at.Retired))
	}
	return row
}

// typeWords is what people call the media type, or the type itself where there is no word for it.
func typeWords(l locale.Lang, media string) string {
	if ending := app.ExtensionOf(media); ending != "" {
		return l.T("web.files.kind" + ending)
	}
	return media
}

// sizeWords is a number of bytes as people read it.
func sizeWords(l locale.Lang, n int) string {
	switch {
	case n < 1000:
		return l.T("web.files.bytes", n)
	case n < 10_000_000:
		return l.T("web.files.kilobytes", (n+500)/1000)
	}
	return l.T("web.files.megabytes", (n+500_000)/1_000_000)
}

// attach adds a file to a record. A file that is refused leaves the record's page as it was, with the reason beside the form.
func (s *site) attach(v *visit) error {
	kind, id := v.r.PathValue("kind"), v.r.PathValue("id")
	may, err := s.app.Attachments(v.r.Context(), v.who, kind, id)
	if err == nil && !may.MayAdd {
		err = isms.ErrForbidden // before anything is read
	}
	if err != nil {
		return err
	}
	u, err := v.upload(app.MaxAttachment, fileTime, "_key", "note")
	switch {
	case err != nil:
	case u.file == nil:
		err = register.Wrongs{{Field: "file", Code: "file_none"}}
	default:
		defer u.file.Close()
		n := app.NewAttachment{Kind: kind, ID: id, Name: u.name, Note: u.form["note"], Key: u.form["_key"]}
		_, err = s.app.Attach(v.r.Context(), v.who, n, u.file, u.size)
	}
	if wrong := (register.Wrongs)(nil); errors.As(err, &wrong) {
		return v.showRecord(http.StatusUnprocessableEntity, wrong, u.form["note"])
	}
	return v.afterAct(err, filesAddress(kind, id))
}

// filesAddress is where a record's files are shown: on the page where it is worked with, if they are there.
func filesAddress(kind, id string) string {
	if kind == "incident" {
		return incidentAddress(id) + "#files"
	}
	return address(kind, id) + "#files"
}

func (s *site) removeFile(v *visit) error {
	form, err := v.formOf("_rev", "_key")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	err = s.app.RemoveAttachment(v.r.Context(), v.who, v.r.PathValue("file"), rev, form["_key"])
	return v.afterAct(err, filesAddress(v.r.PathValue("kind"), v.r.PathValue("id")))
}

// download sends a file to keep, never to look at in the browser: what is in it is somebody else's.
func (s *site) download(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	at, r, err := s.app.OpenAttachment(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	defer r.Close()
	v.takeTime(fileTime)
	body := bufio.NewReaderSize(r, 64<<10)
	if _, err := body.Peek(1); err != nil { // what is changed and small is found before the answer begins
		return fmt.Errorf("%w: %w", app.ErrFiles, err)
	}
	size, _ := at.Size.Known()
	h := v.w.Header()
	h.Set("Content-Type", at.Type)
	h.Set("Content-Length", strconv.Itoa(size))
	h.Set("Content-Disposition", disposition(at.Name))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	v.status = http.StatusOK
	_, err = io.Copy(v.w, body) // one that fails leaves fewer bytes than were promised, and the browser says so
	return err
}

// disposition tells the browser to keep the file, under a name that may hold any letter (RFC 6266, RFC 8187).
func disposition(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	return `attachment; filename="` + plain + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}
