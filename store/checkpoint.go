// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// A checkpoint is a signed note as public transparency logs write it:
//
//	ledsyn/ORGANISATION
//	the number of entries
//	the tree's root in base64
//
// and an Ed25519 signature by the key named as the first line. The key is made at the first start and kept in
// a file beside the data, never in the database, so that who can change the database cannot sign.

func originOf(org string) string { return "ledsyn/" + org }

// openKey reads the key, or makes it when it may and there is none. Without a file's name there is no key.
func openKey(file string, mayMake bool) (ed25519.PrivateKey, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		if !mayMake {
			return nil, nil
		}
		return makeKey(file)
	}
	if err != nil {
		return nil, fmt.Errorf("store: the signing key: %w", err)
	}
	key, err := readKey(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, file)
	}
	return key, nil
}

func makeKey(file string) (ed25519.PrivateKey, error) {
	seed := make([]byte, ed25519.SeedSize)
	rand.Read(seed)
	key, err := keepKey(file, seed)
	if errors.Is(err, os.ErrExist) {
		return openKey(file, false)
	}
	return key, err
}

// keepKey writes a key whole or not at all: first beside its place, then moved there unless another program was
// first, which is os.ErrExist.
func keepKey(file string, seed []byte) (ed25519.PrivateKey, error) {
	f, err := os.CreateTemp(filepath.Dir(file), ".key-*") // with mode 0600
	if err != nil {
		return nil, fmt.Errorf("store: the signing key: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(seed) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(f.Name(), file); err != nil {
		return nil, fmt.Errorf("store: the signing key: %w", err)
	}
	if err := syncFolder(filepath.Dir(file)); err != nil {
		return nil, fmt.Errorf("store: the signing key: %w", err)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// syncFolder makes a new file's name survive a power cut: what the key has signed cannot be checked without
// it. Systems that cannot sync a folder do so by themselves.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// signer signs notes for one organisation.
type signer struct {
	name string
	key  ed25519.PrivateKey
}

// Name is the key's name in a note.
func (s signer) Name() string { return s.name }

// KeyHash tells keys of the same name apart, as note.NewVerifier computes it.
func (s signer) KeyHash() uint32 {
	const ed25519Algorithm = 1
	h := sha256.Sum256([]byte(s.name + "\n" + string(rune(ed25519Algorithm)) + string(s.key.Public().(ed25519.PublicKey))))
	return binary.BigEndian.Uint32(h[:4])
}

// Sign signs a note's text.
func (s signer) Sign(text []byte) ([]byte, error) { return ed25519.Sign(s.key, text), nil }

// VerifierKey is the public key, as golang.org/x/mod/sumdb/note writes it, that checks the organisation's
// checkpoints. Give it to whoever keeps checkpoints. Error: ErrNoKey.
func (db *DB) VerifierKey(org string) (string, error) {
	if db.key == nil {
		return "", ErrNoKey
	}
	return note.NewEd25519VerifierKey(originOf(org), db.key.Public().(ed25519.PublicKey))
}

// Checkpoint signs where the organisation's journal is now. The database remembers it, and Verify holds the
// journal to it; its worth is in being kept elsewhere. Errors: ErrNoKey, isms.ErrNotFound.
func (db *DB) Checkpoint(ctx context.Context, org string) ([]byte, error) {
	if db.key == nil {
		return nil, ErrNoKey
	}
	var h *head
	err := db.View(ctx, org, func(t *Tx) (err error) {
		h, err = t.readHead()
		return err
	})
	if err != nil {
		return nil, err
	}
	signed, err := db.sign(org, uint64(h.seq), rootBytes(h.tree))
	if err != nil || db.readOnly {
		return signed, err
	}
	return signed, db.change(ctx, func(t *Tx) error {
		_, err := t.exec(`insert into checkpoint (org, seq, at, note) values ($1, $2, $3, $4) on conflict do nothing`,
			org, h.seq, string(t.Now()), string(signed))
		return err
	})
}

func (db *DB) sign(org string, size uint64, root []byte) ([]byte, error) {
	text := fmt.Sprintf("%s\n%d\n%s\n", originOf(org), size, base64.StdEncoding.EncodeToString(root))
	return note.Sign(&note.Note{Text: text}, signer{originOf(org), db.key})
}

// A checkpoint that has been read: so many entries had that root.
type checkpoint struct {
	origin string
	size   uint64
	root   []byte
}

// ErrCheckpoint is a checkpoint that cannot be read, is another organisation's or is not signed by the key.
var ErrCheckpoint = errors.New("store: not a checkpoint signed by this key")

// verifiers are the public keys that the organisation's checkpoints are checked with: this place's, where it has one,
// and those of the places that its journal was kept in before. Who adds one to the database gains nothing: the roots
// must be the journal's whichever key signed them.
func (t *Tx) verifiers() ([]string, error) {
	var keys []string
	own, err := t.db.VerifierKey(t.org)
	if err == nil {
		keys = append(keys, own)
	} else if !errors.Is(err, ErrNoKey) {
		return nil, err
	}
	return keys, t.each(`select verifier from verifier where org = $1 and verifier <> $2 order by verifier`, []any{t.org, own},
		func(scan func(...any) error) error {
			var key string
			err := scan(&key)
			keys = append(keys, key)
			return err
		})
}

// openCheckpoint reads a signed note and checks that one of the keys has signed it. All are one organisation's.
func openCheckpoint(signed []byte, verifierKeys ...string) (checkpoint, error) {
	var verifiers []note.Verifier
	for _, key := range verifierKeys {
		v, err := note.NewVerifier(key)
		if err != nil {
			return checkpoint{}, fmt.Errorf("%w: %w", ErrCheckpoint, err)
		}
		verifiers = append(verifiers, v)
	}
	n, err := note.Open(signed, note.VerifierList(verifiers...))
	if err != nil {
		return checkpoint{}, fmt.Errorf("%w: %w", ErrCheckpoint, err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 || lines[0] != verifiers[0].Name() {
		return checkpoint{}, ErrCheckpoint
	}
	c := checkpoint{origin: lines[0]}
	var errs [2]error
	c.size, errs[0] = strconv.ParseUint(lines[1], 10, 63)
	c.root, errs[1] = base64.StdEncoding.DecodeString(lines[2])
	if err := errors.Join(errs[:]...); err != nil {
		return checkpoint{}, fmt.Errorf("%w: %w", ErrCheckpoint, err)
	}
	return c, nil
}
