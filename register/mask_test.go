// SPDX-License-Identifier: EUPL-1.2

package register

import (
	"slices"
	"testing"
)

func TestMask(t *testing.T) {
	rec := whole()
	other := *rec
	s := Of[Book]()
	for _, f := range s.Fields {
		had := f.Text(rec) != ""
		f.MaskField(rec, "rule_1")
		if rests, masked := rec.Masks(f.Name); !masked || rests != "rule_1" {
			t.Errorf("%s is not told to be masked: %q %v", f.Name, rests, masked)
		}
		switch text := f.Text(rec); {
		case had && (f.Kind == Text || f.Kind == Prose):
			if text != MaskedText("rule_1") {
				t.Errorf("%s is %q", f.Name, text)
			}
		case text != "" && text != f.Text(s.New()):
			t.Errorf("%s still says %q", f.Name, text)
		}
	}
	if got := rec.MaskedFields(); len(got) != len(s.Fields) || !slices.IsSorted(got) {
		t.Errorf("masked are %v", got)
	}
	if other.MaskedFields() != nil {
		t.Error("a copy from before was masked too")
	}
}

func TestUnmask(t *testing.T) {
	words := func(rests string) string { return "<" + rests + ">" }
	for text, want := range map[string]string{
		"":                                "",
		"as it is":                        "as it is",
		MaskedText("a_1"):                 "<a_1>",
		"x " + MaskedText("a") + " y":     "x <a> y",
		MaskedText("a") + MaskedText("b"): "<a><b>",
		maskOpens + "cut":                 "<>",
	} {
		got := Unmask(text, words)
		if got != want {
			t.Errorf("Unmask(%q) is %q, want %q", text, got, want)
		}
		if IsMasked(got) {
			t.Errorf("Unmask(%q) leaves a sign in %q", text, got)
		}
	}
}
