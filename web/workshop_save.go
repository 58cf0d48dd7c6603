// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// A judgedForm is what the workshop's form sent.
type judgedForm struct {
	own     map[string]string
	aspects []isms.Aspect
	by      map[isms.Aspect]map[isms.Category]isms.Level
	motive  map[isms.Aspect]string
}

// judgedForm reads the form: names of our own, ASPECT.CATEGORY with a level, and ASPECT.motive.
func (v *visit) judgedForm() (judgedForm, error) {
	f := judgedForm{by: map[isms.Aspect]map[isms.Category]isms.Level{}, motive: map[isms.Aspect]string{}}
	sent, err := v.form()
	if err != nil {
		return f, err
	}
	names := []string{"_rev", "_key", "in", "view", "then", "legal_grounds", "participants"}
	for name, values := range sent {
		aspect, part, ok := strings.Cut(name, ".")
		if !ok {
			continue
		}
		a := isms.Aspect(aspect)
		if len(values) != 1 || !isAspect(a) {
			return f, errForm
		}
		if f.by[a] == nil {
			f.by[a] = map[isms.Category]isms.Level{}
		}
		if part == "motive" {
			f.motive[a] = strings.ReplaceAll(strings.TrimSpace(values[0]), "\r\n", "\n")
		} else if values[0] != "" {
			f.by[a][isms.Category(part)] = isms.Level(values[0])
		}
		sent.Del(name)
	}
	for _, a := range isms.Aspects() {
		if f.by[a] != nil {
			f.aspects = append(f.aspects, a)
		}
	}
	f.own, err = single(sent, names, errForm)
	return f, err
}

func isAspect(a isms.Aspect) bool {
	for _, one := range isms.Aspects() {
		if one == a {
			return true
		}
	}
	return false
}

// levelsBy is a judgement's levels as an act takes them.
func levelsBy(j isms.Judgement) map[isms.Category]isms.Level {
	by := map[isms.Category]isms.Level{}
	list, _ := isms.ParseBy(j.By)
	for _, cl := range list {
		by[cl.Category] = cl.Level
	}
	return by
}

// judgement is what the form says of the aspect. The worst consequence decides; a level that was set directly stays until some consequence
// is judged. Without a motive of its own the criterion that decided is one.
func (f judgedForm) judgement(l locale.Lang, c *isms.Classification, a isms.Aspect) isms.Judgement {
	var by []isms.CategoryLevel
	for category, level := range f.by[a] {
		by = append(by, isms.CategoryLevel{Category: category, Level: level})
	}
	j := isms.Judgement{Level: isms.Worst(by), By: isms.FormatBy(by), Motive: f.motive[a]}
	was := c.Judgement(a)
	if j.Level == "" && was.By == "" {
		j.Level = was.Level
	}
	if m := modelOf(*c); j.Motive == "" && j.Level != "" && m.Has(j.Level) && len(by) > 0 {
		j.Motive = because(l, m, j)
	}
	return j
}

func (s *site) judge(v *visit) error {
	form, err := v.judgedForm()
	if err != nil {
		return err
	}
	rev, err := number(form.own["_rev"])
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	w, err := v.workshop(id, form.own["in"], form.own["view"])
	if err != nil {
		return err
	}
	kept, err := v.keep(w, form, rev)
	var wrong register.Wrongs
	var clash app.Collision
	switch {
	case errors.As(err, &clash):
		return v.clashed(w, form, clash)
	case errors.As(err, &wrong) && stops(wrong):
		return v.goTo(w.base + "/stop")
	case errors.As(err, &wrong):
		return v.judgeAgain(w, form, rev, wrong)
	case err != nil:
		return err
	}
	w.Classification = kept
	if form.own["then"] == "propose" {
		key := form.own["_key"] + "propose"
		err := s.app.ProposeClassification(v.r.Context(), v.who, app.Entry{ID: id, Rev: kept.Rev}, key)
		if errors.As(err, &wrong) {
			if w, err = v.workshop(id, form.own["in"], form.own["view"]); err != nil {
				return err
			}
			return v.judgeAgain(w, form, w.Rev, wrong)
		}
		if err != nil {
			return err
		}
	}
	return v.goTo(w.onward(v, form.own["then"]))
}

// keep saves what the form says, aspect by aspect and what is noted of the meeting with the first, and returns what stands then. What the
// form says as it stands already is not saved again.
func (v *visit) keep(w *workshop, form judgedForm, rev int) (*isms.Classification, error) {
	kept := w.Classification
	grounds, participants := normal(form.own["legal_grounds"]), normal(form.own["participants"])
	for i, a := range form.aspects {
		j := form.judgement(v.lang, w.Classification, a)
		noted := i == 0 && (grounds != w.LegalGrounds || participants != w.Participants)
		if rev == w.Rev && j == w.Judgement(a) && !noted {
			continue
		}
		save := app.AspectSave{ID: w.ID, Rev: rev, Aspect: a, By: form.by[a], Level: j.Level, Motive: j.Motive, Key: form.own["_key"] + string(a)}
		if i == 0 {
			save.LegalGrounds, save.Participants = &grounds, &participants
		}
		c, err := v.site.app.SaveAspect(v.r.Context(), v.who, save)
		if err != nil {
			return nil, err
		}
		kept = &c
	}
	return kept, nil
}

func normal(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// stops reports that the information may concern Sweden's security.
func stops(wrong register.Wrongs) bool {
	for _, w := range wrong {
		if w.Code == "security_protected" {
			return true
		}
	}
	return false
}

// onward is where a button leads when the form was kept.
func (w *workshop) onward(v *visit, then string) string {
	switch then {
	case "pause":
		return "/classify"
	case "propose":
		if _, next := w.nextSet(v); next != "" {
			return next + "#judge"
		}
		return w.base + "/decide"
	case "next":
		if next := w.after(w.aspect); next != "" {
			return w.address(w.ID, string(next)) + "#judge"
		}
	}
	view := string(w.aspect)
	if w.all {
		view = allAspects
	}
	to := w.address(w.ID, view)
	if strings.Contains(to, "?") {
		return to + "&said=saved"
	}
	return to + "?said=saved"
}

// judgeAgain shows the form with what was sent and what is wrong with it.
func (v *visit) judgeAgain(w *workshop, form judgedForm, rev int, wrong register.Wrongs) error {
	p, err := v.judging(form.over(v.lang, w))
	if err != nil {
		return err
	}
	p.Rev = rev
	p.Summary = &Summary{Heading: v.lang.T("web.form.problem")}
	for _, x := range wrong {
		p.Summary.Items = append(p.Summary.Items, w.wrong(v, x))
		p.Meeting.Open = p.Meeting.Open || x.Field == "legal_grounds" || x.Field == "participants"
	}
	p.Failed = true
	return v.show(http.StatusUnprocessableEntity, "classify-set", p)
}

// wrong tells what is wrong, with a link to where it is mended.
func (w *workshop) wrong(v *visit, x register.Wrong) Link {
	text := v.lang.T("wrong."+x.Code, x.Args...)
	aspect, part, _ := strings.Cut(x.Field, "_")
	switch {
	case isAspect(isms.Aspect(x.Field)):
		if x.Code == "required" {
			text = v.lang.T("web.classify.judge_first")
		}
		return Link{v.lang.T("model.aspect."+x.Field) + ": " + text, w.address(w.ID, x.Field)}
	case isAspect(isms.Aspect(aspect)) && part == "motive":
		return Link{v.lang.T("web.classify.motive", v.lang.T("model.aspect."+aspect)) + ": " + text, "#f-" + aspect + "-motive"}
	case x.Field == "legal_grounds" || x.Field == "participants":
		return Link{v.lang.T("classification."+x.Field) + ": " + text, "#f-" + x.Field}
	}
	return Link{Text: text}
}

// over is the workshop with what the form says in place of what stands.
func (f judgedForm) over(l locale.Lang, w *workshop) *workshop {
	c := *w.Classification
	for _, a := range f.aspects {
		j := f.judgement(l, w.Classification, a)
		j.Motive = f.motive[a]
		c.SetJudgement(a, j)
	}
	c.LegalGrounds, c.Participants = normal(f.own["legal_grounds"]), normal(f.own["participants"])
	mine := *w
	mine.Classification = &c
	return &mine
}

// clashed shows what somebody else has saved beside what was sent. Sent again, it stands in place of theirs.
func (v *visit) clashed(w *workshop, form judgedForm, clash app.Collision) error {
	p, err := v.judging(form.over(v.lang, w))
	if err != nil {
		return err
	}
	l := v.lang
	p.Rev, p.Failed = clash.Theirs.Rev, true
	for _, a := range isms.Aspects() {
		mine, theirs := clash.Mine.Judgement(a), clash.Theirs.Judgement(a)
		if mine != theirs && form.by[a] != nil {
			p.Clash = append(p.Clash, Difference{Label: l.T("model.aspect." + string(a)), Was: inWords(v, clash.Theirs, a), Is: inWords(v, clash.Mine, a)})
		}
	}
	for _, f := range []struct{ key, mine, theirs string }{{"legal_grounds", clash.Mine.LegalGrounds, clash.Theirs.LegalGrounds},
		{"participants", clash.Mine.Participants, clash.Theirs.Participants}} {
		if f.mine != f.theirs {
			p.Clash = append(p.Clash, Difference{Label: l.T("classification." + f.key), Was: f.theirs, Is: f.mine})
		}
	}
	return v.show(http.StatusConflict, "classify-set", p)
}

// inWords is a judgement as a person reads it.
func inWords(v *visit, c isms.Classification, a isms.Aspect) string {
	m, j := modelOf(c), c.Judgement(a)
	text := levelText(v.lang, m, j.Level)
	by, _ := isms.ParseBy(j.By)
	for _, cl := range by {
		text += "\n" + v.lang.T("model.category."+string(cl.Category)) + ": " + levelText(v.lang, m, cl.Level)
	}
	if j.Motive != "" {
		text += "\n" + j.Motive
	}
	return text
}

// typeResult keeps a result written as it is said, K3/R3/T2, or taken over from the set's common types with that as the motive.
func (s *site) typeResult(v *visit) error {
	form, err := v.formOf("_rev", "_key", "in", "profile", "motive")
	if err != nil {
		return err
	}
	rev, err := number(form["_rev"])
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	w, err := v.workshop(id, form["in"], allAspects)
	if err != nil {
		return err
	}
	if form["motive"] == "" {
		_, err = s.app.SaveProfile(v.r.Context(), v.who, id, rev, form["profile"], form["_key"])
	} else {
		err = v.takeOver(w, rev, form)
	}
	var wrong register.Wrongs
	switch {
	case errors.As(err, &wrong) && stops(wrong):
		return v.goTo(w.base + "/stop")
	case errors.As(err, &wrong):
		p, err := v.judging(w)
		if err != nil {
			return err
		}
		p.Typed, p.Failed = form["profile"], true
		p.Summary = summarize(v.lang, register.Of[isms.Classification](), wrong)
		for i := range p.Summary.Items {
			p.Summary.Items[i] = Link{v.lang.T("wrong."+wrong[i].Code, wrong[i].Args...), "#f-profile"}
		}
		return v.show(http.StatusUnprocessableEntity, "classify-set", p)
	case err != nil:
		return err
	}
	return v.goTo(w.onward(v, "stay"))
}

func (v *visit) takeOver(w *workshop, rev int, form map[string]string) error {
	p, ok := isms.ParseProfile(form["profile"])
	if !ok {
		return register.Wrongs{{Field: "profile", Code: "profile", Args: []any{form["profile"]}}}
	}
	for _, a := range isms.Aspects() {
		level := p.Level(a)
		if level == "" {
			continue
		}
		_, err := v.site.app.SaveAspect(v.r.Context(), v.who, app.AspectSave{ID: w.ID, Rev: rev, Aspect: a, Level: level, Motive: form["motive"],
			Key: form["_key"] + string(a)})
		if err != nil {
			return err
		}
	}
	return nil
}

// nowAt tells the page's script the newest revision and result, so that two who work at once see it.
func (s *site) nowAt(v *visit) error {
	c, _, err := v.classification(v.r.PathValue("id"))
	if err != nil {
		return err
	}
	if _, err := v.query(); err != nil {
		return err
	}
	if !v.wantsJSON() {
		return v.goTo("/classify/" + url.PathEscape(c.ID))
	}
	return v.sendJSON(http.StatusOK, map[string]any{"rev": c.Rev, "result": c.Title()})
}
