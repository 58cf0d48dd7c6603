// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"bytes"
	"encoding/binary"
	"testing"
)

func TestPairsAreKerned(t *testing.T) {
	all, err := fonts()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		apart := f.width("A", 10) + f.width("V", 10)
		if together := f.width("AV", 10); together >= apart {
			t.Errorf("%s: AV is %.2f wide, A and V %.2f", f.name, together, apart)
		}
	}
}

// A subset must hold each outline that it uses, also those that others are
// composed of, and nothing of the rest.
func TestSubsetHoldsWhatIsUsed(t *testing.T) {
	all, err := fonts()
	if err != nil {
		t.Fatal(err)
	}
	f := all[regular]
	used := map[uint16]rune{}
	for _, r := range "Åäö fi" {
		used[f.glyph(r)] = r
	}
	keep := map[uint16]bool{0: true}
	for g := range used {
		f.close(g, keep)
	}
	if len(keep) <= len(used)+1 {
		t.Fatalf("%d glyphs with their parts, %d used", len(keep), len(used))
	}
	data := f.subset(used)
	if len(data) > 20_000 {
		t.Errorf("%d bytes", len(data))
	}
	if sum := checksum(data); sum != 0xB1B0AFBA {
		t.Errorf("the file's checksum is %X", sum)
	}
	tables := map[string][]byte{}
	for i := range int(u16(data, 4)) {
		rec := data[12+16*i:]
		tables[string(rec[:4])] = data[u32(rec, 8) : u32(rec, 8)+u32(rec, 12)]
	}
	for g := range int(u16(tables["maxp"], 4)) {
		from, to := u32(tables["loca"], 4*g), u32(tables["loca"], 4*g+4)
		got := tables["glyf"][from:to]
		switch {
		case !keep[uint16(g)] && len(got) > 0:
			t.Errorf("glyph %d is there and not used", g)
		case keep[uint16(g)] && !bytes.HasPrefix(got, f.outline(uint16(g))):
			t.Errorf("glyph %d is another", g)
		case keep[uint16(g)] && int(u16(tables["hmtx"], 4*g)) != f.advance[g]:
			t.Errorf("glyph %d has another width", g)
		}
	}
}

func TestBrokenFontIsRefused(t *testing.T) {
	for _, n := range []int{0, 3, 11, 100, 5000, len(regularTTF) - 1} {
		if _, err := parseFont("short", regularTTF[:n]); err == nil {
			t.Errorf("%d bytes are a font", n)
		}
	}
}

func TestProfileIsWhole(t *testing.T) {
	p := sRGB()
	if int(binary.BigEndian.Uint32(p)) != len(p) || string(p[36:40]) != "acsp" {
		t.Error("the profile's head is wrong")
	}
	for i := range int(u32(p, 128)) {
		rec := p[132+12*i:]
		if end := u32(rec, 4) + u32(rec, 8); int(end) > len(p) || u32(rec, 4)%4 != 0 {
			t.Errorf("%s lies outside", rec[:4])
		}
	}
}
