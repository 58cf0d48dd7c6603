// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"html"
	"html/template"
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

// PortionPage is the rows of a portion on one dense page, each with its answer.
type PortionPage struct {
	Frame
	Summary   *Summary
	Said      string
	For       string
	Back      *Link
	Advice    string
	Facts     []Fact
	Whom      string // for whom a link is
	Base      string // of the page's forms
	State     Tag
	Progress  string
	Share     int
	Write     bool // the person may answer
	Closed    string
	Gone      bool
	Filters   []NavLink
	Heads     []template.HTML
	Marked    bool // some row on the page is
	Rows      []template.HTML
	Keys      []KeyHint
	Seen      int
	Shown     string
	Key       string
	Address   string // of the page with its filter, to come back to
	Show      string
	Number    int
	Caption   string
	Pages     []NavLink
	Answers   []Option
	Pick      string
	Left      int
	DoneText  string
	DoneDo    string
	Astray    string
	Redeal    *RedealForm
	Hand      *HandForm
	Lead      *LeadPart
	NewLink   string
	Rev       int
	NoteWrong string
}

// A KeyHint tells which key does what.
type KeyHint struct{ Key, Text string }

// portionOf reads the portion that the address names, by the person's own right or by a link.
func (v *visit) portionOf(q app.RowsShown) (app.PortionPage, error) {
	if token := v.r.PathValue("token"); token != "" {
		v.signed = false // whoever has an account sees the same: the link is what lets one in
		return v.site.app.PortionByLink(v.r.Context(), token, v.site.login.Network(v.r), q)
	}
	return v.site.app.Portion(v.r.Context(), v.who, v.r.PathValue("id"), q)
}

func (v *visit) judgeBase() string {
	if token := v.r.PathValue("token"); token != "" {
		return "/j/" + token
	}
	return "/judge/" + v.r.PathValue("id")
}

// judgeRefused says the same of a link that never was, is closed, has expired or is done with.
func (v *visit) judgeRefused(err error) error {
	switch {
	case errors.Is(err, app.ErrNoLink):
		return v.message(http.StatusNotFound, "web.judge.no_link")
	case errors.Is(err, app.ErrFlood):
		v.w.Header().Set("Retry-After", "3600")
		return v.message(http.StatusTooManyRequests, "web.judge.flood")
	}
	return err
}

// judgeSaid are what a page can say was just done.
var judgeSaid = []string{"saved", "done", "handed", "withdrawn", "reopened", "revoked"}

func (s *site) portion(v *visit) error {
	q, err := v.query("show", "page", "pick", "find", "said", "moved")
	if err != nil {
		return err
	}
	return v.showPortion(http.StatusOK, q, sentRows{})
}

// sentRows is what was sent and could not be kept, to be mended.
type sentRows struct {
	wrong   register.Wrongs
	answers map[int64]app.JudgedRow
	link    string // a new one, shown once
	hand    map[string]string
}

func (v *visit) showPortion(status int, q map[string]string, sent sentRows) error {
	shown := app.RowsShown{Show: q["show"]}
	if shown.Show == "all" {
		shown.Show = ""
	}
	if q["page"] != "" {
		n, err := number(q["page"])
		if err != nil {
			return err
		}
		shown.Page = n
	}
	page, err := v.portionOf(shown)
	if err != nil {
		return v.judgeRefused(err)
	}
	p := &PortionPage{Base: v.judgeBase(), NewLink: sent.link, Key: register.NewID()}
	p.fill(v, page, q, sent)
	if err := p.hand(v, page, q, sent); err != nil {
		return err
	}
	p.lead(v, page)
	return v.show(status, "judge-portion", p)
}

func (p *PortionPage) fill(v *visit, page app.PortionPage, q map[string]string, sent sentRows) {
	l := v.lang
	portion := page.Portion
	late := page.Open && portion.DueOn != "" && portion.DueOn < v.site.app.Today()
	p.Title, p.For, p.Advice, p.Rev = portion.Name, page.For, page.Advice, portion.Rev
	p.State = portionState(l, page.Open, late, portion.DoneAt, portion.WithdrawnOn)
	p.Progress = l.T("web.judge.of", page.Answered, page.Count)
	if page.Count > 0 {
		p.Share = 100 * page.Answered / page.Count
	}
	p.Write, p.Gone, p.Seen, p.Shown = page.Open && page.Mine && !page.Gone, page.Gone, page.Seen, page.Shown
	if page.ValidTo != "" {
		p.Whom = l.T("web.judge.for_whom", page.Titles.Of("person", string(portion.Reviewer)), string(page.ValidTo))
	} else {
		p.Crumbs = []Link{{l.T("web.judge"), "/judge"}}
		p.Said = p.said(l, q)
	}
	p.Facts = []Fact{{Label: l.T("web.judge.due"), Values: []Value{{Text: l.Day(string(portion.DueOn))}}}}
	if page.ValidTo == "" {
		who := page.Titles.Of("person", string(portion.Reviewer))
		if portion.Reviewer == "" {
			who = l.T("web.judge.nobody")
		}
		p.Facts = append(p.Facts, Fact{Label: l.T("web.judge.reviewer"), Values: []Value{{Text: who}}})
	}
	if page.Day != "" {
		p.Advice = strings.TrimSpace(p.Advice)
		p.Facts = append(p.Facts, Fact{Label: l.T("population.day"), Values: []Value{{Text: string(page.Day)}}})
	}
	if !p.Write && page.Open {
		p.Closed = l.T("web.judge.read_only")
	}
	p.filters(l, page)
	p.rows(l, page, q["pick"] == "1" && p.Write, sent)
	if p.Write {
		p.Left = page.Count - page.Answered
		p.DoneText, p.DoneDo = l.T("web.judge.done.all"), l.T("web.judge.done")
		if p.Left > 0 {
			p.DoneText, p.DoneDo = l.T("web.judge.done.left", p.Left), l.T("web.judge.done.yes", p.Left)
		}
	}
	p.Summary = judgeSummary(l, sent.wrong)
	p.Failed = p.Summary != nil
}

func (p *PortionPage) said(l locale.Lang, q map[string]string) string {
	if n, err := strconv.Atoi(q["moved"]); err == nil && n >= 0 {
		return l.T("web.judge.said.moved", n)
	}
	if slices.Contains(judgeSaid, q["said"]) {
		return l.T("web.judge.said." + q["said"])
	}
	return ""
}

func judgeSummary(l locale.Lang, wrong register.Wrongs) *Summary {
	if len(wrong) == 0 {
		return nil
	}
	sum := &Summary{Heading: l.T("web.form.problem")}
	for _, w := range wrong {
		item := Link{Text: l.T("wrong."+w.Code, w.Args...)}
		if row, ok := strings.CutPrefix(w.Field, "row."); ok {
			item = Link{l.T("web.judge.row", row, item.Text), "#r-" + row}
		}
		sum.Items = append(sum.Items, item)
	}
	return sum
}

// filters are the ways to see fewer rows, and the pages.
func (p *PortionPage) filters(l locale.Lang, page app.PortionPage) {
	address := func(show string, n int) string {
		q := url.Values{}
		if show != "all" {
			q.Set("show", show)
		}
		if n > 1 {
			q.Set("page", strconv.Itoa(n))
		}
		if len(q) == 0 {
			return p.Base
		}
		return p.Base + "?" + q.Encode()
	}
	current := func(is bool) string {
		if is {
			return "page"
		}
		return ""
	}
	for _, f := range []struct {
		show string
		n    int
	}{{"all", page.Count}, {"unanswered", page.Count - page.Answered}, {"marked", page.Marked}} {
		if f.show == "marked" && page.Marked == 0 {
			continue
		}
		p.Filters = append(p.Filters, NavLink{Link{l.T("web.judge.show."+f.show) + " (" + l.Number(f.n) + ")", address(f.show, 1)}, current(f.show == page.Show)})
	}
	for n := 1; n <= page.Pages && page.Pages > 1; n++ {
		p.Pages = append(p.Pages, NavLink{Link{l.Number(n), address(page.Show, n)}, current(n == page.Page)})
	}
	p.Address, p.Show, p.Number = address(page.Show, page.Page), page.Show, page.Page
	p.Caption = l.T("web.judge.caption", page.Page, page.Pages)
	p.Pick = p.Address + "?pick=1#bulk"
	if strings.Contains(p.Address, "?") {
		p.Pick = p.Address + "&pick=1#bulk"
	}
}

// answerText is the word for an answer. What is sound in a spot check is called so.
func answerText(l locale.Lang, kind string, answer isms.RowAnswer) string {
	if kind == "spot_check" && answer == isms.Keep {
		return l.T("web.judge.sound")
	}
	return l.T("choice.row_answer." + string(answer))
}

func (p *PortionPage) rows(l locale.Lang, page app.PortionPage, pick bool, sent sentRows) {
	for i, a := range page.Answers {
		p.Answers = append(p.Answers, Option{Value: string(a), Text: answerText(l, page.Kind, a)})
		p.Keys = append(p.Keys, KeyHint{strconv.Itoa(i + 1), answerText(l, page.Kind, a)})
	}
	for _, k := range []struct{ key, word string }{{"j", "next"}, {"k", "back"}, {"n", "note"}, {"Esc", "leave"}} {
		p.Keys = append(p.Keys, KeyHint{k.key, l.T("web.judge.keys." + k.word)})
	}
	w := rowWriter{lang: l, page: page, answers: p.Answers, write: p.Write, pick: pick}
	short := slices.ContainsFunc(page.Columns, func(c app.PortionColumn) bool { return c.Meaning == "person" || c.Meaning == "account" })
	for i, c := range page.Columns {
		head := html.EscapeString(c.Head)
		name := page.Columns[0].Meaning == "name" && i > 0
		under, left := name && (c.Meaning == "person" || c.Meaning == "account"), name && short && c.Meaning == "email" // long, and told by the others
		w.heads, w.under, w.left = append(w.heads, head), append(w.under, under), append(w.left, left)
		if !under && !left {
			p.Heads = append(p.Heads, template.HTML(head))
		}
	}
	for _, row := range page.Rows {
		p.Marked = p.Marked || len(row.Marks) > 0 || row.Chosen
	}
	w.marked = p.Marked
	for _, row := range page.Rows {
		if again, ok := sent.answers[row.Number]; ok {
			row.Answer, row.Note = again.Answer, again.Note
		}
		p.Rows = append(p.Rows, w.row(row, wrongRow(l, sent.wrong, row.Number)))
	}
}

func wrongRow(l locale.Lang, wrong register.Wrongs, row int64) string {
	for _, w := range wrong {
		if w.Field == "row."+strconv.FormatInt(row, 10) {
			return l.T("wrong."+w.Code, w.Args...)
		}
	}
	return ""
}
