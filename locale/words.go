// SPDX-License-Identifier: EUPL-1.2

package locale

import (
	"embed"
	"fmt"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed sv/*.txt en/*.txt
var files embed.FS

// A template is a text cut at its arguments, so that using it searches nothing.
type template []piece

// A piece is a text, or argument number arg (from 1), or one of two words chosen by that argument.
type piece struct {
	text       string
	arg        int
	plain      bool // the number without grouping
	plural     bool
	one, other string
}

// A wordlist is all files read. Mistakes in the files are kept for the test that shows them: a forgotten
// equals sign in one text must not stop the program from saying all the others.
type wordlist struct {
	texts    map[Lang]map[string]template
	raw      map[Lang]map[string]string
	mistakes []string
}

var words = sync.OnceValue(func() *wordlist {
	w := &wordlist{texts: map[Lang]map[string]template{}, raw: map[Lang]map[string]string{}}
	for _, l := range Langs() {
		w.texts[l], w.raw[l] = map[string]template{}, map[string]string{}
		entries, err := files.ReadDir(string(l))
		if err != nil {
			panic(err) // the embed directive and Langs disagree
		}
		for _, e := range entries {
			name := path.Join(string(l), e.Name())
			data, err := files.ReadFile(name)
			if err != nil {
				panic(err)
			}
			w.read(l, name, string(data))
		}
	}
	return w
})

func (w *wordlist) read(l Lang, name, data string) {
	key, text := "", ""
	start := 0
	mistake := func(n int, says string) { w.mistakes = append(w.mistakes, fmt.Sprintf("%s:%d: %s", name, n, says)) }
	keep := func() {
		text = strings.TrimSpace(text)
		switch _, twice := w.raw[l][key]; {
		case key == "":
		case twice:
			mistake(start, key+" has words already")
		case text == "":
			mistake(start, key+" has no words")
		default:
			w.raw[l][key], w.texts[l][key] = text, cut(text)
		}
		key, text = "", ""
	}
	n := 0
	for line := range strings.SplitSeq(data, "\n") {
		n++
		indented := strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "\t")
		switch {
		case strings.TrimSpace(line) == "":
			text += "\n" // kept if the text goes on below
		case key != "" && indented:
			text += "\n" + strings.TrimSpace(line)
		case line[0] == '#':
			keep()
		default:
			keep()
			k, t, ok := strings.Cut(line, "=")
			key, text, start = strings.TrimSpace(k), strings.TrimSpace(t), n
			if !ok || !validKey(key) {
				mistake(n, "not of the form key = text: "+strconv.Quote(line))
				key = ""
			}
		}
	}
	keep()
}

func validKey(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789._-") == ""
}

// cut finds the arguments of a text. Braces that hold no argument are text.
func cut(text string) template {
	var t template
	plain := func(s string) {
		if s != "" {
			t = append(t, piece{text: s})
		}
	}
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(text[open:], '}')
		if end < 0 {
			break
		}
		end += open
		p, ok := argument(text[open+1 : end])
		if !ok {
			plain(text[:open+1])
			text = text[open+1:]
			continue
		}
		plain(text[:open])
		t = append(t, p)
		text = text[end+1:]
	}
	plain(text)
	if len(t) > 1 {
		return join(t)
	}
	return t
}

func argument(s string) (piece, bool) {
	number, forms, plural := strings.Cut(s, ":")
	number, plain := strings.CutPrefix(number, "#")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > 20 {
		return piece{}, false
	}
	one, other, two := strings.Cut(forms, "|")
	return piece{arg: n, plain: plain, plural: plural, one: one, other: other}, two == plural
}

// join puts neighbouring texts together, so that a text without arguments is one piece.
func join(t template) template {
	out := t[:1]
	for _, p := range t[1:] {
		if last := &out[len(out)-1]; p.arg == 0 && last.arg == 0 {
			last.text += p.text
			continue
		}
		out = append(out, p)
	}
	return out
}
