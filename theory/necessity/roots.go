package necessity

import (
	"fmt"
	"math/big"
	"strings"
)

// weights are a distribution over the tokens in proportion to positive integers;
// nil stands for the stationary distribution of each chain.
type weights []int

// drawnWeight is what the weights that a search draws add up to: a power of two,
// so that floating-point numbers hold them exactly.
const drawnWeight = 1 << 10

func (w weights) total() int {
	sum := 0
	for _, n := range w {
		sum += n
	}
	return sum
}

// floats is the distribution as floating-point numbers.
func (w weights) floats() []float64 {
	var p []float64
	for _, n := range w {
		p = append(p, float64(n)/float64(w.total()))
	}
	return p
}

// rationals is the distribution without rounding.
func (w weights) rationals() []*big.Rat {
	var p []*big.Rat
	for _, n := range w {
		p = append(p, big.NewRat(int64(n), int64(w.total())))
	}
	return p
}

// String is the distribution as [1/4,3/4]; empty where it is the stationary one.
func (w weights) String() string {
	if w == nil {
		return ""
	}
	var words []string
	for _, p := range w.rationals() {
		words = append(words, p.RatString())
	}
	return "[" + strings.Join(words, ",") + "]"
}

// parseWeights reads what String writes, for that many tokens.
func parseWeights(text string, tokens int) (weights, error) {
	if text == "" {
		return nil, nil
	}
	inner, opened := strings.CutPrefix(text, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	words := strings.Split(inner, ",")
	if !opened || !closed || len(words) != tokens {
		return nil, fmt.Errorf("counterexample: roots %q, want %d ratios, [a,b]", text, tokens)
	}
	var ratios []*big.Rat
	common, sum := big.NewInt(1), new(big.Rat)
	for a, word := range words {
		p, ok := new(big.Rat).SetString(word)
		if !ok || p.Sign() <= 0 {
			return nil, fmt.Errorf("counterexample: roots[%d] = %q, want a ratio above 0", a, word)
		}
		ratios = append(ratios, p)
		sum.Add(sum, p)
		gcd := new(big.Int).GCD(nil, nil, common, p.Denom())
		common.Mul(common, new(big.Int).Quo(p.Denom(), gcd))
	}
	if sum.Cmp(big.NewRat(1, 1)) != 0 || !common.IsInt64() || common.Int64() > drawnWeight {
		return nil, fmt.Errorf("counterexample: roots %q, want ratios over at most %d that sum to 1", text, drawnWeight)
	}
	var w weights
	for _, p := range ratios {
		n := new(big.Int).Mul(p.Num(), new(big.Int).Quo(common, p.Denom()))
		w = append(w, int(n.Int64()))
	}
	return w, nil
}

// rootWeights draws the distribution of the roots' tokens: concentrated on few.
func (h *hunt) rootWeights() weights {
	p := make([]float64, h.cell.Tokens)
	h.stream.Dirichlet(0.5, p)
	w := make(weights, len(p))
	left, most := drawnWeight, 0
	for a := range w {
		w[a] = max(1, int(p[a]*float64(drawnWeight-len(p))))
		left -= w[a]
		if w[a] > w[most] {
			most = a
		}
	}
	w[most] += left
	return w
}

// roots finds the smallest total of weights with which the candidate fails, of
// equal ones the clearest failure.
func (s *shrinker) roots(c candidate) candidate {
	if c.roots == nil {
		return c
	}
	for total := len(c.roots); total < c.roots.total(); total++ {
		var best candidate
		margin, found := 0.0, false
		for _, numerators := range compositions(total, len(c.roots)) {
			trial := c
			trial.roots = numerators
			if trial.roots.positive() {
				s.evaluations++
				if got, failed := s.space.fails(trial); failed && (!found || got.margin < margin) {
					best, margin, found = trial, got.margin, true
				}
			}
		}
		if found {
			return best
		}
	}
	return c
}

func (w weights) positive() bool {
	for _, n := range w {
		if n < 1 {
			return false
		}
	}
	return true
}
