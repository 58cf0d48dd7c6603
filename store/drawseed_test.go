// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"ledsyn/isms"
)

// A seed that waits is in no archive and no backup: who has one of them cannot foretell a draw.
func TestDrawSeedIsKeptApart(t *testing.T) {
	onEach(t, func(t *testing.T, db *DB) {
		seed := strings.Repeat("5eed", 16)
		update := func(f func(*Tx) error) {
			t.Helper()
			if err := db.Update(t.Context(), Act{Org: org, Who: "test"}, f); err != nil {
				t.Fatal(err)
			}
		}
		read := func() (got string, err error) {
			return got, db.View(t.Context(), org, func(tx *Tx) error {
				got, err = tx.DrawSeed("draw")
				return err
			})
		}
		update(func(tx *Tx) error { return tx.KeepDrawSeed("draw", seed) })
		var got string
		if err := db.View(t.Context(), org, func(tx *Tx) (err error) { got, err = tx.DrawSeed("draw"); return err }); err != nil || got != seed {
			t.Fatalf("the seed is %q, error %v", got, err)
		}
		for name, write := range map[string]func(*bytes.Buffer) error{
			"archive": func(b *bytes.Buffer) error { _, err := db.WriteArchive(t.Context(), org, b, Archiving{}); return err },
			"backup":  func(b *bytes.Buffer) error { _, err := db.WriteBackup(t.Context(), b, Archiving{}); return err },
		} {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(name, err)
			}
			if strings.Contains(unzipped(t, b.Bytes()), seed) {
				t.Errorf("the %s holds the seed", name)
			}
		}
		if err := db.View(t.Context(), org, func(tx *Tx) error { return tx.KeepDrawSeed("other", seed) }); err == nil {
			t.Error("a View kept a seed")
		}
		update(func(tx *Tx) error { return tx.DropDrawSeed("draw") })
		if _, err := read(); !errors.Is(err, isms.ErrNotFound) {
			t.Errorf("a dropped seed: error %v", err)
		}
	})
}

// unzipped is everything that the archive's files say.
func unzipped(t *testing.T, b []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, r); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	return all.String()
}
