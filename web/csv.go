// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"errors"

	"ledsyn/isms"
	"ledsyn/register"
)

// csv sends the whole of a list, narrowed and sorted as its page is, as a file for spreadsheets.
func (s *site) csv(v *visit) error {
	schema, ok := isms.Register(v.r.PathValue("kind"))
	if !ok {
		return isms.ErrNotFound
	}
	a, err := ask(schema, v.r.URL.RawQuery)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	err = s.app.CSV(v.r.Context(), v.who, schema.Name, a.query, v.lang, &b)
	if errors.As(err, new(register.Wrongs)) {
		return errQuery
	}
	if err != nil {
		return err
	}
	return v.sendFile("text/csv; charset=utf-8", schema.Name+".csv", b.Bytes())
}
