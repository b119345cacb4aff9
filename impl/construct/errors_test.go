package construct

import (
	"math"
	"testing"

	"causalgrad/theory/graph"

	"github.com/stretchr/testify/require"
)

func TestErrorsNameTheValue(t *testing.T) {
	f, err := graph.Chain(5)
	require.NoError(t, err)
	g, err := graph.TrigramHalf(5)
	require.NoError(t, err)
	good := Settings{B: 1, Beta: 1, Eps: 0.01}
	for message, build := range map[string]func() error{
		"B = -1, want 0 to 1e+06":                           func() error { _, err := Forest(f, 3, Settings{B: -1}); return err },
		"beta = NaN, want 0 to 1e+06":                       func() error { _, err := Forest(f, 3, Settings{Beta: math.NaN()}); return err },
		"eps = 1, want a number from 0 to below 1":          func() error { _, err := Reduced(f, 3, Settings{Eps: 1}); return err },
		"roots = Roots(3), want uniform, sink or masked":    func() error { _, err := Forest(f, 3, Settings{Roots: 3}); return err },
		"roots = Roots(-1), want uniform, sink or masked":   func() error { _, err := Forest(f, 3, Settings{Roots: -1}); return err },
		errMaskedReduced.Error():                            func() error { _, err := Reduced(f, 3, Settings{Roots: RootsMasked}); return err },
		"the reduced model has one head and needs a forest": func() error { _, err := Build("reduced", g, 3, good); return err },
		`model "rnn" of graph parents:-1,0,1,2`:             func() error { _, err := Build("rnn", f, 3, good); return err },
		"no position before the last has 1 parents": func() error {
			roots, err := graph.NewForest([]int{-1, -1})
			require.NoError(t, err)
			_, err = Forest(roots, 3, good)
			return err
		},
		"construction: empty": func() error {
			_, err := Measure(Built{}, dirichletTask(t, f, 3, 1), Options{Sequences: 2})
			return err
		},
		"sequences = 1, want 2 to 4194304": func() error {
			b, err := Forest(f, 3, good)
			require.NoError(t, err)
			_, err = Measure(b, dirichletTask(t, f, 3, 1), Options{Sequences: 1})
			return err
		},
		"task of 4 tokens and length 5, but the construction has 3 and 5": func() error {
			b, err := Reduced(f, 3, good)
			require.NoError(t, err)
			_, err = Measure(b, dirichletTask(t, f, 4, 1), Options{Sequences: 2})
			return err
		},
		"want a graph with several parents": func() error {
			_, err := SingleParent(dirichletTask(t, f, 3, 1), 1, Options{Sequences: 2})
			return err
		},
		"alpha = 0, want above 0": func() error {
			_, err := SingleParent(dirichletTask(t, g, 3, 1), 0, Options{Sequences: 2})
			return err
		},
		"sequences = 0, want 2": func() error {
			_, err := SingleParent(dirichletTask(t, g, 3, 1), 1, Options{})
			return err
		},
		"steps = 0, want 1": func() error {
			_, err := Train(dirichletTask(t, g, 3, 1), Training{Heads: []int{1, 1}, Batch: 1, TestSequences: 2})
			return err
		},
	} {
		require.ErrorContains(t, build(), message)
	}
	text, err := RootsMasked.MarshalText()
	require.NoError(t, err)
	require.Equal(t, "masked", string(text))
}
