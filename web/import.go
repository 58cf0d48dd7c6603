// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// ImportsPage is where a list is sent in, with those that wait to be taken in and those that have been.
type ImportsPage struct {
	Frame
	Summary *Summary
	Kind    string // the register that the person came from, "" where the program is to guess
	For     string // that in words
	Drafts  []DraftRow
	Done    []ImportRow
	All     string // the register of imports
}

// A DraftRow is a list that has been sent in and not taken in.
type DraftRow struct {
	Link
	Kind, Made string
	Drop       string
}

// An ImportRow is a list that has been taken in.
type ImportRow struct {
	Link
	Kind, Source, Day, New, Changed string
	State                           Tag
}

const mostImports = 20

// uploadTime is how long a list may take on the way: the largest, on a slow line.
const uploadTime = 30 * time.Minute

func (s *site) imports(v *visit) error {
	q, err := v.query("kind")
	if err != nil {
		return err
	}
	return v.showImports(http.StatusOK, q["kind"], nil)
}

func (v *visit) showImports(status int, kind string, summary *Summary) error {
	if err := v.mayImport(); err != nil {
		return err
	}
	l := v.lang
	p := &ImportsPage{Summary: summary, Kind: kind}
	p.Title, p.Failed = l.T("web.import"), summary != nil
	if kind != "" {
		if !slices.Contains(v.site.app.ImportKinds(v.who), kind) {
			return isms.ErrNotFound
		}
		p.For = l.T("web.import.for", kindWords(l, kind))
	}
	drafts, err := v.site.app.ImportDrafts(v.r.Context(), v.who)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		p.Drafts = append(p.Drafts, DraftRow{Link{d.Name, importAddress(d.ID)}, kindWords(l, d.Map.Kind), clock(d.Made), importAddress(d.ID) + "/drop"})
	}
	t, err := v.site.app.List(v.r.Context(), v.who, "import", app.Query{Limit: mostImports, Sort: "imported_on", Desc: true})
	if closedTo(err) {
		return v.show(status, "import", p)
	}
	if err != nil {
		return err
	}
	for _, rec := range t.Records {
		p.Done = append(p.Done, importRow(l, rec.(*isms.Import)))
	}
	if t.Total > len(p.Done) {
		p.All = "/r/import?sort=-imported_on"
	}
	return v.show(status, "import", p)
}

func importRow(l locale.Lang, i *isms.Import) ImportRow {
	row := ImportRow{Link: Link{i.Name, importAddress(i.ID)}, Kind: kindWords(l, i.Kind), Source: i.Source, Day: string(i.ImportedOn),
		New: countWords(l, i.Created), Changed: countWords(l, i.Changed), State: Tag{l.T("web.import.stands"), "good"}}
	if i.UndoneOn != "" {
		row.State = Tag{l.T("web.import.undone", string(i.UndoneOn)), "none"}
	}
	return row
}

func countWords(l locale.Lang, c register.Count) string {
	if n, known := c.Known(); known {
		return l.Number(n)
	}
	return ""
}

// mayImport is the refusal of those who may take in no lists.
func (v *visit) mayImport() error {
	if v.site.app.MayImport(v.who) {
		return nil
	}
	if sees, _ := v.site.app.Sees(v.who); sees["import"] {
		return isms.ErrForbidden
	}
	return isms.ErrNotFound
}

// importAddress is the page of an import, from the moment that its list has been sent in.
func importAddress(id string) string { return "/import/" + id }

// setPrefix begins the kind of a list that is kept as a set of rows.
const setPrefix = "population:"

// kindWords is what the rows of a list of the kind become.
func kindWords(l locale.Lang, kind string) string {
	if set, ok := strings.CutPrefix(kind, setPrefix); ok {
		f, _ := register.Of[isms.Population]().Field("kind")
		if !slices.Contains(f.Choices, set) {
			return l.T("unknown")
		}
		return l.T("web.import.set", l.T(f.ChoiceKey(set)))
	}
	if _, ok := isms.Register(kind); !ok {
		return l.T("unknown")
	}
	return l.T("register." + kind)
}

// startImport takes a file, and goes on to what it is.
func (s *site) startImport(v *visit) error {
	if err := v.mayImport(); err != nil { // before anything is read
		return err
	}
	u, err := v.upload(app.MaxUpload, uploadTime, "kind")
	kind := ""
	if u != nil {
		kind = u.form["kind"]
	}
	var d app.ImportDraft
	if err == nil {
		if u.file == nil {
			err = register.Wrongs{{Field: "file", Code: "file_none"}}
		} else {
			defer u.file.Close()
			d, err = s.app.Upload(v.r.Context(), v.who, u.name, u.file)
		}
	}
	if sum := importSummary(v.lang, err, nil); sum != nil {
		return v.showImports(http.StatusUnprocessableEntity, kind, sum)
	}
	if err != nil {
		return err
	}
	if err := v.beginMap(d, kind); err != nil {
		return err
	}
	return v.goTo(importAddress(d.ID) + "/list")
}

// beginMap gives a new draft the register that the person came from, and the list a name, where the program has not guessed them.
func (v *visit) beginMap(d app.ImportDraft, kind string) error {
	m := d.Map
	if kind != "" && m.Kind != kind && slices.Contains(v.site.app.ImportKinds(v.who), kind) {
		other, err := v.site.app.GuessImportAt(v.r.Context(), v.who, d.ID, kind, "", m.Sheet, -1)
		if err != nil {
			return nil // the page that follows says what is wrong with the file
		}
		m = other
	}
	if m.Source == "" {
		name := strings.TrimSuffix(d.Name, filepath.Ext(d.Name))
		m.Source = string([]rune(name)[:min(120, len([]rune(name)))])
	}
	err := v.site.app.SetImportMap(v.r.Context(), v.who, d.ID, m)
	if errors.As(err, new(register.Wrongs)) {
		return nil // as it was guessed; the next page asks what is missing
	}
	return err
}

// importSummary says what is wrong with a file or a map, with links to the fields, nil where the error is another. Fields leads from
// the key of the map to a field's place on the page.
func importSummary(l locale.Lang, err error, fields map[string]string) *Summary {
	var wrong register.Wrongs
	var file *app.FileError
	if errors.As(err, &file) {
		wrong = register.Wrongs{{Field: "file", Code: file.Code, Args: file.Args}}
	} else if !errors.As(err, &wrong) {
		return nil
	}
	sum := &Summary{Heading: l.T("web.import.problem")}
	for _, w := range wrong {
		link := Link{Text: l.T("wrong."+w.Code, w.Args...)}
		if w.Field == "file" {
			link.URL = "#f-file"
		}
		if id, ok := fields[w.Field]; ok {
			link = Link{l.T("web.import.field."+w.Field) + ": " + link.Text, "#f-" + id}
		}
		sum.Items = append(sum.Items, link)
	}
	return sum
}

func (s *site) dropImport(v *visit) error {
	if _, err := v.formOf(); err != nil {
		return err
	}
	return v.afterAct(s.app.DropImport(v.r.Context(), v.who, v.r.PathValue("id")), "/import")
}

// importSteps are the steps from a file to records, in their order; a set of rows has no values to answer for.
var importSteps = []string{"list", "columns", "answers", "preview", "done"}

// dress gives a page of a draft its title, its way here and where on the way it is.
func (f *Frame) dress(l locale.Lang, d app.ImportDraft, step string) []Step {
	f.Title = l.T("web.import.step." + step + ".title")
	f.Place = d.Name
	f.Crumbs = []Link{{l.T("web.import"), "/import"}}
	var steps []Step
	past := true
	for _, name := range importSteps {
		if name == "answers" && d.Map.IsSet() {
			continue
		}
		past = past && name != step
		steps = append(steps, Step{l.T("web.import.step." + name), past, name == step})
	}
	return steps
}
