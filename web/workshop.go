// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
)

// WorkshopPage is one object in a workshop: one aspect at a time, or all at once, on a screen that a group looks at.
type WorkshopPage struct {
	Frame
	Kicker, About string
	Summary       *Summary
	Clash         []Difference // somebody else judged the same: Was is theirs, Is is mine
	Said          string
	Action, Self  string
	Now           string // where the script asks whether somebody else has saved
	Rev           int
	Key, In, View string
	Ways          []Link
	Tabs          []AspectTab
	One           bool // one aspect is judged
	Asked         []Question
	Heads         []Tag // the levels
	Rows          []CriterionRow
	Stop          string // where to go when the information may concern Sweden's security
	StopText      string
	Meeting       *Meeting
	Buttons       []Button
	Quick
	SeriesText string
	Series     []SeriesItem
}

// AspectTab is an aspect with its level so far.
type AspectTab struct {
	Link
	Mark    Mark
	Current bool
}

// A Question is an aspect that the page judges.
type Question struct {
	Name, Code, Question string
	Mark                 Mark
	Because              string
	MotiveLabel, Motive  string
}

// CriterionRow is one kind of consequence with what each level means.
type CriterionRow struct {
	Category, Name string
	Cells          []CriterionCell
}

// CriterionCell is one level of one kind of consequence, with a radio button for each aspect judged.
type CriterionCell struct {
	Class, Text, Criterion string
	Picks                  []Pick
}

// A Pick is a radio button.
type Pick struct {
	Name, Value, Code, Label string
	Class, Text, Criterion   string
	Checked                  bool
}

// Meeting is what is noted of the workshop itself.
type Meeting struct {
	Open   bool
	Fields []FormField
}

// A Button sends the form, and says where to go then.
type Button struct {
	Value, Text string
	First       bool
}

// Quick is the short ways to a result.
type Quick struct {
	MayType     bool
	TypeAction  string
	Typed       string
	Common      []Link // the set's common types with their results
	Reuse       string // the highest of them
	ReuseText   string
	ReuseMotive string
}

// SeriesItem is another object of the same workshop.
type SeriesItem struct {
	Link
	Marks   []Mark
	State   string
	Current bool
}

// A workshop is the classification that a page shows, with what belongs to it.
type workshop struct {
	*isms.Classification
	rec        app.Record
	model      isms.ClassificationModel
	base       string
	in         string // the object, KIND:ID, whose sets are classified in a row
	aspect     isms.Aspect
	all        bool
	kind, id   string
	name       string
	series     []SeriesItem
	place      int // in series, -1 outside it
	seriesText string
}

// in carries the object that a workshop was begun from.
func in(object string) string {
	if object == "" {
		return ""
	}
	return "?in=" + url.QueryEscape(object)
}

// classification reads a classification that the actor may see.
func (v *visit) classification(id string) (*isms.Classification, app.Record, error) {
	rec, err := v.site.app.Get(v.r.Context(), v.who, "classification", id)
	if err != nil {
		return nil, rec, err
	}
	return rec.Entity.(*isms.Classification), rec, nil
}

// allAspects is the view with all aspects beside each other.
const allAspects = "all"

// workshop reads the classification with the id, to be judged in a view: an aspect, all of them, or "" for the first that is not judged.
func (v *visit) workshop(id, from, view string) (*workshop, error) {
	c, rec, err := v.classification(id)
	if err != nil {
		return nil, err
	}
	w := &workshop{Classification: c, rec: rec, model: modelOf(*c), base: "/classify/" + id, in: from, place: -1}
	w.kind, w.id = c.Object()
	if w.name = rec.Titles.Of(w.kind, w.id); w.name == "" {
		w.name = v.lang.T("register." + w.kind + ".one")
	}
	switch {
	case view == allAspects:
		w.all = true
	case view == "":
		w.aspect = w.first()
	default:
		w.aspect = isms.Aspect(view)
		if !slices.ContainsFunc(w.model.Aspects, func(a isms.ModelAspect) bool { return a.Aspect == w.aspect }) {
			return nil, errQuery
		}
	}
	return w, v.inSeries(w)
}

// first is the aspect that comes next: the first compulsory one that is not judged, or else the first of all.
func (w *workshop) first() isms.Aspect {
	for _, a := range isms.Aspects() {
		if w.model.Compulsory(a) && w.Judgement(a).Level == "" {
			return a
		}
	}
	return isms.Aspects()[0]
}

// kept is the view that goes with the workshop from one object to the next: all aspects, where those are looked at.
func (w *workshop) kept() string {
	if w.all {
		return allAspects
	}
	return ""
}

// after is the aspect that follows in the model, "" after the last.
func (w *workshop) after(a isms.Aspect) isms.Aspect {
	i := slices.IndexFunc(w.model.Aspects, func(m isms.ModelAspect) bool { return m.Aspect == a })
	if i < 0 || i+1 >= len(w.model.Aspects) {
		return ""
	}
	return w.model.Aspects[i+1].Aspect
}

// judged reports whether every compulsory aspect has a level.
func (w *workshop) judged() bool {
	return !slices.ContainsFunc(isms.Aspects(), func(a isms.Aspect) bool { return w.model.Compulsory(a) && w.Judgement(a).Level == "" })
}

func (w *workshop) address(id, view string) string {
	q := url.Values{}
	if w.in != "" {
		q.Set("in", w.in)
	}
	if view != "" {
		q.Set("view", view)
	}
	if len(q) == 0 {
		return "/classify/" + id
	}
	return "/classify/" + id + "?" + q.Encode()
}

// inSeries finds the other sets of the system that the workshop was begun from, or of the set's own system where it has only one.
func (v *visit) inSeries(w *workshop) error {
	kind, system, _ := strings.Cut(w.in, ":")
	if w.in == "" && w.kind == "information_set" {
		set, err := v.site.app.Get(v.r.Context(), v.who, w.kind, w.id)
		if err != nil {
			return err
		}
		if s := set.Entity.(*isms.InformationSet); len(s.Systems) == 1 {
			kind, system = "system", string(s.Systems[0])
			w.in = kind + ":" + system
		}
	}
	if kind != "system" {
		return nil
	}
	rec, err := v.site.app.Get(v.r.Context(), v.who, "system", system)
	if errors.Is(err, isms.ErrNotFound) {
		w.in = ""
		return nil
	}
	if err != nil {
		return err
	}
	sets, names, err := v.setsOf(system)
	if err != nil {
		return err
	}
	found := latest{}
	if err := found.read(v, "information_set", sets...); err != nil {
		return err
	}
	if err := found.read(v, "system", system); err != nil {
		return err
	}
	for _, set := range sets {
		w.item(v, "information_set", set, names.Of("information_set", set), found)
	}
	if c := found[isms.Step{Kind: "system", ID: system}]; c != nil && c.State != isms.ClassificationDecided {
		w.item(v, "system", system, rec.Title, found)
	}
	w.seriesText = v.lang.T("web.classify.series", rec.Title)
	return nil
}

func (w *workshop) item(v *visit, kind, id, name string, found latest) {
	item := SeriesItem{Link: Link{name, "/classify/new?object=" + url.QueryEscape(kind+":"+id)}}
	c := found[isms.Step{Kind: kind, ID: id}]
	switch {
	case c == nil:
		item.State = v.lang.T("web.classify.not_begun")
	case c.State == isms.ClassificationInWorkshop || c.State == isms.ClassificationPlanned:
		item.URL = w.address(c.ID, w.kept())
	case c.State == isms.ClassificationProposed:
		item.URL = "/classify/" + c.ID + "/decide"
	default:
		item.URL = address("classification", c.ID)
	}
	if c != nil {
		item.Marks, item.State = marks(v.lang, *c), v.standing(c)
	}
	if c != nil && c.ID == w.ID {
		item.Current, w.place = true, len(w.series)
	}
	w.series = append(w.series, item)
}

// nextSet is where the workshop goes after this object: the next of the series that is in workshop, "" after the last.
func (w *workshop) nextSet(v *visit) (name, to string) {
	working := v.lang.T("choice.classification_state.in_workshop")
	for i := 1; i < len(w.series); i++ {
		s := w.series[(max(w.place, 0)+i)%len(w.series)]
		if s.State == working && !s.Current {
			return s.Text, s.URL
		}
	}
	return "", ""
}

func (s *site) workshopPage(v *visit) error {
	q, err := v.query("in", "view", "said")
	if err != nil {
		return err
	}
	w, err := v.workshop(v.r.PathValue("id"), q["in"], q["view"])
	if err != nil {
		return err
	}
	if !w.rec.May.Change || w.Retired != "" {
		return v.goTo(address("classification", w.ID))
	}
	switch w.State {
	case isms.ClassificationPlanned: // is begun first, with those who take part
		return v.goTo("/classify/new?object=" + url.QueryEscape(w.kind+":"+w.id))
	case isms.ClassificationProposed:
		return v.goTo(w.base + "/decide")
	case isms.ClassificationDecided, isms.ClassificationSuperseded:
		return v.goTo(address("classification", w.ID))
	}
	p, err := v.judging(w)
	if err != nil {
		return err
	}
	if q["said"] == "saved" {
		p.Said = v.lang.T("web.classify.saved")
	}
	return v.show(http.StatusOK, "classify-set", p)
}
