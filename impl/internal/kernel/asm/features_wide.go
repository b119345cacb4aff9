package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// inEights runs body for each whole group of eight of t items, and once more for
// what is left of them. Loads and stores of float64 or int64 select the items.
func inEights(name string, t GPVirtual, body func(load func(m Mem) VecVirtual, store func(v VecVirtual, m Mem)), pointers ...Register) {
	groups, tail := GP64(), K()
	{
		bits := GP64()
		MOVQ(t, groups)
		ANDQ(U8(7), groups)
		XORQ(bits, bits)
		BTSQ(groups, bits)
		DECQ(bits)
		KMOVW(bits.As32(), tail)
	}
	MOVQ(t, groups)
	SHRQ(U8(3), groups)
	JZ(LabelRef(name + "tail"))
	loop(name+"eights", groups, func() {
		body(func(m Mem) VecVirtual {
			v := ZMM()
			VMOVUPD(m, v)
			return v
		}, func(v VecVirtual, m Mem) { VMOVUPD(v, m) })
		for _, p := range pointers {
			ADDQ(U8(8*word), p)
		}
	})
	Label(name + "tail")
	TESTQ(U32(7), t)
	JZ(LabelRef(name + "end"))
	body(func(m Mem) VecVirtual {
		v := ZMM()
		VMOVUPD_Z(m, tail, v)
		return v
	}, func(v VecVirtual, m Mem) { VMOVUPD(v, tail, m) })
	Label(name + "end")
}

// lookUpWide keeps the S <= 16 numbers by token in two registers.
func lookUpWide() {
	TEXT("lookUpAVX512", NOSPLIT, "func(dst *float64, dstStep int, feature *float64, featureStep int, token *int, s, t, length, sequences int, padding float64)")
	Doc("lookUpAVX512 is Block.LookUp for S <= 16.")
	Pragma("noescape")
	low, high := lowAndHighMask(param("s"))
	eachSequence(func() {
		dst, byToken, byPosition, token, t := param("dst"), param("feature"), param("s"), param("token"), param("t")
		LEAQ(words(byToken, byPosition), byPosition)
		numbers := [2]VecVirtual{ZMM(), ZMM()}
		VMOVUPD_Z(at(byToken, 0), low, numbers[0])
		VMOVUPD_Z(at(byToken, 8*word), high, numbers[1])
		inEights("look", t, func(load func(m Mem) VecVirtual, store func(v VecVirtual, m Mem)) {
			v := load(at(token, 0))
			VPERMI2PD(numbers[1], numbers[0], v)
			VADDPD(load(at(byPosition, 0)), v, v)
			store(v, at(dst, 0))
		}, dst, byPosition, token)
		ANDQ(U8(7), t)
		LEAQ(words(dst, t), dst)
		fillPadding(dst)
	}, rows("dst"), rows("feature"), tokens("token"))
}

// featuresWide is features up to manyTokens with two tokens in a vector.
func featuresWide(tails Mem) {
	TEXT("featuresAVX512", NOSPLIT, "func(dst *float64, dstStep int, w *float64, wStep int, key *int, s, t, tokens, length, sequences int)")
	Doc("featuresAVX512 is Block.Features for S <= 16.")
	Pragma("noescape")
	eachSequence(func() {
		sumsByPair(tails)
		to, from, s := param("dst"), param("w"), param("s")
		LEAQ(words(to, s), to)
		inEights("copy", param("t"), func(load func(m Mem) VecVirtual, store func(v VecVirtual, m Mem)) {
			store(load(at(from, 0)), at(to, 0))
		}, from, to)
	}, rows("dst"), rows("w"), tokens("key"))
}

// sumsByPair sums four tokens at a time, as sumsByMask.
func sumsByPair(tails Mem) {
	dst, groups, next, step := param("dst"), param("tokens"), ZMM(), ZMM()
	SHRQ(U8(2), groups)
	{ // keys of tokens 0 and 1, and from one pair to the next
		length, second := param("length"), ZMM()
		VPXORQ(next, next, next)
		VPBROADCASTQ(length, second)
		VPADDQ(second, second, step)
		VSHUFF64X2(U8(0b01000100), second, next, next)
	}
	tail, mask := param("t"), YMM()
	ANDQ(U8(3), tail)
	SHLQ(U8(5), tail)
	{
		masks := GP64()
		LEAQ(tails, masks)
		VMOVUPD(indexed(masks, tail, 0), mask)
	}
	loop("tokens", groups, func() {
		wanted, sums := [2]VecVirtual{ZMM(), ZMM()}, [2]VecVirtual{ZMM(), ZMM()}
		for i := range wanted {
			VMOVDQU64(next, wanted[i])
			VPADDQ(step, next, next)
			VXORPD(sums[i].AsX(), sums[i].AsX(), sums[i].AsX())
		}
		w, key, count := param("w"), param("key"), param("t")
		add := func(v VecVirtual) {
			keys := ZMM()
			VBROADCASTF64X4(at(key, 0), keys)
			for i := range wanted {
				m := K()
				VPCMPEQQ(keys, wanted[i], m)
				VADDPD(v, sums[i], m, sums[i])
			}
		}
		SHRQ(U8(2), count)
		JZ(LabelRef("tokenTail"))
		loop("keys", count, func() {
			v := ZMM()
			VBROADCASTF64X4(at(w, 0), v)
			add(v)
			ADDQ(U8(width), w)
			ADDQ(U8(4*word), key)
		})
		Label("tokenTail")
		TESTQ(tail, tail)
		JZ(LabelRef("tokensDone"))
		v, both := YMM(), ZMM()
		VMASKMOVPD(at(w, 0), mask, v)
		VSHUFF64X2(U8(0b01000100), v.AsZ(), v.AsZ(), both)
		add(both)
		Label("tokensDone")
		VMOVUPD(reduce(splitPairs(sums[:])), at(dst, 0))
		ADDQ(U8(width), dst)
	})
}

// splitPairs splits two vectors of eight into their four halves.
func splitPairs(v []VecVirtual) []VecVirtual {
	high := vectors(2)
	for i := range v {
		VEXTRACTF64X4(U8(1), v[i], high[i])
	}
	return []VecVirtual{v[0].AsY().(VecVirtual), high[0], v[1].AsY().(VecVirtual), high[1]}
}
