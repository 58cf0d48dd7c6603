// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"ledsyn/isms"
	"ledsyn/locale"
)

// A Mark is a level as pages show it everywhere: K3. Class is its colour, which never is the only sign.
type Mark struct {
	Text    string
	Class   string
	AtLeast string // the words that stand before a level that may be higher
	Unknown string // the words that stand in place of a level that is not there
	Short   bool   // they are shown as a dash
}

func (k Mark) short() Mark {
	k.Short = true
	return k
}

// mark shows the level of an aspect in a model.
func mark(l locale.Lang, m isms.ClassificationModel, a isms.Aspect, level isms.Level, atLeast bool) Mark {
	k := Mark{Text: a.Code() + string(level), Class: m.Colour(level)}
	switch {
	case level == "":
		k.Text, k.Unknown = a.Code(), l.T("web.classify.not_classified")
	case atLeast:
		k.AtLeast = l.T("web.classify.at_least")
	}
	return k
}

// marks shows the whole result of a classification; traceability only where it was judged.
func marks(l locale.Lang, c isms.Classification) []Mark {
	m := modelOf(c)
	var list []Mark
	for _, a := range isms.Aspects() {
		level := c.Judgement(a).Level
		if level != "" || m.Compulsory(a) {
			list = append(list, mark(l, m, a, level, false).short())
		}
	}
	return list
}

// modelOf is the model that the classification was made with.
func modelOf(c isms.Classification) isms.ClassificationModel {
	m, ok := isms.Model(c.Model)
	if !ok {
		m, _ = isms.Model(isms.CurrentModel)
	}
	return m
}

// levelText is a level's number and name: 3 Allvarlig.
func levelText(l locale.Lang, m isms.ClassificationModel, level isms.Level) string {
	if level == "" {
		return l.T("web.classify.not_classified")
	}
	return string(level) + " " + l.T(m.LevelName(level))
}

// because tells which consequence decides the level, with its criterion.
func because(l locale.Lang, m isms.ClassificationModel, j isms.Judgement) string {
	if j.Level == "" {
		return ""
	}
	by, _ := isms.ParseBy(j.By)
	for _, cl := range by {
		if cl.Level == j.Level {
			return l.T("web.classify.because", l.T("model.category."+string(cl.Category)), l.T(m.Criterion(cl.Category, cl.Level)))
		}
	}
	return l.T("web.classify.set_directly")
}
