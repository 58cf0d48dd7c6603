// SPDX-License-Identifier: EUPL-1.2

package sample

import "math"

// margin is how far, as a share, a computed chance must be below the limit to count as below it. It is a thousand times the largest
// error of the chances here, so that an error never lets a bound be too low; a chance exactly at the limit counts as above.
const margin = 1e-9

// rare reports whether at most k deviating rows in a sample of n has a chance of at most alpha, where deviating of the population's rows
// deviate.
func rare(population, deviating, n, k int, alpha float64) bool {
	switch {
	case k >= min(n, deviating):
		return false // certain
	case n-k > population-deviating:
		return true // there are not so many sound rows
	}
	return hypergeometric(population, deviating, n, k) <= alpha*(1-margin)
}

// rareRate is rare for a population without end, of which the share p deviates.
func rareRate(p float64, n, k int, alpha float64) bool {
	switch {
	case k >= n:
		return false
	case p >= 1:
		return true
	}
	return binomial(p, n, k) <= alpha*(1-margin)
}

// hypergeometric is the chance of at most k deviating rows. Some number of at most k and some number above k must be possible.
func hypergeometric(population, deviating, n, k int) float64 {
	least := max(0, n-(population-deviating))
	mode := int((float64(n) + 1) * (float64(deviating) + 1) / (float64(population) + 2))
	from := max(least, min(k, mode))
	p, q := float64(n)/float64(population), float64(population-n)/float64(population)
	first := math.Exp(logBinomial(from, deviating, p, q) + logBinomial(n-from, population-deviating, p, q) - logBinomial(n, population, p, q))
	d, s, others := float64(deviating), float64(n), float64(population-deviating-n)
	return first * around(least, from, k, func(i float64) float64 { return i * (others + i) / ((d - i + 1) * (s - i + 1)) })
}

// binomial is the chance of at most k deviating rows among n, each with the chance p, 0 < p < 1.
func binomial(p float64, n, k int) float64 {
	from := min(k, int((float64(n)+1)*p))
	odds, s := (1-p)/p, float64(n)
	return math.Exp(logBinomial(from, n, p, 1-p)) * around(0, from, k, func(i float64) float64 { return i * odds / (s - i + 1) })
}

// around sums the chances of least to k, where that of from is 1 and ratio(i) is the chance of i-1 over that of i. From is where the
// chances are largest, or k if that comes before, so that they only fall on both sides of it.
func around(least, from, k int, ratio func(i float64) float64) float64 {
	const nothing = 1e-18
	sum := 1.0
	for i, term := from, 1.0; i > least && term > nothing; i-- {
		term *= ratio(float64(i))
		sum += term
	}
	for i, term := from+1, 1.0; i <= k && term > nothing; i++ {
		term /= ratio(float64(i))
		sum += term
	}
	return sum
}

// logBinomial is the logarithm of the chance of exactly x among n with the chance p, q being 1-p. It is counted as C. Loader, Fast and
// accurate computation of binomial probabilities (2000), does: by logarithms of factorials a hundred million rows would leave six right
// digits, this way it is twelve.
func logBinomial(x, n int, p, q float64) float64 {
	a, b, m := float64(x), float64(n-x), float64(n)
	switch {
	case x == 0 && p < 0.5:
		return m * math.Log1p(-p)
	case x == 0:
		return m * math.Log(q)
	case x == n && q < 0.5:
		return m * math.Log1p(-q)
	case x == n:
		return m * math.Log(p)
	}
	return stirlingError(m) - stirlingError(a) - stirlingError(b) - deviance(a, m*p) - deviance(b, m*q) + 0.5*math.Log(m/(2*math.Pi*a*b))
}

// stirlingError is log(n!) less Stirling's approximation of it, n >= 1.
func stirlingError(n float64) float64 {
	if n < 16 {
		factorial, _ := math.Lgamma(n + 1)
		return factorial - (n+0.5)*math.Log(n) + n - 0.5*math.Log(2*math.Pi)
	}
	s := n * n
	return (1.0/12 - (1.0/360-(1.0/1260-(1.0/1680-(1.0/1188)/s)/s)/s)/s) / n
}

// deviance is x log(x/mean) + mean - x, also right where the two are nearly equal and the terms take each other out.
func deviance(x, mean float64) float64 {
	if math.Abs(x-mean) >= 0.1*(x+mean) {
		return x*math.Log(x/mean) + mean - x
	}
	v := (x - mean) / (x + mean)
	sum, term := (x-mean)*v, 2*x*v
	for j := 3.0; ; j += 2 {
		term *= v * v
		next := sum + term/j
		if next == sum {
			return sum
		}
		sum = next
	}
}
