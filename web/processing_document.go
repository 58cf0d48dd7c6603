// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"

	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/report"
)

// recordFiles are the forms that a record of processing can be had in.
var recordFiles = []struct {
	name, kind string
	public     bool
	write      func(*bytes.Buffer, app.RecordOfProcessing) error
}{
	{"pdf", "application/pdf", false, recordPDF},
	{"xlsx", workbook, false, recordWorkbook},
	{"public.pdf", "application/pdf", true, recordPDF},
	{"public.xlsx", workbook, true, recordWorkbook},
}

const workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func recordPDF(b *bytes.Buffer, r app.RecordOfProcessing) error      { return report.PDF(b, r.Doc()) }
func recordWorkbook(b *bytes.Buffer, r app.RecordOfProcessing) error { return r.Workbook(b) }

// recordDocument sends a unit's record of processing as a file.
func (s *site) recordDocument(v *visit) error {
	_, unit, _, err := v.asksUnit("/processing")
	if err != nil {
		return err
	}
	for _, f := range recordFiles {
		if f.name != v.r.PathValue("file") {
			continue
		}
		r, err := s.app.RecordOfProcessing(v.r.Context(), v.who, unit, f.public, v.lang)
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := f.write(&b, r); err != nil {
			return err
		}
		return v.sendFile(f.kind, "registerforteckning-"+string(s.app.Today())+"."+f.name, b.Bytes())
	}
	return isms.ErrNotFound
}

// files leads to the forms of the record, for those who may see all that it rests on.
func (p *ProcessingsPage) files(v *visit, unit string) {
	for _, f := range recordFiles {
		p.Files = append(p.Files, Link{v.lang.T("web.processing.file." + f.name), ofUnit("/processing/document/"+f.name, unit)})
	}
}
