// Package stream is the project's only source of randomness: uniform numbers
// from a PCG generator whose state is a function of a Key, so that every
// random thing is a function of the seed, whatever the number of workers, the
// order of evaluation or the machine.
//
// It never reads a clock, keeps no global generator, and has from math/rand/v2
// nothing but PCG's 64-bit words: the library's normal variates differ between
// architectures.
package stream

import "math/bits"

// Purpose separates the streams of one seed. The values are part of the
// determinism contract: renumbering them changes every golden.
type Purpose uint64

// The purposes for which the project draws random numbers.
const (
	Graph     Purpose = iota + 1 // a random graph
	Prior                        // the base chain of a prior, Monte Carlo over chains
	Train                        // training batches
	Test                         // test sequences
	Shift                        // out-of-distribution test sequences
	Init                         // initial parameters
	Search                       // searches for counterexamples
	Resample                     // bootstrap
	Law                          // a law's own Monte Carlo
	Bench                        // benchmarks
	Embedding                    // random embeddings
)

// Key names one stream: the user's seed, what it is for, and two indices
// (training step or repetition, and shard).
type Key struct {
	Seed    uint64
	Purpose Purpose
	Step    uint64
	Shard   uint64
}

// Stream draws uniforms. It is not safe for concurrent use; its zero value is
// not usable, call New or Reset first.
type Stream struct {
	hi, lo uint64 // PCG's state; the rest is none

	small          smallGamma                  // constants of the last small shape
	proposals      struct{ z, u [lot]float64 } // scratch, as the slices
	logs, variates []float64
}

// New returns the stream of a key.
func New(k Key) *Stream {
	s := new(Stream)
	s.Reset(k)
	return s
}

// Reset moves s to the start of the stream of k, without allocation.
func (s *Stream) Reset(k Key) {
	h := mix(k.Seed ^ 0x9e3779b97f4a7c15)
	h = mix(h ^ uint64(k.Purpose)*0xbf58476d1ce4e5b9)
	h = mix(h ^ k.Step*0x94d049bb133111eb)
	h = mix(h ^ k.Shard*0xd6e8feb86659fd93)
	s.hi, s.lo = h, mix(h+0x9e3779b97f4a7c15)
}

// mix is the finaliser of SplitMix64, a bijection of the 64-bit words.
func mix(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// step is the next state of PCG, a 128-bit linear congruential generator. It and
// word are those of math/rand/v2, whose state a loop cannot keep in registers.
func step(hi, lo uint64) (uint64, uint64) {
	const (
		multiplierHi, multiplierLo = 2549297995355413924, 4865540595714422341
		incrementHi, incrementLo   = 6364136223846793005, 1442695040888963407
	)
	h, l := bits.Mul64(lo, multiplierLo)
	l, carry := bits.Add64(l, incrementLo, 0)
	h, _ = bits.Add64(h, lo*multiplierHi+incrementHi, carry)
	return h + hi*multiplierLo, l // what takes longest, hi's product, is added last
}

// word is the output of a state ("double xorshift multiply").
func word(hi, lo uint64) uint64 {
	const multiplier = 0xda942042e4dd58b5
	hi ^= hi >> 32
	hi *= multiplier
	hi ^= hi >> 48
	return hi * (lo | 1)
}

// Uint64 returns 64 random bits.
func (s *Stream) Uint64() uint64 {
	s.hi, s.lo = step(s.hi, s.lo)
	return word(s.hi, s.lo)
}

// Float64 returns a uniform multiple of 2^-53 in [0, 1).
func (s *Stream) Float64() float64 { return float64(int64(s.Uint64()>>11)) * 0x1p-53 }

// Open returns a uniform number in the open interval (0, 1), safe to take the
// logarithm of: an odd multiple of 2^-53.
func (s *Stream) Open() float64 { return open(s.Uint64()) }

// open is the number of Open that a word makes.
func open(word uint64) float64 { return (float64(int64(word>>12)) + 0.5) * 0x1p-52 }

// IntN returns a uniform integer in [0, n), n >= 1, without bias (Lemire's
// multiply-shift with rejection).
func (s *Stream) IntN(n int) int {
	bound := uint64(n)
	hi, lo := bits.Mul64(s.Uint64(), bound)
	if lo < bound {
		threshold := -bound % bound
		for lo < threshold {
			hi, lo = bits.Mul64(s.Uint64(), bound)
		}
	}
	return int(hi)
}

// Shuffle permutes v uniformly (Fisher and Yates).
func (s *Stream) Shuffle(v []int) {
	for i := len(v) - 1; i > 0; i-- {
		j := s.IntN(i + 1)
		v[i], v[j] = v[j], v[i]
	}
}
