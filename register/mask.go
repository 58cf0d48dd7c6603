// SPDX-License-Identifier: EUPL-1.2

package register

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// A Mask is what of a record is kept from the one who reads it: the names of the fields, each with the key of what that rests
// on. The fields themselves are empty in the record, but for texts, which stand in for themselves: see MaskedText.
type Mask struct{ rests map[string]string }

// MaskField takes the field's value out of the record. A text becomes MaskedText, so that whatever is made from it shows that
// something stood there; every other kind becomes empty. The record must not be one that others read too.
func (f Field) MaskField(rec Entity, rests string) {
	h := rec.Head()
	m := &Mask{map[string]string{f.Name: rests}}
	if h.Masked != nil {
		maps.Copy(m.rests, h.Masked.rests)
		m.rests[f.Name] = rests
	}
	h.Masked = m
	v := f.of(rec)
	if empty := v.IsZero(); f.Kind == Text || f.Kind == Prose {
		if !empty {
			v.SetString(MaskedText(rests))
		}
		return
	}
	v.Set(reflect.Zero(v.Type()))
}

// Masks tells whether the field is kept from the reader, and the key of what that rests on.
func (r *Record) Masks(field string) (rests string, masked bool) {
	if r.Masked == nil {
		return "", false
	}
	rests, masked = r.Masked.rests[field]
	return rests, masked
}

// MaskedFields lists the names of the fields that are kept from the reader.
func (r *Record) MaskedFields() []string {
	if r.Masked == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(r.Masked.rests))
}

// The signs around the key in a masked text. They are of Unicode's private use, mean nothing to anybody, and no record may keep
// them: the store refuses a text that holds them.
const (
	maskOpens  = "\uE0A7\uE0A8"
	maskCloses = "\uE0A9"
)

// MaskedText stands where a text is kept from its reader, until a door puts words in its place by Unmask. rests is the key of
// what the masking rests on.
func MaskedText(rests string) string { return maskOpens + rests + maskCloses }

// IsMasked reports whether some of the text is kept from its reader.
func IsMasked(text string) bool { return strings.Contains(text, maskOpens) }

// Unmask puts words in the place of each masked text in the text. words gets the key of what the masking rests on, "" for one
// that has been cut off.
func Unmask(text string, words func(rests string) string) string {
	if !IsMasked(text) {
		return text
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, maskOpens)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		n := 0
		for n < len(after) && (after[n] == '_' || after[n] >= 'a' && after[n] <= 'z' || after[n] >= '0' && after[n] <= '9') {
			n++
		}
		rests, rest := after[:n], after[n:]
		rest, whole := strings.CutPrefix(rest, maskCloses)
		if !whole {
			rests = ""
		}
		b.WriteString(words(rests))
		text = rest
	}
}
