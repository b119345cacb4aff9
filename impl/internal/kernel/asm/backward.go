package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

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

// columnsOfTiles adds every d to its table row and its sum by token. In a column
// the right factors of the first two products stay in registers; the third
// product is only in its last tile.
func columnsOfTiles(diagonal, step, column Mem) {
	r, n := GP64(), bytes("length")
	XORQ(r, r)
	MOVQ(r, column) // bytes of the K blocks of keys so far
	MOVQ(U32(2*tile), r)
	MOVQ(r, step)
	MOVQ(parameter("e"), r)
	MOVQ(r, diagonal)
	Label("keys")
	c := startColumn(column, n)
	MOVQ(diagonal, c.e)
	MOVQ(step, c.down)
	SUBQ(U32(tile), c.down) // K+1 tiles
	TESTQ(c.block, c.block)
	JZ(LabelRef("lastQueries"))
	Label("queries")
	c.add(c.products())
	ADDQ(c.down, c.e)
	ADDQ(U32(tile), c.down)
	ADDQ(U8(width), c.block)
	JNZ(LabelRef("queries"))
	Label("lastQueries")
	c.add(c.lastProduct(c.products(), column))

	next := GP64()
	MOVQ(step, next)
	ADDQ(next, diagonal)
	ADDQ(U32(tile), step)
	MOVQ(column, next)
	ADDQ(U8(width), next)
	MOVQ(next, column)
	CMPQ(next, bytes("length"))
	JNE(LabelRef("keys"))
}

// tileColumn is what the tiles of a column share: pointers to the last block of
// queries, block is where the current one is from there, negative bytes.
type tileColumn struct {
	left           [2]GPVirtual // vectors Left
	minus, query   GPVirtual
	byToken        [lanes]GPVirtual // sums of the tokens of the four keys
	table          GPVirtual        // entry of the first key in a row with offset 0
	block, e, down GPVirtual
	right          [2][]VecVirtual // factors of the four keys
}

func startColumn(column Mem, n GPVirtual) tileColumn {
	c := tileColumn{e: GP64(), down: GP64(), block: GP64()}
	right, key := param("term"), param("key") // Right[0]; the next one is n on
	LEAQ(Mem{Base: right, Index: n, Scale: 4}, right)
	LEAQ(Mem{Base: right, Index: n, Scale: 2}, right)
	ADDQ(column, right)
	for q := range c.right {
		c.right[q] = vectors(lanes)
		for i, v := range c.right[q] {
			VBROADCASTSD(at(right, i*word), v)
		}
		if q == 0 {
			ADDQ(n, right)
		}
	}
	ADDQ(column, key)
	last := param("scratch") // the last block of a vector there
	LEAQ(indexed(last, n, -width), last)
	for i := range c.byToken {
		c.byToken[i] = GP64()
		MOVQ(at(key, i*word), c.byToken[i])
		LEAQ(words(last, c.byToken[i]), c.byToken[i])
	}
	c.minus = param("tokens")
	IMULQ(n, c.minus)
	ADDQ(last, c.minus)
	c.left[0], c.left[1], c.query, c.table = param("term"), GP64(), param("query"), param("table")
	LEAQ(indexed(c.left[0], n, -width), c.left[0])
	LEAQ(indexed(c.left[0], n, 0), c.left[1])
	LEAQ(indexed(c.query, n, -width), c.query)
	ADDQ(column, c.table)
	MOVQ(column, c.block)
	SUBQ(n, c.block)
	ADDQ(U8(width), c.block)
	return c
}

// products is the sum of the first two products.
func (c tileColumn) products() []VecVirtual {
	d, l, minus := vectors(lanes), YMM(), YMM()
	VMOVUPD(indexed(c.minus, c.block, 0), minus)
	VMOVUPD(indexed(c.left[0], c.block, 0), l)
	for i := range d {
		VMOVAPD(minus, d[i])
		VFMADD231PD(c.right[0][i], l, d[i])
	}
	next := YMM()
	VMOVUPD(indexed(c.left[1], c.block, 0), next)
	for i := range d {
		VFMADD231PD(c.right[1][i], next, d[i])
	}
	return d
}

// lastProduct adds the third product of the last block of queries.
func (c tileColumn) lastProduct(d []VecVirtual, column Mem) []VecVirtual {
	n, right, l := bytes("length"), param("term"), YMM()
	LEAQ(Mem{Base: right, Index: n, Scale: 8}, right) // Right[2]
	ADDQ(column, right)
	VMOVUPD(indexed(c.left[1], n, 0), l)
	for i := range d {
		v := YMM()
		VBROADCASTSD(at(right, i*word), v)
		VFMADD231PD(v, l, d[i])
	}
	return d
}

// add adds the products times the weights to the sums by token and the table.
func (c tileColumn) add(d []VecVirtual) {
	for i := range d {
		v := YMM()
		VMULPD(at(c.e, i*width), d[i], d[i])
		VADDPD(indexed(c.byToken[i], c.block, 0), d[i], v)
		VMOVUPD(v, indexed(c.byToken[i], c.block, 0))
	}
	for i, row := range transpose([4]VecVirtual(d)) {
		o := GP64()
		MOVQ(indexed(c.query, c.block, i*word), o)
		VADDPD(words(c.table, o), row, row)
		VMOVUPD(row, words(c.table, o))
	}
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
