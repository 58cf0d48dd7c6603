// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/report"
)

// RoutinePage is a written routine: what it is for, whom to call, and the steps.
type RoutinePage struct {
	Frame
	About   string // said of the program's own
	State   string
	Facts   []Fact
	Purpose string
	Phone   string
	Call    template.URL
	Steps   []RoutineLine
	PDF     string
	Edit    string
	Order   string
	New     string
	Record  string
}

// A RoutineLine is a step of a routine.
type RoutineLine struct {
	Number         int
	Name, URL      string
	How, Who, When string
	Within         string // "" where the routine says no time
	ID             string
	Order, Rev     int
}

func routineAddress(id string) string { return "/playbook/" + id }

func routineLine(l locale.Lang, i int, s isms.PlaybookStep) RoutineLine {
	return RoutineLine{Number: i + 1, Name: s.Name, How: s.How, Who: s.Who, When: s.When, Within: app.WithinWords(l, s), ID: s.ID, Order: s.Order, Rev: s.Rev}
}

func (s *site) routine(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	r, err := s.app.Routine(v.r.Context(), v.who, v.r.PathValue("id"), v.lang)
	if err != nil {
		return err
	}
	l, schema := v.lang, register.Of[isms.Playbook]()
	p := &RoutinePage{Purpose: r.Purpose, Phone: r.Phone, Call: telephone(r.Phone), PDF: routineAddress(r.ID) + "/pdf"}
	p.Title = r.Name
	p.Crumbs = []Link{{l.T("web.routines"), "/playbooks"}}
	if r.ID == app.DefaultPlaybook {
		p.About = l.T("web.routine.default")
	} else {
		p.Place, p.Record = r.Titles.Of("unit", r.Unit), address("playbook", r.ID)
		if !r.InForce(s.app.Today()) {
			p.State = l.T("web.routine.not_in_force")
		}
	}
	for _, name := range []string{"document", "owner", "valid_from", "valid_to"} {
		f, _ := schema.Field(name)
		if list := values(l, f, &r.Playbook, r.Titles, s.app.Today()); len(list) > 0 {
			p.Facts = append(p.Facts, Fact{label(l, schema, f), list})
		}
	}
	then := "?then=" + routineAddress(r.ID)
	for i, step := range r.Steps {
		line := routineLine(l, i, step)
		if r.May.Change {
			line.URL = address("playbook_step", step.ID) + "/edit" + then
		}
		p.Steps = append(p.Steps, line)
	}
	if r.May.Change {
		p.Edit, p.Order = p.Record+"/edit"+then, routineAddress(r.ID)+"/order"
		p.New = "/r/playbook_step/new?playbook=" + r.ID + "&unit=" + r.Unit
	}
	return v.show(http.StatusOK, "routine", p)
}

func (s *site) routinePDF(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	doc, err := s.app.PrintRoutine(v.r.Context(), v.who, v.r.PathValue("id"), v.lang)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := report.PDF(&b, doc); err != nil {
		return err
	}
	return v.sendFile("application/pdf", v.lang.T("web.routine.file")+"-"+string(s.app.Today())+".pdf", b.Bytes())
}

// RoutinesPage is which routine each unit uses.
type RoutinesPage struct {
	Frame
	Summary *Summary
	Rows    []RoutinesRow
	Units   *FormField // the units that may be given a routine of their own, nil for none
	Default string
	Key     string
}

// RoutinesRow is a unit and its routine.
type RoutinesRow struct {
	Link  // the routine
	Unit  string
	Depth int
	From  string // whose it is
}

func (s *site) routines(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showRoutines(http.StatusOK, "", nil)
}

func (v *visit) showRoutines(status int, unit string, wrong register.Wrongs) error {
	rows, err := v.site.app.Routines(v.r.Context(), v.who, v.lang)
	if err != nil {
		return err
	}
	l := v.lang
	p := &RoutinesPage{Key: register.NewID(), Default: routineAddress(app.DefaultPlaybook)}
	p.Title = l.T("web.routines")
	units := make([]*isms.Unit, len(rows))
	byUnit := map[string]app.RoutineRow{}
	for i := range rows {
		units[i], byUnit[rows[i].Unit.ID] = &rows[i].Unit, rows[i]
	}
	var may []Option
	for _, b := range branches(units) {
		row := byUnit[b.unit.ID]
		line := RoutinesRow{Link: Link{row.Routine.Name, routineAddress(row.Routine.ID)}, Unit: b.unit.Name, Depth: min(b.depth, 4), From: l.T("web.routines.own")}
		switch {
		case row.Routine.ID == app.DefaultPlaybook:
			line.From = l.T("web.routines.default")
		case !row.Own:
			line.From = l.T("web.routines.from", v.unitName(row.Routine.Unit))
		}
		if row.May && !row.Own {
			may = append(may, Option{b.unit.ID, strings.Repeat("\u2003", b.depth) + b.unit.Name, b.unit.ID == unit})
		}
		p.Rows = append(p.Rows, line)
	}
	if len(may) > 0 {
		p.Units = &FormField{Name: "unit", Label: l.T("web.unit"), Help: l.T("web.routines.unit.help"), Kind: "choice", Width: "w-mid", Required: true,
			None: l.T("web.form.none"), Options: may, Sieve: sieve(l, may), Wrong: wrongOf(l, wrong, "unit")}
	}
	if len(wrong) > 0 {
		p.Failed, p.Summary = true, &Summary{Heading: l.T("web.form.problem")}
		for _, w := range wrong {
			p.Summary.Items = append(p.Summary.Items, Link{l.T("web.unit") + ": " + l.T("wrong."+w.Code, w.Args...), "#f-unit"})
		}
	}
	return v.show(status, "routines", p)
}

func (s *site) adaptRoutine(v *visit) error {
	form, err := v.formOf("_key", "unit")
	if err != nil {
		return err
	}
	var wrong register.Wrongs
	if form["unit"] == "" {
		return v.showRoutines(http.StatusUnprocessableEntity, "", register.Wrongs{{Field: "unit", Code: "required"}})
	}
	id, err := s.app.AdaptPlaybook(v.r.Context(), v.who, form["unit"], v.lang, form["_key"])
	if errors.As(err, &wrong) {
		return v.showRoutines(http.StatusUnprocessableEntity, form["unit"], wrong)
	}
	if err != nil {
		return err
	}
	return v.goTo(routineAddress(id))
}

// RoutineOrderPage is the form for the order of a routine's steps.
type RoutineOrderPage struct {
	Frame
	Summary *Summary
	Steps   []RoutineLine
	Action  string
	Back    string
	Key     string
}

func (s *site) orderForm(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showOrder(http.StatusOK, nil)
}

func (v *visit) showOrder(status int, wrong register.Wrongs) error {
	r, err := v.site.app.Routine(v.r.Context(), v.who, v.r.PathValue("id"), v.lang)
	if err != nil {
		return err
	}
	if !r.May.Change {
		return isms.ErrForbidden
	}
	l := v.lang
	p := &RoutineOrderPage{Action: routineAddress(r.ID) + "/order", Back: routineAddress(r.ID), Key: register.NewID()}
	p.Title = l.T("web.routine.order")
	p.Crumbs = []Link{{l.T("web.routines"), "/playbooks"}, {r.Name, p.Back}}
	p.Place = r.Titles.Of("unit", r.Unit)
	for i, step := range r.Steps {
		p.Steps = append(p.Steps, routineLine(l, i, step))
	}
	if len(wrong) > 0 {
		p.Failed, p.Summary = true, &Summary{Heading: l.T("web.form.problem")}
		for _, w := range wrong {
			p.Summary.Items = append(p.Summary.Items, Link{l.T("wrong."+w.Code, w.Args...), "#steps"})
		}
	}
	return v.show(status, "routine-order", p)
}

// orderSteps reads the form: for each step its place and the revision that the form was made from.
func (s *site) orderSteps(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	key := form.Get("_key")
	form.Del("_key")
	var places []app.StepPlace
	var wrong register.Wrongs
	for name, list := range form {
		id, rev, ok := strings.Cut(name, ".")
		n, err := number(rev)
		if !ok || err != nil || len(list) != 1 {
			return errForm
		}
		order, err := strconv.Atoi(strings.TrimSpace(list[0]))
		if err != nil {
			wrong = register.Wrongs{{Field: "order", Code: "step_order_number"}}
		}
		places = append(places, app.StepPlace{ID: id, Rev: n, Order: order})
	}
	slices.SortFunc(places, func(a, b app.StepPlace) int { return strings.Compare(a.ID, b.ID) })
	page := v.r.PathValue("id")
	if len(wrong) == 0 {
		err = s.app.OrderSteps(v.r.Context(), v.who, page, places, key)
	}
	if len(wrong) > 0 || errors.As(err, &wrong) {
		return v.showOrder(http.StatusUnprocessableEntity, wrong)
	}
	return v.afterAct(err, routineAddress(page))
}
