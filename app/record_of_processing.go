// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
	"ledsyn/report"
	"ledsyn/sheet"
	"ledsyn/store"
)

// RecordOfProcessing is a unit's record of processing as it stands on a day.
type RecordOfProcessing struct {
	in report.RecordInput
}

// RecordOfProcessing gathers the record of processing of the unit and the units below it as it stands today, with all that
// is marked secret or as it may be given to anybody. Who may not see all that it rests on gets none of it.
func (a *App) RecordOfProcessing(ctx context.Context, who access.Actor, unit string, public bool, lang locale.Lang) (RecordOfProcessing, error) {
	organisation, err := a.organisation(ctx, who.Org)
	if err != nil {
		return RecordOfProcessing{}, err
	}
	in := report.RecordInput{Lang: lang, Organisation: organisation.Name, Day: a.Today(), Public: public}
	err = a.view(ctx, who, func(tx *store.Tx) error {
		if err := a.seesAll(ctx, tx, who, unit); err != nil {
			return err
		}
		gathered, err := gather(tx, unit, "")
		if err != nil {
			return err
		}
		in.Records = common(gathered)
		in.Figures = metric.All(gathered.own, in.Day)
		if in.Unit, err = store.Get[isms.Unit](tx, everywhere, unit); err != nil {
			return err
		}
		in.Officers, err = officers(tx, unit, in.Day)
		return err
	})
	return RecordOfProcessing{in}, err
}

// officers lists the data protection officers of the unit on the day: those of the unit itself, else of the nearest unit
// above that has one.
func officers(tx *store.Tx, unit string, day register.Day) ([]isms.Person, error) {
	return holders(tx, unit, isms.DPO, day)
}

// holders lists those who have the role on the day: in the unit itself, else in the nearest unit above that has one.
func holders(tx *store.Tx, unit string, role isms.Role, day register.Day) ([]isms.Person, error) {
	units, err := store.AllWithRetired[isms.Unit](tx, everywhere)
	if err != nil {
		return nil, err
	}
	assignments, err := store.AllWithRetired[isms.Assignment](tx, everywhere)
	if err != nil {
		return nil, err
	}
	for _, place := range append([]string{unit}, above(units, unit)...) {
		var found []isms.Person
		for _, as := range assignments {
			if as.Unit == place && as.Role == role && as.Holds(day) {
				p, err := store.Get[isms.Person](tx, everywhere, string(as.Person))
				if err != nil {
					return nil, err
				}
				found = append(found, p)
			}
		}
		if len(found) > 0 {
			return found, nil
		}
	}
	return nil, nil
}

// Doc is the record as a document.
func (r RecordOfProcessing) Doc() report.Doc { return report.RecordOfProcessing(r.in) }

// Workbook writes the record as a workbook: the entries in use, then the transfers, suppliers, agreements and
// sub-processors that belong to them, with every field in a column of its own.
func (r RecordOfProcessing) Workbook(w io.Writer) error {
	records, lang := r.in.Records, r.in.Lang
	var left []string
	if r.in.Public {
		records, left = report.Public(records, r.in.Day)
	}
	title := titlesOf(records)
	entries := slices.DeleteFunc(slices.Clone(records.Processings), func(p isms.Processing) bool { return !metric.EntryInUse(p, r.in.Day) })
	inUse := func(rec isms.Record) bool { return rec.Retired == "" || rec.Retired > r.in.Day }
	hidden := []string{"state", "replaces", "ended_on"}
	if r.in.Public {
		hidden = append(hidden, "owner", "secret", "secret_reason")
	}
	tables := []sheet.Table{
		table(lang, entries, nil, hidden, title),
		table(lang, metric.TransfersOf(records, r.in.Day), nil, nil, title),
		table(lang, records.Suppliers, inUse, nil, title),
		table(lang, records.Agreements, inUse, nil, title),
		table(lang, records.SubProcessors, inUse, nil, title),
	}
	if r.in.Public {
		t := sheet.Table{Name: lang.T("record.left_out"), Head: []string{lang.T("processing.secret_reason")}, Widths: []int{60}}
		for _, provision := range left {
			t.Rows = append(t.Rows, []any{provision})
		}
		tables = append(tables, t)
	}
	return sheet.Workbook(w, tables...)
}

// table makes a sheet of records in their order.
func table[T any](lang locale.Lang, list []T, wanted func(isms.Record) bool, hidden []string, title func(kind, id string) string) sheet.Table {
	var records []register.Entity
	for i := range list {
		rec := any(&list[i]).(register.Entity)
		if wanted == nil || wanted(*rec.Head()) {
			records = append(records, rec)
		}
	}
	s := register.Of[T]()
	slices.SortFunc(records, func(a, b register.Entity) int {
		return cmp.Or(cmp.Compare(strings.ToLower(s.Title(a)), strings.ToLower(s.Title(b))), cmp.Compare(a.Head().ID, b.Head().ID))
	})
	return sheet.TableOf(lang, s, records, hidden, title)
}

// titlesOf names the records that entries link to.
func titlesOf(r metric.Records) func(kind, id string) string {
	named := map[metric.Ref]string{}
	for _, list := range [][]register.Entity{entities(r.Units), entities(r.Persons), entities(r.Systems), entities(r.Sets), entities(r.Processes),
		entities(r.Suppliers), entities(r.Agreements), entities(r.Processings), entities(r.Decisions)} {
		for _, rec := range list {
			s := register.OfValue(rec)
			named[metric.Ref{Kind: s.Name, ID: rec.Head().ID}] = s.Title(rec)
		}
	}
	return func(kind, id string) string { return named[metric.Ref{Kind: kind, ID: id}] }
}

func entities[T any](list []T) []register.Entity {
	out := make([]register.Entity, len(list))
	for i := range list {
		out[i] = any(&list[i]).(register.Entity)
	}
	return out
}
