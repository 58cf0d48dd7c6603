// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ledsyn/access"
	"ledsyn/files"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// takesFiles gives the world somewhere to keep files.
func (w *world) takesFiles() { w.Files = files.Dir(w.t.TempDir()) }

// upload sends in a list and lets change see to its map.
func (w *world) upload(who access.Actor, list string, change func(*ImportMap)) ImportDraft {
	w.t.Helper()
	if w.Files == nil {
		w.takesFiles()
	}
	d, err := w.Upload(w.ctx(), who, "lista.csv", strings.NewReader(list))
	want(w.t, "upload", err, nil)
	m := d.Map
	m.Unit = "board-a"
	if change != nil {
		change(&m)
	}
	want(w.t, "map", w.SetImportMap(w.ctx(), who, d.ID, m), nil)
	d.Map = m
	return d
}

// mapped makes the columns the fields, in order.
func mapped(kind string, fields ...string) func(*ImportMap) {
	return func(m *ImportMap) {
		m.Kind, m.Preset, m.Parts, m.Fixed, m.Given, m.Key = kind, "", nil, nil, nil, nil
		for i := range m.Columns {
			m.Columns[i] = ImportColumn{Header: m.Columns[i].Header}
			if i < len(fields) {
				m.Columns[i].Field = fields[i]
			}
		}
	}
}

func (w *world) preview(who access.Actor, id string) Preview {
	w.t.Helper()
	p, err := w.PreviewImport(w.ctx(), who, id, PreviewQuery{Limit: 500})
	want(w.t, "preview", err, nil)
	return p
}

// run takes the draft in and waits for it.
func (w *world) run(who access.Actor, id string, r RunImport) ImportState {
	w.t.Helper()
	want(w.t, "run", w.RunImport(w.ctx(), who, id, r), nil)
	for range 6000 {
		s, err := w.ImportState(w.ctx(), who, id)
		want(w.t, "state", err, nil)
		if s.Phase != ImportRunning {
			return s
		}
		time.Sleep(5 * time.Millisecond)
	}
	w.t.Fatal("the import never ends")
	return ImportState{}
}

// taken is run of what must go well.
func (w *world) taken(who access.Actor, id string, r RunImport) isms.Import {
	w.t.Helper()
	if s := w.run(who, id, r); s.Phase != ImportDone {
		w.t.Fatalf("the import is %+v", s)
	}
	rec, err := w.Get(w.ctx(), who, "import", id)
	want(w.t, "record", err, nil)
	return *rec.Entity.(*isms.Import)
}

// seq is the journal's last number.
func (w *world) seq() (n int64) {
	w.t.Helper()
	err := w.DB.View(w.ctx(), w.org, func(tx *store.Tx) (err error) {
		n, _, _, err = tx.Head()
		return err
	})
	want(w.t, "head", err, nil)
	return n
}

func (w *world) everyOne(kind string) (all []register.Entity) {
	w.t.Helper()
	s, _ := isms.Register(kind)
	err := w.DB.View(w.ctx(), w.org, func(tx *store.Tx) (err error) {
		all, err = tx.All(s, everywhere)
		return err
	})
	want(w.t, "list", err, nil)
	return all
}

func sums(p Preview) [6]int {
	return [6]int{p.New, p.Changed, p.Unchanged, p.Wrong, p.Skipped, p.Gone}
}

func wrongAt(r PreviewRow) (list []string) {
	for _, c := range r.Wrong {
		list = append(list, fmt.Sprint(c.Column, " ", c.Code))
	}
	return list
}

const systemList = "System;Ansvarig;Status;Syfte\n" +
	"Ärende;system_owner;I bruk;Diarium\n" +
	"Nytt;coordinator;Planerat;=1+1\n" +
	"Journal;;I bruk;<b>Vård</b>\n"

func systemsOf(m *ImportMap) {
	mapped("system", "name", "owner", "lifecycle", "purpose")(m)
	m.Source = "Systemlistan"
}

func TestImportOfSystems(t *testing.T) { onEach(t, importOfSystems) }

func importOfSystems(t *testing.T, w *world) {
	who := w.as("coordinator")
	before := w.seq()
	d := w.upload(who, systemList, systemsOf)
	p := w.preview(who, d.ID)
	if sums(p) != [6]int{1, 2, 0, 0, 0, 0} || p.Total != 3 {
		t.Fatalf("the preview says %v: %+v", sums(p), p.Rows)
	}
	if r := p.Rows[0]; r.Act != RowChanged || r.ID != "sys-a" || len(r.Changes) != 2 || p.Titles.Of("person", "system_owner") != "system_owner" {
		t.Errorf("the first row is %+v", r)
	}
	if r := p.Rows[2]; r.ID != "sys-d" {
		t.Errorf("a system of a department below is not found: %+v", r)
	}
	if w.seq() != before {
		t.Fatal("a preview has changed something")
	}
	i := w.taken(who, d.ID, RunImport{ListDay: "2023-01-01"})
	if i.Created.String() != "1" || i.Changed.String() != "2" || i.Unit != "board-a" || i.SHA256 != d.SHA256 || i.Source != "Systemlistan" {
		t.Errorf("the record is %+v", i)
	}
	if s := w.system("sys-a"); s.Owner != "system_owner" || s.Purpose != "Diarium" || s.Unit != "board-a" {
		t.Errorf("the system is %+v", s)
	}
	if s := w.system("sys-d"); s.Purpose != "<b>Vård</b>" || s.Owner != "" || s.Unit != "dept-a" {
		t.Errorf("the department's system is %+v", s)
	}
	if _, err := w.ImportDraft(w.ctx(), who, d.ID); err == nil {
		t.Error("the draft is left")
	}

	// The same list again changes nothing, and is read as it was.
	w.later("2023-02-01")
	before = w.seq()
	d, err := w.Upload(w.ctx(), who, "igen.csv", strings.NewReader(systemList))
	want(t, "again", err, nil)
	if d.Again != i.ID || d.Map.Source != "Systemlistan" || d.Map.Unit != "board-a" || d.Map.Columns[3].Field != "purpose" {
		t.Fatalf("the map is not remembered: %+v", d)
	}
	if p := w.preview(who, d.ID); sums(p) != [6]int{0, 0, 3, 0, 0, 0} {
		t.Fatalf("the same list again is %v: %+v", sums(p), p.Rows)
	}
	w.taken(who, d.ID, RunImport{})
	if n := w.seq() - before; n != 1 {
		t.Errorf("the same list again made %d entries, not only the import's own", n)
	}

	// A list that lacks a system takes it out of use when that is chosen.
	short := strings.Replace(systemList, "Nytt;coordinator;Planerat;=1+1\n", "", 1)
	d = w.upload(who, short, systemsOf)
	if p := w.preview(who, d.ID); sums(p) != [6]int{0, 0, 2, 0, 0, 1} {
		t.Fatalf("the shorter list is %v", sums(p))
	}
	gone, err := w.PreviewImport(w.ctx(), who, d.ID, PreviewQuery{Only: RowGone})
	want(t, "gone", err, nil)
	if len(gone.Rows) != 1 || gone.Rows[0].Title != "Nytt" {
		t.Fatalf("what has disappeared is %+v", gone.Rows)
	}
	last := w.taken(who, d.ID, RunImport{RetireGone: true, ListDay: "2023-01-31"})
	if s := w.system(gone.Rows[0].ID); s.Retired != "2023-01-31" || last.TakenOut.String() != "1" {
		t.Errorf("the system is %+v, the import %+v", s, last)
	}

	// And undoing puts it back in use, and then undoing the first import puts all back.
	want(t, "undo the last", w.UndoImport(w.ctx(), who, last.ID, ""), nil)
	if s := w.system(gone.Rows[0].ID); s.Retired != "" {
		t.Errorf("the system is still retired: %+v", s)
	}
	wantWrong(t, "undo again", w.UndoImport(w.ctx(), who, last.ID, ""), "import_undone")
	err = w.UndoImport(w.ctx(), who, i.ID, "")
	wantWrong(t, "undo what has been changed since", err, "import_changed_since")
}

func TestUndoOfAnImport(t *testing.T) { onEach(t, undoOfAnImport) }

func undoOfAnImport(t *testing.T, w *world) {
	who := w.as("coordinator")
	d := w.upload(who, systemList, systemsOf)
	before := w.seq()
	i := w.taken(who, d.ID, RunImport{})
	w.later("2023-03-01")
	want(t, "undo by an auditor", w.UndoImport(w.ctx(), w.as("auditor"), i.ID, ""), isms.ErrForbidden)
	want(t, "undo by another board", w.UndoImport(w.ctx(), w.as("coordinator-b"), i.ID, ""), isms.ErrNotFound)

	var made string
	for _, rec := range w.everyOne("system") {
		if rec.(*isms.System).Name == "Nytt" {
			made = rec.Head().ID
		}
	}
	link := &isms.Process{Record: isms.Record{ID: "proc", Unit: "board-a"}, Name: "Processen", Systems: []register.Ref[isms.System]{register.Ref[isms.System](made)}}
	w.put(link)
	wantWrong(t, "undo what something points at", w.UndoImport(w.ctx(), who, i.ID, ""), "import_linked_since")
	link.Systems = nil
	w.put(link)

	between := w.seq()
	want(t, "undo", w.UndoImport(w.ctx(), who, i.ID, "key"), nil)
	want(t, "undo under the same key", w.UndoImport(w.ctx(), who, i.ID, "key"), nil)
	if s := w.system("sys-a"); s.Owner != "" || s.Purpose != "" || s.Rev != 3 {
		t.Errorf("the system is %+v", s)
	}
	if s := w.system(made); s.Retired != "2023-03-01" {
		t.Errorf("what was made is %+v", s)
	}
	first, _ := i.FirstEntry.Known()
	lastEntry, _ := i.LastEntry.Known()
	if int64(first) != before+1 || w.seq()-between != int64(lastEntry-first)+1 { // the note is put back by the record's own day
		t.Errorf("the import's entries are %d to %d after %d, and undoing it took %d", first, lastEntry, before, w.seq()-between)
	}
}

func TestWrongRowsStopAnImport(t *testing.T) { onEach(t, wrongRowsStopAnImport) }

func wrongRowsStopAnImport(t *testing.T, w *world) {
	who := w.as("coordinator")
	w.put(&isms.Person{Record: isms.Record{ID: "twin", Unit: "board-a"}, Name: "Coordinator"})
	list := "System;Ansvarig;Status;Tas i bruk;Enhet;Tas ur bruk\n" +
		";dpo;I bruk;;;\n" +
		"Ett;nobody;Halvt;31/13-22;;\n" +
		"Två;Coordinator;I bruk;2022-02-01;city;\n" +
		"Tre;dpo;I bruk;2022-02-02;nowhere;2022-02-01\n" +
		"Fyra;dpo;I bruk;;;\n" +
		"fyra;dpo;I bruk;;;\n"
	d := w.upload(who, list, mapped("system", "name", "owner", "lifecycle", "in_use_from", "unit", "in_use_to"))
	p := w.preview(who, d.ID)
	wanted := map[int]string{
		2: "[0 required]",
		3: "[1 import_no_link 2 cell_choice 3 cell_day]",
		4: "[1 import_several -1 import_forbidden]",
		5: "[4 import_no_unit 5 before]",
		7: "[0 import_row_twice]",
	}
	for _, r := range p.Rows {
		if got := fmt.Sprint(wrongAt(r)); got != "[]" && got != wanted[r.Number] || r.Act == RowWrong && wanted[r.Number] == "" || r.Act != RowWrong && r.Number != 6 {
			t.Errorf("row %d is %s %s, want %s", r.Number, r.Act, got, wanted[r.Number])
		}
	}
	if len(p.Asks) == 0 || !slices.ContainsFunc(p.Asks, func(a Ask) bool { return a.Kind == "person" && a.Text == "coordinator" && len(a.Options) == 2 }) ||
		!slices.ContainsFunc(p.Asks, func(a Ask) bool { return a.Text == "halvt" && a.Field.Name == "lifecycle" }) {
		t.Errorf("the questions are %+v", p.Asks)
	}
	before := w.seq()
	s := w.run(who, d.ID, RunImport{})
	if s.Phase != ImportFailed || len(s.Wrong) != 1 || s.Wrong[0].Code != "import_rows_wrong" || s.Wrong[0].Args[0] != 5 {
		t.Errorf("the import is %+v", s)
	}
	if w.seq() != before {
		t.Error("something of it was kept")
	}
	var out bytes.Buffer
	want(t, "errors", w.ImportErrors(w.ctx(), who, d.ID, "csv", locale.Swedish, &out), nil)
	if text := out.String(); !strings.Contains(text, "Status: ") || !strings.Contains(text, "Samma post") && !strings.Contains(text, "samma post som rad 6") {
		t.Errorf("the sheet of errors is\n%s", text)
	}

	// Answers, and the rest left out.
	m := d.Map
	m.Columns[1].Values = map[string]string{"coordinator": "coordinator", "nobody": ""}
	m.Columns[2].Values = map[string]string{"halvt": "planned"}
	want(t, "answers", w.SetImportMap(w.ctx(), who, d.ID, m), nil)
	if i := w.taken(who, d.ID, RunImport{SkipWrong: true}); i.Created.String() != "1" || i.Skipped.String() != "5" {
		t.Errorf("the import is %+v", i)
	}
}

func TestLinksOfAnImport(t *testing.T) { onEach(t, linksOfAnImport) }

func linksOfAnImport(t *testing.T, w *world) {
	who := w.as("coordinator")
	w.put(&isms.Person{Record: isms.Record{ID: "anna", Unit: "board-a"}, Name: "Ek, Anna", Email: "anna.ek@exempelstad.example", Number: "0017"},
		&isms.Person{Record: isms.Record{ID: "old", Unit: "board-a", Retired: "2022-01-01"}, Name: "dpo"})
	list := "Process;Ansvarig;System\nEtt;ANNA.EK@exempelstad.example;Ärende, Journal\nTvå;0017;sys-a\nTre;Ny Person;Nytt system\nFyra;Ny  person;Nytt system\nFem;dpo;\n"
	d := w.upload(who, list, func(m *ImportMap) {
		mapped("process", "name", "owner", "systems")(m)
		m.Columns[1].None, m.Columns[2].None = "make", "make"
	})
	p := w.preview(who, d.ID)
	if sums(p) != [6]int{3, 0, 0, 2, 0, 0} || fmt.Sprint(wrongAt(p.Rows[2])) != "[2 import_make]" {
		t.Fatalf("the preview is %v: %+v", sums(p), p.Rows)
	}
	m := d.Map
	m.Columns[2].None = "skip"
	want(t, "map", w.SetImportMap(w.ctx(), who, d.ID, m), nil)
	p = w.preview(who, d.ID)
	if sums(p) != [6]int{5, 0, 0, 0, 0, 0} {
		t.Fatalf("the preview is %v: %+v", sums(p), p.Rows)
	}
	i := w.taken(who, d.ID, RunImport{})
	processes := map[string]*isms.Process{}
	for _, rec := range w.everyOne("process") {
		processes[rec.(*isms.Process).Name] = rec.(*isms.Process)
	}
	if ett := processes["Ett"]; ett.Owner != "anna" || len(ett.Systems) != 2 || processes["Två"].Owner != "anna" || processes["Fem"].Owner != "dpo" {
		t.Errorf("the processes are %+v", processes)
	}
	if a, b := processes["Tre"].Owner, processes["Fyra"].Owner; a == "" || a != b {
		t.Errorf("one new person became %q and %q", a, b)
	}
	want(t, "undo", w.UndoImport(w.ctx(), who, i.ID, ""), nil)
	for _, rec := range w.everyOne("person") {
		if p := rec.(*isms.Person); p.Name == "Ny Person" && p.Retired == "" {
			t.Error("the person that the import made is left")
		}
	}
}

func TestPartsOfAnImport(t *testing.T) { onEach(t, partsOfAnImport) }

func partsOfAnImport(t *testing.T, w *world) {
	who := w.as("information_owner")
	want(t, "somebody who takes in no lists", w.mayImport(w.ctx(), who), isms.ErrNotFound)
	who = w.as("coordinator")
	list := "System;Status;K;R;T\nÄrende;I bruk;3;2;1\nNytt;I bruk;1;1;1\nTomt;I bruk;;;\n"
	parts := func(m *ImportMap) {
		mapped("system", "name", "lifecycle", "class.confidentiality", "class.integrity", "class.availability")(m)
		m.Parts = append(m.Parts, ImportPart{Name: "class", Kind: "classification", Link: "system"})
		m.Fixed = map[string]string{"class.model": "klassa-0-4", "class.state": "proposed"}
		m.Source = "Klassning"
	}
	d := w.upload(who, list, parts)
	p := w.preview(who, d.ID)
	if sums(p) != [6]int{2, 1, 0, 0, 0, 0} {
		t.Fatalf("the preview is %v: %+v", sums(p), p.Rows)
	}
	w.taken(who, d.ID, RunImport{})
	if all := w.everyOne("classification"); len(all) != 2 {
		t.Fatalf("%d classifications", len(all))
	}
	d = w.upload(who, list, parts)
	if p := w.preview(who, d.ID); sums(p) != [6]int{0, 0, 3, 0, 0, 0} {
		t.Fatalf("again it is %v: %+v", sums(p), p.Rows)
	}
	d = w.upload(who, strings.Replace(list, "3;2;1", "3;2;9", 1), parts)
	if p := w.preview(who, d.ID); sums(p) != [6]int{0, 0, 2, 1, 0, 0} || p.Rows[0].Wrong[0].Column != 4 {
		t.Fatalf("a level that is none is %v: %+v", sums(p), p.Rows)
	}
	d = w.upload(who, strings.Replace(list, "3;2;1", "3;2;2", 1), parts)
	if p := w.preview(who, d.ID); sums(p) != [6]int{0, 1, 2, 0, 0, 0} || p.Rows[0].Changes[0].Field != "availability" {
		t.Fatalf("another level is %v: %+v", sums(p), p.Rows)
	}
	w.taken(who, d.ID, RunImport{})
	if all := w.everyOne("classification"); len(all) != 2 {
		t.Fatalf("%d classifications after the change", len(all))
	}
}

// What a rule asks of other records is asked of them as the rows before have made them.
func TestRulesSeeTheRowsBefore(t *testing.T) { onEach(t, rulesSeeTheRowsBefore) }

func rulesSeeTheRowsBefore(t *testing.T, w *world) {
	who := w.as("coordinator")
	list := "System;Anledning;Varför;Dag;Läge\nÄrende;owner_changed;Ny ägare;2023-01-09;open\nJournal;owner_changed;Ny ägare;2023-01-09;open\nÄrende;owner_changed;Igen;2023-01-10;open\n"
	tasks := func(m *ImportMap) {
		mapped("reclassification", "system", "trigger", "reason", "raised_on", "state")(m)
		m.Columns[4].Values = map[string]string{"open": "open"}
	}
	d := w.upload(who, list, tasks)
	p := w.preview(who, d.ID)
	if sums(p) != [6]int{2, 0, 0, 1, 0, 0} || fmt.Sprint(wrongAt(p.Rows[2])) != "[1 task_is_open]" {
		t.Fatalf("the preview is %v: %+v", sums(p), p.Rows)
	}
	w.taken(who, d.ID, RunImport{SkipWrong: true})

	w.put(&isms.Process{Record: isms.Record{ID: "proc", Unit: "board-a"}, Name: "Processen", Systems: []register.Ref[isms.System]{"sys-a"}},
		&isms.InformationSet{Record: isms.Record{ID: "set", Unit: "board-a"}, Name: "Mängden", Systems: []register.Ref[isms.System]{"sys-a"}},
		&isms.Classification{Record: isms.Record{ID: "c", Unit: "board-a"}, Set: "set", Model: isms.CurrentModel, State: isms.ClassificationDecided,
			Confidentiality: "3", Integrity: "3", Availability: "3", DecidedOn: "2023-01-05"})
	levels := func(m *ImportMap) { mapped("protection_level", "system", "confidentiality", "reason", "decided_on")(m) }
	d = w.upload(who, "System;K;Skäl;Dag\nÄrende;1;law;2023-01-09\nJournal;3;law;2023-01-09\n", levels)
	if p := w.preview(who, d.ID); sums(p) != [6]int{1, 0, 0, 1, 0, 0} || fmt.Sprint(wrongAt(p.Rows[0])) != "[1 below_derived]" {
		t.Fatalf("the preview of levels is %v: %+v", sums(p), p.Rows)
	}
}

// Of several records with the same title the oldest is taken where the map says so.
func TestFirstIsTheOldest(t *testing.T) {
	w := newWorld(t)
	who := w.as("coordinator")
	w.put(&isms.Person{Record: isms.Record{ID: "z-old", Unit: "board-a"}, Name: "Kim"}, &isms.Person{Record: isms.Record{ID: "a-new", Unit: "board-a"}, Name: "Kim"})
	d := w.upload(who, "Namn;Ansvarig;Status\nEtt;Kim;I bruk\n", func(m *ImportMap) {
		mapped("system", "name", "owner", "lifecycle")(m)
		m.Columns[1].Several = "first"
	})
	p := w.preview(who, d.ID)
	if !slices.Contains(p.Rows[0].Changes, ImportChange{"system", "owner", "", "z-old"}) {
		t.Errorf("the row is %+v", p.Rows[0])
	}
}
