package evidence

import (
	"testing"

	"causalgrad/theory/close"

	"github.com/stretchr/testify/require"
)

// Values that bend by ten of their errors have no single power, neither printed nor
// in the table; those that do not, do.
func TestRejectedFitsHaveNoPower(t *testing.T) {
	lengths, errs := []float64{16, 32, 64, 128}, []float64{0.001, 0.001, 0.0005, 0.0002}
	straight, err := newDecay("gap", "", lengths, [][]float64{{0.24, 0.12, 0.06, 0.03}}, [][]float64{errs})
	require.NoError(t, err)
	require.NotNil(t, straight.Power)
	require.NoError(t, close.Within(straight.Power.Exponent, -1, 1e-12, 0), "an exact power: four logarithms, condition below 100")
	require.Contains(t, straight.String(), "a single power fits (P = 1): -1.000")
	bent, err := newDecay("gap", "", lengths, [][]float64{{0.24, 0.13, 0.06, 0.02}}, [][]float64{errs})
	require.NoError(t, err)
	require.Nil(t, bent.Power)
	require.Less(t, *bent.P, 1e-6)
	require.Contains(t, bent.String(), "no single power")
	require.NotContains(t, bent.String(), "interval [")
	require.NotEmpty(t, bent.Warnings)
	shown := DecayTable([]Decay{straight, bent})
	require.Contains(t, at(t, shown, 0, "a single power").String(), "-1.000, [")
	require.Contains(t, at(t, shown, 3, "a single power").String(), "none, P")
	for _, w := range bent.Warnings {
		require.Contains(t, shown.Notes, "gap: "+w, "no warning is lost")
	}
}

// The same over seeds: the noise is that between them.
func TestDecayOverSeeds(t *testing.T) {
	lengths := []float64{16, 32, 64, 128}
	seeds := func(last float64) [][]float64 {
		return [][]float64{{0.24, 0.121, 0.060, last}, {0.25, 0.124, 0.0615, last * 1.01}, {0.235, 0.119, 0.0605, last * 0.985}, {0.243, 0.122, 0.0595, last * 1.005}}
	}
	straight, err := newDecay("gap", "", lengths, seeds(0.03), nil)
	require.NoError(t, err)
	require.Equal(t, 4, straight.Seeds)
	require.NotNil(t, straight.Power)
	require.True(t, straight.Falls())
	bent, err := newDecay("gap", "", lengths, seeds(0.02), nil)
	require.NoError(t, err)
	require.Nil(t, bent.Power)
	rising, err := newDecay("gap", "", lengths, seeds(0.09), nil)
	require.NoError(t, err)
	require.True(t, rising.Rises())
	require.False(t, rising.Falls())
}

// Exact values show themselves, without an interval.
func TestExactDecay(t *testing.T) {
	d, err := exactDecay("distance", "orbit:1,1", []float64{8, 16, 32}, []float64{4, 2, 1})
	require.NoError(t, err)
	require.Equal(t, "distance, orbit:1,1", d.Name())
	require.True(t, d.Falls())
	require.Equal(t, "local exponents -1.00, -1.00 from T = 8 to 32", d.String())
	require.Equal(t, "exact", at(t, DecayTable([]Decay{d}), 0, "joint 95% interval").String())
	flat, err := exactDecay("distance", "", []float64{8, 16, 32}, []float64{4, 2, 2})
	require.NoError(t, err)
	require.False(t, flat.Falls())
	require.True(t, flat.Rises(), "exact values that do not fall")
	require.False(t, Decay{}.Falls(), "nothing is no evidence")
}
