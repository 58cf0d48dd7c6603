// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/report"
	"ledsyn/store"
)

// frozen reports whether the record is a decided review or belongs to one, or is a decided report on internal control.
func frozen(l *look, rec register.Entity) (bool, error) {
	var review register.Ref[isms.Review]
	switch r := rec.(type) {
	case *isms.Review:
		return r.State.Frozen(), nil
	case *isms.ReviewSection:
		review = r.Review
	case *isms.Consultation:
		review = r.Review
	case *isms.Acceptance:
		review = r.Review
	case *isms.ControlReport:
		return r.DecidedOn != "", nil
	default:
		return false, nil
	}
	r, err := l.Get(register.Of[isms.Review](), everywhere, string(review))
	if err != nil {
		return false, err
	}
	return r.(*isms.Review).State.Frozen(), nil
}

// intoOpen returns isms.ErrFrozen if the review takes nothing more.
func intoOpen(l *look, review register.Ref[isms.Review]) error {
	r, err := l.Get(register.Of[isms.Review](), everywhere, string(review))
	if err == nil && r.(*isms.Review).State.Frozen() {
		return isms.ErrFrozen
	}
	return err
}

// ownAct refuses to make or change by a form what has an act of its own.
func ownAct(was, rec register.Entity) error {
	switch rec.(type) {
	case *isms.Review:
		if was == nil {
			return register.Wrongs{{Code: "review_by_start"}}
		}
	case *isms.ReviewSection:
		return register.Wrongs{{Code: "section_by_review"}}
	case *isms.Acceptance:
		return register.Wrongs{{Code: "acceptance_by_review"}}
	case *isms.Deadline:
		return register.Wrongs{{Code: "deadline_by_act"}}
	case *isms.Submission:
		return register.Wrongs{{Code: "submission_by_act"}}
	case *isms.ReportLink:
		return register.Wrongs{{Code: "link_by_act"}}
	case *isms.Incident:
		if was == nil {
			return register.Wrongs{{Code: "incident_by_report"}}
		}
	case *isms.Import:
		return register.Wrongs{{Code: "import_by_act"}}
	case *isms.Population:
		return register.Wrongs{{Code: "population_by_import"}}
	case *isms.Attachment:
		return register.Wrongs{{Code: "attachment_by_record"}}
	case *isms.Draw:
		return register.Wrongs{{Code: "draw_by_act"}}
	case *isms.Portion, *isms.AnswerSheet, *isms.PortionLink:
		return register.Wrongs{{Code: "portion_by_act"}}
	case *isms.Removal:
		return register.Wrongs{{Code: "removal_by_act"}}
	case *isms.PostConfirmation:
		return register.Wrongs{{Code: "confirmation_by_holder"}}
	case *isms.ControlReport:
		return register.Wrongs{{Code: "control_report_by_act"}}
	}
	return nil
}

// reviewRules reports fields of a review that only its own acts may change.
func reviewRules(was, is *isms.Review) register.Wrongs {
	if was == nil {
		return nil // made by an act of its own
	}
	var wrong register.Wrongs
	if was.Unit != is.Unit {
		wrong = append(wrong, register.Wrong{Field: "unit", Code: "review_by_act"})
	}
	for _, c := range register.Diff(was, is) {
		if slices.Contains([]string{"state", "version", "corrects", "year", "decided_by", "decided_on"}, c.Field.Name) {
			wrong = append(wrong, register.Wrong{Field: c.Field.Name, Code: "review_by_act"})
		}
	}
	if was.Template != is.Template {
		wrong = append(wrong, templateKnown(is)...)
	}
	return wrong
}

// NewReview is what a review is started with.
type NewReview struct {
	Unit        string
	Year        int
	Template    string       // its key; "" takes the one that the instruction prescribes
	Instruction string       // id, or ""
	Dnr         string       //
	AsOf        register.Day // the day whose facts it states; "" is today
	Contact     string       // the role to ask
	Key         string       // never done twice under the same key
}

// StartReview makes a unit's review of a year as a draft by the actor, and returns its id. There is one review of a unit
// and a year; later versions come from Correct.
func (a *App) StartReview(ctx context.Context, who access.Actor, n NewReview) (string, error) {
	return a.once(ctx, who, n.Key, n, func(tx *store.Tx) (string, error) {
		if err := a.allow(ctx, who, access.Create, "review", n.Unit); err != nil {
			return "", err
		}
		r, err := a.draft(tx, who, n)
		if err != nil {
			return "", err
		}
		wrong, err := unstartable(tx, who, r)
		if err != nil {
			return "", err
		}
		if len(wrong) > 0 {
			return "", wrong
		}
		return r.ID, tx.Put(r)
	})
}

func (a *App) draft(tx *store.Tx, who access.Actor, n NewReview) (*isms.Review, error) {
	r := &isms.Review{Year: n.Year, Version: 1, Dnr: n.Dnr, Template: n.Template, State: isms.ReviewDraft, AsOf: n.AsOf,
		Instruction: register.Ref[isms.Instruction](n.Instruction), Author: register.Ref[isms.Person](who.Person), Contact: n.Contact}
	r.ID, r.Unit = register.NewID(), n.Unit
	if r.AsOf == "" {
		r.AsOf = a.Today()
	}
	if r.Template != "" || n.Instruction == "" {
		return r, nil
	}
	in, err := store.Get[isms.Instruction](tx, who.In(access.See, "instruction"), n.Instruction)
	if err != nil && !errors.Is(err, isms.ErrNotFound) {
		return nil, err
	}
	r.Template = in.Template
	return r, nil
}

// unstartable reports why the review cannot be started as it is.
func unstartable(tx *store.Tx, who access.Actor, r *isms.Review) (register.Wrongs, error) {
	wrong := append(register.Wrongs(register.Check(r)), templateKnown(r)...)
	missing, err := dangling(one(tx), who, nil, r)
	if err != nil {
		return nil, err
	}
	wrong = append(wrong, missing...)
	former, err := reviewsOf(tx, r.Unit, r.Year)
	if err != nil {
		return nil, err
	}
	if len(former) > 0 {
		wrong = append(wrong, register.Wrong{Field: "year", Code: "review_exists", Args: []any{strconv.Itoa(r.Year)}})
	}
	return wrong, nil
}

// reviewsOf lists the reviews of the unit for the year, all versions, the newest first.
func reviewsOf(tx *store.Tx, unit string, year int) ([]isms.Review, error) {
	all, err := store.All[isms.Review](tx, register.In{Units: []string{unit}})
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(r isms.Review) bool { return r.Year != year })
	slices.SortFunc(all, func(a, b isms.Review) int { return b.Version - a.Version })
	return all, nil
}

// openReview returns the review for an act on it that changes what it holds: who may do it is asked in its unit, and a
// decided review takes nothing more.
func (a *App) openReview(ctx context.Context, tx *store.Tx, who access.Actor, act access.Act, kind, id string) (isms.Review, error) {
	r, err := store.Get[isms.Review](tx, who.In(access.See, "review"), id)
	if err != nil {
		return r, err
	}
	if err := a.allow(ctx, who, act, kind, r.Unit); err != nil {
		return r, err
	}
	if r.State.Frozen() {
		return r, isms.ErrFrozen
	}
	return r, nil
}

// SectionText is somebody's own text in one section of a review, in Markdown.
type SectionText struct {
	Review  string
	Section string // the section's key in the review's template
	Text    string
	Notes   string // for those who write; never printed
	State   string // how far it has come
	Rev     int    // the revision that the text was written from, 0 when there was none
	Key     string // never done twice under the same key
}

// SaveSection keeps the text and returns its new revision. It may be called while somebody writes.
func (a *App) SaveSection(ctx context.Context, who access.Actor, t SectionText) (rev int, err error) {
	id, err := a.once(ctx, who, t.Key, t, func(tx *store.Tx) (string, error) {
		r, err := a.openReview(ctx, tx, who, access.Change, "review_section", t.Review)
		if err != nil {
			return "", err
		}
		s, err := section(tx, r, t.Section)
		if err != nil {
			return "", err
		}
		if t.Rev != s.Rev {
			return "", isms.ErrStale
		}
		wrong := register.Wrongs(register.Read(&s, map[string][]string{"text": {t.Text}, "notes": {t.Notes}, "state": {t.State}}))
		if wrong = append(wrong, register.Check(&s)...); len(wrong) > 0 {
			return "", wrong
		}
		rev = s.Rev + 1
		return s.ID, tx.Put(&s)
	})
	if err == nil && rev == 0 { // done before: the text's revision is the one it has now
		err = a.view(ctx, who, func(tx *store.Tx) error {
			s, err := store.Get[isms.ReviewSection](tx, who.In(access.See, "review_section"), id)
			rev = s.Rev
			return err
		})
	}
	return rev, err
}

// section returns the text of the review's section, a new one if nobody has written in it.
func section(tx *store.Tx, r isms.Review, key string) (isms.ReviewSection, error) {
	sections, err := partsOf[isms.ReviewSection](tx, r)
	if err != nil {
		return isms.ReviewSection{}, err
	}
	for _, s := range sections {
		if s.Section == key {
			return s, nil
		}
	}
	s := isms.ReviewSection{Review: register.Ref[isms.Review](r.ID), Section: key}
	s.ID, s.Unit = register.NewID(), r.Unit
	if !hasSection(r, key) {
		return s, isms.ErrNotFound
	}
	return s, nil
}

// partsOf lists the records of a register that belong to the review by their field "review".
func partsOf[T any](tx *store.Tx, r isms.Review) ([]T, error) {
	page, err := tx.List(register.Of[T](), everywhere,
		store.Query{Where: map[string][]string{"review": {r.ID}}, Limit: maxPage})
	if err != nil {
		return nil, err
	}
	list := make([]T, len(page.Records))
	for i, rec := range page.Records {
		list[i] = *any(rec).(*T)
	}
	return list, nil
}

// Consult notes somebody's part in a review, consulted with a statement or present at its meeting, and returns its id.
func (a *App) Consult(ctx context.Context, who access.Actor, c isms.Consultation, key string) (string, error) {
	return a.once(ctx, who, key, c, func(tx *store.Tx) (string, error) {
		r, err := a.openReview(ctx, tx, who, access.Create, "consultation", string(c.Review))
		if err != nil {
			return "", err
		}
		c.Record = isms.Record{ID: register.NewID(), Unit: r.Unit}
		wrong := register.Wrongs(register.Check(&c))
		missing, err := dangling(one(tx), who, nil, &c)
		if err != nil {
			return "", err
		}
		if wrong = append(wrong, missing...); len(wrong) > 0 {
			return "", wrong
		}
		return c.ID, tx.Put(&c)
	})
}

// AcceptFinding lets a finding of the review's examination stand, with a reason that is printed. Accepting the same
// finding again changes the reason.
func (a *App) AcceptFinding(ctx context.Context, who access.Actor, review, finding, reason, key string) (string, error) {
	organisation, err := a.organisation(ctx, who.Org)
	if err != nil {
		return "", err
	}
	return a.once(ctx, who, key, []any{"accept", review, finding, reason}, func(tx *store.Tx) (string, error) {
		r, err := a.openReview(ctx, tx, who, access.Create, "acceptance", review)
		if err != nil {
			return "", err
		}
		made, err := a.compose(tx, organisation, r, locale.Swedish)
		if err != nil {
			return "", err
		}
		if !slices.ContainsFunc(made.findings, func(f Finding) bool { return f.Key == finding }) {
			return "", isms.ErrNotFound
		}
		before, err := partsOf[isms.Acceptance](tx, r)
		if err != nil {
			return "", err
		}
		acc := isms.Acceptance{Review: register.Ref[isms.Review](r.ID), Finding: finding}
		acc.ID, acc.Unit = register.NewID(), r.Unit
		if i := slices.IndexFunc(before, func(m isms.Acceptance) bool { return m.Finding == finding }); i >= 0 {
			acc = before[i]
		}
		acc.Reason, acc.Person = reason, register.Ref[isms.Person](who.Person)
		if wrong := register.Wrongs(register.Check(&acc)); len(wrong) > 0 {
			return "", wrong
		}
		return acc.ID, tx.Put(&acc)
	})
}

// Advance takes a review one step on, or back to collecting while nothing is decided. Deciding and publishing have acts
// of their own. Whoever may change the review may take it there; the head may also send a proposed one back.
func (a *App) Advance(ctx context.Context, who access.Actor, id string, rev int, to isms.ReviewState, key string) error {
	_, err := a.once(ctx, who, key, []any{"advance", id, rev, to}, func(tx *store.Tx) (string, error) {
		r, err := a.openReview(ctx, tx, who, access.Change, "review", id)
		if err != nil {
			return "", err
		}
		if to.Frozen() {
			return "", register.Wrongs{{Field: "state", Code: "review_by_act"}}
		}
		if !slices.Contains(r.State.Next(), to) {
			return "", register.Wrongs{{Field: "state", Code: "not_next"}}
		}
		r.State, r.Rev = to, rev
		return id, tx.Put(&r)
	})
	return err
}

func templateKnown(r *isms.Review) register.Wrongs {
	if _, ok := report.TemplateOf(r.Template); !ok && r.Template != "" {
		return register.Wrongs{{Field: "template", Code: "no_template"}}
	}
	return nil
}

// hasSection reports whether people write in the section of the review's template.
func hasSection(r isms.Review, key string) bool {
	t, _ := report.TemplateOf(r.Template)
	return slices.ContainsFunc(t.Sections, func(s report.TemplateSection) bool { return s.Key == key && s.OwnText })
}
