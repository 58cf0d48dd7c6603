// SPDX-License-Identifier: EUPL-1.2

package locale

import (
	"strconv"
	"strings"
)

const (
	noBreakSpace = "\u00a0"
	minus        = "\u2212"
)

// Number writes n with the language's grouping of thousands: 1 234 with a no-break space in Swedish,
// 1,234 in English.
func (l Lang) Number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = minus, digits[1:]
	}
	group := noBreakSpace
	if l == English {
		group = ","
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + group + digits[i:]
	}
	return sign + digits
}

// Percent writes a share given in hundredths of a percent: 12,5 procent, 12.5 percent.
func (l Lang) Percent(hundredths int) string { return l.T("number.percent", l.decimal(hundredths)) }

// PercentSign writes a share given in hundredths of a percent for tables: 12,5 % (with a no-break space),
// 12.5%.
func (l Lang) PercentSign(hundredths int) string {
	return l.T("number.percent_sign", l.decimal(hundredths))
}

// Points writes a difference between two shares, given in hundredths of a percentage point: 20
// procentenheter, 1 procentenhet, 20 percentage points.
func (l Lang) Points(hundredths int) string {
	n := l.decimal(hundredths)
	return l.T("number.points", n, strings.TrimPrefix(n, minus))
}

// decimal writes hundredths as a decimal number without needless zeros.
func (l Lang) decimal(hundredths int) string {
	sign := ""
	if hundredths < 0 {
		sign, hundredths = minus, -hundredths
	}
	comma := ","
	if l == English {
		comma = "."
	}
	text := sign + l.Number(hundredths/100)
	if part := hundredths % 100; part != 0 {
		text += comma + strings.TrimRight(strconv.Itoa(100 + part)[1:], "0")
	}
	return text
}

// Day writes a day as 2024-12-31 in both languages, and the word for unknown if it is "".
func (l Lang) Day(d string) string {
	if d == "" {
		return l.T("unknown")
	}
	return d
}

// And writes a list as in running text: a, b och c.
func (l Lang) And(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	last := len(list) - 1
	return l.T("number.and", strings.Join(list[:last], ", "), list[last])
}
