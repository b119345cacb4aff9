package evidence

import (
	"encoding/json"
	"testing"

	"causalgrad/props"
	"causalgrad/props/outcome"
	"causalgrad/theory/close"

	"github.com/stretchr/testify/require"
)

// madeResults has one law with each verdict.
func madeResults() []props.Result {
	law := func(id string, needs props.Capability) props.Law {
		return props.Law{ID: id, Source: "a test", Sentence: id + " holds", FalseAlarm: 1e-9, Needs: []props.Capability{needs}}
	}
	wrong := func(x outcome.Counterexample) *outcome.Counterexample {
		if x.Kind == "" {
			x.Kind = outcome.WrongAnswer
		}
		return &x
	}
	var met outcome.Counts
	met.Tabulate("edge case", "one root", 40)
	met.Tabulate("edge case", "S = 2", 60)
	return []props.Result{
		{Law: law("first", props.CanSample), Verdict: outcome.Passed, Draws: 100, Met: met,
			LeftOut: []outcome.LeftOut{{Why: "scope", Reason: "length 9 is outside the scope", Draws: 4},
				{Why: "no claim", Reason: "one tree", Draws: 7}}},
		{Law: law("second", props.CanSample), Verdict: outcome.Failed, Draws: 3, Seed: 7, Asked: 50,
			Failure: wrong(outcome.Counterexample{Case: "--graph chain", What: "sum[2]",
				Expected: "1 within 1e-15", Got: "2", OffBy: 1e15, Flaky: true})},
		{Law: law("third", props.CanTrain), Verdict: outcome.NotApplicable, Missing: props.CanTrain},
		{Law: law("fourth", props.CanMeasure), Verdict: outcome.Error, Message: "no case could be drawn"},
		{Law: law("fifth", props.CanMeasure), Verdict: outcome.Failed, Asked: 50,
			Failure: wrong(outcome.Counterexample{Kind: outcome.Refusal, Case: "--tokens 2", What: "measurement",
				Expected: "an answer", Got: "mine: measure: refused: row 3 sums to 0.9"})},
		{Law: law("sixth", props.CanSample), Verdict: outcome.Failed, Asked: 50,
			Failure: wrong(outcome.Counterexample{Case: "--tokens 2", What: "sum[7]", Expected: "a", Got: "b"})},
		{Law: law("seventh", props.CanMeasure), Verdict: outcome.Failed, Asked: 50,
			Failure: wrong(outcome.Counterexample{Kind: outcome.Refusal, Case: "--tokens 4", What: "measurement",
				Expected: "an answer", Got: "mine: measure: refused: row 1 sums to 0.8"})},
		{Law: law("eighth", props.CanMeasure), Verdict: outcome.NotTried,
			Message: "only 1 draws were covered: the prior floor is outside the scope"},
	}
}

func made() Conformance {
	return NewConformance(Run{Subject: props.Builtin(), Options: props.Options{Seed: 7, Draws: 50}, Results: madeResults(),
		Incidents: []string{"mine: slow"}, Behind: " -- ./mine"})
}

// TestConformanceInFull: one failure of each cause, the plainest.
func TestConformanceInFull(t *testing.T) {
	require.Equal(t, `sixth FAILED after 0 draws
  claim     sixth holds (a test)
  case      --tokens 2
  what      sum[7]
  expected  a
  got       b
  replay    causalgrad conform --law sixth --seed 0 --draws 50 -- ./mine
  so do     second, probably of the same cause (--each shows them)

fifth FAILED after 0 draws
  claim     fifth holds (a test)
  case      --tokens 2
  what      measurement
  expected  an answer
  got       mine: measure: refused: row 3 sums to 0.9
  kind      refusal
  replay    causalgrad conform --law fifth --seed 0 --draws 50 -- ./mine
  so do     seventh, probably of the same cause (--each shows them)

fourth could not be tested
  claim     fourth holds (a test)
  because   no case could be drawn

`, made().Failures(false))
	all := made().Failures(true)
	require.Contains(t, all, "second FAILED after 3 draws\n")
	require.Contains(t, all, "  off by    1e+15 times the tolerance\n  note      the same question got different answers\n"+
		"  replay    causalgrad conform --law second --seed 7 --draws 50 -- ./mine\n")
	require.NotContains(t, all, "probably")
}

// TestConformanceSurvives: what is written
// is read back.
func TestConformanceSurvives(t *testing.T) {
	text, err := json.Marshal(made())
	require.NoError(t, err)
	back, err := ReadConformance("made.json", text)
	require.NoError(t, err)
	require.Equal(t, Counts{Passed: 1, Failed: 4, Refused: 2, NotApplicable: 1, NotTried: 1, Error: 1}, back.Counts)
	require.False(t, back.Holds())
	again, err := json.Marshal(back)
	require.NoError(t, err)
	require.JSONEq(t, string(text), string(again))
	// 50 of 100 draws of the seven tested laws at 1e-9 each: their products and sums round.
	require.NoError(t, close.Within(back.FalseAlarm, 7*50*1e-9, 8*0x1p-53, 0))
}

// TestConformanceOneCause: a case that cannot tell two known mistakes apart is no
// cause beside that of a case that can, and one of another mistake is.
func TestConformanceOneCause(t *testing.T) {
	const first = "answers as with the known mistake uniform: it is uniform"
	const second = "answers as with the known mistake transposed: it is transposed"
	var all Conformance
	for _, hint := range []string{first + "; or with transposed: it is transposed", first,
		second + "; or with uniform: it is uniform", "answers as with the known mistake other: it is other"} {
		all.Laws = append(all.Laws, LawOutcome{Failure: &Failure{Hint: hint}})
	}
	var causes []string
	for _, f := range all.findings() {
		causes = append(causes, f.Cause)
	}
	require.Equal(t, []string{first, "answers as with the known mistake other: it is other"}, causes)
	require.Equal(t, "fails no law of such a run by chance", all.byChance())
	require.Equal(t, "fails any law of such a run with probability 3.5e-07 at most", made().byChance())
}

func TestConformanceTables(t *testing.T) {
	tables := made().Tables(true)
	require.Len(t, tables, 5)
	cells := func(i int) [][]string {
		var rows [][]string
		for _, row := range tables[i].Rows {
			var texts []string
			for _, cell := range row {
				texts = append(texts, cell.String())
			}
			rows = append(rows, texts)
		}
		return rows
	}
	require.Equal(t, [][]string{
		{"sample", "3", "1", "2", "0", "0", "0", "103", "FAIL"},
		{"train", "1", "0", "0", "0", "1", "0", "0", "not run"},
		{"measure", "4", "0", "2", "2", "1", "1", "0", "FAIL"},
		{"all", "8", "1", "4", "2", "2", "1", "103", "FAIL"},
	}, cells(1))
	require.Equal(t, [][]string{
		{"sample: sum", "wrong answer", "2", "1.00e15", "sixth, second"},
		{"mine: measure: refused: row 3 sums to 0.9", "refusal", "2", "-", "fifth, seventh"},
	}, cells(2))
	require.Equal(t, [][]string{
		{"no capability train", "1", "-"},
		{"only 1 draws were covered: the prior floor is outside the scope", "1", "-"},
		{"scope: length 9 is outside the scope", "-", "4"},
	}, cells(3))
	for _, table := range tables {
		require.NoError(t, table.Check())
	}
	require.Len(t, made().Tables(false), 3, "one screen")
	require.Contains(t, tables[1].Notes, "edge cases come first; draws that had them: S = 2 in 60, one root in 40")
}

// TestCoverageIsJudged: only where all laws ran to their end.
func TestCoverageIsJudged(t *testing.T) {
	require.False(t, made().Coverage[0].Judged)
	for _, laws := range [][]props.Law{props.All(), props.All()} {
		var all []props.Result
		for _, l := range laws {
			all = append(all, props.Result{Law: l, Verdict: outcome.Passed})
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
	require.Equal(t, "second, fifth, sixth, seventh", summary.Table.Rows[0][8].String())
	require.Len(t, laws.Table.Rows, 8)
	require.Equal(t, "refusal", laws.Table.Rows[4][1].String())
	for column, want := range []string{"fourth", "error", ""} {
		require.Equal(t, want, laws.Table.Rows[3][column].String())
	}
	_, failed, err := CompareConformance([]Conformance{a, b}, true)
	require.NoError(t, err)
	require.Len(t, failed.Table.Rows, 4)
}
