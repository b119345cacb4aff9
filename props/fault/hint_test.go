package fault

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/props/outcome"
	"causalgrad/theory/graph"
)

// explained runs one law on a subject and says what its answers look like.
func explained(t *testing.T, s props.Subject, law string) string {
	t.Helper()
	l, ok := props.Find(law)
	require.True(t, ok, law)
	w := NewWitness(s)
	r := props.Run([]props.Law{l}, w, props.Options{Shrinks: 100})[0]
	require.Equal(t, outcome.Failed, r.Verdict, r.String())
	return w.Explain()
}

// TestMistakesAreNamed: each is recognised from its answers alone, beside at most one
// other that answers alike on the smallest cases, as the transposed stationary
// distribution and the uniform one do on chains with equal rows.
func TestMistakesAreNamed(t *testing.T) {
	for id, law := range map[string]string{
		"stationary-transposed":       "stationary-balance",
		"signal-transposed":           "signal-definition",
		"information-kullback":        "information-definition",
		"first-step-eps-ignored":      "first-step-definition",
		"estimate-root-wrapped":       "estimate-no-wrapped-root",
		"estimate-alpha-divided":      "estimate-counts",
		"scores-transposed":           "attention-exact-disentangled",
		"log-of-prediction":           "loss-finite",
		"query-path-dropped":          "gradient-exact-disentangled",
		"reduced-eps-not-in-gradient": "gradient-exact-reduced",
		"transformer-bias-unscaled":   "evaluation-exact-transformer",
		"epsilon-inside-root":         "adamw-recurrence",
		"measure-total-variation":     "measure-definition",
	} {
		m, ok := Find(id)
		require.True(t, ok, id)
		got := explained(t, m.Plant(props.Builtin()), law)
		names, found := strings.CutPrefix(got, "answers as with the known mistake ")
		require.True(t, found, got)
		fitting := strings.Split(names, "; or with ")
		require.Contains(t, fitting, id+": "+m.Description)
		require.LessOrEqual(t, len(fitting), 2, got)
	}
}

// TestSamplersMistakesAreNamed: from means alone, since the witness tries the
// mistakes with another seed. What means do not show is given no name, and neither
// is the right sampler.
func TestSamplersMistakesAreNamed(t *testing.T) {
	forest := task.Spec{Tokens: 2, Length: 5, Parents: []int{graph.Root, 0, graph.Root, 1}, Alpha: 0.25}
	dag := task.Spec{Tokens: 2, Length: 4, DAG: [][]int{{}, {}, {0, 1}, {1}, {0}}, Alpha: 0.25}
	named := func(s props.Subject, asked task.Spec) string {
		w := NewWitness(s)
		_, err := w.Sample(asked, 3000, 7)
		require.NoError(t, err)
		return w.Explain()
	}
	for id, asked := range map[string]task.Spec{
		"sample-roots-wrapped": forest, "sample-alpha-divided": forest, "sample-dag-roots-one-row": dag,
	} {
		m, ok := Find(id)
		require.True(t, ok, id)
		require.Equal(t, "draws as with the known mistake "+id+": "+m.Description+" (as far as means over 3000 sequences tell)",
			named(m.Plant(props.Builtin()), asked))
	}
	require.Empty(t, named(sampleSeedIgnored.Plant(props.Builtin()), forest))
	require.Empty(t, named(props.Builtin(), dag))
	require.Empty(t, named(sampleReseeded.Plant(props.Builtin()), dag), "sequences that are all alike are no planted sampler's")
}

// undeclared is the built-in subject in single precision, which it does not say.
type undeclared struct{ props.Subject }

func (u undeclared) Stationary(chain [][]float64) ([]float64, error) {
	mu, err := u.Subject.(props.Stationary).Stationary(chain)
	single(mu)
	return mu, err
}

// odd doubles what it should not.
type odd struct{ props.Subject }

func (o odd) Measure(b *task.Batch, f []float64) (props.Measurement, error) {
	m, err := o.Subject.(props.Measurer).Measure(b, f)
	m.SupError *= 2
	return m, err
}

// TestPrecisionIsNamed: and what nobody has planted is not given a name.
func TestPrecisionIsNamed(t *testing.T) {
	w := NewWitness(undeclared{props.Builtin()})
	_, err := w.Stationary([][]float64{{0.75, 0.25}, {0.125, 0.875}}) // (1/3, 2/3)
	require.NoError(t, err)
	require.Contains(t, w.Explain(), "fits single precision, off by up to ")
	require.Empty(t, explained(t, odd{props.Builtin()}, "measure-definition"))
	w = NewWitness(props.Builtin())
	_, err = w.Stationary([][]float64{{0.75, 0.25}, {0.5, 0.5}})
	require.NoError(t, err)
	require.Empty(t, w.Explain(), "nothing is wrong")
}
