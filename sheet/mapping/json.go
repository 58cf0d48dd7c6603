// SPDX-License-Identifier: EUPL-1.2

package mapping

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"ledsyn/register"
)

// What a Map may hold at most; MaxJSON is what the record of an import has room for, in bytes.
const (
	MaxJSON    = 90000
	maxColumns = 2000
	maxText    = 1000 // of a heading, a field's name or a value, in characters
	maxParts   = 30
)

// JSON writes the Map as people can read and change it.
func (m Map) JSON() []byte {
	if m.Columns == nil {
		m.Columns = []Column{}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		panic(err) // cannot be: a Map is texts and numbers
	}
	return b.Bytes()
}

// ReadMap reads a Map strictly: a key that it does not have, a key given twice, a value of another type and anything after it are
// wrong, and the register.Wrongs that tells of it says where. What the Map says is for Check to judge.
func ReadMap(text []byte) (Map, error) {
	if len(text) > MaxJSON {
		return Map{}, register.Wrongs{{Code: "map_long", Args: []any{len(text), MaxJSON}}}
	}
	if !utf8.Valid(text) {
		return Map{}, register.Wrongs{{Code: "utf8"}}
	}
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if key, ok := twice(text); ok {
		return Map{}, register.Wrongs{{Code: "map_key_twice", Args: []any{key}}}
	}
	var m Map
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return Map{}, register.Wrongs{jsonWrong(text, d, err)}
	}
	if _, err := d.Token(); err != io.EOF {
		return Map{}, register.Wrongs{{Code: "map_json", Args: []any{line(text, d.InputOffset())}}}
	}
	return m, nil
}

func jsonWrong(text []byte, d *json.Decoder, err error) register.Wrong {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return register.Wrong{Code: "map_json", Args: []any{line(text, syntax.Offset)}}
	case errors.As(err, &kind) && kind.Field != "":
		return register.Wrong{Code: "map_type", Args: []any{kind.Field, line(text, kind.Offset)}}
	case errors.As(err, &kind):
		return register.Wrong{Code: "map_json", Args: []any{line(text, kind.Offset)}}
	}
	// encoding/json has no type of its own for the key that is not known.
	if _, key, ok := strings.Cut(err.Error(), `unknown field "`); ok {
		return register.Wrong{Code: "map_key", Args: []any{strings.TrimSuffix(key, `"`)}}
	}
	return register.Wrong{Code: "map_json", Args: []any{line(text, d.InputOffset())}}
}

// line is the number of the line that holds the byte at the offset.
func line(text []byte, offset int64) int {
	offset = max(0, min(offset, int64(len(text))))
	return 1 + bytes.Count(text[:offset], []byte("\n"))
}

// twice finds a key that an object of the text gives twice, of which encoding/json would silently take the last.
func twice(text []byte) (string, bool) {
	type level struct {
		object bool
		key    bool // the next token of the object is a key
		seen   map[string]bool
	}
	var levels []level
	d := json.NewDecoder(bytes.NewReader(text))
	for {
		t, err := d.Token()
		if err != nil || len(levels) > 20 {
			return "", false // Decode tells what is wrong
		}
		if delim, ok := t.(json.Delim); ok && (delim == '}' || delim == ']') {
			levels = levels[:len(levels)-1]
		} else {
			if n := len(levels) - 1; n >= 0 && levels[n].object && levels[n].key {
				key := t.(string)
				if levels[n].seen[key] {
					return key, true
				}
				levels[n].seen[key], levels[n].key = true, false
				continue
			}
			if ok {
				levels = append(levels, level{object: delim == '{', key: delim == '{', seen: map[string]bool{}})
				continue
			}
		}
		if n := len(levels) - 1; n >= 0 {
			levels[n].key = levels[n].object
		} else {
			return "", false
		}
	}
}
