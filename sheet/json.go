// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
)

const (
	jsonAhead = 4 << 20 // bytes read beyond what is understood, which bounds the longest text
	jsonDepth = 50
)

// jsonTables are the lists of objects in a JSON file: the whole of it, or each list that stands under a name, or under names in
// names. A key in an object in an object is written with a point between them, and lists are joined with semicolons.
type jsonTables struct {
	file   *io.SectionReader
	enc    textEncoding
	tables []jsonTable
}

type jsonTable struct {
	name    string
	columns []string
}

// openJSON reads the file once, to know its lists and all their keys.
func openJSON(r *io.SectionReader, enc textEncoding) (*Book, error) {
	t := &jsonTables{file: r, enc: enc}
	in := t.reader()
	keys := 0
	in.begin = func(name string) (*jsonRow, error) {
		if len(t.tables) >= readSheets {
			return nil, fileError("sheet_many", readSheets)
		}
		in.finish(t)
		t.tables = append(t.tables, jsonTable{name: name})
		return &jsonRow{places: map[string]int{}, grow: &keys}, nil
	}
	if err := in.all(); err != nil {
		return nil, err
	}
	in.finish(t)
	if len(t.tables) == 0 {
		return nil, fileError("sheet_json_shape")
	}
	return &Book{format: "json", tables: t}, nil
}

func (t *jsonTables) reader() *jsonReader {
	in := &jsonReader{}
	in.ahead = ahead{r: t.enc.reader(t.file)}
	in.d = json.NewDecoder(&in.ahead)
	in.ahead.d = in.d
	in.d.UseNumber()
	return in
}

func (t *jsonTables) names() []string {
	names := make([]string, len(t.tables))
	for i, table := range t.tables {
		names[i] = table.name
	}
	return names
}

func (t *jsonTables) rows(sheet int, f func(number int, cells []Cell) error) error {
	table := t.tables[sheet]
	row := &jsonRow{places: map[string]int{}, values: make([]jsonValue, len(table.columns)), give: f}
	row.maker.start(1)
	for i, key := range table.columns {
		row.places[key] = i
		if err := row.maker.add(i, TextCell, []byte(key)); err != nil {
			return err
		}
	}
	if cells := row.maker.done(); len(cells) > 0 {
		if err := f(1, cells); err != nil {
			return err
		}
	}
	in := t.reader()
	place := -1
	in.begin = func(string) (*jsonRow, error) {
		if place++; place == sheet {
			return row, nil
		}
		return nil, nil
	}
	return in.all()
}

// ahead stops a decoder that reads far beyond what it has understood: it keeps all of it in memory.
type ahead struct {
	r    io.Reader
	d    *json.Decoder
	read int64
}

func (a *ahead) Read(p []byte) (int, error) {
	if a.read-a.d.InputOffset() > jsonAhead {
		return 0, fileError("sheet_cell_long", maxCell)
	}
	n, err := a.r.Read(p)
	a.read += int64(n)
	return n, err
}

// A jsonReader walks through the file. Begin is called for each list of objects, and says what to do with its objects: nothing, if it
// gives no row.
type jsonReader struct {
	d     *json.Decoder
	ahead ahead
	begin func(name string) (*jsonRow, error)
	row   *jsonRow // of the list that was begun last
	depth int
}

// finish keeps the keys that were found in the list that was read.
func (in *jsonReader) finish(t *jsonTables) {
	if in.row != nil {
		t.tables[len(t.tables)-1].columns = in.row.keys
		in.row = nil
	}
}

func (in *jsonReader) all() error {
	err := in.value("")
	if err == nil {
		if _, err = in.d.Token(); err == io.EOF {
			return nil
		} else if err == nil {
			return fileError("sheet_json_shape")
		}
	}
	if _, syntax := errors.AsType[*json.SyntaxError](err); syntax || err == io.EOF || err == io.ErrUnexpectedEOF {
		number := 0
		if in.row != nil {
			number = in.row.number
		}
		return &FileError{Code: "sheet_json_broken", Row: number}
	}
	return err
}

// value reads a value that stands outside all lists, under the name.
func (in *jsonReader) value(name string) error {
	token, err := in.d.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		return in.object(name, in.value)
	case json.Delim('['):
		return in.list(name)
	}
	return nil
}

// object hands each value of the object that began to read, with its name after the prefix.
func (in *jsonReader) object(prefix string, read func(name string) error) error {
	if in.depth++; in.depth > jsonDepth {
		return fileError("sheet_json_deep", jsonDepth)
	}
	defer func() { in.depth-- }()
	if prefix != "" {
		prefix += "."
	}
	for in.d.More() {
		key, err := in.d.Token()
		if err != nil {
			return err
		}
		name := prefix + key.(string) // the decoder lets nothing else be a key
		if len(name) > maxCell {
			return fileError("sheet_cell_long", maxCell)
		}
		if err := read(name); err != nil {
			return err
		}
	}
	_, err := in.d.Token()
	return err
}

// list reads a list outside all others: a table, if objects stand in it.
func (in *jsonReader) list(name string) error {
	begun := false
	var row *jsonRow
	for in.d.More() {
		token, err := in.d.Token()
		if err != nil {
			return err
		}
		if token != json.Delim('{') {
			if begun {
				return fileError("sheet_json_shape")
			}
			if err := in.pass(token); err != nil {
				return err
			}
			continue
		}
		if !begun {
			begun = true
			if row, err = in.begin(name); err != nil {
				return err
			}
			in.row = row
		}
		if err := in.record(row, token); err != nil {
			return err
		}
	}
	_, err := in.d.Token()
	return err
}

// record reads the object that began, and gives it as a row.
func (in *jsonReader) record(row *jsonRow, token json.Token) error {
	if row == nil {
		return in.pass(token)
	}
	row.next()
	if row.number > readRows {
		return fileError("sheet_rows_many", readRows)
	}
	if err := in.object("", func(name string) error { return in.cell(row, name) }); err != nil {
		return placed(err, row.number)
	}
	return row.done()
}

// pass reads to the end of what began.
func (in *jsonReader) pass(token json.Token) error {
	if _, ok := token.(json.Delim); !ok {
		return nil
	}
	for depth := 1; depth > 0; {
		token, err := in.d.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return nil
}

// cell reads a value of a row: one cell, or several if it is an object.
func (in *jsonReader) cell(row *jsonRow, name string) error {
	token, err := in.d.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		return in.object(name, func(name string) error { return in.cell(row, name) })
	case json.Delim('['):
		if in.depth++; in.depth > jsonDepth {
			return fileError("sheet_json_deep", jsonDepth)
		}
		for in.d.More() {
			if err := in.cell(row, name); err != nil {
				return err
			}
		}
		in.depth--
		_, err := in.d.Token()
		return err
	}
	return row.put(name, jsonCell(token))
}

func jsonCell(token json.Token) Cell {
	switch v := token.(type) {
	case string:
		return Cell{TextCell, v}
	case bool:
		if v {
			return Cell{BoolCell, "1"}
		}
		return Cell{BoolCell, "0"}
	case json.Number:
		if tidyNumber([]byte(v)) {
			return Cell{NumberCell, string(v)}
		}
		if n, err := strconv.ParseFloat(string(v), 64); err == nil && !math.IsInf(n, 0) {
			return Cell{NumberCell, plain(n)}
		}
		return Cell{TextCell, string(v)}
	}
	return Cell{}
}

// A jsonRow is one object as cells.
type jsonRow struct {
	places map[string]int // of the keys
	keys   []string       // in the order of their places, where new ones may be added
	grow   *int           // where keys are being found: how many bytes they have in all lists
	values []jsonValue
	number int
	size   int
	maker  rowMaker
	give   func(number int, cells []Cell) error
}

type jsonValue struct {
	kind CellKind
	text []byte
}

func (r *jsonRow) next() {
	r.number = max(2, r.number+1) // the keys stand in row 1
	r.size = 0
	for i := range r.values {
		r.values[i] = jsonValue{text: r.values[i].text[:0]}
	}
}

// put adds the value to what stands under the key.
func (r *jsonRow) put(key string, c Cell) error {
	place, known := r.places[key]
	if !known {
		if r.grow == nil {
			return fileError("sheet_json_broken") // the file is another than it was
		}
		if place = len(r.keys); place >= readColumns || *r.grow > rowBytes {
			return fileError("sheet_columns_many", readColumns)
		}
		*r.grow += len(key)
		r.places[key] = place
		r.keys = append(r.keys, key)
	}
	if r.grow != nil || c.Kind == Empty {
		return nil
	}
	v := &r.values[place]
	if v.kind == Empty {
		v.kind = c.Kind
	} else {
		v.kind = TextCell
		v.text = append(v.text, "; "...)
	}
	v.text = append(v.text, c.Text...)
	if r.size += len(c.Text) + 2; r.size > rowBytes {
		return fileError("sheet_row_long", rowBytes>>20)
	}
	return nil
}

func (r *jsonRow) done() error {
	if r.grow != nil {
		return nil
	}
	r.maker.start(r.number)
	for i, v := range r.values {
		if err := r.maker.add(i, v.kind, v.text); err != nil {
			return err
		}
	}
	cells := r.maker.done()
	if len(cells) == 0 {
		return nil
	}
	return r.give(r.number, cells)
}
