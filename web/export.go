// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
)

// A tabled page is a list that can be had as a file, too: its own address with as=csv or as=xlsx after it, so that what narrows the page
// narrows the file. Its handler must allow "as" among the address's parameters. Name is the file's, without its ending.
type tabled interface {
	page
	table(l locale.Lang) (name string, t app.Sheet)
}

// exportForms are the forms in the order that pages offer them.
var exportForms = []string{"xlsx", "csv"}

// downloads are the links to a list's files.
func downloads(l locale.Lang, address func(form string) string) []Link {
	var links []Link
	for _, form := range exportForms {
		links = append(links, Link{l.T("web.export." + form), address(form)})
	}
	return links
}

// asFile keeps which form the address asks for the page in, if it does.
func (v *visit) asFile(form string) error {
	if form != "" && app.ExportTypes[form] == "" {
		return errQuery
	}
	v.as = form
	return nil
}

// offer adds the links to a page whose table has rows.
func (v *visit) offer(p tabled) {
	if _, t := p.table(v.lang); len(t.Rows) == 0 || v.r.Method != http.MethodGet {
		return
	}
	p.frame().Out = downloads(v.lang, func(form string) string {
		values, _ := url.ParseQuery(v.r.URL.RawQuery) // the handler has read it
		values.Set("as", form)
		return v.r.URL.Path + "?" + values.Encode()
	})
}

func (v *visit) sendTable(p tabled) error {
	name, t := p.table(v.lang)
	if t.Name == "" {
		t.Name = p.frame().Title
	}
	if v.masked {
		for _, row := range t.Rows {
			for _, cell := range row {
				if text, ok := cell.(string); ok {
					v.said(text)
				}
			}
		}
		t.Rows = append(t.Rows, []any{strings.Join(v.copyNote(), " ")})
	}
	var b bytes.Buffer
	if err := app.WriteSheet(&b, v.as, v.lang, t); err != nil {
		return err
	}
	return v.sendFile(app.ExportTypes[v.as], name+"."+v.as, b.Bytes())
}

// export sends the whole of a register's list, narrowed and sorted as its page is, as a file for spreadsheets.
func (s *site) export(v *visit) error {
	schema, ok := isms.Register(v.r.PathValue("kind"))
	if !ok {
		return isms.ErrNotFound
	}
	a, err := ask(schema, v.r.URL.RawQuery)
	if err != nil {
		return err
	}
	form, _, _ := strings.Cut(strings.TrimPrefix(v.r.URL.Path, "/"), "/")
	var b bytes.Buffer
	err = s.app.Export(v.r.Context(), v.who, schema.Name, a.query, form, v.lang, &b)
	if errors.As(err, new(register.Wrongs)) {
		return errQuery
	}
	if err != nil {
		return err
	}
	name := schema.Name
	if v.masked {
		name += "-maskerad"
	}
	return v.sendFile(app.ExportTypes[form], name+"."+form, b.Bytes())
}

// typed is a text of a page as a cell of its own type, where it is a day, a whole number or a share; a text otherwise.
func typed(text string) any {
	if day := register.Day(text); day.Valid() {
		return day
	}
	bare := strings.NewReplacer("\u00a0", "", " ", "").Replace(text)
	if share, ok := strings.CutSuffix(bare, "%"); ok {
		if p, ok := register.ParsePercent(share); ok {
			return p
		}
		return text
	}
	if !wholeNumber.MatchString(text) {
		return text
	}
	n, err := strconv.Atoi(strings.ReplaceAll(bare, ",", ""))
	if err != nil {
		return text
	}
	return n
}

// wholeNumber is a whole number as the languages group them.
var wholeNumber = regexp.MustCompile(`^\d{1,3}(?:[\x{00a0},]\d{3})*$`)
