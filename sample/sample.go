// SPDX-License-Identifier: EUPL-1.2

// Package sample is the arithmetic of attribute sampling: how many rows to check, what a checked sample shows about all rows, and which
// rows a seed draws. It knows no database, register, word or page: it counts rows by number, and each row deviates or does not.
//
// What it says holds for rows drawn at random by [Draw]. Rows chosen because somebody suspects them are never among the numbers given
// to it.
//
// Bounds are exact and one-sided. A population whose size is known is counted with the hypergeometric distribution; population 0 means
// that the size is not known or very large, and is counted with the binomial. Doc/sampling.md tells the method to an auditor.
package sample

import (
	"fmt"
	"math"
)

// The limits of what is counted.
const (
	MaxPopulation = 100_000_000
	MaxSize       = 10_000_000

	// A confidence below a half shows nothing, and one above this only says that the sampling is sure, not the judging of the rows.
	MinConfidence = 0.5
	MaxConfidence = 0.9999
)

// An Error says what is wrong with the numbers given. Its words are wrong.CODE with the arguments.
type Error struct {
	Code string // one of Codes
	Args []any
}

func (e *Error) Error() string { return fmt.Sprint("sample: ", e.Code, " ", e.Args) }

// The codes of Error, with their arguments.
const (
	wrongPopulation = "sample_population" // the largest population
	wrongConfidence = "sample_confidence"
	wrongTolerable  = "sample_tolerable"
	wrongExpected   = "sample_expected"   // the largest number
	wrongSize       = "sample_size"       // the largest size
	wrongDeviations = "sample_deviations" // the size
	wrongUnanswered = "sample_unanswered" // the size
	wrongStrata     = "sample_strata"     // the number of strata with rows in them
	impossible      = "sample_impossible" // the number expected
	wrongRows       = "sample_rows"       // the largest number of rows
	wrongSeed       = "sample_seed"
)

// Codes lists every code that an Error of this package can have.
func Codes() []string {
	return []string{wrongPopulation, wrongConfidence, wrongTolerable, wrongExpected, wrongSize, wrongDeviations, wrongUnanswered,
		wrongStrata, impossible, wrongRows, wrongSeed}
}

func wrong(code string, args ...any) error { return &Error{code, args} }

func checkPopulation(n int) error {
	if n < 0 || n > MaxPopulation {
		return wrong(wrongPopulation, MaxPopulation)
	}
	return nil
}

func checkConfidence(c float64) error {
	if !(c >= MinConfidence && c <= MaxConfidence) { // NaN is neither
		return wrong(wrongConfidence)
	}
	return nil
}

// largest is the largest sample there can be of the population.
func largest(population int) int {
	if population == 0 {
		return MaxSize
	}
	return min(population, MaxSize)
}

func checkSize(population, size int) error {
	if size < 1 || size > largest(population) {
		return wrong(wrongSize, largest(population))
	}
	return nil
}

// tolerated is the largest number of rows of the population that is not above the rate. The rate is a decimal that somebody wrote, so a
// product that is a whole number but for the last bits is that number.
func tolerated(population int, rate float64) int {
	product := rate * float64(population)
	if whole := math.Round(product); math.Abs(product-whole) <= 1e-12*max(1, whole) {
		return int(whole)
	}
	return int(product)
}
