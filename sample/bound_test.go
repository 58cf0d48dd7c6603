// SPDX-License-Identifier: EUPL-1.2

package sample

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// bound is UpperBound of numbers that are right.
func bound(t testing.TB, population, size, deviations int, confidence float64) Bound {
	t.Helper()
	b, err := UpperBound(population, size, deviations, confidence)
	if err != nil {
		t.Fatalf("UpperBound(%d, %d, %d, %v): %v", population, size, deviations, confidence, err)
	}
	return b
}

// Upper limits in percent at 95 and 90 percent confidence, as printed in the tables for evaluating attribute samples of the AICPA's Audit
// Sampling guide (tables, for large populations). A row is the sample's size and the limits for 0, 1, 2... deviations, in tenths
// of a percent. The tables round mostly upwards, sometimes to the nearest, so the exact limit is less than a tenth away.
func TestPublishedUpperLimits(t *testing.T) {
	for _, c := range []struct {
		confidence float64
		size       int
		tenths     []int
	}{
		{0.95, 25, []int{113, 176}},
		{0.95, 30, []int{95, 149, 196}},
		{0.95, 40, []int{73, 114, 150, 183}},
		{0.95, 50, []int{59, 92, 121, 148, 174}},
		{0.95, 60, []int{49, 77, 102, 125, 147, 168}},
		{0.95, 100, []int{30, 47, 62, 76, 90, 103}},
		{0.90, 20, []int{109, 181}},
		{0.90, 25, []int{88, 147, 199}},
		{0.90, 50, []int{46, 76, 103, 129, 154, 178}},
		{0.90, 100, []int{23, 39, 53, 66, 79, 91}},
	} {
		for k, want := range c.tenths {
			if got := bound(t, 0, c.size, k, c.confidence).Upper * 1000; math.Abs(got-float64(want)) >= 1 {
				t.Errorf("%v, %d deviations of %d: %v tenths of a percent, the table says %d", c.confidence, k, c.size, got, want)
			}
		}
	}
}

// What the documentation and the pages use as example.
func TestExampleOfTheHandbook(t *testing.T) {
	b := bound(t, 1240, 60, 0, 0.95)
	if b.UpperCount != 58 || b.UpperPercent() != 470 {
		t.Errorf("60 of 1,240, none deviating: at most %d rows, %d hundredths of a percent", b.UpperCount, b.UpperPercent())
	}
}

func TestWholePopulationGivesItsRate(t *testing.T) {
	for _, n := range []int{1, 2, 7, 100, MaxSize} {
		for _, k := range []int{0, 1, n / 2, n} {
			if b := bound(t, n, n, k, 0.95); b.UpperCount != k || b.Upper != b.Rate {
				t.Errorf("%d of %d, all checked: %+v", k, n, b)
			}
		}
	}
}

// With none deviating the binomial bound has a formula: 1 - alpha^(1/n).
func TestNoDeviationsHasAFormula(t *testing.T) {
	for _, n := range []int{1, 2, 60, 1000, 100_000, MaxSize} {
		want := -math.Expm1(math.Log(0.05) / float64(n))
		if got := bound(t, 0, n, 0, 0.95).Upper; got < want*(1-1e-13) || got > want*(1+1e-8) {
			t.Errorf("%d: %v, want %v", n, got, want)
		}
	}
}

// exactTail is the hypergeometric chance of at most k, in whole numbers.
func exactTail(population, deviating, n, k int) *big.Rat {
	sum := new(big.Int)
	for i := 0; i <= k; i++ {
		a := new(big.Int).Binomial(int64(deviating), int64(i))
		sum.Add(sum, a.Mul(a, new(big.Int).Binomial(int64(population-deviating), int64(n-i))))
	}
	return new(big.Rat).SetFrac(sum, new(big.Int).Binomial(int64(population), int64(n)))
}

// Every sample of every small population, and the same in exact fractions: a row count is left out only where the chance is below the
// limit, and always where it is clearly below.
func TestBoundAgainstExactFractions(t *testing.T) {
	for _, c := range []int64{50, 90, 95, 99} {
		alpha := big.NewRat(100-c, 100)
		for population := 1; population <= 22; population++ {
			for n := 1; n <= population; n++ {
				for k := 0; k <= n; k++ {
					d := bound(t, population, n, k, float64(c)/100).UpperCount
					if d < population && exactTail(population, d+1, n, k).Cmp(alpha) > 0 {
						t.Errorf("%d of %d of %d at %d: %d is too low", k, n, population, c, d)
					}
					if exactTail(population, d, n, k).Cmp(alpha) < 0 {
						t.Errorf("%d of %d of %d at %d: %d is needlessly high", k, n, population, c, d)
					}
				}
			}
		}
	}
}

// Chances of large populations have twelve right digits: the margin is worth what it says.
func TestChancesArePrecise(t *testing.T) {
	for _, c := range []struct{ population, deviating, n, k int }{
		{1240, 62, 60, 0}, {1240, 62, 60, 3}, {100_000, 1500, 2000, 20}, {MaxPopulation, 3_000_000, 400, 5}, {MaxPopulation, 50_000, 5000, 2},
		{2_000_000, 60_000, 1000, 20}, {5000, 2500, 2500, 1240}, {5000, 4990, 300, 298}, {40, 20, 20, 12},
	} {
		want, _ := exactTail(c.population, c.deviating, c.n, c.k).Float64()
		if got := hypergeometric(c.population, c.deviating, c.n, c.k); math.Abs(got-want) > margin/100*want {
			t.Errorf("%+v: %v, exactly %v", c, got, want)
		}
	}
}

func TestBoundIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		population := rapid.IntRange(2, 3000).Draw(t, "population")
		size := rapid.IntRange(1, population-1).Draw(t, "size")
		deviations := rapid.IntRange(0, size-1).Draw(t, "deviations")
		confidence := rapid.SampledFrom([]float64{0.5, 0.8, 0.9, 0.95, 0.99, 0.9999}).Draw(t, "confidence")
		upper := func(population, size, deviations int, confidence float64) Bound {
			b, err := UpperBound(population, size, deviations, confidence)
			if err != nil {
				t.Fatal(err)
			}
			if population > 0 && b.UpperCount < deviations || b.Upper > 1 {
				t.Fatalf("%+v", b)
			}
			return b
		}
		b := upper(population, size, deviations, confidence)
		if more := upper(population, size, deviations+1, confidence); more.UpperCount <= b.UpperCount {
			t.Errorf("another deviation: %+v, then %+v", b, more)
		}
		if more := upper(population, size+1, deviations, confidence); more.UpperCount > b.UpperCount {
			t.Errorf("another sound row: %+v, then %+v", b, more)
		}
		if more := upper(population+1, size, deviations, confidence); more.UpperCount < b.UpperCount {
			t.Errorf("a larger population: %+v, then %+v", b, more)
		}
		if more := upper(population, size, deviations, (confidence+MaxConfidence)/2); more.UpperCount < b.UpperCount {
			t.Errorf("more confidence: %+v, then %+v", b, more)
		}
		if none := upper(0, size, deviations, confidence); none.Upper < b.Upper-1/float64(population) {
			t.Errorf("a population without end: %+v, then %+v", b, none)
		}
	})
}

func TestPercentIsRoundedUp(t *testing.T) {
	for _, c := range []struct {
		b    Bound
		want int
	}{
		{Bound{Population: 1000, UpperCount: 46, Upper: 0.046}, 460},
		{Bound{Population: 1000, UpperCount: 47}, 470},
		{Bound{Population: 1001, UpperCount: 46}, 460},
		{Bound{Population: 999, UpperCount: 46}, 470},
		{Bound{Population: 100_000, UpperCount: 991}, 100},
		{Bound{Population: 100_000, UpperCount: 990}, 99},
		{Bound{Population: MaxPopulation, UpperCount: 1}, 1},
		{Bound{Population: 3, UpperCount: 3}, 10_000},
		{Bound{Population: 3}, 0},
		{Bound{Upper: 0.0487021}, 490},
		{Bound{Upper: 1, UpperCount: -1}, 10_000},
	} {
		if got := c.b.UpperPercent(); got != c.want {
			t.Errorf("%+v: %d, want %d", c.b, got, c.want)
		}
	}
}

func TestWithUnanswered(t *testing.T) {
	r, err := WithUnanswered(1240, 60, 1, 4, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	if best, worst := bound(t, 1240, 60, 1, 0.95), bound(t, 1240, 60, 5, 0.95); r.Best != best || r.Worst != worst {
		t.Errorf("%+v", r)
	}
}

func BenchmarkUpperBound(b *testing.B) {
	for _, c := range []struct {
		name                string
		population, size, k int
	}{
		{"60of1240", 1240, 60, 0}, {"100000of2million", 2_000_000, 100_000, 300}, {"100000of2million_half", 2_000_000, 100_000, 50_000},
		{"100000binomial", 0, 100_000, 300}, {"100000binomial_half", 0, 100_000, 50_000}, {"10million", 0, MaxSize, MaxSize / 2},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := UpperBound(c.population, c.size, c.k, 0.95); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
