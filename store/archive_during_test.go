// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"ledsyn/isms"
	"ledsyn/register"
)

// writing is what somebody who writes fifty times a second meets meanwhile.
type writing struct {
	stop    context.CancelFunc
	wait    sync.WaitGroup
	mu      sync.Mutex
	acked   []string // ids, in the order in which they were acknowledged
	longest time.Duration
	all     time.Duration
}

// keepWriting begins to write, one act each fiftieth of a second whether the one before is done or not.
func keepWriting(t testing.TB, db *DB) *writing {
	ctx, stop := context.WithCancel(context.Background())
	w := &writing{stop: stop}
	w.wait.Go(func() {
		tick := time.NewTicker(time.Second / 50)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			w.wait.Go(func() {
				s := system("Medan det säkerhetskopieras")
				began := time.Now()
				err := db.Update(context.Background(), Act{Org: org, Who: "skrivaren"}, func(tx *Tx) error { return tx.Put(s) })
				took := time.Since(began)
				w.mu.Lock()
				defer w.mu.Unlock()
				if err != nil {
					t.Error(err)
					return
				}
				w.acked = append(w.acked, s.ID)
				w.longest = max(w.longest, took)
				w.all += took
			})
		}
	})
	return w
}

func (w *writing) end() {
	w.stop()
	w.wait.Wait()
}

func (w *writing) sofar() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.acked[:len(w.acked):len(w.acked)]
}

// fillWith keeps about so many bytes of records with long texts that do not compress well, in the rows and in the journal.
func fillWith(t testing.TB, db *DB, bytes int) {
	t.Helper()
	const prose = 18000
	random := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var b strings.Builder
		for b.Len() < prose {
			b.WriteString(strconv.FormatUint(random.Uint64(), 36))
			b.WriteByte(' ')
		}
		return b.String()[:prose]
	}
	for done := 0; done < bytes; {
		var recs []register.Entity
		for range 100 {
			s := system("Stort")
			s.Purpose = text()
			recs = append(recs, s)
			done += 2 * prose
		}
		put(t, db, recs...)
	}
}

// beside opens the database as the command does: for reading, beside the one that writes.
func beside(t testing.TB, c Config) *DB {
	c.ReadOnly = true
	return open(t, c)
}

// A backup is taken by another program while fifty acts a second go on: none that was acknowledged before it began is
// missing from it, it is whole, and no act waits long.
func TestABackupWhileOthersWrite(t *testing.T) {
	for engine, config := range engines(t) {
		t.Run(engine, func(t *testing.T) {
			c := config(t)
			db := open(t, c)
			settle(t, db)
			fillWith(t, db, 4<<20)
			w := keepWriting(t, db)
			defer w.end()
			reader := beside(t, c)
			for range 3 {
				time.Sleep(200 * time.Millisecond)
				before := w.sofar()
				b, m := backup(t, reader, "", attached{})
				other := open(t, Config{Dir: t.TempDir()})
				if _, err := other.ReadArchive(t.Context(), openArchive(t, b), attached{}.keep); err != nil {
					t.Fatal(err)
				}
				view(t, other, func(tx *Tx) error {
					there, err := tx.Titles("system", before)
					if len(before) == 0 || len(there) != len(before) {
						t.Errorf("of %d acknowledged before the backup began, %d are in it", len(before), len(there))
					}
					return err
				})
				if r := verify(t, other); r.Entries != m.Organisations[0].Entries {
					t.Errorf("%d entries, the manifest says %d", r.Entries, m.Organisations[0].Entries)
				}
			}
			w.end()
			if limit := 5 * time.Second; w.longest > limit { // generous: the machine does other things, too
				t.Errorf("an act waited for %v", w.longest)
			}
		})
	}
}

// BenchmarkBackupWhileOthersWrite measures a backup to a file of LEDSYN_BENCH_MB (64) megabytes while fifty acts a second go
// on, and how long they waited then and without it.
func BenchmarkBackupWhileOthersWrite(b *testing.B) {
	megabytes, err := strconv.Atoi(os.Getenv("LEDSYN_BENCH_MB"))
	if err != nil {
		megabytes = 64
	}
	for engine, config := range engines(b) {
		b.Run(fmt.Sprintf("%s/%dMB", engine, megabytes), func(b *testing.B) {
			c := config(b)
			db := open(b, c)
			settle(b, db)
			fillWith(b, db, megabytes<<20)
			reader := beside(b, c)
			quiet := keepWriting(b, db)
			time.Sleep(5 * time.Second)
			quiet.end()
			for b.Loop() {
				w := keepWriting(b, db)
				file, err := os.Create(filepath.Join(b.TempDir(), "backup.zip"))
				if err != nil {
					b.Fatal(err)
				}
				buffer := bufio.NewWriterSize(file, 1<<18)
				if _, err := reader.WriteBackup(b.Context(), buffer, Archiving{}); err != nil {
					b.Fatal(err)
				}
				if err := buffer.Flush(); err != nil {
					b.Fatal(err)
				}
				if err := file.Sync(); err != nil {
					b.Fatal(err)
				}
				info, _ := file.Stat()
				file.Close()
				during := len(w.sofar())
				time.Sleep(2 * time.Second) // what waits until it ended is counted, too
				w.end()
				b.ReportMetric(float64(info.Size())/(1<<20), "MB-file")
				b.ReportMetric(float64(during), "acts")
				b.ReportMetric(float64(w.longest.Milliseconds()), "ms-longest")
				b.ReportMetric(float64(w.all.Microseconds())/1000/float64(len(w.acked)), "ms-mean")
				b.ReportMetric(float64(quiet.longest.Milliseconds()), "ms-longest-quiet")
			}
		})
	}
}

// BenchmarkRestore measures reading back a backup of LEDSYN_BENCH_MB (64) megabytes with its verification.
func BenchmarkRestore(b *testing.B) {
	megabytes, err := strconv.Atoi(os.Getenv("LEDSYN_BENCH_MB"))
	if err != nil {
		megabytes = 64
	}
	db := open(b, Config{Dir: b.TempDir()})
	settle(b, db)
	put(b, db, &isms.Person{Record: isms.Record{ID: "p", Unit: "stad"}, Name: "P"})
	fillWith(b, db, megabytes<<20)
	text, _ := backup(b, db, "", attached{})
	for engine, config := range engines(b) {
		b.Run(fmt.Sprintf("%s/%dMB", engine, megabytes), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				other := open(b, config(b))
				b.StartTimer()
				if _, err := other.ReadArchive(b.Context(), openArchive(b, text), attached{}.keep); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
