// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"
)

// file is a PDF file being written: numbered objects, then a table of where
// each begins.
type file struct {
	*bytes.Buffer
	offsets []int // by object number; 0 is none
	packer  *zlib.Writer
	packed  bytes.Buffer
}

// number returns the number of a new object.
func (f *file) number() int {
	f.offsets = append(f.offsets, 0)
	return len(f.offsets) - 1
}

// object writes an object whose number is known.
func (f *file) object(n int, format string, args ...any) {
	f.offsets[n] = f.Len()
	fmt.Fprintf(f, "%d 0 obj\n", n)
	fmt.Fprintf(f, format, args...)
	f.WriteString("\nendobj\n")
}

// stream writes a stream, compressed unless it is to be read without tools.
func (f *file) stream(n int, dict string, data []byte, plain bool) {
	if !plain {
		f.packed.Reset()
		f.packer.Reset(&f.packed)
		f.packer.Write(data) // writing to memory does not fail
		f.packer.Close()
		data, dict = f.packed.Bytes(), dict+" /Filter /FlateDecode"
	}
	f.offsets[n] = f.Len()
	fmt.Fprintf(f, "%d 0 obj\n<<%s /Length %d>>\nstream\n", n, dict, len(data))
	f.Write(data)
	f.WriteString("\nendstream\nendobj\n")
}

// assemble writes the whole file.
func assemble(out *bytes.Buffer, d *Document, l *layout) {
	f := &file{Buffer: out, offsets: make([]int, 1), packer: zlib.NewWriter(nil)}
	f.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	m := metadata(d, l)
	catalog, info, pages, resources := f.number(), f.number(), f.number(), f.number()
	xmp, icc, intent := f.number(), f.number(), f.number()
	tree := numberTree(f, l)
	for _, p := range l.pages {
		p.object = f.number()
		for _, a := range p.annots {
			a.object = f.number()
		}
	}
	outlines := writeOutlines(f, l)

	f.object(catalog, "<</Type /Catalog /Pages %d 0 R /Metadata %d 0 R /MarkInfo <</Marked true>> /StructTreeRoot %d 0 R "+
		"/Lang %s /ViewerPreferences <</DisplayDocTitle true>> /OutputIntents [%d 0 R]%s>>",
		pages, xmp, tree, textString(d.Lang), intent, outlines)
	f.object(info, "%s", m.info())
	f.stream(xmp, "/Type /Metadata /Subtype /XML", m.xmp(), true)
	f.stream(icc, "/N 3", sRGB(), false)
	f.object(intent, "<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB IEC61966-2.1) /DestOutputProfile %d 0 R>>", icc)
	f.object(resources, "<</Font <<%s>>>>", writeFonts(f, l))
	writePages(f, l, pages, resources)
	writeTree(f, l, tree)
	f.trailer(catalog, info)
}

// writePages writes the pages, their contents and their links.
func writePages(f *file, l *layout, pages, resources int) {
	var kids []string
	links := len(l.pages) // keys of the parent tree: pages first, then links
	for i, p := range l.pages {
		kids = append(kids, fmt.Sprintf("%d 0 R", p.object))
		content := f.number()
		f.stream(content, "", p.content(), false)
		annots := ""
		for _, a := range p.annots {
			annots += fmt.Sprintf("%d 0 R ", a.object)
			writeLink(f, a, links)
			links++
		}
		if annots != "" {
			annots = " /Annots [" + annots + "]"
		}
		f.object(p.object, "<</Type /Page /Parent %d 0 R /MediaBox [0 0 595.276 841.89] /Resources %d 0 R /Contents %d 0 R /StructParents %d /Tabs /S%s>>",
			pages, resources, content, i, annots)
	}
	f.object(pages, "<</Type /Pages /Count %d /Kids [%s]>>", len(kids), strings.Join(kids, " "))
}

// content returns all of the page's content, from the ground up.
func (p *page) content() []byte {
	var b bytes.Buffer
	if p.under.Len()+p.rules.Len() > 0 {
		b.WriteString("/Artifact <</Type /Layout>> BDC\n")
		b.Write(p.under.Bytes())
		b.Write(p.rules.Bytes())
		b.WriteString("EMC\n")
	}
	b.Write(p.main.Bytes())
	b.Write(p.edge.Bytes())
	return b.Bytes()
}

func writeLink(f *file, a *annot, key int) {
	r := a.rect
	action := "/A <</S /URI /URI " + textString(a.uri) + ">>"
	if a.dest != nil {
		action = "/Dest " + a.dest.String()
	}
	f.object(a.object, "<</Type /Annot /Subtype /Link /F 4 /Border [0 0 0] /Rect [%s %s %s %s] /Contents %s /StructParent %d %s>>",
		appendNumber(nil, r.x), appendNumber(nil, pageHeight-r.y-r.h), appendNumber(nil, r.x+r.w), appendNumber(nil, pageHeight-r.y),
		textString(a.contents), key, action)
}

// String returns the place as PDF, a little above what is there.
func (d *dest) String() string {
	return fmt.Sprintf("[%d 0 R /XYZ 0 %s null]", d.page.object, appendNumber(nil, pageHeight-d.y+6))
}

// writeFonts writes the fonts that are used and returns their names with them.
func writeFonts(f *file, l *layout) string {
	var names strings.Builder
	for i, used := range l.used {
		if len(used) == 0 {
			continue
		}
		n := f.number()
		fmt.Fprintf(&names, "/F%d %d 0 R ", i+1, n)
		writeFont(f, n, l.fonts[i], used)
	}
	return names.String()
}

func writeFont(f *file, n int, t *font, used map[uint16]rune) {
	em := func(v int) string { return string(appendNumber(nil, float64(v)*1000/float64(t.unitsPerEm))) }
	glyphs := slices.Sorted(maps.Keys(used))
	data := t.subset(used)
	sum := sha256.Sum256(data)
	name := make([]byte, 6) // marks the font as a subset: the same glyphs, the same name
	for i := range name {
		name[i] = 'A' + sum[i]%26
	}
	var widths strings.Builder
	for _, g := range glyphs {
		fmt.Fprintf(&widths, "%d [%s] ", g, em(t.advance[g]))
	}
	flags := 32 // letters only, no symbols
	if t.angle != 0 {
		flags |= 64
	}
	cid, desc, program, unicode := f.number(), f.number(), f.number(), f.number()
	full := string(name) + "+" + t.name
	f.object(n, "<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>", full, cid, unicode)
	f.object(cid, "<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> "+
		"/FontDescriptor %d 0 R /CIDToGIDMap /Identity /DW %s /W [%s]>>", full, desc, em(t.advance[0]), widths.String())
	f.object(desc, "<</Type /FontDescriptor /FontName /%s /Flags %d /FontBBox [%s %s %s %s] /ItalicAngle %s /Ascent %s /Descent %s /CapHeight %s /StemV 80 /FontFile2 %d 0 R>>",
		full, flags, em(t.bbox[0]), em(t.bbox[1]), em(t.bbox[2]), em(t.bbox[3]), appendNumber(nil, t.angle), em(t.ascent), em(t.descent), em(t.capHeight), program)
	f.stream(program, fmt.Sprintf("/Length1 %d", len(data)), data, false)
	f.stream(unicode, "", toUnicode(glyphs, used), false)
}

// toUnicode says what each glyph means, so that text can be read and copied.
func toUnicode(glyphs []uint16, used map[uint16]rune) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for part := range slices.Chunk(glyphs, 100) {
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for _, g := range part {
			fmt.Fprintf(&b, "<%04X> <%04X>\n", g, used[g])
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

// trailer writes where the objects are. The file's identifier is a digest of
// all that comes before.
func (f *file) trailer(catalog, info int) {
	sum := sha256.Sum256(f.Bytes())
	id := hex.EncodeToString(sum[:16])
	start := f.Len()
	fmt.Fprintf(f, "xref\n0 %d\n0000000000 65535 f \n", len(f.offsets))
	for _, at := range f.offsets[1:] {
		fmt.Fprintf(f, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(f, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /ID [<%s> <%s>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(f.offsets), catalog, info, id, id, start)
}

// textString writes s as a string for people, cut to what PDF/A allows.
func textString(s string) string {
	ascii := true
	n := 0
	for i, r := range s {
		if n++; n > 8000 {
			s = s[:i]
			break
		}
		ascii = ascii && r >= ' ' && r < 0x7F
	}
	if ascii {
		return "(" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(s) + ")"
	}
	b := []byte("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		b = fmt.Appendf(b, "%04X", u)
	}
	return string(append(b, '>'))
}
