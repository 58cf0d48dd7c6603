// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// maxNamed is how many records a refusal to undo names.
const maxNamed = 20

// touched is a record that an import made, changed or took out of use, in the whole act.
type touched struct {
	schema *register.Schema
	id     string
	first  int64 // the journal's first entry of it in the import
	made   bool
	rev    int // that the import left it at
	now    register.Entity
}

// UndoImport puts everything that an import did back in one act: records that it made are taken out of use, those that it
// changed become what they were, and those that it took out of use are in use again. It is done only while nobody has changed
// any of them since and nothing that was made later points at what it made; otherwise the register.Wrongs name the records.
func (a *App) UndoImport(ctx context.Context, who access.Actor, id, key string) error {
	_, err := a.once(ctx, who, key, []any{"undo import", id}, func(tx *store.Tx) (string, error) {
		i, err := store.Get[isms.Import](tx, who.In(access.See, "import"), id)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Change, "import", i.Unit); err != nil {
			return "", err
		}
		if i.UndoneOn != "" {
			return "", register.Wrongs{{Field: "undone_on", Code: "import_undone"}}
		}
		did, err := touchedBy(tx, i)
		if err != nil {
			return "", err
		}
		if set, err := populationOf(tx, i); err != nil {
			return "", err
		} else if set != "" {
			if err := a.retractList(tx, set); err != nil {
				return "", err
			}
		}
		u := undoing{tx: tx, l: one(tx), who: who, did: did, of: map[string]*touched{}}
		if err := u.check(); err != nil {
			return "", err
		}
		if err := u.putBack(); err != nil {
			return "", err
		}
		i.UndoneOn = tx.Now().Day()
		return i.ID, tx.Put(&i)
	})
	if err == nil {
		a.Log.InfoContext(ctx, "import undone", "org", who.Org, "who", signature(who), "import", id)
	}
	return err
}

// touchedBy lists what the import did, in the journal's order.
func touchedBy(tx *store.Tx, i isms.Import) ([]*touched, error) {
	from, has := i.FirstEntry.Known()
	to, _ := i.LastEntry.Known()
	if !has {
		return nil, nil
	}
	var did []*touched
	of := map[string]*touched{}
	err := tx.EntriesBetween(int64(from), int64(to), func(e store.Entry) error {
		key := e.Kind + "/" + e.ID
		t := of[key]
		if t == nil {
			s, err := schema(e.Kind)
			if err != nil {
				return err
			}
			t = &touched{schema: s, id: e.ID, first: e.Seq, made: e.Act == store.Create}
			of[key] = t
			did = append(did, t)
		}
		rec, err := e.Record()
		if errors.Is(err, isms.ErrNotFound) { // erased by law: it has been changed since, which check tells
			t.rev = 0
			return nil
		}
		if err == nil {
			t.rev = rec.Head().Rev
		}
		return err
	})
	return did, err
}

// undoing is the work of putting an import back.
type undoing struct {
	tx    *store.Tx
	l     *look
	who   access.Actor
	did   []*touched
	of    map[string]*touched
	wrong register.Wrongs
}

// name adds that a record stands in the way.
func (u *undoing) name(code string, s *register.Schema, rec register.Entity, args ...any) {
	if len(u.wrong) < maxNamed {
		u.wrong = append(u.wrong, register.Wrong{Field: s.Name + "/" + rec.Head().ID, Code: code, Args: append([]any{s.Title(rec)}, args...)})
	}
}

// check reports what has happened since the import that its undoing would destroy, and what the actor may not do.
func (u *undoing) check() error {
	for _, t := range u.did {
		u.of[t.schema.Name+"/"+t.id] = t
	}
	attached, err := store.All[isms.Attachment](u.tx, everywhere)
	if err != nil {
		return err
	}
	files := map[string]bool{}
	for _, f := range attached {
		files[f.Kind+"/"+f.Of] = true
	}
	for _, t := range u.did {
		if len(u.wrong) == maxNamed {
			break
		}
		if t.now, err = u.tx.Get(t.schema, everywhere, t.id); err != nil {
			return err
		}
		switch {
		case t.now.Head().Rev != t.rev:
			u.name("import_changed_since", t.schema, t.now)
		case t.made && files[t.schema.Name+"/"+t.id]:
			u.name("import_file_since", t.schema, t.now)
		case t.made:
			if err := u.linkedSince(t); err != nil {
				return err
			}
		}
	}
	if len(u.wrong) > 0 {
		return u.wrong
	}
	return nil
}

// linkedSince reports records that point at one that the import made and that the import knows nothing of.
func (u *undoing) linkedSince(t *touched) error {
	links, err := u.tx.Backlinks(t.schema.Name, t.id, func(string) register.In { return everywhere })
	if err != nil {
		return err
	}
	for _, l := range links {
		if u.of[l.Kind+"/"+l.ID] != nil {
			continue
		}
		s, err := schema(l.Kind)
		if err != nil {
			return err
		}
		rec, err := u.tx.Get(s, u.who.In(access.See, l.Kind), l.ID)
		switch {
		case errors.Is(err, isms.ErrNotFound): // there is one that the actor may not see
			u.name("import_linked_unseen", t.schema, t.now)
		case err != nil:
			return err
		case rec.Head().Retired == "":
			u.name("import_linked_since", t.schema, t.now, s.Title(rec))
		}
	}
	return nil
}

// putBack restores the records, the last first, so that nothing points at what is already gone.
func (u *undoing) putBack() error {
	today := u.tx.Now().Day()
	for i := len(u.did) - 1; i >= 0; i-- {
		t := u.did[i]
		if t.made {
			if t.now.Head().Retired != "" {
				continue
			}
			if err := u.refused(t, retirable(u.l, u.who, t.now, u.allow(t.schema.Name))); err != nil {
				return err
			}
			if err := u.tx.Retire(t.schema, everywhere, t.id, t.rev, today); err != nil {
				return err
			}
			continue
		}
		before, err := u.tx.Before(t.schema, everywhere, t.id, t.first)
		if errors.Is(err, isms.ErrNotFound) {
			return register.Wrongs{{Field: t.schema.Name + "/" + t.id, Code: "import_erased", Args: []any{t.schema.Title(t.now)}}}
		}
		if err != nil {
			return err
		}
		if err := u.restore(t, before); err != nil {
			return err
		}
	}
	return nil
}

// restore puts the record back as it was, by the rules that hold for anybody who changes it.
func (u *undoing) restore(t *touched, before register.Entity) error {
	before.Head().Rev = t.rev
	allow := u.allow(t.schema.Name)
	for _, unit := range []string{t.now.Head().Unit, before.Head().Unit} {
		if err := u.refused(t, allow(access.Change, unit)); err != nil {
			return err
		}
	}
	if is, err := frozen(u.l, t.now); err != nil || is {
		return errors.Join(err, isms.ErrFrozen)
	}
	if as, ok := before.(*isms.Assignment); ok {
		old, _ := t.now.(*isms.Assignment)
		if wrong := ownRole(u.who, old, as); wrong != nil {
			return wrong
		}
	}
	wrong, err := rules(u.l, u.who, t.now, before)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return u.refused(t, wrong)
	}
	return u.tx.Put(before)
}

func (u *undoing) allow(kind string) func(access.Act, string) error {
	return func(act access.Act, unit string) error {
		if u.who.May(act, kind, unit) {
			return nil
		}
		return isms.ErrForbidden
	}
}

// refused names the record that the refusal is about.
func (u *undoing) refused(t *touched, err error) error {
	if err == nil {
		return nil
	}
	if wrong, other := refusals(nil, err); other == nil {
		return register.Wrongs{{Field: t.schema.Name + "/" + t.id, Code: "import_undo_refused", Args: []any{t.schema.Title(t.now), wrong[0].Code}}}
	}
	return err
}
