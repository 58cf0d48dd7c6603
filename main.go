// SPDX-License-Identifier: EUPL-1.2

// Ledsyn is a management system for information security. This is the command line: it reads the settings, opens
// the store and opens the doors. It is the only place that knows all rooms, and it decides nothing itself: every
// command uses the same acts as the pages.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"ledsyn/app"
	"ledsyn/files"
	"ledsyn/locale"
	"ledsyn/store"
)

// The statuses that the program ends with.
const (
	succeeded = 0
	failed    = 1
	misused   = 2 // a command or a flag that does not exist
	found     = 3 // examine found something, or a backup lacks something
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p := &program{out: os.Stdout, errs: os.Stderr, in: os.Stdin, env: os.Getenv}
	os.Exit(p.run(ctx, os.Args[1:]))
}

// program is one run of a command, with what surrounds it.
type program struct {
	in        io.Reader
	out, errs io.Writer
	env       func(string) string
	lang      locale.Lang
	config    Config
	file      string // the settings file's name
}

// A command does its work and returns the status to end with. Its words are cli.NAME (what it does) and cli.NAME.example.
type command struct {
	name string
	run  func(*program, context.Context, []string) (int, error)
}

func commands() []command {
	return []command{
		{"serve", (*program).serve}, {"demo", (*program).demo}, {"user", (*program).user}, {"load", (*program).load},
		{"figures", (*program).figures}, {"report", (*program).report}, {"record", (*program).record}, {"examine", (*program).examine},
		{"checkpoint", (*program).checkpoint}, {"verify", (*program).verify},
		{"import", (*program).importList}, {"backup", (*program).backup}, {"restore", (*program).restore}, {"archive", (*program).archive},
		{"deadline", (*program).deadline}, {"rules", (*program).rules}, {"sample", (*program).sample},
	}
}

// run carries out the command that the arguments name. Its errors go to the error output, in words.
func (p *program) run(ctx context.Context, args []string) int {
	p.lang = p.language(args)
	if len(args) == 0 {
		p.help(p.errs)
		return misused
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		p.help(p.out)
		return succeeded
	}
	for _, c := range commands() {
		if c.name != args[0] {
			continue
		}
		status, err := c.run(p, ctx, args[1:])
		switch {
		case errors.Is(err, flag.ErrHelp):
			return succeeded
		case err != nil:
			fmt.Fprintln(p.errs, "ledsyn "+c.name+": "+p.words(err))
			return max(status, failed)
		}
		return status
	}
	fmt.Fprintln(p.errs, p.lang.T("cli.no_command", args[0]))
	p.help(p.errs)
	return misused
}

// language finds the language before the flags are read, since the flags' own words are in it.
func (p *program) language(args []string) locale.Lang {
	name := p.env("LEDSYN_LANGUAGE")
	for i, arg := range args {
		flagName, value, given := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		switch {
		case flagName != "language" || !strings.HasPrefix(arg, "-"):
		case given:
			name = value
		case i+1 < len(args):
			name = args[i+1]
		}
	}
	if l, ok := locale.Parse(name); ok {
		return l
	}
	return locale.Swedish
}

func (p *program) help(w io.Writer) {
	fmt.Fprintln(w, p.lang.T("cli.help"))
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-11s %s\n", c.name, p.lang.T("cli."+c.name))
	}
	fmt.Fprintln(w, p.lang.T("cli.help_more"))
}

// flags starts a command's flags, with those that all commands share.
func (p *program) flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(p.errs)
	f.Usage = func() {
		w := p.errs
		fmt.Fprintln(w, p.lang.T("cli."+name)+"\n\n"+p.lang.T("cli.example")+"\n  "+p.lang.T("cli."+name+".example")+"\n\n"+p.lang.T("cli.flags"))
		f.PrintDefaults()
	}
	p.config.settings(f, p.lang)
	f.StringVar(&p.file, "config", "", p.lang.T("cli.flag.config"))
	return f
}

// parse reads the flags, then the environment and the settings file for those left out.
func (p *program) parse(f *flag.FlagSet, args []string) error {
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return usageError{err}
	}
	if err := fill(f, p.env); err != nil {
		return usageError{err}
	}
	l, ok := locale.Parse(p.config.Language)
	if !ok {
		return usageError{errors.New(p.lang.T("cli.language_unknown", p.config.Language))}
	}
	p.lang = l
	return nil
}

// usageError is a mistake in how the program was called.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func (p *program) log() *slog.Logger {
	if p.config.JSONLog {
		return slog.New(slog.NewJSONHandler(p.errs, nil))
	}
	return slog.New(slog.NewTextHandler(p.errs, nil))
}

// open opens the store that the settings name and the program on it. A command that only reads opens beside a running
// server.
func (p *program) open(ctx context.Context, readOnly bool) (*app.App, error) {
	if p.config.Data == "" && p.config.Database == "" {
		return nil, usageError{errors.New(p.lang.T("cli.no_data"))}
	}
	log := p.log()
	if readOnly {
		log = slog.New(slog.DiscardHandler)
	}
	db, err := store.Open(ctx, store.Config{Dir: p.config.Data, URL: p.config.Database, ReadOnly: readOnly, Log: log})
	if err != nil {
		return nil, err
	}
	kept, err := p.files(p.config.Data)
	if err != nil {
		db.Close()
		return nil, err
	}
	return &app.App{DB: db, Log: log, Files: kept}, nil
}

// files opens the store of files that the settings name, or else the one in the data folder. Without either there is none.
func (p *program) files(data string) (files.Store, error) {
	where := p.config.Files
	switch {
	case where != "":
	case data != "":
		where = filepath.Join(data, "files")
	default:
		return nil, nil
	}
	s, err := files.Open(where)
	if err != nil { // what it says is not repeated: the address holds a secret
		return nil, usageError{errors.New(p.lang.T("cli.files.address"))}
	}
	return s, nil
}
