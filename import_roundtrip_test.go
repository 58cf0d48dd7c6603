// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/sheet/mapping"
)

// What the program writes out of a register, in either language and either format, it guesses and reads back with no change.
func TestExportsAreReadBack(t *testing.T) {
	for _, s := range isms.Registers() {
		for _, lang := range locale.Langs() {
			random := rand.New(rand.NewPCG(7, uint64(len(s.Name))))
			titles := map[string]map[string]string{} // register -> title -> id
			records := make([]register.Entity, 6)
			for i := range records {
				records[i] = randomRecord(random, s, titles)
			}
			title := func(kind, id string) string {
				for text, known := range titles[kind] {
					if known == id {
						return text
					}
				}
				return ""
			}
			t.Run(s.Name+"/"+string(lang)+"/csv", func(t *testing.T) {
				var b bytes.Buffer
				w, err := sheet.NewWriter(&b, lang, s, title)
				if err != nil {
					t.Fatal(err)
				}
				if err := w.Write(records); err != nil {
					t.Fatal(err)
				}
				readBack(t, s, b.Bytes(), records, titles, true)
			})
			t.Run(s.Name+"/"+string(lang)+"/xlsx", func(t *testing.T) {
				var b bytes.Buffer
				if err := sheet.Workbook(&b, sheet.TableOf(lang, s, records, nil, title)); err != nil {
					t.Fatal(err)
				}
				readBack(t, s, b.Bytes(), records, titles, false)
			})
		}
	}
}

func readBack(t *testing.T, s *register.Schema, file []byte, records []register.Entity, titles map[string]map[string]string, head bool) {
	book, err := sheet.Open("list", bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.Head(0, 20)
	if err != nil {
		t.Fatal(err)
	}
	m := mapping.Guess(isms.Register, s.Name, "", rows[0], rows[1:])
	for _, c := range m.Columns {
		if c.Field == "" {
			t.Errorf("the column %q is not guessed", c.Header)
		}
	}
	r, err := m.Reader(rows[0], isms.Register)
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	err = book.Rows(0, func(number int, cells []sheet.Cell) error {
		if number == 1 {
			return nil
		}
		if i == len(records) {
			return io.EOF
		}
		got, was := recordOf(t, s, r.Read(number, cells), titles), records[i]
		i++
		if !head {
			got.Head().ID, got.Head().Retired = was.Head().ID, was.Head().Retired
		}
		if a, b := string(register.JSON(was)), string(register.JSON(got)); a != b {
			t.Errorf("row %d became\n%s, was\n%s", number, b, a)
		}
		return nil
	})
	if err != nil || i != len(records) {
		t.Error(i, err)
	}
}

// recordOf makes the record that the row says, with links found by title.
func recordOf(t *testing.T, s *register.Schema, reading mapping.Reading, titles map[string]map[string]string) register.Entity {
	if reading.Skip || len(reading.Wrong) > 0 {
		t.Error(reading.Skip, reading.Wrong)
	}
	rec := s.New()
	h := rec.Head()
	h.ID, h.Unit, h.Retired = reading.ID, titles["unit"][reading.Unit], reading.Retired
	form := reading.Forms[""]
	for _, l := range reading.Links {
		known := func(text string) bool { return titles[l.Target][text] != "" }
		for _, text := range l.Split(known) {
			form[l.Field] = append(form[l.Field], titles[l.Target][text])
		}
	}
	for _, wrong := range register.Read(rec, form) {
		t.Error(wrong)
	}
	return rec
}

// words are what people write in lists and what spreadsheet programs like to misunderstand.
var words = []string{"Löner", "Å, ä och ö", "0012", "1e5", "2024-01-31", "=SUM(A1)", "-5", "a;b", "en \"sak\"", "K3", "Ja", "1,5 %", "'citat'", "@x", "+46", "#N/A", "TRUE", "x"}

func randomRecord(random *rand.Rand, s *register.Schema, titles map[string]map[string]string) register.Entity {
	link := func(kind string) string {
		id := fmt.Sprintf("id%d", random.IntN(30))
		for _, known := range titles[kind] {
			if known == id {
				return id
			}
		}
		if titles[kind] == nil {
			titles[kind] = map[string]string{}
		}
		titles[kind]["T, "+words[random.IntN(len(words))]+" "+id] = id
		return id
	}
	text := func() string { return words[random.IntN(len(words))] + " " + strconv.Itoa(random.IntN(100)) }
	form := map[string][]string{}
	for _, f := range s.Fields {
		if random.IntN(4) == 0 && f.Name != s.Fields[0].Name {
			continue
		}
		var values []string
		switch f.Kind {
		case register.Text:
			values = []string{text()}
			if random.IntN(3) == 0 {
				values = []string{words[random.IntN(len(words))]}
			}
		case register.Prose:
			values = []string{text() + "\n" + text()}
		case register.Bool:
			values = []string{strconv.Itoa(random.IntN(2))}
		case register.Int, register.Number:
			values = []string{strconv.Itoa(random.IntN(100000))}
		case register.Share:
			values = []string{register.PercentOf(random.IntN(10001)).String()}
		case register.Date:
			values = []string{string(register.Day("2019-12-30").AddDays(random.IntN(4000)))}
		case register.Instant:
			values = []string{"2024-01-31T12:00:00.000001Z"}
		case register.Choice:
			values = []string{f.Choices[random.IntN(len(f.Choices))]}
		case register.Link:
			values = []string{link(f.Target)}
		case register.Links:
			for range random.IntN(4) {
				if id := link(f.Target); !slices.Contains(values, id) {
					values = append(values, id)
				}
			}
		}
		form[f.Name] = values
	}
	rec := s.New()
	if wrong := register.Read(rec, form); len(wrong) > 0 {
		panic(wrong)
	}
	h := rec.Head()
	h.ID, h.Unit = strings.ToLower(register.NewID()), link("unit")
	if random.IntN(3) == 0 {
		h.Retired = "2024-01-31"
	}
	return rec
}
