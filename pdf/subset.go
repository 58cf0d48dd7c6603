// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
)

// subset returns a TrueType file with the outlines of the glyphs used and of
// those they are composed of. Glyphs keep their numbers, so that text need not
// be renumbered; what is not used is empty and compresses to next to nothing.
func (f *font) subset(used map[uint16]rune) []byte {
	keep := map[uint16]bool{0: true}
	for g := range used {
		f.close(g, keep)
	}
	last := int(slices.Max(slices.Collect(maps.Keys(keep))))

	var glyf, loca, hmtx []byte
	for g := range last + 1 {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		if !keep[uint16(g)] {
			hmtx = append(hmtx, 0, 0, 0, 0)
			continue
		}
		hmtx = append(hmtx, f.metrics(g)...)
		glyf = append(glyf, f.outline(uint16(g))...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))

	head := bytes.Clone(f.tables["head"])
	binary.BigEndian.PutUint32(head[8:], 0)  // the file's checksum, filled in below
	binary.BigEndian.PutUint16(head[50:], 1) // long loca
	hhea := bytes.Clone(f.tables["hhea"])
	binary.BigEndian.PutUint16(hhea[34:], uint16(last+1))
	maxp := bytes.Clone(f.tables["maxp"])
	binary.BigEndian.PutUint16(maxp[4:], uint16(last+1))

	tables := map[string][]byte{
		"head": head, "hhea": hhea, "maxp": maxp, "hmtx": hmtx, "loca": loca, "glyf": glyf,
	}
	for _, tag := range []string{"cvt ", "fpgm", "prep"} { // what the glyphs' hints call
		if t := f.tables[tag]; t != nil {
			tables[tag] = t
		}
	}
	return sfnt(tables)
}

// close adds g, and every glyph that it is composed of, to keep.
func (f *font) close(g uint16, keep map[uint16]bool) {
	if keep[g] {
		return
	}
	keep[g] = true
	b := f.outline(g)
	if len(b) < 10 || i16(b, 0) >= 0 {
		return
	}
	const wordArgs, scale, more, xyScale, twoByTwo = 1, 8, 0x20, 0x40, 0x80
	for at := 10; ; {
		flags := u16(b, at)
		f.close(u16(b, at+2), keep)
		at += 6
		if flags&wordArgs != 0 {
			at += 2
		}
		switch {
		case flags&scale != 0:
			at += 2
		case flags&xyScale != 0:
			at += 4
		case flags&twoByTwo != 0:
			at += 8
		}
		if flags&more == 0 {
			return
		}
	}
}

func (f *font) outline(g uint16) []byte {
	return f.tables["glyf"][f.loca[g]:f.loca[g+1]]
}

// metrics returns a glyph's row of hmtx: advance and left side bearing. Rows
// after the last full one hold the bearing alone.
func (f *font) metrics(g int) []byte {
	hmtx, full := f.tables["hmtx"], int(u16(f.tables["hhea"], 34))
	if g < full {
		return hmtx[4*g : 4*g+4]
	}
	at := 4*full + 2*(g-full)
	return append(bytes.Clone(hmtx[4*full-4:4*full-2]), hmtx[at:at+2]...)
}

// sfnt packs tables as a font file with its checksums.
func sfnt(tables map[string][]byte) []byte {
	tags := slices.Sorted(maps.Keys(tables))
	n := len(tags)
	power, log := 1, 0
	for power*2 <= n {
		power, log = power*2, log+1
	}
	out := []byte{0, 1, 0, 0}
	for _, v := range []int{n, power * 16, log, n*16 - power*16} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	at, headAt := 12+16*n, 0
	for _, tag := range tags {
		t := tables[tag]
		if tag == "head" {
			headAt = at
		}
		out = append(out, tag...)
		for _, v := range []uint32{checksum(t), uint32(at), uint32(len(t))} {
			out = binary.BigEndian.AppendUint32(out, v)
		}
		at += (len(t) + 3) &^ 3
	}
	for _, tag := range tags {
		out = append(out, tables[tag]...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	binary.BigEndian.PutUint32(out[headAt+8:], 0xB1B0AFBA-checksum(out))
	return out
}

func checksum(b []byte) uint32 {
	var sum uint32
	for len(b) >= 4 {
		sum += u32(b, 0)
		b = b[4:]
	}
	var tail [4]byte
	copy(tail[:], b)
	return sum + u32(tail[:], 0)
}
