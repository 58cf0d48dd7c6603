// SPDX-License-Identifier: EUPL-1.2

package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	smtp "github.com/wneessen/go-mail"

	"ledsyn/app"
)

// Ways to keep a connection to the mail server secret.
const (
	StartTLS = "starttls" // begins in the clear and must turn to TLS before anything is said
	TLS      = "tls"      // TLS from the first byte
	NoTLS    = "none"     // in the clear: for a server on the machine itself or on a network of its own
)

// Server is the mail server that mail is handed to.
type Server struct {
	Address        string         // host:port
	From           string         // the sender's address
	User, Password string         // none where User is ""
	TLS            string         // StartTLS, TLS or NoTLS
	Roots          *x509.CertPool // who may vouch for the server's name; nil is whom the machine trusts
}

// Errors of settings that no mail can be sent by.
var (
	ErrAddress = errors.New("notify: the mail server's address is no host:port")
	ErrFrom    = errors.New("notify: the sender is no mail address")
	ErrTLS     = errors.New("notify: no such way to use TLS")
	ErrClear   = errors.New("notify: a password is not sent in the clear")
	ErrBase    = errors.New("notify: links need the address that people use the program by")
)

// Check reports what is wrong with the settings.
func (s Server) Check() error {
	host, port, err := net.SplitHostPort(s.Address)
	n, portErr := strconv.Atoi(port)
	switch {
	case err != nil || host == "" || portErr != nil || n < 1 || n > 65535:
		return ErrAddress
	case address(s.From) == "":
		return ErrFrom
	case s.TLS != StartTLS && s.TLS != TLS && s.TLS != NoTLS:
		return ErrTLS
	case s.TLS == NoTLS && s.User != "":
		return ErrClear
	}
	return nil
}

// address is the text if it is a mail address and nothing more, else "".
func address(text string) string {
	a, err := mail.ParseAddress(text)
	if err != nil || a.Name != "" || a.Address != text || strings.ContainsAny(text, "\r\n\x00 <>") {
		return ""
	}
	return text
}

const (
	roundEvery = 30 * time.Second
	planEvery  = 15 * time.Minute
	roundTime  = 5 * time.Minute  // after which the rest waits: well before what is being sent is taken to be broken off
	replyTime  = 30 * time.Second // that the server may take to answer
)

// Mailer sends what the outbox holds.
type Mailer struct {
	App    *app.App
	Server Server
	Base   string // the address that people use the program by
	Log    *slog.Logger
}

// Check reports what is wrong with the settings.
func (m *Mailer) Check() error {
	u, err := url.Parse(m.Base)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ErrBase
	}
	return m.Server.Check()
}

// Run sends until the context ends, and then lets the letter on its way arrive.
func (m *Mailer) Run(ctx context.Context) {
	var planned time.Time
	for {
		if time.Since(planned) >= planEvery {
			planned = time.Now()
			if err := m.App.PlanReminders(ctx); err != nil && ctx.Err() == nil {
				m.Log.ErrorContext(ctx, "reminders could not be looked for", "error", err)
			}
		}
		if err := m.Round(ctx); err != nil && ctx.Err() == nil {
			m.Log.ErrorContext(ctx, "mail could not be taken from the outbox", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(roundEvery):
		}
	}
}

// Round sends once what is due. What the server refuses or cannot take is no error: it is noted, and tried again or not.
func (m *Mailer) Round(ctx context.Context) error {
	letters, err := m.App.TakeLetters(ctx)
	if len(letters) == 0 {
		return err
	}
	end := time.Now().Add(roundTime)
	errs := []error{err}
	client, problem := m.dial(ctx)
	defer func() {
		if client != nil {
			client.Close()
		}
	}()
	for _, l := range letters {
		switch {
		case ctx.Err() != nil || time.Now().After(end):
			errs = append(errs, m.App.LetterUntried(ctx, l))
			continue
		case client == nil && problem.Code == "":
			client, problem = m.dial(ctx) // the connection broke with the letter before
		}
		why := problem
		if client != nil {
			if why = m.send(client, l); why.Unknown || why.Code == "connection" {
				client.Close()
				client = nil
			}
		}
		errs = append(errs, m.note(ctx, l, why))
	}
	return errors.Join(errs...)
}

// note keeps how it went, and logs what did not go well, without the address.
func (m *Mailer) note(ctx context.Context, l app.Letter, why app.MailProblem) error {
	if why.Code == "" {
		return m.App.LetterSent(ctx, l)
	}
	m.Log.WarnContext(ctx, "a reminder was not sent", "org", l.Org, "person", l.Person, "problem", why.Code, "permanent", why.Permanent, "unknown", why.Unknown)
	return m.App.LetterFailed(ctx, l, why)
}

// dial connects to the server.
func (m *Mailer) dial(ctx context.Context) (*smtp.Client, app.MailProblem) {
	s := m.Server
	host, port, err := net.SplitHostPort(s.Address)
	if err != nil {
		return nil, app.MailProblem{Code: "connection"}
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, app.MailProblem{Code: "connection"}
	}
	options := []smtp.Option{smtp.WithPort(n), smtp.WithTimeout(replyTime), smtp.WithoutNoop(),
		smtp.WithTLSConfig(&tls.Config{ServerName: host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12})}
	switch s.TLS {
	case StartTLS:
		options = append(options, smtp.WithTLSPolicy(smtp.TLSMandatory))
	case TLS:
		options = append(options, smtp.WithSSL())
	default:
		options = append(options, smtp.WithTLSPolicy(smtp.NoTLS))
	}
	if s.User != "" {
		options = append(options, smtp.WithSMTPAuth(smtp.SMTPAuthAutoDiscover), smtp.WithUsername(s.User), smtp.WithPassword(s.Password))
	}
	client, err := smtp.NewClient(host, options...)
	if err == nil {
		err = client.DialWithContext(ctx)
	}
	if err != nil {
		m.Log.WarnContext(ctx, "the mail server cannot be used", "server", s.Address, "error", err) // nothing of a letter has been said yet
		return nil, app.MailProblem{Code: dialProblem(err)}
	}
	return client, app.MailProblem{}
}

// dialProblem tells a server that is not there from one that is not who it should be and from one that does not know us.
func dialProblem(err error) string {
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	text := strings.ToUpper(err.Error())
	switch {
	case errors.As(err, &cert), errors.As(err, &record), strings.Contains(text, "TLS"):
		return "tls"
	case strings.Contains(text, "AUTH") || strings.HasPrefix(text, "535"):
		return "login"
	}
	return "connection"
}

// send sends the letter by a connected client.
func (m *Mailer) send(client *smtp.Client, l app.Letter) app.MailProblem {
	msg, err := m.message(l)
	if err != nil {
		return app.MailProblem{Code: "address", Permanent: true}
	}
	err = client.Send(msg)
	if err == nil || msg.IsDelivered() {
		return app.MailProblem{}
	}
	var refused *smtp.SendError
	if !errors.As(err, &refused) {
		return app.MailProblem{Code: "connection"}
	}
	return sendProblem(refused)
}

// sendProblem judges what the server said. A sender that it refuses is a matter of settings, which may be mended, and concerns all
// letters; a refused receiver or letter is final.
func sendProblem(e *smtp.SendError) app.MailProblem {
	switch code := e.ErrorCode(); {
	case code >= 500:
		return app.MailProblem{Code: strconv.Itoa(code), Permanent: e.Reason != smtp.ErrSMTPMailFrom}
	case code >= 400:
		return app.MailProblem{Code: strconv.Itoa(code)}
	case e.Reason == smtp.ErrSMTPDataClose: // all was said, and the answer is missing
		return app.MailProblem{Code: "connection", Unknown: true}
	}
	return app.MailProblem{Code: "connection"}
}

// message makes the letter what is sent. An address that is not one and nothing more is refused.
func (m *Mailer) message(l app.Letter) (*smtp.Msg, error) {
	to := address(l.Address)
	if to == "" {
		return nil, errors.New("notify: no mail address")
	}
	msg := smtp.NewMsg()
	if err := msg.From(m.Server.From); err != nil {
		return nil, err
	}
	if err := msg.To(to); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(m.Server.From, "@")
	msg.SetMessageIDWithValue(fmt.Sprintf("%s@%s", l.ID, domain))
	msg.SetDateWithValue(l.At.Time())
	msg.SetUserAgent("Ledsyn")
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // so that no machine answers
	msg.SetGenHeader("Content-Language", string(l.Lang))
	msg.Subject(plainSubject(subject(l)))
	msg.SetBodyString(smtp.TypeTextPlain, body(l, m.Base))
	return msg, nil
}

// plainSubject keeps line breaks out of the subject, whatever has come into it.
func plainSubject(text string) string {
	return strings.NewReplacer("\r", " ", "\n", " ", "\x00", " ").Replace(text)
}
