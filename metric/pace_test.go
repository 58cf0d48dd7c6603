// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ledsyn/isms"
	"ledsyn/register"
)

// ends lists so many ends of months up to and with the day's own month.
func ends(day register.Day, n int) []register.Day {
	var list []register.Day
	for i := n - 1; i >= 0; i-- {
		t := day.Time()
		list = append(list, register.DayOf(time.Date(t.Year(), t.Month()-time.Month(i)+1, 0, 0, 0, 0, 0, time.UTC)))
	}
	return list
}

func curveOf(days []register.Day, shares ...int) []Figure {
	var curve []Figure
	for i, s := range shares {
		f := Figure{Key: "systems_classified", Unit: "system", Day: days[i]}
		if s >= 0 {
			f.Known, f.Share = true, register.PercentOf(s)
		}
		curve = append(curve, f)
	}
	return curve
}

func TestForecast(t *testing.T) {
	days := ends(today, 13)
	rising := make([]int, 13)
	for i := range rising {
		rising[i] = 4000 + i*200 // two points a month, at 64 percent today
	}
	p := Forecast(curveOf(days, rising...), today, Whole)
	if !p.Known || p.PerMonth != 200 || p.Points != 13 || p.Reached || p.On != "2025-12-31" || p.Earliest != p.On || p.Latest != p.On {
		t.Errorf("a straight line: %+v", p)
	}
	if share, _ := p.Now.Known(); share != 6400 {
		t.Errorf("now %d", share)
	}
	for _, c := range []struct {
		name   string
		shares []int
		known  bool
		on     register.Day
	}{
		{"nothing", nil, false, ""},
		{"two points", []int{4000, 5000}, false, ""},
		{"unknown points do not count", []int{4000, -1, -1, 5000}, false, ""},
		{"standing still", []int{5000, 5000, 5000, 5000}, true, ""},
		{"falling", []int{5000, 4000, 3000}, true, ""},
		{"too slow to tell", []int{1000, 1010, 1020}, true, ""},
	} {
		p := Forecast(curveOf(days[len(days)-max(len(c.shares), 1):], c.shares...), today, Whole)
		if p.Known != c.known || p.On != c.on || !c.known && p.PerMonth != 0 {
			t.Errorf("%s: %+v", c.name, p)
		}
	}
	if p := Forecast(curveOf(days[10:], 9000, 9500, 10000), today, Whole); !p.Reached || p.On != "" || p.PerMonth != 500 {
		t.Errorf("reached: %+v", p)
	}
	old := curveOf(ends(today, 40)[:20], rising...)
	if p := Forecast(old, today, Whole); p.Known || p.Points != 0 {
		t.Errorf("what was known more than a year ago gives no pace: %+v", p)
	}
	later := curveOf(ends("2024-12-31", 4), 1000, 2000, 3000, 4000)
	if p := Forecast(later, today, Whole); p.Known {
		t.Errorf("days after the forecast's own count: %+v", p)
	}
}

// TestForecastIsMoreUncertainTheMoreItSways holds that earliest, the line and latest come in order, and that "never" is last.
func TestForecastIsMoreUncertainTheMoreItSways(t *testing.T) {
	order := func(d register.Day) register.Day {
		if d == "" {
			return "9999-12-31"
		}
		return d
	}
	rapid.Check(t, func(t *rapid.T) {
		shares := rapid.SliceOfN(rapid.IntRange(0, 9900), 3, 13).Draw(t, "shares")
		p := Forecast(curveOf(ends(today, len(shares)), shares...), today, Whole)
		if !p.Known || p.Reached {
			t.Fatalf("%+v", p)
		}
		if order(p.Earliest) > order(p.On) || order(p.On) > order(p.Latest) {
			t.Fatalf("%s, %s, %s from %v", p.Earliest, p.On, p.Latest, shares)
		}
		if p.PerMonth < -1 && p.On != "" && p.On > ends(today, 1)[0] {
			t.Fatalf("a falling share reaches all in %s", p.On)
		}
	})
	steady := Forecast(curveOf(ends(today, 5), 5000, 5500, 6000, 6500, 7000), today, Whole)
	swaying := Forecast(curveOf(ends(today, 5), 5000, 6100, 5400, 6900, 7000), today, Whole)
	if steady.Earliest != steady.Latest || swaying.Earliest >= swaying.On || swaying.Latest != "" && swaying.Latest <= swaying.On {
		t.Errorf("steady %+v, swaying %+v", steady, swaying)
	}
}

func TestTargets(t *testing.T) {
	target := func(id, unit string, day register.Day) isms.CoverageTarget {
		return isms.CoverageTarget{Record: isms.Record{ID: id, Unit: unit}, Key: "systems_classified", Day: day, Share: register.PercentOf(Whole)}
	}
	retired := target("retired", "board", today)
	retired.Retired = "2024-01-01"
	other := target("other", "board", today)
	other.Key = "sets_classified"
	all := []isms.CoverageTarget{target("far", "board", "2026-12-31"), target("near", "board", "2024-12-31"), target("past", "board", "2023-12-31"), target("city", "city", "2024-12-31"), retired, other}
	for _, c := range []struct {
		units []string
		day   register.Day
		want  string
	}{
		{[]string{"board", "city"}, today, "near"},
		{[]string{"board", "city"}, "2025-01-01", "far"},
		{[]string{"board", "city"}, "2027-01-01", "far"},
		{[]string{"another", "city"}, today, "city"},
		{[]string{"another"}, today, ""},
	} {
		if got, _ := TargetFor(all, c.units, "systems_classified", c.day); got.ID != c.want {
			t.Errorf("%v on %s: %q, want %q", c.units, c.day, got.ID, c.want)
		}
	}
}

func TestNeeded(t *testing.T) {
	target := func(day register.Day, share int) isms.CoverageTarget {
		return isms.CoverageTarget{Day: day, Share: register.PercentOf(share)}
	}
	f := Part{30, 60}.Figure("systems_classified", "system", today) // today is the last of June
	for _, c := range []struct {
		name   string
		f      Figure
		target isms.CoverageTarget
		want   Need
		known  bool
	}{
		{"all by the end of the year", f, target("2024-12-31", Whole), Need{Months: 6, Objects: 30, PerMonth: 5, Points: 834}, true},
		{"four fifths by the end of the year", f, target("2024-12-31", 8000), Need{Months: 6, Objects: 18, PerMonth: 3, Points: 500}, true},
		{"today", f, target(today, Whole), Need{Months: 1, Objects: 30, PerMonth: 30, Points: 5000}, true},
		{"too late", f, target("2024-01-01", Whole), Need{Objects: 30, Late: true}, true},
		{"met", f, target("2024-12-31", 5000), Need{Months: 6, Met: true}, true},
		{"a part of an object is a whole one", f, target("2024-12-31", 5001), Need{Months: 6, Objects: 1, PerMonth: 1, Points: 1}, true},
		{"not known", Figure{Key: "k"}, target("2024-12-31", Whole), Need{}, false},
		{"without numbers", Figure{Known: true, Share: register.PercentOf(3000), Day: today}, target("2024-12-31", Whole), Need{}, false},
	} {
		got, known := Needed(c.f, c.target)
		got.Target = isms.CoverageTarget{}
		if got != c.want || known != c.known {
			t.Errorf("%s: %+v, %v", c.name, got, known)
		}
	}
}

func TestFocus(t *testing.T) {
	processes := []isms.Process{
		{Record: rec("nis"), NISCovered: isms.Yes, Volume: "small"},
		{Record: rec("large"), NISCovered: isms.No, Volume: "large", PersonalData: isms.SpecialCategories},
		{Record: rec("ordinary"), NISCovered: isms.No, Volume: "large", PersonalData: isms.OrdinaryData},
		{Record: rec("unknown")},
	}
	valid := []isms.Classification{{Record: rec("c"), Process: "large", State: isms.ClassificationDecided, DecidedOn: today}}
	instruction := func(id string, year int, focus isms.Focus) isms.Instruction {
		return isms.Instruction{Record: rec(id), Year: year, Focus: focus}
	}
	r := Records{Processes: processes, Classifications: valid, Instructions: []isms.Instruction{instruction("a", 2024, isms.FocusNIS), instruction("b", 2025, isms.FocusLarge), instruction("c", 2026, "")}}
	var got []string
	for _, key := range []string{"focus_nis_classified", "focus_large_sensitive_classified"} {
		for _, f := range Of(r, key, today) {
			got = append(got, fmt.Sprint(f.ID(), " ", numbers(f), " ", f.Unclear))
		}
	}
	want := []string{"focus_nis_classified/2024 0/1 [unknown]", "focus_large_sensitive_classified/2025 1/1 [unknown]"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestMeasuresFulfilled(t *testing.T) {
	answer := func(id, system, measure string, state isms.Fulfilment, on register.Day) isms.MeasureAnswer {
		return isms.MeasureAnswer{Record: rec(id), System: register.Ref[isms.System](system), Measure: measure, State: state, AnsweredOn: on}
	}
	c := classified("c", "a", isms.ClassificationDecided, "2024-01-01", "")
	c.Confidentiality, c.Integrity, c.Availability = "0", "0", "0"
	r := Records{Systems: []isms.System{system("a", isms.InUse, "", ""), system("b", isms.InUse, "", "")}, Classifications: []isms.Classification{c},
		MeasureAnswers: []isms.MeasureAnswer{answer("1", "a", "org-01", isms.Fulfilled, today), answer("2", "a", "org-02", isms.NotApplicable, today),
			answer("3", "a", "org-03", isms.Fulfilled, today.AddDays(1)), answer("4", "b", "org-01", isms.Fulfilled, today), answer("5", "a", "tec-03", isms.Fulfilled, today)}}
	f := Of(r, "measures_fulfilled", today)[0]
	basic := len(isms.Called(isms.Profile{}))
	if n, _ := f.Numerator.Known(); n != 1 {
		t.Errorf("%s", numbers(f))
	}
	if d, _ := f.Denominator.Known(); d != basic-1 || !slices.Equal(f.Unclear, []string{"b"}) {
		t.Errorf("of %d, want %d; unclear %v", d, basic-1, f.Unclear)
	}
	r.MeasureAnswers = nil
	if all := Of(r, "measures_fulfilled", today); all != nil {
		t.Errorf("nobody has answered and yet %v", all)
	}
}

// TestUnitCoverageIsTheFigureOfEveryUnit holds the quick count equal to the figure counted from each unit's own records.
func TestUnitCoverageIsTheFigureOfEveryUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRecords(t)
		names := []string{"top", "left", "right", "below"}
		parents := map[string]string{"left": "top", "right": "top", "below": "left"}
		for _, n := range names {
			r.Units = append(r.Units, isms.Unit{Record: isms.Record{ID: n, Unit: n}, Parent: register.Ref[isms.Unit](parents[n])})
		}
		place := func() string { return rapid.SampledFrom(names).Draw(t, "unit") }
		for i := range r.Systems {
			r.Systems[i].Unit = place()
		}
		for i := range r.Processes {
			r.Processes[i].Unit = place()
		}
		for key, unit := range CoverageKeys() {
			got := UnitCoverage(r, key, []register.Day{"2020-01-01", today})[1]
			for _, n := range names {
				own := r
				under := func(u string) bool { return u == n || parents[u] == n || parents[parents[u]] == n }
				own.Systems = slices.DeleteFunc(slices.Clone(r.Systems), func(s isms.System) bool { return !under(s.Unit) })
				own.Processes = slices.DeleteFunc(slices.Clone(r.Processes), func(p isms.Process) bool { return !under(p.Unit) })
				want := Of(own, key, today)[0]
				if f := got[n].Figure(key, unit, today); numbers(f) != numbers(want) {
					t.Fatalf("%s of %s: %s, want %s", key, n, numbers(f), numbers(want))
				}
			}
		}
	})
}

// BenchmarkCurvesOf40Units counts the share of classified systems at the end of each month of five years for forty units
// with 2,000 systems and three rounds of classification.
func BenchmarkCurvesOf40Units(b *testing.B) {
	r := Records{Units: []isms.Unit{{Record: isms.Record{ID: "city", Unit: "city"}}}}
	for i := range 40 {
		r.Units = append(r.Units, isms.Unit{Record: isms.Record{ID: fmt.Sprint("u", i), Unit: fmt.Sprint("u", i)}, Parent: "city"})
	}
	for i := range 2000 {
		s := system(fmt.Sprint("s", i), isms.InUse, "2018-01-01", "")
		s.Unit = fmt.Sprint("u", i%40)
		r.Systems = append(r.Systems, s)
		for round := range 3 {
			c := classified(fmt.Sprint("c", i, "-", round), s.ID, isms.ClassificationDecided, register.Day("2020-01-01").AddDays(i%700+round*500), "")
			c.ValidUntil = c.DecidedOn.AddDays(400)
			r.Classifications = append(r.Classifications, c)
		}
	}
	days := ends(today, 60)
	for b.Loop() {
		UnitCoverage(r, "systems_classified", days)
	}
}

func BenchmarkForecast(b *testing.B) {
	curve := curveOf(ends(today, 12), 4000, 4100, 4300, 4200, 4500, 4600, 5000, 5100, 5200, 5500, 5600, 5900)
	for b.Loop() {
		Forecast(curve, today, Whole)
	}
}
