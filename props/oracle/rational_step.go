package oracle

import (
	"math/big"

	"causalgrad/theory/graph"
)

// ExactFirstStep is the definition of the first-step gradient at eps = 0
// (theory/README.md, section 3) without rounding: the rows of all children, summed over
// the chains of a prior; nil for other rows. ok is false where a chain is
// reducible.
//
// With N_s the number of s among the T tokens, muhat_s = N_s/T and
//
//	c_i(q) = sum_s pi[q][s]/muhat_s (1[s_i=s] - muhat_s)
//	       = pi[q][s_i] T/N_(s_i) - sum of pi[q][s] over the s that occur.
func ExactFirstStep(f graph.Forest, chains []Ratios) (rows Ratios, ok bool) {
	rows = make(Ratios, f.SequenceLength())
	for _, e := range f.Edges() {
		for range e.Child + 1 {
			rows[e.Child] = append(rows[e.Child], new(big.Rat))
		}
	}
	for _, pi := range chains {
		mu, ok := pi.Stationary()
		if !ok {
			return nil, false
		}
		w := &stepWalk{f: f, pi: pi, mu: mu, tokens: make([]int, f.SequenceLength()), rows: rows}
		w.extend(0, big.NewRat(1, 1))
	}
	for i, row := range rows {
		mean := new(big.Rat)
		for _, v := range row {
			mean.Add(mean, v)
		}
		mean.Quo(mean, big.NewRat(int64(i+1), 1))
		for _, v := range row { // 1-based, row i is the (i+1)-th
			v.Sub(v, mean)
			v.Quo(v, big.NewRat(int64(len(chains[0])*f.SequenceLength()*(i+1)*len(chains)), 1))
		}
	}
	return rows, true
}

// stepWalk visits all prefixes, and all last tokens after each.
type stepWalk struct {
	f      graph.Forest
	pi     Ratios
	mu     []*big.Rat
	tokens []int
	rows   Ratios
}

func (w *stepWalk) extend(i int, probability *big.Rat) {
	if probability.Sign() == 0 {
		return
	}
	for s := range w.pi {
		w.tokens[i] = s
		switch {
		case i == len(w.tokens)-1:
			w.add(s, probability) // given the last token
		case w.f.Parent(i) == graph.Root:
			w.extend(i+1, new(big.Rat).Mul(probability, w.mu[s]))
		default:
			w.extend(i+1, new(big.Rat).Mul(probability, w.pi[w.tokens[w.f.Parent(i)]][s]))
		}
	}
}

// add adds one sequence's part of F, for the last token q.
func (w *stepWalk) add(q int, probability *big.Rat) {
	counts := make([]int64, len(w.pi))
	for _, s := range w.tokens {
		counts[s]++
	}
	occurring := new(big.Rat)
	for s, n := range counts {
		if n > 0 {
			occurring.Add(occurring, w.pi[q][s])
		}
	}
	terms := make([]*big.Rat, len(w.pi))
	for s, n := range counts {
		if n > 0 {
			c := new(big.Rat).Mul(w.pi[q][s], big.NewRat(int64(len(w.tokens)), n))
			terms[s] = c.Mul(c.Sub(c, occurring), probability)
		}
	}
	for i, row := range w.rows {
		for k, v := range row {
			if w.tokens[k] == q {
				v.Add(v, terms[w.tokens[i]])
			}
		}
	}
}

// Lead is how far a child's parent is ahead of the strongest competitor k <= i.
type Lead struct {
	Edge       graph.Edge
	Competitor int
	Parent     *big.Rat
	Rival      *big.Rat
	Margin     *big.Rat // parent - rival
	Relative   *big.Rat // over the row's largest size
}

// SmallestLead is the lead with the smallest relative margin, the first of
// equals; ok is false without an edge or for a reducible chain.
func SmallestLead(f graph.Forest, chains []Ratios) (worst Lead, ok bool) {
	rows, ok := ExactFirstStep(f, chains)
	if !ok {
		return worst, false
	}
	for _, e := range f.Edges() {
		l := leadOf(rows[e.Child], e)
		if worst.Relative == nil || l.Relative.Cmp(worst.Relative) < 0 {
			worst = l
		}
	}
	return worst, worst.Relative != nil
}

func leadOf(row []*big.Rat, e graph.Edge) Lead {
	l := Lead{Edge: e, Parent: row[e.Parent]}
	for k, v := range row {
		if k != e.Parent && (l.Rival == nil || v.Cmp(l.Rival) > 0) {
			l.Rival, l.Competitor = v, k
		}
	}
	l.Margin = new(big.Rat).Sub(l.Parent, l.Rival)
	l.Relative = ExactLead(row, e.Parent, l.Competitor)
	return l
}

// ExactLead is the parent's entry less a competitor's, over the row's largest
// size; 0 in a row of zeros.
func ExactLead(row []*big.Rat, parent, competitor int) *big.Rat {
	largest := new(big.Rat)
	for _, v := range row {
		if size := new(big.Rat).Abs(v); size.Cmp(largest) > 0 {
			largest = size
		}
	}
	over := new(big.Rat).Sub(row[parent], row[competitor])
	if largest.Sign() > 0 {
		over.Quo(over, largest)
	}
	return over
}
