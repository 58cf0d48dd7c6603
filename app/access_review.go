// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// accessReviewPlan are the fields of an access review that say what is reviewed and by whom: they stand still once it has begun.
var accessReviewPlan = []string{"populations", "staff", "roles", "judges", "judge", "dormant_days", "shared_accounts", "unit"}

// accessReviewOpen are the fields that may be changed as long as it is not over.
var accessReviewOpen = []string{"name", "reserve", "leader", "advice", "ends_on"}

// accessReviewRules reports what an access review may not be, and fields that only its own acts may change.
func accessReviewRules(l *look, was, is *isms.AccessReview) (register.Wrongs, error) {
	old := cmp.Or(was, &isms.AccessReview{Record: isms.Record{ID: is.ID, Unit: is.Unit}, State: isms.AccessReviewPlanned})
	var wrong register.Wrongs
	add := func(field, code string, args ...any) {
		wrong = append(wrong, register.Wrong{Field: field, Code: code, Args: args})
	}
	if old.Unit != is.Unit && old.State != isms.AccessReviewPlanned {
		add("unit", "access_review_begun")
	}
	for _, c := range register.Diff(old, is) {
		plan, open := slices.Contains(accessReviewPlan, c.Field.Name), slices.Contains(accessReviewOpen, c.Field.Name)
		switch {
		case was == nil && c.Field.Name == "started_on": // when it is to begin
		case !plan && !open && !(c.Field.Name == "started_on" && old.State == isms.AccessReviewPlanned):
			add(c.Field.Name, "access_review_by_act")
		case open && old.State != isms.AccessReviewPlanned && old.State != isms.AccessReviewOngoing:
			add(c.Field.Name, "access_review_over")
		case plan && old.State != isms.AccessReviewPlanned:
			add(c.Field.Name, "access_review_begun")
		}
	}
	if is.Judges == isms.JudgedByOne && is.Judge == "" {
		add("judge", "required")
	}
	if len(wrong) > 0 {
		return wrong, nil
	}
	for _, id := range is.Populations {
		if err := setIs(l, string(id), "populations", isms.Entitlements, add); err != nil {
			return nil, err
		}
	}
	if is.Staff != "" {
		if err := setIs(l, string(is.Staff), "staff", isms.Employments, add); err != nil {
			return nil, err
		}
	}
	return wrong, nil
}

// setIs reports a set that is of another kind or whose rows are gone.
func setIs(l *look, id, field string, kind isms.PopulationKind, add func(field, code string, args ...any)) error {
	rec, err := l.Get(register.Of[isms.Population](), everywhere, id)
	if errors.Is(err, isms.ErrNotFound) {
		return nil // dangling says it
	}
	if err != nil {
		return err
	}
	switch p := rec.(*isms.Population); {
	case p.Kind != kind:
		add(field, "set_of_other_kind")
	case p.DisposedOn != "":
		add(field, "set_disposed", string(p.DisposedOn))
	}
	return nil
}

// AccessList is a list of an access review.
type AccessList struct {
	Population isms.Population
	Lines      int
	Lacks      []string // what no column of it holds, of what the rules need
}

// PairHit is a pair of rights that may not be held together, and how many hold both.
type PairHit struct {
	isms.RightsConflict
	Persons int
}

// ReviewerShare is what one person is to judge. Person is "" where nobody is known who can.
type ReviewerShare struct {
	Person        string
	Lines, Marked int
	Units         []string // what the parts are called
}

// AccessPreview is what an access review would be if it began today.
type AccessPreview struct {
	Review    isms.AccessReview
	Lists     []AccessList
	Staff     *isms.Population // nil where there is no HR list
	Before    register.Day     // the day of the HR list before it, "" where there is none
	Lines     int
	Marked    int                       // lines with a mark
	Marks     map[string]register.Count // unknown where the lists do not tell
	Pairs     []PairHit                 // those that concern a system of the lists
	Reviewers []ReviewerShare           // those with most lines first
	Nobody    int                       // lines that nobody can judge
	MayStart  bool
	Wrong     register.Wrongs // why it cannot begin
	Titles    Titles
}

// accessSurvey is a preview with what an access review is dealt out from.
type accessSurvey struct {
	AccessPreview
	parts  []dealt
	marker *isms.Marker
	lines  *lineReader
	shared map[string][]string // marks that several rows have, by their text
	brief  bool                // marks are only counted
}

// accessReview returns the review for an act on it.
func (a *App) accessReview(ctx context.Context, tx *store.Tx, who access.Actor, id string) (isms.AccessReview, error) {
	r, err := store.Get[isms.AccessReview](tx, who.In(access.See, "access_review"), id)
	if err != nil {
		return r, err
	}
	return r, a.allow(ctx, who, access.Change, "access_review", r.Unit)
}

// AccessPreview tells what the planned access review would be: its lines and their marks, and who would judge how many. It changes nothing.
func (a *App) AccessPreview(ctx context.Context, who access.Actor, id string) (AccessPreview, error) {
	var s *accessSurvey
	err := a.view(ctx, who, func(tx *store.Tx) error {
		r, err := store.Get[isms.AccessReview](tx, who.In(access.See, "access_review"), id)
		if err != nil {
			return err
		}
		if r.State != isms.AccessReviewPlanned {
			return isms.ErrNotFound
		}
		if s, err = a.survey(ctx, tx, who, r, true); err != nil {
			return err
		}
		s.MayStart = who.May(access.Change, "access_review", r.Unit) && len(s.Wrong) == 0
		w := links(&r)
		for _, share := range s.Reviewers {
			w.add("person", share.Person)
		}
		for _, p := range s.Pairs {
			w.add("system", string(p.System))
			w.add("system", string(p.Other))
		}
		for _, l := range s.Lists {
			w.add("system", string(l.Population.System))
		}
		s.Titles, err = titles(tx, who, w)
		return err
	})
	if err != nil {
		return AccessPreview{}, err
	}
	return s.AccessPreview, nil
}

// survey reads the review's lists twice: first for the marks, which may rest on all lines together, and then to deal the lines out. It keeps
// some thirty bytes of each line. What makes it unable to begin is told in Wrong.
// The reasons of the marks are left out where brief is set.
func (a *App) survey(ctx context.Context, tx *store.Tx, who access.Actor, r isms.AccessReview, brief bool) (*accessSurvey, error) {
	s := &accessSurvey{AccessPreview: AccessPreview{Review: r, Marks: map[string]register.Count{}}, shared: map[string][]string{}, brief: brief}
	if err := s.open(tx, who); err != nil || len(s.Wrong) > 0 {
		return s, err
	}
	var err error
	if s.lines, err = newLineReader(tx, r.Roles); err != nil {
		return nil, err
	}
	rules := isms.EntitlementRules{Dormant: r.DormantDays, Shared: foldedLines(r.SharedAccounts), Same: s.lines.units.can}
	if s.Staff != nil {
		if rules.Staff, err = directoryOf(tx, s.Staff.ID); err != nil {
			return nil, err
		}
		s.Before = rules.Staff.Before
	}
	written, err := conflictsOn(tx, a.Today())
	if err != nil {
		return nil, err
	}
	rules.Conflicts = foldedConflicts(written)
	s.marker = rules.Marker()
	if err := s.mark(ctx, tx); err != nil {
		return nil, err
	}
	s.marker.Finish()
	for i, n := range s.marker.Hits() {
		if p := written[i]; s.lines.met[string(p.System)] || s.lines.met[string(p.Other)] {
			s.Pairs = append(s.Pairs, PairHit{p, n})
		}
	}
	d, err := a.dealers(tx, who.Org, dealing{Judges: r.Judges, Judge: string(r.Judge), Staff: string(r.Staff), Reserve: string(r.Reserve)})
	if err != nil {
		return nil, err
	}
	if err := s.deal(ctx, tx, d); err != nil {
		return nil, err
	}
	s.untold(rules)
	s.parts = d.deal()
	s.share()
	if s.Lines == 0 {
		s.Wrong = append(s.Wrong, register.Wrong{Field: "populations", Code: "access_review_empty"})
	}
	return s, nil
}

// open finds the lists, as the actor may see them.
func (s *accessSurvey) open(tx *store.Tx, who access.Actor) error {
	if len(s.Review.Populations) == 0 {
		s.Wrong = append(s.Wrong, register.Wrong{Field: "populations", Code: "required"})
	}
	list := func(id, field string, kind isms.PopulationKind) (*isms.Population, error) {
		p, err := store.Get[isms.Population](tx, who.In(access.See, "population"), id)
		switch {
		case errors.Is(err, isms.ErrNotFound):
			s.Wrong = append(s.Wrong, register.Wrong{Field: field, Code: "no_such", Args: []any{id}})
			return nil, nil
		case err != nil:
			return nil, err
		}
		add := func(field, code string, args ...any) {
			s.Wrong = append(s.Wrong, register.Wrong{Field: field, Code: code, Args: args})
		}
		return &p, setIs(one(tx), id, field, kind, add)
	}
	for i, id := range s.Review.Populations {
		if slices.Contains(s.Review.Populations[:i], id) {
			continue
		}
		p, err := list(string(id), "populations", isms.Entitlements)
		if err != nil {
			return err
		}
		if p != nil {
			s.Lists = append(s.Lists, AccessList{Population: *p})
		}
	}
	if s.Review.Staff == "" {
		return nil
	}
	var err error
	s.Staff, err = list(string(s.Review.Staff), "staff", isms.Employments)
	return err
}

// patience is after how many rows it is asked whether anybody still waits.
const patience = 10_000

func (s *accessSurvey) mark(ctx context.Context, tx *store.Tx) error {
	for i := range s.Lists {
		p := &s.Lists[i].Population
		if err := s.lines.of(p); err != nil {
			return err
		}
		for _, needs := range [][]string{{"person", "email"}, {"account"}, {"role"}, {"unit"}, {"granted"}, {"last_used"}, {"privileged"}} {
			if !slices.ContainsFunc(needs, s.lines.has) {
				s.Lists[i].Lacks = append(s.Lists[i].Lacks, needs[0])
			}
		}
		s.marker.List(p.Day)
		rows, _ := p.Rows.Known()
		s.marker.Grow(rows)
		err := tx.SetEach(p.ID, func(row int64, cells []string) error {
			s.marker.Add(s.lines.line(cells))
			if row%patience == 0 {
				return ctx.Err()
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// deal deals the lines out with their marks, and counts them.
func (s *accessSurvey) deal(ctx context.Context, tx *store.Tx, d *dealer) error {
	counts := make([]int, len(isms.Marks))
	at := 0
	for i := range s.Lists {
		p := &s.Lists[i].Population
		if err := s.lines.of(p); err != nil {
			return err
		}
		s.marker.List(p.Day)
		to := d.of(p)
		err := tx.SetEach(p.ID, func(row int64, cells []string) error {
			if row%patience == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			place := at
			at++
			set := s.marker.Marks(place)
			if set == 0 {
				if len(s.lines.roles) > 0 && !s.lines.roles[s.lines.fold(cells, "role")] {
					return nil
				}
				s.Lists[i].Lines++
				return to.take(row, cells, false)
			}
			s.Lists[i].Lines++
			s.Marked++
			for k, kind := range isms.Marks {
				if set.Has(kind) {
					counts[k]++
				}
			}
			if s.brief {
				return to.take(row, cells, false, someMark...)
			}
			return to.take(row, cells, false, s.keep(s.marker.Reasons(place, s.lines.line(cells)))...)
		})
		if err != nil {
			return err
		}
		s.Lines += s.Lists[i].Lines
	}
	for k, kind := range isms.Marks {
		s.Marks[kind] = register.CountOf(counts[k])
	}
	return nil
}

// someMark stands for the marks of a row where they are only counted.
var someMark = []string{""}

// keep is the marks as texts, each list of them once.
func (s *accessSurvey) keep(marks []isms.Mark) []string {
	texts := make([]string, len(marks))
	for i, m := range marks {
		texts[i] = m.String()
	}
	key := strings.Join(texts, "\n")
	if had, ok := s.shared[key]; ok {
		return had
	}
	if len(s.shared) >= mostTexts {
		clear(s.shared)
	}
	s.shared[key] = texts
	return texts
}

// untold makes the counts unknown of which the lists tell nothing.
func (s *accessSurvey) untold(rules isms.EntitlementRules) {
	told := func(meanings ...string) bool {
		return slices.ContainsFunc(s.Lists, func(l AccessList) bool {
			return slices.ContainsFunc(meanings, func(m string) bool { return !slices.Contains(l.Lacks, m) })
		})
	}
	for kind, known := range map[string]bool{
		isms.MarkLeaver:     s.Staff != nil && told("person"),
		isms.MarkUnemployed: s.Staff != nil && told("person"),
		isms.MarkMoved:      s.Staff != nil && told("person") && told("unit", "granted"),
		isms.MarkDormant:    rules.Dormant.IsKnown() && told("last_used"),
		isms.MarkPrivileged: told("privileged"),
		isms.MarkConflict:   len(rules.Conflicts) > 0 && told("role") && told("person"),
		isms.MarkShared:     told("account") || len(rules.Shared) > 0,
	} {
		if !known {
			s.Marks[kind] = register.Count{}
		}
	}
}

// share adds up what each reviewer gets.
func (s *accessSurvey) share() {
	by := map[string]*ReviewerShare{}
	for _, part := range s.parts {
		share := by[part.Reviewer]
		if share == nil {
			share = &ReviewerShare{Person: part.Reviewer}
			by[part.Reviewer] = share
		}
		share.Lines += len(part.Rows)
		share.Marked += len(part.Marks)
		if !slices.Contains(share.Units, part.Name) {
			share.Units = append(share.Units, part.Name)
		}
	}
	for _, share := range by {
		if share.Person == "" {
			s.Nobody = share.Lines
		}
		s.Reviewers = append(s.Reviewers, *share)
	}
	slices.SortFunc(s.Reviewers, func(a, b ReviewerShare) int {
		return cmp.Or(cmp.Compare(b.Lines, a.Lines), cmp.Compare(a.Person, b.Person))
	})
}
