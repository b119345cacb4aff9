package experiment

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPresetsAreValidAtEverySize(t *testing.T) {
	specs := []Spec{ManyGraph(3, []int{-1, 0, 1, 1})}
	for _, p := range Presets() {
		specs = append(specs, p.Spec)
	}
	for _, s := range specs {
		official := s
		for _, z := range []Size{QuickSize, ReducedSize, FullSize} {
			got := z.Of(s)
			require.NoError(t, got.Validate(), "%s, %s", s.ID, z)
			require.Equal(t, s.Steps, got.Steps*z.Factor(s), "%s, %s: the factor must divide", s.ID, z)
			got.Steps, got.TestSequences = s.Steps, s.TestSequences
			require.Equal(t, official, got, "%s, %s: something else changed", s.ID, z)
		}
		require.Equal(t, official, FullSize.Of(s))
		require.LessOrEqual(t, QuickSize.Of(s).Steps, 256)
	}
}

func TestSizesByHand(t *testing.T) {
	s := Spec{Steps: 131072, TestSequences: 65536}
	require.Equal(t, Spec{Steps: 256, TestSequences: 4096}, QuickSize.Of(s))
	require.Equal(t, Spec{Steps: 32768, TestSequences: 65536}, ReducedSize.Of(s))
	s.Steps = 4096
	require.Equal(t, 4096, ReducedSize.Of(s).Steps)
	s.Steps = 100
	require.Equal(t, 100, QuickSize.Of(s).Steps)
	require.Equal(t, []string{"quick", "default", "full"}, []string{QuickSize.String(), ReducedSize.String(), FullSize.String()})
}

func TestSeeds(t *testing.T) {
	specs, err := Seeds(ladder(2), 3)
	require.NoError(t, err)
	var got []uint64
	hashes := map[string]bool{}
	for _, s := range specs {
		got = append(got, s.Seed)
		h, err := s.Hash()
		require.NoError(t, err)
		hashes[h] = true
	}
	require.Equal(t, []uint64{1, 2, 3, 1, 2, 3}, got)
	require.Len(t, hashes, 6)
	for _, n := range []int{0, -1, maxSeeds + 1} {
		_, err := Seeds(specs, n)
		require.ErrorContains(t, err, "seeds = ")
	}
}

// No size leaves a run without a step.
func TestEverySizeLeavesAStep(t *testing.T) {
	require.Equal(t, 1, QuickSize.Of(Spec{Steps: 1}).Steps)
	require.Equal(t, 1, ReducedSize.Of(Spec{Steps: 1}).Steps)
}
