package evidence

import (
	"math"
	"testing"

	"causalgrad/golden/reference"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// report has two rows of one tier, of which the second may fail, and one that
// decides nothing.
func report(file string, pass bool) reference.Report {
	return reference.Report{File: file, Rows: []reference.Row{
		{Quantity: "loss", Tier: reference.Rounding, Values: 3, MaxAbs: 0.5, MaxRel: 1e-14, Tolerance: 1e-10, Pass: true},
		{Quantity: "gradient", Tier: reference.Rounding, Values: 40, MaxAbs: 2, MaxRel: 1e-12, Tolerance: 1e-11, Pass: pass, Note: "worst in A"},
		{Quantity: "wrap", Tier: reference.Information, Values: 8, MaxAbs: 0.25, MaxRel: 0.125, Pass: true},
	}}
}

func TestVerificationShowsEveryRow(t *testing.T) {
	require.True(t, Agreement{report("a.json", true)}.Pass())
	both := Agreement{report("a.json", true), report("b.json", false)}
	require.False(t, both.Pass(), "one failing row fails all")
	r := both.QuantityTable()
	require.Len(t, r.Rows, 6)
	require.Equal(t, "b.json", at(t, r, 4, "file").String())
	require.Equal(t, "gradient", at(t, r, 4, "quantity").String())
	require.Equal(t, "rounding", at(t, r, 4, "tier").String())
	requireValue(t, 40, at(t, r, 4, "values"))
	requireValue(t, 2, at(t, r, 4, "max abs"))
	requireValue(t, 1e-12, at(t, r, 4, "max rel"))
	requireValue(t, 1e-11, at(t, r, 4, "tolerance"))
	require.Equal(t, verdict.Pass, at(t, r, 1, "verdict").Verdict())
	require.Equal(t, verdict.Fail, at(t, r, 4, "verdict").Verdict())
	require.Equal(t, "known", at(t, r, 2, "verdict").String())
	require.Equal(t, []string{"worst in A"}, r.Notes, "one text, one note")
}

// One row a tier: the largest relative error with its own tolerance; a NaN is
// the largest of all.
func TestAgreementShowsTheWorstOfATier(t *testing.T) {
	for _, pass := range []bool{true, false} {
		nan := report("b.json", false)
		nan.Rows[0].MaxRel = math.NaN()
		r := Agreement{report("a.json", pass), nan}.Table()
		require.Len(t, r.Rows, 4, "no row for a tier without any quantity")
		requireValue(t, 2, at(t, r, 0, "quantities"))
		requireValue(t, 43, at(t, r, 0, "values"))
		requireValue(t, 1e-12, at(t, r, 0, "largest relative error"))
		requireValue(t, 1e-11, at(t, r, 0, "its tolerance"))
		require.Equal(t, map[bool]verdict.Verdict{true: verdict.Pass, false: verdict.Fail}[pass], at(t, r, 0, "verdict").Verdict())
		require.Equal(t, "known", at(t, r, 1, "verdict").String())
		value, _ := at(t, r, 2, "largest relative error").Value()
		require.True(t, math.IsNaN(value))
	}
}

// The shipped files agree, and each has a row; a corrupted vector does not.
func TestAgreementOfTheShippedFiles(t *testing.T) {
	shipped, err := Agree()
	require.NoError(t, err)
	require.True(t, shipped.Pass())
	r := shipped.Table()
	seen := map[string]bool{}
	for i := range r.Rows {
		seen[at(t, r, i, "file").String()] = true
		require.NotEqual(t, verdict.Fail, at(t, r, i, "verdict").Verdict())
	}
	for _, name := range reference.Files() {
		require.True(t, seen[name], name)
	}

	file, err := reference.Open("gradient_examples.json")
	require.NoError(t, err)
	examples := file.(*reference.Gradients)
	examples.Examples[1].Gradient[2][1] += 1e-9
	broken, err := reference.Check(examples, reference.Options{})
	require.NoError(t, err)
	require.False(t, Agreement{broken}.Pass())
	v := Agreement{broken}.QuantityTable()
	verdicts := map[string]verdict.Verdict{}
	for i := range v.Rows {
		verdicts[at(t, v, i, "quantity").String()] = at(t, v, i, "verdict").Verdict()
	}
	require.Equal(t, map[string]verdict.Verdict{"signal": verdict.Pass, "chi-square information": verdict.Pass, "first-step gradient": verdict.Fail}, verdicts)
}
