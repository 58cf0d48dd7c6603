// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// FeedPage tells what a staff list or a list of completed courses becomes, and lets it become so.
type FeedPage struct {
	Frame
	Summary   *Summary
	Lead      string
	Against   string // what it is compared with
	Notes     []string
	Heads     []string
	Rows      []FeedRow
	New       []string
	Changed   []Link
	Leavers   []Link
	Staff     bool // choices of persons and units
	Persons   []Option
	Units     bool
	MakeUnits bool
	Retire    bool
	Action    string // "" where there is nothing to do
	Do        string
	Key       string
}

// A FeedRow is a unit's numbers.
type FeedRow struct {
	Name    string
	Numbers []Cell
}

// mostNamed is how many persons a list on the page names.
const mostNamed = 200

// personChoices are which new persons of a staff list get a record.
var personChoices = []string{"none", "leaders", "all"}

// feed shows what the set would become. The choices are in the address, so that they can be tried before anything is done.
func (s *site) feed(v *visit) error {
	q, err := single(v.r.URL.Query(), []string{"persons", "units", "retire"}, errQuery)
	if err != nil {
		return err
	}
	if q["persons"] != "" && !slices.Contains(personChoices, q["persons"]) {
		return errQuery
	}
	return v.showFeed(http.StatusOK, q, nil)
}

func (s *site) doFeed(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	q, err := single(form, []string{"_key", "persons", "units", "retire"}, errForm)
	if err != nil {
		return err
	}
	if q["persons"] != "" && !slices.Contains(personChoices, q["persons"]) {
		return errForm
	}
	id := v.r.PathValue("id")
	set, err := s.app.Get(v.r.Context(), v.who, "population", id)
	if err != nil {
		return err
	}
	to := "/r/headcount?sort=-day"
	if set.Entity.(*isms.Population).Kind == isms.Completions {
		to = "/r/training_figure?sort=-day"
		err = s.app.FeedTraining(v.r.Context(), v.who, id, q["_key"])
	} else {
		err = s.app.FeedStaff(v.r.Context(), v.who, feedChoices(id, q))
	}
	if wrong := (register.Wrongs)(nil); errors.As(err, &wrong) {
		return v.showFeed(http.StatusUnprocessableEntity, q, wrong)
	}
	if err != nil {
		return err
	}
	return v.goTo(to)
}

func feedChoices(id string, q map[string]string) app.FeedStaff {
	return app.FeedStaff{Population: id, Persons: q["persons"], MakeUnits: q["units"] != "", Retire: q["retire"] != "", Key: q["_key"]}
}

func (v *visit) showFeed(status int, q map[string]string, wrong register.Wrongs) error {
	id, l := v.r.PathValue("id"), v.lang
	rec, err := v.site.app.Get(v.r.Context(), v.who, "population", id)
	if err != nil {
		return err
	}
	set := rec.Entity.(*isms.Population)
	p := &FeedPage{Action: v.r.URL.Path, Key: register.NewID(), MakeUnits: q["units"] != "", Retire: q["retire"] != ""}
	p.Title, p.Place = l.T("web.feed."+string(set.Kind)), rec.Titles.Of("unit", set.Unit)
	p.Crumbs = []Link{{l.T("register.population"), "/r/population"}, {set.Name, "/population/" + id}}
	switch set.Kind {
	case isms.Employments:
		err = p.staff(v, feedChoices(id, q))
	case isms.Completions:
		err = p.training(v, id)
	default:
		return isms.ErrNotFound
	}
	if lacks := (register.Wrongs)(nil); errors.As(err, &lacks) {
		wrong, p.Action, err = lacks, "", nil
		status = http.StatusUnprocessableEntity
	}
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		p.Failed, p.Summary = true, summarize(l, register.Of[isms.Population](), wrong)
	}
	return v.show(status, "feed", p)
}

func (p *FeedPage) staff(v *visit, f app.FeedStaff) error {
	l := v.lang
	plan, err := v.site.app.StaffPlan(v.r.Context(), v.who, f)
	if err != nil {
		return err
	}
	p.Staff, p.Do = true, l.T("web.feed.employment.do")
	p.Lead = l.T("web.feed.employment.about", string(plan.Set.Day))
	p.Against = l.T("web.feed.first")
	if plan.Earlier != nil {
		p.Against = l.T("web.feed.against", plan.Earlier.Name, string(plan.Earlier.Day), plan.Joined, plan.Left, plan.Moved)
	}
	if plan.Nameless > 0 {
		p.Notes = append(p.Notes, l.T("web.feed.nameless", plan.Nameless))
	}
	p.unknown(v, "web.feed.unknown_units", plan.Unknown)
	p.Units = plan.MayMake && len(plan.Unknown) > 0
	for _, field := range []string{"persons", "managers", "joined", "left", "moved_in", "moved_out"} {
		p.Heads = append(p.Heads, l.T("headcount."+field))
	}
	for _, u := range plan.Units {
		name := u.Name
		if name == "" {
			name = l.T("web.feed.elsewhere")
		}
		p.Rows = append(p.Rows, p.numbers(v, name, register.CountOf(u.Persons), register.CountOf(u.Managers), u.Joined, u.Left, u.MovedIn, u.MovedOut))
	}
	for _, choice := range personChoices {
		p.Persons = append(p.Persons, Option{choice, l.T("web.feed.persons." + choice), choice == f.Persons || f.Persons == "" && choice == "none"})
	}
	p.New = plan.New[:min(len(plan.New), mostNamed)]
	for _, c := range plan.Changed[:min(len(plan.Changed), mostNamed)] {
		var fields []string
		for _, name := range c.Fields {
			if name == "unit" {
				fields = append(fields, l.T("record.unit"))
				continue
			}
			fields = append(fields, l.T("person."+name))
		}
		p.Changed = append(p.Changed, Link{c.Name + ": " + strings.Join(fields, ", "), address("person", c.ID)})
	}
	for _, c := range plan.Leavers[:min(len(plan.Leavers), mostNamed)] {
		p.Leavers = append(p.Leavers, Link{c.Name, address("person", c.ID)})
	}
	if plan.Done {
		p.Action = ""
		p.Notes = append(p.Notes, l.T("wrong.staff_fed"))
	}
	return nil
}

func (p *FeedPage) training(v *visit, id string) error {
	l := v.lang
	plan, err := v.site.app.TrainingPlan(v.r.Context(), v.who, id)
	if err != nil {
		return err
	}
	p.Do = l.T("web.feed.completion.do")
	p.Lead = l.T("web.feed.completion.about", string(plan.Set.Day))
	p.Against = l.T("web.feed.no_staff")
	if plan.Staff != nil {
		p.Against = l.T("web.feed.staff", plan.Staff.Name, string(plan.Staff.Day))
	}
	p.unknown(v, "web.feed.unknown_courses", plan.UnknownCourses)
	p.unknown(v, "web.feed.unknown_units", plan.UnknownUnits)
	for _, field := range []string{"completed", "headcount", "leaders_completed", "leaders"} {
		p.Heads = append(p.Heads, l.T("training_figure."+field))
	}
	for _, t := range plan.Figures {
		name := plan.Titles.Of("unit", t.Unit) + ": " + plan.Titles.Of("course", string(t.Course))
		p.Rows = append(p.Rows, p.numbers(v, name, t.Completed, t.Headcount, t.LeadersCompleted, t.Leaders))
	}
	slices.SortFunc(p.Rows, func(a, b FeedRow) int { return strings.Compare(a.Name, b.Name) })
	if len(p.Rows) == 0 {
		p.Action = ""
		p.Notes = append(p.Notes, l.T("web.feed.nothing"))
	}
	if plan.Done {
		p.Action = ""
		p.Notes = append(p.Notes, l.T("wrong.training_fed"))
	}
	return nil
}

// unknown tells of names in the list that the registers do not have.
func (p *FeedPage) unknown(v *visit, key string, names []string) {
	named := names[:min(len(names), 20)]
	for i, name := range named {
		if name == "" {
			named = slices.Clone(named)
			named[i] = v.lang.T("web.feed.unnamed")
		}
	}
	if len(names) > 0 {
		p.Notes = append(p.Notes, v.lang.T(key, len(names), strings.Join(named, ", ")))
	}
}

func (p *FeedPage) numbers(v *visit, name string, counts ...register.Count) FeedRow {
	row := FeedRow{Name: name}
	for i, c := range counts {
		text := v.lang.T("unknown")
		if n, known := c.Known(); known {
			text = v.lang.Number(n)
		}
		row.Numbers = append(row.Numbers, Cell{Value: Value{Text: text}, Label: p.Heads[i], Num: true})
	}
	return row
}
