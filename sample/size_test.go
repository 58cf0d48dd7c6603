// SPDX-License-Identifier: EUPL-1.2

package sample

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// Sample sizes as printed in the tables for tests of controls of the AICPA's Audit Sampling guide (tables: 5 and 10 percent
// risk of overreliance, large populations). The columns are the tolerable rates; a row is the number of expected deviations, which the
// tables print in brackets. The same sizes stand in many textbooks.
func TestPublishedSizes(t *testing.T) {
	tolerable := []float64{0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.10, 0.15, 0.20}
	for _, c := range []struct {
		confidence float64
		expected   int
		sizes      []int
	}{
		{0.95, 0, []int{149, 99, 74, 59, 49, 42, 36, 32, 29, 19, 14}},
		{0.95, 1, []int{236, 157, 117, 93, 78, 66, 58, 51, 46, 30, 22}},
		{0.90, 0, []int{114, 76, 57, 45, 38, 32, 28, 25, 22, 15, 11}},
		{0.90, 1, []int{194, 129, 96, 77, 64, 55, 48, 42, 38, 25, 18}},
	} {
		for i, want := range c.sizes {
			if got := size(t, 0, c.confidence, tolerable[i], c.expected).Size; got != want {
				t.Errorf("%v, tolerable %v, %d expected: %d, the table says %d", c.confidence, tolerable[i], c.expected, got, want)
			}
		}
	}
	// The series at 5 percent, one more deviation expected at a time.
	for k, want := range []int{59, 93, 124, 153, 181, 208} {
		if got := size(t, 0, 0.95, 0.05, k).Size; got != want {
			t.Errorf("95, 5, %d: %d, want %d", k, got, want)
		}
	}
	for k, want := range []int{45, 77, 105, 132, 158} {
		if got := size(t, 0, 0.90, 0.05, k).Size; got != want {
			t.Errorf("90, 5, %d: %d, want %d", k, got, want)
		}
	}
}

// size is Size of numbers that are right.
func size(t testing.TB, population int, confidence, tolerable float64, expected int) Plan {
	t.Helper()
	p, err := Size(population, confidence, tolerable, expected)
	if err != nil {
		t.Fatalf("Size(%d, %v, %v, %d): %v", population, confidence, tolerable, expected, err)
	}
	return p
}

// A size is the smallest whose bound keeps within the tolerable rate, and is impossible only where the whole population would not.
func TestSizeAndBoundAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		population := rapid.OneOf(rapid.IntRange(1, 200), rapid.IntRange(1, 200_000)).Draw(t, "population")
		confidence := rapid.SampledFrom([]float64{0.8, 0.9, 0.95, 0.99}).Draw(t, "confidence")
		hundredths := rapid.IntRange(1, 3000).Draw(t, "tolerable")
		expected := rapid.IntRange(0, 6).Draw(t, "expected")
		p, err := Size(population, confidence, float64(hundredths)/10_000, expected)
		within := population * hundredths / 10_000
		if impossible := expected > within || expected >= population; impossible != (err != nil) {
			t.Fatalf("%v: %+v, %v", impossible, p, err)
		}
		if err != nil {
			return
		}
		if p.Bound.UpperCount > within || p.Bound.Size != p.Size || p.Bound.Deviations != expected {
			t.Fatalf("%d tolerable: %+v", within, p)
		}
		if p.Size-1 > expected {
			if less, err := UpperBound(population, p.Size-1, expected, confidence); err != nil || less.UpperCount <= within {
				t.Fatalf("%+v, but one row less shows it too: %+v %v", p, less, err)
			}
		}
		large, err := Size(0, confidence, float64(hundredths)/10_000, expected)
		if err != nil || large.Bound.Upper > large.Tolerable*(1+1e-11) {
			t.Fatalf("%+v %v", large, err)
		}
		if large.Size-1 > expected {
			if less, err := UpperBound(0, large.Size-1, expected, confidence); err != nil || less.Upper <= large.Tolerable {
				t.Fatalf("%+v, but one row less shows it too: %+v %v", large, less, err)
			}
		}
	})
}

// A sample divided among strata shows what was asked, wherever the deviations are found, and is not much larger than one that is not divided.
func TestSizeOfStrataShowsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		populations := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 40), rapid.IntRange(1, 3000)), 1, 12).Draw(t, "populations")
		hundredths := rapid.IntRange(50, 2000).Draw(t, "tolerable")
		expected := rapid.IntRange(0, 4).Draw(t, "expected")
		rows := 0
		for _, n := range populations {
			rows += n
		}
		plan, sizes, err := SizeOfStrata(populations, 0.95, float64(hundredths)/10_000, expected)
		if plain, plainErr := Size(max(rows, 1), 0.95, float64(hundredths)/10_000, expected); (err == nil) != (rows > 0 && plainErr == nil) || plan.Size < plain.Size && err == nil {
			t.Fatalf("%+v %v, without strata %+v %v", plan, err, plain, plainErr)
		}
		if err != nil {
			return
		}
		strata := make([]Stratum, len(sizes))
		sum := 0
		for i, n := range sizes {
			strata[i] = Stratum{Population: populations[i], Size: n}
			sum += n
		}
		if sum != plan.Size || plan.Bound.Size != sum {
			t.Fatalf("%v: %+v", sizes, plan)
		}
		for range expected { // one by one, in any stratum that has a sound row left
			i := rapid.IntRange(0, len(strata)-1).Draw(t, "found in")
			for strata[i].Deviations == strata[i].Size {
				i = (i + 1) % len(strata)
			}
			strata[i].Deviations++
		}
		_, whole, err := Combined(strata, 0.95)
		if err != nil || whole.UpperCount > rows*hundredths/10_000 || whole.UpperCount > plan.Bound.UpperCount {
			t.Errorf("%+v shows %+v %v", plan, whole, err)
		}
	})
}

func TestSizeOfStrata(t *testing.T) {
	for _, c := range []struct {
		populations []int
		expected    int
		want        []int
	}{
		{[]int{1240}, 1, []int{89}}, // as without strata
		{[]int{1240, 0}, 0, []int{57, 0}},
		{[]int{400, 400, 400}, 0, []int{20, 20, 20}},
		{[]int{3, 3, 3}, 0, []int{3, 3, 3}},
	} {
		if plan, sizes, err := SizeOfStrata(c.populations, 0.95, 0.05, c.expected); err != nil || !slices.Equal(sizes, c.want) {
			t.Errorf("%+v: %v %+v %v", c, sizes, plan, err)
		}
	}
}

func TestSizeOfKnownPopulations(t *testing.T) {
	for _, c := range []struct {
		population            int
		confidence, tolerable float64
		expected, want        int
	}{
		{1240, 0.95, 0.05, 0, 57},
		{1240, 0.95, 0.05, 1, 89},
		{10, 0.95, 0.05, 0, 10}, // not one of ten may deviate: all must be seen
		{20, 0.95, 0.05, 0, 16},
		{MaxPopulation, 0.95, 0.05, 0, 59},
	} {
		if got := size(t, c.population, c.confidence, c.tolerable, c.expected); got.Size != c.want {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

func TestSizeGrowsWithThePopulation(t *testing.T) {
	before := 0
	for _, population := range []int{100, 200, 400, 1000, 4000, 10_000, 100_000, 2_000_000, 0} {
		n := size(t, population, 0.95, 0.05, 1).Size
		if n < before {
			t.Errorf("of %d: %d, of a smaller population %d", population, n, before)
		}
		before = n
	}
}

// A rate times a population that is a whole number on paper is one here too: 62 of 1,240 is not above 5 percent.
func TestTolerated(t *testing.T) {
	for hundredths := 1; hundredths < 10_000; hundredths++ {
		for _, population := range []int{1, 3, 100, 1240, 9999, 10_000, 700_000, MaxPopulation} {
			if got, want := tolerated(population, float64(hundredths)/10_000), population*hundredths/10_000; got != want {
				t.Fatalf("%d hundredths of a percent of %d: %d, want %d", hundredths, population, got, want)
			}
		}
	}
}

func TestWrongNumbers(t *testing.T) {
	nan := math.NaN()
	sized := func(population int, confidence, tolerable float64, expected int) error {
		_, err := Size(population, confidence, tolerable, expected)
		return err
	}
	bounded := func(population, size, deviations int, confidence float64) error {
		_, err := UpperBound(population, size, deviations, confidence)
		return err
	}
	ranged := func(size, deviations, unanswered int) error {
		_, err := WithUnanswered(100, size, deviations, unanswered, 0.95)
		return err
	}
	drawn := func(seed Seed, rows int64, size int) error {
		_, err := Draw(seed, rows, size)
		return err
	}
	allocated := func(size int, populations ...int) error {
		_, err := Allocate(populations, size)
		return err
	}
	divided := func(populations ...int) error {
		_, _, err := SizeOfStrata(populations, 0.95, 0.05, 5)
		return err
	}
	combined := func(confidence float64, strata ...Stratum) error {
		_, err := CombinedRange(strata, confidence)
		return err
	}
	for i, c := range []struct {
		err  error
		code string
	}{
		{sized(-1, 0.95, 0.05, 0), wrongPopulation},
		{sized(MaxPopulation+1, 0.95, 0.05, 0), wrongPopulation},
		{sized(100, 0, 0.05, 0), wrongConfidence},
		{sized(100, 1, 0.05, 0), wrongConfidence},
		{sized(100, 95, 0.05, 0), wrongConfidence},
		{sized(100, -0.95, 0.05, 0), wrongConfidence},
		{sized(100, nan, 0.05, 0), wrongConfidence},
		{sized(100, math.Inf(1), 0.05, 0), wrongConfidence},
		{sized(100, 0.95, 0, 0), wrongTolerable},
		{sized(100, 0.95, 1, 0), wrongTolerable},
		{sized(100, 0.95, -0.05, 0), wrongTolerable},
		{sized(100, 0.95, nan, 0), wrongTolerable},
		{sized(100, 0.95, 0.05, -1), wrongExpected},
		{sized(100, 0.95, 0.05, 101), wrongExpected},
		{sized(100, 0.95, 0.05, 6), impossible},
		{sized(100, 0.95, 0.05, 100), impossible},
		{sized(0, 0.95, 0.05, MaxSize), impossible},
		{sized(0, 0.95, 1e-9, 0), impossible},
		{sized(MaxPopulation, 0.95, 1e-300, 0), impossible}, // it would take more than the largest size
		{bounded(-1, 1, 0, 0.95), wrongPopulation},
		{bounded(100, 0, 0, 0.95), wrongSize},
		{bounded(100, -5, 0, 0.95), wrongSize},
		{bounded(100, 101, 0, 0.95), wrongSize},
		{bounded(0, MaxSize+1, 0, 0.95), wrongSize},
		{bounded(100, 10, -1, 0.95), wrongDeviations},
		{bounded(100, 10, 11, 0.95), wrongDeviations},
		{bounded(100, 10, 0, nan), wrongConfidence},
		{ranged(10, 1, -1), wrongUnanswered},
		{ranged(10, 1, 10), wrongUnanswered},
		{ranged(10, 1, math.MaxInt), wrongUnanswered},
		{ranged(10, 11, 0), wrongDeviations},
		{drawn(Seed{}, 10, 1), wrongSeed},
		{drawn(Seed{1}, 0, 1), wrongRows},
		{drawn(Seed{1}, -1, 1), wrongRows},
		{drawn(Seed{1}, MaxPopulation+1, 1), wrongRows},
		{drawn(Seed{1}, math.MaxInt64, 1), wrongRows},
		{drawn(Seed{1}, 10, 0), wrongSize},
		{drawn(Seed{1}, 10, 11), wrongSize},
		{drawn(Seed{1}, MaxPopulation, MaxSize+1), wrongSize},
		{allocated(0, 5, 5), wrongSize},
		{allocated(11, 5, 5), wrongSize},
		{allocated(1), wrongRows},
		{allocated(1, 0, 0), wrongRows},
		{allocated(2, 5, 0, 5, 5), wrongStrata},
		{allocated(2, 5, -1), wrongPopulation},
		{allocated(2, MaxPopulation, 1), wrongPopulation},
		{allocated(2, math.MaxInt, math.MaxInt), wrongPopulation},
		{divided(), wrongRows},
		{divided(0, 0), wrongRows},
		{divided(5, -1), wrongPopulation},
		{divided(MaxPopulation, 1), wrongPopulation},
		{divided(50, 49), impossible},
		{combined(0.95), wrongRows},
		{combined(0.95, Stratum{Population: 10}), wrongSize},
		{combined(0.95, Stratum{Population: 10, Size: 11}), wrongSize},
		{combined(0.95, Stratum{Size: 1}), wrongSize},
		{combined(0.95, Stratum{Population: -1, Size: 1}), wrongPopulation},
		{combined(0.95, Stratum{Population: MaxPopulation, Size: 1}, Stratum{Population: 1, Size: 1}), wrongPopulation},
		{combined(0.95, Stratum{Population: 10, Size: 5, Deviations: 6}), wrongDeviations},
		{combined(0.95, Stratum{Population: 10, Size: 5, Deviations: 4, Unanswered: 2}), wrongUnanswered},
		{combined(0.95, Stratum{Population: 10, Size: 5, Unanswered: -1}), wrongUnanswered},
		{combined(0.95, Stratum{Population: 10, Size: -5}), wrongDeviations},
		{combined(nan, Stratum{Population: 10, Size: 5}), wrongConfidence},
	} {
		var wrong *Error
		if !errors.As(c.err, &wrong) || wrong.Code != c.code {
			t.Errorf("%d: %v, want %s", i, c.err, c.code)
		}
	}
}

func BenchmarkSize(b *testing.B) {
	for _, population := range []int{1240, 2_000_000, 0} {
		b.Run(strconv.Itoa(population), func(b *testing.B) {
			for b.Loop() {
				if _, err := Size(population, 0.95, 0.02, 20); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSizeOfStrata(b *testing.B) {
	populations := make([]int, 40)
	for i := range populations {
		populations[i] = 20 + 50*i*i
	}
	for b.Loop() {
		if _, _, err := SizeOfStrata(populations, 0.95, 0.02, 3); err != nil {
			b.Fatal(err)
		}
	}
}
