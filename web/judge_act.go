// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// judgeForm is the form of the rows: an answer and a note for each.
func (v *visit) judgeForm() (j app.Judging, q map[string]string, err error) {
	form, err := v.form()
	if err != nil {
		return j, nil, err
	}
	rows := map[int64]*app.JudgedRow{}
	row := func(text string) (*app.JudgedRow, error) {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 {
			return nil, errForm
		}
		if rows[n] == nil {
			rows[n] = &app.JudgedRow{Row: n}
		}
		return rows[n], nil
	}
	for name, values := range form {
		what, number, is := strings.Cut(name, ".")
		if !is || what != "a" && what != "n" {
			continue
		}
		one, err := row(number)
		if err != nil || len(values) != 1 {
			return j, nil, errForm
		}
		if what == "a" {
			one.Answer = isms.RowAnswer(values[0])
		} else {
			one.Note = strings.TrimSpace(values[0])
		}
		form.Del(name)
	}
	own, err := single(form, []string{"_rev", "_key", "_shown", "show", "page"}, errForm)
	if err != nil {
		return j, nil, err
	}
	if j.Seen, err = number(own["_rev"]); err != nil {
		return j, nil, err
	}
	for _, one := range rows {
		if one.Answer != "" || one.Note != "" {
			j.Answers = append(j.Answers, *one)
		}
	}
	slices.SortFunc(j.Answers, func(x, y app.JudgedRow) int { return int(x.Row - y.Row) })
	j.Portion, j.Shown, j.Key = v.r.PathValue("id"), own["_shown"], own["_key"]
	return j, own, nil
}

func (v *visit) keepRows(j app.Judging) (app.Judged, error) {
	if token := v.r.PathValue("token"); token != "" {
		v.signed = false
		return v.site.app.JudgeByLink(v.r.Context(), token, v.site.login.Network(v.r), j)
	}
	return v.site.app.Judge(v.r.Context(), v.who, j)
}

// saveRows keeps the answers of the page. The page's own script sends them while somebody works: what waits for a note is then left for later.
func (s *site) saveRows(v *visit) error {
	j, q, err := v.judgeForm()
	if err != nil {
		return err
	}
	waits := 0
	if v.wantsJSON() {
		j.Answers = slices.DeleteFunc(j.Answers, func(r app.JudgedRow) bool {
			wait := r.Note == "" && (r.Answer == isms.Alter || r.Answer == isms.Deviating) || r.Answer == ""
			if wait {
				waits++
			}
			return wait
		})
	}
	var done app.Judged
	if len(j.Answers) > 0 {
		done, err = v.keepRows(j)
	} else if page, failed := v.portionOf(app.RowsShown{}); failed == nil {
		done = app.Judged{Seen: page.Seen, Answered: page.Answered, Count: page.Count}
	} else {
		err = failed
	}
	if v.wantsJSON() {
		return v.saidRows(done, waits, err)
	}
	var wrong register.Wrongs
	switch {
	case errors.Is(err, isms.ErrStale):
		return v.message(http.StatusConflict, "web.stale_act", Link{v.lang.T("web.stale_act.next"), v.judgeBase()})
	case errors.As(err, &wrong):
		sent := sentRows{wrong: wrong, answers: map[int64]app.JudgedRow{}}
		for _, one := range j.Answers {
			sent.answers[one.Row] = one
		}
		return v.showPortion(http.StatusUnprocessableEntity, q, sent)
	case err != nil:
		return v.judgeRefused(err)
	}
	return v.goTo(v.judgePage(q, "saved"))
}

func (v *visit) saidRows(done app.Judged, waits int, err error) error {
	if errors.Is(err, app.ErrNoLink) {
		return isms.ErrNotFound
	}
	if err != nil {
		return err
	}
	said := v.lang.T("web.judge.saved", time.Now().In(swedishTime).Format("15:04"), done.Answered, done.Count)
	if waits > 0 {
		said += " " + v.lang.T("web.judge.saved.note", waits)
	}
	return v.sendJSON(http.StatusOK, map[string]any{"rev": done.Seen, "said": said})
}

// judgePage is the page with its filter, saying what was just done.
func (v *visit) judgePage(q map[string]string, said string) string {
	to := url.Values{}
	for _, name := range []string{"show", "page"} {
		if q[name] != "" && q[name] != "all" && q[name] != "1" {
			to.Set(name, q[name])
		}
	}
	if said != "" {
		to.Set("said", said)
	}
	if len(to) == 0 {
		return v.judgeBase()
	}
	return v.judgeBase() + "?" + to.Encode()
}

// JudgeBulkPage asks whether the same answer is to be given to several rows.
type JudgeBulkPage struct {
	Frame
	Summary            *Summary
	Base, Back         string
	Marked, Says, Sure string
	Answer             string
	Numbers            []string
	Note               string
	NoteNeeded         bool
	Key, Shown, Seen   string
	Confirmed          string
	Yes                string
}

// bulkRows gives one answer to several rows, after a page that names how many they are and how many of them are marked.
func (s *site) bulkRows(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	numbers := form["row"]
	form.Del("row")
	own, err := single(form, []string{"_rev", "_key", "_shown", "show", "page", "answer", "note", "_confirmed"}, errForm)
	if err != nil {
		return err
	}
	j := app.Judging{Portion: v.r.PathValue("id"), Bulk: true, Shown: own["_shown"], Key: own["_key"]}
	if j.Seen, err = number(own["_rev"]); err != nil {
		return err
	}
	if own["_confirmed"] != "" {
		if j.Confirmed, err = number(own["_confirmed"]); err != nil {
			return err
		}
	}
	for _, text := range numbers {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 {
			return errForm
		}
		j.Answers = append(j.Answers, app.JudgedRow{Row: n, Answer: isms.RowAnswer(own["answer"]), Note: own["note"]})
	}
	if len(numbers) == 0 || own["answer"] == "" {
		code := "bulk_none"
		if len(numbers) > 0 {
			code = "required"
		}
		return v.showPortion(http.StatusUnprocessableEntity, own, sentRows{wrong: register.Wrongs{{Code: code}}})
	}
	_, err = v.keepRows(j)
	var wrong register.Wrongs
	switch {
	case errors.Is(err, isms.ErrStale):
		return v.message(http.StatusConflict, "web.stale_act", Link{v.lang.T("web.stale_act.next"), v.judgeBase()})
	case errors.As(err, &wrong):
		return v.bulkAsked(own, numbers, wrong)
	case err != nil:
		return v.judgeRefused(err)
	}
	return v.goTo(v.judgePage(own, "saved"))
}

// bulkAsked shows what is to be confirmed, or what is wrong.
func (v *visit) bulkAsked(own map[string]string, numbers []string, wrong register.Wrongs) error {
	l := v.lang
	page, err := v.portionOf(app.RowsShown{})
	if err != nil {
		return v.judgeRefused(err)
	}
	if wrong[0].Code != "bulk_confirm" && wrong[0].Code != "note_needed" {
		return v.showPortion(http.StatusUnprocessableEntity, own, sentRows{wrong: wrong})
	}
	p := &JudgeBulkPage{Base: v.judgeBase(), Back: v.judgePage(own, ""), Answer: own["answer"], Numbers: numbers, Note: own["note"], Key: register.NewID(),
		Shown: own["_shown"], Seen: own["_rev"], Confirmed: strconv.Itoa(len(numbers))}
	p.Title = l.T("web.judge.bulk.sure", len(numbers))
	answer := isms.RowAnswer(own["answer"])
	p.Says = l.T("web.judge.bulk.says", answerText(l, page.Kind, answer))
	p.NoteNeeded = answer == isms.Alter || answer == isms.Deviating
	p.Marked = l.T("web.judge.bulk.unmarked")
	if wrong[0].Code == "bulk_confirm" {
		if n, _ := wrong[0].Args[1].(int); n > 0 {
			p.Marked = l.T("web.judge.bulk.marked", n)
		}
	} else {
		p.Marked = ""
		if own["_confirmed"] != "" {
			p.Summary = judgeSummary(l, register.Wrongs{{Code: "note_needed"}})
		}
	}
	p.Yes = l.T("web.judge.bulk.yes", len(numbers))
	if page.ValidTo == "" {
		p.Crumbs = []Link{{l.T("web.judge"), "/judge"}, {page.Portion.Name, p.Base}}
	}
	status := http.StatusOK
	if p.Summary != nil {
		p.Failed, status = true, http.StatusUnprocessableEntity
	}
	return v.show(status, "judge-bulk", p)
}

func (s *site) handInRows(v *visit) error {
	form, err := v.formOf("_key", "_left")
	if err != nil {
		return err
	}
	left, err := number(form["_left"])
	if err != nil {
		return err
	}
	h := app.HandIn{Portion: v.r.PathValue("id"), Unanswered: left, Key: form["_key"]}
	token := v.r.PathValue("token")
	if token != "" {
		v.signed = false
		err = s.app.HandInByLink(v.r.Context(), token, s.login.Network(v.r), h)
	} else {
		err = s.app.HandIn(v.r.Context(), v.who, h)
	}
	var wrong register.Wrongs
	switch {
	case errors.As(err, &wrong):
		return v.showPortion(http.StatusUnprocessableEntity, nil, sentRows{wrong: wrong})
	case err != nil:
		return v.judgeRefused(err)
	case token != "":
		return v.message(http.StatusOK, "web.judge.handed_in")
	}
	return v.goTo(v.judgePage(nil, "done"))
}

func (s *site) handOver(v *visit) error {
	form, err := v.formOf("_rev", "_key", "reviewer", "note", "find")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	if form["reviewer"] == "" {
		return v.showPortion(http.StatusUnprocessableEntity, nil, sentRows{wrong: register.Wrongs{{Field: "reviewer", Code: "required"}}, hand: form})
	}
	err = s.app.Delegate(v.r.Context(), v.who, app.Delegation{Portion: v.r.PathValue("id"), To: form["reviewer"], Note: form["note"], Rev: rev, Key: form["_key"]})
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return v.showPortion(http.StatusUnprocessableEntity, nil, sentRows{wrong: wrong, hand: form})
	}
	return v.afterAct(err, v.judgePage(nil, "handed"))
}

func (s *site) withdrawPortion(v *visit) error { return v.leadAct(s.app.Withdraw, "withdrawn") }

func (s *site) reopenPortion(v *visit) error { return v.leadAct(s.app.Reopen, "reopened") }

// leadAct does something to the portion for a reason that who leads gives.
func (v *visit) leadAct(act func(context.Context, app.Actor, string, int, string, string) error, said string) error {
	form, err := v.formOf("_rev", "_key", "note")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	err = act(v.r.Context(), v.who, v.r.PathValue("id"), rev, form["note"], form["_key"])
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return v.showPortion(http.StatusUnprocessableEntity, nil, sentRows{wrong: wrong})
	}
	return v.afterAct(err, v.judgePage(nil, said))
}

func (s *site) openPortionLink(v *visit) error {
	form, err := v.formOf("_key", "valid_to")
	if err != nil {
		return err
	}
	_, token, err := s.app.OpenPortionLink(v.r.Context(), v.who, app.OpenLink{Portion: v.r.PathValue("id"), ValidTo: register.Day(form["valid_to"]), Key: form["_key"]})
	var wrong register.Wrongs
	switch {
	case errors.As(err, &wrong):
		return v.showPortion(http.StatusUnprocessableEntity, nil, sentRows{wrong: wrong})
	case err != nil:
		return err
	case token == "": // the same form sent twice
		return v.goTo(v.judgeBase())
	}
	return v.showPortion(http.StatusOK, nil, sentRows{link: v.ownAddress() + "/j/" + token})
}

func (s *site) revokePortionLink(v *visit) error {
	form, err := v.formOf("_key")
	if err != nil {
		return err
	}
	return v.afterAct(s.app.RevokePortionLink(v.r.Context(), v.who, v.r.PathValue("link"), form["_key"]), v.judgePage(nil, "revoked"))
}

// redeal moves the portions of a check or a review that have gone astray.
func (s *site) redeal(v *visit) error {
	form, err := v.formOf("_key", "kind", "id")
	if err != nil {
		return err
	}
	_, err = s.app.Redeal(v.r.Context(), v.who, form["kind"], form["id"], form["_key"])
	return v.afterAct(err, leadAddress(form["kind"], form["id"]))
}
