// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/report"
)

const fiveSteps = "Mycket låg\nLåg\nMedel\nHög\nMycket hög"

// control fills the world with the city's compulsory process and a scale, and moves to the autumn before the year.
func (w *world) control() {
	w.t.Helper()
	in := func(id, unit string) isms.Record { return isms.Record{ID: id, Unit: unit} }
	w.put(&isms.Instruction{Record: in("instruction", "city"), Title: "Anvisning", Year: 2024},
		&isms.ControlProcess{Record: in("compulsory", "city"), Name: "Systematiskt informationssäkerhetsarbete", Compulsory: true, Instruction: "instruction"},
		&isms.ControlProcess{Record: in("own", "board-a"), Name: "Avgifter"},
		&isms.ControlProcess{Record: in("others", "board-b"), Name: "Gator"},
		&isms.ControlScale{Record: in("scale", "city"), Name: "Fem steg", FirstYear: 2024, Likelihoods: fiveSteps, Consequences: strings.ReplaceAll(fiveSteps, "Låg", "Liten"),
			Bands: "1 Låg\n5 Medel\n12 Hög", ActFrom: register.CountOf(12)})
	w.later("2023-11-23")
}

// line saves a line of board-a's analysis as its coordinator and returns its id.
func (w *world) line(id string, rev int, form map[string]string) (string, error) {
	values := map[string][]string{}
	for k, v := range form {
		values[k] = []string{v}
	}
	return w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "control_assessment", ID: id, Rev: rev, Unit: "board-a", Form: values})
}

func (w *world) mustLine(form map[string]string) string {
	w.t.Helper()
	id, err := w.line("", 0, form)
	want(w.t, "a line", err, nil)
	return id
}

// workCodes are what there is to do in board-a's analysis of the year.
func (w *world) workCodes(year int) string {
	w.t.Helper()
	y, err := w.ControlYear(w.ctx(), w.as("coordinator"), "board-a", year)
	want(w.t, "the year", err, nil)
	var codes []string
	for _, c := range y.Work {
		codes = append(codes, c.Code+" "+fmt.Sprint(c.Args...))
		for _, l := range locale.Langs() {
			if text := l.T("ic.work."+c.Code, c.Args...); strings.Contains(text, "[[") || strings.Contains(text, "{") {
				w.t.Errorf("%s in %s: %s", c.Code, l, text)
			}
		}
	}
	return strings.Join(codes, ", ")
}

// It is compulsory to assess the city's process, not to take it into the plan: of its parts the board took one and said why not the others.
func TestCompulsoryToAssessNotToInclude(t *testing.T) { onEach(t, compulsoryToAssess) }

func compulsoryToAssess(t *testing.T, w *world) {
	w.control()
	if got := w.workCodes(2024); got != "not_assessed Systematiskt informationssäkerhetsarbete" {
		t.Errorf("before anything is assessed: %s", got)
	}
	base := map[string]string{"process": "compulsory", "year": "2024", "likelihood": "3", "consequence": "4", "assessed_on": "2023-11-23"}
	part := func(name, treatment, motive string) map[string]string {
		form := map[string]string{"part": name, "treatment": treatment, "motive": motive}
		for k, v := range base {
			form[k] = v
		}
		return form
	}
	w.mustLine(part("Behörighetshantering", "control_plan", ""))
	if got := w.workCodes(2024); got != "" {
		t.Errorf("with the part that goes into the plan: %s", got)
	}
	rest := w.mustLine(part("Incidenthantering", "accept", ""))
	if got := w.workCodes(2024); got != "accepted_high Incidenthantering" {
		t.Errorf("a high risk that is accepted without a word: %s", got)
	}
	_, err := w.line(rest, 1, map[string]string{"likelihood": "1", "consequence": "2"})
	want(t, "a lower value", err, nil)
	if got := w.workCodes(2024); got != "left_out Incidenthantering" {
		t.Errorf("a part left out without a word: %s", got)
	}
	_, err = w.line(rest, 2, map[string]string{"motive": "Rutinen är ny och övas under året."})
	want(t, "a motive", err, nil)
	if got := w.workCodes(2024); got != "" {
		t.Errorf("with the motive: %s", got)
	}

	plan, err := w.MakePlan(w.ctx(), w.as("coordinator"), "board-a", 2024, locale.Swedish, "k")
	want(t, "make the plan", err, nil)
	again, err := w.MakePlan(w.ctx(), w.as("coordinator"), "board-a", 2024, locale.Swedish, "k2")
	want(t, "make it again", err, nil)
	p, err := w.ControlPlanPage(w.ctx(), w.as("coordinator"), plan)
	want(t, "the plan", err, nil)
	if again != plan || len(p.Controls) != 1 || p.Controls[0].Name != "Behörighetshantering" || len(p.Actions) != 0 || p.Controls[0].Method != "" {
		t.Errorf("the plan has %+v and %+v", p.Controls, p.Actions)
	}
	if y, _ := w.ControlYear(w.ctx(), w.as("coordinator"), "board-a", 2024); y.Processes[0].ID != "compulsory" || len(y.Processes) != 2 || y.Unplanned != 0 {
		t.Errorf("the year is %+v", y)
	}
	_, err = w.ControlYear(w.ctx(), w.as("coordinator-b"), "board-a", 2024)
	want(t, "another unit's year", err, isms.ErrNotFound)
	_, err = w.ControlPlanPage(w.ctx(), w.as("coordinator-b"), plan)
	want(t, "another unit's plan", err, isms.ErrNotFound)
	_, err = w.MakePlan(w.ctx(), w.as("auditor"), "board-a", 2024, locale.Swedish, "")
	want(t, "an auditor makes a plan", err, isms.ErrForbidden)
}

// A scale that a risk has been valued on stays as it is, and so does the year's matrix when another takes over.
func TestScaleStaysWithItsYear(t *testing.T) { onEach(t, scaleStays) }

func scaleStays(t *testing.T, w *world) {
	w.control()
	central := w.as("central_office")
	scale := func(id string, rev int, form map[string][]string) (string, error) {
		return w.Save(w.ctx(), central, Change{Kind: "control_scale", ID: id, Rev: rev, Unit: "city", Form: form})
	}
	_, err := scale("scale", 1, map[string][]string{"bands": {"1 Låg\n6 Medel\n12 Hög"}})
	want(t, "a scale that nobody uses", err, nil)
	_, err = w.line("", 0, map[string]string{"process": "compulsory", "part": "Loggar", "year": "2024"})
	want(t, "a line that is not valued", err, nil)
	_, err = scale("scale", 2, map[string][]string{"bands": {"1 Låg\n5 Medel\n12 Hög"}})
	want(t, "a scale that nothing is valued on", err, nil)

	id := w.mustLine(map[string]string{"process": "compulsory", "part": "Konton", "year": "2024", "likelihood": "3", "consequence": "4"})
	for field, value := range map[string]string{"bands": "1 Allt", "likelihoods": "A\nB\nC", "consequences": "A\nB\nC\nD\nE", "first_year": "2025", "act_from": "3"} {
		_, err = scale("scale", 3, map[string][]string{field: {value}})
		wantWrong(t, field+" of a scale in use", err, "scale_in_use")
	}
	_, err = w.Save(w.ctx(), central, Change{Kind: "control_scale", ID: "scale", Rev: 3, Unit: "board-b", Form: map[string][]string{}})
	wantWrong(t, "moving a scale in use", err, "scale_in_use")
	_, err = scale("scale", 3, map[string][]string{"name": {"Fem steg, beslutad"}, "dnr": {"KS 2023/1"}})
	want(t, "its name", err, nil)

	_, err = w.line(id, 1, map[string]string{"likelihood": "6"})
	wantWrong(t, "a step that the scale has not", err, "off_scale")
	_, err = w.line(id, 1, map[string]string{"consequence": "-1"})
	wantWrong(t, "a step below all", err, "number")
	three := map[string][]string{"name": {"Tre steg"}, "first_year": {"2024"}, "likelihoods": {"A\nB\nC"}, "consequences": {"A\nB\nC"}, "bands": {"1 Grön\n4 Röd"}}
	_, err = scale("", 0, three)
	wantWrong(t, "another scale of the same unit and year", err, "scale_year_taken")
	other, err := w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "control_scale", Unit: "board-a", Form: three})
	want(t, "a scale of the board's own, in the middle of the year", err, nil)
	_, err = w.line(id, 1, map[string]string{"scale": other})
	wantWrong(t, "a scale chosen by hand", err, "scale_by_year")
	w.mustLine(map[string]string{"process": "compulsory", "part": "Telefoner", "year": "2024", "likelihood": "5", "consequence": "5"})
	_, err = w.line("", 0, map[string]string{"process": "compulsory", "part": "Telefoner", "year": "2025", "likelihood": "5", "consequence": "5"})
	wantWrong(t, "the next year is valued on the other", err, "off_scale")

	y, err := w.ControlYear(w.ctx(), w.as("coordinator"), "board-a", 2024)
	want(t, "the year", err, nil)
	if y.Scale.ID != "scale" {
		t.Errorf("the year's scale became %s", y.Scale.Name)
	}
	for _, r := range y.Risks {
		if r.Part == "Konton" && (r.Value != 12 || r.Scale != "scale") {
			t.Errorf("the line is %+v", r)
		}
	}
	next, err := w.ControlYear(w.ctx(), w.as("coordinator"), "board-a", 2025)
	want(t, "the next year", err, nil)
	if next.Scale.ID != other || next.Copyable != 3 {
		t.Errorf("the next year has scale %+v and %d lines to copy", next.Scale, next.Copyable)
	}
	n, err := w.CopyRisks(w.ctx(), w.as("coordinator"), "board-a", 2025, "copy")
	want(t, "copy", err, nil)
	next, _ = w.ControlYear(w.ctx(), w.as("coordinator"), "board-a", 2025)
	if n != 3 || len(next.Risks) != 3 || next.Copyable != 0 {
		t.Errorf("%d copied: %+v", n, next.Risks)
	}
	for _, r := range next.Risks {
		if r.AssessedOn != "" || r.Treatment != "" || r.Motive != "" || r.Likelihood != 0 || r.Scale != "" {
			t.Errorf("copied unseen: %+v", r)
		}
	}
	if got := w.workCodes(2025); strings.Count(got, "not_looked_at") != 3 {
		t.Errorf("what was copied asks for nothing: %s", got)
	}
}

func TestWithoutAScale(t *testing.T) { onEach(t, withoutAScale) }

func withoutAScale(t *testing.T, w *world) {
	w.control()
	y, err := w.ControlYear(w.ctx(), w.as("coordinator"), "board-a", 2023) // before the first year of the city's scale
	want(t, "the year", err, nil)
	if y.Scale != nil {
		t.Fatalf("a scale before its first year: %+v", y.Scale)
	}
	id := w.mustLine(map[string]string{"process": "own", "part": "Avgifter", "year": "2023", "likelihood": "3", "consequence": "4"})
	y, _ = w.ControlYear(w.ctx(), w.as("coordinator"), "board-a", 2023)
	if r := y.Risks[0]; r.Value != 0 || !r.OffScale || y.Placeable != 0 {
		t.Errorf("a value without a scale: %+v", r)
	}
	if _, err := w.ProposeScale(w.ctx(), w.as("coordinator"), "board-a", 2023, locale.Swedish, "p"); err != nil {
		t.Fatal(err)
	}
	_, err = w.ProposeScale(w.ctx(), w.as("coordinator"), "board-a", 2023, locale.Swedish, "p2")
	wantWrong(t, "two proposals", err, "scale_exists")
	y, _ = w.ControlYear(w.ctx(), w.as("coordinator"), "board-a", 2023)
	if y.Placeable != 1 || y.Scale == nil || y.Scale.DecidedOn != "" || len(y.Steps.Likelihoods) != 5 {
		t.Errorf("after the proposal: %+v", y)
	}
	n, err := w.PlaceOnScale(w.ctx(), w.as("coordinator"), "board-a", 2023, "place")
	want(t, "place", err, nil)
	y, _ = w.ControlYear(w.ctx(), w.as("coordinator"), "board-a", 2023)
	if r := y.Risks[0]; n != 1 || r.ID != id || r.Value != 12 || r.OffScale {
		t.Errorf("placed: %+v", r)
	}
	for _, l := range locale.Langs() {
		s := isms.ControlScale{Likelihoods: l.T("ic.proposal.likelihoods"), Consequences: l.T("ic.proposal.consequences"), Bands: l.T("ic.proposal.bands"), ActFrom: register.CountOf(10)}
		if wrong := s.Wrong(); len(wrong) > 0 {
			t.Errorf("the proposal in %s is wrong: %v", l, wrong)
		}
	}
}

// controlled gives board-a a plan of 2024 with two controls, one spot check and results.
func (w *world) controlled() {
	w.t.Helper()
	w.control()
	in := func(id string) isms.Record { return isms.Record{ID: id, Unit: "board-a"} }
	w.put(&isms.ControlAssessment{Record: in("risk"), Process: "compulsory", Part: "Behörighetshantering", Year: 2024, Likelihood: 3, Consequence: 4, Scale: "scale", Treatment: isms.ToControlPlan, AssessedOn: "2023-11-23"},
		&isms.ControlPlan{Record: in("plan"), Title: "Internkontrollplan 2024", Year: 2024, Dnr: "N 2023/7", DecidedOn: "2023-12-12"},
		&isms.Control{Record: in("accounts"), Name: "Konton efter avslut", Plan: "plan", Assessment: "risk", Method: "spot_check", Frequency: "Varje tertial", Performer: "coordinator"},
		&isms.Control{Record: in("logs"), Name: "Loggar läses", Plan: "plan", Method: "log_reading", Performer: "system_owner"},
		&isms.DirectAction{Record: in("action"), Name: "Öva incidentrutinen", Plan: "plan", Owner: "head", DueOn: "2024-03-01", State: isms.ActionPlanned})
	w.later("2024-05-20")
	w.put(&isms.SpotCheck{Record: in("check"), Name: "Stickprov av konton", Area: "Behörigheter", Control: "accounts", Year: 2024, PerformedOn: "2024-04-20", Sample: register.CountOf(20),
		Found: register.CountOf(3), Remedied: register.CountOf(1)})
}

func (w *world) result(who string, form map[string]string) (string, error) {
	values := map[string][]string{"year": {"2024"}, "tertial": {"t1"}}
	for k, v := range form {
		values[k] = []string{v}
	}
	return w.Save(w.ctx(), w.as(who), Change{Kind: "control_result", Unit: "board-a", Form: values})
}

func TestOneResultForEachPart(t *testing.T) { onEach(t, oneResult) }

func oneResult(t *testing.T, w *world) {
	w.controlled()
	for what, c := range map[string]struct {
		form map[string]string
		code string
	}{
		"of nothing":           {map[string]string{"outcome": "clean"}, "result_of_one"},
		"of both":              {map[string]string{"outcome": "clean", "control": "logs", "action": "action"}, "result_of_one"},
		"of another year":      {map[string]string{"outcome": "clean", "control": "logs", "year": "2023"}, "result_year"},
		"clean with some":      {map[string]string{"outcome": "clean", "control": "logs", "found": "2"}, "found_but_clean"},
		"deviations of none":   {map[string]string{"outcome": "deviation", "control": "logs", "found": "0"}, "deviation_of_none"},
		"another's check":      {map[string]string{"outcome": "clean", "control": "logs", "spot_check": "check"}, "check_of_another"},
		"more remedied":        {map[string]string{"outcome": "deviation", "control": "logs", "found": "1", "remedied": "2"}, "part_over"},
		"a link that is wrong": {map[string]string{"outcome": "clean", "control": "nothing"}, "no_such"},
	} {
		if _, err := w.result("coordinator", c.form); err == nil {
			t.Errorf("%s was kept", what)
		} else if what != "more remedied" {
			wantWrong(t, what, err, c.code)
		}
	}
	_, err := w.result("head", map[string]string{"outcome": "clean", "control": "logs", "found": "0"})
	want(t, "a result", err, nil)
	_, err = w.result("coordinator", map[string]string{"outcome": "begun", "control": "logs"})
	wantWrong(t, "a second one", err, "result_twice")
	_, err = w.result("coordinator", map[string]string{"outcome": "begun", "control": "logs", "tertial": "t2"})
	want(t, "of the next part", err, nil)
	_, err = w.result("coordinator-b", map[string]string{"outcome": "clean", "control": "accounts"})
	want(t, "a neighbour's", err, isms.ErrNotFound)

	id, err := w.TakeCheck(w.ctx(), w.as("coordinator"), "check", "take")
	want(t, "take the check", err, nil)
	p, err := w.ControlPlanPage(w.ctx(), w.as("coordinator"), "plan")
	want(t, "the plan", err, nil)
	got := p.Followed[0].Results[isms.FirstTertial]
	if got.ID != id || got.Outcome != isms.ControlDeviations || got.Found != register.CountOf(3) || got.Remedied != register.CountOf(1) || got.SpotCheck != "check" {
		t.Errorf("the check gave %+v", got)
	}
	sums := isms.SumControls(p.Followed, isms.FirstTertial)
	if sums.Of != 2 || sums.Reported() != 2 || sums.Found != 3 || sums.Remedied != 1 || sums.Open != 2 || sums.By[isms.ControlClean] != 1 {
		t.Errorf("sums %+v", sums)
	}
	if s := isms.SumControls(p.Followed, isms.ThirdTertial); s.Reported() != 0 || s.NotReported != 2 || s.By[isms.ControlClean] != 0 {
		t.Errorf("nothing reported is %+v", s)
	}
	w.put(&isms.SpotCheck{Record: isms.Record{ID: "logcheck", Unit: "board-a"}, Name: "Loggprov", Area: "Loggar", Control: "logs", Year: 2024, PerformedOn: "2024-04-21", SomeFound: true})
	_, err = w.TakeCheck(w.ctx(), w.as("coordinator"), "logcheck", "")
	wantWrong(t, "over what was written by hand", err, "result_by_hand")
	w.put(&isms.SpotCheck{Record: isms.Record{ID: "later", Unit: "board-a"}, Name: "Loggprov", Area: "Loggar", Control: "logs", Year: 2024, PerformedOn: "2024-05-10", SomeFound: true})
	_, err = w.TakeCheck(w.ctx(), w.as("coordinator"), "later", "")
	want(t, "in the place of what was begun", err, nil)
	p, _ = w.ControlPlanPage(w.ctx(), w.as("coordinator"), "plan")
	if s := isms.SumControls(p.Followed, isms.SecondTertial); s.FoundUnknown != 1 || s.Found != 0 || s.Open != 0 {
		t.Errorf("some, nobody knows how many: %+v", s)
	}
}

// A decided report tells what was known when it was decided, whatever is changed afterwards, and what is otherwise today is told beside it.
func TestDecidedReportStands(t *testing.T) { onEach(t, decidedReportStands) }

func decidedReportStands(t *testing.T, w *world) {
	w.controlled()
	_, err := w.TakeCheck(w.ctx(), w.as("coordinator"), "check", "take")
	want(t, "take", err, nil)
	_, err = w.StartControlReport(w.ctx(), w.as("auditor"), "plan", isms.FirstTertial, locale.Swedish, "")
	want(t, "an auditor's report", err, isms.ErrForbidden)
	id, err := w.StartControlReport(w.ctx(), w.as("coordinator"), "plan", isms.FirstTertial, locale.Swedish, "s")
	want(t, "start", err, nil)
	_, err = w.StartControlReport(w.ctx(), w.as("coordinator"), "plan", isms.FirstTertial, locale.Swedish, "s2")
	wantWrong(t, "a second", err, "report_exists")
	err = w.SaveControlReport(w.ctx(), w.as("coordinator"), ControlReportText{Report: id, Name: "Tertialrapport 1", Comment: "Kontrollen fungerar.\nUtom för konton.", Rev: 1})
	want(t, "write", err, nil)
	err = w.SaveControlReport(w.ctx(), w.as("coordinator"), ControlReportText{Report: id, Name: "Annat", Rev: 1})
	want(t, "two at once", err, isms.ErrStale)
	decide := func(who string, day register.Day, dnr string) error {
		return w.DecideControlReport(w.ctx(), w.as(who), ControlDecision{Report: id, DecidedOn: day, Dnr: dnr, Rev: 2})
	}
	want(t, "a coordinator decides", decide("coordinator", "2024-05-20", "N 2024/9"), isms.ErrForbidden)
	wantWrong(t, "no dnr", decide("head", "2024-05-20", " "), "report_dnr")
	wantWrong(t, "a day ahead", decide("head", "2024-05-21", "N 2024/9"), "report_decided_on")
	wantWrong(t, "a day before its facts", decide("head", "2024-05-19", "N 2024/9"), "report_decided_on")
	for _, field := range []string{"decided_on", "at", "comment"} {
		_, err = w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "control_report", ID: id, Rev: 2, Form: map[string][]string{field: {"2024-05-20"}}})
		wantWrong(t, field+" by the form", err, "control_report_by_act")
	}
	want(t, "decide", decide("head", "2024-05-20", "N 2024/9"), nil)

	before, err := w.ControlReportPage(w.ctx(), w.as("coordinator"), id, locale.Swedish)
	want(t, "the report", err, nil)
	if len(before.Differs) != 0 || before.MayChange || before.MayDecide {
		t.Errorf("just decided: %+v", before)
	}
	text := docText(t, before.Doc)
	for _, must := range []string{"Konton efter avslut", "Avvikelser: 3 funna, 1 åtgärdad och 2 öppna.", "Loggar läses: tertial 1", "N 2024/9", "Tertial 1: 1 av 2 kontroller är rapporterade", "Utom för konton.", "Försenad",
		"riskvärde 12, hög", "Planen beslutades 2023-12-12, N 2023/7."} {
		if !strings.Contains(text, must) {
			t.Errorf("the report does not say %q:\n%s", must, text)
		}
	}

	w.later("2024-09-01")
	in := func(id string, rev int) isms.Record { return isms.Record{ID: id, Unit: "board-a", Rev: rev} }
	results, _ := w.ControlPlanPage(w.ctx(), w.as("coordinator"), "plan")
	res := results.Followed[0].Results[isms.FirstTertial]
	_, err = w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "control_result", ID: res.ID, Rev: res.Rev, Form: map[string][]string{"remedied": {"3"}, "reported_on": {"2024-09-01"}}})
	want(t, "remedied later", err, nil)
	w.put(&isms.Control{Record: in("accounts", 1), Name: "Konton, nytt namn", Plan: "plan", Method: "interview"},
		&isms.Control{Record: in("new", 0), Name: "En ny kontroll", Plan: "plan"},
		&isms.ControlPlan{Record: in("plan", 1), Title: "Omdöpt plan", Year: 2024, DecidedOn: "2024-03-14"},
		&isms.ControlAssessment{Record: in("risk", 1), Process: "compulsory", Part: "Något annat", Year: 2024, Likelihood: 1, Consequence: 1, Scale: "scale", Treatment: isms.Accept},
		&isms.DirectAction{Record: in("action", 1), Name: "Övad", Plan: "plan", State: isms.ActionDone, DoneOn: "2024-08-01"},
		&isms.Person{Record: in("system_owner", 1), Name: "Någon annan"})
	w.put(&isms.Unit{Record: isms.Record{ID: "board-a", Unit: "board-a", Rev: 1}, Name: "Ny nämnd", Code: "N", Parent: "city", Kind: "board"})
	want(t, "retire a control", w.Retire(w.ctx(), w.as("coordinator"), "control", "logs", 1, "", ""), nil)

	after, err := w.ControlReportPage(w.ctx(), w.as("coordinator"), id, locale.Swedish)
	want(t, "the report later", err, nil)
	was, _ := json.Marshal(before.Doc)
	is, _ := json.Marshal(after.Doc)
	if !bytes.Equal(was, is) {
		t.Errorf("the decided report changed:\n%s\n%s", text, docText(t, after.Doc))
	}
	var differs []string
	for _, d := range after.Differs {
		differs = append(differs, locale.Swedish.T("ic.differs."+d.Key, d.Args...)+": "+d.Then+" > "+d.Now)
	}
	got := strings.Join(differs, "; ")
	for _, must := range []string{"Åtgärdade avvikelser: 1 > 3", "Öppna avvikelser: 2 > 0", "En ny kontroll: Finns inte > Finns i planen", "Loggar läses: Finns i planen > Finns inte", "Namnet på Konton efter avslut", "Riskvärde 12 (3 × 4) > Riskvärde 1 (1 × 1)"} {
		if !strings.Contains(got, must) {
			t.Errorf("what differs does not say %q: %s", must, got)
		}
	}

	want(t, "decide again", decide("head", "2024-05-20", "N 2024/9"), isms.ErrFrozen)
	want(t, "write in it", w.SaveControlReport(w.ctx(), w.as("coordinator"), ControlReportText{Report: id, Name: "Annat", Rev: 3}), isms.ErrFrozen)
	want(t, "retire it", w.Retire(w.ctx(), w.as("coordinator"), "control_report", id, 3, "", ""), isms.ErrFrozen)
	_, err = w.ControlReportPage(w.ctx(), w.as("coordinator-b"), id, locale.Swedish)
	want(t, "a neighbour", err, isms.ErrNotFound)
	var pdf bytes.Buffer
	if err := report.PDF(&pdf, after.Doc); err != nil || pdf.Len() < 5000 {
		t.Errorf("the PDF: %v, %d bytes", err, pdf.Len())
	}
}

func docText(t *testing.T, d report.Doc) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Text(&b, d); err != nil {
		t.Fatal(err)
	}
	var html bytes.Buffer
	if err := report.HTML(&html, d, report.Links{}); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(b.String()), " ") + html.String()
	if strings.Contains(text, "[[") || strings.ContainsAny(b.String(), "{}") {
		t.Errorf("a key has no words: %s", text)
	}
	return text
}

// What is carried on is told to continue, what is left says why, and the yearly report tells of both years.
func TestPlanCarriedForward(t *testing.T) { onEach(t, planCarriedForward) }

func planCarriedForward(t *testing.T, w *world) {
	w.controlled()
	_, err := w.TakeCheck(w.ctx(), w.as("coordinator"), "check", "take")
	want(t, "take", err, nil)
	w.later("2024-11-20")
	n := NextPlan{Plan: "plan", Keep: []string{"accounts", "action"}, Reasons: map[string]string{"logs": "Ingår i driftens egen kontroll."}, Key: "n"}
	_, err = w.CarryForward(w.ctx(), w.as("coordinator"), NextPlan{Plan: "plan", Keep: []string{"sys-a"}}, locale.Swedish)
	want(t, "something else", err, isms.ErrNotFound)
	next, err := w.CarryForward(w.ctx(), w.as("coordinator"), n, locale.Swedish)
	want(t, "carry on", err, nil)
	n.Key = "again"
	if again, err := w.CarryForward(w.ctx(), w.as("coordinator"), n, locale.Swedish); err != nil || again != next {
		t.Errorf("again: %v, %s for %s", err, again, next)
	}
	p, err := w.ControlPlanPage(w.ctx(), w.as("coordinator"), next)
	want(t, "the next plan", err, nil)
	if len(p.Controls) != 1 || p.Controls[0].Continues != "accounts" || len(p.Actions) != 1 || p.Actions[0].Continues != "action" || p.Plan.Year != 2025 || p.Plan.DecidedOn != "" || p.Former.Plan.ID != "plan" {
		t.Fatalf("the next plan is %+v", p)
	}
	var got []string
	for _, d := range isms.CompareControls(p.Former.Controls, p.Controls) {
		got = append(got, fmt.Sprintf("%s %q", d.Change, d.Reason))
	}
	slices.Sort(got)
	if s := strings.Join(got, ", "); s != `dropped "Ingår i driftens egen kontroll.", kept ""` {
		t.Errorf("the difference is %s", s)
	}
	_, err = w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "control", ID: "accounts", Rev: 1, Form: map[string][]string{"continues": {p.Controls[0].ID}}})
	wantWrong(t, "a control that continues a later one", err, "continues_later")
	_, err = w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "control", ID: "accounts", Rev: 1, Form: map[string][]string{"continues": {"accounts"}}})
	wantWrong(t, "a control that continues itself", err, "continues_later")
	_, err = w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "control_plan", ID: next, Rev: 1, Form: map[string][]string{"decided_on": {"2025-01-15"}}})
	wantWrong(t, "a plan decided ahead of time", err, "ic_decided_ahead")

	w.later("2026-01-20")
	id, err := w.StartControlReport(w.ctx(), w.as("coordinator"), next, isms.WholeYear, locale.Swedish, "y")
	want(t, "the yearly follow-up", err, nil)
	for _, l := range locale.Langs() {
		r, err := w.ControlReportPage(w.ctx(), w.as("coordinator"), id, l)
		want(t, "the report", err, nil)
		text := docText(t, r.Doc)
		if l == locale.Swedish && (!strings.Contains(text, "Rapporterad för 1 av 3 tertial. Avvikelser: 3 funna, 1 åtgärdad och 2 öppna.") || !strings.Contains(text, "Utgår. Ingår i driftens egen kontroll.") ||
			!strings.Contains(text, "Planen är inte beslutad.") || !strings.Contains(text, "Tertial 2: 0 av 1 kontroll är rapporterad.")) {
			t.Errorf("the yearly follow-up says %s", text)
		}
	}
	own, below, err := w.ControlOverview(w.ctx(), w.as("central_office"), "city", 2024)
	want(t, "the overview", err, nil)
	if own.Plan != nil || len(below) != 1 || below[0].Unit.ID != "board-a" || below[0].All.Open != 2 || len(below[0].Due) != 3 || below[0].Late != 1 {
		t.Errorf("the overview is %+v and %+v", own, below)
	}
}
