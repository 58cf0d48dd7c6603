// SPDX-License-Identifier: EUPL-1.2

package store

import "slices"

// Latest returns the journal's last n entries, the latest first, whatever they are about: it is for those who check the journal as a whole.
func (t *Tx) Latest(n int) ([]Entry, error) {
	h, err := t.readHead()
	if err != nil {
		return nil, err
	}
	var list []Entry
	err = t.entries(`org = $1 and seq > $2`, []any{t.org, h.seq - int64(n)}, func(e Entry) error {
		list = append(list, e)
		return nil
	})
	slices.Reverse(list)
	return list, err
}
