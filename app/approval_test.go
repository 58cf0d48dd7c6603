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
