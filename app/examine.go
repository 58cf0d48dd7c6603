// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
)

// Finding is something in a review's records that does not hold together: what is wrong (the words finding.CODE, why
// it matters in finding.CODE.why and how to mend it in finding.CODE.mend), and where. Nothing is ever mended
// silently; a finding can be accepted with a reason, which is printed.
type Finding struct {
	Code     string
	Key      string       // the same for the same finding as long as it stands
	Args     []any        // what its words name
	Kind, ID string       // the record to mend; ID is "" where there are several
	Field    string       // the field to mend, if it is one
	Of       []metric.Ref // every record concerned
	Accepted string       // why it was let stand, "" if it was not
}

// examination is one review looked at: all that the checks need, and what they have found.
type examination struct {
	metric.Records
	review isms.Review
	day    register.Day // the review's: nothing after it can have happened
	found  []Finding
}

// examine runs every check and returns what it found, in the order of the checks and the records' ids. The reported
// inputs are the ISO 9.3.2 and 9.3.3 inputs of the review's template that no section answers.
func examine(review isms.Review, r metric.Records, unreported []string) []Finding {
	day := review.DecidedOn
	if day == "" {
		day = review.AsOf
	}
	x := &examination{Records: r, review: review, day: day}
	x.datesInOrder()
	x.shares()
	x.recommendations()
	x.deviceRoutine()
	x.activities()
	x.plan()
	x.spotChecks()
	x.controls()
	x.controlPlans()
	x.checkWork()
	x.accessReviews()
	x.posts()
	x.surroundings()
	x.documents()
	x.systems()
	x.classification()
	x.people()
	x.events()
	for _, input := range unreported {
		x.add(Finding{Code: "input_not_reported", Key: "input_not_reported/" + input, Args: []any{key("report.iso." + input)},
			Kind: "review", ID: review.ID})
	}
	markAccepted(x.found, review, r.Acceptances)
	return x.found
}

// key is an argument that is itself a key of words: doors turn it into the reader's language.
type key string

// Words is what is wrong, why it matters and how to mend it, in the reader's language.
func (f Finding) Words(l locale.Lang) (what, why, mend string) {
	args := inWords(l, f.Args)
	words := "finding." + f.Code
	return l.T(words, args...), l.T(words + ".why"), l.T(words + ".mend")
}

func (x *examination) add(f Finding) {
	if f.Key == "" {
		f.Key = f.Code + "/" + f.Kind + "/" + f.ID
	}
	if len(f.Of) == 0 && f.ID != "" {
		f.Of = []metric.Ref{{Kind: f.Kind, ID: f.ID}}
	}
	x.found = append(x.found, f)
}

// record adds a finding on one record, named by its title before the other arguments.
func (x *examination) record(code string, rec register.Entity, field string, args ...any) {
	s := register.OfValue(rec)
	x.add(Finding{Code: code, Kind: s.Name, ID: rec.Head().ID, Field: field, Args: append([]any{s.Title(rec)}, args...)})
}

// several adds one finding on all the records together, with their number before the other arguments. Without
// records there is no finding.
func (x *examination) several(code, about, kind, field string, ids []string, args ...any) {
	if len(ids) == 0 {
		return
	}
	slices.Sort(ids)
	f := Finding{Code: code, Key: code + "/" + about, Kind: kind, Field: field, Args: append([]any{len(ids)}, args...)}
	if len(ids) == 1 {
		f.ID = ids[0]
	}
	for _, id := range ids {
		f.Of = append(f.Of, metric.Ref{Kind: kind, ID: id})
	}
	x.add(f)
}

func (x *examination) gone(r isms.Record) bool { return r.Retired != "" && r.Retired <= x.day }

// datesInOrder finds what is told as done but dated after the review's day: a review must not report in the past
// tense what has not happened.
func (x *examination) datesInOrder() {
	after := func(rec register.Entity, field string, done bool, on register.Day) {
		if done && on > x.day && !x.gone(*rec.Head()) {
			x.record("done_after_decision", rec, field, string(on), string(x.day))
		}
	}
	for i := range x.Activities {
		a := &x.Activities[i]
		after(a, "done_on", a.State == isms.ActivityDone, a.DoneOn)
	}
	for i := range x.Targets {
		t := &x.Targets[i]
		if a, ok := x.activity(t.Activity); !ok || a.State != isms.ActivityDone || a.DoneOn != t.DoneOn {
			after(t, "done_on", t.State == isms.ActivityDone, t.DoneOn) // else told of the activity already
		}
	}
	for i := range x.Decisions {
		d := &x.Decisions[i]
		after(d, "done_on", d.State == isms.DecisionDone, d.DoneOn)
	}
	for i := range x.Deviations {
		d := &x.Deviations[i]
		after(d, "remedied_on", d.State != isms.DeviationOpen, d.RemediedOn)
	}
	for i := range x.DirectActions {
		a := &x.DirectActions[i]
		after(a, "done_on", a.State == isms.ActionDone, a.DoneOn)
	}
	for i := range x.FollowUps {
		f := &x.FollowUps[i]
		after(f, "day", f.State == isms.FollowDone || f.Verdict != "", f.Day)
	}
	for i := range x.SpotChecks {
		s := &x.SpotChecks[i]
		after(s, "performed_on", true, s.PerformedOn)
	}
	for i := range x.Measurements {
		m := &x.Measurements[i]
		after(m, "day", true, m.Day)
	}
}

func (x *examination) activity(id register.Ref[isms.Activity]) (isms.Activity, bool) {
	i := slices.IndexFunc(x.Activities, func(a isms.Activity) bool { return a.ID == string(id) })
	if i < 0 {
		return isms.Activity{}, false
	}
	return x.Activities[i], true
}

// shares finds shares without the numbers behind them, training that nobody has counted, and an issuer's verdict on
// information assets beside a share that counts systems: two units that must not be read as one.
func (x *examination) shares() {
	var bare []string
	for _, m := range x.Measurements {
		if !m.Denominator.IsKnown() && !x.gone(m.Record) && m.Day <= x.day {
			bare = append(bare, m.ID)
		}
	}
	x.several("share_without_numbers", "measurement", "measurement", "denominator", bare)
	classified := x.OrRecorded(metric.Classified(x.Systems, x.Classifications, x.day))
	share, known := classified.Percent().Known()
	verdicts := metric.Verdicts(x.FollowUps, x.day)
	for i := range x.Recommendations {
		rec := &x.Recommendations[i]
		verdict, judged := verdicts[rec.ID]
		if judged && verdict.Verdict.Closes() && known && share < 10000 && mentions(rec.Subject+" "+rec.Text+" "+verdict.Text, assetStems) {
			x.record("units_differ", rec, "", verdict.Source, classified.Percent())
		}
	}
	trained := metric.Of(x.Records, "training_share", x.day)
	if !slices.ContainsFunc(trained, func(f metric.Figure) bool { return f.Known }) {
		x.add(Finding{Code: "training_unknown", Kind: "training_figure"})
	}
}

// assetStems are how records, which may be in either language, speak of information assets.
var assetStems = []string{"informationstillg", "information asset"}

func mentions(text string, stems []string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(stems, func(stem string) bool { return strings.Contains(text, stem) })
}

// recommendations finds open recommendations that nobody has answered or planned, answers that rename their
// subject, and recommendations said to be done without evidence.
func (x *examination) recommendations() {
	verdicts, own := metric.Verdicts(x.FollowUps, x.day), metric.OwnStates(x.FollowUps, x.day)
	for i := range x.Recommendations {
		rec := &x.Recommendations[i]
		if x.gone(rec.Record) || verdicts[rec.ID].Verdict.Closes() {
			continue
		}
		if own[rec.ID].State == isms.FollowDone && own[rec.ID].Evidence == "" {
			x.record("done_without_evidence", rec, "")
		}
		answers := x.answers(rec.ID)
		if len(answers) == 0 {
			x.record("recommendation_unanswered", rec, "")
			continue
		}
		planned := own[rec.ID].State == isms.FollowDone
		whole := false
		for _, a := range answers {
			planned = planned || a.Position == "declined" || x.inPlan(a.Activities)
			whole = whole || a.Position == "declined" || a.Covers != "partly" && (a.Covers == "whole" || alike(rec.Subject, a.Subject))
		}
		if !planned {
			x.record("recommendation_unplanned", rec, "", x.planSpan())
		}
		if !whole {
			x.record("partly_answered", rec, "", answers[0].Subject)
		}
	}
}

func (x *examination) answers(recommendation string) (list []isms.Response) {
	for _, a := range x.Responses {
		if string(a.Recommendation) == recommendation && !x.gone(a.Record) {
			list = append(list, a)
		}
	}
	return list
}

// inPlan reports whether one of the activities has a line in the review's three years.
func (x *examination) inPlan(ids []register.Ref[isms.Activity]) bool {
	return slices.ContainsFunc(x.Targets, func(t isms.ActivityTarget) bool {
		return t.Year >= x.review.Year && t.Year < x.review.Year+planYears && slices.Contains(ids, t.Activity)
	})
}

// planYears is how many years a review plans.
const planYears = 3

func (x *examination) planSpan() string {
	return strconv.Itoa(x.review.Year) + "–" + strconv.Itoa(x.review.Year+planYears-1)
}

// alike reports whether an answer's subject takes up most of the asked subject's own words. Short words, and words
// that begin alike in the first five letters (rutin, rutiner), count as the same.
func alike(asked, answered string) bool {
	took, all := 0, 0
	answer := longWords(answered)
	for _, word := range longWords(asked) {
		all++
		if slices.ContainsFunc(answer, func(w string) bool { return stem(w) == stem(word) }) {
			took++
		}
	}
	return 2*took > all
}

func longWords(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !strings.ContainsRune(letters, r) })
	return slices.DeleteFunc(words, func(w string) bool { return len([]rune(w)) < 5 })
}

func stem(word string) string {
	r := []rune(word)
	return string(r[:min(len(r), 5)])
}

// activities finds two states of one thing: an activity and its lines that contradict each other, and one document
// that two activities work on in different states.
func (x *examination) activities() {
	for i := range x.Targets {
		t := &x.Targets[i]
		a, ok := x.activity(t.Activity)
		if !ok || x.gone(t.Record) {
			continue
		}
		contradicts := t.State == isms.ActivityDone && a.State == isms.ActivityPlanned ||
			!a.State.Open() && t.State.Open() && t.Year >= x.review.Year
		if contradicts {
			x.record("line_contradicts", t, "state", a.Name, key("choice.activity_state."+string(t.State)),
				key("choice.activity_state."+string(a.State)))
		}
	}
	byDocument := map[register.Ref[isms.Document]][]isms.Activity{}
	for _, a := range x.Activities {
		if a.Document != "" && a.State.Open() && !x.gone(a.Record) {
			byDocument[a.Document] = append(byDocument[a.Document], a)
		}
	}
	for i := range x.Documents {
		d := &x.Documents[i]
		on := byDocument[register.Ref[isms.Document](d.ID)]
		if len(on) > 1 && slices.ContainsFunc(on, func(a isms.Activity) bool { return a.State != on[0].State }) {
			x.record("document_in_two_states", d, "state", key("choice.document_state."+string(d.State)), on[0].Name, on[1].Name)
		}
	}
}

// plan finds what the three years' lines lack: somebody who answers for them, a figure to reach, lines at all; lines
// repeated word for word; and open activities that have no line.
func (x *examination) plan() {
	for year := x.review.Year; year < x.review.Year+planYears; year++ {
		var ownerless, aimless []string
		lines := 0
		for _, t := range x.Targets {
			if t.Year != year || x.gone(t.Record) {
				continue
			}
			lines++
			a, _ := x.activity(t.Activity)
			if a.Owner == "" {
				ownerless = append(ownerless, t.ID)
			}
			if t.Target == "" && a.Measure == "" {
				aimless = append(aimless, t.ID)
			}
		}
		y := strconv.Itoa(year)
		if lines == 0 {
			x.add(Finding{Code: "plan_year_empty", Key: "plan_year_empty/" + y, Args: []any{y}, Kind: "activity_target"})
		}
		x.several("line_without_owner", y, "activity_target", "activity", ownerless, y)
		x.several("line_without_target", y, "activity_target", "target", aimless, y)
	}
	for i := range x.Activities {
		x.linesOf(&x.Activities[i])
	}
}

func (x *examination) linesOf(a *isms.Activity) {
	if x.gone(a.Record) || !a.State.Open() || a.State == isms.ActivityProposed {
		return
	}
	texts := map[string][]string{}
	lines := 0
	for _, t := range x.Targets {
		if string(t.Activity) == a.ID && t.Year >= x.review.Year && t.Year < x.review.Year+planYears && !x.gone(t.Record) {
			lines++
			if t.Target == "" {
				texts[t.Text] = append(texts[t.Text], strconv.Itoa(t.Year))
			}
		}
	}
	if lines == 0 {
		x.record("activity_without_line", a, "", x.planSpan())
	}
	for _, text := range sortedKeys(texts) {
		if years := texts[text]; len(years) > 1 {
			slices.Sort(years)
			x.record("line_repeated", a, "", text, strings.Join(years, ", "))
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, cmp.Compare[string])
	return keys
}
