package firststep

import (
	"errors"
	"fmt"
	"math/big"

	"causalgrad/theory/graph"
)

// MaxRationalPrefixes bounds the S^(T-1) prefixes that Rational visits.
const MaxRationalPrefixes = 1 << 16

// Rational is Gradient without any rounding, by enumeration of all S^(T-1)
// prefixes: rows is the S x S transition matrix and eps >= 0 (nil: 0). Rows
// that sum to 1 only up to 1e-9, such as rows of floating-point numbers, are
// used as they stand; the stationary distribution is then the exact one of the
// off-diagonal entries, as in markov.Stationary. It returns T x T numbers.
//
// All arithmetic is on integers over one common denominator: a prefix has a
// fixed number of roots and edges, hence a fixed denominator.
func Rational(f graph.Forest, rows [][]*big.Rat, eps *big.Rat) ([][]*big.Rat, error) {
	return RationalFrom(f, rows, nil, eps)
}

// RationalFrom is Rational where the tokens of roots have that distribution in
// place of the stationary one (nil). It must have S positive entries that sum to 1.
func RationalFrom(f graph.Forest, rows [][]*big.Rat, roots []*big.Rat, eps *big.Rat) ([][]*big.Rat, error) {
	if eps == nil {
		eps = new(big.Rat)
	}
	if eps.Sign() < 0 {
		return nil, fmt.Errorf("first step: eps = %s, want at least 0", eps.RatString())
	}
	if t := f.SequenceLength(); t < graph.MinSequenceLength {
		return nil, fmt.Errorf("first step: sequence length %d, want at least %d", t, graph.MinSequenceLength)
	}
	if err := checkRationalRows(rows); err != nil {
		return nil, err
	}
	if err := checkPrefixes(f, len(rows), MaxRationalPrefixes); err != nil {
		return nil, err
	}
	if roots == nil {
		mu, err := RationalStationary(rows)
		if err != nil {
			return nil, err
		}
		roots = mu
	} else if err := checkRationalRoots(roots, len(rows)); err != nil {
		return nil, err
	}
	e := newExact(f, rows, roots, eps)
	one := big.NewInt(1)
	e.walk(0, one)
	return e.result(), nil
}

// checkPrefixes bounds the number of prefixes, S^(T-1).
func checkPrefixes(f graph.Forest, tokens, limit int) error {
	n := 1
	for range f.Positions() {
		if n *= tokens; n > limit {
			return fmt.Errorf("first step: %d tokens at %d positions have more than %d prefixes to enumerate", tokens, f.Positions(), limit)
		}
	}
	return nil
}

func checkRationalRows(rows [][]*big.Rat) error {
	if len(rows) < 2 {
		return fmt.Errorf("chain: %d rows, want at least 2", len(rows))
	}
	tolerance := big.NewRat(1, 1_000_000_000)
	for a, row := range rows {
		if len(row) != len(rows) {
			return fmt.Errorf("chain[%d]: %d entries, want %d (a square matrix)", a, len(row), len(rows))
		}
		excess := big.NewRat(-1, 1)
		for b, v := range row {
			if v == nil || v.Sign() < 0 {
				return fmt.Errorf("chain[%d][%d] = %v, want a probability", a, b, v)
			}
			excess.Add(excess, v)
		}
		if excess.Abs(excess).Cmp(tolerance) > 0 {
			return fmt.Errorf("chain[%d]: sums to 1 only within %s, want 1", a, excess.FloatString(12))
		}
	}
	return nil
}

func checkRationalRoots(roots []*big.Rat, s int) error {
	if len(roots) != s {
		return fmt.Errorf("roots: %d probabilities, want S = %d", len(roots), s)
	}
	sum := new(big.Rat)
	for a, p := range roots {
		if p == nil || p.Sign() <= 0 {
			return fmt.Errorf("roots[%d] = %v, want a probability above 0", a, p)
		}
		sum.Add(sum, p)
	}
	if sum.Cmp(big.NewRat(1, 1)) != 0 {
		return fmt.Errorf("roots: sums to %s, want 1", sum.RatString())
	}
	return nil
}

// RationalStationary is the algorithm of markov.Stationary in exact arithmetic.
func RationalStationary(rows [][]*big.Rat) ([]*big.Rat, error) {
	s := len(rows)
	a := make([][]*big.Rat, s)
	for i, row := range rows {
		for _, v := range row {
			a[i] = append(a[i], new(big.Rat).Set(v))
		}
	}
	term := new(big.Rat)
	for n := s - 1; n > 0; n-- {
		leave := new(big.Rat)
		for _, v := range a[n][:n] {
			leave.Add(leave, v)
		}
		if leave.Sign() == 0 {
			return nil, errors.New("chain: reducible")
		}
		for i := range n {
			a[i][n].Quo(a[i][n], leave)
			for j := range n {
				a[i][j].Add(a[i][j], term.Mul(a[i][n], a[n][j]))
			}
		}
	}
	mu, total := []*big.Rat{big.NewRat(1, 1)}, big.NewRat(1, 1)
	for n := 1; n < s; n++ {
		v := new(big.Rat)
		for i := range n {
			v.Add(v, term.Mul(mu[i], a[i][n]))
		}
		if v.Sign() == 0 {
			return nil, errors.New("chain: reducible")
		}
		mu, total = append(mu, v), total.Add(total, v)
	}
	for _, v := range mu {
		v.Quo(v, total)
	}
	return mu, nil
}
