// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

type pageOf struct{}

// OnPage is the context of what is read for the page with the address: the read log tells where something was read.
func OnPage(ctx context.Context, page string) context.Context {
	return context.WithValue(ctx, pageOf{}, page)
}

type masked struct{}

// MaskedCopy is the context of what is read to be given to somebody outside: everything marked is masked, whoever asks.
func MaskedCopy(ctx context.Context) context.Context { return context.WithValue(ctx, masked{}, true) }

// IsMaskedCopy reports whether the context is one of MaskedCopy.
func IsMaskedCopy(ctx context.Context) bool { return ctx.Value(masked{}) != nil }

// readerOf is the actor as the store knows who reads.
func readerOf(who access.Actor) store.Reader {
	return store.Reader{Name: signature(who), Unnoted: who.System(), Sees: func(kind string) register.In { return who.In(access.SeeSecret, kind) }}
}

// view is how everything is read that somebody is shown. What is marked as secret and not for the actor to see is masked in every
// record, title, search and history that leaves it, and what the actor does see of an incident's secrets is noted in the read log
// before it is shown: see store.Reader. No act may read for somebody in another way.
func (a *App) view(ctx context.Context, who access.Actor, f func(*store.Tx) error) error {
	r := readerOf(who)
	r.Page, _ = ctx.Value(pageOf{}).(string)
	if IsMaskedCopy(ctx) {
		r.Sees = nil
	}
	return a.DB.ViewFor(ctx, who.Org, r, f)
}

// glance is view for a list of many records: see store.Tx.Glance.
func (a *App) glance(ctx context.Context, who access.Actor, f func(*store.Tx) error) error {
	return a.view(ctx, who, func(tx *store.Tx) error { return tx.Glance(func() error { return f(tx) }) })
}

// hiddenFrom returns the fields of the record that the actor may not see and so may not change either: those that are masked in
// it, and where the act sees everything those that would be.
func hiddenFrom(l *look, who access.Actor, was register.Entity) ([]string, error) {
	if was == nil {
		return nil, nil
	}
	fields := was.Head().MaskedFields()
	hides, err := l.Hides(readerOf(who), was)
	for name := range hides {
		if !slices.Contains(fields, name) {
			fields = append(fields, name)
		}
	}
	return fields, err
}

// withoutHidden is the form without the fields that who fills it in may not see: they stay as they are.
func withoutHidden(form map[string][]string, hidden []string) map[string][]string {
	if len(hidden) == 0 {
		return form
	}
	open := map[string][]string{}
	for name, values := range form {
		if !slices.Contains(hidden, name) {
			open[name] = values
		}
	}
	return open
}

// openWrongs leaves out what is wrong with fields that the actor cannot see, and does not tell what they say where another field
// is held to them.
func openWrongs(wrong register.Wrongs, was register.Entity, hidden []string) register.Wrongs {
	if len(hidden) == 0 {
		return wrong
	}
	var open register.Wrongs
	for _, w := range wrong {
		if slices.Contains(hidden, w.Field) {
			continue
		}
		for _, name := range hidden {
			f, _ := register.OfValue(was).Field(name)
			text := f.Text(was)
			for i, arg := range w.Args {
				if said, ok := arg.(string); ok && text != "" && (said == text || len(text) > 9 && said == text[:10]) {
					w.Args = slices.Clone(w.Args)
					w.Args[i] = register.MaskedText("")
				}
			}
		}
		open = append(open, w)
	}
	return open
}

// SecrecyWords are the words that stand where something is masked in the language: see register.Unmask.
func SecrecyWords(lang locale.Lang) func(provision string) string { return lang.Masked }

// defaultMarks puts the marks that a new record gets by itself, in the act that makes it. Reports under cybersäkerhetslagen are
// marked so (see isms.DefaultMarks), and what is sent of something marked is marked as that is.
func defaultMarks(tx *store.Tx, rec register.Entity) error {
	marks := isms.DefaultMarks(rec)
	if sent, ok := rec.(*isms.Submission); ok && len(marks) == 0 {
		provision, err := markedBehind(tx, *sent)
		if err != nil {
			return err
		}
		if provision != "" {
			marks = append(marks, isms.SecrecyMark{Kind: "submission", Of: sent.ID, Field: "fields", Provision: provision})
		}
	}
	for _, m := range marks {
		if err := putMark(tx, rec, m); err != nil {
			return err
		}
	}
	return nil
}

// putMark puts a mark on the record on behalf of who acts.
func putMark(tx *store.Tx, rec register.Entity, m isms.SecrecyMark) error {
	unit := rec.Head().Unit
	m.Unit, m.Authority, m.MarkedOn = unit, authority(tx, unit), tx.Now().Day()
	if register.ValidID(tx.Who()) {
		m.MarkedBy = register.Ref[isms.Person](tx.Who())
	}
	return tx.Put(&m)
}

// markedBehind is a provision that something rests on of what the report was made from, or "".
func markedBehind(tx *store.Tx, sent isms.Submission) (string, error) {
	d, err := store.Get[isms.Deadline](tx, everywhere, string(sent.Deadline))
	if err != nil {
		return "", err
	}
	for _, from := range []struct{ kind, id string }{{"breach", string(d.Breach)}, {"incident", string(d.Incident)}} {
		s, _ := isms.Register(from.kind)
		marks, err := tx.SecretParts(s, []string{from.id})
		if err != nil {
			return "", err
		}
		for _, field := range slices.Sorted(maps.Keys(marks[from.id])) {
			return marks[from.id][field], nil
		}
	}
	return "", nil
}

// markLike marks the field of a record that was written from another's field as that is marked: what is secret stays so where it is
// copied to.
func markLike(tx *store.Tx, from register.Entity, field string, to register.Entity, toField string) error {
	s := register.OfValue(from)
	marks, err := tx.SecretParts(s, []string{from.Head().ID})
	if err != nil {
		return err
	}
	provision, secret := marks[from.Head().ID][field]
	if f, ok := s.Field(field); ok && !secret && !isms.StaysPublic(s, f) {
		provision, secret = marks[from.Head().ID][""]
	}
	if !secret {
		return nil
	}
	return putMark(tx, to, isms.SecrecyMark{Kind: register.OfValue(to).Name, Of: to.Head().ID, Field: toField, Provision: provision})
}

// authority names whose mark it is: the nearest board above the unit, or the unit at the top.
func authority(tx *store.Tx, unit string) string {
	units, err := store.AllWithRetired[isms.Unit](tx, everywhere)
	if err != nil {
		return unit
	}
	name := unit
	for range len(units) {
		i := slices.IndexFunc(units, func(u isms.Unit) bool { return u.ID == unit })
		if i < 0 {
			break
		}
		name, unit = units[i].Name, string(units[i].Parent)
		if units[i].Kind == isms.BoardUnit || units[i].Kind == isms.CompanyUnit {
			break
		}
	}
	return name
}

// A MarkOn is a mark as somebody reads it beside what it stands on.
type MarkOn struct {
	isms.SecrecyMark
	Rule  law.Provision
	Known bool // the provision is one of law's
}

// SecrecyPage is what is marked of one record.
type SecrecyPage struct {
	Schema   *register.Schema
	ID       string
	Title    string
	Unit     string
	Marks    []MarkOn // those that hold, in the order they were put
	Lifted   []MarkOn
	Rules    []law.Provision // that a mark can rest on today
	Public   []register.Field
	Silences bool // some mark rests on a provision that goes before the right to inform the media
	May      bool // the actor may put and lift marks
	Titles   Titles
}

// Secrecy returns the marks on a record, for everybody who may see the record: a mark is a warning and hides nothing of itself.
func (a *App) Secrecy(ctx context.Context, who access.Actor, kind, id string) (SecrecyPage, error) {
	s, in, err := a.visible(ctx, who, kind)
	if err != nil {
		return SecrecyPage{}, err
	}
	if !isms.Markable(kind) || kind == "attachment" {
		return SecrecyPage{}, isms.ErrNotFound
	}
	p := SecrecyPage{Schema: s, ID: id, Public: isms.PublicFields(s)}
	err = a.view(ctx, who, func(tx *store.Tx) error {
		var rec register.Entity
		err := tx.Glance(func() (err error) { rec, err = tx.Get(s, in, id); return err })
		if err != nil {
			return err
		}
		p.Title, p.Unit = s.Title(rec), rec.Head().Unit
		book := law.Embedded()
		p.Rules = book.SecrecyRules(string(a.Today()))
		slices.SortFunc(p.Rules, func(x, y law.Provision) int { return cmp.Compare(x.Source, y.Source) }) // as the act is read
		marks, err := marksOf(tx, kind, id)
		if err != nil {
			return err
		}
		w := wanted{}
		for _, m := range marks {
			rule, known := book.Rule(m.Provision, string(m.MarkedOn))
			on := MarkOn{m, rule, known}
			w.add("person", string(m.MarkedBy))
			if !m.Holds(a.Today()) {
				p.Lifted = append(p.Lifted, on)
				continue
			}
			p.Marks = append(p.Marks, on)
			p.Silences = p.Silences || known && rule.Secrecy != nil && rule.Secrecy.Silences
		}
		p.Titles, err = titles(tx, who, w)
		return err
	})
	p.May = who.May(access.Create, "secrecy_mark", p.Unit) && who.May(access.SeeSecret, kind, p.Unit)
	return p, err
}

// marksOf lists the marks on a record, also those that no longer hold, in the order they were put.
func marksOf(tx *store.Tx, kind, id string) ([]isms.SecrecyMark, error) {
	page, err := tx.List(register.Of[isms.SecrecyMark](), everywhere,
		store.Query{Where: map[string][]string{"kind": {kind}, "of": {id}}, Sort: "marked_on", Retired: true, Limit: maxPage})
	var marks []isms.SecrecyMark
	for _, rec := range page.Records {
		marks = append(marks, *rec.(*isms.SecrecyMark))
	}
	return marks, err
}

// standingMarks lists the marks that hold on the record today.
func standingMarks(tx *store.Tx, rec register.Entity) ([]isms.SecrecyMark, error) {
	s := register.OfValue(rec)
	if on, err := tx.SecretParts(s, []string{rec.Head().ID}); err != nil || len(on) == 0 {
		return nil, err
	}
	all, err := marksOf(tx, s.Name, rec.Head().ID)
	return slices.DeleteFunc(all, func(m isms.SecrecyMark) bool { return !m.Holds(tx.Now().Day()) }), err
}

// markRules reports what is wrong with a mark beside its own fields: a record or field that is not there, one that cannot be
// marked, a provision that is none of secrecy, and a mark by somebody who may not see what it hides.
func markRules(l *look, who access.Actor, was, m *isms.SecrecyMark) (register.Wrongs, error) {
	s, err := schema(m.Kind)
	if err != nil || !isms.Markable(m.Kind) {
		return register.Wrongs{{Field: "kind", Code: "not_markable"}}, nil
	}
	if was != nil && (was.Kind != m.Kind || was.Of != m.Of || was.Field != m.Field) {
		return register.Wrongs{{Field: "field", Code: "mark_stays"}}, nil
	}
	rec, err := l.Tx.Get(s, everywhere, m.Of)
	seen := who.In(access.See, m.Kind)
	if m.Kind == "attachment" {
		seen = who.In(access.SeeSecret, "secrecy_mark")
	}
	if err != nil || !seen.Has(rec.Head().Unit) {
		return register.Wrongs{{Field: "of", Code: "no_such", Args: []any{m.Of}}}, nil
	}
	if _, ok := s.Field(m.Field); !ok && m.Field != "" {
		return register.Wrongs{{Field: "field", Code: "unknown_field"}}, nil
	}
	if m.Unit != rec.Head().Unit {
		return register.Wrongs{{Field: "unit", Code: "mark_unit"}}, nil
	}
	if m.Kind != "attachment" && !who.May(access.SeeSecret, m.Kind, m.Unit) {
		return register.Wrongs{{Code: "mark_by_reader"}}, nil
	}
	if p, ok := law.Embedded().Rule(m.Provision, string(m.MarkedOn)); !ok || p.Secrecy == nil {
		return register.Wrongs{{Field: "provision", Code: "no_provision"}}, nil
	}
	return nil, nil
}

// A NewMark is what somebody marks as secret.
type NewMark struct {
	Kind, ID  string
	Field     string // "" is all of it
	Provision string
	Authority string // "" is the unit's own
	Note      string
	Key       string
}

// Mark marks a record or one of its fields. It is a warning and no decision: whoever asks for the record gets an answer of its own.
func (a *App) Mark(ctx context.Context, who access.Actor, n NewMark) (string, error) {
	s, err := schema(n.Kind)
	if err != nil {
		return "", err
	}
	return a.once(ctx, who, n.Key, n, func(tx *store.Tx) (string, error) {
		rec, err := tx.Get(s, who.In(access.See, n.Kind), n.ID)
		if err != nil {
			return "", err
		}
		unit := rec.Head().Unit
		if err := a.allow(ctx, who, access.Create, "secrecy_mark", unit); err != nil {
			return "", err
		}
		m := isms.SecrecyMark{Kind: n.Kind, Of: n.ID, Field: n.Field, Provision: n.Provision, MarkedOn: a.Today(), Authority: n.Authority,
			MarkedBy: register.Ref[isms.Person](who.Person), Note: n.Note}
		m.Unit = unit
		if m.Authority == "" {
			m.Authority = authority(tx, unit)
		}
		there, err := marksOf(tx, n.Kind, n.ID)
		if err != nil {
			return "", err
		}
		if slices.ContainsFunc(there, func(old isms.SecrecyMark) bool {
			return old.Field == m.Field && old.Provision == m.Provision && old.Holds(a.Today())
		}) {
			return "", register.Wrongs{{Field: "provision", Code: "marked_already"}}
		}
		wrong, err := markRules(one(tx), who, nil, &m)
		if err == nil && len(wrong) > 0 {
			err = wrong
		}
		if err != nil {
			return "", err
		}
		return m.ID, tx.Put(&m)
	})
}

// LiftMark ends a mark from today. What it was stays: a mark is never taken away.
func (a *App) LiftMark(ctx context.Context, who access.Actor, id string, rev int, key string) error {
	_, err := a.once(ctx, who, key, []any{"lift", id, rev}, func(tx *store.Tx) (string, error) {
		m, err := store.Get[isms.SecrecyMark](tx, who.In(access.See, "secrecy_mark"), id)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Change, "secrecy_mark", m.Unit); err != nil {
			return "", err
		}
		if m.Kind != "attachment" && !who.May(access.SeeSecret, m.Kind, m.Unit) {
			return "", isms.ErrForbidden
		}
		if !m.Holds(a.Today()) {
			return id, nil
		}
		m.Rev, m.LiftedOn = rev, a.Today()
		return id, tx.Put(&m)
	})
	return err
}

// readKept reads what a record keeps as JSON in a text. Where it is kept from the reader, or nothing is kept, nothing is read.
func readKept(text string, into any) error {
	if text == "" || register.IsMasked(text) {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}
