// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// marked is a mark on a field of a record of board-a; "" is all of it.
func marked(kind, id, field string) *isms.SecrecyMark {
	return &isms.SecrecyMark{Record: isms.Record{Unit: "board-a"}, Kind: kind, Of: id, Field: field, Provision: "osl_security_measures", MarkedOn: "2023-01-02",
		Authority: "Nämnd A"}
}

const hush = "Hemligheten"

// secretSystem is a system whose purpose is marked, with an owner who may change it and not see that.
func secretSystem(w *world) {
	w.put(&isms.System{Record: isms.Record{ID: "sys-s", Unit: "board-a"}, Name: "Larmet", Purpose: hush, Hosting: hush + " två", Lifecycle: isms.InUse, Owner: "system_owner"},
		marked("system", "sys-s", "purpose"), marked("system", "sys-s", "hosting"))
}

// TestSavingKeepsWhatCannotBeSeen holds that a form without a field neither empties nor overwrites it, also one that is sent with it.
func TestSavingKeepsWhatCannotBeSeen(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		secretSystem(w)
		owner := w.as("system_owner")
		rec, err := w.Get(w.ctx(), owner, "system", "sys-s")
		if err != nil {
			t.Fatal(err)
		}
		s := rec.Entity.(*isms.System)
		if _, masked := s.Masks("purpose"); !masked || strings.Contains(s.Purpose+s.Hosting, hush) || s.Name != "Larmet" {
			t.Errorf("the owner sees %+v", s)
		}
		if len(rec.Marks) != 2 {
			t.Errorf("the owner sees %d marks", len(rec.Marks))
		}
		for i, form := range []map[string][]string{{"name": {"Larmet A"}}, {"name": {"Larmet B"}, "purpose": {""}, "hosting": {"Annat"}}} {
			if _, err := w.Save(w.ctx(), owner, Change{Kind: "system", ID: "sys-s", Rev: s.Rev + i, Form: form}); err != nil {
				t.Fatal(err)
			}
		}
		whole, err := w.Get(w.ctx(), w.as("coordinator"), "system", "sys-s")
		if err != nil {
			t.Fatal(err)
		}
		if now := whole.Entity.(*isms.System); now.Name != "Larmet B" || now.Purpose != hush || now.Hosting != hush+" två" {
			t.Errorf("what could not be seen became %+v", now)
		}
	})
}

// TestActsDoNotEmptyWhatCannotBeSeen holds the same of acts that are no form of a register.
func TestActsDoNotEmptyWhatCannotBeSeen(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		secretSystem(w)
		_, err := w.once(w.ctx(), w.as("system_owner"), "", nil, func(tx *store.Tx) (string, error) {
			s, err := store.Get[isms.System](tx, everywhere, "sys-s")
			if err != nil {
				return "", err
			}
			s.Purpose, s.Name = "", "Larmet C"
			return s.ID, tx.Put(&s)
		})
		if err != nil {
			t.Fatal(err)
		}
		rec, err := w.Get(w.ctx(), w.as("coordinator"), "system", "sys-s")
		if err != nil {
			t.Fatal(err)
		}
		if now := rec.Entity.(*isms.System); now.Purpose != hush || now.Name != "Larmet C" {
			t.Errorf("it became %+v", now)
		}
	})
}

// TestSecretsAreNotFound holds that nothing is found, counted or ordered by what may not be seen, whole and in part.
func TestSecretsAreNotFound(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.put(&isms.System{Record: isms.Record{ID: "sys-s", Unit: "board-a"}, Name: "Ömheten", Supplier: hush, Lifecycle: isms.InUse, Owner: "head"},
			marked("system", "sys-s", "supplier"), marked("system", "sys-s", "name"), marked("system", "sys-s", "owner"))
		auditor, coordinator := w.as("auditor"), w.as("coordinator")
		for _, q := range []store.Query{{Search: hush}, {Search: "Ömheten"}, {Where: map[string][]string{"supplier": {hush}}}, {Where: map[string][]string{"name": {"Ömheten"}}},
			{Where: map[string][]string{"owner": {"head"}}}} {
			for who, want := range map[string]int{"auditor": 0, "coordinator": 1} {
				page, err := w.List(w.ctx(), w.as(who), "system", q)
				if err != nil {
					t.Fatal(err)
				}
				if page.Total != want || len(page.Records) != want {
					t.Errorf("%s finds %d by %+v, want %d", who, page.Total, q, want)
				}
			}
		}
		for _, sort := range []string{"", "name", "owner"} {
			q := store.Query{Sort: sort, Desc: true, Limit: 1}
			first, err := w.List(w.ctx(), auditor, "system", q)
			if err != nil {
				t.Fatal(err)
			}
			if first.Records[0].Head().ID == "sys-s" {
				t.Errorf("a list ordered by %q tells where the secret one stands", sort)
			}
			if seen, err := w.List(w.ctx(), coordinator, "system", q); err != nil || sort != "owner" && seen.Records[0].Head().ID != "sys-s" {
				t.Errorf("for who may see it it does not stand last by %q: %v", sort, err)
			}
		}
		person, err := w.Get(w.ctx(), auditor, "person", "head")
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(person.Back, func(b Back) bool { return b.Kind == "system" && slices.Contains(b.IDs, "sys-s") }) {
			t.Error("a link that may not be seen is told from its other end")
		}
		named, err := w.Names(w.ctx(), auditor, "system", []string{"sys-s"})
		if err != nil || named["sys-s"] != register.MaskedText("osl_security_measures") {
			t.Errorf("its title is %q, %v", named["sys-s"], err)
		}
	})
}

// TestMarkOnAllLeavesTheRegister holds that a mark on all of a record hides all but what a register of records must show, in its
// parts too, and that lifting it shows everything again.
func TestMarkOnAllLeavesTheRegister(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.put(&isms.Incident{Record: isms.Record{ID: "inc", Unit: "board-a"}, Reference: "A-2023-001", Title: "Dataintrång", Description: hush, State: isms.IncidentReported,
			ReportedAt: "2023-01-09T08:00:00.000000Z"},
			&isms.IncidentEntry{Record: isms.Record{ID: "line", Unit: "board-a"}, Incident: "inc", At: "2023-01-09T09:00:00.000000Z", Kind: "note", Text: hush})
		id, err := w.Mark(w.ctx(), w.as("head"), NewMark{Kind: "incident", ID: "inc", Provision: "osl_security_measures"})
		if err != nil {
			t.Fatal(err)
		}
		auditor := w.as("auditor")
		read := func() (isms.Incident, isms.IncidentEntry) {
			inc, err := w.Get(w.ctx(), auditor, "incident", "inc")
			if err != nil {
				t.Fatal(err)
			}
			line, err := w.Get(w.ctx(), auditor, "incident_entry", "line")
			if err != nil {
				t.Fatal(err)
			}
			return *inc.Entity.(*isms.Incident), *line.Entity.(*isms.IncidentEntry)
		}
		inc, line := read()
		if inc.Reference != "A-2023-001" || inc.Title != "Dataintrång" || inc.ReportedAt == "" || inc.State == "" {
			t.Errorf("the register does not stay public: %+v", inc)
		}
		if inc.Description == hush || line.Text == hush || line.At == "" {
			t.Errorf("the secret is told: %+v %+v", inc, line)
		}
		h, err := w.History(w.ctx(), auditor, "incident", "inc")
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range h.Versions {
			for _, c := range v.Changes {
				if c.Is == hush || c.Was == hush {
					t.Errorf("the history tells %s", c.Field.Name)
				}
			}
		}
		if err := w.LiftMark(w.ctx(), auditor, id, 1, ""); !errors.Is(err, isms.ErrForbidden) {
			t.Errorf("the auditor lifts a mark: %v", err)
		}
		if err := w.LiftMark(w.ctx(), w.as("head"), id, 1, ""); err != nil {
			t.Fatal(err)
		}
		if inc, line = read(); inc.Description != hush || line.Text != hush {
			t.Errorf("what is no longer marked is hidden: %+v %+v", inc, line)
		}
	})
}

// TestReadingIsNoted holds that who reads the secrets of an incident is noted, apart from the journal, and nobody else is.
func TestReadingIsNoted(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.put(&isms.Incident{Record: isms.Record{ID: "inc", Unit: "board-a"}, Reference: "A-2023-001", Title: "Dataintrång", Description: hush, State: isms.IncidentReported,
			ReportedAt: "2023-01-09T08:00:00.000000Z"}, marked("incident", "inc", "description"))
		secretSystem(w)
		seq := func() (n int64) {
			err := w.DB.View(w.ctx(), w.org, func(tx *store.Tx) (err error) { n, _, _, err = tx.Head(); return err })
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		before := seq()
		for _, person := range []string{"coordinator", "auditor", "dpo"} {
			if _, err := w.Get(OnPage(w.ctx(), "/r/incident/inc"), w.as(person), "incident", "inc"); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Incidents(w.ctx(), w.as(person), IncidentQuery{}); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Get(w.ctx(), w.as(person), "system", "sys-s"); err != nil {
				t.Fatal(err)
			}
		}
		list, err := w.Readings(w.ctx(), w.as("head"), ReadingQuery{})
		if err != nil {
			t.Fatal(err)
		}
		var who []string
		for _, r := range list.List {
			who = append(who, r.Who)
			if r.Kind != "incident" || r.ID != "inc" || r.Page != "/r/incident/inc" || r.Fields != "description" || r.Unit != "board-a" {
				t.Errorf("noted is %+v", r)
			}
		}
		if slices.Sort(who); !slices.Equal(who, []string{"coordinator", "dpo"}) {
			t.Errorf("noted are %v", who)
		}
		if after := seq(); after != before {
			t.Errorf("reading was noted in the journal: %d after %d", after, before)
		}
		for person, may := range map[string]bool{"head": true, "dpo": true, "central_office": true, "coordinator": false, "auditor": false, "coordinator-b": false} {
			if _, err := w.Readings(w.ctx(), w.as(person), ReadingQuery{}); may != (err == nil) {
				t.Errorf("%s sees the read log: %v", person, err)
			}
		}
		w.later("2025-02-01")
		if list, err = w.Readings(w.ctx(), w.as("head"), ReadingQuery{}); err != nil || len(list.List) > 0 {
			t.Errorf("what is to be gone is there: %+v %v", list.List, err)
		}
	})
}

// TestUnnotedIsUnread holds that a secret whose reading cannot be noted is not shown: here the act that would note it is refused.
func TestUnnotedIsUnread(t *testing.T) {
	w := newWorld(t)
	w.put(&isms.Incident{Record: isms.Record{ID: "inc", Unit: "board-a"}, Reference: "A-2023-001", Title: "Dataintrång", Description: hush, State: isms.IncidentReported,
		ReportedAt: "2023-01-09T08:00:00.000000Z"}, marked("incident", "inc", "description"))
	ctx, cancel := context.WithCancel(w.ctx())
	who := w.as("coordinator")
	err := w.view(ctx, who, func(tx *store.Tx) error {
		_, err := store.Get[isms.Incident](tx, everywhere, "inc")
		cancel()
		return err
	})
	if err == nil {
		t.Error("what was read was not noted, and is shown")
	}
	if rec, err := w.Get(ctx, who, "incident", "inc"); err == nil || rec.Entity != nil {
		t.Errorf("%v comes back with %v", rec.Entity, err)
	}
}

// TestMarksOfReports holds that what the program makes under cybersäkerhetslagen is marked when it is made, and that a mark follows
// what is copied.
func TestMarksOfReports(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.later("2026-03-02") // 18 kap. 8 b § is from that year
		w.put(&isms.Incident{Record: isms.Record{ID: "inc", Unit: "board-a"}, Reference: "A-2023-001", Title: "Dataintrång", Description: hush, State: isms.IncidentReported,
			ReportedAt: "2023-01-09T08:00:00.000000Z"}, marked("incident", "inc", "description"))
		id, err := w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "significance", Unit: "board-a", Form: map[string][]string{"name": {"Dataintrång"}, "incident": {"inc"},
			"known_at": {"2026-03-02T07:00:00.000000Z"}, "known_reason": {"Larmet gick."}, "known_by": {"coordinator"}}})
		if err != nil {
			t.Fatal(err)
		}
		page, err := w.Secrecy(w.ctx(), w.as("auditor"), "significance", id)
		if err != nil {
			t.Fatal(err)
		}
		var fields []string
		for _, m := range page.Marks {
			fields = append(fields, m.Field)
			if m.Provision != "osl_incident_reports" || m.Authority != "board-a" || m.MarkedBy != "coordinator" || m.MarkedOn != w.Today() {
				t.Errorf("the mark is %+v", m.SecrecyMark)
			}
		}
		if slices.Sort(fields); !slices.Equal(fields, []string{"hits", "known_reason", "more_facts", "reason"}) || !page.Silences {
			t.Errorf("marked are %v, silences %v", fields, page.Silences)
		}
		err = w.DB.Update(w.ctx(), store.Act{Org: w.org, Who: "coordinator"}, func(tx *store.Tx) error {
			inc, err := store.Get[isms.Incident](tx, everywhere, "inc")
			if err != nil {
				return err
			}
			b := &isms.Breach{Record: isms.Record{ID: "br", Unit: "board-a"}, Name: "Dataintrång", Incident: "inc", Role: "controller", Nature: inc.Description}
			return errors.Join(tx.Put(b), markLike(tx, &inc, "description", b, "nature"), markLike(tx, &inc, "title", b, "name"))
		})
		if err != nil {
			t.Fatal(err)
		}
		b, err := w.Get(w.ctx(), w.as("auditor"), "breach", "br")
		if err != nil {
			t.Fatal(err)
		}
		if is := b.Entity.(*isms.Breach); is.Nature == hush || is.Name != "Dataintrång" {
			t.Errorf("the copy is %+v", is)
		}
	})
}

// TestMarkRules holds what may be marked, by what, and by whom.
func TestMarkRules(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		head := w.as("head")
		for _, c := range []struct {
			n    NewMark
			code string
		}{
			{NewMark{Kind: "system", ID: "sys-a", Field: "purpose", Provision: "osl_18_8"}, "no_provision"},
			{NewMark{Kind: "system", ID: "sys-a", Field: "nothing", Provision: "osl_security_measures"}, "unknown_field"},
			{NewMark{Kind: "unit", ID: "board-a", Provision: "osl_security_measures"}, "not_markable"},
			{NewMark{Kind: "system", ID: "sys-a", Field: "purpose", Provision: "osl_security_measures"}, ""},
			{NewMark{Kind: "system", ID: "sys-a", Field: "purpose", Provision: "osl_security_measures"}, "marked_already"},
		} {
			_, err := w.Mark(w.ctx(), head, c.n)
			var wrong register.Wrongs
			if errors.As(err, &wrong); err != nil && (len(wrong) == 0 || wrong[0].Code != c.code) || err == nil && c.code != "" {
				t.Errorf("%+v: %v, want %q", c.n, err, c.code)
			}
		}
		for person, refused := range map[string]error{"auditor": isms.ErrForbidden, "dpo": isms.ErrForbidden, "system_owner": isms.ErrNotFound} {
			if _, err := w.Mark(w.ctx(), w.as(person), NewMark{Kind: "system", ID: "sys-a", Provision: "osl_security_measures"}); !errors.Is(err, refused) {
				t.Errorf("%s marks: %v", person, err)
			}
		}
		if _, err := w.Mark(w.ctx(), w.as("coordinator-b"), NewMark{Kind: "system", ID: "sys-a", Provision: "osl_security_measures"}); !errors.Is(err, isms.ErrNotFound) {
			t.Errorf("a neighbour marks: %v", err)
		}
	})
}

// TestMaskedCopy holds that a copy for somebody outside masks everything, whoever asks, and says so.
func TestMaskedCopy(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		secretSystem(w)
		for _, form := range []string{"csv", "xlsx"} {
			var open, masked bytes.Buffer
			if err := w.Export(w.ctx(), w.as("coordinator"), "system", store.Query{}, form, locale.Swedish, &open); err != nil {
				t.Fatal(err)
			}
			if err := w.Export(MaskedCopy(w.ctx()), w.as("coordinator"), "system", store.Query{}, form, locale.Swedish, &masked); err != nil {
				t.Fatal(err)
			}
			if form == "csv" && (!strings.Contains(open.String(), hush) || strings.Contains(masked.String(), hush) ||
				!strings.Contains(masked.String(), "Sekretess, 18 kap. 8 § OSL") || !strings.Contains(masked.String(), "framtagen av coordinator den 2023-01-10")) {
				t.Errorf("the copy says\n%s", masked.String())
			}
		}
	})
}

// TestListsThatComeBackTellNothing holds that taking a list in neither reveals nor overwrites what is marked: not by what is proposed to
// change, nor by finding records by it.
func TestListsThatComeBackTellNothing(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		secretSystem(w)
		w.put(&isms.System{Record: isms.Record{ID: "sys-n", Unit: "board-a"}, Name: "Namnlöst", Lifecycle: isms.InUse, Owner: "system_owner"}, marked("system", "sys-n", "name"))
		d := w.upload(w.as("coordinator"), "Namn;Status;Syfte\nLarmet;Planerat;Utskrivet av annan\nNamnlöst;Planerat;Annat\n", func(m *ImportMap) {
			mapped("system", "name", "lifecycle", "purpose")(m)
			m.Columns[1].Values = map[string]string{"planerat": "planned"}
		})
		b, done, err := w.book(w.ctx(), d)
		want(t, "book", err, nil)
		defer done()
		who := w.as("system_owner")
		var p *plan
		err = w.view(w.ctx(), who, func(tx *store.Tx) (err error) {
			p, err = planned(w.ctx(), tx, who, b, d.Map, nil)
			return err
		})
		want(t, "plan", err, nil)
		if len(p.rows) != 2 || p.rows[0].act != RowChanged || p.rows[1].act != RowNew {
			t.Fatalf("the rows are %+v", p.rows)
		}
		for _, row := range p.rows {
			for _, c := range p.shown(row).Changes {
				if strings.Contains(c.Was, hush) || row.number == 2 && c.Field == "purpose" {
					t.Errorf("the preview tells of %+v", c)
				}
			}
		}
		_, err = w.once(w.ctx(), who, "", nil, func(tx *store.Tx) (string, error) { return w.carryOutStep(tx, who, p.steps[0]) })
		want(t, "take", err, nil)
		rec, err := w.Get(w.ctx(), w.as("coordinator"), "system", "sys-s")
		want(t, "get", err, nil)
		if now := rec.Entity.(*isms.System); now.Lifecycle != "planned" || now.Purpose != hush || now.Hosting != hush+" två" {
			t.Errorf("it became %+v", now)
		}
	})
}

// TestProvisionsHaveWords holds the short citations to the law's provisions of secrecy.
func TestProvisionsHaveWords(t *testing.T) {
	for _, l := range locale.Langs() {
		for _, p := range law.Embedded().SecrecyRules("2026-11-24") {
			place := l.Provision(p.Key)
			if place == "" {
				t.Errorf("%s has no short words in %s", p.Key, l)
			}
			if rest, ok := strings.CutPrefix(p.Source, "Offentlighets- och sekretesslag (2009:400) "); l == locale.Swedish && (!ok || rest+" OSL" != place) {
				t.Errorf("%s is %q in short and %q in law", p.Key, place, p.Source)
			}
		}
	}
}

// openly are the files that read without a reader, each with the reason.
var openly = map[string]string{
	"app.go":               "who somebody is",
	"secrecy.go":           "view itself",
	"attachment_keep.go":   "files are counted and read through, and shown to nobody",
	"cast.go":              "who can be stepped into in a demonstration",
	"incident_link.go":     "the unit's name behind a link",
	"judge.go":             "how many rows are answered",
	"judge_link.go":        "which portion a link opens; its rows are read for somebody who is shown nothing marked",
	"removal_verify.go":    "lists are compared by the program, and what came of it is read by view",
	"spot_check_draw.go":   "rows are counted off, and shown to nobody",
	"spot_check_freeze.go": "rows are counted, and shown to nobody",
	"load.go":              "whether there is anything",
	"reminders_mail.go":    "letters that tell no contents",
	"reminders_choice.go":  "a calendar that tells no contents",
}

// TestEverythingIsReadForSomebody holds that acts read by view, which masks what is marked.
func TestEverythingIsReadForSomebody(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil || len(names) < 50 {
		t.Fatal(err, len(names))
	}
	reads := regexp.MustCompile(`DB\.View(For)?\(`)
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, "_test.go") && reads.Match(text) && openly[name] == "" {
			t.Errorf("%s reads without a reader: use view", name)
		}
	}
}
