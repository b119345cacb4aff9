package certificate

import "math/big"

// form is a polynomial in the weights of the corners of three rows, w[a][v] for
// corner v of row a, homogeneous in the weights of each row: for S = 3 a chain
// whose row a is sum_v w[a][v] corner[a][v] has weights that are at least 0 and add
// up to 1 in each row. A form without negative coefficients is therefore nowhere
// negative on a cell, and one without positive ones nowhere positive. (Its
// coefficients are, up to multinomial factors, those of the Bernstein basis.)
type form struct {
	degree       [3]int // in the weights of row 0, 1, 2
	coefficients []big.Int
}

// mostDegree is the largest degree in one row's weights.
const mostDegree = 4

// monomial is the position of w0^i w1^j w2^(degree-i-j) among those of a degree.
func monomial(degree, i, j int) int { return i*(degree+1) - i*(i-1)/2 + j }

// monomials is how many there are.
func monomials(degree int) int { return (degree + 1) * (degree + 2) / 2 }

// products[d][e][m][n] is the position of the product of monomial m of degree d
// and monomial n of degree e.
var products = func() (table [mostDegree + 1][mostDegree + 1][][]int) {
	for d := range table {
		for e := 0; d+e <= mostDegree; e++ {
			table[d][e] = make([][]int, monomials(d))
			for i := 0; i <= d; i++ {
				for j := 0; i+j <= d; j++ {
					row := make([]int, monomials(e))
					for k := 0; k <= e; k++ {
						for l := 0; k+l <= e; l++ {
							row[monomial(e, k, l)] = monomial(d+e, i+k, j+l)
						}
					}
					table[d][e][monomial(d, i, j)] = row
				}
			}
		}
	}
	return table
}()

// newForm is 0. Its coefficients have room for three words each in one block:
// a form is a few thousand numbers of some hundred bits.
func newForm(degree [3]int) *form {
	n := monomials(degree[0]) * monomials(degree[1]) * monomials(degree[2])
	const room = 3
	f, words := &form{degree, make([]big.Int, n)}, make([]big.Word, room*n)
	for i := range f.coefficients {
		f.coefficients[i].SetBits(words[room*i : room*i : room*(i+1)])
	}
	return f
}

// linear is the form of a number that is affine in row a alone, given at the
// three corners.
func linear(a int, atCorners [3]int64) *form {
	var degree [3]int
	degree[a] = 1
	f := newForm(degree)
	for v, x := range atCorners {
		var i, j int
		switch v {
		case 0:
			i = 1
		case 1:
			j = 1
		}
		f.coefficients[monomial(1, i, j)].SetInt64(x)
	}
	return f
}

// one is the sum of the weights of row a.
func one(a int) *form { return linear(a, [3]int64{1, 1, 1}) }

// plus adds g, of the same degrees, to f.
func (f *form) plus(g *form) *form {
	for i := range f.coefficients {
		f.coefficients[i].Add(&f.coefficients[i], &g.coefficients[i])
	}
	return f
}

// times is f g.
func (f *form) times(g *form) *form {
	out := newForm([3]int{f.degree[0] + g.degree[0], f.degree[1] + g.degree[1], f.degree[2] + g.degree[2]})
	fn, gn := f.sizes(), g.sizes()
	on := out.sizes()
	var table [3][][]int
	for a := range table {
		table[a] = products[f.degree[a]][g.degree[a]]
	}
	var term big.Int
	for i := range f.coefficients {
		x := &f.coefficients[i]
		if x.Sign() == 0 {
			continue
		}
		t0, t1, t2 := table[0][i/(fn[1]*fn[2])], table[1][i/fn[2]%fn[1]], table[2][i%fn[2]]
		at := 0
		for j0 := range gn[0] {
			for j1 := range gn[1] {
				base := (t0[j0]*on[1] + t1[j1]) * on[2]
				for j2 := range gn[2] {
					if y := &g.coefficients[at]; y.Sign() != 0 {
						sum := &out.coefficients[base+t2[j2]]
						sum.Add(sum, term.Mul(x, y))
					}
					at++
				}
			}
		}
	}
	return out
}

// sizes are the numbers of monomials in each row's weights.
func (f *form) sizes() [3]int {
	return [3]int{monomials(f.degree[0]), monomials(f.degree[1]), monomials(f.degree[2])}
}

// raised is f times the sums of weights, which are 1, of so many rows.
func (f *form) raised(rows ...int) *form {
	for _, a := range rows {
		degree := f.degree
		degree[a]++
		out := newForm(degree)
		fn, on := f.sizes(), out.sizes()
		table := products[f.degree[a]][1]
		at := [3]int{}
		for i := range f.coefficients {
			at = [3]int{i / (fn[1] * fn[2]), i / fn[2] % fn[1], i % fn[2]}
			for _, m := range table[at[a]] {
				to := at
				to[a] = m
				sum := &out.coefficients[(to[0]*on[1]+to[1])*on[2]+to[2]]
				sum.Add(sum, &f.coefficients[i])
			}
		}
		f = out
	}
	return f
}

// scaled multiplies f by x.
func (f *form) scaled(x *big.Int) *form {
	for i := range f.coefficients {
		f.coefficients[i].Mul(&f.coefficients[i], x)
	}
	return f
}

// signs reports whether a coefficient is negative and whether one is positive.
func (f *form) signs() (negative, positive bool) {
	for i := range f.coefficients {
		switch f.coefficients[i].Sign() {
		case -1:
			negative = true
		case 1:
			positive = true
		}
	}
	return negative, positive
}
