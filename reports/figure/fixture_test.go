package figure

import (
	"math"
	"testing"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/impl/model"
	"causalgrad/theory/certify"
	"causalgrad/theory/chisq"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
)

// record is made-up data in the shape of a run on the hand-made forest.
func record(seed uint64) experiment.Record {
	r := experiment.Record{Spec: experiment.Spec{ID: "made-up", Tokens: 3, Seed: seed}}
	shift := 0.01 * float64(seed)
	for _, step := range []int{0, 1, 2, 4, 8, 16, 100, 200} {
		r.Curve = append(r.Curve, experiment.CurvePoint{Step: step, Loss: 0.7 + 0.4/(1+float64(step)) + shift})
	}
	r.Final = losses("dirichlet:0.1", 0.7+shift)
	r.Shifted = []measure.Losses{losses("dirichlet:0.1", 0.7), losses("dirichlet:3", 1.2), losses("near-deterministic:0.95,1", 0.9)}
	edges := edges(seed)
	r.Edges = experiment.EdgeReport{PositionBlock: &edges, Attention: edges}
	return r
}

func losses(prior string, loss float64) measure.Losses {
	m := func(v float64) measure.Mean { return measure.Mean{Value: v, StdErr: 0.004} }
	return measure.Losses{Prior: prior, Loss: m(loss), Irreducible: m(0.25), Count: m(0.6), TrainingCount: m(0.65), OverCount: m(loss - 0.6)}
}

func edges(seed uint64) measure.Edges {
	e := measure.Edges{Mean: 0.8, Min: 0.7, Accuracy: 1}
	for i, edge := range graph.Manual().Edges() {
		e.Weights = append(e.Weights, measure.EdgeWeight{Child: edge.Child, Parent: edge.Parent, Weight: 0.9 - 0.05*float64(i) - 0.02*float64(seed)})
	}
	return e
}

// every returns one figure of each kind, all of made-up or small exact data.
func every(t testing.TB) []Figure {
	t.Helper()
	f := graph.Manual()
	var all []Figure
	add := func(f Figure, err error) {
		t.Helper()
		require.NoError(t, err)
		all = append(all, f)
	}
	add(Losses("losses", "Losses", []experiment.Record{record(1), record(2)}, &measure.Mean{Value: 0.9}))
	layout, params := disentangled(t, f)
	add(Weights("weights", "Weights", layout, params, 2, 6, f))
	add(AttentionByPosition("attention", "Attention", []AttentionSeries{{"ours", []measure.Edges{edges(0), edges(1)}}, {"published", []measure.Edges{edges(5)}}}))
	data := edges(1)
	add(Edges("edges", "Edges", &data, edges(2)))
	add(Shifted("shifted", "Shifted", record(1)))
	gradient, information := firstStep(t, f)
	add(FirstStep("first-step", "First step", "exact gradient on A1", f, gradient, information))
	add(Rate("rate", "Rate", ladder(), &Power{-1, "T^-1"}, ""))
	add(Forests("forests", "Forests", []ForestRuns{{Trial: 0, Ours: []float64{0.13, 0.15}, Published: 0.07, Again: []float64{0.14}}, {Trial: 3, Ours: []float64{0.2}, Published: 0.19}}))
	add(Certified("certified", "Certified", region2(t)))
	return all
}

// disentangled is a small model whose weights put 2 on the edges of f and -1 on
// the first token pair.
func disentangled(t testing.TB, f graph.Forest) (model.Layout, []float64) {
	t.Helper()
	m, err := model.NewDisentangled(2, 6, []int{1, 1})
	require.NoError(t, err)
	params := make([]float64, m.Layout().Size())
	for _, e := range f.Edges() {
		params[(2+e.Child)*8+2+e.Parent] = 2
	}
	params[0] = -1
	return m.Layout(), params
}

func firstStep(t testing.TB, f graph.Forest) (gradient, information [][]float64) {
	t.Helper()
	prior, err := markov.ParsePrior("orbit:1,1", 3)
	require.NoError(t, err)
	e, err := firststep.Average(f, prior, 0, firststep.Options{})
	require.NoError(t, err)
	m, err := chisq.Average(f, prior, 2, 1)
	require.NoError(t, err)
	return e.Mean, m.Information
}

// ladder halves the gap as T doubles: exponent -1.
func ladder() []RatePoint {
	var points []RatePoint
	for _, length := range []int{16, 32, 64, 128} {
		gap := 4 / float64(length)
		points = append(points, RatePoint{length, measure.Mean{Value: gap, StdErr: gap / 40}})
	}
	return points
}

func region2(t testing.TB) certify.Map {
	t.Helper()
	chain, err := graph.Chain(4)
	require.NoError(t, err)
	m, err := certify.Certify(certify.Region{Forest: chain, Tokens: 2, Self: true, MinWidth: 1e-2, MaxCells: 600})
	require.NoError(t, err)
	return m
}

var nan = math.NaN()
