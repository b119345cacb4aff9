package theorylaws

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"causalgrad/props"
	"causalgrad/theory/condition"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
	"pgregory.net/rapid"
)

func sampledConditionLaws() []props.Law {
	source := "theory.md section 4"
	return []props.Law{
		{ID: "condition-families", Source: source, Needs: checking, Draws: 60, Check: conditionFamilies, FalseAlarm: props.SampleAlarm,
			Sentence: "What is said of a parametric prior by construction is what its draws show: bounds are below every draw, means and symmetry those of the draws."},
		{ID: "condition-unknown", Source: source, Needs: checking, Draws: 25, Check: conditionUnknown,
			Sentence: "Of a prior that is only drawn from no hypothesis is said to hold, and what fails almost surely comes with a drawn chain that violates it."},
		{ID: "condition-tests", Source: source, Needs: checking, Draws: 25, Check: conditionTests,
			Sentence: "A mean of an unknown prior is said to be wrong exactly when Student's test at 1% over all comparisons says so of the draws."},
		{ID: "condition-witness", Source: source, Needs: checking, Draws: 40, Check: over(conditionWitness),
			Sentence: "Each witness, read back, shows the number beside it."},
	}
}

// familyDraws is the number of chains that the means of a family are judged by.
const familyDraws = 2000

func conditionFamilies(t *rapid.T, s props.Subject) {
	size := rapid.IntRange(2, 3).Draw(t, "tokens")
	prior, o := drawFamily(t, size), condition.Options{Draws: 65, Seed: props.DrawSeed(t)}
	f := props.ForestOf([]int{-1, 0})
	c := sampledCase(f, prior, o)
	x := checked{Case: c, t: t, s: s, f: f, Report: askCheck(t, s, c, f, prior, o)}
	gamma, norm := 0.0, 0.0
	weight, target := 0.0, 0
	switch p := prior.(type) {
	case markov.Floor:
		gamma = p.Gamma
	case markov.Sticky:
		weight = p.Weight
	case markov.Cyclic:
		weight, target = p.Weight, 1
	}
	if float64(size)*weight > 1 {
		norm = math.Sqrt(informationOf(permutationMixture(size, target, weight)))
	}
	x.number(condition.LowerBound, gamma, 0)
	x.decided(condition.LowerBound, gamma > 0)
	x.number(condition.NonDegeneracy, norm, 1e-12) // of numbers below S, with S^2 roundings
	x.decided(condition.NonDegeneracy, norm > 0)
	for _, id := range []string{condition.LowerBound, condition.NonDegeneracy} {
		for _, q := range x.finding(id).Quantiles {
			props.AtLeast(t, c, "quantile of "+id, q.Value, x.finding(id).Number, 1e-12) // S^2 roundings of numbers below S, as above
		}
	}
	x.meansOfFamily(prior, props.DrawSeed(t))
}

// permutationMixture has the weight on the token that is target further on, and
// shares the rest among the others.
func permutationMixture(size, target int, weight float64) *markov.Chain {
	rows := make([][]float64, size)
	for a := range rows {
		rows[a] = make([]float64, size)
		for b := range rows[a] {
			rows[a][b] = (1 - weight) / float64(size-1)
		}
		rows[a][(a+target)%size] = weight
	}
	return props.ChainOf(rows)
}

// meansOfFamily compares A3 and A4 with the mean of many draws, each entry of
// which is off by more than the allowance with a probability of at most
// 2 exp(-2 n x^2) (Hoeffding).
func (x checked) meansOfFamily(prior markov.Prior, seed uint64) {
	size := prior.Tokens()
	mean, p := make([]float64, size*size), make([]float64, size*size)
	source := stream.New(stream.Key{Seed: seed, Purpose: stream.Law})
	for range familyDraws {
		prior.Draw(source, p)
		for i, v := range p {
			mean[i] += v / familyDraws
		}
	}
	allowance := math.Sqrt(math.Log(2*float64(size*size)/props.SampleAlarm) / (2 * familyDraws))
	furthest, trace, asymmetry := 0.0, 0.0, 0.0
	for a := range size {
		trace += mean[a*size+a]
		for b := range size {
			furthest = math.Max(furthest, math.Abs(mean[a*size+b]-1/float64(size)))
			for _, order := range condition.Orders(size) {
				asymmetry = math.Max(asymmetry, math.Abs(mean[a*size+b]-mean[order[a]*size+order[b]]))
			}
		}
	}
	c := x.Case.Where("and %d draws with seed %d", familyDraws, seed)
	number := x.finding(condition.ConstantMean).Number
	props.Within(x.t, c, "number of A4", number, furthest, allowance)
	x.decided(condition.ConstantMean, number == 0)
	number = x.finding(condition.ConstantTrace).Number
	props.Within(x.t, c, "number of A4-trace", number, trace-1, float64(size)*allowance)
	x.decided(condition.ConstantTrace, number == 0)
	if asymmetry > 2*allowance {
		x.verdict(condition.Symmetry, condition.Fails)
	}
	if k, cyclic := prior.(markov.Cyclic); !cyclic || size == 2 {
		x.verdict(condition.Symmetry, condition.Holds)
	} else if k.Weight > 0.5 {
		props.Demand(x.t, c, asymmetry > 2*allowance, "mean of a cyclic prior", "one that knows its tokens apart", fmt.Sprint(mean))
	}
}

func conditionUnknown(t *rapid.T, s props.Subject) {
	size := rapid.IntRange(2, 3).Draw(t, "tokens")
	prior, o := drawFamily(t, size), drawDraws(t)
	o.Gamma = rapid.SampledFrom([]float64{0, 0.01, 0.3}).Draw(t, "gamma")
	o.EffectiveLength = rapid.SampledFrom([]float64{0, 2, 3}).Draw(t, "effective length")
	f := props.DrawForest(t, 3, 5).Forest
	c := sampledCase(f, prior, o).With("--gamma %v", o.Gamma).Where("as a prior that is only drawn from")
	r := askCheck(t, s, c, f, unknown{prior}, o)
	chains := drawnChains(t, c, prior, o)
	x := checked{Case: c, t: t, s: s, f: f, support: chains, Report: r}
	least := math.Inf(1)
	equalRows := false
	for _, chain := range chains {
		least = math.Min(least, smallestEntry(chain))
		equalRows = equalRows || informationOf(chain) == 0
	}
	for _, finding := range r.Findings {
		if finding.Kind == condition.Hypothesis && finding.ID != condition.Graph {
			props.Demand(t, c, finding.Verdict != condition.Holds, "verdict on "+finding.ID, "fails or undecided", string(finding.Verdict))
		}
	}
	lower, norm := x.finding(condition.LowerBound), x.finding(condition.NonDegeneracy)
	// The smallest of S^2 entries below 1, times S: one rounding of a number below S.
	props.Within(t, c, "number of A1", lower.Number, least, 1e-14)
	props.Demand(t, c, (lower.Verdict == condition.Fails) == (lower.Number < o.Gamma || lower.Number <= 0), "verdict on A1", "fails below gamma", string(lower.Verdict))
	props.Demand(t, c, (norm.Verdict == condition.Fails) == (norm.Number < o.Gamma || norm.Number <= 0), "verdict on A2", "fails below gamma", string(norm.Verdict))
	props.Demand(t, c, equalRows == (norm.Number == 0), "number of A2", "0 for equal rows alone", fmt.Sprint(norm.Number))
	props.Within(t, c, "S min of the witness of A1", smallestEntry(x.witness(lower)), lower.Number, 1e-14)
	x.correlated(x.witness(norm), norm.Number)
	effective := x.finding(condition.EffectiveLength)
	props.Demand(t, c, (effective.Verdict == condition.Fails) == (effective.Number < o.EffectiveLength), "verdict on the effective length", "fails below what is asked for", string(effective.Verdict))
	x.verdict(condition.Contraction, condition.Holds)
	x.verdict(condition.Margin, condition.Holds)
}

// witness is the chain of a finding's witness.
func (x checked) witness(f condition.Finding) *markov.Chain {
	return props.Ask(x.t, x.Case, "witness of "+f.ID, func() (*markov.Chain, error) {
		var rows [][]float64
		if err := json.Unmarshal([]byte(f.Witness), &rows); err != nil {
			return nil, fmt.Errorf("%q: %w", f.Witness, err)
		}
		return markov.NewChain(rows)
	})
}

// correlated demands ||B||_F of a chain.
func (x checked) correlated(c *markov.Chain, norm float64) {
	props.Within(x.t, x.Case, "squared norm of the witness of A2", norm*norm, informationOf(c), props.SignalSlack(x.s, x.f, c))
}

func conditionWitness(x checked) {
	t, c := x.t, x.Case
	lower, norm := x.finding(condition.LowerBound), x.finding(condition.NonDegeneracy)
	props.Equal(t, c, "S min of the witness of A1", []float64{smallestEntry(x.witness(lower))}, []float64{lower.Number})
	x.correlated(x.witness(norm), norm.Number)
	period, gap, rho := x.finding(condition.Aperiodic), x.finding(condition.SpectralGap), x.finding(condition.MaximalCorrelation)
	props.Within(t, c, "period of the witness", float64(periodOf(x.witness(period))), period.Number, 0)
	props.Within(t, c, "gap of the witness", 1-secondModulus(x.witness(gap)), gap.Number, 16*math.Sqrt(x.s.Roundoff()))
	props.Within(t, c, "correlation of the witness", correlationOf(x.witness(rho)), rho.Number, x.slack())
	if mean := x.finding(condition.ConstantMean); mean.Verdict == condition.Fails {
		x.shownMean(mean)
	}
	if symmetry := x.finding(condition.Symmetry); symmetry.Verdict == condition.Fails {
		x.shownAsymmetry(symmetry)
	}
}

// shownMean reads "E pi[a][b] = v".
func (x checked) shownMean(f condition.Finding) {
	var a, b int
	var v float64
	_, err := fmt.Sscanf(f.Witness, "E pi[%d][%d] = %g", &a, &b, &v)
	props.Demand(x.t, x.Case, err == nil, "witness of A4", "an entry of the mean", f.Witness)
	mean := 0.0
	for _, c := range x.support {
		mean += c.P(a, b) / float64(len(x.support))
	}
	props.Within(x.t, x.Case, "mean of the witness of A4", v, mean, x.meanRounding())
	props.Within(x.t, x.Case, "number of A4", f.Number, math.Abs(v-1/float64(x.support[0].Tokens())), x.meanRounding())
}

// shownAsymmetry reads "relabelling [order] of chain": the relabelled chain is
// not among the prior's as often as the chain itself, or lies as far from what
// is left of them as the number says.
func (x checked) shownAsymmetry(f condition.Finding) {
	order, text, ok := strings.Cut(strings.TrimPrefix(f.Witness, "relabelling "), " of ")
	props.Demand(x.t, x.Case, ok, "witness of A3", "a relabelling and a chain", f.Witness)
	g := make([]int, x.support[0].Tokens())
	for i, word := range strings.Fields(strings.Trim(order, "[]")) {
		_, err := fmt.Sscan(word, &g[i])
		props.Demand(x.t, x.Case, err == nil, "witness of A3", "a relabelling", f.Witness)
	}
	shown := x.witness(condition.Finding{ID: f.ID, Witness: text})
	image := shown.Relabelled(g)
	furthest, matched := 0.0, false
	for _, c := range x.support {
		furthest = math.Max(furthest, distanceOf(image, c))
		matched = matched || distanceOf(shown, c) == 0
	}
	props.Demand(x.t, x.Case, matched, "witness of A3", "a chain of the prior", text)
	props.AtMost(x.t, x.Case, "number of A3", f.Number, furthest, 0)
	if len(x.support) == 1 {
		props.Equal(x.t, x.Case, "number of A3", []float64{f.Number}, []float64{distanceOf(image, shown)})
	}
}

// conditionTests repeats the tests of A4, its trace and A3 on the draws, with
// Student's law in closed form.
func conditionTests(t *rapid.T, s props.Subject) {
	size := rapid.IntRange(2, 3).Draw(t, "tokens")
	prior, o := drawFamily(t, size), drawDraws(t)
	f := props.ForestOf([]int{-1, 0})
	c := sampledCase(f, prior, o).Where("as a prior that is only drawn from")
	x := checked{Case: c, t: t, s: s, f: f, Report: askCheck(t, s, c, f, unknown{prior}, o)}
	x.support = drawnChains(t, c, prior, o)

	var entries, symmetric []func(c *markov.Chain) float64
	exchange, cycle := []int{1, 0, 2}[:size], []int{1, 2, 0}
	maps := [][]int{exchange}
	if size == 3 {
		maps = append(maps, cycle)
	}
	for a := range size {
		for b := range size {
			entries = append(entries, func(c *markov.Chain) float64 { return c.P(a, b) - 1/float64(size) })
			for _, g := range maps {
				symmetric = append(symmetric, func(c *markov.Chain) float64 { return c.P(a, b) - c.P(g[a], g[b]) },
					func(c *markov.Chain) float64 { return c.P(a, b)*c.P(a, b) - c.P(g[a], g[b])*c.P(g[a], g[b]) })
			}
		}
	}
	x.tested(condition.ConstantMean, entries)
	x.tested(condition.ConstantTrace, []func(c *markov.Chain) float64{func(c *markov.Chain) float64 { return c.Trace() - 1 }})
	x.tested(condition.Symmetry, symmetric)
}

// tested demands the verdict of a test that all these have mean 0.
func (x checked) tested(id string, of []func(c *markov.Chain) float64) {
	n, least := float64(len(x.support)), 1.0
	for _, value := range of {
		mean, squares := 0.0, 0.0
		for _, c := range x.support {
			mean += value(c) / n
		}
		for _, c := range x.support {
			squares += (value(c) - mean) * (value(c) - mean)
		}
		if math.Abs(mean) > 1e-12 { // what sums of such numbers show by rounding
			least = math.Min(least, studentBothTails(math.Abs(mean)/math.Sqrt(squares/(n*(n-1))), len(x.support)-1)*float64(len(of)))
		}
	}
	if math.Abs(least-condition.ErrorRate) < 1e-9 {
		return // rounding may decide
	}
	want := condition.Undecided
	if least < condition.ErrorRate {
		want = condition.Fails
	}
	x.verdict(id, want)
}
