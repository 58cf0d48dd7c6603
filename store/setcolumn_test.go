// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"fmt"
	"slices"
	"testing"
)

// Codes come back, and rows get their bits, whatever the width that the greatest code needs.
func TestCodesOfEveryWidth(t *testing.T) {
	for _, span := range []uint32{0, 1, 255, 256, 65535, 65536, 1 << 20} {
		for _, low := range []uint32{0, 7} {
			codes := []uint32{low, low + span, low + span/2, low}
			packed := packCodes(codes, low, low+span)
			got, ok := unpackCodes(packed, len(codes), nil)
			for i := range got {
				got[i] += low
			}
			if !ok || !slices.Equal(codes, got) {
				t.Errorf("span %d: %v, %v", span, got, ok)
			}
			bits := make([]uint32, low+span+1+1<<16)
			bits[low], bits[low+span/2], bits[low+span] = 1, 2, 4
			has, want := make([]uint32, len(codes)), make([]uint32, len(codes))
			for i, code := range codes {
				want[i] = bits[code]
			}
			if !markRows(has, bits[low:], packed) || !slices.Equal(has, want) {
				t.Errorf("span %d: rows have %v, not %v", span, has, want)
			}
		}
	}
	if _, ok := unpackCodes([]byte{1, 2, 3}, 2, nil); ok {
		t.Error("three bytes are two codes")
	}
	if markRows(make([]uint32, 1), make([]uint32, 1<<16), []byte{0, 0, 1, 0}) {
		t.Error("a code that no value has")
	}
}

// Values stand side by side when they are sought in; what is found across the border of two is in neither.
func TestSeekKeepsToEachValue(t *testing.T) {
	for _, c := range []struct {
		values []string
		sought string
		op     string
		want   []int
	}{
		{[]string{"xa", "by"}, "ab", "contains", nil},
		{[]string{"xa", "aab"}, "aa", "contains", []int{1}},
		{[]string{"a", "a", "aa"}, "aa", "contains", []int{2}},
		{[]string{"", "aa", "", "aa"}, "aa", "is", []int{1, 3}},
		{[]string{"xaa", "aax", "aa"}, "aa", "is", []int{2}},
		{[]string{"aaa", "aa"}, "aa", "is", []int{1}},
		{[]string{"a", "a"}, "aa", "is", nil},
		{[]string{"abab", "b"}, "b", "contains", []int{0, 1}},
	} {
		v := values{n: len(c.values), tests: []setTest{{1, 0, c.op, c.sought}}}
		p, ok := openTexts(packTexts(c.values, nil))
		if !ok || !v.look(p, 0, len(c.values)) {
			t.Fatalf("%q cannot be read", c.values)
		}
		var got []int
		for i := range c.values {
			if v.bits != nil && v.bits[i] != 0 {
				got = append(got, i)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q %s %q: %v, not %v", c.values, c.op, c.sought, got, c.want)
		}
	}
}

// A column that never repeats itself is forgotten before one that does, so that the latter's values stay few.
func TestForgottenFirstIsWhatNeverComesAgain(t *testing.T) {
	w := SetWriter{limits: setLimits{memory: 40 << 10}, columns: make([]setColumn, 2)}
	for i := range w.columns {
		w.columns[i].codes = map[string]uint32{}
	}
	for i := range 10000 {
		w.columns[0].add(fmt.Sprint("person ", i%200))
		w.columns[1].add(fmt.Sprint("rad ", i))
		if i%100 == 99 {
			w.forget()
		}
	}
	if w.columns[0].next != 200 || w.columns[0].round != 0 {
		t.Errorf("the repeating column has %d codes in %d rounds", w.columns[0].next, w.columns[0].round+1)
	}
	if w.columns[1].round == 0 {
		t.Error("the other was never forgotten")
	}
	if sum := w.columns[0].memory + w.columns[1].memory; sum > 60<<10 {
		t.Errorf("%d bytes are remembered", sum)
	}
}
