// SPDX-License-Identifier: EUPL-1.2

package locale

// Sampled is what a sample shows, to be told in a sentence. Shares are in hundredths of a percent; Upper must be rounded up already.
type Sampled struct {
	Population int // 0 where it is not known
	Size       int
	Deviations int // found, or in a plan the most that may be found
	Rate       int // of those checked
	Upper      int // at most this share of all
	UpperCount int // at most this many of all
	Confidence int
}

// SamplePlan says what a sample will show if no more deviations are found than the plan has room for.
func (l Lang) SamplePlan(s Sampled) string {
	key := "sample.size_meaning"
	switch {
	case s.whole():
		return l.sampled(key+".whole", s)
	case s.Population == 0:
		key += ".unknown"
	}
	return l.sampled(key+s.found(), s)
}

// SampleBound says what a checked sample shows.
func (l Lang) SampleBound(s Sampled) string {
	key := "sample.bound_meaning"
	switch {
	case s.Size == 0:
		return l.sampled(key+".nothing", s)
	case s.whole() && s.Deviations == 0:
		return l.sampled(key+".whole_none", s)
	case s.whole():
		return l.sampled(key+".whole", s)
	case s.Population == 0:
		key += ".unknown"
	}
	return l.sampled(key+s.found(), s)
}

// SamplePlainNumber says what a sample can show whose size somebody chose, and what it cannot. No deviations are found in s.
func (l Lang) SamplePlainNumber(s Sampled) string {
	if s.whole() {
		return l.sampled("sample.plain_number.whole", s)
	}
	return l.sampled("sample.plain_number", s)
}

// SampleConfidence says what the confidence means, and that it does not cover the judging.
func (l Lang) SampleConfidence(hundredths int) string {
	return l.T("sample.confidence", l.decimal(hundredths), l.decimal(100*100-hundredths)) + " " + l.T("sample.confidence.judging")
}

// SampleUnanswered says what the bound becomes while some rows have no answer.
func (l Lang) SampleUnanswered(unanswered int, best, worst Sampled) string {
	key := "sample.unanswered"
	if unanswered == 1 {
		key += ".one"
	}
	return l.T(key, unanswered, best.Size, l.Percent(best.Upper), l.Percent(worst.Upper))
}

// SampleStratum says what is known of one part of the population.
func (l Lang) SampleStratum(name string, s Sampled) string {
	return l.T("sample.stratum", name, s.Size, s.Population, s.Deviations, l.Percent(s.Upper))
}

// SampleStrata says how far the bounds of parts hold, and how that of all is counted: evenly sampled or not.
func (l Lang) SampleStrata(confidence int, evenly bool) string {
	how := "sample.strata.uneven"
	if evenly {
		how = "sample.strata.even"
	}
	return l.T("sample.strata", l.decimal(confidence)) + " " + l.T(how)
}

func (l Lang) sampled(key string, s Sampled) string {
	return l.T(key, s.Size, s.Population, l.Percent(s.Upper), s.UpperCount, l.decimal(s.Confidence), s.Deviations, l.Percent(s.Rate))
}

func (s Sampled) whole() bool { return s.Population > 0 && s.Size == s.Population }

func (s Sampled) found() string {
	if s.Deviations == 0 {
		return ".none"
	}
	return ".some"
}
