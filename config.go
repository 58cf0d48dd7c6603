// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"ledsyn/locale"
	"ledsyn/notify"
)

// Config is everything that is set outside the program. Each setting can be given as a flag (-data), in the
// environment (LEDSYN_DATA) or in the file that -config names (data: ...), in that order of weight. All else
// is a record in a register.
type Config struct {
	// Data is the folder that holds the database file, when SQLite is used, and the key that signs the
	// journal's checkpoints. It is made when missing.
	Data string
	// Database is the address of a PostgreSQL database (postgres://user:password@host/name). Empty: SQLite in
	// Data. A password is better kept out of the command line: use the environment or the file.
	Database string
	// Files is where attached files are kept: a folder, or https://KEY:SECRET@HOST/BUCKET for a store that speaks S3.
	// Empty: the folder files in Data. An address with a secret in it is kept out of the command line like a password.
	Files string
	// Listen is the address that pages are served on.
	Listen string
	// HTTPS says that people reach the program by https through a proxy in front of it, so that cookies are
	// marked secure and browsers are told to stay on https.
	HTTPS bool
	// Origin is the address people use (https://ledsyn.example.se), where the proxy in front changes the host.
	Origin string
	// Backups is the folder that serve keeps backups in, best on another disk or machine. Empty: none are made.
	Backups string
	// BackupEvery is the time between two backups. 0 says that something else puts them in the folder, and that the
	// program only tells when the newest is old.
	BackupEvery time.Duration
	// BackupsKept is how many of the program's own backups are kept. 0 keeps all.
	BackupsKept int
	// Mail says that this server sends mail. It is off until somebody turns it on, so that a copy of the program somewhere else
	// writes to nobody. Origin must be set: it begins the links.
	Mail bool
	// SMTP is the mail server, host:port, and MailFrom the sender's address.
	SMTP, MailFrom string
	// SMTPUser is the user name at the mail server; empty: none is asked for. The password is in the environment and nowhere
	// else: LEDSYN_SMTPPASSWORD.
	SMTPUser string
	// SMTPTLS is starttls, tls (from the first byte) or none (for a mail server on the machine itself).
	SMTPTLS string
	// Language is the language of the command line and of pages until a person chooses another: sv or en.
	Language string
	// JSONLog writes the log as JSON lines instead of text.
	JSONLog bool
}

// settings declares the flags that every command shares.
func (c *Config) settings(f *flag.FlagSet, l locale.Lang) {
	f.StringVar(&c.Data, "data", "", l.T("cli.flag.data"))
	f.StringVar(&c.Database, "database", "", l.T("cli.flag.database"))
	f.StringVar(&c.Files, "files", "", l.T("cli.flag.files"))
	f.StringVar(&c.Language, "language", "sv", l.T("cli.flag.language"))
	f.BoolVar(&c.JSONLog, "jsonlog", false, l.T("cli.flag.jsonlog"))
}

// serving declares the flags of a command that serves pages.
func (c *Config) serving(f *flag.FlagSet, l locale.Lang) {
	f.StringVar(&c.Listen, "listen", "127.0.0.1:8080", l.T("cli.flag.listen"))
	f.BoolVar(&c.HTTPS, "https", false, l.T("cli.flag.https"))
	f.StringVar(&c.Backups, "backups", "", l.T("cli.flag.backups"))
	f.DurationVar(&c.BackupEvery, "backupevery", 24*time.Hour, l.T("cli.flag.backupevery"))
	f.IntVar(&c.BackupsKept, "backupskept", 14, l.T("cli.flag.backupskept"))
	f.StringVar(&c.Origin, "origin", "", l.T("cli.flag.origin"))
	f.BoolVar(&c.Mail, "mail", false, l.T("cli.flag.mail"))
	f.StringVar(&c.SMTP, "smtp", "", l.T("cli.flag.smtp"))
	f.StringVar(&c.MailFrom, "mailfrom", "", l.T("cli.flag.mailfrom"))
	f.StringVar(&c.SMTPUser, "smtpuser", "", l.T("cli.flag.smtpuser"))
	f.StringVar(&c.SMTPTLS, "smtptls", notify.StartTLS, l.T("cli.flag.smtptls"))
}

// fill sets the flags that the command line left out from the environment and from the file that the flag
// -config or LEDSYN_CONFIG names. A key in the file that is no setting is an error, so that a misspelt one is
// not silently ignored.
func fill(f *flag.FlagSet, env func(string) string) error {
	given := map[string]bool{}
	f.Visit(func(fl *flag.Flag) { given[fl.Name] = true })
	file, err := configFile(f, env)
	if err != nil {
		return err
	}
	var problems []error
	f.VisitAll(func(fl *flag.Flag) {
		fromFile, inFile := file[fl.Name]
		delete(file, fl.Name)
		value := env("LEDSYN_" + strings.ToUpper(fl.Name))
		if value == "" && inFile {
			value = fromFile
		}
		if given[fl.Name] || value == "" {
			return
		}
		if err := f.Set(fl.Name, value); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", fl.Name, err))
		}
	})
	for name := range file {
		if !isSetting(name) {
			problems = append(problems, fmt.Errorf("%s: no such setting", name))
		}
	}
	return errors.Join(problems...)
}

// isSetting reports whether some command knows the setting: one file serves them all.
func isSetting(name string) bool {
	f := flag.NewFlagSet("", flag.ContinueOnError)
	var c Config
	c.settings(f, locale.Swedish)
	c.serving(f, locale.Swedish)
	return f.Lookup(name) != nil
}

func configFile(f *flag.FlagSet, env func(string) string) (map[string]string, error) {
	name := env("LEDSYN_CONFIG")
	if fl := f.Lookup("config"); fl != nil && fl.Value.String() != "" {
		name = fl.Value.String()
	}
	settings := map[string]string{}
	if name == "" {
		return settings, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	if err := yaml.Unmarshal(text, &settings); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return settings, nil
}
