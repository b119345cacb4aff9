package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// The constants of detmath.Exp, each filling a vector.
var table = map[string]uint64{}
var order []string
var symbol Mem

func constants() Mem {
	if order != nil {
		return symbol
	}
	add := func(name string, bits uint64) {
		table[name] = uint64(len(order) * width)
		order = append(order, name)
		for l := range lanes {
			DATA(int(table[name])+l*word, U64(bits))
		}
	}
	number := func(name string, v float64) { add(name, math.Float64bits(v)) }
	symbol = GLOBL("expConstants", RODATA|NOPTR)
	number("log2E", 1.44269504088896338700e+00)
	number("ln2Hi", 6.93147180369123816490e-01)
	number("ln2Lo", 1.90821492927058770002e-10)
	number("max", 7.09782712893383973096e+02)
	number("min", -7.45133219101941108420e+02)
	number("round", 6755399441055744.0)
	number("one", 1)
	number("infinity", math.Inf(1))
	add("bias", 1023)
	factorial := 1.0
	for n := 2; n <= 13; n++ {
		factorial *= float64(n)
		number(coefficient(n), 1/factorial)
	}
	return symbol
}

func coefficient(n int) string { return "c" + string(rune('a'+n)) }

func constant(name string) Mem { return symbol.Offset(int(table[name])) }

// exp emits detmath.Exp on four lanes. Where the scalar returns early (below
// min, above max) the result is masked at the end; a NaN runs through.
func exp(x VecVirtual) VecVirtual {
	t, k, r, r2 := YMM(), YMM(), YMM(), YMM()
	VMOVUPD(constant("round"), t)
	VFMADD231PD(constant("log2E"), x, t) // x log2E + round: the integer k in the low bits
	VSUBPD(constant("round"), t, k)
	VMOVUPD(constant("ln2Hi"), r)
	VFNMADD213PD(x, k, r) // x - k ln2Hi
	VFNMADD231PD(constant("ln2Lo"), k, r)
	VMULPD(r, r, r2)
	even, odd := YMM(), YMM()
	VMOVUPD(constant(coefficient(12)), even)
	VMOVUPD(constant(coefficient(13)), odd)
	for n := 10; n >= 2; n -= 2 {
		VFMADD213PD(constant(coefficient(n)), r2, even)
		VFMADD213PD(constant(coefficient(n+1)), r2, odd)
	}
	VFMADD213PD(even, r, odd) // odd r + even
	VFMADD213PD(r, r2, odd)   // r2 (..) + r
	y := YMM()
	VADDPD(constant("one"), odd, y)
	half, rest := YMM(), YMM()
	VPSRAD(U8(1), t, half)
	VPSUBD(half, t, rest)
	for _, v := range []VecVirtual{half, rest} {
		VPADDD(constant("bias"), v, v)
		VPSLLQ(U8(52), v, v)
		VMULPD(v, y, y)
	}
	mask := YMM()
	VCMPPD(U8(0x01), constant("min"), x, mask) // x < min
	VANDNPD(y, mask, y)
	VCMPPD(U8(0x1e), constant("max"), x, mask) // x > max
	VBLENDVPD(mask, constant("infinity"), y, y)
	return y
}

func exponential() {
	constants()
	TEXT("expAVX2", NOSPLIT, "func(x *float64, n int)")
	Doc("expAVX2 is Exp for a positive multiple of 4.")
	Pragma("noescape")
	p, n := param("x"), param("n")
	SHRQ(U8(2), n)
	loop("exp", n, func() {
		x := YMM()
		VMOVUPD(at(p, 0), x)
		VMOVUPD(exp(x), at(p, 0))
		ADDQ(U8(width), p)
	})
	VZEROUPPER()
	RET()
}

// halves splits a vector in its two 128-bit halves.
func halves(v VecVirtual) (low, high VecVirtual) {
	high = XMM()
	VEXTRACTF128(U8(1), v, high)
	return v.AsX().(VecVirtual), high
}

func softmax() {
	constants()
	TEXT("softmaxAVX2", NOSPLIT, "func(x *float64, n int) (largest, sum float64)")
	Doc("softmaxAVX2 is Softmax for a positive multiple of 4.")
	Pragma("noescape")
	start, n := param("x"), param("n")
	SHRQ(U8(2), n)
	walk := func(name string, body func(p GPVirtual)) {
		p, count := GP64(), GP64()
		MOVQ(start, p)
		MOVQ(n, count)
		loop(name, count, func() {
			body(p)
			ADDQ(U8(width), p)
		})
	}
	largest := YMM()
	VMOVUPD(at(start, 0), largest)
	walk("largest", func(p GPVirtual) { VMAXPD(at(p, 0), largest, largest) })
	low, high := halves(largest)
	VMAXPD(high, low, low)
	VUNPCKHPD(low, low, high)
	VMAXSD(high, low, low)
	Store(low, ReturnIndex(0))
	VBROADCASTSD(low, largest)

	sum := YMM()
	zero(sum)
	walk("exp", func(p GPVirtual) {
		x := YMM()
		VMOVUPD(at(p, 0), x)
		VSUBPD(largest, x, x)
		e := exp(x)
		VMOVUPD(e, at(p, 0))
		VADDPD(e, sum, sum)
	})
	low, high = halves(sum)
	VADDPD(high, low, low)
	VUNPCKHPD(low, low, high)
	VADDSD(high, low, low)
	Store(low, ReturnIndex(1))
	one, scale := XMM(), YMM()
	VMOVSD(constant("one"), one)
	VDIVSD(low, one, one)
	VBROADCASTSD(one, scale)
	walk("scale", func(p GPVirtual) {
		x := YMM()
		VMULPD(at(p, 0), scale, x)
		VMOVUPD(x, at(p, 0))
	})
	VZEROUPPER()
	RET()
}

func softmaxBackward() {
	TEXT("softmaxBackwardAVX2", NOSPLIT, "func(p, gradient *float64, n int)")
	Doc("softmaxBackwardAVX2 is SoftmaxBackward for a positive multiple of 4.")
	Pragma("noescape")
	p, g, count := param("p"), param("gradient"), param("n")
	SHRQ(U8(2), count)
	sum := YMM()
	zero(sum)
	loop("mean", count, func() {
		x := YMM()
		VMOVUPD(at(p, 0), x)
		VFMADD231PD(at(g, 0), x, sum)
		ADDQ(U8(width), p)
		ADDQ(U8(width), g)
	})
	low, high := halves(sum)
	VADDPD(high, low, low)
	VUNPCKHPD(low, low, high)
	VADDSD(high, low, low)
	mean := YMM()
	VBROADCASTSD(low, mean)
	p, g, count = param("p"), param("gradient"), param("n")
	SHRQ(U8(2), count)
	loop("scale", count, func() {
		x := YMM()
		VMOVUPD(at(g, 0), x)
		VSUBPD(mean, x, x)
		VMULPD(at(p, 0), x, x)
		VMOVUPD(x, at(g, 0))
		ADDQ(U8(width), p)
		ADDQ(U8(width), g)
	})
	VZEROUPPER()
	RET()
}
