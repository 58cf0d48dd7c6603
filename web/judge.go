// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"

	"ledsyn/app"
	"ledsyn/locale"
	"ledsyn/register"
)

// judgeRoutes are the pages on which rows of spot checks and access reviews are judged. Those of a link need no account.
func judgeRoutes() []route {
	return []route{
		{"GET /judge", false, (*site).myPortions},
		{"POST /judge/redeal", false, (*site).redeal},
		{"GET /judge/{id}", false, (*site).portion},
		{"POST /judge/{id}", false, (*site).saveRows},
		{"POST /judge/{id}/bulk", false, (*site).bulkRows},
		{"POST /judge/{id}/done", false, (*site).handInRows},
		{"POST /judge/{id}/hand", false, (*site).handOver},
		{"POST /judge/{id}/withdraw", false, (*site).withdrawPortion},
		{"POST /judge/{id}/reopen", false, (*site).reopenPortion},
		{"POST /judge/{id}/link", false, (*site).openPortionLink},
		{"POST /judge/{id}/link/{link}/revoke", false, (*site).revokePortionLink},
		{"GET /j/{token}", true, (*site).portion},
		{"POST /j/{token}", true, (*site).saveRows},
		{"POST /j/{token}/bulk", true, (*site).bulkRows},
		{"POST /j/{token}/done", true, (*site).handInRows},
	}
}

// MyPortionsPage is what the person has to judge.
type MyPortionsPage struct {
	Frame
	Lead   string
	Lists  []PortionList
	Nobody string
}

// A PortionList is portions under a heading.
type PortionList struct {
	ID, Heading, About string
	Others             bool // of others: who judges is told
	Rows               []JudgeLine
}

// A JudgeLine is one portion in a list.
type JudgeLine struct {
	Link
	For, Reviewer, Due, Of string
	Share                  int
	State                  Tag
}

func (s *site) myPortions(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	l := v.lang
	m, err := s.app.MyPortions(v.r.Context(), v.who)
	if err != nil {
		return err
	}
	p := &MyPortionsPage{Lead: l.T("web.judge.none")}
	p.Title = l.T("web.judge")
	if len(m.Portions) > 0 {
		p.Lead = l.T("web.judge.all_done")
	}
	if m.Left > 0 {
		p.Lead = l.T("web.judge.lead", m.Left)
	}
	for _, list := range []struct {
		key    string
		lines  []app.PortionLine
		others bool
	}{{"yours", m.Portions, false}, {"late", m.Late, true}, {"handed_over", m.Handed, true}} {
		if len(list.lines) == 0 {
			continue
		}
		one := PortionList{ID: list.key, Heading: l.T("web.judge." + list.key), Others: list.others}
		if list.others {
			one.About = l.T("web.judge." + list.key + ".about")
		}
		for _, line := range list.lines {
			one.Rows = append(one.Rows, portionLine(l, line, m.Titles))
		}
		p.Lists = append(p.Lists, one)
	}
	return v.show(http.StatusOK, "judge", p)
}

func portionLine(l locale.Lang, line app.PortionLine, titles app.Titles) JudgeLine {
	one := JudgeLine{Link: Link{line.Name, "/judge/" + line.ID}, For: line.For, Due: l.Day(string(line.DueOn)), Of: l.T("web.judge.of", line.Answered, line.Count),
		Reviewer: titles.Of("person", line.Reviewer)}
	if line.Count > 0 {
		one.Share = 100 * line.Answered / line.Count
	}
	one.State = portionState(l, line.Open, line.Late, line.DoneAt, "")
	return one
}

func portionState(l locale.Lang, open, late bool, done register.Moment, withdrawn register.Day) Tag {
	switch {
	case withdrawn != "":
		return Tag{l.T("web.judge.state.withdrawn", string(withdrawn)), ""}
	case done != "":
		return Tag{l.T("web.judge.state.done", clock(done)[:10]), "good"}
	case !open:
		return Tag{l.T("web.judge.state.closed"), ""}
	case late:
		return Tag{l.T("web.judge.state.late"), "bad"}
	}
	return Tag{l.T("web.judge.state.open"), "info"}
}

// waitingPortions are the person's own portions that are to be judged.
func (v *visit) waitingPortions() ([]Todo, error) {
	open, err := v.site.app.PortionsToJudge(v.r.Context(), v.who)
	var list []Todo
	for _, line := range open {
		day, _ := v.by(line.DueOn)
		list = append(list, Todo{Link{line.Name, "/judge/" + line.ID}, line.For + ". " + v.lang.T("web.start.portions.left", line.Answered, line.Count), day})
	}
	return list, err
}
