package evidence

import (
	"math"
	"testing"

	"causalgrad/golden/reference"
	"causalgrad/reports/table"

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
	good := Verification([]reference.Report{report("a.json", true)})
	require.True(t, good.Holds)
	r := Verification([]reference.Report{report("a.json", true), report("b.json", false)})
	require.False(t, r.Holds, "one failing row fails all")
	require.Len(t, r.Table.Rows, 6)
	require.Equal(t, "b.json", at(t, r, 4, "file").String())
	require.Equal(t, "gradient", at(t, r, 4, "quantity").String())
	require.Equal(t, "rounding", at(t, r, 4, "tier").String())
	requireValue(t, 40, at(t, r, 4, "values"))
	requireValue(t, 2, at(t, r, 4, "max abs"))
	requireValue(t, 1e-12, at(t, r, 4, "max rel"))
	requireValue(t, 1e-11, at(t, r, 4, "tolerance"))
	require.Equal(t, table.Pass, at(t, r, 1, "verdict").Verdict())
	require.Equal(t, table.Fail, at(t, r, 4, "verdict").Verdict())
	require.Equal(t, "known", at(t, r, 2, "verdict").String())
	require.Equal(t, []string{"worst in A"}, r.Table.Notes, "one text, one note")
}

// One row a tier: the largest relative error with its own tolerance; a NaN is
// the largest of all.
func TestAgreementShowsTheWorstOfATier(t *testing.T) {
	for _, pass := range []bool{true, false} {
		r := Result{Table: table.Table{ID: "agreement", Title: "test", Columns: []table.Column{{Name: "file"}, {Name: "comparison"}, {Name: "quantities"},
			{Name: "values"}, {Name: "error"}, {Name: "tolerance"}, {Name: "verdict"}}}}
		addTier(&r.Table, report("a.json", pass), reference.Rounding)
		addTier(&r.Table, report("a.json", pass), reference.Exact) // has none
		addTier(&r.Table, report("a.json", pass), reference.Information)
		require.Len(t, r.Table.Rows, 2)
		requireValue(t, 2, at(t, r, 0, "quantities"))
		requireValue(t, 43, at(t, r, 0, "values"))
		requireValue(t, 1e-12, at(t, r, 0, "error"))
		requireValue(t, 1e-11, at(t, r, 0, "tolerance"))
		require.Equal(t, map[bool]table.Verdict{true: table.Pass, false: table.Fail}[pass], at(t, r, 0, "verdict").Verdict())
		require.Equal(t, "known", at(t, r, 1, "verdict").String())

		nan := report("a.json", false)
		nan.Rows[0].MaxRel = math.NaN()
		addTier(&r.Table, nan, reference.Rounding)
		value, _ := at(t, r, 2, "error").Value()
		require.True(t, math.IsNaN(value))
	}
}

// The shipped files agree, and each has a row; a corrupted vector does not.
func TestAgreementOfTheShippedFiles(t *testing.T) {
	r, err := Agreement()
	require.NoError(t, err)
	require.True(t, r.Holds)
	seen := map[string]bool{}
	for i := range r.Table.Rows {
		seen[at(t, r, i, "file").String()] = true
		require.NotEqual(t, table.Fail, at(t, r, i, "verdict").Verdict())
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
	v := Verification([]reference.Report{broken})
	require.False(t, v.Holds)
	verdicts := map[string]table.Verdict{}
	for i := range v.Table.Rows {
		verdicts[at(t, v, i, "quantity").String()] = at(t, v, i, "verdict").Verdict()
	}
	require.Equal(t, map[string]table.Verdict{"signal": table.Pass, "chi-square information": table.Pass, "first-step gradient": table.Fail}, verdicts)
}
