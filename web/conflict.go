// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"net/url"

	"ledsyn/register"
)

// ConflictPage is shown when somebody else has changed a record meanwhile: both versions beside each other, and a way to keep either.
type ConflictPage struct {
	Frame
	Kicker string
	Rows   []Difference // Was is what stands in the register now, Is what the person wrote
	Action string
	Back   string
	Rev    int // of what stands now
	Key    string
	Sent   []Sent
}

// Sent is one value that a form sent, to be sent again.
type Sent struct{ Name, Value string }

func (v *visit) conflict(kind, id string, sent url.Values) error {
	rec, err := v.site.app.Get(v.r.Context(), v.who, kind, id)
	if err != nil {
		return err
	}
	l := v.lang
	p := &ConflictPage{Kicker: l.T("register." + kind + ".one"), Action: address(kind, id) + "/edit", Back: address(kind, id), Rev: rec.Entity.Head().Rev,
		Key: register.NewID()}
	p.Title = l.T("web.conflict.title", rec.Title)
	p.Failed = true
	p.Crumbs = []Link{{l.T("register." + kind), "/r/" + kind}, {rec.Title, address(kind, id)}}
	p.Place = rec.Titles.Of("unit", rec.Entity.Head().Unit)
	mine := rec.Schema.New()
	for _, f := range rec.Schema.Fields {
		now := f.Text(rec.Entity)
		list, ok := sent[f.Name]
		if _, masked := rec.Entity.Head().Masks(f.Name); masked || !ok {
			continue
		}
		f.Set(mine, list...)
		if is := f.Text(mine); is != now {
			p.Rows = append(p.Rows, Difference{label(l, rec.Schema, f), read(l, f, now, rec.Titles), read(l, f, is, rec.Titles), f.Kind == register.Prose})
		}
		for _, value := range list {
			p.Sent = append(p.Sent, Sent{f.Name, value})
		}
	}
	return v.show(http.StatusConflict, "conflict", p)
}
