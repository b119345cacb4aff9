package evidence

import (
	"math"
	"testing"

	"causalgrad/impl/experiment"
	"causalgrad/impl/model"
	"causalgrad/theory/close"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// randomWeights are parameters of a spec's model, uniform in (-1, 1).
func randomWeights(r experiment.Record) ([]float64, error) {
	m, err := r.Spec.NewModel()
	if err != nil {
		return nil, err
	}
	params := make([]float64, m.Layout().Size())
	s := stream.New(stream.Key{Seed: r.Spec.Seed, Purpose: stream.Init})
	for i := range params {
		params[i] = 2*s.Float64() - 1
	}
	return params, nil
}

// forestProbe probes random weights on the fifth published forest.
func forestProbe(t *testing.T) (*probe, experiment.Record) {
	t.Helper()
	r := forestRun(publishedForests(t).Trials[4], 64, 1, 0)
	m, params, err := trained(r, randomWeights)
	require.NoError(t, err)
	p, err := newProbe(m, params, r.Spec)
	require.NoError(t, err)
	return p, r
}

// positionWeight is the softmax weight of an edge, by the library's own reading
// of the position block.
func positionWeight(t *testing.T, m *model.Disentangled, params []float64, child, parent int) float64 {
	t.Helper()
	scores, sum := make([]float64, m.SequenceLength()*m.SequenceLength()), 0.0
	m.PositionScores(params, 0, scores)
	row := scores[child*m.SequenceLength():][:child+1]
	for _, s := range row {
		sum += math.Exp(s - row[parent])
	}
	return 1 / sum
}

// TestPullIsTheRateOfTheLogOdds: a small step of gradient descent moves the
// log-odds of the parent by the step times the pull. For h = 1e-4 the second
// order is h times the gradient's square, below 1e-3 of it; rounding is 2^-53/h = 1e-12.
func TestPullIsTheRateOfTheLogOdds(t *testing.T) {
	p, r := forestProbe(t)
	_, gradient := p.lossGradient()
	const h = 1e-4
	moved := append([]float64(nil), p.params...)
	for i := range moved {
		moved[i] -= h * gradient[i]
	}
	odds := func(params []float64, child, parent int) float64 {
		w := positionWeight(t, p.model, params, child, parent)
		return math.Log(w / (1 - w))
	}
	for _, w := range r.Edges.PositionBlock.Weights {
		rate := (odds(moved, w.Child, w.Parent) - odds(p.params, w.Child, w.Parent)) / h
		require.NoError(t, close.Within(p.pull(w.Child, w.Parent, gradient), rate, 1e-3, 1e-10), "%d -> %d", w.Child, w.Parent)
	}
}

// TestRowsAreSet: prefer leaves 1/100 for all others, flatten the same weight for
// every position; neither touches the rest. Both end in a softmax of at most 20
// terms: 20 roundings of 2^-53.
func TestRowsAreSet(t *testing.T) {
	p, _ := forestProbe(t)
	changed := append([]float64(nil), p.params...)
	prefer(p.row(changed, 17), 14)
	require.NoError(t, close.Within(positionWeight(t, p.model, changed, 17, 14), 0.99, 1e-14, 0))
	flatten(p.row(changed, 9))
	for k := range 10 {
		require.NoError(t, close.Within(positionWeight(t, p.model, changed, 9, k), 0.1, 1e-14, 0))
	}
	differing := 0
	for i, v := range p.params {
		if changed[i] != v {
			differing++
		}
	}
	require.Equal(t, 1+10, differing)
}

// TestReasonsAreMeansOverTheRuns: the gains of two runs are the means of theirs,
// and the loss of an unchanged row is the loss.
func TestReasonsAreMeansOverTheRuns(t *testing.T) {
	p, r := forestProbe(t)
	loss, gradient := p.lossGradient()
	same := p.lossWithRow(9, func([]float64) {})
	require.NoError(t, close.Within(same, loss, 1e-12, 0)) // 4096 terms in another order at most
	edges := []EdgeOutcome{{Child: 9, Parent: 5, Published: 0.9, Ours: Spread{Mean: 0.9}},
		{Child: 10, Parent: 9, Published: 0.9, Ours: Spread{Mean: 0.9}}, {Child: 17, Parent: 14}}
	one := Reason{Edge: edges[2]}
	require.NoError(t, one.measure([]experiment.Record{r}, edges, randomWeights))
	// The same sums in the same order.
	require.Equal(t, loss-p.lossWithRow(17, func(row []float64) { prefer(row, 14) }), one.Gain)
	learned := (p.lossWithRow(9, flatten) - loss + p.lossWithRow(10, flatten) - loss) / 2
	require.NoError(t, close.Within(one.LearnedGain, learned, 0, 1e-15)) // four roundings of losses near 1
	require.Equal(t, p.pull(17, 14, gradient)*1000, one.Pull)

	other := r
	other.Spec.Seed = 2
	two, both := Reason{Edge: edges[2]}, Reason{Edge: edges[2]}
	require.NoError(t, two.measure([]experiment.Record{other}, edges, randomWeights))
	require.NoError(t, both.measure([]experiment.Record{r, other}, edges, randomWeights))
	require.NotEqual(t, one.Gain, two.Gain)
	for _, v := range [][3]float64{{one.Gain, two.Gain, both.Gain}, {one.LearnedGain, two.LearnedGain, both.LearnedGain}, {one.Pull, two.Pull, both.Pull}} {
		require.NoError(t, close.Within(v[2], (v[0]+v[1])/2, 1e-14, 1e-16))
	}
}
