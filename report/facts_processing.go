// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"slices"

	"ledsyn/isms"
	"ledsyn/metric"
)

// processingRecord tells how complete and how current the record of processing is: two numbers, each with what it is
// counted over, how they have moved since the former review, and their curves.
func (c *making) processingRecord(TemplateFact) ([]Block, bool) {
	complete, confirmed := c.figure("processings_complete"), c.figure("processings_confirmed")
	if !complete.Known && !confirmed.Known {
		return c.missing("report.record.unknown"), false
	}
	var blocks []Block
	for _, f := range []metric.Figure{complete, confirmed} {
		if !f.Known {
			blocks = append(blocks, c.missing("report.record."+f.Key+".unknown")...)
			continue
		}
		curve := c.curve(f)
		blocks = append(blocks, c.recordFact(f, before(curve, c.former, c.day)))
		if g := c.graph(f, curve); g != nil {
			blocks = append(blocks, *g)
		}
	}
	return blocks, true
}

// recordFact is the figure's sentence, with the change since it was last comparable. A figure recorded by hand without its
// numbers is told as other shares are.
func (c *making) recordFact(now, then metric.Figure) Block {
	n, hasN := now.Numerator.Known()
	d, hasD := now.Denominator.Known()
	if now.Recorded || !hasN || !hasD || d == 0 {
		return c.shareFact(now, then)
	}
	b := c.countedOf(now)
	text := b.Text
	switch change := metric.Between(then, now); {
	case !change.Known:
	case change.Points > 0:
		text = join(text, c.say("report.record.up", c.noted(then), c.days(then.Day), c.lang.Points(points(change))))
	case change.Points < 0:
		text = join(text, c.say("report.record.down", c.noted(then), c.days(then.Day), c.lang.Points(-points(change))))
	case n < d:
		text = join(text, c.say("report.record.same", c.days(then.Day)))
	}
	out := fact(text, now.Refs()...)
	if then.Recorded {
		out.Refs = append(out.Refs, then.Refs()...)
	}
	return out
}

// countedOf is the sentence of a figure of the record of processing: how many of how many, and the share.
func (c *making) countedOf(f metric.Figure) Block {
	n, _ := f.Numerator.Known()
	d, _ := f.Denominator.Known()
	return fact(c.say("report.record."+f.Key, n, d, c.show(f)), f.Refs()...)
}

// processingGaps tells what the data protection officer looks for: systems that no entry describes, impact assessments
// that are lacking, and requests not answered in time; and how many could not be told.
func (c *making) processingGaps(TemplateFact) ([]Block, bool) {
	systems, told := c.gap("systems_without_processing", "system")
	dpias, told2 := c.gap("dpia_missing", "processing")
	requests, told3 := c.gap("requests_in_time", "subject_request")
	return slices.Concat(systems, dpias, requests), told || told2 || told3
}

// transfers tells how transfers to third countries are looked after, and how many processings do not say whether there are
// any.
func (c *making) transfers(TemplateFact) ([]Block, bool) {
	blocks, told := c.gap("transfers_assessed", "processing")
	if f := c.figure("transfers_dpf_alone"); f.Known && len(f.Counted) > 0 {
		blocks = append(blocks, c.countedOf(f))
	}
	return blocks, told
}

// gap tells the figure where it is known, and the records, of the given register, of which it is not known whether they
// belong to it.
func (c *making) gap(key, unclear string) (blocks []Block, told bool) {
	f := c.figure(key)
	if f.Known {
		blocks = append(blocks, c.countedOf(f))
	}
	if len(f.Unclear) > 0 {
		b := c.missing("report.record."+key+".unclear", len(f.Unclear))[0]
		for _, id := range f.Unclear {
			b.Refs = append(b.Refs, ref(unclear, id))
		}
		blocks = append(blocks, b)
	}
	return blocks, f.Known
}

// processingLeft tells what remains before the record of processing is complete and current: what the improvement is
// about.
func (c *making) processingLeft(TemplateFact) ([]Block, bool) {
	lacking := func(key string) int {
		f := c.figure(key)
		if !f.Known || f.Recorded {
			return 0
		}
		return len(f.Of) - len(f.Counted)
	}
	systems := c.figure("systems_without_processing")
	complete, confirm, describe := lacking("processings_complete"), lacking("processings_confirmed"), len(systems.Counted)
	var parts []string
	for _, p := range []struct {
		key string
		n   int
	}{{"complete", complete}, {"confirm", confirm}, {"describe", describe}} {
		if p.n > 0 {
			parts = append(parts, c.t("report.record.left."+p.key, p.n))
		}
	}
	if len(parts) == 0 {
		return nil, false
	}
	b := fact(c.say("report.record.left", c.lang.And(parts)))
	for _, key := range []string{"processings_complete", "processings_confirmed", "systems_without_processing"} {
		if f := c.figure(key); f.Known {
			c.keep(f)
			b.Figures = append(b.Figures, FigureRef(f))
		}
	}
	for _, p := range c.r.Processings {
		if metric.EntryInUse(p, c.day) && len(p.Missing()) > 0 {
			b.Refs = append(b.Refs, ref("processing", p.ID))
		}
	}
	return []Block{b}, true
}

// orderedProcessing puts the record's entries in the order they are told in.
func orderedProcessing(r *metric.Records) {
	r.Processings = by(r.Processings, func(p isms.Processing) string { return p.Name + p.ID })
	r.Transfers = by(r.Transfers, func(t isms.Transfer) string { return t.Country + t.Importer + t.ID })
	r.Suppliers = by(r.Suppliers, func(s isms.Supplier) string { return s.Name + s.ID })
	r.Agreements = by(r.Agreements, func(a isms.Agreement) string { return a.Title + a.ID })
	r.SubProcessors = by(r.SubProcessors, func(s isms.SubProcessor) string { return s.Name + s.ID })
	r.DPIAs = by(r.DPIAs, func(d isms.DPIA) string { return d.ID })
	r.SubjectRequests = by(r.SubjectRequests, func(q isms.SubjectRequest) string { return q.ID })
	r.Confirmations = by(r.Confirmations, func(k isms.Confirmation) string { return k.ID })
}
