package firststep

import (
	"math"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// enumerate is Gradient by its definition, the oracle of its tests: a sum over
// all S^(T-1) prefixes and the S last tokens. It shares no step with Gradient but
// the last, centring the rows, and sums with compensation, so that its own
// rounding does not grow with their number.
func enumerate(f graph.Forest, c *markov.Chain, eps float64) [][]float64 {
	s, t := c.Tokens(), f.SequenceLength()
	e := enumerator{
		forest: f, chain: c, offset: float64(t) * eps,
		sequence: make([]int, t), counts: make([]int, s), response: make([]float64, s),
		sum: square(t), lost: square(t),
	}
	e.walk(0, 1)
	g := square(t)
	for i, row := range g {
		for k := range i + 1 {
			row[k] = e.total(i, k)
		}
		centre(row[:i+1], float64(s*t*(i+1)))
	}
	return g
}

type enumerator struct {
	forest graph.Forest
	chain  *markov.Chain
	offset float64 // T eps

	sequence []int     // s_1..s_T
	counts   []int     // [S]: occurrences in the sequence so far
	response []float64 // [S]: c_i(q) of a position that holds this token

	sum, lost [][]float64 // [i][k]: E[c_i(q) 1[s_k=q]] summed over q, and what rounding lost
}

// walk extends the prefix, of probability p, at a position.
func (e *enumerator) walk(position int, p float64) {
	if position == e.forest.Positions() {
		e.leaf(p)
		return
	}
	next := e.chain.Roots()
	if parent := e.forest.Parent(position); parent != graph.Root {
		next = e.chain.Row(e.sequence[parent])
	}
	for token, probability := range next {
		e.sequence[position] = token
		e.counts[token]++
		e.walk(position+1, p*probability)
		e.counts[token]--
	}
}

// leaf adds a whole prefix with each last token.
func (e *enumerator) leaf(p float64) {
	last := len(e.sequence) - 1
	for q := range e.counts {
		e.sequence[last] = q
		e.counts[q]++
		e.respond(q)
		for k, token := range e.sequence {
			if token == q {
				for i := k; i <= last; i++ {
					e.add(i, k, float64(p*e.response[e.sequence[i]]))
				}
			}
		}
		e.counts[q]--
	}
}

// respond computes c_i(q) = sum_s pi[q][s] (1[s_i=s] - muhat_s)/(muhat_s+eps)
// for every token that s_i may be; the terms are multiplied through with T.
func (e *enumerator) respond(q int) {
	clear(e.response)
	for s, n := range e.counts {
		if n == 0 {
			continue // no position holds s: the term is 0
		}
		weight := e.chain.P(q, s) / (float64(n) + e.offset)
		for held := range e.response {
			excess := -n
			if held == s {
				excess += len(e.sequence)
			}
			e.response[held] += float64(weight * float64(excess))
		}
	}
}

// add is Neumaier's compensated summation.
func (e *enumerator) add(i, k int, v float64) {
	old := e.sum[i][k]
	sum := old + v
	if math.Abs(old) >= math.Abs(v) {
		e.lost[i][k] += (old - sum) + v
	} else {
		e.lost[i][k] += (v - sum) + old
	}
	e.sum[i][k] = sum
}

// total is what was added, with what rounding lost.
func (e *enumerator) total(i, k int) float64 { return e.sum[i][k] + e.lost[i][k] }
