// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sample"
	"ledsyn/store"
)

// A SpotItem is a row that is judged: drawn, chosen by risk, or both. One that is both counts as drawn.
type SpotItem struct {
	Row      int64
	Stratum  string
	Drawn    bool
	Chosen   string // why it was chosen by risk, "" where it was not
	Portion  string
	Answer   isms.RowAnswer // "" is none yet
	Note     string
	Person   string // id of who answered
	At       register.Moment
	Reviewer string // id of who has it to judge
	Cells    []string
}

// Deviates reports whether the answer says that the row is not as it should be.
func (i SpotItem) Deviates() bool {
	return i.Answer == isms.Deviating || i.Answer == isms.Remove || i.Answer == isms.Alter
}

// Open reports whether nobody has said what the row is: unanswered, or answered by one who could not tell.
func (i SpotItem) Open() bool { return i.Answer == "" || i.Answer == isms.Unsure }

// A SpotTally is how rows were answered.
type SpotTally struct{ Size, Sound, Deviations, Unsure, Unanswered int }

func (t *SpotTally) add(i SpotItem) {
	t.Size++
	switch {
	case i.Answer == "":
		t.Unanswered++
	case i.Answer == isms.Unsure:
		t.Unsure++
	case i.Deviates():
		t.Deviations++
	default:
		t.Sound++
	}
}

// Open is how many rows nobody has told of.
func (t SpotTally) Open() int { return t.Unsure + t.Unanswered }

// A SpotStratum is what a part of the population shows by itself. That the bounds of all parts hold at once is less sure than each is.
type SpotStratum struct {
	Name       string
	Population int
	SpotTally
	Bound Bound // with the open rows as deviations
}

// A SpotResult is what a sample shows so far, or showed.
type SpotResult struct {
	Population int
	Confidence int // in hundredths of a percent
	SpotTally
	Strata  []SpotStratum // more than one where the sample was divided
	Best    Bound         // for the whole population, where no open row deviates
	Worst   Bound         // where all do; the same where none is open
	Chosen  SpotTally     // the rows chosen by risk that were not drawn: no part of the above
	Draws   int           // how many times a sample was bound for the check
	Seen    int           // of those, the ones whose rows were known when they were replaced
	Entire  bool          // the whole population was checked: there is nothing to estimate
	Divided bool
}

// resultOf reckons what the items show.
func resultOf(c isms.SpotCheck, draws []isms.Draw, d isms.Draw, strata []DrawnStratum, items []SpotItem) (SpotResult, error) {
	r := SpotResult{Draws: len(draws), Divided: c.Stratify != ""}
	r.Population, _ = d.Rows.Known()
	r.Confidence, _ = c.Confidence.Known()
	for _, one := range draws {
		if one.AbandonedAt != "" && one.DrawnAt != "" {
			r.Seen++
		}
	}
	place := map[string]int{}
	for i, s := range strata {
		place[s.Name] = i
		r.Strata = append(r.Strata, SpotStratum{Name: s.Name, Population: s.Rows})
	}
	for _, item := range items {
		if item.Drawn {
			r.SpotTally.add(item)
			r.Strata[place[item.Stratum]].SpotTally.add(item)
		} else {
			r.Chosen.add(item)
		}
	}
	r.Entire = r.Size == r.Population
	parts := make([]sample.Stratum, len(r.Strata))
	for i, s := range r.Strata {
		parts[i] = sample.Stratum{Name: s.Name, Population: s.Population, Size: s.Size, Deviations: s.Deviations, Unanswered: s.Open()}
	}
	confidence := float64(r.Confidence) / 10000
	each, _, err := sample.Combined(parts, confidence)
	if err != nil {
		return r, err
	}
	for i := range each {
		r.Strata[i].Bound = each[i]
	}
	both, err := sample.CombinedRange(parts, confidence)
	r.Best, r.Worst = both.Best, both.Worst
	return r, err
}

// itemsOf are the rows of the draw, in order, with their newest answers.
func itemsOf(tx *store.Tx, d isms.Draw) (strata []DrawnStratum, items []SpotItem, portions []isms.Portion, err error) {
	if strata, err = strataOf(d); err != nil {
		return nil, nil, nil, err
	}
	chosen, err := chosenOf(d)
	if err != nil {
		return nil, nil, nil, err
	}
	if portions, err = drawPortions(tx, d); err != nil {
		return nil, nil, nil, err
	}
	holder := map[int64]isms.Portion{}
	var ids []string
	for _, p := range portions {
		rows, err := rowsIn(p.Rows)
		if err != nil {
			return nil, nil, nil, err
		}
		for _, n := range rows {
			holder[n] = p
		}
		ids = append(ids, p.ID)
	}
	answers, err := answersOf(tx, ids...)
	if err != nil {
		return nil, nil, nil, err
	}
	at := map[int64]int{}
	add := func(i SpotItem) {
		a := answers[i.Row]
		i.Answer, i.Note, i.Person, i.At = a.Answer, a.Note, a.Person, a.At
		i.Portion, i.Reviewer = holder[i.Row].ID, string(holder[i.Row].Reviewer)
		at[i.Row] = len(items)
		items = append(items, i)
	}
	for _, s := range strata {
		for _, n := range s.Drawn {
			add(SpotItem{Row: n, Stratum: s.Name, Drawn: true})
		}
	}
	for _, r := range chosen {
		if i, drawn := at[r.Row]; drawn {
			items[i].Chosen = r.Reason
			continue
		}
		add(SpotItem{Row: r.Row, Chosen: r.Reason})
	}
	slices.SortFunc(items, func(a, b SpotItem) int { return int(a.Row - b.Row) })
	return strata, items, portions, nil
}

// drawPortions are what the draw was dealt out in and still holds.
func drawPortions(tx *store.Tx, d isms.Draw) ([]isms.Portion, error) {
	all, err := store.Linking[isms.Portion](tx, everywhere, "draw", []string{d.ID})
	return slices.DeleteFunc(all, func(p isms.Portion) bool { return p.WithdrawnOn != "" && d.AbandonedAt == "" }), err
}
