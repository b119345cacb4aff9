package infer

import (
	"math"

	"causalgrad/theory/tail"
)

// SharedEstimate is the outcome of SharedChain.
type SharedEstimate struct {
	// Information is the estimated chi-square information of columns i and
	// k < i: the plug-in value minus its bias under independence, (r-1)(c-1)/N
	// with r and c the numbers of tokens that occur.
	Information [][]float64
	Rows        []Row // one for each column from 1 on
}

// SharedChain estimates the chi-square information between all columns of
// sequences that come from one chain. A row's p-value is the larger of two: of
// independence of the winner and the child (chi-square test, Bonferroni over
// the candidates), and of the winner's margin over every competitor, with the
// standard error from the influence function; an edge needs both.
func SharedChain(s Sequences) SharedEstimate {
	e := SharedEstimate{Information: square(s.Columns)}
	for i := 1; i < s.Columns; i++ {
		pairs := make([]pair, i)
		for k := range pairs {
			pairs[k] = newPair(s, k, i)
			e.Information[i][k] = pairs[k].information
		}
		row := Row{Child: i, Winner: largest(upTo(i), func(k int) float64 { return pairs[k].information })}
		w := pairs[row.Winner]
		row.Strength = w.information
		sum, squares := 0.0, 0.0
		for n := range s.N {
			v := w.influence(s.Row(n))
			sum += v
			squares += float64(v * v)
		}
		_, row.StrengthErr = meanOf(sum, squares, s.N)
		row.compare(s.N, upTo(i), func(k int) (float64, float64) {
			sum, squares := 0.0, 0.0
			for n := range s.N {
				v := w.influence(s.Row(n)) - pairs[k].influence(s.Row(n))
				sum += v
				squares += float64(v * v)
			}
			_, stderr := meanOf(sum, squares, s.N)
			return w.information - pairs[k].information, stderr
		})
		dependence := math.Min(1, float64(i)*w.p)
		if i == 1 { // no competitor: dependence alone makes the parent
			row.P = dependence
		}
		row.P = math.Max(row.P, dependence)
		e.Rows = append(e.Rows, row)
	}
	return e
}

// pair is the empirical distribution of two columns.
type pair struct {
	k, i, tokens int
	table        []float64 // influence of one observation, [token of k][token of i]
	information  float64
	p            float64 // of independence
}

func newPair(s Sequences, k, i int) pair {
	size := s.Tokens
	joint, left, right := make([]float64, size*size), make([]float64, size), make([]float64, size)
	one := 1 / float64(s.N)
	for n := range s.N {
		a, b := int(s.Row(n)[k]), int(s.Row(n)[i])
		joint[a*size+b] += one
		left[a] += one
		right[b] += one
	}
	c := pair{k: k, i: i, tokens: size, table: make([]float64, size*size)}
	plugIn := -1.0
	byLeft, byRight := make([]float64, size), make([]float64, size)
	for a := range size {
		for b := range size {
			if p := joint[a*size+b]; p > 0 {
				ratio := p / left[a] / right[b]
				plugIn += float64(p * ratio)
				c.table[a*size+b] = 2 * ratio
				byLeft[a] += float64(p*ratio) / left[a]
				byRight[b] += float64(p*ratio) / right[b]
			}
		}
	}
	// The derivative of sum P^2/(P_a P_b) in the direction of one observation.
	for a := range size {
		for b := range size {
			c.table[a*size+b] -= byLeft[a] + byRight[b]
		}
	}
	freedom := float64((occurring(left) - 1) * (occurring(right) - 1))
	c.information, c.p = plugIn-float64(freedom*one), 1
	if freedom > 0 {
		c.p = tail.ChiSquare(float64(math.Max(plugIn, 0)*float64(s.N)), freedom)
	}
	return c
}

func occurring(distribution []float64) int {
	n := 0
	for _, p := range distribution {
		if p > 0 {
			n++
		}
	}
	return n
}

func (c pair) influence(row []uint16) float64 {
	return c.table[int(row[c.k])*c.tokens+int(row[c.i])]
}
