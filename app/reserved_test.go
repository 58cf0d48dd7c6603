// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"testing"

	"ledsyn/isms"
)

func TestAnApprovalIsWrittenByTheDeciderOnly(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.appoint("writer", "coordinator", "board-a")
		w.appoint("boss", "head", "board-a")
		system := &isms.System{Record: isms.Record{ID: "sys", Unit: "board-a"}, Name: "Elevregistret", Lifecycle: isms.InUse}
		w.put(system)
		form := map[string][]string{"system": {"sys"}, "aspect": {"availability"}, "level": {"1"}, "reason": {"Reservrutin finns."}, "ends_on": {"2099-12-31"}}
		id, err := w.App.Save(w.ctx(), w.as("writer"), Change{Kind: "level_exception", Unit: "board-a", Form: form})
		want(t, "asking for an exception", err, nil)
		approval := map[string][]string{"approved_by": {"writer"}, "approved_on": {string(w.App.Today())}}
		_, err = w.App.Save(w.ctx(), w.as("writer"), Change{Kind: "level_exception", ID: id, Rev: 1, Form: approval})
		wantWrong(t, "approving one's own exception", err, "by_decider")
		approval["approved_by"] = []string{"boss"}
		_, err = w.App.Save(w.ctx(), w.as("boss"), Change{Kind: "level_exception", ID: id, Rev: 1, Form: approval})
		want(t, "the head's approval", err, nil)
	})
}

func TestTheOfficerWritesAnOpinionAndNotTheAssessment(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.appoint("writer", "coordinator", "board-a")
		w.appoint("officer", "dpo", "board-a")
		w.put(&isms.Processing{Record: isms.Record{ID: "p", Unit: "board-a"}, Name: "Elevhälsa", Role: "controller", State: isms.ProcessingDraft},
			&isms.DPIA{Record: isms.Record{ID: "d", Unit: "board-a"}, Title: "Elevhälsa", Processing: "p", State: "in_work"})
		save := func(who string, rev int, field, value string) error {
			_, err := w.App.Save(w.ctx(), w.as(who), Change{Kind: "dpia", ID: "d", Rev: rev, Form: map[string][]string{field: {value}}})
			return err
		}
		want(t, "the officer's opinion", save("officer", 1, "dpo_opinion", "Inga invändningar."), nil)
		wantWrong(t, "the officer's description", save("officer", 2, "description", "Annat."), "opinion_only")
		want(t, "the coordinator's description", save("writer", 2, "description", "Journaler."), nil)
		wantWrong(t, "the coordinator's decision", save("writer", 3, "decided_on", string(w.App.Today())), "by_decider")
	})
}
