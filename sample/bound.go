// SPDX-License-Identifier: EUPL-1.2

package sample

import "math"

// Bound is what a checked sample shows about the whole population: at the confidence, at most this share of it deviates.
type Bound struct {
	Population int // 0 where it is not known or very large
	Size       int // rows checked
	Deviations int // of them
	Confidence float64
	Rate       float64 // Deviations of Size
	Upper      float64 // at most this share of the population
	UpperCount int     // at most this many rows of the population; -1 where the population is not known
}

// UpperBound is the one-sided exact bound: the largest number of deviating rows of the population with which so few deviations in the
// sample would still have a chance of more than one less the confidence. Where the population is 0 it is Clopper and Pearson's bound. A
// whole population checked gives exactly its own rate.
func UpperBound(population, size, deviations int, confidence float64) (Bound, error) {
	if err := checkPopulation(population); err != nil {
		return Bound{}, err
	}
	if err := checkSize(population, size); err != nil {
		return Bound{}, err
	}
	if deviations < 0 || deviations > size {
		return Bound{}, wrong(wrongDeviations, size)
	}
	if err := checkConfidence(confidence); err != nil {
		return Bound{}, err
	}
	b := Bound{Population: population, Size: size, Deviations: deviations, Confidence: confidence, Rate: share(deviations, size)}
	if population == 0 {
		b.Upper, b.UpperCount = upperRate(size, deviations, 1-confidence), -1
		return b, nil
	}
	b.UpperCount = upperCount(population, size, deviations, 1-confidence)
	b.Upper = share(b.UpperCount, population)
	return b, nil
}

func share(part, whole int) float64 { return float64(part) / float64(whole) }

// upperCount is the largest number of deviating rows with which at most k deviations among n are not rare.
func upperCount(population, n, k int, alpha float64) int {
	return last(k, population-(n-k), func(d int) bool { return !rare(population, d, n, k, alpha) })
}

// last is the largest of low to high for which holds is true, where it is true of low and once false stays false.
func last(low, high int, holds func(int) bool) int {
	for low < high {
		middle := low + (high-low+1)/2
		if holds(middle) {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low
}

// upperRate is the smallest rate, but for 1e-12 of it upwards, at which at most k deviations among n are rare.
func upperRate(n, k int, alpha float64) float64 {
	low, high := share(k, n), 1.0
	for k < n && high-low > 1e-12*high {
		if middle := (low + high) / 2; rareRate(middle, n, k, alpha) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

// Range is a bound while answers are missing: what it becomes at best and at worst.
type Range struct{ Best, Worst Bound }

// WithUnanswered bounds a sample where some rows have no answer yet. Size counts all rows drawn, with the unanswered among them. At best
// none of those deviates, at worst all do; which of them it is the sample does not say, so only the worst is shown.
func WithUnanswered(population, size, deviations, unanswered int, confidence float64) (Range, error) {
	best, err := UpperBound(population, size, deviations, confidence)
	if err != nil {
		return Range{}, err
	}
	if unanswered < 0 || unanswered > size-deviations {
		return Range{}, wrong(wrongUnanswered, size)
	}
	worst, err := UpperBound(population, size, deviations+unanswered, confidence)
	return Range{best, worst}, err
}

// UpperPercent is the upper bound in hundredths of a percent, to be shown: rounded up to a tenth of a percent, below one percent to a
// hundredth. It is never rounded down, since the text says "at most".
func (b Bound) UpperPercent() int {
	up := func(parts int) int {
		if b.Population > 0 {
			return (b.UpperCount*parts + b.Population - 1) / b.Population
		}
		return int(math.Ceil(b.Upper * float64(parts)))
	}
	if hundredths := up(10_000); hundredths < 100 {
		return hundredths
	}
	return up(1000) * 10
}

// RatePercent is the rate in the sample in hundredths of a percent, rounded to the nearest.
func (b Bound) RatePercent() int { return int(math.Round(b.Rate * 10_000)) }

// ConfidencePercent is the confidence in hundredths of a percent.
func (b Bound) ConfidencePercent() int { return int(math.Round(b.Confidence * 10_000)) }
