// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// readersOfLog are the roles that may see who has read what is secret: those who answer for it, not all who may read it.
var readersOfLog = []isms.Role{"central_office", "head", "dpo"}

// logUnits are the units whose readings the actor may see.
func logUnits(who access.Actor) register.In {
	if who.System() {
		return everywhere
	}
	in := who.In(access.SeeSecret, "incident")
	in.Units = slices.DeleteFunc(slices.Clone(in.Units), func(unit string) bool {
		return !slices.ContainsFunc(who.Roles(unit), func(r isms.Role) bool { return slices.Contains(readersOfLog, r) })
	})
	return in
}

// SeesReadings reports whether the actor may see the read log of some unit.
func (a *App) SeesReadings(who access.Actor) bool {
	in := logUnits(who)
	return in.All || len(in.Units) > 0
}

// ReadingQuery picks readings: of one record, and before a moment.
type ReadingQuery struct {
	Kind, ID string
	Before   register.Moment
}

// Readings is a page of the read log.
type Readings struct {
	List   []store.Reading // the latest first
	More   register.Moment // where the next page begins; "" on the last
	Titles Titles          // of those who read and of the records, as the actor may see them
}

// Readings tells who has read what is secret, to the unit's head, the data protection officer and the central office.
func (a *App) Readings(ctx context.Context, who access.Actor, q ReadingQuery) (Readings, error) {
	var r Readings
	in := logUnits(who)
	if !in.All && len(in.Units) == 0 {
		return r, isms.ErrNotFound
	}
	const page = 100
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		r.List, err = tx.Readings(store.ReadingQuery{In: in, Kind: q.Kind, ID: q.ID, Before: q.Before, Limit: page})
		if err != nil {
			return err
		}
		if len(r.List) == page {
			r.More = r.List[page-1].At
		}
		w := wanted{}
		for _, one := range r.List {
			if register.ValidID(one.Who) {
				w.add("person", one.Who)
			}
			w.add(one.Kind, one.ID)
		}
		r.Titles, err = titles(tx, who, w)
		return err
	})
	return r, err
}

// CopyNote says of a masked copy who made it, when, and on which provisions the masking rests.
func CopyNote(lang locale.Lang, who access.Actor, now time.Time, provisions map[string]bool) []string {
	var rests []string
	for _, key := range slices.Sorted(maps.Keys(provisions)) {
		if place := lang.Provision(key); place != "" {
			rests = append(rests, place)
		}
	}
	said := lang.T("web.secrecy.copy.none")
	if len(provisions) > 0 {
		said = lang.T("web.secrecy.copy.rests", lang.And(rests))
	}
	return []string{lang.T("web.secrecy.copy", who.Name, wallClock(register.MomentOf(now))), said, lang.T("web.secrecy.copy.judged")}
}

// copyNote is CopyNote as one cell of a list that is a masked copy.
func (a *App) copyNote(lang locale.Lang, who access.Actor, records []register.Entity, rests map[string]bool) string {
	for _, rec := range records {
		for _, name := range rec.Head().MaskedFields() {
			provision, _ := rec.Head().Masks(name)
			rests[provision] = true
		}
	}
	return strings.Join(CopyNote(lang, who, a.Now(), rests), " ")
}
