// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// mailing makes the world's server one that sends mail, and gives everybody an address.
func (w *world) mailing() {
	w.t.Helper()
	w.Mail = &Mailing{Lang: locale.Swedish}
	for _, person := range append(isms.Role("").Choices(), "coordinator-b") {
		p := kept[isms.Person](w, person)
		p.Email = person + "@example.se"
		w.put(&p)
	}
}

// letters takes what is to be sent now.
func (w *world) letters() []Letter {
	w.t.Helper()
	list, err := w.takeFrom(w.ctx(), w.org)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// told sends what is to be sent now, and says to whom it was what.
func (w *world) told() string {
	w.t.Helper()
	var all []string
	for _, l := range w.letters() {
		if err := w.LetterSent(w.ctx(), l); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, about(l))
	}
	slices.Sort(all)
	return strings.Join(all, "; ")
}

func about(l Letter) string {
	var things []string
	for _, r := range l.Reminders {
		things = append(things, string(r.Kind)+" "+r.Mark)
	}
	return strings.TrimSuffix(l.Address, "@example.se") + ": " + strings.Join(things, ", ")
}

// tells makes sure of what is told now.
func (w *world) tells(when, want string) {
	w.t.Helper()
	if got := w.told(); got != want {
		w.t.Errorf("%s: told %q, want %q", when, got, want)
	}
}

// task puts a task in the incident of hit, through the same form as a person does.
func (w *world) task(owner, due string) string {
	w.t.Helper()
	id, err := w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "incident_task", Unit: "board-a", Form: map[string][]string{"incident": {"inc"}, "name": {"Ring"},
		"owner": {owner}, "due_at": {string(moment(w.t, due))}, "state": {"open"}}})
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func TestClockIsRemindedOf(t *testing.T) { onEach(t, clockIsRemindedOf) }

// clockIsRemindedOf follows 72 hours from the first alarm to the last, at night too.
func clockIsRemindedOf(t *testing.T, w *world) {
	w.mailing()
	w.at("2026-03-02 23:00")
	w.hit()
	want(t, "aware", w.aware("2026-03-02 22:00"), nil)
	all := func(mark string) string {
		return fmt.Sprintf("coordinator: clock %[1]s; dpo: clock %[1]s; head: clock %[1]s", mark)
	}
	w.tells("at the start", all("start"))
	w.tells("at once again", "")
	w.at("2026-03-04 21:59")
	w.tells("before the day that is left", "")
	w.at("2026-03-04 22:00")
	w.tells("24 hours left", all("24h"))
	w.at("2026-03-05 16:05")
	w.tells("6 hours left", all("6h"))
	w.at("2026-03-03 12:00") // the clock is set back
	w.tells("set back", "")
	w.at("2026-03-05 21:00")
	w.tells("1 hour left", all("1h"))
	w.at("2026-03-05 22:00")
	w.tells("passed", all("past"))
	w.at("2026-03-08 22:00")
	want(t, "planned", w.planIn(w.ctx(), w.org), nil)
	w.tells("long after", "")
}

func TestSignificanceIsRemindedOf(t *testing.T) { onEach(t, significanceIsRemindedOf) }

// significanceIsRemindedOf tells the central office and the coordinator, until it is sent.
func significanceIsRemindedOf(t *testing.T, w *world) {
	w.mailing()
	w.at("2026-03-02 12:00")
	w.hit()
	want(t, "known", w.known("2026-03-02 12:00"), nil)
	w.tells("two periods, one letter each", "central_office: clock start, clock start; coordinator: clock start, clock start")
	w.at("2026-03-02 14:00")
	_, err := w.send(isms.EarlyWarning, "2026-03-02 14:00")
	want(t, "sent", err, nil)
	w.at("2026-03-03 06:00")
	w.tells("6 hours left of what was sent", "")
	w.at("2026-03-04 12:00")
	w.tells("24 hours left of the notification", "central_office: clock 24h; coordinator: clock 24h")
}

func TestActThatIsUndoneTellsNobody(t *testing.T) { onEach(t, actThatIsUndoneTellsNobody) }

func actThatIsUndoneTellsNobody(t *testing.T, w *world) {
	w.mailing()
	w.at("2026-03-02 12:00")
	w.hit()
	broken := errors.New("broken")
	err := w.DB.Update(w.ctx(), store.Act{Org: w.org}, func(tx *store.Tx) error {
		b := w.breach()
		b.AwareAt, b.AwareBy = tx.Now(), "coordinator"
		if _, err := w.keepWith(tx, w.as("coordinator"), nil, &isms.IncidentTask{Record: isms.Record{ID: "t", Unit: "board-a"}, Incident: "inc", Name: "Ring",
			Owner: "head", DueAt: tx.Now(), State: isms.TaskOpen}); err != nil {
			return err
		}
		_, there, err := tx.MailByKey("task/t/" + string(tx.Now()) + "/start")
		if err != nil || !there {
			t.Errorf("within the act: %v %v", there, err)
		}
		return broken
	})
	want(t, "act", err, broken)
	w.tells("after it was undone", "")
}

func TestNightsAreQuiet(t *testing.T) { onEach(t, nightsAreQuiet) }

func nightsAreQuiet(t *testing.T, w *world) {
	w.mailing()
	w.at("2026-03-02 22:30")
	w.hit()
	want(t, "choice", w.Choose(w.ctx(), w.as("head"), Choice{}), nil)
	w.task("manager", "2026-03-09 12:00")
	w.task("head", "2026-03-09 12:00")
	w.tells("at night", "head: task start")
	w.at("2026-03-03 06:59")
	w.tells("before seven", "")
	w.at("2026-03-03 07:00")
	w.tells("in the morning", "manager: task start")
	for in, out := range map[string]string{"2026-03-02 21:59": "2026-03-02 21:59", "2026-03-02 22:00": "2026-03-03 07:00", "2026-03-03 00:00": "2026-03-03 07:00",
		"2026-03-03 06:59": "2026-03-03 07:00", "2026-03-03 07:00": "2026-03-03 07:00", "2026-03-28 23:00": "2026-03-29 07:00", "2026-10-24 22:00": "2026-10-25 07:00"} {
		if got := swedish(afterNight(moment(t, in)), false); got != out {
			t.Errorf("after the night of %s: %s, want %s", in, got, out)
		}
	}
}

func TestOnlyWhatIsWanted(t *testing.T) { onEach(t, onlyWhatIsWanted) }

func onlyWhatIsWanted(t *testing.T, w *world) {
	w.mailing()
	w.at("2026-03-02 12:00")
	w.hit()
	for person, refused := range map[string][]ReminderKind{"head": {RemindClock}, "dpo": ReminderKinds(), "coordinator": {RemindTask}} {
		want(t, person, w.Choose(w.ctx(), w.as(person), Choice{Refused: refused, Quiet: true, Lang: locale.English}), nil)
	}
	wantWrong(t, "no such kind", w.Choose(w.ctx(), w.as("head"), Choice{Refused: []ReminderKind{"weather"}}), "choice")
	wantWrong(t, "no such language", w.Choose(w.ctx(), w.as("head"), Choice{Lang: "fi"}), "choice")
	want(t, "aware", w.aware("2026-03-02 11:00"), nil)
	list := w.letters()
	if len(list) != 1 || list[0].Person != "coordinator" || list[0].Lang != locale.English {
		t.Errorf("letters: %+v", list)
	}
	n, err := w.Notices(w.ctx(), w.as("dpo"))
	want(t, "notices", err, nil)
	if n.Wants(RemindClock) || !n.Quiet || !n.Mail || n.Address != "dpo@example.se" {
		t.Errorf("chosen: %+v", n)
	}
}

func TestManyThingsMakeOneLetter(t *testing.T) { onEach(t, manyThingsMakeOneLetter) }

// manyThingsMakeOneLetter holds that nobody gets more than a letter each quarter of an hour, but for the first alarm of a period.
func manyThingsMakeOneLetter(t *testing.T, w *world) {
	w.mailing()
	w.at("2026-03-02 12:00")
	w.hit()
	for range 200 {
		w.task("head", "2026-03-09 12:00")
	}
	list := w.letters()
	if len(list) != 1 || len(list[0].Reminders) != 200 {
		t.Fatalf("%d letters", len(list))
	}
	want(t, "sent", w.LetterSent(w.ctx(), list[0]), nil)
	w.at("2026-03-02 12:05")
	w.task("head", "2026-03-09 12:00")
	w.tells("five minutes later", "")
	w.at("2026-03-02 12:10")
	want(t, "aware", w.aware("2026-03-02 12:00"), nil)
	w.tells("a first alarm takes along what waits", "coordinator: clock start; dpo: clock start; head: task start, clock start")
	w.at("2026-03-02 12:20")
	w.task("head", "2026-03-09 12:00")
	w.tells("too soon after the alarm", "")
	w.at("2026-03-02 12:25")
	w.tells("a quarter after", "head: task start")
}

func TestWhoHasLeftIsNotTold(t *testing.T) { onEach(t, whoHasLeftIsNotTold) }

// whoHasLeftIsNotTold takes away what the letter rests on between the act and the letter.
func whoHasLeftIsNotTold(t *testing.T, w *world) {
	w.mailing()
	w.at("2026-03-02 12:00")
	w.hit()
	want(t, "aware", w.aware("2026-03-02 12:00"), nil)
	head := kept[isms.Person](w, "head")
	want(t, "head", w.Retire(w.ctx(), w.as("central_office"), "person", "head", head.Rev, "", ""), nil)
	as := kept[isms.Assignment](w, "as-dpo")
	as.ValidTo = "2026-03-01"
	w.put(&as)
	want(t, "account", w.DB.PutAccount(w.ctx(), store.Account{Name: w.org + ".coordinator", Org: w.org, Person: "coordinator", State: AccountClosed}), nil)
	w.tells("nobody is left", "")
	want(t, "account", w.DB.PutAccount(w.ctx(), store.Account{Name: w.org + ".coordinator", Org: w.org, Person: "coordinator"}), nil)
	w.task("coordinator", "2026-03-09 12:00")
	w.task("employee", "2026-03-09 12:00") // who may not see it
	w.tells("with an account that is open", "coordinator: task start")
}

func TestFailuresAreTriedAgain(t *testing.T) { onEach(t, failuresAreTriedAgain) }

func failuresAreTriedAgain(t *testing.T, w *world) {
	w.mailing()
	w.at("2026-03-02 12:00")
	w.hit()
	w.task("head", "2026-03-19 12:00")
	began := w.now
	tries := 0
	for ; w.now.Sub(began) < 4*24*time.Hour; w.now = w.now.Add(5 * time.Minute) {
		due, err := w.anyMail(w.ctx(), w.org)
		want(t, "any", err, nil)
		if !due {
			continue
		}
		for _, l := range w.letters() {
			tries++
			want(t, "failed", w.LetterFailed(w.ctx(), l, MailProblem{Code: "450"}), nil)
		}
		if tries == 2 {
			if s := w.mailState(); s.Retrying != 1 || s.Failed != 0 {
				t.Errorf("after two tries: %+v", s)
			}
		}
		if s := w.mailState(); s.Failed > 0 {
			break
		}
	}
	if took := w.now.Sub(began); tries != mostTries || took < 36*time.Hour || took > 48*time.Hour {
		t.Errorf("%d tries in %v", tries, took)
	}
	if s := w.mailState(); s.Failed != 1 || s.Problem != "450" || s.Retrying != 0 || s.FailedAt == "" {
		t.Errorf("given up: %+v", s)
	}
	w.task("manager", "2026-03-19 12:00")
	p := kept[isms.Person](w, "coordinator")
	p.Email = ""
	w.put(&p)
	w.task("coordinator", "2026-03-19 12:00")
	w.later("2026-03-05")
	list := w.letters()
	if len(list) != 1 {
		t.Fatalf("letters %+v", list)
	}
	want(t, "refused", w.LetterFailed(w.ctx(), list[0], MailProblem{Code: "550", Permanent: true}), nil)
	w.later("2026-03-06")
	w.tells("after a final no", "")
	if s := w.mailState(); s.Failed != 3 {
		t.Errorf("with one refused and one without an address: %+v", s)
	}
}

func (w *world) mailState() MailState {
	w.t.Helper()
	s, err := w.MailState(w.ctx(), w.as("central_office"))
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func TestServerThatBreaksDown(t *testing.T) { onEach(t, serverThatBreaksDown) }

// serverThatBreaksDown takes letters and never says how it went. A statutory reminder is sent again, others are not.
func serverThatBreaksDown(t *testing.T, w *world) {
	w.mailing()
	w.at("2026-03-02 12:00")
	w.hit()
	w.task("manager", "2026-03-09 12:00")
	want(t, "aware", w.aware("2026-03-02 12:00"), nil)
	if n := len(w.letters()); n != 4 {
		t.Fatalf("%d letters", n)
	}
	w.at("2026-03-02 12:09")
	w.tells("while it may still be sending", "")
	w.at("2026-03-02 12:11")
	w.tells("after that", "coordinator: clock start; dpo: clock start; head: clock start")
	if s := w.mailState(); s.Failed != 1 || s.Problem != "unknown" || s.Sent != 3 {
		t.Errorf("%+v", s)
	}
}

func TestTwoServers(t *testing.T) { onEach(t, twoServers) }

// twoServers send at the same time from one database: each letter goes out once.
func twoServers(t *testing.T, w *world) {
	w.mailing()
	w.at("2026-03-02 12:00")
	w.hit()
	owners := []string{"head", "manager", "coordinator", "system_owner", "information_owner", "security_coordinator", "dpo"}
	for range 3 {
		for _, owner := range owners {
			w.task(owner, "2026-03-09 12:00")
		}
	}
	servers := []*App{w.App, w.App, w.App}
	if strings.HasSuffix(t.Name(), "/postgres") {
		for i := range 2 {
			db, err := store.Open(t.Context(), store.Config{URL: os.Getenv("LEDSYN_TEST_POSTGRES"), Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			db.Now = w.DB.Now
			servers[i+1] = &App{DB: db, Log: w.Log, Mail: w.Mail}
		}
	}
	var mu sync.Mutex
	sent := map[string]int{}
	var all sync.WaitGroup
	for _, a := range servers {
		all.Go(func() {
			for range 3 {
				letters, err := a.takeFrom(t.Context(), w.org)
				if err != nil {
					t.Error(err)
				}
				for _, l := range letters {
					mu.Lock()
					sent[l.Person] += len(l.Reminders)
					mu.Unlock()
					if err := a.LetterSent(t.Context(), l); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
	for _, owner := range owners {
		if sent[owner] != 3 {
			t.Errorf("%s was told of %d things, want 3", owner, sent[owner])
		}
	}
}

func TestOtherErrands(t *testing.T) { onEach(t, otherErrands) }

// otherErrands are those from before there were incidents: time brings them near, and no act.
func otherErrands(t *testing.T, w *world) {
	w.record()
	w.mailing()
	w.later("2023-01-10")
	want(t, "report", w.planIn(w.ctx(), w.org), nil)
	got := w.told()
	if !strings.Contains(got, "request 10d") {
		t.Errorf("a request with ten days left: %q", got)
	}
	w.put(&isms.Document{Record: isms.Record{ID: "doc", Unit: "board-a"}, Title: "Hemlig titel", Type: "policy", State: isms.DocumentDecided, Owner: "manager",
		ReviewBy: "2023-03-01"})
	_, err := w.StartCampaign(w.ctx(), w.as("coordinator"), NewCampaign{Unit: "board-a", Name: "Inventering", Year: 2023, StartsOn: "2023-02-01", EndsOn: "2023-02-28"})
	want(t, "campaign", err, nil)
	for _, c := range []struct{ day, want string }{
		{"2023-01-29", ""},
		{"2023-01-31", "manager: document 30d"},
		{"2023-02-01", "information_owner: campaign start"},
		{"2023-02-21", "information_owner: campaign 7d"},
		{"2023-02-22", "manager: document 7d"},
		{"2023-02-27", "information_owner: campaign 1d"},
		{"2023-03-02", "manager: document past"},
	} {
		w.later(c.day)
		want(t, "plan", w.planIn(w.ctx(), w.org), nil)
		var rest []string
		for _, one := range strings.Split(w.told(), "; ") {
			if !strings.Contains(one, "request") {
				rest = append(rest, one)
			}
		}
		if got := strings.Join(rest, "; "); got != c.want {
			t.Errorf("%s: told %q, want %q", c.day, got, c.want)
		}
	}
}

func TestTriageIsRemindedOf(t *testing.T) { onEach(t, triageIsRemindedOf) }

func triageIsRemindedOf(t *testing.T, w *world) {
	w.mailing()
	w.at("2026-03-02 12:00")
	r := w.reports(w.as("employee"), "board-a", "En rad")
	w.tells("reported", "coordinator: triage start")
	w.at("2026-03-03 12:01")
	w.tells("not judged", "coordinator: triage past")
	r = w.reports(w.as("employee"), "board-a", "En till")
	w.triages(w.as("coordinator"), r.ID, nil)
	w.at("2026-03-03 12:30")
	w.tells("judged before the letter", "")
}

func TestNoMailWhereNoneIsSent(t *testing.T) { onEach(t, noMailWhereNoneIsSent) }

// noMailWhereNoneIsSent holds that a demonstration, a server that does not send, and what was restored, write to nobody.
func noMailWhereNoneIsSent(t *testing.T, w *world) {
	w.mailing()
	w.at("2026-03-02 12:00")
	w.hit()
	want(t, "aware", w.aware("2026-03-02 12:00"), nil)
	w.Demo = true
	letters, err := w.TakeLetters(w.ctx())
	if err != nil || len(letters) > 0 || w.PlanReminders(w.ctx()) != nil {
		t.Errorf("a demonstration sends %v, %v", letters, err)
	}
	w.Demo, w.Mail = false, nil
	letters, err = w.TakeLetters(w.ctx())
	if err != nil || len(letters) > 0 {
		t.Errorf("a server that does not send sends %v, %v", letters, err)
	}
	if s := w.mailState(); s.On {
		t.Errorf("%+v", s)
	}
}

// TestMarks holds what a plan of reminders is for any errand at any time: at most one that has passed, none twice, none before the start.
func TestMarks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(ReminderKinds()).Draw(t, "kind")
		start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 1e6).Draw(t, "start")) * time.Second)
		e := Errand{Kind: kind, RefID: "r", Starts: register.MomentOf(start)}
		e.At = register.MomentOf(start.Add(time.Duration(rapid.IntRange(1, 3e6).Draw(t, "length")) * time.Second))
		now := register.MomentOf(start.Add(time.Duration(rapid.IntRange(0, 6e6).Draw(t, "now")) * time.Second))
		seen, passed := map[string]bool{}, 0
		for _, m := range e.lines(now) {
			if seen[m.Key] || m.Due < now || m.Due < e.Starts {
				t.Fatalf("%+v", m)
			}
			if seen[m.Key] = true; m.Due == now {
				passed++
			}
		}
		if passed > 1 {
			t.Fatalf("%d have passed", passed)
		}
	})
}

func TestReminderRules(t *testing.T) {
	if len(ReminderKinds()) != 9 || !RemindClock.Statutory() || RemindTask.Statutory() || ReminderKind("x").Statutory() {
		t.Errorf("%v", reminderRules)
	}
	for _, bad := range []string{"kind clock 24x", "clock start", "kind clock -1h", "kind clock h"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q is read", bad)
				}
			}()
			readReminderRules(bad)
		}()
	}
}

func TestWhatHasChangedMeanwhile(t *testing.T) { onEach(t, whatHasChangedMeanwhile) }

// whatHasChangedMeanwhile lets reminders wait for the morning, and changes in the night what they rest on.
func whatHasChangedMeanwhile(t *testing.T, w *world) {
	w.mailing()
	w.at("2026-03-02 23:00")
	w.hit()
	w.task("head", "2026-03-09 12:00")
	moved := w.task("manager", "2026-03-05 12:00")
	done := w.task("coordinator", "2026-03-09 12:00")
	w.tells("at night", "")
	as := kept[isms.Assignment](w, "as-head")
	as.ValidTo = "2026-03-02"
	w.put(&as)
	for id, form := range map[string]map[string][]string{
		moved: {"due_at": {string(moment(t, "2026-03-20 12:00"))}},
		done:  {"state": {"done"}, "done_at": {string(moment(t, "2026-03-02 23:00"))}},
	} {
		was := kept[isms.IncidentTask](w, id)
		full := map[string][]string{"incident": {"inc"}, "name": {was.Name}, "owner": {string(was.Owner)}, "due_at": {string(was.DueAt)}, "state": {string(was.State)}}
		for name, value := range form {
			full[name] = value
		}
		_, err := w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "incident_task", ID: id, Rev: was.Rev, Form: full})
		want(t, "change", err, nil)
	}
	w.at("2026-03-03 07:00")
	list := w.letters()
	if len(list) != 1 || about(list[0]) != "manager: task start" || list[0].Reminders[0].At != moment(t, "2026-03-20 12:00") {
		t.Errorf("in the morning: %+v", list)
	}
	for _, l := range list {
		want(t, "sent", w.LetterSent(w.ctx(), l), nil)
	}
	w.at("2026-03-05 11:30")
	w.tells("the hour before the moment that was", "")
	w.at("2026-03-19 12:00")
	w.tells("the day before the one that is", "manager: task 24h")
}
