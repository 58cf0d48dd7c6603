// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ledsyn/app"
	"ledsyn/register"
)

// ImportListPage asks what a list is: which sheet, which row its headings are in, what its rows become, for which unit, and what the list
// is called.
type ImportListPage struct {
	Frame
	Steps   []Step
	Summary *Summary
	Self    string
	Again   string // that it is read as a list before it
	Sheets  []Option
	Shown   string
	Head    []HeadRow // the first rows as they stand
	Widest  int
	Headers []Option
	What    []OptionGroup
	Units   []Option
	Source  string
	Totals  bool
}

// A HeadRow is one of a sheet's first rows.
type HeadRow struct {
	Number int
	Cells  []string
}

// How much of a sheet is shown.
const (
	mostHeadRows = 12
	mostHeadCols = 12
	mostHeadText = 40
)

func (s *site) importList(v *visit) error {
	q, err := v.query("sheet")
	if err != nil {
		return err
	}
	return v.showImportList(http.StatusOK, q["sheet"], nil, nil)
}

// draftOf is the draft that the address names. One that is under way or done has a page of its own.
func (v *visit) draftOf() (app.ImportDraft, error) {
	return v.site.app.ImportDraft(v.r.Context(), v.who, v.r.PathValue("id"))
}

// showImportList shows the page with what was sent in place of what the draft says.
func (v *visit) showImportList(status int, sheet string, sent map[string]string, summary *Summary) error {
	d, err := v.draftOf()
	if err != nil {
		return err
	}
	l := v.lang
	p := &ImportListPage{Self: importAddress(d.ID) + "/list", Summary: summary}
	p.Steps, p.Failed = p.dress(l, d, "list"), summary != nil
	m := d.Map
	if sheet == "" {
		sheet = m.Sheet
	}
	rows, guessed, err := v.site.app.ImportHead(v.r.Context(), v.who, d.ID, sheet, mostHeadRows)
	if sum := importSummary(l, err, nil); sum != nil {
		p.Summary, p.Failed, status = sum, true, http.StatusUnprocessableEntity
	} else if err != nil {
		return err
	}
	header := m.Header
	if sheet != m.Sheet && !(m.Sheet == "" && len(d.Sheets) > 0 && sheet == d.Sheets[0]) {
		header = guessed
	}
	if n, err := strconv.Atoi(sent["heading"]); err == nil {
		header = n
	}
	p.head(v, rows, header)
	for _, name := range d.Sheets {
		p.Sheets = append(p.Sheets, Option{name, name, name == sheet})
	}
	p.Shown = sheet
	what := whatOf(m)
	p.Source, p.Totals = m.Source, m.Totals
	unit := m.Unit
	if sent != nil {
		what, p.Source, p.Totals, unit = sent["what"], sent["source"], sent["totals"] != "", sent["unit"]
	}
	p.whats(v, what)
	if d.Again != "" {
		p.Again = l.T("web.import.again")
	}
	if err := p.units(v, unit); err != nil {
		return err
	}
	return v.show(status, "import-list", p)
}

func (p *ImportListPage) head(v *visit, rows [][]string, header int) {
	l := v.lang
	p.Headers = append(p.Headers, Option{"0", l.T("web.import.no_header"), header == 0})
	for i, row := range rows {
		one := HeadRow{Number: i + 1}
		for _, cell := range row[:min(len(row), mostHeadCols)] {
			one.Cells = append(one.Cells, shortText(cell, mostHeadText))
		}
		p.Widest = max(p.Widest, len(one.Cells))
		p.Head = append(p.Head, one)
		text := strings.Join(slices.DeleteFunc(slices.Clone(row), func(s string) bool { return s == "" }), " · ")
		p.Headers = append(p.Headers, Option{strconv.Itoa(i + 1), l.T("web.import.row", i+1, shortText(text, 70)), header == i+1})
	}
	if header > len(rows) {
		p.Headers = append(p.Headers, Option{strconv.Itoa(header), l.T("web.import.row", header, "…"), true})
	}
	for i := range p.Head {
		for len(p.Head[i].Cells) < p.Widest {
			p.Head[i].Cells = append(p.Head[i].Cells, "")
		}
	}
}

func shortText(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// What a list is: a preset or a kind, with these before its name.
const (
	asPreset = "preset:"
	asKind   = "kind:"
)

func whatOf(m app.ImportMap) string {
	if m.Preset != "" {
		return asPreset + m.Preset
	}
	if m.Kind != "" {
		return asKind + m.Kind
	}
	return ""
}

// whats are what a list can be: a shape that the program knows, any register that the person may write to, or a set of rows.
func (p *ImportListPage) whats(v *visit, chosen string) {
	l := v.lang
	kinds := v.site.app.ImportKinds(v.who)
	known := OptionGroup{Text: l.T("web.import.known")}
	for _, preset := range app.ImportPresets() {
		if slices.Contains(kinds, preset.Kind) {
			known.Options = append(known.Options, Option{asPreset + preset.Name, l.T("preset." + preset.Name), chosen == asPreset+preset.Name})
		}
	}
	registers, sets := OptionGroup{Text: l.T("web.import.registers")}, OptionGroup{Text: l.T("web.import.sets")}
	for _, kind := range kinds {
		g := &registers
		if strings.HasPrefix(kind, setPrefix) {
			g = &sets
		}
		g.Options = append(g.Options, Option{asKind + kind, kindWords(l, kind), chosen == asKind+kind})
	}
	slices.SortStableFunc(registers.Options, func(a, b Option) int { return strings.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text)) })
	for _, g := range []OptionGroup{known, registers, sets} {
		if len(g.Options) > 0 {
			p.What = append(p.What, g)
		}
	}
}

func (p *ImportListPage) units(v *visit, chosen string) error {
	units, err := v.units()
	if err != nil {
		return err
	}
	may := v.site.app.ImportUnits(v.who)
	if chosen == "" {
		chosen = v.home(units)
	}
	for _, u := range units {
		if may.Has(u.Value) {
			p.Units = append(p.Units, Option{u.Value, u.Text, u.Value == chosen})
		}
	}
	return nil
}

// listFields are where the keys of the map are on the page.
var listFields = map[string]string{"sheet": "sheet", "header": "header", "kind": "what", "preset": "what", "unit": "unit", "source": "source"}

func (s *site) saveImportList(v *visit) error {
	form, err := v.formOf("sheet", "shown", "heading", "what", "unit", "source", "totals", "do")
	if err != nil {
		return err
	}
	d, err := v.draftOf()
	if err != nil {
		return err
	}
	if form["do"] == "show" || form["shown"] != form["sheet"] && form["sheet"] != "" && form["shown"] != "" {
		return v.showImportList(http.StatusOK, form["sheet"], without(form, "heading"), nil)
	}
	m, err := v.mapFor(d, form)
	if err == nil {
		m.Unit, m.Source, m.Totals = form["unit"], form["source"], form["totals"] != ""
		if err = v.mapUnit(m.Unit); err == nil {
			err = s.app.SetImportMap(v.r.Context(), v.who, d.ID, m)
		}
	}
	if sum := importSummary(v.lang, err, listFields); sum != nil {
		return v.showImportList(http.StatusUnprocessableEntity, form["sheet"], form, sum)
	}
	if err != nil {
		return err
	}
	return v.goTo(importAddress(d.ID) + "/columns")
}

func without(form map[string]string, name string) map[string]string {
	delete(form, name)
	return form
}

// mapUnit reports that no unit is chosen, or one that the person may take no lists in for.
func (v *visit) mapUnit(unit string) error {
	if unit == "" || !v.site.app.ImportUnits(v.who).Has(unit) {
		return register.Wrongs{{Field: "unit", Code: "required"}}
	}
	return nil
}

// mapFor is the draft's map for what the form says the list is: as it was where that is the same, else guessed anew.
func (v *visit) mapFor(d app.ImportDraft, form map[string]string) (app.ImportMap, error) {
	header, err := number(form["heading"])
	if err != nil {
		return app.ImportMap{}, register.Wrongs{{Field: "header", Code: "required"}}
	}
	sheet := form["sheet"]
	if sheet == "" {
		sheet = d.Map.Sheet
	}
	if form["what"] == whatOf(d.Map) && header == d.Map.Header && (sheet == d.Map.Sheet || d.Map.Sheet == "" && sheet == d.Sheets[0]) {
		return d.Map, nil
	}
	kind, isKind := strings.CutPrefix(form["what"], asKind)
	preset, isPreset := strings.CutPrefix(form["what"], asPreset)
	switch {
	case isPreset:
		i := slices.IndexFunc(app.ImportPresets(), func(p app.ImportPreset) bool { return p.Name == preset })
		if i < 0 {
			return app.ImportMap{}, register.Wrongs{{Field: "preset", Code: "map_preset", Args: []any{preset}}}
		}
		kind = app.ImportPresets()[i].Kind
	case isKind:
		preset = ""
	default:
		return app.ImportMap{}, register.Wrongs{{Field: "kind", Code: "required"}}
	}
	if !slices.Contains(v.site.app.ImportKinds(v.who), kind) {
		return app.ImportMap{}, register.Wrongs{{Field: "kind", Code: "map_kind", Args: []any{kind}}}
	}
	return v.site.app.GuessImportAt(v.r.Context(), v.who, d.ID, kind, preset, sheet, header)
}
