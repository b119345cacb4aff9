// Command asm generates the vector variants of package kernel. It is a module of
// its own so that the project does not depend on avo; run `go generate` in the
// kernel's folder.
//
// Every routine performs the operations of its portable variant in the same
// order: read them side by side.
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
	sum()
	exponential()
	softmax()
	softmaxBackward()
	lookUp()
	features()
	build()
	overKeys()
	overQueries()
	backward()
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

func vectors(n int) []VecVirtual {
	v := make([]VecVirtual, n)
	for i := range v {
		v[i] = YMM()
	}
	return v
}

func zero(v VecVirtual) { VXORPD(v, v, v) }
