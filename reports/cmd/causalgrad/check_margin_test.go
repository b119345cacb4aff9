package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCheckExplainsMargins: the pairs of rows add up to the margin, the largest
// first; with other roots A0 fails and the table is not there.
func TestCheckExplainsMargins(t *testing.T) {
	d := document(t, 0, "check", "--graph", "parents:-1,0,1,2", "--prior", "orbit:1,7")
	margins := d["margins"].([]any)
	require.Len(t, margins, 2, "the first edge has no earlier competitor")
	for _, m := range margins {
		row := m.(map[string]any)
		sum, before := 0.0, 1.0
		for _, p := range row["pairs"].([]any) {
			v := p.(map[string]any)["value"].(float64)
			require.LessOrEqual(t, v, before)
			sum, before = sum+v, v
		}
		require.InEpsilon(t, row["margin"], sum, 0x1p-50) // three terms of one sign
		require.Positive(t, row["squared_loss"])
		require.Positive(t, row["log_likelihood"])
	}

	rooted := document(t, 1, "check", "--graph", "parents:-1,0,1,2", "--prior", "orbit:1,7", "--roots", "uniform")
	require.NotContains(t, rooted, "margins")
	for _, f := range rooted["findings"].([]any) {
		if finding := f.(map[string]any); finding["id"] == "A0" {
			require.Equal(t, "fails", finding["verdict"])
			require.NotEmpty(t, finding["witness"])
		}
	}
}
