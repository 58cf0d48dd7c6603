// SPDX-License-Identifier: EUPL-1.2

package isms

import "ledsyn/register"

// MeasureKey names what a recorded figure measures; it is the key of the figure that is computed from
// registers when there are registers to compute it from.
type MeasureKey string

// Choices lists what can be recorded by hand.
func (MeasureKey) Choices() []string {
	return []string{"systems_classified", "processes_classified", "sets_classified", "nis_processes_classified", "training_share", "processings_confirmed", "processings_complete"}
}

// Measurement is a figure recorded by hand: from before the program was used, or from a source outside it. A
// share may be known without its numerator and denominator.
type Measurement struct {
	Record
	Key         MeasureKey             `reg:"required,listed"`
	Day         register.Day           `reg:"required,listed"`
	Value       register.Percent       `reg:"listed"`
	Numerator   register.Count         `reg:"listed"`
	Denominator register.Count         `reg:"listed"`
	Source      string                 `reg:"required,max=500,listed,find"`
	Document    register.Ref[Document] `reg:""`
	Note        string                 `reg:"prose"`
}

// Wrong reports a measurement without a value, a part greater than its whole, a share of more than the whole, and
// one that its numbers contradict by more than half a percentage point. None of nothing has no share.
func (m Measurement) Wrong() []register.Wrong {
	n, hasN := m.Numerator.Known()
	d, hasD := m.Denominator.Known()
	v, hasV := m.Value.Known()
	switch {
	case !hasV && (!hasN || !hasD):
		return []register.Wrong{{Field: "value", Code: "no_value"}}
	case hasN && hasD && n > d:
		return []register.Wrong{{Field: "numerator", Code: "part_over_whole", Args: []any{n, d}}}
	case hasV && v > 10000:
		return []register.Wrong{{Field: "value", Code: "percent", Args: []any{m.Value.String()}}}
	case hasN && hasD && hasV && (d == 0 || abs(n*10000-v*d) > 50*d):
		return []register.Wrong{{Field: "value", Code: "value_contradicts", Args: []any{n, d}}}
	}
	return nil
}

func abs(n int) int { return max(n, -n) }

// CourseKind is the form of a training.
type CourseKind string

// Choices lists the kinds.
func (CourseKind) Choices() []string {
	return []string{"e_learning", "workshop", "exercise", "phishing_test"}
}

// Course is a training in information security or data protection.
type Course struct {
	Record
	Name        string     `reg:"required,max=120,listed,find"`
	Kind        CourseKind `reg:"required,listed"`
	Audience    string     `reg:"listed"`
	Compulsory  bool       `reg:"listed"`
	ValidMonths int        `reg:""` // 0: does not expire
	Provider    string     `reg:""`
}

// TrainingFigure is how many of those who should have taken a course had taken it on a day. Headcount is
// persons, never accounts.
type TrainingFigure struct {
	Record
	Course    register.Ref[Course] `reg:"required,listed"`
	Day       register.Day         `reg:"required,listed"`
	Completed register.Count       `reg:"listed"`
	Headcount register.Count       `reg:"listed"`
	Source    string               `reg:"max=500,listed"`

	LeadersCompleted register.Count           `reg:""` // managers among those who have completed
	Leaders          register.Count           `reg:""` // managers among those who should
	Population       register.Ref[Population] `reg:""` // the list that the numbers were counted from
}

// Wrong reports more who have completed than there are.
func (t TrainingFigure) Wrong() []register.Wrong {
	wrong := partOver("completed", t.Completed, t.Headcount)
	return append(wrong, partOver("leaders_completed", t.LeadersCompleted, t.Leaders)...)
}

// partOver reports that the named field's part is greater than its whole.
func partOver(field string, part, whole register.Count) []register.Wrong {
	n, hasN := part.Known()
	d, hasD := whole.Known()
	if hasN && hasD && n > d {
		return []register.Wrong{{Field: field, Code: "part_over_whole", Args: []any{n, d}}}
	}
	return nil
}
