// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"cmp"
	"html"
	"html/template"
	"strconv"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// A rowWriter writes rows to judge. They are written here and not by the template since a page has a hundred, with many parts each.
type rowWriter struct {
	lang    locale.Lang
	page    app.PortionPage
	heads   []string // escaped
	under   []bool   // columns that stand under the row's name: what tells two of one name apart
	left    []bool   // columns that are not shown
	answers []Option
	marked  bool // there is a column for marks
	write   bool
	pick    bool
}

func (w rowWriter) row(r app.PortionRow, wrong string) template.HTML {
	var b strings.Builder
	esc := html.EscapeString
	n := strconv.FormatInt(r.Number, 10)
	first := n
	for _, c := range r.Cells {
		if c != "" {
			first = c
			break
		}
	}
	say := func(parts ...string) {
		for _, p := range parts {
			b.WriteString(p)
		}
	}
	say(`<tr id="r-`, n, `" tabindex="-1"`)
	if len(r.Marks) > 0 {
		say(` class="flagged"`)
	}
	say(`>`)
	if w.write {
		say(`<td class="pickrow"><input type="checkbox" name="row" value="`, n, `" form="bulk" data-own aria-label="`, esc(w.lang.T("web.judge.choose_row", n, first)), `"`)
		if w.pick && len(r.Marks) == 0 && r.Answer == "" {
			say(` checked`)
		}
		say(`></td>`)
	}
	for i, c := range r.Cells {
		switch {
		case i == 0:
			say(`<th scope="row">`, esc(first))
			w.names(&b, r, first)
			say(`</th>`)
		case !w.under[i] && !w.left[i]:
			say(`<td data-label="`, w.heads[i], `"`)
			if register.Day(c).Valid() {
				say(` class="nowrap"`)
			}
			say(`>`, esc(c), `</td>`)
		}
	}
	if w.marked {
		w.marks(&b, r)
	}
	say(`<td data-label="`, esc(w.lang.T("web.judge.answer")), `">`)
	if w.write {
		w.form(&b, r, n, first, wrong)
	} else {
		w.said(&b, r)
	}
	say(`</td></tr>`)
	return template.HTML(b.String())
}

// names writes what stands under the row's name.
func (w rowWriter) names(b *strings.Builder, r app.PortionRow, first string) {
	var parts []string
	for i, c := range r.Cells {
		if w.under[i] && c != "" && c != first {
			parts = append(parts, `<span class="hidden">`+w.heads[i]+` </span>`+html.EscapeString(c))
		}
	}
	if len(parts) > 0 {
		b.WriteString(`<br><span class="small muted">` + strings.Join(parts, ", ") + `</span>`)
	}
}

func (w rowWriter) marks(b *strings.Builder, r app.PortionRow) {
	esc := html.EscapeString
	b.WriteString(`<td data-label="` + esc(w.lang.T("web.judge.marks")) + `">`)
	if len(r.Marks) > 0 || r.Chosen {
		b.WriteString(`<ul class="remarks">`)
		for _, m := range r.Marks {
			kind := isms.ParseMark(m).Kind
			why := cmp.Or(markWhy(w.lang, m), w.lang.T("judge.mark."+kind+".why"))
			b.WriteString(`<li><strong>` + esc(w.lang.T("judge.mark."+kind)) + `</strong> <span class="small muted">` + esc(why) + `</span></li>`)
		}
		if r.Chosen {
			b.WriteString(`<li>` + esc(w.lang.T("web.judge.chosen")) + `</li>`)
		}
		b.WriteString(`</ul>`)
	}
	b.WriteString(`</td>`)
}

func (w rowWriter) form(b *strings.Builder, r app.PortionRow, n, first, wrong string) {
	esc := html.EscapeString
	b.WriteString(`<fieldset class="answers"`)
	if wrong != "" {
		b.WriteString(` aria-describedby="e-` + n + `"`)
	}
	b.WriteString(`><legend class="hidden">` + esc(w.lang.T("web.judge.row", n, first)) + `</legend>`)
	for _, a := range w.answers {
		b.WriteString(`<label><input type="radio" name="a.` + n + `" value="` + a.Value + `"`)
		if a.Value == string(isms.Alter) || a.Value == string(isms.Deviating) {
			b.WriteString(` data-note`)
		}
		if a.Value == string(r.Answer) {
			b.WriteString(` checked`)
		}
		b.WriteString(`>` + esc(a.Text) + `</label>`)
	}
	b.WriteString(`<details`)
	if r.Note != "" || wrong != "" {
		b.WriteString(` open`)
	}
	b.WriteString(`><summary>` + esc(w.lang.T("web.judge.note")) + `</summary><textarea name="n.` + n + `" rows="2" maxlength="2000" aria-label="` +
		esc(w.lang.T("web.judge.note")+", "+w.lang.T("web.judge.row", n, first)) + `">` + "\n" + esc(r.Note) + `</textarea></details>`)
	if wrong != "" {
		b.WriteString(`<p class="error" id="e-` + n + `">` + esc(wrong) + `</p>`)
	}
	b.WriteString(`</fieldset>`)
}

// said is the answer to somebody who may only read it.
func (w rowWriter) said(b *strings.Builder, r app.PortionRow) {
	if r.Answer == "" {
		return
	}
	esc := html.EscapeString
	b.WriteString(`<div><strong>` + esc(answerText(w.lang, w.page.Kind, r.Answer)) + `</strong>`)
	if r.Note != "" {
		b.WriteString(`<br>` + esc(r.Note))
	}
	if who := w.page.Titles.Of("person", r.By); who != "" {
		b.WriteString(`<br><span class="small muted">` + esc(w.lang.T("web.judge.answered_by", who, clock(r.At))) + `</span>`)
	}
	b.WriteString(`</div>`)
}
