// SPDX-License-Identifier: EUPL-1.2

package sheet

import "strings"

// odsTables are the sheets of an OpenDocument spreadsheet (ISO/IEC 26300). All of them stand in one part, so a sheet is reached by
// reading past those before it.
type odsTables struct {
	parts  container
	tables []odsTable
}

type odsTable struct {
	name  string
	place int // among the tables of the file
}

func openODS(name string, parts container) (*Book, error) {
	if parts["mimetype"] != nil {
		kind, err := parts.small("mimetype", 200)
		if err != nil {
			return nil, err
		}
		if !strings.HasPrefix(kind, "application/vnd.oasis.opendocument.spreadsheet") {
			return nil, fileError("sheet_kind", name)
		}
	}
	if parts["meta-inf/manifest.xml"] != nil {
		err := parts.each("META-INF/manifest.xml", func(x *xmlReader) error {
			if string(x.name) == "encryption-data" {
				return fileError("sheet_locked")
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	t := &odsTables{parts: parts}
	if err := t.list(name); err != nil {
		return nil, err
	}
	return &Book{format: "ods", tables: t}, nil
}

// list finds the tables of the file and which of them are shown.
func (t *odsTables) list(file string) error {
	r, err := t.parts.open("content.xml", readBytes)
	if err != nil {
		return err
	}
	defer r.Close()
	x := newXMLReader(r)
	var hidden []odsTable
	unseen := map[string]bool{} // styles of tables that are not shown
	style, isSheet, place := "", false, 0
	for {
		token, err := x.next()
		switch {
		case err != nil:
			return err
		case token == xmlEOF:
			t.tables = append(t.tables, hidden...)
			if !isSheet {
				return fileError("sheet_kind", file)
			}
			if len(t.tables) == 0 {
				return fileError("sheet_none")
			}
			return nil
		case token != xmlStart:
			continue
		}
		switch string(x.name) {
		case "style":
			style = x.attr("name")
		case "table-properties":
			if x.attr("display") == "false" && len(unseen) < readSheets {
				unseen[style] = true
			}
		case "spreadsheet":
			isSheet = true
		case "table":
			if place >= readSheets {
				return fileError("sheet_many", readSheets)
			}
			table := odsTable{x.attr("name"), place}
			place++
			if unseen[x.attr("style-name")] {
				hidden = append(hidden, table)
			} else {
				t.tables = append(t.tables, table)
			}
			if err := x.skip(); err != nil { // with the tables inside it
				return err
			}
		case "tracked-changes", "dde-links": // hold tables that are no sheets
			if err := x.skip(); err != nil {
				return err
			}
		}
	}
}

func (t *odsTables) names() []string {
	names := make([]string, len(t.tables))
	for i, table := range t.tables {
		names[i] = table.name
	}
	return names
}

func (t *odsTables) rows(sheet int, f func(number int, cells []Cell) error) error {
	return t.read(sheet, &odsRows{give: f})
}

func (t *odsTables) merged(sheet, n int) ([]area, error) {
	in := &odsRows{give: func(number int, _ []Cell) error {
		if number > n {
			return errEnough
		}
		return nil
	}}
	if err := t.read(sheet, in); err != nil && err != errEnough {
		return nil, err
	}
	return in.areas, nil
}

func (t *odsTables) read(sheet int, in *odsRows) error {
	r, err := t.parts.open("content.xml", readBytes)
	if err != nil {
		return err
	}
	defer r.Close()
	in.x = newXMLReader(r)
	for place := 0; ; {
		token, err := in.x.next()
		if err != nil || token == xmlEOF {
			return err
		}
		if token != xmlStart {
			continue
		}
		switch string(in.x.name) {
		case "table":
			if place == t.tables[sheet].place {
				return in.table()
			}
			place++
			err = in.x.skip()
		case "tracked-changes", "dde-links":
			err = in.x.skip()
		}
		if err != nil {
			return err
		}
	}
}
