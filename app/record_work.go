// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/law"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
	"ledsyn/store"
)

// Work is something in the record of processing that somebody should see to: what (the words work.CODE, and of all of
// its kind together finding.CODE with its .why and .mend) and where.
type Work struct {
	Code     string
	Kind, ID string // the record to mend
	Title    string
	Unit     string
	Owner    string   // whose it is to mend, "" where nobody is named
	Fields   []string // the fields of the record that it is about
	Args     []any    // what its words name
	Secret   bool     // it is about an entry that is kept out of the public version
}

// Words is what is to be seen to, in the reader's language.
func (w Work) Words(l locale.Lang) string { return l.T("work."+w.Code, inWords(l, w.Args)...) }

// fieldNames are fields of a register as an argument of words.
type fieldNames struct {
	kind   string
	fields []string
}

// inWords turns arguments into what the reader's language calls them.
func inWords(l locale.Lang, args []any) []any {
	out := make([]any, len(args))
	for i, arg := range args {
		switch v := arg.(type) {
		case key:
			out[i] = l.T(string(v))
		case law.Text:
			out[i] = v.In(string(l))
		case register.Day:
			out[i] = l.Day(string(v))
		case register.Percent:
			hundredths, _ := v.Known()
			out[i] = l.Percent(hundredths)
		case fieldNames:
			var names []string
			for _, f := range v.fields {
				names = append(names, strings.ToLower(l.T(v.kind+"."+f)))
			}
			out[i] = l.And(names)
		case []string:
			out[i] = l.And(quoted(l, v))
		case more:
			out[i] = l.T("record.more", strings.Join(quoted(l, v.titles), ", "), v.rest)
		default:
			out[i] = v
		}
	}
	return out
}

// quoted marks names off from the sentence, since they may hold commas and full stops.
func quoted(l locale.Lang, names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = l.T("record.quoted", name)
	}
	return out
}

// A recordOf is the record of processing on a day, looked at as a whole.
type recordOf struct {
	metric.Records
	day        register.Day
	suppliers  map[register.Ref[isms.Supplier]]isms.Supplier
	agreements map[register.Ref[isms.Agreement]]isms.Agreement
	subs       map[register.Ref[isms.Agreement]][]isms.SubProcessor
	transfers  map[register.Ref[isms.Processing]][]isms.Transfer
	last       map[string]register.Day // the last word on each entry
	secret     map[string]bool         // entries kept out of the public version, and what is about them
	work       []Work
}

// recordWork goes through the record of processing as it stands on the day and lists what is to be seen to, in the order
// of the checks and the records' ids.
func recordWork(r metric.Records, day register.Day) []Work {
	v := newRecordOf(r, day)
	v.systems()
	for i := range v.Processings {
		p := &v.Processings[i]
		if metric.EntryInUse(*p, day) {
			v.entry(p)
			v.processors(p)
			v.abroad(p)
		} else if metric.EntryStands(*p, day) && p.State == isms.ProcessingChecked {
			v.add("processing_waiting", p, p.Owner)
		}
	}
	v.agreementsInForce()
	v.transfersNow()
	v.assessments()
	v.requests()
	order := workOrder()
	slices.SortStableFunc(v.work, func(a, b Work) int { return order[a.Code] - order[b.Code] })
	return v.work
}

func newRecordOf(r metric.Records, day register.Day) *recordOf {
	v := &recordOf{Records: r, day: day, suppliers: map[register.Ref[isms.Supplier]]isms.Supplier{},
		agreements: map[register.Ref[isms.Agreement]]isms.Agreement{}, subs: map[register.Ref[isms.Agreement]][]isms.SubProcessor{},
		transfers: map[register.Ref[isms.Processing]][]isms.Transfer{}, last: metric.LastWord(r, day), secret: secretOnes(r)}
	for _, s := range r.Suppliers {
		if !v.gone(s.Record) {
			v.suppliers[register.Ref[isms.Supplier](s.ID)] = s
		}
	}
	for _, a := range r.Agreements {
		if !v.gone(a.Record) {
			v.agreements[register.Ref[isms.Agreement](a.ID)] = a
		}
	}
	for _, s := range r.SubProcessors {
		if !v.gone(s.Record) {
			v.subs[s.Agreement] = append(v.subs[s.Agreement], s)
		}
	}
	for _, t := range metric.TransfersOf(r, day) {
		v.transfers[t.Processing] = append(v.transfers[t.Processing], t)
	}
	return v
}

// secretOnes gives the ids of the entries that are marked secret, and of their transfers, assessments and risks: a review
// that tells of them is published.
func secretOnes(r metric.Records) map[string]bool {
	secret := map[string]bool{}
	for _, p := range r.Processings {
		if p.Secret {
			secret[p.ID] = true
		}
	}
	for _, t := range r.Transfers {
		if secret[string(t.Processing)] {
			secret[t.ID] = true
		}
	}
	for _, d := range r.DPIAs {
		if secret[string(d.Processing)] {
			secret[d.ID] = true
		}
	}
	for _, risk := range r.DPIARisks {
		if secret[string(risk.DPIA)] {
			secret[risk.ID] = true
		}
	}
	return secret
}

func (v *recordOf) gone(r isms.Record) bool { return r.Retired != "" && r.Retired <= v.day }

// workOrder is the place of each code in the list: what the law asks first, then what is good order.
func workOrder() map[string]int {
	order := map[string]int{}
	for i, code := range WorkCodes() {
		order[code] = i
	}
	return order
}

// WorkCodes lists every kind of work, in the order they are told.
func WorkCodes() []string {
	return []string{"request_late", "request_due", "system_without_processing", "system_personal_data_unknown", "processing_without_special_basis",
		"processing_without_ground", "processing_incomplete", "processing_without_agreement", "agreement_missing_clauses",
		"agreement_incident_hours", "agreement_incident_hours_unknown", "agreement_without_suitability", "agreement_past_review",
		"transfer_missing", "transfer_contradicts", "supplier_outside_eu", "supplier_foreign_parent", "supplier_country_unknown",
		"transfer_without_tool", "transfer_dpf_unchecked", "transfer_dpf_alone", "transfer_not_assessed", "transfer_past_review",
		"transfer_against_decision", "processing_against_decision", "dpia_needed", "dpia_untested", "dpia_contradicts_threshold", "dpia_worse_after",
		"dpia_text_contradicts", "dpia_high_without_consultation", "dpia_without_opinion", "dpia_past_review", "processing_unconfirmed",
		"processing_without_owner", "processing_without_system", "processing_waiting"}
}

// notInReviews are the kinds of work that the yearly review is not examined for: they are under way, not wrong.
var notInReviews = []string{"request_due", "processing_waiting"}

func (v *recordOf) add(code string, rec register.Entity, owner register.Ref[isms.Person], args ...any) {
	s := register.OfValue(rec)
	v.work = append(v.work, Work{Code: code, Kind: s.Name, ID: rec.Head().ID, Title: s.Title(rec), Unit: rec.Head().Unit,
		Owner: string(owner), Args: args, Secret: v.secret[rec.Head().ID]})
}

// lacking adds work about fields of the record.
func (v *recordOf) lacking(code string, rec register.Entity, owner register.Ref[isms.Person], fields []string) {
	v.add(code, rec, owner, fieldNames{register.OfValue(rec).Name, fields})
	v.work[len(v.work)-1].Fields = fields
}

func (v *recordOf) systems() {
	f := metric.SystemsWithoutProcessing(v.Records, v.day)
	for i := range v.Systems {
		s := &v.Systems[i]
		switch {
		case slices.Contains(f.Counted, s.ID):
			v.add("system_without_processing", s, s.Owner)
		case slices.Contains(f.Unclear, s.ID):
			v.add("system_personal_data_unknown", s, s.Owner)
		}
	}
}

// entry goes through what one entry in use must have by itself.
func (v *recordOf) entry(p *isms.Processing) {
	missing := p.Missing()
	if slices.Contains(missing, "special_basis") {
		v.lacking("processing_without_special_basis", p, p.Owner, []string{"special_basis"})
	}
	if p.LegalBasis != "" && slices.Contains(missing, "statute") {
		v.lacking("processing_without_ground", p, p.Owner, []string{"statute"})
		missing = slices.DeleteFunc(missing, func(f string) bool { return f == "statute" })
	}
	if missing = slices.DeleteFunc(missing, func(f string) bool { return f == "special_basis" }); len(missing) > 0 {
		v.lacking("processing_incomplete", p, p.Owner, missing)
	}
	if p.Owner == "" {
		v.lacking("processing_without_owner", p, "", []string{"owner"})
	}
	if len(p.Systems) == 0 {
		v.lacking("processing_without_system", p, p.Owner, []string{"systems"})
	}
	if last := v.last[p.ID]; !metric.Current(last, v.day) {
		v.add("processing_unconfirmed", p, p.Owner, sinceWhen(last))
	}
}

// Worklist is everything in the record of processing of a unit and the units below it that somebody should see to.
type Worklist struct {
	Day    register.Day
	Groups []WorkGroup // in the order of WorkCodes; kinds without work are left out
	Total  int
	Titles Titles // of the owners and units
}

// WorkGroup is work of one kind.
type WorkGroup struct {
	Code string
	List []Work
}

// Words is what all of the group's work is, why it matters and how to mend it.
func (g WorkGroup) Words(l locale.Lang) (what, why, mend string) {
	return Finding{Code: g.Code, Args: summary(g.List)}.Words(l)
}

// ProcessingWorklist goes through the record of processing of the unit today. Who may not see all that it rests on gets
// none of it.
func (a *App) ProcessingWorklist(ctx context.Context, who access.Actor, unit string) (Worklist, error) {
	list := Worklist{Day: a.Today()}
	err := a.view(ctx, who, func(tx *store.Tx) error {
		if err := a.seesAll(ctx, tx, who, unit); err != nil {
			return err
		}
		records, err := gather(tx, unit, "")
		if err != nil {
			return err
		}
		w := wanted{}
		for _, work := range recordWork(common(records), list.Day) {
			if n := len(list.Groups); n == 0 || list.Groups[n-1].Code != work.Code {
				list.Groups = append(list.Groups, WorkGroup{Code: work.Code})
			}
			g := &list.Groups[len(list.Groups)-1]
			g.List = append(g.List, work)
			list.Total++
			w.add("person", work.Owner)
			w.add("unit", work.Unit)
		}
		list.Titles, err = titles(tx, who, w)
		return err
	})
	return list, err
}

// common is the unit's own records with what the units above it hold in common: decisions that govern, and suppliers with
// their agreements.
func common(g gathering) metric.Records {
	r := g.own
	r.Decisions, r.Suppliers, r.Agreements, r.SubProcessors = g.all.Decisions, g.all.Suppliers, g.all.Agreements, g.all.SubProcessors
	return r
}
