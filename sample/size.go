// SPDX-License-Identifier: EUPL-1.2

package sample

// Plan is a sample that is large enough for what it shall show.
type Plan struct {
	Population int // 0 where it is not known or very large
	Size       int // rows to check
	Expected   int // deviations that the sample may hold and still show it
	Confidence float64
	Tolerable  float64 // the share of the population that may deviate
	Bound      Bound   // what Expected deviations in Size would show
}

// Size is the smallest sample that can show that at most the tolerable share of the population deviates, if at most expected deviations are
// found in it: were more of the population deviating, so few would be found with a chance of at most one less the confidence.
// It is impossible where even the largest sample would not show it.
func Size(population int, confidence, tolerable float64, expected int) (Plan, error) {
	if err := checkPopulation(population); err != nil {
		return Plan{}, err
	}
	if err := checkConfidence(confidence); err != nil {
		return Plan{}, err
	}
	if !(tolerable > 0 && tolerable < 1) {
		return Plan{}, wrong(wrongTolerable)
	}
	most := largest(population)
	if expected < 0 || expected > most {
		return Plan{}, wrong(wrongExpected, most)
	}
	short := func(n int) bool { return !shows(population, n, expected, 1-confidence, tolerable) }
	if short(most) {
		return Plan{}, wrong(impossible, expected)
	}
	n := 1 + last(expected, most, short)
	bound, err := UpperBound(population, n, expected, confidence)
	return Plan{population, n, expected, confidence, tolerable, bound}, err
}

// shows reports whether k deviations in a sample of n show that at most the tolerable share deviates.
func shows(population, n, k int, alpha, tolerable float64) bool {
	if population == 0 {
		return rareRate(tolerable, n, k, alpha)
	}
	return rare(population, tolerated(population, tolerable)+1, n, k, alpha)
}

// SizeOfStrata is a sample for strata with these populations, divided by Allocate, that can show the same as Size: at most expected deviations found
// in all, in whichever strata, then show that at most the tolerable share of the whole deviates. It is tried from Size
// upwards in steps of a row and half a percent, so it is a little larger than Size. The Bound of the plan is that of the whole.
func SizeOfStrata(populations []int, confidence, tolerable float64, expected int) (Plan, []int, error) {
	rows, filled := 0, 0
	for _, n := range populations {
		if n < 0 || n > MaxPopulation-rows {
			return Plan{}, nil, wrong(wrongPopulation, MaxPopulation)
		}
		rows += n
		filled += min(n, 1)
	}
	if rows == 0 {
		return Plan{}, nil, wrong(wrongRows, MaxPopulation)
	}
	plan, err := Size(rows, confidence, tolerable, expected)
	if err != nil {
		return Plan{}, nil, err
	}
	for n := max(plan.Size, filled); ; n += 1 + n/200 {
		n = min(n, largest(rows))
		sizes, err := Allocate(populations, n)
		if err != nil {
			return Plan{}, nil, err
		}
		strata := foundWhereWorst(populations, sizes, expected)
		_, whole, err := Combined(strata, confidence)
		if err != nil {
			return Plan{}, nil, err
		}
		if whole.UpperCount <= tolerated(rows, tolerable) && (expected == 0 || Evenly(strata)) {
			plan.Size, plan.Bound = n, whole
			return plan, sizes, nil
		}
		if n == largest(rows) {
			return Plan{}, nil, wrong(impossible, expected)
		}
	}
}

// foundWhereWorst is a result with the deviations in strata that are not checked whole, where they stand for more than themselves. Among
// evenly sampled strata it is all the same in which.
func foundWhereWorst(populations, sizes []int, deviations int) []Stratum {
	strata := make([]Stratum, len(populations))
	for _, whole := range []bool{false, true} {
		for i, n := range populations {
			if (sizes[i] == n) == whole {
				here := min(deviations, sizes[i])
				strata[i] = Stratum{Population: n, Size: sizes[i], Deviations: here}
				deviations -= here
			}
		}
	}
	return strata
}
