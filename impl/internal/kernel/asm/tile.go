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
