// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"cmp"
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/register"
)

// postKeys are the keys of what is counted of the areas of responsibility.
var postKeys = []string{"posts_filled", "posts_confirmed", "posts_trained", "posts_vacant", "posts_doubled"}

// PostWord is how it stands with a holder's yearly word on a post.
type PostWord string

// The standings of a word. There is none of a vacant post.
const (
	WordThisYear PostWord = "this_year"
	WordChanged  PostWord = "changed" // given this year, to a text that has changed since
	WordEarlier  PostWord = "earlier" // last given in an earlier year
	WordNever    PostWord = "never"
)

// PostStanding is how it stands with a post on a day.
type PostStanding struct {
	isms.Post
	Vacant     bool // nobody holds it
	Left       bool // whoever is written as its holder has left
	DeputyLeft bool
	Word       PostWord
	Last       isms.PostConfirmation // the holder's newest, of whatever text
	Trained    isms.Answer           // "" where no course is demanded
	Doubles    []string              // other posts of the same name in the unit, with another holder
}

// Filled reports whether somebody who has not left holds the post.
func (p PostStanding) Filled() bool { return !p.Vacant && !p.Left }

// PostStandings tells how it stands with each post that is to be held on the day, in the order of unit, name and id.
func PostStandings(r Records, day register.Day) []PostStanding {
	gonePersons, months := map[string]bool{}, map[string]int{}
	for _, p := range r.Persons {
		gonePersons[p.ID] = gone(p.Record, day)
	}
	for _, c := range r.Courses {
		months[c.ID] = c.ValidMonths
	}
	words := map[string][]isms.PostConfirmation{}
	for _, c := range r.PostConfirmations {
		if c.ConfirmedOn <= day && !gone(c.Record, day) {
			words[string(c.Post)] = append(words[string(c.Post)], c)
		}
	}
	var all []PostStanding
	for _, p := range r.Posts {
		if !p.Holds(day) {
			continue
		}
		s := PostStanding{Post: p, Vacant: p.Holder == "", Left: gonePersons[string(p.Holder)], DeputyLeft: gonePersons[string(p.Deputy)]}
		s.Trained = trainedFor(p, months, day)
		if !s.Vacant {
			s.Word, s.Last = wordOn(p, words[p.ID], day)
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b PostStanding) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.postName(), b.postName()), cmp.Compare(a.ID, b.ID))
	})
	markDoubles(all)
	return all
}

func (p PostStanding) postName() string { return strings.ToLower(strings.TrimSpace(p.Name)) }

// markDoubles finds posts of one name in one unit that different persons hold, though one is to. Two vacant ones are one vacancy written
// twice, and no two persons who believe that they answer for the same thing.
func markDoubles(all []PostStanding) {
	type role struct{ unit, name string }
	alike := map[role][]int{}
	for i, p := range all {
		if p.Holder != "" && !p.Several {
			r := role{p.Unit, p.postName()}
			alike[r] = append(alike[r], i)
		}
	}
	for _, same := range alike {
		for _, i := range same {
			for _, j := range same {
				if all[i].Holder != all[j].Holder {
					all[i].Doubles = append(all[i].Doubles, all[j].ID)
				}
			}
		}
	}
}

// wordOn finds the holder's newest word. A former holder's does not count.
func wordOn(p isms.Post, words []isms.PostConfirmation, day register.Day) (PostWord, isms.PostConfirmation) {
	standing, last := WordNever, isms.PostConfirmation{}
	for _, w := range words {
		if w.Person != register.Ref[isms.Person](p.Holder) {
			continue
		}
		if w.ConfirmedOn > last.ConfirmedOn || w.ConfirmedOn == last.ConfirmedOn && w.ID > last.ID {
			last = w
		}
		switch {
		case w.ConfirmedOn.Year() != day.Year():
			if standing == WordNever {
				standing = WordEarlier
			}
		case w.Text == p.Description:
			standing = WordThisYear
		case standing != WordThisYear:
			standing = WordChanged
		}
	}
	return standing, last
}

// trainedFor tells whether the holder has the course that the post demands and it has not ceased to be valid.
func trainedFor(p isms.Post, months map[string]int, day register.Day) isms.Answer {
	n, known := months[string(p.Course)]
	switch {
	case p.Course == "":
		return ""
	case p.Holder == "" || p.TrainedOn == "" || p.TrainedOn > day:
		return isms.No
	case known && n > 0 && p.TrainedOn.AddMonths(n) < day:
		return isms.No
	}
	return isms.Yes
}

// Posts counts the areas of responsibility on the day. Where none is written down nothing is known of them.
func Posts(r Records, day register.Day) []Figure {
	all := PostStandings(r, day)
	pick := func(is func(PostStanding) bool) (ids []string) {
		for _, p := range all {
			if is(p) {
				ids = append(ids, p.ID)
			}
		}
		return ids
	}
	every := pick(func(PostStanding) bool { return true })
	of := func(key string, is func(PostStanding) bool, whole []string) Figure {
		return share(key, "post", "post", day, pick(is), whole)
	}
	return []Figure{
		of("posts_filled", PostStanding.Filled, every),
		of("posts_confirmed", func(p PostStanding) bool { return p.Filled() && p.Word == WordThisYear }, every),
		of("posts_trained", func(p PostStanding) bool { return p.Filled() && p.Trained == isms.Yes },
			pick(func(p PostStanding) bool { return p.Trained != "" })),
		of("posts_vacant", func(p PostStanding) bool { return !p.Filled() }, every),
		of("posts_doubled", func(p PostStanding) bool { return len(p.Doubles) > 0 }, every),
	}
}
