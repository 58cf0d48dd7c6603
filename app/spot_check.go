// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sample"
	"ledsyn/store"
)

// A ChosenRow is a row that was chosen because somebody suspects it. It is no part of the sample and says nothing about the other rows.
type ChosenRow struct {
	Row    int64  `json:"row"`
	Reason string `json:"reason"`
}

// A DrawnStratum is a part of the frozen rows with how many of them are drawn, and once they are, which. Rows that are not divided are
// one stratum without a name. They stand in the order of their names' bytes, which is the order that their seeds are numbered in.
type DrawnStratum struct {
	Name  string  `json:"name"`
	Rows  int     `json:"rows"`
	Size  int     `json:"size"`
	Drawn []int64 `json:"drawn,omitempty"` // in order, numbered in the whole set
}

// What a spot check can hold. A sample of so many rows fits in the record of its draw.
const (
	maxSample = 8000
	maxStrata = 200
	maxChosen = 500
)

// strataOf reads the parts of a draw.
func strataOf(d isms.Draw) (list []DrawnStratum, err error) {
	return list, readKept(d.Strata, &list)
}

// chosenOf reads the rows that were chosen by risk.
func chosenOf(d isms.Draw) (list []ChosenRow, err error) {
	return list, readKept(d.Chosen, &list)
}

// drawnRows are the rows of all parts, in order.
func drawnRows(strata []DrawnStratum) []int64 {
	var all []int64
	for _, s := range strata {
		all = append(all, s.Drawn...)
	}
	slices.Sort(all)
	return all
}

// planFields are what is settled before a seed is bound. Whoever wants them otherwise opens the plan again, and the draw is another.
var planFields = []string{"source", "kind", "source_day", "choice", "stratify", "confidence", "tolerable", "expected", "size", "question", "definition"}

// resultFields are what only the closing of a check sets.
var resultFields = []string{"population", "sample", "found", "remedied", "some_found", "performed_on", "unanswered", "found_chosen", "upper"}

// spotCheckRules keeps a form from what has an act of its own: the check's way, what it came to, and its plan once a seed is bound. A check
// without a state was written down by hand, and stays so.
func spotCheckRules(was, is *isms.SpotCheck) register.Wrongs {
	var wrong register.Wrongs
	refuse := func(field, code string) { wrong = append(wrong, register.Wrong{Field: field, Code: code}) }
	before := isms.SpotCheck{}
	if was != nil {
		before = *was
	}
	changed := map[string]bool{}
	for _, c := range register.Diff(&before, is) {
		changed[c.Field.Name] = true
	}
	if changed["state"] && (before.State != "" || is.State != isms.SpotCheckPlanned || before.PerformedOn != "" || is.PerformedOn != "") {
		refuse("state", "spot_check_by_act")
	}
	for _, name := range []string{"unanswered", "found_chosen", "upper"} {
		if changed[name] && is.State == "" {
			refuse(name, "spot_check_by_act")
		}
	}
	if is.State != "" {
		for _, name := range resultFields {
			if changed[name] {
				refuse(name, "spot_check_by_act")
			}
		}
		if before.State != "" && before.State != isms.SpotCheckPlanned {
			for _, name := range planFields {
				if changed[name] {
					refuse(name, "spot_check_bound")
				}
			}
			if was.Unit != is.Unit {
				refuse("unit", "spot_check_bound")
			}
		}
		if before.State == isms.SpotCheckOngoing || before.State == isms.SpotCheckDone {
			for _, name := range []string{"judges", "judge", "checker", "control"} {
				if changed[name] {
					refuse(name, "spot_check_bound")
				}
			}
		}
	}
	return append(wrong, planRules(is)...)
}

// planRules reports what can never be a plan, however far it has come.
func planRules(c *isms.SpotCheck) register.Wrongs {
	var wrong register.Wrongs
	refuse := func(bad bool, field, code string, args ...any) {
		if bad {
			wrong = append(wrong, register.Wrong{Field: field, Code: code, Args: args})
		}
	}
	refuse(c.Source != "" && c.Kind != "", "kind", "source_or_kind")
	if c.Kind != "" {
		_, known := isms.Register(c.Kind)
		refuse(!known || !Checkable(c.Kind), "kind", "choice", c.Kind)
	}
	_, err := conditionsOf(*c)
	refuse(err != nil, "choice", "choice_json")
	if hundredths, known := c.Confidence.Known(); known {
		low, high := int(sample.MinConfidence*10000), int(sample.MaxConfidence*10000)
		refuse(hundredths < low || hundredths > high, "confidence", "confidence_between")
	}
	if hundredths, known := c.Tolerable.Known(); known {
		refuse(hundredths <= 0 || hundredths >= 10000, "tolerable", "tolerable_between")
	}
	if n, known := c.Size.Known(); known {
		refuse(n < 1 || n > maxSample, "size", "sample_between", maxSample)
	}
	refuse(c.Tolerable.IsKnown() && c.Size.IsKnown(), "size", "size_or_rate")
	return wrong
}

// notCheckable are registers whose records nobody checks: the traces of the program's own acts.
var notCheckable = []string{"attachment", "import", "population", "draw", "portion", "answer_sheet", "portion_link", "report_link", "secrecy_mark", "law_override",
	"review_section", "acceptance", "consultation"}

// Checkable reports whether records of the register can be a spot check's population.
func Checkable(kind string) bool { return !slices.Contains(notCheckable, kind) }

// unplanned reports what a plan still lacks before a seed can be bound.
func unplanned(c isms.SpotCheck) register.Wrongs {
	var wrong register.Wrongs
	need := func(given bool, field string) {
		if !given {
			wrong = append(wrong, register.Wrong{Field: field, Code: "required"})
		}
	}
	need(c.Question != "", "question")
	need(c.Definition != "", "definition")
	need(c.Source != "" || c.Kind != "", "source")
	need(c.Kind == "" || c.SourceDay != "", "source_day")
	need(c.Confidence.IsKnown(), "confidence")
	need(c.Tolerable.IsKnown() || c.Size.IsKnown(), "size")
	need(c.Judges != "", "judges")
	need(c.Judges != isms.JudgedByOne || c.Judge != "", "judge")
	need(c.DueOn != "", "due_on")
	return wrong
}

// workOn returns the check for an act on it by somebody who may change it, as it was read, in one of the states.
func (a *App) workOn(ctx context.Context, tx *store.Tx, who access.Actor, e Entry, states ...isms.SpotCheckState) (isms.SpotCheck, error) {
	c, err := store.Get[isms.SpotCheck](tx, who.In(access.See, "spot_check"), e.ID)
	if err != nil {
		return c, err
	}
	if err := a.allow(ctx, who, access.Change, "spot_check", c.Unit); err != nil {
		return c, err
	}
	switch {
	case c.State == "":
		return c, register.Wrongs{{Code: "spot_check_written"}}
	case c.Rev != e.Rev:
		return c, isms.ErrStale
	case !slices.Contains(states, c.State):
		return c, register.Wrongs{{Code: "spot_check_state"}}
	}
	return c, nil
}

// drawsOf lists the check's draws, the first first.
func drawsOf(tx *store.Tx, check string) ([]isms.Draw, error) {
	all, err := store.Linking[isms.Draw](tx, everywhere, "spot_check", []string{check})
	slices.SortFunc(all, func(a, b isms.Draw) int { return a.Number - b.Number })
	return all, err
}

// currentDraw is the draw that holds, or isms.ErrNotFound.
func currentDraw(tx *store.Tx, check string) (isms.Draw, error) {
	all, err := drawsOf(tx, check)
	if err != nil {
		return isms.Draw{}, err
	}
	if len(all) == 0 || all[len(all)-1].AbandonedAt != "" {
		return isms.Draw{}, isms.ErrNotFound
	}
	return all[len(all)-1], nil
}

// sampleWrong says in words what the arithmetic refuses.
func sampleWrong(err error, field string) error {
	if e := (*sample.Error)(nil); errors.As(err, &e) {
		return register.Wrongs{{Field: field, Code: e.Code, Args: e.Args}}
	}
	return err
}
