package experiment

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func reducedSpec() Spec {
	s := Default()
	s.Graph, s.Length, s.Tokens, s.Model = "chain", 5, 2, "reduced"
	s.Steps, s.Batch, s.TestSequences, s.Shifted = 1, 64, 128, []string{"dirichlet:1"}
	return s
}

// Weights that a run leaves behind measure as the run itself says.
func TestMeasureRepeatsARunsMeasurements(t *testing.T) {
	record, params, err := Run(context.Background(), reducedSpec(), Options{Workers: 1})
	require.NoError(t, err)
	measured, err := Measure(context.Background(), reducedSpec(), params, Options{Workers: 1})
	require.NoError(t, err)
	require.Equal(t, record.Final, measured.Final)
	require.Equal(t, record.Edges, measured.Edges)
	require.Equal(t, record.Shifted, measured.Shifted)
	require.Equal(t, record.WeightsHash, measured.WeightsHash)
	_, err = Measure(context.Background(), reducedSpec(), params[1:], Options{})
	require.ErrorContains(t, err, "28 parameters, want 29")
}

// A run from given weights starts at them: the curve's first point is their
// loss, which differs from the zero start's.
func TestRunStartsFromGivenWeights(t *testing.T) {
	s := reducedSpec()
	_, params, err := Run(context.Background(), s, Options{Workers: 1})
	require.NoError(t, err)
	params[5] = 3 // row 1 attends to position 0
	fresh, _, err := Run(context.Background(), s, Options{Workers: 1})
	require.NoError(t, err)
	s.InitialWeights = HashParams(params)
	given, _, err := Run(context.Background(), s, Options{Workers: 1, Initial: params})
	require.NoError(t, err)
	require.Equal(t, s.InitialWeights, given.Spec.InitialWeights)
	require.NotEqual(t, fresh.Curve[0], given.Curve[0])
	_, _, err = Run(context.Background(), s, Options{})
	require.ErrorContains(t, err, "0 numbers given")
	s.InitialWeights = "other"
	_, _, err = Run(context.Background(), s, Options{Initial: params})
	require.ErrorContains(t, err, "have hash")
}

// Two files of one name with other matrices, the first one equal, are other specs.
func TestHashSeesEveryMatrixOfASampledPrior(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.csv")
	s := reducedSpec()
	s.Prior = "@" + file
	seen := map[string]bool{}
	for _, second := range []string{"0.5,0.5\n0.5,0.5\n", "0.5,0.5\n0.25,0.75\n"} {
		require.NoError(t, os.WriteFile(file, []byte("0.5,0.5\n0.5,0.5\n"+second), 0o600))
		hash, err := s.Hash()
		require.NoError(t, err)
		seen[hash] = true
	}
	require.Len(t, seen, 2)
}

// A final loss above twice that of the uniform prediction is a run that diverged.
func TestDivergedIsWorseThanTwiceTheUniformPrediction(t *testing.T) {
	for loss, want := range map[float64]bool{0.5: false, math.Log(3): false, 2*math.Log(3) - 1e-9: false, 2*math.Log(3) + 1e-9: true, 1e51: true, math.Inf(1): true} {
		r := Record{Spec: Spec{Tokens: 3}}
		r.Final.Loss.Value = loss
		require.Equal(t, want, r.Diverged(), "a final loss of %v nats", loss)
	}
	r := Record{Spec: Spec{Tokens: 3}}
	r.Final.Loss.Value = math.NaN()
	require.True(t, r.Diverged())
}
