// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"ledsyn/isms"
	"ledsyn/register"
)

// Frozen is a decided review as it was decided: its document in every form, and the journal's position and
// root that its facts were computed at. It never changes.
type Frozen struct {
	Review string
	SHA256 string // of Doc, in hexadecimal
	Seq    int64
	Root   string // of the tree of Seq entries, in hexadecimal
	At     register.Moment
	Doc    []byte // the document as data
	PDF    []byte
	HTML   []byte
	JSON   []byte // the figures
}

// Freeze keeps the decided review's document for good and notes its hashes. SHA256 and At are filled in when
// empty, Seq and Root from the journal's head before this act's note when Seq is 0. Errors: isms.ErrFrozen
// when the review has been frozen before, isms.ErrNotFound when there is no such review.
func (t *Tx) Freeze(f Frozen) error {
	if t.head == nil {
		return errNotUpdating
	}
	if missing, err := t.missing("review", []string{f.Review}); err != nil {
		return err
	} else if len(missing) > 0 {
		return fmt.Errorf("review %s: %w", f.Review, isms.ErrNotFound)
	}
	if f.SHA256 == "" {
		f.SHA256 = hashOf(f.Doc)
	}
	if f.At == "" {
		f.At = t.at
	}
	if f.Seq == 0 {
		f.Seq, f.Root = t.head.seq, rootOf(t.head.tree)
	}
	n, err := t.exec(`insert into frozen (org, review, sha256, seq, root, at, doc, pdf, html, json)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
		t.org, f.Review, f.SHA256, f.Seq, f.Root, string(f.At), some(f.Doc), some(f.PDF), some(f.HTML), some(f.JSON))
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("review %s: %w", f.Review, isms.ErrFrozen)
	}
	return t.journal(Decide, "review", f.Review, "", f.note())
}

// Frozen returns a decided review as it was decided, or isms.ErrNotFound.
func (t *Tx) Frozen(review string) (Frozen, error) {
	f := Frozen{Review: review}
	found, err := t.one(`select sha256, seq, root, at, doc, pdf, html, json from frozen where org = $1 and review = $2`,
		[]any{t.org, review}, &f.SHA256, &f.Seq, &f.Root, &f.At, &f.Doc, &f.PDF, &f.HTML, &f.JSON)
	if err == nil && !found {
		err = isms.ErrNotFound
	}
	for _, part := range []*[]byte{&f.Doc, &f.PDF, &f.HTML, &f.JSON} {
		*part = some(*part) // the engines read nothing differently
	}
	return f, err
}

// freezing is the body of the journal's note that a review was frozen.
type freezing struct {
	Review string          `json:"review"`
	SHA256 string          `json:"sha256"`
	Seq    int64           `json:"seq"`
	Root   string          `json:"root"`
	At     register.Moment `json:"at"`
	Doc    string          `json:"doc"` // these are hashes
	PDF    string          `json:"pdf"`
	HTML   string          `json:"html"`
	JSON   string          `json:"json"`
}

func (f Frozen) note() []byte {
	body, _ := json.Marshal(freezing{f.Review, f.SHA256, f.Seq, f.Root, f.At, // texts and a number
		hashOf(f.Doc), hashOf(f.PDF), hashOf(f.HTML), hashOf(f.JSON)})
	return body
}

// isFreezing tells the note of a freezing from other notes of deciding.
func isFreezing(body []byte) bool {
	var f freezing
	return json.Unmarshal(body, &f) == nil && f.Review != "" && f.Doc != "" && f.PDF != ""
}

func hashOf(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// some makes nothing an empty value, because no column holds null.
func some(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// thawed reports isms.ErrFrozen when the change would touch a decided review or what belongs to it. The one
// step that remains is to publish it, and that changes nothing else.
func (t *Tx) thawed(old, rec register.Entity) error {
	switch now := rec.(type) {
	case *isms.Review:
		if old == nil || !old.(*isms.Review).State.Frozen() {
			return nil
		}
		was := *old.(*isms.Review)
		publishing := was.State == isms.ReviewDecided && now.State == isms.ReviewPublished
		was.State, was.Rev = now.State, now.Rev
		if publishing && was == *now {
			return nil
		}
		return fmt.Errorf("review %s: %w", now.ID, isms.ErrFrozen)
	case *isms.ReviewSection, *isms.Consultation, *isms.Acceptance:
		if old != nil {
			if err := t.reviewThawed(reviewOf(old)); err != nil {
				return err
			}
		}
		return t.reviewThawed(reviewOf(rec))
	}
	return nil
}

// reviewOf is the review that a section, consultation or acceptance belongs to.
func reviewOf(rec register.Entity) string {
	switch r := rec.(type) {
	case *isms.ReviewSection:
		return string(r.Review)
	case *isms.Consultation:
		return string(r.Review)
	case *isms.Acceptance:
		return string(r.Review)
	}
	return ""
}

func (t *Tx) reviewThawed(id string) error {
	var state isms.ReviewState
	_, err := t.one(`select state from review where org = $1 and id = $2`, []any{t.org, id}, &state)
	if err == nil && state.Frozen() {
		err = fmt.Errorf("review %s: %w", id, isms.ErrFrozen)
	}
	return err
}
