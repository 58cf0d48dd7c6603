// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"ledsyn/isms"
)

// TestRefusalsAreLoggedWithoutContents holds that who was refused what is on record, and nothing of what they wrote.
func TestRefusalsAreLoggedWithoutContents(t *testing.T) {
	w := newWorld(t)
	var log bytes.Buffer
	w.Log = slog.New(slog.NewTextHandler(&log, nil))
	_, err := w.Save(w.ctx(), w.as("auditor"), Change{Kind: "system", ID: "sys-a", Rev: 1, Form: map[string][]string{"name": {"Hemlighet"}}})
	want(t, "change", err, isms.ErrForbidden)
	_, err = w.List(w.ctx(), w.as("employee"), "system", Query{Search: "Hemlighet"})
	want(t, "list", err, isms.ErrNotFound)
	_, err = w.Checkpoint(w.ctx(), w.as("coordinator"))
	want(t, "checkpoint", err, isms.ErrForbidden)
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	for i, wanted := range []string{"who=auditor act=change kind=system unit=board-a", "who=employee act=see kind=system", "who=coordinator act=verify"} {
		if i >= len(lines) || !strings.Contains(lines[i], "msg=refused org=exempelstad "+wanted) {
			t.Errorf("%q is not in the log:\n%s", wanted, log.String())
		}
	}
	if strings.Contains(log.String(), "Hemlighet") {
		t.Errorf("contents are in the log:\n%s", log.String())
	}

	log.Reset()
	id := w.review()
	w.advance(id, toProposed...)
	w.decide(id)
	if !strings.Contains(log.String(), "msg=decided org=exempelstad who=head review="+id) {
		t.Errorf("the decision is not in the log:\n%s", log.String())
	}
}

func TestJournalActs(t *testing.T) {
	w := newWorld(t)
	for _, role := range []string{"head", "coordinator", "auditor", "administrator"} { // in a board: the journal is the whole organisation's
		_, err := w.Verify(w.ctx(), w.as(role), nil)
		want(t, role, err, isms.ErrForbidden)
	}
	w.appoint("city-auditor", "auditor", "city")
	who := w.as("city-auditor")
	signed, err := w.Checkpoint(w.ctx(), who)
	want(t, "checkpoint", err, nil)
	w.later("2023-02-01")
	w.classify("c1", "sys-a", "board-a", "2023-02-01")
	report, err := w.Verify(w.ctx(), who, signed)
	want(t, "verify", err, nil)
	if report.Entries == 0 || report.Checkpoints == 0 {
		t.Errorf("verified %+v", report)
	}
	_, err = w.Verify(w.ctx(), who, bytes.Repeat([]byte("x"), maxCheckpoint+1))
	wantWrong(t, "a checkpoint that is none", err, "long")
	if _, err = w.Verify(w.ctx(), who, []byte("not a checkpoint")); err == nil {
		t.Error("anything is taken for a checkpoint")
	}
}
