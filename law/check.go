// SPDX-License-Identifier: EUPL-1.2

package law

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
)

// check holds the parts of the book against each other.
func (b *Book) check() error {
	for i, p := range b.rules {
		if err := b.checkRule(p); err != nil {
			return fmt.Errorf("the rule %q: %w", p.Key, err)
		}
		if i > 0 && b.rules[i-1].Key == p.Key && (b.rules[i-1].To == "" || b.rules[i-1].To >= p.From) {
			return fmt.Errorf("the rule %q comes twice on the same day", p.Key)
		}
	}
	if err := b.checkKeys(); err != nil {
		return err
	}
	for _, c := range b.countries {
		if all := b.versions(c.Adequacy); c.Adequacy != "" && (len(all) == 0 || all[0].Kind != Decision) {
			return fmt.Errorf("the country %q: %q is no decision", c.Code, c.Adequacy)
		}
	}
	return firstOf(b.checkSupervision(), b.checkThresholds(), b.checkForms())
}

func (t Text) whole() bool { return t.SV != "" && t.EN != "" }

var (
	keyShape  = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)
	kinds     = []Kind{Statute, Regulation, Directive, Authority, Demand, Timed, Decision}
	degrees   = []Reliability{Read, Secondary, Inferred, Unverified}
	calendars = []Calendar{Hours, HoursEU, Swedish, EU, Local}
	starts    = []Start{Knowledge, NotificationSent, Handled, Occurred, Requested, Received, LegalForce, Served}
)

func (b *Book) checkRule(p Provision) error {
	_, bodyKnown := b.bodies[p.AdoptedBy]
	switch {
	case !keyShape.MatchString(p.Key):
		return errors.New("the key is not written in small letters")
	case !slices.Contains(kinds, p.Kind):
		return fmt.Errorf("unknown kind %q", p.Kind)
	case !slices.Contains(degrees, p.Reliability):
		return fmt.Errorf("unknown reliability %q", p.Reliability)
	case p.ShowAsLaw && p.Reliability != Read:
		return errors.New("shown as law, but not read in the statute's own text")
	case !p.Title.whole() || !p.Demands.whole():
		return errors.New("title or demands lack a language")
	case (p.Note.SV == "") != (p.Note.EN == ""):
		return errors.New("the note lacks a language")
	case p.Source == "" || len(p.ReadIn) == 0:
		return errors.New("no source")
	case !isDay(p.VerifiedOn):
		return errors.New("not said when it was verified")
	case p.AdoptedBy != "" && !bodyKnown:
		return fmt.Errorf("unknown body %q", p.AdoptedBy)
	case p.Threshold < 0:
		return errors.New("a threshold below nothing")
	case p.Kind == Directive && (p.AdoptedBy == "" || p.AdoptedOn == ""):
		return errors.New("a directive without adopter or day of adoption")
	case (p.Kind == Timed) != (p.Clock != nil):
		return errors.New("deadlines have a clock, others none")
	}
	return firstOf(b.checkLinks(p), b.checkRecipients(p), p.checkDays(), p.Clock.check(), p.Secrecy.check())
}

// checkKeys holds that a key names one thing, so that whoever writes an override needs no kind beside it.
func (b *Book) checkKeys() error {
	kinds := map[string]string{}
	claim := func(key, kind string) error {
		if other := kinds[key]; other != "" && other != kind {
			return fmt.Errorf("%q is both a %s and a %s", key, other, kind)
		}
		kinds[key] = kind
		return nil
	}
	var errs []error
	for _, p := range b.rules {
		errs = append(errs, claim(p.Key, "rule"))
	}
	for _, t := range b.thresholds {
		errs = append(errs, claim(t.Key, "threshold"))
	}
	for key := range b.bodies {
		errs = append(errs, claim(key, "body"))
	}
	for _, s := range b.sectors {
		errs = append(errs, claim(s.Key, "sector"))
	}
	return firstOf(errs...)
}

func firstOf(errs ...error) error {
	i := slices.IndexFunc(errs, func(err error) bool { return err != nil })
	if i < 0 {
		return nil
	}
	return errs[i]
}

func (b *Book) checkLinks(p Provision) error {
	for _, key := range slices.Concat(p.Replaces, p.Implements) {
		if len(b.versions(key)) == 0 || key == p.Key {
			return fmt.Errorf("names the rule %q, which is none", key)
		}
	}
	return b.checkOrigins(p.ReadIn)
}

func (b *Book) checkOrigins(keys []string) error {
	for _, key := range keys {
		if !slices.ContainsFunc(b.origins, func(o Origin) bool { return o.Key == key }) {
			return fmt.Errorf("read in %q, which is no origin", key)
		}
	}
	return nil
}

func (b *Book) checkRecipients(p Provision) error {
	for _, r := range p.Recipients {
		_, known := b.bodies[r.Body]
		switch {
		case !slices.Contains(degrees, r.Reliability):
			return errors.New("a recipient lacks its reliability")
		case r.Body != "" && !known:
			return fmt.Errorf("a recipient is the body %q, which is none", r.Body)
		case r.By != "" && r.By != "sector":
			return fmt.Errorf("a recipient is found by %q", r.By)
		case r.Name.whole() == (r.Body != "" || r.By != ""):
			return errors.New("a recipient has a name, a body or the sector to find it by")
		}
		if err := r.Span.check(); err != nil {
			return fmt.Errorf("a recipient %w", err)
		}
	}
	return nil
}

func (p Provision) checkDays() error {
	if p.AdoptedOn != "" && !isDay(p.AdoptedOn) {
		return fmt.Errorf("%q is no day", p.AdoptedOn)
	}
	return p.Span.check()
}

func (s Span) check() error {
	for _, day := range []string{s.From, s.To} {
		if day != "" && !isDay(day) {
			return fmt.Errorf("%q is no day", day)
		}
	}
	if s.To != "" && s.To < s.From {
		return errors.New("ends before it begins")
	}
	return nil
}

func (b Body) check() error {
	if !keyShape.MatchString(b.Key) || !b.Name.whole() {
		return errors.New("lacks a key or a name")
	}
	last := ""
	for _, f := range b.Earlier {
		if !f.Name.whole() || !isDay(f.To) || f.To <= last {
			return errors.New("an earlier name lacks a language or its last day, or they are in the wrong order")
		}
		last = f.To
	}
	return nil
}

func (c *Clock) check() error {
	if c == nil {
		return nil
	}
	lengths := 0
	for _, n := range []int{c.Hours, c.Days, c.WorkingDays, c.Months} {
		if n < 0 {
			return errors.New("a negative period")
		}
		if n > 0 {
			lengths++
		}
	}
	inHours := c.Calendar == Hours || c.Calendar == HoursEU
	switch {
	case !c.Starts.whole() || !slices.Contains(starts, c.Start):
		return errors.New("not said when the clock starts")
	case !slices.Contains(calendars, c.Calendar):
		return fmt.Errorf("unknown calendar %q", c.Calendar)
	case c.Calendar == Local && lengths != 0, c.Calendar != Local && lengths != 1:
		return errors.New("a period has one length, in hours, days, working days or months, and a local one none")
	case c.Calendar != Local && inHours != (c.Hours > 0):
		return errors.New("the calendar does not fit the unit of time")
	}
	return nil
}
