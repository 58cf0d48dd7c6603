// SPDX-License-Identifier: EUPL-1.2

package pdf

import (
	"bytes"
	"os"
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
	if name := os.Getenv("LEDSYN_PDF_OUT"); name != "" {
		if err := os.WriteFile(name, a, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
