package kernel

import (
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// The gamma variates of every stream take their exponentials from here.
func init() { stream.UseExps(variateExps) }

// variateExps is stream.Exps.
func variateExps(dst, src []float64) {
	if n := len(src); n > 0 && n%Lanes == 0 && vector() {
		_ = dst[n-1]
		if variateExpAVX2(&dst[0], &src[0], stream.PowersOfTwo(), n) == 0 {
			return
		}
	}
	stream.Exps(dst, src)
}

// Stationary is markov.Stationary of Lanes matrices at once, p one after the other
// and mu too, with the same bits: no chain waits for the divisions and sums of
// another. work has room for (Lanes+1)*s*s numbers.
func Stationary(p []float64, s int, mu, work []float64) {
	a := work[:Lanes*s*s] // [s][s][lane]
	for lane := range Lanes {
		for at, v := range p[lane*s*s:][:s*s] {
			a[Lanes*at+lane] = v
		}
	}
	if vector() && s > 1 {
		eliminateAVX2(&a[0], s)
	} else {
		eliminate(a, s)
	}
	for lane := range Lanes {
		if !substitute(a[lane:], s, mu[lane*s:][:s]) {
			markov.Stationary(p[lane*s*s:][:s*s], s, mu[lane*s:][:s], work[Lanes*s*s:])
		}
	}
}

// eliminate is the elimination of markov.Stationary, [s][s][lane].
func eliminate(a []float64, s int) {
	for n := s - 1; n > 0; n-- {
		row := a[Lanes*n*s:][:Lanes*n]
		var l0, l1, l2, l3 float64
		for at := 0; at+Lanes <= len(row); at += Lanes {
			v := (*[Lanes]float64)(row[at:])
			l0, l1, l2, l3 = l0+v[0], l1+v[1], l2+v[2], l3+v[3]
		}
		for i := range n {
			weight := (*[Lanes]float64)(a[Lanes*(i*s+n):])
			w0, w1, w2, w3 := weight[0]/l0, weight[1]/l1, weight[2]/l2, weight[3]/l3
			*weight = [Lanes]float64{w0, w1, w2, w3}
			to := a[Lanes*i*s:][:len(row)]
			for at := 0; at+Lanes <= len(row); at += Lanes {
				x, v := (*[Lanes]float64)(to[at:]), (*[Lanes]float64)(row[at:])
				x[0] += float64(w0 * v[0])
				x[1] += float64(w1 * v[1])
				x[2] += float64(w2 * v[2])
				x[3] += float64(w3 * v[3])
			}
		}
	}
}

// substitute is the rest of markov.Stationary for the first lane of a; false where
// that would rescale on the way.
func substitute(a []float64, s int, mu []float64) bool {
	mu[0] = 1
	total := 1.0
	for n := 1; n < s; n++ {
		v := 0.0
		for i, m := range mu[:n] {
			v += float64(m * a[Lanes*(i*s+n)])
		}
		mu[n] = v
		total += v
		if !(total <= 0x1p10) {
			return false
		}
	}
	for n := range s {
		mu[n] /= total
	}
	return true
}
