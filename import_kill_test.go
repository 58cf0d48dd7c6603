// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"ledsyn/access"
	"ledsyn/app"
	"ledsyn/files"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// killedImport says to this test binary, when it is started as a program, what to take in until it is killed.
type killedImport struct {
	Store store.Config
	Files string
	Org   string
	Draft string
}

const killedImportSetting = "LEDSYN_TEST_IMPORT_UNTIL_KILLED"

// importUntilKilled takes the draft in, as a server does, and says when it has begun and when it is done.
func importUntilKilled(setting string) error {
	var k killedImport
	if err := json.Unmarshal([]byte(setting), &k); err != nil {
		return err
	}
	ctx := context.Background()
	a, err := k.open(ctx)
	if err != nil {
		return err
	}
	defer a.DB.Close()
	who, err := a.Actor(ctx, k.Org, "anna")
	if err != nil {
		return err
	}
	if err := a.RunImport(ctx, who, k.Draft, app.RunImport{}); err != nil {
		return err
	}
	fmt.Println("begun")
	for {
		s, err := a.ImportState(ctx, who, k.Draft)
		if err != nil || s.Phase != app.ImportRunning {
			fmt.Println(s.Phase, err)
			return err
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func (k killedImport) open(ctx context.Context) (*app.App, error) {
	k.Store.Log = slog.New(slog.DiscardHandler)
	db, err := store.Open(ctx, k.Store)
	if err != nil {
		return nil, err
	}
	return &app.App{DB: db, Log: k.Store.Log, Files: files.Dir(k.Files)}, nil
}

const killedRows = 1500

// A program that is killed while it takes a list in has taken in all of it or nothing, and says which.
func TestKilledWhileImporting(t *testing.T) {
	server := os.Getenv("LEDSYN_TEST_POSTGRES")
	engines := map[string]store.Config{"sqlite": {Dir: t.TempDir()}, "postgres": {URL: server, Dir: t.TempDir()}}
	for engine, config := range engines {
		t.Run(engine, func(t *testing.T) {
			if engine == "postgres" && server == "" {
				t.Skip("LEDSYN_TEST_POSTGRES names no server")
			}
			k := killedImport{Store: config, Files: t.TempDir(), Org: register.NewID()}
			k.begin(t)
			whole := k.round(t, 0, time.Hour)
			outcomes := map[string]int{}
			for i := range 10 {
				// The points are spread over the whole run, and a little beyond.
				after := time.Duration(float64(whole) * (float64(i) + rand.Float64()) / 9)
				k.round(t, i+1, after)
				outcomes[k.after(t, i+1)]++
			}
			t.Logf("a whole run takes %v; after ten kills: %v", whole, outcomes)
		})
	}
}

// begin makes the organisation and its coordinator.
func (k *killedImport) begin(t *testing.T) {
	a, err := k.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer a.DB.Close()
	if err := a.DB.CreateOrganisation(t.Context(), store.Organisation{ID: k.Org, Name: "Staden"}); err != nil {
		t.Fatal(err)
	}
	err = a.DB.Update(t.Context(), store.Act{Org: k.Org, Who: "test"}, func(tx *store.Tx) error {
		for _, rec := range []register.Entity{
			&isms.Unit{Record: isms.Record{ID: "stad", Unit: "stad"}, Name: "Staden", Code: "STAD", Kind: "city"},
			&isms.Person{Record: isms.Record{ID: "anna", Unit: "stad"}, Name: "Anna"},
			&isms.Assignment{Record: isms.Record{ID: "as", Unit: "stad"}, Person: "anna", Role: isms.Coordinator},
		} {
			if err := tx.Put(rec); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// upload keeps the round's list as a draft, unless the round before left one.
func (k *killedImport) upload(t *testing.T, round int) {
	a, err := k.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer a.DB.Close()
	who, err := a.Actor(t.Context(), k.Org, "anna")
	if err != nil {
		t.Fatal(err)
	}
	drafts, err := a.ImportDrafts(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range drafts {
		if err := a.DropImport(t.Context(), who, d.ID); err != nil {
			t.Fatal(err)
		}
	}
	var list strings.Builder
	list.WriteString("Namn;Livscykel;Syfte\n")
	for i := range killedRows {
		fmt.Fprintf(&list, "System %d;I bruk;Omgång %d\n", i, round)
	}
	d, err := a.Upload(t.Context(), who, "lista.csv", strings.NewReader(list.String()))
	if err != nil {
		t.Fatal(err)
	}
	d.Map.Kind, d.Map.Unit, d.Map.Source = "system", "stad", "Listan"
	for i, field := range []string{"name", "lifecycle", "purpose"} {
		d.Map.Columns[i].Field = field
	}
	if err := a.SetImportMap(t.Context(), who, d.ID, d.Map); err != nil {
		t.Fatal(err)
	}
	k.Draft = d.ID
}

// round starts the program, kills it so long after it has begun, and returns how long it ran.
func (k *killedImport) round(t *testing.T, round int, after time.Duration) time.Duration {
	t.Helper()
	k.upload(t, round)
	text, err := json.Marshal(k)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), killedImportSetting+"="+string(text))
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(out)
	if line, err := r.ReadString('\n'); err != nil || line != "begun\n" {
		cmd.Wait()
		t.Fatalf("the program began with %q: %v %s", line, err, errs.String())
	}
	began := time.Now()
	kill := time.AfterFunc(after, func() { cmd.Process.Kill() })
	defer kill.Stop()
	line, _ := r.ReadString('\n')
	took := time.Since(began)
	if round == 0 && !strings.HasPrefix(line, app.ImportDone) {
		t.Fatalf("the whole run ended with %q %s", line, errs.String())
	}
	cmd.Wait() // killed, or done before that
	return took
}

// after checks that all of the round's list is there or nothing of it, that the program says which, and that the journal is whole.
func (k *killedImport) after(t *testing.T, round int) string {
	t.Helper()
	a, err := k.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer a.DB.Close()
	who, err := a.Actor(t.Context(), k.Org, "anna")
	if err != nil {
		t.Fatal(err)
	}
	s, err := a.ImportState(t.Context(), who, k.Draft)
	if err != nil {
		t.Fatal(err)
	}
	kept := k.count(t, a, who, round)
	switch {
	case s.Phase == app.ImportDone && kept == killedRows && s.Record == k.Draft:
	case s.Phase == app.ImportStopped && kept == 0:
	default:
		t.Errorf("the import is %q, and %d of its %d rows are there", s.Phase, kept, killedRows)
	}
	if _, err := a.DB.Verify(t.Context(), k.Org, nil); err != nil {
		t.Error(err)
	}
	return s.Phase
}

func (k *killedImport) count(t *testing.T, a *app.App, who access.Actor, round int) (n int) {
	err := a.DB.View(t.Context(), k.Org, func(tx *store.Tx) error {
		all, err := store.All[isms.System](tx, who.In(access.See, "system"))
		for _, s := range all {
			if s.Purpose == fmt.Sprintf("Omgång %d", round) {
				n++
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
