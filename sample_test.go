// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"strings"
	"testing"

	"ledsyn/locale"
	"ledsyn/sample"
)

func TestSampleSaysWhatANumberShows(t *testing.T) {
	for _, c := range []struct {
		args string
		want []string
	}{
		{"size -population 1240 -confidence 95 -tolerable 4.7", []string{"60\n60 av 1\u00a0240 kontrolleras", "högst 4,7 procent av alla, det vill säga högst 58 av 1\u00a0240", "avrundad uppåt", "högst 5 av 100 stickprov", "dragits slumpvis"}},
		{"size -population 1240 -confidence 95% -tolerable 4,7 -expected 1 -language en", []string{"95\n95 of 1,240", "at most 1 of them deviates", "95 percent confidence", "at most 58 of 1,240"}},
		{"size -population 0 -confidence 95 -tolerable 5 -expected 4", []string{"181\n", "hur många de än är", "Om högst 4 av dem avviker"}},
		{"size -population 10 -confidence 95 -tolerable 5", []string{"10\nAlla 10 kontrolleras"}},
		{"bound -population 1240 -sample 60 -deviations 0 -confidence 95", []string{"4,7\u00a0%\n60 av 1\u00a0240 är kontrollerade och ingen av dem avviker", "högst 58 av 1\u00a0240"}},
		{"bound -population 1240 -sample 60 -deviations 1 -confidence 95 -language en", []string{"7.5%\n", "1 of them deviates (1.67 percent)", "at most 93 of 1,240"}},
		{"bound -population 0 -sample 60 -deviations 0 -confidence 95", []string{"4,9\u00a0%\n", "hur många de än är"}},
		{"bound -population 60 -sample 60 -deviations 3 -confidence 99,5", []string{"5\u00a0%\nAlla 60 är kontrollerade och 3 av dem avviker (5 procent). Ingenting är uppskattat."}},
		{"draw -rows 3 -size 3 -seed " + strings.Repeat("a", 64), []string{"kontrollsumma: ", "\n1\n", "\n2\n", "\n3\n"}},
	} {
		out := must(t, "", append([]string{"sample"}, strings.Fields(c.args)...)...)
		for _, want := range c.want {
			if !strings.Contains(out, want) {
				t.Errorf("ledsyn sample %s does not say %q:\n%s", c.args, want, out)
			}
		}
		if strings.Contains(out, "[[") || strings.Contains(out, "{") {
			t.Errorf("words or arguments are missing:\n%s", out)
		}
	}
}

func TestSampleAsJSON(t *testing.T) {
	var size, bound, unknown boundJSON
	for args, into := range map[string]*boundJSON{
		"size -population 1240 -confidence 95 -tolerable 5":              &size,
		"bound -population 1240 -sample 57 -deviations 0 -confidence 95": &bound,
		"bound -population 0 -sample 57 -deviations 0 -confidence 95":    &unknown,
	} {
		if err := json.Unmarshal([]byte(must(t, "", append([]string{"sample"}, strings.Fields(args+" -json")...)...)), into); err != nil {
			t.Fatal(err)
		}
	}
	if size.Sample != 57 || size.Upper != bound.Upper || *size.UpperCount != 62 || *size.Expected != 0 || size.Tolerable != 0.05 || bound.Confidence != 0.95 {
		t.Errorf("%+v, %+v", size, bound)
	}
	if unknown.UpperCount != nil || unknown.Upper <= bound.Upper {
		t.Errorf("%+v", unknown)
	}
	var drawn drawJSON
	seed := sample.Seed{5}
	out := must(t, "", "sample", "draw", "-rows", "2000000", "-size", "100", "-stratum", "3", "-json", "-seed", seed.Hex())
	if err := json.Unmarshal([]byte(out), &drawn); err != nil || drawn.Commitment != seed.Commitment() || len(drawn.Drawn) != 100 || drawn.Stratum != 3 {
		t.Errorf("%v %+v", err, drawn)
	}
}

func TestSampleRefuses(t *testing.T) {
	seed := strings.Repeat("a", 64)
	for _, c := range []struct {
		args   string
		status int
		want   string
	}{
		{"", misused, "sample size"},
		{"guess", misused, "sample size"},
		{"size -population 1240 -confidence 95", misused, "-tolerable behövs"},
		{"bound -population 1240 -sample 60 -confidence 95", misused, "-deviations behövs"},
		{"bound -population 1240 -sample 60 -deviations 0 -confidence 95 -seed x", misused, "-seed hör inte till"},
		{"size -population 1240 -confidence 95 -tolerable 5 1", misused, "hör inte hit"},
		{"size -population many -confidence 95 -tolerable 5", misused, "many"},
		{"size -population 1240 -confidence NaN -tolerable 5", misused, "”NaN” är ingen andel"},
		{"size -population 1240 -confidence -95 -tolerable 5", misused, "”-95” är ingen andel"},
		{"size -population 1240 -confidence 95 -tolerable 5e-1", misused, "”5e-1” är ingen andel"},
		{"size -population 1240 -confidence 0.95 -tolerable 5", failed, "från 50 till 99,99 procent"},
		{"size -population 1240 -confidence 95 -tolerable 100", failed, "mindre än 100 procent"},
		{"size -population 100 -confidence 95 -tolerable 5 -expected 6", failed, "6 väntade avvikelser"},
		{"size -population 100 -confidence 95 -tolerable 0,5 -expected 1 -language en", failed, "1 deviation expected"},
		{"bound -population 1240 -sample 1241 -deviations 0 -confidence 95", failed, "från 1 till 1\u00a0240"},
		{"bound -population 1240 -sample 60 -deviations 61 -confidence 95", failed, "från 0 till 60"},
		{"bound -population -3 -sample 60 -deviations 1 -confidence 95", failed, "från 0 till 100\u00a0000\u00a0000"},
		{"draw -rows 10 -size 3 -seed xyz", failed, "64 tecken"},
		{"draw -rows 10 -size 11 -seed " + seed, failed, "från 1 till 10"},
		{"draw -rows 0 -size 11 -seed " + seed, failed, "rader att dra ur ska vara från 1"},
		{"draw -rows 10 -size 1 -stratum -1 -seed " + seed, misused, "räknas från 1"},
	} {
		status, out, errs := run(t, "", append([]string{"sample"}, strings.Fields(c.args)...)...)
		if status != c.status || out != "" || !strings.Contains(errs, c.want) {
			t.Errorf("ledsyn sample %s: status %d, want %d with %q:\n%s%s", c.args, status, c.status, c.want, out, errs)
		}
	}
}

// Whatever the arithmetic finds wrong has words, and so has every sentence in both languages.
func TestSampleHasWords(t *testing.T) {
	b := locale.Sampled{Population: 1240, Size: 60, Deviations: 2, Rate: 333, Upper: 1020, UpperCount: 126, Confidence: 9500}
	for _, l := range locale.Langs() {
		for _, code := range sample.Codes() {
			if !l.Has("wrong." + code) {
				t.Errorf("wrong.%s has no words in %s", code, l)
			}
		}
		texts := []string{l.SampleConfidence(9999), l.SampleUnanswered(1, b, b), l.SampleUnanswered(3, b, b), l.SampleStratum("x", b), l.SampleStrata(9500, true),
			l.SampleStrata(9500, false)}
		for _, population := range []int{0, 60, 1240} {
			for _, deviations := range []int{0, 2} {
				b.Population, b.Deviations = population, deviations
				texts = append(texts, l.SamplePlan(b), l.SampleBound(b), l.SamplePlainNumber(b), l.SampleBound(locale.Sampled{Population: population}))
			}
		}
		for _, text := range texts {
			if strings.Contains(text, "[[") || strings.Contains(text, "{") {
				t.Errorf("%s: %s", l, text)
			}
		}
	}
}
