// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/register"
	"ledsyn/store"
)

// ChooseRows puts rows beside the sample that somebody suspects, all for one reason; no reason takes them away again. They are judged with the
// others and told of apart.
func (a *App) ChooseRows(ctx context.Context, who access.Actor, e Entry, rows []int64, reason, key string) error {
	_, err := a.once(ctx, who, key, []any{"choose rows", e, rows, reason}, func(tx *store.Tx) (string, error) {
		c, err := a.workOn(ctx, tx, who, e, isms.SpotCheckFrozen, isms.SpotCheckDrawn)
		if err != nil {
			return "", err
		}
		d, err := currentDraw(tx, c.ID)
		if err != nil {
			return "", err
		}
		chosen, err := chosenOf(d)
		if err != nil {
			return "", err
		}
		most, _ := d.Rows.Known()
		if len(rows) == 0 {
			return "", register.Wrongs{{Field: "rows", Code: "required"}}
		}
		for _, n := range rows {
			if n < 1 || n > int64(most) {
				return "", register.Wrongs{{Field: "rows", Code: "no_row", Args: []any{n, most}}}
			}
			chosen = slices.DeleteFunc(chosen, func(r ChosenRow) bool { return r.Row == n })
			if reason := strings.TrimSpace(reason); reason != "" {
				chosen = append(chosen, ChosenRow{n, reason})
			}
		}
		if len(chosen) > maxChosen {
			return "", register.Wrongs{{Field: "rows", Code: "many", Args: []any{maxChosen}}}
		}
		slices.SortFunc(chosen, func(a, b ChosenRow) int { return int(a.Row - b.Row) })
		d.Chosen = ""
		if len(chosen) > 0 {
			text, err := json.Marshal(chosen)
			if err != nil {
				return "", err
			}
			d.Chosen = string(text)
		}
		if f, _ := register.Of[isms.Draw]().Field("chosen"); len(d.Chosen) > f.Max {
			return "", register.Wrongs{{Field: "reason", Code: "long", Args: []any{f.Max, len(d.Chosen)}}}
		}
		if err := tx.Put(&d); err != nil {
			return "", err
		}
		return c.ID, tx.Put(&c) // so that two who choose at once see each other's rows
	})
	return err
}

// chosenNumbers reads numbers of rows and ranges of them, with any dash.
func chosenNumbers(text string) ([]int64, error) {
	unread := register.Wrongs{{Field: "rows", Code: "row_list"}}
	var rows []int64
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(",; \t\r\n", r) }) {
		from, to, ranged := strings.Cut(strings.NewReplacer("–", "-", "—", "-").Replace(part), "-")
		first, err := strconv.ParseInt(from, 10, 64)
		last := first
		if err == nil && ranged {
			last, err = strconv.ParseInt(to, 10, 64)
		}
		if err != nil || first < 1 || last < first {
			return nil, unread
		}
		if last-first >= maxChosen || len(rows)+int(last-first) >= maxChosen {
			return nil, register.Wrongs{{Field: "rows", Code: "many", Args: []any{maxChosen}}}
		}
		for n := first; n <= last; n++ {
			if !slices.Contains(rows, n) {
				rows = append(rows, n)
			}
		}
	}
	if len(rows) == 0 {
		return nil, unread
	}
	return rows, nil
}
