// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strconv"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/register"
	"ledsyn/store"
)

// dpiaRules lets only those who may decide make an assessment decided or touch a decided one, and those who may not make
// one, such as the data protection officer, write nothing in it but the opinion.
func dpiaRules(who access.Actor, was, is *isms.DPIA) register.Wrongs {
	var wrong register.Wrongs
	for _, c := range register.Diff(entityOrNil(was), is) {
		opinion := c.Field.Name == "dpo_opinion" || c.Field.Name == "dpo_opinion_on"
		if !opinion && !who.May(access.Create, "dpia", is.Unit) {
			wrong = append(wrong, register.Wrong{Field: c.Field.Name, Code: "opinion_only"})
		}
	}
	decided := is.State == isms.DPIADecided || was != nil && was.State == isms.DPIADecided
	if decided && !who.May(access.Decide, "dpia", is.Unit) {
		wrong = append(wrong, register.Wrong{Field: "state", Code: "dpia_by_decider"})
	}
	return wrong
}

// entityOrNil keeps no record from becoming a record that is nil.
func entityOrNil(d *isms.DPIA) register.Entity {
	if d == nil {
		return nil
	}
	return d
}

// MatrixSize is the length of the scale of likelihood and of consequence.
const MatrixSize = 4

// A Matrix has the numbers of the risks in each cell, by likelihood and consequence, both from 1: Matrix[l-1][c-1]. It is
// made from the risks each time, so that no table can say otherwise than another.
type Matrix [MatrixSize][MatrixSize][]string

func (m *Matrix) put(likelihood, consequence int, number string) {
	if 1 <= likelihood && likelihood <= MatrixSize && 1 <= consequence && consequence <= MatrixSize {
		cell := &m[likelihood-1][consequence-1]
		*cell = append(*cell, number)
	}
}

// DPIAPage is an impact assessment with its risks, matrices and what in it does not hold together.
type DPIAPage struct {
	DPIA          isms.DPIA
	Processing    isms.Processing
	Met, Unknown  int // criteria of the threshold test
	Needed        isms.Answer
	Risks         []isms.DPIARisk // by number
	Before, After Matrix
	Unplaced      []string // numbers of risks that are not assessed before or after
	Remarks       []Work
	Activities    map[string][]isms.Activity // by risk
	Titles        Titles
	May           Rights
}

// DPIA returns the assessment as a whole.
func (a *App) DPIA(ctx context.Context, who access.Actor, id string) (DPIAPage, error) {
	var p DPIAPage
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		if p.DPIA, err = store.Get[isms.DPIA](tx, who.In(access.See, "dpia"), id); err != nil {
			return err
		}
		if p.Processing, err = store.Get[isms.Processing](tx, everywhere, string(p.DPIA.Processing)); err != nil {
			return err
		}
		if p.Risks, err = store.Linking[isms.DPIARisk](tx, who.In(access.See, "dpia_risk"), "dpia", []string{id}); err != nil {
			return err
		}
		p.fill(a.Today())
		records := []register.Entity{&p.DPIA}
		for i := range p.Risks {
			records = append(records, &p.Risks[i])
		}
		if err := p.activities(tx, who); err != nil {
			return err
		}
		p.Titles, err = titles(tx, who, links(records...))
		return err
	})
	p.May = rights(who, "dpia", p.DPIA.Unit, false)
	return p, err
}

func (p *DPIAPage) fill(day register.Day) {
	p.Met, p.Unknown = p.DPIA.CriteriaMet()
	p.Needed = p.DPIA.Needed()
	slices.SortFunc(p.Risks, func(a, b isms.DPIARisk) int {
		return cmp.Or(compareNumbers(a.Number, b.Number), cmp.Compare(a.ID, b.ID))
	})
	for _, r := range p.Risks {
		p.Before.put(r.LikelihoodBefore, r.ConsequenceBefore, r.Number)
		p.After.put(r.LikelihoodAfter, r.ConsequenceAfter, r.Number)
		if r.Before() == 0 || r.After() == 0 {
			p.Unplaced = append(p.Unplaced, r.Number)
		}
	}
	v := newRecordOf(metric.Records{DPIAs: []isms.DPIA{p.DPIA}, DPIARisks: p.Risks, Processings: []isms.Processing{p.Processing}}, day)
	v.assessments()
	p.Remarks = v.work
}

func (p *DPIAPage) activities(tx *store.Tx, who access.Actor) error {
	p.Activities = map[string][]isms.Activity{}
	for _, r := range p.Risks {
		for _, id := range r.Activities {
			act, err := store.Get[isms.Activity](tx, who.In(access.See, "activity"), string(id))
			if err == nil {
				p.Activities[r.ID] = append(p.Activities[r.ID], act)
			} else if err != isms.ErrNotFound {
				return err
			}
		}
	}
	return nil
}

var digits = regexp.MustCompile(`[0-9]+`)

// compareNumbers orders R2 before R10.
func compareNumbers(a, b string) int {
	x, _ := strconv.Atoi(digits.FindString(a))
	y, _ := strconv.Atoi(digits.FindString(b))
	return cmp.Or(cmp.Compare(x, y), cmp.Compare(a, b))
}

// assessments goes through the impact assessments of entries in use, and finds entries that need one.
func (v *recordOf) assessments() {
	states := metric.DPIAStates(v.Records, v.day)
	risks := map[register.Ref[isms.DPIA]][]isms.DPIARisk{}
	for _, r := range v.DPIARisks {
		if !v.gone(r.Record) {
			risks[r.DPIA] = append(risks[r.DPIA], r)
		}
	}
	owners := map[register.Ref[isms.Processing]]register.Ref[isms.Person]{}
	for i := range v.Processings {
		p := &v.Processings[i]
		if !metric.EntryStands(*p, v.day) {
			continue
		}
		owners[register.Ref[isms.Processing](p.ID)] = p.Owner
		switch s := states[p.ID]; {
		case !metric.EntryInUse(*p, v.day) || p.Role == isms.Processor: // the controller assesses
		case !s.Known:
			v.add("dpia_untested", p, p.Owner)
		case s.Needed && !s.Decided:
			v.add("dpia_needed", p, p.Owner)
		}
	}
	for i := range v.DPIAs {
		d := &v.DPIAs[i]
		if owner, stands := owners[d.Processing]; stands && !v.gone(d.Record) {
			v.assessment(d, risks[register.Ref[isms.DPIA](d.ID)], owner)
		}
	}
}

// assessment finds what in one assessment contradicts itself or is not done.
func (v *recordOf) assessment(d *isms.DPIA, risks []isms.DPIARisk, owner register.Ref[isms.Person]) {
	if met, _ := d.CriteriaMet(); d.State == isms.DPIANotNeeded && d.Needed() == isms.Yes {
		v.add("dpia_contradicts_threshold", d, owner, met)
	}
	high := 0
	for i := range risks {
		r := &risks[i]
		if r.Before() > 0 && r.After() > r.Before() {
			v.add("dpia_worse_after", r, owner, r.Number, r.Before(), r.After())
		}
		if said := contradiction(*r); said != "" {
			v.add("dpia_text_contradicts", r, owner, r.Number, said)
		}
		if isms.GradeOf(r.After()) == isms.RiskHigh {
			high++
		}
	}
	if d.State != isms.DPIADecided {
		return
	}
	if high > 0 && d.PriorConsultationOn == "" {
		v.add("dpia_high_without_consultation", d, owner, high)
	}
	if d.DPOOpinion == "" {
		v.add("dpia_without_opinion", d, owner)
	}
	if d.ReviewBy != "" && d.ReviewBy < v.day {
		v.add("dpia_past_review", d, owner, d.ReviewBy)
	}
}

// A cell that somebody writes in the text of a risk: S2,K1 or (S2, K1); S for likelihood (sannolikhet), K for
// consequence (konsekvens); L and C in English.
var cellWritten = regexp.MustCompile(`\b[SL]\s*([1-9])\s*[,/xX×]?\s*[KC]\s*([1-9])\b`)

// contradiction returns the first cell that the risk's own text names and its numbers, before and after, do not.
func contradiction(r isms.DPIARisk) string {
	for _, text := range []string{r.Event, r.Measures} {
		for _, m := range cellWritten.FindAllStringSubmatch(text, 20) {
			l, _ := strconv.Atoi(m[1])
			c, _ := strconv.Atoi(m[2])
			before := l == r.LikelihoodBefore && c == r.ConsequenceBefore
			after := l == r.LikelihoodAfter && c == r.ConsequenceAfter
			if !before && !after {
				return m[0]
			}
		}
	}
	return ""
}
