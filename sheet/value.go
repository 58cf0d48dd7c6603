// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"ledsyn/register"
)

// Clean is the text without what does not show: blanks at the ends, signs without width, several blanks and line breaks in a row, and
// blanks of other kinds than the usual.
func Clean(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(c rune) rune {
		if invisible(c) {
			return -1
		}
		return c
	}, text)), " ")
}

// Fold is the text as it is compared: clean and in lower case.
func Fold(text string) string { return strings.ToLower(Clean(text)) }

// longestValue is how many bytes a text may have to be read as a day or a number.
const longestValue = 400

// ParseNumber reads a number as people and programs write it, with blanks, points or commas between thousands, a decimal comma or
// point, and perhaps a unit that says no more than the column does: %, kr, SEK or :-. It gives the number with a decimal point and
// nothing else: 1234.5. A single point or comma is that of decimals, whatever stands after it.
func ParseNumber(text string) (number string, ok bool) {
	if len(text) > longestValue {
		return "", false
	}
	s := strings.ReplaceAll(Fold(text), " ", "")
	for _, unit := range []string{"%", "procent", "percent", "kr", "kronor", "sek", ":-", ".-"} {
		if cut, found := strings.CutSuffix(s, unit); found {
			s = cut
			break
		}
	}
	s = strings.ReplaceAll(s, "'", "") // thousands in Switzerland
	sign := ""
	if cut := strings.TrimLeft(s, "-−–"); len(cut) < len(s) {
		s, sign = cut, "-"
	} else {
		s = strings.TrimPrefix(s, "+")
	}
	switch point, comma := strings.Count(s, "."), strings.Count(s, ","); {
	case point > 0 && comma > 0 && strings.LastIndexByte(s, '.') > strings.LastIndexByte(s, ','):
		s, ok = ungrouped(s, ",", ".")
	case point > 0 && comma > 0:
		s, ok = ungrouped(s, ".", ",")
	case point > 1:
		s, ok = ungrouped(s, ".", ",")
	case comma > 1:
		s, ok = ungrouped(s, ",", ".")
	default:
		s, ok = strings.Replace(s, ",", ".", 1), true
	}
	if !ok || !plainNumber.MatchString(s) {
		return "", false
	}
	if s[0] == '.' {
		s = "0" + s
	}
	return sign + s, true
}

var plainNumber = regexp.MustCompile(`^([0-9]+(\.[0-9]+)?|\.[0-9]+)$`)

// ungrouped takes away the signs between thousands, which must stand between groups of three.
func ungrouped(s, group, decimal string) (string, bool) {
	whole, part, hasPart := strings.Cut(s, decimal)
	groups := strings.Split(whole, group)
	for i, g := range groups {
		if len(g) > 3 || i > 0 && len(g) < 3 || g == "" {
			return "", false
		}
	}
	whole = strings.Join(groups, "")
	if hasPart {
		whole += "." + part
	}
	return whole, true
}

// SerialDay is the day that spreadsheets keep as the number, from 1900 or from 1904. The part of the day is left out.
func SerialDay(number float64, from1904 bool) (day register.Day, ok bool) {
	at, ok := serialTime(number, from1904)
	if !ok {
		return "", false
	}
	return register.DayOf(at), true
}

// serialTime is the moment that spreadsheets keep as the number, to the second. In the count from 1900 the days before March are one
// more than they should be, since the first spreadsheet program believed that year to be a leap year.
func serialTime(number float64, from1904 bool) (time.Time, bool) {
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case from1904:
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case number < 1 || number >= 60 && number < 61:
		return epoch, false
	case number < 60:
		epoch = epoch.AddDate(0, 0, 1)
	}
	if !(number >= 0 && number < 2_958_466) { // beyond 9999-12-31
		return epoch, false
	}
	days, part := math.Modf(number)
	at := epoch.AddDate(0, 0, int(days)).Add(time.Duration(math.Round(part*86400)) * time.Second)
	return at, at.Year() <= 9999
}

// A form is one way of writing a day in digits, with the order of year, month and day in it.
type form struct {
	pattern *regexp.Regexp
	orders  []string
}

// forms are the ways of writing days. Where there are several orders all of them are in use, and the first is the most usual one.
var forms = []form{
	{regexp.MustCompile(`^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})$`), []string{"ymd"}},           // 2024-01-31
	{regexp.MustCompile(`^(\d{1,2})[/.](\d{1,2})[- ]'?(\d{4}|\d{2})$`), []string{"dmy"}},       // 31/1 2024, 31/1-24, 31.1 24
	{regexp.MustCompile(`^(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d{2})$`), []string{"dmy"}},         // 31.1.2024
	{regexp.MustCompile(`^(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})$`), []string{"dmy", "mdy", "ymd"}}, // 31/1/2024, 1/31/2024, 24/1/31
	{regexp.MustCompile(`^(\d{1,2})[- ](\d{1,2})[- ](\d{4})$`), []string{"dmy", "mdy"}},        // 31-01-2024
	{regexp.MustCompile(`^(\d{2})-(\d{1,2})-(\d{1,2})$`), []string{"ymd", "dmy", "mdy"}},       // 24-01-31
}

// ParseDay reads a day as people and programs write it: 2024-01-31, 20240131, 240131, 31/1-24, 31/1 2024, 31.1.2024, 1/31/2024,
// 31 januari 2024, January 31, 2024, with or without a time after it, or as the serial number of a spreadsheet that counts from 1900.
// Order is dmy, mdy or ymd where days that can be read in two ways are known to be written so. If it is "" and the text is such a
// one, other is the second day that it may mean and day the more usual; otherwise other is "". A month or a year is no day.
func ParseDay(text, order string) (day, other register.Day, ok bool) {
	if len(text) > longestValue {
		return "", "", false
	}
	s := strings.TrimSuffix(untimed(Fold(text)), ".")
	if day, ok := digitsDay(s); ok {
		return day, "", true
	}
	if day, ok := wordsDay(s); ok {
		return day, "", true
	}
	var found []register.Day
	for _, f := range forms {
		m := f.pattern.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		for _, o := range f.orders {
			d, ok := dayIn(o, m[1], m[2], m[3])
			if ok && o == order {
				return d, "", true
			}
			if ok && (len(found) == 0 || found[0] != d) {
				found = append(found, d)
			}
		}
		break
	}
	switch {
	case len(found) == 0:
		return "", "", false
	case len(found) > 1 && order == "":
		return found[0], found[1], true
	}
	return found[0], "", true
}

var timeOfDay = regexp.MustCompile(`^(.*\d)(?:t|,? )(?:kl\.? ?)?\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)? ?(?:z|[ap]m|[+-]\d{2}:?\d{2})?$`)

// untimed takes away a time of day after a day.
func untimed(s string) string {
	if m := timeOfDay.FindStringSubmatch(s); m != nil && len(m[1]) >= 6 {
		return strings.TrimRight(m[1], ", ")
	}
	return s
}

// dayIn is the day that the three parts make in the order.
func dayIn(order, a, b, c string) (register.Day, bool) {
	var y, m, d string
	switch order {
	case "ymd":
		y, m, d = a, b, c
	case "dmy":
		d, m, y = a, b, c
	case "mdy":
		m, d, y = a, b, c
	}
	return dayOf(y, m, d)
}

// dayOf is the day of a year in four digits or two, which are of 1970 to 2069.
func dayOf(y, m, d string) (register.Day, bool) {
	year, err1 := strconv.Atoi(y)
	month, err2 := strconv.Atoi(m)
	date, err3 := strconv.Atoi(d)
	if err1 != nil || err2 != nil || err3 != nil || len(y) != 4 && len(y) != 2 {
		return "", false
	}
	if len(y) == 2 {
		year += 1900
		if year < 1970 {
			year += 100
		}
	}
	at := time.Date(year, time.Month(month), date, 0, 0, 0, 0, time.UTC)
	day := register.DayOf(at)
	return day, day.Valid() && at.Year() == year && int(at.Month()) == month && at.Day() == date
}

// digitsDay reads 20240131, 240131 and serial numbers of the years 1927 to 2119, which nothing else with five digits is taken for.
func digitsDay(s string) (register.Day, bool) {
	switch whole, part, _ := strings.Cut(s, "."); {
	case strings.Trim(whole+part, "0123456789") != "":
		return "", false
	case len(whole) == 8 && part == "":
		return dayOf(s[:4], s[4:6], s[6:])
	case len(whole) == 6 && part == "":
		return dayOf(s[:2], s[2:4], s[4:])
	case len(whole) == 5:
		n, err := strconv.ParseFloat(s, 64)
		if err != nil || n < 10_000 || n >= 80_000 {
			return "", false
		}
		return SerialDay(n, false)
	}
	return "", false
}

// months are the beginnings of the names of the months in Swedish and English.
var months = map[string]string{"jan": "1", "feb": "2", "mar": "3", "apr": "4", "maj": "5", "may": "5", "jun": "6", "jul": "7", "aug": "8",
	"sep": "9", "okt": "10", "oct": "10", "nov": "11", "dec": "12"}

// wordsDay reads 31 januari 2024 and January 31, 2024, also with the name cut.
func wordsDay(s string) (register.Day, bool) {
	words := strings.FieldsFunc(strings.TrimPrefix(s, "den "), func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune(",.-:/", c) })
	if len(words) != 3 {
		return "", false
	}
	date, name, year := words[0], words[1], strings.TrimPrefix(words[2], "'")
	if date[0] > '9' {
		date, name = name, date
	}
	for _, ending := range []string{"st", "nd", "rd", "th", "e", "a"} {
		date = strings.TrimSuffix(date, ending)
	}
	if len(name) < 3 || len(name) > 9 || len(date) > 2 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") != "" {
		return "", false
	}
	return dayOf(year, months[name[:3]], date)
}
