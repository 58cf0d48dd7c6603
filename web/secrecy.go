// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/locale"
	"ledsyn/register"
)

// maskedCopy is the parameter that asks for any page, list or document as it may be given to somebody outside: with everything
// masked that is marked, also for those who may see it.
const maskedCopy = "masked"

// forReader lets what is read know which page it is for, and takes the request for a masked copy out of the address.
func (v *visit) forReader() error {
	ctx := app.OnPage(v.r.Context(), v.r.URL.Path)
	if v.r.Method == http.MethodGet && strings.Contains(v.r.URL.RawQuery, maskedCopy) {
		values, err := url.ParseQuery(v.r.URL.RawQuery)
		if err != nil {
			return errQuery
		}
		if asked, ok := values[maskedCopy]; ok {
			if !slices.Equal(asked, []string{"1"}) {
				return errQuery
			}
			values.Del(maskedCopy)
			u := *v.r.URL
			u.RawQuery = values.Encode()
			v.r = v.r.Clone(ctx)
			v.r.URL, v.masked = &u, true
			v.rests = map[string]bool{}
			ctx = app.MaskedCopy(ctx)
		}
	}
	v.r = v.r.WithContext(ctx)
	return nil
}

// said is the text of an answer with words where something is masked.
func (v *visit) said(text string) string {
	return register.Unmask(text, func(provision string) string {
		if v.rests != nil {
			v.rests[provision] = true
		}
		return v.lang.Masked(provision)
	})
}

// copyNote says of a masked copy who made it, when, and what the masking rests on.
func (v *visit) copyNote() []string {
	if !v.masked {
		return nil
	}
	return app.CopyNote(v.lang, v.who, v.site.app.Now(), v.rests)
}

// markText is a mark in words, as it stands beside what it is put on.
func markText(l locale.Lang, m isms.SecrecyMark, titles app.Titles) string {
	provision := l.Provision(m.Provision)
	if provision == "" {
		provision = m.Provision
	}
	if by := titles.Of("person", string(m.MarkedBy)); by != "" {
		return l.T("secrecy.marked.by", provision, string(m.MarkedOn), m.Authority, by)
	}
	return l.T("secrecy.marked", provision, string(m.MarkedOn), m.Authority)
}

// secrecyOf is the marks on the record's fields in words, and what is said of the record as a whole.
func (p *RecordPage) secrecyOf(v *visit, rec app.Record) {
	if !isms.Markable(rec.Schema.Name) || rec.Schema.Name == "attachment" {
		return
	}
	p.Secrecy = secrecyAddress(rec.Schema.Name, rec.Entity.Head().ID)
	for _, m := range rec.Marks {
		if m.Field == "" {
			p.Marked = append(p.Marked, v.lang.T("secrecy.marked.all")+". "+markText(v.lang, m, rec.Titles))
		}
		if r, ok := law.Embedded().Rule(m.Provision, string(m.MarkedOn)); ok && r.Secrecy != nil && r.Secrecy.Silences {
			p.Silenced = v.lang.T("secrecy.warning")
		}
	}
}

// markOn is the marks on one field in words, "" where there are none.
func markOn(v *visit, rec app.Record, field string) string {
	var said []string
	for _, m := range rec.Marks {
		if m.Field == field {
			said = append(said, markText(v.lang, m, rec.Titles))
		}
	}
	return strings.Join(said, ". ")
}

func secrecyAddress(kind, id string) string { return "/secrecy/" + kind + "/" + id }

// SecrecyPage is the marks on one record, where they are put and lifted.
type SecrecyPage struct {
	Frame
	Kicker    string
	Record    string
	Marks     []MarkRow
	Lifted    []MarkRow
	Silences  bool
	Copies    []Link
	Public    string
	May       bool
	Action    string
	Key       string
	Fields    []Option
	Rules     []RuleOption
	Proposals []string
	Authority string
	Note      string
	Summary   *Summary
	Reads     string
}

// A MarkRow is one mark.
type MarkRow struct {
	What, Text, Note, Until string
	Lift                    string // the address, "" for those who may not
	Rev                     int
}

// A RuleOption is a provision to choose, with its test of harm.
type RuleOption struct {
	Option
	About string
}

func (s *site) secrecy(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	return v.showSecrecy(http.StatusOK, nil, nil)
}

func (v *visit) showSecrecy(status int, sent map[string]string, wrong register.Wrongs) error {
	kind, id := v.r.PathValue("kind"), v.r.PathValue("id")
	rec, err := v.site.app.Secrecy(v.r.Context(), v.who, kind, id)
	if err != nil {
		return err
	}
	l := v.lang
	p := &SecrecyPage{Kicker: l.T("web.secrecy"), Record: address(kind, id), Silences: rec.Silences, May: rec.May, Action: secrecyAddress(kind, id), Key: register.NewID(),
		Authority: sent["authority"], Note: sent["note"]}
	title := named(l, kind, rec.Title, id)
	p.Title = l.T("web.secrecy.of", title)
	p.Crumbs = []Link{{l.T("register." + kind), "/r/" + kind}, {title, p.Record}}
	row := func(m app.MarkOn) MarkRow {
		r := MarkRow{What: l.T("web.secrecy.all"), Text: markText(l, m.SecrecyMark, rec.Titles), Note: m.Note, Until: string(m.LiftedOn), Rev: m.Rev}
		if f, ok := rec.Schema.Field(m.Field); ok {
			r.What = label(l, rec.Schema, f)
		}
		if rec.May && m.Holds(v.site.app.Today()) {
			r.Lift = p.Action + "/" + m.ID + "/lift"
		}
		return r
	}
	for _, m := range rec.Marks {
		p.Marks = append(p.Marks, row(m))
	}
	for _, m := range rec.Lifted {
		p.Lifted = append(p.Lifted, row(m))
	}
	p.Copies = []Link{{l.T("web.secrecy.masked_copy"), p.Record + "?" + maskedCopy + "=1"},
		{l.T("web.secrecy.masked_xlsx"), "/xlsx/" + kind + "?" + maskedCopy + "=1"}, {l.T("web.secrecy.masked_csv"), "/csv/" + kind + "?" + maskedCopy + "=1"}}
	p.choices(l, rec, sent)
	if v.site.app.SeesReadings(v.who) && isms.ReadingIsNoted(kind) {
		p.Reads = "/secrecy/reads?kind=" + kind + "&id=" + id
	}
	p.Summary = summarize(l, register.Of[isms.SecrecyMark](), wrong)
	p.Failed = p.Summary != nil
	return v.show(status, "secrecy", p)
}

// choices are the fields and provisions that a mark can be about, with what is most likely for the register.
func (p *SecrecyPage) choices(l locale.Lang, rec app.SecrecyPage, sent map[string]string) {
	kind := rec.Schema.Name
	p.Fields = []Option{{Value: "", Text: l.T("web.secrecy.all"), Chosen: sent["field"] == ""}}
	for _, f := range rec.Schema.Fields {
		o := Option{Value: f.Name, Text: label(l, rec.Schema, f), Chosen: sent["field"] == f.Name}
		if key := isms.ProposedProvision(kind, f.Name); key != "" {
			p.Proposals = append(p.Proposals, l.T("web.secrecy.proposal", o.Text, l.Provision(key)))
		}
		p.Fields = append(p.Fields, o)
	}
	for _, r := range rec.Rules {
		about := l.T("web.secrecy.test." + string(r.Secrecy.Test))
		if r.Secrecy.MaxYears > 0 {
			about += " " + l.T("web.secrecy.years", r.Secrecy.MaxYears)
		}
		if r.Secrecy.Silences {
			about += " " + l.T("web.secrecy.silences")
		}
		text := r.Title.In(string(l))
		if place := l.Provision(r.Key); place != "" {
			text = place + ", " + text
		}
		p.Rules = append(p.Rules, RuleOption{Option{r.Key, text, sent["provision"] == r.Key}, about})
	}
	var open []string
	for _, f := range rec.Public {
		open = append(open, label(l, rec.Schema, f))
	}
	p.Public = l.T("web.secrecy.public.none")
	if len(open) > 0 {
		p.Public = l.T("web.secrecy.public", l.And(open))
	}
}

func (s *site) putMark(v *visit) error {
	kind, id := v.r.PathValue("kind"), v.r.PathValue("id")
	form, err := v.formOf("field", "provision", "authority", "note", "_key")
	if err != nil {
		return err
	}
	_, err = s.app.Mark(v.r.Context(), v.who, app.NewMark{Kind: kind, ID: id, Field: form["field"], Provision: form["provision"], Authority: form["authority"],
		Note: form["note"], Key: form["_key"]})
	if wrong := (register.Wrongs)(nil); errors.As(err, &wrong) {
		return v.showSecrecy(http.StatusUnprocessableEntity, form, wrong)
	}
	return v.afterAct(err, secrecyAddress(kind, id))
}

func (s *site) liftMark(v *visit) error {
	form, err := v.formOf("_rev", "_key")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	err = s.app.LiftMark(v.r.Context(), v.who, v.r.PathValue("mark"), rev, form["_key"])
	return v.afterAct(err, secrecyAddress(v.r.PathValue("kind"), v.r.PathValue("id")))
}

// ReadsPage is the read log.
type ReadsPage struct {
	Frame
	About string
	Rows  []ReadRow
	Older string
	All   string // the whole log, where this is one record's
}

// A ReadRow is that somebody read something secret.
type ReadRow struct {
	At, Who, Fields, Page string
	What                  Link
}

func (s *site) reads(v *visit) error {
	q, err := v.query("kind", "id", "before", "as")
	if err != nil {
		return err
	}
	if q["before"] != "" && !register.Moment(q["before"]).Valid() {
		return errQuery
	}
	l := v.lang
	list, err := s.app.Readings(v.r.Context(), v.who, app.ReadingQuery{Kind: q["kind"], ID: q["id"], Before: register.Moment(q["before"])})
	if err != nil {
		return err
	}
	p := &ReadsPage{About: l.T("web.reads.about", isms.ReadLogDays)}
	p.Title = l.T("web.reads")
	if q["id"] != "" {
		p.Title, p.All = l.T("web.reads.of"), "/secrecy/reads"
	}
	for _, r := range list.List {
		row := ReadRow{At: clock(r.At), Who: list.Titles.Of("person", r.Who), Page: r.Page, What: Link{named(l, r.Kind, list.Titles.Of(r.Kind, r.ID), r.ID), address(r.Kind, r.ID)}}
		if row.Who == "" {
			row.Who = l.T("web.operator")
		}
		if row.What.Text == "" {
			row.What.Text = l.T("register." + r.Kind + ".one")
		}
		var fields []string
		for name := range strings.FieldsSeq(r.Fields) {
			if name == "files" {
				fields = append(fields, l.T("web.reads.files"))
			} else {
				fields = append(fields, strings.ToLower(l.T(r.Kind+"."+name)))
			}
		}
		row.Fields = strings.Join(fields, ", ")
		p.Rows = append(p.Rows, row)
	}
	if list.More != "" {
		values := url.Values{"before": {string(list.More)}}
		if q["id"] != "" {
			values.Set("kind", q["kind"])
			values.Set("id", q["id"])
		}
		p.Older = "/secrecy/reads?" + values.Encode()
	}
	return v.show(http.StatusOK, "reads", p)
}

func (p *ReadsPage) table(l locale.Lang) (string, app.Sheet) {
	t := headed(l, "web.reads.at", "web.reads.who", "web.reads.what", "web.reads.fields", "web.reads.page")
	for _, r := range p.Rows {
		t.Rows = append(t.Rows, []any{r.At, r.Who, r.What.Text, r.Fields, r.Page})
	}
	return "lasningar", t
}
