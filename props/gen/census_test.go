package gen

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestNoClassIsMissing counts what is drawn. The seed is fixed, so the shares
// are numbers and not chances; the least shares are what keeps every law's
// draws of a class above a handful.
func TestNoClassIsMissing(t *testing.T) {
	for _, s := range Census(1, 1500) {
		t.Logf("%-11s %-47s %5.1f%% (least %.1f%%)", s.Kind, s.Class, 100*s.Fraction(), 100*s.Least)
		require.True(t, s.Enough(), "%s, %s: %d of %d draws, want %.1f%%", s.Kind, s.Class, s.Draws, s.Of, 100*s.Least)
	}
	require.Equal(t, Census(1, 20), Census(1, 20))
	require.NotEqual(t, Census(1, 20), Census(21, 20))
}
