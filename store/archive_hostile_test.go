// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"
)

// A part is a file of an archive that a test makes by hand.
type part struct {
	name string
	text []byte
}

// parts takes an archive apart.
func parts(t testing.TB, b []byte) []part {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var all []part
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, part{f.Name, text})
	}
	return all
}

// together makes an archive of the parts as they are.
func together(t testing.TB, all []part) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range all {
		w, err := z.Create(p.name)
		if err == nil {
			_, err = w.Write(p.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// agreeing makes an archive of the parts with a manifest that is true of them: what somebody who knows the format would
// make.
func agreeing(t testing.TB, all []part, change func(*Manifest)) []byte {
	t.Helper()
	var m Manifest
	for _, p := range all {
		if p.name == manifestName {
			if err := json.Unmarshal(p.text, &m); err != nil {
				t.Fatal(err)
			}
		}
	}
	m.Files = nil
	all = slices.DeleteFunc(slices.Clone(all), func(p part) bool { return p.name == manifestName })
	for _, p := range all {
		m.Files = append(m.Files, ArchivedFile{p.name, int64(len(p.text)), int64(bytes.Count(p.text, []byte("\n"))), hashOf(p.text)})
	}
	if change != nil {
		change(&m)
	}
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return together(t, append(all, part{manifestName, text}))
}

// replaced returns the parts with the text of one replaced.
func replaced(all []part, name, from, to string) []part {
	all = slices.Clone(all)
	for i, p := range all {
		if p.name == name {
			if !bytes.Contains(p.text, []byte(from)) {
				panic(name + " does not contain " + from)
			}
			all[i].text = bytes.Replace(p.text, []byte(from), []byte(to), 1)
		}
	}
	return all
}

// readInto tries to read an archive into an empty place, and holds that nothing of a refused one is there.
func readInto(t testing.TB, db *DB, b []byte) error {
	t.Helper()
	a, err := OpenArchive(bytes.NewReader(b), int64(len(b)))
	if err == nil {
		_, err = a.Key()
	}
	if err == nil {
		_, err = db.ReadArchive(t.Context(), a, func(_ string, r io.Reader) error {
			_, err := io.Copy(io.Discard, r)
			return err
		})
	}
	if err != nil {
		there, err := db.Organisations(t.Context())
		var sets, accounts int
		err = errors.Join(err, db.View(t.Context(), "", func(tx *Tx) error {
			_, err := tx.one(`select count(*) from row_set`, nil, &sets)
			_, err2 := tx.one(`select count(*) from account`, nil, &accounts)
			return errors.Join(err, err2)
		}))
		if err != nil || len(there)+sets+accounts > 0 {
			t.Errorf("of a refused archive are left: %v, %d sets, %d accounts (%v)", there, sets, accounts, err)
		}
	}
	return err
}

// Everything that can be wrong with an archive has a code of its own, and nothing of one that is refused is kept.
func TestAWrongArchiveIsRefusedWhole(t *testing.T) {
	const journal, systems = "organisations/staden/journal.jsonl", "organisations/staden/registers/system.jsonl"
	source := open(t, Config{Dir: t.TempDir()})
	settle(t, source)
	files, _ := fillAll(t, source)
	good, _ := backup(t, source, "", files)
	all := parts(t, good)
	text := func(name string) string {
		for _, p := range all {
			if p.name == name {
				return string(p.text)
			}
		}
		t.Fatal(name)
		return ""
	}
	manifest := text(manifestName)
	without := func(name string) []part {
		return slices.DeleteFunc(slices.Clone(all), func(p part) bool { return p.name == name })
	}
	lines := strings.SplitAfter(text(journal), "\n")
	cases := map[string]struct {
		bytes []byte
		code  string
	}{
		"nothing":                     {nil, ArchiveNone},
		"not a zip":                   {[]byte("PDF"), ArchiveNone},
		"a zip without a manifest":    {together(t, without(manifestName)), ArchiveNone},
		"somebody else's manifest":    {together(t, replaced(all, manifestName, archiveFormat, "another thing")), ArchiveNone},
		"cut":                         {good[:len(good)/2], ArchiveCut},
		"cut by one byte":             {good[:len(good)-1], ArchiveCut},
		"a newer version":             {together(t, replaced(all, manifestName, `"version": 1`, `"version": 2`)), ArchiveVersion},
		"other contents":              {together(t, replaced(all, manifestName, `"contents": "backup"`, `"contents": "x"`)), ArchiveManifest},
		"a manifest that is no JSON":  {together(t, replaced(all, manifestName, `"files": [`, `"files": {`)), ArchiveNone},
		"a file that is not listed":   {together(t, append(slices.Clone(all), part{"organisations/staden/registers/x.jsonl", nil})), ArchiveManifest},
		"a listed file that is gone":  {together(t, without(systems)), ArchiveManifest},
		"a file of no organisation":   {agreeing(t, append(slices.Clone(all), part{"organisations/annan/tables/done.jsonl", nil}), nil), ArchiveManifest},
		"a file twice":                {together(t, append(slices.Clone(all), part{systems, nil})), ArchiveName},
		"a way out":                   {agreeing(t, append(slices.Clone(all), part{"../../etc/passwd", nil}), nil), ArchiveName},
		"a way out below":             {agreeing(t, append(slices.Clone(all), part{"files/../x", nil}), nil), ArchiveName},
		"from the root":               {agreeing(t, append(slices.Clone(all), part{"/files/x", nil}), nil), ArchiveName},
		"a folder of another system":  {agreeing(t, append(slices.Clone(all), part{`files\..\x`, nil}), nil), ArchiveName},
		"an organisation's way out":   {agreeing(t, all, func(m *Manifest) { m.Organisations[0].ID = "../staden" }), ArchiveManifest},
		"an organisation twice":       {agreeing(t, all, func(m *Manifest) { m.Organisations = append(m.Organisations, m.Organisations[0]) }), ArchiveManifest},
		"an attachment by other name": {agreeing(t, append(slices.Clone(all), part{"files/" + hashOf([]byte("a")), []byte("b")}), nil), ArchiveManifest},
		"changed with its hash":       {together(t, replaced(all, systems, "Ekonomi", "Ekonomj")), ArchiveChanged},
		"more lines than listed":      {together(t, replaced(all, manifestName, `"lines": 1,`, `"lines": 2,`)), ArchiveManifest},
		"a record changed":            {agreeing(t, replaced(all, systems, `"Ekonomi"`, `"Ekonomj"`), nil), string(CorruptRow)},
		"a record gone":               {agreeing(t, replaced(all, systems, systemLine(text(systems), "Ekonomi"), ""), nil), string(CorruptGone)},
		"a body changed":              {agreeing(t, replaced(all, journal, `Ägaren`, `Ågaren`), nil), string(CorruptDigest)},
		"an entry gone":               {agreeing(t, replaced(all, journal, lines[4], ""), nil), string(CorruptNumber)},
		"the last entry gone":         {agreeing(t, replaced(all, journal, lines[len(lines)-2], ""), nil), string(CorruptUnnoted)},
		"another root":                {agreeing(t, all, func(m *Manifest) { m.Organisations[0].Root = strings.Repeat("0", 64) }), ArchiveRoot},
		"a frozen document changed":   {agreeing(t, replaced(all, "organisations/staden/frozen/r/document.pdf", "%PDF", "%FDP"), nil), string(CorruptFrozen)},
		"a set changed":               {agreeing(t, replaced(all, "organisations/staden/populations/hr.jsonl", "Anst", "Bnst"), nil), string(CorruptSet)},
		"a set without its heading":   {agreeing(t, replaced(all, "organisations/staden/populations/hr.jsonl", text("organisations/staden/populations/hr.jsonl"), ""), nil), ArchiveContent},
		"a set of other rows":         {agreeing(t, replaced(all, "organisations/staden/populations/hr.jsonl", `,"Ort"]`, `]`), nil), ArchiveContent},
		"a line that is no JSON":      {agreeing(t, replaced(all, journal, `{"seq":3`, `{"seq":`), nil), ArchiveContent},
		"a record that is none":       {agreeing(t, replaced(all, systems, `"rev":1`, `"rev":"1"`), nil), ArchiveContent},
		"a last line without its end": {agreeing(t, append(without(systems), part{systems, []byte(strings.TrimSuffix(text(systems), "\n"))}), nil), ArchiveContent},
		"a column to come":            {agreeing(t, replaced(all, systems, `{"name":"purpose"`, `{"name":"vibe"`), nil), ArchiveNewer},
		"a table to come":             {agreeing(t, append(slices.Clone(all), part{"organisations/staden/tables/mood.jsonl", []byte("[]\n")}), nil), ArchiveNewer},
		"a table's column to come":    {agreeing(t, replaced(all, "organisations/staden/tables/done.jsonl", `"key"`, `"key, x"`), nil), ArchiveNewer},
		"a table's cell that is none": {agreeing(t, replaced(all, "organisations/staden/tables/done.jsonl", `"nyckel"`, `null`), nil), ArchiveContent},
		"a register to come":          {agreeing(t, append(slices.Clone(all), part{"organisations/staden/registers/mood.jsonl", []byte("{}\n")}), nil), ArchiveNewer},
		"a checkpoint of another key": {agreeing(t, all, func(m *Manifest) { m.Organisations[0].Verifiers = nil }), ""},
		"a key that is none":          {agreeing(t, all, func(m *Manifest) { m.Organisations[0].Verifiers = []string{"x"} }), ArchiveManifest},
		"a signing key that is none":  {agreeing(t, append(without(keyName), part{keyName, []byte("x")}), nil), ArchiveContent},
		"an account twice":            {agreeing(t, replaced(all, accountsName, text(accountsName), text(accountsName)+text(accountsName)), nil), ArchiveAccount},
		"the journal gone":            {agreeing(t, without(journal), nil), ArchiveManifest},
		"a long line":                 {agreeing(t, append(without(journal), part{journal, bytes.Repeat([]byte("a"), maxLine+2)}), nil), ArchiveLong},
		"a bomb":                      {bomb(t, manifest, 3<<30), ArchiveBomb},
		"files that share bytes":      {sharing(t, manifest), ArchiveBomb},
	}
	for _, name := range []string{readmeName, systems, journal, "organisations/staden/frozen/r/document.pdf", "organisations/staden/populations/hr.jsonl",
		"files/" + hashOf([]byte("ett avtal")), accountsName, keyName} {
		c := cases["one byte changed in "+name]
		c.bytes, c.code = flipped(t, good, name), ArchiveChanged
		cases["one byte changed in "+name] = c
	}
	for engine, config := range engines(t) {
		db := open(t, config(t))
		for name, c := range cases {
			if c.code == "" {
				c.code = string(CorruptCheckpoint)
			}
			err := readInto(t, db, c.bytes)
			var corrupt *ErrCorrupt
			got := code(err)
			if errors.As(err, &corrupt) {
				got = string(corrupt.What)
			}
			if got != c.code {
				t.Errorf("%s: %s: %v, want %s", engine, name, err, c.code)
			}
		}
		if err := readInto(t, db, good); err != nil { // nothing of them is in the way
			t.Errorf("%s: the good one: %v", engine, err)
		}
	}
}

// flipped is the archive with one bit of a file turned, in the middle of its packed bytes.
func flipped(t testing.TB, b []byte, name string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if f.Name == name {
			at, err := f.DataOffset()
			if err != nil {
				t.Fatal(err)
			}
			b = slices.Clone(b)
			b[at+int64(f.CompressedSize64)/2] ^= 1
			return b
		}
	}
	t.Fatalf("%s is not there", name)
	return nil
}

// systemLine is the line of the system of that name.
func systemLine(text, name string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, `"name":"`+name+`"`) {
			return line
		}
	}
	return ""
}

// bomb is an archive with a file that says that it unpacks to the size, and unpacks to a megabyte.
func bomb(t testing.TB, manifest string, size uint64) []byte {
	t.Helper()
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err == nil {
		_, err = w.Write(make([]byte, 1<<20))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	raw, err := z.CreateRaw(&zip.FileHeader{Name: "README.txt", Method: zip.Deflate, UncompressedSize64: size,
		CompressedSize64: uint64(packed.Len()), CRC32: crc32.ChecksumIEEE(make([]byte, size%(1<<20)))})
	if err != nil {
		t.Fatal(err)
	}
	raw.Write(packed.Bytes())
	f, err := z.Create(manifestName)
	if err != nil {
		t.Fatal(err)
	}
	f.Write([]byte(manifest))
	z.Close()
	return b.Bytes()
}

// A file that unpacks to more than the archive says is cut off there, and not only when it ends.
func TestAFileThatUnpacksToMoreIsCutOff(t *testing.T) {
	m, err := json.Marshal(Manifest{Format: archiveFormat, Version: archiveVersion, Contents: wholeBackup,
		Files: []ArchivedFile{{"README.txt", 10, 0, hashOf(make([]byte, 10))}}})
	if err != nil {
		t.Fatal(err)
	}
	a := openArchive(t, bomb(t, string(m), 10))
	if text, err := a.document("README.txt"); code(err) != ArchiveChanged || len(text) > 1<<16 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

// sharing is an archive in which files lay claim to more packed bytes than there are.
func sharing(t testing.TB, manifest string) []byte {
	b := together(t, []part{{"README.txt", []byte(strings.Repeat("a", 100))}, {manifestName, []byte(manifest)}})
	// The directory's entry of README.txt: its packed size is the 4 bytes at offset 20.
	at := bytes.LastIndex(b, []byte("PK\x01\x02"))
	at = bytes.LastIndex(b[:at], []byte("PK\x01\x02"))
	copy(b[at+20:], []byte{0xff, 0xff, 0xff, 0x0f})
	return b
}
