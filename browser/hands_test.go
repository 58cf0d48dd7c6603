// SPDX-License-Identifier: EUPL-1.2

package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// What a visitor can do: see, point, write, press keys, and change the window.

// hands finds what a person would point at, by the words that person sees.
//
//go:embed testdata/hands.js
var hands string

// ask calls a function of testdata/hands.js.
func ask[T any](v *visitor, function string, args ...any) T {
	v.t.Helper()
	list, err := json.Marshal(append([]any{}, args...))
	if err != nil {
		v.t.Fatal(err)
	}
	return eval[T](v, fmt.Sprintf("%s.%s(...%s)", strings.TrimSpace(hands), function, list))
}

// visit loads a page by its path and query.
func (v *visitor) visit(path string) {
	v.t.Helper()
	v.loading("visit "+path, chromedp.Navigate(v.base+path))
}

// path tells which page the visitor is at: path and query.
func (v *visitor) path() string {
	v.t.Helper()
	return eval[string](v, "location.pathname + location.search")
}

// text gives the words of the first element that fits the CSS selector, as a person sees them; none when there is no such element.
func (v *visitor) text(selector string) string {
	v.t.Helper()
	return ask[string](v, "text", selector)
}

// see fails the test unless the page shows the words.
func (v *visitor) see(words string) {
	v.t.Helper()
	if page := v.text("body"); !strings.Contains(page, words) {
		v.t.Fatalf("%s does not say %q; it says:\n%s", v.path(), words, page)
	}
}

// wait lets a page that changes itself (htmx) come so far that it shows the words.
func (v *visitor) wait(words string) {
	v.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if strings.Contains(v.text("body"), words) {
			return
		}
	}
	v.see(words)
}

// A place is the middle of something on the screen, in CSS pixels.
type place struct{ X, Y float64 }

// point finds a link, button or summary by its words. The words that fit whole go before words that only contain them.
func (v *visitor) point(words string) place {
	v.t.Helper()
	at := ask[*place](v, "control", words)
	if at == nil {
		v.t.Fatalf("%s has no link or button %q to point at; it has: %s", v.path(), words, strings.Join(ask[[]string](v, "controls"), " | "))
	}
	return *at
}

// follow clicks a link or button that leads to a new page.
func (v *visitor) follow(words string) {
	v.t.Helper()
	at := v.point(words)
	v.loading("follow "+words, chromedp.MouseClickXY(at.X, at.Y))
}

// click clicks something that does not lead to a new page.
func (v *visitor) click(words string) {
	v.t.Helper()
	at := v.point(words)
	v.within("click "+words, func(ctx context.Context) error {
		return chromedp.Do(ctx, chromedp.MouseClickXY(at.X, at.Y))
	})
}

// fill gives the field with the label a value: text, a day as 2024-01-31, the words of a choice, or "on" and "off" for a box.
func (v *visitor) fill(label, value string) {
	v.t.Helper()
	switch answer := ask[string](v, "fill", label, value); answer {
	case "done":
	case "type": // the field is empty and has the focus: write as a keyboard does
		v.within("type", func(ctx context.Context) error {
			_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: value})
			return err
		})
	default:
		v.t.Fatalf("%s: fill %q with %q: %s", v.path(), label, value, answer)
	}
}

var keys = map[string]string{
	"Tab": kb.Tab, "Enter": kb.Enter, "Escape": kb.Escape, "Space": " ", "Up": kb.ArrowUp, "Down": kb.ArrowDown,
	"Left": kb.ArrowLeft, "Right": kb.ArrowRight, "Home": kb.Home, "End": kb.End,
}

// press presses keys by name, such as "Tab", "Shift+Tab", "Enter"; anything else is typed as it stands.
func (v *visitor) press(names ...string) {
	v.t.Helper()
	for _, name := range names {
		var options []chromedp.KeyOption
		name, shift := strings.CutPrefix(name, "Shift+")
		if shift {
			options = append(options, chromedp.KeyModifiers(chromedp.ModifierShift))
		}
		key := name
		if k, ok := keys[name]; ok {
			key = k
		}
		v.within("press "+name, func(ctx context.Context) error { return chromedp.Do(ctx, chromedp.KeyEvent(key, options...)) })
	}
}

// pressAndLoad presses one key that leads to a new page.
func (v *visitor) pressAndLoad(name string) {
	v.t.Helper()
	v.loading("press "+name, chromedp.KeyEvent(keys[name]))
}

// focus gives the words of what has the keyboard's focus.
func (v *visitor) focus() string {
	v.t.Helper()
	return ask[string](v, "focus")
}

// tabTo goes with the Tab key to what has the words, and fails when it cannot be reached.
func (v *visitor) tabTo(words string) {
	v.t.Helper()
	var passed []string
	for range 200 {
		v.press("Tab")
		at := v.focus()
		if strings.Contains(at, words) {
			return
		}
		passed = append(passed, at)
	}
	v.t.Fatalf("%s: the Tab key does not reach %q; it passed: %s", v.path(), words, strings.Join(passed[:min(len(passed), 40)], " | "))
}

// scripts turns the page's own scripts on or off from the next page on.
func (v *visitor) scripts(on bool) {
	v.t.Helper()
	v.within("scripts", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}

// scheme sets whether the person's system asks for "light" or "dark" pages.
func (v *visitor) scheme(name string) {
	v.t.Helper()
	v.within("scheme", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}},
		})
		return err
	})
}

// size sets the width of the window in CSS pixels.
func (v *visitor) size(width int64) {
	v.t.Helper()
	v.within("size", func(ctx context.Context) error { return chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)) })
}

// fits fails the test when the page must be scrolled sideways in a window of that width.
func (v *visitor) fits(width int64) {
	v.t.Helper()
	if over := v.overflow(width); over != "" {
		v.t.Errorf("%s is wider than %d pixels because of %s", v.path(), width, over)
	}
}

// overflow names the elements that make the page wider than the window, or nothing.
func (v *visitor) overflow(width int64) string {
	v.t.Helper()
	v.size(width)
	defer v.size(1280)
	return ask[string](v, "overflow")
}

// shot puts pictures of the whole page at 1280 and 390 pixels into the folder LEDSYN_SHOTS, when that is set.
func (v *visitor) shot(name string) {
	v.t.Helper()
	folder := os.Getenv("LEDSYN_SHOTS")
	if folder == "" {
		return
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		v.t.Fatal(err)
	}
	defer v.size(1280)
	for _, width := range []int64{1280, 390} {
		v.size(width)
		v.within("shot "+name, func(ctx context.Context) error {
			picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(folder, fmt.Sprintf("%s-%d.png", name, width)), picture, 0o644)
		})
	}
}
