package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// variateExp emits package stream's exponential: nothing is fused.
func variateExp() {
	const roots = 128 // entries of its table, 2^(i/roots)
	offsets, size := map[string]int{}, 0
	data := GLOBL("variateConstants", RODATA|NOPTR)
	add := func(name string, bits uint64) {
		offsets[name] = size
		for range lanes {
			DATA(size, U64(bits))
			size += word
		}
	}
	for _, c := range []struct {
		name  string
		value float64
	}{
		{"scale", roots / math.Ln2}, {"high", 6.93147180369123816490e-01 / roots}, {"low", 1.90821492927058770002e-10 / roots},
		{"round", 6755399441055744.0}, {"fifth", 1.0 / 120}, {"fourth", 1.0 / 24}, {"third", 1.0 / 6}, {"second", 1.0 / 2}, {"limit", 700},
	} {
		add(c.name, math.Float64bits(c.value))
	}
	add("index", roots-1)
	add("magnitude", 1<<63-1)
	constant := func(name string) Mem { return data.Offset(offsets[name]) }

	TEXT("variateExpAVX2", NOSPLIT, "func(dst, src, table *float64, n int) (outside int)")
	Doc("variateExpAVX2 is variateExps for a positive multiple of 4, right where outside is 0: where every magnitude is below 700.")
	Pragma("noescape")
	dst, src, powers, n := param("dst"), param("src"), param("table"), param("n")
	SHRQ(U8(2), n)
	outside := YMM()
	zero(outside)
	loop("vectors", n, func() {
		x, t, k, r, q, y, product, mask := YMM(), YMM(), YMM(), YMM(), YMM(), YMM(), YMM(), YMM()
		VMOVUPD(at(src, 0), x)
		VANDPD(constant("magnitude"), x, mask)
		VCMPPD(U8(0x05), constant("limit"), mask, mask) // not below it, or NaN
		VORPD(mask, outside, outside)
		VMULPD(constant("scale"), x, t)
		VADDPD(constant("round"), t, t)
		VSUBPD(constant("round"), t, k)
		VMULPD(constant("high"), k, product)
		VSUBPD(product, x, r)
		VMULPD(constant("low"), k, product)
		VSUBPD(product, r, r)
		VMULPD(constant("fifth"), r, q)
		VADDPD(constant("fourth"), q, q)
		VMULPD(r, q, q)
		VADDPD(constant("third"), q, q)
		VMULPD(r, q, q)
		VADDPD(constant("second"), q, q)
		VMULPD(r, r, product)
		VMULPD(product, q, q)
		VADDPD(r, q, q)
		index, every := YMM(), YMM()
		VPAND(constant("index"), t, index)
		VPCMPEQQ(every, every, every)
		zero(y)
		VGATHERQPD(every, Mem{Base: powers, Index: index, Scale: word}, y)
		VMULPD(y, q, q)
		VADDPD(q, y, y)
		VPSRLQ(U8(7), t, t) // the exponent's bits of k
		VPSLLQ(U8(52), t, t)
		VPADDQ(t, y, y)
		VMOVUPD(y, at(dst, 0))
		ADDQ(U8(width), src)
		ADDQ(U8(width), dst)
	})
	result := GP32()
	VMOVMSKPD(outside, result)
	Store(result.As64(), ReturnIndex(0))
	VZEROUPPER()
	RET()
}

// eliminate takes the states of four chains out, the last one first.
func eliminate() {
	TEXT("eliminateAVX2", NOSPLIT, "func(a *float64, s int)")
	Doc("eliminateAVX2 is eliminate for s > 1.")
	Pragma("noescape")
	a, states, stride, row := param("a"), param("s"), GP64(), GP64()
	MOVQ(states, stride)
	SHLQ(U8(5), stride) // bytes of a row
	DECQ(states)
	MOVQ(states, row)
	IMULQ(stride, row)
	ADDQ(a, row)
	Label("state")
	leave := YMM()
	{
		from, count := GP64(), GP64()
		MOVQ(row, from)
		MOVQ(states, count)
		zero(leave)
		loop("leave", count, func() {
			VADDPD(at(from, 0), leave, leave)
			ADDQ(U8(width), from)
		})
	}
	into, left, column := GP64(), GP64(), GP64()
	MOVQ(a, into)
	MOVQ(states, left)
	MOVQ(states, column)
	SHLQ(U8(5), column)
	loop("rows", left, func() {
		weight, from, to, count := YMM(), GP64(), GP64(), GP64()
		VMOVUPD(indexed(into, column, 0), weight)
		VDIVPD(leave, weight, weight)
		VMOVUPD(weight, indexed(into, column, 0))
		MOVQ(row, from)
		MOVQ(into, to)
		MOVQ(states, count)
		loop("entries", count, func() {
			x := YMM()
			VMULPD(at(from, 0), weight, x)
			VADDPD(at(to, 0), x, x)
			VMOVUPD(x, at(to, 0))
			ADDQ(U8(width), from)
			ADDQ(U8(width), to)
		})
		ADDQ(stride, into)
	})
	SUBQ(stride, row)
	DECQ(states)
	JNZ(LabelRef("state"))
	VZEROUPPER()
	RET()
}
