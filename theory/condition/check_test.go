package condition

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// TestGoodPrior: an orbit satisfies all hypotheses on the prior, and the first
// step finds every parent.
func TestGoodPrior(t *testing.T) {
	f := forest(t, "chain", 20)
	r := check(t, f, prior(t, "orbit:1,1", 3), Options{})
	require.True(t, r.Exact)
	require.Equal(t, 6, r.Chains)
	for id, v := range r.verdicts() {
		want := verdict.Holds
		if id == EffectiveLength {
			want = verdict.Undecided // the theorem's polynomial is not known
		}
		require.Equal(t, want, v, id)
	}
	require.Len(t, r.Observed, 18)
	for n, row := range r.Observed {
		require.Equal(t, verdict.Holds, row.Verdict)
		require.Equal(t, row.Parent, row.Argmax)
		require.Equal(t, verdict.Holds, r.Predicted[n].Verdict)
		require.Zero(t, row.StdErr)
	}
	require.Contains(t, r.Summary[0], "graph, A0, A1, A2, A3, A4 hold; effective-length undecided.")
	require.Contains(t, r.Summary[3], "in 18 of 18 rows")
}

// TestObservedIsTheAverageGradient: one chain of each class under relabelling
// stands for the whole orbit.
func TestObservedIsTheAverageGradient(t *testing.T) {
	f := graph.Manual()
	for _, eps := range []float64{0, 0.1} {
		p := prior(t, "orbit:0.5,4", 3)
		r := check(t, f, p, Options{Eps: eps})
		e, err := firststep.Average(f, p, eps, firststep.Options{})
		require.NoError(t, err)
		for _, row := range r.Observed {
			want := e.Mean[row.Child][row.Parent] - e.Mean[row.Child][row.Competitor]
			// 36 chains summed in two orders, entries right to 1e-12 of the largest
			// of the matrix, which is at most 1/6 here.
			require.NoError(t, close.Within(row.Margin, want, 0, 4e-13))
			for k := range row.Child + 1 {
				if k != row.Parent {
					require.LessOrEqual(t, e.Mean[row.Child][k], e.Mean[row.Child][row.Competitor]+4e-13)
				}
			}
		}
	}
}

// TestSampledRowsUseTheDrawsOfAverage ties draws, seed and standard error to
// firststep.Average, whose difference of means the margin is.
func TestSampledRowsUseTheDrawsOfAverage(t *testing.T) {
	f := graph.Manual()
	p := markov.Dirichlet{Size: 3, Alpha: 1}
	r := check(t, f, p, Options{Draws: 200, Seed: 5})
	e, err := firststep.Average(f, p, 0, firststep.Options{Draws: 200, Seed: 5})
	require.NoError(t, err)
	require.Equal(t, Critical(1+2+3+4, 200), r.StandardErrors, "one limit for all rows, against all entries k <= i but the parent's")
	for _, row := range r.Observed {
		want := e.Mean[row.Child][row.Parent] - e.Mean[row.Child][row.Competitor]
		require.NoError(t, close.Within(row.Margin, want, 0, 4e-13))
		// The standard error of a difference is between those of the triangle.
		a, b := e.StdErr[row.Child][row.Parent], e.StdErr[row.Child][row.Competitor]
		require.LessOrEqual(t, row.StdErr, (a+b)*(1+1e-9))
		require.GreaterOrEqual(t, row.StdErr, max(a-b, b-a)*(1-1e-9))
	}
}

// TestDirichletIsOutsideTheTheorem: no gamma satisfies A1 or A2, and the first
// step finds every parent all the same.
func TestDirichletIsOutsideTheTheorem(t *testing.T) {
	r := check(t, forest(t, "chain", 20), prior(t, "dirichlet:0.1", 3), Options{Seed: 1, Draws: 500})
	v := r.verdicts()
	require.Equal(t, verdict.Fails, v[LowerBound])
	require.Equal(t, verdict.Fails, v[NonDegeneracy])
	require.Equal(t, verdict.Holds, v[Symmetry])
	require.Equal(t, verdict.Holds, v[ConstantMean])
	lower, _ := r.Finding(LowerBound)
	require.Zero(t, lower.Number)
	require.True(t, strings.HasPrefix(lower.Certainty, "exact"))
	require.Len(t, lower.Quantiles, 7)
	for n, q := range lower.Quantiles {
		require.Positive(t, q.Value)
		if n > 0 {
			require.GreaterOrEqual(t, q.Value, lower.Quantiles[n-1].Value)
		}
	}
	require.Equal(t, 18, Table{Rows: r.Observed}.Count(verdict.Holds))
	text := strings.Join(r.Summary, "\n")
	require.Contains(t, text, "A1 and A2 are violated, yet the first step finds every parent: the theorem's hypotheses are sufficient, not necessary.")
	require.Contains(t, text, "A1 is violated for every gamma")
	require.Contains(t, text, "training works all the same")
}

// TestStickyPoint: without a constant mean the child itself wins, and the
// numbers are the exact ones.
func TestStickyPoint(t *testing.T) {
	f := forest(t, "chain", 8)
	c := chain(t, []float64{0.75, 0.25}, []float64{0.25, 0.75})
	r := check(t, f, markov.Point{Chain: c, Name: "sticky.json"}, Options{})
	v := r.verdicts()
	require.Equal(t, verdict.Holds, v[LowerBound])
	require.Equal(t, verdict.Holds, v[Symmetry]) // exchanging the two tokens changes nothing
	require.Equal(t, verdict.Fails, v[ConstantMean])
	require.Equal(t, verdict.Fails, v[ConstantTrace])
	lower, _ := r.Finding(LowerBound)
	mean, _ := r.Finding(ConstantMean)
	trace, _ := r.Finding(ConstantTrace)
	require.Equal(t, []float64{0.5, 0.25, 0.5}, []float64{lower.Number, mean.Number, trace.Number})
	require.Equal(t, "[[0.75,0.25],[0.25,0.75]]", lower.Witness)
	exact, err := firststep.Rational(f, rationalRows(c), nil)
	require.NoError(t, err)
	require.Equal(t, 6, Table{Rows: r.Observed}.Count(verdict.Fails))
	for _, row := range r.Observed {
		require.Equal(t, row.Child, row.Argmax)
		want, _ := new(big.Rat).Sub(exact[row.Child][row.Parent], exact[row.Child][row.Child]).Float64()
		require.NoError(t, close.Within(row.Margin, want, 1e-11, 0))
		require.Equal(t, verdict.Fails, r.Predicted[row.Child-1].Verdict)
	}
	require.Contains(t, strings.Join(r.Summary, "\n"), "averages E tr(pi) - 1 = 0.5 instead of 0, and beats the parent's in 6 rows")
}

func rationalRows(c *markov.Chain) [][]*big.Rat {
	rows := make([][]*big.Rat, c.Tokens())
	for a := range rows {
		for _, v := range c.Row(a) {
			rows[a] = append(rows[a], new(big.Rat).SetFloat64(v))
		}
	}
	return rows
}

// TestStarSatisfiesAllButTheEffectiveLength: two chains, each the other's
// relabelled copy, with constant mean; the signal is right, the gradient wrong.
func TestStarSatisfiesAllButTheEffectiveLength(t *testing.T) {
	c := chain(t, []float64{1. / 3, 1. / 6, 1. / 2}, []float64{1. / 2, 1. / 3, 1. / 6}, []float64{1. / 6, 1. / 2, 1. / 3})
	p := several{c, c.Relabelled([]int{1, 0, 2})}
	f := forest(t, "parents:-1,0,0,0,0,0,0,0,0,0,0", 0)
	r := check(t, f, p, Options{Constants: Constants{Gamma: 0.4, EffectiveLength: 6}})
	for id, v := range r.verdicts() {
		require.Equal(t, map[bool]verdict.Verdict{true: verdict.Fails, false: verdict.Holds}[id == EffectiveLength], v, id)
	}
	require.Equal(t, 10, Table{Rows: r.Predicted}.Count(verdict.Holds))
	require.Equal(t, verdict.Fails, r.Observed[1].Verdict)
	require.Equal(t, 1, r.Observed[1].Argmax)
	require.Contains(t, strings.Join(r.Summary, "\n"), "finite effective length, 5.698 of 12 here")
}

// TestEqualRowsTie: tokens are independent, so third positions tie with the
// parent, in the signal and in the gradient, whatever rounding says.
func TestEqualRowsTie(t *testing.T) {
	r := check(t, forest(t, "chain", 9), prior(t, "rank-one:1", 3), Options{Seed: 2, Draws: 100})
	for n, row := range r.Observed {
		if n > 0 { // child 1 has no third position
			require.Equal(t, verdict.Undecided, row.Verdict)
		}
		require.Equal(t, verdict.Undecided, r.Predicted[n].Verdict)
	}
	nearly := check(t, forest(t, "chain", 9), prior(t, "orbit:1000000,1", 2), Options{})
	require.Equal(t, verdict.Holds, nearly.verdicts()[NonDegeneracy])
	flat := chain(t, []float64{0.1, 0.2, 0.7}, []float64{0.1, 0.2, 0.7}, []float64{0.1, 0.2, 0.7})
	point := check(t, forest(t, "chain", 9), markov.Point{Chain: flat}, Options{})
	norm, _ := point.Finding(NonDegeneracy)
	require.Equal(t, verdict.Fails, norm.Verdict)
	require.Zero(t, norm.Number)
	for n, row := range point.Observed {
		if n > 0 {
			require.Equal(t, verdict.Undecided, row.Verdict)
		}
	}
}

func TestReportDoesNotDependOnWorkers(t *testing.T) {
	f := forest(t, "random", 9)
	want := check(t, f, markov.Dirichlet{Size: 3, Alpha: 0.5}, Options{Draws: 67, Seed: 3, Workers: 1})
	for _, workers := range []int{0, 2, 100} {
		require.Equal(t, want, check(t, f, markov.Dirichlet{Size: 3, Alpha: 0.5}, Options{Draws: 67, Seed: 3, Workers: workers}))
	}
}

func TestReportAsJSON(t *testing.T) {
	text, err := json.Marshal(check(t, graph.Manual(), prior(t, "orbit:1,1", 2), Options{}))
	require.NoError(t, err)
	var fields map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(text, &fields))
	for _, name := range []string{"graph", "prior", "findings", "predicted", "observed", "summary", "rate"} {
		require.Contains(t, fields, name)
	}
	var rows []map[string]any
	require.NoError(t, json.Unmarshal(fields["observed"], &rows))
	for _, name := range []string{"child", "parent", "argmax", "margin", "stderr", "verdict"} {
		require.Contains(t, rows[0], name)
	}
	require.NoError(t, json.Unmarshal(fields["findings"], &rows))
	for _, name := range []string{"id", "statement", "verdict", "number", "witness", "certainty", "source"} {
		require.Contains(t, rows[0], name)
	}
}

func TestForestWithoutEdges(t *testing.T) {
	r := check(t, forest(t, "parents:-1,-1,-1", 0), prior(t, "orbit:1,1", 2), Options{})
	require.Equal(t, verdict.Fails, r.verdicts()[Graph])
	require.Equal(t, verdict.Holds, r.verdicts()[Margin])
	require.Empty(t, r.Observed)
	require.Contains(t, r.Summary[2], "no edge")
}

func TestBadArgumentsGetOneLine(t *testing.T) {
	f, p := graph.Manual(), markov.Dirichlet{Size: 3, Alpha: 1}
	dag, err := graph.TrigramHalf(6)
	require.NoError(t, err)
	_, err = CheckGraph(dag, p, Options{})
	require.ErrorContains(t, err, "at most one parent each")
	_, err = CheckGraph(f, p, Options{Draws: 64})
	require.NoError(t, err)
	nan := 0.0
	nan /= nan
	for _, bad := range []struct {
		forest graph.Forest
		prior  markov.Prior
		o      Options
		want   string
	}{
		{f, nil, Options{}, "no prior"},
		{graph.Forest{}, p, Options{}, "sequence length 1"},
		{f, p, Options{Draws: 63}, "draws = 63, want at least 64"},
		{f, p, Options{Draws: -1}, "draws = -1"},
		{f, p, Options{Eps: nan}, "eps = NaN"},
		{f, p, Options{Constants: Constants{Gamma: 2}}, "gamma = 2"},
		{f, p, Options{Constants: Constants{Gamma: nan}}, "gamma = NaN"},
		{f, p, Options{Constants: Constants{NonDegeneracy: -1}}, "non-degeneracy = -1"},
		{f, p, Options{Constants: Constants{RateExponent: nan}}, "rate exponent = NaN"},
		{f, markov.Dirichlet{Size: 500, Alpha: 1}, Options{}, "500 tokens needs"},
		{f, markov.Dirichlet{Size: 3, Alpha: 0.001}, Options{Seed: 1}, "prior \"dirichlet:0.001\": drawing a chain: chain: numerically reducible"},
	} {
		_, err := Check(bad.forest, bad.prior, bad.o)
		require.ErrorContains(t, err, bad.want)
		require.NotContains(t, err.Error(), "\n")
	}
}
