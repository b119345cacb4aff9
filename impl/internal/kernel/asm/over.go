package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// overKeys walks the tiles in the order they are stored.
func overKeys() {
	overKeysOf("overKeysAVX2", func(w, e func(displacement int) Mem) VecVirtual {
		var pair [2]VecVirtual
		for i := range pair {
			first, second := YMM(), YMM()
			pair[i] = YMM()
			VBROADCASTSD(w(2*i*word), first)
			VBROADCASTSD(w((2*i+1)*word), second)
			VMULPD(e(2*i*width), first, pair[i])
			VFMADD231PD(e((2*i+1)*width), second, pair[i])
		}
		VADDPD(pair[1], pair[0], pair[0])
		return pair[0]
	}, func() {})
}

// overKeysWide holds keys 0 and 2 in a vector and keys 1 and 3 in another.
func overKeysWide() {
	pairs := GLOBL("pairsOfKeys", RODATA|NOPTR)
	for i, key := range []uint64{0, 2, 1, 3} {
		for l := range lanes {
			DATA((i*lanes+l)*word, U64(key))
		}
	}
	var even, odd VecVirtual
	overKeysOf("overKeysAVX512", func(w, e func(displacement int) Mem) VecVirtual {
		weights, first, second, a, b := ZMM(), ZMM(), ZMM(), ZMM(), ZMM()
		VBROADCASTF64X4(w(0), weights)
		VMOVUPD(e(0), first)
		VMOVUPD(e(2*width), second)
		VSHUFF64X2(U8(0b01000100), second, first, a)
		VSHUFF64X2(U8(0b11101110), second, first, b)
		VPERMPD(weights, even, first)
		VPERMPD(weights, odd, second)
		VMULPD(first, a, a)
		VFMADD231PD(second, b, a)
		high := YMM()
		VEXTRACTF64X4(U8(1), a, high)
		VADDPD(high, a.AsY(), high)
		return high
	}, func() {
		even, odd = ZMM(), ZMM()
		VMOVDQU64(pairs, even)
		VMOVDQU64(pairs.Offset(2*width), odd)
	})
}

// overKeysOf adds up what multiply makes of four keys' weights and a tile.
func overKeysOf(name string, multiply func(w, e func(displacement int) Mem) VecVirtual, start func()) {
	TEXT(name, NOSPLIT, "func(out *float64, outStep int, total *float64, totalStep int, e *float64, eStep int, w *float64, wStep int, scale *float64, scaleStep int, blocks, sequences int)")
	Doc(name + " is Block.OverKeys.")
	Pragma("noescape")
	start()
	eachSequence(func() { rowSums(multiply) }, rows("out"), rows("total"), rows("e"), rows("w"), rows("scale"))
}

func rowSums(multiply func(w, e func(displacement int) Mem) VecVirtual) {
	out, total, e, scale, blocks := param("out"), param("total"), param("e"), param("scale"), param("blocks")
	j := GP64()
	XORQ(j, j)
	Label("queries")
	INCQ(j)
	w, k, sum := param("w"), GP64(), YMM()
	MOVQ(j, k)
	zero(sum)
	loop("keys", k, func() {
		v := multiply(func(d int) Mem { return at(w, d) }, func(d int) Mem { return at(e, d) })
		VADDPD(v, sum, sum)
		ADDQ(U8(4*word), w)
		ADDQ(U32(tile), e)
	})
	VMULPD(at(scale, 0), sum, sum)
	VMOVUPD(sum, at(out, 0))
	VADDPD(at(total, 0), sum, sum)
	VMOVUPD(sum, at(total, 0))
	ADDQ(U8(width), scale)
	ADDQ(U8(width), out)
	ADDQ(U8(width), total)
	CMPQ(j, blocks)
	JNE(LabelRef("queries"))
}

// overQueries walks down the columns of tiles: from tile (J, K) to (J+1, K) it
// is J+1 tiles. Vectors of eight save nothing: the triangle comes from the
// second-level cache.
func overQueries() {
	TEXT("overQueriesAVX2", NOSPLIT, "func(out *float64, outStep int, scaled *float64, scaledStep int, e *float64, eStep int, w *float64, wStep int, scale *float64, scaleStep int, blocks, sequences int)")
	Doc("overQueriesAVX2 is Block.OverQueries.")
	Pragma("noescape")
	eachSequence(func() {
		scaleWeights()
		columnSums()
	}, rows("out"), rows("scaled"), rows("e"), rows("w"), rows("scale"))
}

func scaleWeights() {
	w, scale, to, count := param("w"), param("scale"), param("scaled"), param("blocks")
	loop("scale", count, func() {
		v := YMM()
		VMOVUPD(at(w, 0), v)
		VMULPD(at(scale, 0), v, v)
		VMOVUPD(v, at(to, 0))
		for _, p := range []Register{w, scale, to} {
			ADDQ(U8(width), p)
		}
	})
}

func columnSums() {
	out, diagonal, scaled, blocks := param("out"), param("e"), param("scaled"), param("blocks")
	step := GP64() // from a diagonal tile to the next: K+2 tiles
	MOVQ(U32(2*tile), step)
	Label("keys")
	e, v, down, j := GP64(), GP64(), GP64(), GP64()
	MOVQ(diagonal, e)
	MOVQ(scaled, v)
	LEAQ(at(step, -tile), down)
	MOVQ(blocks, j)
	sums := vectors(4)
	for _, s := range sums {
		zero(s)
	}
	loop("queries", j, func() {
		weight := YMM()
		VMOVUPD(at(v, 0), weight)
		for i, s := range sums {
			VFMADD231PD(at(e, i*width), weight, s)
		}
		ADDQ(U8(width), v)
		ADDQ(down, e)
		ADDQ(U32(tile), down)
	})
	VMOVUPD(reduce(sums), at(out, 0))
	ADDQ(U8(width), out)
	ADDQ(U8(width), scaled)
	ADDQ(step, diagonal)
	ADDQ(U32(tile), step)
	DECQ(blocks)
	JNZ(LabelRef("keys"))
}
