package construct

import (
	"math"
	"testing"

	"causalgrad/impl/task"
	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// TestBoundsAreAllowed: the largest values of every setting; errors beyond them
// are TestErrorsNameTheValue's.
func TestBoundsAreAllowed(t *testing.T) {
	require.NoError(t, Settings{B: maxScore, Beta: maxScore, Eps: math.Nextafter(1, 0), Roots: RootsMasked}.check())
	require.NoError(t, Settings{}.check())
	for _, s := range []Settings{{B: math.Nextafter(maxScore, 2e6)}, {Beta: math.Nextafter(maxScore, 2e6)}, {Eps: 1}} {
		require.Error(t, s.check(), "%+v", s)
	}
	require.NoError(t, Options{Sequences: 1 << 22}.check())
	require.ErrorContains(t, Options{Sequences: 1<<22 + 1}.check(), "sequences = 4194305")

	g, err := graph.TrigramHalf(5)
	require.NoError(t, err)
	tk := dirichletTask(t, g, 3, 1)
	_, err = SingleParent(tk, 1e6, Options{Sequences: 2})
	require.NoError(t, err)
	_, err = SingleParent(tk, math.Nextafter(1e6, 2e6), Options{Sequences: 2})
	require.ErrorContains(t, err, "alpha = 1.0000000000000001e+06")
	// A run of 2^30 steps gets as far as the next error.
	_, err = Train(tk, Training{Steps: 1 << 30})
	require.ErrorContains(t, err, "heads")
	_, err = Train(tk, Training{Steps: 1<<30 + 1})
	require.ErrorContains(t, err, "steps = 1073741825")
}

func TestRootsNames(t *testing.T) {
	for r, want := range map[Roots]string{RootsUniform: "uniform", RootsSink: "sink", RootsMasked: "masked", -1: "Roots(-1)", 3: "Roots(3)"} {
		require.Equal(t, want, r.String())
	}
}

// TestBoundOfAllMatches: where every position that is evidence agrees the bound
// claims something, and one more than there are claims nothing.
func TestBoundOfAllMatches(t *testing.T) {
	f, err := graph.Chain(5)
	require.NoError(t, err)
	b, err := Forest(f, 3, Settings{B: 30, Beta: 5, Roots: RootsMasked})
	require.NoError(t, err)
	require.Equal(t, 1.0, b.Scale, "a construction's own read-out is the identity")
	n := b.context.evidence()
	require.Equal(t, 3, n)
	// A row leaks at most 3 e^-30 = 3e-13, which counts beta = 5 times; nothing is
	// left unmatched, and silent rows weigh e^-35.
	require.Less(t, b.Bound(n), 1e-11)
	require.Positive(t, b.Bound(n))
	require.Equal(t, 1.0, b.Bound(n+1))
	require.Equal(t, 1.0, b.Bound(0))
}

// TestStandardErrorForgivesTheMeansRounding: numbers about 1e15 have a mean that
// is off by up to 1/16, which a deviation notices in second order alone. Their
// mean is 1e15 + 4/3 and their squared deviations add up to 14/3.
func TestStandardErrorForgivesTheMeansRounding(t *testing.T) {
	got := mean([]float64{1e15, 1e15 + 1, 1e15 + 3})
	require.NoError(t, close.Within(got.Value, 1e15+4.0/3, 0, 0.2)) // the sum rounds to 1/2, the quotient to 1/8
	// The sum of squares gains 3/5^2, at most; its root relatively half of that.
	require.NoError(t, close.Within(got.StdErr, math.Sqrt(14.0/3/2/3), 0.5*3*0.04/(14.0/3)+1e-15, 0))
}

// TestScaledSoftmaxAtTheLargestScale stays finite, whatever q.
func TestScaledSoftmaxAtTheLargestScale(t *testing.T) {
	f := make([]float64, 2)
	scaledSoftmax(maxScale, []float64{1, 0}, f)
	require.Equal(t, 1.0, f[0])
	// One exponential, exact in its argument, and a quotient by 1 + 7e-218.
	require.NoError(t, close.Within(f[1], math.Exp(-maxScale), 8*0x1p-53, 0))
}

// TestLadderIsARowOfEachPair of task and settings, in order, or the first error.
func TestLadderIsARowOfEachPair(t *testing.T) {
	var tasks []task.Task
	var want []Row
	o := Options{Sequences: 20, Seed: 3}
	settings := []Settings{{B: 3, Beta: 1, Eps: 0.01}, {B: 5, Beta: 2, Eps: 0.01, Roots: RootsSink}}
	for _, length := range []int{4, 6} {
		f, err := graph.Random(length, 0.2, stream.New(stream.Key{Seed: uint64(length), Purpose: stream.Law}))
		require.NoError(t, err)
		tk := dirichletTask(t, f, 3, 1)
		tasks = append(tasks, tk)
		for _, s := range settings {
			b, err := Reduced(f, 3, s)
			require.NoError(t, err)
			row, err := Measure(b, tk, o)
			require.NoError(t, err)
			want = append(want, row)
		}
	}
	rows, err := Ladder("reduced", tasks, settings, o)
	require.NoError(t, err)
	require.Equal(t, want, rows)
	_, err = Ladder("rnn", tasks, settings, o)
	require.ErrorContains(t, err, `model "rnn"`)
	_, err = Ladder("reduced", tasks, settings, Options{Sequences: 1})
	require.ErrorContains(t, err, "sequences = 1")
}
