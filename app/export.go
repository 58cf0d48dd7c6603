// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"io"
	"strconv"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/sheet"
	"ledsyn/store"
)

// Sheet is a table that can be had as a file: headings, widths and rows of cells, each of its own type.
type Sheet = sheet.Table

// ExportTypes are the forms that tables can be had in, with their media types.
var ExportTypes = map[string]string{"csv": sheet.ContentType, "xlsx": sheet.XLSXType}

// Export writes every record of the register that the actor may see and q asks for, in the query's order, in the language's
// words: with the id first, by which a list that comes back finds its records, and the day of retirement last. Nothing has been
// written when the error says that it cannot be done at all.
func (a *App) Export(ctx context.Context, who access.Actor, kind string, q store.Query, format string, lang locale.Lang, w io.Writer) error {
	if ExportTypes[format] == "" {
		return isms.ErrNotFound
	}
	q.Limit, q.After, q.Glance = maxPage, "", false
	rests := map[string]bool{}
	note := ""
	var out *sheet.Writer // of CSV, a page at a time
	var all Sheet         // of a workbook
	var names Titles
	for first := true; first || q.After != ""; first = false {
		t, err := a.List(ctx, who, kind, q)
		if err != nil {
			return err
		}
		names, q.After = t.Titles, t.Next
		if IsMaskedCopy(ctx) {
			note = a.copyNote(lang, who, t.Records, rests)
		}
		if format == "xlsx" {
			addPage(&all, lang, t)
			continue
		}
		if first {
			if out, err = sheet.NewWriter(w, lang, t.Schema, func(kind, id string) string { return names.Of(kind, id) }); err != nil {
				return err
			}
		}
		if err := out.Write(t.Records); err != nil {
			return err
		}
	}
	switch {
	case format == "xlsx" && note != "":
		all.Rows = append(all.Rows, []any{note})
		return sheet.Workbook(w, all)
	case format == "xlsx":
		return sheet.Workbook(w, all)
	case note != "":
		return out.Line(note)
	}
	return nil
}

func addPage(all *Sheet, lang locale.Lang, t Table) {
	page := sheet.TableOf(lang, t.Schema, t.Records, nil, t.Titles.Of)
	if all.Head == nil {
		all.Name = page.Name
		all.Head = append(append([]string{lang.T("record.id")}, page.Head...), lang.T("record.retired"))
		all.Widths = append(append([]int{20}, page.Widths...), 14)
	}
	for i, rec := range t.Records {
		h := rec.Head()
		all.Rows = append(all.Rows, append(append([]any{h.ID}, page.Rows[i]...), h.Retired))
	}
}

// WriteSheet writes a table as a workbook, or as CSV in the language's words. It is isms.ErrNotFound for a form that there is not.
func WriteSheet(w io.Writer, format string, lang locale.Lang, t Sheet) error {
	for _, row := range t.Rows {
		for i, c := range row {
			if text, ok := c.(string); ok {
				row[i] = register.Unmask(text, lang.Masked)
			}
		}
	}
	t.Name = register.Unmask(t.Name, lang.Masked)
	switch format {
	case "xlsx":
		return sheet.Workbook(w, t)
	case "csv":
		rows := [][]string{t.Head}
		for _, cells := range t.Rows {
			row := make([]string, len(cells))
			for i, c := range cells {
				row[i] = cellText(lang, c)
			}
			rows = append(rows, row)
		}
		return sheet.Rows(w, rows)
	}
	return isms.ErrNotFound
}

// cellText is a cell of a table in words; what is not known is empty, never 0.
func cellText(lang locale.Lang, cell any) string {
	switch v := cell.(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case register.Day:
		return string(v)
	case register.Count:
		return v.String()
	case register.Percent:
		if lang == locale.English {
			return v.String()
		}
		return strings.Replace(v.String(), ".", ",", 1)
	case bool:
		if v {
			return lang.T("choice.answer.yes")
		}
		return lang.T("choice.answer.no")
	}
	return ""
}
