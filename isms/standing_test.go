// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"testing"

	"ledsyn/register"
)

func TestWhatStands(t *testing.T) {
	exception := func(level Level, ends register.Day) LevelException {
		return LevelException{System: "s", Aspect: Integrity, Level: level, ApprovedBy: "p", ApprovedOn: before, EndsOn: ends}
	}
	retired := exception("1", after)
	retired.Retired = today
	other := exception("1", after)
	other.Aspect = Availability
	unapproved := exception("1", after)
	unapproved.ApprovedBy = ""
	for _, c := range []struct {
		name       string
		derived    Level
		decided    Level
		exceptions []LevelException
		want       Level
		raised     bool
		below      bool
		excepted   bool
	}{
		{"nothing is known", "", "", nil, "", false, false, false},
		{"only derived", "2", "", nil, "2", false, false, false},
		{"only decided", "", "2", nil, "2", false, false, false},
		{"raised", "2", "3", nil, "3", true, false, false},
		{"decided as derived", "2", "2", nil, "2", false, false, false},
		{"lower without exception", "3", "2", nil, "3", false, true, false},
		{"lower with exception", "3", "2", []LevelException{exception("2", today)}, "2", false, false, true},
		{"exception past its day", "3", "2", []LevelException{exception("2", before)}, "3", false, true, false},
		{"exception not approved", "3", "2", []LevelException{unapproved}, "3", false, true, false},
		{"exception retired", "3", "2", []LevelException{retired}, "3", false, true, false},
		{"exception of another aspect", "3", "2", []LevelException{other}, "3", false, true, false},
		{"lower than the exception lets", "3", "1", []LevelException{exception("2", after)}, "2", false, true, true},
		{"higher than the exception lets", "3", "2", []LevelException{exception("1", after)}, "2", false, false, true},
		{"exception alone", "3", "", []LevelException{exception("1", after)}, "1", false, false, true},
		{"the most careful of two", "3", "", []LevelException{exception("1", after), exception("2", after)}, "2", false, false, true},
		{"raised beside an exception", "2", "3", []LevelException{exception("1", after)}, "3", true, false, false},
		{"exception that lowers nothing", "2", "", []LevelException{exception("3", after)}, "2", false, false, false},
	} {
		s := Stand(Integrity, Derived{Level: c.derived}, c.decided, c.exceptions, today)
		if s.Level != c.want || s.Raised != c.raised || s.Below != c.below || (s.Exception != nil) != c.excepted {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
}

func TestTheLevelDecidedLastCounts(t *testing.T) {
	level := func(id string, on, retired register.Day) ProtectionLevel {
		return ProtectionLevel{Record: Record{ID: id, Retired: retired}, System: "s", Confidentiality: "2", DecidedOn: on}
	}
	all := []ProtectionLevel{level("old", "2023-01-01", ""), level("new", before, ""), level("gone", today, today), level("later", after, "")}
	if p, ok := DecidedLevel(all, "s", today); !ok || p.ID != "new" {
		t.Errorf("%s, %v", p.ID, ok)
	}
	if _, ok := DecidedLevel(all, "another", today); ok {
		t.Error("another system has a level")
	}
	same := level("zero", before, "")
	same.Confidentiality, same.Availability = "1", "3"
	if p, _ := DecidedLevel(append(all, same), "s", today); p.Profile().String() != "K2/R-/T3" {
		t.Errorf("two of one day give %s", p.Profile())
	}
	l := town()
	d := Derive(l)
	list := d.StandingOf("portal", []ProtectionLevel{{System: "portal", Confidentiality: "1", Availability: "3", DecidedOn: before}}, nil)
	p, atLeast := StandingProfile(list)
	if p.String() != "K3/R2/T3" || !atLeast || !list[0].Below || !list[2].Raised {
		t.Errorf("%s, %v: %+v", p, atLeast, list)
	}
}
