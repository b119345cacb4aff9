package certify

import "causalgrad/theory/interval"

// maxVariables is the number of free numbers of a chain, S (S-1) for S = 3.
const maxVariables = maxTokens * (maxTokens - 1)

// form encloses a function of the chain over a cell: its values and its
// partial derivatives (variable order: see box).
type form struct {
	value interval.Interval
	slope [maxVariables]interval.Interval
}

// matrix holds S x S forms.
type matrix [maxTokens][maxTokens]form

// algebra calculates with forms of so many variables; with none only values
// are computed, which is all that a single chain needs.
type algebra struct{ tokens, variables int }

func (g algebra) add(a, b *form) form {
	out := form{value: interval.Add(a.value, b.value)}
	for i := range g.variables {
		out.slope[i] = interval.Add(a.slope[i], b.slope[i])
	}
	return out
}

func (g algebra) sub(a, b *form) form {
	out := form{value: interval.Sub(a.value, b.value)}
	for i := range g.variables {
		out.slope[i] = interval.Sub(a.slope[i], b.slope[i])
	}
	return out
}

func (g algebra) mul(a, b *form) form {
	out := form{value: interval.Mul(a.value, b.value)}
	for i := range g.variables {
		out.slope[i] = interval.Add(interval.Mul(a.slope[i], b.value), interval.Mul(a.value, b.slope[i]))
	}
	return out
}

// over is a/b given an enclosure of the quotient's values: (a/b)' = (a' - (a/b) b')/b.
func (g algebra) over(a, b *form, quotient interval.Interval) form {
	out := form{value: quotient}
	for i := range g.variables {
		out.slope[i] = interval.Div(interval.Sub(a.slope[i], interval.Mul(quotient, b.slope[i])), b.value)
	}
	return out
}

// product is a b.
func (g algebra) product(a, b *matrix) *matrix {
	out := new(matrix)
	for i := range g.tokens {
		for j := range g.tokens {
			for l := range g.tokens {
				term := g.mul(&a[i][l], &b[l][j])
				out[i][j] = g.add(&out[i][j], &term)
			}
		}
	}
	return out
}

// traceOfProduct is tr(a b).
func (g algebra) traceOfProduct(a, b *matrix) form {
	var sum form
	for i := range g.tokens {
		for l := range g.tokens {
			term := g.mul(&a[i][l], &b[l][i])
			sum = g.add(&sum, &term)
		}
	}
	return sum
}

// difference is a - b.
func (g algebra) difference(a, b *matrix) *matrix {
	out := new(matrix)
	for i := range g.tokens {
		for j := range g.tokens {
			out[i][j] = g.sub(&a[i][j], &b[i][j])
		}
	}
	return out
}
