// SPDX-License-Identifier: EUPL-1.2

package store

import "ledsyn/register"

// A stretch is some of a register's records by id: all those after one id up to another, or to the end.
type stretch struct {
	records     []register.Entity
	after, last string // last is "" where the register ends
}

// through hands f all the organisation's records of a register, retired ones too, by id, a few at a time: however many
// they are, the memory stays flat. f may run statements of its own.
func (t *Tx) through(tb *table, f func(stretch) error) error {
	for after := ""; ; {
		s := stretch{after: after}
		err := t.each(`select `+tb.all+` from `+tb.name+` where org = $1 and id > $2 order by id limit $3`,
			[]any{t.org, after, maxPage}, func(scan func(...any) error) error {
				rec, err := tb.scan(scan)
				s.records = append(s.records, rec)
				return err
			})
		if err != nil {
			return err
		}
		if err := t.readLinks(tb, s.records); err != nil {
			return err
		}
		if len(s.records) == maxPage {
			s.last = s.records[maxPage-1].Head().ID
		}
		if err := f(s); err != nil || s.last == "" {
			return err
		}
		after = s.last
	}
}
