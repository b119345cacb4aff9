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
