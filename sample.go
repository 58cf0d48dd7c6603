// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ledsyn/locale"
	"ledsyn/sample"
)

// sampleFlags are the flags that each kind of the command sample takes of its own; those that it cannot do without first.
var sampleFlags = map[string]struct{ needed, also []string }{
	"size":  {[]string{"population", "confidence", "tolerable"}, []string{"expected"}},
	"bound": {[]string{"population", "sample", "deviations", "confidence"}, nil},
	"draw":  {[]string{"rows", "size", "seed"}, []string{"stratum"}},
}

// sampling is what the flags of the command sample say.
type sampling struct {
	population, expected, sample, deviations, size, stratum int
	rows                                                    int64
	confidence, tolerable, seed                             string
	asJSON                                                  bool
}

// sample reckons with samples, and draws them from rows that are only numbered. It needs no database, so that anyone can do over what
// the pages did.
func (p *program) sample(_ context.Context, args []string) (int, error) {
	f := p.flags("sample")
	var s sampling
	f.IntVar(&s.population, "population", 0, p.lang.T("cli.flag.population"))
	f.StringVar(&s.confidence, "confidence", "", p.lang.T("cli.flag.confidence"))
	f.StringVar(&s.tolerable, "tolerable", "", p.lang.T("cli.flag.tolerable"))
	f.IntVar(&s.expected, "expected", 0, p.lang.T("cli.flag.expected"))
	f.IntVar(&s.sample, "sample", 0, p.lang.T("cli.flag.sample"))
	f.IntVar(&s.deviations, "deviations", 0, p.lang.T("cli.flag.deviations"))
	f.Int64Var(&s.rows, "rows", 0, p.lang.T("cli.flag.rows"))
	f.IntVar(&s.size, "size", 0, p.lang.T("cli.flag.size"))
	f.StringVar(&s.seed, "seed", "", p.lang.T("cli.flag.seed"))
	f.IntVar(&s.stratum, "stratum", 0, p.lang.T("cli.flag.stratum"))
	f.BoolVar(&s.asJSON, "json", false, p.lang.T("cli.flag.json"))
	kind := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		kind, args = args[0], args[1:]
	}
	if err := p.parseAlone(f, args); err != nil {
		return misused, err
	}
	if err := p.checkSampleFlags(f, kind); err != nil {
		return misused, usageError{err}
	}
	switch kind {
	case "size":
		return p.sampleSize(s)
	case "bound":
		return p.sampleBound(s)
	}
	return p.sampleDraw(s)
}

// checkSampleFlags sees to it that a flag is not silently left out of account, nor taken to be 0.
func (p *program) checkSampleFlags(f *flag.FlagSet, kind string) error {
	takes, ok := sampleFlags[kind]
	if !ok {
		return errors.New(p.lang.T("cli.sample.which"))
	}
	var given []string
	f.Visit(func(one *flag.Flag) { given = append(given, one.Name) })
	for _, name := range takes.needed {
		if !slices.Contains(given, name) {
			return errors.New(p.lang.T("cli.sample.needs", name))
		}
	}
	for _, other := range sampleFlags {
		for _, name := range slices.Concat(other.needed, other.also) {
			if slices.Contains(given, name) && !slices.Contains(takes.needed, name) && !slices.Contains(takes.also, name) {
				return errors.New(p.lang.T("cli.sample.flag", name, kind))
			}
		}
	}
	return nil
}

var percentText = regexp.MustCompile(`^[0-9]{1,3}([.,][0-9]{1,6})?$`)

// percentShare reads a share in percent: 95, 4,6 or 4.6, with or without the sign.
func (p *program) percentShare(text string) (float64, error) {
	number := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "%"))
	if !percentText.MatchString(number) {
		return 0, usageError{errors.New(p.lang.T("cli.sample.percent", text))}
	}
	percent, err := strconv.ParseFloat(strings.Replace(number, ",", ".", 1), 64)
	return percent / 100, err
}

// boundJSON is a bound as other programs read it. Shares are of one, and not rounded.
type boundJSON struct {
	Population int     `json:"population"` // 0: not known
	Sample     int     `json:"sample"`
	Deviations int     `json:"deviations"`
	Expected   *int    `json:"expected,omitempty"`
	Tolerable  float64 `json:"tolerable,omitempty"`
	Confidence float64 `json:"confidence"`
	Rate       float64 `json:"rate"`
	Upper      float64 `json:"upper"`
	UpperCount *int    `json:"upper_count,omitempty"` // left out where the population is not known
	Meaning    string  `json:"meaning"`
}

func newBoundJSON(b sample.Bound, meaning string) boundJSON {
	j := boundJSON{Population: b.Population, Sample: b.Size, Deviations: b.Deviations, Confidence: b.Confidence, Rate: b.Rate, Upper: b.Upper, Meaning: meaning}
	if b.UpperCount >= 0 {
		j.UpperCount = &b.UpperCount
	}
	return j
}

func (p *program) sampleSize(s sampling) (int, error) {
	confidence, err := p.percentShare(s.confidence)
	if err != nil {
		return misused, err
	}
	tolerable, err := p.percentShare(s.tolerable)
	if err != nil {
		return misused, err
	}
	plan, err := sample.Size(s.population, confidence, tolerable, s.expected)
	if err != nil {
		return failed, err
	}
	meaning := p.lang.SamplePlan(sampled(plan.Bound))
	if s.asJSON {
		j := newBoundJSON(plan.Bound, meaning)
		j.Expected, j.Tolerable = &plan.Expected, plan.Tolerable
		return succeeded, writeJSON(p.out, j)
	}
	fmt.Fprintf(p.out, "%d\n%s\n", plan.Size, meaning)
	p.writeReservations(plan.Bound)
	return succeeded, nil
}

func (p *program) sampleBound(s sampling) (int, error) {
	confidence, err := p.percentShare(s.confidence)
	if err != nil {
		return misused, err
	}
	b, err := sample.UpperBound(s.population, s.sample, s.deviations, confidence)
	if err != nil {
		return failed, err
	}
	meaning := p.lang.SampleBound(sampled(b))
	if s.asJSON {
		return succeeded, writeJSON(p.out, newBoundJSON(b, meaning))
	}
	fmt.Fprintf(p.out, "%s\n%s\n", p.lang.PercentSign(b.UpperPercent()), meaning)
	p.writeReservations(b)
	return succeeded, nil
}

// writeReservations says what the confidence means, unless nothing is estimated.
func (p *program) writeReservations(b sample.Bound) {
	if b.Size == b.Population {
		return
	}
	for _, line := range []string{p.lang.T("sample.rounding"), p.lang.SampleConfidence(b.ConfidencePercent()), p.lang.T("sample.random")} {
		fmt.Fprintln(p.out, line)
	}
}

// sampled is the bound as it is told in words.
func sampled(b sample.Bound) locale.Sampled {
	return locale.Sampled{Population: b.Population, Size: b.Size, Deviations: b.Deviations, Rate: b.RatePercent(), Upper: b.UpperPercent(),
		UpperCount: b.UpperCount, Confidence: b.ConfidencePercent()}
}

// drawJSON is a draw as other programs read it. The commitment is that of the seed given, also where a stratum is drawn.
type drawJSON struct {
	Commitment string  `json:"commitment"`
	Stratum    int     `json:"stratum,omitempty"`
	Rows       int64   `json:"rows"`
	Drawn      []int64 `json:"drawn"`
}

func (p *program) sampleDraw(s sampling) (int, error) {
	seed, err := sample.ParseSeed(s.seed)
	if err != nil {
		return failed, err
	}
	own := seed
	switch {
	case s.stratum < 0:
		return misused, usageError{errors.New(p.lang.T("cli.sample.stratum"))}
	case s.stratum > 0:
		own = seed.Stratum(s.stratum)
	}
	drawn, err := sample.Draw(own, s.rows, s.size)
	if err != nil {
		return failed, err
	}
	if s.asJSON {
		return succeeded, writeJSON(p.out, drawJSON{seed.Commitment(), s.stratum, s.rows, drawn})
	}
	fmt.Fprintf(p.out, "%s: %s\n", p.lang.T("sample.commitment"), seed.Commitment())
	for _, row := range drawn {
		fmt.Fprintln(p.out, row)
	}
	return succeeded, nil
}
