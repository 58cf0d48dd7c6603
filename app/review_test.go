// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"ledsyn/isms"
	"ledsyn/locale"
	"ledsyn/register"
	"ledsyn/report"
)

// review starts a review of board-a for 2024 on the twentieth of November 2023.
func (w *world) review() string {
	w.t.Helper()
	w.later("2023-11-20")
	id, err := w.StartReview(w.ctx(), w.as("coordinator"), NewReview{Unit: "board-a", Year: 2024, Template: "stockholm-2024",
		Dnr: "X 2023/1", Contact: "Samordnaren"})
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) revision(id string) int { return w.page(id).Review.Rev }

func (w *world) page(id string) ReviewPage {
	w.t.Helper()
	p, err := w.Review(w.ctx(), w.as("auditor"), id, locale.Swedish)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func (w *world) advance(id string, states ...isms.ReviewState) {
	w.t.Helper()
	for _, to := range states {
		if err := w.Advance(w.ctx(), w.as("coordinator"), id, w.revision(id), to, ""); err != nil {
			w.t.Fatal(err)
		}
	}
}

// decide lets the head decide with everything confirmed.
func (w *world) decide(id string) {
	w.t.Helper()
	if err := w.Decide(w.ctx(), w.as("head"), w.confirmation(id)); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) confirmation(id string) Decision {
	w.t.Helper()
	p := w.page(id)
	d := Decision{Review: id, Rev: p.Review.Rev}
	for _, f := range p.Findings {
		if f.Accepted == "" {
			d.Confirm = append(d.Confirm, f.Key)
		}
	}
	return d
}

// numbers compares what may be unknown as a whole.
var numbers = cmpopts.EquateComparable(register.Count{}, register.Percent{})

var toProposed = []isms.ReviewState{isms.ReviewCollecting, isms.ReviewConsultation, isms.ReviewProposed}

func TestReviewFromStartToCorrection(t *testing.T) { onEach(t, reviewFromStartToCorrection) }

func reviewFromStartToCorrection(t *testing.T, w *world) {
	ctx := w.ctx()
	id := w.review()
	_, err := w.StartReview(ctx, w.as("coordinator"), NewReview{Unit: "board-a", Year: 2024, Template: "iso-9-3"})
	wantWrong(t, "a second review of the year", err, "review_exists")

	rev, err := w.SaveSection(ctx, w.as("coordinator"), SectionText{Review: id, Section: "status", Text: "Vi har *kommit långt*.", State: "ready", Key: "a"})
	want(t, "text", err, nil)
	again, err := w.SaveSection(ctx, w.as("coordinator"), SectionText{Review: id, Section: "status", Text: "Vi har *kommit långt*.", State: "ready", Key: "a"})
	want(t, "the same text again", err, nil)
	if rev != 1 || again != 1 {
		t.Errorf("the text's revisions are %d and %d", rev, again)
	}
	_, err = w.SaveSection(ctx, w.as("coordinator"), SectionText{Review: id, Section: "status", Text: "Annat.", State: "ready"})
	want(t, "text from an old revision", err, isms.ErrStale)
	_, err = w.Consult(ctx, w.as("dpo"), isms.Consultation{Review: register.Ref[isms.Review](id), Person: "dpo", Role: isms.DPO,
		Kind: "consulted", Day: "2023-11-21", Statement: "Utan erinran."}, "")
	want(t, "consult", err, nil)

	w.advance(id, toProposed...)
	w.later("2023-11-23")
	w.decide(id)
	w.frozenAsDecided(id)
	w.nothingMoreInto(id)

	want(t, "publish by the coordinator", w.Publish(ctx, w.as("coordinator"), id, ""), isms.ErrForbidden)
	want(t, "publish", w.Publish(ctx, w.as("head"), id, ""), nil)
	if p := w.page(id); p.Review.State != isms.ReviewPublished || p.Frozen == nil {
		t.Errorf("the published review is %+v", p.Review)
	}
	w.correction(id)
	if _, err := w.Verify(ctx, w.as("central_office"), nil); err != nil {
		t.Errorf("the journal does not verify: %v", err)
	}
}

func (w *world) frozenAsDecided(id string) {
	w.t.Helper()
	f, err := w.Frozen(w.ctx(), w.as("auditor"), id)
	if err != nil {
		w.t.Fatal(err)
	}
	sum := sha256.Sum256(f.PDF)
	if f.SHA256 != hex.EncodeToString(sum[:]) || len(f.PDF) == 0 || len(f.HTML) == 0 || len(f.JSON) == 0 || f.Root == "" || f.Seq == 0 {
		w.t.Errorf("frozen with %d %d %d bytes, %q, %d, %q", len(f.PDF), len(f.HTML), len(f.JSON), f.SHA256, f.Seq, f.Root)
	}
	if f.Review.DecidedBy != "head" || f.Review.DecidedOn != "2023-11-23" || f.Review.State != isms.ReviewDecided {
		w.t.Errorf("decided as %+v", f.Review)
	}
	doc, err := w.Doc(w.ctx(), w.as("auditor"), id, locale.Swedish)
	if err != nil {
		w.t.Fatal(err)
	}
	if diff := cmp.Diff(f.Doc, doc, numbers); diff != "" {
		w.t.Errorf("the document of a decided review is another:\n%s", diff)
	}
	if !strings.Contains(text(doc, "status"), "kommit långt") {
		w.t.Errorf("the own text is not in the document:\n%s", text(doc, "status"))
	}
	english, err := w.Doc(w.ctx(), w.as("auditor"), id, locale.English)
	if err != nil || english.Lang != "en" || !strings.Contains(text(english, "status"), "kommit långt") {
		w.t.Errorf("in English: %v %s\n%s", err, english.Lang, text(english, "status"))
	}
}

// text is a section's texts, line by line.
func text(d report.Doc, section string) string {
	var b strings.Builder
	var write func(blocks []report.Block)
	write = func(blocks []report.Block) {
		for _, block := range blocks {
			b.WriteString(report.PlainText(block.Text) + "\n")
			for _, item := range block.Items {
				b.WriteString("- " + report.PlainText(item.Text) + "\n")
			}
			for _, row := range block.Rows {
				for _, cell := range row {
					b.WriteString(report.PlainText(cell.Text) + " | ")
				}
				b.WriteString("\n")
			}
			write(block.Blocks)
		}
	}
	s, _ := d.Section(section)
	write(s.Blocks)
	return b.String()
}

// nothingMoreInto tries every act that could change a decided review.
func (w *world) nothingMoreInto(id string) {
	w.t.Helper()
	t, ctx, who := w.t, w.ctx(), w.as("coordinator")
	rev := w.revision(id)
	ref := register.Ref[isms.Review](id)
	_, err := w.Save(ctx, who, Change{Kind: "review", ID: id, Rev: rev, Form: map[string][]string{"dnr": {"Y"}}})
	want(t, "change", err, isms.ErrFrozen)
	want(t, "retire", w.Retire(ctx, who, "review", id, rev, "", ""), isms.ErrFrozen)
	_, err = w.SaveSection(ctx, who, SectionText{Review: id, Section: "status", Text: "Annat.", State: "ready", Rev: 1})
	want(t, "text", err, isms.ErrFrozen)
	_, err = w.Consult(ctx, who, isms.Consultation{Review: ref, Person: "dpo", Kind: "attended"}, "")
	want(t, "consult", err, isms.ErrFrozen)
	_, err = w.Save(ctx, who, Change{Kind: "consultation", Unit: "board-a", Form: map[string][]string{"review": {id}, "person": {"dpo"}, "kind": {"attended"}}})
	want(t, "consult by a form", err, isms.ErrFrozen)
	for _, b := range w.back("review", id, "consultation") {
		_, err = w.Save(ctx, who, Change{Kind: "consultation", ID: b, Rev: 1, Form: map[string][]string{"statement": {"Annat."}}})
		want(t, "another statement", err, isms.ErrFrozen)
		want(t, "retire the consultation", w.Retire(ctx, who, "consultation", b, 1, "", ""), isms.ErrFrozen)
	}
	_, err = w.AcceptFinding(ctx, who, id, "x", "För att.", "")
	want(t, "accept", err, isms.ErrFrozen)
	want(t, "back", w.Advance(ctx, who, id, rev, isms.ReviewCollecting, ""), isms.ErrFrozen)
	want(t, "decide again", w.Decide(ctx, w.as("head"), Decision{Review: id, Rev: rev}), isms.ErrFrozen)
}

// back lists the records of the register that link to the record.
func (w *world) back(kind, id, from string) []string {
	w.t.Helper()
	r, err := w.Get(w.ctx(), w.as("auditor"), kind, id)
	if err != nil {
		w.t.Fatal(err)
	}
	var list []string
	for _, b := range r.Back {
		if b.Kind == from {
			list = append(list, b.IDs...)
		}
	}
	if len(list) == 0 {
		w.t.Errorf("no %s links to %s %s", from, kind, id)
	}
	return list
}

func (w *world) correction(id string) {
	w.t.Helper()
	t, ctx := w.t, w.ctx()
	before, err := w.Frozen(ctx, w.as("auditor"), id)
	want(t, "frozen", err, nil)
	_, err = w.Correct(ctx, w.as("coordinator"), id, "", "")
	wantWrong(t, "correct without a reason", err, "required")
	_, err = w.Correct(ctx, w.as("head"), id, "Fel antal.", "")
	want(t, "correct by the head", err, isms.ErrForbidden)
	second, err := w.Correct(ctx, w.as("coordinator"), id, "Fel antal.", "")
	want(t, "correct", err, nil)
	_, err = w.Correct(ctx, w.as("coordinator"), id, "En gång till.", "")
	wantWrong(t, "correct the old one again", err, "not_latest")
	_, err = w.Correct(ctx, w.as("coordinator"), second, "Innan beslut.", "")
	wantWrong(t, "correct what is not decided", err, "not_decided")

	p := w.page(second)
	if p.Review.Version != 2 || p.Review.Corrects != register.Ref[isms.Review](id) || p.Own["status"].Text != "Vi har *kommit långt*." || p.Review.DecidedBy != "" {
		t.Errorf("the correction is %+v with %+v", p.Review, p.Own)
	}
	if len(p.Versions) != 2 || p.Versions[1].ID != id {
		t.Errorf("versions are %+v", p.Versions)
	}
	w.advance(second, isms.ReviewConsultation, isms.ReviewProposed)
	w.decide(second)
	after, err := w.Frozen(ctx, w.as("auditor"), id)
	want(t, "frozen", err, nil)
	if diff := cmp.Diff(before, after, numbers); diff != "" {
		t.Errorf("the correction changed the old version:\n%s", diff)
	}
}

func TestReviewGoesOnlyWhereItMay(t *testing.T) {
	w := newWorld(t)
	ctx, who := w.ctx(), w.as("coordinator")
	id := w.review()
	wantWrong(t, "a leap", w.Advance(ctx, who, id, 1, isms.ReviewProposed, ""), "not_next")
	wantWrong(t, "past the head", w.Advance(ctx, who, id, 1, isms.ReviewDecided, ""), "review_by_act")
	wantWrong(t, "to be decided as a draft", w.Decide(ctx, w.as("head"), Decision{Review: id, Rev: 1}), "not_proposed")
	want(t, "by the auditor", w.Advance(ctx, w.as("auditor"), id, 1, isms.ReviewCollecting, ""), isms.ErrForbidden)
	want(t, "by another board", w.Advance(ctx, w.as("coordinator-b"), id, 1, isms.ReviewCollecting, ""), isms.ErrNotFound)
	want(t, "on", w.Advance(ctx, who, id, 1, isms.ReviewCollecting, "k"), nil)
	want(t, "on again under the same key", w.Advance(ctx, who, id, 1, isms.ReviewCollecting, "k"), nil)
	want(t, "from an old revision", w.Advance(ctx, who, id, 1, isms.ReviewConsultation, ""), isms.ErrStale)
	want(t, "on", w.Advance(ctx, who, id, 2, isms.ReviewConsultation, ""), nil)
	want(t, "back", w.Advance(ctx, who, id, 3, isms.ReviewCollecting, ""), nil)
	for field, value := range map[string]string{"state": "decided", "decided_by": "head", "decided_on": "2023-11-23", "version": "7", "year": "2025"} {
		_, err := w.Save(ctx, who, Change{Kind: "review", ID: id, Rev: 4, Form: map[string][]string{field: {value}}})
		wantWrong(t, field+" by a form", err, "review_by_act")
	}
	_, err := w.Save(ctx, who, Change{Kind: "review", ID: id, Rev: 4, Unit: "dept-a"})
	wantWrong(t, "to another unit", err, "review_by_act")
	_, err = w.Save(ctx, who, Change{Kind: "review", Unit: "board-a", Form: map[string][]string{"year": {"2025"}}})
	wantWrong(t, "made by a form", err, "review_by_start")
	_, err = w.Save(ctx, who, Change{Kind: "review_section", Unit: "board-a", Form: map[string][]string{"review": {id}}})
	wantWrong(t, "a section by a form", err, "section_by_review")
	_, err = w.Save(ctx, who, Change{Kind: "review", ID: id, Rev: 4, Form: map[string][]string{"dnr": {"Y"}, "state": {"collecting"}}})
	want(t, "what a form may change", err, nil)
	_, err = w.SaveSection(ctx, who, SectionText{Review: id, Section: "no_section", State: "ready"})
	want(t, "a section that the template lacks", err, isms.ErrNotFound)
}

func TestOnlyTheHeadDecides(t *testing.T) { onEach(t, onlyTheHeadDecides) }

func onlyTheHeadDecides(t *testing.T, w *world) {
	id := w.review()
	w.advance(id, toProposed...)
	d := w.confirmation(id)
	for _, role := range isms.Role("").Choices() {
		if role == "head" {
			continue
		}
		err := w.Decide(w.ctx(), w.as(role), d)
		if role == "system_owner" || role == "information_owner" || role == "manager" || role == "employee" || role == "administrator" {
			want(t, role, err, isms.ErrNotFound)
		} else {
			want(t, role, err, isms.ErrForbidden)
		}
	}
	_, err := w.Frozen(w.ctx(), w.as("head"), id)
	want(t, "frozen", err, isms.ErrNotFound)

	if len(d.Confirm) == 0 {
		t.Fatal("the examination of an empty review finds nothing")
	}
	unread := d
	unread.Confirm = d.Confirm[1:]
	wantWrong(t, "with a finding unread", w.Decide(w.ctx(), w.as("head"), unread), "findings_unconfirmed")
	stale := d
	stale.Rev--
	want(t, "from an old revision", w.Decide(w.ctx(), w.as("head"), stale), isms.ErrStale)
	ahead := d
	ahead.DecidedOn = "2023-12-24"
	wantWrong(t, "ahead of time", w.Decide(w.ctx(), w.as("head"), ahead), "decided_ahead")
	if s := w.page(id).Review; s.State != isms.ReviewProposed || s.DecidedBy != "" {
		t.Errorf("something was kept: %+v", s)
	}
	d.Key = "once"
	want(t, "the head", w.Decide(w.ctx(), w.as("head"), d), nil)
	want(t, "the head's second click", w.Decide(w.ctx(), w.as("head"), d), nil)
}

func TestAcceptedFindingsNeedNoConfirmation(t *testing.T) {
	onEach(t, acceptedFindingsNeedNoConfirmation)
}

func acceptedFindingsNeedNoConfirmation(t *testing.T, w *world) {
	id := w.review()
	w.advance(id, toProposed...)
	d := w.confirmation(id)
	first := d.Confirm[0]
	_, err := w.AcceptFinding(w.ctx(), w.as("coordinator"), id, first, "", "")
	wantWrong(t, "without a reason", err, "required")
	_, err = w.AcceptFinding(w.ctx(), w.as("coordinator"), id, "no/such/finding", "För att.", "")
	want(t, "a finding that is none", err, isms.ErrNotFound)
	_, err = w.AcceptFinding(w.ctx(), w.as("auditor"), id, first, "För att.", "")
	want(t, "by the auditor", err, isms.ErrForbidden)
	a, err := w.AcceptFinding(w.ctx(), w.as("coordinator"), id, first, "För att.", "")
	want(t, "accept", err, nil)
	b, err := w.AcceptFinding(w.ctx(), w.as("head"), id, first, "Tas upp nästa år.", "")
	want(t, "accept again", err, nil)
	if a != b {
		t.Error("one finding was accepted twice")
	}
	i := slices.IndexFunc(w.page(id).Findings, func(f Finding) bool { return f.Key == first })
	if f := w.page(id).Findings[i]; f.Accepted != "Tas upp nästa år." {
		t.Errorf("accepted because %q", f.Accepted)
	}
	d.Confirm = d.Confirm[1:]
	want(t, "decide", w.Decide(w.ctx(), w.as("head"), d), nil)
	f, err := w.Frozen(w.ctx(), w.as("head"), id)
	want(t, "frozen", err, nil)
	printed := false
	for _, s := range f.Doc.Sections {
		printed = printed || strings.Contains(text(f.Doc, s.Key), "Tas upp nästa år.")
	}
	if !printed {
		t.Error("the reason is not printed")
	}
}
