package kernel

import "math"

// Build writes the triangle
//
//	e(j, k) = table[row of j][k] * table[row of j][Length + token of k]
//
// and scale(j) = 1 / sum over k of e(j, k). Entries above the diagonal and of
// padded keys are 0 when the table has zeros there.
func (b *Block) Build(e, scale Rows, table []float64) {
	if b.n == 0 {
		return
	}
	s := &b.shape
	b.checkVectors(e, scale)
	_ = table[s.Table()-1]
	if wide() && s.S <= wideTokens {
		buildAVX512(&e.Data[0], e.Step, &scale.Data[0], scale.Step, &table[0], &b.query[0], &b.token[0], s.Length, s.Tokens, b.n)
		return
	}
	if vector() {
		buildAVX2(&e.Data[0], e.Step, &scale.Data[0], scale.Step, &table[0], &b.query[0], &b.key[0], &b.scratch[0], s.Length, s.Tokens, b.n)
		return
	}
	for i := range b.n {
		s.build(e.Row(i), scale.Row(i), table, b.query[i*s.Length:], b.key[i*s.Length:], b.scratch)
	}
}

func (s *Shape) build(e, scale, table []float64, query, keys []int, scratch []float64) {
	for j := range s.blocks() {
		var rows [4][]float64
		for l := range rows {
			at := query[4*j+l]
			rows[l] = table[at : at+s.Row()]
			for b, v := range rows[l][s.Length:] {
				scratch[b*s.Length+4*j+l] = v
			}
		}
		var sum [4]float64
		for k := range j + 1 {
			tile := (*[16]float64)(e[16*(j*(j+1)/2+k):])
			for i := range 4 {
				token := (*[4]float64)(scratch[keys[4*k+i]+4*j:])
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
// The last product is the last query's own: left_2 must be 0 for the queries
// before the last block of four, where it is not multiplied. A term lies in memory
// as TermSize vectors of Shape.Length; these are the first of each kind.
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

// Backward adds the terms of every sequence's triangle to a table of
// derivatives, sequence by sequence: d(j, k) to entry k of the row of j, and the
// sum of d(j, k) over the keys with token b to its entry Length + b. Padded
// queries must have only zeros to add.
func (b *Block) Backward(table []float64, e Rows, terms ...Rows) {
	if b.n == 0 {
		return
	}
	s := &b.shape
	e.check(b.n, s.Triangle())
	for _, term := range terms {
		term.check(b.n, TermSize*s.Length)
	}
	_ = table[s.Table()-1]
	if len(terms) == 1 {
		b.backward(table, e, terms[0], 0, b.n)
		return
	}
	for i := range b.n {
		for _, term := range terms {
			b.backward(table, e, term, i, i+1)
		}
	}
}

// backward is Backward for sequences from, ..., to-1 and one term.
func (b *Block) backward(table []float64, e, term Rows, from, to int) {
	s := &b.shape
	if vector() {
		at := from * s.Length
		backwardAVX2(&table[0], &e.Row(from)[0], e.Step, &term.Row(from)[0], term.Step, &b.query[at], &b.key[at], &b.scratch[0], s.Length, s.Tokens, to-from)
		return
	}
	for i := from; i < to; i++ {
		s.backward(table, e.Row(i), term.Row(i), b.query[i*s.Length:], b.key[i*s.Length:], b.scratch)
	}
}

func (s *Shape) backward(table, e, term []float64, queries, keys []int, scratch []float64) {
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
				byToken := (*[4]float64)(byTokens[keys[key]+4*j:])
				for l := range 4 {
					query := 4*j + l
					sum := math.FMA(left[1][query], r1, math.FMA(left[0][query], r0, minus[query]))
					if j == s.blocks()-1 {
						sum = math.FMA(left[2][query], r2, sum)
					}
					d := float64(sum * tile[4*i+l])
					byToken[l] += d
					table[queries[query]+key] += d
				}
			}
		}
	}
	for j := range n {
		row := table[queries[j]+n : queries[j]+s.Row()]
		for b := range row {
			row[b] += byTokens[b*n+j]
		}
	}
}
