// SPDX-License-Identifier: EUPL-1.2

package store

import "slices"

// pickedAtOnce is how many picked rows are read at a time.
const pickedAtOnce = 10_000

// SetPicked hands f every row that the query picks, in their order and whatever its Limit. The slice may be used again for the next
// row; its texts may be kept. Errors: isms.ErrNotFound, register.Wrongs, and f's own.
func (t *Tx) SetPicked(id string, q SetQuery, f func(number int64, cells []string) error) error {
	r, err := t.readSet(id)
	if err != nil {
		return err
	}
	tests, err := q.tests(len(r.set.Columns))
	if err != nil {
		return err
	}
	if len(tests) == 0 && q.After <= 0 {
		return r.each(f)
	}
	_, numbers, err := r.pick(tests, max(q.After, 0), int(r.set.Rows))
	if err != nil {
		return err
	}
	for part := range slices.Chunk(numbers, pickedAtOnce) {
		rows, err := r.rows(part)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := f(row.Number, row.Cells); err != nil {
				return err
			}
		}
	}
	return nil
}
