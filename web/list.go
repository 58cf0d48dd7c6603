// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"cmp"
	"errors"
	"html"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// ListPage is one register, a page at a time.
type ListPage struct {
	Frame
	About    string
	Columns  []Column
	Rows     []Row
	Count    string // how many records there are, in words
	Search   string
	Sort     string
	Filters  []Filter
	Chips    []Link // each takes its own condition away
	Clear    string
	Retired  bool
	Chosen   bool // some condition narrows the list
	Next     string
	Restart  string // the first page, when this is not it
	New      Link   // where a record is made, without an address for those who may not
	Import   string // where a list is taken in to the register, "" for those who may not
	EmptyHow string // what to do first, when there is nothing at all
}

// A Column is a table's column: Sorted is ascending, descending or "".
type Column struct {
	Link
	Num    bool
	Sorted string
}

// A Row is a record in a table.
type Row struct {
	Link
	Cells []Cell
}

// A Cell is a record's value in a table, with its column's words for narrow screens.
type Cell struct {
	Value
	Label string
	Num   bool
}

// HTML writes the row: the record's title as its heading, then the cells.
func (r Row) HTML() template.HTML {
	var b strings.Builder
	b.WriteString(`<tr><th scope="row">` + string(r.Link.HTML()) + `</th>`)
	for _, c := range r.Cells {
		b.WriteString(`<td data-label="` + html.EscapeString(c.Label) + `"`)
		if c.Num {
			b.WriteString(` class="num"`)
		}
		b.WriteString(`>` + string(c.Value.HTML()) + `</td>`)
	}
	b.WriteString("</tr>\n")
	return template.HTML(b.String())
}

// A Filter lets a list be narrowed by one field.
type Filter struct {
	Name, Label string
	Options     []Option
}

// An Option is one line to choose.
type Option struct {
	Value, Text string
	Chosen      bool
}

const rowsPerPage = 50

// listWords are the parameters of a list that are no fields. A register's field must not have such a name.
var listWords = []string{"q", "sort", "after", "retired", "unit"}

// asked is what a list's address asks for.
type asked struct {
	values url.Values // only what is asked for
	query  app.Query
}

// ask reads a list's address. Conditions without a value are dropped, as a form sends every field.
func ask(s *register.Schema, raw string) (asked, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return asked{}, errQuery
	}
	a := asked{values: url.Values{}, query: app.Query{Limit: rowsPerPage, Glance: true, Where: map[string][]string{}}}
	for name, list := range values {
		list = slices.DeleteFunc(slices.Clone(list), func(v string) bool { return strings.TrimSpace(v) == "" })
		if slices.ContainsFunc(list, func(v string) bool { return !utf8.ValidString(v) }) {
			return asked{}, errText
		}
		_, isField := s.Field(name)
		if !isField && !slices.Contains(listWords, name) || len(list) > 100 {
			return asked{}, errQuery
		}
		if len(list) == 0 {
			continue
		}
		a.values[name] = list
		if isField || name == "unit" {
			a.query.Where[name] = list
		}
	}
	a.query.Search = a.values.Get("q")
	a.query.After = a.values.Get("after")
	a.query.Retired = a.values.Get("retired") != ""
	a.query.Sort, a.query.Desc = strings.CutPrefix(a.values.Get("sort"), "-")
	return a, nil
}

// with is the list's address with one parameter changed, and from the first page.
func (a asked) with(path, name string, list ...string) string {
	values := url.Values{}
	for n, l := range a.values {
		if n != "after" && n != name {
			values[n] = l
		}
	}
	if len(list) > 0 {
		values[name] = list
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

func (s *site) list(v *visit) error {
	schema, ok := isms.Register(v.r.PathValue("kind"))
	if !ok {
		return isms.ErrNotFound
	}
	a, err := ask(schema, v.r.URL.RawQuery)
	if err != nil {
		return err
	}
	t, err := s.app.List(v.r.Context(), v.who, schema.Name, a.query)
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return errQuery
	}
	if err != nil {
		return err
	}
	p := &ListPage{About: v.lang.T("register." + schema.Name + ".about")}
	p.Title = v.lang.T("register." + schema.Name)
	path := "/r/" + schema.Name
	p.table(v, t, a, path)
	if err := p.conditions(v, schema, a, path, t.Titles); err != nil {
		return err
	}
	p.Count = v.lang.T("web.list.count", t.Total)
	p.Search, p.Retired = a.query.Search, a.query.Retired
	p.Sort = a.values.Get("sort")
	p.Chosen = len(p.Chips) > 0
	p.Clear = path
	if len(p.Rows) > 0 {
		p.Out = downloads(v.lang, func(form string) string {
			return "/" + form + "/" + schema.Name + strings.TrimPrefix(a.with(path, "after"), path)
		})
	}
	if t.Next != "" {
		p.Next = a.next(path, t.Next)
	}
	if a.query.After != "" {
		p.Restart = a.with(path, "after")
	}
	if len(t.CreateIn) > 0 && !madeElsewhere[schema.Name] {
		p.New = Link{v.lang.T("register." + schema.Name + ".new"), cmp.Or(begunAt[schema.Name], path+"/new")}
	}
	p.imports(v, schema.Name)
	p.EmptyHow = v.lang.T("web.list.empty.read")
	switch {
	case p.New.URL != "":
		p.EmptyHow = v.lang.T("web.list.empty.write")
	case p.Import != "":
		p.EmptyHow = v.lang.T("web.import.about")
	}
	return v.show(http.StatusOK, "list", p)
}

// begunAt are the pages where records of some registers begin, whose form would be refused.
var begunAt = map[string]string{"incident": "/report", "report_link": "/incidents/links"}

// imports leads those who may to where a list is taken in to the register.
func (p *ListPage) imports(v *visit, kind string) {
	switch {
	case slices.Contains(v.site.app.ImportKinds(v.who), kind):
		p.Import = "/import?kind=" + kind
	case (kind == "import" || kind == "population") && v.site.app.MayImport(v.who):
		p.Import = "/import"
	}
}

func (a asked) next(path, after string) string {
	values := url.Values{"after": {after}}
	for n, l := range a.values {
		if n != "after" {
			values[n] = l
		}
	}
	return path + "?" + values.Encode()
}

// table fills in columns and rows: the title first, then the fields that lists show, then the unit where there are several.
func (p *ListPage) table(v *visit, t app.Table, a asked, path string) {
	titled := titleField(t.Schema)
	fields := columnFields(t, titled)
	column := func(text, name string, num bool) Column {
		c := Column{Link: Link{Text: text}, Num: num}
		if name == "" {
			return c
		}
		c.URL = a.with(path, "sort", name)
		if a.query.Sort == name {
			c.Sorted = "ascending"
			if a.query.Desc {
				c.Sorted = "descending"
			} else {
				c.URL = a.with(path, "sort", "-"+name)
			}
		}
		return c
	}
	heading := v.lang.T("register." + t.Schema.Name + ".one")
	p.Columns = append(p.Columns, column(heading, titled, false))
	for _, f := range fields {
		name := f.Name
		if f.Kind == register.Links {
			name = ""
		}
		p.Columns = append(p.Columns, column(label(v.lang, t.Schema, f), name, numeric(f)))
	}
	several := len(t.Titles["unit"]) > 1 && t.Schema.Name != "unit"
	unit := v.lang.T("web.unit")
	if several {
		p.Columns = append(p.Columns, column(unit, "unit", false))
	}
	today := v.site.app.Today()
	for _, rec := range t.Records {
		r := Row{Link: Link{named(v.lang, t.Schema.Name, t.Schema.Title(rec), rec.Head().ID), address(t.Schema.Name, rec.Head().ID)}, Cells: make([]Cell, 0, len(p.Columns))}
		for i, f := range fields {
			r.Cells = append(r.Cells, Cell{first(values(v.lang, f, rec, t.Titles, today)), p.Columns[i+1].Text, numeric(f)})
		}
		if several {
			r.Cells = append(r.Cells, Cell{Value{Text: t.Titles.Of("unit", rec.Head().Unit)}, unit, false})
		}
		p.Rows = append(p.Rows, r)
	}
}

// mostColumns is how many columns fit beside each other, the title and the unit among them.
const mostColumns = 8

// saidElsewhere are listed fields that the title or another column says as well.
var saidElsewhere = map[string][]string{"classification": {"confidentiality", "integrity", "availability", "decided_by"}}

// columnFields are the fields that a table shows: those that lists show, without what is said elsewhere and what no record of the page has,
// as many as fit.
func columnFields(t app.Table, titled string) []register.Field {
	room := mostColumns - 2
	var fields []register.Field
	for _, f := range t.Schema.Fields {
		empty := !slices.ContainsFunc(t.Records, func(r register.Entity) bool { return f.Text(r) != "" })
		if !f.Listed || f.Name == titled || slices.Contains(saidElsewhere[t.Schema.Name], f.Name) || empty || len(fields) == room {
			continue
		}
		fields = append(fields, f)
	}
	return fields
}

// titleField is the field that a register's records are named by, where they are named by a field.
func titleField(s *register.Schema) string {
	if _, own := s.New().(interface{ Title() string }); !own {
		first := slices.IndexFunc(s.Fields, func(f register.Field) bool { return f.Kind == register.Text || f.Kind == register.Prose })
		if first >= 0 && s.Fields[first].Listed {
			return s.Fields[first].Name
		}
	}
	for _, name := range []string{"name", "title", "subject", "heading", "text", "part"} {
		if f, ok := s.Field(name); ok && f.Kind == register.Text && f.Listed {
			return name
		}
	}
	return ""
}

// conditions fills in the filters and the chips of what is chosen.
func (p *ListPage) conditions(v *visit, s *register.Schema, a asked, path string, titles app.Titles) error {
	l := v.lang
	chip := func(name, text string) { p.Chips = append(p.Chips, Link{text, a.with(path, name)}) }
	if q := a.query.Search; q != "" {
		chip("q", l.T("web.list.search_chip", q))
	}
	units, err := v.units()
	if err != nil {
		return err
	}
	if len(units) > 1 {
		f := Filter{Name: "unit", Label: l.T("web.unit")}
		for _, u := range units {
			f.add(u.Value, u.Text, a)
		}
		p.filter(f, chip)
	}
	for _, f := range s.Fields {
		filter := Filter{Name: f.Name, Label: label(l, s, f)}
		switch {
		case f.Kind == register.Choice && f.Listed:
			for _, c := range f.Choices {
				filter.add(c, l.T(f.ChoiceKey(c)), a)
			}
		case f.Kind == register.Bool:
			filter.add("1", l.T("web.yes"), a)
			filter.add("0", l.T("web.no"), a)
		case f.Kind == register.Link && f.Listed:
			if err := filter.links(v, f.Target, a, titles); err != nil {
				return err
			}
		case len(a.values[f.Name]) > 0: // asked for by an address that somebody made
			for _, value := range a.values[f.Name] {
				filter.add(value, value, a)
			}
		default:
			continue
		}
		p.filter(filter, chip)
	}
	if a.query.Retired {
		chip("retired", l.T("web.list.with_retired"))
	}
	return nil
}

func (f *Filter) add(value, text string, a asked) {
	f.Options = append(f.Options, Option{value, text, slices.Contains(a.values[f.Name], value)})
}

// links offers the records that the field can point at, and always the one that is chosen.
func (f *Filter) links(v *visit, kind string, a asked, titles app.Titles) error {
	options, _, err := v.site.app.Options(v.r.Context(), v.who, kind, "")
	if errors.Is(err, isms.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, o := range options {
		f.add(o.ID, o.Title, a)
	}
	for _, id := range a.values[f.Name] {
		if !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == id }) {
			title := titles.Of(kind, id)
			if title == "" {
				title = v.lang.T("web.hidden")
			}
			f.add(id, title, a)
		}
	}
	return nil
}

func (p *ListPage) filter(f Filter, chip func(name, text string)) {
	var chosen []string
	for _, o := range f.Options {
		if o.Chosen {
			chosen = append(chosen, o.Text)
		}
	}
	if len(chosen) > 0 {
		chip(f.Name, f.Label+": "+strings.Join(chosen, ", "))
	}
	if len(f.Options) > 0 {
		p.Filters = append(p.Filters, f)
	}
}
