// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ledsyn/store"
)

// oneFile reads the flags of a command that takes one file, and returns its name.
func (p *program) oneFile(name string, args []string) (file, org string, err error) {
	f := p.flags(name)
	if name == "archive" {
		f.StringVar(&org, "organisation", "", p.lang.T("cli.flag.organisation"))
	}
	if err := p.parse(f, args); err != nil {
		return "", "", err
	}
	if f.NArg() != 1 {
		return "", "", usageError{errors.New(p.lang.T("cli." + name + ".one_file"))}
	}
	return f.Arg(0), org, nil
}

// archive writes one organisation's archive, beside a running server.
func (p *program) archive(ctx context.Context, args []string) (int, error) {
	file, org, err := p.oneFile("archive", args)
	if err != nil {
		return misused, err
	}
	a, err := p.open(ctx, true)
	if err != nil {
		return failed, err
	}
	defer a.DB.Close()
	if org, err = p.organisation(ctx, a, org); err != nil {
		return failed, err
	}
	m, err := a.ArchiveTo(ctx, operator(org), p.lang, file)
	if err != nil {
		return failed, err
	}
	at := m.Organisations[0]
	fmt.Fprintln(p.out, p.lang.T("cli.archive.done", org, int(at.Entries), len(m.Files), file, at.Root))
	return p.missing(m), nil
}

// backup backs everything up, beside a running server.
func (p *program) backup(ctx context.Context, args []string) (int, error) {
	file, _, err := p.oneFile("backup", args)
	if err != nil {
		return misused, err
	}
	a, err := p.open(ctx, true)
	if err != nil {
		return failed, err
	}
	defer a.DB.Close()
	m, err := a.BackupTo(ctx, file)
	if err != nil {
		return failed, err
	}
	fmt.Fprintln(p.out, p.lang.T("cli.backup.done", len(m.Organisations), len(m.Files)))
	if !a.DB.HasKey() {
		fmt.Fprintln(p.errs, p.lang.T("cli.backup.no_key"))
	}
	return p.missing(m), nil
}

// missing tells what was not there to be written. The rest is whole, but whoever watches the status should look.
func (p *program) missing(m store.Manifest) int {
	if len(m.Missing) == 0 {
		return succeeded
	}
	fmt.Fprintln(p.errs, p.lang.T("cli.backup.missing", len(m.Missing), strings.Join(m.Missing, ", ")))
	return found
}

// restore reads a backup or an archive into an empty place.
func (p *program) restore(ctx context.Context, args []string) (int, error) {
	name, _, err := p.oneFile("restore", args)
	if err != nil {
		return misused, err
	}
	file, err := os.Open(name)
	if err != nil {
		return failed, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return failed, err
	}
	from, err := store.OpenArchive(file, info.Size())
	if err != nil {
		return failed, err
	}
	if err := p.restoreKey(from); err != nil {
		return failed, err
	}
	a, err := p.open(ctx, false)
	if err != nil {
		return failed, err
	}
	defer a.DB.Close()
	r, err := a.Restore(ctx, from)
	if err != nil {
		return failed, err
	}
	for _, org := range slices.Sorted(maps.Keys(r.Organisations)) {
		fmt.Fprintln(p.out, p.verified(org, r.Organisations[org]))
	}
	fmt.Fprintln(p.out, p.lang.T("cli.restore.beside", r.Files, r.Accounts))
	return p.missing(from.Manifest), nil
}

// restoreKey puts a backup's signing key in the data folder before the store is opened, which else would make a new one.
func (p *program) restoreKey(from *store.Archive) error {
	key, err := from.Key()
	if err != nil || key == nil {
		return err
	}
	if p.config.Data == "" {
		fmt.Fprintln(p.errs, p.lang.T("cli.restore.no_place_for_key"))
		return nil
	}
	if err := os.MkdirAll(p.config.Data, 0o700); err != nil {
		return err
	}
	ours, err := store.RestoreKey(from, filepath.Join(p.config.Data, "journal.key"))
	if err == nil && !ours {
		fmt.Fprintln(p.errs, p.lang.T("cli.restore.own_key"))
	}
	return err
}
