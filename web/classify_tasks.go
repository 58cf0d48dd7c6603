// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/url"
	"slices"

	"ledsyn/app"
	"ledsyn/isms"
)

// waitingAgain are the open tasks to classify something again: the person's own, and those in the units where the person classifies.
func (v *visit) waitingAgain() ([]Todo, error) {
	t, err := v.listed("reclassification", map[string][]string{"state": {"open"}}, "raised_on")
	if errors.Is(err, isms.ErrNotFound) || errors.Is(err, isms.ErrForbidden) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	classes, err := v.site.app.List(v.r.Context(), v.who, "classification", app.Query{Limit: 1})
	if err != nil {
		return nil, err
	}
	var list []Todo
	for _, rec := range t.Records {
		r := rec.(*isms.Reclassification)
		if string(r.Owner) != v.who.Person && !slices.Contains(classes.CreateIn, r.Unit) {
			continue
		}
		name := t.Titles.Of("system", string(r.System)) + t.Titles.Of("process", string(r.Process)) + t.Titles.Of("information_set", string(r.Set))
		if name == "" {
			continue
		}
		list = append(list, Todo{Link{name, address("reclassification", r.ID)}, v.lang.T("choice.trigger."+string(r.Trigger)) + ". " + r.Reason,
			Tag{v.lang.T("web.start.found", string(r.RaisedOn)), "warn"}})
	}
	return list, nil
}

// classificationPage leads to where a classification is worked with or decided, or from a decided one to the system's protection.
func classificationPage(v *visit, c *isms.Classification, may app.Rights) *Link {
	switch {
	case c.Retired != "":
		return nil
	case c.State == isms.ClassificationPlanned || c.State == isms.ClassificationInWorkshop:
		if !may.Change {
			return nil
		}
		return &Link{v.lang.T("web.classify.open"), "/classify/" + c.ID}
	case c.State == isms.ClassificationProposed:
		return &Link{v.lang.T("web.classify.open_proposal"), "/classify/" + c.ID + "/decide"}
	case c.State == isms.ClassificationDecided && c.System != "":
		return &Link{v.lang.T("web.protection.open"), "/systems/" + string(c.System) + "/protection"}
	}
	return nil
}

// classifyLinks are the pages for classification, for the menu.
func classifyLinks(link func(key, to string) NavLink, sees map[string]bool) []NavLink {
	if !sees["classification"] {
		return nil
	}
	work, plan := link("web.classify", "/classify"), link("web.plan", "/classify/plan")
	if plan.Current != "" {
		work.Current = ""
	}
	if !sees["review"] { // the plan is for those who see all that it is counted from
		return []NavLink{work}
	}
	return []NavLink{work, plan}
}

// lead puts pages before a fold's registers.
func (f *NavFold) lead(pages []NavLink) {
	for _, n := range pages {
		f.Open = f.Open || n.Current != ""
	}
	f.Links = append(pages, f.Links...)
}

// taskPage leads from a task to where it is done.
func taskPage(v *visit, r *isms.Reclassification) *Link {
	may, err := v.mayCreate("classification", r.Unit)
	if err != nil || !may || r.State != isms.TaskOpen || r.Retired != "" {
		return nil
	}
	object := "system:" + string(r.System)
	switch {
	case r.Process != "":
		object = "process:" + string(r.Process)
	case r.Set != "":
		object = "information_set:" + string(r.Set)
	}
	return &Link{v.lang.T("web.classify.again"), "/classify/new?object=" + url.QueryEscape(object)}
}

// classifyPage leads from a set, a process or a type to where it is classified.
func classifyPage(v *visit, rec app.Record) *Link {
	head := rec.Entity.Head()
	may, err := v.mayCreate("classification", head.Unit)
	if err != nil || !may || head.Retired != "" {
		return nil
	}
	return &Link{v.lang.T("web.classify"), "/classify/new?object=" + url.QueryEscape(rec.Schema.Name+":"+head.ID)}
}

// mayCreate reports whether the person may make records of the register in the unit.
func (v *visit) mayCreate(kind, unit string) (bool, error) {
	t, err := v.site.app.List(v.r.Context(), v.who, kind, app.Query{Limit: 1})
	if errors.Is(err, isms.ErrNotFound) || errors.Is(err, isms.ErrForbidden) {
		return false, nil
	}
	return slices.Contains(t.CreateIn, unit), err
}
