// SPDX-License-Identifier: EUPL-1.2

package isms

import (
	"testing"

	"ledsyn/register"
)

// TestStandardPosts holds that the proposals are the same in every language, in the same order, and are posts that can be kept.
func TestStandardPosts(t *testing.T) {
	swedish, english := StandardPosts("sv"), StandardPosts("en")
	if len(swedish) < 7 || len(swedish) != len(english) {
		t.Fatalf("%d in Swedish and %d in English", len(swedish), len(english))
	}
	met := map[string]bool{}
	for i, s := range swedish {
		e := english[i]
		if s.Key != e.Key || met[s.Key] {
			t.Errorf("number %d is %q in Swedish and %q in English", i+1, s.Key, e.Key)
		}
		met[s.Key] = true
		for _, p := range []StandardPost{s, e} {
			post := &Post{Record: Record{ID: "p", Unit: "u"}, Name: p.Name, Description: p.Description}
			if wrong := register.Check(post); len(wrong) > 0 || p.Description == "" {
				t.Errorf("%s: %v", p.Name, wrong)
			}
		}
	}
}
