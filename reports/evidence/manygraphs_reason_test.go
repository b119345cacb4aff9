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
	measure := func(reason *Reason, runs ...experiment.Record) error {
		list := []Reason{*reason}
		err := measureReasons(list, runs, edges, randomWeights)
		*reason = list[0]
		return err
	}
	one := Reason{Edge: edges[2]}
	require.NoError(t, measure(&one, r))
	// The same sums in the same order.
	require.Equal(t, loss-p.lossWithRow(17, func(row []float64) { prefer(row, 14) }), one.Gain)
	learned := (p.lossWithRow(9, flatten) - loss + p.lossWithRow(10, flatten) - loss) / 2
	require.NoError(t, close.Within(one.LearnedGain, learned, 0, 1e-15)) // four roundings of losses near 1
	require.Equal(t, p.pull(17, 14, gradient)*1000, one.Pull)

	other := r
	other.Spec.Seed = 2
	two, both := Reason{Edge: edges[2]}, Reason{Edge: edges[2]}
	require.NoError(t, measure(&two, other))
	require.NoError(t, measure(&both, r, other))
	require.NotEqual(t, one.Gain, two.Gain)
	for _, v := range [][3]float64{{one.Gain, two.Gain, both.Gain}, {one.LearnedGain, two.LearnedGain, both.LearnedGain}, {one.Pull, two.Pull, both.Pull}} {
		require.NoError(t, close.Within(v[2], (v[0]+v[1])/2, 1e-14, 1e-16))
	}
}

// TestContrastsTellTheKindsApart: six values all below ten others have the exact
// two-sided P 2/C(16,6) = 2/8008; Holm multiplies the smallest by the number of
// quantities with any spread. Quantities without spread are left out, those that
// need weights want weights, and only the largest number of steps counts.
func TestContrastsTellTheKindsApart(t *testing.T) {
	var reasons []Reason
	for i := range 16 {
		r := Reason{Edge: EdgeOutcome{Steps: 64, Child: 7, Parent: 1, Published: 0.9, Weights: []float64{0.1}, Ours: Spread{Mean: 0.1}},
			OverUniform: float64(i), Siblings: (i * 7) % 5, Weights: i%2 == 0, Pull: float64(i * i % 11)}
		if i < 6 {
			r.Edge.Published = 0.1
		}
		reasons = append(reasons, r)
	}
	early := reasons[0]
	early.Edge.Steps, early.OverUniform = 32, 99
	contrasts, err := ReasonContrasts(append(reasons, early))
	require.NoError(t, err)
	require.Len(t, contrasts, 3)
	require.Equal(t, "earlier siblings", contrasts[0].Quantity)
	c := contrasts[1]
	require.Equal(t, "weight over uniform", c.Quantity)
	require.Equal(t, []int{6, 10}, []int{c.Never, c.Later})
	require.Equal(t, []float64{2.5, 10.5}, []float64{c.NeverMedian, c.LaterMedian})
	require.NoError(t, close.Within(c.P, 3*2./8008, 1e-12, 0)) // counts below 2^53 and one division
	require.Equal(t, []int{3, 5}, []int{contrasts[2].Never, contrasts[2].Later})

	r := ReasonTable(reasons, contrasts, true)
	require.Len(t, r.Table.Rows, 16)
	require.Contains(t, r.Table.Notes[len(r.Table.Notes)-2], "weight over uniform: median 2.5 over the 6 edges")
	require.Len(t, ReasonTable(reasons, contrasts, false).Table.Rows, 6)

	none, err := ReasonContrasts(reasons[:6])
	require.NoError(t, err)
	require.Empty(t, none)
}
