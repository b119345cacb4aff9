package firststep

import (
	"math/big"

	"causalgrad/theory/graph"
)

// exact enumerates prefixes in integers. A number x of each kind below stands
// for x over that kind's denominator.
type exact struct {
	forest graph.Forest

	chain, stationary                       [][]*big.Int // pi; mu as its only row
	chainDenominator, stationaryDenominator *big.Int
	reciprocal                              []*big.Int // [N], 1 <= N <= T: 1/(N + T eps)
	reciprocalDenominator                   *big.Int

	sequence []int
	counts   []int
	sum      [][]*big.Int // [i][k]: E[c_i(q) 1[s_k=q]] summed over q
}

func newExact(f graph.Forest, rows [][]*big.Rat, mu []*big.Rat, eps *big.Rat) *exact {
	t := f.SequenceLength()
	e := &exact{forest: f, sequence: make([]int, t), counts: make([]int, len(rows)), sum: make([][]*big.Int, t)}
	e.chain, e.chainDenominator = overCommonDenominator(rows)
	e.stationary, e.stationaryDenominator = overCommonDenominator([][]*big.Rat{mu})
	reciprocals := make([]*big.Rat, t+1)
	reciprocals[0] = new(big.Rat) // no position holds the token: the term is 0
	offset := new(big.Rat).Mul(eps, big.NewRat(int64(t), 1))
	for n := 1; n <= t; n++ {
		r := new(big.Rat).Add(offset, big.NewRat(int64(n), 1))
		reciprocals[n] = r.Inv(r)
	}
	table, denominator := overCommonDenominator([][]*big.Rat{reciprocals})
	e.reciprocal, e.reciprocalDenominator = table[0], denominator
	for i := range e.sum {
		for range i + 1 {
			e.sum[i] = append(e.sum[i], new(big.Int))
		}
	}
	return e
}

// overCommonDenominator writes every number as an integer over the least
// common denominator.
func overCommonDenominator(rows [][]*big.Rat) (numerators [][]*big.Int, denominator *big.Int) {
	denominator = big.NewInt(1)
	for _, row := range rows {
		for _, v := range row {
			common := new(big.Int).GCD(nil, nil, denominator, v.Denom())
			denominator.Mul(denominator, common.Quo(v.Denom(), common))
		}
	}
	numerators = make([][]*big.Int, len(rows))
	for a, row := range rows {
		for _, v := range row {
			factor := new(big.Int).Quo(denominator, v.Denom())
			numerators[a] = append(numerators[a], factor.Mul(factor, v.Num()))
		}
	}
	return numerators, denominator
}

// walk extends the prefix, of probability p, at a position.
func (e *exact) walk(position int, p *big.Int) {
	if position == e.forest.Positions() {
		e.leaf(p)
		return
	}
	next := e.stationary[0]
	if parent := e.forest.Parent(position); parent != graph.Root {
		next = e.chain[e.sequence[parent]]
	}
	for token, probability := range next {
		if probability.Sign() == 0 {
			continue
		}
		e.sequence[position] = token
		e.counts[token]++
		e.walk(position+1, new(big.Int).Mul(p, probability))
		e.counts[token]--
	}
}

// leaf adds a whole prefix with each last token.
func (e *exact) leaf(p *big.Int) {
	last := len(e.sequence) - 1
	for q := range e.counts {
		e.sequence[last] = q
		e.counts[q]++
		responses := e.respond(q, p)
		for k, token := range e.sequence {
			if token == q {
				for i := k; i <= last; i++ {
					e.sum[i][k].Add(e.sum[i][k], responses[e.sequence[i]])
				}
			}
		}
		e.counts[q]--
	}
}

// respond is p times c_i(q) for every token that s_i may be.
func (e *exact) respond(q int, p *big.Int) []*big.Int {
	responses := make([]*big.Int, len(e.counts))
	term := new(big.Int)
	for held := range responses {
		r := new(big.Int)
		for s, n := range e.counts {
			excess := int64(-n)
			if held == s {
				excess += int64(len(e.sequence))
			}
			term.Mul(e.chain[q][s], e.reciprocal[n])
			r.Add(r, term.Mul(term, big.NewInt(excess)))
		}
		responses[held] = r.Mul(r, p)
	}
	return responses
}

// result centres the rows and divides by the denominators.
func (e *exact) result() [][]*big.Rat {
	t := len(e.sequence)
	roots := int64(e.forest.Positions() - len(e.forest.Edges()))
	edges := int64(len(e.forest.Edges()))
	denominator := new(big.Int).Exp(e.stationaryDenominator, big.NewInt(roots), nil)
	denominator.Mul(denominator, new(big.Int).Exp(e.chainDenominator, big.NewInt(edges+1), nil))
	denominator.Mul(denominator, e.reciprocalDenominator)
	g := make([][]*big.Rat, t)
	for i := range g {
		n := big.NewInt(int64(i + 1))
		total := new(big.Int)
		for _, v := range e.sum[i] {
			total.Add(total, v)
		}
		scale := new(big.Int).Mul(big.NewInt(int64(len(e.counts)*t*(i+1)*(i+1))), denominator)
		for k := range t {
			g[i] = append(g[i], new(big.Rat))
			if k <= i {
				v := new(big.Int).Mul(n, e.sum[i][k])
				g[i][k].SetFrac(v.Sub(v, total), scale)
			}
		}
	}
	return g
}
