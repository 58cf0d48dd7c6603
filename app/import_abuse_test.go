// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/sheet"
)

// A list is no way around what Save refuses: each row is told what is wrong, and nothing is kept.
func TestAnImportCannotDoWhatSaveRefuses(t *testing.T) { onEach(t, anImportCannotDoWhatSaveRefuses) }

func anImportCannotDoWhatSaveRefuses(t *testing.T, w *world) {
	w.takesFiles()
	w.put(&isms.Review{Record: isms.Record{ID: "review", Unit: "board-a"}, Year: 2022, Version: 1, Template: "ml-2024", State: isms.ReviewDecided,
		AsOf: "2022-12-31", DecidedOn: "2023-01-05", DecidedBy: "head"},
		&isms.Classification{Record: isms.Record{ID: "decided", Unit: "board-a"}, System: "sys-a", Model: "klassa-0-4", State: isms.ClassificationDecided,
			Confidentiality: "3", Integrity: "3", Availability: "3", DecidedOn: "2023-01-05"},
		&isms.Processing{Record: isms.Record{ID: "active", Unit: "board-a"}, Name: "Behandling", Role: "controller", State: isms.ProcessingActive, ApprovedOn: "2022-01-01"})
	long := strings.Repeat("å", 121)
	for name, c := range map[string]struct {
		who, list string
		m         func(*ImportMap)
		code      string
	}{
		"a role for oneself":       {"central_office", "Person;Roll\ncentral_office;head\n", mapped("assignment", "person", "role"), "own_role"},
		"a role without the right": {"coordinator", "Person;Roll\nhead;auditor\n", mapped("assignment", "person", "role"), "import_forbidden"},
		"another unit's record":    {"coordinator", "Id;Namn\nsys-b;Taget\n", mapped("system", "id", "name"), "import_no_id"},
		"into another unit":        {"coordinator", "Namn;Status;Enhet\nEtt;I bruk;city\n", mapped("system", "name", "lifecycle", "unit"), "import_forbidden"},
		"away to another unit":     {"coordinator", "Id;Enhet\nsys-a;city\n", mapped("system", "id", "unit"), "import_forbidden"},
		"a unit one may not see":   {"coordinator", "Namn;Status;Enhet\nEtt;I bruk;board-b\n", mapped("system", "name", "lifecycle", "unit"), "import_no_unit"},
		"a link one may not see":   {"coordinator", "Namn;Ansvarig;Status\nEtt;coordinator-b;I bruk\n", mapped("system", "name", "owner", "lifecycle"), "import_no_link"},
		"a decided review":         {"coordinator", "Id;Dnr\nreview;NYTT\n", mapped("review", "id", "dnr"), "import_frozen"},
		"a new review":             {"coordinator", "År;Mall\n2023;ml-2024\n", mapped("review", "year", "template"), "review_by_start"},
		"a decided classification": {"coordinator", "Id;K\ndecided;0\n", mapped("classification", "id", "confidentiality"), "classification_by_decider"},
		"an approval":              {"coordinator", "Namn;Roll;Status\nNy;Ansvarig;Gällande\n", mapped("processing", "name", "role", "state"), "processing_by_act"},
		"an import":                {"coordinator", "Namn;Blev\nEtt;system\n", mapped("import", "name", "kind"), "import_by_act"},
		"a set":                    {"coordinator", "Namn;Sort\nEtt;device\n", mapped("population", "name", "kind"), "population_by_import"},
		"a draw":                   {"coordinator", "Nummer;Summa\n1;abc\n", mapped("draw", "number", "commitment"), "draw_by_act"},
		"a check that is done":     {"coordinator", "Namn;Område;År;Läge\nEtt;Behörigheter;2023;Klar\n", mapped("spot_check", "name", "area", "year", "state"), "spot_check_by_act"},
		"a right that is gone":     {"coordinator", "Vems;Rad;Borta\nEtt;1;2023-01-01\n", mapped("removal", "name", "row", "gone_on"), "removal_by_act"},
		"a closed access review":   {"coordinator", "Namn;Av;Senast;Läge\nEtt;Systemägaren;2023-05-01;Avslutad\n", mapped("access_review", "name", "judges", "ends_on", "state"), "access_review_by_act"},
		"a confirmation":           {"coordinator", "Post;Dag\nEtt;2023-01-01\n", mapped("post_confirmation", "post", "confirmed_on"), "confirmation_by_holder"},
		"a long name":              {"coordinator", "Namn;Status\n" + long + ";I bruk\n", mapped("system", "name", "lifecycle"), "long"},
		"a name that turns":        {"coordinator", "Namn;Status\n\u202eEtt;I bruk\n", mapped("system", "name", "lifecycle"), "control"},
	} {
		who := w.as(c.who)
		before := w.seq()
		d := w.upload(who, c.list, c.m)
		p := w.preview(who, d.ID)
		found := false
		for _, r := range p.Rows {
			for _, x := range r.Wrong {
				found = found || x.Code == c.code
			}
		}
		if p.Wrong != 1 || !found {
			t.Errorf("%s: the preview is %v, %+v, want %s", name, sums(p), p.Rows, c.code)
			continue
		}
		if s := w.run(who, d.ID, RunImport{}); s.Phase != ImportFailed || w.seq() != before {
			t.Errorf("%s: the import is %+v, and %d entries were made", name, s, w.seq()-before)
		}
	}
}

// What a cell holds is text, and nothing that a program runs: it comes out as it went in, made safe for spreadsheets.
func TestFormulasAndHTMLAreText(t *testing.T) {
	w := newWorld(t)
	who := w.as("coordinator")
	text := `=HYPERLINK("http://example.org";"x")`
	d := w.upload(who, "Namn;Status;Syfte\n<script>alert(1)</script>;I bruk;\""+strings.ReplaceAll(text, `"`, `""`)+"\"\n", mapped("system", "name", "lifecycle", "purpose"))
	w.taken(who, d.ID, RunImport{})
	for _, rec := range w.everyOne("system") {
		if s := rec.(*isms.System); s.Name == "<script>alert(1)</script>" && s.Purpose == text {
			return
		}
	}
	t.Error("the record is not there as it was written")
}

// Drafts are their person's own, and rights are those of the moment that the import runs.
func TestDraftsAreTheirPersonsOwn(t *testing.T) { onEach(t, draftsAreTheirPersonsOwn) }

func draftsAreTheirPersonsOwn(t *testing.T, w *world) {
	who := w.as("coordinator")
	d := w.upload(who, systemList, systemsOf)
	for _, other := range []access.Actor{w.as("central_office"), w.as("coordinator-b"), w.as("employee"), {}} {
		_, err := w.ImportDraft(w.ctx(), other, d.ID)
		want(t, "draft", err, isms.ErrNotFound)
		_, err = w.PreviewImport(w.ctx(), other, d.ID, PreviewQuery{})
		want(t, "preview", err, isms.ErrNotFound)
		want(t, "map", w.SetImportMap(w.ctx(), other, d.ID, d.Map), isms.ErrNotFound)
		want(t, "run", w.RunImport(w.ctx(), other, d.ID, RunImport{}), isms.ErrNotFound)
		want(t, "drop", w.DropImport(w.ctx(), other, d.ID), isms.ErrNotFound)
		_, err = w.ImportState(w.ctx(), other, d.ID)
		want(t, "state", err, isms.ErrNotFound)
	}
	for _, role := range []string{"employee", "auditor", "head", "manager"} {
		if _, err := w.Upload(w.ctx(), w.as(role), "x.csv", strings.NewReader("a;b\n1;2\n")); err == nil {
			t.Errorf("%s may send in a list", role)
		}
	}
	// The role ends after the preview.
	w.put(&isms.Assignment{Record: isms.Record{ID: "as-coordinator", Unit: "board-a", Rev: 1}, Person: "coordinator", Role: isms.Coordinator, ValidTo: "2023-01-09"})
	before := w.seq()
	if s := w.run(who, d.ID, RunImport{}); s.Phase != ImportFailed || w.seq() != before {
		t.Errorf("the import of one who has lost the role is %+v", s)
	}
}

// One import runs at a time, and one that is stopped has kept nothing and can be run again.
func TestStoppedImport(t *testing.T) { onEach(t, stoppedImport) }

func stoppedImport(t *testing.T, w *world) {
	who := w.as("coordinator")
	var list strings.Builder
	list.WriteString("Namn;Status\n")
	for i := range 3000 {
		fmt.Fprintf(&list, "System %d;I bruk\n", i)
	}
	d := w.upload(who, list.String(), mapped("system", "name", "lifecycle"))
	other := w.upload(who, "Namn;Status\nEtt;I bruk\n", mapped("system", "name", "lifecycle"))
	before := w.seq()
	want(t, "run", w.RunImport(w.ctx(), who, d.ID, RunImport{}), nil)
	wantWrong(t, "again", w.RunImport(w.ctx(), who, d.ID, RunImport{}), "import_running")
	wantWrong(t, "another", w.RunImport(w.ctx(), who, other.ID, RunImport{}), "import_busy")
	wantWrong(t, "drop", w.DropImport(w.ctx(), who, d.ID), "import_running")
	time.Sleep(50 * time.Millisecond)
	w.StopImports()
	s, err := w.ImportState(w.ctx(), who, d.ID)
	want(t, "state", err, nil)
	if s.Phase != ImportStopped && s.Phase != ImportDone || s.Phase == ImportStopped && w.seq() != before {
		t.Errorf("the import is %+v, and %d entries were made", s, w.seq()-before)
	}
	wantWrong(t, "after the end", w.RunImport(w.ctx(), who, other.ID, RunImport{}), "import_closing")
	if s.Phase == ImportStopped {
		w.App.imports.ended = false // the program starts anew
		if i := w.taken(who, d.ID, RunImport{}); i.Created.String() != "3000" {
			t.Errorf("the second time it is %+v", i)
		}
	}
}

// What is noted between the preview and the import is seen: the plan is made again.
func TestAnImportSeesWhatHasHappenedSince(t *testing.T) {
	w := newWorld(t)
	who := w.as("coordinator")
	d := w.upload(who, "Namn;Status;Syfte\nÄrende;I bruk;Diarium\nNytt;I bruk;Nytt\n", mapped("system", "name", "lifecycle", "purpose"))
	b, done, err := w.book(w.ctx(), d)
	want(t, "book", err, nil)
	defer done()
	earlier, err := w.planOf(w.ctx(), who, d)
	want(t, "plan", err, nil)
	in := intake{id: d.ID, name: d.Name, sha: d.SHA256, m: d.Map, open: func() (*sheet.Book, func(), error) { return b, func() {}, nil },
		plan: func() (*plan, error) {
			w.put(&isms.System{Record: isms.Record{ID: "sys-a", Unit: "board-a", Rev: 1}, Name: "Ärende", Lifecycle: isms.InUse, Purpose: "Diarium"},
				&isms.System{Record: isms.Record{ID: "new", Unit: "board-a"}, Name: "Nytt", Lifecycle: isms.InUse, Purpose: "Gammalt"})
			return earlier, nil
		}}
	p, _, err := w.take(w.ctx(), who, in, RunImport{}, nil)
	want(t, "take", err, nil)
	if p.created != 0 || p.changed != 1 || p.unchanged != 1 {
		t.Errorf("%d created, %d changed, %d unchanged", p.created, p.changed, p.unchanged)
	}
}

// A list of units may have a department before its board, and people may be given roles by others only.
func TestImportOfUnits(t *testing.T) { onEach(t, importOfUnits) }

func importOfUnits(t *testing.T, w *world) {
	who := w.as("central_office")
	list := "Kod;Namn;Sort;Ligger under\nE2;Enheten;Avdelning;B9\nB9;Nya nämnden;Nämnd;city\nL1;Ringen;Avdelning;L2\nL2;Ringen två;Avdelning;L1\n"
	d := w.upload(who, list, func(m *ImportMap) {
		mapped("unit", "code", "name", "kind", "parent")(m)
		m.Columns[2].Values = map[string]string{"avdelning": "department", "namnd": "board"}
	})
	p := w.preview(who, d.ID)
	if sums(p) != [6]int{2, 0, 0, 2, 0, 0} || p.Rows[0].Act != RowNew {
		t.Fatalf("the preview is %v: %+v", sums(p), p.Rows)
	}
	w.taken(who, d.ID, RunImport{SkipWrong: true})
	var board, part *isms.Unit
	for _, rec := range w.everyOne("unit") {
		switch u := rec.(*isms.Unit); u.Code {
		case "B9":
			board = u
		case "E2":
			part = u
		}
	}
	if board == nil || part == nil || string(part.Parent) != board.ID || board.Unit != board.ID {
		t.Errorf("the units are %+v and %+v", board, part)
	}
}

// An entry of the record of processing in use that gets another purpose becomes a new version, and the same list again changes nothing.
func TestImportOfProcessings(t *testing.T) { onEach(t, importOfProcessings) }

func importOfProcessings(t *testing.T, w *world) {
	who := w.as("coordinator")
	w.put(&isms.Processing{Record: isms.Record{ID: "active", Unit: "board-a"}, Name: "Elevregister", Role: "controller", State: isms.ProcessingActive,
		Purpose: "Gammalt", ApprovedOn: "2022-01-01"})
	m := func(m *ImportMap) {
		mapped("processing", "name", "purpose")(m)
		m.Source, m.Fixed = "Förteckning", map[string]string{"role": "controller", "state": "draft"}
	}
	list := "Namn;Ändamål\nElevregister;Nytt ändamål\nAnnat;Något\n"
	d := w.upload(who, list, m)
	if p := w.preview(who, d.ID); sums(p) != [6]int{1, 1, 0, 0, 0, 0} {
		t.Fatalf("the preview is %v: %+v", sums(p), p.Rows)
	}
	i := w.taken(who, d.ID, RunImport{})
	versions := 0
	for _, rec := range w.everyOne("processing") {
		if p := rec.(*isms.Processing); p.Replaces == "active" && p.State == isms.ProcessingDraft {
			versions++
		}
	}
	d = w.upload(who, list, m)
	if p := w.preview(who, d.ID); sums(p) != [6]int{0, 0, 2, 0, 0, 0} || versions != 1 {
		t.Fatalf("again it is %v: %+v, with %d new versions", sums(p), p.Rows, versions)
	}
	want(t, "undo", w.UndoImport(w.ctx(), who, i.ID, ""), nil)
}

// A list that is kept as a set of rows is frozen with what it says of itself.
func TestImportOfASet(t *testing.T) { onEach(t, importOfASet) }

func importOfASet(t *testing.T, w *world) {
	who := w.as("coordinator")
	var list strings.Builder
	list.WriteString("Anst.nr;Namn;Namn;System;Senast inloggad\n")
	for i := range 2500 {
		fmt.Fprintf(&list, "%d;Person %d;x;Ärende;2023-01-0%d\n", i, i, i%9+1)
	}
	d := w.upload(who, list.String(), func(m *ImportMap) {
		mapped("population:entitlement", "person", "name", "", "system", "last_used")(m)
		m.Source = "Katalogen"
	})
	p := w.preview(who, d.ID)
	if p.Set == nil || p.Set.Rows != 2500 || fmt.Sprint(p.Set.Columns) != "[Anst.nr Namn Namn (2) System Senast inloggad]" || p.Set.Meaning["person"] != "Anst.nr" {
		t.Fatalf("the preview is %+v", p.Set)
	}
	for field, r := range map[string]RunImport{"name": {ListDay: "2023-01-09", Definition: "Alla"}, "list_day": {Name: "Rättigheter", Definition: "Alla"},
		"definition": {Name: "Rättigheter", ListDay: "2023-01-09"}} {
		err := w.RunImport(w.ctx(), who, d.ID, r)
		if !strings.Contains(fmt.Sprint(err), field+" required") {
			t.Errorf("without %s: %v", field, err)
		}
	}
	before := w.seq()
	i := w.taken(who, d.ID, RunImport{Name: "Rättigheter", ListDay: "2023-01-09", Definition: "Alla konton", System: "sys-a"})
	s, err := w.ImportState(w.ctx(), who, d.ID)
	want(t, "state", err, nil)
	page, err := w.Population(w.ctx(), who, s.Population, RowQuery{Search: "person 2499"})
	want(t, "rows", err, nil)
	if page.Rows.Total != 1 || page.Population.Rows.String() != "2500" || page.Population.System != "sys-a" || i.Created.String() != "2500" || w.seq() != before+2 {
		t.Errorf("the set is %+v, the import %+v", page, i)
	}
	if set, err := w.DB.VerifySet(context.Background(), w.org, s.Population); err != nil || set.SHA256 != page.Population.SHA256 {
		t.Errorf("the set is not whole: %v %+v", err, set)
	}
	want(t, "undo", w.UndoImport(w.ctx(), who, i.ID, ""), nil)
	rec, err := w.Get(w.ctx(), who, "population", s.Population)
	want(t, "set", err, nil)
	if rec.Entity.Head().Retired == "" {
		t.Error("the set is still in use")
	}
	d = w.upload(who, "Anst.nr;Namn\n", mapped("population:other", "person", "name"))
	if s := w.run(who, d.ID, RunImport{Name: "Tom", ListDay: "2023-01-09", Definition: "Inget"}); s.Phase != ImportFailed || s.Wrong[0].Code != "import_empty" {
		t.Errorf("an empty set is %+v", s)
	}
}

// A list that nobody took in and rows without a record are not left for ever.
func TestForgottenListsAreSwept(t *testing.T) { onEach(t, forgottenListsAreSwept) }

func forgottenListsAreSwept(t *testing.T, w *world) {
	who := w.as("coordinator")
	w.upload(who, systemList, systemsOf)
	left, err := w.DB.WriteSet(w.ctx(), w.org, "left", []string{"A"})
	want(t, "set", err, nil)
	want(t, "row", left.Add([]string{"1"}), nil)
	_, err = left.Close()
	want(t, "close", err, nil)
	if n, err := w.SweepImports(w.ctx()); err != nil || n != 0 {
		t.Fatalf("%d were swept at once: %v", n, err)
	}
	w.later("2023-03-01")
	w.upload(who, systemList, systemsOf)
	if n, err := w.SweepImports(w.ctx()); err != nil || n < 2 {
		t.Fatalf("%d were swept: %v", n, err)
	}
	if drafts, err := w.ImportDrafts(w.ctx(), who); err != nil || len(drafts) != 1 {
		t.Errorf("%d drafts are left: %v", len(drafts), err)
	}
}

// Limits say what to do.
func TestLimitsOfImports(t *testing.T) {
	w := newWorld(t)
	who := w.as("coordinator")
	_, err := w.ImportFile(w.ctx(), who, ImportFile{Name: "x.csv", File: strings.NewReader(""), Size: MaxUpload + 1})
	wantWrong(t, "a large file", err, "import_large")
	var list strings.Builder
	list.WriteString("Namn;Status\n")
	for i := range maxImportRows + 1 {
		fmt.Fprintf(&list, "S%d;I bruk\n", i)
	}
	d := w.upload(who, list.String(), mapped("system", "name", "lifecycle"))
	_, err = w.PreviewImport(w.ctx(), who, d.ID, PreviewQuery{})
	wantWrong(t, "a long list", err, "import_rows")
	for range maxDrafts - 1 {
		_, err = w.Upload(w.ctx(), who, "x.csv", strings.NewReader("a;b\n1;2\n"))
		want(t, "upload", err, nil)
	}
	_, err = w.Upload(w.ctx(), who, "x.csv", strings.NewReader("a;b\n1;2\n"))
	wantWrong(t, "many drafts", err, "import_drafts")
	w.Files = nil
	_, err = w.Upload(w.ctx(), who, "x.csv", strings.NewReader("a;b\n1;2\n"))
	wantWrong(t, "nowhere to keep files", err, "import_no_files")
}
