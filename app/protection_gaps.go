// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"io"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/store"
)

// PlanMeasure makes an activity of a measure that a system does not meet, in the words of the catalogue, and returns the
// activity's id. A measure that has an activity already gives that one.
func (a *App) PlanMeasure(ctx context.Context, who access.Actor, system, measure string, lang locale.Lang, key string) (string, error) {
	if _, ok := isms.MeasureWithKey(measure); !ok {
		return "", register.Wrongs{{Field: "measure", Code: "no_measure", Args: []any{cutAt(measure, 40)}}}
	}
	return a.once(ctx, who, key, []any{system, measure}, func(tx *store.Tx) (string, error) {
		s, err := store.Get[isms.System](tx, who.In(access.See, "system"), system)
		if err != nil {
			return "", err
		}
		m, err := answerTo(tx, system, measure)
		if err != nil {
			return "", err
		}
		if m.State == isms.Fulfilled || m.State == isms.NotApplicable {
			return "", register.Wrongs{{Field: "state", Code: "no_gap"}}
		}
		if m.Activity != "" {
			return string(m.Activity), nil
		}
		if err := a.allow(ctx, who, access.Create, "activity", s.Unit); err != nil {
			return "", err
		}
		act := isms.Activity{Record: isms.Record{ID: register.NewID(), Unit: s.Unit}, Owner: s.Owner, Source: "own", State: isms.ActivityProposed,
			Name:        cutAt(lang.T("protection.activity", lang.T("catalogue."+measure), s.Name), 200),
			Description: lang.T("catalogue." + measure + ".is"), SourceText: lang.T("protection.activity.source", s.Name, measure)}
		act.SourceText = cutAt(act.SourceText, 200)
		if wrong := register.Check(&act); len(wrong) > 0 {
			return "", register.Wrongs(wrong)
		}
		if err := tx.Put(&act); err != nil {
			return "", err
		}
		return act.ID, a.linkActivity(ctx, tx, who, s, m, measure, act.ID)
	})
}

// linkActivity notes the activity in the system's answer to the measure, which says not fulfilled where nobody has
// answered.
func (a *App) linkActivity(ctx context.Context, tx *store.Tx, who access.Actor, s isms.System, m isms.MeasureAnswer, measure, activity string) error {
	doing := access.Change
	if m.ID == "" {
		doing = access.Create
		m = isms.MeasureAnswer{Record: isms.Record{ID: register.NewID(), Unit: s.Unit}, System: register.Ref[isms.System](s.ID), Measure: measure,
			State: isms.NotFulfilled, AnsweredBy: register.Ref[isms.Person](who.Person), AnsweredOn: a.Today()}
	}
	if err := a.allow(ctx, who, doing, "measure_answer", m.Unit); err != nil {
		return err
	}
	m.Activity = register.Ref[isms.Activity](activity)
	return tx.Put(&m)
}

// Forms are how the measures are worded: as they are in one's own operation, and as demands in procurement.
var Forms = []string{"is", "shall"}

// MeasureList writes the measures that a system's level calls for as CSV, in the language's words: in the form "is" with
// how each is met, in the form "shall" as demands to put in a procurement.
func (a *App) MeasureList(ctx context.Context, who access.Actor, system, form string, lang locale.Lang, w io.Writer) error {
	if !slices.Contains(Forms, form) {
		return isms.ErrNotFound
	}
	p, err := a.Protection(ctx, who, system)
	if err != nil {
		return err
	}
	return sheet.Rows(w, measureRows(p, form, lang))
}

func measureRows(p Protection, form string, lang locale.Lang) [][]string {
	head := []string{"key", "area", "name", "text." + form, "by"}
	if form == "is" {
		head = append(head, "state", "how", "evidence", "activity")
	}
	rows := [][]string{nil}
	for _, h := range head {
		rows[0] = append(rows[0], lang.T("protection.column."+h))
	}
	for _, m := range p.Measures {
		row := []string{m.Key, lang.T("catalogue.area." + string(m.Area)), lang.T("catalogue." + m.Key), lang.T("catalogue." + m.Key + "." + form), calledBy(m.Call, p.Profile, lang)}
		if form == "is" {
			row = append(row, answerCells(m, p.Titles, lang)...)
		}
		rows = append(rows, row)
	}
	return rows
}

// calledBy says which levels call for the measure: K3, R2.
func calledBy(c isms.Call, p isms.Profile, lang locale.Lang) string {
	if len(c.By) == 0 {
		return lang.T("catalogue.basic")
	}
	text := ""
	for i, a := range c.By {
		if i > 0 {
			text += ", "
		}
		text += a.Code() + string(p.Level(a))
	}
	return text
}

func answerCells(m isms.Answered, t Titles, lang locale.Lang) []string {
	if m.Answer == nil || m.Answer.State == "" {
		return []string{lang.T("protection.unanswered"), "", "", ""}
	}
	return []string{lang.T("choice.fulfilment." + string(m.Answer.State)), m.Answer.How, m.Answer.Evidence, t.Of("activity", string(m.Answer.Activity))}
}
