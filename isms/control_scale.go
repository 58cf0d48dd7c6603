// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ledsyn/register"
)

// RiskScale is a scale of risks as it is counted with.
type RiskScale struct {
	Likelihoods  []string // the names of the steps, from the least up
	Consequences []string
	Bands        []RiskBand // from the least up: every value of the scale is in one
	ActFrom      int        // from this value on a risk is not accepted without a motive; 0 none
}

// RiskBand is the values from one on, up to the next band.
type RiskBand struct {
	From int
	Name string
}

// What a scale holds. A matrix of more steps cannot be told apart by anybody, and neither can more colours.
const (
	leastSteps   = 2
	mostBands    = 5
	longestLabel = 60 // characters of a step or a band
)

// Read reads the scale. What is wrong with it is told with the line that it stands in.
func (s ControlScale) Read() (RiskScale, []register.Wrong) {
	var r RiskScale
	var wrong, more []register.Wrong
	r.Likelihoods, wrong = readSteps("likelihoods", s.Likelihoods)
	r.Consequences, more = readSteps("consequences", s.Consequences)
	if wrong = append(wrong, more...); len(wrong) > 0 {
		return r, wrong // the bands are held against the steps
	}
	r.Bands, wrong = readBands(s.Bands, r.most())
	if n, known := s.ActFrom.Known(); known {
		r.ActFrom = n
		if n < 1 || n > r.most() {
			wrong = append(wrong, register.Wrong{Field: "act_from", Code: "scale_act_from", Args: []any{r.most()}})
		}
	}
	return r, wrong
}

// Wrong reports what is wrong with the scale.
func (s ControlScale) Wrong() []register.Wrong {
	_, wrong := s.Read()
	return wrong
}

// scaleLines gives the lines that say something, by their number in the text.
func scaleLines(text string, f func(number int, line string)) {
	number := 0
	for line := range strings.Lines(text) {
		number++
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			f(number, line)
		}
	}
}

func readSteps(field, text string) (steps []string, wrong []register.Wrong) {
	scaleLines(text, func(number int, line string) {
		switch {
		case utf8.RuneCountInString(line) > longestLabel:
			wrong = append(wrong, register.Wrong{Field: field, Code: "scale_label_long", Args: []any{number, longestLabel}})
		case slices.Contains(steps, line):
			wrong = append(wrong, register.Wrong{Field: field, Code: "scale_label_twice", Args: []any{number, line}})
		}
		steps = append(steps, line)
	})
	if n := len(steps); n > 0 && n < leastSteps || n > mostSteps { // an empty text is said to be required
		wrong = append(wrong, register.Wrong{Field: field, Code: "scale_steps", Args: []any{leastSteps, mostSteps, n}})
	}
	return steps, wrong
}

// readBands reads lines such as "6 Medel": the least value of the band and its name.
func readBands(text string, most int) (bands []RiskBand, wrong []register.Wrong) {
	add := func(code string, args ...any) {
		wrong = append(wrong, register.Wrong{Field: "bands", Code: code, Args: args})
	}
	scaleLines(text, func(number int, line string) {
		value, name, _ := strings.Cut(line, " ")
		from, err := strconv.Atoi(value)
		last := 0
		if len(bands) > 0 {
			last = bands[len(bands)-1].From
		}
		switch {
		case err != nil || name == "":
			add("scale_band", number, line)
			return
		case utf8.RuneCountInString(name) > longestLabel:
			add("scale_label_long", number, longestLabel)
		case slices.ContainsFunc(bands, func(b RiskBand) bool { return b.Name == name }):
			add("scale_label_twice", number, name)
		case len(bands) == 0 && from != 1:
			add("scale_band_first", number)
		case len(bands) > 0 && from <= last:
			add("scale_band_order", number, from, last)
		case from > most:
			add("scale_band_beyond", number, from, most)
		}
		bands = append(bands, RiskBand{from, name})
	})
	if n := len(bands); n > mostBands {
		add("scale_bands", mostBands, n)
	}
	return bands, wrong
}

// most is the greatest value of the scale.
func (r RiskScale) most() int { return len(r.Likelihoods) * len(r.Consequences) }

// Value is likelihood times consequence, 0 where either is not a step of the scale.
func (r RiskScale) Value(likelihood, consequence int) int {
	if likelihood < 1 || likelihood > len(r.Likelihoods) || consequence < 1 || consequence > len(r.Consequences) {
		return 0
	}
	return likelihood * consequence
}

// Band is the band that the value is in. A value that the scale does not have is in none.
func (r RiskScale) Band(value int) (RiskBand, bool) {
	if i := r.place(value); i >= 0 {
		return r.Bands[i], true
	}
	return RiskBand{}, false
}

// Tones is how many tones there are to show bands in.
const Tones = 5

// Tone is how grave the value's band is among the bands of the scale, from 1, the least, to Tones; 0 for a value in none.
func (r RiskScale) Tone(value int) int {
	i := r.place(value)
	switch {
	case i < 0:
		return 0
	case len(r.Bands) == 1:
		return 1
	}
	return 1 + (i*(Tones-1)+(len(r.Bands)-1)/2)/(len(r.Bands)-1)
}

func (r RiskScale) place(value int) int {
	if value < 1 || value > r.most() {
		return -1
	}
	at := -1
	for i, b := range r.Bands {
		if b.From <= value {
			at = i
		}
	}
	return at
}

// ScaleFor is the scale that a year's risks are valued on: of the scales of the first of the places that has one for the year, the
// newest. The places are the unit's own and those above it, the nearest first. Scales out of use are not among those given.
func ScaleFor(scales []ControlScale, places []string, year int) (ControlScale, bool) {
	for _, place := range places {
		var found *ControlScale
		for i, s := range scales {
			if s.Unit == place && s.FirstYear <= year && (found == nil || newerScale(s, *found)) {
				found = &scales[i]
			}
		}
		if found != nil {
			return *found, true
		}
	}
	return ControlScale{}, false
}

// newerScale orders two scales of the same first year by the day that they were decided and then by id, so that the choice is the
// same each time.
func newerScale(a, b ControlScale) bool {
	switch {
	case a.FirstYear != b.FirstYear:
		return a.FirstYear > b.FirstYear
	case a.DecidedOn != b.DecidedOn:
		return a.DecidedOn > b.DecidedOn
	}
	return a.ID > b.ID
}

// TertialOf is the part of the plan's year that something made on the day belongs to: what is made before the year belongs to its first part, and
// what is made after it to its last.
func TertialOf(year int, day register.Day) Tertial {
	month := day.Time().Month()
	switch {
	case day.Year() < year || day.Year() == year && month <= 4:
		return FirstTertial
	case day.Year() == year && month <= 8:
		return SecondTertial
	}
	return ThirdTertial
}

// Ends is the last day of the part of the year.
func (t Tertial) Ends(year int) register.Day {
	last := map[Tertial]string{FirstTertial: "-04-30", SecondTertial: "-08-31"}[t]
	if last == "" {
		last = "-12-31"
	}
	return register.Day(strconv.Itoa(year) + last)
}

// Late tells how many days of the plan's own year had gone when it was decided, the day itself counted. A plan that was decided
// before its year began, or is not decided, is 0; beyond tells that the whole year had gone.
func (p ControlPlan) Late() (days int, beyond bool) {
	if p.DecidedOn == "" || p.DecidedOn.Time().Year() < p.Year {
		return 0, false
	}
	first := register.Day(strconv.Itoa(p.Year) + "-01-01")
	return p.DecidedOn.DaysSince(first) + 1, p.DecidedOn.Time().Year() > p.Year
}
