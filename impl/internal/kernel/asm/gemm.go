package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// gemm works in panels of 12, 8 or 4 columns; in a panel, four rows at a time
// keep their sums in registers while the inner index runs.
func gemm() {
	gemmStart("gemmAVX2", "gemmAVX2 is Gemm for positive m, n and inner; m and n are multiples of 4.", []panel{
		{v: 3, lanes: lanes, rows: 4}, {v: 2, lanes: lanes, rows: 4}, {v: 1, lanes: lanes, rows: 8}})
}

// gemmWide is gemm with vectors of eight columns and, thanks to 32 registers,
// eight rows at a time; what is left of four columns is gemm's.
func gemmWide() {
	gemmStart("gemmAVX512", "gemmAVX512 is Gemm for positive m, n and inner; m and n are multiples of 4.", []panel{
		{v: 3, lanes: 2 * lanes, rows: 8}, {v: 2, lanes: 2 * lanes, rows: 8}, {v: 1, lanes: 2 * lanes, rows: 8}, {v: 1, lanes: lanes, rows: 8}})
}

func gemmStart(name, doc string, panels []panel) {
	TEXT(name, NOSPLIT, "func(c *float64, ldc int, a *float64, row, col int, b *float64, ldb, m, n, inner int)")
	Doc(doc)
	Pragma("noescape")
	o := operands{c: param("c"), ldc: bytes("ldc"), row: bytes("row"), col: bytes("col"), b: param("b"), ldb: bytes("ldb")}
	n := param("n")
	for _, g := range panels {
		g.operands = o
		columns := g.v * g.lanes
		name := fmt.Sprintf("columns%d", columns)
		Label(name)
		CMPQ(n, U32(uint32(columns)))
		JLT(LabelRef(name + "end"))
		g.emit(name)
		ADDQ(U32(uint32(columns*word)), g.c)
		ADDQ(U32(uint32(columns*word)), g.b)
		SUBQ(U32(uint32(columns)), n)
		JMP(LabelRef(name))
		Label(name + "end")
	}
	VZEROUPPER()
	RET()
}

type operands struct{ c, ldc, row, col, b, ldb GPVirtual }

// panel is v vectors of columns, lanes columns each, with rows rows (4 or 8) of
// sums in registers.
type panel struct {
	operands
	v, lanes, rows int
}

func (g panel) vectors(n int) []VecVirtual {
	v := make([]VecVirtual, n)
	for i := range v {
		if g.lanes == lanes {
			v[i] = YMM()
		} else {
			v[i] = ZMM()
		}
	}
	return v
}

// emit multiplies all rows: eight at a time where that keeps the fused units
// busy, then four.
func (g panel) emit(name string) {
	c, a, rows := GP64(), param("a"), param("m")
	MOVQ(g.c, c)
	if g.rows == 8 {
		Label(name + "pairs")
		CMPQ(rows, U8(8))
		JLT(LabelRef(name + "rest"))
		g.block(name+"eight", c, a, 8)
		SUBQ(U8(8), rows)
		JMP(LabelRef(name + "pairs"))
		Label(name + "rest")
	}
	SHRQ(U8(2), rows)
	JZ(LabelRef(name + "none"))
	loop(name+"rows", rows, func() { g.block(name+"four", c, a, 4) })
	Label(name + "none")
}

// block multiplies the next rows, 4 or 8, and moves c and a behind them.
func (g panel) block(name string, c, a GPVirtual, rows int) {
	sums, size := make([][]VecVirtual, rows), g.lanes*word
	g.visit(c, g.ldc, rows, func(i int, m Mem) {
		sums[i] = g.vectors(g.v)
		for x := range g.v {
			VMOVUPD(m.Offset(x*size), sums[i][x])
		}
	})
	x, y, k := GP64(), GP64(), param("inner")
	MOVQ(a, x)
	MOVQ(g.b, y)
	loop(name+"inner", k, func() {
		right := g.vectors(g.v)
		for i := range right {
			VMOVUPD(at(y, i*size), right[i])
		}
		g.visit(x, g.row, rows, func(i int, m Mem) {
			left := g.vectors(1)[0]
			VBROADCASTSD(m, left)
			for j := range right {
				VFMADD231PD(right[j], left, sums[i][j])
			}
		})
		ADDQ(g.col, x)
		ADDQ(g.ldb, y)
	})
	g.visit(c, g.ldc, rows, func(i int, m Mem) {
		for x := range g.v {
			VMOVUPD(sums[i][x], m.Offset(x*size))
		}
	})
	for range rows / 4 {
		LEAQ(Mem{Base: c, Index: g.ldc, Scale: 4}, c)
		LEAQ(Mem{Base: a, Index: g.row, Scale: 4}, a)
	}
}

// visit addresses rows from base, two from each pointer.
func (g panel) visit(base, stride GPVirtual, rows int, visit func(i int, m Mem)) {
	for i := 0; i < rows; i += 2 {
		if i > 0 {
			next := GP64()
			LEAQ(Mem{Base: base, Index: stride, Scale: 2}, next)
			base = next
		}
		visit(i, Mem{Base: base})
		visit(i+1, Mem{Base: base, Index: stride, Scale: 1})
	}
}

// add2 is Add2.
func add2() {
	TEXT("add2AVX2", NOSPLIT, "func(x, y, src *float64, n int)")
	Doc("add2AVX2 is Add2 for a positive multiple of 4.")
	Pragma("noescape")
	x, y, src, n := param("x"), param("y"), param("src"), param("n")
	SHRQ(U8(2), n)
	loop("add", n, func() {
		v := YMM()
		VMOVUPD(at(src, 0), v)
		for _, dst := range []Register{x, y} {
			sum := YMM()
			VADDPD(at(dst, 0), v, sum)
			VMOVUPD(sum, at(dst, 0))
			ADDQ(U8(width), dst)
		}
		ADDQ(U8(width), src)
	})
	VZEROUPPER()
	RET()
}

// addRows is AddRows.
func addRows() {
	TEXT("addRowsAVX2", NOSPLIT, "func(dst *float64, dstStep int, src *float64, srcStep int, cols, sequences int)")
	Doc("addRowsAVX2 is AddRows for a positive number of rows, sequences.")
	Pragma("noescape")
	eachSequence(func() {
		x, src := param("dst"), param("src")
		inFours("add", param("cols"), func() {
			v := YMM()
			VMOVUPD(at(src, 0), v)
			VADDPD(at(x, 0), v, v)
			VMOVUPD(v, at(x, 0))
			ADDQ(U8(width), x)
			ADDQ(U8(width), src)
		}, func() {
			v := XMM()
			VMOVSD(at(src, 0), v)
			VADDSD(at(x, 0), v, v)
			VMOVSD(v, at(x, 0))
			ADDQ(U8(word), x)
			ADDQ(U8(word), src)
		})
	}, rows("dst"), rows("src"))
}

// rooflineSums is the number of independent chains of fused steps: more than
// the units' latency times their number on every processor with AVX2.
const rooflineSums = 12

func roofline() {
	rooflineOf("rooflineAVX2", YMM)
	rooflineOf("rooflineAVX512", ZMM)
}

func rooflineOf(name string, vector func() VecVirtual) {
	TEXT(name, NOSPLIT, "func(n int)")
	Doc(name + " is Roofline for a positive n.")
	n := param("n")
	x := vector()
	VXORPD(x.AsX(), x.AsX(), x.AsX()) // clears the whole register
	sums := make([]VecVirtual, rooflineSums)
	for i := range sums {
		sums[i] = vector()
		VXORPD(sums[i].AsX(), sums[i].AsX(), sums[i].AsX())
	}
	loop("fma", n, func() {
		for _, s := range sums {
			VFMADD231PD(x, x, s)
		}
	})
	VZEROUPPER()
	RET()
}
