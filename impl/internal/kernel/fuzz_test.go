package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzVariants compares the variants on any shape and any numbers, bit by bit:
// go test -fuzz FuzzVariants ./impl/internal/kernel.
func FuzzVariants(f *testing.F) {
	for seed := range uint64(10) {
		f.Add(uint8(seed*7), uint8(seed*5), uint8(seed), seed)
	}
	f.Fuzz(func(t *testing.T, length, tokens, inner uint8, seed uint64) {
		compareVariants(t, 3+int(length)%126, 2+int(tokens)%40, 1+int(inner), seed)
	})
}

// TestEveryTail: every remainder of T and S by the lanes and by the products'
// panels, with inner dimensions of one to seven steps.
func TestEveryTail(t *testing.T) {
	for length := 3; length <= 29; length++ {
		for tokens := 2; tokens <= 9; tokens++ {
			compareVariants(t, length, tokens, 1+(length*tokens)%7, uint64(length*100+tokens))
		}
	}
	for _, long := range [][2]int{{63, 32}, {64, 31}, {65, 33}, {97, 2}, {127, 17}, {128, 3}} {
		compareVariants(t, long[0], long[1], 5, 1)
	}
}

// TestEveryProduct: all small products, on ordinary numbers and on any bits.
func TestEveryProduct(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	for m := 4; m <= 20; m += Lanes {
		for n := 4; n <= 52; n += Lanes {
			for inner := 1; inner <= 5; inner++ {
				compareProduct(t, normals(r, m*n), normals(r, m*inner), normals(r, inner*n), m, n, inner)
				compareProduct(t, anyBits(r, m*n), anyBits(r, m*inner), anyBits(r, inner*n), m, n, inner)
			}
		}
	}
}

// TestEveryVector: all short vectors of any bits, infinities, NaN and subnormal
// numbers among them.
func TestEveryVector(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 1))
	for n := Lanes; n <= 64; n += Lanes {
		for range 20 {
			compareVectors(t, anyBits(r, n), anyBits(r, n))
		}
	}
}

// compareVariants runs every kernel on one shape.
func compareVariants(t *testing.T, length, tokens, depth int, seed uint64) {
	t.Helper()
	x, r := newFixture(length, tokens, seed), rand.New(rand.NewPCG(seed, 2))
	n := x.Length
	w, start, table, matrix := rowsOf(x.normals, n), rowsOf(x.normals, n), normals(r, x.Table()), normals(r, (x.S+x.T)*n)
	eachVariant(t, func() []float64 {
		g := guards{}
		e, scale, out, scaled := rowsOf(g.make, x.Triangle()), rowsOf(g.make, n), rowsOf(g.make, n), rowsOf(g.make, n)
		features, looked := rowsOf(g.make, x.S+x.T), rowsOf(g.make, n)
		total, gradient, keys := Rows{g.copy(start.Data), start.Step}, g.copy(table), rowsOf(g.make, n)
		last, product, sums, dots := rowsOf(g.make, n), rowsOf(g.make, n), g.copy(matrix), rowsOf(g.make, 1)
		x.block.Build(e, scale, x.table)
		x.block.OverKeys(keys, total, e, w, scale)
		x.block.OverQueries(out, scaled, e, w, scale)
		x.block.Features(features, w)
		x.block.LookUp(looked, features, math.Inf(-1))
		x.block.Last(last, e, scale)
		x.block.LastOneHot(product, matrix, n)
		x.block.AddLastOneHot(sums, w, n)
		x.block.Dot(dots, w, start)
		x.block.Backward(gradient, e, x.term)
		g.check(t)
		return copies(e.Data, scale.Data, keys.Data, out.Data, total.Data, scaled.Data, features.Data, looked.Data, gradient,
			last.Data, product.Data, sums, dots.Data)
	})
	compareProduct(t, normals(r, n*x.Tokens), normals(r, n*depth), normals(r, depth*x.Tokens), n, x.Tokens, depth)
	compareVectors(t, normals(r, n), normals(r, n))
	compareVectors(t, anyBits(r, n), anyBits(r, n))
}

// compareProduct runs Gemm with the left factor as it lies and transposed.
func compareProduct(t *testing.T, c, a, b []float64, m, n, inner int) {
	t.Helper()
	for _, left := range []Operand{{a, inner, 1}, {a, 1, m}} {
		eachVariant(t, func() []float64 {
			g := guards{}
			product := g.copy(c)
			Gemm(product, n, left, b, n, m, n, inner)
			g.check(t)
			return product
		})
	}
}

// compareVectors runs the kernels of plain vectors.
func compareVectors(t *testing.T, x, y []float64) {
	t.Helper()
	eachVariant(t, func() []float64 {
		g := guards{}
		exp, softmax, backward := g.copy(x), g.copy(x), g.copy(y)
		add, other, sum, rows, rowsBackward := g.copy(x), g.copy(y), g.copy(x), g.copy(x), g.copy(y)
		largest4, total4 := g.make(len(x)/Lanes), g.make(len(x)/Lanes)
		Exp(exp)
		largest, total := Softmax(softmax)
		SoftmaxBackward(softmax, backward)
		Add2(add, other, exp)
		for n := range min(7, len(y)) {
			AddRows(Rows{sum, 1}, Rows{y, 0}, 1, len(y)-n)
		}
		SoftmaxRows(rows, Lanes, largest4, total4)
		SoftmaxBackwardRows(rows, rowsBackward, Lanes, len(x)/Lanes)
		g.check(t)
		return append(copies(exp, softmax, backward, add, other, sum, rows, rowsBackward, largest4, total4), largest, total)
	})
}

// anyBits are numbers of any bit pattern, a quarter of them special.
func anyBits(r *rand.Rand, n int) []float64 {
	special := []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), 5e-324, math.MaxFloat64, -745.2, 709.8}
	v := make([]float64, n)
	for i := range v {
		v[i] = math.Float64frombits(r.Uint64())
		if r.IntN(4) == 0 {
			v[i] = special[r.IntN(len(special))]
		}
	}
	return v
}

// guards hands out vectors with marked words around them.
type guards [][]float64

const (
	guardWords = 8
	mark       = -0x1.23456789abcdep+77
)

func (g *guards) make(n int) []float64 {
	all := make([]float64, n+2*guardWords)
	for i := range guardWords {
		all[i], all[len(all)-1-i] = mark, mark
	}
	*g = append(*g, all)
	return all[guardWords : guardWords+n : guardWords+n]
}

func (g *guards) copy(v []float64) []float64 {
	dst := g.make(len(v))
	copy(dst, v)
	return dst
}

// check requires that nothing was written around the vectors.
func (g guards) check(t *testing.T) {
	t.Helper()
	for _, all := range g {
		for i := range guardWords {
			require.Equal(t, [2]float64{mark, mark}, [2]float64{all[i], all[len(all)-1-i]}, "%s wrote outside a vector", Name())
		}
	}
}
