package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

const tile = 16 * word // bytes of a tile

// transposeFrom loads four numbers from each of four rows and returns the four
// columns.
func transposeFrom(rows [4]Mem) [4]VecVirtual {
	var out [4]VecVirtual
	for half := range 2 {
		even, odd := YMM(), YMM() // [row 0 | row 2], [row 1 | row 3]
		VMOVUPD(rows[0].Offset(half*16), even.AsX())
		VINSERTF128(U8(1), rows[2].Offset(half*16), even, even)
		VMOVUPD(rows[1].Offset(half*16), odd.AsX())
		VINSERTF128(U8(1), rows[3].Offset(half*16), odd, odd)
		out[2*half], out[2*half+1] = YMM(), YMM()
		VUNPCKLPD(odd, even, out[2*half])
		VUNPCKHPD(odd, even, out[2*half+1])
	}
	return out
}

// transpose transposes four registers; the input is used up.
func transpose(v [4]VecVirtual) [4]VecVirtual {
	var pairs [4]VecVirtual
	for i := 0; i < 4; i += 2 {
		pairs[i], pairs[i+1] = YMM(), YMM()
		VUNPCKLPD(v[i+1], v[i], pairs[i])
		VUNPCKHPD(v[i+1], v[i], pairs[i+1])
	}
	var out [4]VecVirtual
	for i := range out {
		out[i] = YMM()
	}
	for i := range 2 {
		VPERM2F128(U8(0x20), pairs[2+i], pairs[i], out[i])
		VPERM2F128(U8(0x31), pairs[2+i], pairs[i], out[2+i])
	}
	return out
}

// rowPointers reads the four table rows of a block of queries.
func rowPointers(table, query Register) [4]GPVirtual {
	var rows [4]GPVirtual
	for i := range rows {
		rows[i] = GP64()
		MOVQ(at(query, i*word), rows[i])
		LEAQ(Mem{Base: table, Index: rows[i], Scale: 8}, rows[i])
	}
	return rows
}

// reduce sums each of four vectors as (0+1)+(2+3) into the lanes of one; the
// input is used up.
func reduce(v []VecVirtual) VecVirtual {
	a, b, middle := YMM(), YMM(), YMM()
	VHADDPD(v[1], v[0], a)
	VHADDPD(v[3], v[2], b)
	VPERM2F128(U8(0x21), b, a, middle) // high half of a, low half of b
	VBLENDPD(U8(0xc), b, a, a)
	VADDPD(middle, a, a)
	return a
}

func build() {
	TEXT("buildAVX2", NOSPLIT, "func(e *float64, eStep int, scale *float64, scaleStep int, table *float64, query, key *int, scratch *float64, length, tokens, sequences int)")
	Doc("buildAVX2 is Block.Build.")
	Pragma("noescape")
	eachSequence(buildOne, rows("e"), rows("scale"), tokens("query"), tokens("key"))
}

func buildOne() {
	e, scale, query, scratch := param("e"), param("scale"), param("query"), param("scratch")
	j := GP64() // 1, 2, ..., blocks
	XORQ(j, j)
	Label("queries")
	INCQ(j)
	rows := rowPointers(param("table"), query)
	at4rows := func() (m [4]Mem) {
		for i := range m {
			m[i] = at(rows[i], 0)
		}
		return m
	}
	advance := func(by Op) {
		for i := range rows {
			ADDQ(by, rows[i])
		}
	}
	// The token factors of four queries, transposed.
	length := bytes("length")
	advance(length)
	to, count := GP64(), param("tokens")
	MOVQ(scratch, to)
	SHRQ(U8(2), count)
	loop("tokens", count, func() {
		for _, column := range transposeFrom(at4rows()) {
			VMOVUPD(column, at(to, 0))
			ADDQ(length, to)
		}
		advance(U8(width))
	})
	rows = rowPointers(param("table"), query)
	sum := YMM()
	zero(sum)
	key, k := param("key"), GP64()
	MOVQ(j, k)
	loop("keys", k, func() {
		columns := transposeFrom(at4rows())
		for i, column := range columns {
			token := GP64()
			MOVQ(at(key, i*word), token)
			VMULPD(words(scratch, token), column, column)
			VMOVUPD(column, at(e, i*width))
		}
		VADDPD(columns[1], columns[0], columns[0])
		VADDPD(columns[3], columns[2], columns[2])
		VADDPD(columns[2], columns[0], columns[0])
		VADDPD(columns[0], sum, sum)
		advance(U8(width))
		ADDQ(U8(4*word), key)
		ADDQ(U32(tile), e)
	})
	one := YMM()
	VMOVUPD(constant("one"), one)
	VDIVPD(sum, one, one)
	VMOVUPD(one, at(scale, 0))
	ADDQ(U8(width), scale)
	ADDQ(U8(width), scratch)
	ADDQ(U8(4*word), query)
	CMPQ(j, blocks())
	JNE(LabelRef("queries"))
}

// overKeys walks the tiles in the order they are stored.
func overKeys() {
	TEXT("overKeysAVX2", NOSPLIT, "func(out *float64, outStep int, total *float64, totalStep int, e *float64, eStep int, w *float64, wStep int, scale *float64, scaleStep int, blocks, sequences int)")
	Doc("overKeysAVX2 is Block.OverKeys.")
	Pragma("noescape")
	eachSequence(overKeysOne, rows("out"), rows("total"), rows("e"), rows("w"), rows("scale"))
}

func overKeysOne() {
	out, total, e, scale, blocks := param("out"), param("total"), param("e"), param("scale"), param("blocks")
	j := GP64()
	XORQ(j, j)
	Label("queries")
	INCQ(j)
	w, k, sum := param("w"), GP64(), YMM()
	MOVQ(j, k)
	zero(sum)
	loop("keys", k, func() {
		var pair [2]VecVirtual
		for i := range pair {
			first, second := YMM(), YMM()
			pair[i] = YMM()
			VBROADCASTSD(at(w, 2*i*word), first)
			VBROADCASTSD(at(w, (2*i+1)*word), second)
			VMULPD(at(e, 2*i*width), first, pair[i])
			VFMADD231PD(at(e, (2*i+1)*width), second, pair[i])
		}
		VADDPD(pair[1], pair[0], pair[0])
		VADDPD(pair[0], sum, sum)
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
// is J+1 tiles.
func overQueries() {
	overQueriesOf("overQueriesAVX2", func(weight Mem, tile func(i int) Mem, sums []VecVirtual) {
		v := YMM()
		VMOVUPD(weight, v)
		for i, s := range sums {
			VFMADD231PD(tile(i*width), v, s)
		}
	}, func() []VecVirtual { return vectors(4) }, func(sums []VecVirtual) []VecVirtual { return sums })
}

// overQueriesWide is overQueries with two keys in a vector.
func overQueriesWide() {
	overQueriesOf("overQueriesAVX512", func(weight Mem, tile func(i int) Mem, sums []VecVirtual) {
		v := ZMM()
		VBROADCASTF64X4(weight, v)
		for i, s := range sums {
			VFMADD231PD(tile(i*2*width), v, s)
		}
	}, func() []VecVirtual { return []VecVirtual{ZMM(), ZMM()} }, splitPairs)
}

// overQueriesOf adds to sums by step, and splits them into the four keys'.
func overQueriesOf(name string, step func(weight Mem, tile func(i int) Mem, sums []VecVirtual), sums func() []VecVirtual, split func(sums []VecVirtual) []VecVirtual) {
	TEXT(name, NOSPLIT, "func(out *float64, outStep int, scaled *float64, scaledStep int, e *float64, eStep int, w *float64, wStep int, scale *float64, scaleStep int, blocks, sequences int)")
	Doc(name + " is Block.OverQueries.")
	Pragma("noescape")
	eachSequence(func() {
		scaleWeights()
		columnSums(step, sums, split)
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

func columnSums(step func(weight Mem, tile func(i int) Mem, sums []VecVirtual), sums func() []VecVirtual, split func(sums []VecVirtual) []VecVirtual) {
	out, diagonal, scaled, blocks := param("out"), param("e"), param("scaled"), param("blocks")
	next := GP64() // from a diagonal tile to the next: K+2 tiles
	MOVQ(U32(2*tile), next)
	Label("keys")
	e, v, down, j, all := GP64(), GP64(), GP64(), GP64(), sums()
	MOVQ(diagonal, e)
	MOVQ(scaled, v)
	LEAQ(at(next, -tile), down)
	MOVQ(blocks, j)
	for _, s := range all {
		VXORPD(s.AsX(), s.AsX(), s.AsX()) // clears the whole register
	}
	loop("queries", j, func() {
		step(at(v, 0), func(i int) Mem { return at(e, i) }, all)
		ADDQ(U8(width), v)
		ADDQ(down, e)
		ADDQ(U32(tile), down)
	})
	VMOVUPD(reduce(split(all)), at(out, 0))
	ADDQ(U8(width), out)
	ADDQ(U8(width), scaled)
	ADDQ(next, diagonal)
	ADDQ(U32(tile), next)
	DECQ(blocks)
	JNZ(LabelRef("keys"))
}
