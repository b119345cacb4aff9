package evidence

import (
	"testing"

	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
)

// Eight seeds whose order is turned round after step 2 and stays: decided from step 3, and
// the leaders before it end behind. All numbers are small dyadic ones.
func TestPathsSayWhenTheSeedsPart(t *testing.T) {
	var own []experiment.Record
	for seed := range 8 {
		r := experiment.Record{Spec: experiment.Spec{Steps: 4, Seed: uint64(seed)}}
		x := float64(seed) / 64
		for step, weight := range []float64{0.125, 0.25 - x, 0.25 - x, 0.5 + x, 0.5 + 2*x} {
			r.Curve = append(r.Curve, experiment.CurvePoint{Step: step, EdgeMean: weight})
		}
		own = append(own, r)
	}
	p, ok := PathsOf(15, own)
	require.True(t, ok)
	require.Equal(t, 3, p.Settled())
	require.Equal(t, 1, p.against().Step)
	require.InDelta(t, -1, p.against().Correlation, 1e-15) // a quotient of two equal roots
	require.Zero(t, p.Points[0].Correlation, "all seeds are equal there")
	require.Equal(t, Spread{Mean: 0.5 - 7.0/64, StdDev: p.Points[4].Deficits.StdDev, Min: 0.5 - 14.0/64, Max: 0.5}, p.Points[4].Deficits)
	require.NoError(t, PathsTable([]ForestPaths{p}).Check())

	_, ok = PathsOf(15, own[:7])
	require.False(t, ok, "too few seeds")
	own[3].Curve = own[3].Curve[:4]
	_, ok = PathsOf(15, own)
	require.False(t, ok, "other steps")
}
