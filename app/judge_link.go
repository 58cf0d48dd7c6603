// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// Limits on what is done without an account: tries that opened nothing, from one network within the time (a whole town hall may share one),
// and savings by one link, which are many where each answer is kept by itself.
const (
	mostMissesFrom = 100
	mostSavingsBy  = 3000
	maxLinkDays    = 60
)

// OpenLink opens a link by which a portion's reviewer judges it without an account.
type OpenLink struct {
	Portion string
	ValidTo register.Day
	Key     string
}

// OpenPortionLink opens a link to the portion for its reviewer and returns its secret token: it is told once and kept as nothing but a hash. An act
// that was done before under the same key tells no token. It is the leader's act. Errors: register.Wrongs: portion_closed, no_reviewer, link_days,
// link_own where rows are about the actor.
func (a *App) OpenPortionLink(ctx context.Context, who access.Actor, n OpenLink) (id, token string, err error) {
	secret := register.NewID()
	id, err = a.once(ctx, who, n.Key, []any{"open portion link", n}, func(tx *store.Tx) (string, error) {
		p, err := portionFor(tx, who, n.Portion)
		if err == nil {
			p, err = a.led(ctx, tx, who, n.Portion, p.Rev)
		}
		if err != nil {
			return "", err
		}
		today := a.Today()
		switch {
		case !p.Open():
			return "", register.Wrongs{{Code: "portion_closed"}}
		case p.Reviewer == "":
			return "", register.Wrongs{{Field: "reviewer", Code: "no_reviewer"}}
		case n.ValidTo == "":
			return "", register.Wrongs{{Field: "valid_to", Code: "required"}}
		case n.ValidTo.Valid() && (n.ValidTo > today.AddDays(maxLinkDays) || n.ValidTo < today):
			return "", register.Wrongs{{Field: "valid_to", Code: "link_days", Args: []any{maxLinkDays, string(today.AddDays(maxLinkDays))}}}
		}
		rows, err := rowsIn(p.Rows)
		if err != nil {
			return "", err
		}
		if own, err := a.ownRows(tx, who.Org, p, who.Person, rows); err != nil {
			return "", err
		} else if len(own) > 0 { // who opens a link has it, and could answer by it
			return "", register.Wrongs{{Code: "link_own", Args: []any{len(own)}}}
		}
		link := &isms.PortionLink{Portion: register.Ref[isms.Portion](p.ID), Person: p.Reviewer, Secret: hashOf(secret), ValidFrom: today, ValidTo: n.ValidTo,
			OpenedBy: register.Ref[isms.Person](who.Person)}
		link.ID, link.Unit = register.NewID(), p.Unit
		if wrong := register.Check(link); len(wrong) > 0 {
			return "", register.Wrongs(wrong)
		}
		token = who.Org + "-" + secret
		return link.ID, tx.Put(link)
	})
	if err != nil {
		return "", "", err
	}
	return id, token, nil
}

// RevokePortionLink lets the link lead nowhere, at once and for good. It is the act of the leader, and of the link's own person.
func (a *App) RevokePortionLink(ctx context.Context, who access.Actor, id, key string) error {
	_, err := a.once(ctx, who, key, []any{"revoke portion link", id}, func(tx *store.Tx) (string, error) {
		link, err := store.Get[isms.PortionLink](tx, everywhere, id)
		if err != nil {
			return "", err
		}
		p, err := portionFor(tx, who, string(link.Portion))
		if err != nil {
			return "", err
		}
		if !p.leads(who) && !p.mine(who) {
			return "", isms.ErrForbidden
		}
		if link.RevokedOn != "" {
			return id, nil
		}
		link.RevokedOn = a.Today()
		return id, tx.Put(&link)
	})
	return err
}

// A linkOpened is what a token opens: one portion, as its one reviewer.
type linkOpened struct {
	org  string
	link isms.PortionLink
	who  access.Actor // of the journal only: it names the link, and reaches nothing
}

// byLink finds the link that the token opens, for somebody in the network from, which is only counted. Unknown, expired, revoked, handed over, handed in
// and closed are the same: ErrNoLink.
func (a *App) byLink(ctx context.Context, token, from string) (linkOpened, error) {
	misses := "portion link from:" + hashOf(from)
	n, err := a.Attempts(ctx, misses, reportTime)
	if err != nil {
		return linkOpened{}, err
	}
	if n >= mostMissesFrom {
		a.Log.WarnContext(ctx, "too many tries of links")
		return linkOpened{}, ErrFlood
	}
	l := linkOpened{}
	i := strings.LastIndexByte(token, '-')
	if i > 0 {
		l.org = token[:i]
	}
	err = a.DB.View(ctx, l.org, func(tx *store.Tx) error {
		page, err := tx.List(register.Of[isms.PortionLink](), everywhere, store.Query{Where: map[string][]string{"secret": {hashOf(token[i+1:])}}, Retired: true, Limit: 1})
		if err != nil {
			return err
		}
		if len(page.Records) == 0 {
			return ErrNoLink
		}
		l.link = *page.Records[0].(*isms.PortionLink)
		_, err = a.opened(tx, l.link.ID)
		return err
	})
	if errors.Is(err, ErrNoLink) || errors.Is(err, isms.ErrNotFound) {
		if err := a.Attempt(ctx, misses); err != nil {
			return linkOpened{}, err
		}
		return linkOpened{}, ErrNoLink
	}
	l.who = access.Operator(l.org, "portion_link/"+l.link.ID)
	return l, err
}

// opened returns the portion that the link opens now.
func (a *App) opened(tx *store.Tx, id string) (judged, error) {
	link, err := store.Get[isms.PortionLink](tx, everywhere, id)
	if err != nil {
		return judged{}, err
	}
	p, err := store.Get[isms.Portion](tx, everywhere, string(link.Portion))
	if err != nil {
		return judged{}, err
	}
	j, err := judgedOf(tx, p)
	if err != nil {
		return j, err
	}
	person, err := store.Get[isms.Person](tx, everywhere, string(link.Person))
	if err != nil {
		return j, err
	}
	if today := a.Today(); !link.Open(today) || link.Person != p.Reviewer || !j.Open() || !active(person, today) {
		return judged{}, ErrNoLink
	}
	return j, nil
}

// JudgeByLink is Judge without an account, as the person for whom the link is. The portion is the link's, whatever the answers say. Errors as for Judge,
// and ErrNoLink, ErrFlood.
func (a *App) JudgeByLink(ctx context.Context, token, from string, j Judging) (Judged, error) {
	l, err := a.byLink(ctx, token, from)
	if err != nil {
		return Judged{}, err
	}
	if err := a.countReport(ctx, "portion saved by", l.org+"/"+l.link.ID, mostSavingsBy); err != nil {
		return Judged{}, err
	}
	j.Portion = string(l.link.Portion)
	return a.judge(ctx, l.who, j, func(tx *store.Tx) (judged, string, error) {
		p, err := a.opened(tx, l.link.ID)
		return p, l.link.ID, err
	})
}

// HandInByLink is HandIn without an account.
func (a *App) HandInByLink(ctx context.Context, token, from string, h HandIn) error {
	l, err := a.byLink(ctx, token, from)
	if err != nil {
		return err
	}
	h.Portion = string(l.link.Portion)
	return a.handIn(ctx, l.who, h, func(tx *store.Tx) (judged, error) { return a.opened(tx, l.link.ID) })
}

// PortionByLink is Portion without an account: nothing but the rows and what is said of them.
func (a *App) PortionByLink(ctx context.Context, token, from string, q RowsShown) (PortionPage, error) {
	l, err := a.byLink(ctx, token, from)
	if err != nil {
		return PortionPage{}, err
	}
	var page PortionPage
	// What is marked as secret is shown to nobody without an account.
	err = a.DB.ViewFor(ctx, l.org, store.Reader{Name: signature(l.who)}, func(tx *store.Tx) error {
		p, err := a.opened(tx, l.link.ID)
		if err != nil {
			return err
		}
		page, err = a.portionPage(tx, l.org, p, q)
		page.Mine, page.ValidTo = true, l.link.ValidTo
		if err == nil {
			page.Titles, err = titles(tx, access.Actor{}, wanted{"person": {string(p.Reviewer)}})
		}
		return err
	})
	return page, err
}

// LinkUse is a link to a portion as its leader sees it.
type LinkUse struct {
	isms.PortionLink
	Opens bool            // it may be used today
	Saved int             // how many savings came by links for its person
	Last  register.Moment // the latest of them
}

// linksOf lists the portion's links, the newest first. Who used a link is not known: savings by it, and when the last was, are what there is to
// see if it has gone astray.
func linksOf(tx *store.Tx, p judged, sheets []isms.AnswerSheet, today register.Day) ([]LinkUse, error) {
	links, err := store.Linking[isms.PortionLink](tx, everywhere, "portion", []string{p.ID})
	var uses []LinkUse
	for _, l := range links {
		u := LinkUse{PortionLink: l, Opens: l.Open(today) && p.Open() && l.Person == p.Reviewer}
		for _, s := range sheets {
			if s.ByLink && s.Person == l.Person && s.At.Day() >= l.ValidFrom && s.At.Day() <= l.ValidTo {
				u.Saved++
				u.Last = s.At
			}
		}
		uses = append(uses, u)
	}
	slices.SortFunc(uses, func(x, y LinkUse) int { return strings.Compare(string(y.ValidFrom), string(x.ValidFrom)) })
	return uses, err
}
