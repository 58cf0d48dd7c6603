// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"ledsyn/isms"
	"ledsyn/register"
)

// TransfersOf lists the transfers that went on on the day: those of entries in use.
func TransfersOf(r Records, day register.Day) []isms.Transfer {
	inUse := map[register.Ref[isms.Processing]]bool{}
	for _, p := range r.Processings {
		if EntryInUse(p, day) {
			inUse[register.Ref[isms.Processing](p.ID)] = true
		}
	}
	var list []isms.Transfer
	for _, t := range r.Transfers {
		if inUse[t.Processing] && !gone(t.Record, day) {
			list = append(list, t)
		}
	}
	return list
}

// TransfersAssessed is the share of transfers to third countries that were assessed within the last twelve months.
// Entries that do not answer whether data are transferred are listed as unclear: there may be more transfers.
func TransfersAssessed(r Records, day register.Day) Figure {
	return ofTransfers("transfers_assessed", r, day, func(t isms.Transfer) bool { return Current(t.AssessedOn, day) })
}

// TransfersOnDPFAlone is the share of transfers that rest on the EU-US Data Privacy Framework and have nothing to fall
// back on the day the decision falls.
func TransfersOnDPFAlone(r Records, day register.Day) Figure {
	return ofTransfers("transfers_dpf_alone", r, day, DPFAlone)
}

// DPFAlone reports whether a transfer rests on the Data Privacy Framework without anything else to fall back on.
func DPFAlone(t isms.Transfer) bool {
	return t.Tool == isms.ToolDPF && (t.Fallback == "" || t.Fallback == isms.ToolDPF)
}

func ofTransfers(key string, r Records, day register.Day, hit func(isms.Transfer) bool) Figure {
	var counted, of []string
	for _, t := range TransfersOf(r, day) {
		of = append(of, t.ID)
		if hit(t) {
			counted = append(counted, t.ID)
		}
	}
	f := share(key, "transfer", "transfer", day, counted, of)
	for _, p := range r.Processings {
		if EntryInUse(p, day) && p.TransfersOut == "" {
			f.Unclear = append(f.Unclear, p.ID)
		}
	}
	return f
}

// toolKeys are the keys of the shares by tool: transfers_by_scc and so on, and transfers_by_none.
var toolKeys = func() []string {
	var keys []string
	for _, tool := range append(isms.TransferTool("").Choices(), "none") {
		keys = append(keys, "transfers_by_"+tool)
	}
	return keys
}()

// transfersByTool gives the share of transfers that rest on each tool, for the tools that any does, the lack of one
// among them.
func transfersByTool(r Records, day register.Day) []Figure {
	var all []Figure
	for _, key := range toolKeys {
		tool := isms.TransferTool(key[len("transfers_by_"):])
		if tool == "none" {
			tool = ""
		}
		f := ofTransfers(key, r, day, func(t isms.Transfer) bool { return t.Tool == tool })
		if len(f.Counted) > 0 {
			all = append(all, f)
		}
	}
	return all
}
