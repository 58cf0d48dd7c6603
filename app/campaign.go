// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/register"
	"ledsyn/store"
)

// maxAnswers is the greatest number of entries that one act takes.
const maxAnswers = 1000

// NewCampaign is what a yearly inventory of the record of processing is started with.
type NewCampaign struct {
	Unit             string // whose entries are asked about, with those of the units below
	Name             string
	Year             int
	StartsOn, EndsOn register.Day // StartsOn "" is today
	Key              string       // never done twice under the same key
}

// StartCampaign starts the inventory of a year, once for each unit, and returns its id.
func (a *App) StartCampaign(ctx context.Context, who access.Actor, n NewCampaign) (string, error) {
	return a.once(ctx, who, n.Key, n, func(tx *store.Tx) (string, error) {
		if err := a.allow(ctx, who, access.Create, "campaign", n.Unit); err != nil {
			return "", err
		}
		c := &isms.Campaign{Record: isms.Record{ID: register.NewID(), Unit: n.Unit}, Name: strings.TrimSpace(n.Name), Year: n.Year,
			StartsOn: cmp.Or(n.StartsOn, a.Today()), EndsOn: n.EndsOn}
		wrong := register.Wrongs(register.Check(c))
		if len(wrong) == 0 && c.EndsOn < c.StartsOn {
			wrong = append(wrong, register.Wrong{Field: "ends_on", Code: "before", Args: []any{string(c.StartsOn)}})
		}
		former, err := store.All[isms.Campaign](tx, register.In{Units: []string{n.Unit}})
		if err != nil {
			return "", err
		}
		if slices.ContainsFunc(former, func(f isms.Campaign) bool { return f.Year == n.Year }) {
			wrong = append(wrong, register.Wrong{Field: "year", Code: "campaign_exists", Args: []any{strconv.Itoa(n.Year)}})
		}
		if len(wrong) > 0 {
			return "", wrong
		}
		return c.ID, tx.Put(c)
	})
}

// EntryAnswer is an owner's word on one entry.
type EntryAnswer struct {
	Entry
	Outcome isms.ConfirmationOutcome // unchanged or ended; a change is the owner's word by itself when it is saved
	EndedOn register.Day             // when it ended; "" is today
	Note    string
}

// Confirm keeps an owner's word on one or many of their entries: all of them or none. An entry that the same person has
// confirmed the same day is not confirmed twice. Who runs the inventory may answer for an owner; whose word it is stands
// in the confirmation.
func (a *App) Confirm(ctx context.Context, who access.Actor, answers []EntryAnswer, key string) error {
	if len(answers) == 0 || len(answers) > maxAnswers {
		return register.Wrongs{{Field: "processing", Code: "many", Args: []any{maxAnswers}}}
	}
	_, err := a.once(ctx, who, key, answers, func(tx *store.Tx) (string, error) {
		q, err := a.asking(tx)
		if err != nil {
			return "", err
		}
		if err := q.read(tx, answers); err != nil {
			return "", err
		}
		for _, answer := range answers {
			if err := a.answer(ctx, tx, q, who, answer); err != nil {
				return "", err
			}
		}
		return answers[0].ID, nil
	})
	return err
}

func (a *App) answer(ctx context.Context, tx *store.Tx, q asking, who access.Actor, answer EntryAnswer) error {
	p, err := a.openEntry(ctx, tx, who, access.See, answer.Entry)
	if err != nil {
		return err
	}
	if !mayAnswer(who, p) {
		return isms.ErrForbidden
	}
	switch {
	case answer.Outcome == isms.ConfirmedEnded:
		if err := a.allow(ctx, who, access.Change, "processing", p.Unit); err != nil {
			return err
		}
		return end(tx, q, who, p, answer.EndedOn, answer.Note)
	case answer.Outcome != isms.ConfirmedUnchanged:
		return register.Wrongs{{Field: "outcome", Code: "choice", Args: []any{string(answer.Outcome)}}}
	case p.State != isms.ProcessingActive:
		return register.Wrongs{{Field: "state", Code: "not_approved"}}
	}
	return word(tx, q, who, p, isms.ConfirmedUnchanged, answer.Note)
}

// mayAnswer reports whether the actor's word on the entry counts: the owner's, or that of who runs the inventory.
func mayAnswer(who access.Actor, p isms.Processing) bool {
	owner := p.Owner != "" && string(p.Owner) == who.Person && who.May(access.Create, "confirmation", p.Unit)
	return owner || who.May(access.Change, "campaign", p.Unit)
}

// word keeps what the actor says of the entry today, where the actor's word on it counts. It is kept once a day for each
// outcome, so that the same button pressed twice says one thing.
func word(tx *store.Tx, q asking, who access.Actor, p isms.Processing, outcome isms.ConfirmationOutcome, note string) error {
	if !mayAnswer(who, p) || outcome != isms.ConfirmedUnchanged && string(p.Owner) != who.Person {
		return nil // somebody else's change is noted in the journal, and is no word of the owner's
	}
	c := &isms.Confirmation{Record: isms.Record{ID: register.NewID(), Unit: p.Unit}, Processing: register.Ref[isms.Processing](p.ID),
		Campaign: register.Ref[isms.Campaign](q.about(p.Unit).ID), Person: register.Ref[isms.Person](who.Person), Day: q.today, Outcome: outcome, Note: note}
	if wrong := register.Check(c); len(wrong) > 0 {
		return register.Wrongs(wrong)
	}
	if q.said == nil {
		if err := q.read(tx, []EntryAnswer{{Entry: Entry{ID: p.ID}}}); err != nil {
			return err
		}
	}
	same := func(was isms.Confirmation) bool {
		return was.Day == c.Day && was.Outcome == c.Outcome && was.Person == c.Person
	}
	if slices.ContainsFunc(q.said[c.Processing], same) {
		return nil
	}
	return tx.Put(c)
}

// An asking knows, within one act, which inventory asks about a unit's entries.
type asking struct {
	today     register.Day
	units     []isms.Unit
	campaigns []isms.Campaign
	said      map[register.Ref[isms.Processing]][]isms.Confirmation // what has been said of entries; nil: not read yet
}

func (a *App) asking(tx *store.Tx) (q asking, err error) {
	q.today = a.Today()
	if q.units, err = store.AllWithRetired[isms.Unit](tx, everywhere); err == nil {
		q.campaigns, err = store.All[isms.Campaign](tx, everywhere)
	}
	return q, err
}

// read finds what has been said of the entries.
func (q *asking) read(tx *store.Tx, answers []EntryAnswer) error {
	ids := make([]string, len(answers))
	for i, answer := range answers {
		ids[i] = answer.ID
	}
	words, err := store.Linking[isms.Confirmation](tx, everywhere, "processing", ids)
	q.said = map[register.Ref[isms.Processing]][]isms.Confirmation{}
	for _, w := range words {
		q.said[w.Processing] = append(q.said[w.Processing], w)
	}
	return err
}

// about returns the newest inventory that has begun and asks about the unit's entries; a zero one where there is none.
func (q asking) about(unit string) isms.Campaign {
	over := append(above(q.units, unit), unit)
	return newestCampaign(slices.DeleteFunc(slices.Clone(q.campaigns), func(c isms.Campaign) bool { return !slices.Contains(over, c.Unit) }), q.today)
}

func newestCampaign(all []isms.Campaign, day register.Day) isms.Campaign {
	var newest isms.Campaign
	for _, c := range all {
		if c.StartsOn <= day && (c.StartsOn > newest.StartsOn || c.StartsOn == newest.StartsOn && c.ID > newest.ID) {
			newest = c
		}
	}
	return newest
}

// MyEntry is one entry as its owner sees it.
type MyEntry struct {
	isms.Processing
	Missing  []string     // the names of the compulsory fields that it lacks
	Last     register.Day // when somebody last vouched for it, "" if nobody has
	Current  bool         // that was within twelve months
	Answered bool         // the owner's word has come since the campaign began
	Campaign isms.Campaign
}

// MyEntries is every entry that somebody owns.
type MyEntries struct {
	Campaigns []isms.Campaign // those that ask about the entries, the newest first
	Entries   []MyEntry       // those that remain to answer first, then by name
	Left      int             // how many remain to answer
	MayChange map[string]bool // by unit
	Titles    Titles          // of what the entries link to
}

// Mine returns the actor's own entries on one page: those in use and those on their way, with what they lack.
func (a *App) Mine(ctx context.Context, who access.Actor) (MyEntries, error) {
	return a.EntriesOf(ctx, who, who.Person)
}

// EntriesOf returns the entries that the person owns and the actor may see.
func (a *App) EntriesOf(ctx context.Context, who access.Actor, person string) (MyEntries, error) {
	var m MyEntries
	if person == "" {
		return m, nil
	}
	in := who.In(access.See, "processing")
	err := a.view(ctx, who, func(tx *store.Tx) error {
		entries, err := store.Linking[isms.Processing](tx, in, "owner", []string{person})
		if err != nil {
			return err
		}
		entries = slices.DeleteFunc(entries, closed)
		inventory, err := a.inventory(tx, entries)
		if err != nil {
			return err
		}
		m.fill(who, inventory)
		records := make([]register.Entity, len(entries))
		for i := range entries {
			records[i] = &entries[i]
		}
		m.Titles, err = titles(tx, who, links(records...))
		return err
	})
	return m, err
}

func (m *MyEntries) fill(who access.Actor, entries []MyEntry) {
	m.Entries, m.MayChange = entries, map[string]bool{}
	for _, e := range entries {
		if e.asked() && !e.Answered {
			m.Left++
		}
		m.MayChange[e.Unit] = who.May(access.Change, "processing", e.Unit)
		if e.Campaign.ID != "" && !slices.ContainsFunc(m.Campaigns, func(c isms.Campaign) bool { return c.ID == e.Campaign.ID }) {
			m.Campaigns = append(m.Campaigns, e.Campaign)
		}
	}
	slices.SortFunc(m.Campaigns, func(a, b isms.Campaign) int { return cmp.Compare(b.StartsOn, a.StartsOn) })
	slices.SortStableFunc(m.Entries, func(a, b MyEntry) int {
		return cmp.Or(cmp.Compare(a.place(), b.place()), cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
	})
}

// asked reports whether a campaign asks about the entry: it is in use and there is a campaign.
func (e MyEntry) asked() bool { return e.State == isms.ProcessingActive && e.Campaign.ID != "" }

func (e MyEntry) place() int {
	switch {
	case e.asked() && !e.Answered:
		return 0
	case e.State != isms.ProcessingActive:
		return 1
	}
	return 2
}

// inventory holds entries against the campaign that asks about them and the words that have come.
func (a *App) inventory(tx *store.Tx, entries []isms.Processing) ([]MyEntry, error) {
	today := a.Today()
	words, err := wordsOn(tx, entries)
	if err != nil {
		return nil, err
	}
	last := metric.LastWord(metric.Records{Processings: entries, Confirmations: words}, today)
	q, err := a.asking(tx)
	if err != nil {
		return nil, err
	}
	campaigns := map[string]isms.Campaign{}
	type said struct{ processing, campaign string }
	answered := map[said]bool{}
	for _, w := range words {
		answered[said{string(w.Processing), string(w.Campaign)}] = true
	}
	list := make([]MyEntry, len(entries))
	for i, p := range entries {
		c, known := campaigns[p.Unit]
		if !known {
			c = q.about(p.Unit)
			campaigns[p.Unit] = c
		}
		list[i] = MyEntry{Processing: p, Missing: p.Missing(), Last: last[p.ID], Current: metric.Current(last[p.ID], today), Campaign: c,
			Answered: c.ID != "" && (answered[said{p.ID, c.ID}] || p.ApprovedOn >= c.StartsOn)}
	}
	return list, nil
}

// wordsOn lists the confirmations of the entries.
func wordsOn(tx *store.Tx, entries []isms.Processing) ([]isms.Confirmation, error) {
	ids := make([]string, len(entries))
	for i, p := range entries {
		ids[i] = p.ID
	}
	return store.Linking[isms.Confirmation](tx, everywhere, "processing", ids)
}
