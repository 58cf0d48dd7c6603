// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
)

// levelRules reports what the records of classification must not be, beside their own fields, whichever way they are
// saved: a level that stops, a decision by somebody who is not the owner, a system's level lower than what it holds.
func levelRules(l *look, who access.Actor, was, rec register.Entity) (register.Wrongs, error) {
	today := l.Now().Day()
	switch r := rec.(type) {
	case *isms.Classification:
		if r.Stops() {
			return register.Wrongs{{Code: "security_protected"}}, nil
		}
		if old, ok := was.(*isms.Classification); r.State == isms.ClassificationDecided && (!ok || old.State != isms.ClassificationDecided) {
			return notOwner(l, who, *r)
		}
	case *isms.ProtectionLevel:
		return decidedRules(l, *r, today)
	case *isms.LevelException:
		return exceptionRules(l, who, was, *r, today)
	case *isms.Reclassification:
		return taskRules(l, *r)
	}
	return nil, nil
}

// decidedRules holds a system's decided level to what is derived: lowered only by an exception in force. A level decided
// for a day that has passed is held to what is known today.
func decidedRules(l *look, p isms.ProtectionLevel, today register.Day) (register.Wrongs, error) {
	if p.Retired != "" {
		return nil, nil
	}
	d, err := l.derivation(today)
	if err != nil {
		return nil, err
	}
	exceptions, err := l.exceptions(string(p.System))
	if err != nil {
		return nil, err
	}
	var wrong register.Wrongs
	current, _ := isms.Model(isms.CurrentModel)
	for _, s := range d.StandingOf(string(p.System), []isms.ProtectionLevel{p}, exceptions) {
		level := p.Profile().Level(s.Aspect)
		switch {
		case current.Stops(level):
			wrong = append(wrong, register.Wrong{Field: string(s.Aspect), Code: "security_protected"})
		case level != "" && level < s.Derived.Level && (s.Exception == nil || level < s.Exception.Level):
			wrong = append(wrong, register.Wrong{Field: string(s.Aspect), Code: "below_derived", Args: []any{string(level), string(s.Derived.Level)}})
		}
	}
	return wrong, nil
}

// exceptionRules holds an exception to a day that has not passed and a level that is lower than what is derived, and
// keeps an approval, and an approved exception, from anybody who may not approve.
func exceptionRules(l *look, who access.Actor, was register.Entity, e isms.LevelException, today register.Day) (register.Wrongs, error) {
	old, _ := was.(*isms.LevelException)
	var wrong register.Wrongs
	if e.EndsOn < today && (old == nil || old.EndsOn != e.EndsOn) {
		wrong = append(wrong, register.Wrong{Field: "ends_on", Code: "exception_past"})
	}
	if !who.May(access.Decide, "level_exception", e.Unit) {
		switch {
		case old != nil && old.ApprovedBy != "" && *old != e:
			wrong = append(wrong, register.Wrong{Field: "approved_by", Code: "exception_by_decider"})
		case old == nil && (e.ApprovedBy != "" || e.ApprovedOn != ""),
			old != nil && (old.ApprovedBy != e.ApprovedBy || old.ApprovedOn != e.ApprovedOn):
			wrong = append(wrong, register.Wrong{Field: "approved_by", Code: "by_decider"})
		}
	}
	if old != nil && old.System == e.System && old.Aspect == e.Aspect && old.Level == e.Level {
		return wrong, nil
	}
	d, err := l.derivation(today)
	if err != nil {
		return nil, err
	}
	if derived := d.Of("system", string(e.System), e.Aspect); derived.Level != "" && e.Level >= derived.Level {
		wrong = append(wrong, register.Wrong{Field: "level", Code: "exception_not_lower", Args: []any{string(e.Level), string(derived.Level)}})
	}
	return wrong, nil
}

// taskRules keeps an object from having two open tasks for the same reason.
func taskRules(l *look, r isms.Reclassification) (register.Wrongs, error) {
	if r.State != isms.TaskOpen || r.Retired != "" {
		return nil, nil
	}
	kind, id := taskObject(r)
	open, err := l.openTasks(kind, id)
	if err != nil {
		return nil, err
	}
	for _, t := range open {
		if t.ID != r.ID && t.Trigger == r.Trigger {
			return register.Wrongs{{Field: "trigger", Code: "task_is_open"}}, nil
		}
	}
	return nil, nil
}
