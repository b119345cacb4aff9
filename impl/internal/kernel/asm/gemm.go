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
	TEXT("gemmAVX2", NOSPLIT, "func(c *float64, ldc int, a *float64, row, col int, b *float64, ldb, m, n, inner int)")
	Doc("gemmAVX2 is Gemm for positive m, n and inner; m and n are multiples of 4.")
	Pragma("noescape")
	g := panel{c: param("c"), ldc: bytes("ldc"), row: bytes("row"), col: bytes("col"), b: param("b"), ldb: bytes("ldb")}
	n := param("n")
	for _, v := range []int{3, 2, 1} {
		name := fmt.Sprintf("columns%d", v*lanes)
		Label(name)
		CMPQ(n, U32(uint32(v*lanes)))
		JLT(LabelRef(name + "end"))
		g.emit(name, v)
		ADDQ(U32(uint32(v*width)), g.c)
		ADDQ(U32(uint32(v*width)), g.b)
		SUBQ(U32(uint32(v*lanes)), n)
		JMP(LabelRef(name))
		Label(name + "end")
	}
	VZEROUPPER()
	RET()
}

type panel struct{ c, ldc, row, col, b, ldb GPVirtual }

// emit multiplies all rows with v vectors of columns: twice four rows at a time
// where a single vector would not keep the fused units busy.
func (g panel) emit(name string, v int) {
	c, a, rows := GP64(), param("a"), param("m")
	MOVQ(g.c, c)
	if v == 1 {
		Label(name + "pairs")
		CMPQ(rows, U8(8))
		JLT(LabelRef(name + "rest"))
		g.block(name+"eight", c, a, 8, v)
		SUBQ(U8(8), rows)
		JMP(LabelRef(name + "pairs"))
		Label(name + "rest")
	}
	SHRQ(U8(2), rows)
	JZ(LabelRef(name + "none"))
	loop(name+"rows", rows, func() { g.block(name+"four", c, a, 4, v) })
	Label(name + "none")
}

// block multiplies the next rows, 4 or 8, and moves c and a behind them.
func (g panel) block(name string, c, a GPVirtual, rows, v int) {
	sums := make([][]VecVirtual, rows)
	g.visit(c, g.ldc, rows, func(i int, m Mem) {
		sums[i] = vectors(v)
		for x := range v {
			VMOVUPD(m.Offset(x*width), sums[i][x])
		}
	})
	x, y, k := GP64(), GP64(), param("inner")
	MOVQ(a, x)
	MOVQ(g.b, y)
	loop(name+"inner", k, func() {
		right := vectors(v)
		for i := range right {
			VMOVUPD(at(y, i*width), right[i])
		}
		g.visit(x, g.row, rows, func(i int, m Mem) {
			left := YMM()
			VBROADCASTSD(m, left)
			for j := range right {
				VFMADD231PD(right[j], left, sums[i][j])
			}
		})
		ADDQ(g.col, x)
		ADDQ(g.ldb, y)
	})
	g.visit(c, g.ldc, rows, func(i int, m Mem) {
		for x := range v {
			VMOVUPD(sums[i][x], m.Offset(x*width))
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

// sum is Sum.
func sum() {
	TEXT("sumAVX2", NOSPLIT, "func(dst, x, y *float64, n int)")
	Doc("sumAVX2 is Sum for a positive multiple of 4.")
	Pragma("noescape")
	dst, x, y, n := param("dst"), param("x"), param("y"), param("n")
	SHRQ(U8(2), n)
	loop("sum", n, func() {
		v := YMM()
		VMOVUPD(at(x, 0), v)
		VADDPD(at(y, 0), v, v)
		VMOVUPD(v, at(dst, 0))
		for _, p := range []Register{dst, x, y} {
			ADDQ(U8(width), p)
		}
	})
	VZEROUPPER()
	RET()
}

// rooflineSums is the number of independent chains of fused steps: more than
// the units' latency times their number on every processor with AVX2.
const rooflineSums = 12

func roofline() {
	TEXT("rooflineAVX2", NOSPLIT, "func(n int)")
	Doc("rooflineAVX2 is Roofline for a positive n.")
	n := param("n")
	x := YMM()
	zero(x)
	sums := vectors(rooflineSums)
	for _, s := range sums {
		zero(s)
	}
	loop("fma", n, func() {
		for _, s := range sums {
			VFMADD231PD(x, x, s)
		}
	})
	VZEROUPPER()
	RET()
}
