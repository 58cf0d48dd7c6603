// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sample"
	"ledsyn/store"
)

// Bound is what a checked sample shows: see sample.Bound.
type Bound = sample.Bound

// A SamplePlan is a sample before it is drawn: how many rows of how many, and what it will be able to show.
type SamplePlan struct {
	Rows     int
	Size     int
	Expected int     // deviations that the size makes room for, where it was reckoned
	Reckoned bool    // from the rate that can be borne
	Shows    []Bound // what no deviation, one, two and three would show, as far as the sample is so large; the expected number too
	Strata   []DrawnStratum
	Divided  bool // by the values of a column
}

// sizeOf is the number of rows that the check asks for of so many.
func sizeOf(c isms.SpotCheck, rows int) (SamplePlan, error) {
	p := SamplePlan{Rows: rows}
	if rows == 0 {
		return p, register.Wrongs{{Field: "choice", Code: "population_empty"}}
	}
	hundredths, known := c.Confidence.Known()
	if !known {
		return p, register.Wrongs{{Field: "confidence", Code: "required"}}
	}
	confidence := float64(hundredths) / 10000
	if tolerable, known := c.Tolerable.Known(); known {
		expected, _ := c.Expected.Known()
		expected = max(expected, 0)
		plan, err := sample.Size(rows, confidence, float64(tolerable)/10000, expected)
		if err != nil {
			return p, sampleWrong(err, "tolerable")
		}
		p.Size, p.Expected, p.Reckoned = plan.Size, expected, true
	} else if p.Size, known = c.Size.Known(); !known {
		return p, register.Wrongs{{Field: "size", Code: "required"}}
	}
	if p.Size > rows {
		return p, register.Wrongs{{Field: "size", Code: "part_over_whole", Args: []any{p.Size, rows}}}
	}
	if p.Size > maxSample {
		return p, register.Wrongs{{Field: "size", Code: "sample_between", Args: []any{maxSample}}}
	}
	return p, nil
}

// divide settles the plan among the parts of the rows, and reckons what it will show. A divided sample shows a little less than one that is
// not, so one that is to show a rate is made larger until it does.
func (p *SamplePlan) divide(c isms.SpotCheck, strata []DrawnStratum) error {
	p.Strata, p.Divided = strata, c.Stratify != ""
	hundredths, _ := c.Confidence.Known()
	confidence := float64(hundredths) / 10000
	if err := p.allocate(); err != nil {
		return err
	}
	if tolerable, known := c.Tolerable.Known(); known && len(strata) > 1 {
		for {
			b, err := p.shows(p.Expected, confidence)
			if err != nil {
				return err
			}
			if b.Upper <= float64(tolerable)/10000 || p.Size == p.Rows {
				break
			}
			p.Size = min(p.Size+max(1, p.Size/200), p.Rows)
			if p.Size > maxSample {
				return register.Wrongs{{Field: "size", Code: "sample_between", Args: []any{maxSample}}}
			}
			if err := p.allocate(); err != nil {
				return err
			}
		}
	}
	for k := 0; k <= max(3, p.Expected) && k <= p.Size; k++ {
		if k > 3 && k < p.Expected {
			continue
		}
		b, err := p.shows(k, confidence)
		if err != nil {
			return err
		}
		p.Shows = append(p.Shows, b)
	}
	return nil
}

// allocate divides the sample among the parts by their sizes.
func (p *SamplePlan) allocate() error {
	populations := make([]int, len(p.Strata))
	for i, s := range p.Strata {
		populations[i] = s.Rows
	}
	sizes, err := sample.Allocate(populations, p.Size)
	if err != nil {
		return sampleWrong(err, "stratify")
	}
	for i := range p.Strata {
		p.Strata[i].Size = sizes[i]
	}
	return nil
}

// shows is what so many deviations in the sample would show of all rows, found in the largest parts of it.
func (p *SamplePlan) shows(deviations int, confidence float64) (Bound, error) {
	parts := make([]sample.Stratum, len(p.Strata))
	for i, s := range p.Strata {
		parts[i] = sample.Stratum{Population: s.Rows, Size: s.Size}
	}
	for left := deviations; left > 0; left-- {
		most := 0
		for i, s := range parts {
			if s.Size-s.Deviations > parts[most].Size-parts[most].Deviations {
				most = i
			}
		}
		parts[most].Deviations++
	}
	_, whole, err := sample.Combined(parts, confidence)
	return whole, sampleWrong(err, "size")
}

// A CheckPlan is a plan as it stands, and what it would come to.
type CheckPlan struct {
	isms.SpotCheck
	Name    string // of the source
	Day     register.Day
	Columns []string
	Where   []CheckCondition
	Sample  *SamplePlan     // nil while something is lacking
	Wrong   register.Wrongs // why there is none
}

// PlanOf tells what the check would be drawn from and what the sample would show, with the changes that the form asks for but without
// keeping them. Nothing is drawn and no seed is used.
func (a *App) PlanOf(ctx context.Context, who access.Actor, id string, form map[string][]string) (CheckPlan, error) {
	var p CheckPlan
	_, in, err := a.visible(ctx, who, "spot_check")
	if err != nil {
		return p, err
	}
	err = a.openView(ctx, who, func(tx *store.Tx) error {
		if p.SpotCheck, err = store.Get[isms.SpotCheck](tx, in, id); err != nil {
			return err
		}
		p.Wrong = register.Read(&p.SpotCheck, form)
		if len(p.Wrong) == 0 {
			p.Wrong = planRules(&p.SpotCheck)
		}
		c := p.SpotCheck
		if p.Where, err = conditionsOf(c); err != nil { // the rules have said so
			c.Choice = ""
		}
		s, err := a.sourceOf(tx, who, c)
		if err != nil {
			return p.lacks(err)
		}
		p.Name, p.Day, p.Columns = s.name, s.day, s.columns
		if len(p.Wrong) > 0 {
			return nil
		}
		n, err := s.count(ctx, p.Stratify)
		if err != nil {
			return p.lacks(err)
		}
		plan, err := sizeOf(p.SpotCheck, n.rows)
		if err == nil {
			err = plan.divide(p.SpotCheck, n.strata())
		}
		if err != nil {
			p.Sample = &SamplePlan{Rows: n.rows}
			return p.lacks(err)
		}
		p.Sample = &plan
		return nil
	})
	return p, err
}

// lacks keeps what a person can mend.
func (p *CheckPlan) lacks(err error) error {
	var wrong register.Wrongs
	if !errors.As(err, &wrong) {
		return err
	}
	p.Wrong = append(p.Wrong, wrong...)
	return nil
}

// openView reads what others than the actor will be shown: of what is marked as secret nothing, whoever asks.
func (a *App) openView(ctx context.Context, who access.Actor, f func(*store.Tx) error) error {
	return a.view(MaskedCopy(ctx), who, f)
}
