// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"io"
	"net/http"
	"strconv"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/report"
)

// FrozenPage is a decided review as it was decided, and what proves that it is that.
type FrozenPage struct {
	Frame
	Decided string
	Facts   []Fact
	Files   []Link
	Differs []Differs
	Parts   []FrozenPart
	Correct string
	Base    string
	Key     string
	Heading string
	DocLang string
}

// A FrozenPart is a section of the document.
type FrozenPart struct {
	Heading string
	Level   int
	Body    docHTML
}

// Differs is a figure that is another today than when the review was decided.
type Differs struct {
	Link
	Frozen, Then, Now string
}

func (s *site) frozen(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	r, err := v.reading()
	if err != nil {
		return err
	}
	if r.Frozen == nil {
		return isms.ErrNotFound
	}
	l := v.lang
	p := &FrozenPage{Base: r.base, Key: register.NewID(), Heading: r.Doc.Front.Title, DocLang: r.Doc.Lang}
	r.dress(v, &p.Frame, l.T("web.frozen"))
	review := r.ReviewPage.Review
	p.Decided = l.T("web.frozen.decided", string(review.DecidedOn), r.Titles.Of("person", string(review.DecidedBy)))
	fact := func(key, text string) {
		p.Facts = append(p.Facts, Fact{l.T("web.frozen." + key), []Value{{Text: text}}})
	}
	fact("sha256", r.Frozen.SHA256)
	fact("seq", strconv.FormatInt(r.Frozen.Seq, 10))
	fact("root", r.Frozen.Root)
	fact("at", clock(register.Moment(r.Frozen.At)))
	if r.May.Correct {
		p.Correct = r.base + "/correct"
	}
	for _, kind := range documentKinds {
		p.Files = append(p.Files, Link{l.T("web.document." + kind.name), r.base + "/document/" + kind.name})
	}
	p.Files = append(p.Files, Link{l.T("web.document.earchive"), r.base + "/document/" + archiveName})
	if err := p.differs(v, r); err != nil {
		return err
	}
	for _, section := range r.Doc.Sections {
		body, err := v.documentPart(r.Doc, r.Unit.ID, section, func(report.Block) bool { return true })
		if err != nil {
			return err
		}
		p.Parts = append(p.Parts, FrozenPart{section.Title(), section.Level, body})
	}
	return v.show(http.StatusOK, "frozen", p)
}

func (p *FrozenPage) differs(v *visit, r *reading) error {
	list, err := v.site.app.Differs(v.r.Context(), v.who, r.ReviewPage.Review.ID)
	if err != nil {
		return err
	}
	today := v.site.app.Today()
	for _, d := range list {
		g := v.gauge(d.Frozen, r.Unit.ID, today)
		p.Differs = append(p.Differs, Differs{Link{g.Name, g.URL}, figureText(v, d.Frozen), figureText(v, d.Then), figureText(v, d.Now)})
	}
	return nil
}

// documentKinds are the forms that a review can be had in.
var documentKinds = []struct {
	name, kind string
	write      func(io.Writer, report.Doc) error
}{
	{"pdf", "application/pdf", report.PDF},
	{"html", "text/html; charset=utf-8", func(w io.Writer, d report.Doc) error { return report.Page(w, d, "") }},
	{"json", "application/json", report.JSON},
	{"txt", "text/plain; charset=utf-8", report.Text},
}

// archiveName is what a decided review is asked for by with all that an e-archive wants.
const archiveName = "earchive"

// document sends the review as a file: the very bytes that were frozen, for a decided one in the language it was decided in.
func (s *site) document(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	for _, kind := range documentKinds {
		if kind.name == v.r.PathValue("file") {
			return s.sendDocument(v, kind.name, kind.kind, kind.write)
		}
	}
	if v.r.PathValue("file") == archiveName {
		return s.sendArchive(v)
	}
	return isms.ErrNotFound
}

func (s *site) sendArchive(v *visit) error {
	var b bytes.Buffer
	id := v.r.PathValue("id")
	if err := s.app.ArchiveReview(v.r.Context(), v.who, id, &b); err != nil {
		return err
	}
	rec, err := s.app.Get(v.r.Context(), v.who, "review", id)
	if err != nil {
		return err
	}
	return v.sendFile("application/zip", "ledningens-genomgang-"+yearText(rec.Entity.(*isms.Review).Year)+"-e-arkiv.zip", b.Bytes())
}

func (s *site) sendDocument(v *visit, name, kind string, write func(io.Writer, report.Doc) error) error {
	r, err := v.reading()
	if err != nil {
		return err
	}
	file := "ledningens-genomgang-" + yearText(r.ReviewPage.Review.Year) + "." + name
	if r.Frozen != nil {
		f, err := s.app.Frozen(v.r.Context(), v.who, r.ReviewPage.Review.ID)
		if err != nil {
			return err
		}
		kept := map[string][]byte{"pdf": f.PDF, "html": f.HTML, "json": f.JSON}[name]
		if len(kept) > 0 && f.Doc.Lang == string(v.lang) {
			return v.sendFile(kind, file, kept)
		}
	}
	var b bytes.Buffer
	if err := write(&b, r.Doc); err != nil {
		return err
	}
	return v.sendFile(kind, file, b.Bytes())
}
