// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"strconv"
	"strings"

	"ledsyn/register"
)

// Highest returns the greatest whole number that follows the prefix in the field, among all records of the register, also retired ones;
// 0 if none has the prefix. In Update nobody else can take the number after it meanwhile: so numbers without gaps are given.
func (t *Tx) Highest(s *register.Schema, field, prefix string) (int, error) {
	tb := tableOf(s)
	f, ok := tb.Field(field)
	if !ok || f.Kind != register.Text {
		return 0, register.Wrongs{{Field: field, Code: "unknown_field"}}
	}
	highest := 0
	err := t.each(`select `+f.Name+` from `+tb.name+` where org = $1 and substr(`+f.Name+`, 1, $2) = $3 order by length(`+f.Name+`) desc, `+f.Name+` desc limit 50`,
		[]any{t.org, len([]rune(prefix)), prefix}, func(scan func(...any) error) error {
			var text string
			if err := scan(&text); err != nil {
				return err
			}
			if n, err := strconv.Atoi(strings.TrimPrefix(text, prefix)); err == nil {
				highest = max(highest, n)
			}
			return nil
		})
	return highest, err
}
