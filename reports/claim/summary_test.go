package claim

import (
	"strings"
	"testing"

	"causalgrad/theory/verdict"
	"github.com/stretchr/testify/require"
)

// The summary has a line a claim under its group, fits a screen, and says of every open
// verdict why it is open.
func TestSummary(t *testing.T) {
	all := Ledger(good(t))
	text := Summary(all, nil)
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	require.Len(t, lines, len(all)-1+len(Groups()), "figure-8 alone has no run of its size")
	require.LessOrEqual(t, len(lines)+10, 60, "with the findings and the counts under a screen")
	require.Equal(t, "The paper", lines[0])
	for _, j := range all {
		require.NotEmpty(t, j.Group, j.ID)
		require.Equal(t, j.Verdict != verdict.NotRun, strings.Contains(text, " "+j.ID+" "), j.ID)
		if j.Verdict == verdict.Partly || j.Verdict == verdict.Undecided {
			require.Contains(t, j.Line(), j.why(), j.ID)
			require.NotEmpty(t, j.why(), j.ID)
		}
		if j.Verdict != verdict.NotRun {
			require.NotEmpty(t, j.Short, j.ID)
		}
	}
	require.Contains(t, text, "quick run; reproduce --full decides")
	for _, line := range lines {
		require.LessOrEqual(t, len([]rune(line)), 100, line)
	}
	painted := Summary(all, func(v verdict.Verdict, s string) string { return "<" + string(v) + ">" + s })
	require.Equal(t, len(all)-1, strings.Count(painted, "<"))

	// What was not run has no line, and no heading where nothing of a group was.
	e := Evidence{Speed: good(t).Speed}
	text = Summary(Ledger(e), nil)
	require.Regexp(t, `^This program\n  holds +speed .*\n$`, text)
}

func TestFindingsAndCounts(t *testing.T) {
	all := Ledger(good(t))
	found := Findings(all)
	require.Len(t, found, 3)
	require.Contains(t, found[0], "holds (200 of 200 forests)")
	require.Contains(t, found[2], "holds (a failure at T = 9, proved)")
	require.Empty(t, Findings(Ledger(Evidence{})))
	e := good(t)
	e.Records, e.Forests, e.SingleHeads = nil, nil, nil
	require.Contains(t, Findings(Ledger(e))[1], "what the paper's figures show: not run;")
	require.Regexp(t, `^Of \d+ claims \d+ hold, \d+ hold partly`, Counts(all))
	require.Regexp(t, `^Of (\d+) claims (\d+) were not run$`, Counts(Ledger(Evidence{})))
}
