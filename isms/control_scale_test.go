// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ledsyn/register"
)

func TestScaleIsRead(t *testing.T) {
	s := ControlScale{Likelihoods: "Osannolik\nMöjlig\n\n  Sannolik ", Consequences: "Liten\nKännbar\nStor\nMycket stor", Bands: "1 Låg\n4 Medel\n8  Mycket   hög", ActFrom: register.CountOf(8)}
	r, wrong := s.Read()
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	if got := strings.Join(r.Likelihoods, "|"); got != "Osannolik|Möjlig|Sannolik" {
		t.Errorf("likelihoods %q", got)
	}
	for value, want := range map[int]string{0: "", 1: "Låg", 3: "Låg", 4: "Medel", 7: "Medel", 8: "Mycket hög", 12: "Mycket hög", 13: ""} {
		if b, _ := r.Band(value); b.Name != want {
			t.Errorf("value %d is %q, want %q", value, b.Name, want)
		}
	}
	if r.Value(3, 4) != 12 || r.Value(4, 1) != 0 || r.Value(0, 2) != 0 || r.Value(2, 5) != 0 {
		t.Error("values outside the scale, or of it, are wrong")
	}
	if r.Tone(1) != 1 || r.Tone(4) != 3 || r.Tone(9) != Tones || r.Tone(0) != 0 {
		t.Errorf("tones %d %d %d %d", r.Tone(1), r.Tone(4), r.Tone(9), r.Tone(0))
	}
}

func TestWrongScalesSayWhere(t *testing.T) {
	good := ControlScale{Likelihoods: "A\nB", Consequences: "C\nD", Bands: "1 Låg\n3 Hög"}
	for _, c := range []struct {
		change func(*ControlScale)
		want   string
	}{
		{func(*ControlScale) {}, "[]"},
		{func(s *ControlScale) { s.Likelihoods = "A" }, "[likelihoods scale_steps [2 10 1]]"},
		{func(s *ControlScale) { s.Consequences = strings.Repeat("x\n", 2) }, "[consequences scale_label_twice [2 x]]"},
		{func(s *ControlScale) { s.Likelihoods = "A\n" + strings.Repeat("x", 61) }, "[likelihoods scale_label_long [2 60]]"},
		{func(s *ControlScale) { s.Likelihoods = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11" }, "[likelihoods scale_steps [2 10 11]]"},
		{func(s *ControlScale) { s.Bands = "1 Låg\n\nMedel 3" }, "[bands scale_band [3 Medel 3]]"},
		{func(s *ControlScale) { s.Bands = "1 Låg\n3" }, "[bands scale_band [2 3]]"},
		{func(s *ControlScale) { s.Bands = "2 Låg" }, "[bands scale_band_first [1]]"},
		{func(s *ControlScale) { s.Bands = "1 Låg\n1 Hög" }, "[bands scale_band_order [2 1 1]]"},
		{func(s *ControlScale) { s.Bands = "1 Låg\n5 Hög" }, "[bands scale_band_beyond [2 5 4]]"},
		{func(s *ControlScale) { s.Bands = "1 A\n2 B\n3 C\n4 D\n5 E\n6 F" }, "[bands scale_band_beyond [5 5 4] bands scale_band_beyond [6 6 4] bands scale_bands [5 6]]"},
		{func(s *ControlScale) { s.ActFrom = register.CountOf(5) }, "[act_from scale_act_from [4]]"},
		{func(s *ControlScale) { s.ActFrom = register.CountOf(0) }, "[act_from scale_act_from [4]]"},
	} {
		s := good
		c.change(&s)
		var got []string
		for _, w := range s.Wrong() {
			got = append(got, fmt.Sprintf("%s %s %v", w.Field, w.Code, w.Args))
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%+v: %v, want %s", s, got, c.want)
		}
	}
}

// Every value of a scale is in one band, a greater value never in a lesser band or tone, and every band has its values.
func TestBandsCoverTheScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, columns := rapid.IntRange(2, 10).Draw(t, "rows"), rapid.IntRange(2, 10).Draw(t, "columns")
		from := append([]int{1}, rapid.SliceOfNDistinct(rapid.IntRange(2, rows*columns), 0, min(4, rows*columns-1), rapid.ID[int]).Draw(t, "from")...)
		slices.Sort(from)
		steps := func(n int) (s string) {
			for i := range n {
				s += fmt.Sprintf("Steg %d\n", i)
			}
			return s
		}
		scale := ControlScale{Likelihoods: steps(rows), Consequences: steps(columns)}
		for i, f := range from {
			scale.Bands += fmt.Sprintf("%d Band %d\n", f, i)
		}
		r, wrong := scale.Read()
		if len(wrong) > 0 {
			t.Fatal(wrong)
		}
		last, tone := 0, 0
		for value := 1; value <= rows*columns; value++ {
			b, ok := r.Band(value)
			if !ok || b.From > value || b.From < last || r.Tone(value) < tone || r.Tone(value) > Tones {
				t.Fatalf("value %d: band %+v, tone %d after band %d, tone %d", value, b, r.Tone(value), last, tone)
			}
			last, tone = b.From, r.Tone(value)
		}
		if len(from) > 1 && tone != Tones {
			t.Fatalf("the gravest band has tone %d", tone)
		}
	})
}

func TestScaleOfTheNearestUnitAndNewestYear(t *testing.T) {
	at := func(id, unit string, year int) ControlScale {
		return ControlScale{Record: Record{ID: id, Unit: unit}, FirstYear: year}
	}
	scales := []ControlScale{at("city-24", "city", 2024), at("city-26", "city", 2026), at("board-26", "board", 2026)}
	for _, c := range []struct {
		places []string
		year   int
		want   string
	}{
		{[]string{"board", "city"}, 2023, ""}, {[]string{"board", "city"}, 2025, "city-24"}, {[]string{"board", "city"}, 2026, "board-26"},
		{[]string{"other", "city"}, 2027, "city-26"}, {[]string{"board"}, 2025, ""},
	} {
		if s, _ := ScaleFor(scales, c.places, c.year); s.ID != c.want {
			t.Errorf("%v %d: %q, want %q", c.places, c.year, s.ID, c.want)
		}
	}
}

func TestPlanDecidedLate(t *testing.T) {
	for day, want := range map[register.Day]int{"": 0, "2025-12-18": 0, "2026-01-01": 1, "2026-03-14": 73, "2026-12-31": 365, "2027-01-10": 375} {
		days, beyond := ControlPlan{Year: 2026, DecidedOn: day}.Late()
		if days != want || beyond != (day > "2026-12-31") {
			t.Errorf("decided %s: %d days, beyond %v; want %d", day, days, beyond, want)
		}
	}
}

func TestTertials(t *testing.T) {
	for day, want := range map[register.Day]Tertial{"2026-01-01": FirstTertial, "2026-04-30": FirstTertial, "2026-05-01": SecondTertial, "2026-08-31": SecondTertial, "2026-09-01": ThirdTertial,
		"2025-12-30": FirstTertial, "2027-01-10": ThirdTertial} {
		if got := TertialOf(2026, day); got != want {
			t.Errorf("%s is in %s", day, got)
		}
	}
	if FirstTertial.Ends(2026) != "2026-04-30" || WholeYear.Ends(2026) != "2026-12-31" || ThirdTertial.Ends(2026) != "2026-12-31" {
		t.Error("a part of the year ends on another day")
	}
}

func TestPlansCompared(t *testing.T) {
	c := func(id, name, frequency, continues string) Control {
		return Control{Record: Record{ID: id}, Name: name, Frequency: frequency, Continues: register.Ref[Control](continues)}
	}
	before := []Control{c("a", "Konton", "Varje tertial", ""), c("b", "Loggar", "", ""), c("c", "Avtal", "", "")}
	before[2].DropReason = "Ingår i revisionen"
	after := []Control{c("x", "Konton", "En gång", "a"), c("y", "Loggar", "", "b"), c("z", "Telefoner", "", "")}
	after[0].Plan = "new"
	var got []string
	for _, d := range CompareControls(before, after) {
		name := ""
		if d.Is != nil {
			name = d.Is.Name
		} else {
			name = d.Was.Name
		}
		fields := ""
		for _, f := range d.Fields {
			fields += " " + f.Field.Name + ":" + f.Was + ">" + f.Is
		}
		got = append(got, fmt.Sprintf("%s %s%s %v", d.Change, name, fields, d.Unexplained()))
	}
	want := "changed Konton frequency:Varje tertial>En gång true; kept Loggar false; new Telefoner true; dropped Avtal false"
	if s := strings.Join(got, "; "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	actions := CompareActions([]DirectAction{{Record: Record{ID: "d"}, State: ActionDone}, {Record: Record{ID: "e"}, State: ActionOngoing}}, nil)
	if len(actions) != 2 || actions[0].Change != ActionDoneWith || actions[0].Unexplained() || !actions[1].Unexplained() {
		t.Errorf("actions %+v", actions)
	}
}
