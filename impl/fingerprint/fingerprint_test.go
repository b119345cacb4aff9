package fingerprint

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/experiment"
	"causalgrad/theory/graph"
)

// TestEveryPresetIsInTheFingerprint: a new preset cannot be forgotten.
func TestEveryPresetIsInTheFingerprint(t *testing.T) {
	ids := map[string]bool{}
	for _, p := range parts() {
		require.False(t, ids[p.id], "%s twice", p.id)
		ids[p.id] = true
	}
	for _, p := range experiment.Presets() {
		require.True(t, ids["train/"+p.Spec.ID], p.Spec.ID)
	}
}

// TestDigestSeesOneBit: of a number, of its sign, and of the order; a NaN's
// payload alone does not count.
func TestDigestSeesOneBit(t *testing.T) {
	of := func(values ...float64) string {
		d := newDigest()
		d.numbers(values...)
		return d.hex()
	}
	base := of(1, 2, 0)
	require.Equal(t, base, of(1, 2, 0))
	for _, other := range []string{of(math.Nextafter(1, 2), 2, 0), of(2, 1, 0), of(1, 2, math.Copysign(0, -1)), of(1, 2), of(1, 2, 0, 0)} {
		require.NotEqual(t, base, other)
	}
	require.Equal(t, of(math.NaN()), of(math.Float64frombits(0xfff8000000000123)))
}

// TestPartWithoutNumbersIsAnError: its digest would be the same whatever it computes.
func TestPartWithoutNumbersIsAnError(t *testing.T) {
	part := func(answer any) error {
		return command("x", func(graph.Forest, int) (any, error) { return answer, nil }).write(newDigest(), 1)
	}
	require.EqualError(t, part([][]float64(nil)), "no number in the answer null")
	require.EqualError(t, part([]float64{0, 0}), "no number in the answer [0,0]")
	require.NoError(t, part([]float64{0, 0.5}))
}

func TestUnknownKernelIsAnError(t *testing.T) {
	_, err := Compute(1, "sse9")
	require.ErrorContains(t, err, `"sse9"`)
}
