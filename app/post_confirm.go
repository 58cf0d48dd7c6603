// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/register"
	"ledsyn/store"
)

// MyPosts is what somebody answers for.
type MyPosts struct {
	Held   []metric.PostStanding // those to confirm first
	Deputy []metric.PostStanding
	Left   int // to confirm
	Titles Titles
}

// MyPosts lists the posts that the actor holds today, and those where the actor steps in. One's own are seen wherever they are.
func (a *App) MyPosts(ctx context.Context, who access.Actor) (MyPosts, error) {
	var m MyPosts
	if who.Person == "" {
		return m, nil
	}
	err := a.view(ctx, who, func(tx *store.Tx) error {
		held, err := store.Linking[isms.Post](tx, everywhere, "holder", []string{who.Person})
		if err != nil {
			return err
		}
		deputy, err := store.Linking[isms.Post](tx, everywhere, "deputy", []string{who.Person})
		if err != nil {
			return err
		}
		if m.Held, err = a.standingsOf(tx, held); err != nil {
			return err
		}
		if m.Deputy, err = a.standingsOf(tx, deputy); err != nil {
			return err
		}
		w := wanted{}
		for _, p := range slices.Concat(m.Held, m.Deputy) {
			w.add("person", string(p.Holder), string(p.Deputy))
			w.add("course", string(p.Course))
			w.add("document", string(p.Document))
		}
		if m.Titles, err = titles(tx, who, w); err != nil {
			return err
		}
		m.Titles["unit"], err = tx.TitlesIn("unit", everywhere, unitsOf(m.Held, m.Deputy)) // one's own unit has a name
		return err
	})
	for _, p := range m.Held {
		if p.Word != metric.WordThisYear {
			m.Left++
		}
	}
	slices.SortStableFunc(m.Held, func(a, b metric.PostStanding) int {
		return cmp.Or(cmp.Compare(wordGiven(a), wordGiven(b)), strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)))
	})
	return m, err
}

func wordGiven(p metric.PostStanding) int {
	if p.Word == metric.WordThisYear {
		return 1
	}
	return 0
}

func unitsOf(lists ...[]metric.PostStanding) []string {
	var ids []string
	for _, p := range slices.Concat(lists...) {
		ids = append(ids, p.Unit)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// standingsOf tells how it stands with the posts today.
func (a *App) standingsOf(tx *store.Tx, posts []isms.Post) ([]metric.PostStanding, error) {
	ids := make([]string, len(posts))
	for i, p := range posts {
		ids[i] = p.ID
	}
	words, err := store.Linking[isms.PostConfirmation](tx, everywhere, "post", ids)
	if err != nil {
		return nil, err
	}
	courses, err := recordsOf[isms.Course](tx, everywhere, "")
	return metric.PostStandings(metric.Records{Posts: posts, PostConfirmations: words, Courses: courses}, a.Today()), err
}

// ConfirmedPost is a holder's word on a post. Rev is the revision whose text the holder has read.
type ConfirmedPost struct {
	Post string
	Rev  int
	Note string // a question or a reservation
	Key  string
}

// ConfirmPost keeps the holder's word that she holds the post and knows what it means, with its text as it reads. Only the holder may say
// so, not the deputy and not who keeps the register. Once a year is enough: who has said it of the same text is not asked again, and
// the first word stands. The error is isms.ErrStale where the post has changed since it was read.
func (a *App) ConfirmPost(ctx context.Context, who access.Actor, c ConfirmedPost) error {
	_, err := a.once(ctx, who, c.Key, c, func(tx *store.Tx) (string, error) {
		p, err := store.Get[isms.Post](tx, everywhere, c.Post)
		if err != nil {
			return "", err
		}
		switch {
		case who.Person == "" || string(p.Holder) != who.Person:
			if err := a.allow(ctx, who, access.See, "post", p.Unit); err != nil {
				return "", isms.ErrNotFound
			}
			return "", isms.ErrForbidden
		case !p.Holds(a.Today()):
			return "", register.Wrongs{{Code: "post_not_held"}}
		case p.Rev != c.Rev:
			return "", isms.ErrStale
		}
		standing, err := a.standingsOf(tx, []isms.Post{p})
		if err != nil {
			return "", err
		}
		if standing[0].Word == metric.WordThisYear {
			return standing[0].Last.ID, nil
		}
		word := &isms.PostConfirmation{Record: isms.Record{ID: register.NewID(), Unit: p.Unit}, Post: register.Ref[isms.Post](p.ID), Person: p.Holder,
			ConfirmedOn: a.Today(), Text: p.Description, Note: strings.TrimSpace(c.Note)}
		if wrong := register.Check(word); len(wrong) > 0 {
			return "", register.Wrongs(wrong)
		}
		if err := tx.Put(word); err != nil {
			return "", err
		}
		return word.ID, a.remind(tx, &p)
	})
	return err
}

// postRules keeps a day of training from following a post to its next holder.
func postRules(was, is *isms.Post) register.Wrongs {
	if was == nil || was.Holder == "" || was.Holder == is.Holder || is.TrainedOn == "" || is.TrainedOn != was.TrainedOn {
		return nil
	}
	return register.Wrongs{{Field: "trained_on", Code: "trained_was_other"}}
}

// postErrand is the yearly word of a post's holder. It is due a year after the last, and of a new holder a month after the post began to
// be theirs; where nobody answers it comes again on the same day the year after.
func postErrand(tx *store.Tx, p *isms.Post) (Errand, bool, error) {
	today := register.Day(dayHere(tx.Now()))
	if p.Holder == "" || !p.Holds(today) {
		return Errand{}, false, nil
	}
	words, err := store.Linking[isms.PostConfirmation](tx, everywhere, "post", []string{p.ID})
	if err != nil {
		return Errand{}, false, err
	}
	standing := metric.PostStandings(metric.Records{Posts: []isms.Post{*p}, PostConfirmations: words}, today)[0]
	if standing.Word == metric.WordThisYear {
		return Errand{}, false, nil
	}
	due := firstWord(*p, today)
	if last := standing.Last.ConfirmedOn; last != "" {
		due = last.AddMonths(12)
	}
	for due.AddMonths(12) <= today {
		due = due.AddMonths(12)
	}
	e := newErrand(RemindPost, p, "post", p.ID)
	e.onDay("", due)
	e.person, e.see = p.Holder, nil // one's own posts are seen wherever they are
	return e, true, nil
}

// firstWord is when somebody who has never confirmed the post is to have done it: a month after it began.
func firstWord(p isms.Post, today register.Day) register.Day {
	if p.ValidFrom == "" {
		return register.Day(today[:4] + "-01-31")
	}
	return p.ValidFrom.AddDays(30)
}
