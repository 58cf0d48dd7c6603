// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"slices"
	"testing"

	"ledsyn/law"
	"ledsyn/register"
)

// TestSecrecyData holds the lists of fields to registers and fields that there are, and the provisions to the law's.
func TestSecrecyData(t *testing.T) {
	field := func(kind, name string) register.Field {
		s, ok := Register(kind)
		if !ok {
			t.Fatalf("there is no register %s", kind)
		}
		f, ok := s.Field(name)
		if !ok {
			t.Errorf("%s has no field %s", kind, name)
		}
		return f
	}
	book := law.Embedded()
	for kind, name := range partOf {
		if f := field(kind, name); f.Kind != register.Link || !f.Required {
			t.Errorf("%s.%s does not always lead to one record", kind, name)
		}
	}
	for kind, names := range registered {
		for _, name := range names {
			field(kind, name)
		}
	}
	for kind, fields := range proposed {
		for name, provision := range fields {
			f := field(kind, name)
			s, _ := Register(kind)
			if StaysPublic(s, f) {
				t.Errorf("%s.%s is proposed to be secret and stays public", kind, name)
			}
			if p, ok := book.Rule(provision, "2026-11-24"); !ok || p.Secrecy == nil {
				t.Errorf("%s.%s: %s is no provision of secrecy", kind, name, provision)
			}
		}
	}
	for _, kind := range slices.Concat(unmarkable, notedKinds) {
		if _, ok := Register(kind); !ok {
			t.Errorf("there is no register %s", kind)
		}
	}
}

// TestPartsEnd holds that no record is in the end a part of itself.
func TestPartsEnd(t *testing.T) {
	for kind := range partOf {
		for n := 0; ; n++ {
			s, _ := Register(kind)
			f, ok := PartOf(s)
			if !ok {
				break
			}
			if kind = f.Target; n > 5 {
				t.Fatalf("%s goes round", kind)
			}
		}
	}
}

func TestDefaultMarks(t *testing.T) {
	one := &Submission{Step: FinalReport}
	one.ID = "abc"
	marks := DefaultMarks(one)
	if len(marks) != 1 || marks[0].Kind != "submission" || marks[0].Of != "abc" || marks[0].Field != "fields" || marks[0].Provision != "osl_incident_reports" {
		t.Errorf("a final report gets %+v", marks)
	}
	if marks := DefaultMarks(&Submission{Step: BreachNotice}); marks != nil {
		t.Errorf("a notification of a breach gets %+v", marks)
	}
	if marks := DefaultMarks(&Significance{}); len(marks) != 4 {
		t.Errorf("a significant incident gets %+v", marks)
	}
	if marks := DefaultMarks(&Deadline{Step: EarlyWarning}); len(marks) != 2 || marks[0].Field != "reason" {
		t.Errorf("the reason for the operator's moment, which its deadline repeats, is marked %v", marks)
	}
	if marks := DefaultMarks(&Deadline{Step: BreachNotice}); marks != nil {
		t.Errorf("the deadline of a breach is marked %v", marks)
	}
	if marks := DefaultMarks(&System{}); marks != nil {
		t.Errorf("a system gets %+v", marks)
	}
}
