// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// What a file may hold at most. More is refused with a FileError that says what to do, so that no file makes the program slow or
// large. XLSX and ODS have further limits in zip.go, xlsx_read.go and ods.go.
const (
	readBytes   = 1 << 30 // of a file, and of one that is unpacked
	readRows    = 5_000_000
	readColumns = 2000
	readSheets  = 1000
)

// A CellKind says what stands in a cell.
type CellKind uint8

// The kinds of cells. Text from a CSV file is always TextCell: what it means is for the reader of the columns to say.
const (
	Empty      CellKind = iota // nothing, or nothing but blanks
	TextCell                   // words; also a number or a day that was kept as text
	NumberCell                 // 1234.5: a decimal point, no exponent and no grouping; a cell shown in percent is 12.5%
	DayCell                    // 2006-01-02
	MomentCell                 // 2006-01-02 15:04:05, with no time zone known
	BoolCell                   // 1 or 0
	ErrorCell                  // what a failed formula shows, such as #N/A
)

// A Cell is one cell as it stands in a file. Text is what a person reads in it, trimmed of nothing, but written as its kind says.
type Cell struct {
	Kind CellKind
	Text string
}

// A Book is an opened file of tables: CSV, XLSX, ODS or JSON. It keeps only what belongs to the whole file; rows are read from the
// file each time. It is not for several goroutines at once.
type Book struct {
	format    string
	encoding  string
	delimiter string
	from1904  bool
	tables    tables
}

// tables are the sheets of one format. Its rows calls f only for rows that hold something.
type tables interface {
	names() []string
	rows(sheet int, f func(number int, cells []Cell) error) error
}

// merging are tables whose cells may be merged: the areas that begin in the first n rows.
type merging interface {
	merged(sheet, n int) ([]area, error)
}

// An area is a rectangle of cells, counted from 0 and including both ends.
type area struct{ top, left, bottom, right int }

// A FileError says why a file is not read. The words wrong.CODE say it with Args, and how it is mended. Row and Column count from
// 1; 0 is the file as a whole.
type FileError struct {
	Code        string
	Args        []any
	Row, Column int
}

func (e *FileError) Error() string {
	s := "sheet: " + e.Code
	if e.Row > 0 {
		s += fmt.Sprintf(" in row %d", e.Row)
	}
	if e.Column > 0 {
		s += fmt.Sprintf(", column %d", e.Column)
	}
	if len(e.Args) > 0 {
		s += fmt.Sprintf(" %v", e.Args)
	}
	return s
}

func fileError(code string, args ...any) *FileError { return &FileError{Code: code, Args: args} }

// Open reads what kind of file it is, by its content and never by its name, and what tables it holds. The name is only told back
// where the file is not understood. The file must stay readable until Close.
func Open(name string, r io.ReaderAt, size int64) (*Book, error) {
	if size > readBytes {
		return nil, fileError("sheet_large", readBytes>>20)
	}
	head := make([]byte, min(size, sniffed))
	if n, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, err
	} else {
		head = head[:n]
	}
	return open(name, head, io.NewSectionReader(r, 0, size))
}

// Format is csv, xlsx, ods or json.
func (b *Book) Format() string { return b.format }

// Encoding is how the letters of a CSV file are kept: UTF-8, UTF-16LE, UTF-16BE or Windows-1252. It is "" for the other formats.
func (b *Book) Encoding() string { return b.encoding }

// Delimiter is what stands between the cells of a CSV file, and "" for the other formats.
func (b *Book) Delimiter() string { return b.delimiter }

// From1904 says whether days in the file are counted from 1904, as in workbooks made by old Macintosh programs. Cells that are known
// to be days are read rightly; the numbers of days in cells that do not say so need it, see SerialDay.
func (b *Book) From1904() bool { return b.from1904 }

// Sheets lists the names of the tables, at least one, those that are hidden last. A file without sheets has one named "".
func (b *Book) Sheets() []string { return b.tables.names() }

// Rows hands f each row of the sheet that holds something, in order. The number is the one that a person sees beside the row, from 1:
// empty rows are counted and left out. Cells end with the last that is not empty; the slice is used again for the next row, while the
// texts may be kept. An error from f stops the reading and is returned as it is. In JSON the first row is the names of the keys.
func (b *Book) Rows(sheet int, f func(number int, cells []Cell) error) error {
	if sheet < 0 || sheet >= len(b.tables.names()) {
		return fileError("sheet_missing")
	}
	return b.tables.rows(sheet, f)
}

var errEnough = errors.New("enough rows")

// Head gives the first n rows, row number 1 first and empty ones too, so that a row's number is its place and one. Unlike Rows it
// repeats what stands in merged cells in every cell of theirs, since headings are often merged.
func (b *Book) Head(sheet, n int) ([][]Cell, error) {
	n = min(n, 1000)
	var head [][]Cell
	err := b.Rows(sheet, func(number int, cells []Cell) error {
		if number > n {
			return errEnough
		}
		for len(head) < number-1 {
			head = append(head, nil)
		}
		head = append(head, slices.Clone(cells))
		return nil
	})
	if err != nil && err != errEnough {
		return nil, err
	}
	m, ok := b.tables.(merging)
	if !ok {
		return head, nil
	}
	areas, err := m.merged(sheet, len(head))
	if err != nil {
		return nil, err
	}
	for _, a := range areas {
		head = spread(head, a)
	}
	return head, nil
}

// spread writes what stands in the area's first cell in all its cells that are among the rows and empty.
func spread(rows [][]Cell, a area) [][]Cell {
	if a.top >= len(rows) || a.left >= len(rows[a.top]) || rows[a.top][a.left].Kind == Empty {
		return rows
	}
	value := rows[a.top][a.left]
	right := min(a.right, readColumns-1)
	for i := a.top; i <= min(a.bottom, len(rows)-1); i++ {
		for len(rows[i]) <= right {
			rows[i] = append(rows[i], Cell{})
		}
		for j := a.left; j <= right; j++ {
			if rows[i][j].Kind == Empty {
				rows[i][j] = value
			}
		}
	}
	return rows
}

// Close lets go of what is kept of the file. The file itself is its owner's to close.
func (b *Book) Close() error {
	b.tables = nothing{}
	return nil
}

// nothing is the tables of a closed file.
type nothing struct{}

func (nothing) names() []string                         { return nil }
func (nothing) rows(int, func(int, []Cell) error) error { return fileError("sheet_missing") }
