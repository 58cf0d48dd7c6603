// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// A FormField is one field of a form.
type FormField struct {
	Name, Label, Help string
	Wrong             string
	Kind              string // text, prose, bool, number, date, moment, choice, links
	Width             string
	Value             string
	Required          bool
	Checked           bool
	Max               int
	Options           []Option
	Sieve             string // what a field that thins the list out says
	Optional          string // the word for a field that need not be filled in
	None              string // the words for no choice, or for an empty list
	Shape             string // how a day is written
	More              string // said where the list does not hold everything
	Find              string // the words that the list was looked through for
	FindDo            string // what the button for that says
}

// Longest is the attribute maxlength: a text may be some longer than the field holds, so that a person sees what is too much.
func (f FormField) Longest() int { return 2*f.Max + 20 }

// fields fills in the form's fields, with what was sent in place of what the record says, and what is wrong with each.
func (p *FormPage) fields(v *visit, s *register.Schema, rec register.Entity, titles app.Titles, sent url.Values, wrong register.Wrongs) error {
	for _, f := range s.Fields {
		if _, masked := rec.Head().Masks(f.Name); masked {
			continue // it stays as it is
		}
		field, err := v.formField(s, f, rec, titles, sent, p.finds, wrong)
		if err != nil {
			return err
		}
		p.Fields = append(p.Fields, field)
	}
	p.Summary = summarize(v.lang, s, wrong)
	p.Failed = p.Summary != nil
	return nil
}

// formField is one field of a form for the record. own is what the form sent beside the record's fields.
func (v *visit) formField(s *register.Schema, f register.Field, rec register.Entity, titles app.Titles, sent url.Values, own map[string]string, wrong register.Wrongs) (FormField, error) {
	l := v.lang
	field := FormField{Name: f.Name, Label: label(l, s, f), Help: l.T(s.Name + "." + f.Name + ".help"), Required: f.Required, Max: f.Max}
	if !f.Required {
		field.Optional = l.T("web.form.optional")
	}
	field.Value, field.None = f.Text(rec), l.T("web.form.none")
	if list, ok := sent[f.Name]; ok && len(list) > 0 && f.Kind != register.Links {
		field.Value = list[len(list)-1]
	}
	field.Find = own["_find."+f.Name]
	if f.Kind == register.Instant {
		field.instant(l, field.Value, own["_which."+f.Name])
	}
	for _, w := range wrong {
		if w.Field == f.Name && field.Wrong == "" {
			field.Wrong = l.T("wrong."+w.Code, w.Args...)
		}
	}
	return field, field.widget(v, f, rec, titles)
}

func summarize(l locale.Lang, s *register.Schema, wrong register.Wrongs) *Summary {
	if len(wrong) == 0 {
		return nil
	}
	sum := &Summary{Heading: l.T("web.form.problem")}
	for _, w := range wrong {
		text := l.T("wrong."+w.Code, w.Args...)
		f, ok := s.Field(w.Field)
		switch {
		case ok:
			sum.Items = append(sum.Items, Link{label(l, s, f) + ": " + text, "#f-" + f.Name})
		case w.Field == "unit":
			sum.Items = append(sum.Items, Link{l.T("web.unit") + ": " + text, "#f-_unit"})
		case w.Field != "":
			sum.Items = append(sum.Items, Link{w.Field + ": " + text, ""})
		default:
			sum.Items = append(sum.Items, Link{text, ""})
		}
	}
	return sum
}

// widget chooses how the field is filled in.
func (w *FormField) widget(v *visit, f register.Field, rec register.Entity, titles app.Titles) error {
	l := v.lang
	switch f.Kind {
	case register.Prose:
		w.Kind = "prose"
	case register.Bool:
		w.Kind, w.Checked = "bool", w.Value == "1" || w.Value == "on" || w.Value == "true"
	case register.Int, register.Number, register.Share:
		w.Kind, w.Width, w.Max = "number", "w-short", 20
		if f.Kind == register.Share {
			w.Value = strings.Replace(w.Value, ".", decimalMark(l), 1)
		}
	case register.Date:
		w.Kind, w.Width, w.Max, w.Shape = "date", "w-short", 10, l.T("web.form.day_shape")
	case register.Choice:
		w.Kind, w.Width = "choice", "w-mid"
		for _, c := range f.Choices {
			w.Options = append(w.Options, Option{c, l.T(f.ChoiceKey(c)), c == w.Value})
		}
	case register.Instant: // see instant
	case register.Link, register.Links:
		w.Kind, w.Width = "choice", "w-mid"
		if f.Kind == register.Links {
			w.Kind = "links"
		}
		return w.links(v, f, rec, titles)
	default:
		w.Kind = "text"
		if f.Max <= 20 {
			w.Width = "w-short"
		} else if f.Max <= 60 {
			w.Width = "w-mid"
		}
	}
	return nil
}

// links offers the records that the field can point at, with those it points at first when the list is cut.
func (w *FormField) links(v *visit, f register.Field, rec register.Entity, titles app.Titles) error {
	options, more, err := v.options(f.Target, w.Find)
	if errors.As(err, new(register.Wrongs)) {
		return errForm
	}
	if err != nil && !errors.Is(err, isms.ErrNotFound) {
		return err
	}
	chosen := f.IDs(rec)
	for _, id := range chosen {
		if !slices.ContainsFunc(options, func(o app.Option) bool { return o.ID == id }) {
			w.Options = append(w.Options, Option{id, v.lang.T("web.hidden"), true})
			if t := titles.Of(f.Target, id); t != "" {
				w.Options[len(w.Options)-1].Text = t
			}
		}
	}
	for _, o := range options {
		w.Options = append(w.Options, Option{o.ID, o.Title, slices.Contains(chosen, o.ID)})
	}
	switch {
	case w.Find != "":
		w.More, w.FindDo = v.lang.T("web.form.found", len(options), w.Find), v.lang.T("web.form.find")
	case more:
		w.More, w.FindDo = v.lang.T("web.form.more", len(options)), v.lang.T("web.form.find")
	default:
		w.Sieve = sieve(v.lang, w.Options)
	}
	return nil
}

// options lists what a field can point at. A page of several forms asks for the same list once.
func (v *visit) options(kind, find string) ([]app.Option, bool, error) {
	if kept, ok := v.offered[kind]; ok && find == "" {
		return kept.list, kept.more, nil
	}
	list, more, err := v.site.app.Options(v.r.Context(), v.who, kind, find)
	if err == nil && find == "" {
		if v.offered == nil {
			v.offered = map[string]offered{}
		}
		v.offered[kind] = offered{list, more}
	}
	return list, more, err
}

// offered is a list that was asked for.
type offered struct {
	list []app.Option
	more bool
}

func sieve(l locale.Lang, options []Option) string {
	if len(options) < 13 {
		return ""
	}
	return l.T("web.form.sieve")
}

// decimalMark is what stands before a number's decimals.
func decimalMark(l locale.Lang) string {
	if l == locale.English {
		return "."
	}
	return ","
}

func splitIDs(text string) []string { return strings.Fields(text) }
