// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"html"
	"html/template"
	"strings"
	"time"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// span writes a length of time as people say it: in days and hours, hours and minutes, or minutes.
func span(l locale.Lang, d time.Duration) string {
	if d < 0 {
		d = -d
	}
	minutes := int(d / time.Minute)
	switch hours := minutes / 60; {
	case hours >= 48 && hours%24 > 0:
		return l.T("web.span.days_hours", hours/24, hours%24)
	case hours >= 48:
		return l.T("web.span.days", hours/24)
	case hours > 0 && minutes%60 > 0:
		return l.T("web.span.hours_minutes", hours, minutes%60)
	case hours > 0:
		return l.T("web.span.hours", hours)
	}
	return l.T("web.span.minutes", minutes)
}

// hurryTime is how long before its end a period is marked.
const hurryTime = 12 * time.Hour

// leftTag tells how long is left, or since when it has passed. The colour only repeats what the words say.
func (v *visit) leftTag(left time.Duration, ahead, passed string) Tag {
	switch {
	case left < 0:
		return Tag{v.lang.T(passed, span(v.lang, left)), "bad"}
	case left < hurryTime:
		return Tag{v.lang.T(ahead, span(v.lang, left)), "warn"}
	}
	return Tag{v.lang.T(ahead, span(v.lang, left)), "info"}
}

// clockLine is a period that runs: what must be sent, to whom and when at the latest.
func (v *visit) clockLine(c app.RunningClock, titles app.Titles) ClockLine {
	l := v.lang
	step, _ := register.Of[isms.Deadline]().Field("step")
	line := ClockLine{Link: Link{l.T(step.ChoiceKey(string(c.Step))), deadlineAddress(c.ID)}, For: c.UnitName, Recipient: c.Recipient, Statute: c.Statute,
		Who: titles.Of("person", c.Act)}
	if c.Timeless {
		line.Last, line.Left = l.T("web.clock.at_once"), Tag{l.T("web.clock.since", span(l, v.site.app.Now().Sub(c.StartsAt.Time()))), "warn"}
		return line
	}
	line.Last, line.Left = v.ends(c.Deadline, c.Shown), v.clockTag(c.Deadline, c.Left)
	return line
}

// trackLine is who must judge or tell what.
func (v *visit) trackLine(t app.TrackRow, a app.IncidentPage) TrackLine {
	l := v.lang
	line := TrackLine{Track: l.T("web.track." + string(t.Track))}
	switch t.Track {
	case app.BreachTrack:
		line.Link = Link{a.Titles.Of("unit", t.Unit), breachAddress(t.ID)}
	case app.SignificanceTrack:
		line.Link = Link{a.Titles.Of("unit", t.Unit), significanceAddress(t.ID)}
	case app.SupplierTrack:
		line.Link = Link(Link{a.Titles.Of("supplier", t.ID), address("supplier", t.ID)})
		if line.Text == "" {
			line.Text = l.T("web.hidden")
		}
	}
	for _, what := range t.Owes {
		line.Owes = append(line.Owes, l.T("web.owes."+string(t.Track)+"."+what))
	}
	for _, c := range t.Clocks {
		line.Clocks = append(line.Clocks, v.clockLine(c, a.Titles))
	}
	step, _ := register.Of[isms.Deadline]().Field("step")
	for _, d := range t.Sent {
		line.Sent = append(line.Sent, l.T("web.incident.sent", l.T(step.ChoiceKey(string(d.Step))), clock(d.SentAt)))
	}
	switch {
	case t.Track == app.SupplierTrack && t.Told != "":
		line.State = Tag{l.T("web.track.told", clock(t.Told)), "good"}
		if n, ok := t.Promised.Known(); ok {
			line.Sent = append(line.Sent, l.T("web.track.promised", n))
		}
	case t.Track == app.SupplierTrack:
		line.State = Tag{l.T("web.track.silent"), "warn"}
	case t.Settled:
		line.State = Tag{l.T("web.track." + string(t.Track) + "." + string(t.Answer)), "good"}
	default:
		line.State = Tag{l.T("web.track.open"), "warn"}
	}
	return line
}

// decisionKinds are the lines of the timeline that are decisions.
func isDecision(kind string) bool {
	return kind == string(isms.EntryDecision) || strings.Contains(kind, ".decided_at") || strings.HasSuffix(kind, ".approved_at")
}

// timeline writes what has happened. It is not left to the template because a long incident has hundreds of lines.
func (p *IncidentPage) timeline(v *visit, a app.IncidentPage) {
	l := v.lang
	kind, _ := register.Of[isms.IncidentEntry]().Field("kind")
	step, _ := register.Of[isms.Deadline]().Field("step")
	words := map[string]string{}
	heads := [3]string{l.T("incident_entry.at"), l.T("choice.entry_kind.decision"), l.T("incident_entry.by")}
	var b, decisions strings.Builder
	day := ""
	for i := range a.Timeline {
		r := &a.Timeline[i]
		what, known := words[r.Kind+string(r.Step)]
		if !known {
			switch {
			case r.Of == "incident_entry":
				what = l.T(kind.ChoiceKey(r.Kind))
			case r.Step != "":
				what = l.T("web.timeline.sent", l.T(step.ChoiceKey(string(r.Step))))
			default:
				what = l.T("web.timeline." + r.Kind)
			}
			words[r.Kind+string(r.Step)] = what
		}
		at, by := clock(r.At), a.Titles.Of("person", r.By)
		if at[:10] != day {
			if day != "" {
				b.WriteString("</ol></li>\n")
			}
			day = at[:10]
			b.WriteString(`<li><h3><time>` + day + `</time></h3><ol class="lines">`)
		}
		if unit := a.Titles.Of("unit", r.Unit); unit != "" && r.Unit != a.Unit {
			what += ", " + unit
		}
		b.WriteString(`<li><time>` + at[11:] + `</time> <div><strong>` + html.EscapeString(what) + `</strong>`)
		if r.Text != "" {
			b.WriteString(` <span class="prose">` + html.EscapeString(r.Text) + `</span>`)
		}
		if by != "" {
			b.WriteString(` <span class="small muted">` + html.EscapeString(by) + `</span>`)
		}
		if r.Of != "" {
			b.WriteString(` <a class="small" href="` + html.EscapeString(timelineAddress(r)) + `">` + html.EscapeString(l.T("web.incident.line")) +
				`<span class="hidden"> ` + html.EscapeString(what+" "+at) + `</span></a>`)
		}
		b.WriteString("</div></li>\n")
		if isDecision(r.Kind) {
			p.Decided++
			decisions.WriteString(`<tr><td data-label="` + html.EscapeString(heads[0]) + `"><time>` + at + `</time></td><td data-label="` + html.EscapeString(heads[1]) +
				`"><div><strong>` + html.EscapeString(what) + `</strong> <span class="prose">` + html.EscapeString(r.Text) + `</span></div></td><td data-label="` +
				html.EscapeString(heads[2]) + `">` + html.EscapeString(by) + "</td></tr>\n")
		}
	}
	if day != "" {
		b.WriteString("</ol></li>\n")
	}
	p.Timeline, p.Entries, p.Decisions = template.HTML(b.String()), len(a.Timeline), template.HTML(decisions.String())
}

func timelineAddress(r *app.TimelineRow) string {
	switch r.Of {
	case "incident":
		return incidentAddress(r.ID)
	case "breach":
		return breachAddress(r.ID)
	case "significance":
		return significanceAddress(r.ID)
	}
	return address(r.Of, r.ID)
}

// beside fills in what stands beside the story: tasks, other incidents and what else belongs to it.
func (p *IncidentPage) beside(v *visit, a app.IncidentPage) {
	l := v.lang
	taskState, _ := register.Of[isms.IncidentTask]().Field("state")
	for _, t := range a.Tasks {
		line := IncidentTaskLine{Link: Link{t.Name, address("incident_task", t.ID)}, Owner: a.Titles.Of("person", string(t.Owner)), Due: clock(t.DueAt), Note: t.Note,
			State: choice(l, taskState, string(t.State)), Rev: t.Rev}
		if line.Late = t.State == isms.TaskOpen && t.DueAt != "" && t.DueAt < a.Now; t.State == isms.TaskOpen && a.May.Task {
			line.Done, line.Key = p.Base+"/task/"+t.ID+"/done", register.NewID()
		}
		p.Tasks = append(p.Tasks, line)
	}
	state, _ := register.Of[isms.Incident]().Field("state")
	for _, s := range a.Similar {
		var why []string
		if s.Cause {
			why = append(why, l.T("web.incident.same_cause"))
		}
		for _, id := range s.Systems {
			why = append(why, l.T("web.incident.same_system", a.Titles.Of("system", string(id))))
		}
		p.Similar = append(p.Similar, SimilarLine{Link{s.Reference + " " + s.Title, incidentAddress(s.ID)}, strings.Join(why, ". ") + ". " + clock(s.Began())[:10], choice(l, state, string(s.State))})
	}
	for _, j := range a.Joined {
		p.Joined = append(p.Joined, SimilarLine{Link{j.Reference + " " + j.Title, incidentAddress(j.ID)}, clock(j.ReportedAt), choice(l, state, string(j.State))})
	}
	for _, id := range a.Activities {
		if t := a.Titles.Of("activity", string(id)); t != "" {
			p.Lessons = append(p.Lessons, Link{t, address("activity", string(id))})
		}
	}
	device, _ := register.Of[isms.DeviceLoss]().Field("device")
	for _, d := range a.Losses {
		p.Losses = append(p.Losses, Link{l.T(device.ChoiceKey(string(d.Device))) + " " + d.Asset, deviceAddress(d.ID)})
	}
	step, _ := register.Of[isms.Submission]().Field("step")
	for _, s := range a.Sent {
		p.Sent = append(p.Sent, Link{l.T("web.incident.version", l.T(step.ChoiceKey(string(s.Step))), s.Version, clock(s.SentAt)), address("submission", s.ID)})
	}
	for _, n := range a.Notices {
		p.Notices = append(p.Notices, Link{l.T("web.incident.notice", n.Audience), address("notice", n.ID)})
	}
	if a.May.Work && a.CanBeSerious == isms.Yes {
		p.NewNotice = "/r/notice/new?incident=" + a.ID + "&unit=" + a.Unit
	}
}
