// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestBudgets holds what every first visit fetches to what a slow connection in a school or a home for the old takes.
func TestBudgets(t *testing.T) {
	assets, err := readAssets()
	if err != nil {
		t.Fatal(err)
	}
	for name, most := range map[string]int{"ledsyn.css": 12 << 10, "ledsyn.js": 12 << 10, "ledsyn.svg": 1 << 10} {
		a, ok := assets[name]
		if !ok {
			t.Errorf("static/%s is not there", name)
			continue
		}
		t.Logf("%s: %d bytes, %d gzipped", name, len(a.plain), len(a.gzipped))
		if len(a.gzipped) > most {
			t.Errorf("static/%s is %d bytes gzipped, at most %d are allowed", name, len(a.gzipped), most)
		}
	}
}

var token = regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{3,6})`)

// tokens reads the colours of the light scheme and of the dark one.
func tokens(t *testing.T) (light, dark map[string]string) {
	t.Helper()
	text, err := files.ReadFile("static/ledsyn.css")
	if err != nil {
		t.Fatal(err)
	}
	css := string(text)
	begin, end := strings.Index(css, "@layer tokens"), strings.Index(css, "@layer base {")
	split := strings.Index(css, "prefers-color-scheme: dark")
	if begin < 0 || split < begin || end < split {
		t.Fatal("the style sheet's parts are not where they were")
	}
	light, dark = map[string]string{}, map[string]string{}
	for _, m := range token.FindAllStringSubmatch(css[begin:split], -1) {
		light[m[1]], dark[m[1]] = m[2], m[2]
	}
	for _, m := range token.FindAllStringSubmatch(css[split:end], -1) {
		dark[m[1]] = m[2]
	}
	return light, dark
}

// TestContrast computes WCAG 2.2's contrast of every pair of colours that stand on each other: 4.5 for text, 3 for edges and marks.
func TestContrast(t *testing.T) {
	light, dark := tokens(t)
	pairs := []struct {
		text  string
		on    string
		least float64
	}{
		{"ink", "paper sheet sunk side accent-soft add gone", 4.5},
		{"muted", "paper sheet sunk side", 4.5},
		{"link", "paper sheet side info-soft warn-soft good-soft bad-soft add gone", 4.5},
		{"accent-ink", "accent accent-deep", 4.5},
		{"good", "good-soft sheet", 4.5},
		{"warn", "warn-soft sheet", 4.5},
		{"bad", "bad-soft sheet paper", 4.5},
		{"info", "info-soft sheet", 4.5},
		{"edge", "sheet paper", 3},
		{"focus", "sheet paper side accent-soft", 3},
		{"accent", "sheet sunk", 3},
	}
	for scheme, colours := range map[string]map[string]string{"light": light, "dark": dark} {
		for _, p := range pairs {
			for on := range strings.FieldsSeq(p.on) {
				got, err := contrast(colours[p.text], colours[on])
				if err != nil {
					t.Fatalf("%s on %s: %v", p.text, on, err)
				}
				if got < p.least {
					t.Errorf("%s: %s on %s has contrast %.2f, at least %.1f is needed", scheme, p.text, on, got, p.least)
				}
			}
		}
	}
}

func contrast(a, b string) (float64, error) {
	x, err := luminance(a)
	if err != nil {
		return 0, err
	}
	y, err := luminance(b)
	return (max(x, y) + .05) / (min(x, y) + .05), err
}

func luminance(colour string) (float64, error) {
	hex := strings.TrimPrefix(colour, "#")
	if len(hex) == 3 {
		hex = fmt.Sprintf("%c%c%c%c%c%c", hex[0], hex[0], hex[1], hex[1], hex[2], hex[2])
	}
	if len(hex) != 6 {
		return 0, fmt.Errorf("%q is no colour", colour)
	}
	sum := 0.0
	for i, weight := range []float64{.2126, .7152, .0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			return 0, err
		}
		c := float64(n) / 255
		if c <= .04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum, nil
}
