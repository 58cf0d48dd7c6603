// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ledsyn/app"
	"ledsyn/locale"
	"ledsyn/register"
)

// ImportColumnsPage asks what each column of a list becomes.
type ImportColumnsPage struct {
	Frame
	Steps   []Step
	Summary *Summary
	Self    string
	Back    string
	About   string
	Columns []ColumnRow
	Keyed   bool     // columns can be what rows are known by
	KeyHelp string   // by what they are where none is chosen
	Orders  []Option // how days are written, where some column holds days
	Lacking string   // the fields that must be filled in and that no column becomes
	Next    string
}

// A ColumnRow is one column with what stands in it first.
type ColumnRow struct {
	Place   int
	Header  string
	Samples []string
	Groups  []OptionGroup
	Key     bool
	Taken   bool
}

func (s *site) importColumns(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showImportColumns(http.StatusOK, nil)
}

func (v *visit) showImportColumns(status int, summary *Summary) error {
	d, err := v.draftOf()
	if err != nil {
		return err
	}
	l := v.lang
	base := importAddress(d.ID)
	p := &ImportColumnsPage{Self: base + "/columns", Back: base + "/list", Keyed: !d.Map.IsSet(), Summary: summary,
		About: l.T("web.import.step.columns.about", kindWords(l, d.Map.Kind)), Next: l.T("web.import.next")}
	p.Steps, p.Failed = p.dress(l, d, "columns"), summary != nil
	views, targets, err := v.site.app.ImportColumns(v.r.Context(), v.who, d.ID)
	if sum := importSummary(l, err, nil); sum != nil {
		p.Summary, p.Failed = sum, true
		return v.show(http.StatusUnprocessableEntity, "import-columns", p)
	}
	if err != nil {
		return err
	}
	dated := false
	taken := map[string]bool{}
	for _, view := range views {
		row := ColumnRow{Place: view.Place, Header: columnName(l, view), Groups: targetGroups(l, d.Map, targets, view.Column.Field),
			Key: view.Column.Field != "" && slices.Contains(d.Map.Key, view.Column.Field), Taken: view.Column.Field != ""}
		for _, sample := range view.Samples {
			row.Samples = append(row.Samples, shortText(sample, 60))
		}
		taken[view.Column.Field] = true
		i := slices.IndexFunc(targets, func(t app.ImportTarget) bool { return t.Field == view.Column.Field })
		dated = dated || i >= 0 && (targets[i].Kind == register.Date || targets[i].Field == "retired")
		p.Columns = append(p.Columns, row)
	}
	p.lacking(l, d.Map, targets, taken)
	if dated {
		for _, order := range []string{"", "dmy", "mdy", "ymd"} {
			p.Orders = append(p.Orders, Option{order, l.T("web.import.dates." + orderKey(order)), d.Map.Order == order})
		}
	}
	return v.show(status, "import-columns", p)
}

func orderKey(order string) string {
	if order == "" {
		return "unsaid"
	}
	return order
}

// columnName is a column's heading, or where it stands if it has none.
func columnName(l locale.Lang, view app.ColumnView) string {
	if strings.TrimSpace(view.Header) == "" {
		return l.T("web.population.column", view.Place+1)
	}
	return view.Header
}

// targetGroups is what a column can become, a group for each record that a row makes.
func targetGroups(l locale.Lang, m app.ImportMap, targets []app.ImportTarget, chosen string) []OptionGroup {
	first := kindWords(l, m.Kind)
	if !m.IsSet() {
		first = l.T("register." + m.Kind + ".one")
	}
	groups := []OptionGroup{{Text: first}}
	part := ""
	for _, t := range targets {
		if t.Part != part {
			part = t.Part
			groups = append(groups, OptionGroup{Text: targetPart(l, m, t)})
		}
		text := l.T(t.Label)
		if t.Required {
			text = l.T("web.import.required", text)
		}
		g := &groups[len(groups)-1]
		g.Options = append(g.Options, Option{t.Field, text, t.Field == chosen})
	}
	return groups
}

// targetPart names the further record that a row makes, with its number where there are several of its kind.
func targetPart(l locale.Lang, m app.ImportMap, t app.ImportTarget) string {
	same, number := 0, 0
	for _, p := range m.Parts {
		if p.Kind == t.PartKind {
			same++
		}
		if p.Name == t.Part {
			number = same
		}
	}
	name := l.T("register." + t.PartKind + ".one")
	if same > 1 {
		name = l.T("web.import.part", name, number)
	}
	return name
}

// lacking tells which fields must be filled in and are not, so that no new record can be made.
func (p *ImportColumnsPage) lacking(l locale.Lang, m app.ImportMap, targets []app.ImportTarget, taken map[string]bool) {
	var names []string
	for _, t := range targets {
		if t.Required && t.Part == "" && !taken[t.Field] && m.Fixed[t.Field] == "" && !(taken["levels"] && strings.HasSuffix(t.Label, "ity")) {
			names = append(names, l.T(t.Label))
		}
	}
	if len(names) > 0 {
		p.Lacking = l.T("web.import.lacking", l.And(names))
	}
	if !m.IsSet() {
		p.KeyHelp = l.T("web.import.key.help")
	}
}

func (s *site) saveImportColumns(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	d, err := v.draftOf()
	if err != nil {
		return err
	}
	views, _, err := s.app.ImportColumns(v.r.Context(), v.who, d.ID)
	if sum := importSummary(v.lang, err, nil); sum != nil {
		return v.showImportColumns(http.StatusUnprocessableEntity, sum)
	}
	if err != nil {
		return err
	}
	names := []string{"dates", "do"}
	for _, view := range views {
		n := strconv.Itoa(view.Place)
		names = append(names, "c."+n, "k."+n)
	}
	own, err := single(form, names, errForm)
	if err != nil {
		return err
	}
	m := d.Map
	m.Order, m.Key, m.Columns = own["dates"], nil, nil
	for _, view := range views {
		c, n := view.Column, strconv.Itoa(view.Place)
		if field := own["c."+n]; field != c.Field {
			c = app.ImportColumn{Header: view.Header, Field: field} // what its values meant belonged to another field
		}
		if own["k."+n] != "" && c.Field != "" {
			m.Key = append(m.Key, c.Field)
		}
		m.Columns = append(m.Columns, c)
	}
	err = s.app.SetImportMap(v.r.Context(), v.who, d.ID, m)
	if sum := importSummary(v.lang, err, map[string]string{"dates": "dates"}); sum != nil {
		return v.showImportColumns(http.StatusUnprocessableEntity, sum)
	}
	if err != nil {
		return err
	}
	base := importAddress(d.ID)
	switch {
	case own["do"] == "again":
		return v.goTo(base + "/columns")
	case m.IsSet():
		return v.goTo(base + "/preview")
	}
	return v.goTo(base + "/answers")
}
