package evidence

import (
	"math"
	"strings"
	"testing"

	"causalgrad/impl/experiment"
	"causalgrad/theory/close"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// checkRun is a run of a forest's check, as forestRun.
func checkRun(t *testing.T, trial int, name string, steps int, seed uint64, more float64) experiment.Record {
	t.Helper()
	r := forestRun(publishedForests(t).Trials[trial], steps, seed, more)
	r.Spec.ID += "-" + name
	switch name {
	case "svd32":
		r.Spec.Precision, r.Spec.Stationary = experiment.Float32, experiment.SVD32
	case "float32":
		r.Spec.Precision = experiment.Float32
	}
	return r
}

// TestChecks: forest 0's two seeds lie 1/64 and 3/64 above the published value.
// Its float32 check does too; with twice the steps one run is below.
func TestChecks(t *testing.T) {
	steps := publishedForests(t).Config.Steps
	records := allForests(t, steps, 1./64, 3./64)
	wrong := checkRun(t, 4, "svd32", steps, 1, 0)
	wrong.Spec.LR = 2
	float := []experiment.Record{checkRun(t, 0, "float32", steps, 2, 1./32), checkRun(t, 0, "float32", steps, 1, 2./32)}
	records = append(records, wrong, checkRun(t, 0, "steps", 2*steps, 1, -1./64), float[0], float[1], float[0],
		checkRun(t, 3, "svd32", steps, 9, 1./64), checkRun(t, 5, "float32", steps/4, 1, -1))
	m, err := CompareManyGraphs(records)
	require.NoError(t, err)
	require.Len(t, m.Forests, 20, "no check is a run")
	require.Equal(t, []string{"many-graphs-04-svd32, seed 1: another configuration than the published runs"}, m.Ignored)
	require.Len(t, m.Checks, 4)
	c := m.Checks[0]
	require.Equal(t, "float32", c.Changed)
	require.Equal(t, []uint64{1, 2}, c.Seeds, "each seed once")
	// Seed 1 from 1/64 to 2/32, seed 2 from 3/64 to 1/32.
	require.NoError(t, close.AllWithin(c.Changes, []float64{3. / 64, -1. / 64}, 0, rounding))
	require.Equal(t, "32768 steps", m.Checks[1].Changed)
	require.NoError(t, close.AllWithin(m.Checks[1].Changes, []float64{-2. / 64}, 0, rounding))
	require.Equal(t, "float32, stationary by SVD", m.Checks[2].Changed)
	require.Empty(t, m.Checks[2].Changes, "no unchanged run of seed 9")

	forests := m.ForestTable()
	require.Equal(t, "inside, 3", at(t, forests, 0, "checks").String())
	require.Equal(t, "none", at(t, forests, 1, "checks").String())
	require.Equal(t, "outside, 1", at(t, forests, 3, "checks").String())
	require.Equal(t, "none", at(t, forests, 5, "checks").String(), "of fewer steps is no check of the published value")
	all, runs := m.Everything(m.Forests[0])
	require.Equal(t, 3, runs)
	require.NoError(t, close.Within(all.Max-all.Min, 5./64, 0, rounding))

	checks := m.CheckTable()
	require.Equal(t, "outside", at(t, checks, 0, "with these").String())
	require.Equal(t, "inside", at(t, checks, 1, "with these").String())
	require.Equal(t, "not comparable", at(t, checks, 3, "with these").String())
	require.Equal(t, "9", at(t, checks, 2, "seeds").String())

	report, err := ReportManyGraphs(records)
	require.NoError(t, err)
	require.Equal(t, "many-graphs-checks", report.Tables(false)[1].ID)
	report, err = ReportManyGraphs(float)
	require.NoError(t, err)
	require.False(t, report.Empty())
	require.True(t, IsCheck(float[0]))
	require.False(t, IsCheck(records[0]))
}

// TestFewSeedsDecideNothing: outside two seeds is undecided and P cannot be below
// 2/3; outside 39 it fails at level 0.05.
func TestFewSeedsDecideNothing(t *testing.T) {
	steps := publishedForests(t).Config.Steps
	m, err := CompareManyGraphs(allForests(t, steps, 1./64, 3./64))
	require.NoError(t, err)
	requireValue(t, 2./3, at(t, m.ForestTable(), 0, "P"))
	require.Equal(t, verdict.Undecided, at(t, m.ForestTable(), 0, "verdict").Verdict())
	require.Equal(t, verdict.Undecided, at(t, m.EdgeTable(true), 0, "verdict").Verdict())
	notes := strings.Join(m.ForestTable().Notes, "\n")
	require.Contains(t, notes, "cannot be below 2/(n+1), here 0.67 for 2: too few to find a difference in one forest at level 0.05, which takes 39")
	// All 20 outside, each with chance 2/3: (2/3)^20 = 3.0e-4.
	require.Contains(t, notes, "20 of 20 are outside (20 below our smallest, 0 above our largest), 13.3 expected")
	require.Contains(t, notes, "P = 0.0003")

	var many []float64
	for i := range 39 {
		many = append(many, float64(i+1)/1024)
	}
	m, err = CompareManyGraphs(allForests(t, steps, many...))
	require.NoError(t, err)
	require.Equal(t, verdict.Fail, at(t, m.ForestTable(), 0, "verdict").Verdict())
	require.NotContains(t, strings.Join(m.ForestTable().Notes, "\n"), "too few")

	shorter, err := CompareManyGraphs(allForests(t, 64, 0))
	require.NoError(t, err)
	require.Empty(t, shorter.rankNotes())
}

// TestOutsideByChance against the binomial law and, for two different chances,
// by hand.
func TestOutsideByChance(t *testing.T) {
	require.NoError(t, close.Within(outsideByChance(2, []float64{0.5, 0.25}), 0.125, 0, rounding))
	require.NoError(t, close.Within(outsideByChance(1, []float64{0.5, 0.25}), 0.625, 0, rounding))
	require.Equal(t, 1.0, outsideByChance(0, []float64{0.5, 0.25}))
	require.Zero(t, outsideByChance(3, []float64{0.5, 0.25}))
	equal := make([]float64, 20)
	for i := range equal {
		equal[i] = 2. / 9
	}
	want, choose := 0.0, 1.0
	for k := range 21 {
		if k >= 9 {
			want += choose * math.Pow(2./9, float64(k)) * math.Pow(7./9, float64(20-k))
		}
		choose *= float64(20-k) / float64(k+1)
	}
	require.NoError(t, close.Within(outsideByChance(9, equal), want, 0, rounding))
}
