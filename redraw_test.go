// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"ledsyn/sample"
)

// The draws of sample/testdata/redraw.txt were made by doc/redraw.py. They must never change: a draw of years ago is drawn again with the
// program of today.
func TestDrawsStayTheSame(t *testing.T) {
	for _, d := range keptDraws(t) {
		if got := d.again(t); got != d.want {
			t.Errorf("%+v\nis drawn as %s", d, got)
		}
	}
}

// TestPythonDrawsTheSame has the auditor's script draw. LEDSYN_TEST_PYTHON names a Python 3; its standard library is enough.
func TestPythonDrawsTheSame(t *testing.T) {
	python := os.Getenv("LEDSYN_TEST_PYTHON")
	if python == "" {
		t.Skip("LEDSYN_TEST_PYTHON names no Python 3")
	}
	draws := keptDraws(t)
	for i := range 40 { // more than anyone wants to read in a file
		seed := sample.Seed{byte(i), 7}
		rows := []int64{1, 2, 3, 1240, 1 << 20, 2_000_000, sample.MaxPopulation}[i%7]
		draws = append(draws, keptDraw{seed: seed.Hex(), rows: rows, size: int(min(rows, int64(1+i*13))), stratum: i % 4})
	}
	for _, d := range draws {
		out, err := exec.CommandContext(t.Context(), python, append([]string{"doc/redraw.py"}, d.arguments()...)...).Output()
		if err != nil {
			t.Fatalf("%v: %v", d, err)
		}
		if got, want := strings.Join(strings.Fields(string(out)), " "), d.again(t); got != want {
			t.Errorf("%v: the script drew\n%s\nthe program\n%s", d.arguments(), got, want)
		}
	}
	seed := sample.Seed{1}
	right := exec.CommandContext(t.Context(), python, "doc/redraw.py", seed.Hex(), "10", "3", "0", strings.ToUpper(seed.Commitment()))
	if out, err := right.CombinedOutput(); err != nil {
		t.Errorf("the right commitment: %v %s", err, out)
	}
	wrong := exec.CommandContext(t.Context(), python, "doc/redraw.py", seed.Hex(), "10", "3", "0", sample.Seed{2}.Commitment())
	if out, err := wrong.CombinedOutput(); err == nil || !strings.Contains(string(out), seed.Commitment()) {
		t.Errorf("another's commitment: %v %s", err, out)
	}
}

// The script is shown to auditors as one that is read in a minute.
func TestTheScriptIsShort(t *testing.T) {
	text, err := os.ReadFile("doc/redraw.py")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n > 30 {
		t.Errorf("%d lines", n)
	}
}

// A keptDraw is a draw and what it gave: the commitment and the rows.
type keptDraw struct {
	seed          string
	rows          int64
	size, stratum int
	want          string
}

func (d keptDraw) arguments() []string {
	return []string{d.seed, strconv.FormatInt(d.rows, 10), strconv.Itoa(d.size), strconv.Itoa(d.stratum)}
}

// again draws it with the command, which prints the commitment after its name.
func (d keptDraw) again(t *testing.T) string {
	t.Helper()
	args := []string{"sample", "draw", "-seed", d.seed, "-rows", strconv.FormatInt(d.rows, 10), "-size", strconv.Itoa(d.size)}
	if d.stratum > 0 {
		args = append(args, "-stratum", strconv.Itoa(d.stratum))
	}
	_, numbers, _ := strings.Cut(must(t, "", args...), ": ")
	return strings.Join(strings.Fields(numbers), " ")
}

// keptDraws reads lines of the form "SEED ROWS SIZE STRATUM: COMMITMENT ROW ROW".
func keptDraws(t *testing.T) []keptDraw {
	t.Helper()
	text, err := os.ReadFile("sample/testdata/redraw.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []keptDraw
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		var d keptDraw
		asked, want, ok := strings.Cut(line, ": ")
		if n, err := fmt.Sscan(asked, &d.seed, &d.rows, &d.size, &d.stratum); !ok || n != 4 {
			t.Fatalf("%q: %v", line, err)
		}
		d.want = strings.TrimSpace(want)
		all = append(all, d)
	}
	if len(all) < 8 {
		t.Fatalf("only %d draws are kept", len(all))
	}
	return all
}
