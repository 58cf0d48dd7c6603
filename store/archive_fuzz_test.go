// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bytes"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// An emptyPlace is a database to read archives into. It is used again while it is empty, because opening one is slow.
type emptyPlace struct {
	dir string
	n   int
	db  *DB
}

// hold reads the archive and holds that it either comes in whole, with a journal that verifies, or leaves nothing.
func (p *emptyPlace) hold(t *testing.T, b []byte) {
	a, err := OpenArchive(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		if !errors.As(err, new(*ErrArchive)) {
			t.Errorf("an error without a code: %v", err)
		}
		return
	}
	if p.db == nil {
		p.n++
		p.db, err = Open(t.Context(), Config{Dir: filepath.Join(p.dir, strconv.Itoa(p.n)), Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
	}
	db := p.db
	r, err := db.ReadArchive(t.Context(), a, attached{}.keep)
	there, listErr := db.Organisations(t.Context())
	if listErr != nil || err != nil && len(there) > 0 || err == nil && len(there) != len(r.Organisations) {
		t.Errorf("%v, and there are %v (%v)", err, there, listErr)
	}
	for _, o := range there {
		if _, err := db.Verify(t.Context(), o.ID, nil); err != nil {
			t.Errorf("%s: %v", o.ID, err)
		}
	}
	if err == nil {
		p.db = nil
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// filled makes a filled database and a backup of it.
func filled(f *testing.F) []byte {
	db := open(f, Config{Dir: f.TempDir()})
	settle(f, db)
	files, _ := fillAll(f, db)
	b, _ := backup(f, db, "", files)
	return b
}

// FuzzReadArchive reads what is no archive, or nearly one.
func FuzzReadArchive(f *testing.F) {
	empty := open(f, Config{Dir: f.TempDir()})
	small, _ := backup(f, empty, "", attached{})
	good := filled(f)
	for _, b := range [][]byte{nil, []byte("PK\x03\x04"), small, small[:len(small)-30], good, good[:len(good)/2],
		bomb(f, string(parts(f, small)[1].text), 3<<30), sharing(f, "{}")} {
		f.Add(b)
	}
	place := &emptyPlace{dir: f.TempDir()}
	f.Fuzz(func(t *testing.T, b []byte) { place.hold(t, b) })
}

// FuzzArchiveFiles reads archives whose manifest is true of every file, and in which one file is something else.
func FuzzArchiveFiles(f *testing.F) {
	all := parts(f, filled(f))
	for i, p := range all {
		if len(p.text) > 0 && (!strings.Contains(p.name, "/registers/") || strings.HasSuffix(p.name, "/system.jsonl")) {
			f.Add(uint8(i), p.text)
		}
	}
	for i, text := range []string{"", "\n", "{}\n", "[]\n", "null\n", "{\"columns\":[{\"name\":\"unit\"}]}\n{}\n", "[\"\"]\n[\"\\u0000\"]\n",
		"{\"seq\":1,\"digest\":\"zz\"}\n", "{\"seq\":9223372036854775807}\n", "\xff\n"} {
		f.Add(uint8(i), []byte(text))
	}
	place := &emptyPlace{dir: f.TempDir()}
	f.Fuzz(func(t *testing.T, which uint8, text []byte) {
		changed := slices.Clone(all)
		i := int(which) % len(all)
		if changed[i].name == manifestName {
			changed[i].text = text
			place.hold(t, together(t, changed))
			return
		}
		changed[i].text = text
		place.hold(t, agreeing(t, changed, nil))
	})
}
