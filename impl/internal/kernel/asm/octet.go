package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

const (
	streams = 8              // stream.Width
	group   = streams * word // bytes
)

// octets are the two ways to work on a group, with their constants.
func octets() []octet {
	memory := map[string]Mem{"lane": GLOBL("lane", RODATA|NOPTR)}
	for l := range streams {
		DATA(l*word, U64(uint64(l)))
	}
	data := GLOBL("octetConstants", RODATA|NOPTR)
	for i, c := range streamConstants {
		memory[c.name] = data.Offset(i * group)
		for l := range streams {
			DATA(i*group+l*word, U64(c.bits))
		}
	}
	constant := func(name string) Mem { return memory[name] }
	return []octet{fourStreams(constant), eightStreams(constant)}
}

// octet is how numbers and states of eight streams are worked on: in two vectors of four
// lanes or in one of eight.
type octet struct {
	suffix       string // of a routine's name
	vector       func() VecVirtual
	constant     func(name string) Mem
	and, or, xor func(x Op, y, to VecVirtual)
	// product is the low halves of x times the named constant.
	product func(x VecVirtual, name string) VecVirtual
	// multiply is those of x times y.
	multiply func(x, y VecVirtual) VecVirtual
	// addProducts adds to a sum s.lo times multiplierHi and s.hi times multiplierLo, where
	// loHigh is highs(s.lo).
	addProducts func(s states, loHigh, sum VecVirtual) VecVirtual
	// join is the low halves of high behind those of low.
	join func(high, low VecVirtual) VecVirtual
	// carry adds 1 to h where l, a sum with incrementLo, is below that.
	carry func(l, h VecVirtual)
	// gather is the numbers at base + displacement + 8 index.
	gather func(base GPVirtual, displacement int, index VecVirtual) VecVirtual
	// compare is a mask of the lanes in which a comparison holds, either adds one to
	// another, and bits are its lanes in the lowest bits.
	compare func(c comparison) Register
	either  func(mask, to Register)
	bits    func(mask Register) GPVirtual
	// count adds 1 to the lanes in which the comparison holds.
	count func(c comparison, to VecVirtual)
}

// comparison is one of x with y, by its predicate.
type comparison struct {
	x         VecVirtual
	predicate U8
	y         VecVirtual
}

// Predicates; none holds for a NaN.
const (
	above   = U8(0x1e)
	atLeast = U8(0x1d)
)

// size is that of a vector in bytes.
func (o octet) size() int { return int(o.vector().Size()) }

// parts is how many vectors a group fills.
func (o octet) parts() int { return group / o.size() }

func (o octet) load(m Mem) VecVirtual {
	v := o.vector()
	VMOVUPD(m, v)
	return v
}

func (o octet) broadcast(m Mem) VecVirtual {
	v := o.vector()
	VBROADCASTSD(m, v)
	return v
}

// any is, in the lowest bits, the lanes in which one of the comparisons holds.
func (o octet) any(first comparison, more ...comparison) GPVirtual {
	mask := o.compare(first)
	for _, c := range more {
		o.either(o.compare(c), mask)
	}
	return o.bits(mask)
}

func (o octet) zero() VecVirtual {
	v := o.vector()
	o.xor(v, v, v)
	return v
}

// states is one vector of generators.
type states struct{ hi, lo VecVirtual }

// loadStates is those of stream.States at p.
func (o octet) loadStates(p GPVirtual) []states {
	s := make([]states, o.parts())
	for i := range s {
		s[i] = states{o.load(at(p, i*o.size())), o.load(at(p, statesLo+i*o.size()))}
	}
	return s
}

func (o octet) storeStates(p GPVirtual, state []states) {
	for i, s := range state {
		VMOVUPD(s.hi, at(p, i*o.size()))
		VMOVUPD(s.lo, at(p, statesLo+i*o.size()))
	}
}

// steps replaces states by the next ones.
func (o octet) steps(state []states) {
	for _, s := range state {
		next := o.step(s)
		VMOVUPD(next.hi, s.hi)
		VMOVUPD(next.lo, s.lo)
	}
}

// step is the next states. What the high halves themselves bring is added last: they
// wait for the product alone.
func (o octet) step(s states) states {
	v, high := o.vector, o.highs(s.lo)
	p00, p01, p10, rest, t := v(), v(), v(), v(), v()
	VPMULUDQ(o.constant("multiplierLo"), s.lo, p00)
	VPMULUDQ(o.constant("multiplierLoHigh"), s.lo, p01)
	VPMULUDQ(o.constant("multiplierLo"), high, p10)
	VPMULUDQ(o.constant("multiplierLoHigh"), high, rest)
	VPSRLQ(U8(32), p00, t)
	VPADDQ(t, p01, p01) // below 2^64
	o.and(o.constant("low"), p01, t)
	VPADDQ(t, p10, p10)
	VPSRLQ(U8(32), p01, p01)
	VPADDQ(p01, rest, rest)
	VPSRLQ(U8(32), p10, t)
	VPADDQ(t, rest, rest)
	VPADDQ(o.constant("incrementHi"), rest, rest)
	lo := o.join(p10, p00)
	VPADDQ(o.constant("incrementLo"), lo, lo)
	o.carry(lo, rest)
	return states{o.addProducts(s, high, rest), lo}
}

// highs is x with its high halves, where the low ones are; the rest is of no use.
func (o octet) highs(x VecVirtual) VecVirtual {
	h := o.vector()
	VPSHUFD(U8(0b11110101), x, h) // a shift would be the multiplications' ports'
	return h
}

// word is the states' output.
func (o octet) word(s states) VecVirtual {
	x, shifted := o.vector(), o.vector()
	VPSRLQ(U8(32), s.hi, shifted)
	o.xor(shifted, s.hi, x)
	x = o.product(x, "output")
	VPSRLQ(U8(48), x, shifted)
	o.xor(shifted, x, x)
	o.or(o.constant("one"), s.lo, shifted)
	return o.multiply(x, shifted)
}

// open is stream.open of words.
func (o octet) open(words VecVirtual) VecVirtual {
	u := o.vector()
	VPSRLQ(U8(12), words, u)
	o.or(o.constant("exponent"), u, u)
	VSUBPD(o.constant("belowOne"), u, u) // from [1, 2) to an odd multiple of 2^-53
	return u
}

func fourStreams(constant func(name string) Mem) octet {
	o := octet{suffix: "AVX2", vector: YMM, constant: constant,
		and: func(x Op, y, to VecVirtual) { VPAND(x, y, to) },
		or:  func(x Op, y, to VecVirtual) { VPOR(x, y, to) },
		xor: func(x Op, y, to VecVirtual) { VPXOR(x, y, to) },
	}
	// halves is x times y of halves.
	halves := func(x VecVirtual, y Op) VecVirtual {
		p := YMM()
		VPMULUDQ(y, x, p)
		return p
	}
	plus := func(x, y VecVirtual) VecVirtual {
		VPADDQ(y, x, x)
		return x
	}
	shifted := func(x VecVirtual) VecVirtual {
		VPSLLQ(U8(32), x, x)
		return x
	}
	multiply := func(x VecVirtual, y, yHigh Op) VecVirtual {
		return plus(shifted(plus(halves(o.highs(x), y), halves(x, yHigh))), halves(x, y))
	}
	o.product = func(x VecVirtual, name string) VecVirtual { return multiply(x, constant(name), constant(name+"High")) }
	o.multiply = func(x, y VecVirtual) VecVirtual { return multiply(x, y, o.highs(y)) }
	o.addProducts = func(s states, loHigh, sum VecVirtual) VecVirtual {
		sum = plus(sum, halves(s.lo, constant("multiplierHi")))
		high := plus(halves(loHigh, constant("multiplierHi")), halves(s.lo, constant("multiplierHiHigh")))
		high = plus(high, plus(halves(s.hi, constant("multiplierLoHigh")), halves(o.highs(s.hi), constant("multiplierLo"))))
		return plus(shifted(high), plus(sum, halves(s.hi, constant("multiplierLo"))))
	}
	o.join = func(high, low VecVirtual) VecVirtual {
		to := YMM()
		VPSHUFD(U8(0b10100000), high, high)
		VPBLENDD(U8(0b10101010), high, low, to)
		return to
	}
	o.carry = func(l, h VecVirtual) {
		below, limit := YMM(), YMM()
		VPXOR(constant("sign"), l, below)
		VMOVDQU(constant("incrementLoSigned"), limit)
		VPCMPGTQ(below, limit, below)
		VPSUBQ(below, h, h)
	}
	o.gather = func(base GPVirtual, displacement int, index VecVirtual) VecVirtual {
		every, to := YMM(), YMM()
		VPCMPEQQ(every, every, every)
		zero(to)
		VGATHERQPD(every, Mem{Base: base, Index: index, Scale: word, Disp: displacement}, to)
		return to
	}
	o.count = func(c comparison, to VecVirtual) {
		VCMPPD(c.predicate, c.y, c.x, c.y)
		VPSUBQ(c.y, to, to)
	}
	o.compare = func(c comparison) Register {
		mask := YMM()
		VCMPPD(c.predicate, c.y, c.x, mask)
		return mask
	}
	o.either = func(mask, to Register) { VORPD(mask, to, to) }
	o.bits = func(mask Register) GPVirtual {
		bits := GP32()
		VMOVMSKPD(mask, bits)
		return bits.As64().(GPVirtual)
	}
	return o
}

func eightStreams(constant func(name string) Mem) octet {
	o := octet{suffix: "AVX512", vector: ZMM, constant: constant,
		and: func(x Op, y, to VecVirtual) { VPANDQ(x, y, to) },
		or:  func(x Op, y, to VecVirtual) { VPORQ(x, y, to) },
		xor: func(x Op, y, to VecVirtual) { VPXORQ(x, y, to) },
	}
	o.product = func(x VecVirtual, name string) VecVirtual {
		to := ZMM()
		VPMULLQ(constant(name), x, to)
		return to
	}
	o.multiply = func(x, y VecVirtual) VecVirtual {
		to := ZMM()
		VPMULLQ(x, y, to)
		return to
	}
	o.addProducts = func(s states, _, sum VecVirtual) VecVirtual {
		VPADDQ(o.product(s.lo, "multiplierHi"), sum, sum)
		hi := o.product(s.hi, "multiplierLo")
		VPADDQ(sum, hi, hi)
		return hi
	}
	o.join = func(high, low VecVirtual) VecVirtual {
		VPSLLQ(U8(32), high, high)
		VPANDQ(constant("low"), low, low)
		VPORQ(high, low, low)
		return low
	}
	o.carry = func(l, h VecVirtual) {
		k := K()
		VPCMPUQ(U8(1), constant("incrementLo"), l, k)
		VPADDQ(constant("one"), h, k, h)
	}
	o.gather = func(base GPVirtual, displacement int, index VecVirtual) VecVirtual {
		every, to := K(), ZMM()
		KXNORW(every, every, every)
		VPXORQ(to, to, to)
		VGATHERQPD(Mem{Base: base, Index: index, Scale: word, Disp: displacement}, every, to)
		return to
	}
	o.count = func(c comparison, to VecVirtual) {
		k := K()
		VCMPPD(c.predicate, c.y, c.x, k)
		VPADDQ(constant("one"), to, k, to)
	}
	o.compare = func(c comparison) Register {
		mask := K()
		VCMPPD(c.predicate, c.y, c.x, mask)
		return mask
	}
	o.either = func(mask, to Register) { KORW(mask, to, to) }
	o.bits = func(mask Register) GPVirtual {
		bits := GP32()
		KMOVW(mask, bits)
		return bits.As64().(GPVirtual)
	}
	return o
}
