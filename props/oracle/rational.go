package oracle

import (
	"fmt"
	"math/big"

	"causalgrad/theory/graph"
)

// Ratios is a chain, or any matrix, of rational numbers.
type Ratios [][]*big.Rat

// Exact takes floating-point numbers for what they are.
func Exact(rows [][]float64) Ratios {
	out := make(Ratios, len(rows))
	for a, row := range rows {
		for _, v := range row {
			out[a] = append(out[a], Rational(v))
		}
	}
	return out
}

func (m Ratios) times(n Ratios) Ratios {
	out, term := make(Ratios, len(m)), new(big.Rat)
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

// Stationary is the stationary distribution of an irreducible chain over two or three
// tokens; ok is false for a reducible one. mu[a] is proportional to the minor of
// 1 - pi without row and column a, which is 0 where a is left for good and 0
// everywhere where two sets of tokens are never left.
func (m Ratios) Stationary() (mu []*big.Rat, ok bool) {
	total := new(big.Rat)
	for a := range m {
		var rest Ratios
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
func (m Ratios) determinant() *big.Rat {
	if len(m) == 1 {
		return m[0][0]
	}
	left := new(big.Rat).Mul(m[0][0], m[1][1])
	return left.Sub(left, new(big.Rat).Mul(m[0][1], m[1][0]))
}

// rationalSignal is the definition of g for two positions at distances p and q
// below their nearest common ancestor, which has the distribution mu: the sum of
// pi[a][b]/mu[b] (J[a][b] - mu[a] mu[b]).
func rationalSignal(pi Ratios, mu []*big.Rat, p, q int) *big.Rat {
	down := func(steps int) Ratios {
		power := make(Ratios, len(pi))
		for a := range pi {
			for b := range pi {
				power[a] = append(power[a], big.NewRat(int64(Indicator(a == b)), 1))
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

// ExactMargin is the smallest lead, over all children, of the parent's
// signal before that of any other position k < i (self: k <= i), summed over the
// chains of a prior; ok is false where one of them is reducible.
func ExactMargin(f graph.Forest, chains []Ratios, self bool) (smallest *big.Rat, ok bool) {
	type distances struct{ p, q int }
	sums := map[distances]*big.Rat{} // only looked up
	var laws [][]*big.Rat
	for _, pi := range chains {
		mu, ok := pi.Stationary()
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

// ExactOrbit lists P^T pi Q for all permutations P and Q, with repetitions.
func ExactOrbit(pi Ratios) []Ratios {
	orders := Permutations(len(pi))
	var all []Ratios
	for _, rows := range orders {
		for _, columns := range orders {
			member := make(Ratios, len(pi))
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

// Permutations lists the orders of 0 to n-1.
func Permutations(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, rest := range Permutations(n - 1) {
		for at := range n {
			order := append(append(append([]int(nil), rest[:at]...), n-1), rest[at:]...)
			all = append(all, order)
		}
	}
	return all
}

// Rational is x without rounding.
func Rational(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }

// String is the chain in the command's grammar for ratios.
func (m Ratios) String() string {
	var rows [][]string
	for _, row := range m {
		var words []string
		for _, v := range row {
			words = append(words, v.RatString())
		}
		rows = append(rows, words)
	}
	return fmt.Sprint(rows)
}
