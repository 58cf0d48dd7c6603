// SPDX-License-Identifier: EUPL-1.2

// Package demo holds the two organisations that the program shows itself with: the review that it was made
// from, replayed from readable files, and Exempelstaden, a fictitious city with two years of history. It
// knows what is to be recorded and when; it knows nothing of how records are kept or shown.
package demo

import (
	"embed"
	"io/fs"
)

//go:embed seed
var files embed.FS

// Seed is the folder of the seed's facts, in the format that package data reads.
func Seed() fs.FS {
	sub, err := fs.Sub(files, "seed")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}
