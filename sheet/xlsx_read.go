// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"bytes"
	"path"
	"strings"
)

// xlsxTables are the sheets of an XLSX workbook (ECMA-376, transitional or strict).
type xlsxTables struct {
	parts    container
	sheets   []xlsxSheet
	from1904 bool
	formats  []cellFormat
	strings  *sharedStrings // nil until a sheet is read
	shared   string         // its part, "" if there is none
	areas    map[int][]area // by sheet, once read
}

type xlsxSheet struct {
	name, part string
	hidden     bool
}

// A relation is one part that another points at.
type relation struct {
	kind     string // the last word of its type, which is the same in both namespaces
	target   string
	external bool
}

func openXLSX(name string, parts container) (*Book, error) {
	start, err := parts.relations("")
	if err != nil {
		return nil, err
	}
	t := &xlsxTables{parts: parts, areas: map[int][]area{}}
	for _, rel := range start {
		if rel.kind == "officeDocument" {
			if err := t.open(name, rel); err != nil {
				return nil, err
			}
			return &Book{format: "xlsx", from1904: t.from1904, tables: t}, nil
		}
	}
	return nil, fileError("sheet_part_missing", "xl/workbook.xml")
}

func (t *xlsxTables) open(name string, rel relation) error {
	switch {
	case rel.external:
		return fileError("sheet_relation_outside", rel.target)
	case strings.HasSuffix(rel.target, ".bin"):
		return fileError("sheet_binary")
	}
	rels, err := t.parts.relations(rel.target)
	if err != nil {
		return err
	}
	if err := t.workbook(name, rel.target, rels); err != nil {
		return err
	}
	for _, rel := range rels {
		switch {
		case rel.external:
			continue
		case rel.kind == "sharedStrings":
			t.shared = rel.target
		case rel.kind == "styles":
			if t.formats, err = readFormats(t.parts, rel.target); err != nil {
				return err
			}
		}
	}
	return nil
}

// relations reads which parts the part points at, by their ids. A part without any has an empty list.
func (c container) relations(part string) (map[string]relation, error) {
	dir, file := path.Split(part)
	name := dir + "_rels/" + file + ".rels"
	rels := map[string]relation{}
	if c[strings.ToLower(name)] == nil {
		return rels, nil
	}
	err := c.each(name, smallPart, func(x *xmlReader) error {
		if string(x.name) != "Relationship" {
			return nil
		}
		target := x.attr("Target")
		rel := relation{kind: path.Base(x.attr("Type")), target: target, external: x.attr("TargetMode") == "External"}
		if !rel.external {
			if !strings.HasPrefix(target, "/") {
				target = "/" + dir + target
			}
			rel.target = path.Clean(target)[1:]
		}
		if len(rels) >= zipEntries {
			return fileError("sheet_zip_entries", zipEntries)
		}
		rels[x.attr("Id")] = rel
		return nil
	})
	return rels, err
}

// each hands f every element of a part as it begins, where the part may have so many bytes.
func (c container) each(name string, limit int64, f func(x *xmlReader) error) error {
	r, err := c.open(name, limit)
	if err != nil {
		return err
	}
	defer r.Close()
	x := newXMLReader(r)
	for {
		switch token, err := x.next(); {
		case err != nil:
			return err
		case token == xmlEOF:
			return nil
		case token == xmlStart:
			if err := f(x); err != nil {
				return err
			}
		}
	}
}

// workbook reads the names of the sheets. Those that hold no cells, such as sheets of one chart, are left out.
func (t *xlsxTables) workbook(file, part string, rels map[string]relation) error {
	var hidden []xlsxSheet
	isWorkbook := false
	err := t.parts.each(part, smallPart, func(x *xmlReader) error {
		switch string(x.name) {
		case "workbook":
			isWorkbook = true
		case "workbookPr":
			v := x.attr("date1904")
			t.from1904 = v == "1" || v == "true" || v == "on"
		case "sheet":
			s := xlsxSheet{name: x.attr("name"), hidden: strings.HasSuffix(strings.ToLower(x.attr("state")), "hidden")}
			rel, ok := rels[x.attr("id")]
			switch {
			case !ok:
				return fileError("sheet_part_missing", s.name)
			case rel.external:
				return fileError("sheet_relation_outside", rel.target)
			case rel.kind != "worksheet":
				return nil
			case t.parts[strings.ToLower(rel.target)] == nil:
				return fileError("sheet_part_missing", rel.target)
			case len(t.sheets)+len(hidden) >= readSheets:
				return fileError("sheet_many", readSheets)
			}
			s.part = rel.target
			if s.hidden {
				hidden = append(hidden, s)
			} else {
				t.sheets = append(t.sheets, s)
			}
		}
		return nil
	})
	t.sheets = append(t.sheets, hidden...)
	switch {
	case err != nil:
		return err
	case !isWorkbook:
		return fileError("sheet_kind", file)
	case len(t.sheets) == 0:
		return fileError("sheet_none")
	}
	return nil
}

func (t *xlsxTables) names() []string {
	names := make([]string, len(t.sheets))
	for i, s := range t.sheets {
		names[i] = s.name
	}
	return names
}

func (t *xlsxTables) rows(sheet int, f func(number int, cells []Cell) error) error {
	if t.strings == nil {
		s, err := readStrings(t.parts, t.shared, sharedBytes)
		if err != nil {
			return err
		}
		t.strings = s
	}
	r, err := t.parts.open(t.sheets[sheet].part, readBytes)
	if err != nil {
		return err
	}
	defer r.Close()
	in := xlsxRows{x: newXMLReader(r), book: t}
	return in.read(f)
}

// mergedHead is how many areas of merged cells are kept, and from how many rows.
const (
	mergedAreas = 10_000
	mergedHead  = 1000
)

// merged reads the areas that begin in the first rows. They stand at the end of the sheet, after all rows.
func (t *xlsxTables) merged(sheet, n int) ([]area, error) {
	areas, known := t.areas[sheet]
	if !known {
		r, err := t.parts.open(t.sheets[sheet].part, readBytes)
		if err != nil {
			return nil, err
		}
		defer r.Close()
		if areas, err = readAreas(newXMLReader(r)); err != nil {
			return nil, err
		}
		t.areas[sheet] = areas
	}
	var wanted []area
	for _, a := range areas {
		if a.top < n {
			wanted = append(wanted, a)
		}
	}
	return wanted, nil
}

func readAreas(x *xmlReader) ([]area, error) {
	var areas []area
	for {
		token, err := x.next()
		if err != nil || token == xmlEOF {
			return areas, err
		}
		if token != xmlStart {
			continue
		}
		switch string(x.name) {
		case "sheetData":
			if !x.closing {
				if err := x.skipPast("</" + string(x.whole) + ">"); err != nil { // much faster than reading all cells
					return nil, err
				}
				x.depth--
			}
		case "mergeCell":
			from, to, _ := strings.Cut(x.attr("ref"), ":")
			left, top := cellPlace([]byte(from))
			right, bottom := cellPlace([]byte(to))
			if left >= 0 && top >= 0 && right >= left && bottom >= top && top < mergedHead && len(areas) < mergedAreas {
				areas = append(areas, area{top, left, bottom, right})
			}
		}
	}
}

// cellPlace is the column and row of a reference such as AB12, from 0, or -1 where it has none.
func cellPlace(ref []byte) (column, row int) {
	i := 0
	for ; i < len(ref) && i < 4; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		column = column*26 + int(c-'A') + 1
	}
	n := 0
	digits := bytes.TrimLeft(ref[i:], "$")
	for j, c := range digits {
		if c < '0' || c > '9' || j > 8 {
			return column - 1, -1
		}
		n = n*10 + int(c-'0')
	}
	return column - 1, n - 1
}
