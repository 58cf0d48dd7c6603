// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"

	"ledsyn/access"
	"ledsyn/register"
)

// decidersFields are the fields that only those who may decide such a record may fill in or change: an approval is
// worth nothing if whoever asks for it can write it.
var decidersFields = map[string][]string{
	"level_exception": {"approved_by", "approved_on"},
	"dpia":            {"decided_by", "decided_on"},
}

// advisersFields are the fields that remain for those who may change a record of the register but not make one: the
// data protection officer writes an opinion on an impact assessment, and not the assessment.
var advisersFields = map[string][]string{
	"dpia": {"dpo_opinion", "dpo_opinion_on"},
}

// reserved reports changed fields that are not the actor's to change.
func reserved(who access.Actor, was, rec register.Entity) register.Wrongs {
	var wrong register.Wrongs
	kind, unit := register.OfValue(rec).Name, rec.Head().Unit
	decides, makes := who.May(access.Decide, kind, unit), who.May(access.Create, kind, unit)
	advice, advises := advisersFields[kind]
	for _, c := range register.Diff(was, rec) {
		switch name := c.Field.Name; {
		case !decides && slices.Contains(decidersFields[kind], name):
			wrong = append(wrong, register.Wrong{Field: name, Code: "by_decider"})
		case !decides && !makes && advises && !slices.Contains(advice, name):
			wrong = append(wrong, register.Wrong{Field: name, Code: "opinion_only"})
		}
	}
	return wrong
}
