// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
)

// told keeps a small past: the unit (1), a system created (2) and changed (3), a person (4), a process with a
// link (5), a review (6), frozen (7), a note (8).
func told(t *testing.T, db *DB) {
	t.Helper()
	s := system("Elevregistret")
	s.ID = "elev"
	put(t, db, s)
	s.Purpose = "Betyg"
	put(t, db, s)
	put(t, db, &isms.Person{Record: isms.Record{ID: "p", Unit: "stad"}, Name: "Systemägaren"})
	put(t, db, &isms.Process{Record: isms.Record{ID: "pr", Unit: "stad"}, Name: "Betygsättning", Owner: "p", Systems: []register.Ref[isms.System]{"elev"}})
	put(t, db, review("r", isms.ReviewDecided))
	update(t, db, func(tx *Tx) error { return tx.Freeze(Frozen{Review: "r", Doc: []byte("doc"), PDF: []byte("pdf")}) })
	update(t, db, func(tx *Tx) error { return tx.Note("sign", "review", "r", []byte(`{"by":"p"}`)) })
}

func review(id string, state isms.ReviewState) *isms.Review {
	return &isms.Review{Record: isms.Record{ID: id, Unit: "stad"}, Year: 2024, Version: 1, Template: "iso-9-3", State: state, AsOf: "2023-10-31"}
}

// Every way to change the database by hand is found, and named.
func TestTamperingIsFound(t *testing.T) {
	cases := []struct {
		statement string
		want      ErrCorrupt
	}{
		{`update journal set body = replace(body, 'Betyg', 'Ogiltigt') where seq = 3`, ErrCorrupt{3, "system", "elev", CorruptDigest}},
		{`update journal set who = 'annan' where seq = 3`, ErrCorrupt{8, "", "", CorruptRoot}},
		{`update journal set act = 'change' where seq = 2`, ErrCorrupt{8, "", "", CorruptRoot}},
		{`update journal set unit = 'annan' where seq = 2`, ErrCorrupt{8, "", "", CorruptRoot}},
		{`update journal set at = '2001-01-01T00:00:00.000000Z' where seq = 3`, ErrCorrupt{3, "system", "elev", CorruptTime}},
		{`update journal set at = 'i går' where seq = 8`, ErrCorrupt{8, "review", "r", CorruptTime}},
		{`update journal set digest = 'xyz' where seq = 3`, ErrCorrupt{3, "system", "elev", CorruptDigest}},
		{`delete from journal where seq = 3`, ErrCorrupt{4, "person", "p", CorruptNumber}},
		{`delete from journal where seq = 8`, ErrCorrupt{8, "", "", CorruptRoot}},
		{`update journal set body = '', salt = '' where seq = 2`, ErrCorrupt{2, "", "", CorruptErased}},
		{`update journal set body = '' where seq = 2`, ErrCorrupt{2, "system", "elev", CorruptDigest}},
		{`update head set seq = 7`, ErrCorrupt{7, "", "", CorruptFrontier}},
		{`update head set frontier = 'xx'`, ErrCorrupt{8, "", "", CorruptFrontier}},
		{`update head set at = '2050-01-01T00:00:00.000000Z'`, ErrCorrupt{8, "", "", CorruptRoot}},
		{`update system set name = 'Annat'`, ErrCorrupt{3, "system", "elev", CorruptRow}},
		{`update system set unit = 'annan'`, ErrCorrupt{3, "system", "elev", CorruptRow}},
		{`update system set rev = 9`, ErrCorrupt{3, "system", "elev", CorruptRow}},
		{`update system set retired = '2024-01-01'`, ErrCorrupt{3, "system", "elev", CorruptRow}},
		{`update link set target = 'annat' where field = 'systems'`, ErrCorrupt{5, "process", "pr", CorruptRow}},
		{`update link set target = 'annan' where field = 'owner'`, ErrCorrupt{0, "process", "pr", CorruptLink}},
		{`delete from link where field = 'owner'`, ErrCorrupt{0, "process", "pr", CorruptLink}},
		{`update process set owner = ''`, ErrCorrupt{5, "process", "pr", CorruptRow}},
		{`delete from person`, ErrCorrupt{4, "person", "p", CorruptGone}},
		{`insert into person (org, id, unit, rev, retired, name) values ('staden', 'q', 'stad', 1, '', 'Q')`, ErrCorrupt{0, "person", "q", CorruptUnnoted}},
		{`update frozen set pdf = 'annan'`, ErrCorrupt{7, "review", "r", CorruptFrozen}},
		{`update frozen set root = ''`, ErrCorrupt{7, "review", "r", CorruptFrozen}},
		{`delete from frozen`, ErrCorrupt{7, "review", "r", CorruptGone}},
		{`update link set target_kind = 'unit' where field = 'owner'`, ErrCorrupt{0, "process", "pr", CorruptLink}},
		{`insert into link values ('staden', 'process', 'pr', 'x', 0, 'unit', 'stad')`, ErrCorrupt{0, "process", "pr", CorruptLink}},
	}
	onEach(t, func(t *testing.T, db *DB) {
		told(t, db)
		verify(t, db)
		tables := []string{"journal", "head", "link", "frozen", "system", "person", "process"}
		run := func(statement string) {
			t.Helper()
			if _, err := db.write.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		for _, table := range tables {
			run(`create table kept_` + table + ` as select * from ` + table)
		}
		for _, c := range cases {
			run(c.statement)
			_, err := db.Verify(t.Context(), org, nil)
			var got *ErrCorrupt
			if !errors.As(err, &got) || *got != c.want {
				t.Errorf("%s: got %v, want %v", c.statement, err, &c.want)
			}
			for _, table := range tables {
				run(`delete from ` + table)
				run(`insert into ` + table + ` select * from kept_` + table)
			}
		}
		verify(t, db)
	})
}

// Who can change the database can make a journal that agrees with itself. A checkpoint kept elsewhere finds it.
func TestRewrittenJournalIsFoundByCheckpoint(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		told(t, db)
		kept, err := db.Checkpoint(t.Context(), org)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(kept), "ledsyn/staden\n8\n") {
			t.Errorf("checkpoint %s", kept)
		}
		put(t, db, system("Senare"))
		if r, err := db.Verify(t.Context(), org, kept); err != nil || r.Checkpoints != 1 || r.Entries != 9 {
			t.Fatalf("%+v, %v", r, err)
		}
		rewrite(t, db)
		_, err = db.Verify(t.Context(), org, kept)
		var corrupt *ErrCorrupt
		if !errors.As(err, &corrupt) || corrupt.What != CorruptCheckpoint || corrupt.Seq != 8 {
			t.Errorf("with the checkpoint: %v", err)
		}
		if _, err := db.Verify(t.Context(), org, nil); !errors.As(err, &corrupt) || corrupt.What != CorruptCheckpoint {
			t.Errorf("with the one remembered: %v", err)
		}
		if _, err := db.write.Exec(`delete from checkpoint`); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Verify(t.Context(), org, nil); err != nil {
			t.Errorf("the rewritten journal does not agree with itself: %v", err)
		}
		if _, err := db.ProveSince(t.Context(), org, kept); err != nil {
			t.Fatal(err)
		}
		c, err := db.ProveSince(t.Context(), org, kept)
		if err != nil {
			t.Fatal(err)
		}
		key, _ := db.VerifierKey(org)
		if _, _, err := CheckConsistency(toJSON(t, c), key); !errors.Is(err, ErrProof) {
			t.Errorf("a proof of a past that was rewritten: %v", err)
		}
	})
}

// rewrite changes who did entry 2, and makes the tree anew as somebody with the database and this source would.
func rewrite(t *testing.T, db *DB) {
	t.Helper()
	if _, err := db.write.Exec(`update journal set who = 'annan' where seq = 2`); err != nil {
		t.Fatal(err)
	}
	tree := ranges.NewEmptyRange(0)
	view(t, db, func(tx *Tx) error {
		return tx.entries(`org = $1`, []any{org}, func(e Entry) error { return tree.Append(e.leaf(org), nil) })
	})
	if _, err := db.write.Exec(db.sql(`update head set frontier = $1`), formatFrontier(tree)); err != nil {
		t.Fatal(err)
	}
}

func TestCheckpointThatIsNotOurs(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		told(t, db)
		ours, err := db.Checkpoint(t.Context(), org)
		if err != nil {
			t.Fatal(err)
		}
		other := open(t, Config{Dir: t.TempDir()})
		settle(t, other)
		theirs, err := other.Checkpoint(t.Context(), org)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.CreateOrganisation(t.Context(), Organisation{"annan", "Annan"}); err != nil {
			t.Fatal(err)
		}
		neighbour, err := db.Checkpoint(t.Context(), "annan")
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string][]byte{
			"another key":       theirs,
			"another org":       neighbour,
			"changed":           bytes.Replace(ours, []byte("\n8\n"), []byte("\n7\n"), 1),
			"not a note":        []byte("hej"),
			"empty":             {},
			"without signature": ours[:bytes.Index(ours, []byte("\n\n"))+2],
		} {
			if _, err := db.Verify(t.Context(), org, c); !errors.Is(err, ErrCheckpoint) {
				t.Errorf("%s: %v", name, err)
			}
		}
		// A journal shorter than one that was signed has lost its end.
		if _, err := db.write.Exec(`delete from checkpoint`); err != nil {
			t.Fatal(err)
		}
		longer, err := db.sign(org, 99, make([]byte, 32))
		if err != nil {
			t.Fatal(err)
		}
		var corrupt *ErrCorrupt
		if _, err := db.Verify(t.Context(), org, longer); !errors.As(err, &corrupt) || *corrupt != (ErrCorrupt{99, "", "", CorruptCheckpoint}) {
			t.Errorf("longer: %v", err)
		}
	})
}

func TestSigningKeyIsBesideTheData(t *testing.T) {
	dir := t.TempDir()
	db, err := Open(t.Context(), Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	key, err := db.VerifierKey(org)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	info, err := os.Stat(dir + "/journal.key")
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	again := open(t, Config{Dir: dir})
	if k, _ := again.VerifierKey(org); k != key {
		t.Error("another key after a restart")
	}
	text, _ := os.ReadFile(dir + "/journal.key")
	data, _ := os.ReadFile(dir + "/" + fileName)
	if bytes.Contains(data, bytes.TrimSpace(text)) {
		t.Error("the key is in the database")
	}
	again.Close()
	if err := os.WriteFile(dir+"/journal.key", []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Config{Dir: dir}); err == nil {
		t.Error("opened with a key that is none")
	}
}

func TestErasedByLaw(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		told(t, db)
		kept, err := db.Checkpoint(t.Context(), org)
		if err != nil {
			t.Fatal(err)
		}
		erase := func(seq int64) error {
			return db.Update(t.Context(), Act{Org: org, Who: "arkivarien"}, func(tx *Tx) error { return tx.Erase(seq, "gallringsbeslut 12") })
		}
		for seq, want := range map[int64]error{3: ErrLatest, 99: isms.ErrNotFound, 7: isms.ErrNotFound, 2: nil, 8: nil} {
			if err := erase(seq); !errors.Is(err, want) {
				t.Errorf("erase %d: %v", seq, err)
			}
		}
		if err := erase(2); !errors.Is(err, isms.ErrNotFound) {
			t.Errorf("erased twice: %v", err)
		}
		r, err := db.Verify(t.Context(), org, kept)
		if err != nil || r.Erased != 2 || r.Entries != 10 {
			t.Errorf("%+v, %v", r, err)
		}
		view(t, db, func(tx *Tx) error {
			h, err := tx.History(systems, all, "elev")
			if err != nil {
				return err
			}
			if !h[0].Erased() || len(h[0].Body) != 0 || h[2].Act != Erased || !strings.Contains(string(h[2].Body), "gallringsbeslut") {
				t.Errorf("%+v", h)
			}
			if _, err := h[0].Record(); !errors.Is(err, isms.ErrNotFound) {
				t.Errorf("an erased record: %v", err)
			}
			rec, err := h[1].Record()
			if err == nil && rec.(*isms.System).Purpose != "Betyg" {
				t.Errorf("%+v", rec)
			}
			return err
		})
		key, _ := db.VerifierKey(org)
		p, err := db.Prove(t.Context(), org, 2)
		if err != nil {
			t.Fatal(err)
		}
		if e, err := CheckInclusion(toJSON(t, p), key); err != nil || !e.Erased() || e.Who != "tester" {
			t.Errorf("proof of an erased entry: %v", err)
		}
	})
}

// An entry written before a field was added says the same as the row with the field's empty value.
func TestVerifyOlderBody(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		s := system("Elevregistret")
		s.ID = "elev"
		put(t, db, s)
		old := strings.Replace(string(register.JSON(s)), `,"nis_covered":""`, "", 1)
		update(t, db, func(tx *Tx) error {
			s.Rev++
			if _, err := tx.exec(`update system set rev = 2 where id = 'elev'`); err != nil {
				return err
			}
			return tx.journal(Change, "system", "elev", "stad", []byte(strings.Replace(old, `"rev":1`, `"rev":2`, 1)))
		})
		verify(t, db)
	})
}

func TestCorruptedBodyIsNamedByThePast(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		told(t, db)
		if _, err := db.write.Exec(`update journal set body = '{' where seq = 3`); err != nil {
			t.Fatal(err)
		}
		err := db.View(context.Background(), org, func(tx *Tx) error {
			return Series(tx, all, []register.Moment{"9999-01-01T00:00:00.000000Z"}, func(int, []isms.System) error { return nil })
		})
		var corrupt *ErrCorrupt
		if !errors.As(err, &corrupt) || corrupt.Seq != 3 || corrupt.Kind != "system" || corrupt.ID != "elev" {
			t.Errorf("got %v", err)
		}
	})
}
