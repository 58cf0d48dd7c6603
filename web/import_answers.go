// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// ImportAnswersPage asks what the texts of a list mean: another register's scale, a name that no record has, or that several have.
type ImportAnswersPage struct {
	Frame
	Steps   []Step
	Summary *Summary
	Self    string
	Back    string
	Next    string
	Count   string
	Columns []AnswerColumn
	Told    []ToldColumn // what has been answered, or is known
}

// An AnswerColumn is the questions about one column.
type AnswerColumn struct {
	Place   int
	Header  string
	Becomes string
	None    []Option // what to do with names that no record has, where the column names records
	Several []Option // and with those that several have
	Rows    []AnswerRow
}

// An AnswerRow is one question.
type AnswerRow struct {
	ID      int // its number on the page
	Token   string
	Text    string // as it stands in the list
	Said    string // what is asked
	Options []OptionGroup
	Find    bool // another record can be named
	Written string
	Wrong   string
}

// A ToldColumn is what a column's texts mean already.
type ToldColumn struct {
	Header string
	Rows   []AnswerRow
}

// How many questions stand on one page.
const mostAnswers = 60

func (s *site) importAnswers(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showImportAnswers(http.StatusOK, nil, nil)
}

// showImportAnswers shows the questions. Wrong is by the question's token what is wrong with the answer in sent.
func (v *visit) showImportAnswers(status int, sent url.Values, wrong map[string]string) error {
	d, err := v.draftOf()
	if err != nil {
		return err
	}
	l := v.lang
	base := importAddress(d.ID)
	if d.Map.IsSet() {
		return v.goTo(base + "/preview")
	}
	p := &ImportAnswersPage{Self: base + "/answers", Back: base + "/columns", Next: base + "/preview"}
	p.Steps = p.dress(l, d, "answers")
	views, _, err := v.site.app.ImportColumns(v.r.Context(), v.who, d.ID)
	var preview app.Preview
	if err == nil {
		preview, err = v.site.app.PreviewImport(v.r.Context(), v.who, d.ID, app.PreviewQuery{Limit: 1})
	}
	if sum := importSummary(l, err, nil); sum != nil {
		p.Summary, p.Failed = sum, true
		return v.show(http.StatusUnprocessableEntity, "import-answers", p)
	}
	if err != nil {
		return err
	}
	p.Count = l.T("web.import.answers.count", len(preview.Asks))
	if err := p.ask(v, d.Map, views, preview.Asks); err != nil {
		return err
	}
	p.told(v, d.Map, views)
	p.again(l, sent, wrong)
	return v.show(status, "import-answers", p)
}

func (p *ImportAnswersPage) ask(v *visit, m app.ImportMap, views []app.ColumnView, asks []app.Ask) error {
	l := v.lang
	listed := map[string][]Option{} // the records of a register
	for n, a := range asks[:min(len(asks), mostAnswers)] {
		if len(p.Columns) == 0 || p.Columns[len(p.Columns)-1].Place != a.Column {
			p.Columns = append(p.Columns, answerColumn(l, m, views, a))
		}
		row := AnswerRow{ID: n, Token: strconv.Itoa(a.Column) + ":" + a.Text, Text: a.Shown, Said: l.T("web.import.answers.rows", a.Count)}
		general := OptionGroup{Text: l.T("web.import.answers.other"), Options: []Option{{"=", l.T("web.import.answers.empty"), false}, {"-", l.T("web.import.answers.skip"), false}}}
		switch {
		case a.Kind != "":
			row.Find = true
			if len(a.Options) > 0 {
				g := OptionGroup{Text: l.T("web.import.answers.likely")}
				for _, o := range a.Options {
					g.Options = append(g.Options, Option{"=" + o.ID, recordWords(v, o), false})
				}
				row.Options = append(row.Options, g)
				row.Said = l.T("web.import.answers.several", a.Count)
			}
			if _, ok := listed[a.Kind]; !ok {
				records, err := v.recordOptions(a.Kind)
				if err != nil {
					return err
				}
				listed[a.Kind] = records
			}
			if len(listed[a.Kind]) > 0 {
				row.Options = append(row.Options, OptionGroup{l.T("register." + a.Kind), listed[a.Kind]})
			}
		case a.Code == "cell_bool":
			row.Options = append(row.Options, OptionGroup{l.T("web.import.answers.means"), []Option{{"=1", l.T("web.yes"), false}, {"=0", l.T("web.no"), false}}})
		default:
			g := OptionGroup{Text: l.T("web.import.answers.means")}
			for _, c := range a.Field.Choices {
				g.Options = append(g.Options, Option{"=" + c, l.T(a.Field.ChoiceKey(c)), false})
			}
			row.Options = append(row.Options, g)
		}
		row.Options = append(row.Options, general)
		last := &p.Columns[len(p.Columns)-1]
		last.Rows = append(last.Rows, row)
	}
	return nil
}

func answerColumn(l locale.Lang, m app.ImportMap, views []app.ColumnView, a app.Ask) AnswerColumn {
	c := AnswerColumn{Place: a.Column, Header: l.T("web.import.answers.row")}
	if a.Column < 0 || a.Column >= len(views) {
		return c
	}
	view := views[a.Column]
	c.Header, c.Becomes = columnName(l, view), fieldWords(l, m, view.Column.Field)
	if a.Kind == "" {
		return c
	}
	option := func(list *[]Option, what, chosen string, values ...string) {
		for _, value := range values {
			*list = append(*list, Option{value, l.T("web.import." + what + "." + cmp.Or(value, "ask")), value == chosen})
		}
	}
	nones := []string{"", "make", "skip"}
	if a.Kind == "unit" {
		nones = []string{"", "skip"}
	}
	option(&c.None, "none", view.Column.None, nones...)
	option(&c.Several, "several", view.Column.Several, "", "first", "skip")
	return c
}

// fieldWords is what a field of the map is called.
func fieldWords(l locale.Lang, m app.ImportMap, field string) string {
	switch field {
	case "id", "unit", "retired":
		return l.T("record." + field)
	}
	part, name, dotted := strings.Cut(field, ".")
	if !dotted {
		part, name = "", field
	}
	kind := m.Kind
	if of, ok := m.Part(part); ok {
		kind = of.Kind
	}
	if name == "levels" {
		return l.T("import.field.levels")
	}
	if s, ok := isms.Register(kind); ok {
		if f, ok := s.Field(name); ok {
			return label(l, s, f)
		}
	}
	return field
}

func recordWords(v *visit, o app.Option) string {
	if unit := v.unitName(o.Unit); unit != "" {
		return v.lang.T("web.import.answers.in", o.Title, unit)
	}
	return o.Title
}

// recordOptions are the first records of the register by their titles.
func (v *visit) recordOptions(kind string) ([]Option, error) {
	list, _, err := v.site.app.Options(v.r.Context(), v.who, kind, "")
	if closedTo(err) {
		return nil, nil
	}
	var all []Option
	for _, o := range list {
		all = append(all, Option{Value: "=" + o.ID, Text: o.Title})
	}
	return all, err
}

// told lists what texts mean already, where somebody or the program has said so, so that it can be said anew.
func (p *ImportAnswersPage) told(v *visit, m app.ImportMap, views []app.ColumnView) {
	l := v.lang
	n := mostAnswers
	for _, view := range views {
		if view.Column.Field == "" || len(view.Column.Values) == 0 {
			continue
		}
		c := ToldColumn{Header: columnName(l, view)}
		for _, text := range slices.Sorted(maps.Keys(view.Column.Values)) {
			if len(c.Rows) == mostAnswers {
				break
			}
			means := view.Column.Values[text]
			row := AnswerRow{ID: n, Token: strconv.Itoa(view.Place) + ":" + text, Text: text, Said: v.meaningWords(view, means)}
			c.Rows = append(c.Rows, row)
			n++
		}
		p.Told = append(p.Told, c)
	}
}

func (v *visit) meaningWords(view app.ColumnView, means string) string {
	l := v.lang
	switch {
	case means == "":
		return l.T("web.import.answers.empty")
	case means == "-":
		return l.T("web.import.answers.skip")
	case view.Target != "":
		names, err := v.site.app.Names(v.r.Context(), v.who, view.Target, []string{means})
		if err != nil || names[means] == "" {
			return means
		}
		return names[means]
	}
	return worded(l, view.Field, means)
}

// again fills in what was answered and could not be taken.
func (p *ImportAnswersPage) again(l locale.Lang, sent url.Values, wrong map[string]string) {
	if len(wrong) == 0 {
		return
	}
	p.Failed, p.Summary = true, &Summary{Heading: l.T("web.form.problem")}
	for i := range p.Columns {
		for j := range p.Columns[i].Rows {
			row := &p.Columns[i].Rows[j]
			row.Written = sent.Get("x." + strconv.Itoa(row.ID))
			if row.Wrong = wrong[row.Token]; row.Wrong != "" {
				p.Summary.Items = append(p.Summary.Items, Link{row.Text + ": " + row.Wrong, "#f-a" + strconv.Itoa(row.ID)})
			}
			for _, g := range row.Options {
				for k := range g.Options {
					g.Options[k].Chosen = g.Options[k].Value == sent.Get("a."+strconv.Itoa(row.ID))
				}
			}
		}
	}
}

// An answered question: the column's place, the text as the map has it, and what was chosen: "" for nothing, "=" and a value, "-" for
// leaving out the row, "?" for asking again.
type answered struct {
	place        int
	text, chosen string
	written      string
	token        string
}

// answers reads the form: t.N is a question's token, a.N what was chosen and x.N a name that was written.
func answers(form url.Values) ([]answered, error) {
	var all []answered
	for name, values := range form {
		n, ok := strings.CutPrefix(name, "t.")
		if !ok {
			continue
		}
		if len(values) != 1 || len(form["a."+n]) > 1 || len(form["x."+n]) > 1 {
			return nil, errForm
		}
		place, text, ok := strings.Cut(values[0], ":")
		at, err := number(place)
		if err != nil || !ok {
			return nil, errForm
		}
		all = append(all, answered{at, text, form.Get("a." + n), strings.TrimSpace(form.Get("x." + n)), values[0]})
	}
	slices.SortFunc(all, func(a, b answered) int { return strings.Compare(a.token, b.token) })
	return all, nil
}

func (s *site) saveImportAnswers(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	d, err := v.draftOf()
	if err != nil {
		return err
	}
	all, err := answers(form)
	if err != nil {
		return err
	}
	views, _, err := s.app.ImportColumns(v.r.Context(), v.who, d.ID)
	if sum := importSummary(v.lang, err, nil); sum != nil {
		return v.showImportAnswers(http.StatusUnprocessableEntity, nil, nil)
	}
	if err != nil {
		return err
	}
	m := d.Map
	m.Columns = nil
	for _, view := range views {
		n := strconv.Itoa(view.Place)
		if list, ok := form["none."+n]; ok && len(list) == 1 {
			view.Column.None = list[0]
		}
		if list, ok := form["several."+n]; ok && len(list) == 1 {
			view.Column.Several = list[0]
		}
		m.Columns = append(m.Columns, view.Column)
	}
	wrong := map[string]string{}
	for _, a := range all {
		if a.place >= len(views) {
			return errForm
		}
		if err := v.answer(&m.Columns[a.place], views[a.place], a, wrong); err != nil {
			return err
		}
	}
	if len(wrong) > 0 {
		return v.showImportAnswers(http.StatusUnprocessableEntity, form, wrong)
	}
	if err := s.app.SetImportMap(v.r.Context(), v.who, d.ID, m); err != nil {
		return err
	}
	if form.Get("do") == "again" {
		return v.goTo(importAddress(d.ID) + "/answers")
	}
	return v.goTo(importAddress(d.ID) + "/preview")
}

// answer keeps one answer in the column.
func (v *visit) answer(c *app.ImportColumn, view app.ColumnView, a answered, wrong map[string]string) error {
	value, given := strings.CutPrefix(a.chosen, "=")
	switch {
	case a.written != "" && view.Target != "":
		id, err := v.idOf(view.Target, a.written)
		if err != nil {
			return err
		}
		if id == "" {
			wrong[a.token] = v.lang.T("web.import.answers.none", a.written)
			return nil
		}
		value = id
	case a.chosen == "-":
		value = "-"
	case a.chosen == "?":
		delete(c.Values, a.text)
		return nil
	case !given:
		return nil
	}
	values := map[string]string{a.text: value}
	for text, means := range c.Values {
		if text != a.text {
			values[text] = means
		}
	}
	c.Values = values
	return nil
}

// idOf is the id of the one record of the register that has the title or the id, "" where there is none, or several.
func (v *visit) idOf(kind, text string) (string, error) {
	list, _, err := v.site.app.Options(v.r.Context(), v.who, kind, text)
	if closedTo(err) || errors.As(err, new(register.Wrongs)) {
		return "", nil
	}
	found := ""
	for _, o := range list {
		if o.ID == text || strings.EqualFold(o.Title, text) {
			if found != "" {
				return "", nil
			}
			found = o.ID
		}
	}
	return found, err
}
