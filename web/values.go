// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"encoding/json"
	"html"
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// A Value is one thing as it is read on a page.
type Value struct {
	Text    string
	URL     string
	Tag     string // the class of a state, "none" for one without colour, "" for what is no state
	Prose   bool
	Day     bool
	Unknown bool
}

// HTML writes the value.
func (v Value) HTML() template.HTML {
	text := html.EscapeString(v.Text)
	switch {
	case v.Tag != "":
		text = `<span class="tag ` + html.EscapeString(v.Tag) + `">` + text + `</span>`
	case v.URL != "":
		return Link{v.Text, v.URL}.HTML()
	case v.Prose:
		text = `<span class="prose">` + text + `</span>`
	case v.Day:
		text = `<time>` + text + `</time>`
	case v.Unknown:
		text = `<span class="muted">` + text + `</span>`
	}
	return template.HTML(text)
}

// address is where a record is shown.
func address(kind, id string) string { return "/r/" + kind + "/" + id }

// values writes a field's value for people: links by their titles, choices by their words, and what is not known as such. A day that has
// passed is marked where a passed day is something to act on.
func values(l locale.Lang, f register.Field, rec register.Entity, titles app.Titles, today register.Day) []Value {
	if rests, masked := rec.Head().Masks(f.Name); masked {
		return []Value{{Text: register.MaskedText(rests), Unknown: true}}
	}
	text := f.Text(rec)
	if text == "" {
		return nil
	}
	if set, ok := rec.(*isms.Population); ok {
		if list := columnValues(l, f, set); list != nil {
			return list
		}
	}
	switch f.Kind {
	case register.Link, register.Links:
		var list []Value
		for _, id := range f.IDs(rec) {
			list = append(list, linked(l, f.Target, id, titles))
		}
		return list
	case register.Date:
		if slices.Contains(dueFields, f.Name) && register.Day(text) < today {
			return []Value{{Text: text, Tag: "warn"}}
		}
		return []Value{{Text: text, Day: true}}
	case register.Choice:
		return []Value{choice(l, f, text)}
	}
	return []Value{{Text: worded(l, f, text), Prose: f.Kind == register.Prose}}
}

// columnValues are a set's headings, or what they mean, for people; nil for its other fields and where they cannot be read.
func columnValues(l locale.Lang, f register.Field, set *isms.Population) []Value {
	var heads []string
	if json.Unmarshal([]byte(set.Columns), &heads) != nil {
		return nil
	}
	switch f.Name {
	case "columns":
		return []Value{{Text: strings.Join(heads, ", ")}}
	case "meaning":
		var means map[string]string
		if json.Unmarshal([]byte(set.Meaning), &means) != nil {
			return nil
		}
		var list []Value
		for _, meaning := range slices.Sorted(maps.Keys(means)) {
			if slices.Contains(heads, means[meaning]) { // not the order of its days
				list = append(list, Value{Text: means[meaning] + ": " + l.T("meaning."+meaning)})
			}
		}
		return list
	}
	return nil
}

// linked is a record by its title, or a word for one that may not be seen.
func linked(l locale.Lang, kind, id string, titles app.Titles) Value {
	if title := titles.Of(kind, id); title != "" {
		if title == id { // the record has no words of its own
			title = l.T("register." + kind + ".one")
		}
		return Value{Text: title, URL: address(kind, id)}
	}
	return Value{Text: l.T("web.hidden"), Unknown: true}
}

// worded writes a value of one line in the language.
func worded(l locale.Lang, f register.Field, text string) string {
	if text == "" {
		return ""
	}
	switch f.Kind {
	case register.Bool:
		if text == "1" {
			return l.T("web.yes")
		}
		return l.T("web.no")
	case register.Number:
		if n, err := strconv.Atoi(text); err == nil {
			return l.Number(n)
		}
	case register.Share:
		if p, ok := register.ParsePercent(text); ok {
			hundredths, _ := p.Known()
			return l.PercentSign(hundredths)
		}
	case register.Choice:
		return l.T(f.ChoiceKey(text))
	case register.Instant:
		return clock(register.Moment(text))
	}
	return text
}

// dueFields are days by which something should have been done.
var dueFields = []string{"review_by", "valid_until", "deadline", "reply_due"}

// stateTypes are the choices that are states, and are shown as such.
var stateTypes = map[string]map[string]string{
	"lifecycle":            {"planned": "info", "in_use": "good", "retired": "none"},
	"classification_state": {"planned": "none", "in_workshop": "info", "proposed": "info", "decided": "good", "superseded": "none"},
	"activity_state":       {"proposed": "none", "planned": "info", "ongoing": "info", "done": "good", "moved": "warn", "dropped": "none"},
	"spot_check_state":     {"planned": "none", "committed": "info", "frozen": "info", "drawn": "info", "ongoing": "info", "done": "good", "cancelled": "none"},
	"deviation_state":      {"open": "warn", "remedied": "info", "verified": "good"},
	"phase_state":          {"planned": "none", "ongoing": "info", "done": "good"},
	"follow_state":         {"not_started": "warn", "planned": "info", "ongoing": "info", "done": "good"},
	"processing_state":     {"draft": "none", "checked": "info", "active": "good", "ended": "none", "replaced": "none"},
	"dpia_state":           {"threshold": "none", "in_work": "info", "dpo_opinion": "info", "prior_consultation": "warn", "decided": "good", "not_needed": "none"},
	"confirmation_outcome": {"unchanged": "good", "changed": "info", "ended": "none"},
	"incident_state":       {"reported": "warn", "triaged": "info", "investigating": "info", "contained": "info", "restored": "info", "handled": "good", "closed": "good", "joined": "none", "none": "none"},
	"severity":             {"negligible": "none", "moderate": "info", "considerable": "warn", "serious": "bad"},
	"task_state":           {"open": "info", "done": "good", "dismissed": "none"},
	"verdict":              {"done": "good", "partly": "warn", "not": "bad", "not_relevant": "none"},
	"grade":                {"none": "good", "minor": "info", "notable": "warn", "serious": "bad"},
	"document_state":       {"draft": "none", "consultation": "info", "decided": "good", "withdrawn": "none"},
	"decision_state":       {"open": "info", "done": "good", "moot": "none"},
	"access_review_state":  {"planned": "none", "ongoing": "info", "closed": "good", "cancelled": "none"},
	"review_state":         {"draft": "none", "collecting": "info", "consultation": "info", "proposed": "warn", "decided": "good", "published": "good"},
	"section_state":        {"empty": "none", "in_work": "info", "ready": "good"},
	"position":             {"accepted": "good", "partly": "warn", "declined": "bad"},
	"cover":                {"whole": "good", "partly": "warn"},
}

func choice(l locale.Lang, f register.Field, value string) Value {
	return Value{Text: l.T(f.ChoiceKey(value)), Tag: stateTypes[f.Type][value]}
}

// numeric reports whether a field's values stand to the right in a table.
func numeric(f register.Field) bool {
	return f.Kind == register.Number || f.Kind == register.Share || f.Kind == register.Int
}

// label is a field's name for people.
func label(l locale.Lang, s *register.Schema, f register.Field) string {
	return l.T(s.Name + "." + f.Name)
}

// first returns the first value, or an empty one.
func first(list []Value) Value {
	if len(list) == 0 {
		return Value{}
	}
	if len(list) > 1 {
		texts := make([]string, len(list))
		for i, v := range list {
			texts[i] = v.Text
		}
		return Value{Text: strings.Join(texts, ", ")}
	}
	return list[0]
}
