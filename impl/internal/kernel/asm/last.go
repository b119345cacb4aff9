package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// last reads every fourth number of the tiles of the last query's row: its lane.
func last() {
	TEXT("lastAVX2", NOSPLIT, "func(dst *float64, dstStep int, e *float64, eStep int, scale *float64, scaleStep int, blocks, sequences int)")
	Doc("lastAVX2 is Block.Last; e is at the first key's weight and scale at the last query's.")
	Pragma("noescape")
	eachSequence(func() {
		dst, e, count, scale := param("dst"), param("e"), param("blocks"), YMM()
		VBROADCASTSD(at(param("scale"), 0), scale)
		loop("tiles", count, func() {
			var halves [2]VecVirtual
			for i := range halves {
				halves[i] = XMM()
				VMOVSD(at(e, 2*i*width), halves[i])
				VMOVHPD(at(e, (2*i+1)*width), halves[i], halves[i])
			}
			v := halves[0].AsY().(VecVirtual)
			VINSERTF128(U8(1), halves[1], v, v)
			VMULPD(scale, v, v)
			VMOVUPD(v, at(dst, 0))
			ADDQ(U8(width), dst)
			ADDQ(U32(tile), e)
		})
	}, rows("dst"), rows("e"), rows("scale"))
}

func lastOneHot() {
	TEXT("lastOneHotAVX2", NOSPLIT, "func(dst *float64, dstStep int, matrix, position *float64, token *int, length, cols, sequences int)")
	Doc("lastOneHotAVX2 is Block.LastOneHot; token is at the last query's.")
	Pragma("noescape")
	eachSequence(func() {
		dst, position, count := param("dst"), param("position"), param("cols")
		row, matrix := lastRow(count)
		LEAQ(words(matrix, row), row)
		SHRQ(U8(2), count)
		loop("cols", count, func() {
			v := YMM()
			VMOVUPD(at(row, 0), v)
			VADDPD(at(position, 0), v, v)
			VMOVUPD(v, at(dst, 0))
			for _, p := range []Register{dst, position, row} {
				ADDQ(U8(width), p)
			}
		})
	}, rows("dst"), tokens("token"))
}

// lastRow is the offset of the last token's row in float64, and the matrix.
func lastRow(cols Register) (offset, matrix GPVirtual) {
	offset = GP64()
	MOVQ(at(param("token"), 0), offset)
	IMULQ(cols, offset)
	return offset, param("matrix")
}

// addLastOneHot works in panels of 16 or 4 columns: the position's sums stay in
// registers while the sequences go by, and a token's sums wait for no store but
// those of the sequence before.
func addLastOneHot() {
	TEXT("addLastOneHotAVX2", NOSPLIT, "func(matrix, position, src *float64, srcStep int, token *int, length, cols, sequences int)")
	Doc("addLastOneHotAVX2 is Block.AddLastOneHot; token is at the last query's.")
	Pragma("noescape")
	cols := param("cols")
	for _, v := range []int{4, 1} {
		name := "four"
		if v == 1 {
			name = "one"
		}
		Label(name)
		CMPQ(cols, U8(v*lanes))
		JLT(LabelRef(name + "end"))
		addPanel(name, v)
		SUBQ(U8(v*lanes), cols)
		JMP(LabelRef(name))
		Label(name + "end")
	}
	VZEROUPPER()
	RET()
}

func addPanel(name string, v int) {
	position, src, step, token, length, count := param("position"), param("src"), bytes("srcStep"), param("token"), bytes("length"), param("sequences")
	matrix, rowStep := param("matrix"), bytes("cols")
	sums := vectors(v)
	for i, s := range sums {
		VMOVUPD(at(position, i*width), s)
	}
	loop(name+"sequences", count, func() {
		row := GP64()
		MOVQ(at(token, 0), row)
		IMULQ(rowStep, row)
		for i, s := range sums {
			x, y := YMM(), YMM()
			VMOVUPD(at(src, i*width), x)
			VADDPD(x, s, s)
			VADDPD(indexed(matrix, row, i*width), x, y)
			VMOVUPD(y, indexed(matrix, row, i*width))
		}
		ADDQ(step, src)
		ADDQ(length, token)
	})
	for i, s := range sums {
		VMOVUPD(s, at(position, i*width))
	}
	for _, name := range []string{"matrix", "position", "src"} {
		ADDQ(U8(v*width), parameter(name))
	}
}

// dot keeps the first sum apart, as the keys behind the last four go to it.
func dot() {
	TEXT("dotAVX2", NOSPLIT, "func(dst *float64, dstStep int, x *float64, xStep int, y *float64, yStep int, t, sequences int)")
	Doc("dotAVX2 is Block.Dot.")
	Pragma("noescape")
	eachSequence(func() {
		x, y, t, groups, sum := param("x"), param("y"), param("t"), GP64(), YMM()
		zero(sum)
		MOVQ(t, groups)
		SHRQ(U8(2), groups)
		JZ(LabelRef("tail"))
		loop("fours", groups, func() {
			v := YMM()
			VMOVUPD(at(x, 0), v)
			VFMADD231PD(at(y, 0), v, sum)
			ADDQ(U8(width), x)
			ADDQ(U8(width), y)
		})
		Label("tail")
		first := XMM()
		VMOVAPD(sum.AsX(), first)
		ANDQ(U8(3), t)
		JZ(LabelRef("end"))
		loop("ones", t, func() {
			v := XMM()
			VMOVSD(at(x, 0), v)
			VFMADD231SD(at(y, 0), v, first)
			ADDQ(U8(word), x)
			ADDQ(U8(word), y)
		})
		Label("end")
		VBLENDPD(U8(1), first.AsY(), sum, sum)
		low, high := halves(sum)
		VHADDPD(low, low, low)
		VHADDPD(high, high, high)
		VADDSD(high, low, low)
		VMOVSD(low, at(param("dst"), 0))
	}, rows("dst"), rows("x"), rows("y"))
}
