package runs

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A comparison that contradicts itself is refused with what is wrong.
func TestReadOfficialRefuses(t *testing.T) {
	const whole = `{"schema": "causalgrad/official/1", "graphs": {"pair": [-1, 0]},
		"runs": [{"graph": "pair", "seed": 1, "code": "official", "steps": 8, "loss": 1, "edges": [0.5]}],
		"speed": [{"configuration": "S=3", "code": "causalgrad", "steps": 8, "cpu_seconds": 1, "wall_seconds": 1, "load": 0}]}`
	o, err := ReadOfficial([]byte(whole))
	require.NoError(t, err)
	require.Equal(t, []float64{0.5}, o.Runs[0].Edges)
	run := whole[strings.Index(whole, `{"graph"`):strings.Index(whole, `],
		"speed"`)]
	for _, c := range []struct{ old, other, says string }{
		{"official/1", "official/2", `schema "causalgrad/official/2"`},
		{"[0.5]", "[0.5, 0.5]", "runs[0]: 2 weights, want one for each of the 1 edges of pair"},
		{`"code": "official"`, `"code": "other"`, `code "other", want official or causalgrad`},
		{`{"graph": "pair"`, `{"graph": "line"`, `graph "line"`},
		{run, run + "," + run, "runs[1]: official on pair, seed 1, 8 steps: there twice"},
		{`"cpu_seconds": 1`, `"cpu_seconds": 0`, "speed[0]: 8 steps"},
		{`"load": 0`, `"laod": 0`, "laod"},
	} {
		require.Contains(t, whole, c.old)
		_, err := ReadOfficial([]byte(strings.Replace(whole, c.old, c.other, 1)))
		require.ErrorContains(t, err, c.says)
	}
}

func TestRecordedOfficialComparison(t *testing.T) {
	o, err := OfficialComparison()
	require.NoError(t, err)
	require.NotEmpty(t, o.Runs)
}
