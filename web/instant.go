// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/url"
	"time"

	"ledsyn/law"
	"ledsyn/locale"
	"ledsyn/register"
)

// People write and read times as clocks in Sweden show them; records keep moments in UTC. In the night when the clocks go back an hour
// comes twice, and a form then asks which of the two is meant; in the night when they go forward an hour is left out, and a form says so.

// wallFormat is how browsers send a day and a time.
const wallFormat = "2006-01-02T15:04"

// readInstant reads a time that somebody wrote in a field. which is "first" or "second" where the hour came twice and somebody has said
// which one is meant.
func readInstant(field, text, which string) (register.Moment, *register.Wrong) {
	if text == "" || register.Moment(text).Valid() {
		return register.Moment(text), nil
	}
	t, err := law.ReadInstant(text)
	twice, never := law.TwiceError{}, law.NeverError{}
	switch {
	case err == nil:
		return register.MomentOf(t), nil
	case errors.As(err, &twice) && which == "first":
		return register.MomentOf(twice.Earlier), nil
	case errors.As(err, &twice) && which == "second":
		return register.MomentOf(twice.Later), nil
	case errors.As(err, &twice):
		return "", &register.Wrong{Field: field, Code: "instant_twice", Args: []any{twice.Earlier.Format("15:04")}}
	case errors.As(err, &never):
		at := never.Changed.In(law.Zone())
		return "", &register.Wrong{Field: field, Code: "instant_never", Args: []any{at.Add(-time.Minute).Format("15:04"), at.Format("15:04")}}
	}
	return "", &register.Wrong{Field: field, Code: "instant", Args: []any{text}}
}

// readInstants reads the named times of a form.
func readInstants(form map[string]string, names ...string) (map[string]register.Moment, register.Wrongs) {
	got := map[string]register.Moment{}
	var wrong register.Wrongs
	for _, name := range names {
		m, w := readInstant(name, form[name], form["_which."+name])
		if got[name] = m; w != nil {
			wrong = append(wrong, *w)
		}
	}
	return got, wrong
}

// instantNames are the names that a form sends for the times.
func instantNames(names ...string) []string {
	var all []string
	for _, name := range names {
		all = append(all, name, "_which."+name)
	}
	return all
}

// wall writes a moment as forms show it, and which of two times it is where the hour came twice.
func wall(m register.Moment) (text, which string) {
	if !m.Valid() {
		return string(m), ""
	}
	t := m.Time().In(law.Zone())
	twice := law.TwiceError{}
	if _, err := law.FromWall(t); errors.As(err, &twice) {
		which = "first"
		if !t.Truncate(time.Minute).Equal(twice.Earlier.Truncate(time.Minute)) {
			which = "second"
		}
	}
	return t.Format(wallFormat), which
}

// instant fills in a field for a time with what was sent, or with the moment that it shows.
func (w *FormField) instant(l locale.Lang, sent, which string) {
	w.Kind, w.Width, w.Max = "moment", "w-mid", 30
	if w.Value = sent; register.Moment(sent).Valid() {
		w.Value, which = wall(register.Moment(sent))
	}
	_, wrong := readInstant(w.Name, w.Value, "")
	if wrong != nil && wrong.Code == "instant_twice" {
		for _, c := range []string{"first", "second"} {
			w.Options = append(w.Options, Option{c, l.T("web.instant." + c), c == which})
		}
	}
}

// moments puts moments in place of the times in a record's form, and returns those that cannot be. A time that is what the form showed of
// the record as it was is that moment still, to the part of a second: forms show whole minutes.
func moments(s *register.Schema, was register.Entity, form url.Values, own map[string]string) register.Wrongs {
	var wrong register.Wrongs
	for _, f := range s.Fields {
		list, ok := form[f.Name]
		if f.Kind != register.Instant || !ok || len(list) == 0 {
			continue
		}
		text, which := list[len(list)-1], own["_which."+f.Name]
		if was != nil {
			old := register.Moment(f.Text(was))
			if shown, same := wall(old); shown == text && same == which {
				form[f.Name] = []string{string(old)}
				continue
			}
		}
		m, w := readInstant(f.Name, text, which)
		if w != nil {
			wrong = append(wrong, *w)
			continue
		}
		form[f.Name] = []string{string(m)}
	}
	return wrong
}
