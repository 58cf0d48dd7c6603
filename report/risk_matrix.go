// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"strings"

	"ledsyn/chart"
	"ledsyn/isms"
	"ledsyn/locale"
)

// RiskMatrix draws the year's risks in the cells of their scale, with the same risks in its table: both are made here from the same values,
// so that they cannot disagree. Each risk has a letter, in the order given. One that has no value is in the table only, and said to have none.
func RiskMatrix(l locale.Lang, scale isms.RiskScale, risks []isms.PlacedRisk) chart.Chart {
	g := &chart.MatrixGrid{Columns: scale.Consequences, Rows: scale.Likelihoods, Head: [2]string{l.T("ic.matrix.risk"), l.T("web.control.matrix.place")}}
	for i := range scale.Likelihoods {
		var row []chart.GridCell
		for k := range scale.Consequences {
			value := scale.Value(i+1, k+1)
			row = append(row, chart.GridCell{Tone: scale.Tone(value), Text: l.Number(value), Title: riskPlace(l, scale, i+1, k+1)})
		}
		g.Cells = append(g.Cells, row)
	}
	c := chart.Chart{Kind: chart.Matrix, Title: l.T("ic.matrix.title"), XHead: l.T("control_assessment.consequence"), YHead: l.T("control_assessment.likelihood"), Grid: g}
	marks := chart.Marks(len(risks))
	placed := 0
	for i, r := range risks {
		p := chart.Point{Mark: marks[i], Label: r.Part, Text: l.T("ic.matrix.not_valued")}
		switch {
		case r.Value > 0:
			p.Known, p.At, p.Value, p.Text = true, r.Consequence, float64(r.Likelihood), riskPlace(l, scale, r.Likelihood, r.Consequence)
			placed++
		case r.OffScale:
			p.Text = l.T("ic.matrix.off_scale", r.Likelihood, r.Consequence)
		}
		c.Points = append(c.Points, p)
	}
	c.Desc = l.T("ic.matrix.desc", placed, len(risks))
	return c
}

// riskPlace tells a cell in words: its steps by name, its value and its band.
func riskPlace(l locale.Lang, scale isms.RiskScale, likelihood, consequence int) string {
	value := scale.Value(likelihood, consequence)
	return l.T("ic.matrix.place", likelihood, scale.Likelihoods[likelihood-1], consequence, scale.Consequences[consequence-1], value, RiskWord(scale, value))
}

// RiskWord is the name of the value's band in small letters, as it stands inside a sentence.
func RiskWord(scale isms.RiskScale, value int) string {
	band, ok := scale.Band(value)
	if !ok {
		return ""
	}
	return strings.ToLower(band.Name)
}
