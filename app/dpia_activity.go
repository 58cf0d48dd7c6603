// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// PlanRisk makes an activity of the measures that an impact assessment's risk calls for, and links it to the risk. It
// returns the activity's id. A risk without measures has nothing to plan.
func (a *App) PlanRisk(ctx context.Context, who access.Actor, dpia, risk, key string) (string, error) {
	return a.once(ctx, who, key, []any{dpia, risk}, func(tx *store.Tx) (string, error) {
		r, err := store.Get[isms.DPIARisk](tx, who.In(access.See, "dpia_risk"), risk)
		if err != nil {
			return "", err
		}
		if string(r.DPIA) != dpia {
			return "", isms.ErrNotFound
		}
		assessment, err := store.Get[isms.DPIA](tx, who.In(access.See, "dpia"), dpia)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Create, "activity", r.Unit); err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Change, "dpia_risk", r.Unit); err != nil {
			return "", err
		}
		if r.Measures == "" {
			return "", register.Wrongs{{Field: "measures", Code: "no_measures"}}
		}
		act := isms.Activity{Record: isms.Record{ID: register.NewID(), Unit: r.Unit}, Source: "risk", State: isms.ActivityProposed,
			Name: cutAt(firstLine(r.Measures), 200), Description: r.Event, SourceText: cutAt(assessment.Title+" "+r.Number, 200)}
		if wrong := register.Check(&act); len(wrong) > 0 {
			return "", register.Wrongs(wrong)
		}
		if err := tx.Put(&act); err != nil {
			return "", err
		}
		r.Activities = append(r.Activities, register.Ref[isms.Activity](act.ID))
		return act.ID, tx.Put(&r)
	})
}

// firstLine names a text of many lines in one.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
