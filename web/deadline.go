// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"time"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// ClocksPage is every period that runs and that the person may see.
type ClocksPage struct {
	Frame
	Lead   string
	Clocks []ClockLine
}

func (s *site) clocks(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	list, err := s.app.Clocks(v.r.Context(), v.who)
	if err != nil {
		return err
	}
	lines, err := v.clockLines(list)
	if err != nil {
		return err
	}
	p := &ClocksPage{Clocks: lines}
	p.Title = v.lang.T("web.incidents.clocks")
	p.Crumbs = []Link{{v.lang.T("web.incidents"), "/incidents"}}
	over := 0
	for _, c := range list {
		if c.Overdue {
			over++
		}
	}
	switch {
	case len(list) == 0:
		p.Lead = v.lang.T("web.clocks.none")
	case over > 0:
		p.Lead = v.lang.T("web.incident.clocks_late", over)
	default:
		p.Lead = v.lang.T("web.clocks.about")
	}
	return v.show(http.StatusOK, "clocks", p)
}

// clockTag tells how long is left of a period, or since when it has passed. Where the law moves the last day, the day to plan for may
// have passed and the last one not.
func (v *visit) clockTag(d isms.Deadline, left time.Duration) Tag {
	if left < 0 && !d.Late(register.MomentOf(v.site.app.Now())) {
		return Tag{v.lang.T("web.clock.target_passed", v.ends(d, d.Last())), "warn"}
	}
	return v.leftTag(left, "web.clock.left", "web.clock.passed")
}

// clockLines are periods of several incidents, each told apart by its incident.
func (v *visit) clockLines(list []app.RunningClock) ([]ClockLine, error) {
	var ids []string
	for _, c := range list {
		ids = append(ids, c.Act)
	}
	names, err := v.site.app.Names(v.r.Context(), v.who, "person", ids)
	if err != nil {
		return nil, err
	}
	var lines []ClockLine
	for _, c := range list {
		line := v.clockLine(c, app.Titles{"person": names})
		line.For = c.UnitName + ", " + c.Reference + " " + c.Title
		lines = append(lines, line)
	}
	return lines, nil
}
