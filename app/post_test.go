// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"slices"
	"testing"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
)

func post(id, unit, name, holder string) *isms.Post {
	return &isms.Post{Record: isms.Record{ID: id, Unit: unit}, Name: name, Description: "Se till att det blir gjort.",
		Holder: register.Ref[isms.Person](holder), ValidFrom: "2022-06-01"}
}

// posts tells how it stands with the posts of board-a on the day, by id.
func (w *world) posts(day register.Day) map[string]PostRow {
	w.t.Helper()
	page, err := w.Posts(w.ctx(), w.as("auditor"), "board-a", day)
	if err != nil {
		w.t.Fatal(err)
	}
	rows := map[string]PostRow{}
	for _, row := range page.Rows {
		rows[row.ID] = row
	}
	return rows
}

func TestAPostIsConfirmedByItsHolder(t *testing.T) { onEach(t, aPostIsConfirmedByItsHolder) }

func aPostIsConfirmedByItsHolder(t *testing.T, w *world) {
	p := post("p", "board-a", "Samordnare", "manager")
	p.Deputy = "employee"
	w.put(p, post("ended", "board-a", "Kontakt", "manager"))
	ended := kept[isms.Post](w, "ended")
	ended.ValidTo = "2022-12-31"
	w.put(&ended)
	say := func(who string, rev int, note, key string) error {
		return w.ConfirmPost(w.ctx(), w.as(who), ConfirmedPost{Post: "p", Rev: rev, Note: note, Key: key})
	}
	want(t, "the deputy's word", say("employee", 1, "", ""), isms.ErrForbidden)
	want(t, "the head's word", say("head", 1, "", ""), isms.ErrForbidden)
	want(t, "the word of somebody who may not see it", say("coordinator-b", 1, "", ""), isms.ErrNotFound)
	want(t, "a word on what is not there", w.ConfirmPost(w.ctx(), w.as("manager"), ConfirmedPost{Post: "none", Rev: 1}), isms.ErrNotFound)
	want(t, "a word on another revision", say("manager", 2, "", ""), isms.ErrStale)
	wantWrong(t, "a word on what has ended", w.ConfirmPost(w.ctx(), w.as("manager"), ConfirmedPost{Post: "ended", Rev: 2}), "post_not_held")
	wantWrong(t, "a note without end", say("manager", 1, string(slices.Repeat([]byte("a"), 3000)), ""), "long")
	want(t, "the word", say("manager", 1, " Vem hjälper mig? ", "k"), nil)
	want(t, "the word again, with the same key", say("manager", 1, " Vem hjälper mig? ", "k"), nil)
	want(t, "the word again", say("manager", 1, "Något annat", "k2"), nil)
	words := w.confirmations("p")
	if len(words) != 1 || words[0].Text != p.Description || words[0].Note != "Vem hjälper mig?" || words[0].ConfirmedOn != "2023-01-10" || words[0].Person != "manager" {
		t.Errorf("the words are %+v", words)
	}
	if row := w.posts("")["p"]; row.Word != WordThisYear || row.Last.Note != "Vem hjälper mig?" {
		t.Errorf("afterwards it stands %+v", row)
	}
	_, err := w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "post", ID: "p", Rev: 1, Form: map[string][]string{"description": {"Se till allt."}}})
	want(t, "another text", err, nil)
	if row := w.posts("")["p"]; row.Word != WordChanged {
		t.Errorf("with another text it stands %+v", row)
	}
	want(t, "the word on the new text", say("manager", 2, "", ""), nil)
	if words := w.confirmations("p"); len(words) != 2 {
		t.Errorf("the words are %+v", words)
	}
	w.later("2024-02-01")
	if row := w.posts("")["p"]; row.Word != WordEarlier || row.Last.ConfirmedOn != "2023-01-10" {
		t.Errorf("the year after it stands %+v", row)
	}
	_, err = w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "post", ID: "p", Rev: 2, Form: map[string][]string{"holder": {"head"}}})
	want(t, "another holder", err, nil)
	if row := w.posts("")["p"]; row.Word != WordNever {
		t.Errorf("with a new holder it stands %+v", row)
	}
	if row := w.posts("2023-06-30")["p"]; row.Word != WordThisYear || row.Holder != "manager" {
		t.Errorf("as it was known half a year later it stands %+v", row)
	}
	_, err = w.Posts(w.ctx(), w.as("employee"), "board-a", "2023-06-30")
	want(t, "what was, for somebody who may not see it", err, isms.ErrForbidden)
	_, err = w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "post_confirmation", Unit: "board-a", Form: map[string][]string{"post": {"p"}, "person": {"head"}, "confirmed_on": {"2024-02-01"}}})
	wantWrong(t, "a word by a form", err, "confirmation_by_holder")
}

func (w *world) confirmations(post string) []isms.PostConfirmation {
	w.t.Helper()
	t, err := w.List(w.ctx(), w.as("auditor"), "post_confirmation", Query{Where: map[string][]string{"post": {post}}})
	if err != nil {
		w.t.Fatal(err)
	}
	var all []isms.PostConfirmation
	for _, rec := range t.Records {
		all = append(all, *rec.(*isms.PostConfirmation))
	}
	return all
}

func TestPostsNobodyHolds(t *testing.T) { onEach(t, postsNobodyHolds) }

func postsNobodyHolds(t *testing.T, w *world) {
	w.put(&isms.Person{Record: isms.Record{ID: "gone", Unit: "board-a"}, Name: "Slutat"},
		&isms.Person{Record: isms.Record{ID: "unlisted", Unit: "dept-a"}, Name: "Inte i listan", Number: "7"},
		&isms.Person{Record: isms.Record{ID: "listed", Unit: "dept-a"}, Name: "I listan", Number: "8"},
		&isms.Person{Record: isms.Record{ID: "ends", Unit: "dept-a"}, Name: "Slutar", Number: "9"},
		unit("dept-b", "board-a", "department"), &isms.Person{Record: isms.Record{ID: "apart", Unit: "dept-b"}, Name: "Inte räknad", Number: "10"},
		&isms.Course{Record: isms.Record{ID: "course", Unit: "board-a"}, Name: "Grundkurs", Kind: "e_learning", ValidMonths: 12})
	trained := post("trained", "board-a", "Kontakt", "manager")
	trained.Course, trained.TrainedOn = "course", "2022-03-01"
	several := post("several", "board-a", "Systemägare", "manager")
	several.Several = true
	w.put(post("vacant", "board-a", "Vakant", ""), post("left", "board-a", "Lämnad", "gone"), post("one", "dept-a", "Ensam", "listed"),
		post("two", "dept-a", "ensam ", "unlisted"), post("ends", "dept-a", "Slutar", "ends"), trained, several, post("another", "board-a", "Systemägare", "head"),
		post("elsewhere", "board-b", "Annat", ""), post("apart", "dept-b", "Annan", "apart"))
	want(t, "retiring", w.Retire(w.ctx(), w.as("central_office"), "person", "gone", 1, "2023-01-02", ""), nil)
	w.list("staff", "board-a", isms.Employments, "2022-12-31", staffColumns, []string{"8", "I listan", "", "dept-a", "", "", ""},
		[]string{"9", "Slutar", "", "dept-a", "", "", "2023-01-05"})
	rows := w.posts("")
	for id, want := range map[string]func(PostRow) bool{
		"vacant":   func(r PostRow) bool { return r.Vacant && r.Word == "" && !r.Filled() && r.Wants() },
		"left":     func(r PostRow) bool { return r.Left && !r.Filled() && !r.NotListed },
		"one":      func(r PostRow) bool { return r.Filled() && !r.NotListed && slices.Equal(r.Doubles, []string{"two"}) },
		"two":      func(r PostRow) bool { return r.NotListed && slices.Equal(r.Doubles, []string{"one"}) },
		"ends":     func(r PostRow) bool { return r.NotListed && r.Filled() },
		"trained":  func(r PostRow) bool { return r.Trained == isms.Yes && len(r.Doubles) == 0 },
		"several":  func(r PostRow) bool { return len(r.Doubles) == 0 && r.Trained == "" },
		"another":  func(r PostRow) bool { return len(r.Doubles) == 0 },
		"apart":    func(r PostRow) bool { return r.Filled() && !r.NotListed }, // the list does not name the unit
		"nobody's": func(r PostRow) bool { return r.ID == "" },
	} {
		if !want(rows[id]) {
			t.Errorf("%s stands %+v", id, rows[id])
		}
	}
	if len(rows) != 9 {
		t.Errorf("there are %d posts", len(rows))
	}
	w.later("2023-03-02")
	if row := w.posts("")["trained"]; row.Trained != isms.No {
		t.Errorf("after twelve months the training is %+v", row)
	}
	figures, err := w.Figures(w.ctx(), w.as("auditor"), "board-a", "2023-03-02", "", "posts_filled", "posts_vacant", "posts_doubled", "posts_trained", "posts_confirmed")
	want(t, "figures", err, nil)
	got := map[string][2]int{}
	for _, f := range figures {
		n, _ := f.Numerator.Known()
		d, _ := f.Denominator.Known()
		got[f.Key] = [2]int{n, d}
	}
	for key, want := range map[string][2]int{"posts_filled": {7, 9}, "posts_vacant": {2, 9}, "posts_doubled": {2, 9}, "posts_trained": {0, 1}, "posts_confirmed": {0, 9}} {
		if got[key] != want {
			t.Errorf("%s is %v, want %v", key, got[key], want)
		}
	}
}

func TestProposedPosts(t *testing.T) {
	w := newWorld(t)
	w.put(post("own", "board-a", "Information security coordinator", "coordinator"))
	keys := []string{"coordinator", "head", "nonsense"}
	_, err := w.ProposePosts(w.ctx(), w.as("manager"), "board-a", keys, locale.Swedish, "")
	want(t, "by somebody who may not", err, isms.ErrForbidden)
	_, err = w.ProposePosts(w.ctx(), w.as("head"), "board-b", keys, locale.Swedish, "")
	want(t, "for another board", err, isms.ErrNotFound)
	for _, once := range []int{1, 0} {
		made, err := w.ProposePosts(w.ctx(), w.as("head"), "board-a", keys, locale.Swedish, "")
		want(t, "proposing", err, nil)
		if made != once {
			t.Errorf("%d were made, want %d", made, once)
		}
	}
	if len(Proposals(nil, locale.English)) != len(isms.StandardPosts("en")) {
		t.Error("a unit without posts is not offered all")
	}
}

func TestTrainingStaysWithItsHolder(t *testing.T) {
	w := newWorld(t)
	p := post("p", "board-a", "Samordnare", "manager")
	p.TrainedOn = "2022-09-01"
	w.put(p)
	change := func(form map[string][]string) error {
		_, err := w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "post", ID: "p", Rev: kept[isms.Post](w, "p").Rev, Form: form})
		return err
	}
	wantWrong(t, "another holder with the former's day", change(map[string][]string{"holder": {"head"}}), "trained_was_other")
	want(t, "another name", change(map[string][]string{"name": {"Kontakt"}}), nil)
	want(t, "another holder with a day of her own", change(map[string][]string{"holder": {"head"}, "trained_on": {"2023-01-02"}}), nil)
	want(t, "another holder without", change(map[string][]string{"holder": {"manager"}, "trained_on": {""}}), nil)
}

func TestHoldersAreRemindedOnceAYear(t *testing.T) { onEach(t, holdersAreRemindedOnceAYear) }

func holdersAreRemindedOnceAYear(t *testing.T, w *world) {
	w.mailing()
	w.now = register.Day("2023-03-01").Time().Add(9 * 3600e9)
	w.put(post("old", "board-a", "Gammalt", "employee")) // since June 2022: due in July, and each July
	_, err := w.Save(w.ctx(), w.as("coordinator"), Change{Kind: "post", Unit: "board-a", Form: map[string][]string{"name": {"Ny"}, "holder": {"manager"}, "valid_from": {"2023-03-01"}}})
	want(t, "a new post", err, nil)
	day := func(d string) {
		w.later(d)
		want(t, "planning", w.PlanReminders(w.ctx()), nil)
	}
	day("2023-03-30")
	w.tells("the day before", "")
	day("2023-03-31")
	w.tells("a month after it began", "manager: post 0d")
	day("2023-04-01")
	w.tells("the day after", "")
	page, err := w.MyPosts(w.ctx(), w.as("manager"))
	want(t, "mine", err, nil)
	if page.Left != 1 || page.Held[0].Word != WordNever {
		t.Errorf("mine: %+v", page)
	}
	want(t, "the word", w.ConfirmPost(w.ctx(), w.as("manager"), ConfirmedPost{Post: page.Held[0].ID, Rev: page.Held[0].Rev}), nil)
	day("2023-07-01")
	w.tells("of the old one", "employee: post 0d")
	day("2024-03-31")
	w.tells("a year after the post began", "")
	day("2024-04-01")
	w.tells("a year after the word", "manager: post 0d")
	day("2024-07-01")
	w.tells("of the old one again", "employee: post 0d")
	for _, person := range []string{"manager", "employee"} {
		mine, err := w.Agenda(w.ctx(), w.as(person))
		if err != nil || len(mine) != 1 || mine[0].Kind != RemindPost {
			t.Errorf("the agenda of %s: %+v, %v", person, mine, err)
		}
	}
}

func TestPostsOfADayThatIsNone(t *testing.T) {
	w := newWorld(t)
	for _, day := range []register.Day{"x", "2023-02-30"} {
		if _, err := w.Posts(w.ctx(), w.as("auditor"), "board-a", day); !errors.As(err, new(register.Wrongs)) {
			t.Errorf("%s: %v", day, err)
		}
	}
	if w := metric.PostStandings(metric.Records{}, "2023-01-01"); w != nil {
		t.Errorf("of nothing: %v", w)
	}
}
