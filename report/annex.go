// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"ledsyn/metric"
	"ledsyn/register"
)

// isoTable tells for each input that the standard asks for where it is reported, or that it is not.
func (c *making) isoTable(d Doc) []Block {
	t := Block{Type: Table, Head: cells(c.t("report.iso.ref"), c.t("report.iso.input"), c.t("report.iso.where"))}
	missing := 0
	for _, cover := range d.Coverage {
		where := c.t("report.iso.not")
		if len(cover.Sections) == 0 {
			missing++
		} else {
			names := make([]string, 0, len(cover.Sections))
			for _, key := range cover.Sections {
				if s, ok := d.Section(key); ok {
					names = append(names, shortTitle(s))
				}
			}
			where = c.t("report.iso.section", c.lang.And(names))
		}
		t.Rows = append(t.Rows, cells(c.t("report.iso."+cover.Input+".ref"), c.t("report.iso."+cover.Input), where))
	}
	intro := c.say("report.iso.all")
	if missing > 0 {
		intro = c.say("report.iso.some", c.number(missing), missing, c.number(len(d.Coverage)))
	}
	return []Block{{Type: Paragraph, Text: intro}, t}
}

func shortTitle(s Section) string {
	if s.Number != "" {
		return s.Number
	}
	return s.Heading
}

// figureTable lists every figure the document shows with its numbers, unit of counting, day and source.
func (c *making) figureTable() []Block {
	t := Block{Type: Table, Head: cells(c.t("report.figures.figure"), c.t("report.figures.value"), c.t("report.figures.numerator"),
		c.t("report.figures.denominator"), c.t("report.figures.unit"), c.t("report.figures.day"), c.t("report.figures.source"))}
	for i, width := range []float64{25, 10, 9, 10.5, 20.5, 11.5, 13.5} {
		t.Head[i].Width, t.Head[i].Right = width, i >= 1 && i < 4
	}
	for _, f := range c.shown {
		row := cells(FigureName(c.lang, f), FigureValue(c.lang, f), c.count(f.Numerator, f.Known), c.count(f.Denominator, f.Known),
			c.t("unit_of_count."+f.Unit), c.days(f.Day), c.figureSource(f))
		for i := 1; i < 4; i++ {
			row[i].Right = true
		}
		row[0].Text[0].Figure = FigureRef(f)
		t.Rows = append(t.Rows, row)
		t.Figures = append(t.Figures, FigureRef(f))
	}
	return []Block{{Type: Paragraph, Text: c.say("report.figures.about")}, t}
}

func (c *making) count(n register.Count, known bool) string {
	if k, ok := n.Known(); ok && known {
		return c.lang.Number(k)
	}
	return c.t("report.figures.dash")
}

func (c *making) figureSource(f metric.Figure) string {
	switch {
	case f.Source != "":
		return f.Source
	case f.Known || f.AtLeast:
		return c.t("report.figures.counted")
	}
	return c.t("report.figures.dash")
}
