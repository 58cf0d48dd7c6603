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
