package claim

import (
	"math"
	"testing"

	"causalgrad/reports/evidence"
	"causalgrad/theory/count"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

func TestLimitRateCanFail(t *testing.T) {
	with := func(exact bool, exponents ...float64) Evidence {
		l := evidence.CountLadder{Prior: "orbit:1,1", Exact: exact, Points: []evidence.CountPoint{{Length: 16, Gap: count.Mean{Value: 0.2}, Exponent: math.NaN()}}}
		for i, e := range exponents {
			l.Points = append(l.Points, evidence.CountPoint{Length: 32 << i, Gap: count.Mean{Value: 0.1}, Exponent: e})
		}
		return Evidence{CountRates: evidence.CountRates{l}}
	}
	require.Equal(t, verdict.Holds, judgeLimitRate(with(true, -0.6, -0.8, -0.91)).Verdict)
	require.Equal(t, verdict.Fails, judgeLimitRate(with(true, -0.6, -0.8, -0.9)).Verdict, "short of the bound")
	require.Equal(t, verdict.Fails, judgeLimitRate(with(true, -0.8, -0.6, -0.95)).Verdict, "not monotone")
	require.Equal(t, verdict.Fails, judgeLimitRate(with(true, -0.8, -1.01)).Verdict, "steeper than the limit")
	require.Equal(t, verdict.NotRun, judgeLimitRate(with(false, -0.6, -0.8, -0.91)).Verdict, "drawn chains are not exact")
	require.Equal(t, verdict.NotRun, judgeLimitRate(with(true, -0.95)).Verdict)
}

func TestEmbeddingWidthCanFail(t *testing.T) {
	with := func(share, stderr, learnt float64) Evidence {
		return Evidence{Widths: &evidence.Widths{
			Ladder: []evidence.WidthLadder{{Length: 20, Points: []evidence.WidthPoint{{Width: 32, Share: 0.4}, {Width: 64, Share: share, StdErr: stderr}}, Needed: 60, Low: 50, High: 70}},
			Runs:   []evidence.EmbeddedRun{{Length: 20, Width: 64, Predicted: 1, Learnt: learnt}}}}
	}
	require.Equal(t, verdict.Holds, judgeWidths(with(0.99, 0, 1)).Verdict)
	require.Equal(t, verdict.Undecided, judgeWidths(with(0.98, 0.01, 1)).Verdict)
	require.Equal(t, verdict.Fails, judgeWidths(with(0.9, 0.01, 1)).Verdict)
	require.Equal(t, verdict.Fails, judgeWidths(with(1, 0, 0.9)).Verdict, "training does not take the step")
	require.Equal(t, verdict.NotRun, judgeWidths(Evidence{}).Verdict)
}
