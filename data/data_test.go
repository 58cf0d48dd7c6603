// SPDX-License-Identifier: EUPL-1.2

package data

import (
	"strings"
	"testing"
	"testing/fstest"

	"ledsyn/isms"
)

func folder(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

const organisation = "id: staden\nname: Staden\n"

func TestStepsComeInTheOrderOfTheirMomentsAndChangeWhatWasGivenBefore(t *testing.T) {
	org, steps, err := Read(folder(map[string]string{
		"organisation.yaml": organisation,
		"b.yaml": `
at: 2023-01-02
who: a
unit: board
records:
  unit:
    board: {name: Nämnden, code: N, kind: board}
  system:
    treserva: {name: Treserva, lifecycle: planned}
`,
		"a.yaml": `
at: 2023-05-01
records:
  system:
    treserva:
      lifecycle: in_use
decide: lg
`}))
	if err != nil {
		t.Fatal(err)
	}
	if org.ID != "staden" || len(steps) != 2 {
		t.Fatalf("got %v and %d steps", org, len(steps))
	}
	if steps[0].At.Day() != "2023-01-02" || steps[1].Decide != "lg" {
		t.Errorf("steps out of order: %v", steps)
	}
	if u := steps[0].Put[0].(*isms.Unit); u.Unit != "board" {
		t.Errorf("a unit belongs to itself, got %q", u.Unit)
	}
	s := steps[1].Put[0].(*isms.System)
	if s.Name != "Treserva" || s.Lifecycle != isms.InUse || s.Rev != 1 || s.Unit != "board" {
		t.Errorf("the second step does not change the first's record: %+v", s)
	}
}

func TestMistakesAreToldWithFileAndLine(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"at: 2023-02-30\n", `a.yaml:1: "2023-02-30" is no day`},
		{"who: x\n", "a.yaml:1: the step lacks at"},
		{"at: 2023-01-01\nwhat: x\n", `a.yaml:2: "what" is not known here`},
		{"at: 2023-01-01\nrecords:\n  sytem:\n    a: {name: x}\n", `a.yaml:3: there is no register "sytem"`},
		{"at: 2023-01-01\nunit: u\nrecords:\n  system:\n    a: {nam: x}\n", `a.yaml:5: system has no field "nam"`},
		{"at: 2023-01-01\nunit: u\nrecords:\n  system:\n    a: {name: x, lifecycle: gone}\n", "a.yaml:5: system a: lifecycle choice gone"},
		{"at: 2023-01-01\nrecords:\n  system:\n    a: {name: x, lifecycle: in_use}\n", "a.yaml:4: system a lacks a unit"},
		{"at: 2023-01-01\nunit: u\nrecords:\n  system:\n    A b: {name: x}\n", `a.yaml:5: "A b" cannot be an id`},
		{"at: 2023-01-01\nat: 2023-01-01\n", `a.yaml:2: "at" is given twice`},
		{"at: [\n", "a.yaml: yaml:"},
		{"- x\n", "a.yaml:1: expected lines of the form"},
		{"at: 2023-01-01\nunit: u\nrecords:\n  system:\n    a: {name: [x, y]}\n", "a.yaml:5: system.name takes a single value"},
	} {
		_, _, err := Read(folder(map[string]string{"organisation.yaml": organisation, "a.yaml": c.text}))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q:\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

func TestAFolderWithoutOrganisationIsToldSo(t *testing.T) {
	if _, _, err := Read(folder(nil)); err == nil || !strings.Contains(err.Error(), "no .yaml files") {
		t.Errorf("empty folder: %v", err)
	}
	_, _, err := Read(folder(map[string]string{"a.yaml": "at: 2023-01-01\n"}))
	if err == nil || !strings.Contains(err.Error(), "must give the organisation's id") {
		t.Errorf("no organisation: %v", err)
	}
}
