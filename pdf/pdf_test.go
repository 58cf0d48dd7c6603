// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func render(t testing.TB, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSameInputSameBytes(t *testing.T) {
	a, b := render(t, sample()), render(t, sample())
	if !bytes.Equal(a, b) {
		t.Error("two runs differ")
	}
}

// With LEDSYN_PDF_OUT set to a folder, the sample documents are left there, to
// be looked at.
func TestLeaveSamples(t *testing.T) {
	dir := os.Getenv("LEDSYN_PDF_OUT")
	if dir == "" {
		dir = t.TempDir()
	}
	for name, d := range map[string]Document{"sample": sample(), "hard": hard(), "review": reviewLike()} {
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), render(t, d), 0o644); err != nil {
			t.Error(err)
		}
	}
}
