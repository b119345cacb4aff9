package markov

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// requireShare demands a count within five standard deviations of n draws with
// that probability: a false alarm of 6e-7, and the seeds are fixed.
func requireShare(t *testing.T, count, n int, p float64, what string, args ...any) {
	t.Helper()
	require.NoError(t, close.Within(float64(count), float64(n)*p, 0, 5*math.Sqrt(float64(n)*p*(1-p))), fmt.Sprintf(what, args...))
}

// The mean of every entry: 1/S where tokens are exchangeable, and with a
// structured row of weight w what that adds. An entry lies in [0, 1], so its
// variance is at most m (1-m) at a mean of m.
func TestMeansOfDrawnChains(t *testing.T) {
	const tokens, draws, weight = 3, 3000, 0.75
	blended := func(to func(a int) int) func(a, b int) float64 {
		return func(a, b int) float64 {
			m := (1 - weight) / tokens
			if to(a) == b {
				m += weight
			}
			return m
		}
	}
	uniform := func(int, int) float64 { return 1.0 / tokens }
	for text, mean := range map[string]func(a, b int) float64{
		"dirichlet:0.5":               uniform,
		"floor:0.5,0.2":               uniform,
		"orbit:0.5,7":                 uniform,
		"near-deterministic:0.75,0.5": uniform,
		"rank-one:0.5":                uniform,
		"reversible:0.5":              uniform, // a row of a symmetric matrix of independent weights is a Dirichlet row
		"sticky:0.75,0.5":             blended(func(a int) int { return a }),
		"cyclic:0.75,0.5":             blended(func(a int) int { return (a + 1) % tokens }),
	} {
		prior, err := ParsePrior(text, tokens)
		require.NoError(t, err)
		s, p, sums := stream.New(stream.Key{Seed: 5, Purpose: stream.Law}), make([]float64, tokens*tokens), make([]float64, tokens*tokens)
		for range draws {
			prior.Draw(s, p)
			for at, v := range p {
				sums[at] += v
			}
		}
		for at, sum := range sums {
			m := mean(at/tokens, at%tokens)
			require.NoError(t, close.Within(sum/draws, m, 0, 5*math.Sqrt(m*(1-m)/draws)), "mean of pi[%d][%d] of %s", at/tokens, at%tokens, text)
		}
	}
}

// A finite prior draws each of its chains alike.
func TestFinitePriorsDrawEveryChainAlike(t *testing.T) {
	sampled, err := NewSampled([][][]float64{{{0.5, 0.5}, {0.25, 0.75}}, {{0.125, 0.875}, {0.5, 0.5}}, {{0.75, 0.25}, {0.5, 0.5}}}, "f")
	require.NoError(t, err)
	orbit, err := ParsePrior("orbit:1,7", 2)
	require.NoError(t, err)
	const draws = 3000
	for _, prior := range []Prior{sampled, orbit} {
		support, counts, p := prior.(Finite).Support(), map[string]int{}, make([]float64, 4)
		s := stream.New(stream.Key{Seed: 6, Purpose: stream.Law})
		for range draws {
			prior.Draw(s, p)
			counts[fmt.Sprint(p)]++
		}
		require.Len(t, counts, len(support), "chains of %v", prior)
		for _, c := range support {
			requireShare(t, counts[fmt.Sprint(c.Flat())], draws, 1/float64(len(support)), "times that %v draws %v", prior, c.Rows())
		}
	}
}

// Chains lists a support, or draws number by number from the stated streams.
func TestChainsOfAnExpectation(t *testing.T) {
	orbit, err := ParsePrior("orbit:1,7", 2)
	require.NoError(t, err)
	chain, n, exact := Chains(orbit, 99, 3)
	require.Equal(t, []any{4, true}, []any{n, exact})
	c, err := chain(2)
	require.NoError(t, err)
	require.Equal(t, orbit.(Finite).Support()[2], c)

	dirichlet := Dirichlet{Size: 3, Alpha: 1}
	chain, n, exact = Chains(dirichlet, 99, 3)
	require.Equal(t, []any{99, false}, []any{n, exact})
	c, err = chain(2)
	require.NoError(t, err)
	want, err := DrawChain(dirichlet, stream.Key{Seed: 3, Purpose: stream.Prior, Step: 2})
	require.NoError(t, err)
	require.Equal(t, want, c)
}

// A chain that is drawn is never changed to be irreducible: it is refused, with
// its prior. Rows of Dirichlet(0.0001) are point masses but for the smallest
// probability, so most chains are.
func TestDrawnChainsAreRefusedNotRepaired(t *testing.T) {
	prior, refused := Dirichlet{Size: 3, Alpha: 1e-4}, 0
	chain, n, _ := Chains(prior, 50, 1)
	for d := range n {
		if _, err := chain(d); err != nil {
			require.ErrorContains(t, err, fmt.Sprintf(`draw %d: prior "dirichlet:0.0001": drawing a chain: chain: numerically reducible`, d))
			refused++
		}
	}
	require.Greater(t, refused, n/2)
}

func TestOrbitsAreThoseOfTheirSeed(t *testing.T) {
	flat := func(text string) []float64 {
		p, err := ParsePrior(text, 3)
		require.NoError(t, err)
		return p.(Finite).Support()[0].Flat()
	}
	require.Equal(t, flat("orbit:1,7"), flat("orbit:1,7"))
	require.NotEqual(t, flat("orbit:1,7"), flat("orbit:1,8"))
	trace := 0.0
	p, err := ParsePrior("orbit:1,7", 3)
	require.NoError(t, err)
	for _, c := range p.(Finite).Support() {
		trace += c.Trace() / 36
	}
	// E[pi] = 1/S: 36 divisions and sums of numbers below 1.
	require.NoError(t, close.Within(trace, 1, 0, 4*36*0x1p-53), "the mean trace over the support")
}

// What a prior prints is read as the same prior, to the last bit.
func TestPriorsPrintEveryBit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const tokens = 3
		alpha, weight := rapid.Float64Range(1e-4, 1e6).Draw(t, "alpha"), rapid.Float64Range(1e-9, 1-1e-9).Draw(t, "weight")
		for _, prior := range []Prior{
			Dirichlet{tokens, alpha}, Floor{tokens, alpha, weight}, Sticky{tokens, weight, alpha}, Cyclic{tokens, weight, alpha},
			NearDeterministic{tokens, weight, alpha}, RankOne{tokens, alpha}, Reversible{tokens, alpha},
		} {
			again, err := ParsePrior(prior.String(), tokens)
			require.NoError(t, err, "%v", prior)
			require.Equal(t, prior, again, "%v", prior)
		}
	})
}

// An error stays on its line whatever the text.
func TestRefusedPriorsAreQuoted(t *testing.T) {
	for _, text := range []string{"dirichlet:\n1,2", "nonsense\r\n:", "point:a\nb", "@a\nb", "sticky:1,\n1", "orbit:\x00"} {
		_, err := ParsePrior(text, 3)
		require.Error(t, err, "%q", text)
		require.NotContains(t, err.Error(), "\n", "%q", text)
	}
}

// Numbers of an array come through with every bit: 1/3 is none of float32's.
func TestArraysKeepEveryBit(t *testing.T) {
	name := filepath.Join(t.TempDir(), "c.npy")
	require.NoError(t, os.WriteFile(name, array("(3, 3)", 9, 1.0/3), 0o600))
	c, err := ReadChain(name)
	require.NoError(t, err)
	require.Equal(t, constant(3), c.Rows())
}

// Every chain of a list must be aperiodic, not only its first.
func TestRequireAperiodicLooksAtEveryChain(t *testing.T) {
	aperiodic, periodic := [][]float64{{0.5, 0.5}, {1, 0}}, [][]float64{{0, 1}, {1, 0}}
	for _, list := range [][][][]float64{{periodic, aperiodic}, {aperiodic, periodic}} {
		p, err := NewSampled(list, "f")
		require.NoError(t, err)
		require.ErrorContains(t, RequireAperiodic(p), `prior "@f": the chain is periodic with period 2`)
	}
	p, err := NewSampled([][][]float64{aperiodic, aperiodic}, "f")
	require.NoError(t, err)
	require.NoError(t, RequireAperiodic(p))
}
