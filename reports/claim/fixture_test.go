package claim

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"sync"
	"testing"

	"causalgrad/golden/reference"
	"causalgrad/golden/runs"
	"causalgrad/golden/stat"
	"causalgrad/impl/construct"
	"causalgrad/impl/experiment"
	"causalgrad/impl/fingerprint"
	"causalgrad/impl/measure"
	"causalgrad/props"
	"causalgrad/props/fault"
	"causalgrad/props/outcome"
	"causalgrad/reports/evidence"
	"causalgrad/theory/certify"
	"causalgrad/theory/dynamics"
	"causalgrad/theory/firststep"
	"causalgrad/theory/necessity"

	"github.com/stretchr/testify/require"
)

// decay has the local exponents, 0.1 to either side of each.
func decay(quantity, of string, exponents ...float64) evidence.Decay {
	d := evidence.Decay{Quantity: quantity, Of: of, Lengths: []float64{16}, Values: []float64{1}, Seeds: leastSeeds}
	for i, v := range exponents {
		d.Lengths, d.Values = append(d.Lengths, d.Lengths[i]*2), append(d.Values, d.Values[i]*math.Exp2(v))
		d.Local = append(d.Local, stat.LocalExponent{From: d.Lengths[i], To: d.Lengths[i+1], Exponent: v, StdErr: 0.05,
			Interval: &stat.Interval{Lo: v - 0.1, Hi: v + 0.1, Confidence: 0.95}})
	}
	return d
}

// ladders are Algorithm 1's runs of so many seeds at T = 16 and 32.
func ladders(seeds int) []evidence.Ladder {
	var all []evidence.Ladder
	for n := range seeds {
		l := evidence.Ladder{Seed: uint64(n + 1)}
		for _, length := range []int{16, 32} {
			wobble := 0.001 * float64(n)
			l.Points = append(l.Points, evidence.Algorithm1Point{Length: length,
				Losses: measure.Losses{Gap: measure.Mean{Value: 4/float64(length) + wobble, StdErr: 0.001}},
				First:  measure.Edges{Accuracy: 1, Min: 0.95 + wobble}, Beta0: 0.1, Diagonal: 3, Residual: 0.01 + wobble/10})
		}
		all = append(all, l)
	}
	return all
}

// proved are counterexamples that their own proof repeats.
var proved = map[string]necessity.Counterexample{ // only looked up
	necessity.ConstantMean: {Forest: "parents:-1,-1,-1,2,-1,-1,-1,-1", Length: 9, Tokens: 2, Construction: necessity.Point,
		Prior: "the chain alone (the prior point:FILE)", Chain: "[[0.6666666666666666,0.3333333333333333],[0.3333333333333333,0.6666666666666666]]",
		Ratios: "[[2/3,1/3],[1/3,2/3]]", Child: 3, Parent: 2, Competitor: 3, ParentEntry: "-1/73728", CompetitorEntry: "1037/516096", Margin: -1044. / 516096},
	necessity.StationaryRoots: {Forest: "parents:-1,-1,-1,-1,-1,0,5,-1", Length: 9, Tokens: 2, Construction: "columns",
		Prior: "uniform over all orders of the chain's columns (up to relabelling the prior orbit:FILE), roots distributed as [2/3,1/3]",
		Chain: "[[0.8333333333333334,0.16666666666666666],[0.5,0.5]]", Ratios: "[[5/6,1/6],[1/2,1/2]]", Roots: "[2/3,1/3]",
		Child: 6, Parent: 5, Competitor: 1, ParentEntry: "995/3857868", CompetitorEntry: "39611/123451776", Margin: -6.294765658130345e-05},
	necessity.NonDegeneracy: {Forest: "parents:-1,-1,0,-1,-1,-1,-1,-1", Length: 9, Tokens: 2, Construction: "columns",
		Prior: "uniform over all orders of the chain's columns (up to relabelling the prior orbit:FILE)", Chain: "[[0.5,0.5],[0.5,0.5]]",
		Ratios: "[[1/2,1/2],[1/2,1/2]]", Child: 2, Parent: 0, Competitor: 1, ParentEntry: "247/258048", CompetitorEntry: "247/258048", Tie: true},
}

// good is evidence on which no claim fails: the golden quick runs, and small
// values of every other kind.
func good(t *testing.T) Evidence {
	t.Helper()
	mean := func(v float64) measure.Mean { return measure.Mean{Value: v, StdErr: 0.001} }
	row := func(b float64, length int, limit, gap float64) construct.Row {
		return construct.Row{B: b, Length: length, Frequency: construct.Distance{Mean: mean(limit)},
			Limit: construct.Distance{Mean: mean(limit)}, Gap: mean(gap)}
	}
	reached := func(heads int, loss float64) construct.Reached {
		return construct.Reached{Heads: []int{heads, 1}, Steps: 1000, Losses: measure.Losses{Loss: mean(loss)}}
	}
	compared := func(tier reference.Tier, values int, worst float64, pass bool) reference.Row {
		return reference.Row{Tier: tier, Values: values, MaxRel: worst, Pass: pass}
	}
	e := Evidence{
		Agreement: evidence.Agreement{
			{File: "vec_bayes.json", Rows: []reference.Row{compared(reference.Rounding, 4, 1e-15, true),
				compared(reference.Information, 4, 1.5, false)}},
			{File: "vec_stationary.json", Rows: []reference.Row{compared(reference.Exact, 4, 0, true)}},
			{File: "gradient_examples.json", Rows: []reference.Row{compared(reference.Rounding, 3, 1e-14, true)}},
			{File: "dynamics_examples.json", Rows: []reference.Row{compared(reference.Rounding, 4, 1e-13, true)}},
		},
		FirstStep: &evidence.FirstStep{
			Earlier:   []evidence.Recovered{{Prior: "dirichlet:1", Forests: 20, ForestsRecovered: 20, Edges: 50, Recovered: 50, Smallest: 0.01}},
			Self:      evidence.Recovered{Prior: "dirichlet:1", Forests: 20, ForestsRecovered: 6, Edges: 50, Recovered: 35, Smallest: -0.4},
			Gradient:  evidence.Recovered{Prior: "orbit:1,SEED", Forests: 200, ForestsRecovered: 200, Edges: 500, Recovered: 500, Smallest: 1e-5},
			EveryStep: evidence.EveryStep{Edges: 500, Ahead: 500, Steps: 100},
		},
		Signal: evidence.SignalLadders{{Prior: "orbit:1,1", Points: []firststep.Comparison{{Length: 64, Relative: 0.2, Slope: 1.1},
			{Length: 128, Relative: 0.1, Slope: 1.05}}, Distance: decay("distance", "orbit:1,1", -1, -1)}},
		CountRates: evidence.CountRates{{Prior: "orbit:1,1", Exact: true, Points: []evidence.CountPoint{
			{Length: 16, Exponent: math.NaN()}, {Length: 32, Exponent: -0.6}, {Length: 64, Exponent: -0.95}}}},
		Widths: &evidence.Widths{Ladder: []evidence.WidthLadder{{Length: 20, Points: []evidence.WidthPoint{
			{Width: 32, Share: 0.4}, {Width: 64, Share: 1}}}}},
		Dynamics: &evidence.Dynamics{
			Stage1: evidence.Stage1{Entries: 12, Seeds: 16, Largest: []evidence.Stage1Bias{{Beta0: 0.1, Distance: 0.04}},
				Ladder: []evidence.Stage1Point{{Length: 16, ExactMin: 0.9, Least: 0.99, Edges: 14, Ahead: 14}}},
			EveryStep: evidence.EveryStep{Edges: 182, Ahead: 182, Least: 0.002},
			Stage2: evidence.Stage2{Instances: 60, Alone: 58, Single: dynamics.Asymmetry{Spread: big.NewRat(29, 1728)},
				KeepingA4: dynamics.Asymmetry{Spread: big.NewRat(53, 4320)}},
			Unigram: evidence.Unigram{Points: []evidence.UnigramPoint{{Length: 8, Distance: math.NaN()}, {Length: 16, Distance: 0.5},
				{Length: 32, Distance: 0.04}}},
		},
		Constructions: &evidence.Constructions{
			InB:        []construct.Row{row(2, 32, 0.3, 0.2), row(20, 32, 1e-8, 0.1)},
			TwoParents: row(30, 32, 1e-9, 0.1),
			InT:        []construct.Row{row(30, 16, 0.2, 0.24), row(30, 32, 0.1, 0.12)},
		},
		Planted: &fault.Matrix{Rows: []fault.Row{{Mistake: &fault.Mistake{ID: "transposed"}, Caught: []string{"a"}},
			{Mistake: &fault.Mistake{ID: "shifted"}, Caught: []string{"a"}}}},
		Forests: &evidence.ManyReport{
			Output: evidence.OtherRun{Forests: []evidence.Outlier{{Trial: 0, Corrected: 1}, {Trial: 1, Corrected: 0.3}}},
			Code: evidence.OtherRun{Forests: []evidence.Outlier{{Trial: 0, Corrected: 1, Difference: 0.001},
				{Trial: 15, Corrected: 1, Difference: -0.002}, {Trial: 16, Corrected: 0.9, Difference: 0.003}},
				Edges: []evidence.Outlier{{Trial: 0, Corrected: 1, Difference: 0.01}}},
		},
		Speed: []evidence.OfficialSpeed{{CPU: evidence.SpeedRatio{Times: 80}, Wall: evidence.SpeedRatio{Times: 90}},
			{CPU: evidence.SpeedRatio{Times: 70}, Wall: evidence.SpeedRatio{Times: 60}}, {CPU: evidence.SpeedRatio{Times: 30},
				Wall: evidence.SpeedRatio{Times: 30}}},
		Official: []evidence.OfficialTest{
			{Steps: 1024, Graph: "chain", Quantity: evidence.OfficialLoss, Whole: true, Test: &stat.Equivalence{Verdict: stat.Equivalent}},
			{Steps: 1024, Graph: evidence.AllGraphs, Quantity: evidence.OfficialLoss, Whole: true,
				Test: &stat.Equivalence{Verdict: stat.Equivalent}}},
		Determinism: &evidence.Determinism{Builds: builds(24, 0, 0)},
		Algorithm1: &evidence.Algorithm1{Ladders: ladders(leastSeeds), Gap: decay("L - L*", "", -1),
			SupErrors: []evidence.Decay{decay("sup error", "dirichlet:0.3", -0.5)}},
		Noise: []evidence.NoisePoint{{Length: 16, Predicted: 0.05, StdErr: 0.001, Recorded: 0.055, Low: 0.045, High: 0.065},
			{Length: 32, Predicted: 0.04, StdErr: 0.001, Recorded: 0.038, Low: 0.035, High: 0.041}},
		Plateaus: []evidence.Plateau{{Run: "single-chain", Predicted: 600, Recorded: 2400, Drift: 0.01},
			{Run: "single-icl", Predicted: 800, Recorded: 3600, Drift: 0.01},
			{Run: "many-graphs-00", Predicted: math.NaN(), Recorded: 600, Drift: -0.01, Early: -0.001}},
		Regions: evidence.CertifiedRegions{{Region: certify.Region{Tokens: 2}, Map: certify.Map{Certified: 0.998, Undecided: 0.002}},
			{Region: certify.Region{Tokens: 2, Self: true}, Map: certify.Map{Certified: 0.5, Refuted: 0.5}},
			{Region: certify.Region{Tokens: 2, Self: true, Orbit: true}, Map: certify.Map{Certified: 0.998, Undecided: 0.002}}},
	}
	for n := range leastSeeds {
		one := evidence.SingleHead{Seed: uint64(n + 1), One: reached(1, 1.3), Two: reached(2, 1.2),
			Estimators: construct.SingleParents{Slots: []measure.Mean{mean(1.5), mean(1.37)}, Best: 1}}
		one.One.Losses.Loss.Value += 0.001 * float64(n)
		e.SingleHeads = append(e.SingleHeads, one)
	}
	for _, c := range necessity.Conditions() {
		o := necessity.Outcome{Condition: c, Evaluations: 100}
		if found, ok := proved[c]; ok {
			o.Found, o.Counterexample = true, &found
		}
		if c == necessity.EffectiveLength {
			found := proved[necessity.NonDegeneracy] // what it shows is not looked at here
			o.Found, o.Counterexample = true, &found
		}
		e.Necessity = append(e.Necessity, o)
	}
	for _, l := range props.All() {
		e.Laws = append(e.Laws, props.Result{Law: l, Verdict: outcome.Passed, Draws: 7})
	}
	quickRecords, err := golden()
	require.NoError(t, err)
	e.Records = slices.Clone(quickRecords)
	e.Records = append(e.Records, forestRuns(t, 0, 20)...)
	return e
}

// golden are the golden quick runs, read once: tests change copies.
var golden = sync.OnceValues(func() ([]experiment.Record, error) {
	specs, err := runs.Quick()
	if err != nil {
		return nil, err
	}
	var all []experiment.Record
	for _, s := range specs {
		r, err := runs.Golden(s.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
})

// forestRuns are runs of the published forests in the official configuration with
// weights more above the published ones, of which so many find every edge.
func forestRuns(t *testing.T, more float64, found int) []experiment.Record {
	t.Helper()
	published, err := reference.ManyGraphs()
	require.NoError(t, err)
	var all []experiment.Record
	for i, trial := range published.Trials {
		s, ok := official(fmt.Sprintf("%s-%02d", runs.ManyGraphs, trial.Trial))
		require.True(t, ok)
		block := measure.Edges{Mean: 1 - trial.Mean + more + 0.001*float64(i%3), Accuracy: 1}
		if i >= found {
			block.Accuracy = 0.9
		}
		all = append(all, experiment.Record{Spec: s, Edges: experiment.EdgeReport{PositionBlock: &block},
			Final: measure.Losses{OverCount: measure.Mean{Value: 0.001, StdErr: 0.001}}})
	}
	return all
}

// builds are a build with so many runs of the golden bits (of no entries at all),
// of others and of those of an older program.
func builds(equal, differ, stale int) []runs.Build {
	golden := fingerprint.Total(nil)
	current := runs.Build{Build: fingerprint.Build{System: "linux/amd64"}, Golden: golden}
	older := runs.Build{Build: fingerprint.Build{System: "linux/amd64"}, Golden: "older"}
	for i := range equal + differ + stale {
		r := runs.BuildRun{Workers: 8, Kernel: "portable"}
		switch {
		case i < equal:
			r.Total = golden
		case i < equal+differ:
			r.Total = "other"
		default:
			r.Total = "older"
			older.Runs = append(older.Runs, r)
			continue
		}
		current.Runs = append(current.Runs, r)
	}
	if stale == 0 {
		return []runs.Build{current}
	}
	return []runs.Build{current, older}
}

// judged is what the ledger says of a claim.
func judged(t *testing.T, e Evidence, id string) Finding {
	t.Helper()
	for _, c := range All() {
		if c.ID == id {
			return c.judge(e)
		}
	}
	require.FailNow(t, "no such claim", id)
	return Finding{}
}
