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

// ClassifyModelPage moves a decided classification to another version of the model: what each level becomes, before anything is proposed.
type ClassifyModelPage struct {
	Frame
	Kicker, Lead string
	Summary      *Summary
	Not          string // why it cannot be moved, in words
	Action, Back string
	Key          string
	Moves        []Move
}

// A Move is one model that the classification can be moved to.
type Move struct {
	ID, Version, Name string
	Aspects           []MovedAspect
}

// MovedAspect is what the level of one aspect becomes.
type MovedAspect struct {
	Name            string
	Was, Is         Mark
	WasName, IsName string
}

func (s *site) classifyModelForm(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	p, err := v.moving(v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "classify-model", p)
}

func (v *visit) moving(id string) (*ClassifyModelPage, error) {
	c, rec, err := v.classification(id)
	if err != nil {
		return nil, err
	}
	if may, err := v.mayCreate("classification", c.Unit); err != nil || !may {
		return nil, errors.Join(err, isms.ErrForbidden)
	}
	l := v.lang
	kind, object := c.Object()
	name := rec.Titles.Of(kind, object)
	if name == "" {
		name = l.T("register." + kind + ".one")
	}
	p := &ClassifyModelPage{Kicker: l.T("register." + kind + ".one"), Lead: l.T("web.classify.move.lead", l.T("model."+modelOf(*c).Version)),
		Action: moveAddress(id), Back: address("classification", id), Key: register.NewID()}
	p.Title = l.T("web.classify.move.of", name)
	p.Crumbs = []Link{{l.T("web.classify"), "/classify"}, {name, p.Back}}
	p.Place = rec.Titles.Of("unit", c.Unit)
	if c.State != isms.ClassificationDecided || c.Retired != "" {
		p.Not = l.T("wrong.classification_not_decided")
		return p, nil
	}
	for _, to := range movesFrom(c.Model) {
		p.Moves = append(p.Moves, v.move(*c, to))
	}
	if len(p.Moves) == 0 {
		p.Not = l.T("web.classify.move.none")
	}
	return p, nil
}

// move is the classification as the mapping to the model would carry it.
func (v *visit) move(c isms.Classification, to isms.ClassificationModel) Move {
	l, from := v.lang, modelOf(c)
	mapping, _ := isms.Mapping(c.Model, to.Version)
	moved := mapping.Moved(c)
	m := Move{ID: "to-" + to.Version, Version: to.Version, Name: l.T("model." + to.Version)}
	for _, a := range isms.Aspects() {
		was, is := c.Judgement(a).Level, moved.Judgement(a).Level
		if was == "" {
			continue
		}
		row := MovedAspect{Name: l.T("model.aspect." + string(a)), Was: mark(l, from, a, was, false), WasName: l.T(from.LevelName(was)),
			Is: mark(l, to, a, is, false).short(), IsName: l.T("web.classify.move.anew")}
		if is != "" {
			row.IsName = l.T(to.LevelName(is))
		}
		m.Aspects = append(m.Aspects, row)
	}
	return m
}

// movesFrom are the models that there is a mapping to.
func movesFrom(version string) []isms.ClassificationModel {
	return slices.DeleteFunc(isms.Models(), func(m isms.ClassificationModel) bool {
		_, ok := isms.Mapping(version, m.Version)
		return !ok
	})
}

func moveAddress(id string) string { return "/classify/" + id + "/model" }

func (s *site) classifyModel(v *visit) error {
	form, err := v.formOf("_key", "to")
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	made, err := s.app.MoveToModel(v.r.Context(), v.who, id, form["to"], form["_key"])
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		p, err := v.moving(id)
		if err != nil {
			return err
		}
		p.Summary, p.Failed = summarize(v.lang, register.Of[isms.Classification](), wrong), true
		return v.show(http.StatusUnprocessableEntity, "classify-model", p)
	}
	if err != nil {
		return err
	}
	return v.goTo("/classify/" + made)
}

// movePage leads from a decided classification to where it is moved to another model.
func movePage(v *visit, rec app.Record) *Link {
	c, ok := rec.Entity.(*isms.Classification)
	if !ok || c.State != isms.ClassificationDecided || c.Retired != "" || len(movesFrom(c.Model)) == 0 {
		return nil
	}
	if may, err := v.mayCreate("classification", c.Unit); err != nil || !may {
		return nil
	}
	return &Link{v.lang.T("web.classify.move"), moveAddress(c.ID)}
}

// otherModels are the valid classifications made with another model than the current one, of what nobody classifies just now.
func (v *visit) otherModels(underWay app.Table) ([]Todo, error) {
	var others []string
	for _, m := range isms.Models() {
		if _, ok := isms.Mapping(m.Version, isms.CurrentModel); ok {
			others = append(others, m.Version)
		}
	}
	if len(others) == 0 { // and not of every model
		return nil, nil
	}
	t, err := v.listed("classification", map[string][]string{"state": {"decided"}, "model": others}, "decided_on")
	if err != nil {
		return nil, err
	}
	busy := map[isms.Step]bool{}
	for _, rec := range underWay.Records {
		kind, id := rec.(*isms.Classification).Object()
		busy[isms.Step{Kind: kind, ID: id}] = true
	}
	var list []Todo
	for _, rec := range t.Records {
		c := rec.(*isms.Classification)
		kind, id := c.Object()
		name := t.Titles.Of(kind, id)
		if name == "" || busy[isms.Step{Kind: kind, ID: id}] || !c.Valid(v.site.app.Today()) || !slices.Contains(t.CreateIn, c.Unit) {
			continue
		}
		list = append(list, Todo{Link{name, moveAddress(c.ID)}, v.lang.T("model." + modelOf(*c).Version), Tag{c.Title(), "info"}})
	}
	return list, nil
}
