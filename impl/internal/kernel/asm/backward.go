package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

const rank = 3

// backward walks down the columns of tiles: successive tiles add to different
// sums by token, so no addition waits for the one before.
func backward() {
	TEXT("backwardAVX2", NOSPLIT, "func(table *float64, e *float64, eStep int, term *float64, termStep int, query, key *int, scratch *float64, length, tokens, sequences int)")
	Doc("backwardAVX2 is Block.Backward for one term a sequence.")
	Pragma("noescape")
	diagonal, step, column := AllocLocal(word), AllocLocal(word), AllocLocal(word)
	eachSequence(func() {
		clearScratch()
		minusMeans()
		columnsOfTiles(diagonal, step, column)
		tokensToRows()
	}, rows("e"), rows("term"), tokens("query"), tokens("key"))
}

// blocks is the number of blocks of queries.
func blocks() GPVirtual {
	n := param("length")
	SHRQ(U8(2), n)
	return n
}

func clearScratch() {
	p, count, n := param("scratch"), blocks(), param("tokens")
	IMULQ(n, count)
	z := YMM()
	zero(z)
	loop("clear", count, func() {
		VMOVUPD(z, at(p, 0))
		ADDQ(U8(width), p)
	})
}

// minusMeans writes -sum Left Mean behind the sums by token.
func minusMeans() {
	n, p, to := bytes("length"), param("term"), param("scratch")
	tokens, count := param("tokens"), blocks()
	IMULQ(n, tokens)
	ADDQ(tokens, to)
	means := GP64()
	LEAQ(Mem{Base: n, Index: n, Scale: 2}, means)
	ADDQ(p, means)
	loop("means", count, func() {
		sum, v := YMM(), YMM()
		VMOVUPD(at(p, 0), sum)
		VMULPD(at(means, 0), sum, sum)
		VMOVUPD(indexed(p, n, 0), v)
		VFNMSUB231PD(indexed(means, n, 0), v, sum)
		VMOVUPD(Mem{Base: p, Index: n, Scale: 2}, v)
		VFNMADD231PD(Mem{Base: means, Index: n, Scale: 2}, v, sum)
		VMOVUPD(sum, at(to, 0))
		for _, r := range []Register{p, means, to} {
			ADDQ(U8(width), r)
		}
	})
}

// columnsOfTiles adds every d to its table row and its sum by token.
func columnsOfTiles(diagonal, step, column Mem) {
	n := bytes("length")
	r := GP64()
	XORQ(r, r)
	MOVQ(r, column) // bytes of the K blocks of keys so far
	MOVQ(U32(2*tile), r)
	MOVQ(r, step)
	start := param("e")
	MOVQ(start, diagonal)
	Label("keys")
	offset := GP64()
	MOVQ(column, offset)
	right := param("term") // Right[0], then the others by n
	LEAQ(Mem{Base: right, Index: n, Scale: 4}, right)
	LEAQ(Mem{Base: right, Index: n, Scale: 2}, right)
	ADDQ(offset, right)
	key := param("key")
	ADDQ(offset, key)
	left, table, query := param("term"), param("table"), param("query")
	ADDQ(offset, left)
	ADDQ(offset, table)
	ADDQ(offset, query)
	byToken := param("scratch")
	ADDQ(offset, byToken)
	minus, tokens := GP64(), param("tokens")
	IMULQ(n, tokens)
	LEAQ(indexed(byToken, tokens, 0), minus)
	e, down := GP64(), GP64()
	MOVQ(diagonal, e)
	MOVQ(step, down)
	SUBQ(U32(tile), down) // K+1 tiles
	end := GP64()
	LEAQ(Mem{Base: n, Index: left, Scale: 1}, end)
	SUBQ(offset, end)
	Label("queries")
	var d [4]VecVirtual
	l := YMM()
	sum := YMM()
	VMOVUPD(at(left, 0), l)
	VMOVUPD(at(minus, 0), sum)
	for i := range d {
		d[i] = YMM()
		VBROADCASTSD(at(right, i*word), d[i])
		VFMADD213PD(sum, l, d[i])
	}
	for q := 1; q < rank; q++ {
		l := YMM()
		VMOVUPD(Mem{Base: left, Index: n, Scale: uint8(q)}, l)
		for i := range d {
			v := YMM()
			VBROADCASTSD(Mem{Base: right, Index: n, Scale: uint8(q), Disp: i * word}, v)
			VFMADD231PD(v, l, d[i])
		}
	}
	for i := range d {
		VMULPD(at(e, i*width), d[i], d[i])
		o, v := GP64(), YMM()
		MOVQ(at(key, i*word), o)
		VADDPD(words(byToken, o), d[i], v)
		VMOVUPD(v, words(byToken, o))
	}
	for i, row := range transpose(d) {
		o := GP64()
		MOVQ(at(query, i*word), o)
		VADDPD(words(table, o), row, row)
		VMOVUPD(row, words(table, o))
	}
	for _, p := range []Register{left, minus, byToken, query} {
		ADDQ(U8(width), p)
	}
	ADDQ(down, e)
	ADDQ(U32(tile), down)
	CMPQ(left, end)
	JNE(LabelRef("queries"))

	next := GP64()
	MOVQ(diagonal, next)
	ADDQ(step, next)
	MOVQ(next, diagonal)
	MOVQ(step, next)
	ADDQ(U32(tile), next)
	MOVQ(next, step)
	MOVQ(column, next)
	ADDQ(U8(width), next)
	MOVQ(next, column)
	CMPQ(next, n)
	JNE(LabelRef("keys"))
}

// tokensToRows adds the sums by token to the table rows.
func tokensToRows() {
	query, from, count := param("query"), param("scratch"), blocks()
	loop("rows", count, func() {
		rows := rowPointers(param("table"), query)
		n := bytes("length")
		for i := range rows {
			ADDQ(n, rows[i])
		}
		p, tokens := GP64(), param("tokens")
		MOVQ(from, p)
		SHRQ(U8(2), tokens)
		loop("tokens", tokens, func() {
			var v [4]VecVirtual
			for i := range v {
				v[i] = YMM()
				VMOVUPD(at(p, 0), v[i])
				ADDQ(n, p)
			}
			for i, row := range transpose(v) {
				VADDPD(at(rows[i], 0), row, row)
				VMOVUPD(row, at(rows[i], 0))
				ADDQ(U8(width), rows[i])
			}
		})
		ADDQ(U8(width), from)
		ADDQ(U8(width), query)
	})
}
