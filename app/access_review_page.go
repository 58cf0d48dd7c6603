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

// AccessReviewPage is an access review as those who lead it see it.
type AccessReviewPage struct {
	Review    isms.AccessReview
	Lists     []isms.Population
	Lines     int // in portions that stand
	Answered  int
	Portions  []PortionProgress // those that are not done first, then by what they are called
	Units     []ShareProgress   // by what the portions are called
	Reviewers []ShareProgress   // by person
	Homeless  int               // portions that nobody can judge
	Astray    int               // portions whose reviewer can judge them no more, as the organisation is today
	Withdrawn []isms.Portion
	Marks     []MarkOutcome
	Removals  []RemovalList
	Newer     []isms.Population // lists that the removals can be held to
	May       AccessReviewMay
	Today     register.Day
	Titles    Titles
}

// AccessReviewMay is what the actor may do with an access review as it is.
type AccessReviewMay struct {
	Change, Start, Close, Cancel, Order, Removals, Remind bool
}

// PortionProgress is how far a portion has come.
type PortionProgress struct {
	isms.Portion
	Lines, Answered int
	Pace            Pace
	Signs           []string // of being judged without looking: quick, run, bulk
	Astray          bool
}

// ShareProgress is how far a unit's or a person's lines have come.
type ShareProgress struct {
	Name            string // what the portions are called, or a person's id; "" is nobody known
	Lines, Answered int
	Portions, Done  int
}

// MarkOutcome is what was said of the lines with a mark; Kind "" is those without any.
type MarkOutcome struct {
	Kind                                          string
	Lines, Kept, Changed, Removed, Unknown, Blank int
}

// What is a sign that lines were not looked at. They are signs only: whoever knows their ten people is soon done.
const (
	quickSeconds = 3   // a line, or less
	quickLines   = 20  // or more, whose time is known
	longRun      = 100 // lines in a row that were kept
	bulkShare    = 80  // percent of the lines, or more
	bulkLines    = 50  // or more
)

// signsOf tells what in the pace the leader may want to ask about.
func signsOf(p Pace) (signs []string) {
	if seconds, known := p.Seconds.Known(); known && seconds <= quickSeconds && p.Timed >= quickLines {
		signs = append(signs, "quick")
	}
	if p.Run >= longRun && p.Run == p.Items {
		signs = append(signs, "run")
	}
	if p.Bulk >= bulkLines && p.Bulk*100 >= bulkShare*p.Items {
		signs = append(signs, "bulk")
	}
	return signs
}

// AccessReview returns the access review with how far it has come, for those who may see it.
func (a *App) AccessReview(ctx context.Context, who access.Actor, id string) (AccessReviewPage, error) {
	var p AccessReviewPage
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		if p.Review, err = store.Get[isms.AccessReview](tx, who.In(access.See, "access_review"), id); err != nil {
			return err
		}
		p.Today = a.Today()
		p.may(who)
		for _, list := range p.Review.Populations {
			set, err := store.Get[isms.Population](tx, everywhere, string(list))
			if err != nil {
				return err
			}
			p.Lists = append(p.Lists, set)
		}
		if err := a.progress(tx, &p); err != nil {
			return err
		}
		p.May.Remind = p.May.Close && a.mails() && slices.ContainsFunc(p.Portions, func(one PortionProgress) bool { return one.DoneAt == "" && one.Reviewer != "" })
		if p.Removals, err = removalLists(tx, id); err != nil {
			return err
		}
		if p.Newer, err = newerLists(tx, who, p.Removals); err != nil {
			return err
		}
		p.Titles, err = titles(tx, who, p.names())
		return err
	})
	return p, err
}

func (p *AccessReviewPage) may(who access.Actor) {
	r := p.Review
	change := who.May(access.Change, "access_review", r.Unit) && r.Retired == ""
	p.May = AccessReviewMay{Change: change, Start: change && r.State == isms.AccessReviewPlanned, Close: change && r.State == isms.AccessReviewOngoing,
		Cancel: change && (r.State == isms.AccessReviewPlanned || r.State == isms.AccessReviewOngoing)}
	p.May.Removals = who.May(access.Change, "removal", r.Unit)
	p.May.Order = p.May.Removals && change
}

func (p *AccessReviewPage) names() wanted {
	w := links(&p.Review)
	for _, list := range p.Lists {
		w.add("system", string(list.System))
	}
	for _, list := range p.Removals {
		for _, r := range list.Removals {
			w.add("system", string(r.System))
		}
	}
	for _, one := range p.Portions {
		w.add("person", string(one.Reviewer))
		w.add("person", string(one.DelegatedBy))
		for _, f := range one.Former {
			w.add("person", string(f))
		}
	}
	return w
}

// progress reads the portions with their answers.
func (a *App) progress(tx *store.Tx, p *AccessReviewPage) error {
	all, err := store.Linking[isms.Portion](tx, everywhere, "access_review", []string{p.Review.ID})
	if err != nil {
		return err
	}
	var stand []isms.Portion
	for _, one := range all {
		if one.WithdrawnOn != "" {
			p.Withdrawn = append(p.Withdrawn, one)
		} else {
			stand = append(stand, one)
		}
	}
	astray := map[string]bool{}
	if p.Review.State == isms.AccessReviewOngoing {
		lost, err := a.astray(tx, stand)
		if err != nil {
			return err
		}
		for _, one := range lost {
			astray[one.ID] = true
		}
	}
	outcomes := map[string]*MarkOutcome{}
	for some := range slices.Chunk(stand, maxPage) {
		ids := make([]string, len(some))
		for i, one := range some {
			ids[i] = one.ID
		}
		sheets, err := store.Linking[isms.AnswerSheet](tx, everywhere, "portion", ids)
		if err != nil {
			return err
		}
		of := map[register.Ref[isms.Portion]][]isms.AnswerSheet{}
		for _, s := range sheets {
			of[s.Portion] = append(of[s.Portion], s)
		}
		for _, one := range some {
			if err := p.portion(one, of[register.Ref[isms.Portion](one.ID)], astray[one.ID], outcomes); err != nil {
				return err
			}
		}
	}
	p.order()
	for _, kind := range append(slices.Clone(isms.Marks), "") {
		if o := outcomes[kind]; o != nil {
			p.Marks = append(p.Marks, *o)
		}
	}
	return nil
}

// portion adds a portion with its savings.
func (p *AccessReviewPage) portion(one isms.Portion, sheets []isms.AnswerSheet, astray bool, outcomes map[string]*MarkOutcome) error {
	lines, _ := one.Count.Known()
	slices.SortFunc(sheets, func(x, y isms.AnswerSheet) int { return x.Number - y.Number })
	answers, err := newestIn(sheets)
	if err != nil {
		return err
	}
	pace, err := paceOf(sheets)
	if err != nil {
		return err
	}
	rows, err := rowsIn(one.Rows)
	if err != nil {
		return err
	}
	marks, err := marksIn(one)
	if err != nil {
		return err
	}
	for _, row := range rows {
		kinds := []string{""}
		if texts := marks[row]; len(texts) > 0 {
			kinds = nil
			for _, text := range texts {
				kinds = append(kinds, isms.ParseMark(text).Kind)
			}
		}
		for _, kind := range kinds {
			if outcomes[kind] == nil {
				outcomes[kind] = &MarkOutcome{Kind: kind}
			}
			outcomes[kind].add(answers[row].Answer)
		}
	}
	progress := PortionProgress{Portion: one, Lines: lines, Answered: len(answers), Pace: pace, Signs: signsOf(pace), Astray: astray}
	progress.Marks = "" // they are counted; the text is long
	p.Portions = append(p.Portions, progress)
	p.Lines += lines
	p.Answered += len(answers)
	switch {
	case one.Reviewer == "":
		p.Homeless++
	case astray:
		p.Astray++
	}
	return nil
}

func (o *MarkOutcome) add(answer isms.RowAnswer) {
	o.Lines++
	switch answer {
	case isms.Keep:
		o.Kept++
	case isms.Alter:
		o.Changed++
	case isms.Remove:
		o.Removed++
	case isms.Unsure:
		o.Unknown++
	default:
		o.Blank++
	}
}

// order puts what is left to do first, and adds up by unit and person.
func (p *AccessReviewPage) order() {
	slices.SortFunc(p.Portions, func(a, b PortionProgress) int {
		done := func(one PortionProgress) int {
			if one.DoneAt != "" {
				return 1
			}
			return 0
		}
		return cmp.Or(done(a)-done(b), strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	units, persons := map[string]*ShareProgress{}, map[string]*ShareProgress{}
	for _, one := range p.Portions {
		name, _, _ := strings.Cut(one.Name, " (") // the parts of what was too much for one portion belong together
		for key, shares := range map[string]map[string]*ShareProgress{name: units, string(one.Reviewer): persons} {
			s := shares[key]
			if s == nil {
				s = &ShareProgress{Name: key}
				shares[key] = s
			}
			s.Lines += one.Lines
			s.Answered += one.Answered
			s.Portions++
			if one.DoneAt != "" {
				s.Done++
			}
		}
	}
	sorted := func(shares map[string]*ShareProgress) (list []ShareProgress) {
		for _, name := range slices.Sorted(maps.Keys(shares)) {
			list = append(list, *shares[name])
		}
		slices.SortStableFunc(list, func(a, b ShareProgress) int { return cmp.Compare(b.Lines-b.Answered, a.Lines-a.Answered) })
		return list
	}
	p.Units, p.Reviewers = sorted(units), sorted(persons)
}

// newerLists are the lists that are later than those where open removals were last seen, the newest of each first. They are compared by
// themselves when they come; what was interrupted can be asked for.
func newerLists(tx *store.Tx, who access.Actor, removals []RemovalList) (newer []isms.Population, err error) {
	var all []isms.Population
	for _, l := range removals {
		if l.Open == 0 {
			continue
		}
		if all == nil {
			if all, err = store.All[isms.Population](tx, who.In(access.See, "population")); err != nil {
				return nil, err
			}
		}
		seen := register.Day("")
		for _, r := range l.Removals {
			if r.GoneOn == "" && r.WithdrawnOn == "" && (seen == "" || r.SeenOn < seen) {
				seen = r.SeenOn
			}
		}
		for _, q := range all {
			if q.DisposedOn == "" && q.Day > seen && sameList(l.Population, q) && !slices.ContainsFunc(newer, func(n isms.Population) bool { return n.ID == q.ID }) {
				newer = append(newer, q)
			}
		}
	}
	slices.SortFunc(newer, func(a, b isms.Population) int { return cmp.Or(cmp.Compare(b.Day, a.Day), cmp.Compare(a.ID, b.ID)) })
	return newer, nil
}
