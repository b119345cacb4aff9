package kernel

import (
	"fmt"

	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// Streams is how many sequences are drawn side by side, in groups of as many numbers,
// one a sequence.
const Streams = stream.Width

// All streams take their vectors from here.
func init() {
	stream.UseVectors(stream.Vectors{Exps: variateExps, Run: vector, Propose: propose, Float64s: float64s, Normalise: normalise})
}

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

func propose(p *stream.Proposals, n int) {
	_ = p.Rejected[n-1]
	if wide() {
		proposeAVX512(&p.Hi[0], n)
	} else {
		proposeAVX2(&p.Hi[0], n)
	}
}

func float64s(s *stream.States, dst []float64) {
	if n := len(dst) / Streams; n > 0 && wide() {
		float64sAVX512(&s.Hi[0], &dst[0], n)
	} else if n > 0 {
		float64sAVX2(&s.Hi[0], &dst[0], n)
	}
}

func normalise(row, variates []float64) (small uint) {
	n := len(variates) / Streams
	_ = row[Streams*n-1]
	if wide() {
		return uint(normaliseRowAVX512(&row[0], &variates[0], n))
	}
	return uint(normaliseRowAVX2(&row[0], &variates[0], n))
}

// Stationary is markov.Stationary of Streams matrices at once, p and mu in groups, with
// the same bits: no chain waits for the divisions and sums of another. work has room
// for Streams*s*s numbers.
func Stationary(p []float64, s int, mu, work []float64) {
	a, mu := work[:Streams*s*s], mu[:Streams*s]
	copy(a, p)
	var total [Streams]float64
	switch {
	case s < 2 || !vector():
		stationary(a, s, mu, &total)
	case wide():
		stationaryAVX512(&a[0], s, &mu[0], &total[0])
	default:
		stationaryAVX2(&a[0], s, &mu[0], &total[0])
	}
	for lane, sum := range total {
		if !(sum <= 0x1p10) {
			alone(p, s, lane, mu, work)
		}
	}
}

// alone is Stationary of one lane, which that would have rescaled on the way.
func alone(p []float64, s, lane int, mu, work []float64) {
	chain, own := work[:s*s], work[2*s*s:][:s]
	for i := range chain {
		chain[i] = p[i*Streams+lane]
	}
	markov.Stationary(chain, s, own, work[s*s:])
	for i, v := range own {
		mu[i*Streams+lane] = v
	}
}

// stationary is markov.Stationary's elimination and substitution, without rescaling:
// total is the sums before the last division.
func stationary(a []float64, s int, mu []float64, total *[Streams]float64) {
	for n := s - 1; n > 0; n-- {
		row := a[Streams*n*s:][:Streams*n]
		var leave [Streams]float64
		addGroups(&leave, row)
		for i := range n {
			weight := (*[Streams]float64)(a[Streams*(i*s+n):])
			for lane, v := range leave {
				weight[lane] /= v
			}
			to := a[Streams*i*s:][:len(row)]
			for at := 0; at < len(row); at += Streams {
				x, v := (*[Streams]float64)(to[at:]), (*[Streams]float64)(row[at:])
				for lane, w := range weight {
					x[lane] += float64(w * v[lane])
				}
			}
		}
	}
	for n := range s {
		sum := (*[Streams]float64)(mu[Streams*n:])
		*sum = [Streams]float64{}
		for i := range n {
			m, v := (*[Streams]float64)(mu[Streams*i:]), (*[Streams]float64)(a[Streams*(i*s+n):])
			for lane := range sum {
				sum[lane] += float64(m[lane] * v[lane])
			}
		}
		for lane := range sum {
			if n == 0 {
				sum[lane] = 1
			}
			total[lane] += sum[lane]
		}
	}
	for at := 0; at < len(mu); at += Streams {
		m := (*[Streams]float64)(mu[at:])
		for lane, sum := range total {
			m[lane] /= sum
		}
	}
}

// addGroups adds groups to a sum.
func addGroups(sum *[Streams]float64, groups []float64) {
	for at := 0; at < len(groups); at += Streams {
		for lane, v := range (*[Streams]float64)(groups[at:]) {
			sum[lane] += v
		}
	}
}

// Invert draws the tokens of Streams sequences: token i of each is the first whose
// cumulative sum is above its uniform, or the last one, in row parents[i]'s token of rows,
// or in row s where parents[i] is len(parents). rows has s+1 rows of s probabilities,
// which become cumulative sums. All but parents are in groups; tokens has a group more
// than there are parents.
func Invert(tokens, parents []int, uniforms, rows []float64, s int) {
	n := len(parents)
	rows, uniforms, tokens = rows[:Streams*(s+1)*s], uniforms[:Streams*n], tokens[:Streams*(n+1)]
	for i, p := range parents {
		if p < 0 || p >= i && p != n {
			panic(fmt.Sprintf("kernel: parent %d of %d", p, i))
		}
	}
	for lane := range Streams {
		tokens[Streams*n+lane] = s
	}
	switch {
	case n < 1 || s < 1 || !vector():
		invert(tokens, parents, uniforms, rows, s)
	case wide():
		invertAVX512(&tokens[0], &parents[0], &uniforms[0], &rows[0], s, n)
	default:
		invertAVX2(&tokens[0], &parents[0], &uniforms[0], &rows[0], s, n)
	}
}

func invert(tokens, parents []int, uniforms, rows []float64, s int) {
	for at := range len(rows) {
		if at/Streams%s > 0 {
			rows[at] += rows[at-Streams]
		}
	}
	for i, p := range parents {
		for lane := range Streams {
			row, v := rows[Streams*s*tokens[Streams*p+lane]+lane:], 0
			for at := 0; at < Streams*(s-1); at += Streams {
				if uniforms[Streams*i+lane] >= row[at] {
					v++
				}
			}
			tokens[Streams*i+lane] = v
		}
	}
}
