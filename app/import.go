// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"ledsyn/access"
	"ledsyn/files"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/sheet/mapping"
	"ledsyn/store"
)

// What an import may hold at most.
const (
	MaxUpload     = 512 << 20 // bytes of a file
	maxImportRows = 100_000   // that become records; a set of rows holds more
	maxDrafts     = 50        // of one person
)

// What a list is, for the rooms that know only this one.
type (
	// ImportMap says how a list's columns become fields: see mapping.Map.
	ImportMap = mapping.Map
	// ImportColumn says what one column is: see mapping.Column.
	ImportColumn = mapping.Column
	// ImportPart is a second record that each row makes: see mapping.Part.
	ImportPart = mapping.Part
	// ImportPreset is the shape of a kind of list: see mapping.Preset.
	ImportPreset = mapping.Preset
	// CellWrong is something wrong with a cell, counted from 0; -1 is the row as a whole.
	CellWrong = mapping.CellWrong
	// FileError says why a file cannot be read.
	FileError = sheet.FileError
)

// ImportPresets lists the shapes of lists that the program knows, by name. Their words are preset.NAME.
func ImportPresets() []ImportPreset { return mapping.Presets() }

// An ImportDraft is a list that somebody has sent in and that has not become records yet. It is its person's own: nobody else
// sees it. Its id becomes the id of the import's record.
type ImportDraft struct {
	ID, Name string
	Made     register.Moment
	Person   string
	Format   string // csv, xlsx, ods or json
	SHA256   string // of the file
	Size     int64
	Sheets   []string
	Map      ImportMap
	Again    string // the import whose columns were read alike and whose map was taken; "" where it was guessed
}

// draftData is what a draft is kept as. The file's name is under "file", where the sweep of files looks for it.
type draftData struct {
	File    string    `json:"file"`
	Size    int64     `json:"size"`
	Format  string    `json:"format"`
	Sheets  []string  `json:"sheets"`
	Map     ImportMap `json:"map"`
	Again   string    `json:"again,omitempty"`
	Started string    `json:"started,omitempty"` // the moment that it was last set going
	Failed  *failure  `json:"failed,omitempty"`  // why that came to nothing
}

// Upload keeps a file that somebody sends in and guesses what its columns are: as the latest import of a list with the same
// headings, or else from the headings and values. Errors: FileError, register.Wrongs.
func (a *App) Upload(ctx context.Context, who access.Actor, name string, r io.Reader) (ImportDraft, error) {
	if err := a.mayImport(ctx, who); err != nil {
		return ImportDraft{}, err
	}
	drafts, err := a.ImportDrafts(ctx, who)
	if err != nil {
		return ImportDraft{}, err
	}
	if len(drafts) >= maxDrafts {
		return ImportDraft{}, register.Wrongs{{Code: "import_drafts", Args: []any{maxDrafts}}}
	}
	sha, size, err := a.Files.Put(ctx, r, MaxUpload)
	if errors.Is(err, files.ErrLarge) {
		return ImportDraft{}, register.Wrongs{{Code: "import_large", Args: []any{MaxUpload >> 20}}}
	}
	if err != nil {
		return ImportDraft{}, err
	}
	d := ImportDraft{ID: register.NewID(), Name: listName(name), Made: register.MomentOf(a.DB.Now()), Person: who.Person, SHA256: sha, Size: size}
	book, done, err := a.book(ctx, d)
	if err != nil {
		return ImportDraft{}, err
	}
	defer done()
	d.Format, d.Sheets = book.Format(), book.Sheets()
	if d.Map, d.Again, err = a.guess(ctx, who, book, "", ""); err != nil {
		return ImportDraft{}, err
	}
	return d, a.putDraft(ctx, who, d, nil, "")
}

// mayImport returns nil if the actor may take in lists somewhere.
func (a *App) mayImport(ctx context.Context, who access.Actor) error {
	in := who.In(access.Create, "import")
	if !in.All && len(in.Units) == 0 {
		return a.allow(ctx, who, access.Create, "import", "")
	}
	if a.Files == nil {
		return register.Wrongs{{Code: "import_no_files"}}
	}
	return nil
}

// listName is the last part of the name that a browser gives, without what cannot stand in a record.
func listName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == utf8.RuneError {
			return -1
		}
		return r
	}, name)
	if runes := []rune(strings.TrimSpace(name)); len(runes) > 200 {
		return string(runes[:200])
	}
	return cmp.Or(strings.TrimSpace(name), "-")
}

func (a *App) putDraft(ctx context.Context, who access.Actor, d ImportDraft, failed *failure, started string) error {
	text, err := json.Marshal(draftData{d.SHA256, d.Size, d.Format, d.Sheets, d.Map, d.Again, started, failed})
	if err != nil {
		return err
	}
	return a.DB.PutDraft(ctx, store.Draft{Org: who.Org, ID: d.ID, Person: d.Person, Made: d.Made, Name: d.Name, Data: string(text)})
}

// ImportDrafts lists the actor's own drafts, the latest first.
func (a *App) ImportDrafts(ctx context.Context, who access.Actor) ([]ImportDraft, error) {
	all, err := a.DB.Drafts(ctx, who.Org)
	if err != nil {
		return nil, err
	}
	var list []ImportDraft
	for _, s := range all {
		d, _, err := readDraft(s)
		if err != nil {
			return nil, err
		}
		if who.Person != "" && s.Person == who.Person {
			list = append(list, d)
		}
	}
	return a.withoutKept(ctx, who, list)
}

// withoutKept leaves out drafts whose rows are kept already, as a program leaves them that was stopped between the two.
func (a *App) withoutKept(ctx context.Context, who access.Actor, list []ImportDraft) ([]ImportDraft, error) {
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		list = slices.DeleteFunc(list, func(d ImportDraft) bool {
			_, none := store.Get[isms.Import](tx, everywhere, d.ID)
			if none != nil && !errors.Is(none, isms.ErrNotFound) {
				err = none
			}
			return none == nil
		})
		return err
	})
	return list, err
}

func readDraft(s store.Draft) (ImportDraft, draftData, error) {
	var data draftData
	if err := json.Unmarshal([]byte(s.Data), &data); err != nil {
		return ImportDraft{}, data, err
	}
	return ImportDraft{ID: s.ID, Name: s.Name, Made: s.Made, Person: s.Person, Format: data.Format, SHA256: data.File, Size: data.Size,
		Sheets: data.Sheets, Map: data.Map, Again: data.Again}, data, nil
}

// ImportDraft returns one of the actor's own drafts, or isms.ErrNotFound.
func (a *App) ImportDraft(ctx context.Context, who access.Actor, id string) (ImportDraft, error) {
	d, _, err := a.ownDraft(ctx, who, id)
	return d, err
}

func (a *App) ownDraft(ctx context.Context, who access.Actor, id string) (ImportDraft, draftData, error) {
	s, err := a.DB.Draft(ctx, who.Org, id)
	if err != nil {
		return ImportDraft{}, draftData{}, err
	}
	if who.Person == "" || s.Person != who.Person {
		return ImportDraft{}, draftData{}, isms.ErrNotFound
	}
	return readDraft(s)
}

// SetImportMap changes how the draft's columns are read. Errors: register.Wrongs, each with the key of the map in Field.
func (a *App) SetImportMap(ctx context.Context, who access.Actor, id string, m ImportMap) error {
	d, _, err := a.ownDraft(ctx, who, id)
	if err != nil {
		return err
	}
	if a.imports.running(who.Org, id) {
		return register.Wrongs{{Code: "import_running"}}
	}
	wrong := register.Wrongs(m.Check(isms.Register))
	if n := len(m.JSON()); n > mapping.MaxJSON {
		wrong = append(wrong, register.Wrong{Code: "map_long", Args: []any{n, mapping.MaxJSON}})
	}
	if m.Sheet != "" && !slices.Contains(d.Sheets, m.Sheet) {
		wrong = append(wrong, register.Wrong{Field: "sheet", Code: "sheet_missing"})
	}
	if len(wrong) > 0 {
		return wrong
	}
	d.Map = m
	return a.putDraft(ctx, who, d, nil, "")
}

// DropImport forgets a draft. Its file goes with the next sweep.
func (a *App) DropImport(ctx context.Context, who access.Actor, id string) error {
	if _, _, err := a.ownDraft(ctx, who, id); err != nil {
		return err
	}
	if a.imports.running(who.Org, id) {
		return register.Wrongs{{Code: "import_running"}}
	}
	return a.DB.DropDraft(ctx, who.Org, id)
}

// heldInMemory is how large a file may be and still be read into memory.
const heldInMemory = 16 << 20

// book opens the draft's file. The caller calls done when it has been read.
func (a *App) book(ctx context.Context, d ImportDraft) (b *sheet.Book, done func(), err error) {
	kept, size, err := a.Files.Open(ctx, d.SHA256)
	if errors.Is(err, files.ErrNone) {
		return nil, nil, register.Wrongs{{Code: "import_file_gone"}}
	}
	if err != nil {
		return nil, nil, err
	}
	defer kept.Close()
	var at io.ReaderAt
	forget := func() {}
	if size <= heldInMemory {
		text, err := io.ReadAll(kept)
		if err != nil {
			return nil, nil, err
		}
		at = bytes.NewReader(text)
	} else {
		f, err := os.CreateTemp("", "ledsyn-import-")
		if err != nil {
			return nil, nil, err
		}
		forget = func() { f.Close(); os.Remove(f.Name()) }
		if _, err := io.Copy(f, kept); err != nil {
			forget()
			return nil, nil, err
		}
		at = f
	}
	if b, err = sheet.Open(d.Name, at, size); err != nil {
		forget()
		return nil, nil, err
	}
	return b, func() { b.Close(); forget() }, nil
}

// sheetOf is the number of the sheet that the map names, the first if it names none.
func sheetOf(b *sheet.Book, m ImportMap) (int, error) {
	if m.Sheet == "" {
		return 0, nil
	}
	i := slices.Index(b.Sheets(), m.Sheet)
	if i < 0 {
		return 0, &sheet.FileError{Code: "sheet_missing"}
	}
	return i, nil
}
