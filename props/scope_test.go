package props

import (
	"fmt"
	"strings"
	"testing"

	"causalgrad/impl/model"
	"causalgrad/impl/train"
	"causalgrad/props/outcome"
	"github.com/stretchr/testify/require"

	"causalgrad/impl/task"
	"causalgrad/theory/graph"
)

// limited is the built-in subject that covers a scope, and refuses to be asked
// about anything else.
type limited struct {
	builtin
	scope Scope
}

func (l limited) Scope() Scope { return l.scope }

func inside(reason string) {
	if reason != "" {
		panic("asked although " + reason)
	}
}

func (l limited) Sample(t task.Spec, n int, seed uint64) (*task.Batch, error) {
	inside(l.scope.task(t))
	return l.builtin.Sample(t, n, seed)
}

func (l limited) Stationary(rows [][]float64) ([]float64, error) {
	inside(l.scope.tokens(len(rows)))
	return l.builtin.Stationary(rows)
}

func (l limited) Information(f graph.Forest, rows [][]float64) (signal, information [][]float64, err error) {
	inside(l.scope.forest(f, len(rows)))
	return l.builtin.Information(f, rows)
}

func (l limited) FirstStep(f graph.Forest, rows [][]float64, eps float64) ([][]float64, error) {
	inside(l.scope.forest(f, len(rows)))
	return l.builtin.FirstStep(f, rows, eps)
}

func (l limited) CountEstimate(t task.Spec, b *task.Batch, alpha float64) ([]float64, error) {
	inside(l.scope.task(t))
	return l.builtin.CountEstimate(t, b, alpha)
}

func (l limited) Evaluate(m model.Spec, params []float64, b *task.Batch) (Evaluation, error) {
	inside(l.scope.model(m))
	return l.builtin.Evaluate(m, params, b)
}

func (l limited) Attention(m model.Spec, params []float64, b *task.Batch) ([]float64, error) {
	inside(l.scope.model(m))
	return l.builtin.Attention(m, params, b)
}

func (l limited) Train(t train.Spec) (params, losses []float64, err error) {
	inside(l.scope.model(t.Model))
	inside(l.scope.task(t.Task))
	return l.builtin.Train(t)
}

func (l limited) Measure(b *task.Batch, f []float64) (Measurement, error) {
	inside(l.scope.tokens(b.S))
	return l.builtin.Measure(b, f)
}

// TestLawsStayInsideTheScope: no law fails, none is tried outside, and each
// that has no case inside says which limit is why.
func TestLawsStayInsideTheScope(t *testing.T) {
	for _, c := range []struct {
		scope  Scope
		passed int // laws that have cases inside, at least
		out    map[string]string
	}{
		{Scope{Models: []string{model.KindReduced}, Graphs: []string{"forest"}}, 120, map[string]string{
			"gradient-exact-disentangled": "the disentangled model is outside the scope", "sample-dag-roots": "dags are outside the scope"}},
		{Scope{Models: []string{model.KindDisentangled}, Graphs: []string{"dag"}, MaxParents: 1}, 70, map[string]string{
			"sample-marginals": "forests are outside the scope", "zero-reduced": "the reduced model is outside the scope"}},
		{Scope{Priors: []string{"dirichlet"}}, 160, map[string]string{
			"sample-marginals": "the prior chain is outside the scope", "sample-floor": "the prior floor is outside the scope"}},
		{Scope{MinTokens: 3, MaxTokens: 3, MinLength: 4, MaxLength: 4}, 150, map[string]string{
			"sample-token-counts": "lengths 8 to 16 are outside the scope"}},
		// Above their own ranges laws take the scope's least sizes, unless they enumerate.
		{Scope{MinTokens: 5, MinLength: 7}, 165, map[string]string{
			"first-step-definition": "tokens 2 to 3 are outside the scope"}},
		{Scope{MinTokens: 11, MinLength: 21}, 18, map[string]string{
			"stationary-balance": "tokens 2 to 6 are outside the scope"}},
	} {
		require.NoError(t, c.scope.Check())
		passed := 0
		for _, r := range Run(All(), limited{scope: c.scope}, Options{Draws: 1, Workers: 2, Shrinks: -1}) {
			what := fmt.Sprintf("%+v: %s", c.scope, r)
			require.Contains(t, []outcome.Verdict{outcome.Passed, outcome.NotApplicable, outcome.NotTried}, r.Verdict, what)
			if reason, out := c.out[r.Law.ID]; out {
				require.Equal(t, outcome.NotApplicable, r.Verdict, what)
				require.Equal(t, reason, r.Why(), what)
			}
			if r.Verdict == outcome.Passed {
				passed++
			} else {
				require.NotEmpty(t, r.LeftOut, what)
			}
		}
		require.GreaterOrEqual(t, passed, c.passed, "%+v", c.scope)
	}
}

// TestFuzzDrawsInsideTheScope: sizes that no law draws by itself. An input that
// is not covered is skipped, and hardly any is.
func TestFuzzDrawsInsideTheScope(t *testing.T) {
	s := limited{scope: Scope{Graphs: []string{"forest"}, Models: []string{model.KindReduced}, MinTokens: 5, MaxTokens: 5, MinLength: 10, MaxLength: 10}}
	laws := fuzzable(s)
	for _, l := range laws {
		require.NotEqual(t, "gradient-exact-disentangled", l.ID)
	}
	judged := 0
	for _, data := range fuzzSeeds() {
		t.Run("seed", func(t *testing.T) {
			defer func() {
				if !t.Skipped() {
					judged++
				}
			}()
			fuzzed(s, laws)(t, data)
		})
	}
	require.GreaterOrEqual(t, judged, 5)
}

func TestScopesThatCannotBeMeant(t *testing.T) {
	for want, c := range map[string]Scope{
		`models has "gpt", want some of disentangled, reduced, transformer`: {Models: []string{"gpt"}},
		`priors has "flat"`:                      {Priors: []string{"dirichlet", "flat"}},
		`graphs has "forests"`:                   {Graphs: []string{"forests"}},
		"at most 4 tokens, want at least 5":      {MinTokens: 5, MaxTokens: 4},
		"at most 1 length, want at least 2":      {MaxLength: 1},
		"length from -1 to 0, want no negative":  {MinLength: -1},
		"parents from 0 to -2, want no negative": {MaxParents: -2},
	} {
		err := c.Check()
		require.ErrorContains(t, err, want)
		require.False(t, strings.Contains(err.Error(), "\n"))
		r := run(small, limited{scope: c}, Options{})
		require.Equal(t, outcome.Error, r.Verdict)
		require.Equal(t, err.Error(), r.Message)
	}
}
