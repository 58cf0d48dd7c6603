// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/report"
)

// record fills board-a with a record of processing: a supplier and an agreement in the city, a transfer, an assessment and two
// requests.
func (w *world) record() {
	w.t.Helper()
	at := func(id, unit string) isms.Record { return isms.Record{ID: id, Unit: unit} }
	p := entry("p1", "board-a", "information_owner")
	p.TransfersOut, p.Systems, p.Suppliers = isms.Yes, []register.Ref[isms.System]{"sys-a"}, []register.Ref[isms.Supplier]{"cloud"}
	p.Agreements = []register.Ref[isms.Agreement]{"deal"}
	hush := entry("p2", "board-a", "information_owner")
	hush.Name, hush.Purpose, hush.Secret, hush.SecretReason = "Skyddade personer", "Hemligt", true, "21 kap. 3 § OSL"
	w.put(
		&isms.Supplier{Record: at("cloud", "city"), Name: "Molnet Ireland Ltd", Country: "IE", ParentCountry: "US"},
		&isms.Agreement{Record: at("deal", "city"), Title: "Biträdesavtal", Supplier: "cloud", IsProcessing: true, IncidentHours: register.CountOf(48)},
		&isms.SubProcessor{Record: at("sub", "city"), Name: "Support Pvt", Agreement: "deal", Country: "IN"},
		&isms.Decision{Record: at("cloud-decision", "city"), Title: "Inriktning för molntjänster", Kind: "direction", State: isms.DecisionOpen, Affects: isms.SubjectCloudOutsideEU},
		p, hush, entry("b1", "board-b", "coordinator-b"),
		&isms.Transfer{Record: at("t1", "board-a"), Processing: "p1", Country: "US", Importer: "Molnet Inc", Tool: isms.ToolDPF},
		&isms.DPIA{Record: at("dpia", "board-a"), Title: "Bedömning", Processing: "p1", State: isms.DPIAInWork, SensitiveData: isms.Yes, VulnerablePersons: isms.Yes},
		&isms.DPIARisk{Record: at("r10", "board-a"), DPIA: "dpia", Number: "R10", Event: "Obehörig läser", LikelihoodBefore: 3, ConsequenceBefore: 4, LikelihoodAfter: 1, ConsequenceAfter: 4},
		&isms.DPIARisk{Record: at("r2", "board-a"), DPIA: "dpia", Number: "R2", Event: "Uppgifter försvinner", LikelihoodBefore: 2, ConsequenceBefore: 2, LikelihoodAfter: 3, ConsequenceAfter: 2},
		&isms.DPIARisk{Record: at("r3", "board-a"), DPIA: "dpia", Number: "R3", Event: "Fel person", LikelihoodBefore: 2},
		&isms.SubjectRequest{Record: at("q1", "board-a"), Dnr: "X 1", Kind: "access", ReceivedOn: "2022-12-20", Handler: "coordinator"},
		&isms.SubjectRequest{Record: at("q2", "board-a"), Dnr: "X 2", Kind: "erasure", ReceivedOn: "2022-11-01", Handler: "coordinator"},
		&isms.SubjectRequest{Record: at("q3", "board-a"), Dnr: "X 3", Kind: "access", ReceivedOn: "2022-11-01", AnsweredOn: "2022-11-20"})
}

func TestWorklistIsForThoseWhoSeeAll(t *testing.T) { onEach(t, worklistIsForThoseWhoSeeAll) }

func worklistIsForThoseWhoSeeAll(t *testing.T, w *world) {
	w.record()
	list, err := w.ProcessingWorklist(w.ctx(), w.as("coordinator"), "board-a")
	want(t, "worklist", err, nil)
	var got []string
	for _, g := range list.Groups {
		got = append(got, fmt.Sprintf("%s %d", g.Code, len(g.List)))
		for _, l := range locale.Langs() {
			what, why, mend := g.Words(l)
			if strings.Contains(what+why+mend, "[[") || strings.Contains(what, "{") {
				t.Errorf("%s in %s: %s %s %s", g.Code, l, what, why, mend)
			}
		}
	}
	for _, wanted := range []string{"request_late 1", "request_due 1", "agreement_incident_hours 1", "supplier_outside_eu 1", "transfer_against_decision 1",
		"transfer_not_assessed 1", "dpia_needed 1", "dpia_worse_after 1", "processing_unconfirmed 2"} {
		if !strings.Contains(strings.Join(got, ", ")+",", wanted+",") {
			t.Errorf("no %q in %v", wanted, got)
		}
	}
	_, err = w.ProcessingWorklist(w.ctx(), w.as("information_owner"), "board-a")
	want(t, "an owner", err, isms.ErrForbidden)
	_, err = w.ProcessingWorklist(w.ctx(), w.as("coordinator"), "board-b")
	want(t, "another unit", err, isms.ErrNotFound)
	other, err := w.ProcessingWorklist(w.ctx(), w.as("coordinator-b"), "board-b")
	want(t, "the other unit", err, nil)
	for _, g := range other.Groups {
		for _, one := range g.List {
			if one.Unit != "board-b" {
				t.Errorf("board-b is told of %+v", one)
			}
		}
	}
}

func TestTransferPage(t *testing.T) {
	w := newWorld(t)
	w.record()
	p, err := w.Transfers(w.ctx(), w.as("dpo"), "board-a")
	want(t, "transfers", err, nil)
	if len(p.Rows) != 1 || !p.Rows[0].Third || len(p.Decisions) != 1 || p.Titles.Of("processing", "p1") == "" {
		t.Fatalf("%+v", p)
	}
	if got := codes(p.Rows[0].Remarks); got != "transfer_dpf_unchecked transfer_dpf_alone transfer_not_assessed transfer_against_decision" {
		t.Errorf("remarks: %s", got)
	}
	if len(p.Parties) != 2 || !p.Parties[0].ForeignParent || p.Parties[0].Name != "Molnet Ireland Ltd" || p.Parties[1].ForeignParent || p.Parties[1].Country != "IN" {
		t.Errorf("parties: %+v", p.Parties)
	}
	_, err = w.Transfers(w.ctx(), w.as("coordinator-b"), "board-a")
	want(t, "another unit", err, isms.ErrNotFound)
}

func TestDPIAPage(t *testing.T) {
	w := newWorld(t)
	w.record()
	p, err := w.DPIA(w.ctx(), w.as("information_owner"), "dpia")
	want(t, "assessment", err, nil)
	if p.Met != 2 || p.Needed != isms.Yes || fmt.Sprint(p.Unplaced) != "[R3]" || len(p.Risks) != 3 || p.Risks[0].Number != "R2" {
		t.Errorf("%+v", p)
	}
	if got := fmt.Sprint(p.Before[2][3], p.Before[1][1], p.After[0][3], p.After[2][1]); got != "[R10] [R2] [R10] [R2]" {
		t.Errorf("matrices: %s", got)
	}
	if got := codes(p.Remarks); !strings.Contains(got, "dpia_worse_after") {
		t.Errorf("remarks: %s", got)
	}
	_, err = w.DPIA(w.ctx(), w.as("coordinator-b"), "dpia")
	want(t, "another unit", err, isms.ErrNotFound)

	save := func(who string, rev int, form map[string][]string) error {
		_, err := w.Save(w.ctx(), w.as(who), Change{Kind: "dpia", ID: "dpia", Rev: rev, Form: form})
		return err
	}
	wantWrong(t, "the officer assesses", save("dpo", 1, map[string][]string{"conclusion": {"Bra"}}), "opinion_only")
	want(t, "the officer's opinion", save("dpo", 1, map[string][]string{"dpo_opinion": {"Tillstyrks"}, "dpo_opinion_on": {"2023-01-09"}}), nil)
	decided := map[string][]string{"state": {"decided"}, "decided_on": {"2023-01-10"}}
	wantWrong(t, "decided by its author", save("information_owner", 2, decided), "dpia_by_decider")
	want(t, "decided by the head", save("head", 2, decided), nil)
	wantWrong(t, "a change of what is decided", save("coordinator", 3, map[string][]string{"conclusion": {"Annan"}}), "dpia_by_decider")
}

func TestRequestPage(t *testing.T) {
	w := newWorld(t)
	w.record()
	p, err := w.Requests(w.ctx(), w.as("manager"), "board-a")
	want(t, "requests", err, nil)
	if len(p.Open) != 2 || len(p.Done) != 1 || p.Late != 1 {
		t.Fatalf("%+v", p)
	}
	late, soon := p.Open[0], p.Open[1]
	if late.ID != "q2" || late.Last != "2022-12-01" || !late.Late || late.DaysLeft != -40 || late.MayExtend {
		t.Errorf("the late one: %+v", late)
	}
	if soon.ID != "q1" || soon.Last != "2023-01-20" || soon.Late || soon.DaysLeft != 10 || !soon.MayExtend {
		t.Errorf("the one soon due: %+v", soon)
	}
	_, err = w.Requests(w.ctx(), w.as("employee"), "board-a")
	want(t, "an employee", err, isms.ErrNotFound)
	_, err = w.Requests(w.ctx(), w.as("manager"), "board-b")
	want(t, "another unit", err, isms.ErrNotFound)
}

func TestReminders(t *testing.T) {
	w := newWorld(t)
	w.record()
	_, err := w.StartCampaign(w.ctx(), w.as("coordinator"), NewCampaign{Unit: "board-a", Name: "Inventering 2023", Year: 2023, EndsOn: "2023-02-28"})
	want(t, "campaign", err, nil)
	draft := entry("draft", "board-a", "information_owner")
	draft.State, draft.ApprovedOn = isms.ProcessingChecked, ""
	w.put(draft)
	told := func(who string) string {
		list, err := w.Reminders(w.ctx(), w.as(who))
		want(t, who, err, nil)
		var texts []string
		for _, r := range list {
			texts = append(texts, r.Words(locale.Swedish))
		}
		return strings.Join(texts, " | ")
	}
	for who, wanted := range map[string]string{
		"information_owner": "2 poster i registerförteckningen väntar på ditt svar (Inventering 2023).",
		"coordinator": "2 av 2 poster är inte besvarade i Inventering 2023; 1 person har inte svarat alls." +
			" | Begäran X 1 ska besvaras senast 2023-01-20. | Begäran X 2 ska besvaras senast 2022-12-01.",
		"head":     "1 post i registerförteckningen väntar på att godkännas.",
		"employee": "",
		"manager":  "",
	} {
		if got := told(who); got != wanted {
			t.Errorf("%s is told %q, want %q", who, got, wanted)
		}
	}
}

func TestRecordOfProcessing(t *testing.T) { onEach(t, recordOfProcessing) }

func recordOfProcessing(t *testing.T, w *world) {
	w.record()
	_, err := w.RecordOfProcessing(w.ctx(), w.as("information_owner"), "board-a", false, locale.Swedish)
	want(t, "an owner", err, isms.ErrForbidden)
	_, err = w.RecordOfProcessing(w.ctx(), w.as("coordinator"), "board-b", true, locale.Swedish)
	want(t, "another unit", err, isms.ErrNotFound)
	for _, public := range []bool{false, true} {
		r, err := w.RecordOfProcessing(w.ctx(), w.as("coordinator"), "board-a", public, locale.Swedish)
		want(t, "record", err, nil)
		var text, book bytes.Buffer
		if err := errors.Join(report.Text(&text, r.Doc()), r.Workbook(&book)); err != nil {
			t.Fatal(err)
		}
		all := text.String() + unpacked(t, book.Bytes())
		if strings.Contains(all, "Skyddade personer") == public || strings.Contains(all, "Hemligt") == public {
			t.Errorf("public %v: what is secret is told, or kept from those who may see it", public)
		}
		for _, wanted := range []string{"Dataskyddsombud: dpo", "Behandling p1", "Molnet Ireland Ltd finns i Irland men har ett moderbolag i USA.", "21 kap. 3 § OSL", "Support Pvt"} {
			if !strings.Contains(all, wanted) {
				t.Errorf("public %v: no %q", public, wanted)
			}
		}
		if strings.Contains(all, "Behandling b1") {
			t.Error("another unit's entry is told")
		}
	}
}

// unpacked is the text of all files of a workbook.
func unpacked(t *testing.T, data []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
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
	}
	return all.String()
}

// TestBadInputToTheRecord gives what must not be kept, through the same act as the pages.
func TestBadInputToTheRecord(t *testing.T) {
	w := newWorld(t)
	w.record()
	whole := map[string][]string{"name": {"Ny"}, "role": {"controller"}, "state": {"draft"}}
	with := func(more map[string][]string) map[string][]string {
		form := map[string][]string{}
		for _, m := range []map[string][]string{whole, more} {
			for k, v := range m {
				form[k] = v
			}
		}
		return form
	}
	for _, c := range []struct {
		what, kind, code string
		form             map[string][]string
	}{
		{"a country that does not exist", "supplier", "no_country", map[string][]string{"name": {"X"}, "country": {"XX"}}},
		{"a parent in no country", "supplier", "no_country", map[string][]string{"name": {"X"}, "parent_country": {"se"}}},
		{"a transfer to nowhere", "transfer", "no_country", map[string][]string{"processing": {"p1"}, "importer": {"X"}, "country": {"ZZ"}}},
		{"a transfer within the EU", "transfer", "not_third_country", map[string][]string{"processing": {"p1"}, "importer": {"X"}, "country": {"DE"}}},
		{"the framework with another country", "transfer", "tool_not_for_country", map[string][]string{"processing": {"p1"}, "importer": {"X"}, "country": {"IN"}, "tool": {"dpf"}}},
		{"a basis without ground, checked", "processing", "basis_without_ground", with(map[string][]string{"state": {"checked"}, "legal_basis": {"legal_obligation"}})},
		{"a purpose of a million letters", "processing", "long", with(map[string][]string{"purpose": {strings.Repeat("å", 100_000)}})},
		{"an entry that is active at once", "processing", "processing_by_act", with(map[string][]string{"state": {"active"}})},
		{"an entry that replaces another", "processing", "processing_by_act", with(map[string][]string{"replaces": {"p1"}})},
		{"an owner who is not there", "processing", "no_such", with(map[string][]string{"owner": {"nobody"}})},
		{"another unit's entry", "transfer", "no_such", map[string][]string{"processing": {"b1"}, "importer": {"X"}, "country": {"US"}}},
		{"a campaign that ends first", "campaign", "before", map[string][]string{"name": {"X"}, "year": {"2023"}, "starts_on": {"2023-02-01"}, "ends_on": {"2023-01-01"}}},
		{"a risk off the scale", "dpia_risk", "scale", map[string][]string{"dpia": {"dpia"}, "event": {"X"}, "likelihood_before": {"5"}}},
		{"an extension after the month", "subject_request", "extended_late", map[string][]string{"dnr": {"X"}, "kind": {"access"}, "received_on": {"2022-11-01"},
			"extended_on": {"2022-12-24"}, "extension_cause": {"X"}}},
	} {
		_, err := w.Save(w.ctx(), w.as("coordinator"), Change{Kind: c.kind, Unit: "board-a", Form: c.form})
		wantWrong(t, c.what, err, c.code)
	}
}
