package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// eachVariantBenchmark runs f once a variant.
func eachVariantBenchmark(b *testing.B, f func(b *testing.B)) {
	was := Name()
	defer func() { require.NoError(b, Use(was)) }()
	for _, name := range Available() {
		require.NoError(b, Use(name))
		b.Run(name, f)
	}
}

func BenchmarkExp(b *testing.B) {
	x, y := normals(rand.New(rand.NewPCG(1, 1)), 64), make([]float64, 64)
	eachVariantBenchmark(b, func(b *testing.B) {
		for b.Loop() {
			copy(y, x)
			Exp(y)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/64, "ns/exp")
	})
}

func BenchmarkGemm(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	const m, n, inner = 64, 48, 23
	c, x, y := normals(r, m*n), normals(r, m*inner), normals(r, inner*n)
	eachVariantBenchmark(b, func(b *testing.B) {
		for b.Loop() {
			Gemm(c, n, Operand{x, inner, 1}, y, n, m, n, inner)
		}
		b.ReportMetric(2*m*n*inner*float64(b.N)/b.Elapsed().Seconds()*1e-9, "GFlop/s")
	})
}

// BenchmarkBlock is the loops over a triangle, for each sequence of a block.
func BenchmarkBlock(b *testing.B) {
	f := newFixture(20, 3, 1)
	w, out, scaled, features := rowsOf(f.normals, f.Length), rowsOf(zeros, f.Length), rowsOf(zeros, f.Length), rowsOf(zeros, f.S+f.T)
	for _, k := range []struct {
		name string
		run  func()
	}{
		{"Build", func() { f.block.Build(f.e, f.scale, f.table) }},
		{"OverKeys", func() { f.block.OverKeys(out, scaled, f.e, w, f.scale) }},
		{"OverQueries", func() { f.block.OverQueries(out, scaled, f.e, w, f.scale) }},
		{"Backward", func() { f.block.Backward(f.table, f.e, f.term) }},
		{"LookUp", func() { f.block.LookUp(out, f.term, 0) }},
		{"Features", func() { f.block.Features(features, w) }},
	} {
		b.Run(fmt.Sprintf("%s/T=20,S=3", k.name), func(b *testing.B) {
			eachVariantBenchmark(b, func(b *testing.B) {
				for b.Loop() {
					k.run()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/blockSize, "ns/sequence")
			})
		})
	}
}
