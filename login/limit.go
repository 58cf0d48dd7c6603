// SPDX-License-Identifier: EUPL-1.2

package login

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"strings"
	"time"
)

// A limit is how many tries there may be within a time. The guesser meets them all; they are made so that a
// guesser cannot shut out the one who owns the account. From an address of its own a guesser uses up its own
// pair of account and address. From many addresses it uses up the account's tries, but those do not concern
// a device on which the owner has signed in before: that has tries of its own.
type limit struct {
	key    string
	most   int
	within time.Duration
}

const (
	mostFromPair    = 10  // tries of one account from one address
	mostFromDevice  = 10  // tries of one account on one device that is known to it
	mostOfAccount   = 50  // tries of one account from everywhere but known devices
	mostFromAddress = 200 // tries of any account from one address; a whole town hall may share one
	tryTime         = 15 * time.Minute

	deviceTime = 180 * 24 * time.Hour // how long a device stays known
)

// limits lists what a try of the account, from the address and perhaps from a known device, counts against.
func limits(account, address, device string) []limit {
	if device != "" {
		return []limit{{attemptKey("device", account, device), mostFromDevice, tryTime}}
	}
	return []limit{
		{attemptKey("pair", account, address), mostFromPair, tryTime},
		{attemptKey("account", account), mostOfAccount, tryTime},
		{attemptKey("address", address), mostFromAddress, tryTime},
	}
}

// attemptKey names what is counted. It is a digest, since people now and then type their password where the
// name belongs, and since what a stranger types has no bounded length.
func attemptKey(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return parts[0] + ":" + hex.EncodeToString(sum[:])
}

// networkOf returns the part of an address that one guesser has to itself: an IPv4 address, or the /64 of an
// IPv6 address. Of host:port, as net/http gives it, the port is dropped.
func networkOf(address string) string {
	if ap, err := netip.ParseAddrPort(address); err == nil {
		address = ap.Addr().String()
	}
	a, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	p, _ := a.Prefix(64)
	return p.String()
}

// onLoopback reports whether the address, with or without a port, is the machine's own and can be reached from
// nowhere else. A name counts only if it is localhost.
func onLoopback(address string) bool {
	host := address
	if i := strings.LastIndexByte(address, ':'); i >= 0 && (strings.Count(address, ":") == 1 || strings.HasPrefix(address, "[")) {
		host = address[:i]
	}
	host = strings.Trim(host, "[]")
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}
