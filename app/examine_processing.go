// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"

	"ledsyn/isms"
	"ledsyn/metric"
	"ledsyn/register"
)

// examineRecord finds what in the record of processing does not hold together on the review's day: one finding for each
// kind of work, on all the records together.
func examineRecord(review isms.Review, records gathering) []Finding {
	day := review.DecidedOn
	if day == "" {
		day = review.AsOf
	}
	groups := map[string][]Work{}
	for _, w := range recordWork(common(records), day) {
		groups[w.Code] = append(groups[w.Code], w)
	}
	var found []Finding
	for _, code := range WorkCodes() {
		if list := groups[code]; len(list) > 0 && !slices.Contains(notInReviews, code) {
			found = append(found, recordFinding(code, list))
		}
	}
	markAccepted(found, review, records.own.Acceptances)
	return found
}

func recordFinding(code string, list []Work) Finding {
	f := Finding{Code: code, Key: code + "/record", Kind: list[0].Kind, Args: summary(list)}
	if len(list) == 1 {
		f.ID = list[0].ID
	}
	if len(list[0].Fields) == 1 {
		f.Field = list[0].Fields[0]
	}
	for _, w := range list {
		f.Of = append(f.Of, metric.Ref{Kind: w.Kind, ID: w.ID})
	}
	return f
}

// shownTitles is how many records a sentence names.
const shownTitles = 4

// summary is what the words of a finding on several records name: how many they are, and the first of them. What is secret
// is counted and not named, since a finding that is let stand is printed in the review.
func summary(list []Work) []any {
	var titles []string
	for _, w := range list {
		if !w.Secret && len(titles) < shownTitles {
			titles = append(titles, w.Title)
		}
	}
	switch rest := len(list) - len(titles); {
	case len(titles) == 0:
		return []any{len(list), key("record.not_named")}
	case rest > 0:
		return []any{len(list), more{titles, rest}}
	}
	return []any{len(list), titles}
}

// more is titles and how many more there are, as an argument of words.
type more struct {
	titles []string
	rest   int
}

// markAccepted marks what was let stand in the review, with its reason.
func markAccepted(found []Finding, review isms.Review, all []isms.Acceptance) {
	for i, f := range found {
		for _, a := range all {
			if a.Review == register.Ref[isms.Review](review.ID) && a.Finding == f.Key && a.Retired == "" {
				found[i].Accepted = a.Reason
			}
		}
	}
}
