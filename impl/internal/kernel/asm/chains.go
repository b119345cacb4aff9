package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// shares emits stream.Vectors.Shares.
func shares(o octet) {
	TEXT("shares"+o.suffix, NOSPLIT, "func(row, variates *float64, width int) (small int)")
	Doc("shares" + o.suffix + " is stream.Vectors.Shares of width > 0 groups.")
	Pragma("noescape")
	row, variates, small := param("row"), param("variates"), GP64()
	XORQ(small, small)
	scales := o.each(func(int) VecVirtual { return o.zero() })
	from, n := GP64(), param("width")
	MOVQ(variates, from)
	loop("sum", n, func() {
		for i, sum := range scales {
			VADDPD(at(from, i*o.size()), sum, sum)
		}
		ADDQ(U8(group), from)
	})
	for i, sum := range scales {
		shiftInto(small, o.any(comparison{o.load(o.constant("safeSum")), above, sum}), i*o.size()/word)
		one := o.load(o.constant("oneFloat"))
		VDIVPD(sum, one, sum)
	}
	least := o.load(o.constant("least"))
	n = param("width")
	loop("scale", n, func() {
		for i, scale := range scales {
			v := o.vector()
			VMULPD(at(variates, i*o.size()), scale, v)
			VMAXPD(least, v, v)
			VMOVUPD(v, at(row, i*o.size()))
		}
		ADDQ(U8(group), variates)
		ADDQ(U8(group), row)
	})
	Store(small, ReturnIndex(0))
	VZEROUPPER()
	RET()
}

// each makes a vector for every part of a group.
func (o octet) each(make func(i int) VecVirtual) []VecVirtual {
	var v []VecVirtual
	for i := range o.parts() {
		v = append(v, make(i))
	}
	return v
}

// stationary emits stationary.
func stationary(o octet) {
	TEXT("stationary"+o.suffix, NOSPLIT, "func(a *float64, s int, mu, total *float64)")
	Doc("stationary" + o.suffix + " is stationary for s > 1.")
	Pragma("noescape")
	a, last, stride, row := param("a"), param("s"), GP64(), GP64()
	MOVQ(last, stride)
	SHLQ(U8(6), stride) // bytes of a row
	DECQ(last)
	MOVQ(last, row)
	IMULQ(stride, row)
	ADDQ(a, row)
	Label("state")
	leave := o.each(func(int) VecVirtual { return o.zero() })
	{
		from, count := GP64(), GP64()
		MOVQ(row, from)
		MOVQ(last, count)
		loop("leave", count, func() {
			for i, sum := range leave {
				VADDPD(at(from, i*o.size()), sum, sum)
			}
			ADDQ(U8(group), from)
		})
	}
	into, left, column := GP64(), GP64(), GP64()
	MOVQ(a, into)
	MOVQ(last, left)
	MOVQ(last, column)
	SHLQ(U8(6), column)
	loop("rows", left, func() {
		weights := o.each(func(i int) VecVirtual {
			w := o.load(indexed(into, column, i*o.size()))
			VDIVPD(leave[i], w, w)
			VMOVUPD(w, indexed(into, column, i*o.size()))
			return w
		})
		from, to, count := GP64(), GP64(), GP64()
		MOVQ(row, from)
		MOVQ(into, to)
		MOVQ(last, count)
		loop("entries", count, func() {
			for i, w := range weights {
				x := o.vector()
				VMULPD(at(from, i*o.size()), w, x)
				VADDPD(at(to, i*o.size()), x, x)
				VMOVUPD(x, at(to, i*o.size()))
			}
			ADDQ(U8(group), from)
			ADDQ(U8(group), to)
		})
		ADDQ(stride, into)
	})
	SUBQ(stride, row)
	DECQ(last)
	JNZ(LabelRef("state"))
	o.substitute()
	VZEROUPPER()
	RET()
}

// substitute writes the unnormalised distribution state by state, its sum, and then
// divides by that.
func (o octet) substitute() {
	mu, column, stride, n, s := param("mu"), param("a"), param("s"), GP64(), param("s")
	SHLQ(U8(6), stride)
	totals := o.each(func(i int) VecVirtual {
		one := o.load(o.constant("oneFloat"))
		VMOVUPD(one, at(mu, i*o.size()))
		return one
	})
	to := GP64()
	MOVQ(mu, to)
	MOVQ(U32(1), n)
	Label("next")
	ADDQ(U8(group), to)
	ADDQ(U8(group), column)
	sums := o.each(func(int) VecVirtual { return o.zero() })
	from, entry, count := GP64(), GP64(), GP64()
	MOVQ(mu, from)
	MOVQ(column, entry)
	MOVQ(n, count)
	loop("sum", count, func() {
		for i, sum := range sums {
			x := o.load(at(from, i*o.size()))
			VMULPD(at(entry, i*o.size()), x, x)
			VADDPD(x, sum, sum)
		}
		ADDQ(U8(group), from)
		ADDQ(stride, entry)
	})
	for i, sum := range sums {
		VMOVUPD(sum, at(to, i*o.size()))
		VADDPD(sum, totals[i], totals[i])
	}
	INCQ(n)
	CMPQ(n, s)
	JNE(LabelRef("next"))
	total := param("total")
	for i, t := range totals {
		VMOVUPD(t, at(total, i*o.size()))
	}
	loop("divide", s, func() {
		for i, t := range totals {
			x := o.load(at(mu, i*o.size()))
			VDIVPD(t, x, x)
			VMOVUPD(x, at(mu, i*o.size()))
		}
		ADDQ(U8(group), mu)
	})
}

// invert emits invert.
func invert(o octet) {
	TEXT("invert"+o.suffix, NOSPLIT, "func(tokens, parents *int, uniforms, rows *float64, s, n int)")
	Doc("invert" + o.suffix + " is invert for n > 0.")
	Pragma("noescape")
	rows, s, count := param("rows"), param("s"), param("s")
	INCQ(count)
	loop("accumulate", count, func() {
		sums, entries := o.each(func(int) VecVirtual { return o.zero() }), GP64()
		MOVQ(s, entries)
		loop("entry", entries, func() {
			for i, sum := range sums {
				VADDPD(at(rows, i*o.size()), sum, sum)
				VMOVUPD(sum, at(rows, i*o.size()))
			}
			ADDQ(U8(group), rows)
		})
	})
	tokens, to, parents, uniforms, n := param("tokens"), param("tokens"), param("parents"), param("uniforms"), param("n")
	rows = param("rows")
	width := o.vector()
	{
		bytes, x := GP64(), XMM()
		MOVQ(s, bytes)
		SHLQ(U8(3), bytes)
		VMOVQ(bytes, x)
		VPBROADCASTQ(x, width) // numbers in a row of all lanes
	}
	loop("token", n, func() {
		parent := GP64()
		MOVQ(at(parents, 0), parent)
		SHLQ(U8(6), parent)
		var index, u, above []VecVirtual
		for i := range o.parts() {
			at0 := o.load(indexed(tokens, parent, i*o.size()))
			VPMULUDQ(width, at0, at0)
			VPADDQ(o.constant("lane").Offset(i*o.size()), at0, at0)
			index, u, above = append(index, at0), append(u, o.load(at(uniforms, i*o.size()))), append(above, o.zero())
		}
		left, from := GP64(), GP64()
		MOVQ(rows, from)
		MOVQ(s, left)
		DECQ(left)
		JZ(LabelRef("found"))
		loop("entryOfRow", left, func() {
			for i := range o.parts() {
				o.count(comparison{u[i], atLeast, o.gather(from, 0, index[i])}, above[i])
			}
			ADDQ(U8(group), from)
		})
		Label("found")
		for i := range o.parts() {
			VMOVUPD(above[i], at(to, i*o.size()))
		}
		ADDQ(U8(group), to)
		ADDQ(U8(group), uniforms)
		ADDQ(U8(word), parents)
	})
	VZEROUPPER()
	RET()
}
