// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ledsyn/isms"
	"ledsyn/register"
)

// record draws a record of the register with any values in any field.
func record(t *rapid.T, s *register.Schema) register.Entity {
	rec := s.New()
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", `"`, `\`, "å\u2028", "\x00\x1f\x7f", `\"`, "🙂", "</a>&"}))
	id := rapid.StringMatching(`[a-z0-9_-]{1,8}`)
	h := rec.Head()
	h.ID, h.Unit, h.Rev = id.Draw(t, "id"), id.Draw(t, "unit"), rapid.IntRange(1, 1e12).Draw(t, "rev")
	for _, f := range s.Fields {
		switch f.Kind {
		case register.Links:
			f.SetIDs(rec, rapid.SliceOfN(text, 0, 4).Draw(t, f.Name))
		case register.Bool:
			f.SetValue(rec, int64(rapid.IntRange(0, 1).Draw(t, f.Name)))
		case register.Int:
			f.SetValue(rec, rapid.Int64Range(0, 1e12).Draw(t, f.Name))
		case register.Number, register.Share:
			f.SetValue(rec, rapid.Int64Range(-1, 12000).Draw(t, f.Name))
		default:
			f.SetValue(rec, text.Draw(t, f.Name))
		}
	}
	return rec
}

var compareRecords = cmp.AllowUnexported(register.Count{}, register.Percent{})

// What register.JSON writes, the fast reader reads, and as register.ReadJSON does.
func TestBodyReadsBackAsItWasWritten(t *testing.T) {
	for _, s := range isms.Registers() {
		rapid.Check(t, func(t *rapid.T) {
			rec := record(t, s)
			body := register.JSON(rec)
			got, slow := s.New(), s.New()
			if r := (bodyReader{text: body}); !r.record(s, got) {
				t.Fatalf("gave up at %q of %s", r.text, body)
			}
			if err := register.ReadJSON(slow, body); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(slow, got, compareRecords); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

// Whatever a body is changed to, the fast reader either gives up or reads something that writes back as that very body.
func TestBodyReaderGivesUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(isms.Registers()).Draw(t, "register")
		body := register.JSON(record(t, s))
		at := rapid.IntRange(0, len(body)-1).Draw(t, "at")
		changed := bytes.Clone(body)
		switch rapid.IntRange(0, 2).Draw(t, "how") {
		case 0:
			changed[at] = rapid.Byte().Draw(t, "byte")
		case 1:
			changed = append(changed[:at], changed[at+1:]...)
		case 2:
			changed = changed[:at]
		}
		got, slow := s.New(), s.New()
		r := bodyReader{text: changed}
		if !r.record(s, got) {
			return
		}
		if err := register.ReadJSON(slow, changed); err != nil {
			// Only the spelling may differ: a control character that JSON would have escaped.
			if bytes.Equal(register.JSON(got), changed) {
				t.Fatalf("read what ReadJSON refuses: %v: %q", err, changed)
			}
			return
		}
		if diff := cmp.Diff(slow, got, compareRecords); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestDecodeOlderBody(t *testing.T) {
	s := system("Elevregistret")
	s.ID = "elev"
	old := strings.Replace(string(register.JSON(s)), `,"nis_covered":""`, "", 1)
	got, err := decode(systems, Entry{Body: []byte(old)})
	if diff := cmp.Diff(s, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if _, err := decode(systems, Entry{Body: []byte(`{}x`)}); err == nil {
		t.Error("nonsense was read")
	}
}
