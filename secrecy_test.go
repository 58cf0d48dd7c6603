// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
	"ledsyn/web"
)

// canaries are records of every register in which each text is a word that stands nowhere else, with a mark on each of those texts.
type canaries struct {
	records []register.Entity
	marks   []register.Entity
	words   []string          // in lower case
	of      map[string]string // word: register.field
	ids     map[string][]string
}

// ruled are fields whose values the rules choose, and those that cannot be filled in beside each other ("").
var ruled = map[string]string{
	"review.template": "stockholm-2024", "review_section.section": "status", "classification.model": "klassa-0-4", "coverage_target.key": "systems_classified",
	"coverage_target.share": "60", "measurement.key": "systems_classified", "measurement.value": "5", "measure_answer.measure": "a", "deadline.rule": "csl_early_warning",
	"follow_up.state": "ongoing", "integration.source": "sys-a", "integration.target": "sys-b", "significance.sectors": "", "significance.more_facts": "",
	"classification.confidentiality_by": "", "classification.integrity_by": "", "classification.availability_by": "", "classification.traceability_by": "",
	"supplier.country": "SE", "supplier.parent_country": "", "sub_processor.country": "SE", "sub_processor.parent_country": "", "transfer.country": "US",
	"reclassification.process": "", "reclassification.set": "", "classification_priority.set": "", "classification_priority.process": "", "classification.set": "",
	"population.sha256": strings.Repeat("a", 64), "population.file_sha256": "", "population.columns": "", "population.meaning": "",
	"deadline.breach": "canary-breach", "control_scale.likelihoods": "Sällan\nOfta", "control_scale.consequences": "Liten\nStor",
	"control_scale.bands": "1 Låg\n3 Hög", "draw.strata": `[{"name":"A","rows":9,"size":1,"drawn":[4]}]`, "draw.chosen": `[{"row":5,"reason":"misstanke"}]`,
	"portion.marks": `{"9":["leaver"]}`, "answer_sheet.answers": `[{"row":9,"answer":"keep"}]`, "spot_check.choice": "", "portion.rows": "1-4,9",
	"access_review.judges": "owner",
}

func newCanaries(t *testing.T) *canaries {
	c := &canaries{of: map[string]string{}, ids: map[string][]string{}}
	target := map[string]string{}
	for _, rec := range scenery() {
		kind := register.OfValue(rec).Name
		target[kind] = rec.Head().ID
	}
	target["person"], target["unit"] = "samordnare", "board-a"
	mark := func(kind, id, field string) {
		m := &isms.SecrecyMark{Kind: kind, Of: id, Field: field, Provision: "osl_security_measures", MarkedOn: "2026-02-20", Authority: "Kulturnämnden"}
		m.Unit = "board-a"
		c.marks = append(c.marks, m)
	}
	for _, s := range isms.Registers() {
		if !isms.Markable(s.Name) || s.Name == "attachment" {
			continue
		}
		target[s.Name+"/canary"] = "canary-" + strings.ReplaceAll(s.Name, "_", "-")
	}
	for round := 0; len(c.records) < len(target) && round < 8; round++ {
		for _, s := range isms.Registers() {
			id := target[s.Name+"/canary"]
			if id == "" || slices.Contains(c.ids[s.Name], id) {
				continue
			}
			rec, ready := c.record(t, s, id, target)
			if !ready {
				continue
			}
			c.records = append(c.records, rec)
			c.ids[s.Name] = append(c.ids[s.Name], id)
			target[s.Name] = id
			for _, f := range s.Fields {
				if strings.HasPrefix(f.Text(rec), "[{") || strings.HasPrefix(f.Text(rec), "{") { // it stands on no page, and yet must not break one
					mark(s.Name, id, f.Name)
				}
				if register.IsMasked(f.Text(rec)) || (f.Kind != register.Text && f.Kind != register.Prose) || f.Text(rec) == "" {
					continue
				}
				if word := strings.ToLower(f.Text(rec)); c.of[word] == "" && strings.HasPrefix(word, "kanarie") {
					c.words = append(c.words, word)
					c.of[word] = s.Name + "." + f.Name
					mark(s.Name, id, f.Name)
				}
			}
		}
	}
	return c
}

// record makes a record of the register with a canary in each text, when all that it must point at is there.
func (c *canaries) record(t *testing.T, s *register.Schema, id string, target map[string]string) (register.Entity, bool) {
	t.Helper()
	rec := s.New()
	rec.Head().ID, rec.Head().Unit = id, "board-a"
	for i, f := range s.Fields {
		value := ""
		fixed, is := ruled[s.Name+"."+f.Name]
		switch {
		case is:
			value = fixed
		case f.Kind == register.Text || f.Kind == register.Prose:
			value = fmt.Sprintf("Kanarie%s%dx", strings.ReplaceAll(s.Name, "_", ""), i)
			value = value[:min(len(value), f.Max)]
		case f.Kind == register.Link && target[f.Target] != "" && target[f.Target] != id:
			if f.Required || slices.Contains([]string{"recommendation", "dpia", "set", "system", "source", "breach", "audit"}, f.Name) {
				value = target[f.Target]
			}
		case f.Kind == register.Link && f.Required:
			return nil, false
		case f.Kind == register.Choice && f.Required:
			value = f.Choices[0]
		case f.Kind == register.Date && f.Required:
			value = "2026-02-20"
		case f.Kind == register.Instant && f.Required:
			value = "2026-02-20T08:00:00.000000Z"
		case f.Kind == register.Int && f.Required, f.Kind == register.Number && f.Required:
			value = "2026"
		}
		if value == "" {
			continue
		}
		if w := f.Set(rec, value); w != nil {
			t.Fatalf("%s.%s: %v", s.Name, f.Name, w)
		}
	}
	return rec, true
}

// stageWithCanaries keeps what can be kept of the canaries and tells which registers are in it.
func stageWithCanaries(t *testing.T, config store.Config, org string) (*stage, *canaries) {
	t.Helper()
	s := newStageIn(t, config, org, true)
	c := newCanaries(t)
	var lost []string
	for _, rec := range c.records {
		err := s.app.DB.Update(t.Context(), store.Act{Org: org, Who: "operator:test"}, func(tx *store.Tx) error { return tx.Put(rec) })
		if err != nil {
			kind := register.OfValue(rec).Name
			lost = append(lost, fmt.Sprintf("%s: %v", kind, err))
			c.ids[kind] = slices.DeleteFunc(c.ids[kind], func(id string) bool { return id == rec.Head().ID })
		}
	}
	err := s.app.DB.Update(t.Context(), store.Act{Org: org, Who: "operator:test"}, func(tx *store.Tx) error {
		for _, m := range c.marks {
			if err := tx.Put(m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(lost) > 3 {
		t.Fatalf("too few registers have canaries: %s", strings.Join(lost, "\n"))
	}
	t.Logf("without canaries: %v", lost)
	for _, rec := range scenery() {
		kind := register.OfValue(rec).Name
		c.ids[kind] = append(c.ids[kind], rec.Head().ID)
	}
	return s, c
}

// asked lists every address of the pattern for the canaries, with everything that narrows and orders a list.
func (c *canaries) asked(pattern string) []string {
	addresses := []string{pattern}
	fill := func(name string, values ...string) {
		var next []string
		for _, a := range addresses {
			if !strings.Contains(a, name) {
				next = append(next, a)
				continue
			}
			for _, v := range values {
				next = append(next, strings.Replace(a, name, v, 1))
			}
		}
		addresses = next
	}
	var kinds []string
	for _, s := range isms.Registers() {
		kinds = append(kinds, s.Name)
	}
	if strings.Contains(pattern, "{kind}") {
		addresses = nil
		for _, kind := range kinds {
			ids := slices.Clone(c.ids[kind])
			if !strings.Contains(pattern, "{id}") {
				ids = []string{""}
			}
			for _, id := range ids {
				addresses = append(addresses, strings.NewReplacer("{kind}", kind, "{id}", id).Replace(pattern))
			}
		}
	}
	var all []string
	for _, ids := range c.ids {
		all = append(all, ids...)
	}
	slices.Sort(all)
	fill("{id...}", "systems_classified", "incidents")
	fill("{id}", all...)
	fill("{section}", "status", "summary")
	fill("{form}", "csv", "xlsx")
	fill("{file}", "pdf", "1.pdf", "html", "json", "csv", "xlsx", "docx", "atgarder.csv")
	fill("{$}", "")
	fill("{mark}", "abc")
	fill("{token}", "abc")
	fill("{hash}", "0")
	fill("{name}", "ledsyn.css")
	return addresses
}

// TestNoSecretForThoseWithoutTheRight walks every address of the program as one who may see everything, and then all that answered as
// readers who may see the records and not what is marked in them: those meet no word of what is marked, in pages, lists, files,
// answers to scripts or headers, nor find anything by it. A masked copy is as theirs also for those who may.
func TestNoSecretForThoseWithoutTheRight(t *testing.T) { onEach(t, noSecretForThoseWithoutTheRight) }

func noSecretForThoseWithoutTheRight(t *testing.T, config store.Config, org string) {
	s, c := stageWithCanaries(t, config, org)
	seen := map[string]bool{}
	var answered, narrowed []string
	central := c.reader(t, s, "central")
	for _, pattern := range web.Addresses(web.Config{Demo: true}) {
		method, path, _ := strings.Cut(pattern, " ")
		if method != "GET" {
			continue
		}
		for _, address := range c.asked(path) {
			r, said := central.get(address)
			if r.StatusCode != http.StatusNotFound {
				answered = append(answered, address)
			}
			said = strings.ToLower(said)
			for _, word := range c.words {
				seen[word] = seen[word] || strings.Contains(said, word)
			}
		}
		if path == "/r/{kind}" || path == "/csv/{kind}" {
			narrowed = append(narrowed, c.narrowed(path)...)
		}
	}
	for _, word := range c.words {
		if !seen[word] {
			t.Errorf("who may read it meets %s nowhere", c.of[word])
		}
	}
	for _, address := range answered {
		central.silent(address + "?masked=1")
	}
	for _, person := range []string{"revisor", "systemagare", "medarbetare", "granne"} {
		reader := c.reader(t, s, person)
		for _, address := range answered {
			reader.silent(address)
		}
	}
	auditor := c.reader(t, s, "revisor")
	for _, address := range narrowed {
		auditor.silent(address)
		if r, said := auditor.get(address); r.StatusCode == http.StatusOK && (strings.Contains(said, `<th scope="row"><a href="/r/`) || strings.Contains(said, "\ncanary-")) {
			t.Errorf("something is found by %s", address)
		}
	}
	t.Logf("%d words, %d addresses and %d searches", len(c.words), len(answered), len(narrowed))
}

// A secretReader is somebody who asks for pages.
type secretReader struct {
	*player
	*canaries
	name string
}

func (c *canaries) reader(t *testing.T, s *stage, person string) *secretReader {
	p := &player{t: t, s: s, said: map[string]string{}}
	p.as(person)
	return &secretReader{p, c, person}
}

func (r *secretReader) get(address string) (*http.Response, string) {
	answer := r.send("GET", address, nil)
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	if answer.StatusCode == http.StatusInternalServerError {
		r.t.Errorf("%s: %s fails\n%s", r.name, address, plainText(string(body)))
	}
	return answer, readable(r.t, body)
}

// silent holds that the answer says nothing of what is marked.
func (r *secretReader) silent(address string) {
	r.t.Helper()
	answer, said := r.get(address)
	for name, values := range answer.Header {
		said += "\n" + name + ": " + strings.Join(values, " ")
	}
	said = strings.ToLower(said)
	asked := strings.ToLower(address)
	for _, word := range r.words {
		if strings.Contains(said, word) && !strings.Contains(asked, word) {
			r.t.Errorf("%s reads %s on %s: %q", r.name, r.of[word], address, around(said, word))
		}
	}
	if sign := register.MaskedText("")[:6]; strings.Contains(said, sign) {
		r.t.Errorf("%s meets a sign that nothing took away on %s: %q", r.name, address, around(said, sign))
	}
}

// narrowed are lists that ask for what is marked: by search, by filter, and in each order.
func (c *canaries) narrowed(path string) []string {
	var all []string
	for _, s := range isms.Registers() {
		list := strings.Replace(path, "{kind}", s.Name, 1)
		for word, of := range c.of {
			if kind, name, _ := strings.Cut(of, "."); kind == s.Name {
				f, _ := s.Field(name)
				if f.Find {
					all = append(all, list+"?q="+word)
				}
				all = append(all, list+"?"+name+"="+strings.ToUpper(word[:1])+word[1:])
			}
		}
	}
	return all
}

func around(text, word string) string {
	i := strings.Index(text, word)
	return text[max(0, i-80):min(len(text), i+80)]
}

// readable is all that an answer says: the files of a zip, and the text of a PDF, too.
func readable(t *testing.T, body []byte) string {
	t.Helper()
	switch {
	case bytes.HasPrefix(body, []byte("PK\x03\x04")):
		z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			b.WriteString(f.Name + "\n" + readable(t, text))
		}
		return b.String()
	case bytes.HasPrefix(body, []byte("%PDF-")):
		return pdfText(body)
	}
	return string(body)
}

var (
	pdfStream = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)
	pdfChar   = regexp.MustCompile(`<(....)> <(....)>\n`)
	pdfShown  = regexp.MustCompile(`(?s)\[([^\]]*)\] TJ`)
	pdfHex    = regexp.MustCompile(`<([0-9a-fA-F]+)>`)
)

// pdfText is the text of a PDF, each piece read by each of its fonts.
func pdfText(body []byte) string {
	var streams []string
	for _, m := range pdfStream.FindAllSubmatch(body, -1) {
		text := m[1]
		if z, err := zlib.NewReader(bytes.NewReader(text)); err == nil {
			if open, err := io.ReadAll(z); err == nil {
				text = open
			}
		}
		streams = append(streams, string(text))
	}
	var out strings.Builder
	out.WriteString(strings.Join(streams, "\n"))
	for _, font := range streams {
		chars := map[string]rune{}
		for _, m := range pdfChar.FindAllStringSubmatch(font, -1) {
			code, err := hex.DecodeString(m[2])
			if err == nil {
				chars[strings.ToLower(m[1])] = rune(code[0])<<8 | rune(code[1])
			}
		}
		if len(chars) == 0 {
			continue
		}
		for _, text := range streams {
			for _, shown := range pdfShown.FindAllStringSubmatch(text, -1) {
				for _, piece := range pdfHex.FindAllStringSubmatch(shown[1], -1) {
					for i := 0; i+4 <= len(piece[1]); i += 4 {
						if c, ok := chars[strings.ToLower(piece[1][i:i+4])]; ok {
							out.WriteRune(c)
						}
					}
				}
				out.WriteByte('\n')
			}
		}
	}
	return out.String()
}
