// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"strconv"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/register"
)

// MyPostsPage is what the person answers for, to be confirmed once a year.
type MyPostsPage struct {
	Frame
	Summary *Summary
	Said    string
	Lead    string
	Held    []OwnPost
	Deputy  []OwnPost
	All     string // where everybody's are, for those who may see them
}

// OwnPost is one of the person's posts. Key is "" where there is nothing to confirm.
type OwnPost struct {
	ID, Name, Unit string
	Text           string
	Standing       Value
	Facts          []Fact
	Changed        bool // the text is another than the one confirmed this year
	Key, Rev, Note string
	Others         string
}

func (s *site) myPosts(v *visit) error {
	q, err := v.query("done")
	if err != nil {
		return err
	}
	p := &MyPostsPage{}
	if q["done"] != "" {
		p.Said = v.lang.T("web.posts.mine.done")
	}
	return v.showMyPosts(http.StatusOK, p, nil)
}

// showMyPosts shows the page; sent is a confirmation that could not be kept, to be mended.
func (v *visit) showMyPosts(status int, p *MyPostsPage, sent map[string]string) error {
	l := v.lang
	mine, err := v.site.app.MyPosts(v.r.Context(), v.who)
	if err != nil {
		return err
	}
	p.Title = l.T("web.posts.mine")
	if sees, _ := v.site.app.Sees(v.who); sees["post"] {
		p.All = "/posts"
		p.Crumbs = []Link{{l.T("web.posts"), "/posts"}}
	}
	for _, one := range mine.Held {
		own := v.ownPost(one, mine.Titles)
		own.Others = mine.Titles.Of("person", string(one.Deputy))
		if one.Word != app.WordThisYear {
			own.Key, own.Rev = register.NewID(), strconv.Itoa(one.Rev)
			if sent["post"] == one.ID {
				own.Note = sent["note"]
			}
		}
		p.Held = append(p.Held, own)
	}
	for _, one := range mine.Deputy {
		own := v.ownPost(one, mine.Titles)
		own.Others = mine.Titles.Of("person", string(one.Holder))
		p.Deputy = append(p.Deputy, own)
	}
	switch {
	case len(mine.Held) == 0:
		p.Lead = l.T("web.posts.mine.none")
	case mine.Left == 0:
		p.Lead = l.T("web.posts.mine.all_done", len(mine.Held))
	default:
		p.Lead = l.T("web.posts.mine.lead", mine.Left, len(mine.Held))
	}
	return v.show(status, "posts-mine", p)
}

func (v *visit) ownPost(one app.PostStanding, titles app.Titles) OwnPost {
	l := v.lang
	own := OwnPost{ID: one.ID, Name: one.Name, Unit: titles.Of("unit", one.Unit), Text: one.Description, Standing: postWord(l, one),
		Changed: one.Word == app.WordChanged}
	add := func(key string, values ...Value) { own.Facts = append(own.Facts, Fact{l.T(key), values}) }
	if one.ValidFrom != "" {
		add("post.valid_from", Value{Text: string(one.ValidFrom), Day: true})
	}
	if name := titles.Of("course", string(one.Course)); name != "" {
		trained := Value{Text: l.T("web.posts.untrained"), Tag: "warn"}
		if one.Trained == isms.Yes {
			trained = Value{Text: string(one.TrainedOn), Day: true}
		}
		add("post.course", Value{Text: name}, trained)
	}
	if name := titles.Of("document", string(one.Document)); name != "" {
		add("post.document", Value{Text: name, URL: address("document", string(one.Document))})
	}
	return own
}

// confirmPost keeps the person's word on a post of their own.
func (s *site) confirmPost(v *visit) error {
	form, err := v.formOf("_key", "_rev", "post", "note")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	err = s.app.ConfirmPost(v.r.Context(), v.who, app.ConfirmedPost{Post: form["post"], Rev: rev, Note: form["note"], Key: form["_key"]})
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		p := &MyPostsPage{Summary: summarize(v.lang, register.Of[isms.PostConfirmation](), wrong)}
		p.Summary.lead(func(string) string { return "#f-note-" + form["post"] })
		p.Failed = true
		return v.showMyPosts(http.StatusUnprocessableEntity, p, form)
	}
	return v.afterAct(err, "/posts/mine?done=1")
}

// waitingPosts are the posts that the person has not confirmed this year.
func (v *visit) waitingPosts() ([]Todo, error) {
	mine, err := v.site.app.MyPosts(v.r.Context(), v.who)
	if err != nil {
		return nil, err
	}
	var list []Todo
	for _, one := range mine.Held {
		if one.Word == app.WordThisYear {
			continue
		}
		standing := postWord(v.lang, one)
		list = append(list, Todo{Link{one.Name, "/posts/mine#p-" + one.ID}, mine.Titles.Of("unit", one.Unit), Tag{standing.Text, standing.Tag}})
	}
	return list, nil
}
