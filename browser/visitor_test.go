// SPDX-License-Identifier: EUPL-1.2

package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long one step may take before it counts as failed.
const patience = 20 * time.Second

// A visitor is one person at one browser window with cookies of its own. What the page complains about (errors in the console, breaches
// of the content security policy, requests to other hosts) fails the test when the visit is over.
type visitor struct {
	t      *testing.T
	ctx    context.Context
	base   string // the address visited, without a slash at the end
	status int64  // of the last page that was loaded

	mu         sync.Mutex
	documents  map[string]bool // addresses loaded as pages: their own 404 or 422 is no complaint
	complaints []string
}

// browser is a context with a running Chromium, started once for all tests.
var browser = sync.OnceValues(func() (context.Context, error) {
	path := os.Getenv("LEDSYN_TEST_CHROMIUM")
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("LEDSYN_TEST_CHROMIUM: %w", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(filepath.Join(scratch, "profile")),
		chromedp.NoSandbox, // a sandbox cannot be had as root, which CI is
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("lang", "sv-SE"),
	)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	atEnd = append(atEnd, cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	atEnd = append(atEnd, cancel)
	return ctx, chromedp.Do(ctx)
})

// open gives a visitor at the demo.
func open(t *testing.T) *visitor {
	t.Helper()
	needChromium(t)
	base, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return openAt(t, base)
}

func needChromium(t *testing.T) {
	t.Helper()
	if os.Getenv("LEDSYN_TEST_CHROMIUM") == "" {
		t.Skip("the browser suite needs LEDSYN_TEST_CHROMIUM=/usr/bin/chromium, or wherever Chromium is")
	}
}

// openAt gives a visitor at any address.
func openAt(t *testing.T, base string) *visitor {
	t.Helper()
	needChromium(t)
	parent, err := browser()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	v := &visitor{t: t, ctx: ctx, base: strings.TrimSuffix(base, "/"), documents: map[string]bool{}}
	if err := chromedp.Listen(ctx, v.hear); err != nil {
		t.Fatal(err)
	}
	v.size(1280)
	t.Cleanup(func() {
		for _, c := range v.heard() {
			t.Error(c)
		}
	})
	return v
}

// hear notes what the page complains about. It runs inside the loop that reads the browser's messages and must be quick.
func (v *visitor) hear(event any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if e.Type == network.ResourceTypeDocument {
			v.documents[e.Request.URL] = true
		}
		if v.elsewhere(e.Request.URL) {
			v.complaints = append(v.complaints, "asked another host: "+e.Request.URL+", from "+e.DocumentURL)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && !(e.Entry.Source == log.EntrySourceNetwork && v.documents[e.Entry.URL]) {
			v.complaints = append(v.complaints, fmt.Sprintf("console: %s (%s)", e.Entry.Text, e.Entry.URL))
		}
	case *runtime.EventExceptionThrown:
		said := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			said += " " + e.ExceptionDetails.Exception.Description
		}
		v.complaints = append(v.complaints, "script failed: "+said)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			said, _ := json.Marshal(e.Args)
			v.complaints = append(v.complaints, "console.error: "+string(said))
		}
	}
}

// elsewhere reports whether asking for the address leaves the site. The browser's own addresses (data:, blob:, about:) do not.
func (v *visitor) elsewhere(address string) bool {
	u, err := url.Parse(address)
	return err != nil || u.Host != "" && "http://"+u.Host != v.base
}

// heard hands over the complaints so far and forgets them, for a test that expects some.
func (v *visitor) heard() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	c := v.complaints
	v.complaints = nil
	return c
}

// within runs one step with a time limit.
func (v *visitor) within(what string, step func(ctx context.Context) error) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	if err := step(ctx); err != nil {
		v.t.Fatalf("%s: %v", what, err)
	}
}

// loading runs steps that lead to a new page and notes its status.
func (v *visitor) loading(what string, steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	v.within(what, func(ctx context.Context) error {
		answer, err := chromedp.RunResponse(ctx, steps...)
		if err == nil {
			v.status = answer.Status
		}
		return err
	})
}

// eval gives the value of a JavaScript expression in the page. It works where the page's own scripts are off, too.
func eval[T any](v *visitor, expression string) T {
	v.t.Helper()
	var value T
	v.within("evaluate", func(ctx context.Context) (err error) {
		value, err = chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
		return err
	})
	return value
}
