// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// IncidentPage is an incident with all that belongs to it, as far as the actor may see it.
type IncidentPage struct {
	isms.Incident
	Now      register.Moment
	Top      string // the unit over all: a reporter's last resort, and the operator
	Timeline []TimelineRow
	Tasks    []isms.IncidentTask // open ones first
	Tracks   []TrackRow
	Hidden   int // judgements in units that the actor does not see
	Clocks   []RunningClock
	Sent     []isms.Submission
	Losses   []isms.DeviceLoss
	Notices  []isms.Notice
	Joined   []isms.Incident
	Similar  []SimilarIncident
	Owed     register.Wrongs // why it cannot be closed
	Final    bool            // a final report has been sent
	May      IncidentRights
	Guest    bool // the incident is another unit's; the actor's own unit is hit
	Titles   Titles
}

// IncidentRights is what the actor may do with the incident.
type IncidentRights struct {
	Work, Entry, Task, Lesson, History bool
}

// A TimelineRow is something that happened. Kind is an entry's kind, or the name of a moment: of the incident (reported_at),
// of a breach (breach.aware_at), of a significance, a submission, a notice, a task or a joined report.
type TimelineRow struct {
	At   register.Moment
	Kind string
	Text string // a person's own words
	By   string // a person's id
	Unit string // of another unit's moments
	ID   string // the record's
	Of   string // the record's register
	Step isms.ReportStep
}

// TrackKind is who must judge or tell what in an incident.
type TrackKind string

// The tracks.
const (
	BreachTrack       TrackKind = "breach"
	SignificanceTrack TrackKind = "significance"
	SupplierTrack     TrackKind = "supplier"
)

// A TrackRow is one board, operator or supplier with what it still owes.
type TrackRow struct {
	Track    TrackKind
	ID       string // of the breach, the significance or the supplier
	Unit     string
	Settled  bool
	Answer   isms.Answer // whether it is notified, or is significant
	Owes     []string    // what remains: aware, risk, decision, approval, inform, known, notice
	Clocks   []RunningClock
	Sent     []isms.Deadline // those that were sent, the latest last
	Told     register.Moment // when a supplier told
	Promised register.Count  // hours that a supplier has
}

// A SimilarIncident is another one within six months with the same cause or the same system.
type SimilarIncident struct {
	isms.Incident
	Cause   bool
	Systems []register.Ref[isms.System]
}

// Incident returns the page of an incident, for those who may see incidents in its unit or in a unit that it hits.
func (a *App) Incident(ctx context.Context, who access.Actor, id string) (IncidentPage, error) {
	var p IncidentPage
	err := a.view(ctx, who, func(tx *store.Tx) error {
		units, err := store.AllWithRetired[isms.Unit](tx, everywhere)
		if err != nil {
			return err
		}
		b := incidentBuilder{tx: tx, who: who, units: units, p: &p, w: wanted{}}
		return b.build(id, register.MomentOf(a.Now()))
	})
	return p, err
}

// incidentBuilder gathers a page.
type incidentBuilder struct {
	tx    *store.Tx
	who   access.Actor
	units []isms.Unit
	p     *IncidentPage
	w     wanted

	breaches      []isms.Breach
	significances []isms.Significance
	deadlines     []isms.Deadline
}

func (b *incidentBuilder) build(id string, now register.Moment) error {
	b.p.Now = now
	for _, step := range []func() error{func() error { return b.incident(id) }, b.gather, b.entries, b.tracks, b.others} {
		if err := step(); err != nil {
			return err
		}
	}
	b.moments()
	slices.SortStableFunc(b.p.Timeline, func(x, y TimelineRow) int { return cmp.Compare(x.At, y.At) })
	var err error
	b.p.Titles, err = titles(b.tx, b.who, b.w)
	return err
}

func (b *incidentBuilder) incident(id string) error {
	inc, err := store.Get[isms.Incident](b.tx, everywhere, id)
	if err != nil {
		return err
	}
	b.p.Incident = inc
	if b.breaches, err = store.Linking[isms.Breach](b.tx, everywhere, "incident", []string{id}); err != nil {
		return err
	}
	if b.significances, err = store.Linking[isms.Significance](b.tx, everywhere, "incident", []string{id}); err != nil {
		return err
	}
	if b.p.Guest = !b.who.May(access.See, "incident", inc.Unit); b.p.Guest && !b.hit() {
		return isms.ErrNotFound
	}
	for _, u := range b.units {
		if u.Parent == "" && b.p.Top == "" {
			b.p.Top = u.ID
		}
	}
	may := func(act access.Act, kind string) bool { return b.who.May(act, kind, inc.Unit) }
	b.p.May = IncidentRights{Work: may(access.Change, "incident"), Entry: may(access.Create, "incident_entry"), Task: may(access.Create, "incident_task"),
		Lesson: may(access.Create, "activity") && may(access.Change, "incident"), History: may(access.SeeHistory, "incident")}
	for kind, ids := range links(&inc) {
		b.w.add(kind, ids...)
	}
	return nil
}

// hit reports whether the actor may see incidents in a unit that this one hits: one that the triage named, or one that must judge it.
func (b *incidentBuilder) hit() bool {
	var units []string
	for _, u := range b.p.Units {
		units = append(units, string(u))
	}
	for _, x := range b.breaches {
		units = append(units, x.Unit)
	}
	for _, x := range b.significances {
		units = append(units, x.Unit)
	}
	return slices.ContainsFunc(units, func(u string) bool { return b.who.May(access.See, "incident", u) })
}

// sees reports whether the actor may see the register's records in the unit.
func (b *incidentBuilder) sees(kind, unit string) bool { return b.who.May(access.See, kind, unit) }

// ofIncident lists the register's records of the incident that the actor may see: all of the incident's own unit to those whose unit it hits.
func ofIncident[T any](b *incidentBuilder, kind string) ([]T, error) {
	in := b.who.In(access.See, kind)
	if b.p.Guest {
		in.Units = append(in.Units, b.p.Unit)
	}
	return store.Linking[T](b.tx, in, "incident", []string{b.p.ID})
}

func (b *incidentBuilder) gather() (err error) {
	if b.deadlines, err = store.Linking[isms.Deadline](b.tx, everywhere, "incident", []string{b.p.ID}); err != nil {
		return err
	}
	if b.p.Tasks, err = ofIncident[isms.IncidentTask](b, "incident_task"); err != nil {
		return err
	}
	slices.SortStableFunc(b.p.Tasks, func(x, y isms.IncidentTask) int {
		return cmp.Or(cmp.Compare(taskPlace(x), taskPlace(y)), cmp.Compare(x.DueAt, y.DueAt))
	})
	if b.p.Losses, err = ofIncident[isms.DeviceLoss](b, "device_loss"); err != nil {
		return err
	}
	b.p.Notices, err = ofIncident[isms.Notice](b, "notice")
	return err
}

func taskPlace(t isms.IncidentTask) int {
	switch {
	case t.State != isms.TaskOpen:
		return 2
	case t.DueAt == "":
		return 1
	}
	return 0
}

func (b *incidentBuilder) entries() error {
	list, err := ofIncident[isms.IncidentEntry](b, "incident_entry")
	if err != nil {
		return err
	}
	b.p.Timeline = make([]TimelineRow, 0, len(list)+20)
	for i := range list {
		e := &list[i]
		b.row(TimelineRow{At: e.At, Kind: string(e.Kind), Text: e.Text, By: string(e.By), ID: e.ID, Of: "incident_entry"})
	}
	for _, t := range b.p.Tasks {
		b.w.add("person", string(t.Owner))
		if t.State == isms.TaskDone {
			b.row(TimelineRow{At: t.DoneAt, Kind: "task_done", Text: t.Name, By: string(t.Owner), ID: t.ID, Of: "incident_task"})
		}
	}
	return nil
}

func (b *incidentBuilder) row(r TimelineRow) {
	if r.At == "" {
		return
	}
	b.w.add("person", r.By)
	b.w.add("unit", r.Unit)
	b.p.Timeline = append(b.p.Timeline, r)
}

// moments puts the incident's own moments, and those of its judgements and what was sent, into the timeline.
func (b *incidentBuilder) moments() {
	i := &b.p.Incident
	for _, m := range []TimelineRow{
		{At: i.HappenedFrom, Kind: "happened_from"}, {At: i.HappenedTo, Kind: "happened_to"},
		{At: i.DiscoveredAt, Kind: "discovered_at", Text: i.DiscoveredHow}, {At: i.ReportedAt, Kind: "reported_at", By: string(i.ReportedBy)},
		{At: i.TriagedAt, Kind: "triaged_at"}, {At: i.ContainedAt, Kind: "contained_at"}, {At: i.RestoredAt, Kind: "restored_at"},
		{At: i.HandledAt, Kind: "handled_at"}, {At: i.ClosedAt, Kind: "closed_at"}, {At: i.ReopenedAt, Kind: "reopened_at"},
	} {
		b.row(m)
	}
	for _, x := range b.breaches {
		if !b.sees("breach", x.Unit) {
			continue
		}
		row := func(at register.Moment, kind, text string, by register.Ref[isms.Person]) {
			b.row(TimelineRow{At: at, Kind: "breach." + kind, Text: text, By: string(by), Unit: x.Unit, ID: x.ID, Of: "breach"})
		}
		row(x.ProcessorAt, "processor_at", "", "")
		row(x.AwareAt, "aware_at", x.AwareReason, x.AwareBy)
		row(x.DecidedAt, "decided_at."+string(x.Notify), x.NotifyReason, x.DecidedBy)
		row(x.ApprovedAt, "approved_at", "", x.ApprovedBy)
		row(x.InformedAt, "informed_at", "", "")
	}
	for _, x := range b.significances {
		if !b.sees("significance", x.Unit) {
			continue
		}
		row := func(at register.Moment, kind, text string, by register.Ref[isms.Person]) {
			b.row(TimelineRow{At: at, Kind: "significance." + kind, Text: text, By: string(by), Unit: x.Unit, ID: x.ID, Of: "significance"})
		}
		row(x.KnownAt, "known_at", x.KnownReason, x.KnownBy)
		row(x.DecidedAt, "decided_at."+string(x.Significant), x.Reason, x.DecidedBy)
		row(x.ApprovedAt, "approved_at", "", x.ApprovedBy)
	}
	for _, s := range b.p.Sent {
		b.row(TimelineRow{At: s.SentAt, Kind: "sent", By: string(s.SentBy), Unit: s.Unit, ID: s.ID, Of: "submission", Step: s.Step})
	}
	for _, n := range b.p.Notices {
		b.row(TimelineRow{At: n.SentAt, Kind: "notice", Text: n.Audience, By: string(n.SentBy), ID: n.ID, Of: "notice"})
	}
	for _, j := range b.p.Joined {
		b.row(TimelineRow{At: j.ReportedAt, Kind: "joined", Text: j.Reference + " " + j.Title, By: string(j.ReportedBy), ID: j.ID, Of: "incident"})
	}
}
