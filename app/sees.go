// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"ledsyn/access"
	"ledsyn/isms"
)

// Sees tells which registers the actor may see some record of, and whether the journal as a whole: what a menu holds.
func (a *App) Sees(who access.Actor) (registers map[string]bool, journal bool) {
	registers = map[string]bool{}
	for _, s := range isms.Registers() {
		in := who.In(access.See, s.Name)
		registers[s.Name] = in.All || len(in.Units) > 0
	}
	return registers, who.May(access.Verify, "", "")
}
