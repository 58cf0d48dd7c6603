// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"strconv"

	"ledsyn/app"
	"ledsyn/locale"
	"ledsyn/register"
)

// HistoryPage is what a record has been, the newest first.
type HistoryPage struct {
	Frame
	Kicker   string
	Versions []Version
}

// A Version is one entry of the journal: what was done, by whom, and what it changed.
type Version struct {
	Heading string
	Entry   string // its place in the journal
	Said    string // instead of changes: hidden, erased, moved
	Changes []Difference
}

// A Difference is a field with what it was and what it became.
type Difference struct {
	Label   string
	Was, Is string
	Prose   bool
}

func (s *site) history(v *visit) error {
	kind, id := v.r.PathValue("kind"), v.r.PathValue("id")
	if _, err := v.query("as"); err != nil {
		return err
	}
	h, err := s.app.History(v.r.Context(), v.who, kind, id)
	if err != nil {
		return err
	}
	l := v.lang
	p := &HistoryPage{Kicker: l.T("register." + kind + ".one")}
	title := named(l, kind, h.Title, id)
	p.Title = l.T("web.history.of", title)
	p.Crumbs = []Link{{l.T("register." + kind), "/r/" + kind}, {title, address(kind, id)}}
	for _, version := range h.Versions {
		p.Versions = append(p.Versions, told(l, h, version))
	}
	return v.show(http.StatusOK, "history", p)
}

func told(l locale.Lang, h app.History, version app.Version) Version {
	t := Version{Heading: l.T("web.history.hidden_at", clock(version.At)), Entry: l.T("web.history.entry", strconv.FormatInt(version.Seq, 10))}
	if version.Hidden {
		t.Said = l.T("web.history.hidden")
		return t
	}
	name := h.Titles.Of("person", version.Who)
	if name == "" {
		name = l.T("web.operator")
	}
	t.Heading = l.T("web.history.act."+version.Act, clock(version.At), name)
	if version.Erased {
		t.Said = l.T("web.history.erased")
	}
	if version.Moved {
		t.Said = l.T("web.history.moved", h.Titles.Of("unit", version.Unit))
	}
	for _, c := range version.Changes {
		t.Changes = append(t.Changes, Difference{label(l, h.Schema, c.Field), read(l, c.Field, c.Was, h.Titles), read(l, c.Field, c.Is, h.Titles),
			c.Field.Kind == register.Prose})
	}
	return t
}

// read writes a field's value, given as text, for people.
func read(l locale.Lang, f register.Field, text string, titles app.Titles) string {
	if f.Kind != register.Link && f.Kind != register.Links {
		return worded(l, f, text)
	}
	out := ""
	for _, id := range splitIDs(text) {
		if out != "" {
			out += ", "
		}
		out += linked(l, f.Target, id, titles).Text
	}
	return out
}
