// SPDX-License-Identifier: EUPL-1.2

//go:build unix

package store

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"
)

// entitlements hands f the rows of an entitlement list of n rows, always the same: 60,000 persons, 400 systems, 1,500 units. They are
// in the order of systems, as when each system's list is added to the one before, which is the worse order: the persons of
// each block are others. The last column is different in each row where unique is set.
func entitlements(n int, unique bool, f func(cells []string) error) error {
	first := []string{"Åsa", "Örjan", "Anna", "Erik", "Fatima", "Göran", "Lena", "Mohammed", "Sara", "Björn", "Eva", "Johan"}
	last := []string{"Åkesson", "Öberg", "Nilsson", "Ali", "Svensson", "Lindström", "Persson", "Sjöö", "Berg", "Holm", "Ek"}
	const persons = 60000
	r := rand.New(rand.NewPCG(1, 2))
	cells := make([]string, 8)
	for i := range n {
		p := r.IntN(persons)
		given, family := first[p%len(first)], last[p/7%len(last)]
		system := i * 400 / n
		cells[0] = "A" + strconv.Itoa(100000+p)
		cells[1] = given + " " + family + "-" + strconv.Itoa(p/132)
		cells[2] = "person" + strconv.Itoa(p) + "@staden.example"
		cells[3] = "Enheten för " + family + " " + strconv.Itoa(p%1500)
		cells[4] = "Verksamhetssystem " + strconv.Itoa(system)
		cells[5] = "Roll " + strconv.Itoa(r.IntN(12))
		cells[6] = fmt.Sprintf("20%02d-%02d-%02d", 10+r.IntN(15), 1+r.IntN(12), 1+r.IntN(28))
		cells[7] = fmt.Sprintf("2024-%02d-%02d %02d:%02d", 1+r.IntN(12), 1+r.IntN(28), r.IntN(24), r.IntN(60))
		if unique {
			cells[7] = fmt.Sprintf("behörighet-%09x", i*7919)
		}
		if err := f(cells); err != nil {
			return err
		}
	}
	return nil
}

var entitlementColumns = []string{"Anst.nr", "Namn", "E-post", "Enhet", "System", "Roll", "Tilldelad", "Senast inloggad"}

func writeEntitlements(b testing.TB, db *DB, id string, n int, unique bool) Set {
	b.Helper()
	w, err := db.WriteSet(b.Context(), org, id, entitlementColumns)
	if err != nil {
		b.Fatal(err)
	}
	if err := entitlements(n, unique, w.Add); err != nil {
		b.Fatal(err)
	}
	s, err := w.Close()
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// peak reports, when the returned function is called, the most memory that Go held from the system meanwhile, in megabytes.
func peak(b *testing.B, name string) func() {
	runtime.GC()
	stop := make(chan bool)
	var most uint64
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse+m.StackInuse)
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
	return func() { close(stop); wait.Wait(); b.ReportMetric(float64(most)/1e6, name) }
}

func BenchmarkSet100000(b *testing.B) { benchSet(b, 100000) }

// BenchmarkSet2000000 takes minutes; LEDSYN_TEST_LARGE asks for it.
func BenchmarkSet2000000(b *testing.B) {
	if os.Getenv("LEDSYN_TEST_LARGE") == "" {
		b.Skip("LEDSYN_TEST_LARGE is not set")
	}
	benchSet(b, 2000000)
}

func benchSet(b *testing.B, n int) {
	benchEach(b, func(b *testing.B, db *DB) {
		for _, unique := range []bool{false, true} {
			id := "set-" + strconv.FormatBool(unique)
			writeEntitlements(b, db, id, n, unique)
			b.Run(fmt.Sprintf("unique=%v", unique), func(b *testing.B) { benchOneSet(b, db, id, n, unique) })
		}
	})
}

func benchOneSet(b *testing.B, db *DB, id string, n int, unique bool) {
	b.Run("write", func(b *testing.B) {
		defer cpu(b)()
		defer peak(b, "peak-MB")()
		for i := 0; b.Loop(); i++ {
			other := id + "-" + strconv.Itoa(i)
			writeEntitlements(b, db, other, n, unique)
			b.StopTimer()
			if err := db.DropSet(b.Context(), org, other); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
	})
	queries := []struct {
		name string
		q    SetQuery
	}{
		{"all", SetQuery{}},
		{"is", SetQuery{Where: []SetCondition{{4, "is", "verksamhetssystem 17"}}}},
		{"three_conditions", SetQuery{Where: []SetCondition{{3, "contains", "sjöö"}, {5, "not", "Roll 3"}, {6, "from", "2020-01-01"}}}},
		{"search_name", SetQuery{Search: "åsa åkesson"}},
		{"search_rare", SetQuery{Search: "person4711@"}},
		{"search_common", SetQuery{Search: "e roll"}},
		{"search_none", SetQuery{Search: "saknas"}},
		{"last_page", SetQuery{Where: []SetCondition{{5, "is", "Roll 3"}}, After: int64(n) - 500}},
	}
	for _, c := range queries {
		b.Run(c.name, func(b *testing.B) {
			defer peak(b, "peak-MB")()
			for b.Loop() {
				view(b, db, func(tx *Tx) error {
					page, err := tx.SetPage(id, c.q)
					if err == nil && (page.Total == 0) != (c.name == "search_none") {
						b.Fatal(page.Total)
					}
					return err
				})
			}
		})
	}
	for col, name := range entitlementColumns {
		b.Run("values_"+name, func(b *testing.B) {
			for b.Loop() {
				view(b, db, func(tx *Tx) error {
					_, distinct, err := tx.SetValues(id, col, 50)
					b.ReportMetric(float64(distinct), "distinct")
					return err
				})
			}
		})
	}
	b.Run("draw_60", func(b *testing.B) {
		r := rand.New(rand.NewPCG(3, 4))
		for b.Loop() {
			numbers := make([]int64, 60)
			for i := range numbers {
				numbers[i] = r.Int64N(int64(n)) + 1
			}
			view(b, db, func(tx *Tx) error {
				_, err := tx.SetRows(id, numbers)
				return err
			})
		}
	})
	b.Run("each", func(b *testing.B) {
		defer peak(b, "peak-MB")()
		for b.Loop() {
			view(b, db, func(tx *Tx) error { return tx.SetEach(id, func(int64, []string) error { return nil }) })
		}
	})
	b.Run("verify", func(b *testing.B) {
		for b.Loop() {
			if _, err := db.VerifySet(b.Context(), org, id); err != nil {
				b.Fatal(err)
			}
		}
	})
}
