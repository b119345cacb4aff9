package necessity

import (
	"testing"

	"causalgrad/theory/graph"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// expectedFailure takes the failure that rapid reports, which here is wanted.
type expectedFailure struct {
	*testing.T
	failed bool
}

func (e *expectedFailure) Errorf(string, ...any) { e.failed = true }
func (e *expectedFailure) Fatalf(string, ...any) { e.failed = true }
func (e *expectedFailure) Fail()                 { e.failed = true }
func (e *expectedFailure) FailNow()              { e.failed = true }
func (e *expectedFailure) Failed() bool          { return e.failed }
func (e *expectedFailure) Logf(string, ...any)   {}

// TestRapidFindsTheConstantMean: rapid's own drawing and shrinking, without the
// local search, refutes the first step without A4, and finds nothing in as
// many draws with A4 and all other hypotheses kept.
func TestRapidFindsTheConstantMean(t *testing.T) {
	for question, construction := range map[string]Construction{ConstantMean: Point, None: Columns} {
		s, err := newSpace(question, Options{}.withDefaults(question))
		require.NoError(t, err)
		var last candidate
		outcome := &expectedFailure{T: t}
		rapid.Check(outcome, func(r *rapid.T) {
			c := candidate{construction: construction}
			parents := []int{graph.Root}
			for i := 1; i < 8; i++ {
				parent := rapid.IntRange(0, 12*i).Draw(r, "parent + 1") // mostly roots: T_eff must stay large
				if parent > i {
					parent = 0
				}
				parents = append(parents, parent-1)
			}
			f, err := graph.NewForest(parents)
			if err != nil {
				r.Fatal(err)
			}
			c.forest = f
			for range 2 {
				n := rapid.IntRange(1, 9).Draw(r, "tenths")
				c.rows = append(c.rows, []float64{float64(n) / 10, float64(10-n) / 10})
			}
			if _, fails := s.fails(c); fails {
				last = c
				r.Errorf("the parent is not ahead")
			}
		})
		require.Equal(t, question == ConstantMean, outcome.failed, question)
		if outcome.failed {
			_, fails := s.fails(last)
			require.True(t, fails)
			edges := 0
			for _, p := range last.forest.Parents() {
				if p != graph.Root {
					edges++
				}
			}
			require.Equal(t, 1, edges, "shrunk to a single edge")
		}
	}
}
