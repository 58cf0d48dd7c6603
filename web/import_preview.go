// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// ImportPreviewPage shows what an import would do, and is where it is set going.
type ImportPreviewPage struct {
	Frame
	Steps   []Step
	Summary *Summary
	Base    string
	Back    string
	Ready   bool // the list can be read
	Asks    string
	Tabs    []Tab
	Caption string
	Rows    []PlannedRow
	Next    string
	Restart string
	Errors  []Link // the same sheet with what is wrong in a column
	Set     *SetRows
	Idle    bool // nothing would be made, changed or retired
	Wrong   string
	Gone    string
	Fields  []FormField
	Skip    bool // as chosen
	Retire  bool
	Do      string
}

// A Tab leads to some of the rows.
type Tab struct {
	Link
	Count   string
	Current bool
}

// A PlannedRow is what would become of a row.
type PlannedRow struct {
	Number  string
	Act     Tag
	Link    // the record; without an address for a new one
	Changes []Difference
	More    string
	Wrong   []string
}

// SetRows is the first rows of a list that is kept as a set.
type SetRows struct {
	Count string
	Heads []string
	Rows  [][]SetCell
}

// rowActs are what becomes of rows, in the order of the tabs, with the class of each.
var rowActs = []struct{ act, class string }{
	{app.RowNew, "good"}, {app.RowChanged, "info"}, {app.RowUnchanged, "none"}, {app.RowWrong, "bad"}, {app.RowSkipped, "none"}, {app.RowGone, "warn"},
}

func (s *site) importPreview(v *visit) error {
	q, err := v.query("only", "after")
	if err != nil {
		return err
	}
	return v.showImportPreview(http.StatusOK, q, nil, nil)
}

func (v *visit) showImportPreview(status int, q map[string]string, sent map[string]string, failure error) error {
	d, err := v.draftOf()
	if err != nil {
		return err
	}
	l := v.lang
	p := &ImportPreviewPage{Base: importAddress(d.ID), Skip: sent["skip_wrong"] != "", Retire: sent["retire_gone"] != ""}
	p.Steps = p.dress(l, d, "preview")
	p.Back = p.Base + "/answers"
	if d.Map.IsSet() {
		p.Back = p.Base + "/columns"
	}
	ask := app.PreviewQuery{Only: q["only"], Limit: rowsPerPage}
	if q["after"] != "" {
		if ask.After, err = number(q["after"]); err != nil {
			return errQuery
		}
	}
	if ask.Only != "" && !slices.ContainsFunc(rowActs, func(a struct{ act, class string }) bool { return a.act == ask.Only }) {
		return errQuery
	}
	preview, err := v.site.app.PreviewImport(v.r.Context(), v.who, d.ID, ask)
	if sum := importSummary(l, err, nil); sum != nil {
		p.Summary, p.Failed = sum, true
		return v.show(http.StatusUnprocessableEntity, "import-preview", p)
	}
	if err != nil {
		return err
	}
	p.Ready, p.Do = true, l.T("web.import.run")
	if preview.Set != nil {
		p.set(l, preview.Set)
	} else if err := p.rows(v, d, preview, ask); err != nil {
		return err
	}
	if err := p.form(v, d, sent); err != nil {
		return err
	}
	if sum := importSummary(l, failure, runFields); sum != nil {
		p.Summary, p.Failed = sum, true
		p.mark(l, failure)
	}
	return v.show(status, "import-preview", p)
}

func (p *ImportPreviewPage) rows(v *visit, d app.ImportDraft, preview app.Preview, ask app.PreviewQuery) error {
	l := v.lang
	counts := map[string]int{app.RowNew: preview.New, app.RowChanged: preview.Changed, app.RowUnchanged: preview.Unchanged, app.RowWrong: preview.Wrong,
		app.RowSkipped: preview.Skipped, app.RowGone: preview.Gone}
	address := func(values url.Values) string { return p.Base + "/preview" + query(values) }
	all := preview.New + preview.Changed + preview.Unchanged + preview.Wrong + preview.Skipped
	p.Tabs = append(p.Tabs, Tab{Link{l.T("web.import.act.all"), address(nil)}, l.Number(all), ask.Only == ""})
	for _, a := range rowActs {
		if counts[a.act] > 0 || a.act == ask.Only {
			p.Tabs = append(p.Tabs, Tab{Link{l.T("web.import.act." + a.act), address(url.Values{"only": {a.act}})}, l.Number(counts[a.act]), ask.Only == a.act})
		}
	}
	p.Caption = l.T("web.import.rows", preview.Total)
	views, _, err := v.site.app.ImportColumns(v.r.Context(), v.who, d.ID)
	if err != nil {
		return err
	}
	for _, row := range preview.Rows {
		p.Rows = append(p.Rows, plannedRow(l, row, views, preview.Titles))
	}
	narrowed := url.Values{}
	if ask.Only != "" {
		narrowed.Set("only", ask.Only)
	}
	if ask.After > 0 {
		p.Restart = address(narrowed)
	}
	if preview.Next > 0 {
		next := url.Values{"after": {strconv.Itoa(preview.Next)}}
		if ask.Only != "" {
			next.Set("only", ask.Only)
		}
		p.Next = address(next)
	}
	if n := len(preview.Asks); n > 0 {
		p.Asks = l.T("web.import.asks", n)
	}
	if preview.Wrong > 0 {
		p.Wrong = l.T("web.import.skip_wrong", preview.Wrong)
		p.Errors = downloads(l, func(form string) string { return p.Base + "/errors/" + form })
		for i := range p.Errors {
			p.Errors[i].Text = l.T("web.import.errors." + exportForms[i])
		}
	}
	if preview.Gone > 0 {
		p.Gone = l.T("web.import.retire_gone", preview.Gone)
	}
	p.Idle = preview.New+preview.Changed+preview.Gone+preview.Wrong == 0
	return nil
}

func query(values url.Values) string {
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}

// mostChanges is how many fields of a row are shown.
const mostChanges = 8

func plannedRow(l locale.Lang, row app.PreviewRow, views []app.ColumnView, titles app.Titles) PlannedRow {
	one := PlannedRow{Link: Link{Text: cmp.Or(row.Title, l.T("web.import.untitled"))}}
	if row.Number > 0 {
		one.Number = l.Number(row.Number)
	}
	for _, a := range rowActs {
		if a.act == row.Act {
			one.Act = Tag{l.T("web.import.act.one." + a.act), a.class}
		}
	}
	if row.ID != "" {
		one.URL = address(row.Kind, row.ID)
	}
	for i, c := range row.Changes {
		if i == mostChanges {
			one.More = l.T("web.import.more", len(row.Changes)-mostChanges)
			break
		}
		one.Changes = append(one.Changes, importChange(l, row, c, titles))
	}
	for _, w := range row.Wrong {
		text := l.T("wrong."+w.Code, w.Args...)
		if w.Column >= 0 && w.Column < len(views) {
			text = columnName(l, views[w.Column]) + ": " + text
		} else if s, ok := isms.Register(row.Kind); ok {
			if f, ok := s.Field(w.Field); ok {
				text = label(l, s, f) + ": " + text
			}
		}
		one.Wrong = append(one.Wrong, text)
	}
	return one
}

func importChange(l locale.Lang, row app.PreviewRow, c app.ImportChange, titles app.Titles) Difference {
	if c.Field == "unit" {
		return Difference{Label: l.T("web.unit"), Was: titles.Of("unit", c.Was), Is: titles.Of("unit", c.Is)}
	}
	s, _ := isms.Register(c.Kind)
	f, _ := s.Field(c.Field)
	d := Difference{label(l, s, f), read(l, f, c.Was, titles), read(l, f, c.Is, titles), f.Kind == register.Prose}
	if c.Kind != row.Kind {
		d.Label = l.T("register."+c.Kind+".one") + ", " + d.Label
	}
	return d
}

func (p *ImportPreviewPage) set(l locale.Lang, set *app.SetPreview) {
	p.Set = &SetRows{Count: l.T("web.import.set.count", int(set.Rows), len(set.Head)), Heads: columnNames(l, set.Columns)}
	holds := map[string]string{}
	for name, column := range set.Meaning {
		holds[column] = name
	}
	for i, column := range set.Columns {
		if name := holds[column]; name != "" && l.T("meaning."+name) != column {
			p.Set.Heads[i] = l.T("web.population.holds", column, l.T("meaning."+name))
		}
	}
	for _, row := range set.Head {
		p.Set.Rows = append(p.Set.Rows, setCells(row, p.Set.Heads))
	}
	p.Idle = set.Rows == 0
}

// runFields are where what is chosen for the run stands on the page.
var runFields = map[string]string{"list_day": "list_day", "name": "name", "definition": "definition", "system": "system", "day": "list_day"}

// form is what is chosen before the list is taken in.
func (p *ImportPreviewPage) form(v *visit, d app.ImportDraft, sent map[string]string) error {
	l := v.lang
	day := FormField{Name: "list_day", Label: l.T("import.list_day"), Help: l.T("web.import.list_day.help"), Kind: "date", Shape: l.T("web.form.day_shape"), Max: 10, Value: sent["list_day"],
		Optional: l.T("web.form.optional")}
	if !d.Map.IsSet() {
		p.Fields = []FormField{day}
		return nil
	}
	s := register.Of[isms.Population]()
	text := func(name, kind string, value string) FormField {
		f, _ := s.Field(name)
		return FormField{Name: name, Label: label(l, s, f), Help: l.T("population." + name + ".help"), Kind: kind, Width: "w-mid", Value: value, Required: true, Max: max(f.Max, 120)}
	}
	name := d.Map.Source
	definition := ""
	if sent != nil {
		name, definition = sent["name"], sent["definition"]
	}
	day.Optional, day.Required = "", true
	p.Fields = []FormField{text("name", "text", name), day, text("definition", "prose", definition)}
	if d.Map.Kind == setPrefix+string(isms.Entitlements) {
		options, err := v.recordOptions("system")
		if err != nil {
			return err
		}
		f := text("system", "choice", "")
		f.Required, f.None = false, l.T("web.form.none")
		f.Optional = l.T("web.form.optional")
		for _, o := range options {
			o.Value = o.Value[1:]
			o.Chosen = o.Value == sent["system"]
			f.Options = append(f.Options, o)
		}
		p.Fields = append(p.Fields, f)
	}
	return nil
}

// mark puts what is wrong beside the fields.
func (p *ImportPreviewPage) mark(l locale.Lang, failure error) {
	var wrong register.Wrongs
	errors.As(failure, &wrong)
	for _, w := range wrong {
		for i := range p.Fields {
			if p.Fields[i].Name == runFields[w.Field] {
				p.Fields[i].Wrong = l.T("wrong."+w.Code, w.Args...)
			}
		}
	}
}

// runImport sets the list going and goes to the page that tells how it goes.
func (s *site) runImport(v *visit) error {
	form, err := v.formOf("skip_wrong", "retire_gone", "list_day", "name", "definition", "system")
	if err != nil {
		return err
	}
	d, err := v.draftOf()
	if err != nil {
		return err
	}
	run := app.RunImport{SkipWrong: form["skip_wrong"] != "", RetireGone: form["retire_gone"] != "", ListDay: register.Day(form["list_day"]), Name: form["name"],
		Definition: form["definition"], System: form["system"]}
	if !d.Map.IsSet() && !run.SkipWrong { // told here and not by a job that fails
		preview, err := s.app.PreviewImport(v.r.Context(), v.who, d.ID, app.PreviewQuery{Limit: 1})
		if err == nil && preview.Wrong > 0 {
			err = register.Wrongs{{Code: "import_rows_wrong", Args: []any{preview.Wrong}}}
		}
		if err != nil {
			return v.refusedImport(form, err)
		}
	}
	if err := s.app.RunImport(v.r.Context(), v.who, d.ID, run); err != nil {
		return v.refusedImport(form, err)
	}
	return v.goTo(importAddress(d.ID))
}

func (v *visit) refusedImport(form map[string]string, err error) error {
	if importSummary(v.lang, err, nil) == nil {
		return err
	}
	return v.showImportPreview(http.StatusUnprocessableEntity, map[string]string{}, form, err)
}

// importErrors sends the list again with a column that says what is wrong with each row.
func (s *site) importErrors(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	form := v.r.PathValue("form")
	if app.ExportTypes[form] == "" {
		return isms.ErrNotFound
	}
	v.takeTime(longDownload)
	var b bytes.Buffer
	if err := s.app.ImportErrors(v.r.Context(), v.who, v.r.PathValue("id"), form, v.lang, &b); err != nil {
		return err
	}
	return v.sendFile(app.ExportTypes[form], "att-ratta."+form, b.Bytes())
}
