package evidence

import (
	"encoding/json"
	"testing"

	"causalgrad/props"
	"causalgrad/theory/close"

	"github.com/stretchr/testify/require"
)

// madeResults has one law with each verdict.
func madeResults() []props.Result {
	law := func(id string, needs props.Capability) props.Law {
		return props.Law{ID: id, Source: "a test", Sentence: id + " holds", FalseAlarm: 1e-9, Needs: []props.Capability{needs}}
	}
	return []props.Result{
		{Law: law("first", props.CanSample), Verdict: props.Passed, Draws: 100},
		{Law: law("second", props.CanSample), Verdict: props.Failed, Draws: 3, Seed: 7, Asked: 50,
			Failure: &props.Counterexample{Case: "--graph chain", What: "sum", Expected: "1 within 1e-15", Got: "2", OffBy: 1e15, Flaky: true}},
		{Law: law("third", props.CanTrain), Verdict: props.NotApplicable, Missing: props.CanTrain},
		{Law: law("fourth", props.CanMeasure), Verdict: props.Error, Message: "no case could be drawn"},
		{Law: law("fifth", props.CanMeasure), Verdict: props.Failed, Asked: 50,
			Failure: &props.Counterexample{Case: "--tokens 2", Expected: "a exactly", Got: "b"}},
	}
}

func made() Conformance {
	return NewConformance(Run{Subject: props.Builtin(), Options: props.Options{Seed: 7, Draws: 50}, Results: madeResults(),
		Incidents: []string{"mine: slow"}, Behind: " -- ./mine"})
}

func TestConformanceInFull(t *testing.T) {
	require.Equal(t, `second FAILED after 3 draws
  claim     second holds (a test)
  case      --graph chain
  what      sum
  expected  1 within 1e-15
  got       2
  off by    1e+15 times the tolerance
  note      the same question got different answers
  replay    causalgrad conform --law second --seed 7 --draws 50 -- ./mine

fourth could not be tested
  claim     fourth holds (a test)
  because   no case could be drawn

fifth FAILED after 0 draws
  claim     fifth holds (a test)
  case      --tokens 2
  expected  a exactly
  got       b
  replay    causalgrad conform --law fifth --seed 0 --draws 50 -- ./mine

`, made().Failures())
}

// TestConformanceSurvives: what is written
// is read back.
func TestConformanceSurvives(t *testing.T) {
	text, err := json.Marshal(made())
	require.NoError(t, err)
	back, err := ReadConformance("made.json", text)
	require.NoError(t, err)
	require.Equal(t, Counts{Passed: 1, Failed: 2, NotApplicable: 1, Error: 1}, back.Counts)
	require.False(t, back.Holds())
	again, err := json.Marshal(back)
	require.NoError(t, err)
	require.JSONEq(t, string(text), string(again))
	// 50 of 100 draws of the four tested laws at 1e-9 each: four products and sums round.
	require.NoError(t, close.Within(back.FalseAlarm, 4*50*1e-9, 8*0x1p-53, 0))
}

func TestConformanceTables(t *testing.T) {
	tables := made().Tables(true)
	require.Len(t, tables, 3)
	var rows [][]string
	for _, row := range tables[1].Rows {
		var texts []string
		for _, cell := range row {
			texts = append(texts, cell.String())
		}
		rows = append(rows, texts)
	}
	require.Equal(t, [][]string{
		{"sample", "2", "1", "1", "0", "0", "103", "FAIL"},
		{"train", "1", "0", "0", "1", "0", "0", "not run"},
		{"measure", "2", "0", "1", "0", "1", "0", "FAIL"},
		{"all", "5", "1", "2", "1", "1", "103", "FAIL"},
	}, rows)
	for _, table := range tables {
		require.NoError(t, table.Check())
	}
}

// TestCoverageIsJudged: only where all laws ran to their end.
func TestCoverageIsJudged(t *testing.T) {
	require.False(t, made().Coverage[0].Judged)
	for _, laws := range [][]props.Law{props.All(), props.All()} {
		var all []props.Result
		for _, l := range laws {
			all = append(all, props.Result{Law: l, Verdict: props.Passed})
		}
		whole := NewConformance(Run{Subject: props.Builtin(), Results: all})
		require.True(t, whole.Coverage[0].Judged)
		require.False(t, whole.Coverage[0].Enough, "no draw met anything")
		require.True(t, whole.Holds(), "coverage is about the draws, not about the subject")
	}
}

func TestCompareConformance(t *testing.T) {
	a, b := made(), made()
	_, _, err := CompareConformance([]Conformance{a, b}, false)
	require.ErrorContains(t, err, `two runs of the subject "builtin"`)
	b.Subject = "other"
	b.Laws = b.Laws[:3]
	summary, laws, err := CompareConformance([]Conformance{a, b}, false)
	require.NoError(t, err)
	require.False(t, summary.Holds)
	require.Equal(t, "second, fifth", summary.Table.Rows[0][7].String())
	require.Len(t, laws.Table.Rows, 5)
	require.Equal(t, []string{"fourth", "error", ""}, []string{laws.Table.Rows[3][0].String(), laws.Table.Rows[3][1].String(), laws.Table.Rows[3][2].String()})
	_, failed, err := CompareConformance([]Conformance{a, b}, true)
	require.NoError(t, err)
	require.Len(t, failed.Table.Rows, 2)
}
