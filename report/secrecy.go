// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"encoding/json"

	"ledsyn/locale"
	"ledsyn/register"
)

// Unmasked is the document with words where something is masked in what it was made from (register.MaskedText), in its own
// language. Every form that a document is written in begins with it.
func Unmasked(d Doc) (Doc, error) {
	text, err := json.Marshal(d)
	if err != nil || !register.IsMasked(string(text)) {
		return d, err
	}
	var said Doc
	err = json.Unmarshal([]byte(register.Unmask(string(text), locale.Lang(d.Lang).Masked)), &said)
	return said, err
}
