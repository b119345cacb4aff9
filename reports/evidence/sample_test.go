package evidence

import (
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/golden/stat"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// The sampled gradient agrees with the exact one in every entry that has noise:
// a z-test with a false-alarm rate of 1e-6 (and a fixed seed).
func TestSampleGradientAgreesWithTheExactOne(t *testing.T) {
	f := graph.Manual()
	prior, err := markov.ParsePrior("orbit:1,7", 3)
	require.NoError(t, err)
	for _, eps := range []float64{0, 0.1} {
		exact, err := firststep.Average(f, prior, eps, firststep.Options{})
		require.NoError(t, err)
		sampled, err := SampleGradient(f, prior, eps, 20000, 1)
		require.NoError(t, err)
		var got, want, stderr []float64
		for i := 1; i < f.SequenceLength(); i++ { // row 0 is identically 0
			for k := range i + 1 {
				got, want, stderr = append(got, sampled.Mean[i][k]), append(want, exact.Mean[i][k]), append(stderr, sampled.StdErr[i][k])
			}
		}
		result, err := stat.ZTest(got, want, stderr, 1e-6)
		require.NoError(t, err)
		require.Empty(t, result.Beyond, "z = %v at %d", result.Z, result.Worst)
	}
	_, err = SampleGradient(f, prior, 0, 1, 1)
	require.ErrorContains(t, err, "1 sequences, want 2")
}
