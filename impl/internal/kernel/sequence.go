package kernel

import (
	"fmt"
	"math"
)

// Sequence is a sequence's tokens in the form that the loops over its triangle
// read: where its queries' table rows are, and the tokens of its keys.
type Sequence struct {
	shape Shape
	query []int // Length offsets of table rows
	key   []int // Length tokens times Length; padding is 0
	token []int // T tokens
}

// NewSequence returns a sequence of zero tokens.
func NewSequence(s Shape) *Sequence {
	q := &Sequence{shape: s, query: make([]int, s.Length), key: make([]int, s.Length), token: make([]int, s.T)}
	for j := range q.query {
		q.query[j] = s.Empty()
	}
	q.Set(make([]uint16, s.T))
	return q
}

// Set reads T tokens below S; another is a programming error.
func (q *Sequence) Set(tokens []uint16) {
	s, row := &q.shape, q.shape.Row()
	tokens, query, key, token := tokens[:s.T], q.query[:s.T], q.key[:s.T], q.token[:s.T]
	first := 0 // row of token 0
	for j, v := range tokens {
		a := int(v)
		if a >= s.S {
			panic(fmt.Sprintf("kernel: token %d = %d, want below %d", j, a, s.S))
		}
		query[j], key[j], token[j] = (first+a)*row, a*s.Length, a
		first += s.S
	}
}

// LookUp writes dst(k) = feature[token of k] + feature[S+k] for the T keys:
// what a unit of attention on key k brings. feature holds S + T numbers.
func (q *Sequence) LookUp(dst, feature []float64) {
	t, s := q.shape.T, q.shape.S
	dst, feature = dst[:t], feature[:s+t]
	if vector {
		lookUpAVX2(&dst[0], &feature[0], &feature[s], &q.token[0], t)
		return
	}
	position := feature[s:]
	for k, a := range q.token[:t] {
		dst[k] = feature[a] + position[k]
	}
}

// Features writes the S + T features that attention with weights w(k) makes:
// dst[b] is the sum of w over the keys with token b, in four interleaved sums
// over k, and dst[S+k] is w(k). It needs T >= 3.
func (q *Sequence) Features(dst, w, scratch []float64) {
	s := &q.shape
	dst, w = dst[:s.S+s.T], w[:s.T]
	_, _ = scratch[s.Scratch()-1], dst[s.Tokens-1]
	if vector {
		featuresAVX2(&dst[0], &dst[s.S], &w[0], &q.key[0], &scratch[0], s.T, s.Tokens, s.Length)
		return
	}
	for b := range s.S {
		*(*[4]float64)(scratch[b*s.Length:]) = [4]float64{}
	}
	for k, v := range w {
		scratch[q.key[k]+k%Lanes] += v
	}
	for b := range s.S {
		v := (*[4]float64)(scratch[b*s.Length:])
		dst[b] = (v[0] + v[1]) + (v[2] + v[3])
	}
	copy(dst[s.S:], w)
}

// Build writes the triangle
//
//	e(j, k) = table[row of j][k] * table[row of j][Length + token of k]
//
// and scale(j) = 1 / sum over k of e(j, k). Entries above the diagonal and of
// padded keys are 0 when the table has zeros there.
func (q *Sequence) Build(e, scale, table, scratch []float64) {
	s := q.shape
	_, _, _, _ = e[s.Triangle()-1], scale[s.Length-1], table[s.Table()-1], scratch[s.Scratch()-1]
	if vector {
		buildAVX2(&e[0], &scale[0], &table[0], &q.query[0], &q.key[0], &scratch[0], s.blocks(), s.Tokens)
		return
	}
	for j := range s.blocks() {
		var rows [4][]float64
		for l := range rows {
			at := q.query[4*j+l]
			rows[l] = table[at : at+s.Row()]
			for b, v := range rows[l][s.Length:] {
				scratch[b*s.Length+4*j+l] = v
			}
		}
		var sum [4]float64
		for k := range j + 1 {
			tile := (*[16]float64)(e[16*(j*(j+1)/2+k):])
			for i := range 4 {
				token := (*[4]float64)(scratch[q.key[4*k+i]+4*j:])
				for l := range 4 {
					tile[4*i+l] = float64(rows[l][4*k+i] * token[l])
				}
			}
			for l := range 4 {
				sum[l] += (tile[l] + tile[4+l]) + (tile[8+l] + tile[12+l])
			}
		}
		for l := range 4 {
			scale[4*j+l] = 1 / sum[l]
		}
	}
}

// Rank is the number of products in a term.
const Rank = 3

// A term is a low-rank derivative with respect to the logarithms of a triangle's
// weights,
//
//	d(j, k) = e(j, k) * sum over r < Rank of left_r(j) (right_r(k) - mean_r(j)).
//
// It lies in memory as TermSize vectors of Shape.Length; these are the first of
// each kind.
const (
	Left     = 0
	Mean     = Rank
	Right    = 2 * Rank
	TermSize = 3 * Rank
)

// Vector is vector number which of a term.
func (s *Shape) Vector(term []float64, which int) []float64 {
	return term[which*s.Length : (which+1)*s.Length]
}

// Backward adds the term of a triangle to a table of derivatives: d(j, k) to
// entry k of the row of j, and the sum of d(j, k) over the keys with token b to
// its entry Length + b. Padded
// queries must have only zeros to add.
func (q *Sequence) Backward(table, e, term, scratch []float64) {
	s := q.shape
	_, _, _, _ = e[s.Triangle()-1], term[TermSize*s.Length-1], table[s.Table()-1], scratch[s.Scratch()-1]
	if vector {
		backwardAVX2(&table[0], &e[0], &term[0], &q.query[0], &q.key[0], &scratch[0], s.blocks(), s.Tokens)
		return
	}
	n, at := s.Length, func(which int) []float64 { return s.Vector(term, which) }
	left := [Rank][]float64{at(Left), at(Left + 1), at(Left + 2)}
	mean := [Rank][]float64{at(Mean), at(Mean + 1), at(Mean + 2)}
	right := [Rank][]float64{at(Right), at(Right + 1), at(Right + 2)}
	byTokens, minus := scratch[:n*s.Tokens], scratch[n*s.Tokens:n*s.Tokens+n]
	clear(byTokens)
	for j := range n {
		minus[j] = math.FMA(-left[2][j], mean[2][j], math.FMA(-left[1][j], mean[1][j], -float64(left[0][j]*mean[0][j])))
	}
	for k := range s.blocks() {
		for j := k; j < s.blocks(); j++ {
			tile := (*[16]float64)(e[16*(j*(j+1)/2+k):])
			for i := range 4 {
				key := 4*k + i
				r0, r1, r2 := right[0][key], right[1][key], right[2][key]
				byToken := (*[4]float64)(byTokens[q.key[key]+4*j:])
				for l := range 4 {
					query := 4*j + l
					sum := math.FMA(left[2][query], r2, math.FMA(left[1][query], r1, math.FMA(left[0][query], r0, minus[query])))
					d := float64(sum * tile[4*i+l])
					byToken[l] += d
					table[q.query[query]+key] += d
				}
			}
		}
	}
	for j := range n {
		row := table[q.query[j]+n : q.query[j]+s.Row()]
		for b := range row {
			row[b] += byTokens[b*n+j]
		}
	}
}
