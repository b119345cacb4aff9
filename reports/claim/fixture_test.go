package claim

import (
	"testing"

	"causalgrad/golden/runs"
	"causalgrad/golden/stat"
	"causalgrad/impl/fingerprint"
	"causalgrad/impl/measure"
	"causalgrad/props"
	"causalgrad/reports/evidence"
	"causalgrad/reports/table"
	"causalgrad/theory/certify"
	"causalgrad/theory/necessity"

	"github.com/stretchr/testify/require"
)

// sheet is a table with columns and rows of cells; a string is text, a number a
// measured cell with standard error 0.001.
func sheet(id string, columns []string, rows ...[]any) table.Table {
	t := table.Table{ID: id, Title: id}
	for _, c := range columns {
		t.Columns = append(t.Columns, table.Column{Name: c})
	}
	for _, row := range rows {
		var cells []table.Cell
		for _, v := range row {
			switch v := v.(type) {
			case string:
				cells = append(cells, table.Text(v))
			case int:
				cells = append(cells, table.Integer(v))
			case float64:
				cells = append(cells, table.Measured(v, 0.001))
			}
		}
		t.Add(cells...)
	}
	return t
}

// rate falls with the exponent, 0.1 to either side.
func rate(name string, exponent float64) evidence.NamedRate {
	return evidence.NamedRate{Name: name, Lengths: []float64{16, 128},
		Rate: stat.Rate{Exponent: exponent, Interval: stat.Interval{Lo: exponent - 0.1, Hi: exponent + 0.1, Confidence: 0.95}}}
}

// good is evidence on which no claim fails: the golden quick runs, and small
// tables with the columns of the real ones, which TestColumnsAreTheRealOnes
// compares.
func good(t *testing.T) Evidence {
	t.Helper()
	e := Evidence{
		Tables: []table.Table{
			sheet("agreement", []string{"file", "comparison", "values", "largest relative error", "verdict"},
				[]any{"vec_bayes.json", "rounding", 4, 1e-15, "pass"}, []any{"vec_bayes.json", "information", 4, 1.5, "known"},
				[]any{"vec_stationary.json", "exact", 4, 0.0, "pass"}, []any{"gradient_examples.json", "rounding", 3, 1e-14, "pass"}),
			sheet("first-step", []string{"quantity", "prior", "competitors", "edges", "recovered", "smallest margin"},
				[]any{"signal, one chain", "dirichlet:1", "k < i", 50, 1.0, 0.01}, []any{"signal, one chain", "dirichlet:1", "k <= i", 50, 0.7, -0.4},
				[]any{"exact gradient, prior mean", "orbit:1,SEED", "k <= i", 50, 1.0, 1e-5}),
			sheet("signal-ladder", []string{"prior", "T", "relative distance", "slope"}, []any{"orbit:1,1", 64, 0.2, 1.1}, []any{"orbit:1,1", 128, 0.1, 1.05}),
			sheet("constructions", []string{"model", "graph", "B", "beta", "T", "to the count", "to its limit", "L - L*"},
				[]any{"disentangled", "chain", 2.0, "20.00", 32, 0.3, 0.3, 0.2}, []any{"disentangled", "chain", 20.0, "20.00", 32, 1e-8, 1e-8, 0.1},
				[]any{"disentangled", "trigram-half", 30.0, "20.00", 32, 0.06, 1e-9, 0.1},
				[]any{"reduced", "chain", 30.0, "1.67", 16, 0.2, 0.2, 0.24}, []any{"reduced", "chain", 30.0, "2.37", 32, 0.1, 0.1, 0.12}),
			sheet("single-head", []string{"predictor", "loss", "steps", "heads"}, []any{"trained", 1.3, 1000, "1,1"}, []any{"trained", 1.2, 1000, "2,1"},
				[]any{"count estimator of parent 1 alone (best single parent)", 1.37, "-", "-"}),
			sheet("faults", []string{"fault", "verdict"}, []any{"transposed", "pass"}, []any{"shifted", "pass"}),
			sheet("speed-steps", []string{"configuration", "times official", "verdict"}, []any{"S=3", 61, "pass"}, []any{"reduced", "-", "-"}),
		},
		Rates:  []evidence.NamedRate{rate("gradient's relative distance from the signal, orbit:1,1", -1), rate("L - L* of Algorithm 1", -1), rate("sup error of Algorithm 1, dirichlet:0.3", -0.5)},
		Points: []evidence.Algorithm1Point{{Length: 16, First: measure.Edges{Accuracy: 1, Min: 0.99}, Beta0: 0.1, Diagonal: 3, Residual: 0.01}},
		Regions: []evidence.CertifiedRegion{{Region: certify.Region{Tokens: 2}, Map: certify.Map{Certified: 0.998, Undecided: 0.002}},
			{Region: certify.Region{Tokens: 2, Self: true}, Map: certify.Map{Certified: 0.5, Refuted: 0.5}},
			{Region: certify.Region{Tokens: 2, Self: true, Orbit: true}, Map: certify.Map{Certified: 0.998, Undecided: 0.002}}},
	}
	e.Builds = []runs.Build{{Build: fingerprint.Build{System: "linux/amd64"}, Runs: []runs.BuildRun{{Workers: 8, Kernel: "portable"}}}}
	e.Bits = &evidence.Bits{Equal: 24}
	for _, c := range necessity.Conditions() {
		o := necessity.Outcome{Condition: c, Evaluations: 100}
		if c == necessity.ConstantMean || c == necessity.NonDegeneracy || c == necessity.EffectiveLength {
			o.Found, o.Counterexample = true, &necessity.Counterexample{Length: 9, Tokens: 2, ParentEntry: "1/3", CompetitorEntry: "1/2"}
		}
		e.Outcomes = append(e.Outcomes, o)
	}
	for _, l := range props.All() {
		e.Laws = append(e.Laws, props.Result{Law: l, Verdict: props.Passed, Draws: 7})
	}
	specs, err := runs.Quick()
	require.NoError(t, err)
	for _, s := range specs {
		r, err := runs.Golden(s.ID)
		require.NoError(t, err)
		e.Records = append(e.Records, r)
	}
	return e
}

// verdict is what the ledger says of a claim.
func verdict(t *testing.T, e Evidence, id string) Finding {
	t.Helper()
	for _, j := range Ledger(e) {
		if j.ID == id {
			return j.Finding
		}
	}
	require.FailNow(t, "no such claim", id)
	return Finding{}
}
