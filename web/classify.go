// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// ClassifyPage is the work of classification: what is under way, and where to begin.
type ClassifyPage struct {
	Frame
	Said   string
	Plan   bool          // the plan is for those who see all that it is counted from
	Start  []OptionGroup // what can be classified, for those who may
	Groups []Waiting
}

// OptionGroup is choices under a heading.
type OptionGroup struct {
	Text    string
	Options []Option
}

// classifyGroups are the states that classifications wait in, what waits longest for people first.
var classifyGroups = []isms.ClassificationState{isms.ClassificationInWorkshop, isms.ClassificationProposed, isms.ClassificationPlanned}

func (s *site) classify(v *visit) error {
	q, err := v.query("said")
	if err != nil {
		return err
	}
	p := &ClassifyPage{}
	if q["said"] == "referred" {
		p.Said = v.lang.T("web.classify.stop.said")
	}
	p.Title = v.lang.T("web.classify")
	sees, _ := s.app.Sees(v.who)
	p.Plan = sees["review"]
	t, err := v.listed("classification", map[string][]string{"state": {"in_workshop", "proposed", "planned"}}, "")
	if err != nil {
		return err
	}
	for _, state := range classifyGroups {
		g := Waiting{ID: string(state), Text: v.lang.T("web.classify.group." + string(state))}
		for _, rec := range t.Records {
			if c := rec.(*isms.Classification); c.State == state {
				g.List = append(g.List, v.underWay(c, t.Titles))
			}
		}
		p.add(v, g, "/r/classification?state="+string(state))
	}
	again, err := v.waitingAgain()
	if err != nil {
		return err
	}
	p.add(v, Waiting{ID: "again", Text: v.lang.T("web.classify.group.again"), List: again}, "")
	others, err := v.otherModels(t)
	if err != nil {
		return err
	}
	p.add(v, Waiting{ID: "other_model", Text: v.lang.T("web.classify.group.other_model"), List: others}, "")
	if len(t.CreateIn) > 0 {
		if p.Start, err = v.classifiable(); err != nil {
			return err
		}
	}
	return v.show(http.StatusOK, "classify", p)
}

func (p *ClassifyPage) add(v *visit, g Waiting, all string) {
	if len(g.List) == 0 {
		return
	}
	g.Count = v.lang.Number(len(g.List))
	if len(g.List) > mostTodos && all != "" {
		g.List, g.More = g.List[:mostTodos], &Link{v.lang.T("web.start.all", len(g.List)), all}
	}
	p.Groups = append(p.Groups, g)
}

// underWay is a classification that is not decided, with the page where it is gone on with.
func (v *visit) underWay(c *isms.Classification, titles app.Titles) Todo {
	l := v.lang
	kind, id := c.Object()
	todo := Todo{Link: Link{titles.Of(kind, id), "/classify/" + c.ID}}
	if todo.Text == "" {
		todo.Text = l.T("register.classification.one")
	}
	parts := []string{l.T("register." + kind + ".one"), titles.Of("unit", c.Unit)}
	switch c.State {
	case isms.ClassificationProposed:
		todo.URL += "/decide"
		todo.Day = Tag{c.Title(), "info"}
		if c.ProposedOn != "" {
			parts = append(parts, l.T("web.classify.proposed_on", string(c.ProposedOn)))
		}
	case isms.ClassificationInWorkshop:
		todo.Day = Tag{l.T("web.classify.so_far", c.Title()), "info"}
		if c.Profile() == (isms.Profile{}) {
			todo.Day = Tag{l.T("web.classify.not_judged"), "none"}
		}
		if leader := titles.Of("person", string(c.Leader)); leader != "" {
			parts = append(parts, l.T("web.classify.led_by", leader))
		}
	}
	todo.Why = strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
	return todo
}

// classifiableKinds are the registers whose records can be classified.
var classifiableKinds = []string{"system", "information_set", "process", "information_type"}

// classifiable are the systems, sets, processes and types that the person can see, to choose from.
func (v *visit) classifiable() ([]OptionGroup, error) {
	var all []OptionGroup
	for _, kind := range classifiableKinds {
		where := map[string][]string{}
		if kind == "system" {
			where["lifecycle"] = []string{"in_use", "planned"}
		}
		t, err := v.listed(kind, where, "name")
		if errors.Is(err, isms.ErrNotFound) || errors.Is(err, isms.ErrForbidden) {
			continue
		}
		if err != nil {
			return nil, err
		}
		g := OptionGroup{Text: v.lang.T("register." + kind)}
		for _, rec := range t.Records {
			g.Options = append(g.Options, Option{Value: kind + ":" + rec.Head().ID, Text: t.Schema.Title(rec)})
		}
		if len(g.Options) > 0 {
			all = append(all, g)
		}
	}
	return all, nil
}

// ClassifyNewPage chooses what a workshop classifies: of a system, its sets.
type ClassifyNewPage struct {
	Frame
	Kicker  string
	Summary *Summary
	Key     string
	Object  string
	Help    string
	Things  []Thing
	Fields  []FormField
}

// A Thing is an object that can be classified, with what is known of it.
type Thing struct {
	Option
	Marks []Mark
	Note  string
}

// mostAtOnce is how many sets one workshop is begun with. A system with more is not done in a day.
const mostAtOnce = 50

func (s *site) classifyNew(v *visit) error {
	q, err := v.query("object")
	if err != nil {
		return err
	}
	p, err := v.newWorkshop(q["object"])
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "classify-new", p)
}

// newWorkshop is the form for beginning with an object, given as KIND:ID.
func (v *visit) newWorkshop(object string) (*ClassifyNewPage, error) {
	kind, id, _ := strings.Cut(object, ":")
	if !slices.Contains(classifiableKinds, kind) {
		return nil, isms.ErrNotFound
	}
	rec, err := v.site.app.Get(v.r.Context(), v.who, kind, id)
	if err != nil {
		return nil, err
	}
	if may, err := v.mayCreate("classification", rec.Entity.Head().Unit); err != nil || !may {
		return nil, errors.Join(err, isms.ErrForbidden)
	}
	l := v.lang
	p := &ClassifyNewPage{Kicker: l.T("register." + kind + ".one"), Key: register.NewID(), Object: object}
	p.Title = l.T("web.classify.new", rec.Title)
	p.Crumbs = []Link{{l.T("web.classify"), "/classify"}}
	p.Place = rec.Titles.Of("unit", rec.Entity.Head().Unit)
	found := latest{}
	if err := found.read(v, kind, id); err != nil {
		return nil, err
	}
	if kind == "system" {
		sets, names, err := v.setsOf(id)
		if err == nil {
			err = found.read(v, "information_set", sets...)
		}
		if err != nil {
			return nil, err
		}
		for _, set := range sets {
			p.Things = append(p.Things, v.thing("information_set", set, names.Of("information_set", set), found))
		}
		p.Help = l.T("web.classify.new.sets")
		if len(p.Things) == 0 {
			p.Help = l.T("web.classify.new.no_sets")
		}
	}
	self := v.thing(kind, id, rec.Title, found)
	if self.Note == "" {
		self.Note = l.T("register." + kind + ".one")
	}
	self.Chosen = len(p.Things) == 0
	p.Things = append(p.Things, self)
	p.Fields = []FormField{
		{Name: "participants", Label: l.T("classification.participants"), Help: l.T("web.classify.participants.help"), Kind: "prose", Optional: l.T("web.form.optional")},
		{Name: "model", Label: l.T("classification.model"), Help: l.T("web.classify.model.help"), Kind: "choice", Width: "w-mid", None: l.T("model." + isms.CurrentModel)},
	}
	for _, m := range isms.Models() {
		if m.Version != isms.CurrentModel {
			p.Fields[1].Options = append(p.Fields[1].Options, Option{Value: m.Version, Text: l.T("model." + m.Version)})
		}
	}
	return p, nil
}

// A latest holds, by object, the classification that counts for what is to be done with it: one under way, or else the one decided last.
type latest map[isms.Step]*isms.Classification

// mostAsked is how many objects a list is asked about at once.
const mostAsked = 100

// read adds the objects' classifications.
func (found latest) read(v *visit, kind string, ids ...string) error {
	for chunk := range slices.Chunk(ids, mostAsked) {
		for _, states := range [][]string{{"decided"}, {"in_workshop", "proposed", "planned"}} {
			t, err := v.listed("classification", map[string][]string{objectField(kind): chunk, "state": states}, "decided_on")
			if err != nil {
				return err
			}
			for _, rec := range t.Records {
				c := rec.(*isms.Classification)
				kind, id := c.Object()
				found[isms.Step{Kind: kind, ID: id}] = c
			}
		}
	}
	return nil
}

// objectField is the field of a classification or a place that names an object of the register.
func objectField(kind string) string {
	switch kind {
	case "information_set":
		return "set"
	case "information_type":
		return "type"
	}
	return kind
}

// setsOf lists the sets that the system holds.
func (v *visit) setsOf(system string) (ids []string, names app.Titles, err error) {
	t, err := v.listed("information_set", map[string][]string{"systems": {system}}, "name")
	if errors.Is(err, isms.ErrNotFound) {
		return nil, nil, nil
	}
	names = app.Titles{"information_set": {}}
	for _, rec := range t.Records {
		ids = append(ids, rec.Head().ID)
		names["information_set"][rec.Head().ID] = t.Schema.Title(rec)
	}
	return ids, names, err
}

// thing offers an object, chosen beforehand unless it has a valid classification or waits for a decision.
func (v *visit) thing(kind, id, name string, found latest) Thing {
	t := Thing{Option: Option{Value: kind + ":" + id, Text: name, Chosen: true}}
	if c := found[isms.Step{Kind: kind, ID: id}]; c != nil {
		t.Marks, t.Note = marks(v.lang, *c), v.standing(c)
		t.Chosen = c.State != isms.ClassificationProposed && !c.Valid(v.site.app.Today())
	}
	return t
}

// standing is where a classification is on its way, in words.
func (v *visit) standing(c *isms.Classification) string {
	if c.Decided(v.site.app.Today()) && !c.Valid(v.site.app.Today()) {
		return v.lang.T("web.classify.expired", string(c.ValidUntil))
	}
	return v.lang.T("choice.classification_state." + string(c.State))
}

func (s *site) startWorkshop(v *visit) error {
	sent, err := v.form()
	if err != nil {
		return err
	}
	objects := sent["objects"]
	sent.Del("objects")
	form, err := single(sent, []string{"_key", "object", "participants", "model"}, errForm)
	if err != nil {
		return err
	}
	var wrong register.Wrongs
	if len(objects) == 0 || len(objects) > mostAtOnce {
		wrong = register.Wrongs{{Code: "objects", Args: []any{mostAtOnce}}}
	}
	first := ""
	for _, object := range objects[:min(len(objects), mostAtOnce)] {
		kind, id, _ := strings.Cut(object, ":")
		made, err := s.app.StartWorkshop(v.r.Context(), v.who, app.NewWorkshop{Kind: kind, ID: id, Model: form["model"], Key: form["_key"] + id})
		if err == nil {
			err = v.attend(made, form["participants"], form["_key"])
		}
		if errors.As(err, &wrong) {
			break
		}
		if err != nil {
			return err
		}
		if first == "" {
			first = made
		}
	}
	if len(wrong) > 0 {
		p, err := v.newWorkshop(form["object"])
		if err != nil {
			return err
		}
		p.again(v, objects, form, wrong)
		return v.show(http.StatusUnprocessableEntity, "classify-new", p)
	}
	return v.goTo("/classify/" + first + in(form["object"]) + "#judge")
}

// attend notes who takes part in a workshop that nobody is noted in.
func (v *visit) attend(id, participants, key string) error {
	if participants == "" {
		return nil
	}
	c, _, err := v.classification(id)
	if err != nil || c.Participants != "" {
		return err
	}
	j := c.Judgement(isms.Confidentiality)
	_, err = v.site.app.SaveAspect(v.r.Context(), v.who, app.AspectSave{ID: id, Rev: c.Rev, Aspect: isms.Confidentiality, Level: j.Level, By: levelsBy(j),
		Motive: j.Motive, Participants: &participants, Key: key + id + "p"})
	return err
}

// again fills in what was sent.
func (p *ClassifyNewPage) again(v *visit, objects []string, form map[string]string, wrong register.Wrongs) {
	p.Summary = summarize(v.lang, register.Of[isms.Classification](), wrong)
	p.Failed = true
	for i := range p.Things {
		p.Things[i].Chosen = slices.Contains(objects, p.Things[i].Value)
	}
	p.Fields[0].Value = form["participants"]
	for i, o := range p.Fields[1].Options {
		p.Fields[1].Options[i].Chosen = o.Value == form["model"]
	}
}
