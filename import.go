// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sheet/mapping"
)

// importing is the flags of the command.
type importing struct {
	org, unit, kind, mapFile, key, source, day string
	name, definition                           string
	skipWrong, retireGone, dry, json           bool
}

// importList takes a list in, as the one who holds the program. It ends with found where rows were wrong.
func (p *program) importList(ctx context.Context, args []string) (int, error) {
	f := p.flags("import")
	var o importing
	word := func(name string) string { return p.lang.T("cli.import.flag." + name) }
	f.StringVar(&o.org, "organisation", "", p.lang.T("cli.flag.organisation"))
	f.StringVar(&o.unit, "unit", "", p.lang.T("cli.flag.unit"))
	f.StringVar(&o.kind, "kind", "", word("kind"))
	f.StringVar(&o.mapFile, "map", "", word("map"))
	f.StringVar(&o.key, "key", "", word("key"))
	f.StringVar(&o.source, "source", "", word("source"))
	f.StringVar(&o.day, "day", "", word("day"))
	f.StringVar(&o.name, "name", "", word("name"))
	f.StringVar(&o.definition, "definition", "", word("definition"))
	f.BoolVar(&o.skipWrong, "skip-wrong", false, word("skip_wrong"))
	f.BoolVar(&o.retireGone, "retire-gone", false, word("retire_gone"))
	f.BoolVar(&o.dry, "dry-run", false, word("dry_run"))
	f.BoolVar(&o.json, "json", false, p.lang.T("cli.flag.json"))
	if err := p.parse(f, args); err != nil {
		return misused, err
	}
	if f.NArg() != 1 {
		return misused, usageError{errors.New(p.lang.T("cli.import.one_file"))}
	}
	in, err := o.list()
	if err != nil {
		return misused, err
	}
	file, err := os.Open(f.Arg(0))
	if err != nil {
		return failed, err
	}
	defer file.Close()
	about, err := file.Stat()
	if err != nil {
		return failed, err
	}
	in.Name, in.File, in.Size = about.Name(), file, about.Size()

	a, err := p.open(ctx, o.dry)
	if err != nil {
		return failed, err
	}
	defer a.DB.Close()
	at, err := p.place(ctx, a, o.org, o.unit)
	if err != nil {
		return failed, err
	}
	in.Unit = at.unit
	report, err := a.ImportFile(ctx, at.who, in)
	return p.imported(o, report, byFlag(err))
}

// byFlag calls the fields of the import itself by the flags that say them.
func byFlag(err error) error {
	var wrong register.Wrongs
	if !errors.As(err, &wrong) {
		return err
	}
	flags := map[string]string{"kind": "-kind", "name": "-name", "list_day": "-day", "definition": "-definition", "source": "-source", "key": "-key"}
	named := slices.Clone(wrong)
	for i, w := range named {
		named[i].Field = cmp.Or(flags[w.Field], w.Field)
	}
	return named
}

// list is what the flags ask for.
func (o importing) list() (app.ImportFile, error) {
	in := app.ImportFile{Kind: o.kind, Source: o.source, Dry: o.dry, Run: app.RunImport{SkipWrong: o.skipWrong, RetireGone: o.retireGone,
		ListDay: register.Day(o.day), Name: o.name, Definition: o.definition}}
	for key := range strings.SplitSeq(o.key, ",") {
		if key = strings.TrimSpace(key); key != "" {
			in.Key = append(in.Key, key)
		}
	}
	if o.mapFile != "" {
		text, err := os.ReadFile(o.mapFile)
		if err != nil {
			return in, err
		}
		m, err := mapping.ReadMap(text)
		if err != nil {
			return in, err
		}
		in.Map = &m
	}
	return in, nil
}

// imported reports what came of the import and returns the status to end with.
func (p *program) imported(o importing, r app.ImportReport, err error) (int, error) {
	var wrong register.Wrongs
	rows := err == nil || errors.As(err, &wrong) && strings.HasPrefix(wrong[0].Code, "import_rows_wrong")
	if o.json && (rows || len(r.Rows) > 0) {
		if err := writeJSON(p.out, p.importReport(o, r, err)); err != nil {
			return failed, err
		}
	} else if rows {
		p.importLines(o, r)
	}
	switch {
	case !rows:
		return failed, err
	case r.Wrong > 0 && o.json:
		return found, nil
	case r.Wrong > 0:
		return found, err
	}
	return succeeded, nil
}

// importLines writes each row that is wrong or does something, the sums, and the map that was used.
func (p *program) importLines(o importing, r app.ImportReport) {
	for _, row := range r.Rows {
		if row.Act == app.RowUnchanged || row.Act == app.RowSkipped {
			continue
		}
		place := p.lang.T("cli.import.row", row.Number)
		if row.Number == 0 {
			place = "-"
		}
		fmt.Fprintf(p.out, "%s\t%s\t%s\n", place, p.lang.T("cli.import.act."+row.Act), row.Title)
		for _, w := range row.Wrong {
			fmt.Fprintf(p.out, "\t%s\n", p.cellWrong(r.Heads, w))
		}
	}
	fmt.Fprintln(p.out, p.lang.T("cli.import.sums", r.New, r.Changed, r.Unchanged, r.Wrong, r.Skipped, r.Gone))
	if r.Retired > 0 {
		fmt.Fprintln(p.out, p.lang.T("cli.import.retired", r.Retired))
	}
	switch {
	case o.dry:
		fmt.Fprintln(p.out, p.lang.T("cli.import.dry"))
	case r.Record == "":
		fmt.Fprintln(p.out, p.lang.T("cli.import.none"))
	default:
		fmt.Fprintln(p.out, p.lang.T("cli.import.kept", r.Record))
	}
	if o.mapFile == "" {
		fmt.Fprintf(p.out, "%s\n%s", p.lang.T("cli.import.map"), r.Map.JSON())
	}
}

// cellWrong says what is wrong with a cell, after its column's heading.
func (p *program) cellWrong(heads []string, w app.CellWrong) string {
	text := p.lang.T("wrong."+w.Code, w.Args...)
	if head := columnHead(heads, w); head != "" {
		text = head + ": " + text
	}
	return text
}

// columnHead is the heading over the cell that is wrong.
func columnHead(heads []string, w app.CellWrong) string {
	if w.Column < 0 || w.Column >= len(heads) {
		return ""
	}
	return heads[w.Column]
}

// importReport is the report as other programs read it. Its keys are never renamed.
type importReport struct {
	Map       app.ImportMap `json:"map"`
	DryRun    bool          `json:"dry_run"`
	Kept      bool          `json:"kept"`
	Record    string        `json:"record,omitempty"`
	Error     string        `json:"error,omitempty"`
	New       int           `json:"new"`
	Changed   int           `json:"changed"`
	Unchanged int           `json:"unchanged"`
	Wrong     int           `json:"wrong"`
	Skipped   int           `json:"skipped"`
	Gone      int           `json:"gone"`
	Retired   int           `json:"retired"`
	Rows      []importRow   `json:"rows"`
}

type importRow struct {
	Row     int            `json:"row,omitempty"` // none of a record that has disappeared
	Act     string         `json:"act"`
	Kind    string         `json:"kind,omitempty"`
	ID      string         `json:"id,omitempty"`
	Title   string         `json:"title,omitempty"`
	Changes []importChange `json:"changes,omitempty"`
	Errors  []importWrong  `json:"errors,omitempty"`
}

type importChange struct {
	Kind  string `json:"kind"`
	Field string `json:"field"`
	Was   string `json:"was"`
	Is    string `json:"is"`
}

type importWrong struct {
	Column int    `json:"column"` // from 1; 0 is the row as a whole
	Header string `json:"header,omitempty"`
	Field  string `json:"field,omitempty"`
	Code   string `json:"code"`
	Args   []any  `json:"args,omitempty"`
	Words  string `json:"words"`
}

func (p *program) importReport(o importing, r app.ImportReport, err error) importReport {
	out := importReport{r.Map, o.dry, r.Record != "", r.Record, "", r.New, r.Changed, r.Unchanged, r.Wrong, r.Skipped, r.Gone, r.Retired, []importRow{}}
	if err != nil && !errors.Is(err, isms.ErrNotFound) {
		out.Error = p.words(err)
	}
	for _, row := range r.Rows {
		line := importRow{Row: row.Number, Act: row.Act, Kind: row.Kind, ID: row.ID, Title: row.Title}
		for _, c := range row.Changes {
			line.Changes = append(line.Changes, importChange(c))
		}
		for _, w := range row.Wrong {
			line.Errors = append(line.Errors, importWrong{w.Column + 1, columnHead(r.Heads, w), w.Field, w.Code, w.Args, p.lang.T("wrong."+w.Code, w.Args...)})
		}
		out.Rows = append(out.Rows, line)
	}
	return out
}
