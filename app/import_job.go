// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/store"
)

// How far an import has come.
const (
	ImportIsDraft = "draft"
	ImportRunning = "running"
	ImportDone    = "done"
	ImportFailed  = "failed"
	ImportStopped = "stopped" // the program ended while it ran; nothing of it was kept
)

// ImportState tells how far an import has come.
type ImportState struct {
	Phase       string
	Done, Total int             // of the work, while it runs; Total is 0 where it is not known
	Wrong       register.Wrongs // why it failed
	Record      string          // the import's record when it is done
	Population  string          // the set's record, of a list that is kept as a set of rows
}

// failure is why an import came to nothing.
type failure struct {
	Wrong register.Wrongs `json:"wrong"`
}

func failureOf(err error) *failure {
	var wrong register.Wrongs
	var file *sheet.FileError
	switch {
	case errors.As(err, &wrong):
		return &failure{wrong}
	case errors.As(err, &file):
		return &failure{register.Wrongs{{Code: file.Code, Args: file.Args}}}
	case errors.Is(err, isms.ErrForbidden), errors.Is(err, isms.ErrNotFound):
		return &failure{register.Wrongs{{Code: "import_forbidden"}}}
	}
	return &failure{register.Wrongs{{Code: "import_broke"}}}
}

// UnmarshalJSON reads numbers as whole ones, as words take them.
func (f *failure) UnmarshalJSON(text []byte) error {
	var raw struct{ Wrong []register.Wrong }
	if err := json.Unmarshal(text, &raw); err != nil {
		return err
	}
	for _, w := range raw.Wrong {
		for i, arg := range w.Args {
			if n, ok := arg.(float64); ok {
				w.Args[i] = int(n)
			}
		}
	}
	f.Wrong = raw.Wrong
	return nil
}

// imports is what the program keeps in memory of imports: those under way, and the latest previews.
type imports struct {
	mu    sync.Mutex
	turn  sync.Mutex            // one plan is made at a time, since each holds whole registers in memory
	jobs  map[string]*importJob // by organisation: one at a time
	plans []keptPlan
	ended bool
	wait  sync.WaitGroup
}

type importJob struct {
	draft       string
	stop        context.CancelFunc
	done, total int
}

// running reports whether the draft is being taken in.
func (i *imports) running(org, draft string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.jobs[org] != nil && i.jobs[org].draft == draft
}

// progress notes how many rows a job has read; nil where the draft is not being taken in.
func (i *imports) progress(org, draft string) func(int) {
	if !i.running(org, draft) {
		return nil
	}
	return func(rows int) { i.tell(org, draft, rows, 0) }
}

func (i *imports) tell(org, draft string, done, total int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if j := i.jobs[org]; j != nil && j.draft == draft {
		j.done, j.total = done, max(total, j.total)
	}
}

// begin makes room for a job, or says why there is none.
func (i *imports) begin(org, draft string, stop context.CancelFunc) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case i.ended:
		return register.Wrongs{{Code: "import_closing"}}
	case i.jobs[org] != nil && i.jobs[org].draft == draft:
		return register.Wrongs{{Code: "import_running"}}
	case i.jobs[org] != nil:
		return register.Wrongs{{Code: "import_busy"}}
	}
	if i.jobs == nil {
		i.jobs = map[string]*importJob{}
	}
	i.jobs[org] = &importJob{draft: draft, stop: stop}
	i.wait.Add(1)
	return nil
}

func (i *imports) end(org string) {
	i.mu.Lock()
	delete(i.jobs, org)
	i.mu.Unlock()
	i.wait.Done()
}

// StopImports ends the imports under way and waits for them: one whose act has begun is undone whole, unless it is being
// committed, and its draft is there for another try. Nothing is taken in afterwards.
func (a *App) StopImports() {
	a.imports.mu.Lock()
	a.imports.ended = true
	for _, j := range a.imports.jobs {
		j.stop()
	}
	a.imports.mu.Unlock()
	a.imports.wait.Wait()
}

// RunImport sets the draft going and returns at once; ImportState tells how it goes. It goes on when the person leaves, with the
// rights that the person has when it begins. One import at a time runs in an organisation.
func (a *App) RunImport(ctx context.Context, who access.Actor, id string, r RunImport) error {
	d, _, err := a.ownDraft(ctx, who, id)
	if err != nil {
		return err
	}
	if d.Map.IsSet() {
		err = a.takableSet(ctx, who, d.Map, r)
	} else {
		err = a.takable(ctx, who, d.Map, r)
	}
	if err != nil {
		return err
	}
	job, stop := context.WithCancel(context.WithoutCancel(ctx))
	if err := a.imports.begin(who.Org, id, stop); err != nil {
		stop()
		return err
	}
	if err := a.putDraft(ctx, who, d, nil, string(register.MomentOf(a.DB.Now()))); err != nil {
		stop()
		a.imports.end(who.Org)
		return err
	}
	go func() {
		defer stop()
		defer a.imports.end(who.Org)
		a.runImport(job, who, d, r)
	}()
	return nil
}

func (a *App) runImport(ctx context.Context, who access.Actor, d ImportDraft, r RunImport) {
	err := errors.New("the import panicked")
	defer func() {
		if crash := recover(); crash != nil {
			a.Log.Error("import broke", "org", who.Org, "import", d.ID, "panic", crash)
		}
		a.settle(ctx, who, d, err)
	}()
	anew, err := a.Actor(ctx, who.Org, who.Person)
	if err != nil {
		return
	}
	if d.Map.IsSet() {
		err = a.takeSet(ctx, anew, d, r)
		return
	}
	in := intake{id: d.ID, name: d.Name, sha: d.SHA256, m: d.Map, open: func() (*sheet.Book, func(), error) { return a.book(ctx, d) },
		plan: func() (*plan, error) { return a.planOf(ctx, anew, d) }}
	_, _, err = a.take(ctx, anew, in, r, func(done, total int) { a.imports.tell(who.Org, d.ID, done, total) })
}

// settle keeps what came of the job: the draft goes when its rows are kept, and says why when they are not. A job that was stopped
// leaves the draft as it was, so that its state says so.
func (a *App) settle(ctx context.Context, who access.Actor, d ImportDraft, err error) {
	stopped := ctx.Err() != nil
	ctx = context.WithoutCancel(ctx)
	switch {
	case err == nil:
		err = a.DB.DropDraft(ctx, who.Org, d.ID)
	case stopped && errors.Is(err, context.Canceled):
		return
	default:
		a.Log.WarnContext(ctx, "import failed", "org", who.Org, "who", signature(who), "import", d.ID)
		err = a.putDraft(ctx, who, d, failureOf(err), string(register.MomentOf(a.DB.Now())))
	}
	if err != nil {
		a.Log.ErrorContext(ctx, "import's draft", "org", who.Org, "import", d.ID, "error", err)
	}
}

// ImportState tells how far the import has come, under the draft's id, also after the program was started anew.
func (a *App) ImportState(ctx context.Context, who access.Actor, id string) (ImportState, error) {
	a.imports.mu.Lock()
	if j := a.imports.jobs[who.Org]; j != nil && j.draft == id {
		s := ImportState{Phase: ImportRunning, Done: j.done, Total: j.total}
		a.imports.mu.Unlock()
		_, _, err := a.ownDraft(ctx, who, id)
		if errors.Is(err, isms.ErrNotFound) { // done a moment ago, or somebody else's
			return a.keptImport(ctx, who, id)
		}
		return s, err
	}
	a.imports.mu.Unlock()
	s, err := a.keptImport(ctx, who, id)
	if !errors.Is(err, isms.ErrNotFound) {
		return s, err
	}
	_, data, err := a.ownDraft(ctx, who, id)
	switch {
	case err != nil:
		return ImportState{}, err
	case data.Failed != nil:
		return ImportState{Phase: ImportFailed, Wrong: data.Failed.Wrong}, nil
	case data.Started != "":
		return ImportState{Phase: ImportStopped}, nil
	}
	return ImportState{Phase: ImportIsDraft}, nil
}

// keptImport is the state of an import whose record is there.
func (a *App) keptImport(ctx context.Context, who access.Actor, id string) (ImportState, error) {
	s := ImportState{Phase: ImportDone, Record: id}
	err := a.view(ctx, who, func(tx *store.Tx) error {
		i, err := store.Get[isms.Import](tx, who.In(access.See, "import"), id)
		if err != nil || !(ImportMap{Kind: i.Kind}).IsSet() {
			return err
		}
		s.Population, err = populationOf(tx, i)
		return err
	})
	return s, err
}
