// SPDX-License-Identifier: EUPL-1.2

package metric

import (
	"ledsyn/isms"
	"ledsyn/register"
)

// DocumentsWithoutOwner is how many of the steering documents in force have nobody who keeps them current.
func DocumentsWithoutOwner(documents []isms.Document, day register.Day) Figure {
	var counted, of []string
	for _, d := range documents {
		if gone(d.Record, day) || !inForce(d, day) {
			continue
		}
		of = append(of, d.ID)
		if d.Owner == "" {
			counted = append(counted, d.ID)
		}
	}
	return share("documents_without_owner", "document", "document", day, counted, of)
}

// DocumentsPastReview is how many of the steering documents in force should have been looked over before the day.
// A document with no such day is unclear: it can never be late.
func DocumentsPastReview(documents []isms.Document, day register.Day) Figure {
	var counted, of, unclear []string
	for _, d := range documents {
		if gone(d.Record, day) || !inForce(d, day) {
			continue
		}
		of = append(of, d.ID)
		switch {
		case d.ReviewBy == "":
			unclear = append(unclear, d.ID)
		case d.Overdue(day):
			counted = append(counted, d.ID)
		}
	}
	f := share("documents_past_review", "document", "document", day, counted, of)
	f.Unclear = unclear
	if len(unclear) > 0 && len(unclear) == len(of) {
		f.Known, f.Numerator, f.Denominator = false, register.Count{}, register.Count{}
	}
	return f
}

// inForce adds to the document's own rule that what was decided after the day was not yet in force on it.
func inForce(d isms.Document, day register.Day) bool { return d.InForce(day) && d.DecidedOn <= day }
