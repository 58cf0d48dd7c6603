// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"ledsyn/isms"
)

func TestProofs(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		told(t, db)
		key, err := db.VerifierKey(org)
		if err != nil {
			t.Fatal(err)
		}
		var notes [][]byte
		for n := range 9 { // trees of 8 to 16 entries
			c, err := db.Checkpoint(t.Context(), org)
			if err != nil {
				t.Fatal(err)
			}
			notes = append(notes, c)
			for i, earlier := range notes {
				p, err := db.ProveSince(t.Context(), org, earlier)
				if err != nil {
					t.Fatal(err)
				}
				then, later, err := CheckConsistency(toJSON(t, p), key)
				if err != nil || then != int64(8+i) || later != int64(8+n) {
					t.Errorf("%d to %d: %v", then, later, err)
				}
			}
			for seq := int64(1); seq <= int64(8+n); seq++ {
				p, err := db.Prove(t.Context(), org, seq)
				if err != nil {
					t.Fatal(err)
				}
				if e, err := CheckInclusion(toJSON(t, p), key); err != nil || e.Seq != seq {
					t.Errorf("entry %d of %d: %v", seq, 8+n, err)
				}
			}
			put(t, db, system("Ett till"))
		}
		for _, seq := range []int64{0, -1, 99} {
			if _, err := db.Prove(t.Context(), org, seq); !errors.Is(err, isms.ErrNotFound) {
				t.Errorf("entry %d: %v", seq, err)
			}
		}
	})
}

// A proof of which anything has been changed proves nothing.
func TestChangedProofDoesNotHold(t *testing.T) {
	db := open(t, Config{Dir: t.TempDir()})
	settle(t, db)
	told(t, db)
	key, err := db.VerifierKey(org)
	if err != nil {
		t.Fatal(err)
	}
	p, err := db.Prove(t.Context(), org, 3)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Inclusion){
		"organisation": func(p *Inclusion) { p.Organisation = "annan" },
		"seq":          func(p *Inclusion) { p.Seq = 4 },
		"seq below":    func(p *Inclusion) { p.Seq = 0 },
		"at":           func(p *Inclusion) { p.At = "2001-01-01T00:00:00.000000Z" },
		"who":          func(p *Inclusion) { p.Who = "annan" },
		"act":          func(p *Inclusion) { p.Act = Retire },
		"id":           func(p *Inclusion) { p.ID = "annat" },
		"unit":         func(p *Inclusion) { p.Unit = "annan" },
		"body":         func(p *Inclusion) { p.Body = strings.Replace(p.Body, "Betyg", "Annat", 1) },
		"salt":         func(p *Inclusion) { p.Salt = nil },
		"digest":       func(p *Inclusion) { p.Digest = slices.Clone(p.Digest); p.Digest[0]++ },
		"hash":         func(p *Inclusion) { p.Hashes = p.Hashes[1:] },
		"checkpoint":   func(p *Inclusion) { p.Checkpoint = strings.Replace(p.Checkpoint, "\n8\n", "\n9\n", 1) },
	} {
		changed := p
		change(&changed)
		if _, err := CheckInclusion(toJSON(t, changed), key); !errors.Is(err, ErrProof) && !errors.Is(err, ErrCheckpoint) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, text := range []string{"", "[]", `{"organisation":"x"}`, `{"extra":1}`} {
		if _, err := CheckInclusion([]byte(text), key); err == nil {
			t.Errorf("%q is no proof", text)
		}
		if _, _, err := CheckConsistency([]byte(text), key); err == nil {
			t.Errorf("%q is no proof", text)
		}
	}
}

func toJSON(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Without a key nothing can be signed, and a journal of which nothing was signed can still be verified.
func TestWithoutKey(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		given, err := db.Checkpoint(t.Context(), org)
		if err != nil {
			t.Fatal(err)
		}
		key := db.key
		db.key = nil
		defer func() { db.key = key }()
		for name, f := range map[string]func() error{
			"Checkpoint":  func() error { _, err := db.Checkpoint(t.Context(), org); return err },
			"Prove":       func() error { _, err := db.Prove(t.Context(), org, 1); return err },
			"ProveSince":  func() error { _, err := db.ProveSince(t.Context(), org, given); return err },
			"VerifierKey": func() error { _, err := db.VerifierKey(org); return err },
			"Verify":      func() error { _, err := db.Verify(t.Context(), org, given); return err },
		} {
			if err := f(); !errors.Is(err, ErrNoKey) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := db.write.Exec(`delete from checkpoint`); err != nil {
			t.Fatal(err)
		}
		verify(t, db)
	})
}

func TestNoteIsNoRecord(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		for _, act := range []string{"", Create, Change, Retire, Erased} {
			err := db.Update(t.Context(), Act{Org: org}, func(tx *Tx) error { return tx.Note(act, "system", "x", nil) })
			if err == nil {
				t.Errorf("%q was taken for a note", act)
			}
		}
		update(t, db, func(tx *Tx) error { return tx.Note("import", "population", "x", []byte(`{"rows":9}`)) })
		if r := verify(t, db); r.Entries != 2 || r.Records != 1 {
			t.Errorf("%+v", r)
		}
	})
}
