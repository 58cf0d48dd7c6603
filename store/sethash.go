// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
)

// setHash reckons the SHA-256 of a set's lines as they come.
type setHash struct {
	hash hash.Hash
	line []byte
}

func newSetHash() setHash { return setHash{hash: sha256.New()} }

// add adds a line: the headings first, then each row.
func (h *setHash) add(cells []string) {
	h.line = append(h.line, '[')
	for i, cell := range cells {
		if i > 0 {
			h.line = append(h.line, ',')
		}
		h.line = appendJSON(h.line, cell)
	}
	h.line = append(h.line, "]\n"...)
	if len(h.line) > 32<<10 {
		h.hash.Write(h.line)
		h.line = h.line[:0]
	}
}

func (h *setHash) sum() string {
	h.hash.Write(h.line)
	h.line = h.line[:0]
	return hex.EncodeToString(h.hash.Sum(nil))
}

// appendJSON appends the text as encoding/json writes it without escapes for HTML. Nearly all texts need no escape at all; 0xE2 begins
// the two line separators that do.
func appendJSON(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c == 0xE2 {
			var out bytes.Buffer
			e := json.NewEncoder(&out)
			e.SetEscapeHTML(false)
			e.Encode(s) // a text can always be written
			return append(b, bytes.TrimSuffix(out.Bytes(), []byte("\n"))...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
