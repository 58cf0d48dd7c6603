// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// classifiable are the registers whose records can be classified.
var classifiable = []string{"system", "process", "information_set", "information_type"}

// NewWorkshop is what somebody wants to classify.
type NewWorkshop struct {
	Kind, ID string // the object
	Model    string // "" is isms.CurrentModel
	Plan     bool   // only plan it, to begin another day
	Present  string // who takes part; "" leaves those of a planned one
	Key      string
}

// StartWorkshop begins the classification of an object and returns its id: a planned one is begun, and one that is in
// workshop already is gone on with. An object that was classified before begins with what was judged then, moved to the
// model asked for; nothing of it stands until it is decided anew.
func (a *App) StartWorkshop(ctx context.Context, who access.Actor, n NewWorkshop) (string, error) {
	if n.Model == "" {
		n.Model = isms.CurrentModel
	}
	if _, ok := isms.Model(n.Model); !ok {
		return "", register.Wrongs{{Field: "model", Code: "no_model", Args: []any{n.Model}}}
	}
	return a.once(ctx, who, n.Key, n, func(tx *store.Tx) (string, error) {
		obj, err := classified(tx, who, n.Kind, n.ID)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Create, "classification", obj.Head().Unit); err != nil {
			return "", err
		}
		all, err := classificationsOf(tx, n.Kind, n.ID)
		if err != nil {
			return "", err
		}
		return start(tx, who, n, obj, all)
	})
}

func start(tx *store.Tx, who access.Actor, n NewWorkshop, obj register.Entity, all []isms.Classification) (string, error) {
	for _, c := range all {
		switch c.State {
		case isms.ClassificationInWorkshop:
			return c.ID, nil
		case isms.ClassificationPlanned:
			if n.Plan {
				return c.ID, nil
			}
			c.State, c.Leader = isms.ClassificationInWorkshop, register.Ref[isms.Person](who.Person)
			return keepBegun(tx, c, n)
		case isms.ClassificationProposed:
			return "", register.Wrongs{{Code: "one_under_way"}}
		}
	}
	c := begun(all, n)
	c.Record = isms.Record{ID: register.NewID(), Unit: obj.Head().Unit}
	c.State, c.Leader = isms.ClassificationInWorkshop, register.Ref[isms.Person](who.Person)
	if n.Plan {
		c.State = isms.ClassificationPlanned
	}
	return keepBegun(tx, c, n)
}

func keepBegun(tx *store.Tx, c isms.Classification, n NewWorkshop) (string, error) {
	if n.Present != "" {
		c.Participants = n.Present
	}
	if wrong := register.Check(&c); len(wrong) > 0 {
		return "", register.Wrongs(wrong)
	}
	return c.ID, tx.Put(&c)
}

// begun is a new classification of the object, with the judgements of the one decided last.
func begun(all []isms.Classification, n NewWorkshop) isms.Classification {
	c := isms.Classification{Model: n.Model}
	if last, ok := lastDecided(all); ok && !last.Stops() {
		if last.Model == n.Model {
			last.Former = register.Ref[isms.Classification](last.ID)
			last.DecidedBy, last.DecidedOn, last.ValidUntil, last.ProposedOn, last.Participants = "", "", "", "", ""
			return last
		}
		if m, ok := isms.Mapping(last.Model, n.Model); ok {
			return m.Moved(last)
		}
	}
	switch n.Kind {
	case "system":
		c.System = register.Ref[isms.System](n.ID)
	case "process":
		c.Process = register.Ref[isms.Process](n.ID)
	case "information_type":
		c.Type = register.Ref[isms.InformationType](n.ID)
	default:
		c.Set = register.Ref[isms.InformationSet](n.ID)
	}
	return c
}

func lastDecided(all []isms.Classification) (isms.Classification, bool) {
	var last isms.Classification
	for _, c := range all {
		if c.State == isms.ClassificationDecided && (last.ID == "" || c.DecidedOn > last.DecidedOn || c.DecidedOn == last.DecidedOn && c.ID > last.ID) {
			last = c
		}
	}
	return last, last.ID != ""
}

// classified returns an object that can be classified, if the actor may see it.
func classified(tx *store.Tx, who access.Actor, kind, id string) (register.Entity, error) {
	if !slices.Contains(classifiable, kind) {
		return nil, isms.ErrNotFound
	}
	s, err := schema(kind)
	if err != nil {
		return nil, err
	}
	return tx.Get(s, who.In(access.See, kind), id)
}

// objectField is the field of a classification, task or priority that names an object of the register.
func objectField(kind string) string {
	switch kind {
	case "information_set":
		return "set"
	case "information_type":
		return "type"
	}
	return kind
}

// classificationsOf lists the object's classifications that are in use, of any state.
func classificationsOf(tx *store.Tx, kind, id string) ([]isms.Classification, error) {
	return linked[isms.Classification](tx, objectField(kind), id)
}

// linked lists the records of the register T whose field names the record, without the retired.
func linked[T any](tx *store.Tx, field, id string) ([]T, error) {
	var list []T
	q := store.Query{Where: map[string][]string{field: {id}}, Limit: maxPage}
	for {
		page, err := tx.List(register.Of[T](), everywhere, q)
		if err != nil {
			return nil, err
		}
		for _, rec := range page.Records {
			list = append(list, *any(rec).(*T))
		}
		if page.Next == "" {
			return list, nil
		}
		q.After = page.Next
	}
}

// AspectSave is what a workshop has judged of one aspect, and what it noted beside it.
type AspectSave struct {
	ID           string
	Rev          int // the revision that the page showed
	Aspect       isms.Aspect
	By           map[isms.Category]isms.Level // the level of each consequence that was judged
	Level        isms.Level                   // "" is the worst of them; higher may be chosen
	Motive       string
	LegalGrounds *string // nil leaves them as they are
	Participants *string
	Key          string
}

// SaveAspect keeps one aspect of a classification in workshop and returns the classification as it is then. Where
// somebody else has saved other parts meanwhile, both are kept; where they changed the same part, it is a Collision.
//
// A level that may concern Sweden's security is refused, and nothing that was written with it is kept: see Refer.
func (a *App) SaveAspect(ctx context.Context, who access.Actor, s AspectSave) (isms.Classification, error) {
	if !slices.Contains(isms.Aspects(), s.Aspect) {
		return isms.Classification{}, register.Wrongs{{Field: "aspect", Code: "choice", Args: []any{string(s.Aspect)}}}
	}
	return a.inWorkshop(ctx, who, s.ID, s.Rev, s.Key, s.asked(), func(c *isms.Classification) register.Wrongs {
		var by []isms.CategoryLevel
		for category, level := range s.By {
			by = append(by, isms.CategoryLevel{Category: category, Level: level})
		}
		j := isms.Judgement{Level: s.Level, By: isms.FormatBy(by), Motive: s.Motive}
		if j.Level == "" {
			j.Level = isms.Worst(by)
		}
		c.SetJudgement(s.Aspect, j)
		if s.LegalGrounds != nil {
			c.LegalGrounds = *s.LegalGrounds
		}
		if s.Participants != nil {
			c.Participants = *s.Participants
		}
		return unknownIn(s.Aspect, s.By)
	})
}

// asked is what the key is for; pointers would tell the same text apart.
func (s AspectSave) asked() []any {
	text := func(p *string) string {
		if p == nil {
			return ""
		}
		return *p
	}
	return []any{s.ID, s.Rev, s.Aspect, s.By, s.Level, s.Motive, text(s.LegalGrounds), text(s.Participants)}
}

// unknownIn reports categories that do not exist, which FormatBy leaves out.
func unknownIn(aspect isms.Aspect, by map[isms.Category]isms.Level) register.Wrongs {
	for c := range by {
		if !slices.Contains(c.Choices(), string(c)) {
			return register.Wrongs{{Field: string(aspect) + "_by", Code: "categories", Args: []any{string(c)}}}
		}
	}
	return nil
}

// SaveProfile keeps a whole result written in the compact notation, K3/R3/T2, as the levels of a classification in
// workshop. Aspects whose level changes lose the levels by consequence that they were judged from.
func (a *App) SaveProfile(ctx context.Context, who access.Actor, id string, rev int, profile, key string) (isms.Classification, error) {
	p, ok := isms.ParseProfile(profile)
	if !ok {
		return isms.Classification{}, register.Wrongs{{Field: "profile", Code: "profile", Args: []any{cutAt(profile, 40)}}}
	}
	return a.inWorkshop(ctx, who, id, rev, key, []any{id, rev, profile}, func(c *isms.Classification) register.Wrongs {
		for _, asp := range isms.Aspects() {
			j := c.Judgement(asp)
			if l := p.Level(asp); l != j.Level {
				j.Level, j.By = l, ""
			}
			c.SetJudgement(asp, j)
		}
		return nil
	})
}

func cutAt(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
