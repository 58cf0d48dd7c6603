// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"io"

	"ledsyn/app"
)

// record writes a unit's record of processing.
func (p *program) record(ctx context.Context, args []string) (int, error) {
	f := p.flags("record")
	public := f.Bool("public", false, p.lang.T("cli.flag.public"))
	format := f.String("format", "pdf", p.lang.T("cli.flag.record_format"))
	out := f.String("o", "", p.lang.T("cli.flag.o"))
	return p.inUnit(ctx, f, args, func(a *app.App, at place) (int, error) {
		r, err := a.RecordOfProcessing(ctx, at.who, at.unit, *public, p.lang)
		if err != nil {
			return failed, err
		}
		write := r.Workbook
		if *format != "xlsx" {
			asDoc, ok := formats[*format]
			if !ok {
				return misused, errors.New(p.lang.T("cli.record_format_unknown", *format))
			}
			write = func(w io.Writer) error { return asDoc(w, r.Doc()) }
		}
		if *out == "" {
			return succeeded, write(p.out)
		}
		return succeeded, writeFile(*out, write)
	})
}
