// SPDX-License-Identifier: EUPL-1.2

// Package data reads a folder of readable YAML files as steps: records to keep, in the order and at the
// moments in which they became known, and reviews to decide. It knows how the files are written and
// what a register is; it knows nothing of databases or of who may do what. doc/data.md is its manual.
package data

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"ledsyn/isms"
	"ledsyn/register"
)

// The limits of a folder: a mistake should be told at once, not fill the machine.
const (
	maxFiles   = 500
	maxFile    = 4 << 20 // bytes
	maxRecords = 200_000
)

// Organisation is the municipality that a folder is about.
type Organisation struct {
	ID   string
	Name string
}

// Step is something that happened at one moment: records that became known, and then perhaps a review that
// was decided. Who is the id of the person who acts.
type Step struct {
	At     register.Moment
	Who    string
	Put    []register.Entity
	Decide string // id of a review
	Source string // the file and line it was read from
}

// Problem is a mistake in a folder: which file, which line, and what is wrong there.
type Problem struct {
	File string
	Line int
	Text string
}

// Error gives the place before the mistake, as compilers do.
func (p Problem) Error() string {
	if p.Line == 0 {
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

// Read reads the folder: organisation.yaml first, then every other .yaml file in the order of names, then the
// steps in the order of their moments. All mistakes found are returned together.
func Read(fsys fs.FS) (Organisation, []Step, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil || len(names) == 0 {
		return Organisation{}, nil, Problem{"organisation.yaml", 0, "the folder holds no .yaml files; it must hold organisation.yaml and at least one more"}
	}
	if len(names) > maxFiles {
		return Organisation{}, nil, Problem{names[maxFiles], 0, fmt.Sprintf("more than %d files", maxFiles)}
	}
	r := &reader{fsys: fsys, known: map[string]register.Entity{}}
	org := r.organisation()
	for _, name := range names {
		if name != "organisation.yaml" {
			r.file(name)
		}
	}
	slices.SortStableFunc(r.steps, func(a, b rawStep) int { return strings.Compare(string(a.At), string(b.At)) })
	steps := make([]Step, len(r.steps))
	for i, s := range r.steps {
		r.records(&s)
		steps[i] = s.Step
	}
	if len(r.problems) > 0 {
		return org, nil, errors.Join(r.problems...)
	}
	return org, steps, nil
}

// rawStep is a step whose records are still YAML: a record given twice is the first one changed, so records can
// be made only when all steps are in order.
type rawStep struct {
	Step
	file string
	unit string
	raw  *yaml.Node
}

type reader struct {
	fsys     fs.FS
	steps    []rawStep
	known    map[string]register.Entity // by register and id, as last read
	count    int
	problems []error
}

func (r *reader) wrong(file string, line int, format string, args ...any) {
	if len(r.problems) < 100 {
		r.problems = append(r.problems, Problem{file, line, fmt.Sprintf(format, args...)})
	}
}

func (r *reader) organisation() (org Organisation) {
	const file = "organisation.yaml"
	for _, doc := range r.documents(file) {
		r.each(file, doc, func(key, value *yaml.Node) {
			switch key.Value {
			case "id":
				org.ID = value.Value
			case "name":
				org.Name = value.Value
			default:
				r.wrong(file, key.Line, "%q is not known here; give id and name", key.Value)
			}
		})
	}
	if !register.ValidID(org.ID) || org.Name == "" {
		r.wrong(file, 0, "must give the organisation's id (a-z, 0-9 and hyphen) and its name")
	}
	return org
}

func (r *reader) file(name string) {
	for _, doc := range r.documents(name) {
		s := rawStep{file: name, Step: Step{Source: fmt.Sprintf("%s:%d", name, doc.Line)}}
		r.each(name, doc, func(key, value *yaml.Node) {
			switch key.Value {
			case "at":
				s.At = moment(value.Value)
				if !s.At.Valid() {
					r.wrong(name, value.Line, "%q is no day or moment; write 2023-11-20 or 2023-11-20T09:00:00.000000Z", value.Value)
				}
			case "who":
				s.Who = value.Value
			case "unit":
				s.unit = value.Value
			case "decide":
				s.Decide = value.Value
			case "records":
				s.raw = value
			default:
				r.wrong(name, key.Line, "%q is not known here; a step has at, who, unit, records and decide", key.Value)
			}
		})
		if s.At == "" {
			r.wrong(name, doc.Line, "the step lacks at: the day on which it became known")
		}
		r.steps = append(r.steps, s)
	}
}

// moment reads a moment, or a day as nine o'clock UTC of that day.
func moment(s string) register.Moment {
	if register.Day(s).Valid() {
		return register.Moment(s + "T09:00:00.000000Z")
	}
	return register.Moment(s)
}

func (r *reader) documents(name string) []*yaml.Node {
	f, err := r.fsys.Open(name)
	if err != nil {
		r.wrong(name, 0, "cannot be read: %v", err)
		return nil
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil || len(text) > maxFile {
		r.wrong(name, 0, "cannot be read whole or is larger than %d MiB", maxFile>>20)
		return nil
	}
	var docs []*yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var doc yaml.Node
		err := d.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return docs
		}
		if err != nil {
			r.wrong(name, 0, "%v", err)
			return docs
		}
		if len(doc.Content) == 1 {
			docs = append(docs, doc.Content[0])
		}
	}
}

// each calls f for every key of a mapping; a key given twice is a mistake.
func (r *reader) each(file string, node *yaml.Node, f func(key, value *yaml.Node)) {
	if node.Kind != yaml.MappingNode {
		r.wrong(file, node.Line, "expected lines of the form key: value")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if value.Kind == yaml.AliasNode {
			r.wrong(file, value.Line, "aliases are not used here; write the value out")
			continue
		}
		if seen[key.Value] {
			r.wrong(file, key.Line, "%q is given twice", key.Value)
			continue
		}
		seen[key.Value] = true
		f(key, value)
	}
}

func (r *reader) records(s *rawStep) {
	if s.raw == nil {
		return
	}
	r.each(s.file, s.raw, func(kind, records *yaml.Node) {
		schema, ok := isms.Register(kind.Value)
		if !ok {
			r.wrong(s.file, kind.Line, "there is no register %q", kind.Value)
			return
		}
		r.each(s.file, records, func(id, fields *yaml.Node) {
			if r.count++; r.count > maxRecords {
				r.wrong(s.file, id.Line, "more than %d records", maxRecords)
				return
			}
			if !register.ValidID(id.Value) {
				r.wrong(s.file, id.Line, "%q cannot be an id; use a-z, 0-9 and hyphen, at most 64", id.Value)
				return
			}
			s.Put = append(s.Put, r.record(s, schema, id.Value, fields))
		})
	})
}

// record makes a new record, or the next revision of one that an earlier step gave.
func (r *reader) record(s *rawStep, schema *register.Schema, id string, fields *yaml.Node) register.Entity {
	rec := schema.New()
	key := path.Join(schema.Name, id)
	if was, ok := r.known[key]; ok {
		if err := register.ReadJSON(rec, register.JSON(was)); err != nil {
			r.wrong(s.file, fields.Line, "%v", err)
		}
		rec.Head().Rev++
	} else {
		rec.Head().ID, rec.Head().Unit = id, s.unit
		if schema.Name == "unit" {
			rec.Head().Unit = id // a unit's record belongs to the unit itself
		}
	}
	before := len(r.problems)
	r.each(s.file, fields, func(name, value *yaml.Node) { r.field(s, schema, rec, name, value) })
	if rec.Head().Unit == "" {
		r.wrong(s.file, fields.Line, "%s %s lacks a unit; give unit in the step or in the record", schema.Name, id)
	}
	if len(r.problems) == before {
		for _, w := range register.Check(rec) {
			r.wrong(s.file, fields.Line, "%s %s: %v", schema.Name, id, w)
		}
	}
	r.known[key] = rec
	return rec
}

func (r *reader) field(s *rawStep, schema *register.Schema, rec register.Entity, name, value *yaml.Node) {
	if name.Value == "unit" {
		rec.Head().Unit = value.Value
		return
	}
	f, ok := schema.Field(name.Value)
	if !ok {
		r.wrong(s.file, name.Line, "%s has no field %q", schema.Name, name.Value)
		return
	}
	var values []string
	switch {
	case value.Kind == yaml.ScalarNode && value.Tag == "!!null":
		values = []string{""}
	case value.Kind == yaml.ScalarNode:
		values = []string{strings.TrimSuffix(value.Value, "\n")}
	case value.Kind == yaml.SequenceNode && f.Kind == register.Links:
		for _, item := range value.Content {
			values = append(values, item.Value)
		}
	default:
		r.wrong(s.file, value.Line, "%s.%s takes a single value", schema.Name, name.Value)
		return
	}
	if w := f.Set(rec, values...); w != nil {
		r.wrong(s.file, value.Line, "%s.%s: %v", schema.Name, name.Value, *w)
	}
}
