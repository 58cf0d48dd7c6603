// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"fmt"
	"path"
	"regexp"
	"runtime/debug"
	"strings"

	"ledsyn/register"
)

// An archive is one zip file that holds everything that an organisation has, written so that somebody without this
// program can read it: doc/archive.md is its description, and both must say the same. A backup is the same container
// with all the organisations, the accounts and the signing key.

// What an archive is called in its manifest.
const (
	archiveFormat  = "ledsyn archive"
	archiveVersion = 1

	wholeOrganisation = "organisation"
	wholeBackup       = "backup"
)

// Manifest says what an archive holds. It is the archive's last file, manifest.json, because it has the hash of every
// other.
type Manifest struct {
	Format        string             `json:"format"`
	Version       int                `json:"version"`
	Contents      string             `json:"contents"` // organisation or backup
	Program       string             `json:"program"`
	Made          register.Moment    `json:"made"`
	Organisations []ArchivedPosition `json:"organisations"`
	Files         []ArchivedFile     `json:"files"`
	Missing       []string           `json:"missing"` // what records tell of and was not there to be archived
}

// ArchivedPosition is an organisation and where its journal was.
type ArchivedPosition struct {
	ID         string          `json:"id"`
	Name       string          `json:"name"`
	Entries    int64           `json:"entries"`
	Root       string          `json:"root"` // of the journal's tree, in hexadecimal
	At         register.Moment `json:"at"`   // of the last entry
	Verifiers  []string        `json:"verifiers"`
	Checkpoint string          `json:"checkpoint"` // the position, signed; "" where there was no key to sign with
}

// ArchivedFile is one file of an archive. Lines are counted in files of lines only.
type ArchivedFile struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	Lines  int64  `json:"lines"`
	SHA256 string `json:"sha256"` // in hexadecimal
}

// Archiving is what an archive needs that the store does not know.
type Archiving struct {
	// Files reads an attachment by the SHA-256 of its bytes; isms.ErrNotFound says that it is not there. nil leaves
	// attachments out.
	Files func(sha string) ([]byte, error)
	// Readme is the text, for an archivist, that tells what the file is.
	Readme string
	// Words gives the words for a key: of a register, a field or a choice. nil leaves them out.
	Words func(key string) string
}

// ErrArchive is what keeps an archive from being read. Code is a key for words.
type ErrArchive struct {
	Code string
	Path string // the file in the archive, or the organisation, that it concerns
	Err  error
}

// The codes. Nothing of a refused archive is kept.
const (
	ArchiveNone     = "none"     // no archive of this program's
	ArchiveCut      = "cut"      // its end is missing
	ArchiveVersion  = "version"  // written by a newer program, in another way
	ArchiveManifest = "manifest" // the manifest and the files do not agree
	ArchiveName     = "name"     // a file's name is none that an archive has
	ArchiveChanged  = "changed"  // a file is not what the manifest says
	ArchiveBomb     = "bomb"     // it would unpack to far more than an archive does
	ArchiveLong     = "long"     // a line or a document is longer than any that the program writes
	ArchiveContent  = "content"  // a line cannot be read
	ArchiveNewer    = "newer"    // it has a register or a field that this program does not know
	ArchiveRoot     = "root"     // the journal that was read is not the one that the manifest names
	ArchiveExists   = "exists"   // the organisation is there already
	ArchiveAccount  = "account"  // an account of that name is there already
	ArchiveFiles    = "files"    // there are attachments and no place to keep them
)

// Error says what is wrong with which part.
func (e *ErrArchive) Error() string {
	text := "store: archive: " + e.Code
	if e.Path != "" {
		text += ": " + e.Path
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the cause, if there is one.
func (e *ErrArchive) Unwrap() error { return e.Err }

// Limits on what is read. The program itself writes nothing near them.
const (
	maxManifest     = 256 << 20
	maxLine         = 64 << 20
	maxDocument     = 256 << 20
	maxArchiveFiles = 2_000_000
	bombSize        = 1 << 30 // smaller than this, the ratio does not matter
	bombRatio       = 200
)

// The names of an archive's files.
const (
	manifestName = "manifest.json"
	readmeName   = "README.txt"
	accountsName = "accounts.jsonl"
	keyName      = "journal.key"
)

func organisationFile(org string, name ...string) string {
	return path.Join(append([]string{"organisations", org}, name...)...)
}

const anID = `[a-z0-9_-]{1,64}`

// archiveName is every name that an archive's file can have. Nothing is ever written to disk under such a name, but a
// name that is none of these says that somebody else made the archive.
var archiveName = regexp.MustCompile(`^(README\.txt|accounts\.jsonl|journal\.key|files/[0-9a-f]{64}|organisations/` + anID +
	`/(registers/[a-z0-9_]{1,64}\.jsonl|journal\.jsonl|checkpoints\.jsonl|tables/[a-z0-9_]{1,64}\.jsonl|frozen\.jsonl|frozen/` + anID +
	`/(document\.json|document\.pdf|document\.html|figures\.json)|populations/` + anID + `\.jsonl))$`)

// An entryLine is a line of journal.jsonl.
type entryLine struct {
	Seq    int64           `json:"seq"`
	At     register.Moment `json:"at"`
	Who    string          `json:"who"`
	Act    string          `json:"act"`
	Kind   string          `json:"kind"`
	ID     string          `json:"id"`
	Unit   string          `json:"unit"`
	Digest string          `json:"digest"`
	Salt   string          `json:"salt"`
	Body   string          `json:"body"`
}

// A registerLine is the first line of a register's file.
type registerLine struct {
	Register string       `json:"register"`
	Words    string       `json:"words,omitempty"`
	Columns  []columnLine `json:"columns"`
}

type columnLine struct {
	Name    string       `json:"name"`
	Kind    string       `json:"kind"`
	Target  string       `json:"target,omitempty"` // the register that a link points at
	Words   string       `json:"words,omitempty"`
	Choices []choiceLine `json:"choices,omitempty"`
}

type choiceLine struct {
	Value string `json:"value"`
	Words string `json:"words,omitempty"`
}

// A sideTable is a table of an organisation's that is no register and yet belongs in a backup. Its columns, without the
// organisation, are texts and whole numbers, and put the rows in one order. They tell nothing of the work, so an archive is
// without them.
type sideTable struct {
	name    string
	columns []string
}

// sideTables are all of them. done has the keys of acts that were done, so that one asked for again after a restore is not
// done again, read_log who has read what is secret; the others are what persons have chosen for themselves.
var sideTables = []sideTable{
	{"done", []string{"key", "seq", "kind", "id"}},
	{"read_log", []string{"at", "pos", "who", "kind", "id", "unit", "page", "fields"}},
	{"notice_choice", []string{"person", "refused", "quiet", "lang"}},
	{"calendar_feed", []string{"hash", "person", "lang", "made"}},
}

// leftOut are the tables that no archive holds, with the reason.
var leftOut = map[string]string{
	"session": "who was signed in signs in again", "attempt": "it is of one hour", "draft": "it is not done",
	"program": "it is the database's own", "mail": "what was to be sent then is not sent again after a restore",
	"mail_stop": "a restore stops the mail itself", "draw_seed": "a draw that was bound before a restore is bound anew",
}

// kindNames are the kinds of fields as doc/archive.md describes them.
var kindNames = map[register.Kind]string{
	register.Text: "text", register.Prose: "prose", register.Bool: "bool", register.Int: "int", register.Number: "number",
	register.Share: "share", register.Date: "day", register.Instant: "moment", register.Choice: "choice",
	register.Link: "link", register.Links: "links",
}

func firstLine(s *register.Schema, words func(string) string) registerLine {
	if words == nil {
		words = func(string) string { return "" }
	}
	first := registerLine{Register: s.Name, Words: words("register." + s.Name)}
	for _, head := range [][2]string{{"id", "text"}, {"unit", "link"}, {"rev", "int"}, {"retired", "day"}} {
		c := columnLine{Name: head[0], Kind: head[1], Words: words("record." + head[0])}
		if head[0] == "unit" {
			c.Target = "unit"
		}
		first.Columns = append(first.Columns, c)
	}
	for _, f := range s.Fields {
		c := columnLine{Name: f.Name, Kind: kindNames[f.Kind], Target: f.Target, Words: words(s.Name + "." + f.Name)}
		for _, value := range f.Choices {
			c.Choices = append(c.Choices, choiceLine{value, words(f.ChoiceKey(value))})
		}
		first.Columns = append(first.Columns, c)
	}
	return first
}

// The other lines, in the order of their names.
type (
	checkpointLine struct {
		Seq  int64           `json:"seq"`
		At   register.Moment `json:"at"`
		Note string          `json:"note"`
	}
	frozenLine struct {
		Review string          `json:"review"`
		SHA256 string          `json:"sha256"`
		Seq    int64           `json:"seq"`
		Root   string          `json:"root"`
		At     register.Moment `json:"at"`
	}
	accountLine struct {
		Name    string          `json:"name"`
		Org     string          `json:"organisation"`
		Person  string          `json:"person"`
		Secret  string          `json:"secret"`
		State   string          `json:"state"`
		Data    string          `json:"data"`
		Changed register.Moment `json:"changed"`
	}
)

// frozenParts are a frozen review's documents and the names that they have in the archive.
func frozenParts(f *Frozen) []struct {
	name string
	part *[]byte
} {
	return []struct {
		name string
		part *[]byte
	}{{"document.json", &f.Doc}, {"document.pdf", &f.PDF}, {"document.html", &f.HTML}, {"figures.json", &f.JSON}}
}

// programName is this program as the manifest names it.
func programName() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return strings.TrimSpace("ledsyn " + info.Main.Version)
	}
	return "ledsyn"
}

func wrongArchive(code, path string, err error) error { return &ErrArchive{code, path, err} }

func wrongLine(path string, line int64, err error) error {
	return wrongArchive(ArchiveContent, fmt.Sprintf("%s:%d", path, line), err)
}
