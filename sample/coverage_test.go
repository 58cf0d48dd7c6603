// SPDX-License-Identifier: EUPL-1.2

package sample

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"
)

// The tests here count chances by tables of factorials, another way than the room itself.

// logFactorials is log(n!) for n up to the limit.
func logFactorials(limit int) []float64 {
	table := make([]float64, limit+1)
	for n := 1; n <= limit; n++ {
		table[n] = table[n-1] + math.Log(float64(n))
	}
	return table
}

// distribution is the chance of each number of deviations in a sample of n.
func distribution(factorial []float64, population, deviating, n int) []float64 {
	choose := func(a, b int) float64 { return factorial[a] - factorial[b] - factorial[a-b] }
	p := make([]float64, n+1)
	for k := max(0, n-(population-deviating)); k <= min(n, deviating); k++ {
		p[k] = math.Exp(choose(deviating, k) + choose(population-deviating, n-k) - choose(population, n))
	}
	return p
}

// The rounding of the chances added up here.
const rounding = 1e-9

// Every small population with every number of deviating rows and every sample: how often the bound holds, exactly.
func TestCoverageOfEverySmallPopulation(t *testing.T) {
	factorial := logFactorials(60)
	for _, confidence := range []float64{0.5, 0.9, 0.95, 0.99} {
		for _, population := range []int{1, 2, 3, 5, 10, 20, 33, 60} {
			for n := 1; n <= population; n++ {
				upper := make([]int, n+1)
				for k := range upper {
					upper[k] = bound(t, population, n, k, confidence).UpperCount
				}
				for d := 0; d <= population; d++ {
					held := 0.0
					for k, p := range distribution(factorial, population, d, n) {
						if d <= upper[k] {
							held += p
						}
					}
					if held < confidence-rounding {
						t.Errorf("%d of %d, %d deviating: holds with the chance %v, stated %v", n, population, d, held, confidence)
					}
				}
			}
		}
	}
}

// Ten thousand populations of any size, each with its own rate and sample: how often the bound holds for each of them, exactly. Beside it
// one real draw from each, counted: the seeds are fixed, so the count is always the same.
func TestCoverageOfTenThousandPopulations(t *testing.T) {
	const populations, confidence = 10_000, 0.95
	random := rand.New(rand.NewPCG(1, 2))
	factorial := logFactorials(3000)
	held := 0
	for i := range populations {
		population := 10 + random.IntN(2990)
		n := 1 + random.IntN(min(population, 150))
		d := int(math.Pow(random.Float64(), 3) * float64(population+1)) // low rates are the usual ones
		chance := 0.0
		for k, p := range distribution(factorial, population, d, n) {
			if p > 0 && bound(t, population, n, k, confidence).UpperCount >= d {
				for _, p := range distribution(factorial, population, d, n)[k:] {
					chance += p
				}
				break // and so do the bounds for more deviations: they are never lower
			}
		}
		if chance < confidence-rounding {
			t.Errorf("%d of %d, %d deviating: holds with the chance %v", n, population, d, chance)
		}
		if bound(t, population, n, found(t, i, 1, population, d, n), confidence).UpperCount >= d {
			held++
		}
	}
	t.Logf("held for %d of %d draws", held, populations)
	if held < confidence*populations {
		t.Errorf("held for %d of %d draws", held, populations)
	}
}

// found draws n of the population's rows, of which the first d deviate, and counts those that do.
func found(t testing.TB, draw, stratum, population, d, n int) int {
	t.Helper()
	var seed Seed
	binary.BigEndian.PutUint64(seed[:], uint64(draw)+1)
	rows, err := Draw(seed.Stratum(stratum), int64(population), n)
	if err != nil {
		t.Fatal(err)
	}
	k := 0
	for _, row := range rows {
		if row <= int64(d) {
			k++
		}
	}
	return k
}

// Every way in which the deviating rows can lie in small strata, and every result: how often the bound on the whole holds, exactly. With
// even samples and uneven ones, and with strata checked whole or not at all among them.
func TestCoverageOfEverySmallStratification(t *testing.T) {
	factorial := logFactorials(40)
	for _, strata := range [][]Stratum{
		{{Population: 12, Size: 4}, {Population: 9, Size: 3}},
		{{Population: 20, Size: 2}, {Population: 20, Size: 12}},
		{{Population: 30, Size: 10}, {Population: 5, Size: 1}},
		{{Population: 8, Size: 4}, {Population: 6, Size: 3}, {Population: 10, Size: 5}},
		{{Population: 8, Size: 7}, {Population: 6, Size: 4}, {Population: 10, Size: 6}},
		{{Population: 8, Size: 7}, {Population: 6, Size: 1}, {Population: 10, Size: 2}},
		{{Population: 10, Size: 4}, {Population: 5, Size: 5}, {Population: 4}, {Population: 8, Size: 4}},
		{{Population: 4, Size: 2}, {Population: 4, Size: 2}, {Population: 4, Size: 2}, {Population: 4, Size: 2}},
		{{Population: 3, Size: 1}, {Population: 40, Size: 20}, {}},
		{{Population: 15, Size: 15}, {Population: 12, Size: 6}},
	} {
		for _, confidence := range []float64{0.5, 0.8, 0.95} {
			upper := map[[4]int]int{}
			each(strata, func(s Stratum) int { return s.Size }, func(k [4]int) {
				with := make([]Stratum, len(strata))
				for i, s := range strata {
					s.Deviations = k[i]
					with[i] = s
				}
				_, whole, err := Combined(with, confidence)
				if err != nil {
					t.Fatal(err)
				}
				upper[k] = whole.UpperCount
			})
			lowest := 1.0
			each(strata, func(s Stratum) int { return s.Population }, func(d [4]int) {
				held, deviating := 0.0, 0
				var chances [4][]float64
				for i, s := range strata {
					deviating += d[i]
					chances[i] = distribution(factorial, s.Population, d[i], s.Size)
				}
				each(strata, func(s Stratum) int { return s.Size }, func(k [4]int) {
					if deviating <= upper[k] {
						chance := 1.0
						for i := range strata {
							chance *= chances[i][k[i]]
						}
						held += chance
					}
				})
				lowest = min(lowest, held)
			})
			if lowest < confidence-rounding {
				t.Errorf("%v at %v: holds with the chance %v", strata, confidence, lowest)
			}
		}
	}
}

// each goes through every combination of numbers from 0 to the stratum's limit.
func each(strata []Stratum, limit func(Stratum) int, see func([4]int)) {
	var numbers [4]int
	var from func(i int)
	from = func(i int) {
		if i == len(strata) {
			see(numbers)
			return
		}
		for numbers[i] = 0; numbers[i] <= limit(strata[i]); numbers[i]++ {
			from(i + 1)
		}
		numbers[i] = 0
	}
	from(0)
}

// Ten thousand populations of up to twenty strata with rates of their own, allocated evenly or not, each drawn once.
func TestCoverageOfTenThousandStratifications(t *testing.T) {
	const populations, confidence = 10_000, 0.95
	for _, even := range []bool{true, false} {
		random := rand.New(rand.NewPCG(3, 4))
		held, evenly := 0, 0
		for i := range populations {
			strata, deviating := stratified(t, random, i, even)
			_, whole, err := Combined(strata, confidence)
			if err != nil {
				t.Fatal(err)
			}
			if whole.UpperCount >= deviating {
				held++
			}
			if Evenly(strata) {
				evenly++
			}
		}
		t.Logf("even %v: held for %d of %d draws, %d of them even", even, held, populations, evenly)
		if held < confidence*populations {
			t.Errorf("even %v: held for %d of %d draws", even, held, populations)
		}
		if even && evenly < 9*populations/10 || !even && evenly > populations/2 {
			t.Errorf("even %v: %d of %d were", even, evenly, populations)
		}
	}
}

// stratified makes a population of strata with deviating rows in them, and draws from it.
func stratified(t *testing.T, random *rand.Rand, draw int, even bool) (strata []Stratum, deviating int) {
	populations := make([]int, 2+random.IntN(19))
	rows := 0
	for i := range populations {
		populations[i] = 5 + random.IntN(200)
		rows += populations[i]
	}
	sizes, err := Allocate(populations, min(rows, len(populations)+random.IntN(120)))
	if err != nil {
		t.Fatal(err)
	}
	rate := 0.3 * random.Float64()
	for i, population := range populations {
		if !even {
			sizes[i] = 1 + random.IntN(min(population, 20))
		}
		d := min(population, int(2*rate*random.Float64()*float64(population)))
		deviating += d
		strata = append(strata, Stratum{Population: population, Size: sizes[i], Deviations: found(t, draw, i+1, population, d, sizes[i])})
	}
	return strata, deviating
}
