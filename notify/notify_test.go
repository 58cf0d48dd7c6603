// SPDX-License-Identifier: EUPL-1.2

package notify

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A mailbox is a mail server under test and what has come into it.
type mailbox struct {
	address string
	roots   *x509.CertPool
	letters chan received
}

// received is a letter as the server's own library reads it.
type received struct {
	From    string
	To      []string
	TLS     bool
	Headers [][2]string
	Body    string
}

func (r received) header(name string) string {
	for _, h := range r.Headers {
		if h[0] == name {
			return strings.TrimSpace(h[1]) // a long one may begin on a line of its own
		}
	}
	return ""
}

// startServer starts a mail server. LEDSYN_TEST_SMTP names a Python that has aiosmtpd.
func startServer(t *testing.T, secure bool, args ...string) *mailbox {
	t.Helper()
	python := os.Getenv("LEDSYN_TEST_SMTP")
	if python == "" {
		t.Skip("LEDSYN_TEST_SMTP names no Python with aiosmtpd")
	}
	m := &mailbox{letters: make(chan received, 100)}
	if secure {
		cert, key, roots := certificate(t)
		m.roots = roots
		args = append(args, "-cert", cert, "-key", key)
	}
	cmd := exec.CommandContext(t.Context(), python, append([]string{"testdata/smtp_server.py"}, args...)...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Logf("the mail server said: %s", said.String())
		}
	})
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	var first struct{ Port int }
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &first) != nil {
		t.Fatalf("the mail server says %q", lines.Text())
	}
	m.address = fmt.Sprintf("127.0.0.1:%d", first.Port)
	go func() {
		for lines.Scan() {
			var r received
			if json.Unmarshal(lines.Bytes(), &r) == nil {
				m.letters <- r
			}
		}
	}()
	return m
}

// next waits for a letter.
func (m *mailbox) next(t *testing.T) received {
	t.Helper()
	select {
	case r := <-m.letters:
		return r
	case <-time.After(5 * time.Second):
		t.Fatal("no letter came")
	}
	return received{}
}

// none makes sure that no letter has come. The server writes a letter down before it answers that it has taken it.
func (m *mailbox) none(t *testing.T) {
	t.Helper()
	select {
	case r := <-m.letters:
		t.Errorf("a letter came: %+v", r)
	case <-time.After(100 * time.Millisecond):
	}
}

// certificate makes a certificate for this machine that nobody but the returned pool vouches for.
func certificate(t *testing.T) (certFile, keyFile string, roots *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, kind string, body []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: body}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots = x509.NewCertPool()
	roots.AddCert(cert)
	return write("cert.pem", "CERTIFICATE", der), write("key.pem", "PRIVATE KEY", private), roots
}

func (m *mailbox) mailer(tls string) *Mailer {
	return &Mailer{Base: "https://ledsyn.example.se", Log: slog.New(slog.DiscardHandler),
		Server: Server{Address: m.address, From: "ledsyn@example.se", TLS: tls, Roots: m.roots}}
}
