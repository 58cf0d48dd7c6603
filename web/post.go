// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// PostsPage is the organisation for information security: who answers for what in a unit and the units below it, on a day.
type PostsPage struct {
	Frame
	Ask     AskFigures
	Past    string
	Said    string // what was just done
	Counts  []PostCount
	Chosen  string
	Only    Link // the same page with all rows, or with those that somebody has to see to
	Rows    []PostLine
	Empty   string
	Words   bool // who has confirmed may be seen
	Lists   []Link
	New     string
	Propose *ProposeForm
}

// A PostCount is how many posts are in a state.
type PostCount struct{ Text, Number, Class string }

// A PostLine is one post. Remarks are what somebody has to see to.
type PostLine struct {
	Link
	Unit           string
	Holder, Deputy Value
	Since          string
	Confirmed      Value
	Note           string // what the holder wrote with the confirmation
	Trained        Value
	Remarks        []string
}

// ProposeForm is the program's own posts that a unit may take over.
type ProposeForm struct {
	Key   string
	Units []Option
	Posts []isms.StandardPost
}

func postRoutes() []route {
	return []route{
		{"GET /posts", false, (*site).posts},
		{"GET /posts/mine", false, (*site).myPosts},
		{"POST /posts/mine", false, (*site).confirmPost},
		{"POST /posts/propose", false, (*site).proposePosts},
	}
}

func (s *site) posts(v *visit) error {
	if sees, _ := s.app.Sees(v.who); !sees["post"] {
		return isms.ErrNotFound
	}
	q, err := v.query("unit", "day", "show", "made", "as")
	if err != nil {
		return err
	}
	units, err := v.units()
	if err != nil {
		return err
	}
	unit, today := q["unit"], s.app.Today()
	if unit == "" {
		unit = v.home(units)
	}
	day := register.Day(q["day"])
	if day == "" {
		day = today
	}
	page, err := s.app.Posts(v.r.Context(), v.who, unit, day)
	if errors.As(err, new(register.Wrongs)) {
		return errQuery
	}
	if err != nil {
		return err
	}
	p := &PostsPage{Ask: AskFigures{Action: "/posts", Day: string(day)}, Words: page.Sees}
	for _, u := range units {
		p.Ask.Units = append(p.Ask.Units, Option{u.Value, u.Text, u.Value == unit})
	}
	p.Title, p.Place = v.lang.T("web.posts"), v.unitName(unit)
	p.fill(v, page, unit, q)
	return v.show(http.StatusOK, "posts", p)
}

func (p *PostsPage) fill(v *visit, page app.PostPage, unit string, q map[string]string) {
	l := v.lang
	if n, err := strconv.Atoi(q["made"]); err == nil && n >= 0 {
		p.Said = l.T("web.posts.made", n)
	}
	if page.Past {
		p.Past = l.T("web.posts.past", string(page.Day))
	}
	address := url.Values{"unit": {unit}, "day": {string(page.Day)}}
	wanting := q["show"] == "wanting"
	p.Only = Link{l.T("web.posts.only"), "/posts?" + address.Encode() + "&show=wanting"}
	if wanting {
		p.Chosen, p.Only = l.T("web.posts.chosen"), Link{l.T("web.posts.every"), "/posts?" + address.Encode()}
	}
	for _, row := range page.Rows {
		if !wanting || row.Wants() {
			p.Rows = append(p.Rows, v.postLine(row, page))
		}
	}
	switch {
	case len(page.Rows) == 0:
		p.Empty = l.T("web.posts.none")
	case len(p.Rows) == 0:
		p.Empty = l.T("web.posts.all_well")
	}
	p.Counts = postCounts(l, page)
	for _, list := range page.Lists {
		p.Lists = append(p.Lists, Link{l.T("web.posts.list", list.Name, string(list.Day)), "/population/" + list.ID})
	}
	if len(page.Propose) > 0 {
		p.New = "/r/post/new"
		p.Propose = &ProposeForm{Key: register.NewID(), Posts: isms.StandardPosts(string(l))}
		for _, u := range page.Propose {
			p.Propose.Units = append(p.Propose.Units, Option{u.ID, u.Name, u.ID == unit})
		}
	}
}

func postCounts(l locale.Lang, page app.PostPage) []PostCount {
	var all []PostCount
	add := func(key string, n int, class string) {
		if n == 0 && key != "all" {
			return
		}
		all = append(all, PostCount{l.T("web.posts.count."+key, n), l.Number(n), class})
	}
	c := page.Counts
	add("all", c.All, "")
	add("vacant", c.Vacant, "bad")
	add("left", c.Left, "bad")
	add("not_listed", c.NotListed, "warn")
	add("doubled", c.Doubled, "bad")
	if page.Sees {
		add("unconfirmed", c.All-c.Vacant-c.Left-c.Confirmed, "warn")
	}
	add("untrained", c.Untrained, "warn")
	return all
}

func (v *visit) postLine(row app.PostRow, page app.PostPage) PostLine {
	l := v.lang
	line := PostLine{Link: Link{row.Name, address("post", row.ID)}, Since: l.Day(string(row.ValidFrom)),
		Holder: Value{Text: l.T("web.posts.vacant"), Tag: "bad"}}
	if len(page.Titles["unit"]) > 1 {
		line.Unit = page.Titles.Of("unit", row.Unit)
	}
	if row.Holder != "" {
		line.Holder = Value{Text: page.Titles.Of("person", string(row.Holder))}
	}
	if row.Deputy != "" {
		line.Deputy = Value{Text: page.Titles.Of("person", string(row.Deputy))}
	}
	line.Confirmed = postWord(l, row.PostStanding)
	switch row.Trained {
	case isms.Yes:
		line.Trained = Value{Text: string(row.TrainedOn), Day: true}
	case isms.No:
		line.Trained = Value{Text: l.T("web.posts.untrained"), Tag: "warn"}
	}
	if page.Sees {
		line.Note = row.Last.Note
	}
	remark := func(is bool, key string) {
		if is {
			line.Remarks = append(line.Remarks, l.T("web.posts.remark."+key))
		}
	}
	remark(row.Left, "left")
	remark(row.NotListed && !row.Left, "not_listed")
	remark(len(row.Doubles) > 0, "doubled")
	remark(row.DeputyLeft, "deputy_left")
	return line
}

// postWord is how it stands with the holder's yearly word, and nothing where there is no holder to ask.
func postWord(l locale.Lang, p app.PostStanding) Value {
	switch {
	case p.Vacant:
		return Value{}
	case p.Word == app.WordThisYear:
		return Value{Text: string(p.Last.ConfirmedOn), Day: true}
	case p.Word == app.WordNever:
		return Value{Text: l.T("web.posts.never"), Tag: "warn"}
	}
	return Value{Text: l.T("web.posts.word."+string(p.Word), string(p.Last.ConfirmedOn)), Tag: "warn"}
}

func (p *PostsPage) table(l locale.Lang) (string, app.Sheet) {
	t := headed(l, "web.unit", "post.name", "post.holder", "post.deputy", "post.valid_from", "post_confirmation.confirmed_on", "post.trained_on", "web.posts.remarks")
	for _, r := range p.Rows {
		remarks := ""
		for i, one := range r.Remarks {
			if i > 0 {
				remarks += " "
			}
			remarks += one
		}
		unit := r.Unit
		if unit == "" {
			unit = p.Place
		}
		t.Rows = append(t.Rows, []any{unit, r.Text, r.Holder.Text, r.Deputy.Text, typed(r.Since), typed(r.Confirmed.Text), typed(r.Trained.Text), remarks})
	}
	return "ansvarsomraden", t
}

// proposePosts makes the program's own posts that were chosen for a unit.
func (s *site) proposePosts(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	keys := form["post"]
	delete(form, "post")
	own, err := single(form, []string{"_key", "unit"}, errForm)
	if err != nil {
		return err
	}
	made, err := s.app.ProposePosts(v.r.Context(), v.who, own["unit"], keys, v.lang, own["_key"])
	return v.afterAct(err, "/posts?"+url.Values{"unit": {own["unit"]}, "made": {strconv.Itoa(made)}}.Encode()+"#posts")
}
