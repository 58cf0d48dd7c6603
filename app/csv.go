// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"io"

	"ledsyn/access"
	"ledsyn/locale"
	"ledsyn/sheet"
	"ledsyn/store"
)

// CSV writes every record of the register that the actor may see and q asks for, in the query's order, in the language's
// words. Nothing has been written when the error says that it cannot be done at all.
func (a *App) CSV(ctx context.Context, who access.Actor, kind string, q store.Query, lang locale.Lang, w io.Writer) error {
	q.Limit, q.After = maxPage, ""
	var out *sheet.Writer
	var titles Titles
	for out == nil || q.After != "" {
		t, err := a.List(ctx, who, kind, q)
		if err != nil {
			return err
		}
		titles = t.Titles
		if out == nil {
			if out, err = sheet.NewWriter(w, lang, t.Schema, func(kind, id string) string { return titles.Of(kind, id) }); err != nil {
				return err
			}
		}
		if err := out.Write(t.Records); err != nil {
			return err
		}
		q.After = t.Next
	}
	return nil
}
