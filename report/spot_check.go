// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"strconv"

	"ledsyn/chart"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// SpotCheckInput is everything that the protocol of a spot check is made from.
type SpotCheckInput struct {
	Lang         locale.Lang
	Organisation string
	Unit         string
	Check        isms.SpotCheck
	Draw         isms.Draw // the one that holds
	Set          string    // what the frozen rows are called
	About        []Line    // the plan in words
	Steps        []SpotCheckStep
	Replaced     []SpotCheckReplaced
	Strata       []SpotCheckPart
	Drawn        SpotCheckTally
	Chosen       SpotCheckTally
	Risky        []Line // row and reason
	Said         []string
	StrataSay    string
	Rate, Upper  int      // in hundredths of a percent
	Commands     []string // that draw the sample again
	Deviations   []isms.Deviation
	Owner        func(person string) string
	Performer    string
	Day          register.Day
	Known        register.Moment
}

// A SpotCheckStep is a step of the draw with when it was taken, in Swedish time, and its entry in the journal. Key is committed, frozen or drawn.
type SpotCheckStep struct {
	Key, At string
	Entry   int64
}

// A SpotCheckReplaced is a draw that another took the place of.
type SpotCheckReplaced struct {
	Number  int
	At, Why string
}

// A SpotCheckPart is a part of the frozen rows.
type SpotCheckPart struct {
	Name                         string
	Rows, Size, Deviations, Open int
	Upper                        int    // in hundredths of a percent
	Drawn                        string // the rows' numbers
}

// A SpotCheckTally is how rows were answered.
type SpotCheckTally struct{ Size, Sound, Deviations, Unsure, Unanswered int }

// SpotCheckProtocol makes the protocol of a spot check: what was checked, how it was drawn so that anybody can draw it again, what was answered and
// what that shows. It is pure: the same input gives the same Doc.
func SpotCheckProtocol(in SpotCheckInput) Doc {
	p := protocol{in}
	d := Doc{Schema: DocSchema, Lang: string(in.Lang), Template: "spot_check", AsOf: string(in.Day), Known: string(in.Known), Words: WordsIn(in.Lang)}
	d.Front = Front{Organisation: in.Organisation, Title: p.t("protocol.title"), Board: in.Unit, Head: in.Check.Name,
		Lines: []Line{{p.t("spot_check.name"), in.Check.Name}, {p.t("spot_check.area"), in.Check.Area}, {p.t("spot_check.year"), strconv.Itoa(in.Check.Year)}}}
	if in.Check.PerformedOn != "" {
		d.Front.Lines = append(d.Front.Lines, Line{p.t("spot_check.performed_on"), string(in.Check.PerformedOn)})
	}
	d.Sections = []Section{p.what(), p.draw(), p.answers(), p.result(), p.found(), p.signatures()}
	return d
}

type protocol struct{ in SpotCheckInput }

func (p protocol) t(key string, args ...any) string { return p.in.Lang.T(key, args...) }

func (p protocol) n(n int) Cell { return Cell{Text: plain(p.in.Lang.Number(n)), Right: true} }

func (p protocol) head(key string, right bool) Cell { return Cell{Text: plain(p.t(key)), Right: right} }

func sentence(s string) Block { return Block{Type: Paragraph, Text: plain(s)} }

func (p protocol) lines(lines []Line) Block {
	b := Block{Type: Table, Head: []Cell{{Text: plain(p.t("protocol.field")), Width: 1.2}, {Text: plain(p.t("protocol.value")), Width: 2.8}}}
	for _, l := range lines {
		if l.Value != "" {
			b.Rows = append(b.Rows, []Cell{{Text: plain(l.Label)}, {Text: plain(l.Value)}})
		}
	}
	return b
}

func (p protocol) what() Section {
	s := Section{Key: "what", Level: 1, Heading: p.t("protocol.what")}
	if p.in.Check.State != isms.SpotCheckDone {
		s.Blocks = append(s.Blocks, Block{Type: Missing, Text: plain(p.t("protocol.not_done"))})
	}
	s.Blocks = append(s.Blocks, p.lines(p.in.About))
	return s
}

func (p protocol) draw() Section {
	in := p.in
	s := Section{Key: "draw", Level: 1, Heading: p.t("protocol.draw")}
	for _, r := range in.Replaced {
		s.Blocks = append(s.Blocks, sentence(p.t("protocol.replaced", r.Number, r.At, r.Why)))
	}
	for _, step := range in.Steps {
		s.Blocks = append(s.Blocks, sentence(p.t("protocol.step."+step.Key, step.At, strconv.FormatInt(step.Entry, 10))))
	}
	rows, _ := in.Draw.Rows.Known()
	s.Blocks = append(s.Blocks, p.lines([]Line{{p.t("draw.population"), in.Set}, {p.t("draw.rows"), in.Lang.Number(rows)}, {p.t("web.check.again.sha"), in.Draw.SHA256},
		{p.t("draw.commitment"), in.Draw.Commitment}, {p.t("draw.seed"), in.Draw.Seed}}))
	if len(in.Strata) > 0 {
		t := Block{Type: Table, Head: []Cell{p.head("web.check.strata.name", false), p.head("web.check.strata.rows", true), p.head("web.check.strata.size", true),
			{Text: plain(p.t("web.check.again.rows")), Width: 3}}}
		for _, part := range in.Strata {
			t.Rows = append(t.Rows, []Cell{{Text: plain(part.Name)}, p.n(part.Rows), p.n(part.Size), {Text: plain(part.Drawn)}})
		}
		s.Blocks = append(s.Blocks, t)
	}
	s.Blocks = append(s.Blocks, sentence(p.t("web.check.again.about")))
	for _, c := range in.Commands {
		s.Blocks = append(s.Blocks, Block{Type: Paragraph, Text: []Span{{Text: c, Code: true}}})
	}
	return s
}

func (p protocol) answers() Section {
	s := Section{Key: "answers", Level: 1, Heading: p.t("protocol.answers")}
	t := Block{Type: Table, Head: []Cell{{Text: plain(p.t("protocol.field")), Width: 1.6}, p.head("web.check.tally.size", true), p.head("web.check.tally.sound", true),
		p.head("web.check.tally.deviations", true), p.head("web.check.tally.unsure", true), p.head("web.check.tally.unanswered", true)}}
	row := func(key string, n SpotCheckTally) {
		t.Rows = append(t.Rows, []Cell{{Text: plain(p.t(key))}, p.n(n.Size), p.n(n.Sound), p.n(n.Deviations), p.n(n.Unsure), p.n(n.Unanswered)})
	}
	row("web.check.tally.sample", p.in.Drawn)
	if p.in.Chosen.Size > 0 {
		row("web.check.tally.chosen", p.in.Chosen)
	}
	s.Blocks = append(s.Blocks, t)
	if len(p.in.Risky) > 0 {
		s.Blocks = append(s.Blocks, Block{Type: Heading, Level: 2, Text: plain(p.t("web.check.tally.chosen"))}, p.lines(p.in.Risky))
	}
	return s
}

func (p protocol) result() Section {
	s := Section{Key: "result", Level: 1, Heading: p.t("protocol.result")}
	for _, said := range p.in.Said {
		s.Blocks = append(s.Blocks, sentence(said))
	}
	c := SpotCheckInterval(p.in.Lang, p.in.Rate, p.in.Upper)
	s.Blocks = append(s.Blocks, Block{Type: Graph, Chart: &c})
	if len(p.in.Strata) < 2 {
		return s
	}
	t := Block{Type: Table, Head: []Cell{p.head("web.check.strata.name", false), p.head("web.check.tally.size", true), p.head("web.check.tally.deviations", true),
		p.head("web.check.tally.unanswered", true), p.head("web.check.strata.upper", true)}}
	for _, part := range p.in.Strata {
		t.Rows = append(t.Rows, []Cell{{Text: plain(part.Name)}, p.n(part.Size), p.n(part.Deviations), p.n(part.Open),
			{Text: plain(p.in.Lang.PercentSign(part.Upper)), Right: true}})
	}
	s.Blocks = append(s.Blocks, t, sentence(p.in.StrataSay))
	return s
}

func (p protocol) found() Section {
	s := Section{Key: "deviations", Level: 1, Heading: p.t("protocol.deviations")}
	if len(p.in.Deviations) == 0 {
		s.Blocks = append(s.Blocks, sentence(p.t("protocol.no_deviations")))
		return s
	}
	var open, remedied, verified int
	t := Block{Type: Table, Head: []Cell{{Text: plain(p.t("register.deviation.one")), Width: 2}, {Text: plain(p.t("deviation.cause")), Width: 1.5}, {Text: plain(p.t("deviation.action")), Width: 1.5},
		p.head("deviation.owner", false), p.head("deviation.state", false)}}
	for _, d := range p.in.Deviations {
		state := p.t("choice.deviation_state." + string(d.State))
		switch d.State {
		case isms.DeviationOpen:
			open++
		case isms.DeviationVerified:
			verified++
			remedied++
			state += " " + string(d.VerifiedOn)
		default:
			remedied++
			state += " " + string(d.RemediedOn)
		}
		t.Rows = append(t.Rows, []Cell{{Text: plain(d.Title)}, {Text: plain(d.Cause)}, {Text: plain(d.Action)}, {Text: plain(p.in.Owner(string(d.Owner)))}, {Text: plain(state)}})
	}
	s.Blocks = append(s.Blocks, sentence(p.t("web.check.deviations.count", len(p.in.Deviations), open, remedied, verified)), t)
	return s
}

// signatures are lines to be signed on paper.
func (p protocol) signatures() Section {
	const line = "______________________________"
	s := Section{Key: "signatures", Level: 1, Heading: p.t("protocol.signatures")}
	for _, who := range []struct{ key, name string }{{"protocol.sign.performer", p.in.Performer}, {"protocol.sign.head", ""}} {
		s.Blocks = append(s.Blocks, Block{Type: Heading, Level: 2, Text: plain(p.t(who.key))}, sentence(line+"  "+who.name), sentence(p.t("protocol.sign.date")+"  "+line))
	}
	return s
}

// SpotCheckInterval draws the rate in a sample beside the bound on that of all rows. Both are in hundredths of a percent.
func SpotCheckInterval(l locale.Lang, rate, upper int) chart.Chart {
	c := chart.Chart{Kind: chart.Bars, Title: l.T("web.check.result.chart"), Desc: l.T("web.check.result.chart.desc", l.Percent(rate), l.Percent(upper)),
		XHead: l.T("web.check.result.what"), YHead: l.T("web.check.result.share"), Suffix: " %"}
	for i, p := range []struct {
		key string
		n   int
	}{{"web.check.result.rate", rate}, {"web.check.result.worst", upper}} {
		c.Points = append(c.Points, chart.Point{At: i, Label: l.T(p.key), Value: float64(p.n) / 100, Known: true, Text: l.PercentSign(p.n)})
	}
	return c
}
