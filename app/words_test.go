// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ledsyn/locale"
)

// TestEveryRefusalHasWords holds that whatever app says is wrong can be told in both languages.
func TestEveryRefusalHasWords(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`Code: "([a-z_0-9]+)"`) // the findings of the examination have words of their own
	n := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "examine") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(source), -1) {
			n++
			for _, lang := range locale.Langs() {
				if !lang.Has("wrong." + m[1]) {
					t.Errorf("%s: wrong.%s has no words in %s", file, m[1], lang)
				}
			}
		}
	}
	if n < 40 {
		t.Errorf("only %d refusals were found: the test looks for the wrong thing", n)
	}
}
