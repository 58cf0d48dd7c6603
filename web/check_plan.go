// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// CheckPlanPage is the plan of a sample: which rows, how many, who judges them, and what it will be able to show.
type CheckPlanPage struct {
	Frame
	Summary  *Summary
	Base     string
	Rev      int
	Key      string
	From     string
	Rows     string
	Where    []CheckWhere
	Stratify FormField
	How      []Option // how the number is settled
	Rate     []FormField
	Number   FormField
	Sure     FormField
	Judging  []FormField
	Asks     []FormField
	Means    []string
	Shows    []ShowsRow
	Plan     bool // there is a number
	Strata   []StratumRow
	Total    StratumRow
	Divided  bool
}

// A CheckWhere is a condition on the rows, or room for one.
type CheckWhere struct {
	N       int
	Label   string
	Columns []Option
	Ops     []Option
	Value   string
}

// A ShowsRow is what so many deviations in the sample would show.
type ShowsRow struct{ Found, Upper, Count string }

// A StratumRow is a part of the rows with its share of the sample.
type StratumRow struct{ Name, Rows, Size string }

const mostWhere = 10

// The fields of a plan that are a record's.
var (
	checkAskFields   = []string{"question", "definition"}
	checkRateFields  = []string{"tolerable", "expected"}
	checkJudgeFields = []string{"judges", "judge", "checker", "due_on"}
)

func (s *site) checkPlan(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showCheckPlan(http.StatusOK, nil, nil, nil)
}

// showCheckPlan shows the plan as it is, or as the form would have it.
func (v *visit) showCheckPlan(status int, form url.Values, own map[string]string, wrong register.Wrongs) error {
	id := v.r.PathValue("id")
	rec, err := v.site.app.Get(v.r.Context(), v.who, "spot_check", id)
	if err != nil {
		return err
	}
	c := rec.Entity.(*isms.SpotCheck)
	if !rec.May.Change {
		return isms.ErrForbidden
	}
	if c.State != isms.SpotCheckPlanned {
		return v.goTo(checkAddress(id))
	}
	plan, err := v.site.app.PlanOf(v.r.Context(), v.who, id, form)
	if err != nil {
		return err
	}
	l := v.lang
	p := &CheckPlanPage{Base: checkAddress(id), Rev: c.Rev, Key: register.NewID()}
	p.Title = l.T("web.check.plan")
	p.Crumbs = []Link{{l.T("web.checks"), "/checks"}, {c.Name, checkAddress(id)}}
	p.Place = rec.Titles.Of("unit", c.Unit)
	if own != nil {
		p.Rev, _ = strconv.Atoi(own["_rev"])
		wrong = append(wrong, missed(plan.Wrong, wrong)...)
	}
	register.Read(c, form)
	if err := p.fields(v, c, plan, rec.Titles, form, own, wrong); err != nil {
		return err
	}
	p.means(v, plan)
	p.Summary = summarize(l, register.Of[isms.SpotCheck](), wrong)
	p.Summary.lead(func(field string) string {
		if field == "choice" {
			return "#f-c0"
		}
		return "#f-" + field
	})
	p.Failed = p.Summary != nil
	if p.Failed && status == http.StatusOK {
		status = http.StatusUnprocessableEntity
	}
	return v.show(status, "check-plan", p)
}

// missed are the wrongs that are not among the others.
func missed(list, among register.Wrongs) register.Wrongs {
	return slices.DeleteFunc(slices.Clone(list), func(w register.Wrong) bool {
		return slices.ContainsFunc(among, func(o register.Wrong) bool { return o.Field == w.Field && o.Code == w.Code })
	})
}

func (p *CheckPlanPage) fields(v *visit, c *isms.SpotCheck, plan app.CheckPlan, titles app.Titles, form url.Values, own map[string]string, wrong register.Wrongs) error {
	l := v.lang
	p.From = l.T("web.check.plan.source", plan.Name, string(plan.Day))
	if plan.Name == "" {
		p.From = ""
	}
	for i, w := range append(plan.Where, app.CheckCondition{}) {
		if i == mostWhere {
			break
		}
		one := CheckWhere{N: i, Label: l.T("web.check.plan.where.n", i+1), Value: w.Value}
		for _, name := range plan.Columns {
			one.Columns = append(one.Columns, Option{name, name, name == w.Column})
		}
		for _, op := range rowOps {
			one.Ops = append(one.Ops, Option{op, l.T("web.population.op." + op), op == w.Op})
		}
		p.Where = append(p.Where, one)
	}
	lists := []struct {
		names []string
		into  *[]FormField
	}{{checkAskFields, &p.Asks}, {checkRateFields, &p.Rate}, {checkJudgeFields, &p.Judging}}
	var err error
	for _, list := range lists {
		if *list.into, err = v.checkFields(list.names, c, titles, form, own, wrong); err != nil {
			return err
		}
	}
	one, err := v.checkFields([]string{"confidence", "size", "stratify"}, c, titles, form, own, wrong)
	if err != nil {
		return err
	}
	p.Sure, p.Number, p.Stratify = one[0], one[1], one[2]
	if form == nil && p.Sure.Value == "" {
		p.Sure.Value = "95"
	}
	p.Stratify.Kind, p.Stratify.Width = "choice", "w-mid"
	for _, name := range plan.Columns {
		p.Stratify.Options = append(p.Stratify.Options, Option{name, name, name == c.Stratify})
	}
	number := own["how"] == "number" || own["how"] == "" && c.Size.IsKnown()
	p.How = []Option{{"rate", l.T("web.check.plan.how.rate"), !number}, {"number", l.T("web.check.plan.how.number"), number}}
	return nil
}

// means tells what the sample will be able to show.
func (p *CheckPlanPage) means(v *visit, plan app.CheckPlan) {
	l, s := v.lang, plan.Sample
	if s == nil {
		return
	}
	p.Rows = l.T("web.check.plan.rows", s.Rows)
	if len(s.Strata) == 0 {
		return
	}
	p.Plan, p.Divided = true, s.Divided
	p.Means = s.Meaning(l)
	for _, b := range s.Shows {
		p.Shows = append(p.Shows, ShowsRow{l.Number(b.Deviations), l.PercentSign(b.UpperPercent()), l.Number(b.UpperCount)})
	}
	for _, one := range s.Strata {
		p.Strata = append(p.Strata, StratumRow{v.stratumName(one.Name, s.Divided), l.Number(one.Rows), l.Number(one.Size)})
	}
	p.Total = StratumRow{l.T("web.check.total"), l.Number(s.Rows), l.Number(s.Size)}
}

// stratumName is what a part is called.
func (v *visit) stratumName(name string, divided bool) string {
	switch {
	case strings.TrimSpace(name) != "":
		return name
	case divided:
		return v.lang.T("web.check.strata.empty")
	}
	return v.lang.T("web.check.strata.all")
}

// planForm reads the form into fields of the record, and what is beside them.
func (v *visit) planForm() (form url.Values, own map[string]string, err error) {
	form, own, err = v.recordForm()
	if err != nil {
		return nil, nil, err
	}
	for _, name := range []string{"how", "do"} {
		own[name] = form.Get(name)
		form.Del(name)
	}
	var where []app.CheckCondition
	for i := range mostWhere {
		n := strconv.Itoa(i)
		one := app.CheckCondition{Column: form.Get("c" + n), Op: form.Get("op" + n), Value: strings.TrimSpace(form.Get("v" + n))}
		for _, name := range []string{"c", "op", "v"} {
			form.Del(name + n)
		}
		if one.Op == "given" || one.Op == "empty" {
			one.Value = ""
		}
		if one.Column != "" {
			where = append(where, one)
		}
	}
	form.Set("choice", "")
	if len(where) > 0 {
		text, err := json.Marshal(where)
		if err != nil {
			return nil, nil, err
		}
		form.Set("choice", string(text))
	}
	if own["how"] == "number" {
		form.Set("tolerable", "")
		form.Set("expected", "")
	} else {
		form.Set("size", "")
	}
	known := slices.Concat(checkAskFields, checkRateFields, checkJudgeFields, []string{"choice", "stratify", "confidence", "size"})
	for name := range form {
		if !slices.Contains(known, name) {
			return nil, nil, errForm
		}
	}
	return form, own, nil
}

func (s *site) saveCheckPlan(v *visit) error {
	form, own, err := v.planForm()
	if err != nil {
		return err
	}
	if own["_search"] != "" || own["do"] == "count" {
		v.takeTime(longCount)
		return v.showCheckPlan(http.StatusOK, form, own, nil)
	}
	rev, err := number(own["_rev"])
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	_, err = s.app.Save(v.r.Context(), v.who, app.Change{Kind: "spot_check", ID: id, Rev: rev, Key: own["_key"], Form: form})
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return v.showCheckPlan(http.StatusUnprocessableEntity, form, own, wrong)
	}
	return v.afterAct(err, checkAddress(id))
}
