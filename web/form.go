// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// FormPage is a form for a new record or a changed one.
type FormPage struct {
	Frame
	Kicker  string
	About   string
	Action  string
	Back    string
	Summary *Summary
	Units   *FormField // which unit the record belongs to, where there is a choice
	Unit    string     // the only unit there is to choose
	Rev     int
	Key     string
	Fields  []FormField
}

// A Summary is what is wrong with a form, at its top.
type Summary struct {
	Heading string
	Items   []Link // to the fields
}

// A FormField is one field of a form.
type FormField struct {
	Name, Label, Help string
	Wrong             string
	Kind              string // text, prose, bool, number, date, choice, links
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

// reserved are the names in a register's form that are no fields of the record. Fields cannot begin with an underscore.
// A name that begins with _find. holds words to look through a field's list for; _search is the button for it.
var reserved = []string{"_rev", "_key", "_unit", "_search"}

func (s *site) newForm(v *visit) error {
	schema, ok := isms.Register(v.r.PathValue("kind"))
	if !ok || madeElsewhere[schema.Name] {
		return isms.ErrNotFound
	}
	given, err := url.ParseQuery(v.r.URL.RawQuery)
	if err != nil {
		return errQuery
	}
	for name := range given { // a link may fill in fields: from a recommendation to its answer
		if _, ok := schema.Field(name); !ok && name != "unit" {
			return errQuery
		}
	}
	own := map[string]string{"_unit": given.Get("unit")}
	given.Del("unit")
	p, err := v.newRecord(schema, given, own, nil)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "form", p)
}

// newRecord is the form for a new record, filled in with what was given or sent.
func (v *visit) newRecord(s *register.Schema, given url.Values, own map[string]string, wrong register.Wrongs) (*FormPage, error) {
	t, err := v.site.app.List(v.r.Context(), v.who, s.Name, app.Query{Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(t.CreateIn) == 0 {
		return nil, isms.ErrForbidden
	}
	l := v.lang
	p := &FormPage{Kicker: l.T("register." + s.Name), About: l.T("register." + s.Name + ".about"), Action: "/r/" + s.Name + "/new", Back: "/r/" + s.Name,
		Key: register.NewID()}
	p.Title = l.T("register." + s.Name + ".new")
	p.Crumbs = []Link{{l.T("register." + s.Name), "/r/" + s.Name}}
	if err := p.units(v, s, t.CreateIn, own["_unit"]); err != nil {
		return nil, err
	}
	rec := s.New()
	register.Read(rec, given)
	return p, p.fields(v, s, rec, nil, given, own, wrong)
}

func (s *site) create(v *visit) error {
	schema, ok := isms.Register(v.r.PathValue("kind"))
	if !ok || madeElsewhere[schema.Name] {
		return isms.ErrNotFound
	}
	form, own, err := v.recordForm()
	if err != nil {
		return err
	}
	if own["_search"] != "" {
		p, err := v.newRecord(schema, form, own, nil)
		if err != nil {
			return err
		}
		return v.show(http.StatusOK, "form", p)
	}
	var wrong register.Wrongs
	id := ""
	if schema.Name == "unit" && form.Get("parent") == "" { // its place is under its parent: without one there is nobody to ask whether it may be made
		err = register.Wrongs{{Field: "parent", Code: "required"}}
	} else {
		id, err = s.app.Save(v.r.Context(), v.who, app.Change{Kind: schema.Name, Unit: own["_unit"], Key: own["_key"], Form: form})
	}
	if errors.As(err, &wrong) {
		p, err := v.newRecord(schema, form, own, wrong)
		if err != nil {
			return err
		}
		return v.show(http.StatusUnprocessableEntity, "form", p)
	}
	if err != nil {
		return err
	}
	return v.goTo(address(schema.Name, id))
}

func (s *site) editForm(v *visit) error {
	kind, id := v.r.PathValue("kind"), v.r.PathValue("id")
	if _, err := v.query(); err != nil {
		return err
	}
	p, err := v.oldRecord(kind, id, nil, nil, nil)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "form", p)
}

// oldRecord is the form for a record that is, with what was sent, if anything, in place of what it says.
func (v *visit) oldRecord(kind, id string, sent url.Values, own map[string]string, wrong register.Wrongs) (*FormPage, error) {
	rec, err := v.site.app.Get(v.r.Context(), v.who, kind, id)
	if err != nil {
		return nil, err
	}
	switch {
	case changedElsewhere[kind]:
		return nil, isms.ErrNotFound
	case rec.Frozen:
		return nil, isms.ErrFrozen
	case !rec.May.Change:
		return nil, isms.ErrForbidden
	}
	l := v.lang
	p := &FormPage{Kicker: l.T("register." + kind + ".one"), About: "", Action: address(kind, id) + "/edit", Back: address(kind, id),
		Rev: rec.Entity.Head().Rev, Key: register.NewID(), Unit: rec.Entity.Head().Unit}
	if own != nil {
		p.Rev, _ = strconv.Atoi(own["_rev"])
	}
	p.Title = l.T("web.form.edit", rec.Title)
	p.Crumbs = []Link{{l.T("register." + kind), "/r/" + kind}, {rec.Title, address(kind, id)}}
	p.Place = rec.Titles.Of("unit", rec.Entity.Head().Unit)
	register.Read(rec.Entity, sent)
	return p, p.fields(v, rec.Schema, rec.Entity, rec.Titles, sent, own, wrong)
}

func (s *site) edit(v *visit) error {
	kind, id := v.r.PathValue("kind"), v.r.PathValue("id")
	form, own, err := v.recordForm()
	if err != nil {
		return err
	}
	rev, err := number(own["_rev"])
	if err != nil {
		return err
	}
	if changedElsewhere[kind] {
		return isms.ErrNotFound
	}
	if own["_search"] != "" {
		p, err := v.oldRecord(kind, id, form, own, nil)
		if err != nil {
			return err
		}
		return v.show(http.StatusOK, "form", p)
	}
	_, err = s.app.Save(v.r.Context(), v.who, app.Change{Kind: kind, ID: id, Unit: own["_unit"], Rev: rev, Key: own["_key"], Form: form})
	var wrong register.Wrongs
	switch {
	case errors.As(err, &wrong):
		p, err := v.oldRecord(kind, id, form, own, wrong)
		if err != nil {
			return err
		}
		return v.show(http.StatusUnprocessableEntity, "form", p)
	case errors.Is(err, isms.ErrStale):
		return v.conflict(kind, id, form)
	case err != nil:
		return err
	}
	return v.goTo(address(kind, id))
}

// recordForm reads a form whose fields are a record's, with the few names of our own apart.
func (v *visit) recordForm() (form url.Values, own map[string]string, err error) {
	sent, err := v.form()
	if err != nil {
		return nil, nil, err
	}
	form, own = url.Values{}, map[string]string{}
	for name, list := range sent {
		switch {
		case slices.Contains(reserved, name) || strings.HasPrefix(name, "_find."):
			own[name] = list[len(list)-1]
		default:
			form[name] = list
		}
	}
	return form, own, nil
}

func number(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, errForm
	}
	return n, nil
}

func (p *FormPage) units(v *visit, s *register.Schema, allowed []string, chosen string) error {
	if s.Name == "unit" { // belongs to itself
		return nil
	}
	units, err := v.units()
	if err != nil {
		return err
	}
	f := FormField{Name: "_unit", Label: v.lang.T("web.unit"), Help: v.lang.T("web.unit.help"), Kind: "choice", Required: true, Width: "w-mid",
		None: v.lang.T("web.form.none")}
	if chosen == "" {
		chosen = v.home(units)
	}
	for _, u := range units {
		if slices.Contains(allowed, u.Value) {
			f.Options = append(f.Options, Option{u.Value, u.Text, u.Value == chosen})
		}
	}
	if len(f.Options) == 1 {
		p.Unit, p.Place = f.Options[0].Value, strings.TrimSpace(f.Options[0].Text)
		return nil
	}
	f.Sieve = sieve(v.lang, f.Options)
	p.Units = &f
	return nil
}

// fields fills in the form's fields, with what was sent in place of what the record says, and what is wrong with each.
func (p *FormPage) fields(v *visit, s *register.Schema, rec register.Entity, titles app.Titles, sent url.Values, own map[string]string,
	wrong register.Wrongs) error {
	l := v.lang
	for _, f := range s.Fields {
		field := FormField{Name: f.Name, Label: label(l, s, f), Help: l.T(s.Name + "." + f.Name + ".help"), Required: f.Required, Max: f.Max}
		if !f.Required {
			field.Optional = l.T("web.form.optional")
		}
		field.Value, field.None = f.Text(rec), l.T("web.form.none")
		if list, ok := sent[f.Name]; ok && len(list) > 0 && f.Kind != register.Links {
			field.Value = list[len(list)-1]
		}
		field.Find = own["_find."+f.Name]
		if err := field.widget(v, f, rec, titles); err != nil {
			return err
		}
		for _, w := range wrong {
			if w.Field == f.Name && field.Wrong == "" {
				field.Wrong = l.T("wrong."+w.Code, w.Args...)
			}
		}
		p.Fields = append(p.Fields, field)
	}
	p.Summary = summarize(l, s, wrong)
	p.Failed = p.Summary != nil
	return nil
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
	options, more, err := v.site.app.Options(v.r.Context(), v.who, f.Target, w.Find)
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
