// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"strings"

	"ledsyn/app"
	"ledsyn/data"
	"ledsyn/isms"
	"ledsyn/login"
	"ledsyn/register"
	"ledsyn/sample"
	"ledsyn/store"
)

// errorWords are the errors that have words of their own, cli.error.KEY.
var errorWords = []struct {
	err error
	key string
}{
	{isms.ErrNotFound, "not_found"},
	{isms.ErrForbidden, "forbidden"},
	{isms.ErrStale, "stale"},
	{isms.ErrFrozen, "frozen"},
	{app.ErrFiles, "files"},
	{store.ErrInUse, "in_use"},
	{store.ErrNewerSchema, "newer"},
	{store.ErrOlderSchema, "older"},
	{store.ErrNoKey, "no_key"},
	{store.ErrCheckpoint, "checkpoint"},
	{context.Canceled, "cancelled"},
}

// words turns an error into the reader's language. What nobody foresaw is shown as it is: the reader of a command line
// is the one who can mend it.
func (p *program) words(err error) string {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var lines []string
		for _, e := range many.Unwrap() {
			lines = append(lines, p.words(e))
		}
		return strings.Join(lines, "\n")
	}
	var step app.StepError
	if errors.As(err, &step) {
		place := step.Step.Source
		if step.Kind != "" {
			place += ": " + step.Kind + " " + step.ID
		}
		return place + ": " + p.words(step.Err)
	}
	var problem data.Problem
	if errors.As(err, &problem) {
		return problem.Error()
	}
	var wrong register.Wrongs
	if errors.As(err, &wrong) {
		lines := make([]string, len(wrong))
		for i, w := range wrong {
			lines[i] = strings.TrimPrefix(w.Field+": ", ": ") + p.lang.T("wrong."+w.Code, w.Args...)
		}
		return strings.Join(lines, "\n")
	}
	var file *app.FileError
	if errors.As(err, &file) {
		return p.lang.T("wrong."+file.Code, file.Args...)
	}
	var number *sample.Error
	if errors.As(err, &number) {
		return p.lang.T("wrong."+number.Code, number.Args...)
	}
	var corrupt *store.ErrCorrupt
	if errors.As(err, &corrupt) {
		return p.lang.T("cli.error.corrupt", int(corrupt.Seq), corrupt.Kind, corrupt.ID,
			p.lang.T("web.journal.corrupt."+string(corrupt.What)))
	}
	var archive *store.ErrArchive
	if errors.As(err, &archive) {
		return p.lang.T("cli.error.archive."+archive.Code, archive.Path)
	}
	for _, e := range errorWords {
		if errors.Is(err, e.err) {
			return p.lang.T("cli.error." + e.key)
		}
	}
	if text := login.Text(p.lang, err); text != "" {
		return text
	}
	return err.Error()
}

// verified says what was gone through when nothing was wrong.
func (p *program) verified(org string, v app.Verified) string {
	return p.lang.T("cli.verify.good", org, int(v.Entries), int(v.Records), int(v.Frozen), v.Checkpoints, v.Root)
}
