// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"bytes"
	"io"
	"regexp"
)

// csvTables is the one table of a CSV file.
type csvTables struct {
	file  *io.SectionReader
	enc   textEncoding
	comma byte
	skip  bool // the first line names the delimiter: sep=;
}

func openCSV(r *io.SectionReader, enc textEncoding) (*Book, error) {
	if enc == utf8Text { // no byte-order mark
		var err error
		if enc, err = checked(io.NewSectionReader(r, 0, r.Size())); err != nil {
			return nil, err
		}
	}
	head := make([]byte, sniffed)
	n, err := io.ReadFull(enc.reader(r), head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	t := &csvTables{file: r, enc: enc}
	t.comma, t.skip = delimiter(head[:n], n == len(head))
	return &Book{format: "csv", encoding: enc.name, delimiter: string(t.comma), tables: t}, nil
}

func (t *csvTables) names() []string { return []string{""} }

func (t *csvTables) rows(_ int, f func(number int, cells []Cell) error) error {
	in := newCSVReader(t.enc.reader(t.file), t.comma)
	if t.skip {
		in.line()
	}
	var row rowMaker
	for number := 1; ; number++ {
		if number > readRows {
			return fileError("sheet_rows_many", readRows)
		}
		row.start(number)
		_, more, err := in.record(&row)
		if err != nil {
			return err
		}
		if cells := row.done(); len(cells) > 0 {
			if err := f(number, cells); err != nil {
				return err
			}
		}
		if !more {
			return nil
		}
	}
}

// A csvReader reads records as spreadsheet programs do, more kindly than RFC 4180: a quotation mark inside a cell that does not begin
// with one is a letter, lines end with CR, LF or both, and they need not have as many cells.
type csvReader struct {
	r        io.Reader
	buf      []byte
	pos, end int
	err      error // of r, io.EOF in the end
	comma    byte
	cell     []byte
}

func newCSVReader(r io.Reader, comma byte) *csvReader {
	return &csvReader{r: r, comma: comma, buf: make([]byte, 64<<10)}
}

// peek gives the next byte without taking it; ok is false at the end of the file.
func (c *csvReader) peek() (b byte, ok bool) {
	for c.pos == c.end && c.err == nil {
		c.pos = 0
		c.end, c.err = c.r.Read(c.buf)
	}
	if c.pos == c.end {
		return 0, false
	}
	return c.buf[c.pos], true
}

// endOfLine takes the end of a line, if it is next.
func (c *csvReader) endOfLine() bool {
	b, ok := c.peek()
	if !ok || b != '\r' && b != '\n' {
		return false
	}
	c.pos++
	if next, ok := c.peek(); b == '\r' && ok && next == '\n' {
		c.pos++
	}
	return true
}

// line takes a whole line.
func (c *csvReader) line() {
	for _, ok := c.peek(); ok && !c.endOfLine(); _, ok = c.peek() {
		c.pos++
	}
}

// record reads one record into the row, and says how many cells it has and whether there are more records.
func (c *csvReader) record(row *rowMaker) (columns int, more bool, err error) {
	for column := 0; ; column++ {
		if err := c.field(row, column); err != nil {
			return 0, false, err
		}
		if err := row.add(column, TextCell, unguarded(c.cell)); err != nil {
			return 0, false, err
		}
		b, ok := c.peek()
		if ok && b == c.comma {
			c.pos++
			continue
		}
		if ok {
			c.endOfLine()
			_, ok = c.peek()
		}
		if c.err != nil && c.err != io.EOF {
			return 0, false, c.err
		}
		return column + 1, ok, nil
	}
}

// field reads one cell and stops before what ends it.
func (c *csvReader) field(row *rowMaker, column int) error {
	c.cell = c.cell[:0]
	if b, ok := c.peek(); ok && b == '"' {
		c.pos++
		if err := c.quoted(row, column); err != nil {
			return err
		}
	}
	for {
		if _, ok := c.peek(); !ok {
			return nil
		}
		rest := c.buf[c.pos:c.end]
		n := 0
		for n < len(rest) && rest[n] != c.comma && rest[n] != '\n' && rest[n] != '\r' {
			n++
		}
		c.cell = append(c.cell, rest[:n]...)
		c.pos += n
		if n < len(rest) {
			return nil
		}
		if len(c.cell) > maxCell*4 {
			return row.wrong(column, "sheet_cell_long", maxCell)
		}
	}
}

// quoted reads to the quotation mark that ends the cell. Ends of lines become one line feed.
func (c *csvReader) quoted(row *rowMaker, column int) error {
	for {
		b, ok := c.peek()
		switch {
		case !ok && c.err != io.EOF:
			return c.err
		case !ok, len(c.cell) > maxCell*4: // or a mark was forgotten, and it is the rest of the file that we read
			return row.wrong(column, "sheet_csv_quote")
		case b == '"':
			c.pos++
			if b, ok := c.peek(); !ok || b != '"' {
				return nil
			}
			c.pos++
			c.cell = append(c.cell, '"')
		case b == '\r' || b == '\n':
			c.endOfLine()
			c.cell = append(c.cell, '\n')
		default:
			rest := c.buf[c.pos:c.end]
			n := bytes.IndexAny(rest, "\"\r\n")
			if n < 0 {
				n = len(rest)
			}
			c.cell = append(c.cell, rest[:n]...)
			c.pos += n
		}
	}
}

// unguarded takes away the apostrophe that a careful writer puts before what a spreadsheet would take for a formula.
func unguarded(cell []byte) []byte {
	if len(cell) > 1 && cell[0] == '\'' && safe(string(cell[1:min(len(cell), 64)])) != string(cell[1:min(len(cell), 64)]) {
		return cell[1:]
	}
	return cell
}

// delimiter finds what stands between the cells, and whether the first line names it. It is the sign that most lines of the beginning
// have as many of. A comma between digits is a decimal comma where some other sign makes a table of the lines.
func delimiter(head []byte, cut bool) (comma byte, named bool) {
	first, _, _ := bytes.Cut(head, []byte("\n"))
	first = bytes.ToLower(bytes.Trim(first, "\r\" "))
	if len(first) == 5 && bytes.HasPrefix(first, []byte("sep=")) {
		return first[4], true
	}
	comma, best := byte(';'), 0.0
	for _, c := range []byte(";\t|") {
		if r := regularity(head, cut, c); r > best {
			comma, best = c, r
		}
	}
	if best > 0.8 {
		head = decimalComma.ReplaceAll(head, []byte("$1.$2"))
	}
	if regularity(head, cut, ',') > best {
		comma = ','
	}
	return comma, false
}

var decimalComma = regexp.MustCompile(`([0-9]),([0-9])`)

// regularity is how much like a table the text is with the delimiter: 0 if no line has one, otherwise the share of lines that have
// the most usual number of cells, and a little for their number.
func regularity(head []byte, cut bool, comma byte) float64 {
	in := newCSVReader(bytes.NewReader(head), comma)
	counts, lines := map[int]int{}, 0
	var row rowMaker
	for more := true; more && lines < 200; {
		row.start(1)
		var columns int
		var err error
		if columns, more, err = in.record(&row); err != nil || cut && !more {
			break // a mark that never ends, or the last line, which is not whole
		}
		if len(row.done()) > 0 {
			counts[columns]++
			lines++
		}
	}
	best := 0.0
	for columns, n := range counts {
		if columns > 1 {
			best = max(best, float64(n)/float64(lines)*(1+float64(min(columns, 20))/1000))
		}
	}
	return best
}
