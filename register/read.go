// SPDX-License-Identifier: EUPL-1.2

package register

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Wrong is something a person can mend: the field it concerns ("" for the whole record), a code whose
// words have the key wrong.CODE, and what those words need to know.
type Wrong struct {
	Field string
	Code  string
	Args  []any
}

// Error makes a Wrong an error for the places that know no language.
func (w Wrong) Error() string {
	return strings.TrimSpace(w.Field + " " + w.Code + " " + fmt.Sprint(w.Args...))
}

// Wrongs is everything wrong with a record, as an error.
type Wrongs []Wrong

// Error lists what is wrong by code.
func (ws Wrongs) Error() string {
	texts := make([]string, len(ws))
	for i, w := range ws {
		texts[i] = w.Error()
	}
	return "not accepted: " + strings.Join(texts, "; ")
}

// Read sets the record's fields from a form and returns what could not be read. A field that the form
// does not name stays as it is; of several values for a field of one value the last counts (a check box
// after its hidden zero). A name that is no field of the register is wrong, so that a typing error in a
// template or a made-up field is never silently dropped.
func Read(rec Entity, form map[string][]string) []Wrong {
	var wrong []Wrong
	s := OfValue(rec)
	for _, f := range s.Fields {
		if values, ok := form[f.Name]; ok {
			if w := f.Set(rec, values...); w != nil {
				wrong = append(wrong, *w)
			}
		}
	}
	for name := range form {
		if _, ok := s.Field(name); !ok {
			wrong = append(wrong, Wrong{Field: name, Code: "unknown_field"})
		}
	}
	slices.SortStableFunc(wrong, func(a, b Wrong) int { return strings.Compare(unknownLast(a), unknownLast(b)) })
	return wrong
}

func unknownLast(w Wrong) string {
	if w.Code == "unknown_field" {
		return "1" + w.Field
	}
	return "0"
}

// Set reads the field's value from text as forms and CSV carry it. Spaces around a value of one line are
// dropped, and every line break becomes a line feed. On a value that cannot be read the field stays as it was and what is wrong is returned.
func (f Field) Set(rec Entity, values ...string) *Wrong {
	text := ""
	if len(values) > 0 {
		text = values[len(values)-1]
	}
	if f.Kind != Prose {
		text = strings.TrimSpace(text)
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if !utf8.ValidString(text) {
		return &Wrong{f.Name, "utf8", nil}
	}
	v := f.of(rec)
	switch f.Kind {
	case Bool:
		switch text {
		case "1", "true", "on":
			v.SetBool(true)
		case "0", "false", "":
			v.SetBool(false)
		default:
			return &Wrong{f.Name, "bool", []any{text}}
		}
	case Int, Number:
		n := -1
		if text != "" {
			var err error
			n, err = strconv.Atoi(strings.Join(strings.FieldsFunc(text, unicode.IsSpace), ""))
			if err != nil || n < 0 || n > 1e12 {
				return &Wrong{f.Name, "number", []any{text}}
			}
		}
		if f.Kind == Int {
			v.SetInt(int64(max(n, 0)))
			return nil
		}
		return ignore(f.SetValue(rec, int64(n)))
	case Share:
		p, ok := ParsePercent(text)
		if text != "" && !ok {
			return &Wrong{f.Name, "percent", []any{text}}
		}
		return ignore(f.SetValue(rec, orUnknown(p.Known())))
	case Links:
		var ids []string
		for _, value := range values {
			ids = append(ids, strings.Fields(value)...)
		}
		f.SetIDs(rec, ids)
	default:
		v.SetString(text)
	}
	return nil
}

// ignore drops an error that cannot come: the value has the field's own kind.
func ignore(error) *Wrong { return nil }

// ReadJSON sets the record, head and fields, from an object as JSON writes it. Keys may be missing and
// keep their value; a key that is no field, a key given twice or a value of another type is wrong.
func ReadJSON(rec Entity, data []byte) error {
	if !utf8.Valid(data) { // encoding/json would put U+FFFD in its place and say nothing
		return Wrongs{{Code: "utf8"}}
	}
	s := OfValue(rec)
	h := rec.Head()
	seen := map[string]bool{}
	var wrong Wrongs
	err := eachKey(data, func(key string, raw json.RawMessage) error {
		if seen[key] {
			wrong = append(wrong, Wrong{key, "twice", nil})
			return nil
		}
		seen[key] = true
		switch key {
		case "id":
			return json.Unmarshal(raw, &h.ID)
		case "unit":
			return json.Unmarshal(raw, &h.Unit)
		case "rev":
			return json.Unmarshal(raw, &h.Rev)
		case "retired":
			return json.Unmarshal(raw, (*string)(&h.Retired))
		}
		f, ok := s.Field(key)
		if !ok {
			wrong = append(wrong, Wrong{key, "unknown_field", nil})
			return nil
		}
		if w := f.setJSON(rec, raw); w != nil {
			wrong = append(wrong, *w)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("register: %s is not a record: %w", s.Name, err)
	}
	if len(wrong) > 0 {
		return wrong
	}
	return nil
}

func eachKey(data []byte, f func(string, json.RawMessage) error) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.New("not an object")
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		if err := f(t.(string), raw); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("more after the object")
	}
	return nil
}

func (f Field) setJSON(rec Entity, raw json.RawMessage) *Wrong {
	wrong := &Wrong{f.Name, "type", nil}
	text := string(raw)
	switch f.Kind {
	case Bool:
		if text != "true" && text != "false" {
			return wrong
		}
		return f.Set(rec, text)
	case Int, Number, Share:
		if text == "null" {
			text = ""
		} else if text[0] == '"' {
			return wrong
		}
		return f.Set(rec, text)
	case Links:
		var ids []string
		if text == "null" || json.Unmarshal(raw, &ids) != nil || slices.Contains(ids, "") {
			return wrong
		}
		f.SetIDs(rec, ids)
		return nil
	}
	var s string
	if text == "null" || json.Unmarshal(raw, &s) != nil {
		return wrong
	}
	f.of(rec).SetString(s)
	return nil
}

// Check returns what is wrong with the record: fields that must be given, texts too long or with control
// characters or such as turn the reading direction, days that do not exist, choices that are none, ids that cannot be, and what the
// register's own Wrong method says.
func Check(rec Entity) []Wrong {
	var wrong []Wrong
	for _, f := range OfValue(rec).Fields {
		if w := f.check(rec); w != nil {
			wrong = append(wrong, *w)
		}
	}
	h := rec.Head()
	if h.ID != "" && !ValidID(h.ID) {
		wrong = append(wrong, Wrong{"id", "link", []any{h.ID}})
	}
	if h.Unit != "" && !ValidID(h.Unit) {
		wrong = append(wrong, Wrong{"unit", "link", []any{h.Unit}})
	}
	if h.Retired != "" && !h.Retired.Valid() {
		wrong = append(wrong, Wrong{"retired", "day", []any{string(h.Retired)}})
	}
	if r, ok := rec.(interface{ Wrong() []Wrong }); ok {
		wrong = append(wrong, r.Wrong()...)
	}
	return wrong
}

func (f Field) check(rec Entity) *Wrong {
	text := f.Text(rec)
	switch {
	case f.Kind == Bool:
		return nil
	case strings.TrimSpace(text) == "" && f.Required:
		return &Wrong{f.Name, "required", nil}
	case text == "":
		return nil
	case f.Kind == Links:
		ids := f.IDs(rec)
		if len(ids) > f.Max {
			return &Wrong{f.Name, "many", []any{f.Max}}
		}
		if i := slices.IndexFunc(ids, func(id string) bool { return !ValidID(id) }); i >= 0 {
			return &Wrong{f.Name, "link", []any{ids[i]}}
		}
	case !utf8.ValidString(text):
		return &Wrong{f.Name, "utf8", nil}
	case strings.ContainsFunc(text, func(r rune) bool {
		return (unicode.IsControl(r) || turnsText(r)) && (f.Kind != Prose || r != '\n' && r != '\t')
	}):
		return &Wrong{f.Name, "control", nil}
	case utf8.RuneCountInString(text) > f.Max:
		return &Wrong{f.Name, "long", []any{f.Max, utf8.RuneCountInString(text)}}
	case f.Kind == Int && text[0] == '-':
		return &Wrong{f.Name, "number", []any{text}}
	case f.Kind == Date && !Day(text).Valid():
		return &Wrong{f.Name, "day", []any{text}}
	case f.Kind == Instant && !Moment(text).Valid():
		return &Wrong{f.Name, "moment", []any{text}}
	case f.Kind == Choice && !slices.Contains(f.Choices, text):
		return &Wrong{f.Name, "choice", []any{text}}
	case f.Kind == Link && !ValidID(text):
		return &Wrong{f.Name, "link", []any{text}}
	}
	return nil
}

// turnsText reports whether the character turns the reading direction of the text after it, by which a decision can be
// made to look like another than it is.
func turnsText(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }
