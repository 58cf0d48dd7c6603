// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// reports reports an incident and returns its receipt.
func (w *world) reports(who access.Actor, unit, title string) IncidentReceipt {
	w.t.Helper()
	r, err := w.ReportIncident(w.ctx(), who, Report{Unit: unit, Title: title})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// triages triages the incident, with what the triage needs and what change says.
func (w *world) triages(who access.Actor, id string, change func(*Triage)) {
	w.t.Helper()
	t := Triage{ID: id, Rev: kept[isms.Incident](w, id).Rev, Kind: "other", Severity: "moderate", PersonalData: isms.No, CanBeSerious: isms.No}
	if change != nil {
		change(&t)
	}
	if err := w.App.Triage(w.ctx(), who, t); err != nil {
		w.t.Fatal(err)
	}
}

// kept is a record as it is kept, whoever may see it.
func kept[T any](w *world, id string) T {
	w.t.Helper()
	var rec T
	err := w.DB.View(w.ctx(), w.org, func(tx *store.Tx) (err error) {
		rec, err = store.Get[T](tx, everywhere, id)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return rec
}

// moves moves the incident.
func (w *world) moves(who access.Actor, id string, to isms.IncidentState, reason string) error {
	w.t.Helper()
	return w.MoveIncident(w.ctx(), who, Move{ID: id, Rev: kept[isms.Incident](w, id).Rev, To: to, Reason: reason})
}

func TestReports(t *testing.T) { onEach(t, reportsOfIncidents) }

func reportsOfIncidents(t *testing.T, w *world) {
	employee := w.as("employee")
	first := w.reports(employee, "board-a", "Ett")
	if first.Reference != "board-a-2023-001" || first.Seen || first.Unit != "board-a" {
		t.Errorf("the receipt is %+v", first)
	}
	_, err := w.ReportIncident(w.ctx(), employee, Report{Unit: "board-a"})
	wantWrong(t, "no title", err, "required")
	_, err = w.ReportIncident(w.ctx(), employee, Report{Unit: "board-a", Title: strings.Repeat("å", 201)})
	wantWrong(t, "a long title", err, "long")
	_, err = w.ReportIncident(w.ctx(), employee, Report{Unit: "board-a", Title: "x", DiscoveredAt: "2023-01-10T08:00:00.000001Z"})
	wantWrong(t, "the future", err, "in_future")
	_, err = w.ReportIncident(w.ctx(), employee, Report{Unit: "board-b", Title: "x"})
	wantWrong(t, "another board", err, "report_unit")
	_, err = w.ReportIncident(w.ctx(), access.Actor{Org: w.org, Person: "nobody"}, Report{Unit: "city", Title: "x"})
	want(t, "nobody", err, isms.ErrForbidden)

	// What was refused took no number; the department and the top count their own.
	for unit, reference := range map[string]string{"board-a": "board-a-2023-002", "dept-a": "dept-a-2023-001", "city": "city-2023-001"} {
		if r := w.reports(employee, unit, "Två"); r.Reference != reference {
			t.Errorf("%s got %s, want %s", unit, r.Reference, reference)
		}
	}

	// The year is Sweden's: half past eleven in the evening in UTC is the new year already.
	w.now = time.Date(2023, 12, 31, 23, 30, 0, 0, time.UTC)
	if r := w.reports(employee, "board-a", "Nyår"); r.Reference != "board-a-2024-001" {
		t.Errorf("at New Year: %s", r.Reference)
	}
	// A thousand is no obstacle, nor what somebody else has put in place of a number.
	w.put(&isms.Incident{Record: isms.Record{ID: "i999", Unit: "board-a"}, Reference: "board-a-2024-999", Title: "x", State: "none", ReportedAt: "2024-01-01T00:00:00.000000Z"},
		&isms.Incident{Record: isms.Record{ID: "ix", Unit: "board-a"}, Reference: "board-a-2024-extra", Title: "x", State: "none", ReportedAt: "2024-01-01T00:00:00.000000Z"})
	for _, reference := range []string{"board-a-2024-1000", "board-a-2024-1001"} {
		if r := w.reports(employee, "board-a", "Många"); r.Reference != reference {
			t.Errorf("after 999: %s, want %s", r.Reference, reference)
		}
	}

	// A clock that was set back does not put a report before what was noted already.
	before := kept[isms.Incident](w, w.reports(employee, "board-a", "Före").ID).ReportedAt
	w.now = w.now.Add(-3 * time.Hour)
	late := kept[isms.Incident](w, w.reports(employee, "board-a", "Efter").ID)
	if late.ReportedAt < before || late.DiscoveredAt > late.ReportedAt {
		t.Errorf("reported at %s after %s, discovered at %s", late.ReportedAt, before, late.DiscoveredAt)
	}

	// Who reported may have the receipt again, others who do not see the incident may not.
	_, err = w.Receipt(w.ctx(), employee, first.ID)
	want(t, "own receipt", err, nil)
	_, err = w.Receipt(w.ctx(), w.as("coordinator-b"), first.ID)
	want(t, "another's receipt", err, isms.ErrNotFound)
	if r, err := w.Receipt(w.ctx(), w.as("coordinator"), first.ID); err != nil || !r.Seen {
		t.Errorf("the coordinator's receipt: %+v %v", r, err)
	}
}

func TestReportsAtOnce(t *testing.T) { onEach(t, reportsAtOnce) }

// Two hundred report at once, each twice: none is lost, none is made twice, and the numbers have no gap.
func reportsAtOnce(t *testing.T, w *world) {
	const many = 200
	employee := w.as("employee")
	got := make([][2]IncidentReceipt, many)
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			for again := range 2 {
				r, err := w.ReportIncident(w.ctx(), employee, Report{Unit: "board-a", Title: fmt.Sprintf("Rapport %d", i), Key: fmt.Sprintf("key-%d", i)})
				if err != nil {
					t.Error(err)
				}
				got[i][again] = r
			}
		})
	}
	all.Wait()
	var references []string
	for _, pair := range got {
		if pair[0] != pair[1] {
			t.Errorf("sent twice: %v", pair)
		}
		references = append(references, pair[0].Reference)
	}
	slices.Sort(references)
	for i, r := range references {
		if want := fmt.Sprintf("board-a-2023-%03d", i+1); r != want {
			t.Fatalf("number %d is %s, want %s", i+1, r, want)
		}
	}
}

func TestReportLinks(t *testing.T) { onEach(t, reportLinks) }

func reportLinks(t *testing.T, w *world) {
	coordinator := w.as("coordinator")
	open := func(name string, to register.Day) (id, token string) {
		t.Helper()
		id, token, err := w.OpenReportLink(w.ctx(), coordinator, NewReportLink{Unit: "board-a", Name: name, ValidTo: to})
		if err != nil {
			t.Fatal(err)
		}
		return id, token
	}
	_, _, err := w.OpenReportLink(w.ctx(), coordinator, NewReportLink{Unit: "board-b", Name: "x", ValidTo: "2023-02-01"})
	want(t, "a link of another board", err, isms.ErrNotFound)
	_, _, err = w.OpenReportLink(w.ctx(), w.as("employee"), NewReportLink{Unit: "board-a", Name: "x", ValidTo: "2023-02-01"})
	want(t, "an employee's link", err, isms.ErrNotFound)
	for to, code := range map[register.Day]string{"": "required", "2025-01-11": "link_too_long", "2023-01-01": "before"} {
		_, _, err = w.OpenReportLink(w.ctx(), coordinator, NewReportLink{Unit: "board-a", Name: "x", ValidTo: to})
		wantWrong(t, string(to), err, code)
	}
	id, token := open("Anslag", "2023-03-01")
	if link := kept[isms.ReportLink](w, id); strings.Contains(fmt.Sprint(link), strings.TrimPrefix(token, w.org+"-")) || len(link.Secret) != 64 {
		t.Errorf("more than a hash is kept: %+v", link)
	}
	_, err = w.Save(w.ctx(), coordinator, Change{Kind: "report_link", ID: id, Rev: 1, Form: map[string][]string{"secret": {strings.Repeat("a", 64)}}})
	wantWrong(t, "a link changed by its form", err, "link_by_act")

	closed, gone := "", ""
	id, closed = open("Stängd", "2023-03-01")
	want(t, "close", w.CloseReportLink(w.ctx(), coordinator, id, 1, ""), nil)
	_, gone = open("Går ut", "2023-01-20")
	net := register.NewID()
	report := func(token, from, key string) (string, error) {
		return w.ReportByLink(w.ctx(), token, Report{Unit: "city", Title: "Hittat", Contact: "=1+1", Key: key}, from)
	}
	if r, err := report(token, net+"1", "a"); err != nil || r != "board-a-2023-001" {
		t.Errorf("by link: %q %v", r, err)
	}
	if r, err := report(token, net+"1", "a"); err != nil || r != "board-a-2023-001" {
		t.Errorf("by link again: %q %v", r, err)
	}
	w.later("2023-01-21")
	for name, bad := range map[string]string{"forged": w.org + "-" + register.NewID(), "closed": closed, "expired": gone, "half": token[:len(token)-1],
		"elsewhere": "elsewhere-" + strings.TrimPrefix(token, w.org+"-"), "empty": "", "dash": "-", "no org": strings.TrimPrefix(token, w.org+"-"), "long": strings.Repeat("a-", 5000),
		"quote": w.org + "-' or '1'='1"} {
		_, err := w.LinkUnit(w.ctx(), bad)
		want(t, name+" link's unit", err, ErrNoLink)
		_, err = report(bad, net+name, "")
		want(t, name+" link", err, ErrNoLink)
	}
	// A unit that is no longer has no links.
	u := kept[isms.Unit](w, "board-a")
	u.ValidTo = "2023-01-31"
	w.put(&u)
	w.later("2023-02-01")
	_, err = report(token, net+"2", "")
	want(t, "the link of a unit that is no more", err, ErrNoLink)
}

func TestReportFloods(t *testing.T) { onEach(t, reportFloods) }

// A flood from one address stops at that address; one from many stops at the link, and another link goes on. In an hour it is over.
func reportFloods(t *testing.T, w *world) {
	net := register.NewID() // what is counted is counted of all organisations in the database
	link := func(name string) string {
		_, token, err := w.OpenReportLink(w.ctx(), w.as("coordinator"), NewReportLink{Unit: "board-a", Name: name, ValidTo: "2023-03-01"})
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	one, other := link("Ett"), link("Två")
	flood := func(token, from string) int {
		n := 0
		for {
			_, err := w.ReportByLink(w.ctx(), token, Report{Title: "Flod"}, from)
			if errors.Is(err, ErrFlood) {
				return n
			}
			if err != nil && !errors.Is(err, ErrNoLink) || n > mostReportsBy {
				t.Fatal(n, err)
			}
			n++
		}
	}
	if n := flood(one, net+"1"); n != mostReportsFrom {
		t.Errorf("%d from one address", n)
	}
	if n := flood(w.org+"-"+register.NewID(), net+"2"); n != mostReportsFrom {
		t.Errorf("%d guesses from one address", n)
	}
	_, err := w.ReportByLink(w.ctx(), other, Report{Title: "Stängd ute"}, net+"1")
	want(t, "another link from the same address", err, ErrFlood)
	total := mostReportsFrom
	for i := 3; ; i++ {
		n := flood(one, fmt.Sprintf("%s%d", net, i))
		if total += n; n < mostReportsFrom {
			break
		}
	}
	if total != mostReportsBy {
		t.Errorf("%d by one link", total)
	}
	if _, err := w.ReportByLink(w.ctx(), other, Report{Title: "Går bra"}, net+"x"); err != nil {
		t.Errorf("the other link: %v", err)
	}
	w.now = w.now.Add(reportTime + time.Second)
	if _, err := w.ReportByLink(w.ctx(), one, Report{Title: "En timme senare"}, net+"1"); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

// wide is a world with a third board, a company, its department and a supplier.
func (w *world) wide() {
	w.put(unit("board-c", "city", "board"), unit("company", "city", "company"), unit("dept-f", "company", "department"),
		&isms.Supplier{Record: isms.Record{ID: "supplier", Unit: "city"}, Name: "Drift AB"})
	w.appoint("coordinator-c", "coordinator", "board-c")
	w.appoint("coordinator-f", "coordinator", "company")
}

func TestIncidentFansOut(t *testing.T) { onEach(t, incidentFansOut) }

// One incident across three boards, a company and a supplier: what each must judge, and who sees what.
func incidentFansOut(t *testing.T, w *world) {
	w.wide()
	central := w.as("central_office")
	inc := w.reports(central, "city", "Leverantören är krypterad")
	hit := func(t *Triage) {
		t.PersonalData, t.CanBeSerious, t.SupplierOrigin = isms.Yes, isms.Yes, isms.Yes
		t.Units = []register.Ref[isms.Unit]{"dept-a", "board-a", "board-b", "board-c", "dept-f"}
		t.Suppliers = []register.Ref[isms.Supplier]{"supplier"}
	}
	w.triages(central, inc.ID, hit)
	w.triages(central, inc.ID, hit) // again: nothing twice
	fan := func(p IncidentPage) string {
		var all []string
		for _, t := range p.Tracks {
			of := t.Unit
			if t.Track == SupplierTrack {
				of = t.ID
			}
			all = append(all, fmt.Sprintf("%s %s %v", t.Track, of, t.Owes))
		}
		return strings.Join(all, "\n")
	}
	p, err := w.Incident(w.ctx(), central, inc.ID)
	if err != nil {
		t.Fatal(err)
	}
	wanted := `breach board-a [aware risk decision]
breach board-b [aware risk decision]
breach board-c [aware risk decision]
breach company [aware risk decision]
significance city [known decision]
significance company [known decision]
supplier supplier [notice]`
	if got := fan(p); got != wanted || p.Hidden != 0 || p.Guest {
		t.Errorf("the fan-out is\n%s\nwant\n%s", got, wanted)
	}

	// Each board sees the incident, because it is hit, and of the judgements its own; it works with its own alone.
	p, err = w.Incident(w.ctx(), w.as("coordinator-b"), inc.ID)
	if err != nil || !p.Guest || p.May != (IncidentRights{}) || p.Hidden != 5 || !strings.HasPrefix(fan(p), "breach board-b [aware") || strings.Contains(fan(p), "board-a") {
		t.Errorf("a board that is hit sees %v %+v, hidden %d:\n%s", err, p.May, p.Hidden, fan(p))
	}
	err = w.moves(w.as("coordinator-b"), inc.ID, isms.IncidentHandled, "")
	want(t, "a hit board's move", err, isms.ErrNotFound)
	_, err = w.Incident(w.ctx(), w.as("employee"), inc.ID)
	want(t, "an employee of a hit board", err, isms.ErrNotFound)

	// A department's incident is its board's breach, and the city's to judge; only a company's is the company's alone.
	own := w.reports(w.as("coordinator"), "dept-a", "Brev")
	w.triages(w.as("coordinator"), own.ID, func(t *Triage) { t.PersonalData, t.CanBeSerious = isms.Yes, isms.Yes })
	if p, err = w.Incident(w.ctx(), central, own.ID); err != nil || fan(p) != "breach board-a [aware risk decision]\nsignificance city [known decision]" {
		t.Errorf("a department's incident: %v\n%s", err, fan(p))
	}
	if p, err = w.Incident(w.ctx(), w.as("coordinator"), own.ID); err != nil || p.Hidden != 1 {
		t.Errorf("the board's coordinator: %v, hidden %d", err, p.Hidden)
	}
	firm := w.reports(w.as("coordinator-f"), "dept-f", "Brev")
	w.triages(w.as("coordinator-f"), firm.ID, func(t *Triage) { t.PersonalData, t.CanBeSerious = isms.Yes, isms.Yes })
	if p, err = w.Incident(w.ctx(), central, firm.ID); err != nil || fan(p) != "breach company [aware risk decision]\nsignificance company [known decision]" {
		t.Errorf("a company's incident: %v\n%s", err, fan(p))
	}
	_, err = w.Incident(w.ctx(), w.as("coordinator-b"), firm.ID)
	want(t, "a board that is not hit", err, isms.ErrNotFound)
}

func TestIncidentMovesUnit(t *testing.T) { onEach(t, incidentMovesUnit) }

// A report that came to the wrong unit is moved with its timeline and tasks, and keeps its number; only by who may work in both.
func incidentMovesUnit(t *testing.T, w *world) {
	central := w.as("central_office")
	id := w.reports(central, "city", "Fel enhet").ID
	for kind, form := range map[string]map[string][]string{
		"incident_entry": {"incident": {id}, "at": {string(register.MomentOf(w.now))}, "kind": {"event"}, "text": {"Någon ringde"}},
		"incident_task":  {"incident": {id}, "name": {"Ring upp"}, "state": {"open"}},
	} {
		if _, err := w.Save(w.ctx(), central, Change{Kind: kind, Unit: "city", Form: form}); err != nil {
			t.Fatal(kind, err)
		}
	}
	w.triages(central, id, func(t *Triage) { t.Unit = "board-b" })
	p, err := w.Incident(w.ctx(), w.as("coordinator-b"), id)
	if err != nil || p.Guest || p.Reference != "city-2023-001" || len(p.Tasks) != 1 || !slices.ContainsFunc(p.Timeline, func(r TimelineRow) bool { return r.Text == "Någon ringde" }) {
		t.Errorf("the new unit sees %v %s, %d tasks, timeline %+v", err, p.Reference, len(p.Tasks), p.Timeline)
	}
	err = w.App.Triage(w.ctx(), w.as("coordinator-b"), Triage{ID: id, Rev: p.Rev, Unit: "board-a", Kind: "other", Severity: "moderate", PersonalData: isms.No, CanBeSerious: isms.No})
	want(t, "to a unit of others", err, isms.ErrNotFound)
	if r := w.reports(central, "city", "Nästa"); r.Reference != "city-2023-002" {
		t.Errorf("the next number is %s", r.Reference)
	}
}

func TestIncidentIsClosed(t *testing.T) { onEach(t, incidentIsClosed) }

// Closing waits for everything that is owed; opening again keeps what was sent and owes it no second time.
func incidentIsClosed(t *testing.T, w *world) {
	w.at("2026-09-01 09:00") // the Cybersecurity Act is in force
	who := w.as("coordinator")
	central := w.as("central_office")
	head := w.as("head")
	id := w.reports(who, "board-a", "Brev").ID
	w.triages(who, id, func(t *Triage) { t.PersonalData, t.CanBeSerious, t.Ongoing = isms.Yes, isms.Yes, isms.Yes })
	wantWrong(t, "closed at once", w.moves(who, id, isms.IncidentClosed, ""), "move_not_allowed")
	wantWrong(t, "triaged by a move", w.moves(who, id, isms.IncidentTriaged, ""), "move_not_allowed")
	want(t, "contained", w.moves(who, id, isms.IncidentContained, ""), nil)
	wantWrong(t, "back without a reason", w.moves(who, id, isms.IncidentInvestigating, ""), "reason_needed")
	want(t, "back", w.moves(who, id, isms.IncidentInvestigating, "Det fortsätter."), nil)
	if inc := kept[isms.Incident](w, id); inc.ContainedAt != "" {
		t.Errorf("it was not contained after all, and says %s", inc.ContainedAt)
	}
	w.now = w.now.Add(time.Hour)
	want(t, "handled", w.moves(who, id, isms.IncidentHandled, ""), nil)
	err := w.moves(who, id, isms.IncidentClosed, "")
	for _, code := range []string{"close_breaches", "close_significances", "cause_needed"} {
		wantWrong(t, "closed with things owed", err, code)
	}
	wantWrong(t, "joined with things owed", w.JoinIncident(w.ctx(), who, Joins{ID: id, Rev: kept[isms.Incident](w, id).Rev, To: w.reports(who, "board-a", "Annat").ID}), "join_with_tracks")

	breaches := w.all("breach")
	significances := w.all("significance")
	if len(breaches) != 1 || len(significances) != 1 {
		t.Fatal(len(breaches), len(significances))
	}
	b, s := breaches[0].(*isms.Breach), significances[0].(*isms.Significance)
	form := func(kind, id string, rev int, who access.Actor, fields map[string][]string) {
		t.Helper()
		if _, err := w.Save(w.ctx(), who, Change{Kind: kind, ID: id, Rev: rev, Form: fields}); err != nil {
			t.Fatal(kind, err)
		}
	}
	form("breach", b.ID, 1, who, map[string][]string{"risk": {"unlikely"}, "risk_reason": {"Oöppnat."}})
	want(t, "the breach is not notified", w.DecideBreach(w.ctx(), head, Ruling{Entry: Entry{ID: b.ID, Rev: 2}, Answer: isms.No, Reason: "Brevet kom tillbaka oöppnat."}, ""), nil)
	wantWrong(t, "a no that one person has given", w.moves(who, id, isms.IncidentClosed, ""), "close_breaches")
	want(t, "another approves", w.ApproveBreach(w.ctx(), who, Entry{ID: b.ID, Rev: 3}, ""), nil)
	now := register.MomentOf(w.now)
	want(t, "knowledge", w.SettleKnowledge(w.ctx(), central, Settling{Entry: Entry{ID: s.ID, Rev: 1}, At: now, Reason: "Då ringde de."}, ""), nil)
	want(t, "it is significant", w.DecideSignificance(w.ctx(), central, Ruling{Entry: Entry{ID: s.ID, Rev: 2}, Answer: isms.Yes, Reason: "Det stör allvarligt."}, ""), nil)
	wantWrong(t, "closed while periods run", w.moves(who, id, isms.IncidentClosed, ""), "close_deadlines")
	for range 3 { // the warning, the notification, and the final report that it starts
		for _, rec := range w.all("deadline") {
			if d := rec.(*isms.Deadline); d.Runs() {
				if _, err := w.Submit(w.ctx(), central, Submit{Deadline: d.ID, SentAt: register.MomentOf(w.now), Way: "portal", Fields: map[string]string{"organisation": "Staden"}}); err != nil {
					t.Fatal(d.Step, err)
				}
			}
		}
	}
	rev := kept[isms.Incident](w, id).Rev
	want(t, "learn", w.Learn(w.ctx(), who, Learned{ID: id, Rev: rev, Cause: "mistake", RiskListed: isms.No}), nil)
	wantWrong(t, "a risk that was not listed", w.Learn(w.ctx(), who, Learned{ID: id, Rev: rev + 1, Cause: "mistake", Risk: "x", RiskListed: isms.No}), "risk_not_listed")
	if inc := kept[isms.Incident](w, id); inc.Ongoing != isms.Yes {
		t.Errorf("ongoing is %q before it is closed", inc.Ongoing)
	}
	want(t, "closed", w.moves(who, id, isms.IncidentClosed, ""), nil)
	if inc := kept[isms.Incident](w, id); inc.Ongoing != isms.No || inc.HappenedTo != "" {
		t.Errorf("closed, ongoing is %q and it ended %q", inc.Ongoing, inc.HappenedTo)
	}

	wantWrong(t, "opened without a reason", w.moves(who, id, isms.IncidentInvestigating, ""), "reason_needed")
	_, err = w.Save(w.ctx(), who, Change{Kind: "incident", ID: id, Rev: kept[isms.Incident](w, id).Rev, Form: map[string][]string{"lessons": {"Mer"}}})
	wantWrong(t, "a closed incident changed", err, "incident_closed")
	sent := len(w.all("deadline"))
	w.now = w.now.Add(24 * time.Hour)
	want(t, "opened again", w.moves(who, id, isms.IncidentInvestigating, "Brevet var öppnat."), nil)
	want(t, "handled again", w.moves(who, id, isms.IncidentHandled, ""), nil)
	p, err := w.Incident(w.ctx(), central, id)
	if err != nil || !p.Final || len(p.Clocks) != 0 || len(w.all("deadline")) != sent || len(p.Sent) != 3 {
		t.Errorf("opened again: %v, final sent %v, %d clocks run, %d submissions", err, p.Final, len(p.Clocks), len(p.Sent))
	}
	if !slices.ContainsFunc(p.Timeline, func(r TimelineRow) bool { return r.Kind == "decision" && r.Text == "Brevet var öppnat." }) {
		t.Error("the reason is not in the timeline")
	}
	want(t, "closed again", w.moves(who, id, isms.IncidentClosed, ""), nil)
}

// all lists the register's records.
func (w *world) all(kind string) []register.Entity {
	w.t.Helper()
	s, _ := isms.Register(kind)
	var list []register.Entity
	err := w.DB.View(w.ctx(), w.org, func(tx *store.Tx) (err error) {
		list, err = tx.All(s, everywhere)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func TestIncidentsJoinedAndSimilar(t *testing.T) { onEach(t, incidentsJoinedAndSimilar) }

func incidentsJoinedAndSimilar(t *testing.T, w *world) {
	who := w.as("coordinator")
	sys := func(t *Triage) { t.Systems = []register.Ref[isms.System]{"sys-a"} }
	cause := func(id string) {
		want(t, "cause", w.Learn(w.ctx(), who, Learned{ID: id, Rev: kept[isms.Incident](w, id).Rev, Cause: "way_of_working"}), nil)
	}
	first := w.reports(who, "board-a", "Första").ID
	w.triages(who, first, nil)
	cause(first)
	w.now = w.now.AddDate(0, 7, 0)
	second := w.reports(who, "board-a", "Andra").ID
	w.triages(who, second, sys)
	cause(second)
	w.now = w.now.AddDate(0, 2, 0)
	third := w.reports(who, "dept-a", "Tredje").ID
	w.triages(who, third, sys)
	cause(third)
	double := w.reports(who, "board-a", "Tredje igen").ID
	want(t, "join", w.JoinIncident(w.ctx(), who, Joins{ID: double, Rev: 1, To: third, Reason: "Samma"}), nil)
	wantWrong(t, "join to what is joined", w.JoinIncident(w.ctx(), who, Joins{ID: second, Rev: 3, To: double}), "no_such")
	wantWrong(t, "join to itself", w.JoinIncident(w.ctx(), who, Joins{ID: second, Rev: 3, To: second}), "own_duplicate")
	wantWrong(t, "join to nothing", w.JoinIncident(w.ctx(), who, Joins{ID: second, Rev: 3}), "required")
	p, err := w.Incident(w.ctx(), who, third)
	if err != nil || len(p.Similar) != 1 || p.Similar[0].ID != second || !p.Similar[0].Cause || len(p.Similar[0].Systems) != 1 {
		t.Errorf("%v: similar are %+v", err, p.Similar)
	}
	if len(p.Joined) != 1 || p.Joined[0].ID != double {
		t.Errorf("joined are %+v", p.Joined)
	}
	o, err := w.Incidents(w.ctx(), who, IncidentQuery{})
	if err != nil || len(o.Open) != 3 || len(o.Done) != 1 || len(o.Triage) != 0 || o.Open[0].Joined != 1 {
		t.Errorf("the overview: %v, %d open, %d done, %d to triage", err, len(o.Open), len(o.Done), len(o.Triage))
	}
	want(t, "separate again", w.moves(who, double, isms.IncidentReported, "Det var inte samma."), nil)
	if inc := kept[isms.Incident](w, double); inc.State != isms.IncidentReported || inc.DuplicateOf != "" {
		t.Errorf("separated: %s of %q", inc.State, inc.DuplicateOf)
	}
	lesson := Lesson{ID: third, Name: "Rätt rutin", Owner: "coordinator", Key: "k"}
	a, err := w.LessonActivity(w.ctx(), who, lesson)
	again, err2 := w.LessonActivity(w.ctx(), who, lesson)
	if err != nil || err2 != nil || a != again {
		t.Errorf("a lesson sent twice: %s %s %v %v", a, again, err, err2)
	}
	if act := kept[isms.Activity](w, a); act.Source != "incident" || act.SourceText != "dept-a-2023-001" || act.Unit != "dept-a" {
		t.Errorf("the activity is %+v", act)
	}
	_, err = w.LessonActivity(w.ctx(), w.as("manager"), lesson)
	want(t, "a reader's lesson", err, isms.ErrForbidden)
}

// However an incident is moved about, it is in a state that it may come to, its moments are those of the states that it has passed, and
// it is never closed without a cause.
func TestIncidentWanders(t *testing.T) {
	w := newWorld(t)
	who := w.as("coordinator")
	rapid.Check(t, func(t *rapid.T) {
		id := w.reports(who, "board-a", "Vandrar").ID
		if rapid.Bool().Draw(t, "triaged") {
			w.triages(who, id, nil)
		}
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			w.now = w.now.Add(time.Minute)
			was := kept[isms.Incident](w, id)
			to := isms.IncidentState(rapid.SampledFrom(was.State.Choices()).Draw(t, "to"))
			if rapid.IntRange(0, 4).Draw(t, "learn") == 0 && was.State != isms.IncidentReported {
				w.Learn(w.ctx(), who, Learned{ID: id, Rev: was.Rev, Cause: "mistake"})
			}
			err := w.moves(who, id, to, rapid.SampledFrom([]string{"", "Skäl"}).Draw(t, "reason"))
			is := kept[isms.Incident](w, id)
			switch {
			case err == nil && !was.State.May(to):
				t.Fatalf("went from %s to %s", was.State, to)
			case err == nil && is.State != to, err != nil && is.State != was.State:
				t.Fatalf("from %s to %s: %v, is %s", was.State, to, err, is.State)
			case is.State == isms.IncidentClosed && (is.Cause == "" || is.ClosedAt == "" || is.HandledAt == ""):
				t.Fatalf("closed without what it needs: %+v", is)
			case err == nil && is.State == isms.IncidentInvestigating && was.State.Open() && is.ContainedAt+is.RestoredAt+is.HandledAt != "":
				t.Fatalf("investigated again, and still contained: %+v", is)
			}
		}
	})
}
