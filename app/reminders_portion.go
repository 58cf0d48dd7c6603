// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// escalateAfter is how many days after a portion was due its leader and its reviewer's head are told.
var escalateAfter = -RemindOverdue.rule().marks[0].days

// portionErrands are what an open portion asks: of its reviewer to judge it, and of the leader and the reviewer's head to see to it when it is
// late. A portion that has been handed over reminds its new reviewer from the beginning.
func portionErrands(j judged) []Errand {
	if !j.Open() {
		return nil
	}
	judge := newErrand(RemindPortion, &j.Portion, "portion", j.ID)
	from := j.SentOn
	if j.DelegatedOn > from {
		from = j.DelegatedOn
	}
	judge.onDay(from, j.DueOn)
	judge.see, judge.person, judge.turn = nil, j.Reviewer, string(j.Reviewer)
	late := newErrand(RemindOverdue, &j.Portion, "judge", "")
	late.onDay("", j.DueOn)
	late.see, late.person, late.roles, late.about = nil, register.Ref[isms.Person](j.Leader), []isms.Role{isms.Coordinator}, j.Reviewer
	return []Errand{judge, late}
}

// errandsOf is all that the record asks of somebody.
func errandsOf(tx *store.Tx, rec register.Entity) ([]Errand, error) {
	if p, ok := rec.(*isms.Portion); ok {
		j, err := judgedOf(tx, *p)
		return portionErrands(j), err
	}
	e, ok, err := errandOf(tx, rec)
	if err != nil || !ok {
		return nil, err
	}
	return []Errand{e}, nil
}

// openPortions lists the errands of all open portions, asking once what each was dealt out for. That a portion is late is an errand from the
// day when it is told.
func openPortions(tx *store.Tx, today register.Day) (list []Errand, err error) {
	records, err := every(tx, register.Of[isms.Portion](), map[string][]string{"done_at": {""}, "withdrawn_on": {""}})
	if err != nil {
		return nil, err
	}
	known := map[string]judged{}
	for _, rec := range records {
		p := rec.(*isms.Portion)
		about := string(p.AccessReview) + "/" + string(p.SpotCheck) + "/" + string(p.Draw)
		j, there := known[about]
		if !there {
			if j, err = judgedOf(tx, *p); err != nil {
				return nil, err
			}
			known[about] = j
		}
		j.Portion = *p
		for _, e := range portionErrands(j) {
			if e.Kind == RemindPortion || e.Day.Valid() && e.Day.AddDays(escalateAfter) <= today {
				list = append(list, e)
			}
		}
	}
	return list, nil
}

// overseers lists who is told that a portion is late: the leader, or else the coordinator, and the head of the reviewer's unit.
func (s *staffing) overseers(e Errand) (list []string, err error) {
	if e.person != "" {
		list = append(list, string(e.person))
	} else if list, err = s.holding(e.unit, isms.Coordinator); err != nil {
		return nil, err
	}
	if e.about == "" {
		return list, nil
	}
	p, err := store.Get[isms.Person](s.tx, everywhere, string(e.about))
	if err != nil {
		return nil, err
	}
	heads, err := s.holding(p.Unit, isms.Head)
	for _, h := range heads {
		if h != p.ID {
			list = append(list[:len(list):len(list)], h)
		}
	}
	return list, err
}
