// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"testing"

	"ledsyn/isms"
	"ledsyn/law"
)

func (w *world) override(form map[string][]string) (string, error) {
	return w.Save(w.ctx(), w.as("central_office"), Change{Kind: "law_override", Unit: "city", Form: form})
}

// TestOwnRulesLieOverTheEmbedded holds that an administrator's record counts from its day, that a case keeps what it was reckoned by, and
// that a record which would change nothing that is there is refused with words.
func TestOwnRulesLieOverTheEmbedded(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.at("2026-11-24 12:00")
		w.hit()
		want(t, "known before", w.known("2026-11-20 10:00"), nil)
		before := w.runs(isms.EarlyWarning)

		form := map[string][]string{"rule": {"csl_early_warning"}, "valid_from": {"2026-11-01"}, "amount": {"12"}, "recipient": {"Nya myndigheten"},
			"source": {"SFS 2026:999"}, "reliability": {"read"}, "checked_on": {"2026-11-24"}}
		id, err := w.override(form)
		want(t, "a record", err, nil)
		if after := w.runs(isms.EarlyWarning); after != before {
			t.Errorf("the case was reckoned by one rule and has another: %+v", after)
		}
		want(t, "known anew", w.known("2026-11-21 10:00"), nil)
		d := w.runs(isms.EarlyWarning)
		due(t, "12 hours", d, "2026-11-21 22:00", "2026-11-21 22:00", "2026-11-21 22:00")
		if d.Recipient != "Nya myndigheten" || d.RuleFrom != "2026-11-01" {
			t.Errorf("the record is %+v", d)
		}
		book, err := w.Law(w.ctx(), w.as("employee"))
		want(t, "the book", err, nil)
		if r, ok := book.Rule("csl_early_warning", "2026-11-24"); !ok || r.Own == nil || r.Own.ID != id {
			t.Errorf("the rule is %+v", r)
		}
		if r, _ := book.Rule("csl_early_warning", "2026-10-31"); r.Own != nil {
			t.Error("the record holds before its first day")
		}
		again, _ := w.Law(w.ctx(), w.as("head"))
		if again != book {
			t.Error("the book was made anew though nothing had changed")
		}
		_, err = w.Save(w.ctx(), w.as("central_office"), Change{Kind: "law_override", ID: id, Rev: 1, Form: map[string][]string{"amount": {"18"}}})
		want(t, "changed", err, nil)
		if again, _ = w.Law(w.ctx(), w.as("head")); again == book {
			t.Error("the book was kept though the record had changed")
		}
		want(t, "retired", w.Retire(w.ctx(), w.as("central_office"), "law_override", id, 2, "2026-11-24", ""), nil)
		if again, _ = w.Law(w.ctx(), w.as("head")); again != law.Embedded() {
			t.Error("a record that is retired still lies over the rules")
		}
		for field, values := range map[string]string{"rule": "no_such_rule", "amount": "99999999", "reliability": "surely"} {
			bad := map[string][]string{}
			for name, v := range form {
				bad[name] = v
			}
			bad[field] = []string{values}
			if field == "amount" {
				bad["rule"] = []string{"csl_inform_recipients"}
			}
			_, err := w.override(bad)
			code := map[string]string{"rule": "override_of_nothing", "amount": "override_amount", "reliability": "override_reliability"}[field]
			wantWrong(t, field, err, code)
		}
		_, err = w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "law_override", Unit: "board-a", Form: form})
		if err == nil {
			t.Error("a board's coordinator changed the law")
		}
	})
}

// TestRecipientIsOfTheDayOfSending holds that who receives a report follows from when it is sent, and that what was sent keeps it.
func TestRecipientIsOfTheDayOfSending(t *testing.T) {
	w := newWorld(t)
	w.at("2026-06-30 12:00")
	w.hit()
	want(t, "known", w.known("2026-06-30 10:00"), nil)
	mcf := w.runs(isms.EarlyWarning).Recipient
	if mcf != "Myndigheten för civilt försvar" {
		t.Errorf("in June it goes to %q", mcf)
	}
	_, err := w.send(isms.EarlyWarning, "2026-06-30 11:00")
	want(t, "sent in June", err, nil)
	w.at("2026-07-01 12:00")
	_, err = w.send(isms.IncidentNotice, "2026-07-01 09:00")
	want(t, "sent in July", err, nil)
	sent := map[isms.ReportStep]string{}
	for _, d := range w.deadlines(func(d isms.Deadline) bool { return d.SentAt != "" }) {
		sent[d.Step] = d.Recipient
	}
	if sent[isms.EarlyWarning] != mcf || sent[isms.IncidentNotice] == mcf || sent[isms.IncidentNotice] == "" {
		t.Errorf("the receivers are %q", sent)
	}
}
