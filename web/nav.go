// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"slices"
	"strings"

	"ledsyn/isms"
	"ledsyn/register"
)

// navGroups are the registers by the work they belong to, in the order that the work is done.
var navGroups = []struct {
	key   string
	kinds []string
}{
	{"steering", []string{"instruction", "context_factor", "document", "decision"}},
	{"information", []string{"system", "process", "information_set", "information_type", "integration", "classification"}},
	{"classifying", []string{"classification_priority", "coverage_target", "reclassification", "protection_level", "level_exception", "measure_answer", "referral"}},
	{"privacy", []string{"processing", "supplier", "agreement", "sub_processor", "transfer", "dpia", "dpia_risk", "subject_request", "campaign", "confirmation"}},
	{"incidents", []string{"incident", "incident_entry", "incident_task", "breach", "significance", "deadline", "submission", "notice",
		"device_loss", "step_taken", "playbook", "playbook_step", "report_link", "secrecy_mark", "law_override"}},
	{"measures", []string{"measurement", "course", "training_figure"}},
	{"control", []string{"control_process", "control_scale", "control_assessment", "control_plan", "control", "direct_action", "control_result",
		"control_report", "risk_cycle"}},
	{"checks", []string{"spot_check", "draw", "deviation", "access_review", "removal", "rights_conflict", "portion", "answer_sheet", "portion_link"}},
	{"scrutiny", []string{"audit", "dpo_report", "dpo_area", "recommendation", "response", "follow_up"}},
	{"plan", []string{"activity", "activity_target"}},
	{"organisation", []string{"unit", "person", "assignment", "post", "post_confirmation", "headcount"}},
	{"intake", []string{"import", "population", "attachment", "retention_rule"}},
	{"review", []string{"review", "review_section", "consultation", "acceptance"}},
}

// fill gives a page what every page has around it.
func (v *visit) fill(f *Frame) {
	s := v.site
	f.Lang, f.Request, f.Demo = v.lang, v.id, s.config.Demo
	f.Sheet, f.Script, f.Icon = s.assets["ledsyn.css"].address, s.assets["ledsyn.js"].address, s.assets["ledsyn.svg"].address
	f.Here = "/"
	if v.r.Method == "GET" {
		f.Here = v.r.URL.RequestURI()
	} else if path, ok := strings.CutSuffix(v.r.URL.Path, "/retire"); ok {
		f.Here = path
	} else if path, ok := strings.CutSuffix(v.r.URL.Path, "/files"); ok {
		f.Here = path
	}
	if !v.signed {
		return
	}
	f.Organisation = v.session.organisation
	f.Who = &Who{Name: v.who.Name, Roles: v.roles()}
	f.Nav = v.nav()
}

// roles tells which roles the person has in the units that are her own.
func (v *visit) roles() string {
	role, _ := register.Of[isms.Assignment]().Field("role")
	var all []string
	for _, unit := range v.who.Units() {
		for _, r := range v.who.Roles(unit) {
			text := v.lang.T(role.ChoiceKey(string(r)))
			if name := v.unitName(unit); name != "" {
				text += ", " + name
			}
			if !slices.Contains(all, text) {
				all = append(all, text)
			}
		}
	}
	if len(all) == 0 {
		return v.lang.T("web.who.no_role")
	}
	if len(all) > 3 {
		all = append(all[:3], v.lang.T("web.who.more", len(all)-3))
	}
	return strings.Join(all, "\n")
}

// nav is the way about the program: what is done often first, then the registers by the work they belong to.
func (v *visit) nav() []NavGroup {
	l := v.lang
	path := v.r.URL.Path
	link := func(key, to string) NavLink {
		n := NavLink{Link: Link{l.T(key), to}}
		switch {
		case path == to:
			n.Current = "page"
		case to != "/" && strings.HasPrefix(path, to+"/"):
			n.Current = "true"
		}
		return n
	}
	sees, journal := v.site.app.Sees(v.who)
	groups := []NavGroup{
		{Links: []NavLink{link("web.start", "/")}},
		{Text: l.T("web.nav.registers")},
		{Text: l.T("web.nav.control")},
		{},
	}
	if sees["review"] { // figures are counted for those who see all that a review rests on
		groups[0].Links = append(groups[0].Links, link("web.figures", "/figures"), link("web.reviews", "/reviews"))
	}
	groups[0].Links = append(groups[0].Links, link("web.report", "/report"), link("web.judge", "/judge"))
	for _, g := range navGroups {
		fold := NavFold{Text: l.T("web.group." + g.key)}
		for _, kind := range g.kinds {
			if !sees[kind] {
				continue
			}
			n := link("register."+kind, "/r/"+kind)
			fold.Open = fold.Open || n.Current != ""
			fold.Links = append(fold.Links, n)
		}
		if g.key == "classifying" {
			fold.lead(classifyLinks(link, sees))
		}
		if g.key == "intake" && v.site.app.MayImport(v.who) {
			fold.lead([]NavLink{link("web.import", "/import")})
			fold.under("/r/population", strings.HasPrefix(path, "/population/"))
		}
		if g.key == "incidents" {
			if sees["playbook"] {
				fold.lead([]NavLink{link("web.routines", "/playbooks")})
			}
			if sees["incident"] {
				fold.lead([]NavLink{link("web.incidents.nav", "/incidents"), link("web.incidents.clocks", "/clocks")})
			}
			fold.Links = append(fold.Links, link("web.law", "/law"))
			fold.under("/incidents", strings.HasPrefix(path, "/incident/") || strings.HasPrefix(path, "/breach/") ||
				strings.HasPrefix(path, "/significance/") || strings.HasPrefix(path, "/deadline/"))
		}
		if g.key == "control" {
			fold.lead(controlLinks(link, sees))
		}
		if g.key == "privacy" {
			fold.lead(recordLinks(link, sees))
			fold.behind(strings.HasPrefix(path, "/dpia/"))
		}
		if g.key == "checks" && sees["spot_check"] {
			fold.lead([]NavLink{link("web.checks.nav", "/checks")})
		}
		if g.key == "checks" && sees["access_review"] {
			fold.lead([]NavLink{link("web.access.nav", "/access")})
		}
		if len(fold.Links) == 0 {
			continue
		}
		switch g.key {
		case "control":
			groups[2].Folds = append(groups[2].Folds, fold)
		case "organisation":
			groups[3].Links = append(groups[3].Links, covering(link("web.organisation", "/organisation"), fold))
			if sees["post"] {
				groups[3].Links = append(groups[3].Links, link("web.posts", "/posts"))
			}
		case "review":
			groups[0].Links[2] = covering(groups[0].Links[2], fold)
		default:
			groups[1].Folds = append(groups[1].Folds, fold)
		}
	}
	if journal {
		groups[3].Links = append(groups[3].Links, link("web.journal", "/journal"))
	}
	if v.site.app.SeesReadings(v.who) {
		groups[3].Links = append(groups[3].Links, link("web.reads", "/secrecy/reads"))
	}
	if v.site.app.SeesBackups(v.who) {
		groups[3].Links = append(groups[3].Links, link("web.archive", "/archive"))
	}
	return slices.DeleteFunc(groups, func(g NavGroup) bool { return len(g.Links)+len(g.Folds) == 0 })
}

// under marks a register as the place one is at when the page is one of its own.
func (f *NavFold) under(list string, is bool) {
	for i, n := range f.Links {
		if is && n.URL == list {
			f.Open, f.Links[i].Current = true, "true"
		}
	}
}

// covering marks a link as the place one is at when the page is of one of the registers that belong to it.
func covering(n NavLink, fold NavFold) NavLink {
	if fold.Open && n.Current == "" {
		n.Current = "true"
	}
	return n
}
