// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"strings"

	"ledsyn/app"
	"ledsyn/locale"
)

// headed is a table with the headings that the keys are words for.
func headed(l locale.Lang, keys ...string) app.Sheet {
	t := app.Sheet{Widths: make([]int, len(keys))}
	for i, key := range keys {
		t.Head = append(t.Head, l.T(key))
		t.Widths[i] = 28
	}
	return t
}

func texts(links []Link) string {
	var all []string
	for _, link := range links {
		all = append(all, link.Text)
	}
	return strings.Join(all, ", ")
}

func (p *ClassifyPlanPage) table(l locale.Lang) (string, app.Sheet) {
	t := headed(l, "web.plan.position", "web.export.month", "web.export.what", "web.unit", "web.export.why", "web.plan.own", "web.export.state")
	for _, month := range p.Months {
		for _, o := range month.List {
			t.Rows = append(t.Rows, []any{o.Position, month.Text, o.Name, o.Unit, o.Why, o.Own, o.State.Text})
		}
	}
	return "klassningsplan", t
}

func (p *WorklistPage) table(l locale.Lang) (string, app.Sheet) {
	t := headed(l, "web.export.kind", "web.export.what", "web.export.said", "web.unit", "processing.owner", "web.export.why", "web.export.mend")
	for _, g := range p.Groups {
		for _, w := range g.Rows {
			t.Rows = append(t.Rows, []any{g.What, w.Text, w.Said, w.Unit, w.Owner, g.Why, g.Mend})
		}
	}
	return "arbetslista", t
}

func (p *CampaignPage) table(l locale.Lang) (string, app.Sheet) {
	t := headed(l, "processing.owner", "web.campaign.status.state", "web.campaign.status.answered", "web.campaign.status.entries", "web.campaign.status.lacking")
	if p.Status == nil {
		return "inventering", t
	}
	for _, o := range p.Status.Owners {
		t.Rows = append(t.Rows, []any{o.Name, o.State.Text, typed(o.Answered), typed(o.Entries), typed(o.Lacking)})
	}
	return "inventering", t
}

func (p *ExaminePage) table(l locale.Lang) (string, app.Sheet) {
	t := headed(l, "web.export.what", "web.export.why", "web.export.mend", "web.export.where", "web.examine.reason")
	for _, list := range [][]Finding{p.Open, p.Accepted} {
		for _, f := range list {
			t.Rows = append(t.Rows, []any{f.What, f.Why, f.To, texts(f.Places), f.Reason})
		}
	}
	return "granskning", t
}

func (p *FiguresPage) table(l locale.Lang) (string, app.Sheet) {
	t := headed(l, "web.export.kind", "web.figure.kicker", "web.export.year", "web.figure.value", "web.export.counted", "web.export.note")
	row := func(group, name, year string, g Gauge) {
		t.Rows = append(t.Rows, []any{group, name, typed(year), typed(g.Value), g.Of, g.Note})
	}
	for _, g := range p.Groups {
		for _, one := range g.List {
			row(g.Text, one.Name, "", one)
		}
		for _, name := range g.Unknown {
			row(g.Text, name.Text, "", Gauge{})
		}
		for _, r := range g.Rows {
			for i, one := range r.Cells {
				if one.URL != "" {
					row(g.Text, r.Name, g.Years[i], one)
				}
			}
		}
	}
	return "nyckeltal", t
}

func (p *FigurePage) table(l locale.Lang) (string, app.Sheet) {
	t := headed(l, "web.figure.day", "web.figure.value")
	for _, point := range p.Points {
		t.Rows = append(t.Rows, []any{typed(point.Label), typed(point.Is)})
	}
	return "nyckeltal", t
}

func (p *JournalPage) table(l locale.Lang) (string, app.Sheet) {
	t := headed(l, "web.journal.number", "web.journal.what", "web.journal.record", "web.journal.who", "web.journal.at")
	for _, e := range p.Entries {
		t.Rows = append(t.Rows, []any{typed(e.Seq), e.What, e.Text, e.Who, e.At})
	}
	return "journal", t
}

func (p *HistoryPage) table(l locale.Lang) (string, app.Sheet) {
	t := headed(l, "web.journal.what", "web.export.field", "web.export.was", "web.export.is", "web.export.note", "web.journal.number")
	for _, v := range p.Versions {
		for _, c := range v.Changes {
			t.Rows = append(t.Rows, []any{v.Heading, c.Label, typed(c.Was), typed(c.Is), v.Said, v.Entry})
		}
		if len(v.Changes) == 0 {
			t.Rows = append(t.Rows, []any{v.Heading, "", "", "", v.Said, v.Entry})
		}
	}
	return "historik", t
}

func (p *TransfersPage) table(l locale.Lang) (string, app.Sheet) {
	t := headed(l, "transfer.importer", "transfer.processing", "transfer.country", "transfer.tool", "web.export.note", "transfer.fallback", "transfer.assessed_on", "web.transfers.remarks")
	for _, r := range p.Told.Rows {
		t.Rows = append(t.Rows, []any{r.Text, r.Entry.Text, r.Country, r.Tool.Text, r.ToolNote, r.Fallback, typed(r.Assessed.Text), strings.Join(r.Remarks, "\n")})
	}
	return "tredjeland", t
}

func (p *RequestsPage) table(l locale.Lang) (string, app.Sheet) {
	t := headed(l, "subject_request.dnr", "subject_request.kind", "web.unit", "subject_request.received_on", "web.requests.last", "subject_request.answered_on",
		"subject_request.handler", "web.export.state")
	for _, list := range [][]RequestLine{p.Open, p.Done} {
		for _, r := range list {
			t.Rows = append(t.Rows, []any{r.Text, r.Kind, r.Unit, typed(r.Received), typed(r.Last), typed(r.Answered), r.Handler, r.Clock.Text})
		}
	}
	return "begaranden", t
}

func (p *OrganisationPage) table(l locale.Lang) (string, app.Sheet) {
	t := headed(l, "web.unit", "web.organisation.kind", "web.organisation.code", "web.export.note", "web.export.role", "web.export.persons")
	for _, u := range p.Units {
		for _, r := range u.Roles {
			t.Rows = append(t.Rows, []any{u.Text, u.Kind, u.Code, u.Gone, r.Role, texts(r.Persons)})
		}
		if len(u.Roles) == 0 {
			t.Rows = append(t.Rows, []any{u.Text, u.Kind, u.Code, u.Gone, "", ""})
		}
	}
	return "organisation", t
}

func (p *ReviewsPage) table(l locale.Lang) (string, app.Sheet) {
	t := headed(l, "register.review.one", "web.unit", "review.state", "review.as_of", "review.dnr", "review.decided_on")
	for _, r := range p.List {
		t.Rows = append(t.Rows, []any{r.Text, r.Unit, r.State.Text, typed(r.AsOf), r.Dnr, typed(r.Decided)})
	}
	return "genomgangar", t
}
