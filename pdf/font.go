// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"
)

// The fonts are Liberation Sans under the SIL Open Font Licence, which lies
// beside them in fonts/ and which allows embedding in any document.
var (
	//go:embed fonts/LiberationSans-Regular.ttf
	regularTTF []byte
	//go:embed fonts/LiberationSans-Bold.ttf
	boldTTF []byte
	//go:embed fonts/LiberationSans-Italic.ttf
	italicTTF []byte
	//go:embed fonts/LiberationSans-BoldItalic.ttf
	boldItalicTTF []byte
)

// style picks one of the four fonts.
type style int

const (
	regular style = iota
	bold
	italic
	boldItalic
	styles = 4
)

func styleOf(s Span) style {
	n := regular
	if s.Bold {
		n += bold
	}
	if s.Italic {
		n += italic
	}
	return n
}

// missing stands in for what the fonts lack.
const missing = '\u25A1'

// fonts are parsed once in the program's life; they are never written to.
var fonts = sync.OnceValues(func() ([styles]*font, error) {
	var all [styles]*font
	for i, f := range []struct {
		name string
		data []byte
	}{
		{"LiberationSans", regularTTF},
		{"LiberationSans-Bold", boldTTF},
		{"LiberationSans-Italic", italicTTF},
		{"LiberationSans-BoldItalic", boldItalicTTF},
	} {
		p, err := parseFont(f.name, f.data)
		if err != nil {
			return all, fmt.Errorf("font %s: %w", f.name, err)
		}
		all[i] = p
	}
	return all, nil
})

// font is a parsed TrueType font. Lengths are in font units, unitsPerEm to the em.
type font struct {
	name       string
	tables     map[string][]byte
	unitsPerEm int
	ascent     int
	descent    int // below the baseline, negative
	capHeight  int
	bbox       [4]int
	angle      float64 // degrees, negative leans right
	loca       []int   // where each glyph's outline begins in glyf; one more than glyphs
	advance    []int   // by glyph
	glyphs     map[rune]uint16
	latin      [0x250]uint16 // the commonest part of glyphs, found without hashing
	kern       map[uint32]int16
}

// parseFont reads the parts of a TrueType file that setting text needs.
func parseFont(name string, data []byte) (f *font, err error) {
	defer func() {
		if r := recover(); r != nil { // every index below is an offset from the file
			f, err = nil, fmt.Errorf("broken font file: %v", r)
		}
	}()
	data = data[:len(data):len(data)] // so that no table can reach past the end
	f = &font{name: name, tables: map[string][]byte{}}
	for i := range int(u16(data, 4)) {
		rec := data[12+16*i:]
		off, n := u32(rec, 8), u32(rec, 12)
		f.tables[string(rec[:4])] = data[off : off+n]
	}
	for _, tag := range []string{"head", "hhea", "maxp", "hmtx", "loca", "glyf", "cmap", "OS/2", "post"} {
		if f.tables[tag] == nil {
			return nil, fmt.Errorf("table %s is not there", tag)
		}
	}
	head, hhea := f.tables["head"], f.tables["hhea"]
	f.unitsPerEm = int(u16(head, 18))
	for i := range f.bbox {
		f.bbox[i] = i16(head, 36+2*i)
	}
	f.ascent, f.descent = i16(hhea, 4), i16(hhea, 6)
	f.capHeight = i16(f.tables["OS/2"], 88)
	f.angle = float64(int32(u32(f.tables["post"], 4))) / 65536
	f.readGlyphs(int(u16(f.tables["maxp"], 4)), int(u16(hhea, 34)), u16(head, 50) == 1)
	if err := f.readCmap(); err != nil {
		return nil, err
	}
	f.readKern()
	if f.glyphs[missing] == 0 || f.glyphs[' '] == 0 {
		return nil, fmt.Errorf("no glyph for U+%04X or space", missing)
	}
	return f, nil
}

func (f *font) readGlyphs(n, metrics int, long bool) {
	hmtx, loca := f.tables["hmtx"], f.tables["loca"]
	f.advance = make([]int, n)
	f.loca = make([]int, n+1)
	for g := range n {
		f.advance[g] = int(u16(hmtx, 4*min(g, metrics-1)))
	}
	for g := range f.loca {
		if long {
			f.loca[g] = int(u32(loca, 4*g))
		} else {
			f.loca[g] = 2 * int(u16(loca, 2*g))
		}
	}
}

// readCmap reads the Unicode table of format 4, which covers the basic plane.
func (f *font) readCmap() error {
	cmap := f.tables["cmap"]
	var t []byte
	for i := range int(u16(cmap, 2)) {
		rec := cmap[4+8*i:]
		if sub := cmap[u32(rec, 4):]; u16(rec, 0) == 3 && u16(rec, 2) == 1 && u16(sub, 0) == 4 {
			t = sub
		}
	}
	if t == nil {
		return fmt.Errorf("no Unicode cmap of format 4")
	}
	f.glyphs = map[rune]uint16{}
	segs := int(u16(t, 6)) / 2
	for s := range segs {
		end, start := int(u16(t, 14+2*s)), int(u16(t, 16+2*segs+2*s))
		delta, at := u16(t, 16+4*segs+2*s), 16+6*segs+2*s
		off := int(u16(t, at))
		for c := start; c <= end && c != 0xFFFF; c++ {
			g := uint16(c)
			if off != 0 {
				g = u16(t, at+off+2*(c-start))
			}
			if off == 0 || g != 0 {
				g += delta
			}
			if g == 0 {
				continue
			}
			f.glyphs[rune(c)] = g
			if c < len(f.latin) {
				f.latin[c] = g
			}
		}
	}
	return nil
}

// readKern reads the pairs of the old kern table: horizontal, format 0.
func (f *font) readKern() {
	f.kern = map[uint32]int16{}
	t := f.tables["kern"]
	if len(t) < 18 || u16(t, 0) != 0 || u16(t, 8)&0xFF03 != 1 {
		return
	}
	for i := range int(u16(t, 10)) {
		rec := t[18+6*i:]
		f.kern[u32(rec, 0)] = int16(u16(rec, 4))
	}
}

// glyph returns the glyph for r, or that of the empty box.
func (f *font) glyph(r rune) uint16 {
	if r >= 0 && int(r) < len(f.latin) {
		if g := f.latin[r]; g != 0 {
			return g
		}
	} else if g := f.glyphs[r]; g != 0 {
		return g
	}
	return f.glyphs[missing]
}

// has reports whether r can be shown. Private use is refused although fonts
// may have glyphs there, since PDF/A-2a wants a meaning for every character.
func (f *font) has(r rune) bool {
	if r >= 0xE000 && r <= 0xF8FF || r == 0xFEFF {
		return false
	}
	return f.glyphs[r] != 0
}

// width returns how long s is in points, set in the size given, kerned.
func (f *font) width(s string, size float64) float64 {
	n, last := 0, uint16(0)
	for _, r := range s {
		g := f.glyph(r)
		n += f.advance[g] + int(f.kern[uint32(last)<<16|uint32(g)])
		last = g
	}
	return float64(n) * size / float64(f.unitsPerEm)
}

// lookalikes are characters that fonts often lack with what replaces them, and
// letters that came as base and accent (as in file names from a Mac) put together.
var lookalikes = strings.NewReplacer(
	"\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\t", " ",
	"\u2011", "-", "\u2010", "-", "\u202F", "\u00A0", "\u2007", "\u00A0",
	"\u2002", " ", "\u2003", " ", "\u2009", " ", "\u200A", " ",
	"\u200B", "", "\u200C", "", "\u200D", "", "\u2060", "", "\uFEFF", "", "\uFE0F", "", "\u200E", "", "\u200F", "",
	"a\u030A", "å", "A\u030A", "Å", "a\u0308", "ä", "A\u0308", "Ä", "o\u0308", "ö", "O\u0308", "Ö",
	"e\u0301", "é", "E\u0301", "É", "e\u0300", "è", "a\u0300", "à", "u\u0308", "ü", "U\u0308", "Ü",
)

// clean returns s with only what every style can show: lookalikes replaced,
// control characters dropped, and the rest that is lacking as empty boxes.
// Line breaks stay.
func (l *layout) clean(s string) string {
	if isPlain(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == softHyphen:
			return r
		case r < ' ', r >= 0x7F && r < 0xA0:
			return -1
		case !l.fonts[regular].has(r):
			return missing
		}
		return r
	}, lookalikes.Replace(strings.ToValidUTF8(s, string(missing))))
}

// isPlain reports whether s is printable ASCII and so needs no cleaning.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' && s[i] != '\n' || s[i] >= 0x7F {
			return false
		}
	}
	return true
}

// Missing returns the characters of s that Write would show as an empty box,
// in order, and U+FFFD for a byte that is not UTF-8.
func Missing(s string) []rune {
	all, err := fonts()
	if err != nil {
		return nil // Write reports it
	}
	var lack []rune
	for _, r := range lookalikes.Replace(s) {
		switch {
		case r == '\n', r == softHyphen, r < ' ', r >= 0x7F && r < 0xA0:
		case r == utf8.RuneError || !all[regular].has(r):
			lack = append(lack, r)
		}
	}
	return lack
}

func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }
func u32(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
func i16(b []byte, at int) int    { return int(int16(u16(b, at))) }
