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
	Then    string // the page to go to when it is saved, "" for the record's own
	Fields  []FormField

	finds map[string]string // the words that long lists are looked through for, under _find.NAME
}

// A Summary is what is wrong with a form, at its top.
type Summary struct {
	Heading string
	Items   []Link // to the fields
}

// reserved are the names in a register's form that are no fields of the record. Fields cannot begin with an underscore.
// A name that begins with _find. holds words to look through a field's list for; _search is the button for it. One that begins with
// _which. says which of two times is meant, in the night when an hour comes twice.
var reserved = []string{"_rev", "_key", "_unit", "_search", "_then"}

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
	p.finds = own
	return p, p.fields(v, s, rec, nil, given, wrong)
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
	wrong := moments(schema, nil, form, own)
	id := ""
	if len(wrong) > 0 {
		err = wrong
	} else if schema.Name == "unit" && form.Get("parent") == "" { // its place is under its parent: without one there is nobody to ask whether it may be made
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
	q, err := v.query("then")
	if err != nil {
		return err
	}
	p, err := v.oldRecord(kind, id, nil, nil, nil)
	if err != nil {
		return err
	}
	p.goesOn(q["then"])
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
		p.goesOn(own["_then"])
	}
	p.Title = l.T("web.form.edit", rec.Title)
	p.Crumbs = []Link{{l.T("register." + kind), "/r/" + kind}, {rec.Title, address(kind, id)}}
	p.Place = rec.Titles.Of("unit", rec.Entity.Head().Unit)
	register.Read(rec.Entity, sent)
	p.finds = own
	return p, p.fields(v, rec.Schema, rec.Entity, rec.Titles, sent, wrong)
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
	wrong, err := v.editMoments(kind, id, form, own)
	if err != nil {
		return err
	}
	saved := ""
	if err = wrong; len(wrong) == 0 {
		saved, err = s.app.Save(v.r.Context(), v.who, app.Change{Kind: kind, ID: id, Unit: own["_unit"], Rev: rev, Key: own["_key"], Form: form})
	}
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
	if own["_then"] != "" {
		return v.goTo(local(own["_then"]))
	}
	return v.goTo(address(kind, saved)) // a new purpose makes another entry of the record of processing
}

// editMoments reads the times of a form that changes a record.
func (v *visit) editMoments(kind, id string, form url.Values, own map[string]string) (register.Wrongs, error) {
	schema, ok := isms.Register(kind)
	if !ok || !slices.ContainsFunc(schema.Fields, func(f register.Field) bool { return f.Kind == register.Instant }) {
		return nil, nil
	}
	rec, err := v.site.app.Get(v.r.Context(), v.who, kind, id)
	if err != nil {
		return nil, err
	}
	return moments(schema, rec.Entity, form, own), nil
}

// goesOn leads to the page that the form was reached from, also when nothing is changed.
func (p *FormPage) goesOn(then string) {
	if then != "" {
		p.Then = local(then)
		p.Back = p.Then
	}
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
		case slices.Contains(reserved, name) || strings.HasPrefix(name, "_find.") || strings.HasPrefix(name, "_which."):
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
