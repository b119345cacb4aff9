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

// expLanes is what exp's four or eight lanes differ in.
type expLanes struct {
	vector   func() VecVirtual
	constant func(name string) Op
	clamp    func(x, y VecVirtual)
}

func fourLanes() expLanes {
	return expLanes{YMM, func(name string) Op { return constant(name) }, clamp}
}

// eightLanes keeps the constants in registers.
func eightLanes() expLanes {
	registers := map[string]VecVirtual{}
	for _, name := range order {
		registers[name] = ZMM()
		VBROADCASTSD(constant(name), registers[name])
	}
	l := expLanes{vector: ZMM, constant: func(name string) Op { return registers[name] }}
	l.clamp = func(x, y VecVirtual) {
		mask := K()
		VCMPPD(U8(0x05), l.constant("min"), x, mask) // not x < min
		VMOVAPD_Z(y, mask, y)
		VCMPPD(U8(0x1e), l.constant("max"), x, mask) // x > max
		VMOVAPD(l.constant("infinity"), mask, y)
	}
	return l
}

// exp emits detmath.Exp. Where the scalar returns early (below min, above max)
// clamp masks the result at the end; a NaN runs through.
func (l expLanes) exp(x VecVirtual) VecVirtual {
	vector, constant, clamp := l.vector, l.constant, l.clamp
	t, k, r, r2 := vector(), vector(), vector(), vector()
	VMOVUPD(constant("round"), t)
	VFMADD231PD(constant("log2E"), x, t) // x log2E + round: the integer k in the low bits
	VSUBPD(constant("round"), t, k)
	VMOVUPD(constant("ln2Hi"), r)
	VFNMADD213PD(x, k, r) // x - k ln2Hi
	VFNMADD231PD(constant("ln2Lo"), k, r)
	VMULPD(r, r, r2)
	even, odd := vector(), vector()
	VMOVUPD(constant(coefficient(12)), even)
	VMOVUPD(constant(coefficient(13)), odd)
	for n := 10; n >= 2; n -= 2 {
		VFMADD213PD(constant(coefficient(n)), r2, even)
		VFMADD213PD(constant(coefficient(n+1)), r2, odd)
	}
	VFMADD213PD(even, r, odd) // odd r + even
	VFMADD213PD(r, r2, odd)   // r2 (..) + r
	y := vector()
	VADDPD(constant("one"), odd, y)
	half, rest := vector(), vector()
	VPSRAD(U8(1), t, half)
	VPSUBD(half, t, rest)
	for _, v := range []VecVirtual{half, rest} {
		VPADDD(constant("bias"), v, v)
		VPSLLQ(U8(52), v, v)
		VMULPD(v, y, y)
	}
	clamp(x, y)
	return y
}

func clamp(x, y VecVirtual) {
	mask := YMM()
	VCMPPD(U8(0x01), constant("min"), x, mask) // x < min
	VANDNPD(y, mask, y)
	VCMPPD(U8(0x1e), constant("max"), x, mask) // x > max
	VBLENDVPD(mask, constant("infinity"), y, y)
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
		VMOVUPD(fourLanes().exp(x), at(p, 0))
		ADDQ(U8(width), p)
	})
	VZEROUPPER()
	RET()
}

func exponentialWide() {
	constants()
	TEXT("expAVX512", NOSPLIT, "func(x *float64, n int)")
	Doc("expAVX512 is Exp for a positive multiple of 4.")
	Pragma("noescape")
	p, lanes := param("x"), eightLanes()
	inEights("exp", param("n"), func(load func(m Mem) VecVirtual, store func(v VecVirtual, m Mem)) {
		store(lanes.exp(load(at(p, 0))), at(p, 0))
	}, p)
	VZEROUPPER()
	RET()
}

// halves splits a vector in its two 128-bit halves.
func halves(v VecVirtual) (low, high VecVirtual) {
	high = XMM()
	VEXTRACTF128(U8(1), v, high)
	return v.AsX().(VecVirtual), high
}

// eachRow runs body for rows contiguous rows of cols numbers, with the number of
// vectors in a row, and returns; the pointer parameters named move on from row to
// row.
func eachRow(pointers []string, body func(n GPVirtual)) {
	Label("row")
	n := param("cols")
	SHRQ(U8(2), n)
	body(n)
	for _, name := range pointers {
		p, cols := param(name), param("cols")
		LEAQ(words(p, cols), p)
		MOVQ(p, parameter(name))
	}
	DECQ(parameter("rows"))
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}

// pop writes the number to the parameter's address and moves that on by one.
func pop(name string, v VecVirtual) {
	p := param(name)
	VMOVSD(v, at(p, 0))
	ADDQ(U8(word), parameter(name))
}

// walk runs body for n vectors from each of the pointer parameters.
func walk(name string, n GPVirtual, pointers []string, body func(p []GPVirtual)) {
	var p []GPVirtual
	for _, pointer := range pointers {
		p = append(p, param(pointer))
	}
	count := GP64()
	MOVQ(n, count)
	loop(name, count, func() {
		body(p)
		for _, r := range p {
			ADDQ(U8(width), r)
		}
	})
}

// total adds the four lanes as (0+2)+(1+3) in the lowest one.
func total(sum VecVirtual) VecVirtual {
	low, high := halves(sum)
	VADDPD(high, low, low)
	VUNPCKHPD(low, low, high)
	VADDSD(high, low, low)
	return low
}

// subtractLargest and normalize are a softmax with the exponential between them.
func subtractLargest() {
	TEXT("subtractLargestAVX2", NOSPLIT, "func(x, largest *float64, cols, rows int)")
	Doc("subtractLargestAVX2 subtracts from each row its largest element.")
	Pragma("noescape")
	eachRow([]string{"x"}, func(n GPVirtual) {
		largest := YMM()
		VMOVUPD(at(param("x"), 0), largest)
		walk("largest", n, []string{"x"}, func(p []GPVirtual) { VMAXPD(at(p[0], 0), largest, largest) })
		low, high := halves(largest)
		VMAXPD(high, low, low)
		VUNPCKHPD(low, low, high)
		VMAXSD(high, low, low)
		pop("largest", low)
		VBROADCASTSD(low, largest)
		walk("subtract", n, []string{"x"}, func(p []GPVirtual) {
			x := YMM()
			VMOVUPD(at(p[0], 0), x)
			VSUBPD(largest, x, x)
			VMOVUPD(x, at(p[0], 0))
		})
	})
}

func normalize() {
	constants()
	TEXT("normalizeAVX2", NOSPLIT, "func(x, sum *float64, cols, rows int)")
	Doc("normalizeAVX2 divides each row by its sum.")
	Pragma("noescape")
	eachRow([]string{"x"}, func(n GPVirtual) {
		sum := YMM()
		zero(sum)
		walk("sum", n, []string{"x"}, func(p []GPVirtual) { VADDPD(at(p[0], 0), sum, sum) })
		low := total(sum)
		pop("sum", low)
		one, scale := XMM(), YMM()
		VMOVSD(constant("one"), one)
		VDIVSD(low, one, one)
		VBROADCASTSD(one, scale)
		walk("scale", n, []string{"x"}, func(p []GPVirtual) {
			x := YMM()
			VMULPD(at(p[0], 0), scale, x)
			VMOVUPD(x, at(p[0], 0))
		})
	})
}

func softmaxBackward() {
	TEXT("softmaxBackwardAVX2", NOSPLIT, "func(p, gradient *float64, cols, rows int)")
	Doc("softmaxBackwardAVX2 is SoftmaxBackwardRows.")
	Pragma("noescape")
	both := []string{"p", "gradient"}
	eachRow(both, func(n GPVirtual) {
		sum := YMM()
		zero(sum)
		walk("mean", n, both, func(p []GPVirtual) {
			x := YMM()
			VMOVUPD(at(p[0], 0), x)
			VFMADD231PD(at(p[1], 0), x, sum)
		})
		mean := YMM()
		VBROADCASTSD(total(sum), mean)
		walk("scale", n, both, func(p []GPVirtual) {
			x := YMM()
			VMOVUPD(at(p[1], 0), x)
			VSUBPD(mean, x, x)
			VMULPD(at(p[0], 0), x, x)
			VMOVUPD(x, at(p[1], 0))
		})
	})
}
