package props

import (
	"math/big"

	"causalgrad/theory/graph"
)

// ratios is a chain, or any matrix, of rational numbers.
type ratios [][]*big.Rat

// exactRows takes floating-point numbers for what they are.
func exactRows(rows [][]float64) ratios {
	out := make(ratios, len(rows))
	for a, row := range rows {
		for _, v := range row {
			out[a] = append(out[a], rational(v))
		}
	}
	return out
}

func (m ratios) times(n ratios) ratios {
	out, term := make(ratios, len(m)), new(big.Rat)
	for i, row := range m {
		for j := range n[0] {
			sum := new(big.Rat)
			for l, v := range row {
				sum.Add(sum, term.Mul(v, n[l][j]))
			}
			out[i] = append(out[i], sum)
		}
	}
	return out
}

// stationary is the stationary law of an irreducible chain over two or three
// tokens; ok is false for a reducible one. mu[a] is proportional to the minor of
// 1 - pi without row and column a, which is 0 where a is left for good and 0
// everywhere where two sets of tokens are never left.
func (m ratios) stationary() (mu []*big.Rat, ok bool) {
	total := new(big.Rat)
	for a := range m {
		var rest ratios
		for i := range m {
			var row []*big.Rat
			for j := range m {
				if i == a || j == a {
					continue
				}
				v := new(big.Rat).Neg(m[i][j])
				if i == j {
					v.Add(v, big.NewRat(1, 1))
				}
				row = append(row, v)
			}
			if i != a {
				rest = append(rest, row)
			}
		}
		minor := rest.determinant()
		if minor.Sign() <= 0 {
			return nil, false
		}
		mu = append(mu, minor)
		total.Add(total, minor)
	}
	for _, v := range mu {
		v.Quo(v, total)
	}
	return mu, true
}

// determinant is that of a matrix of one or two rows.
func (m ratios) determinant() *big.Rat {
	if len(m) == 1 {
		return m[0][0]
	}
	left := new(big.Rat).Mul(m[0][0], m[1][1])
	return left.Sub(left, new(big.Rat).Mul(m[0][1], m[1][0]))
}

// rationalSignal is the definition of g for two positions at distances p and q
// below their nearest common ancestor, which has the law mu: the sum of
// pi[a][b]/mu[b] (J[a][b] - mu[a] mu[b]).
func rationalSignal(pi ratios, mu []*big.Rat, p, q int) *big.Rat {
	down := func(steps int) ratios {
		power := make(ratios, len(pi))
		for a := range pi {
			for b := range pi {
				power[a] = append(power[a], big.NewRat(int64(indicator(a == b)), 1))
			}
		}
		for range steps {
			power = power.times(pi)
		}
		return power
	}
	sum, toK, toI := new(big.Rat), down(p), down(q)
	for a := range pi {
		for b := range pi {
			joint := new(big.Rat)
			for m := range mu {
				term := new(big.Rat).Mul(toK[m][a], toI[m][b])
				joint.Add(joint, term.Mul(term, mu[m]))
			}
			joint.Sub(joint, new(big.Rat).Mul(mu[a], mu[b]))
			joint.Mul(joint, pi[a][b])
			sum.Add(sum, joint.Quo(joint, mu[b]))
		}
	}
	return sum
}

// rationalMargin is the smallest lead, over all children, of the parent's
// signal before that of any other position k < i (self: k <= i), summed over the
// chains of a prior; ok is false where one of them is reducible.
func rationalMargin(f graph.Forest, chains []ratios, self bool) (smallest *big.Rat, ok bool) {
	type distances struct{ p, q int }
	sums := map[distances]*big.Rat{} // only looked up
	var laws [][]*big.Rat
	for _, pi := range chains {
		mu, ok := pi.stationary()
		if !ok {
			return nil, false
		}
		laws = append(laws, mu)
	}
	signal := func(k, i int) *big.Rat {
		_, p, q, related := f.CommonAncestor(k, i)
		if !related {
			return new(big.Rat)
		}
		d := distances{p, q}
		if sums[d] == nil {
			sums[d] = new(big.Rat)
			for c, pi := range chains {
				sums[d].Add(sums[d], rationalSignal(pi, laws[c], p, q))
			}
		}
		return sums[d]
	}
	for _, e := range f.Edges() {
		for k := range e.Child + 1 {
			if k == e.Parent || k == e.Child && !self {
				continue
			}
			lead := new(big.Rat).Sub(signal(e.Parent, e.Child), signal(k, e.Child))
			if smallest == nil || lead.Cmp(smallest) < 0 {
				smallest = lead
			}
		}
	}
	return smallest, true
}

// rationalOrbit lists P^T pi Q for all permutations P and Q, with repetitions.
func rationalOrbit(pi ratios) []ratios {
	orders := permutations(len(pi))
	var all []ratios
	for _, rows := range orders {
		for _, columns := range orders {
			member := make(ratios, len(pi))
			for a := range pi {
				for b := range pi {
					member[a] = append(member[a], pi[rows[a]][columns[b]])
				}
			}
			all = append(all, member)
		}
	}
	return all
}

// permutations lists the orders of 0 to n-1.
func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, rest := range permutations(n - 1) {
		for at := range n {
			order := append(append(append([]int(nil), rest[:at]...), n-1), rest[at:]...)
			all = append(all, order)
		}
	}
	return all
}
