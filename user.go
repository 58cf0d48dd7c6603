// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"ledsyn/access"
	"ledsyn/app"
	"ledsyn/isms"
	"ledsyn/login"
	"ledsyn/register"
	"ledsyn/store"
)

// newUser is what the flags of user add say.
type newUser struct {
	organisation, organisationName, unit, person, role, account string
}

// user adds a person with a role and an account; the first of them makes the organisation and its topmost unit. The
// password is asked for, or read as a line from standard input; it is never an argument, which others on the machine
// could read.
func (p *program) user(ctx context.Context, args []string) (int, error) {
	f := p.flags("user")
	var u newUser
	f.StringVar(&u.organisation, "organisation", "", p.lang.T("cli.flag.organisation"))
	f.StringVar(&u.organisationName, "organisationname", "", p.lang.T("cli.flag.organisationname"))
	f.StringVar(&u.unit, "unit", "", p.lang.T("cli.flag.unit"))
	f.StringVar(&u.person, "person", "", p.lang.T("cli.flag.person"))
	f.StringVar(&u.role, "role", string(isms.Administrator), p.lang.T("cli.flag.role"))
	f.StringVar(&u.account, "account", "", p.lang.T("cli.flag.account"))
	if len(args) > 0 && args[0] == "add" {
		args = args[1:]
	} else if len(args) == 0 || !strings.HasPrefix(args[0], "-") {
		return misused, errors.New(p.lang.T("cli.user.add"))
	}
	if err := p.parse(f, args); err != nil {
		return misused, err
	}
	if !register.ValidID(u.organisation) || u.person == "" || u.account == "" {
		return misused, errors.New(p.lang.T("cli.user.needs"))
	}
	if !slices.Contains(isms.Role("").Choices(), u.role) {
		return misused, errors.New(p.lang.T("cli.user.role", u.role, strings.Join(isms.Role("").Choices(), ", ")))
	}
	password, err := p.password()
	if err != nil {
		return failed, err
	}
	a, err := p.open(ctx, false)
	if err != nil {
		return failed, err
	}
	defer a.DB.Close()
	if err := p.add(ctx, a, u, password); err != nil {
		return failed, err
	}
	fmt.Fprintln(p.out, p.lang.T("cli.user.done", u.account))
	return succeeded, nil
}

func (p *program) add(ctx context.Context, a *app.App, u newUser, password string) error {
	who := operator(u.organisation)
	if err := p.begin(ctx, a, who, u); err != nil {
		return err
	}
	at, err := p.place(ctx, a, u.organisation, u.unit)
	if err != nil {
		return err
	}
	person, err := p.person(ctx, a, who, at.unit, u)
	if err != nil {
		return err
	}
	return login.New(a, login.Config{}).NewAccount(ctx, who, person, u.account, password)
}

// person returns the person of that name in the unit, or makes one with the role. A first try with a password that was
// not taken leaves a person behind, who is then not made again.
func (p *program) person(ctx context.Context, a *app.App, who access.Actor, unit string, u newUser) (string, error) {
	t, err := a.List(ctx, who, "person", store.Query{Search: u.person, Where: map[string][]string{"unit": {unit}}, Limit: 500})
	if err != nil {
		return "", err
	}
	for _, rec := range t.Records {
		if rec.(*isms.Person).Name == u.person {
			return rec.Head().ID, nil
		}
	}
	id, err := a.Save(ctx, who, app.Change{Kind: "person", Unit: unit, Form: map[string][]string{"name": {u.person}}})
	if err != nil {
		return "", err
	}
	_, err = a.Save(ctx, who, app.Change{Kind: "assignment", Unit: unit, Form: map[string][]string{
		"person": {id}, "role": {u.role}, "valid_from": {string(a.Today())}}})
	return id, err
}

// begin makes the organisation and its topmost unit, if they do not exist.
func (p *program) begin(ctx context.Context, a *app.App, who access.Actor, u newUser) error {
	all, err := a.DB.Organisations(ctx)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.ID == u.organisation {
			return nil
		}
	}
	if u.organisationName == "" || u.unit == "" {
		return usageError{errors.New(p.lang.T("cli.user.first"))}
	}
	if err := a.DB.CreateOrganisation(ctx, store.Organisation{ID: u.organisation, Name: u.organisationName}); err != nil {
		return err
	}
	_, err = a.Save(ctx, who, app.Change{Kind: "unit", Form: map[string][]string{
		"name": {u.organisationName}, "code": {u.unit}, "kind": {"city"}}})
	return err
}

// password asks for a password without showing it where there is somebody to ask, and else reads a line.
func (p *program) password() (string, error) {
	if file, ok := p.in.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		fmt.Fprint(p.errs, p.lang.T("cli.user.password")+" ")
		text, err := term.ReadPassword(int(file.Fd()))
		fmt.Fprintln(p.errs)
		return string(text), err
	}
	line, err := bufio.NewReader(p.in).ReadString('\n')
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.Join(errors.New(p.lang.T("cli.user.no_password")), err)
	}
	return line, nil
}
