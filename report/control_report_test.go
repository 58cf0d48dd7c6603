// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// svgCells reads which marks the titles of a drawing's cells name, each with what its cell is said to be.
func svgCells(t *rapid.T, svg string) map[string]string {
	cells := map[string]string{}
	d := xml.NewDecoder(strings.NewReader(svg))
	inRect, inTitle := false, false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return cells
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			inRect, inTitle = inRect || e.Name.Local == "rect", e.Name.Local == "title"
		case xml.EndElement:
			inRect = inRect && e.Name.Local != "rect"
			inTitle = false
		case xml.CharData:
			if text := string(e); inRect && inTitle {
				at := strings.LastIndex(text, ": ")
				for _, mark := range strings.Split(text[at+2:], ", ") {
					cells[mark] = text[:at]
				}
			}
		}
	}
}

// Whatever the scale and the risks, the matrix has in its cells the risks that the table says, where the table says them, with the same words.
func TestRiskMatrixAndItsTableAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, columns := rapid.IntRange(2, 10).Draw(t, "rows"), rapid.IntRange(2, 10).Draw(t, "columns")
		steps := func(what string, n int) (s string) {
			for i := range n {
				s += fmt.Sprintf("%s %c\n", what, 'a'+i)
			}
			return s
		}
		scale := isms.ControlScale{Record: isms.Record{ID: "s"}, Likelihoods: steps("trolig", rows), Consequences: steps("svår", columns), Bands: "1 Låg\n3 Hög\n"}
		read, wrong := scale.Read()
		if len(wrong) > 0 {
			t.Fatal(wrong)
		}
		var lines []isms.ControlAssessment
		for i := range rapid.IntRange(0, 40).Draw(t, "risks") {
			a := isms.ControlAssessment{Record: isms.Record{ID: fmt.Sprint(i)}, Part: "Del", Likelihood: rapid.IntRange(0, 10).Draw(t, "l"), Consequence: rapid.IntRange(0, 10).Draw(t, "c"), Scale: "s"}
			if rapid.IntRange(0, 9).Draw(t, "other") == 0 {
				a.Scale = "another"
			}
			lines = append(lines, a)
		}
		c := RiskMatrix(locale.Swedish, read, isms.PlaceRisks(lines, nil, scale))
		cells := svgCells(t, c.SVG("m"))
		_, table := c.Table()
		placed := 0
		for _, row := range table {
			mark, _, _ := strings.Cut(row[0], ". ")
			at, drawn := cells[mark]
			if strings.Contains(row[1], "riskvärde") != drawn || drawn && at != row[1] {
				t.Fatalf("%s is %q in the table and %q in the matrix", mark, row[1], at)
			}
			if drawn {
				placed++
			}
		}
		for mark := range cells { // of an empty cell the words after its name are no marks
			if len(mark) <= 2 && strings.ToUpper(mark) == mark {
				placed--
			}
		}
		if placed != 0 {
			t.Fatalf("the table has %d risks in cells more than the matrix: %v and %v", placed, table, cells)
		}
	})
}

func controlInput() ControlInput {
	in := func(id string) isms.Record { return isms.Record{ID: id, Unit: "u"} }
	scale := isms.ControlScale{Record: in("s"), Name: "Tre steg", Likelihoods: "A\nB\nC", Consequences: "D\nE\nF", Bands: "1 Låg\n4 Hög"}
	return ControlInput{Lang: locale.Swedish, Organisation: "Exempelstaden", Unit: isms.Unit{Record: in("u"), Name: "Kulturnämnden"},
		Report: isms.ControlReport{Record: in("r"), Name: "Tertialrapport 2", Tertial: isms.SecondTertial, Day: "2026-09-10"},
		Names:  map[string]string{"p": "Samordnaren"},
		Records: isms.PlanRecords{Plan: isms.ControlPlan{Record: in("plan"), Title: "Plan", Year: 2026, DecidedOn: "2026-03-14"},
			Controls: []isms.Control{{Record: in("a"), Name: "Konton", Method: "spot_check", Performer: "p"}, {Record: in("b"), Name: "Loggar"}, {Record: in("c"), Name: "Avtal"}},
			Actions:  []isms.DirectAction{{Record: in("d"), Name: "Öva", DueOn: "2026-06-01", State: isms.ActionOngoing}},
			Results: []isms.ControlResult{
				{Record: in("r1"), Control: "a", Year: 2026, Tertial: isms.FirstTertial, Outcome: isms.ControlDeviations, Found: register.CountOf(2), Remedied: register.CountOf(1)},
				{Record: in("r2"), Control: "a", Year: 2026, Tertial: isms.SecondTertial, Outcome: isms.ControlDeviations, Found: register.CountOf(3), Cause: "Chefen anmälde inte.", DueOn: "2026-09-01"},
				{Record: in("r3"), Control: "b", Year: 2026, Tertial: isms.SecondTertial, Outcome: isms.ControlDeviations},
				{Record: in("r4"), Control: "c", Year: 2026, Tertial: isms.SecondTertial, Outcome: isms.ControlClean, Found: register.CountOf(0), ReportedOn: "2026-09-12"}},
			Assessments: []isms.ControlAssessment{{Record: in("l"), Part: "Behörighet", Year: 2026, Likelihood: 2, Consequence: 3, Scale: "s"}}, Scale: &scale}}
}

func TestTertialReportTellsWhatIsNotKnown(t *testing.T) {
	var b bytes.Buffer
	if err := Text(&b, ControlReport(controlInput())); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(b.String()), " ")
	for _, must := range []string{
		"Planen beslutades 2026-03-14, när 73 dagar av året hade gått.",
		"Tertial 2: 2 av 3 kontroller är rapporterade. 1 är det inte.", // what was reported after the day is not known on it
		"Avvikelser: 3 funna. För 1 kontroll är antalet avvikelser inte känt.", "För 3 avvikelser är det inte känt om de är åtgärdade.",
		"Från tidigare i år är 1 avvikelse fortfarande öppen.", "Det finns ingen samlad bedömning.", "2026-09-01. Dagen har gått.", "Åtgärd: Står inte i rapporteringen.",
		"Ej rapporterat", "Försenad", "Metod saknas", "Avtal: tertial 2.",
	} {
		if !strings.Contains(text, must) {
			t.Errorf("no %q in:\n%s", must, b.String())
		}
	}
}

func TestEmptyPlanReport(t *testing.T) {
	for _, l := range locale.Langs() {
		for _, tertial := range isms.WholeYear.Parts() {
			in := controlInput()
			in.Lang, in.Report.Tertial = l, tertial
			in.Records = isms.PlanRecords{Plan: isms.ControlPlan{Title: "Plan", Year: 2026}}
			doc := ControlReport(in)
			var b, pdf bytes.Buffer
			if err := errors.Join(Text(&b, doc), PDF(&pdf, doc)); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(b.String(), "[[") || strings.Contains(b.String(), "{") {
				t.Errorf("%s %s: %s", l, tertial, b.String())
			}
		}
	}
}

func TestSameInputSameReport(t *testing.T) {
	var a, b bytes.Buffer
	if err := errors.Join(PDF(&a, ControlReport(controlInput())), PDF(&b, ControlReport(controlInput()))); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("two reports of the same differ: %v", err)
	}
}
