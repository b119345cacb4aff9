// Package embedding says what the first step becomes when positions are not
// one-hot but vectors that need not be orthogonal (theory/README.md, section 12).
//
// With scores xᵀ W x, x = E u and u the one-hot position, a gradient step on W
// from 0 moves the scores between positions, A = Eᵀ W E, by (EᵀE) G (EᵀE) where the
// one on A itself would be G. So only the Gram matrix EᵀE matters, and orthonormal
// vectors change nothing.
//
// Positions are 0-based. The package computes no gradient and trains nothing.
package embedding

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"causalgrad/theory/ndarray"
	"causalgrad/theory/stream"
	"causalgrad/theory/suggest"
	"causalgrad/theory/userfile"
)

// Grammar is what Parse reads.
const Grammar = "orthogonal | gaussian:WIDTH,SEED | @FILE.npy (T x WIDTH, one row a position)"

// MaxWidth bounds the width of an embedding.
const MaxWidth = 1 << 16

// Embedding is one vector for each of T positions, known by their products. Its
// zero value is not usable.
type Embedding struct {
	name string
	gram [][]float64 // T x T
}

// Orthogonal are orthonormal vectors for t positions.
func Orthogonal(t int) Embedding {
	gram := make([][]float64, t)
	for i := range gram {
		gram[i] = make([]float64, t)
		gram[i][i] = 1
	}
	return Embedding{"orthogonal", gram}
}

// Gaussian draws vectors with independent normal entries of variance 1/width, so
// that their squared lengths are 1 on average. A width outside 1 to MaxWidth is an
// error.
func Gaussian(t, width int, seed uint64) (Embedding, error) {
	if width < 1 || width > MaxWidth {
		return Embedding{}, fmt.Errorf("embedding: width = %d, want 1 to %d", width, MaxWidth)
	}
	return Embedding{fmt.Sprintf("gaussian:%d,%d", width, seed), products(normal(t, width, seed))}, nil
}

// normal are t vectors with entries of variance 1/width.
func normal(t, width int, seed uint64) [][]float64 {
	s := stream.New(stream.Key{Seed: seed, Purpose: stream.Embedding})
	scale := 1 / math.Sqrt(float64(width))
	vectors := make([][]float64, t)
	for i := range vectors {
		vectors[i] = make([]float64, width)
		for n := range vectors[i] {
			vectors[i][n] = scale * s.Normal()
		}
	}
	return vectors
}

// products is the Gram matrix of vectors.
func products(vectors [][]float64) [][]float64 {
	gram := make([][]float64, len(vectors))
	for i := range gram {
		gram[i] = make([]float64, len(vectors))
		for k := range i + 1 {
			sum := 0.0
			for n, v := range vectors[i] {
				sum += float64(v * vectors[k][n])
			}
			gram[i][k], gram[k][i] = sum, sum
		}
	}
	return gram
}

// Parse reads an embedding of t positions in the grammar of Grammar. Errors name
// the text, a file's shape among them.
func Parse(text string, t int) (Embedding, error) {
	if text == "orthogonal" {
		return Orthogonal(t), nil
	}
	if name, ok := strings.CutPrefix(text, "@"); ok {
		return read(name, t)
	}
	numbers, ok := strings.CutPrefix(text, "gaussian:")
	widthText, seedText, two := strings.Cut(numbers, ",")
	if !ok {
		kind, _, _ := strings.Cut(text, ":")
		return Embedding{}, fmt.Errorf("embedding %q: want %s%s%s", text, Grammar, suggest.Meant(kind, "orthogonal", "gaussian"), suggest.File(text, "@"+text))
	}
	if !two {
		return Embedding{}, fmt.Errorf("embedding %q: want %s", text, Grammar)
	}
	width, err := strconv.Atoi(widthText)
	if err != nil {
		return Embedding{}, fmt.Errorf("embedding %q: width %q is no integer", text, widthText)
	}
	seed, err := strconv.ParseUint(seedText, 10, 64)
	if err != nil {
		return Embedding{}, fmt.Errorf("embedding %q: seed %q is no integer from 0 to 2^64-1", text, seedText)
	}
	return Gaussian(t, width, seed)
}

func read(name string, t int) (Embedding, error) {
	vectors, err := readVectors(name, t)
	if err != nil {
		return Embedding{}, fmt.Errorf("embedding: %w", userfile.Error(name, err))
	}
	return Embedding{"@" + name, products(vectors)}, nil
}

// maxFileSize bounds a file of vectors.
const maxFileSize = 1 << 30

func readVectors(name string, t int) ([][]float64, error) {
	data, err := userfile.Read(name, maxFileSize)
	if err != nil {
		return nil, err
	}
	a, err := ndarray.Read(data)
	if err != nil {
		return nil, err
	}
	if len(a.Shape) != 2 || a.Shape[0] != t || a.Shape[1] < 1 || a.Shape[1] > MaxWidth {
		return nil, fmt.Errorf("shape %v, want (%d, width): one row a position, width at most %d", a.Shape, t, MaxWidth)
	}
	var vectors [][]float64
	for i := range t {
		row := a.Data[i*a.Shape[1]:][:a.Shape[1]]
		for n, v := range row {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("[%d][%d] = %v, want a finite number", i, n, v)
			}
		}
		vectors = append(vectors, row)
	}
	return vectors, nil
}

// String is the embedding in the grammar of Grammar.
func (e Embedding) String() string { return e.name }

// Positions is the number T of vectors.
func (e Embedding) Positions() int { return len(e.gram) }

// ErrShape tells that a gradient is not T x T.
var ErrShape = errors.New("embedding: the gradient is not T x T")

// Step is what a gradient step of size 1 on W from 0 moves the scores by,
// (EᵀE) G (EᵀE), for the gradient step G on the scores themselves: T x T, zero
// above the diagonal, where scores are masked. The result has no zeros above the
// diagonal, but no attention reads those entries.
func (e Embedding) Step(g [][]float64) ([][]float64, error) {
	if len(g) != e.Positions() {
		return nil, fmt.Errorf("%w: %d rows, T = %d", ErrShape, len(g), e.Positions())
	}
	for i, row := range g {
		if len(row) != e.Positions() {
			return nil, fmt.Errorf("%w: row %d has %d entries, T = %d", ErrShape, i, len(row), e.Positions())
		}
	}
	return product(product(e.gram, g), e.gram), nil
}

// StepError bounds what rounding did to the entries of Step, given such bounds for
// those of g and the products EᵀE as they stand.
func (e Embedding) StepError(g, bound [][]float64) ([][]float64, error) {
	if _, err := e.Step(bound); err != nil {
		return nil, err
	}
	n := e.Positions()
	size, sum := make([][]float64, n), make([][]float64, n)
	for i := range size {
		size[i], sum[i] = make([]float64, n), make([]float64, n)
		for k, v := range e.gram[i] {
			size[i][k] = math.Abs(v)
			// Two products in turn, of n terms each, and the rounding of this bound.
			sum[i][k] = bound[i][k] + float64(float64(4*n+8)*0x1p-53*(math.Abs(g[i][k])+bound[i][k]))
		}
	}
	return product(product(size, sum), size), nil
}

// product is the matrix product of two T x T matrices.
func product(a, b [][]float64) [][]float64 {
	c := make([][]float64, len(a))
	for i := range a {
		c[i] = make([]float64, len(a))
		for k, v := range a[i] {
			for j, w := range b[k] {
				c[i][j] += float64(v * w)
			}
		}
	}
	return c
}
