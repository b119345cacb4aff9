package kernel

import (
	"fmt"

	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// All streams take their vectors from here.
func init() {
	stream.UseVectors(stream.Vectors{Exps: variateExps, Run: vector, Propose: propose, Float64s: float64s, Shares: shares})
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

// propose is stream.Vectors.Propose.
func propose(p *stream.Proposals, n int) {
	_ = p.Rejected[n-1]
	if wide() {
		proposeAVX512(&p.Hi[0], n)
	} else {
		proposeAVX2(&p.Hi[0], n)
	}
}

// float64s is stream.Vectors.Float64s.
func float64s(s *stream.States, dst []float64) {
	if n := len(dst) / stream.Width; n > 0 && wide() {
		float64sAVX512(&s.Hi[0], &dst[0], n)
	} else if n > 0 {
		float64sAVX2(&s.Hi[0], &dst[0], n)
	}
}

// shares is stream.Vectors.Shares.
func shares(row, variates []float64) (small uint) {
	n := len(variates) / stream.Width
	_ = row[stream.Width*n-1]
	if wide() {
		return uint(sharesAVX512(&row[0], &variates[0], n))
	}
	return uint(sharesAVX2(&row[0], &variates[0], n))
}

// Stationary is markov.Stationary of the first lanes of stream.Width matrices at once, p
// and mu in groups, with the same bits: no chain waits for the divisions and sums of
// another. work has room for stream.Width*s*s numbers and is no part of p.
func Stationary(p []float64, s, lanes int, mu, work []float64) {
	n := stream.Width * s * s
	p, a, mu := p[:n], work[:n], mu[:stream.Width*s]
	if lanes <= stream.Width/4 {
		for lane := range lanes {
			alone(p, s, lane, mu, work)
		}
		return
	}
	copy(a, p)
	var total [stream.Width]float64
	switch {
	case s < 2 || !vector():
		stationary(a, s, mu, &total)
	case wide():
		stationaryAVX512(&a[0], s, &mu[0], &total[0])
	default:
		stationaryAVX2(&a[0], s, &mu[0], &total[0])
	}
	for lane, sum := range total[:lanes] {
		if !(sum <= 0x1p10) {
			alone(p, s, lane, mu, work) // which rescales on the way
		}
	}
}

// alone is Stationary of one lane.
func alone(p []float64, s, lane int, mu, work []float64) {
	chain, own := work[:s*s], work[2*s*s:][:s]
	for i := range chain {
		chain[i] = p[i*stream.Width+lane]
	}
	markov.Stationary(chain, s, own, work[s*s:])
	for i, v := range own {
		mu[i*stream.Width+lane] = v
	}
}

// stationary is markov.Stationary's elimination and substitution, without rescaling:
// total is the sums before the last division.
func stationary(a []float64, s int, mu []float64, total *[stream.Width]float64) {
	for n := s - 1; n > 0; n-- {
		row := a[stream.Width*n*s:][:stream.Width*n]
		var leave [stream.Width]float64
		addGroups(&leave, row)
		for i := range n {
			weight := (*[stream.Width]float64)(a[stream.Width*(i*s+n):])
			for lane, v := range leave {
				weight[lane] /= v
			}
			to := a[stream.Width*i*s:][:len(row)]
			for at := 0; at < len(row); at += stream.Width {
				x, v := (*[stream.Width]float64)(to[at:]), (*[stream.Width]float64)(row[at:])
				for lane, w := range weight {
					x[lane] += float64(w * v[lane])
				}
			}
		}
	}
	for n := range s {
		sum := (*[stream.Width]float64)(mu[stream.Width*n:])
		*sum = [stream.Width]float64{}
		for i := range n {
			m, v := (*[stream.Width]float64)(mu[stream.Width*i:]), (*[stream.Width]float64)(a[stream.Width*(i*s+n):])
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
	for at := 0; at < len(mu); at += stream.Width {
		m := (*[stream.Width]float64)(mu[at:])
		for lane, sum := range total {
			m[lane] /= sum
		}
	}
}

// addGroups adds groups to a sum.
func addGroups(sum *[stream.Width]float64, groups []float64) {
	for at := 0; at < len(groups); at += stream.Width {
		for lane, v := range (*[stream.Width]float64)(groups[at:]) {
			sum[lane] += v
		}
	}
}

// Invert draws the tokens of stream.Width sequences: token i of each is how many of a row's
// cumulative sums but the last are at most its uniform, the row of parents[i]'s token, or
// row s where parents[i] is len(parents). rows has s+1 rows of s probabilities, which
// become cumulative sums. All but parents are in groups; tokens has a group more
// than there are parents.
func Invert(tokens, parents []int, uniforms, rows []float64, s int) {
	n := len(parents)
	rows, uniforms, tokens = rows[:stream.Width*(s+1)*s], uniforms[:stream.Width*n], tokens[:stream.Width*(n+1)]
	for i, p := range parents {
		if p < 0 || p >= i && p != n {
			panic(fmt.Sprintf("kernel: parent %d of %d", p, i))
		}
	}
	for lane := range stream.Width {
		tokens[stream.Width*n+lane] = s
	}
	switch {
	case n < 1 || !vector():
		invert(tokens, parents, uniforms, rows, s)
	case wide():
		invertAVX512(&tokens[0], &parents[0], &uniforms[0], &rows[0], s, n)
	default:
		invertAVX2(&tokens[0], &parents[0], &uniforms[0], &rows[0], s, n)
	}
}

func invert(tokens, parents []int, uniforms, rows []float64, s int) {
	for at := range len(rows) {
		if at/stream.Width%s > 0 {
			rows[at] += rows[at-stream.Width]
		}
	}
	for i, p := range parents {
		for lane := range stream.Width {
			row, v := rows[stream.Width*s*tokens[stream.Width*p+lane]+lane:], 0
			for at := 0; at < stream.Width*(s-1); at += stream.Width {
				if uniforms[stream.Width*i+lane] >= row[at] {
					v++
				}
			}
			tokens[stream.Width*i+lane] = v
		}
	}
}
