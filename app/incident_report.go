// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/register"
	"ledsyn/store"
)

// Report is what somebody tells of an incident. Three things are enough: the unit, what has happened in a line, and when it was
// discovered.
type Report struct {
	Unit          string
	Title         string
	Description   string
	DiscoveredAt  register.Moment // "" is now
	DiscoveredHow string
	Contact       string            // how to reach somebody who has no account
	Kind          isms.IncidentKind // "" where it is left to triage
	Key           string            // the same report is never made twice
}

// IncidentReceipt is what the one who reported is told, also when the incident itself is not theirs to see.
type IncidentReceipt struct {
	ID         string
	Reference  string
	Unit       string // the unit's name
	ReportedAt register.Moment
	Seen       bool // the actor may see the incident
}

// ReportIncident tells of an incident and gives it its reference number. Everybody who has a role may do it.
func (a *App) ReportIncident(ctx context.Context, who access.Actor, r Report) (IncidentReceipt, error) {
	id, err := a.once(ctx, who, r.Key, []any{"report incident", r}, func(tx *store.Tx) (string, error) {
		inc, err := a.reportIn(ctx, tx, who, r)
		if err != nil {
			return "", err
		}
		return inc.ID, nil
	})
	if err != nil {
		return IncidentReceipt{}, err
	}
	return a.Receipt(ctx, who, id)
}

// reportIn makes the incident within an act, for acts that begin with one.
func (a *App) reportIn(ctx context.Context, tx *store.Tx, who access.Actor, r Report) (*isms.Incident, error) {
	may, err := reportUnits(tx, who, a.Today())
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(may, func(u isms.Unit) bool { return u.ID == r.Unit })
	switch {
	case len(may) == 0:
		a.Log.WarnContext(ctx, "refused", "org", who.Org, "who", signature(who), "act", string(access.Report), "kind", "incident")
		return nil, isms.ErrForbidden
	case i < 0:
		return nil, register.Wrongs{{Field: "unit", Code: "report_unit"}}
	}
	return a.newIncident(tx, may[i], register.Ref[isms.Person](who.Person), r)
}

// newIncident makes the incident in the unit, with the next number there.
func (a *App) newIncident(tx *store.Tx, unit isms.Unit, by register.Ref[isms.Person], r Report) (*isms.Incident, error) {
	now := tx.Now()
	inc := &isms.Incident{Title: r.Title, Description: r.Description, State: isms.IncidentReported, Kind: r.Kind, DiscoveredAt: r.DiscoveredAt,
		DiscoveredHow: r.DiscoveredHow, ReportedAt: now, ReportedBy: by, Reporter: r.Contact}
	inc.ID, inc.Unit = register.NewID(), unit.ID
	if inc.DiscoveredAt == "" {
		inc.DiscoveredAt = now
	}
	number, err := nextReference(tx, unit, now)
	if err != nil {
		return nil, err
	}
	inc.Reference = number
	wrong := register.Wrongs(register.Check(inc))
	if inc.DiscoveredAt > now {
		wrong = append(wrong, register.Wrong{Field: "discovered_at", Code: "in_future"})
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	_, err = a.keepWith(tx, access.Actor{}, nil, inc)
	return inc, err
}

// keepWith keeps a record that an act has made or changed, with what follows from it.
func (a *App) keepWith(tx *store.Tx, who access.Actor, was, rec register.Entity) (string, error) {
	id, err := a.keep(tx, who, was, rec)
	if err != nil {
		return "", err
	}
	return id, a.afterwards(tx, was, rec)
}

// nextReference is the next of the unit's reference numbers in the Swedish year: KUN-2026-007. The organisation has one writer, so
// there are no gaps and no number twice.
func nextReference(tx *store.Tx, unit isms.Unit, now register.Moment) (string, error) {
	prefix := fmt.Sprintf("%s-%d-", unit.Code, now.Time().In(law.Zone()).Year())
	n, err := tx.Highest(register.Of[isms.Incident](), "reference", prefix)
	return fmt.Sprintf("%s%03d", prefix, n+1), err
}

// ReportUnits lists the units that the actor may report an incident to: those with a role, those below them, and the top.
func (a *App) ReportUnits(ctx context.Context, who access.Actor) ([]isms.Unit, error) {
	var list []isms.Unit
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		list, err = reportUnits(tx, who, a.Today())
		return err
	})
	return list, err
}

func reportUnits(tx *store.Tx, who access.Actor, today register.Day) ([]isms.Unit, error) {
	in := who.In(access.Report, "incident")
	if !in.All && len(in.Units) == 0 {
		return nil, nil
	}
	units, err := store.All[isms.Unit](tx, everywhere)
	return slices.DeleteFunc(units, func(u isms.Unit) bool { return !u.Exists(today) || !in.Has(u.ID) && u.Parent != "" }), err
}

// Receipt returns what the one who reported the incident was told, or isms.ErrNotFound for others who may not see it.
func (a *App) Receipt(ctx context.Context, who access.Actor, id string) (IncidentReceipt, error) {
	var r IncidentReceipt
	err := a.view(ctx, who, func(tx *store.Tx) error {
		inc, err := store.Get[isms.Incident](tx, everywhere, id)
		if err != nil {
			return err
		}
		seen := who.May(access.See, "incident", inc.Unit)
		if !seen && (who.Person == "" || string(inc.ReportedBy) != who.Person) {
			return isms.ErrNotFound
		}
		unit, err := store.Get[isms.Unit](tx, everywhere, inc.Unit)
		r = IncidentReceipt{inc.ID, inc.Reference, unit.Name, inc.ReportedAt, seen}
		return err
	})
	return r, err
}

// An OwnReport is an incident as the one who reported it may follow it.
type OwnReport struct {
	ID         string
	Reference  string
	Title      string // as it was reported: what others have written since is theirs who may see the incident
	State      isms.IncidentState
	ReportedAt register.Moment
}

// OwnReports lists the incidents that the actor has reported, also those that are not the actor's to see, the newest first.
func (a *App) OwnReports(ctx context.Context, who access.Actor) ([]OwnReport, error) {
	var list []OwnReport
	if who.Person == "" {
		return nil, nil
	}
	err := a.view(ctx, who, func(tx *store.Tx) error {
		mine, err := store.Linking[isms.Incident](tx, everywhere, "reported_by", []string{who.Person})
		if err != nil {
			return err
		}
		for _, inc := range mine {
			entries, err := tx.History(register.Of[isms.Incident](), everywhere, inc.ID)
			if err != nil {
				return err
			}
			r := OwnReport{ID: inc.ID, Reference: inc.Reference, State: inc.State, ReportedAt: inc.ReportedAt}
			switch first, err := entries[0].Record(); {
			case err == nil:
				r.Title = first.(*isms.Incident).Title
			case !errors.Is(err, isms.ErrNotFound): // erased by law
				return err
			}
			list = append(list, r)
		}
		slices.SortFunc(list, func(a, b OwnReport) int {
			return cmp.Or(cmp.Compare(b.ReportedAt, a.ReportedAt), cmp.Compare(a.ID, b.ID))
		})
		return nil
	})
	return list, err
}
