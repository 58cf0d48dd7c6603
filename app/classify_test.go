// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// pupils adds a set that the information owner owns, in the first board's system.
func (w *world) pupils() {
	w.t.Helper()
	w.put(&isms.InformationSet{Record: isms.Record{ID: "pupils", Unit: "board-a"}, Name: "Elever", Owner: "information_owner",
		Systems: []register.Ref[isms.System]{"sys-a"}})
}

func (w *world) workshop(kind, id string) isms.Classification {
	w.t.Helper()
	c, err := w.StartWorkshop(w.ctx(), w.as("coordinator"), NewWorkshop{Kind: kind, ID: id})
	if err != nil {
		w.t.Fatal(err)
	}
	return w.classification(c)
}

func (w *world) classification(id string) isms.Classification {
	w.t.Helper()
	var c isms.Classification
	err := w.DB.View(w.ctx(), org, func(tx *store.Tx) (err error) {
		c, err = store.Get[isms.Classification](tx, everywhere, id)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// judge takes the object from the beginning to a decision by its owner, or by the head where it has none.
func (w *world) judge(kind, id, profile, decider string) isms.Classification {
	w.t.Helper()
	c := w.workshop(kind, id)
	c, err := w.SaveProfile(w.ctx(), w.as("coordinator"), c.ID, c.Rev, profile, "")
	want(w.t, "profile", err, nil)
	want(w.t, "propose", w.ProposeClassification(w.ctx(), w.as("coordinator"), Entry{c.ID, c.Rev}, ""), nil)
	c = w.classification(c.ID)
	want(w.t, "decide", w.DecideClassifications(w.ctx(), w.as(decider), ClassificationDecision{Proposals: []Entry{{c.ID, c.Rev}}}), nil)
	return w.classification(c.ID)
}

func by(economy, trust isms.Level) map[isms.Category]isms.Level {
	return map[isms.Category]isms.Level{"economy": economy, "trust": trust}
}

func TestAWorkshopFromBeginningToDecision(t *testing.T) {
	w := newWorld(t)
	w.pupils()
	who := w.as("coordinator")
	c := w.workshop("information_set", "pupils")
	if c.State != isms.ClassificationInWorkshop || c.Leader != "coordinator" || c.Model != isms.CurrentModel || c.Set != "pupils" || c.Unit != "board-a" {
		t.Fatalf("begun: %+v", c)
	}
	if again := w.workshop("information_set", "pupils"); again.ID != c.ID {
		t.Error("a second workshop was begun beside the first")
	}
	grounds := "OSL 23 kap. 1 §"
	for i, asp := range []isms.Aspect{isms.Confidentiality, isms.Integrity} {
		s := AspectSave{ID: c.ID, Rev: c.Rev, Aspect: asp, By: by("1", "3"), Motive: "Elever med skyddade uppgifter", Key: string(asp)}
		if i == 0 {
			s.LegalGrounds = &grounds
		}
		var err error
		c, err = w.SaveAspect(w.ctx(), who, s)
		want(t, string(asp), err, nil)
	}
	if c.Title() != "K3/R3/T-" || c.ConfidentialityBy != "economy=1 trust=3" || c.LegalGrounds != grounds {
		t.Errorf("after two aspects: %+v", c)
	}
	wantWrong(t, "proposed before all is judged", w.ProposeClassification(w.ctx(), who, Entry{c.ID, c.Rev}, ""), "required")
	c, err := w.SaveAspect(w.ctx(), who, AspectSave{ID: c.ID, Rev: c.Rev, Aspect: isms.Availability, By: by("1", "0"), Level: "2", Motive: "Många använder det"})
	want(t, "a level above the worst", err, nil)
	want(t, "propose", w.ProposeClassification(w.ctx(), who, Entry{c.ID, c.Rev}, ""), nil)
	c = w.classification(c.ID)
	if c.State != isms.ClassificationProposed || c.ProposedOn != "2023-01-10" || c.Title() != "K3/R3/T2" {
		t.Errorf("proposed: %+v", c)
	}
	_, err = w.SaveAspect(w.ctx(), who, AspectSave{ID: c.ID, Rev: c.Rev, Aspect: isms.Availability, By: by("1", "1")})
	wantWrong(t, "judged further after the proposal", err, "not_in_workshop")
	decide := func(person string, rev int) error {
		return w.DecideClassifications(w.ctx(), w.as(person), ClassificationDecision{Proposals: []Entry{{c.ID, rev}}})
	}
	want(t, "decided by the coordinator", decide("coordinator", c.Rev), isms.ErrForbidden)
	wantWrong(t, "decided by the head, who is not the owner", decide("head", c.Rev), "not_owner")
	want(t, "decided from an old revision", decide("information_owner", c.Rev-1), isms.ErrStale)
	want(t, "decided by another board", decide("coordinator-b", c.Rev), isms.ErrNotFound)
	want(t, "decided by the owner", decide("information_owner", c.Rev), nil)
	c = w.classification(c.ID)
	if c.State != isms.ClassificationDecided || c.DecidedBy != "information_owner" || c.DecidedOn != "2023-01-10" || c.ValidUntil != "2024-01-10" {
		t.Errorf("decided: %+v", c)
	}
	wantWrong(t, "decided twice", decide("information_owner", c.Rev), "not_proposed_classification")
}

func TestANewClassificationBeginsWithTheFormerAndSupersedesIt(t *testing.T) {
	w := newWorld(t)
	w.pupils()
	first := w.judge("information_set", "pupils", "K2/R2/T1", "information_owner")
	w.later("2024-01-09")
	c := w.workshop("information_set", "pupils")
	if c.ID == first.ID || c.Title() != "K2/R2/T1" || string(c.Former) != first.ID || c.DecidedOn != "" || c.State != isms.ClassificationInWorkshop {
		t.Fatalf("begun again: %+v", c)
	}
	if f := w.classification(first.ID); f.State != isms.ClassificationDecided {
		t.Error("the former is superseded before the new one is decided")
	}
	want(t, "propose", w.ProposeClassification(w.ctx(), w.as("coordinator"), Entry{c.ID, c.Rev}, ""), nil)
	_, err := w.StartWorkshop(w.ctx(), w.as("coordinator"), NewWorkshop{Kind: "information_set", ID: "pupils"})
	wantWrong(t, "begun beside a proposal", err, "one_under_way")
	rev := 2
	for _, person := range []string{"coordinator", "information_owner", "head"} {
		want(t, "taken back by "+person, w.ReturnToWorkshop(w.ctx(), w.as(person), Entry{c.ID, rev}, ""), nil)
		want(t, "proposed again", w.ProposeClassification(w.ctx(), w.as("coordinator"), Entry{c.ID, rev + 1}, ""), nil)
		rev += 2
	}
	want(t, "taken back by a manager", w.ReturnToWorkshop(w.ctx(), w.as("manager"), Entry{c.ID, rev}, ""), isms.ErrForbidden)
	want(t, "decide", w.DecideClassifications(w.ctx(), w.as("information_owner"), ClassificationDecision{Proposals: []Entry{{c.ID, rev}}, ValidUntil: "2025-12-31"}), nil)
	if f, c := w.classification(first.ID), w.classification(c.ID); f.State != isms.ClassificationSuperseded || c.ValidUntil != "2025-12-31" {
		t.Errorf("former %s, new until %s", f.State, c.ValidUntil)
	}
}

func TestPlannedFirst(t *testing.T) {
	w := newWorld(t)
	w.pupils()
	n := NewWorkshop{Kind: "information_set", ID: "pupils", Plan: true}
	id, err := w.StartWorkshop(w.ctx(), w.as("coordinator"), n)
	want(t, "plan", err, nil)
	if c := w.classification(id); c.State != isms.ClassificationPlanned || c.Rev != 1 {
		t.Errorf("planned: %+v", c)
	}
	again, err := w.StartWorkshop(w.ctx(), w.as("coordinator"), n)
	want(t, "planned twice", err, nil)
	n.Plan, n.Present = false, "Rektor"
	_, err = w.StartWorkshop(w.ctx(), w.as("coordinator"), n)
	want(t, "begin", err, nil)
	c := w.workshop("information_set", "pupils")
	if again != id || c.ID != id || c.State != isms.ClassificationInWorkshop || c.Participants != "Rektor" {
		t.Errorf("begun: %+v", c)
	}
}

// TestTwoInTheSameWorkshop holds that nothing is lost when two people judge different aspects at once, and that both
// versions are given when they judged the same.
func TestTwoInTheSameWorkshop(t *testing.T) {
	w := newWorld(t)
	w.pupils()
	c := w.workshop("information_set", "pupils")
	participants, others := "Rektor", "Skolsköterska"
	_, err := w.SaveAspect(w.ctx(), w.as("coordinator"), AspectSave{ID: c.ID, Rev: c.Rev, Aspect: isms.Confidentiality, By: by("", "3"), Motive: "min", Participants: &participants})
	want(t, "the first", err, nil)
	both, err := w.SaveAspect(w.ctx(), w.as("system_owner"), AspectSave{ID: c.ID, Rev: c.Rev, Aspect: isms.Integrity, By: by("2", ""), Motive: "din"})
	want(t, "the second, from the same page", err, nil)
	if both.Title() != "K3/R2/T-" || both.ConfidentialityMotive != "min" || both.IntegrityMotive != "din" || both.Participants != participants {
		t.Errorf("kept of both: %+v", both)
	}
	_, err = w.SaveAspect(w.ctx(), w.as("system_owner"), AspectSave{ID: c.ID, Rev: c.Rev, Aspect: isms.Confidentiality, By: by("", "1"), Motive: "annat"})
	var collision Collision
	if !errors.As(err, &collision) || !errors.Is(err, isms.ErrStale) {
		t.Fatalf("the same aspect: %v", err)
	}
	if collision.Mine.ConfidentialityMotive != "annat" || collision.Theirs.ConfidentialityMotive != "min" {
		t.Errorf("the collision shows %q and %q", collision.Mine.ConfidentialityMotive, collision.Theirs.ConfidentialityMotive)
	}
	_, err = w.SaveAspect(w.ctx(), w.as("system_owner"), AspectSave{ID: c.ID, Rev: c.Rev, Aspect: isms.Availability, By: by("1", ""), Participants: &others})
	want(t, "another aspect but the same list of participants", err, isms.ErrStale)
	_, err = w.SaveAspect(w.ctx(), w.as("system_owner"), AspectSave{ID: c.ID, Rev: c.Rev, Aspect: isms.Confidentiality, By: by("", "3"), Motive: "min"})
	want(t, "the same judgement", err, nil)
	_, err = w.SaveAspect(w.ctx(), w.as("system_owner"), AspectSave{ID: c.ID, Rev: 77, Aspect: isms.Availability, By: by("1", "")})
	want(t, "from a revision that never was", err, isms.ErrStale)
	if now := w.classification(c.ID); now.Title() != "K3/R2/T-" || now.Participants != participants {
		t.Errorf("in the end: %+v", now)
	}
}

// TestLevelFourIsKeptNowhere holds that nothing of what may concern Sweden's security reaches a record or the journal,
// whichever way it is sent.
func TestLevelFourIsKeptNowhere(t *testing.T) {
	w := newWorld(t)
	w.pupils()
	c := w.workshop("information_set", "pupils")
	who := w.as("coordinator")
	secret := "berget vid ån"
	_, err := w.SaveAspect(w.ctx(), who, AspectSave{ID: c.ID, Rev: c.Rev, Aspect: isms.Confidentiality, By: by("4", ""), Motive: secret})
	wantWrong(t, "by consequence", err, "security_protected")
	_, err = w.SaveAspect(w.ctx(), who, AspectSave{ID: c.ID, Rev: c.Rev, Aspect: isms.Traceability, Level: "4", Motive: secret})
	wantWrong(t, "by level", err, "security_protected")
	_, err = w.SaveProfile(w.ctx(), who, c.ID, c.Rev, "K4/R1/T1", "")
	wantWrong(t, "by profile", err, "security_protected")
	_, err = w.Save(w.ctx(), who, Change{Kind: "classification", ID: c.ID, Rev: c.Rev, Form: map[string][]string{"confidentiality": {"4"}, "confidentiality_motive": {secret}}})
	wantWrong(t, "by the plain form", err, "security_protected")
	_, err = w.Save(w.ctx(), who, Change{Kind: "protection_level", Unit: "board-a", Form: map[string][]string{"system": {"sys-a"}, "integrity": {"4"}, "reason": {"law"}, "decided_on": {"2023-01-10"}}})
	wantWrong(t, "as a system's level", err, "security_protected")
	steps := facts()
	steps[1].Put = append(steps[1].Put, &isms.Classification{Record: isms.Record{ID: "c4", Unit: "board"}, System: "sys", Model: "klassa-0-4", State: isms.ClassificationProposed, Availability: "4"})
	wantWrong(t, "from a folder", checkSteps(steps), "security_protected")
	id, err := w.Refer(w.ctx(), who, "board-a", "Säkerhetsskyddschefen", "", "")
	want(t, "refer", err, nil)
	r, err := w.Get(w.ctx(), who, "referral", id)
	want(t, "get", err, nil)
	if got := *r.Entity.(*isms.Referral); got.To != "Säkerhetsskyddschefen" || got.ReferredOn != "2023-01-10" || got.By != "coordinator" {
		t.Errorf("the referral is %+v", got)
	}
	err = w.DB.View(w.ctx(), org, func(tx *store.Tx) error {
		return tx.Since(0, []string{"classification", "protection_level", "referral"}, func(e store.Entry) error {
			if strings.Contains(string(e.Body), secret) || strings.Contains(string(e.Body), `"4"`) {
				t.Errorf("entry %d keeps %s", e.Seq, e.Body)
			}
			return nil
		})
	})
	want(t, "journal", err, nil)
}

// TestAStoppedWorkshopLeavesNothing holds that what was judged before the stop is gone from the record and the journal,
// which still verifies.
func TestAStoppedWorkshopLeavesNothing(t *testing.T) {
	w := newWorld(t)
	w.pupils()
	c := w.workshop("information_set", "pupils")
	secret := "berget vid ån"
	c, err := w.SaveAspect(w.ctx(), w.as("coordinator"), AspectSave{ID: c.ID, Rev: c.Rev, Aspect: isms.Confidentiality, By: by("3", ""), Motive: secret})
	want(t, "before it was understood", err, nil)
	_, err = w.StopWorkshop(w.ctx(), w.as("manager"), Entry{c.ID, c.Rev}, "Säkerhetsskyddschefen", "", "")
	want(t, "by one who has no part in it", err, isms.ErrForbidden)
	_, err = w.StopWorkshop(w.ctx(), w.as("coordinator-b"), Entry{c.ID, c.Rev}, "Säkerhetsskyddschefen", "", "")
	want(t, "by another board", err, isms.ErrNotFound)
	_, err = w.StopWorkshop(w.ctx(), w.as("coordinator"), Entry{c.ID, c.Rev}, "", "", "")
	wantWrong(t, "to nobody", err, "required")
	id, err := w.StopWorkshop(w.ctx(), w.as("coordinator"), Entry{c.ID, c.Rev}, "Säkerhetsskyddschefen", "", "k")
	want(t, "stop", err, nil)
	if _, err := w.Get(w.ctx(), w.as("coordinator"), "referral", id); err != nil {
		t.Error(err)
	}
	if now := w.classification(c.ID); now.Retired != "2023-01-10" || now.Title() != "K-/R-/T-" || now.ConfidentialityMotive != "" {
		t.Errorf("the record is %+v", now)
	}
	err = w.DB.View(w.ctx(), org, func(tx *store.Tx) error {
		return tx.Since(0, []string{"classification"}, func(e store.Entry) error {
			if strings.Contains(string(e.Body), secret) {
				t.Errorf("entry %d keeps %s", e.Seq, e.Body)
			}
			return nil
		})
	})
	want(t, "journal", err, nil)
	_, err = w.Verify(w.ctx(), w.as("central_office"), nil)
	want(t, "verify", err, nil)
	_, err = w.StopWorkshop(w.ctx(), w.as("coordinator"), Entry{c.ID, c.Rev}, "Säkerhetsskyddschefen", "", "again")
	wantWrong(t, "what was stopped before", err, "not_in_workshop")
	for _, person := range []string{"system_owner", "information_owner", "head", "central_office"} {
		c := w.workshop("information_set", "pupils")
		_, err = w.StopWorkshop(w.ctx(), w.as(person), Entry{c.ID, c.Rev}, "Säkerhetsskyddschefen", "", "")
		want(t, "by "+person, err, nil)
	}
	decided := w.judge("system", "sys-a", "K1/R1/T1", "head")
	_, err = w.StopWorkshop(w.ctx(), w.as("coordinator"), Entry{decided.ID, decided.Rev}, "Säkerhetsskyddschefen", "", "")
	wantWrong(t, "what is decided", err, "not_in_workshop")
}

func TestBadInputInAWorkshop(t *testing.T) {
	w := newWorld(t)
	w.pupils()
	who := w.as("coordinator")
	c := w.workshop("information_set", "pupils")
	for _, tt := range []struct {
		code string
		save AspectSave
	}{
		{"long", AspectSave{Aspect: isms.Confidentiality, By: by("1", ""), Motive: strings.Repeat("å", 100000)}},
		{"choice", AspectSave{Aspect: "beauty", By: by("1", "")}},
		{"categories", AspectSave{Aspect: isms.Confidentiality, By: map[isms.Category]isms.Level{"honour": "1"}}},
		{"categories", AspectSave{Aspect: isms.Confidentiality, By: by("9", "")}},
		{"below_worst", AspectSave{Aspect: isms.Confidentiality, By: by("3", ""), Level: "1"}},
		{"utf8", AspectSave{Aspect: isms.Confidentiality, Motive: "\xff"}},
	} {
		tt.save.ID, tt.save.Rev = c.ID, c.Rev
		_, err := w.SaveAspect(w.ctx(), who, tt.save)
		wantWrong(t, tt.code, err, tt.code)
	}
	_, err := w.SaveProfile(w.ctx(), who, c.ID, c.Rev, "K9", "")
	wantWrong(t, "profile", err, "profile")
	_, err = w.StartWorkshop(w.ctx(), who, NewWorkshop{Kind: "information_set", ID: "pupils", Model: "no-such"})
	wantWrong(t, "model", err, "no_model")
	for _, n := range []NewWorkshop{{Kind: "unit", ID: "board-a"}, {Kind: "system", ID: "sys-b"}, {Kind: "system", ID: "nothing"}} {
		_, err = w.StartWorkshop(w.ctx(), who, n)
		want(t, n.ID, err, isms.ErrNotFound)
	}
	_, err = w.StartWorkshop(w.ctx(), w.as("manager"), NewWorkshop{Kind: "system", ID: "sys-a"})
	want(t, "a manager", err, isms.ErrForbidden)
	if now := w.classification(c.ID); now.Rev != 1 {
		t.Errorf("something was kept: %+v", now)
	}
	wantWrong(t, "decided ahead", w.DecideClassifications(w.ctx(), w.as("information_owner"), ClassificationDecision{Proposals: []Entry{{c.ID, 1}}, DecidedOn: "2023-02-01"}), "decided_ahead")
	wantWrong(t, "nothing decided", w.DecideClassifications(w.ctx(), w.as("information_owner"), ClassificationDecision{}), "many")
}

func TestTheSameKeyJudgesOnce(t *testing.T) {
	w := newWorld(t)
	w.pupils()
	c := w.workshop("information_set", "pupils")
	s := AspectSave{ID: c.ID, Rev: c.Rev, Aspect: isms.Integrity, By: by("2", ""), Key: "k"}
	for range 2 {
		got, err := w.SaveAspect(w.ctx(), w.as("coordinator"), s)
		want(t, "save", err, nil)
		if got.Rev != 2 || got.Integrity != "2" {
			t.Errorf("kept %+v", got)
		}
	}
}

func TestMovingToAnotherModelIsAProposal(t *testing.T) {
	w := newWorld(t)
	w.pupils()
	first := w.judge("information_set", "pupils", "K3/R0/T1", "information_owner")
	who := w.as("coordinator")
	_, err := w.MoveToModel(w.ctx(), who, first.ID, "klassa-0-4", "")
	wantWrong(t, "the same model", err, "nothing_changed_model")
	_, err = w.MoveToModel(w.ctx(), who, first.ID, "no-such", "")
	wantWrong(t, "no model", err, "no_mapping")
	_, err = w.MoveToModel(w.ctx(), w.as("head"), first.ID, "tre-nivaer-1", "")
	want(t, "by one who judges nothing", err, isms.ErrForbidden)
	id, err := w.MoveToModel(w.ctx(), who, first.ID, "tre-nivaer-1", "")
	want(t, "move", err, nil)
	c := w.classification(id)
	if c.Title() != "K3/R1/T1" || c.Model != "tre-nivaer-1" || c.State != isms.ClassificationProposed || string(c.Former) != first.ID {
		t.Errorf("moved: %+v", c)
	}
	if f := w.classification(first.ID); f.State != isms.ClassificationDecided {
		t.Error("the former no longer stands")
	}
	_, err = w.MoveToModel(w.ctx(), who, first.ID, "tre-nivaer-1", "")
	wantWrong(t, "moved twice", err, "one_under_way")
	_, err = w.MoveToModel(w.ctx(), who, id, "klassa-0-4", "")
	wantWrong(t, "what is not decided", err, "classification_not_decided")
	want(t, "decide", w.DecideClassifications(w.ctx(), w.as("information_owner"), ClassificationDecision{Proposals: []Entry{{c.ID, c.Rev}}}), nil)
}

// TestWordsOfModelsAndMeasures finds a criterion, a level, a measure or a reason without words.
func TestWordsOfModelsAndMeasures(t *testing.T) {
	var keys []string
	for _, m := range isms.Models() {
		keys = append(keys, "model."+m.Version)
		for _, l := range m.Levels {
			keys = append(keys, m.LevelName(l.Level))
			for _, c := range m.Categories {
				keys = append(keys, m.Criterion(c, l.Level))
			}
		}
	}
	for _, a := range isms.Aspects() {
		keys = append(keys, "model.aspect."+string(a), "model.aspect."+string(a)+".question")
	}
	for _, c := range isms.Category("").Choices() {
		keys = append(keys, "model.category."+c)
	}
	for _, m := range isms.Catalogue() {
		keys = append(keys, "catalogue."+m.Key, "catalogue."+m.Key+".is", "catalogue."+m.Key+".shall", "catalogue.area."+string(m.Area))
	}
	for _, r := range []string{"nis", "special", "sensitive", "large", "critical", "important", "never", "expired", "old", "soon"} {
		keys = append(keys, "priority."+r)
	}
	for _, r := range []string{"owner_changed", "supplier_changed", "set_added", "integration_added", "personal_data_changed", "expired", "contract_renewed"} {
		keys = append(keys, "reclassification.reason."+r)
	}
	for _, l := range locale.Langs() {
		for _, key := range keys {
			if !l.Has(key) {
				t.Errorf("%s has no words in %s", key, l)
			}
		}
	}
}
