// SPDX-License-Identifier: EUPL-1.2

package mapping

// Yes reads an answer as people write it in a list: ja, x, 1, true. It is not known where the text is neither a yes nor a no.
func Yes(text string) (yes, known bool) {
	key := Fold(text)
	return data().yes[key], data().yes[key] || data().no[key]
}
