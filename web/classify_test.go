// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"ledsyn/isms"
	"ledsyn/locale"
)

// TestWordsOfClassification looks for words whose keys are put together from what there is to choose among.
func TestWordsOfClassification(t *testing.T) {
	var keys []string
	for _, s := range classifyGroups {
		keys = append(keys, "web.classify.group."+string(s))
	}
	for _, k := range planKeys {
		keys = append(keys, "web.plan.key."+k)
	}
	for _, k := range []string{"now", "target", "per_month", "forecast", "need"} {
		keys = append(keys, "web.plan."+k)
	}
	for _, k := range []string{"level", "exception", "answer", "activity"} {
		keys = append(keys, "web.protection.said."+k)
	}
	for _, k := range []string{"file.is", "file.shall", "csv.is", "csv.shall"} {
		keys = append(keys, "web.protection."+k)
	}
	for _, a := range isms.Aspects() {
		keys = append(keys, "model.aspect."+string(a)+".question")
	}
	for _, m := range isms.Models() {
		keys = append(keys, "model."+m.Version)
	}
	for _, l := range locale.Langs() {
		for _, k := range append(keys, "web.classify.group.again", "wrong.objects") {
			if !l.Has(k) {
				t.Errorf("%s has no words in %s", k, l)
			}
		}
	}
}

// TestJudgement holds a form of the workshop to the rule that the worst consequence decides.
func TestJudgement(t *testing.T) {
	l := locale.Swedish
	m, _ := isms.Model(isms.CurrentModel)
	criterion := func(c isms.Category, level isms.Level) string {
		return l.T("model.category."+string(c)) + ": " + l.T(m.Criterion(c, level))
	}
	for _, c := range []struct {
		name   string
		was    isms.Judgement
		by     map[isms.Category]isms.Level
		motive string
		want   isms.Judgement
	}{
		{"nothing", isms.Judgement{}, nil, "", isms.Judgement{}},
		{"the worst decides, and is the motive", isms.Judgement{}, map[isms.Category]isms.Level{"economy": "1", "trust": "3"}, "",
			isms.Judgement{Level: "3", By: "economy=1 trust=3", Motive: criterion("trust", "3")}},
		{"a motive of one's own", isms.Judgement{}, map[isms.Category]isms.Level{"economy": "2"}, "Budgeten spricker.",
			isms.Judgement{Level: "2", By: "economy=2", Motive: "Budgeten spricker."}},
		{"set directly stays", isms.Judgement{Level: "3", Motive: "Sagt."}, nil, "Sagt.", isms.Judgement{Level: "3", Motive: "Sagt."}},
		{"set directly gives way to what is judged", isms.Judgement{Level: "3"}, map[isms.Category]isms.Level{"law": "1"}, "Nytt.",
			isms.Judgement{Level: "1", By: "law=1", Motive: "Nytt."}},
		{"taken back", isms.Judgement{Level: "3", By: "law=3", Motive: "Förut."}, nil, "", isms.Judgement{}},
	} {
		var class isms.Classification
		class.Model = isms.CurrentModel
		class.SetJudgement(isms.Integrity, c.was)
		f := judgedForm{by: map[isms.Aspect]map[isms.Category]isms.Level{isms.Integrity: c.by}, motive: map[isms.Aspect]string{isms.Integrity: c.motive}}
		if diff := cmp.Diff(c.want, f.judgement(l, &class, isms.Integrity)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
