package evidence

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"strings"

	"causalgrad/golden/reference"
	"causalgrad/reports/table"
	"causalgrad/theory/dynamics"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// EveryStep says of the published forests what stage 1 does with every edge at
// every step, from the exact payoffs (theory/README.md, section 8).
type EveryStep struct {
	Prior  string
	Edges  int
	Ahead  int // edges whose parent has the largest payoff of its row
	Least  float64
	Fallen int     // edges so, whose attention fell at some step at some rate
	Slow   int     // edges so, with less than 0.99 of the attention at the last rate in the end
	Final  float64 // the smallest attention of edges so, at the last rate in the end
	// Slowest is the flow's predicted time to 0.99, rate 1, of the slowest edge.
	Slowest float64
	// Rates are the learning rates times beta0, each followed for Steps.
	Rates []float64
	Steps int
}

// newEveryStep has not followed any forest yet.
func newEveryStep(prior string, steps int, rates ...float64) EveryStep {
	return EveryStep{Prior: prior, Least: math.Inf(1), Final: 1, Rates: rates, Steps: steps}
}

// Rates times beta0 that are followed where nothing says which.
var everyStepRates = []float64{10, 1e3, 1e5}

const (
	everyStepSteps  = 2000 // of the published forests
	everyStepRandom = 100  // of many random ones
)

// MeasureEveryStep follows the 20 published forests under one orbit.
func MeasureEveryStep(ctx context.Context) (EveryStep, error) {
	e := newEveryStep("orbit:1,1", everyStepSteps, everyStepRates...)
	published, err := reference.ManyGraphs()
	if err != nil {
		return e, err
	}
	prior, err := markov.ParsePrior(e.Prior, published.Config.Tokens)
	if err != nil {
		return e, err
	}
	for _, trial := range published.Trials {
		if err := ctx.Err(); err != nil {
			return e, err
		}
		mean, err := dynamics.Average(trial.Forest, prior, 0, firststep.Options{})
		if err != nil {
			return e, err
		}
		if err := e.follow(trial.Forest, mean.Payoffs); err != nil {
			return e, err
		}
	}
	return e, nil
}

func (e *EveryStep) follow(f graph.Forest, p dynamics.Payoffs) error {
	ahead := map[int]bool{} // by child; only looked up
	for _, edge := range f.Edges() {
		e.Edges++
		gap := math.Inf(1)
		for k, w := range p[edge.Child] {
			if k != edge.Parent {
				gap = math.Min(gap, p[edge.Child][edge.Parent]-w)
			}
		}
		if gap > 0 {
			e.Ahead++
			ahead[edge.Child] = true
			e.Least = math.Min(e.Least, gap)
			e.Slowest = math.Max(e.Slowest, dynamics.Tail(p[edge.Child])/(1-dynamics.Most))
		}
	}
	for n, rate := range e.Rates {
		before := onEdges(f, mustUniform(f.SequenceLength()))
		fallen := make([]bool, len(before))
		rows, err := dynamics.Stage1{Forest: f, Payoffs: p, Rate: rate}.Steps(e.Steps, func(step int) bool { return step > 0 },
			func(_ int, a [][]float64) {
				for i, v := range onEdges(f, a) {
					fallen[i] = fallen[i] || v < before[i]*(1-1e-12)
					before[i] = v
				}
			})
		if err != nil {
			return err
		}
		for i, r := range rows {
			if !ahead[r.Child] {
				continue
			}
			if fallen[i] {
				e.Fallen++
			}
			if n == len(e.Rates)-1 {
				e.Final = math.Min(e.Final, r.Final)
				if r.Final < dynamics.Most {
					e.Slow++
				}
			}
		}
	}
	return nil
}

// mustUniform is the attention of A1 = 0.
func mustUniform(length int) [][]float64 {
	a, err := dynamics.Attention(dynamics.Zero(length))
	if err != nil {
		panic(err) // zeros are finite
	}
	return a
}

// Stage2 are exact gradients of stage 2 (theory/README.md, section 9).
type Stage2 struct {
	Instances int                // orbits under relabelling, attentions, beta and eps drawn at random
	Unequal   int                // of them with a spread that is not exactly 0
	Alone     int                // spread above 0 on one chain of the orbit alone
	Single    dynamics.Asymmetry // the smallest chain without A3
	KeepingA4 dynamics.Asymmetry // the smallest prior without A3 whose mean is 1/2
}

// MeasureStage2 draws instances and searches for the counterexamples.
func MeasureStage2(ctx context.Context, seed uint64) (Stage2, error) {
	var r Stage2
	var err error
	if r.Single, err = dynamics.FindAsymmetry(false); err != nil {
		return r, err
	}
	if r.KeepingA4, err = dynamics.FindAsymmetry(true); err != nil {
		return r, err
	}
	for n := range uint64(60) {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		orbit, err := drawOrbitProblem(stream.New(stream.Key{Seed: seed, Purpose: stream.Law, Step: n}))
		if err != nil {
			return r, err
		}
		g, err := orbit.Gradient()
		if err != nil {
			return r, err
		}
		r.Instances++
		if dynamics.Spread(g).Sign() != 0 {
			r.Unequal++
		}
		orbit.Chains, orbit.Roots = orbit.Chains[:1], orbit.Roots[:1]
		if g, err = orbit.Gradient(); err != nil {
			return r, err
		}
		if dynamics.Spread(g).Sign() != 0 {
			r.Alone++
		}
	}
	return r, nil
}

// drawOrbitProblem draws a forest of four or five positions, a chain of twelfths
// with all its relabelled copies, an attention of thirds, beta and eps.
func drawOrbitProblem(s *stream.Stream) (dynamics.Stage2, error) {
	tokens := 2 + s.IntN(2)
	parents := []int{graph.Root}
	for i := range 1 + s.IntN(2) {
		parents = append(parents, s.IntN(i+2)-1)
	}
	f, err := graph.NewForest(parents)
	if err != nil {
		return dynamics.Stage2{}, err
	}
	rows := make([][]*big.Rat, tokens)
	for a := range rows {
		left := int64(12)
		for b := range tokens - 1 {
			n := 1 + int64(s.IntN(int(left)-(tokens-1-b)))
			rows[a] = append(rows[a], big.NewRat(n, 12))
			left -= n
		}
		rows[a] = append(rows[a], big.NewRat(left, 12))
	}
	p := dynamics.Stage2{Forest: f, Denominator: 3, Base: big.NewRat(int64(1+s.IntN(6)), int64(1+s.IntN(3))),
		Eps: big.NewRat(int64(s.IntN(2)), 100)}
	for i := range f.SequenceLength() {
		row := make([]int, i+1)
		for range p.Denominator {
			row[s.IntN(i+1)]++
		}
		p.Attention = append(p.Attention, row)
	}
	p.Chains = dynamics.Relabelled(rows)
	for _, chain := range p.Chains {
		roots, err := firststep.RationalStationary(chain)
		if err != nil {
			return dynamics.Stage2{}, err
		}
		p.Roots = append(p.Roots, roots)
	}
	return p, nil
}

// Table has the orbits and the two counterexamples.
func (r Stage2) Table() table.Table {
	t := table.Table{ID: "stage-2", Title: "The population gradient of stage 2, in rational arithmetic: distance from x I + y 11'",
		Columns: []table.Column{{Name: "prior"}, {Name: "instances", Align: table.Right}, {Name: "distance exactly 0", Align: table.Right},
			{Name: "largest distance"}}}
	t.Add(table.Text("a chain and all its relabelled copies (A3)"), table.Integer(r.Instances), table.Integer(r.Instances-r.Unequal),
		table.Text("0"))
	t.Add(table.Text("the chain alone"), table.Integer(r.Instances), table.Integer(r.Instances-r.Alone), table.Text("above 0"))
	for _, a := range []dynamics.Asymmetry{r.Single, r.KeepingA4} {
		t.Add(table.Text(chainsText(a.Chains)), table.Integer(1), table.Integer(0), table.Text(a.Spread.RatString()))
	}
	t.Note(fmt.Sprintf("the last two are the smallest without A3, on parents:-1,0, S = 2, uniform attention, beta = 0: one chain, and "+
		"with the mean 1/2 (A4) two; all %d and %d priors before them, in order of their denominators, have distance 0; both keep A1 and A2",
		r.Single.Examined-1, r.KeepingA4.Examined-1))
	return t
}

func chainsText(chains [][][]*big.Rat) string {
	var list []string
	for _, rows := range chains {
		var lines []string
		for _, row := range rows {
			var words []string
			for _, v := range row {
				words = append(words, v.RatString())
			}
			lines = append(lines, "["+strings.Join(words, ",")+"]")
		}
		list = append(list, "["+strings.Join(lines, ",")+"]")
	}
	return strings.Join(list, " and ")
}

// Unigram is the gradient at A1 = A2 = 0 over lengths, on the chain graph and one
// chain (theory/README.md, section 13).
type Unigram struct {
	Chain  [][]float64
	Limit  float64 // of norm x T / log T
	Points []UnigramPoint
}

// UnigramPoint is one length. Growth is the norm of what T x gradient gained since
// half the length, over log 2; NaN for the first. It tends to Limit, much sooner
// than norm x T / log T does.
type UnigramPoint struct {
	Length       int
	Norm, Growth float64
	Distance     float64 // of that growth from the limit matrix, relative to Limit
}

// unigramChain is the chain of the second reference example.
var unigramChain = [][]float64{{0.659, 0.237, 0.104}, {0.373, 0.073, 0.554}, {0.585, 0.082, 0.333}}

// MeasureUnigram computes the ladder 8, 16, ..., 512.
func MeasureUnigram(ctx context.Context) (Unigram, error) {
	u := Unigram{Chain: unigramChain}
	c, err := markov.NewChain(unigramChain)
	if err != nil {
		return u, err
	}
	limit, err := dynamics.UnigramLimit(c)
	if err != nil {
		return u, err
	}
	u.Limit = dynamics.Norm(limit)
	var before [][]float64
	for length := 8; length <= 512; length *= 2 {
		if err := ctx.Err(); err != nil {
			return u, err
		}
		f, err := graph.Chain(length)
		if err != nil {
			return u, err
		}
		g, err := dynamics.Unigram(f, c, 0)
		if err != nil {
			return u, err
		}
		p := UnigramPoint{Length: length, Norm: dynamics.Norm(g), Growth: math.NaN(), Distance: math.NaN()}
		for _, row := range g {
			for r := range row {
				row[r] *= float64(length)
			}
		}
		if before != nil {
			growth, distance := clone(g), clone(g)
			for q, row := range g {
				for r := range row {
					growth[q][r] = (row[r] - before[q][r]) / math.Ln2
					distance[q][r] = growth[q][r] - limit[q][r]
				}
			}
			p.Growth, p.Distance = dynamics.Norm(growth), dynamics.Norm(distance)/u.Limit
		}
		u.Points, before = append(u.Points, p), g
	}
	return u, nil
}

func clone(m [][]float64) [][]float64 {
	out := make([][]float64, len(m))
	for i, row := range m {
		out[i] = append([]float64(nil), row...)
	}
	return out
}

// Table has a row a length.
func (u Unigram) Table() table.Table {
	t := table.Table{ID: "unigram-point", Title: "The unigram point A1 = A2 = 0 on the chain graph: exact gradient in A2",
		Columns: []table.Column{{Name: "T", Align: table.Right}, {Name: "norm", Align: table.Decimal},
			{Name: "norm x T / log T", Align: table.Decimal},
			{Name: "growth of T x gradient", Align: table.Decimal}, {Name: "distance from the limit", Align: table.Decimal}}}
	for _, p := range u.Points {
		growth, distance := table.Text("-"), table.Text("-")
		if !math.IsNaN(p.Growth) {
			growth, distance = table.Fixed(p.Growth, 5), table.Fixed(p.Distance, 4)
		}
		t.Add(table.Integer(p.Length), table.Fixed(p.Norm, 6), table.Fixed(p.Norm*float64(p.Length)/math.Log(float64(p.Length)), 5), growth,
			distance)
	}
	t.Note(fmt.Sprintf("chain %v; both columns tend to %.5f, the norm of 1/S mu[r] sum_s pi[q][s]/mu[s] Z[r][s], Z the sum over d of "+
		"pi^d - 1 mu': the first like 1/log T, the second, per doubling and over log 2, like log T / T", u.Chain, u.Limit))
	return t
}
