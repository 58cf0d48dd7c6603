// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"fmt"
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
)

// entry is an entry of the record of processing with every compulsory field.
func entry(id, unit, owner string) *isms.Processing {
	return &isms.Processing{Record: isms.Record{ID: id, Unit: unit}, Name: "Behandling " + id, Role: "controller", State: isms.ProcessingActive,
		Version: 1, Purpose: "Pröva ansökningar", Owner: register.Ref[isms.Person](owner), LegalBasis: "public_interest", Statute: "Socialtjänstlagen (2025:400)",
		Subjects: "Sökande", DataCategories: "Namn", PersonalData: isms.OrdinaryData, Recipients: "Inga", TransfersOut: isms.No,
		Retention: "Fem år", Security: "Behörighetsstyrning", ApprovedOn: "2021-12-01"}
}

func (w *world) entry(id string) isms.Processing {
	w.t.Helper()
	r, err := w.Get(w.ctx(), w.as("auditor"), "processing", id)
	if err != nil {
		w.t.Fatal(err)
	}
	return *r.Entity.(*isms.Processing)
}

func (w *world) words(of string) []isms.Confirmation {
	w.t.Helper()
	t, err := w.List(w.ctx(), w.as("auditor"), "confirmation", Query{Where: map[string][]string{"processing": {of}}})
	if err != nil {
		w.t.Fatal(err)
	}
	var list []isms.Confirmation
	for _, rec := range t.Records {
		list = append(list, *rec.(*isms.Confirmation))
	}
	return list
}

func TestAnEntryOnItsWay(t *testing.T) { onEach(t, anEntryOnItsWay) }

func anEntryOnItsWay(t *testing.T, w *world) {
	owner := w.as("information_owner")
	id, err := w.Save(w.ctx(), owner, Change{Kind: "processing", Unit: "board-a", Form: map[string][]string{
		"name": {"Ansökningar"}, "role": {"controller"}, "state": {"draft"}, "purpose": {"Pröva ansökningar"}, "owner": {"information_owner"}}})
	want(t, "a draft", err, nil)
	want(t, "checking", w.CheckProcessing(w.ctx(), w.as("coordinator"), Entry{id, 1}, "k"), nil)
	want(t, "checking again with the same key", w.CheckProcessing(w.ctx(), w.as("coordinator"), Entry{id, 1}, "k"), nil)
	want(t, "checking what has changed", w.CheckProcessing(w.ctx(), w.as("coordinator"), Entry{id, 1}, "k2"), isms.ErrStale)
	want(t, "approval by the owner", w.ApproveProcessings(w.ctx(), owner, []Entry{{id, 2}}, "", ""), isms.ErrForbidden)
	err = w.ApproveProcessings(w.ctx(), w.as("head"), []Entry{{id, 2}}, "", "")
	wantWrong(t, "approval of half an entry", err, "approved_without")
	_, err = w.Save(w.ctx(), owner, Change{Kind: "processing", ID: id, Rev: 2, Form: map[string][]string{"state": {"active"}}})
	wantWrong(t, "approval by a form", err, "processing_by_act")
	_, err = w.Save(w.ctx(), owner, Change{Kind: "processing", ID: id, Rev: 2, Form: map[string][]string{
		"legal_basis": {"public_interest"}, "statute": {"Skollagen"}, "subjects": {"Elever"}, "data_categories": {"Namn"},
		"recipients": {"Inga"}, "transfers_out": {"no"}, "retention": {"Två år"}, "security": {"Behörighet"}}})
	want(t, "the rest", err, nil)
	wantWrong(t, "approval tomorrow", w.ApproveProcessings(w.ctx(), w.as("head"), []Entry{{id, 3}}, "2023-01-11", ""), "decided_ahead")
	want(t, "approval", w.ApproveProcessings(w.ctx(), w.as("head"), []Entry{{id, 3}}, "", ""), nil)
	if p := w.entry(id); p.State != isms.ProcessingActive || p.ApprovedOn != "2023-01-10" {
		t.Errorf("after approval: %+v", p)
	}
	wantWrong(t, "approval again", w.ApproveProcessings(w.ctx(), w.as("head"), []Entry{{id, 4}}, "", ""), "not_draft")
	wantWrong(t, "an end ahead", w.EndProcessing(w.ctx(), owner, Entry{id, 4}, "2023-02-01", ""), "ended_ahead")
	wantWrong(t, "an end before the approval", w.EndProcessing(w.ctx(), owner, Entry{id, 4}, "2023-01-09", ""), "before")
	want(t, "the end", w.EndProcessing(w.ctx(), owner, Entry{id, 4}, "", ""), nil)
	_, err = w.Save(w.ctx(), owner, Change{Kind: "processing", ID: id, Rev: 5, Form: map[string][]string{"recipients": {"Andra"}}})
	wantWrong(t, "a change of what has ended", err, "processing_closed")
}

func TestAnotherPurposeIsANewVersion(t *testing.T) {
	w := newWorld(t)
	w.put(entry("p1", "board-a", "information_owner"))
	owner := w.as("information_owner")
	_, err := w.Save(w.ctx(), owner, Change{Kind: "processing", ID: "p1", Rev: 2, Form: map[string][]string{"purpose": {"Annat"}}})
	want(t, "a revision that is not there", err, isms.ErrStale)
	id, err := w.Save(w.ctx(), owner, Change{Kind: "processing", ID: "p1", Rev: 1, Form: map[string][]string{"purpose": {"Pröva och följa upp"}}})
	want(t, "another purpose", err, nil)
	p, old := w.entry(id), w.entry("p1")
	if id == "p1" || p.Version != 2 || p.Replaces != "p1" || p.State != isms.ProcessingDraft || p.ApprovedOn != "" || p.Statute != old.Statute {
		t.Errorf("the new version is %+v", p)
	}
	if old.State != isms.ProcessingActive || old.Purpose != "Pröva ansökningar" || old.Rev != 1 {
		t.Errorf("the old version is %+v before the new one is approved", old)
	}
	_, err = w.Save(w.ctx(), owner, Change{Kind: "processing", ID: "p1", Rev: 1, Form: map[string][]string{"purpose": {"Ett tredje"}}})
	wantWrong(t, "a third version at the same time", err, "new_version_exists")
	want(t, "approval", w.ApproveProcessings(w.ctx(), w.as("head"), []Entry{{id, 1}}, "", ""), nil)
	old = w.entry("p1")
	if old.State != isms.ProcessingReplaced || old.EndedOn != "2023-01-10" || old.Purpose != "Pröva ansökningar" {
		t.Errorf("the old version is %+v afterwards", old)
	}
	if p := w.entry(id); p.State != isms.ProcessingActive {
		t.Errorf("the new version is %+v afterwards", p)
	}
	_, err = w.Save(w.ctx(), owner, Change{Kind: "processing", ID: id, Rev: 2, Form: map[string][]string{"version": {"9"}}})
	wantWrong(t, "a version by hand", err, "processing_by_act")
	_, err = w.Save(w.ctx(), owner, Change{Kind: "processing", ID: id, Rev: 2, Form: map[string][]string{"secret": {"1"}}})
	wantWrong(t, "a secret without provision", err, "secret_without_provision")
}

func TestTheYearlyInventory(t *testing.T) { onEach(t, theYearlyInventory) }

func theYearlyInventory(t *testing.T, w *world) {
	for i := range 3 {
		w.put(entry(fmt.Sprint("p", i), "board-a", "information_owner"))
	}
	w.put(entry("other", "board-a", "manager"), entry("nobodys", "dept-a", ""), entry("b", "board-b", "coordinator-b"))
	owner := w.as("information_owner")
	mine, err := w.Mine(w.ctx(), owner)
	want(t, "mine", err, nil)
	if len(mine.Entries) != 3 || mine.Left != 0 || mine.Entries[0].Current || mine.Entries[0].Last != "2021-12-01" {
		t.Errorf("before the campaign: %+v", mine)
	}
	_, err = w.StartCampaign(w.ctx(), owner, NewCampaign{Unit: "board-a", Name: "2023", Year: 2023, EndsOn: "2023-02-28"})
	want(t, "a campaign by an owner", err, isms.ErrForbidden)
	_, err = w.StartCampaign(w.ctx(), w.as("coordinator"), NewCampaign{Unit: "board-a", Name: "2023", Year: 2023, EndsOn: "2022-02-28"})
	wantWrong(t, "a campaign that ends before it begins", err, "before")
	campaign, err := w.StartCampaign(w.ctx(), w.as("coordinator"), NewCampaign{Unit: "board-a", Name: "2023", Year: 2023, EndsOn: "2023-02-28"})
	want(t, "a campaign", err, nil)
	_, err = w.StartCampaign(w.ctx(), w.as("coordinator"), NewCampaign{Unit: "board-a", Name: "2023 igen", Year: 2023, EndsOn: "2023-02-28"})
	wantWrong(t, "a second one", err, "campaign_exists")

	if mine, _ = w.Mine(w.ctx(), owner); mine.Left != 3 || len(mine.Campaigns) != 1 {
		t.Errorf("when the campaign has begun: %+v", mine)
	}
	unchanged := []EntryAnswer{{Entry: Entry{"p0", 1}, Outcome: isms.ConfirmedUnchanged}, {Entry: Entry{"p1", 1}, Outcome: isms.ConfirmedUnchanged}}
	want(t, "two unchanged", w.Confirm(w.ctx(), owner, unchanged, ""), nil)
	want(t, "the same button again", w.Confirm(w.ctx(), owner, unchanged, ""), nil)
	if got := w.words("p0"); len(got) != 1 || got[0].Person != "information_owner" || string(got[0].Campaign) != campaign {
		t.Errorf("words on p0: %+v", got)
	}
	_, err = w.Save(w.ctx(), owner, Change{Kind: "processing", ID: "p2", Rev: 1, Form: map[string][]string{"recipients": {"Försäkringskassan"}}})
	want(t, "a change", err, nil)
	if got := w.words("p2"); len(got) != 1 || got[0].Outcome != isms.ConfirmedChanged {
		t.Errorf("words on p2 after the owner's change: %+v", got)
	}
	want(t, "somebody else's entry", w.Confirm(w.ctx(), owner, []EntryAnswer{{Entry: Entry{"other", 1}, Outcome: isms.ConfirmedUnchanged}}, ""), isms.ErrForbidden)
	want(t, "another unit's entry", w.Confirm(w.ctx(), owner, []EntryAnswer{{Entry: Entry{"b", 1}, Outcome: isms.ConfirmedUnchanged}}, ""), isms.ErrNotFound)
	want(t, "an entry as it was", w.Confirm(w.ctx(), owner, []EntryAnswer{{Entry: Entry{"p2", 1}, Outcome: isms.ConfirmedUnchanged}}, ""), isms.ErrStale)
	wantWrong(t, "an outcome that is none", w.Confirm(w.ctx(), owner, []EntryAnswer{{Entry: Entry{"p2", 2}, Outcome: "lost"}}, ""), "choice")
	both := []EntryAnswer{{Entry: Entry{"p0", 1}, Outcome: isms.ConfirmedEnded}, {Entry: Entry{"b", 1}, Outcome: isms.ConfirmedUnchanged}}
	want(t, "one right and one wrong", w.Confirm(w.ctx(), owner, both, ""), isms.ErrNotFound)
	if p := w.entry("p0"); p.State != isms.ProcessingActive {
		t.Error("half of an act was kept")
	}
	w.later("2023-01-20")
	want(t, "an end", w.Confirm(w.ctx(), owner, both[:1], ""), nil)
	if mine, _ = w.Mine(w.ctx(), owner); mine.Left != 0 || len(mine.Entries) != 2 || !mine.Entries[0].Current {
		t.Errorf("when all is answered: %+v", mine)
	}

	status, err := w.Campaign(w.ctx(), w.as("coordinator"), campaign)
	want(t, "status", err, nil)
	if status.Entries != 4 || status.Answered != 2 || fmt.Sprint(status.Silent) != "[manager]" || status.Owners[0].Person != "" && status.Owners[0].Person != "manager" {
		t.Errorf("status: %+v", status)
	}
	want(t, "for an absent owner", w.Confirm(w.ctx(), w.as("coordinator"), []EntryAnswer{{Entry: Entry{"other", 1}, Outcome: isms.ConfirmedUnchanged}}, ""), nil)
	if got := w.words("other"); len(got) != 1 || got[0].Person != "coordinator" {
		t.Errorf("words on other: %+v", got)
	}
	w.later("2024-01-10")
	if mine, _ = w.Mine(w.ctx(), owner); mine.Left != 0 || !mine.Entries[0].Current {
		t.Errorf("a year later: %+v", mine.Entries)
	}
	w.later("2024-01-11")
	if mine, _ = w.Mine(w.ctx(), owner); mine.Entries[0].Current {
		t.Errorf("a year and a day later: %+v", mine.Entries)
	}
}
