// SPDX-License-Identifier: EUPL-1.2

package browser

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
)

// axe is axe-core 4.14.1, unchanged; its licence (MPL-2.0) and those of its parts stand beside it. It is used in tests only.
//
//go:embed testdata/axe.min.js
var axe string

// A breach is one rule of accessibility that a page breaks, and where.
type breach struct {
	ID    string // axe's name of the rule
	Help  string
	Nodes []struct {
		HTML   string
		Target json.RawMessage
		// What has to be mended, as axe words it.
		FailureSummary string
	}
}

func (b breach) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s: %s", b.ID, b.Help)
	for i, n := range b.Nodes {
		if i == 3 {
			fmt.Fprintf(&s, "\n    and %d more", len(b.Nodes)-3)
			break
		}
		fmt.Fprintf(&s, "\n    %s  %.200s\n      %s", n.Target, n.HTML, strings.ReplaceAll(n.FailureSummary, "\n", "\n      "))
	}
	return s.String()
}

// breaches runs axe on the page: all rules of WCAG 2.2 A and AA, and good practice. What depends on the colours, and so is the same in
// both languages, may be left out; else contrast is looked at in the dark scheme, too. The page's scripts must be on.
func (v *visitor) breaches(colours bool) []breach {
	v.t.Helper()
	eval[struct{}](v, axe+"\n;({})")
	run := func(only string) []breach {
		return eval[[]breach](v, fmt.Sprintf(`axe.run(document, {resultTypes: ["violations"], %s}).then(r => r.violations.map(
			b => ({ID: b.id, Help: b.help, Nodes: b.nodes.map(n => ({HTML: n.html, Target: n.target, FailureSummary: n.failureSummary}))})))`, only))
	}
	v.scheme("light")
	found := run(fmt.Sprintf(`runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], rules: {"color-contrast": {enabled: %v}}`, colours))
	if !colours {
		return found
	}
	v.scheme("dark")
	defer v.scheme("light")
	for _, b := range run(`runOnly: {type: "rule", values: ["color-contrast"]}`) {
		b.ID += " (dark)"
		found = append(found, b)
	}
	return found
}

// accessible fails the test when axe finds anything on the page.
func (v *visitor) accessible() {
	v.t.Helper()
	for _, b := range v.breaches(true) {
		v.t.Errorf("%s breaks %s", v.path(), b)
	}
}
