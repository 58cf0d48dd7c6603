// SPDX-License-Identifier: EUPL-1.2

// Package demo holds the two organisations that the program shows itself with: the review that it was made
// from, replayed from readable files, and Exempelstaden, a fictitious city with two years of history and lists to take in. It
// knows what is to be recorded and when; it knows nothing of how records are kept or shown.
package demo

import (
	"embed"
	"io/fs"
)

//go:embed seed exempelstaden lists acts
var files embed.FS

// Seed is the folder of the seed's facts, in the format that package data reads.
func Seed() fs.FS { return folder("seed") }

// Exempelstaden is the folder of the fictitious city and its two years of history.
func Exempelstaden() fs.FS { return folder("exempelstaden") }

// Lists is the folder of Exempelstaden's lists, as offices send them; lists.yaml says which are taken in and what they are.
func Lists() fs.FS { return folder("lists") }

// Acts is the folder of what Exempelstaden's people do in the program itself, and of what they say of rows that they judge.
func Acts() fs.FS { return folder("acts") }

func folder(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic(err) // the folders are embedded above
	}
	return sub
}
