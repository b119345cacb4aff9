package dynamics

import (
	"errors"
	"fmt"
	"math/big"

	"causalgrad/theory/graph"
)

// Stage2 asks for the population gradient of stage 2 in exact arithmetic: -dL/dA2
// at A2 = beta I + y 11', for a prior that is uniform over some chains. The
// softmax of the second layer is rational where the attention has a common
// denominator d and e^(beta/d) is rational; y does not matter to it.
type Stage2 struct {
	Forest graph.Forest
	Chains [][][]*big.Rat // S x S each, rows summing to 1
	Roots  [][]*big.Rat   // the stationary distribution of each chain
	// Attention is the first layer's times Denominator: T rows of which row i has
	// i+1 entries that sum to Denominator.
	Attention   [][]int
	Denominator int
	Base        *big.Rat // e^(beta/Denominator), above 0
	Eps         *big.Rat // inside the loss's logarithm, at least 0
}

// MaxStage2Prefixes bounds the S^(T-1) prefixes of one chain.
const MaxStage2Prefixes = 1 << 12

// Gradient sums over all prefixes. A shape that does not fit is an error.
func (s Stage2) Gradient() ([][]*big.Rat, error) {
	t := s.Forest.SequenceLength()
	if len(s.Chains) == 0 || len(s.Chains) != len(s.Roots) {
		return nil, fmt.Errorf("stage 2: %d chains and %d distributions of roots, want as many, at least one", len(s.Chains), len(s.Roots))
	}
	if len(s.Attention) != t || s.Denominator < 1 || s.Base.Sign() <= 0 || s.Eps.Sign() < 0 {
		return nil, errors.New("stage 2: want T rows of attention, a denominator and a base above 0 and eps at least 0")
	}
	for i, row := range s.Attention {
		sum := 0
		for _, a := range row {
			sum += a
		}
		if len(row) != i+1 || sum != s.Denominator {
			return nil, fmt.Errorf("stage 2: attention[%d] has %d entries that sum to %d, want %d and %d", i, len(row), sum, i+1, s.Denominator)
		}
	}
	tokens := len(s.Chains[0])
	if n := new(big.Int).Exp(big.NewInt(int64(tokens)), big.NewInt(int64(t-1)), nil); n.Cmp(big.NewInt(MaxStage2Prefixes)) > 0 {
		return nil, fmt.Errorf("stage 2: %d tokens at %d positions have more than %d prefixes", tokens, t-1, MaxStage2Prefixes)
	}
	sum := make([][]*big.Rat, tokens)
	for q := range sum {
		for range tokens {
			sum[q] = append(sum[q], new(big.Rat))
		}
	}
	weight := big.NewRat(1, int64(tokens*len(s.Chains)))
	for n := range s.Chains {
		e := stage2Walk{Stage2: s, rows: s.Chains[n], roots: s.Roots[n], sequence: make([]int, t), sum: sum}
		e.walk(0, weight)
	}
	return sum, nil
}

type stage2Walk struct {
	Stage2
	rows     [][]*big.Rat
	roots    []*big.Rat
	sequence []int
	sum      [][]*big.Rat
}

// walk extends the prefix, of probability p, at a position.
func (e *stage2Walk) walk(position int, p *big.Rat) {
	if position == len(e.sequence)-1 {
		for q := range e.rows {
			e.sequence[position] = q
			e.leaf(q, p)
		}
		return
	}
	distribution := e.roots
	if parent := e.Forest.Parent(position); parent != graph.Root {
		distribution = e.rows[e.sequence[parent]]
	}
	for token, v := range distribution {
		if v.Sign() > 0 {
			e.sequence[position] = token
			e.walk(position+1, new(big.Rat).Mul(p, v))
		}
	}
}

// leaf adds p times -dL/dA2[q] of one sequence, which ends with q.
func (e *stage2Walk) leaf(q int, p *big.Rat) {
	masses := make([][]int, len(e.sequence)) // [i][r]: attention of i on r, times the denominator
	weights, total := make([]*big.Rat, len(e.sequence)), new(big.Rat)
	for i, row := range e.Attention {
		masses[i] = make([]int, len(e.rows))
		for k, a := range row {
			masses[i][e.sequence[k]] += a
		}
		weights[i] = power(e.Base, masses[i][q])
		total.Add(total, weights[i])
	}
	f := make([]*big.Rat, len(e.rows))
	for s := range f {
		f[s] = new(big.Rat)
	}
	for i, token := range e.sequence {
		weights[i].Quo(weights[i], total)
		f[token].Add(f[token], weights[i])
	}
	for i, token := range e.sequence {
		gain := new(big.Rat) // v_i times the sum over s of y_s/(f_s+eps) (1[s_i=s] - f_s)
		for s, y := range e.rows[q] {
			if f[s].Sign() == 0 {
				continue // no position holds s: its term is 0
			}
			term := new(big.Rat).Neg(f[s])
			if token == s {
				term.Add(term, big.NewRat(1, 1))
			}
			term.Mul(term, y)
			gain.Add(gain, term.Quo(term, new(big.Rat).Add(f[s], e.Eps)))
		}
		gain.Mul(gain, weights[i]).Mul(gain, p)
		for r, mass := range masses[i] {
			e.sum[q][r].Add(e.sum[q][r], new(big.Rat).Mul(gain, big.NewRat(int64(mass), int64(e.Denominator))))
		}
	}
}

func power(base *big.Rat, n int) *big.Rat {
	p := big.NewRat(1, 1)
	for range n {
		p.Mul(p, base)
	}
	return p
}

// Spread is how far a matrix is from x I + y 11': the largest distance of an
// entry of its diagonal, or of the rest, from the first one there. Exactly 0 is
// what stage 2 needs to keep A2 = beta I.
func Spread(m [][]*big.Rat) *big.Rat {
	spread := new(big.Rat)
	for q, row := range m {
		for r, v := range row {
			first := m[0][1]
			if q == r {
				first = m[0][0]
			}
			d := new(big.Rat).Sub(v, first)
			if d.Abs(d).Cmp(spread) > 0 {
				spread = d
			}
		}
	}
	return spread
}

// UniformAttention is that of A1 = 0 over a common denominator.
func UniformAttention(length int) (attention [][]int, denominator int) {
	denominator = 1
	for n := 2; n <= length; n++ {
		denominator *= n / gcd(denominator, n)
	}
	for i := range length {
		row := make([]int, i+1)
		for k := range row {
			row[k] = denominator / (i + 1)
		}
		attention = append(attention, row)
	}
	return attention, denominator
}

func gcd(a, b int) int {
	for b > 0 {
		a, b = b, a%b
	}
	return a
}
