// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"slices"

	"ledsyn/isms"
	"ledsyn/register"
)

// waitingJudgements are the breaches and the judgements under the cybersecurity act of which something is not settled yet, for those who may
// settle it. Before a moment of awareness is settled no clock runs, so nothing else reminds of them.
func (v *visit) waitingJudgements() ([]Todo, error) {
	var list []Todo
	for _, kind := range []string{"breach", "significance"} {
		t, err := v.listed(kind, nil, "")
		if closedTo(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, rec := range t.Records {
			missing, err := v.unsettled(rec)
			if err != nil {
				return nil, err
			}
			if missing != "" {
				why := v.lang.T("web.start.judge."+missing) + " " + t.Titles.Of("unit", rec.Head().Unit)
				list = append(list, Todo{Link{t.Schema.Title(rec), "/" + kind + "/" + rec.Head().ID}, why, Tag{}})
			}
		}
	}
	return list, nil
}

// unsettled tells what of the case the person can settle, "" if nothing.
func (v *visit) unsettled(rec register.Entity) (missing string, err error) {
	var began bool
	var decided isms.Answer
	var by, approved register.Ref[isms.Person]
	aware, decision := "aware", "notify"
	switch r := rec.(type) {
	case *isms.Breach:
		began, decided, by, approved = r.AwareAt != "", r.Notify, r.DecidedBy, r.ApprovedBy
		if r.DPOView == "" && r.Risk != "" && slices.Contains(v.who.Roles(r.Unit), isms.DPO) {
			return "dpo", nil
		}
	case *isms.Significance:
		began, decided, by, approved = r.KnownAt != "", r.Significant, r.DecidedBy, r.ApprovedBy
		aware, decision = "known", "significant"
	}
	if began && (decided == isms.Yes || approved != "") {
		return "", nil
	}
	full, err := v.site.app.Get(v.r.Context(), v.who, register.OfValue(rec).Name, rec.Head().ID)
	switch {
	case err != nil:
		return "", err
	case !full.May.Change || slices.Contains(v.who.Roles(rec.Head().Unit), isms.DPO): // who advises and settles nothing
	case decided == isms.No && string(by) != v.who.Person:
		return "approve", nil
	case !began:
		return aware, nil
	case decided == "":
		return decision, nil
	}
	return "", nil
}
