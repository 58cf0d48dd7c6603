// SPDX-License-Identifier: EUPL-1.2

package store

// Since hands f every entry after the given number that keeps a record of one of the registers, in the journal's order:
// what somebody who knew the records then needs to know them now.
func (t *Tx) Since(seq int64, kinds []string, f func(Entry) error) error {
	if len(kinds) == 0 {
		return nil // PostgreSQL knows no empty list
	}
	args := argList{t.org}
	where := `org = $1 and seq > ` + args.mark(seq) + ` and kind in (` + args.marks(kinds) + `) and act in ` + recordActs
	return t.entries(where, args, f)
}
