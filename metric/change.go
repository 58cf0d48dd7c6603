// SPDX-License-Identifier: EUPL-1.2

package metric

// Change is how a share has moved between two days. Percentage points and relative change are two different
// things: from 30 to 50 percent is 20 percentage points and 66.67 percent more.
type Change struct {
	From, To      Figure
	Known         bool // both shares are known and count the same thing
	Points        int  // hundredths of a percentage point; negative when the share fell
	Relative      int  // hundredths of a percent of the earlier share
	RelativeKnown bool // the earlier share was not 0
}

// Between compares two figures. Shares of different things or counted in different units are never compared.
func Between(from, to Figure) Change {
	c := Change{From: from, To: to}
	a, hasA := from.Percent().Known()
	b, hasB := to.Percent().Known()
	if !hasA || !hasB || from.ID() != to.ID() || from.Unit != to.Unit {
		return c
	}
	c.Known, c.Points = true, b-a
	if a > 0 {
		c.RelativeKnown = true
		c.Relative = round((b-a)*10000, a)
	}
	return c
}

// round divides n by a positive d, halves away from zero.
func round(n, d int) int {
	if n < 0 {
		return -round(-n, d)
	}
	return (2*n + d) / (2 * d)
}
