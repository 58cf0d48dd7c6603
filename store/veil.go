// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"ledsyn/isms"
	"ledsyn/register"
)

// A Reader is for whom a View is. What is marked as secret (isms.SecrecyMark) is masked in every record before it leaves the
// transaction, unless the reader may see it; and where it is noted who reads (isms.ReadingIsNoted) it is noted that the reader did.
//
// Not only what is shown would tell: so a search, a filter and a link to a record find nothing by a field that is masked, and
// lists are not ordered by it.
type Reader struct {
	Name    string                        // as the read log writes who reads: see Act.Who
	Page    string                        // what is read from: a page's address
	Sees    func(kind string) register.In // where the reader may see what is marked; nil is nowhere
	Unnoted bool                          // what the reader sees is not noted: whoever runs the program on its own machine holds the database in their hands
}

func (r Reader) sees(kind string) register.In {
	if r.Sees == nil {
		return register.In{}
	}
	return r.Sees(kind)
}

// A veil is what a transaction keeps from its reader, and what of the secret it has handed out.
type veil struct {
	Reader
	off    bool
	glance bool
	texts  bool // only texts are masked
	seen   []Reading
	in     map[string]register.In
}

func (v *veil) scope(kind string) register.In {
	in, ok := v.in[kind]
	if !ok {
		in = v.sees(kind)
		v.in[kind] = in
	}
	return in
}

func newVeil(r Reader) *veil { return &veil{Reader: r, in: map[string]register.In{}} }

// ViewFor is View for a reader. If what the reader saw of the secret cannot be noted the error says so, and f's result must not be
// shown.
func (db *DB) ViewFor(ctx context.Context, org string, r Reader, f func(*Tx) error) error {
	v := newVeil(r)
	if err := db.view(ctx, org, v, f); err != nil || len(v.seen) == 0 || r.Unnoted {
		return err
	}
	return db.noteReadings(ctx, org, v.seen)
}

// Unveiled lets f see everything, for what is reckoned and shown to nobody as it is.
func (t *Tx) Unveiled(f func() error) error {
	if t.veil == nil {
		return f()
	}
	was := t.veil.off
	t.veil.off = true
	defer func() { t.veil.off = was }()
	return f()
}

// Public lets f see what anybody may see: what is marked is masked whoever asks. It is for documents that are given out.
func (t *Tx) Public(f func() error) error { return t.under(newVeil(Reader{}), f) }

// As lets f, in an Update, see what the reader may see.
func (t *Tx) As(r Reader, f func() error) error {
	v := newVeil(r)
	if err := t.under(v, f); err != nil || len(v.seen) == 0 || r.Unnoted {
		return err
	}
	return t.keepReadings(v.seen)
}

func (t *Tx) under(v *veil, f func() error) error {
	was := t.veil
	t.veil = v
	defer func() { t.veil = was }()
	return f()
}

// Counting lets f see everything but secret texts, whoever asks: for figures, which are the same for everybody and may name what
// they count.
func (t *Tx) Counting(f func() error) error {
	v := newVeil(Reader{})
	v.texts = true
	return t.under(v, f)
}

// Glance lets f read for a list of many records: of what is marked only the fields that lists show are handed out, also to those
// who may see the rest. So a list notes nobody as having read what it does not show.
func (t *Tx) Glance(f func() error) error {
	if t.veil == nil {
		return f()
	}
	was := t.veil.glance
	t.veil.glance = true
	defer func() { t.veil.glance = was }()
	return f()
}

// Marked reports whether anything at all is marked as secret.
func (t *Tx) Marked() (bool, error) {
	kinds, err := t.markedKinds()
	return len(kinds) > 0, err
}

// Hides returns the fields of the record that the reader may not see, each with its provision.
func (t *Tx) Hides(r Reader, rec register.Entity) (map[string]string, error) {
	s, h := register.OfValue(rec), rec.Head()
	if concerned, err := t.concerned(s); err != nil || !concerned || r.sees(s.Name).Has(h.Unit) {
		return nil, err
	}
	marks, err := t.marksOn(s, []string{h.ID})
	return hidden(s, marks[h.ID]), err
}

// SecretParts returns which of the records of the register anything is marked of, each with its marks: the fields and their
// provisions, "" for all of it.
func (t *Tx) SecretParts(s *register.Schema, ids []string) (map[string]map[string]string, error) {
	if concerned, err := t.concerned(s); err != nil || !concerned {
		return nil, err
	}
	return t.marksOn(s, ids)
}

// hidden makes fields of the marks on one record: a mark on all of it hides what need not stay public.
func hidden(s *register.Schema, marks map[string]string) map[string]string {
	all, whole := marks[""]
	fields := maps.Clone(marks)
	delete(fields, "")
	if whole {
		for _, f := range s.Fields {
			if _, own := fields[f.Name]; !own && !isms.StaysPublic(s, f) {
				fields[f.Name] = all
			}
		}
	}
	return fields
}

// cover masks in the records what their reader may not see, and notes what the reader does see.
func (t *Tx) cover(tb *table, recs []register.Entity) error {
	v := t.veil
	if v == nil || v.off || len(recs) == 0 {
		return nil
	}
	if tb.Name == "secrecy_mark" {
		return t.coverMarks(tb, recs)
	}
	if concerned, err := t.concerned(tb.Schema); err != nil || !concerned {
		return err
	}
	ids := make([]string, len(recs))
	for i, rec := range recs {
		ids[i] = rec.Head().ID
	}
	marks, err := t.marksOn(tb.Schema, ids)
	if err != nil {
		return err
	}
	in := v.scope(tb.Name)
	for _, rec := range recs {
		h := rec.Head()
		var shown []string
		for name, provision := range hidden(tb.Schema, marks[h.ID]) {
			f, ok := tb.Field(name)
			switch {
			case !ok || v.texts && f.Kind != register.Text && f.Kind != register.Prose:
			case in.Has(h.Unit) && (!v.glance || f.Listed || slices.Contains(titleFields(tb.Schema), name)):
				if f.Text(rec) != "" {
					shown = append(shown, name)
				}
			default:
				f.MaskField(rec, provision)
			}
		}
		v.note(tb.Name, h, shown)
	}
	return nil
}

// coverMarks masks what somebody wrote of why a mark was put. The rest of a mark is for everybody who may see it: a mark is a
// warning and must be seen.
func (t *Tx) coverMarks(tb *table, recs []register.Entity) error {
	f, _ := tb.Field("note")
	in := t.veil.scope(tb.Name)
	for _, rec := range recs {
		if m := rec.(*isms.SecrecyMark); !in.Has(m.Unit) {
			f.MaskField(rec, m.Provision)
		}
	}
	return nil
}

func (v *veil) note(kind string, h *register.Record, fields []string) {
	if len(fields) == 0 || !isms.ReadingIsNoted(kind) {
		return
	}
	slices.Sort(fields)
	r := Reading{Who: v.Name, Kind: kind, ID: h.ID, Unit: h.Unit, Page: v.Page, Fields: strings.Join(fields, " ")}
	for i, was := range v.seen {
		if was.Kind == kind && was.ID == h.ID {
			if len(r.Fields) > len(was.Fields) {
				v.seen[i] = r
			}
			return
		}
	}
	v.seen = append(v.seen, r)
}

// SeesSecret reports whether the reader may see what is marked in records of the register in the unit.
func (t *Tx) SeesSecret(kind, unit string) bool {
	return t.veil == nil || t.veil.off || t.veil.scope(kind).Has(unit)
}

// NoteRead notes that the reader saw something secret that belongs to the record and is no field of it: its files.
func (t *Tx) NoteRead(rec register.Entity, what string) {
	if t.veil != nil && !t.veil.off {
		t.veil.note(register.OfValue(rec).Name, rec.Head(), []string{what})
	}
}

// hiddenRow is the condition, in SQL, that the reader may not see any of the fields of the row; "" where that can be of no row.
func (t *Tx) hiddenRow(row string, s *register.Schema, fields []string, args *argList) (string, error) {
	v := t.veil
	if v == nil || v.off || len(fields) == 0 {
		return "", nil
	}
	if concerned, err := t.concerned(s); err != nil || !concerned {
		return "", err
	}
	in := v.scope(s.Name)
	if in.All {
		return "", nil
	}
	condition := t.markedRow(row, s, fields, args, 0)
	if condition != "" && len(in.Units) > 0 {
		condition = "(" + row + ".unit not in (" + args.marks(in.Units) + ") and " + condition + ")"
	}
	return condition, nil
}

// markedRow is the condition that any of the fields of the row is marked. No fields is the mark on all of it.
func (t *Tx) markedRow(row string, s *register.Schema, fields []string, args *argList, depth int) string {
	names, byWhole := slices.Clone(fields), len(fields) == 0
	for _, name := range fields {
		f, ok := s.Field(name)
		byWhole = byWhole || ok && !isms.StaysPublic(s, f)
	}
	if byWhole {
		names = append(names, "")
	}
	condition := `exists (select 1 from "secrecy_mark" m where m.org = ` + row + `.org and m."kind" = ` + args.mark(s.Name) +
		` and m."of" = ` + row + `.id and ` + markHolds + args.mark(t.day()) + `) and m."field" in (` + args.marks(names) + `))`
	up := whole(s)
	if !byWhole || up == nil {
		return condition
	}
	f, _ := isms.PartOf(s)
	p := fmt.Sprintf("p%d", depth)
	return `(` + condition + ` or exists (select 1 from ` + quote(up.Name) + ` ` + p + ` where ` + p + `.org = ` + row + `.org and ` + p + `.id = ` + row + `.` +
		quote(f.Name) + ` and ` + t.markedRow(p, up, nil, args, depth+1) + `))`
}

var titleOf sync.Map // *register.Schema to the names of titleFields

// titleFields are the fields that a record's title is made from.
func titleFields(s *register.Schema) []string {
	if names, ok := titleOf.Load(s); ok {
		return names.([]string)
	}
	rec := s.New()
	var names []string
	sign := func(i int) string { return fmt.Sprintf("title%dfield", i) }
	for i, f := range s.Fields {
		if f.Kind == register.Text || f.Kind == register.Prose {
			f.SetValue(rec, sign(i))
		}
	}
	title := s.Title(rec)
	for i, f := range s.Fields {
		if strings.Contains(title, sign(i)) {
			names = append(names, f.Name)
		}
	}
	titleOf.Store(s, names)
	return names
}
