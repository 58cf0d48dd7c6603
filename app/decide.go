// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"

	"ledsyn/access"
	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/metric"
	"ledsyn/register"
	"ledsyn/report"
	"ledsyn/store"
)

// Decision is what somebody decides a proposed review with.
type Decision struct {
	Review    string
	Rev       int          // the revision that was read
	DecidedOn register.Day // "" is today
	Confirm   []string     // keys of the findings that nobody has accepted and that the decider has seen
	Key       string       // never done twice under the same key
}

// Decide decides a proposed review, in the actor's own name, and freezes it in the same act: its document, figures and
// PDF with its SHA-256, and the journal's position and root. Only who may decide reviews in the unit can. Findings that
// stand unaccepted do not stop a decision, but each must be confirmed; which they were is noted in the journal.
func (a *App) Decide(ctx context.Context, who access.Actor, d Decision) error {
	organisation, err := a.organisation(ctx, who.Org)
	if err != nil {
		return err
	}
	_, err = a.once(ctx, who, d.Key, d, func(tx *store.Tx) (string, error) {
		r, err := a.openReview(ctx, tx, who, access.Decide, "review", d.Review)
		if err != nil {
			return "", err
		}
		if r.Rev != d.Rev {
			return "", isms.ErrStale
		}
		return r.ID, a.decide(tx, who, organisation, r, d)
	})
	if err == nil {
		a.Log.InfoContext(ctx, "decided", "org", who.Org, "who", who.Person, "review", d.Review)
	}
	return err
}

func (a *App) decide(tx *store.Tx, who access.Actor, organisation Organisation, r isms.Review, d Decision) error {
	if who.Person == "" {
		return register.Wrongs{{Code: "operator_decides"}}
	}
	if !slices.Contains(r.State.Next(), isms.ReviewDecided) {
		return register.Wrongs{{Field: "state", Code: "not_proposed"}}
	}
	if d.DecidedOn == "" {
		d.DecidedOn = a.Today()
	}
	if !d.DecidedOn.Valid() || d.DecidedOn > a.Today() || d.DecidedOn < r.AsOf {
		return register.Wrongs{{Field: "decided_on", Code: "decided_ahead"}}
	}
	r.State, r.DecidedOn, r.DecidedBy = isms.ReviewDecided, d.DecidedOn, register.Ref[isms.Person](who.Person)
	if err := tx.Put(&r); err != nil {
		return err
	}
	made, err := a.composeAt(tx, organisation, r, locale.Swedish, "")
	if err != nil {
		return err
	}
	if err := confirmed(tx, r, made.findings, d.Confirm); err != nil {
		return err
	}
	return freeze(tx, r, made.doc)
}

// confirmed holds the decider to having seen every finding that nobody has accepted, and notes which they were.
func confirmed(tx *store.Tx, r isms.Review, findings []Finding, seen []string) error {
	var open []string
	missing := 0
	for _, f := range findings {
		if f.Accepted != "" {
			continue
		}
		open = append(open, f.Key)
		if !slices.Contains(seen, f.Key) {
			missing++
		}
	}
	if missing > 0 {
		return register.Wrongs{{Field: "confirm", Code: "findings_unconfirmed", Args: []any{missing}}}
	}
	if len(open) == 0 {
		return nil
	}
	body, err := json.Marshal(map[string][]string{"confirmed": open})
	if err != nil {
		return err
	}
	return tx.Note("confirm", "review", r.ID, body)
}

// freeze renders the document in every form and keeps it for good. The moment it knows is the act's own.
func freeze(tx *store.Tx, r isms.Review, doc report.Doc) error {
	doc.Known = string(tx.Now())
	data, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	f := store.Frozen{Review: r.ID, Doc: data}
	for _, form := range []struct {
		write func(io.Writer, report.Doc) error
		into  *[]byte
	}{{report.PDF, &f.PDF}, {page, &f.HTML}, {report.JSON, &f.JSON}} {
		var b bytes.Buffer
		if err := form.write(&b, doc); err != nil {
			return err
		}
		*form.into = b.Bytes()
	}
	sum := sha256.Sum256(f.PDF)
	f.SHA256 = hex.EncodeToString(sum[:])
	return tx.Freeze(f)
}

// page writes the document as a file that can be kept by itself.
func page(w io.Writer, d report.Doc) error { return report.Page(w, d, "") }

// decideAsWritten decides a review that a folder of facts says was decided, with every finding confirmed: the paper was
// signed with them.
func (a *App) decideAsWritten(ctx context.Context, tx *store.Tx, who access.Actor, organisation Organisation, id string) error {
	r, err := a.openReview(ctx, tx, who, access.Decide, "review", id)
	if err != nil {
		return err
	}
	made, err := a.composeAt(tx, organisation, r, locale.Swedish, "")
	if err != nil {
		return err
	}
	d := Decision{Review: id, DecidedOn: r.DecidedOn}
	for _, f := range made.findings {
		d.Confirm = append(d.Confirm, f.Key)
	}
	return a.decide(tx, who, organisation, r, d)
}

// Publish makes a decided review public within the organisation. Nothing in it changes.
func (a *App) Publish(ctx context.Context, who access.Actor, id, key string) error {
	_, err := a.once(ctx, who, key, []any{"publish", id}, func(tx *store.Tx) (string, error) {
		r, err := store.Get[isms.Review](tx, who.In(access.See, "review"), id)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Publish, "review", r.Unit); err != nil {
			return "", err
		}
		if !slices.Contains(r.State.Next(), isms.ReviewPublished) {
			return "", register.Wrongs{{Field: "state", Code: "not_next"}}
		}
		r.State = isms.ReviewPublished
		return id, tx.Put(&r)
	})
	return err
}

// Correct starts a new version of a decided review, for the reason given, and returns its id. The old one stays as it
// is; the new one names it, and begins with its texts. Findings and consultations concern the old version and are not
// taken over.
func (a *App) Correct(ctx context.Context, who access.Actor, id, reason, key string) (string, error) {
	return a.once(ctx, who, key, []any{"correct", id, reason}, func(tx *store.Tx) (string, error) {
		old, err := store.Get[isms.Review](tx, who.In(access.See, "review"), id)
		if err != nil {
			return "", err
		}
		if err := a.allow(ctx, who, access.Create, "review", old.Unit); err != nil {
			return "", err
		}
		if !old.State.Frozen() {
			return "", register.Wrongs{{Code: "not_decided"}}
		}
		versions, err := reviewsOf(tx, old.Unit, old.Year)
		if err != nil {
			return "", err
		}
		if len(versions) > 0 && versions[0].ID != old.ID {
			return "", register.Wrongs{{Code: "not_latest"}}
		}
		r := old
		r.Record = isms.Record{ID: register.NewID(), Unit: old.Unit}
		r.Version, r.Corrects, r.Correction = old.Version+1, register.Ref[isms.Review](old.ID), reason
		r.State, r.Author, r.DecidedBy, r.DecidedOn = isms.ReviewCollecting, register.Ref[isms.Person](who.Person), "", ""
		wrong := register.Wrongs(register.Check(&r))
		if reason == "" {
			wrong = append(wrong, register.Wrong{Field: "correction", Code: "required"})
		}
		if len(wrong) > 0 {
			return "", wrong
		}
		if err := tx.Put(&r); err != nil {
			return "", err
		}
		return r.ID, copyTexts(tx, old, r)
	})
}

func copyTexts(tx *store.Tx, from, to isms.Review) error {
	sections, err := partsOf[isms.ReviewSection](tx, from)
	if err != nil {
		return err
	}
	for _, s := range sections {
		s.Record = isms.Record{ID: register.NewID(), Unit: to.Unit}
		s.Review = register.Ref[isms.Review](to.ID)
		if err := tx.Put(&s); err != nil {
			return err
		}
	}
	return nil
}

// Frozen is a decided review as it was decided. It never changes.
type Frozen struct {
	Review isms.Review
	Doc    report.Doc
	SHA256 string          // of the PDF, in hexadecimal
	Seq    int64           // the journal's position that its facts were computed at
	Root   string          // the journal's root there, in hexadecimal
	At     register.Moment // when it was frozen
	PDF    []byte
	HTML   []byte
	JSON   []byte
}

// Frozen returns a decided review as it was decided, or isms.ErrNotFound if it has not been.
func (a *App) Frozen(ctx context.Context, who access.Actor, id string) (Frozen, error) {
	var f Frozen
	err := a.reading(ctx, who, id, func(tx *store.Tx, r isms.Review, _ Organisation) error {
		kept, err := tx.Frozen(r.ID)
		if err != nil {
			return err
		}
		f = Frozen{Review: r, SHA256: kept.SHA256, Seq: kept.Seq, Root: kept.Root, At: kept.At, PDF: kept.PDF, HTML: kept.HTML, JSON: kept.JSON}
		return json.Unmarshal(kept.Doc, &f.Doc)
	})
	return f, err
}

// Difference is a frozen figure that today's records tell otherwise.
type Difference struct {
	Frozen metric.Figure
	Then   metric.Figure // the same day, from what is known now: it differs where the registers have been corrected since
	Now    metric.Figure // today
}

// Differs lists the figures of a decided review that are others today, in the document's order.
func (a *App) Differs(ctx context.Context, who access.Actor, id string) ([]Difference, error) {
	var list []Difference
	err := a.reading(ctx, who, id, func(tx *store.Tx, r isms.Review, _ Organisation) error {
		kept, err := tx.Frozen(r.ID)
		if err != nil {
			return err
		}
		var doc report.Doc
		if err := json.Unmarshal(kept.Doc, &doc); err != nil {
			return err
		}
		records, err := gather(tx, r.Unit, "")
		if err != nil {
			return err
		}
		then, now := metric.All(records.own, r.AsOf), metric.All(records.own, a.Today())
		for _, f := range doc.Figures {
			if f.Day != r.AsOf && !f.Recorded {
				continue // a point of a curve
			}
			d := Difference{f, byID(then, f), byID(now, f)}
			if !sameNumbers(d.Frozen, d.Then) || !sameNumbers(d.Frozen, d.Now) {
				list = append(list, d)
			}
		}
		return nil
	})
	return list, err
}

func byID(figures []metric.Figure, f metric.Figure) metric.Figure {
	for _, g := range figures {
		if g.ID() == f.ID() {
			return g
		}
	}
	return metric.Figure{Key: f.Key, Year: f.Year, Part: f.Part, PartName: f.PartName, Unit: f.Unit, Kind: f.Kind}
}

func sameNumbers(a, b metric.Figure) bool {
	return a.Known == b.Known && a.AtLeast == b.AtLeast && a.Numerator == b.Numerator && a.Denominator == b.Denominator && a.Share == b.Share
}
