// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
)

// matrix is what each role, held in board-a (the central office's in the city), can do with one record there: get it, see
// its history, make another, change it, retire it. A letter is done, a dot is forbidden, and a hyphen is not found.
const matrix = `
role                 system document assignment classification recommendation risk_cycle
central_office       GHMCR  GHMCR    GHMCR      GHMCR          GHMCR          GHMCR
head                 GH...  GHMCR    GH...      GH...          GH...          GH...
coordinator          GHMCR  GHMCR    GH...      GHMCR          GHMCR          GHMCR
dpo                  GH...  GH...    GH...      GH...          GHMCR          GH...
security_coordinator G....  G....    G....      G....          G....          G.MCR
system_owner         G.MC.  G....    -----      G.MC.          -----          -----
information_owner    G....  G....    -----      G.MC.          -----          -----
manager              G....  G....    -----      G....          -----          -----
auditor              GH...  GH...    GH...      GH...          GH...          GH...
employee             -----  G....    -----      -----          -----          -----
administrator        -----  -----    -----      -----          -----          -----
`

func TestRolesAndActs(t *testing.T) { onEach(t, rolesAndActs) }

func rolesAndActs(t *testing.T, w *world) {
	w.put(
		&isms.Audit{Record: isms.Record{ID: "audit", Unit: "board-a"}, Title: "Granskning", Auditor: "Revisionen", Year: 2022},
		&isms.Person{Record: isms.Record{ID: "somebody", Unit: "board-a"}, Name: "Någon"})
	lines := strings.Split(strings.TrimSpace(matrix), "\n")
	kinds := strings.Fields(lines[0])[1:]
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		for i, kind := range kinds {
			if got := w.canDo(cells[0], kind); got != cells[i+1] {
				t.Errorf("%s with %s: %s, want %s", cells[0], kind, got, cells[i+1])
			}
		}
	}
	if len(lines)-1 != len(isms.Role("").Choices()) {
		t.Error("the matrix does not hold every role once")
	}
}

// canDo tries every act on a record made for it, and writes what came of each.
func (w *world) canDo(role, kind string) string {
	w.t.Helper()
	ctx, who := w.ctx(), w.as(role)
	forms := map[string]map[string][]string{
		"system":         {"name": {"Nytt"}, "lifecycle": {"in_use"}},
		"document":       {"title": {"Nytt"}, "type": {"routine"}, "state": {"draft"}},
		"assignment":     {"person": {"somebody"}, "role": {"employee"}},
		"classification": {"system": {"sys-a"}, "model": {"klassa-0-4"}, "state": {"planned"}},
		"recommendation": {"subject": {"Nytt"}, "text": {"Gör det."}, "audit": {"audit"}},
		"risk_cycle": {"name": {"RSA"}, "analysis_year": {"2022"}, "analysis_state": {"done"}, "implementation_year": {"2023"},
			"implementation_state": {"planned"}},
	}
	s, _ := isms.Register(kind)
	rec := s.New()
	if wrong := register.Read(rec, forms[kind]); wrong != nil {
		w.t.Fatal(wrong)
	}
	id := fmt.Sprintf("%s-%s", kind, role)
	rec.Head().ID, rec.Head().Unit = id, "board-a"
	w.put(rec)

	said := ""
	note := func(letter string, err error) {
		switch {
		case err == nil:
			said += letter
		case errors.Is(err, isms.ErrForbidden):
			said += "."
		case errors.Is(err, isms.ErrNotFound):
			said += "-"
		default:
			said += "[" + err.Error() + "]"
		}
	}
	_, err := w.Get(ctx, who, kind, id)
	note("G", err)
	_, err = w.History(ctx, who, kind, id)
	note("H", err)
	_, err = w.Save(ctx, who, Change{Kind: kind, Unit: "board-a", Form: forms[kind]})
	note("M", err)
	_, err = w.Save(ctx, who, Change{Kind: kind, ID: id, Rev: 1, Form: forms[kind]})
	note("C", err)
	rev := 1
	if err == nil {
		rev = 2
	}
	note("R", w.Retire(ctx, who, kind, id, rev, "2023-01-10", ""))
	return said
}
