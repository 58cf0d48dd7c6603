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

// OwnerStatus is how far one owner has come in a campaign.
type OwnerStatus struct {
	Person   string // "" for entries without an owner, whom nobody can ask
	Entries  int    // those in use
	Answered int
	Lacking  int // those that lack a compulsory field
}

// CampaignStatus is how far a campaign has come.
type CampaignStatus struct {
	Campaign isms.Campaign
	Owners   []OwnerStatus // those with most left first
	Entries  int
	Answered int
	Silent   []string // persons who have not answered for a single entry
	Titles   Titles
}

// Campaign returns how far the inventory has come, by owner: who has answered for what, and who has not at all.
func (a *App) Campaign(ctx context.Context, who access.Actor, id string) (CampaignStatus, error) {
	var s CampaignStatus
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		if s.Campaign, err = store.Get[isms.Campaign](tx, who.In(access.See, "campaign"), id); err != nil {
			return err
		}
		units, err := store.AllWithRetired[isms.Unit](tx, everywhere)
		if err != nil {
			return err
		}
		narrow := within(who.In(access.See, "processing"), subtree(units, s.Campaign.Unit))
		entries, err := store.All[isms.Processing](tx, narrow)
		if err != nil {
			return err
		}
		entries = slices.DeleteFunc(entries, func(p isms.Processing) bool { return p.State != isms.ProcessingActive })
		words, err := store.Linking[isms.Confirmation](tx, everywhere, "campaign", []string{id})
		if err != nil {
			return err
		}
		s.count(entries, words)
		w := wanted{}
		for _, o := range s.Owners {
			w.add("person", o.Person)
		}
		w.add("unit", s.Campaign.Unit)
		s.Titles, err = titles(tx, who, w)
		return err
	})
	return s, err
}

func (s *CampaignStatus) count(entries []isms.Processing, words []isms.Confirmation) {
	answered := map[register.Ref[isms.Processing]]bool{}
	for _, w := range words {
		answered[w.Processing] = true
	}
	owners := map[string]*OwnerStatus{}
	for _, p := range entries {
		o := owners[string(p.Owner)]
		if o == nil {
			o = &OwnerStatus{Person: string(p.Owner)}
			owners[o.Person] = o
		}
		o.Entries++
		s.Entries++
		if len(p.Missing()) > 0 {
			o.Lacking++
		}
		if answered[register.Ref[isms.Processing](p.ID)] || p.ApprovedOn >= s.Campaign.StartsOn {
			o.Answered++
			s.Answered++
		}
	}
	for _, o := range owners {
		s.Owners = append(s.Owners, *o)
		if o.Answered == 0 && o.Person != "" {
			s.Silent = append(s.Silent, o.Person)
		}
	}
	slices.Sort(s.Silent)
	slices.SortFunc(s.Owners, func(a, b OwnerStatus) int {
		return cmp.Or(cmp.Compare(b.Entries-b.Answered, a.Entries-a.Answered), cmp.Compare(a.Person, b.Person))
	})
}

// within narrows a scope to the units.
func within(in register.In, units []string) register.In {
	narrow := register.In{}
	for _, unit := range units {
		if in.Has(unit) {
			narrow.Units = append(narrow.Units, unit)
		}
	}
	return narrow
}
