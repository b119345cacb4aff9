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

func BenchmarkSequence(b *testing.B) {
	f := newFixture(20, 3, 1)
	w, out, scaled, features := normals(f.random, f.Length), make([]float64, f.Length), make([]float64, f.Length), make([]float64, f.S+f.T)
	for _, k := range []struct {
		name string
		run  func()
	}{
		{"Build", func() { f.sequence.Build(f.e, f.scale, f.table, f.scratch) }},
		{"OverKeys", func() { OverKeys(f.Shape, out, scaled, f.e, w, f.scale) }},
		{"OverQueries", func() { OverQueries(f.Shape, out, scaled, f.e, w, f.scale) }},
		{"Backward", func() { f.sequence.Backward(f.table, f.e, f.term, f.scratch) }},
		{"LookUp", func() { f.sequence.LookUp(out, f.term) }},
		{"Features", func() { f.sequence.Features(features, w, f.scratch) }},
	} {
		b.Run(fmt.Sprintf("%s/T=20,S=3", k.name), func(b *testing.B) {
			eachVariantBenchmark(b, func(b *testing.B) {
				for b.Loop() {
					k.run()
				}
			})
		})
	}
}
