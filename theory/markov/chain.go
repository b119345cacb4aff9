// Package markov holds transition matrices (chains), their stationary distribution,
// spectrum and reversal, and the priors from which the paper draws a fresh
// chain for every sequence (theory/README.md, section 1).
//
// Tokens are 0-based; pi[a][b] = P(b | a). It knows no graph and no model.
package markov

import (
	"fmt"
	"math"
)

// Bounds on the vocabulary size S.
const (
	MinTokens = 2
	MaxTokens = 512
)

// rowSumTolerance is how far a user's row may be from 1: files carry decimals
// rounded to 10 digits or more. Rows are then renormalised.
const rowSumTolerance = 1e-9

// minStationary is the smallest stationary probability a Chain may have: the
// theory divides by its square root and multiplies two of them.
const minStationary = 1e-150

// Chain is an irreducible transition matrix with its stationary distribution. It is
// immutable; build it with NewChain.
type Chain struct {
	tokens     int
	p          []float64 // row-major, tokens x tokens
	stationary []float64
	roots      []float64 // nil: the stationary distribution
}

// NewChain validates rows (S x S, finite, non-negative, each summing to 1 up
// to 1e-9) and requires irreducibility, without which the stationary distribution is
// not unique. Rows off 1 by more than rounding are renormalised.
func NewChain(rows [][]float64) (*Chain, error) {
	s := len(rows)
	if s < MinTokens || s > MaxTokens {
		return nil, fmt.Errorf("chain: %d rows, want %d to %d", s, MinTokens, MaxTokens)
	}
	c := &Chain{tokens: s, p: make([]float64, 0, s*s), stationary: make([]float64, s)}
	for a, row := range rows {
		if err := checkRow(a, row, s); err != nil {
			return nil, err
		}
		c.p = append(c.p, row...)
		renormalise(c.p[a*s:])
	}
	if from, to, ok := unreachable(c.p, s); ok {
		return nil, fmt.Errorf("chain: reducible: token %d is never reached from token %d", to, from)
	}
	Stationary(c.p, s, c.stationary, make([]float64, s*s))
	for a, m := range c.stationary {
		if m < minStationary {
			return nil, fmt.Errorf("chain: numerically reducible: token %d has stationary probability %.3g, want at least %g", a, m, minStationary)
		}
	}
	return c, nil
}

func checkRow(a int, row []float64, s int) error {
	if len(row) != s {
		return fmt.Errorf("chain[%d]: %d entries, want %d (a square matrix)", a, len(row), s)
	}
	sum := 0.0
	for b, v := range row {
		if math.IsNaN(v) || v < 0 || v > 1+rowSumTolerance {
			return fmt.Errorf("chain[%d][%d] = %v, want a probability", a, b, v)
		}
		sum += v
	}
	if math.Abs(sum-1) > rowSumTolerance {
		return fmt.Errorf("chain[%d]: sums to %.12g, want 1", a, sum)
	}
	return nil
}

// renormalise divides a row by its sum unless that is 1 up to the rounding of
// the sum itself, so that a row that is already normalised keeps its bits.
func renormalise(row []float64) {
	sum := 0.0
	for _, v := range row {
		sum += v
	}
	if math.Abs(sum-1) <= float64(len(row))*0x1p-52 {
		return
	}
	for b := range row {
		row[b] /= sum
	}
}

// Tokens is the vocabulary size S.
func (c *Chain) Tokens() int { return c.tokens }

// P is pi[a][b], the probability of b after a.
func (c *Chain) P(a, b int) float64 { return c.p[a*c.tokens+b] }

// Row is row a, which must not be changed.
func (c *Chain) Row(a int) []float64 { return c.p[a*c.tokens : (a+1)*c.tokens] }

// Flat is the whole matrix, row-major, which must not be changed.
func (c *Chain) Flat() []float64 { return c.p }

// Rows is a copy of the matrix as nested lists.
func (c *Chain) Rows() [][]float64 {
	rows := make([][]float64, c.tokens)
	for a := range rows {
		rows[a] = append([]float64(nil), c.Row(a)...)
	}
	return rows
}

// Stationary is the stationary distribution mu, which must not be changed.
func (c *Chain) Stationary() []float64 { return c.stationary }

// Trace is the sum of the holding probabilities pi[a][a].
func (c *Chain) Trace() float64 {
	sum := 0.0
	for a := range c.tokens {
		sum += c.P(a, a)
	}
	return sum
}

// Smallest is the smallest entry and its place.
func (c *Chain) Smallest() (value float64, a, b int) {
	at := 0
	for i, v := range c.p {
		if v < c.p[at] {
			at = i
		}
	}
	return c.p[at], at / c.tokens, at % c.tokens
}

// Reversed is the time reversal, rev[b][a] = mu[a] pi[a][b] / mu[b], whose
// stationary distribution is the same and is that of its roots.
func (c *Chain) Reversed() *Chain {
	s := c.tokens
	r := &Chain{tokens: s, p: make([]float64, s*s), stationary: append([]float64(nil), c.stationary...)}
	for a := range s {
		for b := range s {
			r.p[b*s+a] = c.stationary[a] * c.P(a, b) / c.stationary[b]
		}
	}
	return r
}

// Relabelled renames the tokens: the result has P(order[a], order[b]) = P(a, b).
// order must be a permutation of 0..S-1.
func (c *Chain) Relabelled(order []int) *Chain {
	s := c.tokens
	r := &Chain{tokens: s, p: make([]float64, s*s), stationary: make([]float64, s)}
	for a := range s {
		r.stationary[order[a]] = c.stationary[a]
		for b := range s {
			r.p[order[a]*s+order[b]] = c.P(a, b)
		}
	}
	if c.roots != nil {
		r.roots = make([]float64, s)
		for a, p := range c.roots {
			r.roots[order[a]] = p
		}
	}
	return r
}
