package markov

import (
	"fmt"
	"strconv"

	"causalgrad/theory/stream"
)

// Prior is a distribution over chains. Implementations are small immutable values.
type Prior interface {
	// Tokens is the vocabulary size S.
	Tokens() int
	// Draw fills p, row-major S x S, with one transition matrix, without
	// allocation.
	Draw(s *stream.Stream, p []float64)
	// String is the prior in the command's grammar.
	String() string
}

// RowPrior is a Prior with independent, identically distributed rows: the only
// kind that extends to the tensors of a DAG with several parents.
type RowPrior interface {
	Prior
	// DrawRow fills one row of S probabilities.
	DrawRow(s *stream.Stream, row []float64)
}

// DrawAbreast fills p, groups of a number a lane, with one transition matrix for each lane
// of a, as Draw would from the lane's stream.
func DrawAbreast(prior Prior, a *stream.Abreast, p []float64) {
	switch d := Base(prior).(type) {
	case Dirichlet:
		a.DirichletRows(d.Alpha, d.Size, p)
	case Floor:
		a.DirichletRows(d.Alpha, d.Size, p)
		d.lift(p)
	default:
		a.Fill(p, prior.Draw)
	}
}

// Finite is a Prior that is uniform over a finite list of chains, so that its
// expectations are exact finite sums.
type Finite interface {
	Prior
	// Support lists the chains, each with the same weight; it must not be changed.
	Support() []*Chain
}

// Dirichlet draws independent rows from the symmetric Dirichlet(Alpha) distribution.
type Dirichlet struct {
	Size  int // S
	Alpha float64
}

// Tokens implements Prior.
func (d Dirichlet) Tokens() int { return d.Size }

// DrawRow implements RowPrior.
func (d Dirichlet) DrawRow(s *stream.Stream, row []float64) { s.Dirichlet(d.Alpha, row) }

// Draw implements Prior.
func (d Dirichlet) Draw(s *stream.Stream, p []float64) { s.DirichletRows(d.Alpha, d.Size, p) }

// String is the prior in the grammar of ParsePrior.
func (d Dirichlet) String() string { return "dirichlet:" + decimal(d.Alpha) }

// Floor draws rows Gamma/S + (1-Gamma) Dirichlet(Alpha): every entry is at
// least Gamma/S, the paper's lower bound.
type Floor struct {
	Size  int // S
	Alpha float64
	Gamma float64
}

// Tokens implements Prior.
func (f Floor) Tokens() int { return f.Size }

// DrawRow implements RowPrior.
func (f Floor) DrawRow(s *stream.Stream, row []float64) { f.Draw(s, row) }

// Draw implements Prior.
func (f Floor) Draw(s *stream.Stream, p []float64) {
	s.DirichletRows(f.Alpha, f.Size, p)
	f.lift(p)
}

func (f Floor) lift(p []float64) {
	low := f.Gamma / float64(f.Size)
	for i := range p {
		p[i] = low + float64((1-f.Gamma)*p[i])
	}
}

// String is the prior in the grammar of ParsePrior.
func (f Floor) String() string { return "floor:" + decimal(f.Alpha) + "," + decimal(f.Gamma) }

// Point is the prior that always draws one chain.
type Point struct {
	Chain *Chain
	Name  string // the file it came from
}

// Tokens implements Prior.
func (p Point) Tokens() int { return p.Chain.Tokens() }

// Draw implements Prior.
func (p Point) Draw(_ *stream.Stream, dst []float64) { copy(dst, p.Chain.Flat()) }

// Support implements Finite.
func (p Point) Support() []*Chain { return []*Chain{p.Chain} }

// String is the prior in the grammar of ParsePrior.
func (p Point) String() string { return "point:" + p.Name }

func decimal(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// checkAlpha validates a Dirichlet concentration. Below 1e-4 a row is a point
// mass in floating point; above 1e6 it is constant.
func checkAlpha(alpha float64) error {
	if !(alpha >= 1e-4 && alpha <= 1e6) {
		return fmt.Errorf("alpha = %v, want 0.0001 to 1000000", alpha)
	}
	return nil
}

// checkWeight validates a mixing weight strictly between 0 and 1.
func checkWeight(name string, w float64) error {
	if !(w > 0 && w < 1) {
		return fmt.Errorf("%s = %v, want a number strictly between 0 and 1", name, w)
	}
	return nil
}
