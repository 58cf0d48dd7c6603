// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// ControlDifferencePage is what a plan has kept, changed, got and dropped since the year before.
type ControlDifferencePage struct {
	Frame
	Plan    Link
	Former  Link
	Missing string // how many have no reason
	Groups  []DifferenceGroup
}

// A DifferenceGroup is what became the same.
type DifferenceGroup struct {
	Text string
	Rows []DifferenceRow
}

// A DifferenceRow is a control or a direct action in two plans.
type DifferenceRow struct {
	Link
	Kind   string
	Fields []FieldChange
	Reason Value
	Edit   string // where the reason is written
}

// A FieldChange is a field before and after.
type FieldChange struct{ Label, Was, Is string }

func (s *site) controlDifference(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	r, err := s.app.ControlPlanPage(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	if r.Former == nil {
		return isms.ErrNotFound
	}
	l := v.lang
	p := &ControlDifferencePage{Plan: Link{r.Plan.Title, planAddress(r.Plan.ID)}, Former: Link{r.Former.Plan.Title, planAddress(r.Former.Plan.ID)}}
	p.Title = l.T("web.control.difference.from", yearText(r.Former.Plan.Year))
	p.Place = r.Unit.Name
	p.Crumbs = []Link{{l.T("web.control"), ofYear("/control", r.Plan.Unit, r.Plan.Year)}, p.Plan}
	missing := 0
	groups := map[isms.PlanChange][]DifferenceRow{}
	for _, d := range isms.CompareControls(r.Former.Controls, r.Controls) {
		row, lacks := v.controlDifference(d, r)
		groups[d.Change] = append(groups[d.Change], row)
		if lacks {
			missing++
		}
	}
	for _, d := range isms.CompareActions(r.Former.Actions, r.Actions) {
		row, lacks := v.actionDifference(d, r)
		groups[d.Change] = append(groups[d.Change], row)
		if lacks {
			missing++
		}
	}
	for _, change := range isms.PlanChanges() {
		if len(groups[change]) > 0 {
			p.Groups = append(p.Groups, DifferenceGroup{l.T("ic.change." + string(change)), groups[change]})
		}
	}
	if missing > 0 {
		p.Missing = l.T("web.control.difference.missing", missing)
	}
	return v.show(http.StatusOK, "control-difference", p)
}

func (v *visit) controlDifference(d isms.ControlDifference, r app.PlanPage) (DifferenceRow, bool) {
	l := v.lang
	c, field := d.Is, "change_reason"
	if c == nil {
		c, field = d.Was, "drop_reason"
	}
	row := DifferenceRow{Link: Link{c.Name, address("control", c.ID)}, Kind: l.T("register.control.one"), Reason: Value{Text: d.Reason}}
	schema := register.Of[isms.Control]()
	for _, f := range d.Fields {
		row.Fields = append(row.Fields, FieldChange{label(l, schema, f.Field), v.told(f.Field, f.Was, r), v.told(f.Field, f.Is, r)})
	}
	return row, v.reason(&row, d.Unexplained(), r.MayChange, address("control", c.ID), field)
}

// told is a field's value as a comparison writes it.
func (v *visit) told(f register.Field, text string, r app.PlanPage) string {
	switch {
	case text == "":
		return v.lang.T("web.control.missing")
	case f.Target != "":
		if title := r.Titles.Of(f.Target, text); title != "" {
			return title
		}
		if names, err := v.site.app.Names(v.r.Context(), v.who, f.Target, []string{text}); err == nil && names[text] != "" {
			return names[text]
		}
		return v.lang.T("web.hidden")
	}
	return worded(v.lang, f, text)
}

func (v *visit) actionDifference(d isms.ActionDifference, r app.PlanPage) (DifferenceRow, bool) {
	a := d.Is
	if a == nil {
		a = d.Was
	}
	row := DifferenceRow{Link: Link{a.Name, address("direct_action", a.ID)}, Kind: v.lang.T("register.direct_action.one"), Reason: Value{Text: d.Reason}}
	return row, v.reason(&row, d.Unexplained(), r.MayChange, address("direct_action", a.ID), "reason")
}

// reason says that a reason is missing, and where it is written by those who may.
func (v *visit) reason(row *DifferenceRow, missing, may bool, record, field string) bool {
	if missing {
		row.Reason = Value{Text: v.lang.T("ic.no_reason"), Tag: "warn"}
		if may {
			row.Edit = record + "/edit?then=" + v.r.URL.Path + "#f-" + field
		}
	}
	return missing
}
