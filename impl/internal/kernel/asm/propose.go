package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// Package stream's.
const (
	multiplierHi, multiplierLo = 2549297995355413924, 4865540595714422341
	incrementHi, incrementLo   = 6364136223846793005, 1442695040888963407
	outputMultiplier           = 0xda942042e4dd58b5
	firstBin                   = (1023-6)<<4 - 1
	lastBin                    = 16*12 - 1
)

// The layout of stream.Proposals.
const (
	lot        = 16
	statesLo   = group
	proposalsZ = 2 * group
	proposalsU = proposalsZ + lot*group
	proposalsG = proposalsU + lot*group
	behindHi   = proposalsG + lot*group
	behindLo   = behindHi + lot*group
	rejected   = behindLo + lot*group
	outsides   = rejected + lot
	inverse    = outsides + lot
	left       = inverse + word
	stretch    = left + word
	strips     = stretch + word
	accepts    = strips + word
)

// streamConstants fill a group each.
var streamConstants = []struct {
	name string
	bits uint64
}{
	{"multiplierLo", multiplierLo}, {"multiplierLoHigh", multiplierLo >> 32},
	{"multiplierHi", multiplierHi}, {"multiplierHiHigh", multiplierHi >> 32},
	{"incrementLo", incrementLo}, {"incrementHi", incrementHi}, {"incrementLoSigned", incrementLo ^ 1<<63},
	{"output", outputMultiplier}, {"outputHigh", outputMultiplier >> 32},
	{"low", 1<<32 - 1}, {"one", 1}, {"sign", 1 << 63},
	{"exponent", 1023 << 52}, {"belowOne", math.Float64bits(1 - 0x1p-53)},
	{"magicLow", math.Float64bits(0x1p52)}, {"magicHigh", math.Float64bits(0x1p84)}, {"magicBoth", math.Float64bits(0x1p84 + 0x1p52)},
	{"unit", math.Float64bits(0x1p-53)}, {"strip", 255},
	{"zero", 0}, {"firstBin", firstBin}, {"lastBin", lastBin},
	{"oneFloat", math.Float64bits(1)}, {"safeSum", math.Float64bits(0x1p-24)}, {"least", math.Float64bits(1e-300)},
}

// proposals emits stream.Vectors.Propose: one loop that draws all variates, and one that looks
// them up in the table.
func proposals(o octet) {
	TEXT("propose"+o.suffix, NOSPLIT, "func(p *uint64, n int)")
	Doc("propose" + o.suffix + " is stream.Vectors.Propose.")
	Pragma("noescape")
	p, of, marks, n := param("p"), GP64(), GP64(), param("n") // of: a variate's group, marks: its byte
	MOVQ(p, of)
	MOVQ(p, marks)
	state := o.loadStates(p)
	loop("variate", n, func() {
		o.steps(state)
		o.strips(p, of, marks, state)
		o.steps(state)
		for i, s := range state {
			VMOVUPD(o.open(o.word(s)), at(of, proposalsU+i*o.size()))
		}
		ADDQ(U8(group), of)
		INCQ(marks)
	})
	o.storeStates(p, state)
	o.acceptance(p)
	VZEROUPPER()
	RET()
}

// strips writes Z, Behind and Outside of a variate from the states of its first words.
func (o octet) strips(p, of, marks GPVirtual, first []states) {
	table, outside := GP64(), GP64()
	MOVQ(at(p, strips), table)
	XORQ(outside, outside)
	for i, s := range first {
		VMOVUPD(s.hi, at(of, behindHi+i*o.size()))
		VMOVUPD(s.lo, at(of, behindLo+i*o.size()))
		words := o.word(s)
		u, strip := o.open(words), o.vector()
		o.and(o.constant("strip"), words, strip)
		VPADDQ(strip, strip, words)
		VPADDQ(words, strip, strip) // an entry is three numbers: the right end, the density, the share inside
		inside := o.gather(table, 2*word, strip)
		x := o.gather(table, 0, strip)
		VMULPD(u, x, x)
		VMOVUPD(x, at(of, proposalsZ+i*o.size()))
		shiftInto(outside, o.any(comparison{u, atLeast, inside}), i*o.size()/word)
	}
	MOVB(outside.As8(), at(marks, outsides))
}

// acceptance writes LogG and Rejected of the variates 0..n-1, and turns their uniforms
// into those of a side.
func (o octet) acceptance(p GPVirtual) {
	of, table, marks, n := GP64(), GP64(), GP64(), param("n")
	MOVQ(p, of)
	MOVQ(p, marks)
	MOVQ(at(p, accepts), table)
	inverses, lefts, stretches, none := o.broadcast(at(p, inverse)), o.broadcast(at(p, left)), o.broadcast(at(p, stretch)), o.zero()
	loop("accept", n, func() {
		anew := GP64()
		XORQ(anew, anew)
		for i := range o.parts() {
			u, x, logG := o.load(at(of, proposalsU+i*o.size())), o.vector(), o.vector()
			VSUBPD(lefts, u, u)
			VMULPD(stretches, u, u)
			VMOVUPD(u, at(of, proposalsU+i*o.size()))
			VMULPD(at(of, proposalsZ+i*o.size()), inverses, x)
			o.xor(o.constant("sign"), x, logG)
			VMOVUPD(logG, at(of, proposalsG+i*o.size()))
			VPSRLQ(U8(48), x, x)
			VPSUBD(o.constant("firstBin"), x, x)
			VPMAXSD(o.constant("zero"), x, x)
			VPMINSD(o.constant("lastBin"), x, x)
			VPADDQ(x, x, x) // an entry is two numbers
			accept := o.gather(table, 0, x)
			shiftInto(anew, o.any(comparison{none, above, u}, comparison{u, above, accept}), i*o.size()/word)
		}
		MOVB(anew.As8(), at(marks, rejected))
		ADDQ(U8(group), of)
		INCQ(marks)
	})
}

// shiftInto adds the bits of lanes from..from+3 or more.
func shiftInto(all, bits GPVirtual, from int) {
	if from > 0 {
		SHLQ(U8(uint8(from)), bits)
	}
	ORQ(bits, all)
}

// float64s emits stream.Vectors.Float64s.
func float64s(o octet) {
	TEXT("float64s"+o.suffix, NOSPLIT, "func(states *uint64, dst *float64, n int)")
	Doc("float64s" + o.suffix + " is stream.Vectors.Float64s of n > 0 groups.")
	Pragma("noescape")
	p, dst, n := param("states"), param("dst"), param("n")
	state := o.loadStates(p)
	loop("number", n, func() {
		o.steps(state)
		for i, s := range state {
			words, low := o.word(s), o.vector()
			VPSRLQ(U8(11), words, low) // 53 bits, of which 32 are below 2^32
			o.and(o.constant("low"), low, low)
			o.or(o.constant("magicLow"), low, low)
			VPSRLQ(U8(43), words, words)
			o.or(o.constant("magicHigh"), words, words)
			VSUBPD(o.constant("magicBoth"), words, words)
			VADDPD(low, words, words)
			VMULPD(o.constant("unit"), words, words)
			VMOVUPD(words, at(dst, i*o.size()))
		}
		ADDQ(U8(group), dst)
	})
	o.storeStates(p, state)
	VZEROUPPER()
	RET()
}
