package evidence

import (
	"testing"

	"causalgrad/props/fault"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// Each of the priors misses the condition that it is there for, and where the
// constant mean is missing no row of the first step finds its parent.
func TestConditionsTellThePriorsApart(t *testing.T) {
	o := QuickConditions(1)
	o.Draws, o.Length = 64, 10
	r, err := ConditionTable(o)
	require.NoError(t, err)
	require.NoError(t, r.Check())
	verdicts := map[string][]verdict.Verdict{}
	texts := map[string][]string{}
	for _, row := range r.Rows {
		for _, c := range row[1:] {
			verdicts[row[0].String()] = append(verdicts[row[0].String()], c.Verdict())
			texts[row[0].String()] = append(texts[row[0].String()], c.String())
		}
	}
	// In the order of QuickConditions: dirichlet, floor, orbit, sticky, rank-one.
	require.Equal(t, []verdict.Verdict{verdict.Fails, verdict.Holds, verdict.Holds, verdict.Fails, verdict.Fails}, verdicts["A1"])
	require.Equal(t, []verdict.Verdict{verdict.Fails, verdict.Fails, verdict.Holds, verdict.Holds, verdict.Fails}, verdicts["A2"])
	require.Equal(t, []verdict.Verdict{verdict.Holds, verdict.Holds, verdict.Holds, verdict.Fails, verdict.Holds}, verdicts["A4"])
	signal := texts["rows where the parent's signal is the largest"]
	require.Equal(t, "8 of 8", signal[2])
	require.Equal(t, "0 of 8", signal[3])
	require.Equal(t, "0 of 8", signal[4], "a tie of zeros is no parent found")
	o.Priors = []string{"dirichlet:-1"}
	_, err = ConditionTable(o)
	require.ErrorContains(t, err, "dirichlet:-1")
}

// Without times there is no column of seconds.
func TestSensitivityWithoutAClock(t *testing.T) {
	m, err := fault.Sensitivity(t.Context(), fault.Options{Mistakes: fault.All()[:2], Seed: 1, Workers: 1})
	require.NoError(t, err)
	with, without := Sensitivity(m, map[string]float64{m.Rows[0].Mistake.ID: 0.5}), Sensitivity(m, nil)
	require.NoError(t, with.Table.Check())
	require.NoError(t, without.Table.Check())
	require.Len(t, with.Table.Columns, len(without.Table.Columns)+1)
	require.True(t, without.Holds)
	for _, row := range without.Table.Rows {
		require.Equal(t, verdict.Pass, row[len(row)-1].Verdict())
	}
}
