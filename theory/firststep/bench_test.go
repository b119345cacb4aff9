package firststep

import (
	"fmt"
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// BenchmarkGradient shows the growth in T and in S on the two extreme shapes:
// the chain, where every pair is one of ancestor and descendant, and a random
// forest of small depth.
func BenchmarkGradient(b *testing.B) {
	for _, family := range []string{"chain", "random"} {
		for _, length := range []int{20, 50, 100, 200, 400, 1024} {
			b.Run(fmt.Sprintf("%s/S=3/T=%d", family, length), func(b *testing.B) { benchmarkGradient(b, family, 3, length) })
		}
		for _, tokens := range []int{2, 4, 6, 10, 16} {
			b.Run(fmt.Sprintf("%s/T=50/S=%d", family, tokens), func(b *testing.B) { benchmarkGradient(b, family, tokens, 50) })
		}
	}
}

func benchmarkGradient(b *testing.B, family string, tokens, length int) {
	f, c := benchmarkProblem(b, family, tokens, length)
	for b.Loop() {
		if _, err := Gradient(f, c, 0); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkProblem(b testing.TB, family string, tokens, length int) (graph.Forest, *markov.Chain) {
	g, err := graph.Parse(family, length, 1)
	if err != nil {
		b.Fatal(err)
	}
	p := make([]float64, tokens*tokens)
	markov.Dirichlet{Size: tokens, Alpha: 1}.Draw(stream.New(stream.Key{Seed: 1, Purpose: stream.Bench}), p)
	c, err := markov.NewChain(nested(p, tokens))
	if err != nil {
		b.Fatal(err)
	}
	return g.(graph.Forest), c
}

// BenchmarkAverage is one orbit of 576 chains at the size of a paper figure.
func BenchmarkAverage(b *testing.B) {
	prior, err := markov.ParsePrior("orbit:1,1", 4)
	if err != nil {
		b.Fatal(err)
	}
	f, err := graph.Chain(20)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Average(f, prior, 0, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLandscape sets the tensor and the second layer's gradient beside the
// first step's.
func BenchmarkLandscape(b *testing.B) {
	for _, size := range []struct{ tokens, length int }{{3, 20}, {3, 200}, {10, 20}} {
		f, c := benchmarkProblem(b, "chain", size.tokens, size.length)
		uniform := square(size.length)
		for i, row := range uniform {
			for k := range row[:i+1] {
				row[k] = 1 / float64(i+1)
			}
		}
		for name, run := range map[string]func() error{
			"gradient":    func() error { _, err := Gradient(f, c, 0); return err },
			"tensor":      func() error { _, err := NewTensor(f, c, 0); return err },
			"secondlayer": func() error { _, err := SecondLayer(f, c, 0, uniform); return err },
		} {
			b.Run(fmt.Sprintf("S=%d/T=%d/%s", size.tokens, size.length, name), func(b *testing.B) {
				for b.Loop() {
					if err := run(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
