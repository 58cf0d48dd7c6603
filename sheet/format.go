// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// A formatKind says what a number is shown as.
type formatKind uint8

const (
	plainFormat   formatKind = iota
	dayFormat                // a day, with or without its time
	timeFormat               // a time of day, or hours that may be more than 24
	percentFormat            // a hundredth
	digitsFormat             // whole numbers with signs between, or zeros before: 000000-0000
)

// A cellFormat is how the numbers of a cell are shown, as far as it changes what they mean.
type cellFormat struct {
	kind    formatKind
	pattern string // of digitsFormat: zeros, # and the signs between
}

// What the formats of a workbook may be at most; programs allow less.
const (
	formatCount  = 70_000
	formatLength = 2000
)

// readFormats reads the formats of cells by their numbers.
func readFormats(parts container, name string) ([]cellFormat, error) {
	codes := map[string]string{}
	var formats []cellFormat
	inCells := false
	err := parts.each(name, smallPart, func(x *xmlReader) error {
		switch string(x.name) {
		case "numFmt":
			if len(codes) >= formatCount {
				return fileError("sheet_styles_many", formatCount)
			}
			if code := x.attr("formatCode"); len(code) <= formatLength {
				codes[x.attr("numFmtId")] = code
			}
		case "cellXfs", "cellStyleXfs", "cellStyles", "dxfs":
			inCells = string(x.name) == "cellXfs"
		case "xf":
			if !inCells {
				return nil
			}
			if len(formats) >= formatCount {
				return fileError("sheet_styles_many", formatCount)
			}
			id := x.attr("numFmtId")
			code, custom := codes[id]
			if !custom {
				code = builtIn(id)
			}
			formats = append(formats, formatOf(code))
		}
		return nil
	})
	return formats, err
}

// builtIn is a code that means the same as the format with the number, which has no code in the file (ECMA-376, 18.8.30). Those from
// 27 to 58 are days in East Asian programs.
func builtIn(id string) string {
	n, err := strconv.Atoi(id)
	switch {
	case err != nil:
		return ""
	case n == 9 || n == 10:
		return "0%"
	case n >= 14 && n <= 17 || n == 22 || n >= 27 && n <= 31 || n == 36 || n >= 50 && n <= 54 || n == 57 || n == 58:
		return "yyyy-mm-dd hh:mm"
	case n >= 18 && n <= 21 || n >= 32 && n <= 35 || n == 45 || n == 47 || n == 55 || n == 56:
		return "hh:mm"
	case n == 46:
		return "[h]:mm"
	}
	return ""
}

// formatOf reads a code such as yyyy\-mm\-dd;@ or [$-41D]d mmmm yyyy. Only the part for positive numbers counts.
func formatOf(code string) cellFormat {
	if strings.EqualFold(code, "general") || strings.EqualFold(code, "standard") {
		return cellFormat{}
	}
	var signs, plain strings.Builder // the code without and with what is only shown
	elapsed := false
	for i := 0; i < len(code) && code[i] != ';'; i++ {
		switch c := code[i]; c {
		case '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				end = len(code) - i - 1
			}
			plain.WriteString(code[i+1 : i+1+end])
			i += end + 1
		case '\\', '_', '*':
			if i++; i < len(code) && c == '\\' {
				plain.WriteByte(code[i])
			}
		case '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return cellFormat{}
			}
			inside := strings.ToLower(code[i+1 : i+end])
			elapsed = elapsed || inside != "" && (strings.Trim(inside, "h") == "" || strings.Trim(inside, "m") == "" || strings.Trim(inside, "s") == "")
			i += end
		default:
			signs.WriteByte(c)
			plain.WriteByte(c)
		}
	}
	s := strings.ToLower(signs.String())
	switch {
	case elapsed:
		return cellFormat{kind: timeFormat}
	case strings.ContainsAny(s, "yd") || strings.ContainsRune(s, 'å') || strings.Contains(s, "m") && !strings.ContainsAny(s, "hs"):
		return cellFormat{kind: dayFormat}
	case strings.ContainsAny(s, "hs"):
		return cellFormat{kind: timeFormat}
	case strings.Contains(s, "%"):
		return cellFormat{kind: percentFormat}
	case isDigits(plain.String()):
		return cellFormat{kind: digitsFormat, pattern: plain.String()}
	}
	return cellFormat{}
}

// isDigits says whether the code only fills up with zeros, or puts signs between digits: 0000, 000 00, 000000-0000. One that groups
// thousands is no such one.
func isDigits(code string) bool {
	zeros := strings.Count(code, "0")
	return zeros >= 2 && len(code) <= 40 && strings.Trim(code, "0#- /") == "" && !strings.Contains(code, "#")
}

// cell is the number as a person reads it with the format.
func (f cellFormat) cell(value string, from1904 bool) Cell {
	n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return Cell{TextCell, value}
	}
	switch f.kind {
	case dayFormat:
		if at, ok := serialTime(n, from1904); ok {
			return timeCell(at)
		}
	case timeFormat:
		if n >= 0 && n < 1e6 {
			return Cell{TextCell, clock(n)}
		}
	case percentFormat:
		if math.Abs(n) < 1e300 {
			return Cell{NumberCell, plain(n*100) + "%"}
		}
	case digitsFormat:
		if n >= 0 && n == math.Trunc(n) && n < 1e15 {
			return Cell{TextCell, patterned(strconv.FormatFloat(n, 'f', 0, 64), f.pattern)}
		}
	}
	return Cell{NumberCell, plain(n)}
}

// timeCell is a day, or a moment if it does not begin the day.
func timeCell(at time.Time) Cell {
	if at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 {
		return Cell{DayCell, at.Format(time.DateOnly)}
	}
	return Cell{MomentCell, at.Format(time.DateTime)}
}

// isoCell reads a day or a moment as ISO 8601 has it.
func isoCell(s string) (CellKind, string) {
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04:05", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", time.RFC3339Nano} {
		if at, err := time.Parse(layout, strings.TrimSpace(s)); err == nil && at.Year() >= 1000 {
			c := timeCell(at)
			return c.Kind, c.Text
		}
	}
	return TextCell, s
}

// clock writes a part of a day as 09:30, with seconds if there are any and hours beyond 24 as they are.
func clock(days float64) string {
	seconds := int(math.Round(days * 86400))
	s := strconv.Itoa(seconds/3600) + time.Unix(int64(seconds%3600), 0).UTC().Format(":04")
	if seconds%60 != 0 {
		s += time.Unix(int64(seconds%60), 0).UTC().Format(":05")
	}
	if len(s) > 1 && s[1] == ':' {
		s = "0" + s
	}
	return s
}

// plain writes a number to the 15 digits that spreadsheets show, without exponent.
func plain(n float64) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(n, 'e', 14, 64), 64)
	switch {
	case err != nil: // rounded up beyond the largest
		rounded = n
	case rounded == 0:
		rounded = 0 // not the one below it
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// patterned puts the digits, from the last, in the places of the pattern; those that are left stand before.
func patterned(digits, pattern string) string {
	var out []byte
	for i := len(pattern) - 1; i >= 0; i-- {
		c := pattern[i]
		if c == '0' && digits != "" {
			c, digits = digits[len(digits)-1], digits[:len(digits)-1]
		}
		out = append(out, c)
	}
	for i := len(digits) - 1; i >= 0; i-- {
		out = append(out, digits[i])
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return string(out)
}
