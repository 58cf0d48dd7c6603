// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// RecordPage is one record: what it says, what it links to and what links to it.
type RecordPage struct {
	Frame
	Kicker   string // the register's name for one record
	Facts    []Fact
	Gone     string // the day it went out of use, in words
	Frozen   string
	Edit     string // addresses, "" for those who may not
	History  string
	Retire   string
	Own      *Link // the page where the record is worked with, when that is not this one
	Move     *Link // to where a classification is moved to another model
	Rev      int
	Key      string
	Back     []BackGroup
	Files    *FilesPart // nil for a file
	Secrecy  string     // the address of the record's marks, "" where there can be none
	Marked   []string   // marks on all of the record, in words
	Silenced string     // that the duty of silence goes before telling the media, where it does
	Revision string
}

// A Fact is a field's name with its values.
type Fact struct {
	Label  string
	Values []Value
}

// A BackGroup is the records of one register that link to the record by one field.
type BackGroup struct {
	Text  string
	Links []Link
	More  *Link // all of them, in their list
}

// madeElsewhere are registers whose records are made on pages of their own, changedElsewhere those whose records are changed there.
var (
	madeElsewhere = map[string]bool{"review": true, "review_section": true, "consultation": true, "acceptance": true, "import": true, "population": true, "deadline": true, "submission": true, "control_report": true, "draw": true,
		"portion": true, "answer_sheet": true, "portion_link": true, "removal": true, "post_confirmation": true}
	changedElsewhere = map[string]bool{"review_section": true, "acceptance": true, "import": true, "population": true, "deadline": true, "submission": true, "control_report": true, "draw": true,
		"portion": true, "answer_sheet": true, "portion_link": true, "removal": true, "post_confirmation": true}
)

const mostBack = 12

func (s *site) record(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showRecord(http.StatusOK, nil, "")
}

// showRecord shows the record that the address names, with why a file was refused, if one just was, and the note on it.
func (v *visit) showRecord(status int, wrong register.Wrongs, note string) error {
	kind, id := v.r.PathValue("kind"), v.r.PathValue("id")
	rec, err := v.site.app.Get(v.r.Context(), v.who, kind, id)
	if err != nil {
		return err
	}
	l := v.lang
	p := &RecordPage{Kicker: l.T("register." + kind + ".one"), Rev: rec.Entity.Head().Rev, Key: register.NewID()}
	p.Title = named(l, kind, rec.Title, rec.Entity.Head().ID)
	p.Crumbs = []Link{{l.T("register." + kind), "/r/" + kind}}
	p.Place = rec.Titles.Of("unit", rec.Entity.Head().Unit)
	p.Facts = facts(v, rec)
	p.Revision = l.T("web.record.revision", p.Rev)
	if gone := rec.Entity.Head().Retired; gone != "" {
		p.Gone = l.T("web.record.gone", string(gone))
	}
	if rec.Frozen {
		p.Frozen = l.T("web.record.frozen")
	}
	here := address(kind, id)
	if rec.May.Change && !changedElsewhere[kind] {
		p.Edit = here + "/edit"
	}
	if rec.May.History {
		p.History = here + "/history"
	}
	if rec.May.Retire && !changedElsewhere[kind] && p.Gone == "" {
		p.Retire = here + "/retire"
	}
	p.Own, p.Move = ownPage(v, rec), movePage(v, rec)
	p.Back = back(v, rec)
	p.secrecyOf(v, rec)
	if p.Files, err = v.filesOf(kind, id, wrong, note); err != nil {
		return err
	}
	p.Failed = len(wrong) > 0
	return v.show(status, "record", p)
}

// ownPage leads to where a review's parts are worked with.
func ownPage(v *visit, rec app.Record) *Link {
	switch r := rec.Entity.(type) {
	case *isms.AccessReview:
		return &Link{v.lang.T("web.access.open_page"), accessAddress(r.ID)}
	case *isms.Removal:
		return &Link{v.lang.T("web.access.removal.open_page"), "/access/removal/" + r.ID}
	case *isms.Processing:
		return &Link{v.lang.T("web.entry.open"), entryAddress(r.ID)}
	case *isms.Incident:
		return &Link{v.lang.T("web.incident.open"), incidentAddress(r.ID)}
	case *isms.IncidentEntry:
		return &Link{v.lang.T("web.incident.open"), incidentAddress(string(r.Incident))}
	case *isms.SpotCheck:
		if r.State != "" {
			return &Link{v.lang.T("web.check.open"), checkAddress(r.ID)}
		}
	case *isms.Draw:
		return &Link{v.lang.T("web.check.open"), checkAddress(string(r.SpotCheck))}
	case *isms.DeviceLoss:
		return &Link{v.lang.T("web.device.list"), deviceAddress(r.ID)}
	case *isms.StepTaken:
		return &Link{v.lang.T("web.device.list"), deviceAddress(string(r.Loss))}
	case *isms.Playbook:
		return &Link{v.lang.T("web.routine.open"), routineAddress(r.ID)}
	case *isms.PlaybookStep:
		return &Link{v.lang.T("web.routine.open"), routineAddress(string(r.Playbook))}
	case *isms.IncidentTask:
		return &Link{v.lang.T("web.incident.open"), incidentAddress(string(r.Incident))}
	case *isms.Breach:
		return &Link{v.lang.T("web.track.work"), breachAddress(r.ID)}
	case *isms.Significance:
		return &Link{v.lang.T("web.track.work"), significanceAddress(r.ID)}
	case *isms.Deadline:
		return &Link{v.lang.T("web.step.open"), deadlineAddress(r.ID)}
	case *isms.Submission:
		return &Link{v.lang.T("web.step.open"), deadlineAddress(string(r.Deadline))}
	case *isms.DPIA:
		return &Link{v.lang.T("web.dpia.open"), "/dpia/" + r.ID}
	case *isms.DPIARisk:
		return &Link{v.lang.T("web.dpia.open"), "/dpia/" + string(r.DPIA)}
	case *isms.ControlAssessment:
		return &Link{v.lang.T("web.control.open.risks"), ofYear("/control/risks", r.Unit, r.Year) + "#line-" + r.ID}
	case *isms.ControlPlan:
		return &Link{v.lang.T("web.control.open.plan"), planAddress(r.ID)}
	case *isms.Control:
		return &Link{v.lang.T("web.control.open.plan"), planAddress(string(r.Plan))}
	case *isms.DirectAction:
		return &Link{v.lang.T("web.control.open.plan"), planAddress(string(r.Plan))}
	case *isms.ControlReport:
		return &Link{v.lang.T("web.control.open.report"), controlReportAddress(r.ID)}
	case *isms.Transfer:
		return &Link{v.lang.T("web.entry.open"), entryAddress(string(r.Processing))}
	case *isms.Confirmation:
		return &Link{v.lang.T("web.entry.open"), entryAddress(string(r.Processing))}
	case *isms.Review:
		return &Link{v.lang.T("web.review.open"), "/reviews/" + r.ID}
	case *isms.ReviewSection:
		return &Link{v.lang.T("web.section.open"), "/reviews/" + string(r.Review) + "/s/" + r.Section}
	case *isms.Acceptance:
		return &Link{v.lang.T("web.examine.open"), "/reviews/" + string(r.Review) + "/examine"}
	case *isms.InformationSet, *isms.Process, *isms.InformationType:
		return classifyPage(v, rec)
	case *isms.System:
		return &Link{v.lang.T("web.protection.open"), "/systems/" + r.ID + "/protection"}
	case *isms.Classification:
		return classificationPage(v, r, rec.May)
	case *isms.Reclassification:
		return taskPage(v, r)
	case *isms.Import:
		return &Link{v.lang.T("web.import.open"), importAddress(r.ID)}
	case *isms.Population:
		return &Link{v.lang.T("web.population.open"), "/population/" + r.ID}
	case *isms.Consultation:
		return &Link{v.lang.T("web.consultations.open"), "/reviews/" + string(r.Review) + "/consultations"}
	}
	return nil
}

// named is a record's title, or its register's word for one where it has no words of its own and only an id.
func named(l locale.Lang, kind, title, id string) string {
	if title == id {
		return l.T("register." + kind + ".one")
	}
	return title
}

// facts lists the record's fields. What is not filled in is said to be unknown where it is shown in lists, and else left out.
func facts(v *visit, rec app.Record) []Fact {
	l := v.lang
	var all []Fact
	today := v.site.app.Today()
	for _, f := range rec.Schema.Fields {
		list := values(l, f, rec.Entity, rec.Titles, today)
		if len(list) == 0 {
			if !f.Listed && !f.Required {
				continue
			}
			list = []Value{{Text: l.T("unknown"), Unknown: true}}
		}
		if said := markOn(v, rec, f.Name); said != "" {
			list = append(list, Value{Text: said, Unknown: true})
		}
		all = append(all, Fact{label(l, rec.Schema, f), list})
	}
	unit := rec.Entity.Head().Unit
	if title := rec.Titles.Of("unit", unit); title != "" && rec.Schema.Name != "unit" {
		all = append(all, Fact{l.T("web.unit"), []Value{{Text: title, URL: address("unit", unit)}}})
	}
	return all
}

func back(v *visit, rec app.Record) []BackGroup {
	var groups []BackGroup
	for _, b := range rec.Back {
		s, ok := isms.Register(b.Kind)
		if !ok {
			continue
		}
		f, ok := s.Field(b.Field)
		if !ok {
			continue
		}
		g := BackGroup{Text: v.lang.T("web.record.back", v.lang.T("register."+b.Kind), label(v.lang, s, f))}
		for i, id := range b.IDs {
			if i == mostBack && f.Kind == register.Link {
				g.More = &Link{v.lang.T("web.record.all", len(b.IDs)), "/r/" + b.Kind + "?" + b.Field + "=" + rec.Entity.Head().ID}
				break
			}
			g.Links = append(g.Links, Link{linked(v.lang, b.Kind, id, rec.Titles).Text, address(b.Kind, id)})
		}
		groups = append(groups, g)
	}
	return groups
}

func (s *site) retire(v *visit) error {
	kind, id := v.r.PathValue("kind"), v.r.PathValue("id")
	form, err := v.formOf("_rev", "_key", "retired")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	err = s.app.Retire(v.r.Context(), v.who, kind, id, rev, register.Day(form["retired"]), form["_key"])
	return v.afterAct(err, address(kind, id))
}
