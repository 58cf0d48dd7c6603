// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"ledsyn/app"
	"ledsyn/login"
	"ledsyn/web"
)

// farewell is how long requests under way may take when the program is told to end.
const farewell = 10 * time.Second

func (p *program) serve(ctx context.Context, args []string) (int, error) {
	f := p.flags("serve")
	p.config.serving(f, p.lang)
	if err := p.parse(f, args); err != nil {
		return misused, err
	}
	a, err := p.open(ctx, false)
	if err != nil {
		return failed, err
	}
	defer a.DB.Close()
	defer p.keepBackups(ctx, a)()
	endMail, err := p.sendMail(ctx, a)
	if err != nil {
		return misused, err
	}
	defer endMail()
	ready := func(address string) { a.Log.Info("serving", "address", address) }
	return succeeded, p.listen(ctx, a, ready)
}

// listen serves the pages until the context ends, then lets requests under way end. ready is told the address once it
// is listened on.
func (p *program) listen(ctx context.Context, a *app.App, ready func(address string)) error {
	defer a.StopImports() // last, when no request can begin another
	handler, err := web.New(web.Config{App: a, Log: a.Log, TLS: p.config.HTTPS, Demo: a.Demo, Lang: p.lang, Own: p.config.Origin,
		Login: login.New(a, login.Config{Listen: p.config.Listen, HTTPS: p.config.HTTPS, Proxied: p.config.HTTPS})})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", p.config.Listen)
	if err != nil {
		return fmt.Errorf("%s: %w", p.lang.T("cli.cannot_listen", p.config.Listen), err)
	}
	go sweepFiles(ctx, a)
	server := web.Server(handler)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	ready("http://" + l.Addr().String() + "/")
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	if err := server.Shutdown(end); err != nil {
		return err
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// sweepFiles removes at once, and then each day until the context ends, the files that nothing names.
func sweepFiles(ctx context.Context, a *app.App) {
	for {
		if _, err := a.SweepImports(ctx); err != nil && ctx.Err() == nil {
			a.Log.Error("lists that were never taken in could not be removed", "error", err)
		}
		n, err := a.SweepFiles(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			a.Log.Error("files that nothing names could not be removed", "error", err)
		case n > 0:
			a.Log.Info("removed files that nothing names", "files", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(24 * time.Hour):
		}
	}
}
