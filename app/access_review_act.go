// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// StartAccessReview begins a planned access review: its lists are read whole and held to what was written down of them, their lines are marked by
// the rules and dealt out to those who can judge them, and the counts are kept. The lists are frozen, so they are read before the act, while
// other acts go on. Errors: isms.ErrStale, register.Wrongs: access_review_begun, access_review_empty, population_edited and what is wrong with
// the lists.
func (a *App) StartAccessReview(ctx context.Context, who access.Actor, e Entry, key string) error {
	var r isms.AccessReview
	asked := []any{"start access review", e}
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		if r, err = a.accessReview(ctx, tx, who, e.ID); err != nil {
			return err
		}
		return startable(r, e)
	})
	if err != nil {
		return a.doneBefore(ctx, who, key, asked, err)
	}
	var s *accessSurvey
	err = a.openView(ctx, who, func(tx *store.Tx) (err error) {
		s, err = a.survey(ctx, tx, who, r, false)
		return err
	})
	if err == nil && len(s.Wrong) > 0 {
		err = s.Wrong
	}
	if err == nil {
		err = a.unedited(ctx, who, s)
	}
	if err != nil {
		return err
	}
	_, err = a.once(ctx, who, key, asked, func(tx *store.Tx) (string, error) {
		now, err := a.accessReview(ctx, tx, who, e.ID)
		if err == nil {
			err = startable(now, e)
		}
		if err != nil {
			return "", err
		}
		s.begin(&now, a.Today())
		if wrong := register.Wrongs(register.Check(&now)); len(wrong) > 0 {
			return "", wrong
		}
		if err := tx.Put(&now); err != nil {
			return "", err
		}
		_, err = a.deal(ctx, tx, who, portionOf{AccessReview: now.ID, Unit: now.Unit, DueOn: now.EndsOn}, s.parts, string(now.Reserve))
		return now.ID, err
	})
	if err == nil {
		a.Log.InfoContext(ctx, "access review begun", "org", who.Org, "who", signature(who), "access_review", e.ID, "lines", s.Lines)
	}
	return err
}

func startable(r isms.AccessReview, e Entry) error {
	switch {
	case r.State != isms.AccessReviewPlanned || r.Retired != "":
		return register.Wrongs{{Field: "state", Code: "access_review_begun"}}
	case r.Rev != e.Rev:
		return isms.ErrStale
	}
	return nil
}

// unedited reads the lists whole and holds them to their records.
func (a *App) unedited(ctx context.Context, who access.Actor, s *accessSurvey) error {
	lists := make([]*isms.Population, 0, len(s.Lists)+1)
	for i := range s.Lists {
		lists = append(lists, &s.Lists[i].Population)
	}
	if s.Staff != nil {
		lists = append(lists, s.Staff)
	}
	for _, p := range lists {
		if _, err := a.verifiedSet(ctx, who.Org, p.ID, p.Rows, p.SHA256); err != nil {
			return err
		}
	}
	return nil
}

func (s *accessSurvey) begin(r *isms.AccessReview, today register.Day) {
	r.State, r.StartedOn, r.Lines = isms.AccessReviewOngoing, today, register.CountOf(s.Lines)
	for kind, count := range markCounts(r) {
		*count = s.Marks[kind]
	}
}

// markCounts are where an access review keeps how many lines have each mark.
func markCounts(r *isms.AccessReview) map[string]*register.Count {
	return map[string]*register.Count{isms.MarkLeaver: &r.Leavers, isms.MarkUnemployed: &r.Unemployed, isms.MarkMoved: &r.Moved,
		isms.MarkDormant: &r.Dormant, isms.MarkPrivileged: &r.Privileged, isms.MarkConflict: &r.Conflicts, isms.MarkShared: &r.Shared}
}

// CancelAccessReview ends an access review that is planned or goes on, with a reason. Nothing comes of the answers.
func (a *App) CancelAccessReview(ctx context.Context, who access.Actor, e Entry, reason, key string) error {
	return a.endAccessReview(ctx, who, e, reason, key, isms.AccessReviewCancelled, func(_ *store.Tx, r *isms.AccessReview) (register.Wrongs, error) {
		if strings.TrimSpace(reason) == "" {
			return register.Wrongs{{Field: "reason", Code: "required"}}, nil
		}
		return nil, nil
	})
}

// CloseAccessReview ends an access review that goes on: no more answers are taken, what was answered is counted, and what is to be taken away or
// changed becomes removals. Lines without an answer are closed over only with a reason.
func (a *App) CloseAccessReview(ctx context.Context, who access.Actor, e Entry, reason, key string) error {
	return a.endAccessReview(ctx, who, e, reason, key, isms.AccessReviewClosed, func(tx *store.Tx, r *isms.AccessReview) (register.Wrongs, error) {
		if r.State != isms.AccessReviewOngoing {
			return register.Wrongs{{Field: "state", Code: "access_review_not_begun"}}, nil
		}
		answers, err := answersIn(tx, r.ID)
		if err != nil {
			return nil, err
		}
		counts := map[isms.RowAnswer]int{}
		for _, list := range slices.Sorted(maps.Keys(answers)) {
			for _, answer := range answers[list] {
				counts[answer.Answer]++
			}
			if _, err := a.makeRemovals(tx, removalOf{AccessReview: r.ID, Unit: r.Unit, Staff: string(r.Staff)}, list, answers[list]); err != nil {
				return nil, err
			}
		}
		r.Kept, r.Changed, r.Removed, r.Unknown = register.CountOf(counts[isms.Keep]), register.CountOf(counts[isms.Alter]),
			register.CountOf(counts[isms.Remove]), register.CountOf(counts[isms.Unsure])
		lines, _ := r.Lines.Known()
		left := lines
		for _, n := range counts {
			left -= n
		}
		r.Unanswered = register.CountOf(max(0, left))
		if left > 0 && strings.TrimSpace(reason) == "" {
			return register.Wrongs{{Field: "reason", Code: "access_review_unanswered", Args: []any{left}}}, nil
		}
		return nil, nil
	})
}

func (a *App) endAccessReview(ctx context.Context, who access.Actor, e Entry, reason, key string, to isms.AccessReviewState,
	f func(*store.Tx, *isms.AccessReview) (register.Wrongs, error)) error {
	_, err := a.once(ctx, who, key, []any{"end access review", e, to, reason}, func(tx *store.Tx) (string, error) {
		r, err := a.accessReview(ctx, tx, who, e.ID)
		switch {
		case err != nil:
			return "", err
		case r.State == isms.AccessReviewClosed || r.State == isms.AccessReviewCancelled || r.Retired != "":
			return "", register.Wrongs{{Field: "state", Code: "access_review_over"}}
		case r.Rev != e.Rev:
			return "", isms.ErrStale
		}
		wrong, err := f(tx, &r)
		if err != nil {
			return "", err
		}
		r.State, r.ClosedOn, r.Reason = to, a.Today(), cmp.Or(strings.TrimSpace(reason), r.Reason)
		if wrong = append(wrong, register.Check(&r)...); len(wrong) > 0 {
			return "", wrong
		}
		return r.ID, tx.Put(&r)
	})
	return err
}

// RemindReviewers reminds those who have lines left to judge, beside the reminders that come of themselves; the same person of the same portion once
// a day. It tells of how many portions.
func (a *App) RemindReviewers(ctx context.Context, who access.Actor, review, key string) (reminded int, err error) {
	if !a.mails() {
		return 0, register.Wrongs{{Code: "no_mail"}}
	}
	_, err = a.once(ctx, who, key, []any{"remind reviewers", review}, func(tx *store.Tx) (string, error) {
		r, err := a.accessReview(ctx, tx, who, review)
		if err != nil {
			return "", err
		}
		portions, err := portionsIn(tx, r.ID)
		if err != nil {
			return "", err
		}
		for _, p := range portions {
			j, err := judgedOf(tx, p)
			if err != nil {
				return "", err
			}
			for _, e := range portionErrands(j) {
				if e.Kind != RemindPortion || p.Reviewer == "" {
					continue
				}
				reminded++
				err := tx.Enqueue(store.Mail{Key: e.key("asked " + string(a.Today())), Kind: string(e.Kind), Mark: markStart, RefKind: e.RefKind, RefID: e.RefID, At: e.At, Due: tx.Now()})
				if err != nil {
					return "", err
				}
			}
		}
		return review, nil
	})
	return reminded, err
}

// answersIn returns the newest answers of an access review, by list and row.
func answersIn(tx *store.Tx, review string) (map[string]map[int64]rowAnswer, error) {
	portions, err := portionsIn(tx, review)
	if err != nil {
		return nil, err
	}
	of := map[string][]string{}
	for _, p := range portions {
		of[string(p.Population)] = append(of[string(p.Population)], p.ID)
	}
	answers := map[string]map[int64]rowAnswer{}
	for list, ids := range of {
		if answers[list], err = answersOf(tx, ids...); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

// portionsIn lists the portions of an access review that stand: those that have been withdrawn are dealt out in others.
func portionsIn(tx *store.Tx, review string) ([]isms.Portion, error) {
	all, err := store.Linking[isms.Portion](tx, everywhere, "access_review", []string{review})
	return slices.DeleteFunc(all, func(p isms.Portion) bool { return p.WithdrawnOn != "" }), err
}
