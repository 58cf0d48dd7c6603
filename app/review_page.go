// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"encoding/json"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/report"
	"ledsyn/store"
)

// ReviewPage is a review with everything in it, as somebody who works on it needs to see it.
type ReviewPage struct {
	Review        isms.Review
	Unit          isms.Unit
	Template      report.Template
	Doc           report.Doc                    // as known now, or as decided
	Own           map[string]isms.ReviewSection // people's own text by the section's key; none where nobody has written
	Consultations []isms.Consultation
	Findings      []Finding
	Versions      []isms.Review // of the same unit and year, the newest first
	Next          []isms.ReviewState
	May           ReviewRights
	Titles        Titles      // of the persons, the instruction and the unit
	Frozen        *FrozenMark // nil until decided
}

// ReviewRights is what the actor may do with the review in the state it is in.
type ReviewRights struct{ Write, Consult, Accept, Advance, Decide, Publish, Correct, Change bool }

// FrozenMark tells a frozen document from every other.
type FrozenMark struct {
	SHA256 string // of the PDF
	Seq    int64
	Root   string
	At     string
}

// Review returns the review for its page, in the language.
func (a *App) Review(ctx context.Context, who access.Actor, id string, lang locale.Lang) (ReviewPage, error) {
	var p ReviewPage
	err := a.reading(ctx, who, id, func(tx *store.Tx, r isms.Review, organisation Organisation) error {
		made, err := a.compose(tx, organisation, r, lang)
		if err != nil {
			return err
		}
		p = ReviewPage{Review: r, Doc: made.doc, Findings: made.findings, Next: r.State.Next(), Own: map[string]isms.ReviewSection{}}
		p.Template, _ = report.TemplateOf(r.Template)
		if p.Unit, err = store.Get[isms.Unit](tx, everywhere, r.Unit); err != nil {
			return err
		}
		if err := p.parts(tx, r); err != nil {
			return err
		}
		if p.Versions, err = reviewsOf(tx, r.Unit, r.Year); err != nil {
			return err
		}
		p.May = reviewRights(who, r, p.Versions)
		if err := p.frozen(tx, lang); err != nil {
			return err
		}
		w := links(&r)
		for i := range p.Consultations {
			w.add("person", string(p.Consultations[i].Person))
		}
		p.Titles, err = titles(tx, who, w)
		return err
	})
	return p, err
}

func (p *ReviewPage) parts(tx *store.Tx, r isms.Review) error {
	sections, err := partsOf[isms.ReviewSection](tx, r)
	if err != nil {
		return err
	}
	for _, s := range sections {
		p.Own[s.Section] = s
	}
	p.Consultations, err = partsOf[isms.Consultation](tx, r)
	return err
}

// frozen adds what was frozen: the document too, if it was frozen in this language.
func (p *ReviewPage) frozen(tx *store.Tx, lang locale.Lang) error {
	if !p.Review.State.Frozen() {
		return nil
	}
	f, err := tx.Frozen(p.Review.ID)
	if err != nil {
		return err
	}
	p.Frozen = &FrozenMark{f.SHA256, f.Seq, f.Root, string(f.At)}
	var doc report.Doc
	if err := json.Unmarshal(f.Doc, &doc); err != nil {
		return err
	}
	if doc.Lang == string(lang) {
		p.Doc = doc
	}
	return nil
}

func reviewRights(who access.Actor, r isms.Review, versions []isms.Review) ReviewRights {
	open := !r.State.Frozen()
	latest := len(versions) == 0 || versions[0].ID == r.ID
	return ReviewRights{
		Write:   open && who.May(access.Change, "review_section", r.Unit),
		Consult: open && who.May(access.Create, "consultation", r.Unit),
		Accept:  open && who.May(access.Create, "acceptance", r.Unit),
		Change:  open && who.May(access.Change, "review", r.Unit),
		Advance: open && who.May(access.Change, "review", r.Unit),
		Decide:  r.State == isms.ReviewProposed && who.May(access.Decide, "review", r.Unit) && who.Person != "",
		Publish: r.State == isms.ReviewDecided && who.May(access.Publish, "review", r.Unit),
		Correct: !open && latest && who.May(access.Create, "review", r.Unit),
	}
}
