// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"ledsyn/app"
)

// JournalPage is the journal as a whole, for those who may check it.
type JournalPage struct {
	Frame
	Facts    []Fact
	Verified []Fact // what was gone through, when somebody has just had it checked
	Corrupt  string // the first thing that is not what it was
	Entries  []EntryRow
}

// An EntryRow is one of the latest entries.
type EntryRow struct {
	Link
	Seq, At, Who, What string
}

// latestEntries is how many entries the page shows, and mostEntries how many of the latest a file holds.
const (
	latestEntries = 30
	mostEntries   = 100_000
)

func (s *site) journal(v *visit) error {
	if _, err := v.query("as"); err != nil {
		return err
	}
	p, err := v.journalPage()
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "journal", p)
}

func (v *visit) journalPage() (*JournalPage, error) {
	key, err := v.site.app.CheckpointKey(v.r.Context(), v.who)
	if err != nil {
		return nil, err
	}
	l := v.lang
	p := &JournalPage{}
	p.Title = l.T("web.journal")
	p.Facts = []Fact{{l.T("web.journal.key"), []Value{{Text: key}}}}
	n := latestEntries
	if v.as != "" {
		n = mostEntries
	}
	latest, err := v.site.app.Latest(v.r.Context(), v.who, n)
	if err != nil {
		return nil, err
	}
	sees, _ := v.site.app.Sees(v.who)
	for _, e := range latest {
		row := EntryRow{Seq: l.Number(int(e.Seq)), At: clock(e.At), Who: e.Who, What: l.T("web.journal.act." + e.Act)}
		row.Text = l.T("register." + e.Kind + ".one")
		if e.Title != "" {
			row.Link = Link{Text: row.Text + ": " + e.Title}
			if sees[e.Kind] { // a person's name is told to all, the record is not
				row.Link.URL = address(e.Kind, e.ID)
			}
		}
		p.Entries = append(p.Entries, row)
	}
	return p, nil
}

// verify goes through the whole journal, which can take some seconds for a large one.
func (s *site) verify(v *visit) error {
	form, err := v.formOf("checkpoint")
	if err != nil {
		return err
	}
	p, err := v.journalPage()
	if err != nil {
		return err
	}
	var given []byte
	if form["checkpoint"] != "" {
		given = []byte(strings.ReplaceAll(form["checkpoint"], "\r\n", "\n") + "\n") // the line break at its end is part of what was signed
	}
	done, err := s.app.Verify(v.r.Context(), v.who, given)
	var corrupt *app.Corrupt
	if errors.As(err, &corrupt) {
		p.Failed = true
		p.Corrupt = v.lang.T("web.journal.corrupt", strconv.FormatInt(corrupt.Seq, 10), v.lang.T("web.journal.corrupt."+string(corrupt.What)))
		return v.show(http.StatusOK, "journal", p)
	}
	if errors.Is(err, app.ErrCheckpoint) {
		p.Failed = true
		p.Corrupt = v.lang.T("web.journal.no_checkpoint")
		return v.show(http.StatusUnprocessableEntity, "journal", p)
	}
	if err != nil {
		return err
	}
	fact := func(key, text string) {
		p.Verified = append(p.Verified, Fact{v.lang.T("web.journal." + key), []Value{{Text: text}}})
	}
	fact("entries", v.lang.Number(int(done.Entries)))
	fact("records", v.lang.Number(int(done.Records)))
	fact("frozen", v.lang.Number(int(done.Frozen)))
	fact("checkpoints", v.lang.Number(done.Checkpoints))
	fact("latest", clock(done.At))
	fact("root", done.Root)
	return v.show(http.StatusOK, "journal", p)
}

// checkpoint hands out where the journal is now, signed, to be kept outside the program.
func (s *site) checkpoint(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	signed, err := s.app.Checkpoint(v.r.Context(), v.who)
	if err != nil {
		return err
	}
	return v.sendFile("text/plain; charset=utf-8", "ledsyn-checkpoint-"+string(s.app.Today())+".txt", signed)
}
