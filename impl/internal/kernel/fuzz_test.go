package kernel

import (
	"math/rand/v2"
	"testing"
)

// FuzzVariants compares the variants on any shape and any finite numbers, bit by
// bit: go test -fuzz FuzzVariants ./impl/internal/kernel.
func FuzzVariants(f *testing.F) {
	for seed := range uint64(30) {
		f.Add(uint8(seed*7), uint8(seed*5), uint8(seed), seed)
	}
	f.Fuzz(func(t *testing.T, length, tokens, inner uint8, seed uint64) {
		x := newFixture(3+int(length)%60, 2+int(tokens)%30, seed)
		r := rand.New(rand.NewPCG(seed, 2))
		n, depth := x.Length, 1+int(inner)
		w, start, table := normals(r, n), normals(r, n), normals(r, x.Table())
		a, b, c := normals(r, n*depth), normals(r, depth*x.Tokens), normals(r, n*x.Tokens)
		eachVariant(t, func() []float64 {
			x.sequence.Build(x.e, x.scale, x.table, x.scratch)
			out, scaled, total := make([]float64, n), make([]float64, n), copies(start)
			OverKeys(x.Shape, out, total, x.e, w, x.scale)
			result := copies(x.e, x.scale, out, total)
			OverQueries(x.Shape, out, scaled, x.e, w, x.scale)
			features, looked, gradient := make([]float64, x.S+x.T), make([]float64, x.T), copies(table)
			x.sequence.Features(features, w, x.scratch)
			x.sequence.LookUp(looked, features)
			x.sequence.Backward(gradient, x.e, x.term, x.scratch)
			product, softmax := copies(c), copies(w)
			Gemm(product, x.Tokens, Operand{a, depth, 1}, b, x.Tokens, n, x.Tokens, depth)
			largest, sum := Softmax(softmax)
			SoftmaxBackward(softmax, total)
			return append(copies(result, out, scaled, features, looked, gradient, product, softmax, total), largest, sum)
		})
	})
}
