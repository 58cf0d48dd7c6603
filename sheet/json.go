// SPDX-License-Identifier: EUPL-1.2

package sheet

import "io"

func openJSON(r *io.SectionReader, enc textEncoding) (*Book, error) {
	return nil, fileError("json_broken")
}
