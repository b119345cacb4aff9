package infer

import (
	"fmt"

	"causalgrad/theory/suggest"
)

// Weight is how FirstStep weighs a position that carries the answer.
type Weight string

const (
	// Gradient is the paper's weight: the first gradient itself, competitors k <= i.
	Gradient Weight = "gradient"
	// Plain is 1[s_i=y], unbiased for roots at every T, competitors k < i.
	Plain Weight = "plain"
)

// FirstStepEstimate is the outcome of FirstStep.
type FirstStepEstimate struct {
	// Entries and StdErr are the means of Z_ik and their standard errors,
	// [i][k], k <= i (k < i for Plain), over the T-1 prefix positions.
	Entries, StdErr [][]float64
	Rows            []Row // one for each position from 1 on
}

// FirstStep estimates the first gradient of the reduced model from sequences
// whose last two columns are the query s_T and the answer. eps is the
// regulariser in the paper's weight; a row is scaled as the package comment
// says: divide by S T i (1-based i) and subtract the row's mean for -d2L/(dA1
// dbeta0).
func FirstStep(s Sequences, weight Weight, eps float64) (FirstStepEstimate, error) {
	if err := checkColumns(s.Columns); err != nil {
		return FirstStepEstimate{}, err
	}
	positions := s.Columns - 2
	if weight != Gradient && weight != Plain {
		return FirstStepEstimate{}, fmt.Errorf("weight %q, want %q or %q%s", weight, Gradient, Plain, suggest.Meant(string(weight), string(Gradient), string(Plain)))
	}
	if !(eps >= 0 && eps <= 1) {
		return FirstStepEstimate{}, fmt.Errorf("eps = %v, want 0 to 1", eps)
	}
	v := visitor{s, weight, eps, positions, make([]float64, positions), make([]float64, positions)}
	sums, squares := square(positions), square(positions)
	for n := range s.N {
		v.visit(n)
		for i, c := range v.c {
			for k := range i + 1 {
				z := float64(c * v.match[k])
				sums[i][k] += z
				squares[i][k] += float64(z * z)
			}
		}
	}
	e := FirstStepEstimate{Entries: sums, StdErr: squares}
	for i := range positions {
		for k := range i + 1 {
			sums[i][k], squares[i][k] = meanOf(sums[i][k], squares[i][k], s.N)
		}
	}
	for i := 1; i < positions; i++ {
		row := Row{Child: i, Winner: largest(v.candidates(i), func(k int) float64 { return sums[i][k] })}
		row.Strength, row.StrengthErr = sums[i][row.Winner], squares[i][row.Winner]
		e.Rows = append(e.Rows, row)
	}
	v.margins(e.Rows)
	return e, nil
}

// visitor computes the two factors of Z for one sequence after another.
type visitor struct {
	s         Sequences
	weight    Weight
	eps       float64
	positions int
	c         []float64 // S c_i
	match     []float64 // 1[s_k=q]
}

// candidates are the possible winners of row i.
func (v *visitor) candidates(i int) []int {
	if v.weight == Gradient {
		return upTo(i + 1)
	}
	return upTo(i)
}

// visit fills c and match. muhat counts s_1..s_T, the query included; where the
// answer occurs nowhere the gradient's term is 0 (muhat_y = 0).
func (v *visitor) visit(n int) {
	row := v.s.Row(n)
	query, answer := row[v.positions], row[v.positions+1]
	count := 0
	for _, token := range row[:v.positions+1] {
		if token == answer {
			count++
		}
	}
	scale, held, other := float64(v.s.Tokens), 1.0, 0.0
	if v.weight == Gradient && count > 0 {
		frequency := float64(count) / float64(v.positions+1)
		held, other = (1-frequency)/(frequency+v.eps), -frequency/(frequency+v.eps)
	}
	for k, token := range row[:v.positions] {
		v.c[k], v.match[k] = scale*other, 0
		if token == answer {
			v.c[k] = scale * held
		}
		if token == query {
			v.match[k] = 1
		}
	}
}

// margins compares the winner of each row with its competitors in a second
// pass over the data: the difference of two entries is a mean of its own.
func (v *visitor) margins(rows []Row) {
	sums, squares := square(v.positions), square(v.positions)
	for n := range v.s.N {
		v.visit(n)
		for _, r := range rows {
			c, won := v.c[r.Child], v.match[r.Winner]
			for k := range r.Child + 1 {
				z := float64(c * (won - v.match[k]))
				sums[r.Child][k] += z
				squares[r.Child][k] += float64(z * z)
			}
		}
	}
	for at := range rows {
		r := &rows[at]
		r.compare(v.s.N, v.candidates(r.Child), func(k int) (float64, float64) {
			return meanOf(sums[r.Child][k], squares[r.Child][k], v.s.N)
		})
	}
}

// square is an n x n matrix of zeros.
func square(n int) [][]float64 {
	rows, flat := make([][]float64, n), make([]float64, n*n)
	for i := range rows {
		rows[i] = flat[i*n : (i+1)*n]
	}
	return rows
}
