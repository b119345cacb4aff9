package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// inFours runs four for each whole group of t items and one for each item left.
func inFours(name string, t GPVirtual, four, one func()) {
	groups := GP64()
	MOVQ(t, groups)
	SHRQ(U8(2), groups)
	JZ(LabelRef(name + "tail"))
	loop(name+"fours", groups, four)
	Label(name + "tail")
	ANDQ(U8(3), t)
	JZ(LabelRef(name + "end"))
	loop(name+"ones", t, one)
	Label(name + "end")
}

// lookUp fills a row's end with the padding.
func lookUp() {
	TEXT("lookUpAVX2", NOSPLIT, "func(dst *float64, dstStep int, feature *float64, featureStep int, token *int, s, t, length, sequences int, padding float64)")
	Doc("lookUpAVX2 is Block.LookUp.")
	Pragma("noescape")
	eachSequence(lookUpOne, rows("dst"), rows("feature"), tokens("token"))
}

func lookUpOne() {
	dst, byToken, byPosition, token, t := param("dst"), param("feature"), param("s"), param("token"), param("t")
	LEAQ(words(byToken, byPosition), byPosition)
	inFours("look", t, func() {
		var halves [2]VecVirtual
		for i := range halves {
			halves[i] = XMM()
			a, b := GP64(), GP64()
			MOVQ(at(token, 2*i*word), a)
			MOVQ(at(token, (2*i+1)*word), b)
			VMOVSD(words(byToken, a), halves[i])
			VMOVHPD(words(byToken, b), halves[i], halves[i])
		}
		v := halves[0].AsY().(VecVirtual)
		VINSERTF128(U8(1), halves[1], v, v)
		VADDPD(at(byPosition, 0), v, v)
		VMOVUPD(v, at(dst, 0))
		for _, p := range []Register{dst, byPosition, token} {
			ADDQ(U8(4*word), p)
		}
	}, func() {
		a, v := GP64(), XMM()
		MOVQ(at(token, 0), a)
		VMOVSD(words(byToken, a), v)
		VADDSD(at(byPosition, 0), v, v)
		VMOVSD(v, at(dst, 0))
		for _, p := range []Register{dst, byPosition, token} {
			ADDQ(U8(word), p)
		}
	})
	fillPadding(dst)
}

// fillPadding writes the padding from dst on.
func fillPadding(dst GPVirtual) {
	padding, count := XMM(), param("length")
	SUBQ(param("t"), count)
	JZ(LabelRef("padded"))
	VMOVSD(parameter("padding"), padding)
	loop("padding", count, func() {
		VMOVSD(padding, at(dst, 0))
		ADDQ(U8(word), dst)
	})
	Label("padded")
}

// manyTokens is the padded S above which features adds key by key; up to it,
// it adds a masked vector for every token, which waits for no store.
const manyTokens = 16

// features keeps four sums for a token side by side: the sum of every fourth
// key. Both ways do the same additions, but for some of +0.
func features(tails Mem) {
	TEXT("featuresAVX2", NOSPLIT, "func(dst *float64, dstStep int, w *float64, wStep int, key *int, scratch *float64, s, t, tokens, length, sequences int)")
	Doc("featuresAVX2 is Block.Features.")
	Pragma("noescape")
	eachSequence(func() { featuresOne(tails) }, rows("dst"), rows("w"), tokens("key"))
}

func featuresOne(tails Mem) {
	tokens := param("tokens")
	CMPQ(tokens, U8(manyTokens))
	JG(LabelRef("many"))
	sumsByMask(tails)
	JMP(LabelRef("positions"))
	Label("many")
	sumsByKey()
	Label("positions")
	to, from, s := param("dst"), param("w"), param("s")
	LEAQ(words(to, s), to)
	inFours("copy", param("t"), func() {
		v := YMM()
		VMOVUPD(at(from, 0), v)
		VMOVUPD(v, at(to, 0))
		ADDQ(U8(width), from)
		ADDQ(U8(width), to)
	}, func() {
		v := XMM()
		VMOVSD(at(from, 0), v)
		VMOVSD(v, at(to, 0))
		ADDQ(U8(word), from)
		ADDQ(U8(word), to)
	})
}

// tailMasks selects the first 1, 2 or 3 lanes.
func tailMasks() Mem {
	masks := GLOBL("tailMasks", RODATA|NOPTR)
	for n := range lanes {
		for l := range lanes {
			bits := uint64(0)
			if l < n {
				bits = 1<<64 - 1
			}
			DATA(n*width+l*word, U64(bits))
		}
	}
	return masks
}

// sumsByMask sums four tokens at a time. Padded tokens write zeros where the
// positions follow.
func sumsByMask(tails Mem) {
	dst, groups := param("dst"), param("tokens")
	SHRQ(U8(2), groups)
	next, step := YMM(), YMM() // the next token's key, and from one to the next
	{
		x, length := XMM(), param("length")
		VMOVQ(length, x)
		VPBROADCASTQ(x, step)
		VPXOR(next, next, next)
	}
	tail, full := param("t"), GP64()
	ANDQ(U8(3), tail)
	SHLQ(U8(5), tail)
	mask := YMM()
	{
		masks := GP64()
		LEAQ(tails, masks)
		VMOVUPD(indexed(masks, tail, 0), mask)
	}
	loop("tokens", groups, func() {
		wanted, sums := vectors(lanes), vectors(lanes)
		for i := range wanted {
			VMOVDQU(next, wanted[i])
			VPADDQ(step, next, next)
			zero(sums[i])
		}
		w, key := param("w"), param("key")
		add := func(v VecVirtual) {
			keys := YMM()
			VMOVDQU(at(key, 0), keys)
			for i := range wanted {
				m := YMM()
				VPCMPEQQ(keys, wanted[i], m)
				VANDPD(v, m, m)
				VADDPD(m, sums[i], sums[i])
			}
		}
		count := param("t")
		SHRQ(U8(2), count)
		MOVQ(count, full)
		TESTQ(full, full)
		JZ(LabelRef("tokenTail"))
		loop("keys", full, func() {
			v := YMM()
			VMOVUPD(at(w, 0), v)
			add(v)
			ADDQ(U8(width), w)
			ADDQ(U8(4*word), key)
		})
		Label("tokenTail")
		TESTQ(tail, tail)
		JZ(LabelRef("tokensDone"))
		v := YMM()
		VMASKMOVPD(at(w, 0), mask, v)
		add(v)
		Label("tokensDone")
		VMOVUPD(reduce(sums), at(dst, 0))
		ADDQ(U8(width), dst)
	})
}

func sumsByKey() {
	length, scratch := bytes("length"), param("scratch")
	z, p, count := YMM(), param("scratch"), param("tokens")
	zero(z)
	loop("clear", count, func() {
		VMOVUPD(z, at(p, 0))
		ADDQ(length, p)
	})
	key, w := param("key"), param("w")
	addOne := func(i int) {
		a, v := GP64(), XMM()
		MOVQ(at(key, i*word), a)
		VMOVSD(at(w, i*word), v)
		m := words(scratch, a)
		m.Disp = i * word
		VADDSD(m, v, v)
		VMOVSD(v, m)
	}
	from := GP64()
	MOVQ(scratch, from)
	inFours("add", param("t"), func() {
		for i := range 4 {
			addOne(i)
		}
		ADDQ(U8(4*word), key)
		ADDQ(U8(4*word), w)
	}, func() { // scratch moves on: the tail's sums are the first, second and third
		addOne(0)
		ADDQ(U8(word), key)
		ADDQ(U8(word), w)
		ADDQ(U8(word), scratch)
	})
	dst, groups := param("dst"), param("tokens")
	SHRQ(U8(2), groups)
	loop("reduce", groups, func() {
		sums := vectors(4)
		for _, s := range sums {
			VMOVUPD(at(from, 0), s)
			ADDQ(length, from)
		}
		VMOVUPD(reduce(sums), at(dst, 0))
		ADDQ(U8(width), dst)
	})
}
