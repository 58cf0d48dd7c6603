// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// Limits on reports without an account. A whole town hall may share one address, and a link that stands on a wall is used by many
// on the day when something happens; nobody reports ten things a minute. What is refused is told to use the telephone.
const (
	mostReportsFrom = 30  // from one address within the time
	mostReportsBy   = 300 // by one link within the time
	reportTime      = time.Hour
)

// Errors of report links.
var (
	ErrNoLink = errors.New("app: the link is not open")             // unknown, closed and expired are the same
	ErrFlood  = errors.New("app: too many reports in a short time") // from one address or by one link
)

// NewReportLink is a link to open.
type NewReportLink struct {
	Unit, Name string
	ValidTo    register.Day
	Key        string
}

// OpenReportLink opens a link by which anybody may report incidents to the unit, and returns its secret token: it is told once and kept
// as nothing but a hash. An act that was done before under the same key tells no token.
func (a *App) OpenReportLink(ctx context.Context, who access.Actor, n NewReportLink) (id, token string, err error) {
	secret := register.NewID()
	id, err = a.once(ctx, who, n.Key, []any{"open link", n}, func(tx *store.Tx) (string, error) {
		if err := a.allow(ctx, who, access.Create, "report_link", n.Unit); err != nil {
			return "", err
		}
		today := a.Today()
		link := &isms.ReportLink{Name: n.Name, Secret: hashOf(secret), ValidFrom: today, ValidTo: n.ValidTo, OpenedBy: register.Ref[isms.Person](who.Person)}
		link.ID, link.Unit = register.NewID(), n.Unit
		wrong := register.Wrongs(register.Check(link))
		if n.ValidTo == "" {
			wrong = append(wrong, register.Wrong{Field: "valid_to", Code: "required"})
		} else if n.ValidTo > today.AddMonths(24) {
			wrong = append(wrong, register.Wrong{Field: "valid_to", Code: "link_too_long", Args: []any{string(today.AddMonths(24))}})
		}
		if len(wrong) > 0 {
			return "", wrong
		}
		token = who.Org + "-" + secret
		return link.ID, tx.Put(link)
	})
	if err != nil {
		return "", "", err
	}
	return id, token, nil
}

// CloseReportLink closes the link at once and for good.
func (a *App) CloseReportLink(ctx context.Context, who access.Actor, id string, rev int, key string) error {
	return a.Retire(ctx, who, "report_link", id, rev, "", key)
}

// hashOf is what is kept of a secret. The secret is 130 random bits, so nothing slower is needed.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// LinkUnit returns the name of the unit that the token's link reports to, or ErrNoLink.
func (a *App) LinkUnit(ctx context.Context, token string) (string, error) {
	_, _, unit, err := a.openLink(ctx, token)
	return unit.Name, err
}

// openLink finds the link that the token opens. Whatever is wrong with it, the same is asked of the store and the same is answered.
func (a *App) openLink(ctx context.Context, token string) (org string, link isms.ReportLink, unit isms.Unit, err error) {
	i := strings.LastIndexByte(token, '-')
	secret := token[i+1:]
	if i > 0 {
		org = token[:i]
	}
	found := false
	err = a.DB.View(ctx, org, func(tx *store.Tx) error {
		page, err := tx.List(register.Of[isms.ReportLink](), everywhere, store.Query{Where: map[string][]string{"secret": {hashOf(secret)}}, Retired: true, Limit: 1})
		if err != nil {
			return err
		}
		units, err := store.All[isms.Unit](tx, everywhere)
		if err != nil || len(page.Records) == 0 {
			return err
		}
		link = *page.Records[0].(*isms.ReportLink)
		today := a.Today()
		for _, u := range units {
			if u.ID == link.Unit && u.Exists(today) {
				unit, found = u, link.Open(today)
			}
		}
		return nil
	})
	if err != nil {
		return "", isms.ReportLink{}, isms.Unit{}, err
	}
	if !found {
		return "", isms.ReportLink{}, isms.Unit{}, ErrNoLink
	}
	return org, link, unit, nil
}

// ReportByLink tells of an incident without an account and returns its reference number. from is the network that the report comes
// from, for counting only. The unit is the link's, whatever the report says.
func (a *App) ReportByLink(ctx context.Context, token string, r Report, from string) (reference string, err error) {
	if err := a.countReport(ctx, "report from", from, mostReportsFrom); err != nil {
		return "", err
	}
	org, link, unit, err := a.openLink(ctx, token)
	if err != nil {
		return "", err
	}
	if err := a.countReport(ctx, "report by", org+"/"+link.ID, mostReportsBy); err != nil {
		return "", err
	}
	r.Unit = ""
	who := access.Operator(org, "report_link/"+link.ID)
	id, err := a.once(ctx, who, r.Key, []any{"report by link", r}, func(tx *store.Tx) (string, error) {
		inc, err := a.newIncident(tx, unit, "", r)
		if err != nil {
			return "", err
		}
		return inc.ID, nil
	})
	if err != nil {
		return "", err
	}
	receipt, err := a.Receipt(ctx, who, id)
	return receipt.Reference, err
}

// countReport counts a report under the name, or refuses it when there have been too many.
func (a *App) countReport(ctx context.Context, what, name string, most int) error {
	key := what + ":" + hashOf(name)
	n, err := a.Attempts(ctx, key, reportTime)
	switch {
	case err != nil:
		return err
	case n >= most:
		a.Log.WarnContext(ctx, "too many reports", "counted", what)
		return ErrFlood
	}
	return a.Attempt(ctx, key)
}
