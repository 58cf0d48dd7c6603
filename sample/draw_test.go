// SPDX-License-Identifier: EUPL-1.2

package sample

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// seed is one for tests: its number in the last byte but one, so that it is not like another's stratum.
func seed(n byte) Seed {
	var s Seed
	copy(s[:], "a seed that everybody knows    ")
	s[30], s[31] = n, 1
	return s
}

func draw(t testing.TB, s Seed, rows int64, size int) []int64 {
	t.Helper()
	drawn, err := Draw(s, rows, size)
	if err != nil {
		t.Fatal(err)
	}
	return drawn
}

func TestDrawHasNoRepeats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.OneOf(rapid.IntRange(1, 50), rapid.IntRange(1, MaxPopulation)).Draw(t, "rows")
		size := rapid.IntRange(1, min(rows, 300)).Draw(t, "size")
		s := seed(rapid.Byte().Draw(t, "seed"))
		drawn, err := Draw(s, int64(rows), size)
		if err != nil || len(drawn) != size {
			t.Fatal(drawn, err)
		}
		fewer, err := Draw(s, int64(rows), (size+1)/2)
		if err != nil || !slices.Equal(fewer, drawn[:len(fewer)]) {
			t.Errorf("the smaller draw is not the beginning of the larger: %v, %v %v", fewer, drawn, err)
		}
		slices.Sort(drawn)
		if drawn[0] < 1 || drawn[size-1] > int64(rows) || len(slices.Compact(drawn)) != size {
			t.Errorf("%v", drawn)
		}
	})
}

func TestDrawOfAllIsAnOrderOfAll(t *testing.T) {
	for _, rows := range []int64{1, 2, 3, 10, 5000} {
		drawn := draw(t, seed(1), rows, int(rows))
		slices.Sort(drawn)
		for i, row := range drawn {
			if row != int64(i)+1 {
				t.Fatalf("%d: %d at %d", rows, row, i)
			}
		}
	}
}

// Each row must be as likely in each place, and each set as likely. The seeds are fixed, so the sums are always the same; the limits are
// those that a fair draw exceeds once in a thousand times.
func TestDrawIsUniform(t *testing.T) {
	const draws = 20_000
	count := func(rows int64, size, cells int, cell func([]int64) []int) []int {
		counts := make([]int, cells)
		for i := range draws {
			for _, c := range cell(draw(t, seed(0).Stratum(i), rows, size)) {
				counts[c]++
			}
		}
		return counts
	}
	for _, c := range []struct {
		name  string
		got   []int
		limit float64 // of chi-square at one in a thousand, with one degree of freedom less than there are cells
	}{
		{"the first of 10", count(10, 1, 10, func(d []int64) []int { return []int{int(d[0]) - 1} }), 27.88},
		{"the last of 7 drawn of 10", count(10, 7, 10, func(d []int64) []int { return []int{int(d[6]) - 1} }), 27.88},
		{"the order of 4", count(4, 4, 256, func(d []int64) []int { return []int{int(d[0]-1) + int(d[1]-1)*4 + int(d[2]-1)*16 + int(d[3]-1)*64} }), 49.73},
		{"which 2 of 7", count(7, 2, 49, func(d []int64) []int { return []int{int(min(d[0], d[1])-1) + int(max(d[0], d[1])-1)*7} }), 45.31},
		{"the hundredth of a million", count(1_000_000, 1, 100, func(d []int64) []int { return []int{int((d[0] - 1) / 10_000)} }), 148.23},
	} {
		used := slices.DeleteFunc(c.got, func(n int) bool { return n == 0 }) // orders and pairs that cannot be have cells too
		expected := float64(draws) / float64(len(used))
		sum := 0.0
		for _, n := range used {
			sum += (float64(n) - expected) * (float64(n) - expected) / expected
		}
		t.Logf("%s: %.1f in %d cells, limit %.1f", c.name, sum, len(used), c.limit)
		if sum > c.limit || sum < c.limit/20 {
			t.Errorf("%s: chi-square %.1f in %d cells", c.name, sum, len(used))
		}
	}
}

// A number is left out where the remainders do not come out even: with n just over half of what 64 bits hold that is nearly every other.
func TestBelowLeavesOutWhatIsOver(t *testing.T) {
	const n = 1<<63 + 1
	s := stream{seed: seed(2)}
	low := 0
	for range 2000 {
		x := s.below(n)
		if x >= n {
			t.Fatal(x)
		}
		if x < n/2 {
			low++
		}
	}
	if s.next < 3700 || s.next > 4300 { // 4,000 on average
		t.Errorf("%d numbers taken for 2,000", s.next)
	}
	if low < 890 || low > 1110 { // five standard deviations; a plain remainder would give two thirds
		t.Errorf("%d of 2,000 in the lower half", low)
	}
	for range 1000 {
		if x := s.below(1); x != 0 {
			t.Fatal(x)
		}
		if x := s.below(1 << 32); x >= 1<<32 { // comes out even: nothing is left out
			t.Fatal(x)
		}
	}
}

func TestSeedsOfStrataDiffer(t *testing.T) {
	seen := map[string]bool{seed(1).Hex(): true, seed(1).Commitment(): true}
	for i := range 1000 {
		s := seed(1).Stratum(i)
		if seen[s.Hex()] {
			t.Fatalf("stratum %d has a seed that another has", i)
		}
		seen[s.Hex()] = true
	}
}

func TestNewSeed(t *testing.T) {
	s, err := NewSeed(strings.NewReader(strings.Repeat("x", 40)))
	if err != nil || s.Hex() != strings.Repeat("78", 32) {
		t.Errorf("%v %v", s.Hex(), err)
	}
	if _, err := NewSeed(strings.NewReader("too little")); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v", err)
	}
	if _, err := NewSeed(bytes.NewReader(make([]byte, 32))); err == nil {
		t.Error("a source of nothing but zeros is none")
	}
}

func FuzzParseSeed(f *testing.F) {
	for _, text := range []string{"", seed(1).Hex(), strings.ToUpper(seed(2).Hex()), seed(3).Hex() + "0", strings.Repeat("0", 64), strings.Repeat("g", 64), " " + seed(4).Hex()[1:]} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSeed(text)
		if err != nil {
			var wrong *Error
			if !errors.As(err, &wrong) || s != (Seed{}) {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if s.Hex() != strings.ToLower(text) || s == (Seed{}) {
			t.Errorf("%q became %s", text, s.Hex())
		}
	})
}

func BenchmarkDraw(b *testing.B) {
	for _, c := range []struct {
		name string
		rows int64
		size int
	}{{"100of2million", 2_000_000, 100}, {"100000of2million", 2_000_000, 100_000}, {"2millionof2million", 2_000_000, 2_000_000}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Draw(seed(1), c.rows, c.size); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
