// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"math"
	"time"

	"ledsyn/isms"
	"ledsyn/register"
)

// Pace is how fast a share has moved over the last twelve months, and where that leads. The forecast is a straight line
// by least squares through the months' ends; it says what follows if nothing changes, not what will happen.
type Pace struct {
	Day      register.Day
	Now      register.Percent
	Known    bool         // the last twelve months have at least three known shares, so there is a pace
	Points   int          // how many they have
	PerMonth int          // hundredths of a percentage point per month; negative when the share falls
	Goal     int          // hundredths of a percent that are to be reached
	Reached  bool         // the share is there already
	On       register.Day // the end of the month in which the line reaches the goal; "" not at this pace
	Earliest register.Day // the same for the upper edge of the uncertainty, "" never
	Latest   register.Day // the same for the lower edge, "" never
}

// horizon is how many months ahead a forecast looks. Beyond it, "not at this pace" is truer than a year.
const horizon = 240

// Whole is a share of everything, in hundredths of a percent.
const Whole = 10000

// Forecast tells the pace of a share from its curve, known figures of days up to the given one, and when it reaches the
// goal. The uncertainty is the 90 percent band of the line.
func Forecast(curve []Figure, day register.Day, goal int) Pace {
	p := Pace{Day: day, Goal: goal}
	from := day.AddMonths(-12)
	var xs, ys []float64
	for _, f := range curve {
		h, known := f.Percent().Known()
		if !known || f.Day > day || !f.Day.Valid() {
			continue
		}
		p.Now = f.Percent()
		if f.Day >= from {
			xs, ys = append(xs, months(f.Day)-months(day)), append(ys, float64(h))
		}
	}
	now, known := p.Now.Known()
	p.Points, p.Reached = len(xs), known && now >= goal
	l, ok := fit(xs, ys)
	if !ok {
		return p
	}
	p.Known, p.PerMonth = true, int(math.Round(l.slope))
	if !p.Reached {
		p.On = l.reaches(goal, day, 0)
		p.Earliest, p.Latest = l.reaches(goal, day, 1), l.reaches(goal, day, -1)
	}
	return p
}

// months is the day on a scale of months, on which every month is as long as every other and ends on a whole number.
func months(d register.Day) float64 {
	t := d.Time()
	last := time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return float64(t.Year()*12+int(t.Month())-1) + float64(t.Day())/float64(last)
}

// A trend is a straight line through points, with what is needed to tell how sure it is.
type trend struct {
	slope, intercept float64
	mean, sxx        float64
	n                int
	deviation        float64 // standard deviation of the points from the line
}

// fit is the line by least squares; there is none through fewer than three points, or points of one day.
func fit(xs, ys []float64) (trend, bool) {
	l := trend{n: len(xs)}
	if l.n < 3 {
		return l, false
	}
	meanY := 0.0
	for i := range xs {
		l.mean += xs[i] / float64(l.n)
		meanY += ys[i] / float64(l.n)
	}
	sxy := 0.0
	for i := range xs {
		l.sxx += (xs[i] - l.mean) * (xs[i] - l.mean)
		sxy += (xs[i] - l.mean) * (ys[i] - meanY)
	}
	if l.sxx < 0.01 {
		return l, false
	}
	l.slope = sxy / l.sxx
	l.intercept = meanY - l.slope*l.mean
	rest := 0.0
	for i := range xs {
		d := ys[i] - l.intercept - l.slope*xs[i]
		rest += d * d
	}
	l.deviation = math.Sqrt(rest / float64(l.n-2))
	return l, true
}

// student95 is the 95th percentile of Student's t by degrees of freedom, from 1; the last serves for more.
var student95 = []float64{6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833, 1.812, 1.796, 1.782, 1.771}

// at is the line in a month, counted from the forecast's day, or an edge of its band: 1 the upper, -1 the lower.
func (l trend) at(month float64, edge int) float64 {
	t := student95[min(l.n-2, len(student95))-1]
	half := t * l.deviation * math.Sqrt(1/float64(l.n)+(month-l.mean)*(month-l.mean)/l.sxx)
	return l.intercept + l.slope*month + float64(edge)*half
}

// reaches is the end of the first month in which the line, or its edge, is at the goal.
func (l trend) reaches(goal int, day register.Day, edge int) register.Day {
	for ahead := range horizon {
		end := monthEnd(day, ahead)
		if l.at(months(end)-months(day), edge) >= float64(goal)-0.5 {
			return end
		}
	}
	return ""
}

// monthEnd is the last day of the month that is so many months after the day's.
func monthEnd(day register.Day, ahead int) register.Day {
	t := day.Time()
	return register.DayOf(time.Date(t.Year(), t.Month()+time.Month(ahead)+1, 0, 0, 0, 0, 0, time.UTC))
}

// TargetFor is the target that a unit has for the figure: the nearest one on or after the day, or else the last that has
// passed. The unit's own targets come before those of the units above it, nearest first.
func TargetFor(targets []isms.CoverageTarget, units []string, key string, day register.Day) (isms.CoverageTarget, bool) {
	for _, unit := range units {
		var best isms.CoverageTarget
		found := false
		for _, t := range targets {
			if t.Unit != unit || string(t.Key) != key || gone(t.Record, day) {
				continue
			}
			ahead, bestAhead := t.Day >= day, best.Day >= day
			if !found || ahead && (!bestAhead || t.Day < best.Day) || !ahead && !bestAhead && t.Day > best.Day {
				best, found = t, true
			}
		}
		if found {
			return best, true
		}
	}
	return isms.CoverageTarget{}, false
}

// Need is what it takes to reach a target.
type Need struct {
	Target   isms.CoverageTarget
	Months   int  // whole or begun months left; 0 when the day has passed
	Objects  int  // how many more must be classified
	PerMonth int  // of them each month, rounded up
	Points   int  // hundredths of a percentage point each month, rounded up
	Met      bool // the share is there already
	Late     bool // the day has passed and the target is not met
}

// Needed tells what it takes to bring the figure to the target. It is not known for a share recorded without numbers or
// that is not known itself; classifications that end meanwhile come on top.
func Needed(f Figure, target isms.CoverageTarget) (Need, bool) {
	share, known := f.Percent().Known()
	n, hasN := f.Numerator.Known()
	d, hasD := f.Denominator.Known()
	goal, hasGoal := target.Share.Known()
	if !known || !hasN || !hasD || !hasGoal || !target.Day.Valid() || !f.Day.Valid() {
		return Need{}, false
	}
	need := Need{Target: target, Objects: max(0, ceil(goal*d, Whole)-n)}
	need.Met = need.Objects == 0
	if target.Day >= f.Day {
		need.Months = max(1, int(math.Ceil(months(target.Day)-months(f.Day)-0.001)))
		need.PerMonth, need.Points = ceil(need.Objects, need.Months), ceil(max(0, goal-share), need.Months)
	}
	need.Late = !need.Met && target.Day < f.Day
	return need, true
}

func ceil(n, d int) int { return (n + d - 1) / d }
