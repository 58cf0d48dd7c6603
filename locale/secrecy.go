// SPDX-License-Identifier: EUPL-1.2

package locale

// Masked is what stands where something is kept from its reader as secret, with the provision that it rests on where the key is
// of one that has words of its own.
func (l Lang) Masked(provision string) string {
	if place := l.Provision(provision); place != "" {
		return l.T("secrecy.masked", place)
	}
	return l.T("secrecy.masked.short")
}

// Provision is how a provision of secrecy is cited in short, "" for one that has no words.
func (l Lang) Provision(key string) string {
	if key = "secrecy.provision." + key; l.Has(key) {
		return l.T(key)
	}
	return ""
}
