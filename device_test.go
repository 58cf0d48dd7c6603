// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// decidedRoutine is what the seed lacked: the routine that the recommendation asked for, as a decided document of its own.
const decidedRoutine = `at: 2023-11-21
who: samordnare
unit: eav
records:
  document:
    rutin-forlust: {title: Rutin vid förlust av arbetstelefon eller arbetsdator, type: routine, state: decided, owner: samordnare, decided_on: 2023-11-20}
  playbook:
    pb: {name: Rutin vid förlust av arbetstelefon eller arbetsdator, document: rutin-forlust, valid_from: 2023-11-20}
  playbook_step:
    pb-1: {playbook: pb, order: 1, kind: block_sim, name: Spärra SIM-kortet, minutes: 30}
`

// The seed answers its recommendation of a routine for lost devices with one for incidents at large, which is found; with the routine itself it
// is not, although the answer still goes by another name.
func TestTheSeedsHiddenRoutineIsMendedByOneOfItsOwn(t *testing.T) {
	seed, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(seed, os.DirFS(seedFolder)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(seed, "07-routine.yaml"), []byte(decidedRoutine), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, "", "load", "-data", data, seed)
	_, out, errs := run(t, "", "examine", "-data", data, "-unit", "EAV", "-year", "2024", "-json")
	var findings []told
	if err := json.Unmarshal([]byte(out), &findings); err != nil {
		t.Fatal(err, errs)
	}
	has := func(code string) bool {
		return slices.ContainsFunc(findings, func(f told) bool { return f.Code == code && f.ID == "dso-4" })
	}
	if has("device_routine_hidden") || !has("partly_answered") {
		t.Errorf("with a routine of its own: hidden %v, partly answered %v", has("device_routine_hidden"), has("partly_answered"))
	}
}
