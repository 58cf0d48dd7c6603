// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"ledsyn/register"
)

// decode reads a record from its entry's body. What is in the journal was checked when it was written, so a
// body that cannot be read is a corrupted line.
func decode(s *register.Schema, e Entry) (register.Entity, error) {
	rec := s.New()
	if r := (bodyReader{text: e.Body}); r.record(s, rec) {
		return rec, nil
	}
	rec = s.New()
	if err := register.ReadJSON(rec, e.Body); err != nil {
		return nil, fmt.Errorf("%w: %w", &ErrCorrupt{e.Seq, e.Kind, e.ID, CorruptBody}, err)
	}
	return rec, nil
}

// A bodyReader reads exactly what register.JSON writes, and several times faster than register.ReadJSON,
// which reads what people and other programs write: the past of a year is a hundred thousand bodies. It gives
// up, and leaves the body to ReadJSON, at anything that register.JSON of today would not have written.
type bodyReader struct {
	text []byte
	bad  bool
}

func (r *bodyReader) record(s *register.Schema, rec register.Entity) bool {
	h := rec.Head()
	r.take(`{"id":`)
	h.ID = r.string()
	r.take(`,"unit":`)
	h.Unit = r.string()
	r.take(`,"rev":`)
	h.Rev = int(r.int())
	r.take(`,"retired":`)
	h.Retired = register.Day(r.string())
	for _, f := range s.Fields {
		r.take(`,"`)
		r.take(f.Name)
		r.take(`":`)
		if r.bad {
			return false
		}
		r.field(f, rec)
	}
	r.take(`}`)
	return !r.bad && len(r.text) == 0
}

func (r *bodyReader) field(f register.Field, rec register.Entity) {
	var value any
	switch f.Kind {
	case register.Bool:
		value = int64(0)
		if r.has(`true`) {
			value = int64(1)
		} else {
			r.take(`false`)
		}
	case register.Int:
		value = r.int()
	case register.Number:
		value = int64(-1)
		if !r.has(`null`) {
			value = r.int()
		}
	case register.Share:
		value = int64(-1)
		if !r.has(`null`) {
			value = r.hundredths()
		}
	case register.Links:
		f.SetIDs(rec, r.strings())
		return
	default:
		value = r.string()
	}
	if !r.bad && f.SetValue(rec, value) != nil {
		r.bad = true
	}
}

// has takes the word if it is next.
func (r *bodyReader) has(word string) bool {
	if len(r.text) < len(word) || string(r.text[:len(word)]) != word {
		return false
	}
	r.text = r.text[len(word):]
	return true
}

func (r *bodyReader) take(word string) {
	if !r.has(word) {
		r.bad = true
	}
}

// string reads a text. One with an escape is left to the standard library, as is one that is not UTF-8.
func (r *bodyReader) string() string {
	r.take(`"`)
	end := bytes.IndexByte(r.text, '"')
	if r.bad || end < 0 {
		r.bad = true
		return ""
	}
	if bytes.IndexByte(r.text[:end], '\\') < 0 {
		text := string(r.text[:end])
		r.text = r.text[end+1:]
		r.bad = r.bad || !utf8.ValidString(text)
		return text
	}
	end = 0
	for end < len(r.text) && r.text[end] != '"' {
		if r.text[end] == '\\' {
			end++
		}
		end++
	}
	var text string
	if end >= len(r.text) || json.Unmarshal([]byte(`"`+string(r.text[:end+1])), &text) != nil {
		r.bad = true
		return ""
	}
	r.text = r.text[end+1:]
	return text
}

func (r *bodyReader) strings() (all []string) {
	r.take(`[`)
	for !r.bad && !r.has(`]`) {
		if len(all) > 0 {
			r.take(`,`)
		}
		all = append(all, r.string())
	}
	return all
}

// digits takes the digits that are next.
func (r *bodyReader) digits() string {
	n := 0
	for n < len(r.text) && r.text[n] >= '0' && r.text[n] <= '9' {
		n++
	}
	text := string(r.text[:n])
	r.text = r.text[n:]
	return text
}

func (r *bodyReader) int() int64 {
	n, err := strconv.ParseInt(r.digits(), 10, 64)
	if err != nil || n > 1e12 { // ReadJSON takes no greater number
		r.bad = true
	}
	return n
}

// hundredths reads a share with at most two decimals.
func (r *bodyReader) hundredths() int64 {
	text, part := r.digits(), ""
	if r.has(`.`) {
		part = r.digits()
	}
	n, err := strconv.ParseInt(text+(part + "00")[:2], 10, 64)
	if err != nil || text == "" || len(part) > 2 {
		r.bad = true
	}
	return n
}
