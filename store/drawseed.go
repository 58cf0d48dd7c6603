// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"fmt"

	"ledsyn/isms"
)

// KeepDrawSeed keeps the seed of a draw apart from the draw's record until it is made known.
func (t *Tx) KeepDrawSeed(draw, seed string) error {
	if t.head == nil {
		return errNotUpdating
	}
	_, err := t.exec(`insert into draw_seed (org, draw, seed) values ($1, $2, $3)`, t.org, draw, seed)
	return err
}

// DrawSeed returns the seed of a draw that is not yet made, or isms.ErrNotFound. It must reach nobody before the draw's rows are frozen.
func (t *Tx) DrawSeed(draw string) (string, error) {
	var seed string
	found, err := t.one(`select seed from draw_seed where org = $1 and draw = $2`, []any{t.org, draw}, &seed)
	if err == nil && !found {
		err = fmt.Errorf("seed of draw %s: %w", draw, isms.ErrNotFound)
	}
	return seed, err
}

// DropDrawSeed removes the seed, if there is one.
func (t *Tx) DropDrawSeed(draw string) error {
	if t.head == nil {
		return errNotUpdating
	}
	_, err := t.exec(`delete from draw_seed where org = $1 and draw = $2`, t.org, draw)
	return err
}
