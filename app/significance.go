// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/register"
	"ledsyn/store"
)

// SignificancePage is an operator's judgement with its periods, the thresholds held against what is known, and what is next.
type SignificancePage struct {
	isms.Significance
	TrackCase
	Day        string     // whose rules are used
	Asked      []law.Fact // what the thresholds of the sectors ask for
	Known      law.Facts
	Tested     []law.Tested
	Hidden     bool     // which thresholds are reached is secret for the reader
	Unmeasured []string // sectors without thresholds of their own, by key
	NoticeOwed bool     // it is not decided whether the recipients of the service are told
	Notices    []isms.Notice
}

// SignificanceCase returns the judgement as a case.
func (a *App) SignificanceCase(ctx context.Context, who access.Actor, id string) (SignificancePage, error) {
	var p SignificancePage
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		if p.Significance, err = store.Get[isms.Significance](tx, who.In(access.See, "significance"), id); err != nil {
			return err
		}
		all, err := store.Linking[isms.Deadline](tx, everywhere, "significance", []string{id})
		if err != nil {
			return err
		}
		if p.TrackCase, err = a.trackCase(tx, who, &p.Significance, p.Incident, all); err != nil {
			return err
		}
		p.Day = rulesOf(p.Significance, p.Now)
		sectors := p.SectorKeys()
		p.Asked, p.Known = p.Book.FactsFor(sectors, p.Day), p.Facts()
		p.Tested, p.Unmeasured = p.Book.Test(p.Known, sectors, p.Day), p.Book.Unmeasured(sectors, p.Day)
		if _, p.Hidden = p.Masks("hits"); p.Hidden {
			p.Tested, p.Unmeasured = nil, nil
		}
		notices, err := store.Linking[isms.Notice](tx, who.In(access.See, "notice"), "incident", []string{p.About.ID})
		if err != nil {
			return err
		}
		p.Notices = slices.DeleteFunc(notices, func(n isms.Notice) bool { return n.Unit != p.Unit && n.Unit != p.About.Unit })
		p.NoticeOwed = p.Significant == isms.Yes && len(p.Notices) == 0
		p.fill()
		return p.whose(tx, who, p.Unit, p.DecidedBy)
	})
	return p, err
}

// rulesOf is the day whose rules the case is judged by: that of the operator's knowledge, else today.
func rulesOf(s isms.Significance, now register.Moment) string {
	return dayHere(cmp.Or(s.KnownAt, now))
}

func (p *SignificancePage) fill() {
	owesFinal := false
	for _, d := range p.Sent {
		owesFinal = owesFinal || d.Step == isms.SituationReport
	}
	for _, d := range p.Sent {
		owesFinal = owesFinal && d.Step != isms.FinalReport
	}
	p.Next = next([]struct {
		step NextStep
		so   bool
	}{{NextSettle, p.KnownAt == ""}, {NextDecide, p.Significant == ""}, {NextApprove, !p.Settled()}, {NextSend, len(p.Clocks) > 0},
		{NextHandle, owesFinal && p.About.HandledAt == ""}}...)
}

// SettleKnowledge settles when the operator got to know of the incident, for a reason.
func (a *App) SettleKnowledge(ctx context.Context, who access.Actor, s Settling, key string) error {
	return amend(ctx, a, who, key, []any{"settle knowledge", s}, s.Entry, func(tx *store.Tx, sig *isms.Significance) error {
		if wrong := s.wrong("known", tx.Now()); len(wrong) > 0 {
			return wrong
		}
		sig.KnownAt, sig.KnownZone, sig.KnownReason, sig.KnownBy = s.At, cmp.Or(s.Zone, law.Zone().String()), s.Reason, register.Ref[isms.Person](who.Person)
		return nil
	})
}

// EnteredFacts is what somebody knows of an incident, for the thresholds to be held against.
type EnteredFacts struct {
	Entry
	Sectors  []string
	Facts    map[string]string // by the fact's key: a number, or 1 and 0 for yes and no; "" is not known
	CanCause isms.Answer
}

// HoldAgainstThresholds keeps the facts and holds the thresholds of the sectors against them, one by one. What was reached is kept with
// the day of the rules. Nothing here says that the incident is not significant.
func (a *App) HoldAgainstThresholds(ctx context.Context, who access.Actor, f EnteredFacts, key string) error {
	return amend(ctx, a, who, key, []any{"facts", f}, f.Entry, func(tx *store.Tx, s *isms.Significance) error {
		book, err := a.lawBook(tx)
		if err != nil {
			return err
		}
		var wrong register.Wrongs
		for _, sector := range f.Sectors {
			if place, ok := book.Sector(sector); !ok || place.Key != sector {
				wrong = append(wrong, register.Wrong{Field: "sectors", Code: "no_such", Args: []any{sector}})
			}
		}
		facts, bad := readFacts(book.FactsFor(f.Sectors, rulesOf(*s, tx.Now())), f.Facts)
		if wrong = append(wrong, bad...); len(wrong) > 0 {
			return wrong
		}
		s.CostShare = register.Percent{} // what the form asks for takes its place
		s.Sectors, s.CanCause = strings.Join(f.Sectors, " "), f.CanCause
		s.SetFacts(facts)
		keepHits(s, book, tx.Now())
		return nil
	})
}

// keepHits notes which thresholds are reached by the rules of the day, the strictest first.
func keepHits(s *isms.Significance, book *law.Book, now register.Moment) {
	day := rulesOf(*s, now)
	hits := slices.DeleteFunc(book.Test(s.Facts(), s.SectorKeys(), day), func(t law.Tested) bool { return t.Result != law.Reached })
	slices.SortStableFunc(hits, func(x, y law.Tested) int {
		if x.Strictest == y.Strictest {
			return cmp.Compare(x.Key, y.Key)
		}
		if x.Strictest {
			return -1
		}
		return 1
	})
	lines := make([]string, len(hits))
	for i, t := range hits {
		lines[i] = t.Title.SV + " (" + t.Source + ")"
	}
	s.Hits, s.RulesOf = strings.Join(lines, "\n"), register.Day(day)
}

// readFacts reads the numbers that were entered for the facts that were asked for.
func readFacts(asked []law.Fact, entered map[string]string) (law.Facts, register.Wrongs) {
	facts := law.Facts{}
	var wrong register.Wrongs
	for _, f := range asked {
		text := strings.Map(func(r rune) rune {
			switch r {
			case ' ', '\u00a0', '\u202f':
				return -1
			case ',':
				return '.'
			}
			return r
		}, entered[f.Key])
		if text == "" {
			continue
		}
		n, err := strconv.ParseFloat(text, 64)
		switch {
		case err != nil || !(n >= 0 && n <= 1e15) || f.Kind == law.FactYes && n != 0 && n != 1,
			(f.Kind == law.FactNumber || f.Kind == law.FactSEK) && n != math.Trunc(n), f.Kind == law.FactShare && n > 100:
			wrong = append(wrong, register.Wrong{Field: f.Key, Code: "fact", Args: []any{entered[f.Key]}})
		default:
			facts[f.Key] = n
		}
	}
	for key := range entered {
		if !slices.ContainsFunc(asked, func(f law.Fact) bool { return f.Key == key }) {
			wrong = append(wrong, register.Wrong{Field: key, Code: "unknown_field"})
		}
	}
	slices.SortStableFunc(wrong, func(x, y register.Wrong) int { return cmp.Compare(x.Field, y.Field) })
	return facts, wrong
}

// DecideSignificance decides whether the incident is significant, with the thresholds as they are met then. An approval of an earlier
// decision falls.
func (a *App) DecideSignificance(ctx context.Context, who access.Actor, r Ruling, key string) error {
	err := amend(ctx, a, who, key, []any{"decide significance", r}, r.Entry, func(tx *store.Tx, s *isms.Significance) error {
		if r.Answer == "" {
			return register.Wrongs{{Field: "significant", Code: "required"}}
		}
		book, err := a.lawBook(tx)
		if err != nil {
			return err
		}
		keepHits(s, book, tx.Now())
		s.Significant, s.Reason = r.Answer, r.Reason
		s.DecidedBy, s.DecidedAt = register.Ref[isms.Person](who.Person), tx.Now()
		s.ApprovedBy, s.ApprovedAt = "", ""
		return nil
	})
	if err == nil {
		a.Log.InfoContext(ctx, "decided", "org", who.Org, "who", who.Person, "significance", r.ID)
	}
	return err
}

// ApproveSignificance is the second pair of eyes on that an incident is not significant: then nothing runs.
func (a *App) ApproveSignificance(ctx context.Context, who access.Actor, e Entry, key string) error {
	return amend(ctx, a, who, key, []any{"approve significance", e}, e, func(tx *store.Tx, s *isms.Significance) error {
		if s.Significant != isms.No || s.ApprovedBy != "" {
			return register.Wrongs{{Field: "approved_by", Code: "nothing_to_approve"}}
		}
		s.ApprovedBy, s.ApprovedAt = register.Ref[isms.Person](who.Person), tx.Now()
		return nil
	})
}

// An AskedReport is an interim report that the authority has asked for, within the time that it states.
type AskedReport struct {
	Entry
	AskedAt, DueAt register.Moment // DueAt may be unknown
	Reason         string          // what was asked for
}

// AskForInterim notes that the authority has asked for an interim report.
func (a *App) AskForInterim(ctx context.Context, who access.Actor, r AskedReport, key string) error {
	return amend(ctx, a, who, key, []any{"interim", r}, r.Entry, func(tx *store.Tx, s *isms.Significance) error {
		asked, due := r.AskedAt, r.DueAt
		var wrong register.Wrongs
		switch {
		case asked == "":
			wrong = register.Wrongs{{Field: "asked_at", Code: "required"}}
		case asked > tx.Now():
			wrong = register.Wrongs{{Field: "asked_at", Code: "in_future"}}
		case due != "" && due < asked:
			wrong = register.Wrongs{{Field: "due_at", Code: "before", Args: []any{dayHere(asked)}}}
		case r.Reason == "":
			wrong = register.Wrongs{{Field: "reason", Code: "reason_needed"}}
		}
		if len(wrong) > 0 {
			return wrong
		}
		of := isms.Deadline{Incident: s.Incident, Significance: register.Ref[isms.Significance](s.ID), Nominal: due, Adjusted: due, Shown: due}
		of.Unit = s.Unit
		rk := reckoning{app: a, tx: tx, of: of}
		_, err := rk.begin(isms.Owed{Step: isms.InterimReport, Rule: "csl_interim_report", Trigger: isms.StartRequest, StartsAt: asked, Zone: law.Zone().String(),
			SettledBy: register.Ref[isms.Person](who.Person), Reason: r.Reason})
		return err
	})
}
