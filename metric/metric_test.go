// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ledsyn/isms"
	"ledsyn/register"
)

const today = register.Day("2024-06-30")

func rec(id string) isms.Record { return isms.Record{ID: id, Unit: "u", Rev: 1} }

func system(id string, l isms.Lifecycle, from, to register.Day) isms.System {
	return isms.System{Record: rec(id), Name: id, Lifecycle: l, InUseFrom: from, InUseTo: to}
}

func classified(id, sys string, state isms.ClassificationState, on, until register.Day) isms.Classification {
	return isms.Classification{Record: rec(id), System: register.Ref[isms.System](sys), State: state, DecidedOn: on, ValidUntil: until}
}

// numbers writes a figure as n/d, ? for what is not known, >= before the part that is known.
func numbers(f Figure) string {
	n, d := f.Numerator.String(), f.Denominator.String()
	if d != "" {
		d = "/" + d
	}
	switch {
	case !f.Known && f.AtLeast:
		return ">=" + n + d
	case !f.Known:
		return "?"
	}
	return n + d
}

func TestSystemsAtTheirEdges(t *testing.T) {
	inUse := func(id string) isms.System { return system(id, isms.InUse, "", "") }
	for _, tt := range []struct {
		name                      string
		systems                   []isms.System
		all                       []isms.Classification
		valid, everDecided, isOld string
	}{
		{"no systems at all", nil, nil, "?", "?", "?"},
		{"classifications of nothing", nil, []isms.Classification{classified("c", "a", isms.ClassificationDecided, "2024-01-01", "")}, "?", "?", "?"},
		{"only planned and retired", []isms.System{system("a", isms.Planned, "", ""), system("b", isms.OutOfUse, "", "")}, nil, "?", "?", "?"},
		{"none classified", []isms.System{inUse("a"), inUse("b")}, nil, "0/2", "0/2", "0/2"},
		{"valid without end", []isms.System{inUse("a")}, []isms.Classification{classified("c", "a", isms.ClassificationDecided, "2024-01-01", "")}, "1/1", "1/1", "0/1"},
		{"valid on its last day", []isms.System{inUse("a")}, []isms.Classification{classified("c", "a", isms.ClassificationDecided, "2024-01-01", today)}, "1/1", "1/1", "0/1"},
		{"expired the day after", []isms.System{inUse("a")}, []isms.Classification{classified("c", "a", isms.ClassificationDecided, "2024-01-01", today.AddDays(-1))}, "0/1", "1/1", "1/1"},
		{"decided on the day", []isms.System{inUse("a")}, []isms.Classification{classified("c", "a", isms.ClassificationDecided, today, "")}, "1/1", "1/1", "0/1"},
		{"decided tomorrow", []isms.System{inUse("a")}, []isms.Classification{classified("c", "a", isms.ClassificationDecided, today.AddDays(1), "")}, "0/1", "0/1", "0/1"},
		{"decided on an unknown day", []isms.System{inUse("a")}, []isms.Classification{classified("c", "a", isms.ClassificationDecided, "", "")}, "0/1", "0/1", "0/1"},
		{"proposed", []isms.System{inUse("a")}, []isms.Classification{classified("c", "a", isms.ClassificationProposed, "2024-01-01", "")}, "0/1", "0/1", "0/1"},
		{"superseded by none", []isms.System{inUse("a")}, []isms.Classification{classified("c", "a", isms.ClassificationSuperseded, "2022-01-01", "")}, "0/1", "1/1", "1/1"},
		{"superseded by a valid one", []isms.System{inUse("a")}, []isms.Classification{classified("c", "a", isms.ClassificationSuperseded, "2022-01-01", ""),
			classified("d", "a", isms.ClassificationDecided, "2024-01-01", "")}, "1/1", "1/1", "0/1"},
		{"twice classified is one system", []isms.System{inUse("a"), inUse("b")}, []isms.Classification{classified("c", "a", isms.ClassificationDecided, "2022-01-01", ""),
			classified("d", "a", isms.ClassificationDecided, "2024-01-01", "")}, "1/2", "1/2", "0/2"},
		{"in use from tomorrow", []isms.System{inUse("a"), system("b", isms.InUse, today.AddDays(1), "")}, nil, "0/1", "0/1", "0/1"},
		{"last day of use", []isms.System{system("a", isms.InUse, "", today)}, nil, "0/1", "0/1", "0/1"},
		{"out of use since yesterday", []isms.System{inUse("a"), system("b", isms.InUse, "", today.AddDays(-1))}, nil, "0/1", "0/1", "0/1"},
		{"a process's classification", []isms.System{inUse("a")}, []isms.Classification{{Record: rec("c"), Process: "a", State: isms.ClassificationDecided, DecidedOn: "2024-01-01"}}, "0/1", "0/1", "0/1"},
	} {
		got := []string{numbers(Classified(tt.systems, tt.all, today)), numbers(EverClassified(tt.systems, tt.all, today)), numbers(Expired(tt.systems, tt.all, today))}
		if diff := cmp.Diff([]string{tt.valid, tt.everDecided, tt.isOld}, got); diff != "" {
			t.Errorf("%s: valid, ever, expired (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestAFigureOpensItsRecords(t *testing.T) {
	f := Classified([]isms.System{system("a", isms.InUse, "", ""), system("b", isms.InUse, "", ""), system("c", isms.Planned, "", "")},
		[]isms.Classification{classified("x", "b", isms.ClassificationDecided, "2024-01-01", ""), classified("y", "c", isms.ClassificationDecided, "2024-01-01", "")}, today)
	if diff := cmp.Diff([][]string{{"b"}, {"a", "b"}}, [][]string{f.Counted, f.Of}); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Ref{{"system", "a"}, {"system", "b"}}, f.Refs()); diff != "" {
		t.Error(diff)
	}
}

func TestProcessesThatMayBeCovered(t *testing.T) {
	processes := []isms.Process{{Record: rec("a"), NISCovered: isms.Yes}, {Record: rec("b"), NISCovered: isms.No}, {Record: rec("c")}, {Record: isms.Record{ID: "d", Retired: "2023-01-01"}, NISCovered: isms.Yes}}
	all := []isms.Classification{{Record: rec("x"), Process: "a", State: isms.ClassificationDecided, DecidedOn: "2024-01-01"}}
	f := NISProcessesClassified(processes, all, today)
	if numbers(f) != "1/1" || !cmp.Equal(f.Unclear, []string{"c"}) {
		t.Errorf("%s, unclear %v", numbers(f), f.Unclear)
	}
	if f := NISProcessesClassified(processes[1:3], all, today); f.Known || f.Percent().IsKnown() {
		t.Errorf("none known to be covered gives %s", numbers(f))
	}
	if got := numbers(ProcessesClassified(processes, all, today)); got != "1/3" {
		t.Error(got)
	}
	sets := []isms.InformationSet{{Record: rec("s")}}
	if got := numbers(SetsClassified(sets, []isms.Classification{{Record: rec("x"), Set: "s", State: isms.ClassificationDecided, DecidedOn: today}}, today)); got != "1/1" {
		t.Error(got)
	}
}

func TestRecordedFigures(t *testing.T) {
	r := Records{Measurements: []isms.Measurement{
		{Record: rec("m1"), Key: "systems_classified", Day: "2022-12-31", Value: register.PercentOf(3000), Source: "old"},
		{Record: rec("m2"), Key: "systems_classified", Day: today, Numerator: register.CountOf(5), Denominator: register.CountOf(10), Source: "new"},
		{Record: rec("m3"), Key: "systems_classified", Day: today.AddDays(1), Value: register.PercentOf(9900), Source: "later"},
		{Record: rec("m4"), Key: "sets_classified", Day: today, Numerator: register.CountOf(0), Denominator: register.CountOf(0), Source: "of nothing"},
	}}
	one := func(key string, day register.Day) Figure { return Of(r, key, day)[0] }
	f := one("systems_classified", today)
	if p, _ := f.Percent().Known(); p != 5000 || !f.Recorded || f.Source != "new" || f.Day != today || f.Refs()[0] != (Ref{"measurement", "m2"}) {
		t.Errorf("the latest recorded figure: %+v", f)
	}
	if f := one("systems_classified", today.AddDays(-1)); f.Source != "old" || f.Day != "2022-12-31" {
		t.Errorf("the day before: %+v", f)
	}
	if f := one("systems_classified", "2022-12-30"); f.Known {
		t.Errorf("before any was recorded: %+v", f)
	}
	if f := one("sets_classified", today); f.Known {
		t.Errorf("a share of nothing: %+v", f)
	}
	r.Systems = []isms.System{system("a", isms.InUse, "", "")}
	if f := one("systems_classified", today); f.Recorded || numbers(f) != "0/1" {
		t.Errorf("counted figures come before recorded ones: %+v", f)
	}
	if days := RecordedDays(r, "systems_classified", today); !cmp.Equal(days, []register.Day{"2022-12-31", today}) {
		t.Error(days)
	}
}

func TestChange(t *testing.T) {
	share := func(n, d int) Figure {
		return Figure{Key: "k", Unit: "system", Known: true, Numerator: register.CountOf(n), Denominator: register.CountOf(d)}
	}
	recorded := func(h int) Figure { return Figure{Key: "k", Unit: "system", Known: true, Share: register.PercentOf(h)} }
	process := share(1, 2)
	process.Unit = "process"
	for _, tt := range []struct {
		name     string
		from, to Figure
		want     [3]int // points, relative, relative known
		known    bool
	}{
		{"30 to 50 percent", recorded(3000), recorded(5000), [3]int{2000, 6667, 1}, true},
		{"18 to 30 of 60", share(18, 60), share(30, 60), [3]int{2000, 6667, 1}, true},
		{"down", recorded(5000), recorded(3000), [3]int{-2000, -4000, 1}, true},
		{"from nothing", share(0, 4), share(1, 4), [3]int{2500, 0, 0}, true},
		{"unchanged", share(1, 3), share(2, 6), [3]int{0, 0, 1}, true},
		{"unknown before", Figure{Key: "k", Unit: "system"}, share(1, 2), [3]int{}, false},
		{"other units are never compared", process, share(1, 2), [3]int{}, false},
		{"plain counts have no points", Figure{Key: "k", Known: true, Numerator: register.CountOf(1)}, Figure{Key: "k", Known: true, Numerator: register.CountOf(2)}, [3]int{}, false},
	} {
		c := Between(tt.from, tt.to)
		got := [3]int{c.Points, c.Relative, 0}
		if c.RelativeKnown {
			got[2] = 1
		}
		if c.Known != tt.known || got != tt.want {
			t.Errorf("%s: %v %v, want %v %v", tt.name, c.Known, got, tt.known, tt.want)
		}
	}
}

func TestPercentRoundsHalvesUp(t *testing.T) {
	for _, tt := range []struct{ n, d, want int }{{1, 3, 3333}, {2, 3, 6667}, {1, 8, 1250}, {1, 16, 625}, {1, 32, 313}, {0, 7, 0}, {7, 7, 10000}} {
		f := Figure{Known: true, Numerator: register.CountOf(tt.n), Denominator: register.CountOf(tt.d)}
		if got, _ := f.Percent().Known(); got != tt.want {
			t.Errorf("%d/%d = %d, want %d", tt.n, tt.d, got, tt.want)
		}
	}
}

func TestFiguresReadBackFromJSON(t *testing.T) {
	for _, f := range All(some(), today) {
		data, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		var back Figure
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(f, back, cmp.Comparer(func(a, b register.Count) bool { return a == b }), cmp.Comparer(func(a, b register.Percent) bool { return a == b })); diff != "" {
			t.Errorf("%s (-was +read):\n%s", f.ID(), diff)
		}
	}
	data, _ := json.Marshal(Figure{Key: "k"})
	var raw map[string]any
	if err := json.Unmarshal(data, &raw); err != nil || raw["numerator"] != nil || raw["percent_hundredths"] != nil || raw["known"] != false {
		t.Errorf("what is not known is null: %s", data)
	}
}
