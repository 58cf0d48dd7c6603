// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/store"
)

// Whatever stands in a list, the import does what its preview said, row by row; what it kept is what the preview showed; the same list
// again changes nothing; and undoing it leaves every record as it was.
func TestAnImportDoesWhatItsPreviewSaid(t *testing.T) { onEach(t, anImportDoesWhatItsPreviewSaid) }

func anImportDoesWhatItsPreviewSaid(t *testing.T, w *world) {
	who := w.as("coordinator")
	w.takesFiles()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		if n++; n > 25 { // the world grows with each list
			return
		}
		list := rapid.SliceOfN(rapid.Custom(randomRow), 1, 12).Draw(rt, "rows")
		text := "Namn;Ansvarig;Status;Tas i bruk;Enhet;Syfte;Tagen ur bruk;K;R;T\n" + strings.Join(list, "\n") + "\n"
		m := func(m *ImportMap) {
			mapped("system", "name", "owner", "lifecycle", "in_use_from", "unit", "purpose", "retired", "class.confidentiality", "class.integrity",
				"class.availability")(m)
			m.Parts = []ImportPart{{Name: "class", Kind: "classification", Link: "system"}}
			m.Fixed = map[string]string{"lifecycle": "in_use", "class.model": "klassa-0-4", "class.state": "proposed"}
			m.Columns[1].None = rapid.SampledFrom([]string{"", "make", "skip"}).Draw(rt, "none")
			m.Columns[1].Several = rapid.SampledFrom([]string{"", "first", "skip"}).Draw(rt, "several")
			m.Source = rapid.SampledFrom([]string{"", "Listan"}).Draw(rt, "source")
		}
		d := w.upload(who, text, m)
		before := w.seq()
		was := w.snapshot()
		p := w.preview(who, d.ID)
		if w.seq() != before {
			rt.Fatal("the preview changed something")
		}
		r := RunImport{SkipWrong: true, RetireGone: rapid.Bool().Draw(rt, "retire") && d.Map.Source != "" && p.Wrong == 0}
		i := w.taken(who, d.ID, r)
		if got, said := fmt.Sprint(i.Created, i.Changed, i.Unchanged, i.Skipped, i.Disappeared), fmt.Sprint(p.New, p.Changed, p.Unchanged, p.Wrong+p.Skipped, p.Gone); got != said {
			rt.Fatalf("the import did %s, its preview said %s", got, said)
		}
		w.holds(rt, p)
		if p.Wrong == 0 {
			again := w.upload(who, text, func(m *ImportMap) { *m = d.Map })
			if q := w.preview(who, again.ID); q.New+q.Changed+q.Wrong > 0 {
				rt.Fatalf("the same list again is %v: %+v", sums(q), q.Rows)
			}
			want(t, "drop", w.DropImport(w.ctx(), who, again.ID), nil)
		}
		if rapid.Bool().Draw(rt, "undo") {
			if err := w.UndoImport(w.ctx(), who, i.ID, ""); err != nil {
				rt.Fatal(err)
			}
			now := w.snapshot()
			for key, body := range now {
				if was[key] != "" && was[key] != body {
					rt.Fatalf("%s is %s, was %s", key, body, was[key])
				}
				if was[key] == "" && !strings.Contains(body, `"retired":"2`) {
					rt.Fatalf("%s is left in use: %s", key, body)
				}
			}
		}
	})
}

func randomRow(rt *rapid.T) string {
	pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(rt, label) }
	return strings.Join([]string{
		pick("name", "Ärende", "Journal", "ärende ", "Nytt", "Annat nytt", "Tredje", "", "=1+1", strings.Repeat("x", 130)),
		pick("owner", "", "", "coordinator", "head", "Ny person", "Okänd person", "dpo"),
		pick("status", "I bruk", "Planerat", "Avvecklat", "", "?", "trasigt"),
		pick("day", "", "2022-01-31", "31/1-22", "2022-02-30"),
		pick("unit", "", "", "", "board-a", "dept-a", "board-b", "city"),
		pick("purpose", "", "<b>Syfte</b>", "Å ä ö", "  blanka  "),
		pick("retired", "", "", "", "", "2022-12-31"),
		pick("k", "", "1", "4", "9"), pick("r", "", "2", "3"), pick("t", "", "2"),
	}, ";")
}

// snapshot is every record but imports, by register and id, without its revision.
func (w *world) snapshot() map[string]string {
	all := map[string]string{}
	for _, kind := range []string{"system", "person", "classification", "reclassification"} {
		for _, rec := range w.everyOne(kind) {
			rec.Head().Rev = 0
			all[kind+"/"+rec.Head().ID] = string(register.JSON(rec))
		}
	}
	return all
}

// holds checks that what the preview showed as changes is what the records are.
func (w *world) holds(rt *rapid.T, p Preview) {
	byTitle := map[string][]register.Entity{}
	for _, rec := range w.everyOne("system") {
		byTitle[rec.(*isms.System).Name] = append(byTitle[rec.(*isms.System).Name], rec)
	}
	for _, r := range p.Rows {
		for _, c := range r.Changes {
			if c.Kind != "system" || c.Field == "owner" || c.Field == "unit" || c.Field == "retired" {
				continue
			}
			f, _ := register.Of[isms.System]().Field(c.Field)
			found := false
			for _, rec := range byTitle[r.Title] {
				found = found || f.Text(rec) == c.Is
			}
			if !found {
				rt.Fatalf("row %d said %+v, and no system called %q is so", r.Number, c, r.Title)
			}
		}
	}
}

// What is written out of each register that people keep, in either language and form, comes back without changing anything.
func TestWhatIsWrittenOutComesBackUnchanged(t *testing.T) {
	onEach(t, whatIsWrittenOutComesBackUnchanged)
}

func whatIsWrittenOutComesBackUnchanged(t *testing.T, w *world) {
	who := w.as("coordinator")
	w.takesFiles()
	w.everyRegister()
	covered := map[string]bool{}
	for _, s := range isms.Registers() {
		for lang, format := range map[locale.Lang]string{locale.Swedish: "csv", locale.English: "xlsx"} {
			var out bytes.Buffer
			err := w.Export(w.ctx(), who, s.Name, store.Query{Retired: true}, format, lang, &out)
			if s.Name == "attachment" { // it is had with its record only
				want(t, "export "+s.Name, err, isms.ErrNotFound)
				continue
			}
			want(t, "export "+s.Name, err, nil)
			d, err := w.Upload(w.ctx(), who, s.Name+"."+format, &out)
			if err != nil {
				t.Errorf("%s in %s as %s: %v", s.Name, lang, format, err)
				continue
			}
			m, err := w.GuessImport(w.ctx(), who, d.ID, s.Name, "")
			want(t, "guess "+s.Name, err, nil)
			m.Unit = "board-a"
			want(t, "map "+s.Name, w.SetImportMap(w.ctx(), who, d.ID, m), nil)
			p := w.preview(who, d.ID)
			if p.Unchanged > 0 {
				covered[s.Name] = true
			}
			if p.New+p.Changed+p.Wrong > 0 {
				t.Errorf("%s in %s as %s comes back as %v: %+v", s.Name, lang, format, sums(p), p.Rows[0])
			}
			want(t, "drop", w.DropImport(w.ctx(), who, d.ID), nil)
		}
	}
	if len(covered) < len(isms.Registers())-12 {
		t.Errorf("only %d registers had records: %v", len(covered), covered)
	}
}

// everyRegister puts two records in each register, with something in every field.
func (w *world) everyRegister() {
	w.t.Helper()
	for _, s := range isms.Registers() {
		for i := range 2 {
			rec := s.New()
			rec.Head().ID, rec.Head().Unit = fmt.Sprintf("%s-%d", strings.ReplaceAll(s.Name, "_", "-"), i), "board-a"
			if s.Name == "unit" {
				rec.Head().Unit = rec.Head().ID
			}
			for n, f := range s.Fields {
				fillField(rec, f, n, i)
			}
			for _, empty := range [][]string{nil, {"reason", "reason_text"}} { // what a rule of the register's own does not let stand is left out
				for _, wrong := range register.Check(rec) {
					if f, ok := s.Field(wrong.Field); ok && !f.Required {
						f.Set(rec)
					}
				}
				for _, name := range empty {
					if f, ok := s.Field(name); ok && len(register.Check(rec)) > 0 {
						f.Set(rec, fmt.Sprint("Skäl ", i))
					}
				}
			}
			err := w.DB.Update(w.ctx(), store.Act{Org: w.org, Who: "test"}, func(tx *store.Tx) error { return tx.Put(rec) })
			if err != nil {
				w.t.Logf("%s has no record like that: %v", s.Name, err)
			}
		}
	}
}

func fillField(rec register.Entity, f register.Field, n, i int) {
	switch f.Kind {
	case register.Text:
		if f.Name == "model" {
			f.Set(rec, isms.CurrentModel)
			return
		}
		text := []rune(fmt.Sprintf("=%d, å;ä\"ö %s", i, f.Name))
		f.Set(rec, string(text[:min(f.Max, len(text))]))
	case register.Prose:
		f.Set(rec, fmt.Sprintf("- %s %d\nandra raden; med semikolon", f.Name, i))
	case register.Bool:
		f.Set(rec, fmt.Sprint((n+i)%2))
	case register.Int:
		f.Set(rec, fmt.Sprint(2021+i))
	case register.Number:
		f.Set(rec, fmt.Sprint(n+i))
	case register.Share:
		f.Set(rec, fmt.Sprintf("%d.%d", 10+n, 5*i))
	case register.Date:
		f.Set(rec, fmt.Sprintf("2022-%02d-%02d", 1+n%12, 1+i))
	case register.Instant:
		f.Set(rec, fmt.Sprintf("2022-01-%02dT10:00:0%d.000000Z", 1+n%28, i))
	case register.Choice:
		f.Set(rec, f.Choices[(n+i)%len(f.Choices)])
	case register.Link, register.Links:
		known := map[string]string{"unit": "board-a", "person": "coordinator", "system": "sys-a"}
		if f.Name == "target" {
			f.Set(rec, "sys-d")
		} else if id := known[f.Target]; id != "" {
			f.Set(rec, id)
		} else if f.Required {
			f.Set(rec, strings.ReplaceAll(f.Target, "_", "-")+fmt.Sprintf("-%d", i))
		}
	}
}
