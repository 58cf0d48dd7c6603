// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"fmt"
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
)

// pacing is a review with a curve of shares at the ends of the last quarters, half of 40 systems classified today, and perhaps
// a target.
func pacing(lang locale.Lang, target register.Day, shares ...int) *making {
	in := empty(lang)
	in.Review.AsOf = "2024-06-30"
	in.Review.Year = 2024
	in.Records.Units = []isms.Unit{{Record: head("board"), Parent: "city"}, {Record: isms.Record{ID: "city", Unit: "city"}}}
	for i := range 40 {
		id := fmt.Sprintf("sys-%02d", i)
		in.Records.Systems = append(in.Records.Systems, isms.System{Record: head(id), Lifecycle: isms.InUse})
		if i < 20 {
			in.Records.Classifications = append(in.Records.Classifications, isms.Classification{Record: head("c" + id), System: register.Ref[isms.System](id),
				State: isms.ClassificationDecided, DecidedOn: "2024-01-01"})
		}
	}
	if target != "" {
		in.Records.CoverageTargets = []isms.CoverageTarget{{Record: isms.Record{ID: "goal", Unit: "city"}, Key: "systems_classified", Day: target, Share: register.PercentOf(10000)}}
	}
	in.Curves = map[string][]metric.Figure{}
	for i, s := range shares {
		day := []register.Day{"2023-06-30", "2023-09-30", "2023-12-31", "2024-03-31"}[i]
		in.Curves["systems_classified"] = append(in.Curves["systems_classified"], metric.Figure{Key: "systems_classified", Unit: "system", Day: day, Known: true, Share: register.PercentOf(s)})
	}
	return newMaking(in)
}

func told(blocks []Block) string {
	var b strings.Builder
	for _, block := range blocks {
		for _, s := range block.Text {
			b.WriteString(s.Text)
		}
		b.WriteString("|")
		for _, it := range block.Items {
			for _, s := range it.Text {
				b.WriteString(s.Text)
			}
			b.WriteString("|")
		}
	}
	return b.String()
}

func TestPaceSentences(t *testing.T) {
	keys := TemplateFact{Keys: []string{"systems_classified", "sets_classified"}}
	for _, c := range []struct {
		name   string
		lang   locale.Lang
		target register.Day
		shares []int
		want   string
	}{
		{"no target and no past", locale.Swedish, "", nil, ""},
		{"a target and no past", locale.Swedish, "2025-12-31", nil,
			"Målet är att 100 procent av systemen ska vara klassade senast 2025-12-31. Det återstår 20, och för att nå målet behöver 2 klassas i månaden.|" +
				"I vilken takt systemen klassas går inte att säga: det senaste året har färre än tre mätpunkter.|"},
		{"steady", locale.Swedish, "", []int{3000, 3500, 4000, 4500},
			"Andelen informationsklassade system har under det senaste året ökat med i genomsnitt 1,7 procentenheter i månaden. I den takten nås 100 procent av systemen 2026-12.|"},
		{"steady in English", locale.English, "2024-06-29", []int{3000, 3500, 4000, 4500},
			"The target, that 100 percent of the systems be classified by 2024-06-29, was not reached. 20 remain.|" +
				"The share of classified systems has over the last year risen by 1.7 percentage points a month on average. At that pace, the target is reached in 2026-12.|"},
		{"swaying", locale.Swedish, "", []int{3000, 3400, 4200, 4400},
			"Andelen informationsklassade system har under det senaste året ökat med i genomsnitt 1,7 procentenheter i månaden. I den takten nås 100 procent av systemen 2026-12. Det är osäkert och kan bli någon gång från 2026-06 till 2027-10.|"},
		{"falling", locale.Swedish, "", []int{9000, 8000, 7000, 6000}, "I den takt som har gällt det senaste året nås inte 100 procent av systemen.|"},
	} {
		blocks, _ := pacing(c.lang, c.target, c.shares...).pace(keys)
		if got := told(blocks); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		for _, b := range blocks {
			if b.Type == Fact && len(b.Refs) < 40 {
				t.Errorf("%s: a sentence carries only %d records", c.name, len(b.Refs))
			}
		}
	}
}

func TestFocusSentences(t *testing.T) {
	in := empty(locale.Swedish)
	in.Review.AsOf, in.Review.Year = "2024-06-30", 2024
	in.Records.Instructions = []isms.Instruction{{Record: head("i24"), Year: 2024, Focus: isms.FocusNIS}, {Record: head("i25"), Year: 2025, Focus: isms.FocusLarge}}
	in.Records.Processes = []isms.Process{{Record: head("a"), NISCovered: isms.Yes}, {Record: head("b"), NISCovered: isms.Yes}, {Record: head("c")}}
	in.Records.Classifications = []isms.Classification{{Record: head("x"), Process: "a", State: isms.ClassificationDecided, DecidedOn: "2024-01-01"}}
	c := newMaking(in)
	now, ok := c.focus(TemplateFact{})
	if got, want := told(now), "Det som stadens anvisning säger ska klassas först:||År 2024: verksamhet som omfattas av cybersäkerhetslagen. 1 av 2 sådana processer är klassade. För ytterligare en process är det inte utrett om den hör dit.|"; !ok || got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	next, _ := c.focus(TemplateFact{Offset: 1})
	if got := told(next); !strings.Contains(got, "År 2025: stora mängder integritetskänsliga eller känsliga personuppgifter. Uppgift saknas") {
		t.Errorf("next year: %s", got)
	}
	in.Records.Instructions = nil
	if blocks, ok := newMaking(in).focus(TemplateFact{}); ok || blocks != nil {
		t.Error("without a focus there is something to tell")
	}
}
