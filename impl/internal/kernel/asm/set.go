package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// set writes the offsets of table rows, the keys and the tokens.
func set() {
	TEXT("setAVX2", NOSPLIT, "func(query, key, token *int, tokens *uint16, sequences, t, length, rowStep, row int) (largest int)")
	Doc("setAVX2 is Block.Set; rowStep is from a query's rows to the next query's.")
	Pragma("noescape")
	tokens := param("tokens")
	largest, lengths, widths, starts, step := YMM(), YMM(), YMM(), YMM(), YMM()
	VPXOR(largest, largest, largest)
	broadcast := func(name string, v VecVirtual) {
		x := XMM()
		VMOVQ(param(name), x)
		VPBROADCASTQ(x, v)
	}
	broadcast("length", lengths)
	broadcast("row", widths)
	broadcast("rowStep", step)
	{ // 0, 1, 2, 3 times rowStep, and 4 times
		zeroToThree := GLOBL("zeroToThree", RODATA|NOPTR)
		for l := range lanes {
			DATA(l*word, U64(l))
		}
		VPMULUDQ(zeroToThree, step, starts)
		VPSLLQ(U8(2), step, step)
	}
	Label("sequence")
	query, key, token := param("query"), param("key"), param("token")
	first := YMM()
	VMOVDQU(starts, first)
	convert := func(a VecVirtual) (q, k VecVirtual) {
		q, k = YMM(), YMM()
		VPMAXUD(a, largest, largest)
		VPMULUDQ(lengths, a, k)
		VPMULUDQ(widths, a, q)
		VPADDQ(first, q, q)
		return q, k
	}
	inFours("token", param("t"), func() {
		a := YMM()
		VPMOVZXWQ(at(tokens, 0), a)
		q, k := convert(a)
		VPADDQ(step, first, first)
		VMOVDQU(a, at(token, 0))
		VMOVDQU(k, at(key, 0))
		VMOVDQU(q, at(query, 0))
		ADDQ(U8(4*2), tokens)
		for _, p := range []Register{query, key, token} {
			ADDQ(U8(4*word), p)
		}
	}, func() {
		v, a := GP32(), XMM()
		MOVWLZX(at(tokens, 0), v)
		VMOVD(v, a)
		q, k := convert(a.AsY().(VecVirtual))
		VMOVQ(a, at(token, 0))
		VMOVQ(k.AsX(), at(key, 0))
		VMOVQ(q.AsX(), at(query, 0))
		VPERMQ(U8(0b111001), first, first) // the next query's in front
		ADDQ(U8(2), tokens)
		for _, p := range []Register{query, key, token} {
			ADDQ(U8(word), p)
		}
	})
	length := param("length")
	for _, name := range []string{"query", "key", "token"} {
		p := param(name)
		LEAQ(words(p, length), p)
		MOVQ(p, parameter(name))
	}
	DECQ(parameter("sequences"))
	JNZ(LabelRef("sequence"))
	low, high, result := largest.AsX().(VecVirtual), XMM(), GP64()
	VEXTRACTI128(U8(1), largest, high)
	VPMAXUD(high, low, low)
	VPSRLDQ(U8(8), low, high)
	VPMAXUD(high, low, low)
	VMOVQ(low, result)
	Store(result, ReturnIndex(0))
	VZEROUPPER()
	RET()
}
