// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever the text and the width: all of it is set, in order, and no line is
// wider than the column unless it is a single character.
func TestWrapKeepsAllTextWithinTheWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, err := newLayout(&Document{})
		if err != nil {
			t.Fatal(err)
		}
		var text Text
		for range rapid.IntRange(0, 5).Draw(t, "spans") {
			text = append(text, Span{
				Text: rapid.StringOfN(rapid.SampledFrom([]rune("abcåWi  --–/.2\n\u00AD\u00A0")), 0, 60, -1).Draw(t, "text"),
				Bold: rapid.Bool().Draw(t, "bold"),
				Link: rapid.SampledFrom([]string{"", "", "https://exempel.example/"}).Draw(t, "link"),
			})
		}
		width := rapid.Float64Range(1, 300).Draw(t, "width")
		lines, err := l.wrap(text, l.root, width, bodyType)
		if err != nil {
			t.Fatal(err)
		}
		want, got := "", ""
		for _, s := range text {
			want += s.Text
		}
		for _, ln := range lines {
			all := ""
			for _, s := range ln.segs {
				all += s.text
			}
			got += all
			hyphen := 0.0
			if body, ok := strings.CutSuffix(all, string(softHyphen)); ok && indivisible(body) {
				hyphen = l.fonts[bold].width(string(softHyphen), bodyType.size)
			}
			if ln.width > width+hyphen+0.5 && len([]rune(strings.Trim(all, " \u00AD"))) > 1 {
				t.Errorf("%q is %.1f wide, the column %.1f", all, ln.width, width)
			}
		}
		if plain(got) != plain(want) {
			t.Errorf("set %q, want %q", got, want)
		}
	})
}

// indivisible reports whether the line is a single word without a soft hyphen within it. The hyphen at the end of such a
// word, which is as wide as the column, may stand out.
func indivisible(word string) bool { return !strings.ContainsAny(word, " \u00AD") }

// plain leaves out what wrapping may change: spaces and soft hyphens.
func plain(s string) string {
	return strings.NewReplacer(" ", "", "\n", "", string(softHyphen), "").Replace(s)
}
