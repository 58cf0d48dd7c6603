// SPDX-License-Identifier: EUPL-1.2

package sheet

func openODS(name string, parts container) (*Book, error) {
	return nil, fileError("file_kind", name)
}
