// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"ledsyn/isms"
	"ledsyn/register"
)

// figuresOf counts and gives each figure's numbers by its id: "2/3", "5" or "?" where it is not known.
func figuresOf(figures []Figure) map[string]string {
	told := map[string]string{}
	for _, f := range figures {
		n, hasN := f.Numerator.Known()
		d, hasD := f.Denominator.Known()
		switch {
		case !f.Known:
			told[f.ID()] = "?"
		case hasN && hasD:
			told[f.ID()] = strconv.Itoa(n) + "/" + strconv.Itoa(d)
		default:
			told[f.ID()] = strconv.Itoa(n)
		}
	}
	return told
}

func incidentsOfTwoYears() Records {
	at := func(day, clock string) register.Moment { return register.Moment(day + "T" + clock + ":00.000000Z") }
	incident := func(id, unit, day string, set func(*isms.Incident)) isms.Incident {
		i := isms.Incident{Record: isms.Record{ID: id, Unit: unit}, Kind: "phishing", State: isms.IncidentTriaged, ReportedAt: at(day, "10:00")}
		if set != nil {
			set(&i)
		}
		return i
	}
	cause := func(c isms.CauseKind) func(*isms.Incident) {
		return func(i *isms.Incident) { i.Cause, i.State = c, isms.IncidentClosed }
	}
	return Records{
		Units: []isms.Unit{{Record: isms.Record{ID: "a", Unit: "a"}, Name: "A"}, {Record: isms.Record{ID: "b", Unit: "b"}, Name: "B"}},
		Incidents: []isms.Incident{
			incident("1", "a", "2025-11-01", cause("mistake")),
			incident("2", "a", "2026-02-01", func(i *isms.Incident) {
				cause("mistake")(i)
				i.DiscoveredAt, i.TriagedAt = at("2026-02-01", "08:30"), at("2026-02-01", "13:00")
				i.Confidentiality, i.RiskListed, i.Severity = isms.Yes, isms.No, "serious"
			}),
			incident("3", "b", "2026-02-02", func(i *isms.Incident) {
				cause("unknown")(i)
				i.RiskListed, i.Kind, i.Confidentiality, i.Availability = isms.Yes, "outage", isms.No, isms.Yes
			}),
			incident("4", "b", "2026-02-03", func(i *isms.Incident) { i.State, i.DuplicateOf = isms.IncidentJoined, "3" }),
			incident("5", "b", "2026-02-04", func(i *isms.Incident) { i.State = isms.IncidentNone }),
			incident("6", "b", "2026-02-05", nil),
			incident("7", "b", "2026-12-01", nil),
			incident("8", "a", "2026-02-28", cause("unknown")), // the same unknown cause is no repetition
		},
		Breaches: []isms.Breach{
			{Record: isms.Record{ID: "x", Unit: "a"}, Incident: "2", AwareAt: at("2026-02-01", "12:00"), Notify: isms.Yes},
			{Record: isms.Record{ID: "y", Unit: "b"}, Incident: "3", Notify: isms.No},
			{Record: isms.Record{ID: "z", Unit: "a"}, Incident: "1", AwareAt: at("2025-12-31", "12:00")},
		},
		Deadlines: []isms.Deadline{
			{Record: isms.Record{ID: "d1"}, Step: isms.BreachNotice, StartsAt: at("2026-02-01", "12:00"), Shown: at("2026-02-04", "12:00"), SentAt: at("2026-02-02", "12:30")},
			{Record: isms.Record{ID: "d2"}, Step: isms.EarlyWarning, StartsAt: at("2026-02-02", "12:00"), Shown: at("2026-02-03", "12:00"), SentAt: at("2026-02-03", "12:01")},
			{Record: isms.Record{ID: "d3"}, Step: isms.EarlyWarning, Shown: at("2026-02-27", "12:00")},                                       // passed, not sent
			{Record: isms.Record{ID: "d4"}, Step: isms.EarlyWarning, Shown: at("2026-02-10", "12:00"), DroppedAt: at("2026-02-09", "12:00")}, // runs no longer
			{Record: isms.Record{ID: "d5"}, Step: isms.FinalReport, Shown: at("2026-04-01", "12:00")},                                        // not yet
		},
		Headcounts: []isms.Headcount{{Record: isms.Record{ID: "h", Unit: "a"}, Day: "2026-01-31", Persons: register.CountOf(200)}},
	}
}

func TestIncidents(t *testing.T) {
	got := figuresOf(Incidents(incidentsOfTwoYears(), "2026-03-01"))
	want := map[string]string{
		"incidents/2025": "1", "incidents/2026": "4", "incidents_by_kind/2026/phishing": "3/4", "incidents_by_kind/2026/outage": "1/4",
		"incidents_by_severity/2026/serious": "1/4", "incidents_by_aspect/2026/confidentiality": "1/4", "incidents_by_aspect/2026/availability": "1/4",
		"incidents_by_cause/2026/mistake": "1/4", "incidents_by_unit/2026/a": "2/4", "incidents_by_unit/2026/b": "2/4",
		"incidents_per_employee/2025": "?", "incidents_per_employee/2026": "?", "incidents_repeated/2025": "0", "incidents_repeated/2026": "1",
		"incidents_with_cause/2026": "1/3", "breaches/2025": "1", "breaches_notified/2025": "?", "breaches/2026": "2",
		"breaches_notified/2026": "1/2", "clocks_kept/2026": "1/3", "hours_to_report/2026": "2", "hours_to_triage/2026": "3", "hours_to_notice/2026": "25",
		"hours_to_report/2025": "?", "clocks_kept/2025": "?", "incidents_not_listed/2025": "?",
	}
	for id, numbers := range want {
		if got[id] != numbers {
			t.Errorf("%s is %s, want %s", id, got[id], numbers)
		}
	}
	for _, f := range Incidents(incidentsOfTwoYears(), "2026-03-01") {
		if f.Key == "incidents_not_listed" && f.Year == 2026 && (len(f.Unclear) != 2 || f.Known && f.Numerator != register.CountOf(1)) {
			t.Errorf("not listed: %+v", f)
		}
	}
	r := incidentsOfTwoYears()
	r.Headcounts = append(r.Headcounts, isms.Headcount{Record: isms.Record{ID: "i", Unit: "b"}, Day: "2026-01-31", Persons: register.CountOf(100)})
	if got := figuresOf(Incidents(r, "2026-03-01"))["incidents_per_employee/2026"]; got != "4/300" {
		t.Errorf("with a headcount of every unit that had an incident: %s", got)
	}
	if all := Incidents(incidentsOfTwoYears(), "2025-10-31"); len(all) != 0 {
		t.Errorf("before the first report: %v", figuresOf(all))
	}
	if got := figuresOf(Incidents(Records{Incidents: incidentsOfTwoYears().Incidents[:1]}, "2026-03-01")); got["incidents/2026"] != "0" || got["incidents_per_employee/2026"] != "?" {
		t.Errorf("a year without any, in a register that is in use: %v", got)
	}
	joined := incidentsOfTwoYears()
	joined.Incidents, joined.Breaches = joined.Incidents[3:4], joined.Breaches[:1] // another unit's incident hits this one, too
	if got := figuresOf(Incidents(joined, "2026-03-01")); got["incidents/2026"] != "0" || got["breaches/2026"] != "1" {
		t.Errorf("a unit with a report that was joined to another unit's incident, and its own breach: %v", got)
	}
}

// TestIncidentsAddUp draws incidents: the units' numbers are the year's, and no part is greater than its whole.
func TestIncidentsAddUp(t *testing.T) {
	one := rapid.Custom(func(t *rapid.T) isms.Incident {
		pick := func(label string, choices []string) string {
			return rapid.SampledFrom(append([]string{""}, choices...)).Draw(t, label)
		}
		return isms.Incident{Record: isms.Record{ID: rapid.StringMatching(`[a-z]{8}`).Draw(t, "id"), Unit: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "unit")},
			Kind: isms.IncidentKind(pick("kind", isms.IncidentKind("").Choices())), Cause: isms.CauseKind(pick("cause", isms.CauseKind("").Choices())),
			State:      isms.IncidentState(rapid.SampledFrom(isms.IncidentState("").Choices()).Draw(t, "state")),
			ReportedAt: register.Moment(rapid.SampledFrom([]string{"2025-12-31", "2026-01-01", "2026-06-30"}).Draw(t, "day") + "T10:00:00.000000Z"),
			RiskListed: isms.Answer(pick("listed", isms.Answer("").Choices()))}
	})
	rapid.Check(t, func(t *rapid.T) {
		all := Incidents(Records{Incidents: rapid.SliceOfN(one, 0, 12).Draw(t, "incidents")}, "2026-07-01")
		sums, totals := map[int]int{}, map[int]int{}
		for _, f := range all {
			n, _ := f.Numerator.Known()
			if d, has := f.Denominator.Known(); f.Known && has && f.Key != "incidents_per_employee" && n > d {
				t.Fatalf("%s: %d of %d", f.ID(), n, d)
			}
			if n > 0 && f.Unit == "incident" && len(f.Counted) != n {
				t.Fatalf("%s: %d of %v", f.ID(), n, f.Counted)
			}
			switch f.Key {
			case "incidents":
				totals[f.Year] = n
			case "incidents_by_unit":
				sums[f.Year] += n
			}
		}
		for year, sum := range sums {
			if sum != totals[year] {
				t.Fatalf("%d: the units have %d, the year %d", year, sum, totals[year])
			}
		}
	})
}

func TestDeviceLosses(t *testing.T) {
	at := func(clock string) register.Moment { return register.Moment("2026-02-01T" + clock + ":00.000000Z") }
	loss := func(id string, set func(*isms.DeviceLoss)) isms.DeviceLoss {
		d := isms.DeviceLoss{Record: isms.Record{ID: id, Unit: "a"}, Device: "phone", Loss: "lost", ReportedAt: at("10:00")}
		set(&d)
		return d
	}
	r := Records{
		DeviceLosses: []isms.DeviceLoss{
			loss("1", func(d *isms.DeviceLoss) { d.LastSeenAt, d.WipedAt, d.Encrypted = at("09:10"), at("10:20"), isms.Yes }),
			loss("2", func(d *isms.DeviceLoss) { d.LastSeenAt, d.Encrypted, d.Device = at("08:00"), isms.No, "computer" }),
			loss("3", func(d *isms.DeviceLoss) { d.FoundAt = at("11:00") }),
			loss("4", func(d *isms.DeviceLoss) { d.Device = "card" }),
		},
		Populations: []isms.Population{
			{Record: isms.Record{ID: "old", Unit: "a"}, Kind: isms.Devices, Day: "2025-12-31", Rows: register.CountOf(900)},
			{Record: isms.Record{ID: "new", Unit: "a"}, Kind: isms.Devices, Day: "2026-01-31", Rows: register.CountOf(1000)},
			{Record: isms.Record{ID: "staff", Unit: "a"}, Kind: isms.Employments, Day: "2026-01-31", Rows: register.CountOf(7)},
		},
	}
	got := figuresOf(DeviceLosses(r, "2026-03-01"))
	for id, want := range map[string]string{"device_losses/2026": "4", "devices_wiped/2026": "1/2", "devices_encrypted/2026": "1/2",
		"device_losses_per_device/2026": "4/1000", "minutes_to_report/2026": "50", "minutes_to_wipe/2026": "20"} {
		if got[id] != want {
			t.Errorf("%s is %s, want %s", id, got[id], want)
		}
	}
	r.DeviceLosses = r.DeviceLosses[:2]
	got = figuresOf(DeviceLosses(r, "2026-03-01"))
	if got["devices_wiped/2026"] != "1/2" || got["devices_encrypted/2026"] != "1/2" {
		t.Errorf("all answered: %v", got)
	}
	r.Populations = nil
	if got := figuresOf(DeviceLosses(r, "2026-03-01")); got["device_losses_per_device/2026"] != "?" {
		t.Errorf("no device list: %v", got)
	}
	if all := DeviceLosses(r, "2026-01-31"); len(all) != 0 {
		t.Errorf("before the first loss: %v", figuresOf(all))
	}
	if !slices.Contains(Keys(), "minutes_to_wipe") {
		t.Error("the figures of devices are not among all")
	}
}
