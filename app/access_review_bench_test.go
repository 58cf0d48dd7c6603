// SPDX-License-Identifier: EUPL-1.2

//go:build unix

package app

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

func BenchmarkAccessReview100000(b *testing.B) { benchAccessReview(b, 4_000, 100_000) }

// BenchmarkAccessReview2000000 takes minutes; LEDSYN_TEST_LARGE asks for it.
func BenchmarkAccessReview2000000(b *testing.B) {
	if os.Getenv("LEDSYN_TEST_LARGE") == "" {
		b.Skip("LEDSYN_TEST_LARGE is not set")
	}
	benchAccessReview(b, 40_000, 2_000_000)
}

// benchAccessReview holds an entitlement list to two HR lists with every rule, and deals its lines out to some 1,500 managers.
func benchAccessReview(b *testing.B, persons, lines int) {
	w := benchCity(b, persons, lines)
	r := isms.AccessReview{Record: isms.Record{ID: "review", Unit: "city"}, Name: "Alla system", Populations: []register.Ref[isms.Population]{"list"}, Staff: "hr",
		Judges: isms.JudgedByManagers, Reserve: "central_office", State: isms.AccessReviewPlanned, EndsOn: "2023-03-01", DormantDays: register.CountOf(180), SharedAccounts: "drift-*\nadm*"}
	w.keep(b, &r)
	who, err := w.Actor(b.Context(), org, "central_office")
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		f    func() (string, error)
	}{
		{"mark", func() (string, error) {
			marked := 0
			err := w.DB.View(b.Context(), org, func(tx *store.Tx) error {
				s := &accessSurvey{AccessPreview: AccessPreview{Review: r}}
				if err := s.open(tx, who); err != nil {
					return err
				}
				var err error
				if s.lines, err = newLineReader(tx, ""); err != nil {
					return err
				}
				rules := isms.EntitlementRules{Dormant: r.DormantDays, Shared: foldedLines(r.SharedAccounts), Same: s.lines.units.can}
				if rules.Staff, err = directoryOf(tx, "hr"); err != nil {
					return err
				}
				pairs, err := conflictsOn(tx, "2023-01-10")
				if err != nil {
					return err
				}
				rules.Conflicts = foldedConflicts(pairs)
				s.marker = rules.Marker()
				if err := s.mark(b.Context(), tx); err != nil {
					return err
				}
				s.marker.Finish()
				for i := range s.marker.Lines() {
					if s.marker.Marks(i) != 0 {
						marked++
					}
				}
				return nil
			})
			return fmt.Sprint(marked, " marked"), err
		}},
		{"preview", func() (string, error) {
			p, err := w.AccessPreview(b.Context(), who, "review")
			return fmt.Sprint(p.Lines, " lines, ", p.Marked, " marked, ", p.Marks, ", ", len(p.Reviewers), " reviewers, ", p.Nobody, " nobody's"), err
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			done := peakHeap(b)
			said := ""
			for b.Loop() {
				var err error
				if said, err = c.f(); err != nil {
					b.Fatal(err)
				}
			}
			done()
			b.Log(said)
		})
	}
}

// peakHeap reports, when the returned function is called, the most memory that Go used meanwhile, in megabytes.
func peakHeap(b *testing.B) func() {
	runtime.GC()
	began := cpuSeconds()
	stop, done := make(chan bool), make(chan uint64)
	go func() {
		var most uint64
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse+m.StackInuse)
			select {
			case <-stop:
				done <- most
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	return func() {
		close(stop)
		b.ReportMetric(float64(<-done)/1e6, "peak-MB")
		b.ReportMetric((cpuSeconds()-began)/float64(max(1, b.N)), "cpu-s/op")
	}
}

// cpuSeconds is how long the processors have worked for the program: the measure where others use the machine, too.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

// benchCity is a city with units, their managers, two HR lists, an entitlement list of 400 systems and 20 pairs of rights.
func benchCity(b *testing.B, persons, lines int) *greatCity {
	b.Helper()
	db, err := store.Open(b.Context(), store.Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	if err := db.CreateOrganisation(b.Context(), store.Organisation{ID: org, Name: "Storstad"}); err != nil {
		b.Fatal(err)
	}
	w := &greatCity{&App{DB: db, Log: slog.New(slog.DiscardHandler)}}
	db.Now = func() time.Time { return time.Date(2023, 1, 10, 8, 0, 0, 0, time.UTC) }
	w.keep(b, unit("city", "", "city"), unit("board-a", "city", "board"), &isms.Person{Record: isms.Record{ID: "central_office", Unit: "city"}, Name: "Central"},
		&isms.Assignment{Record: isms.Record{ID: "as-central", Unit: "city"}, Person: "central_office", Role: isms.CentralOffice})
	units := persons/30 + 1
	var made []register.Entity
	for i := range units {
		id := "u" + strconv.Itoa(i)
		made = append(made, unit(id, "board-a", "department"), &isms.Person{Record: isms.Record{ID: "m" + strconv.Itoa(i), Unit: id}, Name: "Chef " + strconv.Itoa(i), Number: strconv.Itoa(100_000 + i*30)},
			&isms.Assignment{Record: isms.Record{ID: "am" + strconv.Itoa(i), Unit: id}, Person: register.Ref[isms.Person]("m" + strconv.Itoa(i)), Role: isms.Manager})
	}
	for i := range 400 {
		made = append(made, &isms.System{Record: isms.Record{ID: "s" + strconv.Itoa(i), Unit: "board-a"}, Name: "System " + strconv.Itoa(i), Lifecycle: isms.InUse})
	}
	for i := range 20 {
		made = append(made, &isms.RightsConflict{Record: isms.Record{ID: "c" + strconv.Itoa(i), Unit: "city"}, Name: "Par " + strconv.Itoa(i), System: register.Ref[isms.System]("s" + strconv.Itoa(i)), Right: "Roll 1",
			Other: register.Ref[isms.System]("s" + strconv.Itoa(400-1-i)), With: []string{"*", "Roll 2"}[i%2]})
	}
	w.keep(b, made...)
	r := rand.New(rand.NewPCG(1, 2))
	at := func(i int) string { return "u" + strconv.Itoa(i/30) }
	staff := func(id string, day register.Day, from int) {
		w.benchSet(b, id, isms.Employments, day, []string{"person", "name", "email", "unit", "from", "to"}, func(add func(...string)) {
			for i := from; i < persons; i++ {
				to := ""
				if i%50 == 0 {
					to = "2022-12-15"
				}
				add(strconv.Itoa(100_000+i), "Person "+strconv.Itoa(i), "p"+strconv.Itoa(i)+"@staden.example", at(i), fmt.Sprintf("20%02d-%02d-01", i%12, 1+i%12), to)
			}
		})
	}
	staff("hr-old", "2022-12-01", 0)
	staff("hr", "2023-01-09", persons/100)
	w.benchSet(b, "list", isms.Entitlements, "2023-01-09", []string{"person", "name", "email", "unit", "account", "system", "role", "privileged", "granted", "last_used"}, func(add func(...string)) {
		for i := range lines {
			p := r.IntN(persons + persons/50)
			unit := at(p)
			if r.IntN(50) == 0 {
				unit = at(r.IntN(persons))
			}
			account := "konto" + strconv.Itoa(p)
			if r.IntN(500) == 0 {
				account = "gemensamt" + strconv.Itoa(r.IntN(50))
			}
			used := fmt.Sprintf("2022-%02d-%02d %02d:%02d", 10+r.IntN(3), 1+r.IntN(28), r.IntN(24), r.IntN(60))
			switch r.IntN(20) {
			case 0:
				used = ""
			case 1:
				used = "2021-05-05"
			}
			add(strconv.Itoa(100_000+p), "Person "+strconv.Itoa(p), "p"+strconv.Itoa(p)+"@staden.example", unit, account, "System "+strconv.Itoa(i*400/lines), "Roll "+strconv.Itoa(r.IntN(12)),
				[]string{"nej", "ja"}[r.IntN(50)/49], fmt.Sprintf("20%02d-%02d-%02d", 12+r.IntN(11), 1+r.IntN(12), 1+r.IntN(28)), used)
		}
	})
	return w
}

// greatCity is an organisation for benchmarks.
type greatCity struct{ *App }

func (w *greatCity) keep(b *testing.B, records ...register.Entity) {
	b.Helper()
	err := w.DB.Update(b.Context(), store.Act{Org: org, Who: "test"}, func(tx *store.Tx) error {
		for _, rec := range records {
			if err := tx.Put(rec); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// benchSet keeps a set of rows whose columns are called as what they hold.
func (w *greatCity) benchSet(b *testing.B, id string, kind isms.PopulationKind, day register.Day, columns []string, rows func(add func(...string))) {
	b.Helper()
	out, err := w.DB.WriteSet(b.Context(), org, id, columns)
	if err != nil {
		b.Fatal(err)
	}
	rows(func(cells ...string) {
		if err := out.Add(cells); err != nil {
			b.Fatal(err)
		}
	})
	set, err := out.Close()
	if err != nil {
		b.Fatal(err)
	}
	var means []string
	for _, c := range columns {
		means = append(means, strconv.Quote(c)+":"+strconv.Quote(c))
	}
	w.keep(b, &isms.Population{Record: isms.Record{ID: id, Unit: "city"}, Name: id, Kind: kind, Day: day, Source: string(kind), Rows: register.CountOf(int(set.Rows)),
		Columns: `["` + strings.Join(columns, `","`) + `"]`, Meaning: "{" + strings.Join(means, ",") + "}", SHA256: set.SHA256})
}
