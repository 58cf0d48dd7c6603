// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bufio"
	"context"
	"net/http"
	"time"

	"ledsyn/app"
)

// ArchivePage is how it stands with the backups and, for those who may take out everything, how that is done.
type ArchivePage struct {
	Frame
	State   Notice
	Why     string
	Facts   []Fact
	Archive bool // the person may take out everything
	Mail    Notice
	MailWhy string
	Sent    string // how many reminders were sent, "" where none are
	Release bool   // mail is stopped and may be let out
}

// A Notice is a line that is told at the head of a page. Class is good, bad or "".
type Notice struct{ Text, Class string }

func (s *site) archive(v *visit) error {
	if _, err := v.query(); err != nil {
		return err
	}
	state, err := s.app.BackupState(v.r.Context(), v.who)
	if err != nil {
		return err
	}
	p := &ArchivePage{Archive: state.Archive}
	p.Title = v.lang.T("web.archive")
	p.State, p.Why = v.backupNotice(state)
	if state.Set {
		p.Facts = v.backupFacts(state)
	}
	mail, err := s.app.MailState(v.r.Context(), v.who)
	if err != nil {
		return err
	}
	p.Mail, p.MailWhy = v.mailNotice(mail)
	p.Release = mail.Stopped != ""
	if mail.On {
		p.Sent = v.lang.Number(mail.Sent)
	}
	return v.show(http.StatusOK, "archive", p)
}

// backupNotice tells in a line how it stands, and in another why or what to do.
func (v *visit) backupNotice(state app.BackupState) (n Notice, why string) {
	l := v.lang
	switch {
	case !state.Set:
		return Notice{l.T("web.archive.none_set"), ""}, l.T("web.archive.none_set.why")
	case state.FailedAt != "":
		return Notice{l.T("web.archive.failed"), "bad"}, l.T("web.archive.failed.why", clock(state.FailedAt))
	case state.Old && state.Newest == "":
		return Notice{l.T("web.archive.old"), "bad"}, l.T("web.archive.old.none")
	case state.Old:
		return Notice{l.T("web.archive.old"), "bad"}, l.T("web.archive.old.why", clock(state.Newest))
	}
	return Notice{l.T("web.archive.good"), "good"}, ""
}

func (v *visit) backupFacts(state app.BackupState) []Fact {
	l := v.lang
	var facts []Fact
	fact := func(key, text string) { facts = append(facts, Fact{l.T("web.archive." + key), []Value{{Text: text}}}) }
	if state.Newest == "" {
		fact("newest", l.T("web.archive.no_newest"))
	} else {
		fact("newest", clock(state.Newest))
		fact("size", l.T("web.archive.megabytes", l.Number(int((state.Size+1<<20-1)>>20))))
	}
	fact("count", l.Number(state.Count))
	switch {
	case !state.Made:
		fact("every", l.T("web.archive.every.others"))
		return facts
	case state.Every%time.Hour == 0:
		fact("every", l.T("web.archive.every.hours", int(state.Every/time.Hour)))
	default:
		fact("every", l.T("web.archive.every.minutes", int((state.Every+time.Minute-1)/time.Minute)))
	}
	if state.Kept > 0 {
		fact("kept", l.T("web.archive.kept.some", state.Kept))
	} else {
		fact("kept", l.T("web.archive.kept.all"))
	}
	return facts
}

// startBackup is what the start page tells of the backups to those who answer for them: nothing while all is well.
func (v *visit) startBackup() (*Notice, error) {
	if !v.site.app.SeesBackups(v.who) {
		return nil, nil
	}
	state, err := v.site.app.BackupState(v.r.Context(), v.who)
	if err != nil {
		return nil, err
	}
	n, _ := v.backupNotice(state)
	if n.Class == "good" || v.site.config.Demo && !state.Set {
		return nil, nil
	}
	return &n, nil
}

// archiveFile sends the organisation's archive while it is written. It is a form and no link, because it is noted.
func (s *site) archiveFile(v *visit) error {
	if _, err := v.formOf(); err != nil {
		return err
	}
	body := &streamed{v: v, name: "ledsyn-" + v.who.Org + "-" + string(s.app.Today()) + ".zip"}
	w := bufio.NewWriterSize(body, 1<<18)
	ctx, end := context.WithTimeout(v.r.Context(), wholeTime)
	defer end()
	_, err := s.app.Archive(ctx, v.who, v.lang, w)
	if err == nil {
		err = w.Flush()
	}
	if err != nil && v.status != 0 {
		s.log.Error("the archive was broken off", "request", v.id, "error", err)
		panic(http.ErrAbortHandler) // so that the browser does not take what came for the whole
	}
	return err
}

// streamed sends a file of unknown length. Each part may take a minute: who reads slowly gets it all, and who has
// stopped reading is let go.
type streamed struct {
	v    *visit
	name string
}

const (
	partTime  = time.Minute
	wholeTime = time.Hour // while it is read, SQLite's log of writes grows
)

func (s *streamed) Write(b []byte) (int, error) {
	if s.v.status == 0 {
		s.v.sendFile("application/zip", s.name, nil) // its error is always nil
	}
	http.NewResponseController(s.v.w).SetWriteDeadline(time.Now().Add(partTime)) // a writer without deadlines is as good
	return s.v.w.Write(b)
}
