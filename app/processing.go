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

// Entry names an entry of the record of processing as somebody read it.
type Entry struct {
	ID  string
	Rev int // the revision that was read
}

// CheckProcessing marks a draft as gone through by those who keep the record.
func (a *App) CheckProcessing(ctx context.Context, who access.Actor, e Entry, key string) error {
	_, err := a.once(ctx, who, key, e, func(tx *store.Tx) (string, error) {
		p, err := a.openEntry(ctx, tx, who, access.Change, e)
		if err != nil {
			return "", err
		}
		if p.State != isms.ProcessingDraft {
			return "", register.Wrongs{{Field: "state", Code: "not_draft"}}
		}
		p.State = isms.ProcessingChecked
		return p.ID, tx.Put(&p)
	})
	return err
}

// ApproveProcessings approves entries in the controller's name on the day, today if it is "": all of them or none. An
// entry that lacks what the law asks for cannot be approved; each such field is reported. Approving a new version of an
// entry ends the old one in the same act: it is kept as replaced.
func (a *App) ApproveProcessings(ctx context.Context, who access.Actor, entries []Entry, day register.Day, key string) error {
	if day == "" {
		day = a.Today()
	}
	if !day.Valid() || day > a.Today() {
		return register.Wrongs{{Field: "approved_on", Code: "decided_ahead"}}
	}
	if len(entries) == 0 || len(entries) > maxAnswers {
		return register.Wrongs{{Field: "processing", Code: "many", Args: []any{maxAnswers}}}
	}
	asked := []any{entries, day}
	_, err := a.once(ctx, who, key, asked, func(tx *store.Tx) (string, error) {
		for _, e := range entries {
			if err := a.approve(ctx, tx, who, e, day); err != nil {
				return "", err
			}
		}
		return entries[0].ID, nil
	})
	if err == nil {
		a.Log.InfoContext(ctx, "approved", "org", who.Org, "who", signature(who), "processings", len(entries))
	}
	return err
}

func (a *App) approve(ctx context.Context, tx *store.Tx, who access.Actor, e Entry, day register.Day) error {
	p, err := a.openEntry(ctx, tx, who, access.Decide, e)
	if err != nil {
		return err
	}
	if p.State != isms.ProcessingDraft && p.State != isms.ProcessingChecked {
		return register.Wrongs{{Field: "state", Code: "not_draft"}}
	}
	var wrong register.Wrongs
	for _, field := range p.Missing() {
		wrong = append(wrong, register.Wrong{Field: field, Code: "approved_without"})
	}
	if len(wrong) > 0 {
		return wrong
	}
	p.State, p.ApprovedOn = isms.ProcessingActive, day
	if wrong := register.Check(&p); len(wrong) > 0 {
		return register.Wrongs(wrong)
	}
	if err := tx.Put(&p); err != nil {
		return err
	}
	if p.Replaces == "" {
		return nil
	}
	old, err := store.Get[isms.Processing](tx, everywhere, string(p.Replaces))
	if err != nil || old.State != isms.ProcessingActive {
		return err
	}
	old.State, old.EndedOn = isms.ProcessingReplaced, max(day, old.ApprovedOn)
	return tx.Put(&old)
}

// EndProcessing ends an entry whose processing has ceased on the day, today if it is "". The entry is kept.
func (a *App) EndProcessing(ctx context.Context, who access.Actor, e Entry, day register.Day, key string) error {
	_, err := a.once(ctx, who, key, []any{e, day}, func(tx *store.Tx) (string, error) {
		p, err := a.openEntry(ctx, tx, who, access.Change, e)
		if err != nil {
			return "", err
		}
		q, err := a.asking(tx)
		if err != nil {
			return "", err
		}
		return p.ID, end(tx, q, who, p, day, "")
	})
	return err
}

// end keeps the entry as ended, with the owner's word on it where a campaign asks for one.
func end(tx *store.Tx, q asking, who access.Actor, p isms.Processing, day register.Day, note string) error {
	if day == "" {
		day = q.today
	}
	switch {
	case !day.Valid() || day > q.today:
		return register.Wrongs{{Field: "ended_on", Code: "ended_ahead"}}
	case p.ApprovedOn > day:
		return register.Wrongs{{Field: "ended_on", Code: "before", Args: []any{string(p.ApprovedOn)}}}
	}
	p.State, p.EndedOn = isms.ProcessingEnded, day
	if err := tx.Put(&p); err != nil {
		return err
	}
	return word(tx, q, who, p, isms.ConfirmedEnded, note)
}

// openEntry returns the entry for an act that changes it, in the revision that was read. What has ended is not changed
// any more.
func (a *App) openEntry(ctx context.Context, tx *store.Tx, who access.Actor, act access.Act, e Entry) (isms.Processing, error) {
	p, err := store.Get[isms.Processing](tx, who.In(access.See, "processing"), e.ID)
	if err != nil {
		return p, err
	}
	if err := a.allow(ctx, who, act, "processing", p.Unit); err != nil {
		return p, err
	}
	if p.Rev != e.Rev {
		return p, isms.ErrStale
	}
	if closed(p) {
		return p, register.Wrongs{{Field: "state", Code: "processing_closed"}}
	}
	return p, nil
}

func closed(p isms.Processing) bool {
	return p.State == isms.ProcessingEnded || p.State == isms.ProcessingReplaced || p.Retired != ""
}

// ownedByActs are the fields of an entry that only its acts change.
var ownedByActs = []string{"version", "replaces", "approved_on", "ended_on"}

// processingRules reports what a form may not do with an entry: approve, end or reopen it, or say that it is kept secret
// without the provision.
func processingRules(was, is *isms.Processing) register.Wrongs {
	var wrong register.Wrongs
	if was == nil {
		was = &isms.Processing{State: isms.ProcessingDraft}
		if is.Version == 1 {
			was.Version = 1
		}
	}
	if closed(*was) {
		return register.Wrongs{{Field: "state", Code: "processing_closed"}}
	}
	for _, c := range register.Diff(was, is) {
		if slices.Contains(ownedByActs, c.Field.Name) {
			wrong = append(wrong, register.Wrong{Field: c.Field.Name, Code: "processing_by_act"})
		}
	}
	open := []isms.ProcessingState{isms.ProcessingDraft, isms.ProcessingChecked}
	if was.State != is.State && (!slices.Contains(open, was.State) || !slices.Contains(open, is.State)) {
		wrong = append(wrong, register.Wrong{Field: "state", Code: "processing_by_act"})
	}
	if is.Secret && is.SecretReason == "" {
		wrong = append(wrong, register.Wrong{Field: "secret_reason", Code: "secret_without_provision"})
	}
	return wrong
}

// keep puts a record that Save has changed. An entry of the record of processing that is in use and gets another purpose
// becomes a new version to approve, under an id of its own, and the old one stands until then; and an owner's change of
// their entry is their word on it.
func (a *App) keep(tx *store.Tx, who access.Actor, was, rec register.Entity) (string, error) {
	p, ok := rec.(*isms.Processing)
	old, had := was.(*isms.Processing)
	if !ok || !had || old.State != isms.ProcessingActive {
		return rec.Head().ID, tx.Put(rec)
	}
	q, err := a.asking(tx)
	if err != nil {
		return "", err
	}
	if p.Purpose != old.Purpose {
		return newVersion(tx, q, who, *old, *p)
	}
	if len(register.Diff(old, p)) == 0 {
		return p.ID, tx.Put(p)
	}
	if err := tx.Put(p); err != nil {
		return "", err
	}
	return p.ID, word(tx, q, who, *p, isms.ConfirmedChanged, "")
}

// oneVersion keeps an entry in use from having two new versions to approve.
func oneVersion(l *look, old, p *isms.Processing) (register.Wrongs, error) {
	if old == nil || old.State != isms.ProcessingActive || p.Purpose == old.Purpose {
		return nil, nil
	}
	others, err := linkedIn[isms.Processing](l, "replaces", old.ID)
	for _, other := range others {
		if !closed(other) {
			return register.Wrongs{{Field: "purpose", Code: "new_version_exists"}}, err
		}
	}
	return nil, err
}

func newVersion(tx *store.Tx, q asking, who access.Actor, old, p isms.Processing) (string, error) {
	if old.Rev != p.Rev {
		return "", isms.ErrStale
	}
	p.ID, p.Rev = register.NewID(), 0
	p.Replaces, p.Version = register.Ref[isms.Processing](old.ID), max(old.Version, 1)+1
	p.State, p.ApprovedOn, p.EndedOn = isms.ProcessingDraft, "", ""
	if err := tx.Put(&p); err != nil {
		return "", err
	}
	return p.ID, word(tx, q, who, old, isms.ConfirmedChanged, "")
}
