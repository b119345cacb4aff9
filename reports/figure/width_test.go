package figure

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRecovery: the picture names every length, and refuses series that do not fit.
func TestRecovery(t *testing.T) {
	f, err := Recovery("width", "Edges found", []WidthSeries{
		{Length: 10, Widths: []int{32, 64}, Shares: []float64{0.5, 1}, StdErr: []float64{0.01, 0}},
		{Length: 20, Widths: []int{32, 64}, Shares: []float64{0.4, 0.9}, StdErr: []float64{0.01, 0.02}}})
	require.NoError(t, err)
	require.NoError(t, f.Check())
	require.Contains(t, f.Alt, "at T = 20 from 0.40 at width 32 to 0.90 at width 64")
	_, err = Recovery("width", "Edges found", []WidthSeries{{Length: 10, Widths: []int{32, 64}, Shares: []float64{0.5}, StdErr: []float64{0, 0}}})
	require.ErrorContains(t, err, "2 widths, 1 shares")
}
