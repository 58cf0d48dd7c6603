// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"slices"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// ExaminePage is what does not hold together in a review, with the place to mend each.
type ExaminePage struct {
	Frame
	Open     []Finding
	Accepted []Finding
	Count    string
	Accept   bool
	Action   string
	Key      string
}

// A Finding is one thing that does not hold together.
type Finding struct {
	Key           string
	What, Why, To string // To is how to mend it
	Places        []Link
	Reason        string // why it was let stand
	Wrong         string // what is wrong with the reason that was just given
}

func (s *site) examine(v *visit) error {
	if _, err := v.query("as"); err != nil {
		return err
	}
	p, err := v.examinePage()
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "examine", p)
}

func (v *visit) examinePage() (*ExaminePage, error) {
	r, err := v.reading()
	if err != nil {
		return nil, err
	}
	p := &ExaminePage{Accept: r.May.Accept, Action: r.base + "/examine", Key: register.NewID()}
	r.dress(v, &p.Frame, v.lang.T("web.examine"))
	all, err := v.findings(r)
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		if f.Reason == "" {
			p.Open = append(p.Open, f)
		} else {
			p.Accepted = append(p.Accepted, f)
		}
	}
	p.Count = v.lang.T("web.examine.count", len(p.Open), len(p.Accepted))
	return p, nil
}

const mostPlaces = 10

// findings puts what the examination found into words, with links to the records to mend.
func (v *visit) findings(r *reading) ([]Finding, error) {
	wanted := map[string][]string{}
	for _, f := range r.Findings {
		for _, ref := range f.Of {
			wanted[ref.Kind] = append(wanted[ref.Kind], ref.ID)
		}
	}
	titles := app.Titles{}
	for kind, ids := range wanted {
		slices.Sort(ids)
		named, err := v.site.app.Names(v.r.Context(), v.who, kind, slices.Compact(ids))
		if err != nil {
			return nil, err
		}
		titles[kind] = named
	}
	var all []Finding
	for _, f := range r.Findings {
		row := Finding{Key: f.Key, Reason: f.Accepted}
		row.What, row.Why, row.To = f.Words(v.lang)
		for i, ref := range f.Of {
			if i == mostPlaces {
				row.Places = append(row.Places, Link{v.lang.T("web.examine.more", len(f.Of)-mostPlaces), "/r/" + ref.Kind})
				break
			}
			if t := titles.Of(ref.Kind, ref.ID); t != "" {
				row.Places = append(row.Places, Link{v.lang.T("web.examine.place", v.lang.T("register."+ref.Kind+".one"), t), v.place(r, f, ref.Kind, ref.ID)})
			}
		}
		all = append(all, row)
	}
	return all, nil
}

// place is where a finding is mended: the field itself, if the finding names one.
func (v *visit) place(r *reading, f app.Finding, kind, id string) string {
	switch {
	case kind == "review" && id == r.ReviewPage.Review.ID:
		return r.base
	case kind == f.Kind && f.Field != "" && !changedElsewhere[kind]:
		return address(kind, id) + "/edit#f-" + f.Field
	}
	return address(kind, id)
}

func (s *site) acceptFinding(v *visit) error {
	form, err := v.formOf("_key", "finding", "reason")
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	_, err = s.app.AcceptFinding(v.r.Context(), v.who, id, form["finding"], form["reason"], form["_key"])
	var wrong register.Wrongs
	if !errors.As(err, &wrong) {
		return v.afterAct(err, "/reviews/"+id+"/examine")
	}
	p, err := v.examinePage()
	if err != nil {
		return err
	}
	p.Failed = true
	for i := range p.Open {
		if p.Open[i].Key == form["finding"] {
			p.Open[i].Wrong = v.lang.T("wrong."+wrong[0].Code, wrong[0].Args...)
		}
	}
	return v.show(http.StatusUnprocessableEntity, "examine", p)
}

// DecidePage is where the head decides a review, with what does not hold together in sight.
type DecidePage struct {
	Frame
	Summary  *Summary
	Findings []Finding
	FourEyes string // that author and decider are the same, "" when they are not
	Day      string
	Rev      int
	Key      string
	Action   string
	Back     string
}

func (s *site) decideForm(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	p, err := v.decidePage()
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "decide", p)
}

func (v *visit) decidePage() (*DecidePage, error) {
	r, err := v.reading()
	if err != nil {
		return nil, err
	}
	review := r.ReviewPage.Review
	switch {
	case r.Frozen != nil:
		return nil, isms.ErrFrozen
	case !r.May.Decide:
		return nil, isms.ErrForbidden
	}
	p := &DecidePage{Day: string(v.site.app.Today()), Rev: review.Rev, Key: register.NewID(), Action: r.base + "/decide", Back: r.base}
	r.dress(v, &p.Frame, v.lang.T("web.decide"))
	if string(review.Author) == v.who.Person {
		p.FourEyes = v.lang.T("web.decide.same")
	}
	all, err := v.findings(r)
	p.Findings = slices.DeleteFunc(all, func(f Finding) bool { return f.Reason != "" })
	return p, err
}

func (s *site) decide(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	confirmed := form["confirm"]
	form.Del("confirm")
	own, err := single(form, []string{"_rev", "_key", "decided_on"}, errForm)
	if err != nil {
		return err
	}
	rev, err := number(own["_rev"])
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	err = s.app.Decide(v.r.Context(), v.who, app.Decision{Review: id, Rev: rev, DecidedOn: register.Day(own["decided_on"]), Confirm: confirmed, Key: own["_key"]})
	var wrong register.Wrongs
	if !errors.As(err, &wrong) {
		if err != nil {
			return v.afterAct(err, "/reviews/"+id)
		}
		return v.goTo("/reviews/" + id + "/frozen")
	}
	p, err := v.decidePage()
	if err != nil {
		return err
	}
	p.Failed = true
	p.Day = own["decided_on"]
	p.Summary = summarize(v.lang, register.Of[isms.Review](), wrong)
	for i, w := range wrong {
		if w.Field == "confirm" {
			p.Summary.Items[i] = Link{v.lang.T("wrong."+w.Code, w.Args...), "#findings"}
		}
	}
	return v.show(http.StatusUnprocessableEntity, "decide", p)
}

func (s *site) publish(v *visit) error {
	form, err := v.formOf("_key")
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	return v.afterAct(s.app.Publish(v.r.Context(), v.who, id, form["_key"]), "/reviews/"+id)
}

func (s *site) correct(v *visit) error {
	form, err := v.formOf("_key", "reason")
	if err != nil {
		return err
	}
	id, err := s.app.Correct(v.r.Context(), v.who, v.r.PathValue("id"), form["reason"], form["_key"])
	return v.afterAct(err, "/reviews/"+id)
}
