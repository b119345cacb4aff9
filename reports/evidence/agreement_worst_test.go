package evidence

import (
	"math"
	"testing"

	"causalgrad/golden/reference"

	"github.com/stretchr/testify/require"
)

// The worst error of a file is its largest, in whatever row it stands.
func TestAgreementsWorstErrorIsTheLargest(t *testing.T) {
	for _, errors := range [][]float64{{3, 1, 2}, {1, 3, 2}, {1, 2, 3}} {
		var rows []reference.Row
		for _, e := range errors {
			rows = append(rows, reference.Row{Tier: reference.Rounding, Values: 5, MaxRel: e, Pass: e < 3})
		}
		tiers := Agreement{{File: "f", Rows: rows}}.Tiers()
		require.Len(t, tiers, 1)
		require.Equal(t, []any{3.0, 3, 15, false}, []any{tiers[0].Worst.MaxRel, tiers[0].Quantities, tiers[0].Values, tiers[0].Pass}, "rows %v", errors)
	}
	for _, errors := range [][]float64{{math.NaN(), 1}, {1, math.NaN()}} {
		tiers := Agreement{{File: "f", Rows: []reference.Row{{Tier: reference.Exact, MaxRel: errors[0]}, {Tier: reference.Exact, MaxRel: errors[1]}}}}.Tiers()
		require.True(t, math.IsNaN(tiers[0].Worst.MaxRel), "rows %v", errors)
	}
}
