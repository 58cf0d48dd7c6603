// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// AccessReviewPage is an access review for those who lead it: before it begins what it would be, and then how far it has come and what came
// of it.
type AccessReviewPage struct {
	Frame
	Summary  *Summary
	Notes    []Notice
	State    Value
	Lead     string
	Base     string
	Record   string
	Edit     string
	Rev      int
	Key      string
	Reason   string
	Facts    []Fact
	Lists    []AccessListLine
	Marks    []AccessMark
	Chart    chartHTML
	Marked   string
	Pairs    []PairLine
	Progress string
	Share    string
	Units    []ShareLine
	Judges   []ShareLine
	Portions []PortionLine
	Removals []RemovalPart
	Start    bool
	Close    bool
	Cancel   bool
	Remind   bool
	Redeal   string // how many portions have nobody who can judge them, "" for none or who may not move them
	Order    string
	Compare  []Option
}

// An AccessListLine is a list with what it does not tell.
type AccessListLine struct {
	Link
	System, Day, Lines string
	Lacks              []string
}

// A AccessMark is how many lines have a mark, and what was said of them.
type AccessMark struct {
	Name, Why                                     string
	Lines, Kept, Changed, Removed, Unknown, Blank string
}

// A PairLine is a pair of rights that may not be held together.
type PairLine struct {
	Link
	Rights, Persons string
}

// A ShareLine is how far a unit's or a person's lines have come, or what a person would get.
type ShareLine struct {
	Name, Units                       string
	Lines, Answered, Marked, Portions string
	State                             Tag
}

// A PortionLine is a portion with how it has been judged.
type PortionLine struct {
	Link
	Reviewer, Note  string
	Lines, Answered string
	State           Tag
	Pace            string
	Signs           []string
}

// A RemovalPart is the rights of one list that are to be taken away.
type RemovalPart struct {
	Name  string
	Files []Link
	Table RemovalTable
	More  string
	Gone  string // that the list's rows have been disposed of
}

func (s *site) accessReview(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showAccessReview(http.StatusOK, nil, "")
}

// showAccessReview shows the review, with what is wrong with what was just asked and the reason that was given for it.
func (v *visit) showAccessReview(status int, wrong register.Wrongs, reason string) error {
	a, err := v.site.app.AccessReview(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := &AccessReviewPage{Base: accessAddress(a.Review.ID), Record: address("access_review", a.Review.ID), Rev: a.Review.Rev, Key: register.NewID(), Reason: reason}
	p.head(v, a)
	p.Summary = summarize(v.lang, register.Of[isms.AccessReview](), wrong)
	p.Summary.lead(func(field string) string {
		return map[string]string{"reason": "#f-reason", "populations": "#lists", "ends_on": "#plan"}[field]
	})
	p.Failed = p.Summary != nil
	if a.Review.State == isms.AccessReviewPlanned {
		preview, err := v.site.app.AccessPreview(v.r.Context(), v.who, a.Review.ID)
		if err != nil {
			return err
		}
		p.preview(v, preview)
		return v.show(status, "access-preview", p)
	}
	p.progress(v, a)
	p.outcome(v, a)
	return v.show(status, "access-review", p)
}

func (p *AccessReviewPage) head(v *visit, a app.AccessReviewPage) {
	l, r := v.lang, a.Review
	schema := register.Of[isms.AccessReview]()
	p.Title, p.Crumbs, p.Place = r.Name, []Link{{l.T("web.access"), "/access"}}, a.Titles.Of("unit", r.Unit)
	state, _ := schema.Field("state")
	p.State = choice(l, state, string(r.State))
	p.Start, p.Close, p.Cancel, p.Remind = a.May.Start, a.May.Close, a.May.Cancel, a.May.Remind
	if a.May.Change && (a.May.Start || a.May.Close) {
		p.Edit = p.Record + "/edit?then=" + p.Base
	}
	for _, name := range []string{"staff", "roles", "judges", "judge", "reserve", "leader", "started_on", "ends_on", "closed_on", "dormant_days", "shared_accounts", "advice", "reason"} {
		f, _ := schema.Field(name)
		if list := values(l, f, &r, a.Titles, a.Today); len(list) > 0 {
			p.Facts = append(p.Facts, Fact{label(l, schema, f), list})
		}
	}
	for _, one := range a.Lists {
		p.Lists = append(p.Lists, AccessListLine{Link: Link{one.Name, "/population/" + one.ID}, System: a.Titles.Of("system", string(one.System)), Day: string(one.Day),
			Lines: countText(v, one.Rows)})
	}
}

// markField is the field of an access review that counts the lines with a mark: its words name the mark.
var markField = map[string]string{isms.MarkLeaver: "leavers", isms.MarkUnemployed: "unemployed", isms.MarkMoved: "moved", isms.MarkDormant: "dormant",
	isms.MarkPrivileged: "privileged", isms.MarkConflict: "conflicts", isms.MarkShared: "shared"}

func markName(l locale.Lang, kind string) string {
	if kind == "" {
		return l.T("web.access.unmarked")
	}
	return l.T("access_review." + markField[kind])
}

// oldStaff is how many days there may be between the HR list and an entitlement list before the reader is told.
const oldStaff = 31

// preview tells what the review would be.
func (p *AccessReviewPage) preview(v *visit, a app.AccessPreview) {
	l := v.lang
	p.Start = a.MayStart
	p.Lists = nil
	for _, one := range a.Lists {
		line := AccessListLine{Link: Link{one.Population.Name, "/population/" + one.Population.ID}, System: a.Titles.Of("system", string(one.Population.System)),
			Day: string(one.Population.Day), Lines: l.Number(one.Lines)}
		for _, what := range one.Lacks {
			line.Lacks = append(line.Lacks, l.T("meaning."+what))
		}
		if a.Staff != nil && max(one.Population.Day.DaysSince(a.Staff.Day), a.Staff.Day.DaysSince(one.Population.Day)) > oldStaff {
			p.Notes = append(p.Notes, Notice{l.T("web.access.old_staff", one.Population.Name, string(one.Population.Day), string(a.Staff.Day)), "warn"})
		}
		p.Lists = append(p.Lists, line)
	}
	for _, w := range a.Wrong {
		p.Notes = append(p.Notes, Notice{l.T("wrong."+w.Code, w.Args...), "bad"})
	}
	if a.Staff == nil {
		p.Notes = append(p.Notes, Notice{l.T("web.access.no_staff"), "warn"})
	} else if a.Before == "" {
		p.Notes = append(p.Notes, Notice{l.T("web.access.no_before"), ""})
	}
	if a.Nobody > 0 {
		p.Notes = append(p.Notes, Notice{l.T("web.access.nobody_can", a.Nobody), "warn"})
	}
	p.Lead = l.T("web.access.preview.lead", a.Lines, len(a.Reviewers))
	p.Marked = l.T("web.access.marked", a.Marked, a.Lines)
	for _, kind := range isms.Marks {
		p.Marks = append(p.Marks, AccessMark{Name: markName(l, kind), Why: l.T("access_review." + markField[kind] + ".help"), Lines: countText(v, a.Marks[kind])})
	}
	for _, pair := range a.Pairs {
		system := func(id register.Ref[isms.System]) string {
			return cmp.Or(a.Titles.Of("system", string(id)), l.T("web.hidden"))
		}
		rights := l.T("web.access.pair", system(pair.System), pair.Right, system(pair.Other), pair.With)
		p.Pairs = append(p.Pairs, PairLine{Link{pair.Name, address("rights_conflict", pair.ID)}, rights, l.Number(pair.Persons)})
	}
	for _, share := range a.Reviewers {
		name := cmp.Or(a.Titles.Of("person", share.Person), l.T("web.access.nobody"))
		units := share.Units
		more := ""
		if len(units) > 3 {
			units, more = units[:3], " "+l.T("web.access.more", len(share.Units)-3)
		}
		p.Judges = append(p.Judges, ShareLine{Name: name, Units: strings.Join(units, ", ") + more, Lines: l.Number(share.Lines), Marked: l.Number(share.Marked)})
	}
}

// progress tells how far the review has come.
func (p *AccessReviewPage) progress(v *visit, a app.AccessReviewPage) {
	l := v.lang
	p.Progress = l.T("web.access.progress", a.Answered, a.Lines)
	if a.Lines > 0 {
		p.Share = register.PercentOf(a.Answered * 10000 / a.Lines).String()
	}
	running := a.Review.State == isms.AccessReviewOngoing
	if n := a.Homeless + a.Astray; running && n > 0 {
		p.Notes = append(p.Notes, Notice{l.T("web.access.homeless", n), "warn"})
		if a.May.Change {
			p.Redeal = l.T("web.access.redeal.do", n)
		}
	}
	if len(a.Withdrawn) > 0 {
		p.Notes = append(p.Notes, Notice{l.T("web.access.taken_back", len(a.Withdrawn)), ""})
	}
	for i, shares := range [][]app.ShareProgress{a.Units, a.Reviewers} {
		for _, s := range shares {
			line := ShareLine{Name: s.Name, Lines: l.Number(s.Lines), Answered: l.Number(s.Answered), Portions: l.Number(s.Portions), State: v.shareState(s, running)}
			if i == 0 {
				p.Units = append(p.Units, line)
				continue
			}
			if line.Name = a.Titles.Of("person", s.Name); s.Name == "" {
				line.Name = l.T("web.access.nobody")
			}
			p.Judges = append(p.Judges, line)
		}
	}
	for _, one := range a.Portions {
		p.Portions = append(p.Portions, v.portionLine(one, a))
	}
	asked := slices.ContainsFunc(a.Portions, func(one app.PortionProgress) bool { return len(one.Signs) > 0 })
	if asked {
		p.Notes = append(p.Notes, Notice{l.T("web.access.signs"), ""})
	}
}

func (v *visit) shareState(s app.ShareProgress, running bool) Tag {
	l := v.lang
	switch {
	case s.Done == s.Portions:
		return Tag{l.T("web.access.done"), "good"}
	case !running:
		return Tag{l.T("web.access.not_handed_in"), "none"}
	case s.Answered == 0:
		return Tag{l.T("web.access.not_begun"), "warn"}
	}
	return Tag{l.T("web.access.under_way"), "info"}
}

func (v *visit) portionLine(one app.PortionProgress, a app.AccessReviewPage) PortionLine {
	l := v.lang
	line := PortionLine{Link: v.portionLink(one.Portion, a.May.Change), Reviewer: a.Titles.Of("person", string(one.Reviewer)), Lines: l.Number(one.Lines), Answered: l.Number(one.Answered)}
	switch {
	case one.DoneAt != "":
		line.State = Tag{l.T("web.access.handed_in", clock(one.DoneAt)[:10]), "good"}
	case a.Review.State != isms.AccessReviewOngoing:
		line.State = Tag{l.T("web.access.not_handed_in"), "none"}
	case one.Reviewer == "":
		line.State = Tag{l.T("web.access.nobody"), "bad"}
	case one.Astray:
		line.State = Tag{l.T("web.access.astray"), "bad"}
	case one.DueOn != "" && one.DueOn < a.Today:
		line.State = Tag{l.T("web.access.late", string(one.DueOn)), "warn"}
	case one.Answered == 0:
		line.State = Tag{l.T("web.access.not_begun"), "none"}
	default:
		line.State = Tag{l.T("web.access.under_way"), "info"}
	}
	if one.DelegatedOn != "" {
		line.Note = l.T("web.access.delegated", string(one.DelegatedOn), cmp.Or(a.Titles.Of("person", string(one.DelegatedBy)), l.T("web.hidden")))
	}
	if seconds, known := one.Pace.Seconds.Known(); known {
		line.Pace = l.T("web.access.pace", seconds)
	}
	for _, sign := range one.Signs {
		seconds, _ := one.Pace.Seconds.Known()
		args := map[string][]any{"quick": {seconds, one.Pace.Timed}, "run": {one.Pace.Run}, "bulk": {one.Pace.Bulk, one.Pace.Items}}[sign]
		line.Signs = append(line.Signs, l.T("web.access.sign."+sign, args...))
	}
	return line
}

// startAccess, cancelAccess and closeAccess are the review's own acts.
func (s *site) startAccess(v *visit) error {
	form, err := v.formOf("_rev", "_key")
	return v.accessAct(form, err, func(e app.Entry) error { return s.app.StartAccessReview(v.r.Context(), v.who, e, form["_key"]) })
}

func (s *site) cancelAccess(v *visit) error {
	form, err := v.formOf("_rev", "_key", "reason")
	return v.accessAct(form, err, func(e app.Entry) error {
		return s.app.CancelAccessReview(v.r.Context(), v.who, e, form["reason"], form["_key"])
	})
}

func (s *site) closeAccess(v *visit) error {
	form, err := v.formOf("_rev", "_key", "reason")
	return v.accessAct(form, err, func(e app.Entry) error {
		return s.app.CloseAccessReview(v.r.Context(), v.who, e, form["reason"], form["_key"])
	})
}

func (s *site) redealAccess(v *visit) error {
	form, err := v.formOf("_rev", "_key")
	return v.accessAct(form, err, func(e app.Entry) error {
		_, err := s.app.Redeal(v.r.Context(), v.who, "access_review", e.ID, form["_key"])
		return err
	})
}

func (s *site) remindAccess(v *visit) error {
	form, err := v.formOf("_rev", "_key")
	return v.accessAct(form, err, func(e app.Entry) error {
		_, err := s.app.RemindReviewers(v.r.Context(), v.who, e.ID, form["_key"])
		return err
	})
}

func (s *site) orderRemovals(v *visit) error {
	form, err := v.formOf("_rev", "_key")
	return v.accessAct(form, err, func(e app.Entry) error { return s.app.OrderRemovals(v.r.Context(), v.who, e.ID, form["_key"]) })
}

func (s *site) compareRemovals(v *visit) error {
	form, err := v.formOf("_rev", "_key", "list")
	return v.accessAct(form, err, func(app.Entry) error {
		_, err := s.app.CompareList(v.r.Context(), v.who, form["list"], form["_key"])
		return err
	})
}

func (v *visit) accessAct(form map[string]string, err error, do func(app.Entry) error) error {
	if err != nil {
		return err
	}
	rev, err := strconv.Atoi(form["_rev"])
	if err != nil || rev < 0 {
		return errForm
	}
	id := v.r.PathValue("id")
	err = do(app.Entry{ID: id, Rev: rev})
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return v.showAccessReview(http.StatusUnprocessableEntity, wrong, form["reason"])
	}
	return v.afterAct(err, accessAddress(id))
}

// removalFile sends the rows of a list that are to be taken away or changed.
func (s *site) removalFile(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	form := v.r.PathValue("form")
	kind := app.ExportTypes[form]
	if kind == "" {
		return isms.ErrNotFound
	}
	var b bytes.Buffer
	err := s.app.ExportRemovals(v.r.Context(), v.who, v.r.PathValue("id"), v.r.PathValue("list"), form, v.lang, &b)
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return v.showAccessReview(http.StatusUnprocessableEntity, wrong, "")
	}
	if err != nil {
		return err
	}
	return v.sendFile(kind, v.lang.T("web.access.file")+"."+form, b.Bytes())
}
