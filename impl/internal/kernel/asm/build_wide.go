package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// lowAndHighMask selects the first n <= 16 items of two vectors of eight.
func lowAndHighMask(n GPVirtual) (low, high OpmaskVirtual) {
	bits := GP64()
	low, high = K(), K()
	XORQ(bits, bits)
	BTSQ(n, bits)
	DECQ(bits)
	KMOVW(bits.As32(), low)
	SHRQ(U8(8), bits)
	KMOVW(bits.As32(), high)
	return low, high
}

// transposition is the pair of index vectors that turn two vectors [a0 a1 a2 a3 |
// b0 b1 b2 b3] and [c.. | d..] into [a0 b0 c0 d0 | a1 b1 c1 d1] and [a2 b2 c2 d2
// | a3 b3 c3 d3].
type transposition struct{ low, high VecVirtual }

func transpositionTable() Mem {
	t := GLOBL("transposition", RODATA|NOPTR)
	for i, from := range []uint64{0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15} {
		DATA(i*word, U64(from))
	}
	return t
}

func loadTransposition(t Mem) transposition {
	v := transposition{ZMM(), ZMM()}
	VMOVDQU64(t, v.low)
	VMOVDQU64(t.Offset(2*width), v.high)
	return v
}

// apply transposes; a is used up and is the second result.
func (t transposition) apply(a, b VecVirtual) (low, high VecVirtual) {
	low = ZMM()
	VMOVDQA64(t.low, low)
	VPERMI2PD(b, a, low)
	VPERMT2PD(b, t.high, a)
	return low, a
}

// buildWide is build for S <= 16: two tiles at a time, and the token factors of a
// query in two registers, from where the keys' tokens select them.
func buildWide(table Mem) {
	TEXT("buildAVX512", NOSPLIT, "func(e *float64, eStep int, scale *float64, scaleStep int, table *float64, query, token *int, length, tokens, sequences int)")
	Doc("buildAVX512 is Block.Build for S <= 16.")
	Pragma("noescape")
	low, high := lowAndHighMask(param("tokens"))
	t := loadTransposition(table)
	eachSequence(func() { buildWideOne(low, high, t) }, rows("e"), rows("scale"), tokens("query"), tokens("token"))
}

func buildWideOne(low, high OpmaskVirtual, t transposition) {
	e, scale, query, j := param("e"), param("scale"), param("query"), GP64()
	XORQ(j, j) // 1, 2, ..., blocks
	Label("queries")
	INCQ(j)
	r := rowPointers(param("table"), query)
	length, sum := bytes("length"), YMM()
	var factors [4][2]VecVirtual
	for i := range r {
		factors[i] = [2]VecVirtual{ZMM(), ZMM()}
		VMOVUPD_Z(indexed(r[i], length, 0), low, factors[i][0])
		VMOVUPD_Z(indexed(r[i], length, 2*width), high, factors[i][1])
	}
	zero(sum)
	token, pairs, offset := param("token"), GP64(), GP64() // offset: bytes of the keys so far
	XORQ(offset, offset)
	MOVQ(j, pairs)
	// tiles writes n tiles from their keys' tokens.
	tiles := func(tokens VecVirtual, n int) {
		var v [4]VecVirtual
		for i := range v {
			v[i] = ZMM()
			VMOVDQA64(tokens, v[i])
			VPERMI2PD(factors[i][1], factors[i][0], v[i])
			VMULPD(indexed(r[i], offset, 0), v[i], v[i])
		}
		for i := range n {
			a, b := ZMM(), ZMM()
			half := U8([]uint8{0b01000100, 0b11101110}[i])
			VSHUFF64X2(half, v[1], v[0], a)
			VSHUFF64X2(half, v[3], v[2], b)
			first, second := t.apply(a, b) // keys 0 and 1, 2 and 3
			VMOVUPD(first, at(e, 0))
			VMOVUPD(second, at(e, 2*width))
			keys := splitPairs([]VecVirtual{first, second})
			VADDPD(keys[1], keys[0], keys[0])
			VADDPD(keys[3], keys[2], keys[2])
			VADDPD(keys[2], keys[0], keys[0])
			VADDPD(keys[0], sum, sum)
			ADDQ(U32(tile), e)
		}
	}
	SHRQ(U8(1), pairs)
	JZ(LabelRef("lastTile"))
	loop("pairs", pairs, func() {
		tokens := ZMM()
		VMOVDQU64(indexed(token, offset, 0), tokens)
		tiles(tokens, 2)
		ADDQ(U8(2*width), offset)
	})
	Label("lastTile")
	TESTQ(U32(1), j)
	JZ(LabelRef("row"))
	tokens := YMM()
	VMOVDQU(indexed(token, offset, 0), tokens)
	tiles(tokens.AsZ().(VecVirtual), 1)
	Label("row")
	one := YMM()
	VMOVUPD(constant("one"), one)
	VDIVPD(sum, one, one)
	VMOVUPD(one, at(scale, 0))
	ADDQ(U8(width), scale)
	ADDQ(U8(4*word), query)
	CMPQ(j, blocks())
	JNE(LabelRef("queries"))
}
