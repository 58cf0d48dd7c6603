// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"

	"ledsyn/isms"
	"ledsyn/metric"
)

// Parts of words that tell of a loss and of a device, in either language of records. A recommendation asks for what to do when a device is
// lost if it names both.
var (
	lossStems   = []string{"rlust", "rlora", "borttapp", "tappat", "stulen", "stulit", "stulna", "lost", "loss", "stolen", "theft"}
	deviceStems = []string{"telefon", "dator", "mobil", "surfplatt", "enhet", "phone", "computer", "laptop", "tablet", "device"}
)

// deviceRoutine finds recommendations for a routine for lost devices that are answered with something else, as with a routine for incidents
// at large, while there is no decided routine of its own. An answer that says that it covers the whole is looked at as well: it is by
// another name that the routine that was asked for disappears.
func (x *examination) deviceRoutine() {
	if x.hasDeviceRoutine() {
		return
	}
	verdicts := metric.Verdicts(x.FollowUps, x.day)
	for i := range x.Recommendations {
		rec := &x.Recommendations[i]
		asked := rec.Subject + " " + rec.Text
		if x.gone(rec.Record) || verdicts[rec.ID].Verdict.Closes() || !mentions(asked, lossStems) || !mentions(asked, deviceStems) {
			continue
		}
		answers := x.answers(rec.ID)
		its := func(a isms.Response) bool {
			return a.Position == "declined" || mentions(a.Subject, lossStems) || alike(rec.Subject, a.Subject)
		}
		if len(answers) > 0 && !slices.ContainsFunc(answers, its) {
			x.record("device_routine_hidden", rec, "", answers[0].Subject)
		}
	}
}

// hasDeviceRoutine reports whether a routine that is used on the review's day is a decided steering document.
func (x *examination) hasDeviceRoutine() bool {
	return slices.ContainsFunc(x.Playbooks, func(p isms.Playbook) bool {
		return p.InForce(x.day) && slices.ContainsFunc(x.Documents, func(d isms.Document) bool {
			return d.ID == string(p.Document) && d.Type == isms.Routine && d.InForce(x.day) && d.DecidedOn <= x.day
		})
	})
}
