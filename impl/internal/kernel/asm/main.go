// Command asm generates the vector variants of package kernel. It is a module of
// its own so that the project does not depend on avo; run `go generate` in the
// kernel's folder.
//
// Every routine performs the operations of its portable variant in the same
// order: read them side by side. That of propose and float64s is package stream's.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("!noasm")
	gemm()
	gemmWide()
	add2()
	addRows()
	exponential()
	exponentialWide()
	subtractLargest()
	normalize()
	softmaxBackward()
	set()
	lookUp()
	lookUpWide()
	tails := tailMasks()
	features(tails)
	featuresWide(tails)
	last()
	lastOneHot()
	addLastOneHot()
	dot()
	build()
	buildWide(transpositionTable())
	overKeys()
	overKeysWide()
	overQueries()
	backward()
	variateExp()
	for _, o := range octets() {
		proposals(o)
		float64s(o)
		shares(o)
		stationary(o)
		invert(o)
	}
	roofline()
	Generate()
}

const (
	word  = 8
	lanes = 4
	width = word * lanes // bytes of a vector
)

// param loads an integer or pointer parameter.
func param(name string) GPVirtual { return Load(Param(name), GP64()).(GPVirtual) }

// bytes loads a parameter that counts float64 and scales it to bytes.
func bytes(name string) GPVirtual {
	r := param(name)
	SHLQ(U8(3), r)
	return r
}

func at(base Register, displacement int) Mem { return Mem{Base: base, Disp: displacement} }

func indexed(base, index Register, displacement int) Mem {
	return Mem{Base: base, Index: index, Scale: 1, Disp: displacement}
}

// words addresses base[index], index counted in float64.
func words(base, index Register) Mem { return Mem{Base: base, Index: index, Scale: word} }

// loop runs body count times, count > 0; count is used up.
func loop(name string, count Register, body func()) {
	Label(name)
	body()
	DECQ(count)
	JNZ(LabelRef(name))
}

// cursor is a pointer parameter and where its step, in float64 or int, is.
type cursor struct{ pointer, step Mem }

// rows is the cursor of a parameter with a step of its own.
func rows(name string) cursor { return cursor{parameter(name), parameter(name + "Step")} }

// tokens is the cursor of a parameter that moves on by the parameter length.
func tokens(name string) cursor { return cursor{parameter(name), parameter("length")} }

// eachSequence runs body once a sequence of a block, parameter sequences times,
// and returns. Between two sequences the cursors' parameters move on.
func eachSequence(body func(), cursors ...cursor) {
	Label("sequence")
	body()
	DECQ(parameter("sequences"))
	JZ(LabelRef("done"))
	for _, c := range cursors {
		p, step := GP64(), GP64()
		MOVQ(c.pointer, p)
		MOVQ(c.step, step)
		LEAQ(words(p, step), p)
		MOVQ(p, c.pointer)
	}
	JMP(LabelRef("sequence"))
	Label("done")
	VZEROUPPER()
	RET()
}

// parameter is where an integer or pointer parameter is.
func parameter(name string) Mem {
	p, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return p.Addr
}

func vectors(n int) []VecVirtual {
	v := make([]VecVirtual, n)
	for i := range v {
		v[i] = YMM()
	}
	return v
}

func zero(v VecVirtual) { VXORPD(v, v, v) }
