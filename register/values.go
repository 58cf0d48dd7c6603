// SPDX-License-Identifier: EUPL-1.2

package register

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

func (f Field) of(rec Entity) reflect.Value { return reflect.ValueOf(rec).Elem().Field(f.index) }

// Text is the field's value as forms and CSV carry it; many links are separated by spaces. Unknown is "".
func (f Field) Text(rec Entity) string {
	v := f.of(rec)
	switch f.Kind {
	case Bool:
		if v.Bool() {
			return "1"
		}
		return "0"
	case Int:
		if v.Int() == 0 {
			return ""
		}
		return strconv.FormatInt(v.Int(), 10)
	case Number, Share:
		return v.Interface().(fmt.Stringer).String()
	case Links:
		return strings.Join(f.IDs(rec), " ")
	}
	return v.String()
}

// IDs returns the ids that a Link or Links field points at.
func (f Field) IDs(rec Entity) []string {
	v := f.of(rec)
	if f.Kind == Link {
		if v.String() == "" {
			return nil
		}
		return []string{v.String()}
	}
	ids := make([]string, v.Len())
	for i := range ids {
		ids[i] = v.Index(i).String()
	}
	return ids
}

// SetIDs sets what a Links field points at, in the given order, each once.
func (f Field) SetIDs(rec Entity, ids []string) {
	v := f.of(rec)
	list := reflect.MakeSlice(v.Type(), 0, len(ids))
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		if id != "" && !seen[id] {
			seen[id] = true
			list = reflect.Append(list, reflect.ValueOf(id).Convert(v.Type().Elem()))
		}
	}
	if list.Len() == 0 {
		list = reflect.Zero(v.Type()) // so that a record reads back as it was written
	}
	v.Set(list)
}

// Value is the field's value as a database keeps it: a string or an int64. An unknown Count or Percent
// is -1, so that no column needs NULL. It is nil for Links.
func (f Field) Value(rec Entity) any {
	v := f.of(rec)
	switch f.Kind {
	case Bool:
		if v.Bool() {
			return int64(1)
		}
		return int64(0)
	case Int:
		return v.Int()
	case Number:
		return orUnknown(v.Interface().(Count).Known())
	case Share:
		return orUnknown(v.Interface().(Percent).Known())
	case Links:
		return nil
	}
	return v.String()
}

func orUnknown(n int, known bool) int64 {
	if !known {
		return -1
	}
	return int64(n)
}

// SetValue sets the field from what Value gave.
func (f Field) SetValue(rec Entity, value any) error {
	v := f.of(rec)
	n, isInt := value.(int64)
	s, isText := value.(string)
	switch f.Kind {
	case Bool:
		v.SetBool(n != 0)
	case Int:
		v.SetInt(n)
	case Number:
		v.Set(reflect.ValueOf(CountOf(int(n))))
	case Share:
		v.Set(reflect.ValueOf(PercentOf(int(n))))
	case Links:
		return errors.New("register: links are no column")
	default:
		v.SetString(s)
		isInt = isText
	}
	if !isInt {
		return fmt.Errorf("register: %s cannot be kept as %T", f.Name, value)
	}
	return nil
}

// JSON writes the record with its head and all its fields, named as columns, in the struct's order. The
// same record gives the same bytes. An unknown number is null.
func JSON(rec Entity) []byte {
	h := rec.Head()
	var b bytes.Buffer
	b.WriteString(`{"id":` + quote(h.ID) + `,"unit":` + quote(h.Unit) + `,"rev":` + strconv.Itoa(h.Rev))
	b.WriteString(`,"retired":` + quote(string(h.Retired)))
	for _, f := range OfValue(rec).Fields {
		b.WriteString(`,"` + f.Name + `":` + f.json(rec))
	}
	b.WriteByte('}')
	return b.Bytes()
}

func (f Field) json(rec Entity) string {
	switch f.Kind {
	case Bool:
		return strconv.FormatBool(f.of(rec).Bool())
	case Int:
		return strconv.FormatInt(f.of(rec).Int(), 10)
	case Number, Share:
		if t := f.Text(rec); t != "" {
			return t
		}
		return "null"
	case Links:
		ids := f.IDs(rec)
		for i, id := range ids {
			ids[i] = quote(id)
		}
		return "[" + strings.Join(ids, ",") + "]"
	}
	return quote(f.Text(rec))
}

func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(s)
	return strings.TrimSuffix(b.String(), "\n")
}

// Change is one field of a record that was changed, with both values as Text gives them.
type Change struct {
	Field   Field
	Was, Is string
}

// Diff lists the fields in which two records of the same register differ, in the struct's order. A nil was
// stands for a record that did not exist.
func Diff(was, is Entity) []Change {
	var out []Change
	s := OfValue(is)
	if was == nil {
		was = s.New()
	}
	for _, f := range s.Fields {
		if a, b := f.Text(was), f.Text(is); a != b {
			out = append(out, Change{f, a, b})
		}
	}
	return out
}
