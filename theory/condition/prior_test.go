package condition

import (
	"math"
	"testing"

	"causalgrad/theory/markov"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// TestMeanNamesItsEntry: the first entry of the mean that is farthest from 1/S,
// above or below it.
func TestMeanNamesItsEntry(t *testing.T) {
	for _, c := range []struct {
		rows    [][]float64
		witness string
	}{
		{[][]float64{{0.3, 0.4, 0.3}, {0.02, 0.49, 0.49}, {0.4, 0.3, 0.3}}, "E pi[1][0] = 0.02"},
		{[][]float64{{0.3, 0.4, 0.3}, {0.2, 0.2, 0.6}, {0.4, 0.3, 0.3}}, "E pi[1][2] = 0.6"},
		{[][]float64{{0.75, 0.25}, {0.25, 0.75}}, "E pi[0][0] = 0.75"},
	} {
		f, _ := check(t, forest(t, "icl", 4), several{chain(t, c.rows...)}, Options{}).Finding(ConstantMean)
		require.Equal(t, c.witness, f.Witness)
	}
}

// TestMeansOfFamiliesByHand: a prior whose mean is constant needs no witness.
func TestMeansOfFamiliesByHand(t *testing.T) {
	for text, want := range map[string]string{
		"sticky:0.6,1": "E pi[0][0] = 0.733333, E pi[0][1] = 0.133333", // 0.6 + 0.4/3, 0.4/3
		"cyclic:0.6,1": "E pi[0][0] = 0.133333, E pi[0][1] = 0.733333",
		"dirichlet:1":  "",
	} {
		f, _ := check(t, forest(t, "icl", 4), prior(t, text, 3), Options{Draws: minDraws}).Finding(ConstantMean)
		require.Equal(t, want, f.Witness, text)
	}
}

// TestTraceKeepsItsSign: a chain that hardly stays has less than one that mostly does.
func TestTraceKeepsItsSign(t *testing.T) {
	for _, stay := range []float64{0.25, 0.75} { // the trace is 2 stay
		c := chain(t, []float64{stay, 1 - stay}, []float64{1 - stay, stay})
		f, _ := check(t, forest(t, "icl", 4), several{c}, Options{}).Finding(ConstantTrace)
		require.Equal(t, 2*stay-1, f.Number)
	}
}

// TestTraceUpToTheRoundingOfFiles: every diagonal entry may be off by it.
func TestTraceUpToTheRoundingOfFiles(t *testing.T) {
	for times, want := range map[float64]verdict.Verdict{1: verdict.Holds, 2: verdict.Fails} {
		d := 3 * times * fileRounding // 1/2 + 1/2 + d - 1 has no rounding
		c := chain(t, []float64{0.5, 0.25, 0.25}, []float64{0.25, 0.5, 0.25}, []float64{0.5, 0.5 - d, d})
		f, _ := check(t, forest(t, "icl", 4), several{c}, Options{}).Finding(ConstantTrace)
		require.Equal(t, d, f.Number)
		require.Equal(t, want, f.Verdict)
	}
}

// TestSymmetryUpToTheRoundingOfFiles: entries of 1e-9 and 2e-9 are as far apart
// as files may leave them, those of 1e-9 and 3e-9 are not.
func TestSymmetryUpToTheRoundingOfFiles(t *testing.T) {
	a := fileRounding
	for times, want := range map[float64]verdict.Verdict{2: verdict.Holds, 3: verdict.Fails} {
		b := times * a
		// Rounded up, the smaller diagonal entry is at most b - a from the other.
		c := chain(t, []float64{1 - a, a}, []float64{b, math.Nextafter(1-b, 2)})
		f, _ := check(t, forest(t, "icl", 4), several{c}, Options{}).Finding(Symmetry)
		require.Equal(t, b-a, f.Number)
		require.Equal(t, want, f.Verdict)
	}
}

func TestGeneratorsByHand(t *testing.T) {
	require.Equal(t, [][]int{{1, 0}}, generators(2))
	require.Equal(t, [][]int{{1, 0, 2, 3}, {1, 2, 3, 0}}, generators(4))
}

// TestAsymmetryByHand: chains of two tokens as points (a, b), which relabelling
// turns into (b, a); dyadic.
func TestAsymmetryByHand(t *testing.T) {
	pi := func(a, b float64) *markov.Chain { return chain(t, []float64{1 - a, a}, []float64{b, 1 - b}) }
	for name, c := range map[string]struct {
		support []*markov.Chain
		worst   float64
		chain   int
	}{
		// (1/4, 1/2) is 1/4 from both chains and takes the first, which leaves
		// (1/8, 3/4) to (3/4, 1/8).
		"first of equally near": {several{pi(0.5, 0.25), pi(0.125, 0.75)}, 0.625, 1},
		"first of equally bad":  {several{pi(0.5, 0.25), pi(0.875, 0.625)}, 0.25, 0},
	} {
		worst, n, order := asymmetry(c.support)
		require.Equal(t, c.worst, worst, name)
		require.Equal(t, c.chain, n, name)
		require.Equal(t, []int{1, 0}, order, name)
	}
}
