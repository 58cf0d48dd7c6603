// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/register"
)

// at sets the world's clock to the moment, written as clocks in Sweden show it.
func (w *world) at(text string) {
	w.t.Helper()
	w.now = moment(w.t, text).Time()
}

// moment reads a moment as clocks in Sweden show it.
func moment(t *testing.T, text string) register.Moment {
	t.Helper()
	at, err := law.ReadInstant(text)
	if err != nil {
		t.Fatal(text, err)
	}
	return register.MomentOf(at)
}

// swedish is the moment as clocks in Sweden show it; of a whole day the day alone.
func swedish(m register.Moment, day bool) string {
	if m == "" {
		return ""
	}
	t := m.Time().In(law.Zone())
	if day {
		return t.Format("2006-01-02")
	}
	return t.Format("2006-01-02 15:04")
}

// hit puts an incident in the first board, with a breach there and a judgement of the city's.
func (w *world) hit() {
	w.t.Helper()
	inc := &isms.Incident{Record: isms.Record{ID: "inc", Unit: "board-a"}, Reference: "A-2026-001", Title: "Brev till fel adress", State: "investigating",
		Description: "Ett brev kom fram till någon annan.", ReportedAt: register.MomentOf(w.now), Coordinator: "coordinator", Ongoing: isms.Yes}
	br := &isms.Breach{Record: isms.Record{ID: "br", Unit: "board-a"}, Name: "Brev", Incident: "inc", Role: "controller"}
	sig := &isms.Significance{Record: isms.Record{ID: "sig", Unit: "board-a"}, Name: "Brev", Incident: "inc"}
	w.put(inc, br, sig)
}

func (w *world) breach() isms.Breach             { return get[isms.Breach](w, "br") }
func (w *world) significance() isms.Significance { return get[isms.Significance](w, "sig") }

func get[T any](w *world, id string) T {
	w.t.Helper()
	rec, err := w.Get(w.ctx(), w.as("coordinator"), register.Of[T]().Name, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return *any(rec.Entity).(*T)
}

func (w *world) aware(at string) error {
	return w.SettleAwareness(w.ctx(), w.as("coordinator"), Settling{Entry{"br", w.breach().Rev}, moment(w.t, at), "", "Då ringde mottagaren."}, "")
}

func (w *world) known(at string) error {
	return w.SettleKnowledge(w.ctx(), w.as("coordinator"), Settling{Entry{"sig", w.significance().Rev}, moment(w.t, at), "", "Då ringde driften."}, "")
}

// running lists the periods that run, by step.
func (w *world) deadlines(runs func(isms.Deadline) bool) []isms.Deadline {
	w.t.Helper()
	t, err := w.List(w.ctx(), w.as("coordinator"), "deadline", Query{Limit: 500})
	if err != nil {
		w.t.Fatal(err)
	}
	var list []isms.Deadline
	for _, rec := range t.Records {
		if d := rec.(*isms.Deadline); runs(*d) {
			list = append(list, *d)
		}
	}
	slices.SortFunc(list, func(x, y isms.Deadline) int { return strings.Compare(string(x.Step)+x.ID, string(y.Step)+y.ID) })
	return list
}

func (w *world) runs(step isms.ReportStep) isms.Deadline {
	w.t.Helper()
	list := w.deadlines(func(d isms.Deadline) bool { return d.Runs() && d.Step == step })
	if len(list) != 1 {
		w.t.Fatalf("%d periods run for %s, want one", len(list), step)
	}
	return list[0]
}

func (w *world) none(step isms.ReportStep) {
	w.t.Helper()
	if list := w.deadlines(func(d isms.Deadline) bool { return d.Runs() && d.Step == step }); len(list) > 0 {
		w.t.Errorf("%d periods run for %s, want none", len(list), step)
	}
}

func (w *world) send(step isms.ReportStep, at string) (string, error) {
	w.t.Helper()
	return w.Submit(w.ctx(), w.as("coordinator"), Submit{Deadline: w.runs(step).ID, Fields: map[string]string{"organisation": "Nämnd A"}, SentAt: moment(w.t, at),
		Way: "Portalen", CaseID: "C-" + string(step)})
}

func due(t *testing.T, what string, d isms.Deadline, nominal, adjusted, shown string) {
	t.Helper()
	got := []string{swedish(d.Nominal, d.WholeDay), swedish(d.Adjusted, d.WholeDay), swedish(d.Shown, d.WholeDay)}
	if wanted := []string{nominal, adjusted, shown}; !slices.Equal(got, wanted) {
		t.Errorf("%s: nominal, adjusted and shown are %q, want %q", what, got, wanted)
	}
}

// TestWorkedExamples plays the examples that how time is counted was written down with, from what people do to the deadline's record.
func TestWorkedExamples(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.at("2027-03-01 08:00")
		w.hit()
		want(t, "aware before Christmas", w.aware("2026-12-23 14:20"), nil)
		d := w.runs(isms.BreachNotice)
		due(t, "72 hours over Christmas", d, "2026-12-26 14:20", "2026-12-26 15:00", "2026-12-26 14:20")
		if d.Recipient != "Integritetsskyddsmyndigheten" || d.Statute != "Dataskyddsförordningen artikel 33.1" || d.Rule != "gdpr_breach_notification" ||
			d.Zone != "Europe/Stockholm" || d.Reason != "Då ringde mottagaren." || d.SettledBy != "coordinator" || d.RuleFrom != "2018-05-25" {
			t.Errorf("the record is %+v", d)
		}
		if !d.Late("2026-12-26T13:20:00.000001Z") || d.Late("2026-12-26T13:20:00.000000Z") {
			t.Error("the hours end at another moment than the one shown")
		}

		w.at("2027-04-01 08:00")
		want(t, "aware before Easter", w.aware("2027-03-25 17:10"), nil)
		due(t, "72 hours over Easter and summer time", w.runs(isms.BreachNotice), "2027-03-28 17:10", "2027-03-28 19:00", "2027-03-28 17:10")
		dropped := w.deadlines(func(d isms.Deadline) bool { return d.Dropped == isms.DropStartChanged })
		if len(dropped) != 1 || dropped[0].ID != d.ID || dropped[0].DroppedAt == "" {
			t.Errorf("the former period was not dropped: %+v", dropped)
		}

		want(t, "known before Christmas", w.known("2026-12-23 14:20"), nil)
		due(t, "24 hours before Christmas", w.runs(isms.EarlyWarning), "2026-12-24 14:20", "2026-12-24 14:20", "2026-12-24 14:20")
		due(t, "72 hours over Christmas", w.runs(isms.IncidentNotice), "2026-12-26 14:20", "2026-12-26 14:20", "2026-12-26 14:20")
	})
}

func TestWorkedExamplesOfAMonth(t *testing.T) {
	for _, c := range []struct{ known, sent, nominal, adjusted, shown string }{
		{"2026-11-23 10:00", "2026-11-24 11:00", "2026-12-24", "2026-12-28", "2026-12-24"},
		{"2027-01-30 10:00", "2027-01-31 11:00", "2027-02-28", "2027-03-01", "2027-02-26"},
	} {
		onEach(t, func(t *testing.T, w *world) {
			w.at(c.sent)
			w.hit()
			want(t, "known", w.known(c.known), nil)
			_, err := w.send(isms.IncidentNotice, c.sent)
			want(t, "the notification", err, nil)
			d := w.runs(isms.FinalReport)
			due(t, "a month from "+c.sent, d, c.nominal, c.adjusted, c.shown)
			last, _ := law.ReadInstant(c.adjusted + " 23:59")
			if d.Late(register.MomentOf(last)) || !d.Late(register.MomentOf(last.Add(time.Minute))) {
				t.Error("the last day is not the whole day that the law moves it to")
			}
		})
	}
}

// A move is something that may happen to a case, in any order.
var moves = []struct {
	name string
	do   func(*world, *rapid.T) error
}{
	{"aware", func(w *world, r *rapid.T) error { return w.aware(hour(r)) }},
	{"known", func(w *world, r *rapid.T) error { return w.known(hour(r)) }},
	{"risk", func(w *world, r *rapid.T) error {
		return w.change("breach", "br", w.breach().Rev, map[string][]string{"risk": {rapid.SampledFrom([]string{"unlikely", "risk", "high"}).Draw(r, "risk")}})
	}},
	{"notify", func(w *world, r *rapid.T) error {
		return w.DecideBreach(w.ctx(), w.as("head"), Ruling{Entry{"br", w.breach().Rev}, answer(r), "Skäl."}, "")
	}},
	{"approve breach", func(w *world, r *rapid.T) error {
		return w.ApproveBreach(w.ctx(), w.as("coordinator"), Entry{"br", w.breach().Rev}, "")
	}},
	{"significant", func(w *world, r *rapid.T) error {
		return w.DecideSignificance(w.ctx(), w.as("head"), Ruling{Entry{"sig", w.significance().Rev}, answer(r), "Skäl."}, "")
	}},
	{"approve significance", func(w *world, r *rapid.T) error {
		return w.ApproveSignificance(w.ctx(), w.as("coordinator"), Entry{"sig", w.significance().Rev}, "")
	}},
	{"send", func(w *world, r *rapid.T) error {
		list := w.deadlines(isms.Deadline.Runs)
		if len(list) == 0 {
			return nil
		}
		d := rapid.SampledFrom(list).Draw(r, "deadline")
		_, err := w.Submit(w.ctx(), w.as("coordinator"), Submit{Deadline: d.ID, Fields: map[string]string{"organisation": "A"}, SentAt: moment(w.t, hour(r)), DelayReason: "Sent.",
			Situation: d.Step == isms.FinalReport && rapid.Bool().Draw(r, "situation")})
		return err
	}},
	{"state", func(w *world, r *rapid.T) error {
		inc := get[isms.Incident](w, "inc")
		to := rapid.SampledFrom([]isms.IncidentState{"investigating", "contained", "handled"}).Draw(r, "state")
		return w.MoveIncident(w.ctx(), w.as("coordinator"), Move{ID: "inc", Rev: inc.Rev, To: to, Reason: "Skäl."})
	}},
}

func (w *world) change(kind, id string, rev int, form map[string][]string) error {
	_, err := w.Save(w.ctx(), w.as("coordinator"), Change{Kind: kind, ID: id, Rev: rev, Form: form})
	return err
}

func answer(r *rapid.T) isms.Answer {
	return rapid.SampledFrom([]isms.Answer{isms.Yes, isms.No}).Draw(r, "answer")
}

func hour(r *rapid.T) string {
	return fmt.Sprintf("2026-08-%02d %02d:00", rapid.IntRange(1, 9).Draw(r, "day"), rapid.IntRange(0, 23).Draw(r, "hour"))
}

// TestReckoningHolds plays acts in any order, also those that are refused, and holds after each that what runs is what is owed, once; that
// what was sent never runs, is never dropped and never changes; and that to reckon again changes nothing.
func TestReckoningHolds(t *testing.T) {
	fewer(t, "30") // each is a world of its own
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		w.at("2026-08-15 12:00")
		w.hit()
		sent := map[string]isms.Deadline{}
		for range rapid.IntRange(1, 12).Draw(r, "moves") {
			m := rapid.SampledFrom(moves).Draw(r, "move")
			if err := m.do(w, r); err != nil && !isWrongs(err) {
				r.Fatalf("%s: %v", m.name, err)
			}
			w.now = w.now.Add(time.Second)
			all := w.deadlines(func(isms.Deadline) bool { return true })
			w.owesWhatRuns(r, all)
			for _, d := range all {
				was, ok := sent[d.ID]
				switch {
				case d.SentAt == "":
				case d.DroppedAt != "" || d.SentAt < d.StartsAt:
					r.Fatalf("%s was sent and dropped, or sent before it began: %+v", d.Step, d)
				case ok && was != d:
					r.Fatalf("%s was sent and changed from %+v to %+v", d.Step, was, d)
				}
				if d.SentAt != "" {
					sent[d.ID] = d
				} else if ok {
					r.Fatalf("%s is sent no longer", d.Step)
				}
			}
		}
	})
}

// fewer lets a property be tried fewer times than usual, unless the command line says how many.
func fewer(t *testing.T, checks string) {
	const name, usual = "rapid.checks", "100"
	if flag.Lookup(name).Value.String() != usual {
		return
	}
	if err := flag.Set(name, checks); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = flag.Set(name, usual) })
}

func isWrongs(err error) bool { _, ok := err.(register.Wrongs); return ok }

func (w *world) owesWhatRuns(r *rapid.T, all []isms.Deadline) {
	w.t.Helper()
	of := func(of func(isms.Deadline) bool) []isms.Deadline {
		return slices.DeleteFunc(slices.Clone(all), func(d isms.Deadline) bool { return !of(d) })
	}
	b, s, inc := w.breach(), w.significance(), get[isms.Incident](w, "inc")
	breach := of(func(d isms.Deadline) bool { return d.Breach != "" })
	operator := of(func(d isms.Deadline) bool { return d.Significance != "" })
	for _, c := range []struct {
		all  []isms.Deadline
		owed []isms.Owed
	}{{breach, b.Owes(isms.SentOf(breach), "")}, {operator, s.Owes(inc, isms.SentOf(operator))}} {
		sent := isms.SentOf(c.all)
		var runs, owed []string
		for _, d := range c.all {
			if d.Runs() {
				runs = append(runs, fmt.Sprint(d.Step, d.Rule, d.Trigger))
			}
		}
		for _, o := range c.owed {
			if sent[o.Step] == "" {
				owed = append(owed, fmt.Sprint(o.Step, o.Rule, o.Trigger))
			}
			for _, d := range c.all {
				if d.Runs() && d.Step == o.Step && d.Trigger != isms.StartHighRisk && d.StartsAt != o.StartsAt {
					r.Fatalf("%s runs from %s, and is owed from %s", d.Step, d.StartsAt, o.StartsAt)
				}
			}
		}
		slices.Sort(runs)
		slices.Sort(owed)
		if !slices.Equal(runs, owed) {
			r.Fatalf("running %q, owed %q", runs, owed)
		}
	}
}
