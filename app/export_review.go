// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
	"ledsyn/report"
	"ledsyn/sheet"
	"ledsyn/store"
)

// reviewSchema is the XML schema of the metadata, which goes with it into the archive. doc/e-archive.md tells what each element means.
//
//go:embed export_review.xsd
var reviewSchema []byte

// MetadataNamespace names the form of an archived review's metadata. It changes when the form does.
const MetadataNamespace = "urn:ledsyn:e-archive:1"

type archivedReview struct {
	XMLName      xml.Name        `xml:"urn:ledsyn:e-archive:1 review"`
	ID           string          `xml:"id"`
	Dnr          string          `xml:"dnr,omitempty"`
	Title        string          `xml:"title"`
	Type         string          `xml:"type"`
	Year         int             `xml:"year"`
	Version      int             `xml:"version"`
	Corrects     string          `xml:"corrects,omitempty"`
	Organisation archivedOf      `xml:"organisation"`
	Unit         archivedOf      `xml:"unit"`
	AsOf         string          `xml:"as_of"`
	Decided      archivedAct     `xml:"decided"`
	Secrecy      archivedSecrecy `xml:"secrecy"`
	Language     string          `xml:"language"`
	Journal      archivedJournal `xml:"journal"`
	Files        []archivedFile  `xml:"files>file"`
}

type archivedOf struct {
	ID   string `xml:"id,attr"`
	Code string `xml:"code,attr,omitempty"`
	Name string `xml:",chardata"`
}

type archivedAct struct {
	On   string `xml:"on,attr"`
	By   string `xml:"by,attr"` // the person's id
	Name string `xml:",chardata"`
}

// archivedSecrecy is the marks that stand on the review today. A mark is a warning: each request is judged anew.
type archivedSecrecy struct {
	Marked bool           `xml:"marked,attr"`
	Marks  []archivedMark `xml:"mark"`
}

type archivedMark struct {
	Provision string `xml:"provision,attr"`
	On        string `xml:"on,attr"`
	Authority string `xml:"authority,attr"`
}

type archivedJournal struct {
	Position int64  `xml:"position"`
	Root     string `xml:"root"`
	At       string `xml:"at"`
}

type archivedFile struct {
	Name   string `xml:"name,attr"`
	Format string `xml:"format,attr"`
	Size   int    `xml:"size,attr"`
	SHA256 string `xml:"sha256,attr"`
}

// ArchiveReview writes a decided review as a zip file for an e-archive: the frozen PDF/A, its facts and figures as CSV, metadata as XML
// with its schema, and the SHA-256 of each. The same review gives the same bytes while nobody marks it as secret or renames the unit or who decided. It is for
// those who may see the review, and isms.ErrNotFound where it is not decided. Form: doc/e-archive.md.
func (a *App) ArchiveReview(ctx context.Context, who access.Actor, id string, w io.Writer) error {
	f, err := a.Frozen(ctx, who, id)
	if err != nil {
		return err
	}
	m := archivedReview{ID: f.Review.ID, Dnr: f.Review.Dnr, Title: f.Doc.Front.Title, Type: "management_review", Year: f.Review.Year, Version: f.Review.Version,
		Corrects: string(f.Review.Corrects), AsOf: string(f.Review.AsOf), Language: f.Doc.Lang, Journal: archivedJournal{f.Seq, f.Root, string(f.At)},
		Organisation: archivedOf{ID: who.Org, Name: f.Doc.Front.Organisation}, Unit: archivedOf{ID: f.Review.Unit, Name: f.Doc.Front.Board},
		Decided: archivedAct{On: string(f.Review.DecidedOn), By: string(f.Review.DecidedBy)}}
	err = a.view(ctx, who, func(tx *store.Tx) error { return m.read(tx, a.Today()) })
	if err != nil {
		return err
	}
	files, err := m.files(f)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, file := range files {
		h := &zip.FileHeader{Name: file.name, Method: zip.Deflate, Modified: f.At.Time()}
		h.SetMode(0o644)
		part, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := part.Write(file.body); err != nil {
			return err
		}
	}
	return z.Close()
}

// read adds what is not in the document: the unit's code, who decided, and the marks of secrecy.
func (m *archivedReview) read(tx *store.Tx, today register.Day) error {
	unit, err := store.Get[isms.Unit](tx, everywhere, m.Unit.ID)
	if err != nil {
		return err
	}
	m.Unit.Code = unit.Code
	person, err := store.Get[isms.Person](tx, everywhere, m.Decided.By)
	if err != nil && !errors.Is(err, isms.ErrNotFound) { // erased by law since then
		return err
	}
	m.Decided.Name = person.Name
	marks, err := store.All[isms.SecrecyMark](tx, everywhere)
	for _, mark := range marks {
		if mark.Kind == "review" && mark.Of == m.ID && mark.Field == "" && mark.Holds(today) {
			m.Secrecy.Marked = true
			m.Secrecy.Marks = append(m.Secrecy.Marks, archivedMark{mark.Provision, string(mark.MarkedOn), mark.Authority})
		}
	}
	return err
}

type fileBody struct {
	name, format string
	body         []byte
}

// files are the archive's files in their order: what is archived, what tells of it, and what proves both.
func (m *archivedReview) files(f Frozen) ([]fileBody, error) {
	lang, ok := locale.Parse(f.Doc.Lang)
	if !ok {
		return nil, fmt.Errorf("a review decided in the language %q", f.Doc.Lang)
	}
	facts, err := asCSV(factRows(lang, f.Doc))
	if err != nil {
		return nil, err
	}
	figures, err := asCSV(figureRows(lang, f.Doc))
	if err != nil {
		return nil, err
	}
	files := []fileBody{{"review.pdf", "application/pdf; PDF/A-2a", f.PDF}, {"facts.csv", sheet.ContentType, facts}, {"figures.csv", sheet.ContentType, figures}}
	for _, file := range files {
		m.Files = append(m.Files, archivedFile{file.name, file.format, len(file.body), sha256Hex(file.body)})
	}
	text, err := xml.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, err
	}
	files = append(files, fileBody{name: "metadata.xml", body: []byte(xml.Header + string(text) + "\n")}, fileBody{name: "metadata.xsd", body: reviewSchema})
	var sums strings.Builder
	for _, file := range files {
		fmt.Fprintf(&sums, "%s  %s\n", sha256Hex(file.body), file.name)
	}
	return append(files, fileBody{name: "sha256.txt", body: []byte(sums.String())}), nil
}

func sha256Hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func asCSV(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	err := sheet.Rows(&b, rows)
	return b.Bytes(), err
}

func archiveHead(lang locale.Lang, names ...string) []string {
	var head []string
	for _, name := range names {
		head = append(head, lang.T("earchive."+name))
	}
	return head
}

// factRows are the document's sentences that are made from records, with the figures and records that each rests on.
func factRows(lang locale.Lang, doc report.Doc) [][]string {
	rows := [][]string{archiveHead(lang, "section", "heading", "fact", "text", "known", "figures", "records")}
	for _, s := range doc.Sections {
		var walk func(blocks []report.Block)
		walk = func(blocks []report.Block) {
			for _, b := range blocks {
				if b.Type == report.Fact || b.Type == report.Missing {
					rows = append(rows, []string{s.Number, s.Heading, b.Fact, report.PlainText(b.Text), yesNo(lang, b.Type == report.Fact),
						strings.Join(b.Figures, " "), refText(b.Refs)})
				}
				walk(b.Blocks)
			}
		}
		walk(s.Blocks)
	}
	return rows
}

// figureRows are the document's figures: what is not known is an empty cell, never 0.
func figureRows(lang locale.Lang, doc report.Doc) [][]string {
	rows := [][]string{archiveHead(lang, "figure", "name", "part", "year", "day", "numerator", "denominator", "percent", "known", "recorded", "source")}
	for _, f := range doc.Figures {
		year := ""
		if f.Year != 0 {
			year = strconv.Itoa(f.Year)
		}
		rows = append(rows, []string{report.FigureRef(f), lang.T("figure." + f.Key), f.PartName, year, string(f.Day), f.Numerator.String(), f.Denominator.String(),
			cellText(lang, f.Percent()), yesNo(lang, f.Known), yesNo(lang, f.Recorded), f.Source})
	}
	return rows
}

func yesNo(lang locale.Lang, yes bool) string { return cellText(lang, yes) }

func refText(refs []metric.Ref) string {
	var all []string
	for _, r := range refs {
		all = append(all, r.Kind+":"+r.ID)
	}
	return strings.Join(all, " ")
}
