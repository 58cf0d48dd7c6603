// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ledsyn/isms"
)

const stories = "web/testdata/"

// ownStories are the registers that have a story of their own instead of the one that all others play.
var ownStories = map[string]string{"review": "review.txt", "review_section": "review.txt", "consultation": "review.txt", "acceptance": "review.txt",
	"import": "import.txt", "population": "import.txt", "attachment": "attachment.txt",
	"incident": "incident.txt", "deadline": "incident.txt", "submission": "incident.txt", "report_link": "incident.txt",
	"control_report": "internal_control.txt", "draw": "spot_check.txt", "portion": "portion.txt", "answer_sheet": "portion.txt", "portion_link": "portion.txt",
	"removal": "access_review.txt", "post_confirmation": "post.txt"}

// TestEveryRegister plays the same story on every register: it is made, found, changed wrongly and rightly, changed by two at once, looked
// back on, kept from those it is not for, and taken out of use. What is written in the forms stands in web/testdata/registers.
func TestEveryRegister(t *testing.T) {
	s := newStage(t, true)
	for _, r := range isms.Registers() {
		t.Run(r.Name, func(t *testing.T) {
			if own, ok := ownStories[r.Name]; ok {
				if _, err := os.Stat(stories + own); err != nil {
					t.Fatalf("register %s has no story: %v", r.Name, err)
				}
				return
			}
			said, err := readForms(stories + "registers/" + r.Name + ".txt")
			if err != nil {
				t.Fatalf("register %s has no story: %v", r.Name, err)
			}
			said["kind"] = r.Name
			play(t, s, stories+"register.txt", said)
		})
	}
}

// readForms reads what one register's story says: parts that begin with a line [NAME]; find, the words that find the record, and seen, what
// the changed record says.
func readForms(file string) (map[string]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	said := map[string]string{"find": ""}
	part := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
			part = strings.Trim(line, "[]")
			continue
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if said[part] != "" {
			said[part] += "\n"
		}
		said[part] += line
	}
	return said, nil
}

// ownScenes are what some stories need beside the scenery.
var ownScenes = map[string]func(*testing.T, *stage){"portion": portionScene}

// TestStories plays the other stories, each on a stage of its own.
func TestStories(t *testing.T) {
	files, err := filepath.Glob(stories + "*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(err, len(files))
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		if name == "register" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			s := newStage(t, !strings.HasPrefix(name, "login"))
			if scene := ownScenes[name]; scene != nil {
				scene(t, s)
			}
			play(t, s, file, nil)
		})
	}
}
