// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// tracks tells of each board, operator and supplier what it still owes. Of those that the actor may not see only the number is told.
func (b *incidentBuilder) tracks() error {
	var seen []string // the deadlines that the actor may see
	for _, d := range b.deadlines {
		if !b.sees("deadline", d.Unit) {
			continue
		}
		seen = append(seen, d.ID)
		if d.Runs() {
			c := runningClock(d, b.p.Incident, b.p.Now)
			c.UnitName = nameOf(b.units, d.Unit)
			b.p.Clocks = append(b.p.Clocks, c)
			b.w.add("person", c.Act)
		}
	}
	slices.SortFunc(b.p.Clocks, pressing)
	b.w.add("unit", b.p.Unit)
	for _, x := range b.breaches {
		if !b.sees("breach", x.Unit) {
			b.p.Hidden++
			continue
		}
		b.p.Tracks = append(b.p.Tracks, b.clocked(breachTrack(x), func(d isms.Deadline) bool { return string(d.Breach) == x.ID }))
	}
	for _, x := range b.significances {
		if !b.sees("significance", x.Unit) {
			b.p.Hidden++
			continue
		}
		b.p.Tracks = append(b.p.Tracks, b.clocked(significanceTrack(x), func(d isms.Deadline) bool { return string(d.Significance) == x.ID }))
	}
	for _, t := range b.p.Tracks {
		b.w.add("unit", t.Unit)
	}
	slices.SortStableFunc(b.p.Tracks, func(x, y TrackRow) int {
		return cmp.Or(cmp.Compare(x.Track, y.Track), cmp.Compare(nameOf(b.units, x.Unit), nameOf(b.units, y.Unit)))
	})
	if err := b.suppliers(); err != nil {
		return err
	}
	var err error
	if b.p.Sent, err = store.Linking[isms.Submission](b.tx, b.who.In(access.See, "submission"), "deadline", seen); err != nil {
		return err
	}
	b.p.Final = slices.ContainsFunc(b.deadlines, func(d isms.Deadline) bool { return d.Step == isms.FinalReport && d.SentAt != "" })
	return nil
}

func (b *incidentBuilder) clocked(t TrackRow, its func(isms.Deadline) bool) TrackRow {
	for _, c := range b.p.Clocks {
		if its(c.Deadline) {
			t.Clocks = append(t.Clocks, c)
		}
	}
	for _, d := range b.deadlines {
		if its(d) && d.SentAt != "" && b.sees("deadline", d.Unit) {
			t.Sent = append(t.Sent, d)
		}
	}
	slices.SortFunc(t.Sent, func(x, y isms.Deadline) int { return cmp.Compare(x.SentAt, y.SentAt) })
	return t
}

func breachTrack(x isms.Breach) TrackRow {
	t := TrackRow{Track: BreachTrack, ID: x.ID, Unit: x.Unit, Settled: x.Settled(), Answer: x.Notify}
	t.owe("aware", x.AwareAt == "")
	t.owe("risk", x.Risk == "")
	t.owe("decision", x.Notify == "")
	t.owe("approval", x.Notify == isms.No && x.ApprovedBy == "")
	t.owe("inform", x.MustInform() && x.InformedAt == "")
	return t
}

func significanceTrack(x isms.Significance) TrackRow {
	t := TrackRow{Track: SignificanceTrack, ID: x.ID, Unit: x.Unit, Settled: x.Settled(), Answer: x.Significant}
	t.owe("known", x.KnownAt == "")
	t.owe("decision", x.Significant == "")
	t.owe("approval", x.Significant == isms.No && x.ApprovedBy == "")
	return t
}

func (t *TrackRow) owe(what string, owes bool) {
	if owes {
		t.Owes = append(t.Owes, what)
	}
}

// suppliers tells of each supplier that is involved whether it has told of the incident, and within how many hours it has promised to.
func (b *incidentBuilder) suppliers() error {
	for _, id := range b.p.Suppliers {
		t := TrackRow{Track: SupplierTrack, ID: string(id), Unit: b.p.Unit}
		for _, x := range b.breaches {
			if x.Supplier != id || !b.sees("breach", x.Unit) {
				continue
			}
			if x.ProcessorAt != "" && (t.Told == "" || x.ProcessorAt < t.Told) {
				t.Told = x.ProcessorAt
			}
			if x.ProcessorHours.IsKnown() {
				t.Promised = x.ProcessorHours
			}
		}
		t.Settled = t.Told != ""
		t.owe("notice", !t.Settled && b.p.PersonalData == isms.Yes)
		b.p.Tracks = append(b.p.Tracks, t)
	}
	return nil
}

// others finds the reports that were joined to the incident, similar ones, and what stands in the way of closing it.
func (b *incidentBuilder) others() error {
	in := b.who.In(access.See, "incident")
	var err error
	if b.p.Joined, err = store.Linking[isms.Incident](b.tx, in, "duplicate_of", []string{b.p.ID}); err != nil {
		return err
	}
	candidates, err := b.alike(in)
	if err != nil {
		return err
	}
	tree := subtree(b.units, b.root())
	for _, other := range candidates {
		s := SimilarIncident{Incident: other, Cause: b.p.SameCause(other), Systems: b.p.SameSystem(other)}
		if (s.Cause || len(s.Systems) > 0) && slices.Contains(tree, other.Unit) {
			b.p.Similar = append(b.p.Similar, s)
		}
	}
	slices.SortFunc(b.p.Joined, func(x, y isms.Incident) int { return cmp.Compare(x.ReportedAt, y.ReportedAt) })
	slices.SortFunc(b.p.Similar, func(x, y SimilarIncident) int { return cmp.Compare(y.Began(), x.Began()) })
	for _, s := range b.p.Similar {
		b.w.add("unit", s.Unit)
	}
	if b.p.State == isms.IncidentHandled {
		o, err := owes(b.tx, b.p.Incident)
		if err != nil {
			return err
		}
		if b.p.Owed = o.wrong(); o.cause {
			b.p.Owed = append(b.p.Owed, register.Wrong{Field: "cause", Code: "cause_needed"})
		}
	}
	return nil
}

// alike lists other incidents with the cause or one of the systems, whenever they were.
func (b *incidentBuilder) alike(in register.In) ([]isms.Incident, error) {
	systems := make([]string, len(b.p.Systems))
	for i, s := range b.p.Systems {
		systems[i] = string(s)
	}
	list, err := store.Linking[isms.Incident](b.tx, in, "systems", systems)
	if err != nil {
		return nil, err
	}
	if b.p.Cause != "" {
		page, err := b.tx.List(register.Of[isms.Incident](), in, store.Query{Where: map[string][]string{"cause": {string(b.p.Cause)}}, Sort: "reported_at", Desc: true, Limit: maxPage})
		if err != nil {
			return nil, err
		}
		for _, rec := range page.Records {
			list = append(list, *rec.(*isms.Incident))
		}
	}
	slices.SortFunc(list, func(x, y isms.Incident) int { return cmp.Compare(x.ID, y.ID) })
	list = slices.CompactFunc(list, func(x, y isms.Incident) bool { return x.ID == y.ID })
	return slices.DeleteFunc(list, func(i isms.Incident) bool { return i.ID == b.p.ID }), nil
}

// root is the unit over all in the incident's tree.
func (b *incidentBuilder) root() string {
	over := above(b.units, b.p.Unit)
	if len(over) == 0 {
		return b.p.Unit
	}
	return over[len(over)-1]
}
