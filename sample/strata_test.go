// SPDX-License-Identifier: EUPL-1.2

package sample

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAllocate(t *testing.T) {
	for _, c := range []struct {
		populations []int
		size        int
		want        []int
	}{
		{[]int{100}, 7, []int{7}},
		{[]int{50, 30, 20}, 10, []int{5, 3, 2}},
		{[]int{1, 1, 1}, 3, []int{1, 1, 1}},
		{[]int{10, 10, 10}, 10, []int{4, 3, 3}},       // the first of equals gets what is over
		{[]int{1000, 3, 0, 2}, 10, []int{8, 1, 0, 1}}, // the small ones get one each, the empty none
		{[]int{420, 310, 510}, 60, []int{20, 15, 25}}, // 20.3, 15, 24.7
		{[]int{5, 5, 90}, 100, []int{5, 5, 90}},       // all
		{[]int{1, 100}, 100, []int{1, 99}},            // never over its population
		{[]int{60_000_000, 40_000_000}, 10_000_000, []int{6_000_000, 4_000_000}},
	} {
		got, err := Allocate(c.populations, c.size)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%d of %v: %v %v, want %v", c.size, c.populations, got, err, c.want)
		}
	}
}

func TestAllocateIsNearTheShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		populations := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 5), rapid.IntRange(0, 5000)), 1, 30).Draw(t, "populations")
		rows, filled := 0, 0
		for _, n := range populations {
			rows += n
			filled += min(n, 1)
		}
		if rows == 0 {
			return
		}
		size := rapid.IntRange(filled, rows).Draw(t, "size")
		sizes, err := Allocate(populations, size)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for i, n := range sizes {
			sum += n
			if n > populations[i] || (n == 0) != (populations[i] == 0) {
				t.Errorf("%d of %d", n, populations[i])
			}
			if float64(n) >= float64(size*populations[i])/float64(rows)+1 && n > 1 {
				t.Errorf("%d of %d is more than its share", n, populations[i])
			}
		}
		if sum != size {
			t.Errorf("%d given of %d", sum, size)
		}
	})
}

func TestCombined(t *testing.T) {
	units := []Stratum{{"A", 420, 20, 0, 0}, {"B", 310, 15, 1, 0}, {"C", 510, 25, 0, 0}}
	each, whole, err := Combined(units, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range units {
		if want := bound(t, s.Population, s.Size, s.Deviations, 0.95); each[i] != want {
			t.Errorf("%+v, want %+v", each[i], want)
		}
	}
	if whole.Population != 1240 || whole.Size != 60 || whole.Deviations != 1 || whole.Confidence != 0.95 || whole.Rate != 1.0/60 {
		t.Errorf("%+v", whole)
	}
	// Drawn without strata the bound would be 93 rows; with Clopper and Pearson's it is 95, and the shares drawn differ a little.
	if plain := bound(t, 1240, 60, 1, 0.95); plain.UpperCount > whole.UpperCount || whole.UpperCount > plain.UpperCount+5 {
		t.Errorf("%d, without strata %d", whole.UpperCount, plain.UpperCount)
	}
}

func TestCombinedOfOneIsPlain(t *testing.T) {
	for _, strata := range [][]Stratum{
		{{"A", 1240, 60, 2, 0}},
		{{"empty", 0, 0, 0, 0}, {"A", 1240, 60, 2, 0}},
	} {
		each, whole, err := Combined(strata, 0.95)
		if want := bound(t, 1240, 60, 2, 0.95); err != nil || whole != want || each[len(each)-1] != want {
			t.Errorf("%+v %v, want %+v", whole, err, want)
		}
	}
}

// What is checked whole is known, and what is not checked at all may deviate in every row.
func TestCombinedAddsWhatIsKnown(t *testing.T) {
	plain := bound(t, 1000, 50, 0, 0.95)
	each, whole, err := Combined([]Stratum{{"A", 1000, 50, 0, 0}, {"all", 12, 12, 3, 0}, {"none", 7, 0, 0, 0}}, 0.95)
	if err != nil || whole.UpperCount != plain.UpperCount+3+7 || each[1].UpperCount != 3 || each[2].UpperCount != 7 || each[2].Upper != 1 {
		t.Errorf("%+v %+v %v", each, whole, err)
	}
}

// With uneven samples each stratum is bounded at the confidence raised to one part for each.
func TestCombinedUnevenlyAddsTheBounds(t *testing.T) {
	strata := []Stratum{{"A", 1000, 500, 50, 0}, {"B", 1000, 10, 0, 0}}
	if Evenly(strata) {
		t.Fatal("even")
	}
	_, whole, err := Combined(strata, 0.95)
	alpha := 1 - 0.9746794344808963 // the square root of 0.95
	if want := upperCount(1000, 500, 50, alpha) + upperCount(1000, 10, 0, alpha); err != nil || whole.UpperCount != want {
		t.Errorf("%+v %v, want %d", whole, err, want)
	}
}

func TestEvenly(t *testing.T) {
	for _, c := range []struct {
		strata []Stratum
		want   bool
	}{
		{nil, true},
		{[]Stratum{{Population: 100, Size: 10}}, true},
		{[]Stratum{{Population: 100, Size: 10}, {Population: 100, Size: 30}}, true},                       // exactly half of 40 of 200
		{[]Stratum{{Population: 100, Size: 10}, {Population: 100, Size: 31}}, false},                      // less
		{[]Stratum{{Population: 100, Size: 10}, {Population: 100, Size: 100}, {Population: 9}, {}}, true}, // those are known, or nothing is
	} {
		if got := Evenly(c.strata); got != c.want {
			t.Errorf("%v: %v", c.strata, got)
		}
	}
}

func TestCombinedCountsUnansweredAsDeviations(t *testing.T) {
	strata := func(unanswered, deviations int) []Stratum {
		return []Stratum{{"A", 420, 20, 1 + deviations, unanswered}, {"B", 310, 15, 0, 0}}
	}
	_, open, err := Combined(strata(3, 0), 0.95)
	if err != nil {
		t.Fatal(err)
	}
	_, worst, _ := Combined(strata(0, 3), 0.95)
	_, best, _ := Combined(strata(0, 0), 0.95)
	r, err := CombinedRange(strata(3, 0), 0.95)
	if err != nil || open != worst {
		t.Errorf("%+v, want %+v", open, worst)
	}
	if diff := cmp.Diff(Range{best, worst}, r); diff != "" {
		t.Error(diff)
	}
}

func TestCombinedIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		strata := make([]Stratum, rapid.IntRange(1, 8).Draw(t, "strata"))
		room, deviations := -1, 0
		for i := range strata {
			n := rapid.IntRange(1, 400).Draw(t, "population")
			size := rapid.IntRange(1, min(n, 30)).Draw(t, "size")
			k := rapid.IntRange(0, size).Draw(t, "deviations")
			strata[i] = Stratum{Population: n, Size: size, Deviations: k}
			deviations += k
			if k < size {
				room = i
			}
		}
		_, whole, err := Combined(strata, 0.9)
		if err != nil {
			t.Fatal(err)
		}
		if whole.UpperCount < deviations || whole.UpperCount > whole.Population-(whole.Size-deviations) {
			t.Fatalf("%+v is not possible", whole)
		}
		if room < 0 {
			return
		}
		strata[room].Deviations++
		if _, more, err := Combined(strata, 0.9); err != nil || more.UpperCount < whole.UpperCount {
			t.Errorf("%+v, with another deviation %+v %v", whole, more, err)
		}
	})
}

// The inequality that pooled rests on: of sums of independent trials with the same mean, few successes are likeliest where all have the same
// chance. Held here for chances of every kind.
func TestEqualTrialsHaveTheFewestSuccesses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chances := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(0, 1), rapid.Float64Range(0, 0.1), rapid.SampledFrom([]float64{0, 0.5, 1})), 1, 25).Draw(t, "chances")
		found, mean := []float64{1}, 0.0 // the chance of each number
		for _, p := range chances {
			mean += p
			next := make([]float64, len(found)+1)
			for k, chance := range found {
				next[k] += chance * (1 - p)
				next[k+1] += chance * p
			}
			found = next
		}
		atMost := 0.0
		for k := 0; float64(k) <= mean-1; k++ {
			atMost += found[k]
			if equal := binomial(mean/float64(len(chances)), len(chances), k); mean < float64(len(chances)) && atMost > equal+rounding {
				t.Fatalf("at most %d: %v, with equal chances %v", k, atMost, equal)
			}
		}
	})
}

func BenchmarkCombined(b *testing.B) {
	var strata []Stratum
	for i := range 40 {
		strata = append(strata, Stratum{Population: 50_000 + i, Size: 2500, Deviations: i})
	}
	for b.Loop() {
		if _, _, err := Combined(strata, 0.95); err != nil {
			b.Fatal(err)
		}
	}
}
