// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/report"
)

// yearText writes a year, which is a name and not a number to group.
func yearText(year int) string { return strconv.Itoa(year) }

// ReviewsPage lists the management reviews.
type ReviewsPage struct {
	Frame
	List []ReviewRow
	New  string
}

// A ReviewRow is one review.
type ReviewRow struct {
	Link
	Unit    string
	State   Tag
	AsOf    string
	Dnr     string
	Decided string
}

func (s *site) reviews(v *visit) error {
	if _, err := v.query("as"); err != nil {
		return err
	}
	p := &ReviewsPage{}
	p.Title = v.lang.T("web.reviews")
	q := app.Query{Sort: "year", Desc: true, Limit: 500}
	t, err := s.app.List(v.r.Context(), v.who, "review", q)
	if err != nil {
		return err
	}
	for _, rec := range t.Records {
		r := rec.(*isms.Review)
		p.List = append(p.List, ReviewRow{Link{reviewName(v, r), "/reviews/" + r.ID}, t.Titles.Of("unit", r.Unit), reviewState(v, r.State), string(r.AsOf), r.Dnr,
			string(r.DecidedOn)})
	}
	if len(t.CreateIn) > 0 {
		p.New = "/reviews/new"
	}
	return v.show(http.StatusOK, "reviews", p)
}

// reviewName is a review's year, with its version if it is a correction.
func reviewName(v *visit, r *isms.Review) string {
	if r.Version > 1 {
		return v.lang.T("web.review.version", yearText(r.Year), yearText(r.Version))
	}
	return v.lang.T("web.review.name", yearText(r.Year))
}

func reviewState(v *visit, state isms.ReviewState) Tag {
	f, _ := register.Of[isms.Review]().Field("state")
	c := choice(v.lang, f, string(state))
	return Tag{c.Text, c.Tag}
}

// NewReviewPage starts a review.
type NewReviewPage struct {
	Frame
	Summary *Summary
	Fields  []FormField
	Key     string
}

var newReviewNames = []string{"unit", "year", "template", "instruction", "dnr", "as_of", "contact"}

func (s *site) newReview(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	year := s.app.Today().Year()
	given := map[string]string{"year": yearText(year), "as_of": string(s.app.Today())}
	return v.showNewReview(http.StatusOK, given, nil)
}

func (v *visit) showNewReview(status int, given map[string]string, wrong register.Wrongs) error {
	t, err := v.site.app.List(v.r.Context(), v.who, "review", app.Query{Limit: 1})
	if err != nil {
		return err
	}
	if len(t.CreateIn) == 0 {
		return isms.ErrForbidden
	}
	units, err := v.units()
	if err != nil {
		return err
	}
	l := v.lang
	p := &NewReviewPage{Key: register.NewID()}
	p.Title = l.T("web.review.new")
	p.Crumbs = []Link{{l.T("web.reviews"), "/reviews"}}
	schema := register.Of[isms.Review]()
	for _, name := range newReviewNames {
		f := FormField{Name: name, Kind: "text", Width: "w-mid", Value: given[name], Max: 120, None: l.T("web.form.none")}
		if name == "unit" {
			f.Label, f.Help, f.Kind, f.Required = l.T("web.unit"), l.T("web.unit.help"), "choice", true
			for _, u := range units {
				if slices.Contains(t.CreateIn, u.Value) {
					f.Options = append(f.Options, Option{u.Value, u.Text, u.Value == given[name] || given[name] == "" && u.Value == v.home(units)})
				}
			}
		} else {
			field, _ := schema.Field(name)
			f.Label, f.Help, f.Required = label(l, schema, field), l.T("review."+name+".help"), field.Required
			if err := f.reviewWidget(v, field, given[name]); err != nil {
				return err
			}
		}
		if !f.Required {
			f.Optional = l.T("web.form.optional")
		}
		for _, w := range wrong {
			if w.Field == name {
				f.Wrong = l.T("wrong."+w.Code, w.Args...)
			}
		}
		p.Fields = append(p.Fields, f)
	}
	p.Summary = summarize(l, schema, wrong)
	p.Failed = p.Summary != nil
	return v.show(status, "newreview", p)
}

func (f *FormField) reviewWidget(v *visit, field register.Field, value string) error {
	switch field.Name {
	case "template":
		f.Kind, f.Required = "choice", false
		for _, t := range report.Templates() {
			f.Options = append(f.Options, Option{t.Key, t.Name[string(v.lang)], t.Key == value})
		}
	case "instruction":
		f.Kind = "choice"
		options, _, err := v.site.app.Options(v.r.Context(), v.who, "instruction", "")
		if err != nil && !errors.Is(err, isms.ErrNotFound) {
			return err
		}
		for _, o := range options {
			f.Options = append(f.Options, Option{o.ID, o.Title, o.ID == value})
		}
	case "as_of":
		f.Kind, f.Shape = "date", v.lang.T("web.form.day_shape")
	case "year":
		f.Kind, f.Width = "number", "w-short"
	}
	return nil
}

func (s *site) startReview(v *visit) error {
	form, err := v.formOf(append([]string{"_key"}, newReviewNames...)...)
	if err != nil {
		return err
	}
	year, err := strconv.Atoi(form["year"])
	var wrong register.Wrongs
	id := ""
	switch {
	case err != nil:
		wrong = register.Wrongs{{Field: "year", Code: "number", Args: []any{form["year"]}}}
	default:
		id, err = s.app.StartReview(v.r.Context(), v.who, app.NewReview{Unit: form["unit"], Year: year, Template: form["template"], Instruction: form["instruction"],
			Dnr: form["dnr"], AsOf: register.Day(form["as_of"]), Contact: form["contact"], Key: form["_key"]})
		errors.As(err, &wrong)
	}
	if len(wrong) > 0 {
		return v.showNewReview(http.StatusUnprocessableEntity, form, wrong)
	}
	if err != nil {
		return err
	}
	return v.goTo("/reviews/" + id)
}

// A reading is a review with what its pages have in common.
type reading struct {
	app.ReviewPage
	base string
}

func (v *visit) reading() (*reading, error) {
	id := v.r.PathValue("id")
	p, err := v.site.app.Review(v.r.Context(), v.who, id, v.lang)
	return &reading{p, "/reviews/" + id}, err
}

// dress gives a page of the review its title and the way to it.
func (r *reading) dress(v *visit, f *Frame, title string) {
	f.Title = title
	f.Place = r.Unit.Name
	f.Crumbs = []Link{{v.lang.T("web.reviews"), "/reviews"}, {reviewName(v, &r.ReviewPage.Review), r.base}}
}

// ReviewPage is a review: how far it has come, its sections, and what can be done next.
type ReviewPage struct {
	Frame
	State    Tag
	Steps    []Step
	Facts    []Fact
	Sections []SectionRow
	Inputs   []InputRow
	Open     string // how many findings stand, in words; "" when none does
	Rev      int
	Key      string
	Advance  []Link // URL is the state to go to
	Decide   string
	Publish  string
	Correct  string
	Frozen   string
	Base     string
	Edit     string // where the review's own fields are
	Files    []Link
	Heard    string // how many have taken part
	Versions []Link
}

// A Step is a state on a review's way: past, current or to come.
type Step struct {
	Text    string
	Past    bool
	Current bool
}

// A SectionRow is a section of a review in its table of contents.
type SectionRow struct {
	Link
	Sub   bool
	State Tag // of the own text
	Facts string
}

// An InputRow is something the standard asks a review to take up, and where it is.
type InputRow struct {
	Text     string
	Sections []Link
}

func (s *site) review(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	r, err := v.reading()
	if err != nil {
		return err
	}
	review := &r.ReviewPage.Review
	p := &ReviewPage{State: reviewState(v, review.State), Rev: review.Rev, Key: register.NewID(), Base: r.base}
	r.dress(v, &p.Frame, reviewName(v, review))
	p.Crumbs = p.Crumbs[:1]
	p.steps(v, review.State)
	p.Facts = reviewFacts(v, r)
	p.sections(v, r)
	if n := unaccepted(r.Findings); n > 0 {
		p.Open = v.lang.T("web.review.findings", n)
	}
	p.Heard = v.lang.T("web.review.heard", len(r.Consultations))
	p.acts(v, r)
	for _, other := range r.Versions {
		if other.ID != review.ID {
			p.Versions = append(p.Versions, Link{reviewName(v, &other), "/reviews/" + other.ID})
		}
	}
	return v.show(http.StatusOK, "review", p)
}

func (p *ReviewPage) steps(v *visit, now isms.ReviewState) {
	all := now.Choices()
	at := slices.Index(all, string(now))
	for i, state := range all {
		p.Steps = append(p.Steps, Step{reviewState(v, isms.ReviewState(state)).Text, i < at, i == at})
	}
}

// reviewFacts lists what is known of the review itself.
func reviewFacts(v *visit, r *reading) []Fact {
	review := &r.ReviewPage.Review
	schema := register.Of[isms.Review]()
	var all []Fact
	for _, name := range []string{"as_of", "dnr", "instruction", "author", "contact", "corrects", "correction", "decided_by", "decided_on"} {
		f, _ := schema.Field(name)
		if list := values(v.lang, f, review, r.Titles, v.site.app.Today()); len(list) > 0 {
			all = append(all, Fact{label(v.lang, schema, f), list})
		}
	}
	return all
}

func (p *ReviewPage) sections(v *visit, r *reading) {
	state, _ := register.Of[isms.ReviewSection]().Field("state")
	titles := map[string]string{}
	for _, s := range r.Doc.Sections {
		row := SectionRow{Link: Link{s.Title(), r.base + "/s/" + s.Key}, Sub: s.Level > 1}
		titles[s.Key] = s.Title()
		facts := 0
		for _, b := range s.Blocks {
			if !b.Own {
				facts++
			}
		}
		if facts > 0 {
			row.Facts = v.lang.T("web.review.facts", facts)
		}
		if s.OwnText {
			kept := "empty"
			if t, ok := r.Own[s.Key]; ok {
				kept = string(t.State)
			}
			c := choice(v.lang, state, kept)
			row.State = Tag{c.Text, c.Tag}
		}
		p.Sections = append(p.Sections, row)
	}
	for _, c := range r.Doc.Coverage {
		row := InputRow{Text: v.lang.T("report.iso." + c.Input)}
		for _, key := range c.Sections {
			row.Sections = append(row.Sections, Link{titles[key], r.base + "/s/" + key})
		}
		p.Inputs = append(p.Inputs, row)
	}
}

func unaccepted(findings []app.Finding) int {
	n := 0
	for _, f := range findings {
		if f.Accepted == "" {
			n++
		}
	}
	return n
}

// acts offers what the actor may do with the review as it is.
func (p *ReviewPage) acts(v *visit, r *reading) {
	if r.May.Advance {
		for _, next := range r.Next {
			if !next.Frozen() {
				p.Advance = append(p.Advance, Link{v.lang.T("web.review.to." + string(next)), string(next)})
			}
		}
	}
	if r.May.Change {
		p.Edit = address("review", r.ReviewPage.Review.ID) + "/edit"
	}
	if r.May.Decide {
		p.Decide = r.base + "/decide"
	}
	if r.May.Publish {
		p.Publish = r.base + "/publish"
	}
	if r.May.Correct {
		p.Correct = r.base + "/correct"
	}
	if r.Frozen != nil {
		p.Frozen = r.base + "/frozen"
	}
	for _, kind := range documentKinds {
		p.Files = append(p.Files, Link{v.lang.T("web.document." + kind.name), r.base + "/document/" + kind.name})
	}
}

func (s *site) advance(v *visit) error {
	form, err := v.formOf("_rev", "_key", "to")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	err = s.app.Advance(v.r.Context(), v.who, id, rev, isms.ReviewState(form["to"]), form["_key"])
	return v.afterAct(err, "/reviews/"+id)
}

// afterAct goes to the page after an act on something that others may have changed meanwhile.
func (v *visit) afterAct(err error, page string) error {
	if errors.Is(err, isms.ErrStale) {
		return v.message(http.StatusConflict, "web.stale_act", Link{v.lang.T("web.stale_act.next"), page})
	}
	if err != nil {
		return err
	}
	return v.goTo(page)
}
