// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// ImportStatePage tells how an import goes, and when it is done what it did. It can be left and come back to.
type ImportStatePage struct {
	Frame
	Steps   []Step
	Summary *Summary
	Running bool
	Again   bool   // the page asks anew by itself where there are no scripts
	Said    string // how far it has come, or what came of it
	Class   string // of what is said
	Now     string // where a script asks
	Done    int
	Total   int
	Facts   []Fact
	Set     *Link
	Groups  []BackGroup
	More    string
	Record  string
	Try     string // where it is tried again
	Undo    string
	Key     string
}

func (s *site) importState(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showImportState(http.StatusOK, nil)
}

func (v *visit) showImportState(status int, wrong register.Wrongs) error {
	id := v.r.PathValue("id")
	state, err := v.site.app.ImportState(v.r.Context(), v.who, id)
	if err != nil {
		return err
	}
	l := v.lang
	if state.Phase == app.ImportDone {
		return v.showImportResult(status, state, wrong)
	}
	d, err := v.draftOf()
	if errors.Is(err, isms.ErrNotFound) { // done between the two questions
		return v.goTo(importAddress(id))
	}
	if err != nil {
		return err
	}
	p := &ImportStatePage{Try: importAddress(id) + "/preview", Class: "warn"}
	p.Steps = p.dress(l, d, "done")
	switch state.Phase {
	case app.ImportIsDraft:
		return v.goTo(importAddress(id) + "/list")
	case app.ImportRunning:
		p.Title = l.T("web.import.running")
		p.Running, p.Again, p.Now, p.Done, p.Total, p.Try = true, true, importAddress(id)+"/now", state.Done, state.Total, ""
		p.Said = v.progress(state)
	case app.ImportStopped:
		p.Title, p.Said = l.T("web.import.stopped"), l.T("web.import.stopped.why")
	case app.ImportFailed:
		p.Title, p.Failed, p.Said, p.Class = l.T("web.import.failed"), true, l.T("web.import.failed.why"), "bad"
		p.Summary = importSummary(l, state.Wrong, nil)
	}
	return v.show(status, "import-state", p)
}

func (v *visit) progress(s app.ImportState) string {
	switch {
	case s.Total > 0:
		return v.lang.T("web.import.progress.of", s.Done*100/s.Total)
	case s.Done > 0:
		return v.lang.T("web.import.progress.rows", s.Done)
	}
	return v.lang.T("web.import.progress.begun")
}

// importNow tells a script how far the import has come.
func (s *site) importNow(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	state, err := s.app.ImportState(v.r.Context(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.sendJSON(http.StatusOK, struct {
		Phase string `json:"phase"`
		Done  int    `json:"done"`
		Total int    `json:"total"`
		Said  string `json:"said"`
	}{state.Phase, state.Done, state.Total, v.progress(state)})
}

// mostImported is how many of an import's records its page leads to.
const mostImported = 200

// importFields are what the page tells of an import, as far as it is known.
var importFields = []string{"kind", "source", "imported_on", "list_day", "created", "changed", "unchanged", "skipped", "disappeared", "taken_out", "undone_on"}

func (v *visit) showImportResult(status int, state app.ImportState, wrong register.Wrongs) error {
	r, err := v.site.app.ImportResult(v.r.Context(), v.who, state.Record, mostImported)
	if err != nil {
		return err
	}
	l := v.lang
	i := r.Import
	p := &ImportStatePage{Said: l.T("web.import.kept"), Class: "good", Record: address("import", i.ID), Key: register.NewID()}
	p.Title, p.Place = l.T("web.import.result", i.Name), v.unitName(i.Unit)
	p.Crumbs = []Link{{l.T("web.import"), "/import"}}
	if n, _ := i.Skipped.Known(); n > 0 {
		p.Said = l.T("web.import.kept.but", n)
	}
	if i.UndoneOn != "" {
		p.Said, p.Class = l.T("web.import.undone.said", string(i.UndoneOn)), ""
	}
	if len(wrong) > 0 {
		p.Failed, p.Summary = true, undoSummary(v, wrong)
	}
	s := register.Of[isms.Import]()
	for _, name := range importFields {
		f, _ := s.Field(name)
		list := values(l, f, &i, nil, v.site.app.Today())
		if name == "kind" {
			list = []Value{{Text: kindWords(l, i.Kind)}}
		}
		if len(list) > 0 {
			p.Facts = append(p.Facts, Fact{label(l, s, f), list})
		}
	}
	if state.Population != "" {
		p.Set = &Link{l.T("web.population.open"), "/population/" + state.Population}
	}
	p.records(v, r)
	if r.Undo {
		p.Undo = importAddress(i.ID) + "/undo"
	}
	return v.show(status, "import-state", p)
}

// records leads to what was made and what was changed.
func (p *ImportStatePage) records(v *visit, r app.ImportResult) {
	groups := map[bool]*BackGroup{true: {Text: v.lang.T("web.import.made")}, false: {Text: v.lang.T("web.import.changed")}}
	for _, rec := range r.Records {
		g := groups[rec.Made]
		g.Links = append(g.Links, Link{v.lang.T("web.examine.place", v.lang.T("register."+rec.Kind+".one"), rec.Title), address(rec.Kind, rec.ID)})
	}
	for _, made := range []bool{true, false} {
		if len(groups[made].Links) > 0 {
			p.Groups = append(p.Groups, *groups[made])
		}
	}
	if n := r.Total - len(r.Records); n > 0 {
		p.More = v.lang.T("web.import.more_records", n)
	}
}

// undoSummary says what stands in the way of undoing, with links to it.
func undoSummary(v *visit, wrong register.Wrongs) *Summary {
	sum := &Summary{Heading: v.lang.T("web.import.not_undone")}
	for _, w := range wrong {
		link := Link{Text: v.lang.T("wrong."+w.Code, w.Args...)}
		if kind, id, ok := strings.Cut(w.Field, "/"); ok {
			link.URL = address(kind, id)
		}
		sum.Items = append(sum.Items, link)
	}
	return sum
}

func (s *site) undoImport(v *visit) error {
	form, err := v.formOf("_key")
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	err = s.app.UndoImport(v.r.Context(), v.who, id, form["_key"])
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		return v.showImportState(http.StatusUnprocessableEntity, wrong)
	}
	return v.afterAct(err, importAddress(id))
}
