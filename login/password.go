// SPDX-License-Identifier: EUPL-1.2

package login

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
)

// The cost of a password's hash: the floor of OWASP's password storage sheet. A stored hash with other
// costs is still checked, and replaced when its owner next signs in.
const (
	hashMemory = 19456 // KiB
	hashRounds = 2
	hashLanes  = 1
	hashLength = 32
	saltLength = 16
)

// The dearest costs that a stored hash is believed to have, so that a hash somebody wrote into the
// database cannot make the program use all the machine's memory.
const (
	mostMemory = 256 << 10 // KiB
	mostRounds = 16
	mostLanes  = 8
)

// errBusy is returned when too many passwords are being checked at once.
var errBusy = errors.New("login: too many passwords to check at once")

// hashing bounds how many hashes are computed at a time, and so the memory that signing in can take:
// 19 MiB for each.
var hashing = make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))

// hashWait is how long a sign-in waits for its turn before it is told to come back.
const hashWait = 10 * time.Second

// turn waits for leave to compute a hash. The caller calls done.
func turn(ctx context.Context) (done func(), err error) {
	timer := time.NewTimer(hashWait)
	defer timer.Stop()
	select {
	case hashing <- struct{}{}:
		return func() { <-hashing }, nil
	case <-timer.C:
		return nil, errBusy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// hashPassword returns the argon2id hash of the password, exactly as it was typed, in the PHC string format
// with its costs and a fresh salt. The caller has a turn.
func hashPassword(password string) string {
	salt := make([]byte, saltLength)
	rand.Read(salt)
	key := argon2.IDKey([]byte(password), salt, hashRounds, hashMemory, hashLanes, hashLength)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashRounds, hashLanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

// A hash is a stored hash taken apart.
type hash struct {
	memory, rounds uint32
	lanes          uint8
	salt, key      []byte
}

func parseHash(s string) (hash, error) {
	var h hash
	var version int
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return h, errors.New("login: not an argon2id hash")
	}
	if n, err := fmt.Sscanf(parts[2], "v=%d", &version); n != 1 || err != nil || version != argon2.Version {
		return h, errors.New("login: a hash of another version")
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.rounds, &h.lanes); n != 3 || err != nil {
		return h, errors.New("login: a hash without costs")
	}
	if h.memory < 8 || h.memory > mostMemory || h.rounds < 1 || h.rounds > mostRounds || h.lanes < 1 || h.lanes > mostLanes {
		return h, errors.New("login: a hash with costs out of bounds")
	}
	var err error
	if h.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil || len(h.salt) < 8 || len(h.salt) > 64 {
		return h, errors.New("login: a hash without salt")
	}
	if h.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(h.key) < 16 || len(h.key) > 64 {
		return h, errors.New("login: a hash without a key")
	}
	return h, nil
}

// checkPassword reports whether the password is the one that was hashed. No hash stands for an account that is not
// there: it takes as long to refuse as a wrong password does. The caller has a turn.
func checkPassword(stored, password string) (bool, error) {
	if len(password) > mostBytes {
		password = "" // too long to be anybody's; the time must not depend on what was sent
	}
	h := hash{hashMemory, hashRounds, hashLanes, make([]byte, saltLength), make([]byte, hashLength)}
	if stored != "" {
		var err error
		if h, err = parseHash(stored); err != nil {
			return false, err
		}
	}
	key := argon2.IDKey([]byte(password), h.salt, h.rounds, h.memory, h.lanes, uint32(len(h.key)))
	return subtle.ConstantTimeCompare(key, h.key) == 1 && stored != "" && password != "", nil
}

// outdated reports whether the stored hash has other costs than those of today.
func outdated(stored string) bool {
	h, err := parseHash(stored)
	return err != nil || h.memory != hashMemory || h.rounds != hashRounds || h.lanes != hashLanes
}
