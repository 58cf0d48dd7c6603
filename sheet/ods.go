// SPDX-License-Identifier: EUPL-1.2

package sheet

import "strings"

// odsTables are the sheets of an OpenDocument spreadsheet (ISO/IEC 26300). All of them stand in one part, so a sheet is reached by
// reading past those before it.
type odsTables struct {
	parts  container
	tables []odsTable
}

// odsName is how many characters of a table's name are kept, and of a style's.
const odsName = 255

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
		err := parts.each("META-INF/manifest.xml", smallPart, func(x *xmlReader) error {
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
	var hidden []odsTable
	unseen := map[string]bool{} // styles of tables that are not shown
	style, isSheet, place := "", false, 0
	err := t.parts.each("content.xml", readBytes, func(x *xmlReader) error {
		switch string(x.name) {
		case "style":
			style = shortened(x.attr("name"), odsName)
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
			table := odsTable{shortened(x.attr("name"), odsName), place}
			place++
			if unseen[shortened(x.attr("style-name"), odsName)] {
				hidden = append(hidden, table)
			} else {
				t.tables = append(t.tables, table)
			}
			return x.skip() // with the tables inside it
		case "tracked-changes", "dde-links": // hold tables that are no sheets
			return x.skip()
		}
		return nil
	})
	t.tables = append(t.tables, hidden...)
	switch {
	case err != nil:
		return err
	case !isSheet:
		return fileError("sheet_kind", file)
	case len(t.tables) == 0:
		return fileError("sheet_none")
	}
	return nil
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
