// SPDX-License-Identifier: EUPL-1.2

package sample

import (
	"cmp"
	"math"
	"slices"
)

// Stratum is a part of the population that is drawn for itself, such as a unit. Rows chosen by risk are no stratum: they are not drawn, show
// nothing about the others and are never given to Combined.
type Stratum struct {
	Name       string
	Population int // rows in it; 0 means that it is empty
	Size       int // rows drawn, with the unanswered
	Deviations int
	Unanswered int
}

// Allocate divides a sample among strata in proportion to their populations: whole numbers by largest remainder, earlier strata first
// among equals. A stratum with any row gets at least one, none gets more than its rows.
func Allocate(populations []int, size int) ([]int, error) {
	left, rows, filled := size, 0, 0
	for _, n := range populations {
		if n < 0 || n > MaxPopulation-rows {
			return nil, wrong(wrongPopulation, MaxPopulation)
		}
		rows += n
		filled += min(n, 1)
	}
	if rows == 0 {
		return nil, wrong(wrongRows, MaxPopulation)
	}
	if err := checkSize(rows, size); err != nil {
		return nil, err
	}
	if size < filled {
		return nil, wrong(wrongStrata, filled)
	}
	sizes := make([]int, len(populations))
	for changed := true; changed; { // those whose share is below one get one; that leaves less for the others
		changed = false
		for i, n := range populations {
			if n > 0 && sizes[i] == 0 && left*n < rows {
				sizes[i], left, rows, changed = 1, left-1, rows-n, true
			}
		}
	}
	var rest []int
	given := 0
	for i, n := range populations {
		if n > 0 && sizes[i] == 0 {
			sizes[i] = left * n / rows
			given += sizes[i]
			rest = append(rest, i)
		}
	}
	slices.SortStableFunc(rest, func(a, b int) int { return cmp.Compare(left*populations[b]%rows, left*populations[a]%rows) })
	for _, i := range rest[:left-given] {
		sizes[i]++
	}
	return sizes, nil
}

// Combined bounds each stratum and the whole population. Each is the stratum's own bound at the stated confidence, to be shown by itself: that all
// of them hold at once has a lower confidence. An empty stratum has an empty Bound. The whole holds at the stated confidence. An
// unanswered row counts as a deviation; CombinedRange also gives the best case.
//
// The whole is one of three, and the sizes and populations alone decide which, never what was found:
//
//   - Where one stratum is sampled, its own bound. A stratum that is checked whole is known and one that is not sampled may deviate in
//     every row; both are added as they are, here and below.
//   - Where the strata are sampled Evenly, a bound on the sum of what was found (see pooled).
//   - Otherwise each of the L sampled strata is bounded at the confidence raised to 1/L, and the numbers of rows are added. The draws are
//     independent, so all L bounds hold at once with at least the stated confidence, and then so does their sum. It is wide: it allows
//     for every stratum being as bad as it can be at the same time.
func Combined(strata []Stratum, confidence float64) (each []Bound, whole Bound, err error) {
	if err := checkConfidence(confidence); err != nil {
		return nil, Bound{}, err
	}
	each = make([]Bound, len(strata))
	for i, s := range strata {
		if each[i], err = s.bound(confidence); err != nil {
			return nil, Bound{}, err
		}
		if s.Population > MaxPopulation-whole.Population {
			return nil, Bound{}, wrong(wrongPopulation, MaxPopulation)
		}
		whole.Population += s.Population
		whole.Size += s.Size
		whole.Deviations += each[i].Deviations
	}
	if whole.Population == 0 {
		return nil, Bound{}, wrong(wrongRows, MaxPopulation)
	}
	if err := checkSize(whole.Population, whole.Size); err != nil {
		return nil, Bound{}, err
	}
	whole.Confidence, whole.Rate = confidence, share(whole.Deviations, whole.Size)
	whole.UpperCount = wholeCount(strata, confidence)
	whole.Upper = share(whole.UpperCount, whole.Population)
	return each, whole, nil
}

// CombinedRange is the whole of Combined while answers are missing: at best no unanswered row deviates, at worst all do.
func CombinedRange(strata []Stratum, confidence float64) (Range, error) {
	_, worst, err := Combined(strata, confidence)
	if err != nil {
		return Range{}, err
	}
	answered := slices.Clone(strata)
	for i := range answered {
		answered[i].Unanswered = 0
	}
	_, best, err := Combined(answered, confidence)
	return Range{best, worst}, err
}

// bound is the stratum's own. A stratum with rows but nothing drawn may deviate in all of them.
func (s Stratum) bound(confidence float64) (Bound, error) {
	switch {
	case s.Population < 0 || s.Population > MaxPopulation:
		return Bound{}, wrong(wrongPopulation, MaxPopulation)
	case s.Deviations < 0 || s.Deviations > s.Size:
		return Bound{}, wrong(wrongDeviations, s.Size)
	case s.Unanswered < 0 || s.Unanswered > s.Size-s.Deviations:
		return Bound{}, wrong(wrongUnanswered, s.Size)
	case s.Size == 0 && s.Population > 0:
		return Bound{Population: s.Population, Confidence: confidence, Upper: 1, UpperCount: s.Population}, nil
	case s.Size == 0:
		return Bound{}, nil
	case s.Size > s.Population:
		return Bound{}, wrong(wrongSize, s.Population)
	}
	return UpperBound(s.Population, s.Size, s.found(), confidence)
}

func (s Stratum) found() int { return s.Deviations + s.Unanswered }

// wholeCount adds what is known of the strata checked whole and not at all to the bound on those sampled.
func wholeCount(strata []Stratum, confidence float64) int {
	count := 0
	var sampled []Stratum
	for _, s := range strata {
		switch s.Size {
		case s.Population:
			count += s.found()
		case 0:
			count += s.Population
		default:
			sampled = append(sampled, s)
		}
	}
	switch {
	case len(sampled) == 0:
		return count
	case len(sampled) == 1:
		s := sampled[0]
		return count + upperCount(s.Population, s.Size, s.found(), 1-confidence)
	case Evenly(sampled):
		return count + pooled(sampled, 1-confidence)
	}
	alpha := -math.Expm1(math.Log(confidence) / float64(len(sampled)))
	for _, s := range sampled {
		count += upperCount(s.Population, s.Size, s.found(), alpha)
	}
	return count
}

// Evenly reports whether every stratum that is sampled, but not checked whole, has at least half the share of rows drawn that those strata have
// together. What Allocate gives is nearly always even.
func Evenly(strata []Stratum) bool {
	rows, drawn := 0, 0
	for _, s := range strata {
		if s.Size > 0 && s.Size < s.Population {
			rows += s.Population
			drawn += s.Size
		}
	}
	for _, s := range strata {
		if s.Size > 0 && s.Size < s.Population && 2*s.Size*rows < drawn*s.Population {
			return false
		}
	}
	return true
}

// pooled bounds the deviating rows of all strata from the number k found in all n rows drawn. It is sound however the deviating rows lie in
// the strata:
//
// The number found in one stratum is a hypergeometric number, which is distributed as a sum of independent trials with different chances
// (V. A. Vatutin and V. G. Mikhailov, 1982). The draws are independent, so the number found in all is such a sum too, of n trials. If D rows
// deviate, its mean is at least leastFound(D), the mean if they lie where the smallest share is drawn. Of all sums of n independent
// trials with a mean of at least m, at most k successes with k <= m-1 are likeliest where all have the chance m/n (W. Hoeffding, On the
// distribution of the number of successes in independent trials, 1956). So D is ruled out only where k <= m-1 and the binomial chance of
// at most k is at most alpha: then the true D is ruled out with a chance of at most alpha.
func pooled(strata []Stratum, alpha float64) int {
	n, k, most := 0, 0, 0
	for _, s := range strata {
		n += s.Size
		k += s.found()
		most += s.Population - (s.Size - s.found())
	}
	sorted := slices.Clone(strata)
	slices.SortStableFunc(sorted, func(a, b Stratum) int { return cmp.Compare(share(a.Size, a.Population), share(b.Size, b.Population)) })
	return last(k, most, func(d int) bool {
		mean := leastFound(sorted, d)
		return float64(k) > mean*(1-margin)-1 || !rareRate(mean/float64(n), n, k, alpha)
	})
}

// leastFound is the smallest mean of the number found, were d rows deviating: where they lie in the strata with the smallest share drawn,
// which come first.
func leastFound(sorted []Stratum, d int) float64 {
	mean := 0.0
	for _, s := range sorted {
		here := min(d, s.Population)
		mean += float64(here) * share(s.Size, s.Population)
		d -= here
	}
	return mean
}
