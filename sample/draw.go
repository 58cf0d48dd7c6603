// SPDX-License-Identifier: EUPL-1.2

package sample

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"io"
	"math"
)

// Each hash begins with what it is for, so that none can be taken for another.
const (
	commitmentPurpose = "ledsyn sample commitment 1\n"
	stratumPurpose    = "ledsyn sample stratum 1\n"
	drawPurpose       = "ledsyn sample draw 1\n"
)

// A Seed decides a draw. Until the population is frozen only its Commitment may be seen: whoever knows the seed knows which rows a
// population would have drawn. The zero Seed is none.
type Seed [32]byte

// NewSeed reads a seed from a source of randomness, crypto/rand.Reader.
func NewSeed(r io.Reader) (Seed, error) {
	var s Seed
	if _, err := io.ReadFull(r, s[:]); err != nil {
		return Seed{}, err
	}
	if s == (Seed{}) {
		return Seed{}, wrong(wrongSeed)
	}
	return s, nil
}

// ParseSeed reads what Hex writes.
func ParseSeed(text string) (Seed, error) {
	var s Seed
	if len(text) != hex.EncodedLen(len(s)) {
		return Seed{}, wrong(wrongSeed)
	}
	if _, err := hex.Decode(s[:], []byte(text)); err != nil || s == (Seed{}) {
		return Seed{}, wrong(wrongSeed)
	}
	return s, nil
}

// Hex writes the seed as 64 hexadecimal digits.
func (s Seed) Hex() string { return hex.EncodeToString(s[:]) }

// Commitment is what is made known before the population is frozen: it tells nothing about the seed, and no other seed has the same.
func (s Seed) Commitment() string {
	sum := s.hash(commitmentPurpose)
	return hex.EncodeToString(sum[:])
}

// Stratum is the seed of stratum i, counted from 1 in the order in which the strata were frozen. The draws of strata are independent.
func (s Seed) Stratum(i int) Seed { return s.hash(stratumPurpose, uint64(i)) }

func (s Seed) hash(purpose string, numbers ...uint64) [sha256.Size]byte {
	text := append([]byte(purpose), s[:]...)
	for _, n := range numbers {
		text = binary.BigEndian.AppendUint64(text, n)
	}
	return sha256.Sum256(text)
}

// Draw returns the numbers of the rows drawn, from 1 to rows, in the order drawn and each at most once. Every set of rows is as likely.
// The first rows of a larger draw with the same seed are the smaller draw. A sample made larger because of what was found in it is no longer
// drawn at random: decide the size before. It takes memory for the sample only, not for all rows.
func Draw(seed Seed, rows int64, size int) ([]int64, error) {
	switch {
	case seed == Seed{}:
		return nil, wrong(wrongSeed)
	case rows < 1 || rows > MaxPopulation:
		return nil, wrong(wrongRows, MaxPopulation)
	}
	if err := checkSize(int(rows), size); err != nil {
		return nil, err
	}
	numbers := stream{seed: seed}
	drawn := make([]int64, size)
	moved := map[int64]int64{} // the places that hold another row than their own; those before i are not looked at again
	at := func(place int64) int64 {
		if row, ok := moved[place]; ok {
			return row
		}
		return place
	}
	for i := range drawn {
		place := int64(i)
		other := place + int64(numbers.below(uint64(rows-place)))
		drawn[i] = at(other) + 1
		moved[other] = at(place)
		delete(moved, place)
	}
	return drawn, nil
}

// A stream is the numbers that a seed gives: SHA-256 of the purpose, the seed and a counter from 0, each hash cut in four numbers of
// 64 bits, big-endian.
type stream struct {
	seed  Seed
	block [sha256.Size]byte
	next  uint64 // the number to take
}

func (s *stream) number() uint64 {
	const each = 8
	in := s.next % (sha256.Size / each)
	if in == 0 {
		s.block = s.seed.hash(drawPurpose, s.next/(sha256.Size/each))
	}
	s.next++
	return binary.BigEndian.Uint64(s.block[in*each:])
}

// below is a number from 0 to n-1, each as likely: a number at or above the largest multiple of n that 64 bits hold is left out, since the
// remainders of those do not come out even.
func (s *stream) below(n uint64) uint64 {
	over := (math.MaxUint64%n + 1) % n // 2^64 modulo n
	for {
		if x := s.number(); x <= math.MaxUint64-over {
			return x % n
		}
	}
}
