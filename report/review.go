// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"slices"
	"strconv"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
)

// Input is everything that a management review is made from. Records hold what the journal knew at Known.
type Input struct {
	Lang         locale.Lang
	Template     Template
	Organisation string    // the municipality's name
	Unit         isms.Unit // whose review it is
	Review       isms.Review
	Records      metric.Records
	Known        register.Moment // "" for now

	// Figures are the figures of the day Review.AsOf. Nil counts them from Records.
	Figures []metric.Figure
	// Curves are figures of earlier days by their ID, as the journal knew them. Without one, the curve is what
	// Records alone know: figures recorded by hand, and the day of the former review.
	Curves map[string][]metric.Figure
	// Findings are the sentences of the examination's findings by key, for those that were let stand.
	Findings map[string]string
	// Validation is where the decision's signature can be checked, if it is signed outside the program.
	Validation string
}

// ManagementReview makes the review. It is pure: the same input gives the same Doc.
func ManagementReview(in Input) Doc {
	c := newMaking(in)
	d := Doc{Schema: DocSchema, Lang: string(in.Lang), Template: in.Template.Key, Front: c.front(), AsOf: string(in.Review.AsOf),
		Known: string(in.Known), Words: c.words()}
	for _, ts := range in.Template.Sections {
		if s, keep := c.makeSection(ts); keep {
			d.Sections = append(d.Sections, s)
		}
	}
	d.Coverage = c.coverage()
	for i, s := range d.Sections { // what lists the whole document is made when the rest is
		for _, tf := range templateFacts(in.Template, s.Key) {
			switch tf.Fact {
			case "iso":
				d.Sections[i].Blocks = append(d.Sections[i].Blocks, c.isoTable(d)...)
			case "figures":
				d.Sections[i].Blocks = append(d.Sections[i].Blocks, c.figureTable()...)
			}
		}
	}
	d.Notes, d.Figures = c.notes, c.shown
	return d
}

func templateFacts(t Template, section string) []TemplateFact {
	for _, s := range t.Sections {
		if s.Key == section {
			return s.Facts
		}
	}
	return nil
}

// annexKeys lists the figures that the template's annex always shows, whether a fact tells them or not.
func annexKeys(t Template) []string {
	for _, s := range t.Sections {
		for _, f := range s.Facts {
			if f.Fact == "figures" {
				return f.Keys
			}
		}
	}
	return nil
}

// making is a review in the making: what the facts are told from, and what they have gathered so far.
type making struct {
	in       Input
	lang     locale.Lang
	r        metric.Records
	day      register.Day
	year     int
	former   *isms.Review
	persons  map[string]isms.Person
	section  TemplateSection // the one being made
	counted  []metric.Figure // every figure of the day
	shown    []metric.Figure // those that the document shows
	notes    []Note
	answered map[string][]string // sections by input
	own      map[string]isms.ReviewSection
	targets  map[string][]isms.ActivityTarget // by activity
}

func newMaking(in Input) *making {
	c := &making{in: in, lang: in.Lang, r: ordered(in.Records), day: in.Review.AsOf, year: in.Review.Year,
		persons: map[string]isms.Person{}, answered: map[string][]string{}, own: map[string]isms.ReviewSection{},
		targets: map[string][]isms.ActivityTarget{}}
	for _, p := range c.r.Persons {
		c.persons[p.ID] = p
	}
	for _, s := range c.r.Sections {
		if string(s.Review) == in.Review.ID && s.Retired == "" {
			c.own[s.Section] = s
		}
	}
	for _, t := range c.r.Targets {
		if t.Retired == "" || t.Retired > c.day {
			c.targets[string(t.Activity)] = append(c.targets[string(t.Activity)], t)
		}
	}
	c.counted = in.Figures
	if c.counted == nil {
		c.counted = metric.All(c.r, c.day)
	}
	always := annexKeys(in.Template)
	for _, f := range c.counted {
		if slices.Contains(always, f.Key) {
			c.keep(f)
		}
	}
	c.former = formerReview(c.r.Reviews, in.Review)
	return c
}

// formerReview is the newest version of the latest decided review of an earlier year for the same unit.
func formerReview(all []isms.Review, now isms.Review) *isms.Review {
	var former *isms.Review
	for i, r := range all {
		if r.Unit != now.Unit || r.Year >= now.Year || !r.State.Frozen() || r.Retired != "" {
			continue
		}
		if former == nil || r.Year > former.Year || r.Year == former.Year && r.Version > former.Version {
			former = &all[i]
		}
	}
	return former
}

func (c *making) front() Front {
	rv := c.in.Review
	f := Front{Organisation: c.in.Organisation, Board: c.in.Unit.Name, Title: withYear(c.in.Template.Title[string(c.lang)], c.year)}
	line := func(key, value string) {
		if value != "" {
			f.Lines = append(f.Lines, Line{c.t("report.front." + key), value})
		}
	}
	state := c.t("report.front.draft")
	if rv.State.Frozen() {
		line("decided", c.lang.Day(string(rv.DecidedOn)))
		state = c.t("report.front.head_decided", c.lang.Day(string(rv.DecidedOn)))
	} else {
		line("state", upperFirst(c.t("report.review_state."+string(rv.State))))
	}
	line("kind", c.t("report.front.kind_is"))
	line("dnr", c.orUnknown(rv.Dnr))
	line("contact", c.orUnknown(rv.Contact))
	if rv.Version > 1 {
		line("version", strconv.Itoa(rv.Version))
	}
	f.Head = c.t("report.front.head", c.orUnknown(rv.Dnr), state)
	return f
}

func (c *making) words() Words { return WordsIn(c.lang) }

// WordsIn gives the texts around a document's contents in the language.
func WordsIn(l locale.Lang) Words {
	return Words{Contents: l.T("report.contents"), Notes: l.T("report.notes"), Note: l.T("report.note"), Back: l.T("report.back"),
		Page: l.T("report.page", "{1}", "{2}"), Own: l.T("report.own")}
}

// makeSection makes a section. An optional section that would say nothing is left out.
func (c *making) makeSection(ts TemplateSection) (Section, bool) {
	s := Section{Key: ts.Key, Level: ts.Level, Number: ts.Number, OwnText: ts.OwnText, Inputs: ts.Inputs,
		Heading: withYear(ts.Heading[string(c.lang)], c.year)}
	c.section = ts
	own := c.ownText(ts)
	says := len(own) > 0
	if says {
		c.answers(ts.Key, ts.Inputs)
	}
	if ts.OwnFirst {
		s.Blocks = own
	}
	for _, tf := range ts.Facts {
		blocks, reported := facts[tf.Fact](c, tf)
		if tf.Known && !reported {
			continue
		}
		for i := range blocks {
			blocks[i].Fact = tf.Fact
		}
		s.Blocks = append(s.Blocks, blocks...)
		if reported {
			says = true
			inputs := tf.Inputs
			if inputs == nil {
				inputs = ts.Inputs
			}
			c.answers(ts.Key, inputs)
		}
	}
	if !ts.OwnFirst {
		s.Blocks = append(s.Blocks, own...)
	}
	return s, says || !ts.Optional
}

func (c *making) ownText(ts TemplateSection) []Block {
	if !ts.OwnText {
		return nil
	}
	return markdown(c.own[ts.Key].Text, ts.Level)
}

func (c *making) answers(section string, inputs []string) {
	for _, input := range inputs {
		if !slices.Contains(c.answered[input], section) {
			c.answered[input] = append(c.answered[input], section)
		}
	}
}

func (c *making) coverage() []Coverage {
	var all []Coverage
	for _, input := range Inputs() {
		all = append(all, Coverage{input, c.answered[input]})
	}
	return all
}
