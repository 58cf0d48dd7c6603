// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

func (r *controlMaking) outcome(f isms.Followed, t isms.Tertial) string {
	if status := f.Outcome(t); status != "" {
		return r.l.T("choice.control_status." + string(status))
	}
	return r.l.T("ic.not_reported")
}

func (r *controlMaking) controls() (string, []Block) {
	var rows [][]Cell
	for _, f := range r.list {
		if f.Control == nil {
			continue
		}
		how := r.l.T("ic.no_method")
		if f.Control.Method != "" {
			how = r.l.T("choice.control_method." + string(f.Control.Method))
		}
		name := []Span{{Text: f.Control.Name, Bold: true}, {Text: ". " + joinWords(", ", how, f.Control.Frequency, r.Names[string(f.Control.Performer)])}}
		if r.t == isms.WholeYear {
			rows = append(rows, []Cell{{Text: name}, {Text: plain(r.outcome(f, isms.FirstTertial))}, {Text: plain(r.outcome(f, isms.SecondTertial))},
				{Text: plain(r.outcome(f, isms.ThirdTertial))}, {Text: plain(joinWords(" ", r.wholeYear(f), f.Results[isms.WholeYear].Result))}, {Text: plain(r.yearBefore(f))}})
			continue
		}
		res := f.Results[r.t]
		rows = append(rows, []Cell{{Text: name}, {Text: plain(r.outcome(f, r.t))}, {Text: plain(res.Result)}, number(r.l, res.Found), number(r.l, res.Remedied), open(r.l, res)})
	}
	if len(rows) == 0 {
		return "controls", []Block{{Type: Missing, Text: plain(r.l.T("ic.doc.no_controls"))}}
	}
	b := Block{Type: Table, Rows: rows}
	if r.t == isms.WholeYear {
		b.Head = r.head("register.control.one:4", "choice.tertial.t1:2", "choice.tertial.t2:2", "choice.tertial.t3:2", "choice.tertial.year:3", "ic.year_before:3")
	} else {
		b.Head = r.head("register.control.one:5", "control_result.outcome:3", "control_result.result:5", "ic.found:2", "ic.remedied:2", "ic.open:2")
		for i := 3; i < 6; i++ {
			b.Head[i].Right = true
		}
	}
	return "controls", []Block{b}
}

// open is what is left of what was found, a dash where either is not known.
func open(l locale.Lang, r isms.ControlResult) Cell {
	found, known := r.Found.Known()
	remedied, also := r.Remedied.Known()
	if !known || !also {
		return number(l, register.Count{})
	}
	return number(l, register.CountOf(found-remedied))
}

// wholeYear is what was reported for the year as such, or how much of the year was.
func (r *controlMaking) wholeYear(f isms.Followed) string {
	if f.Outcome(isms.WholeYear) != "" {
		return r.outcome(f, isms.WholeYear) + "."
	}
	return r.partsReported(f)
}

func (r *controlMaking) partsReported(f isms.Followed) string {
	n := 0
	for _, t := range isms.ThirdTertial.Parts() {
		if f.Outcome(t) != "" {
			n++
		}
	}
	text := r.l.T("ic.doc.parts", n)
	s := isms.SumDeviations([]isms.Followed{f}, isms.WholeYear.Parts()...)
	if s.Found > 0 {
		text += " " + r.l.T("ic.doc.deviations", s.Found, s.Remedied, s.Open)
	}
	return text
}

// yearBefore is what the control that this one continues came to.
func (r *controlMaking) yearBefore(f isms.Followed) string {
	if r.Former == nil || f.Control.Continues == "" {
		return r.l.T("ic.doc.not_before")
	}
	for _, was := range r.Former.FollowUp(isms.WholeYear.Ends(r.Former.Plan.Year).AddDays(366)) {
		if was.Control != nil && was.Control.ID == string(f.Control.Continues) {
			return r.partsReported(was)
		}
	}
	return r.l.T("ic.doc.not_before")
}
