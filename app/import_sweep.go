// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"time"

	"ledsyn/register"
)

// How long what became nothing is left: a list that somebody sent in and forgot holds personal data, and a set of rows without its
// record is what a program that was stopped left behind.
const (
	forgottenDraft = 30 * 24 * time.Hour
	forgottenSet   = 24 * time.Hour
)

// SweepImports drops lists that were sent in long ago and never taken in, and sets of rows that have no record or whose rows have
// been disposed of, in every organisation. The lists' files go with the next SweepFiles. It returns how many it dropped.
func (a *App) SweepImports(ctx context.Context) (dropped int, err error) {
	all, err := a.DB.Organisations(ctx)
	if err != nil {
		return 0, err
	}
	now := a.DB.Now()
	for _, o := range all {
		drafts, err := a.DB.Drafts(ctx, o.ID)
		if err != nil {
			return dropped, err
		}
		for _, d := range drafts {
			if d.Made >= register.MomentOf(now.Add(-forgottenDraft)) || a.imports.running(o.ID, d.ID) {
				continue
			}
			if err := a.DB.DropDraft(ctx, o.ID, d.ID); err != nil {
				return dropped, err
			}
			dropped++
		}
		n, err := a.DB.SweepSets(ctx, o.ID, register.MomentOf(now.Add(-forgottenSet)))
		dropped += n
		if err != nil {
			return dropped, err
		}
	}
	return dropped, nil
}
