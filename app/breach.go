// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/register"
	"ledsyn/store"
)

// BreachPage is a breach with its periods, what the guiding questions point to and what is next.
type BreachPage struct {
	isms.Breach
	TrackCase
	Suggested isms.BreachRisk
	Grounds   []isms.RiskGround
	Hours     int            // that the law gives for the notice
	Promised  register.Count // hours that the supplier's agreement gives, where the breach itself says none
	Moved     bool           // the moment of awareness was changed after something had been sent
}

// BreachCase returns the breach as a case. (The record itself is had by Get.)
func (a *App) BreachCase(ctx context.Context, who access.Actor, id string) (BreachPage, error) {
	var p BreachPage
	err := a.view(ctx, who, func(tx *store.Tx) (err error) {
		if p.Breach, err = store.Get[isms.Breach](tx, who.In(access.See, "breach"), id); err != nil {
			return err
		}
		all, err := store.Linking[isms.Deadline](tx, everywhere, "breach", []string{id})
		if err != nil {
			return err
		}
		if p.TrackCase, err = a.trackCase(tx, who, &p.Breach, p.Incident, all); err != nil {
			return err
		}
		p.Suggested, p.Grounds = p.Breach.Suggested()
		p.fill()
		if p.Promised, err = agreed(tx, p.Breach); err != nil {
			return err
		}
		return p.whose(tx, who, p.Unit, p.DecidedBy)
	})
	return p, err
}

func (p *BreachPage) fill() {
	if rule, ok := p.Book.Rule("gdpr_breach_notification", dayHere(cmp.Or(p.AwareAt, p.Now))); ok && rule.Clock != nil {
		p.Hours = rule.Clock.Hours
	}
	sends := false
	for _, c := range p.Clocks {
		sends = sends || c.Step != isms.PersonsInformed
	}
	for _, d := range p.Sent {
		p.Moved = p.Moved || d.Trigger == isms.StartKnowledge && d.StartsAt != p.AwareAt
	}
	type steps = []struct {
		step NextStep
		so   bool
	}
	if p.Role == isms.Processor {
		p.Next = next(steps{{NextSettle, p.AwareAt == ""}, {NextSend, sends}}...)
		return
	}
	sent := false
	for _, d := range p.Sent {
		sent = sent || d.Step == isms.BreachNotice
	}
	p.Next = next(steps{{NextSettle, p.AwareAt == ""}, {NextAssess, p.Risk == ""}, {NextDecide, p.Notify == ""},
		{NextApprove, !p.Settled()}, {NextSend, sends && !sent}, {NextInform, p.MustInform() && p.InformedAt == ""}, {NextSend, sends}}...)
}

// agreed is how many hours the processor has promised, from an agreement in force with it that says so; the fewest.
func agreed(tx *store.Tx, b isms.Breach) (register.Count, error) {
	if b.ProcessorHours.IsKnown() || b.Supplier == "" {
		return b.ProcessorHours, nil
	}
	all, err := store.Linking[isms.Agreement](tx, everywhere, "supplier", []string{string(b.Supplier)})
	if err != nil {
		return register.Count{}, err
	}
	var fewest register.Count
	for _, one := range all {
		n, known := one.IncidentHours.Known()
		if least, any := fewest.Known(); known && one.InForce(register.Day(dayHere(tx.Now()))) && (!any || n < least) {
			fewest = register.CountOf(n)
		}
	}
	return fewest, nil
}

// SettleAwareness settles when the board became aware of the breach, for a reason. What ran from another moment is dropped and reckoned
// anew; what was sent stays.
func (a *App) SettleAwareness(ctx context.Context, who access.Actor, s Settling, key string) error {
	return amend(ctx, a, who, key, []any{"settle awareness", s}, s.Entry, func(tx *store.Tx, b *isms.Breach) error {
		if wrong := s.wrong("aware", tx.Now()); len(wrong) > 0 {
			return wrong
		}
		b.AwareAt, b.AwareZone, b.AwareReason, b.AwareBy = s.At, cmp.Or(s.Zone, law.Zone().String()), s.Reason, register.Ref[isms.Person](who.Person)
		return nil
	})
}

// DecideBreach decides whether the breach is notified. An approval of an earlier decision falls.
func (a *App) DecideBreach(ctx context.Context, who access.Actor, r Ruling, key string) error {
	err := amend(ctx, a, who, key, []any{"decide breach", r}, r.Entry, func(tx *store.Tx, b *isms.Breach) error {
		if r.Answer == "" {
			return register.Wrongs{{Field: "notify", Code: "required"}}
		}
		if r.Answer == isms.No && b.Risk == "" {
			return register.Wrongs{{Field: "risk", Code: "risk_first"}}
		}
		b.Notify, b.NotifyReason = r.Answer, r.Reason
		b.DecidedBy, b.DecidedAt = register.Ref[isms.Person](who.Person), tx.Now()
		b.ApprovedBy, b.ApprovedAt = "", ""
		return nil
	})
	if err == nil {
		a.Log.InfoContext(ctx, "decided", "org", who.Org, "who", who.Person, "breach", r.ID)
	}
	return err
}

// ApproveBreach is the second pair of eyes on that a breach is not notified: then nothing runs.
func (a *App) ApproveBreach(ctx context.Context, who access.Actor, e Entry, key string) error {
	return amend(ctx, a, who, key, []any{"approve breach", e}, e, func(tx *store.Tx, b *isms.Breach) error {
		if b.Notify != isms.No || b.ApprovedBy != "" {
			return register.Wrongs{{Field: "approved_by", Code: "nothing_to_approve"}}
		}
		b.ApprovedBy, b.ApprovedAt = register.Ref[isms.Person](who.Person), tx.Now()
		return nil
	})
}
