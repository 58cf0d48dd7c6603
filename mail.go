// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"sync"

	"ledsyn/app"
	"ledsyn/notify"
)

// mailProblems are the settings that mail cannot be sent by, with their words.
var mailProblems = []struct {
	err error
	key string
}{
	{notify.ErrAddress, "cli.mail.address"}, {notify.ErrFrom, "cli.mail.from"}, {notify.ErrTLS, "cli.mail.tls"},
	{notify.ErrClear, "cli.mail.clear"}, {notify.ErrBase, "cli.mail.base"},
}

// sendMail sends reminders in the background as the settings say. What it returns ends that and waits for the letter on its way.
func (p *program) sendMail(ctx context.Context, a *app.App) (end func(), err error) {
	if !p.config.Mail {
		return func() {}, nil
	}
	c := p.config
	m := &notify.Mailer{App: a, Base: c.Origin, Log: a.Log, Server: notify.Server{Address: c.SMTP, From: c.MailFrom, TLS: c.SMTPTLS,
		User: c.SMTPUser, Password: p.env("LEDSYN_SMTPPASSWORD")}}
	if err := m.Check(); err != nil {
		for _, known := range mailProblems {
			if errors.Is(err, known.err) {
				return nil, usageError{errors.New(p.lang.T(known.key))}
			}
		}
		return nil, err
	}
	a.Mail = &app.Mailing{Lang: p.lang}
	ctx, stop := context.WithCancel(ctx)
	var background sync.WaitGroup
	background.Go(func() { m.Run(ctx) })
	return func() {
		stop()
		background.Wait()
	}, nil
}
