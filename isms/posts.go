// SPDX-License-Identifier: EUPL-1.2

package isms

import "embed"

//go:embed posts/*.json
var postFiles embed.FS

// A StandardPost is an area of responsibility that most units of a municipality have. Key is the same in every language.
type StandardPost struct{ Key, Name, Description string }

// StandardPosts returns the program's own areas of responsibility in the language (sv or en; sv for any other). They are proposals: a body
// that takes one makes it its own, and may write it anew.
func StandardPosts(lang string) []StandardPost {
	if lang != "en" {
		lang = "sv"
	}
	name := "posts/posts." + lang + ".json"
	data, err := postFiles.ReadFile(name)
	if err != nil {
		panic(err) // the file is part of the program
	}
	var all []StandardPost
	mustUnmarshal(name, data, &all)
	return all
}
