// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"errors"
	"net/http"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/report"
)

// doCheck takes a check one step on, or otherwise.
func (s *site) doCheck(v *visit) error {
	act := v.r.PathValue("act")
	sent, err := v.formOf("_rev", "_key", "rows", "reason-commit", "reason-close", "reason-cancel", "reason-choose")
	if err != nil {
		return err
	}
	rev, err := number(sent["_rev"])
	if err != nil {
		return err
	}
	ctx, who, key := v.r.Context(), v.who, sent["_key"]
	e := app.Entry{ID: v.r.PathValue("id"), Rev: rev}
	reason := sent["reason-"+act]
	switch act {
	case "commit":
		err = s.app.CommitDraw(ctx, who, e, reason, key)
	case "freeze":
		v.takeTime(longDraw)
		err = s.app.FreezeDraw(ctx, who, e, key)
	case "draw":
		v.takeTime(longDraw)
		err = s.app.DrawSample(ctx, who, e, key)
	case "choose":
		var rows []int64
		if rows, err = app.ParseRows(sent["rows"]); err == nil {
			err = s.app.ChooseRows(ctx, who, e, rows, reason, key)
		}
	case "deal":
		err = s.app.DealSpotCheck(ctx, who, e, key)
	case "close":
		err = s.app.CloseSpotCheck(ctx, who, e, reason, key)
	case "plan":
		err = s.app.OpenPlan(ctx, who, e, key)
	case "cancel":
		err = s.app.CancelSpotCheck(ctx, who, e, reason, key)
	default:
		return isms.ErrNotFound
	}
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return v.showCheck(http.StatusUnprocessableEntity, sentToCheck{act, map[string]string{"reason": reason, "rows": sent["rows"]}, wrong})
	}
	return v.afterAct(err, checkAddress(e.ID))
}

// retest keeps what a new test of a remedied deviation showed.
func (s *site) retest(v *visit) error {
	form, err := v.formOf("_rev", "_key", "held", "note")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	id := v.r.PathValue("deviation")
	err = s.app.VerifyDeviation(v.r.Context(), v.who, app.Entry{ID: id, Rev: rev}, form["held"] == "yes", form["note"], form["_key"])
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return v.showCheck(http.StatusUnprocessableEntity, sentToCheck{id, form, wrong})
	}
	return v.afterAct(err, checkAddress(v.r.PathValue("id"))+"#deviations")
}

// checkProtocol sends the check as a document to sign.
func (s *site) checkProtocol(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	doc, err := s.app.SpotCheckProtocol(v.r.Context(), v.who, v.r.PathValue("id"), v.lang)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := report.PDF(&b, doc); err != nil {
		return err
	}
	return v.sendFile("application/pdf", "stickprov-"+string(s.app.Today())+".pdf", b.Bytes())
}

// CheckItemsPage is the rows that are judged, with their answers.
type CheckItemsPage struct {
	Frame
	Count string
	Gone  string
	Heads []string
	Rows  []CheckItem
}

// A CheckItem is a row with what was said of it.
type CheckItem struct {
	Row     string
	How     string
	Answer  Value
	Note    string
	Who, At string
	Cells   []SetCell
	number  int
}

func (s *site) checkItems(v *visit) error {
	if _, err := v.query("as"); err != nil {
		return err
	}
	list, err := s.app.SpotItems(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	if len(list.Items) == 0 {
		return isms.ErrNotFound
	}
	l := v.lang
	p := &CheckItemsPage{Count: l.T("web.check.items.about", len(list.Items)), Heads: columnNames(l, list.Columns)}
	p.Title = l.T("web.check.items")
	p.Crumbs = []Link{{l.T("web.checks"), "/checks"}, {list.Name, checkAddress(list.ID)}}
	if list.Gone {
		p.Gone = l.T("web.check.items.gone")
	}
	for _, i := range list.Items {
		row := CheckItem{Row: l.Number(int(i.Row)), How: l.T("web.check.items.random"), Answer: Value{Text: l.T("web.check.items.none"), Unknown: true}, Note: i.Note,
			Who: list.Titles.Of("person", i.Person), At: clock(i.At), Cells: setCells(i.Cells, p.Heads), number: int(i.Row)}
		if !i.Drawn {
			row.How = l.T("web.check.items.risk", i.Chosen)
		}
		if i.Answer != "" {
			class := "good"
			if i.Deviates() {
				class = "bad"
			} else if i.Open() {
				class = "warn"
			}
			row.Answer = Value{Text: l.T("choice.row_answer." + string(i.Answer)), Tag: class}
		}
		p.Rows = append(p.Rows, row)
	}
	return v.show(http.StatusOK, "check-items", p)
}

func (p *CheckItemsPage) table(l locale.Lang) (string, app.Sheet) {
	t := headed(l, "web.check.items.row", "web.check.items.how", "web.check.items.answer", "web.check.items.note", "web.check.items.who", "web.check.items.at")
	t.Head = append(t.Head, p.Heads...)
	for range p.Heads {
		t.Widths = append(t.Widths, 20)
	}
	for _, r := range p.Rows {
		row := []any{r.number, r.How, r.Answer.Text, r.Note, r.Who, r.At}
		for _, c := range r.Cells {
			row = append(row, c.Text)
		}
		t.Rows = append(t.Rows, row)
	}
	return "stickprov", t
}
