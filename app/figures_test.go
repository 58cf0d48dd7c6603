// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
)

func (w *world) classify(id, system, unit string, on register.Day) {
	w.t.Helper()
	w.put(&isms.Classification{Record: isms.Record{ID: id, Unit: unit}, System: register.Ref[isms.System](system), Model: "klassa-0-4",
		State: isms.ClassificationDecided, Confidentiality: "1", Integrity: "1", Availability: "1", DecidedOn: on})
}

func (w *world) figures(unit string, day register.Day, known register.Moment) []metric.Figure {
	w.t.Helper()
	figures, err := w.Figures(w.ctx(), w.as("central_office"), unit, day, known)
	if err != nil {
		w.t.Fatal(err)
	}
	return figures
}

func figure(figures []metric.Figure, id string) metric.Figure {
	i := slices.IndexFunc(figures, func(f metric.Figure) bool { return f.ID() == id })
	if i < 0 {
		return metric.Figure{}
	}
	return figures[i]
}

// TestFiguresOfThePast computes figures at the ends of days, changes everything, and asks for them again.
func TestFiguresOfThePast(t *testing.T) { onEach(t, figuresOfThePast) }

func figuresOfThePast(t *testing.T, w *world) {
	days := []register.Day{"2023-01-31", "2023-02-28", "2023-03-31", "2023-04-30", "2023-05-31"}
	changes := []func(){
		func() { w.classify("c1", "sys-a", "board-a", "2023-01-12") },
		func() {
			w.put(&isms.System{Record: isms.Record{ID: "sys-n", Unit: "board-a"}, Name: "Nytt", Lifecycle: isms.InUse})
			w.classify("c2", "sys-d", "dept-a", "2023-02-12")
		},
		func() { w.put(unitAt("dept-a", "board-b", "department", 1)) }, // the department comes under the other board
		func() {
			want(t, "retire", w.Retire(w.ctx(), w.as("coordinator"), "system", "sys-n", 1, "2023-04-02", ""), nil)
		},
		func() {
			want(t, "retire", w.Retire(w.ctx(), w.as("information_owner"), "classification", "c1", 1, "", ""), isms.ErrForbidden)
			want(t, "retire", w.Retire(w.ctx(), w.as("coordinator"), "classification", "c1", 1, "", ""), nil)
		},
	}
	var then [][]metric.Figure
	for i, day := range days {
		w.later(string(day))
		changes[i]()
		then = append(then, w.figures("board-a", day, ""))
	}
	counts := []string{"1 of 2", "2 of 3", "1 of 2", "1 of 1", "0 of 1"}
	for i, day := range days {
		f := figure(then[i], "systems_classified")
		if got := f.Numerator.String() + " of " + f.Denominator.String(); got != counts[i] {
			t.Errorf("%s: %s, want %s", day, got, counts[i])
		}
		if diff := cmp.Diff(then[i], w.figures("board-a", day, day.End()), numbers); diff != "" {
			t.Errorf("the figures of %s are others when asked for later:\n%s", day, diff)
		}
	}
	points, err := w.Curve(w.ctx(), w.as("head"), "board-a", "systems_classified", days)
	want(t, "curve", err, nil)
	for i, p := range points {
		if diff := cmp.Diff(figure(then[i], "systems_classified"), p.Figure, numbers); diff != "" {
			t.Errorf("the curve's point of %s is another figure:\n%s", p.Day, diff)
		}
	}
}

// TestCurveOfADayThatIsNotOver holds that what is still to be written into a day is seen, though the day was asked for before.
func TestCurveOfADayThatIsNotOver(t *testing.T) {
	w := newWorld(t)
	w.later("2023-02-01")
	days := []register.Day{"2023-01-31", "2023-02-01", "2023-02-28"}
	counted := func() string {
		points, err := w.Curve(w.ctx(), w.as("head"), "board-a", "systems_classified", days)
		want(t, "curve", err, nil)
		var list []string
		for _, p := range points {
			list = append(list, p.Figure.Numerator.String())
		}
		return strings.Join(list, " ")
	}
	if got := counted(); got != "0 0 0" {
		t.Errorf("before: %s", got)
	}
	w.classify("c1", "sys-a", "board-a", "2023-01-20")
	if got := counted(); got != "0 1 1" {
		t.Errorf("after: %s", got)
	}
}

func unitAt(id, parent, kind string, rev int) *isms.Unit {
	u := unit(id, parent, kind)
	u.Rev = rev
	return u
}

func TestFiguresNeedEveryRegister(t *testing.T) {
	w := newWorld(t)
	for role, wanted := range map[string]error{"auditor": nil, "dpo": nil, "system_owner": isms.ErrForbidden, "manager": isms.ErrForbidden,
		"employee": isms.ErrForbidden, "administrator": isms.ErrNotFound} {
		_, err := w.Figures(w.ctx(), w.as(role), "board-a", "2023-01-10", "")
		want(t, role, err, wanted)
	}
	_, err := w.Figures(w.ctx(), w.as("head"), "board-a", "2023-02-30", "")
	wantWrong(t, "a day that is none", err, "day")
	_, err = w.Figures(w.ctx(), w.as("head"), "board-a", "2023-02-28", "yesterday")
	wantWrong(t, "a moment that is none", err, "moment")
	_, err = w.Curve(w.ctx(), w.as("head"), "board-a", "systems_classified", make([]register.Day, maxPoints+1))
	wantWrong(t, "too many points", err, "many")
}

func TestMonthEnds(t *testing.T) {
	got := MonthEnds("2023-11-15", "2024-03-10")
	if wanted := []register.Day{"2023-11-30", "2023-12-31", "2024-01-31", "2024-02-29", "2024-03-10"}; !slices.Equal(got, wanted) {
		t.Errorf("%v, want %v", got, wanted)
	}
	if got := MonthEnds("1200-01-01", "2024-03-10"); len(got) != maxPoints {
		t.Errorf("%d points", len(got))
	}
}

// TestDiffers freezes a review, corrects the registers and asks what is told otherwise.
func TestDiffers(t *testing.T) { onEach(t, differs) }

func differs(t *testing.T, w *world) {
	w.classify("c1", "sys-a", "board-a", "2023-01-10")
	id := w.review()
	w.advance(id, toProposed...)
	w.decide(id)
	list, err := w.Differs(w.ctx(), w.as("head"), id)
	want(t, "differs", err, nil)
	if len(list) != 0 {
		t.Errorf("on the day itself %d figures differ: %+v", len(list), list)
	}
	w.later("2024-02-01")
	w.classify("c2", "sys-d", "dept-a", "2023-11-19") // before the review's day, written down after it
	w.put(&isms.System{Record: isms.Record{ID: "sys-n", Unit: "board-a"}, Name: "Nytt", Lifecycle: isms.InUse, InUseFrom: "2024-01-01"})
	list, err = w.Differs(w.ctx(), w.as("head"), id)
	want(t, "differs", err, nil)
	i := slices.IndexFunc(list, func(d Difference) bool { return d.Frozen.ID() == "systems_classified" })
	if i < 0 {
		t.Fatalf("the share of classified systems does not differ: %+v", list)
	}
	for name, f := range map[string]metric.Figure{"1 of 2": list[i].Frozen, "2 of 2": list[i].Then, "2 of 3": list[i].Now} {
		if got := f.Numerator.String() + " of " + f.Denominator.String(); got != name {
			t.Errorf("%s, want %s", got, name)
		}
	}
}

// TestWhatIsOpenComesAgain holds that what one year's review planned and did not do stands in the next year's by itself.
func TestWhatIsOpenComesAgain(t *testing.T) {
	w := newWorld(t)
	w.put(
		&isms.Activity{Record: isms.Record{ID: "act", Unit: "board-a"}, Name: "Incidentrutin", State: isms.ActivityPlanned, Owner: "coordinator"},
		&isms.ActivityTarget{Record: isms.Record{ID: "line", Unit: "board-a"}, Activity: "act", Year: 2024, Text: "Översyn av incidentrutiner", State: isms.ActivityPlanned})
	id := w.review()
	w.put(&isms.Decision{Record: isms.Record{ID: "dec", Unit: "board-a"}, Title: "Utse en till samordnare", Kind: "resource", Review: register.Ref[isms.Review](id),
		DecidedOn: "2023-11-20", State: isms.DecisionOpen})
	w.advance(id, toProposed...)
	w.decide(id)

	w.later("2024-11-20")
	next, err := w.StartReview(w.ctx(), w.as("coordinator"), NewReview{Unit: "board-a", Year: 2025, Template: "stockholm-2024"})
	want(t, "next year's review", err, nil)
	status := func() string {
		doc, err := w.Doc(w.ctx(), w.as("coordinator"), next, locale.Swedish)
		want(t, "document", err, nil)
		return text(doc, "status")
	}
	for _, wanted := range []string{"Översyn av incidentrutiner", "Utse en till samordnare"} {
		if !strings.Contains(status(), wanted) {
			t.Errorf("%q is not carried forward:\n%s", wanted, status())
		}
	}
	w.put(&isms.ActivityTarget{Record: isms.Record{ID: "line", Unit: "board-a", Rev: 1}, Activity: "act", Year: 2024, Text: "Översyn av incidentrutiner",
		State: isms.ActivityMoved, Reason: "Väntar på stadens mall."})
	if !strings.Contains(status(), "Väntar på stadens mall.") {
		t.Errorf("the reason is not told:\n%s", status())
	}
}
