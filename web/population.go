// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bufio"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// PopulationPage is a set of rows: what it is, and its rows fifty at a time.
type PopulationPage struct {
	Frame
	Summary *Summary
	Record  string // its record in the register
	Feed    *Link  // where its rows become numbers in the registers
	Check   *Link  // where a sample of them is planned
	Gone    string // that its rows have been disposed of
	Facts   []Fact
	Search  string
	Where   []string // conditions as the address holds them
	Columns []Option
	Ops     []Option
	Value   string
	Chips   []Link
	Clear   string
	Heads   []string
	Counts  []Link // where each column's values are counted
	Rows    []SetRow
	Count   string
	Next    string
	Restart string
	Rules   []RuleRow
	NoRule  bool
	Dispose string // where rows are disposed of, "" for those who may not and before their time
	Key     string
}

// A SetRow is one row of a set with its cells.
type SetRow struct {
	Number string
	Cells  []SetCell
}

// A SetCell is a cell of a set, with its column's words for narrow screens.
type SetCell struct {
	Label, Text string
	Short       bool // kept on one line
}

func setCells(cells, heads []string) []SetCell {
	all := make([]SetCell, len(cells))
	for i, text := range cells {
		all[i] = SetCell{heads[i], text, utf8.RuneCountInString(text) <= mostOnLine}
	}
	return all
}

// mostOnLine is how long a text can be and still be kept on one line: a day, a number, a short name.
const mostOnLine = 20

// A RuleRow is a rule for how long such sets are kept.
type RuleRow struct {
	Link
	Says string
}

// rowOps are what a condition on a column can ask, in the order they are offered.
var rowOps = []string{"contains", "is", "not", "given", "empty", "from", "to"}

// askedRows is what the address of a set's page asks for.
type askedRows struct {
	path  string
	query app.RowQuery
	where []string // each condition as w=COLUMN:OP:VALUE
}

// asksRows reads the address: q, after, w as often as needed, and c, op and v of a condition that a form adds.
func (v *visit) asksRows() (askedRows, error) {
	a := askedRows{path: v.r.URL.Path}
	values, err := url.ParseQuery(v.r.URL.RawQuery)
	if err != nil {
		return a, errQuery
	}
	where := values["w"]
	values.Del("w")
	q, err := single(values, []string{"q", "after", "c", "op", "v", "as"}, errQuery)
	if err == nil {
		err = v.asFile(q["as"])
	}
	if err != nil {
		return a, err
	}
	if q["c"] != "" && (q["v"] != "" || q["op"] == "given" || q["op"] == "empty") {
		where = append(where, q["c"]+":"+q["op"]+":"+q["v"])
	}
	for _, w := range where {
		c, ok := condition(w)
		if !ok {
			return a, errQuery
		}
		if !slices.Contains(a.where, w) {
			a.where = append(a.where, w)
			a.query.Where = append(a.query.Where, c)
		}
	}
	if q["after"] != "" {
		n, err := number(q["after"])
		if err != nil {
			return a, errQuery
		}
		a.query.After = int64(n)
	}
	a.query.Search, a.query.Limit = q["q"], rowsPerPage
	return a, nil
}

func condition(w string) (app.RowCondition, bool) {
	column, rest, _ := strings.Cut(w, ":")
	op, value, ok := strings.Cut(rest, ":")
	n, err := number(column)
	return app.RowCondition{Column: n, Op: op, Value: value}, ok && err == nil && slices.Contains(rowOps, op) && utf8.ValidString(value)
}

// address is the page's address with these conditions, from the first page, with more parameters if given.
func (a askedRows) address(search string, where []string, more ...string) string {
	values := url.Values{}
	if search != "" {
		values.Set("q", search)
	}
	if len(where) > 0 {
		values["w"] = where
	}
	for i := 0; i+1 < len(more); i += 2 {
		values.Set(more[i], more[i+1])
	}
	if len(values) == 0 {
		return a.path
	}
	return a.path + "?" + values.Encode()
}

func (s *site) population(v *visit) error {
	a, err := v.asksRows()
	if err != nil {
		return err
	}
	if v.as != "" {
		err := s.sendRows(v, a)
		if wrong := (register.Wrongs)(nil); errors.As(err, &wrong) && wrong[0].Code == "workbook_rows" {
			v.as = ""
			return v.showPopulation(http.StatusUnprocessableEntity, a, wrong)
		}
		return err
	}
	return v.showPopulation(http.StatusOK, a, nil)
}

func (v *visit) showPopulation(status int, a askedRows, wrong register.Wrongs) error {
	page, err := v.site.app.Population(v.r.Context(), v.who, v.r.PathValue("id"), a.query)
	if errors.As(err, new(register.Wrongs)) {
		return errQuery
	}
	if err != nil {
		return err
	}
	l := v.lang
	rec := page.Population
	p := &PopulationPage{Record: address("population", rec.ID), Search: a.query.Search, Where: a.where, Clear: a.path, Key: register.NewID()}
	p.Title, p.Place = rec.Name, page.Titles.Of("unit", rec.Unit)
	p.Crumbs = []Link{{l.T("register.population"), "/r/population"}}
	if len(wrong) > 0 {
		p.Failed, p.Summary = true, summarize(l, register.Of[isms.Population](), wrong)
	}
	p.facts(v, page)
	p.disposal(v, page)
	if rec.DisposedOn == "" && (rec.Kind == isms.Employments || rec.Kind == isms.Completions) {
		p.Feed = &Link{l.T("web.feed.open." + string(rec.Kind)), a.path + "/feed"}
	}
	if may, err := v.mayCreate("spot_check", rec.Unit); err != nil {
		return err
	} else if may && rec.DisposedOn == "" {
		p.Check = &Link{l.T("web.check.of_set"), "/checks/new?source=" + rec.ID}
	}
	if rec.DisposedOn != "" {
		p.Gone = l.T("web.population.gone", string(rec.DisposedOn))
		return v.show(status, "population", p)
	}
	heads := columnNames(l, page.Columns)
	p.rows(v, a, page, heads)
	p.choose(v, a, heads)
	return v.show(status, "population", p)
}

// columnNames are the columns as they came; one without a heading is told by its place.
func columnNames(l locale.Lang, columns []string) []string {
	heads := slices.Clone(columns)
	for i, h := range heads {
		if strings.TrimSpace(h) == "" {
			heads[i] = l.T("web.population.column", i+1)
		}
	}
	return heads
}

// populationFields are what the page says of the set itself.
var populationFields = []string{"kind", "day", "source", "definition", "system", "rows", "sha256", "file_name", "imported_on", "rule"}

func (p *PopulationPage) facts(v *visit, page app.PopulationPage) {
	s := register.Of[isms.Population]()
	for _, name := range populationFields {
		f, _ := s.Field(name)
		if list := values(v.lang, f, &page.Population, page.Titles, v.site.app.Today()); len(list) > 0 {
			p.Facts = append(p.Facts, Fact{label(v.lang, s, f), list})
		}
	}
}

func (p *PopulationPage) rows(v *visit, a askedRows, page app.PopulationPage, heads []string) {
	l := v.lang
	holds := map[int][]string{}
	for _, name := range slices.Sorted(maps.Keys(page.Meaning)) {
		holds[page.Meaning[name]] = append(holds[page.Meaning[name]], l.T("meaning."+name))
	}
	for i, h := range heads {
		if list := holds[i]; len(list) > 0 && !slices.Contains(list, h) {
			h = l.T("web.population.holds", h, l.And(list))
		}
		p.Heads = append(p.Heads, h)
		p.Counts = append(p.Counts, Link{heads[i], a.path + "/values?c=" + strconv.Itoa(i)})
	}
	for _, row := range page.Rows.Rows {
		p.Rows = append(p.Rows, SetRow{l.Number(int(row.Number)), setCells(row.Cells, heads)})
	}
	p.Count = l.T("web.population.count", int(page.Rows.Total))
	if n, known := page.Population.Rows.Known(); known && int64(n) != page.Rows.Total {
		p.Count = l.T("web.population.count_of", int(page.Rows.Total), n)
	}
	if page.Rows.Next != 0 {
		p.Next = a.address(a.query.Search, a.where, "after", strconv.FormatInt(page.Rows.Next, 10))
	}
	if a.query.After != 0 {
		p.Restart = a.address(a.query.Search, a.where)
	}
	if page.Rows.Total > 0 {
		for _, form := range exportForms {
			if form != "xlsx" || page.Rows.Total <= app.MaxWorkbookRows {
				p.Out = append(p.Out, Link{l.T("web.export." + form), a.address(a.query.Search, a.where, "as", form)})
			}
		}
	}
}

// choose fills in the form that narrows the rows, and the chips of what narrows them.
func (p *PopulationPage) choose(v *visit, a askedRows, heads []string) {
	l := v.lang
	for i, h := range heads {
		p.Columns = append(p.Columns, Option{Value: strconv.Itoa(i), Text: h})
	}
	for _, op := range rowOps {
		p.Ops = append(p.Ops, Option{Value: op, Text: l.T("web.population.op." + op)})
	}
	if q := a.query.Search; q != "" {
		p.Chips = append(p.Chips, Link{l.T("web.list.search_chip", q), a.address("", a.where)})
	}
	for i, c := range a.query.Where {
		without := slices.Delete(slices.Clone(a.where), i, i+1)
		text := heads[c.Column] + " " + l.T("web.population.op."+c.Op)
		if c.Op != "given" && c.Op != "empty" {
			text += " " + l.T("web.population.quoted", c.Value)
		}
		p.Chips = append(p.Chips, Link{text, a.address(a.query.Search, without)})
	}
}

// disposal tells which rules there are for how long the set is kept.
func (p *PopulationPage) disposal(v *visit, page app.PopulationPage) {
	if page.Population.DisposedOn != "" {
		return
	}
	p.NoRule = len(page.Rules) == 0
	today := v.site.app.Today()
	for _, r := range page.Rules {
		row := RuleRow{Link{r.Name, address("retention_rule", r.ID)}, v.lang.T("web.population.rule.proposed")}
		switch {
		case r.Holds:
			row.Says = v.lang.T("web.population.rule.due", string(r.Due))
			if page.Dispose && r.Due <= today {
				p.Dispose = "/population/" + page.Population.ID + "/dispose"
			}
		case r.Due != "":
			row.Says = v.lang.T("web.population.rule.other")
		}
		p.Rules = append(p.Rules, row)
	}
}

// longDownload is how long somebody with a slow line may take to fetch a large file.
const longDownload = 30 * time.Minute

// sendRows sends all rows that the address asks for. They are written to a file first, so that the database is not held up by a slow
// reader, and so that what goes wrong is told and not sent.
func (s *site) sendRows(v *visit, a askedRows) error {
	f, err := os.CreateTemp("", "ledsyn-rows-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	v.takeTime(longDownload)
	out := bufio.NewWriterSize(f, 1<<16)
	id := v.r.PathValue("id")
	if err := s.app.ExportPopulation(v.r.Context(), v.who, id, a.query, v.as, v.lang, out); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return v.sendOpened(app.ExportTypes[v.as], "datamangd-"+id+"."+v.as, f)
}

// sendOpened sends a file that has been written, from its beginning.
func (v *visit) sendOpened(kind, name string, f io.ReadSeeker) error {
	size, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	v.fileHeaders(kind, name)
	v.w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	io.Copy(v.w, f) // who has gone away needs no answer
	return nil
}

func (s *site) disposePopulation(v *visit) error {
	form, err := v.formOf("_key")
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	err = s.app.DisposePopulation(v.r.Context(), v.who, id, form["_key"])
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return v.showPopulation(http.StatusUnprocessableEntity, askedRows{path: "/population/" + id, query: app.RowQuery{Limit: rowsPerPage}}, wrong)
	}
	return v.afterAct(err, "/population/"+id)
}
