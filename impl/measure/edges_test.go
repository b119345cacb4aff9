package measure

import (
	"encoding/json"
	"math"
	"testing"

	"causalgrad/impl/model"
	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

func disentangled(t *testing.T, heads ...int) (*model.Disentangled, []float64) {
	t.Helper()
	m, err := model.NewDisentangled(2, 4, heads)
	require.NoError(t, err)
	return m, randomParams(m)
}

// firstLayer is A of one head of the first layer, d x d with d = S + T.
func firstLayer(t *testing.T, m *model.Disentangled, params []float64, head int) []float64 {
	t.Helper()
	d := m.Tokens() + m.SequenceLength()
	return params[head*d*d : (head+1)*d*d] // the layout starts with the first layer's heads
}

// Both senses of section 7, from the definitions: the softmax of the
// position-position block alone, and the attention that x_i = (token, position)
// really has, averaged over the sequences.
func TestBothSensesOfAttention(t *testing.T) {
	const s, length, d, n = 2, 4, 6, 300
	m, params := disentangled(t, 2, 1)
	require.Equal(t, d*d, m.Layout()[0].Size())
	tk := newTask(t, []int{-1, 0, 0}, markov.Dirichlet{Size: s, Alpha: 0.5})
	o := Options{Sequences: n, Seed: 3, Purpose: stream.Test, Stage: 2}
	blocks, err := PositionBlock(m, params, 2)
	require.NoError(t, err)
	average := AverageAttention(m, params, 2, tk, o)
	require.Len(t, blocks, 2)
	require.Len(t, average, 2)
	for h := range 2 {
		a := firstLayer(t, m, params, h)
		wantBlock, wantAverage := make([]float64, length*length), make([]float64, length*length)
		for i := range length {
			copy(wantBlock[i*length:], softmaxOf(a[(s+i)*d+s:(s+i)*d+s+i+1]))
		}
		for _, b := range sequences(tk, o) {
			for q := range b.N {
				tokens := b.Sequence(q)
				for i := range length {
					scores := make([]float64, i+1)
					for j := range scores {
						ti, tj := int(tokens[i]), int(tokens[j])
						scores[j] = a[ti*d+tj] + a[ti*d+s+j] + a[(s+i)*d+tj] + a[(s+i)*d+s+j]
					}
					for j, w := range softmaxOf(scores) {
						wantAverage[i*length+j] += w / n
					}
				}
			}
		}
		require.NoError(t, close.AllWithin(blocks[h], wantBlock, rounding, 0), "head %d", h)
		require.NoError(t, close.AllWithin(average[h], wantAverage, rounding, 0), "head %d", h)
	}
	require.NotEqual(t, blocks[0], blocks[1])
}

func TestPositionBlockBelongsToModelsWithPositions(t *testing.T) {
	m, err := model.NewTransformer(2, 4, 1)
	require.NoError(t, err)
	_, err = PositionBlock(m, make([]float64, m.Layout().Size()), 1)
	require.EqualError(t, err, `model "transformer" has no position-position block`)
}

func TestMaskedSoftmax(t *testing.T) {
	row := []float64{1000, 1000 - math.Log(3)} // would overflow without the shift
	maskedSoftmax(row)
	require.NoError(t, close.AllWithin(row, []float64{0.75, 0.25}, 1e-12, 0), "log 3 beside 1000 keeps 13 digits")
}

func TestForestEdgeAttention(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0, 0, 2})
	require.NoError(t, err)
	block := []float64{
		1, 0, 0, 0, 0,
		0.75, 0.25, 0, 0, 0,
		0.25, 0.5, 0.25, 0, 0,
		0.125, 0.125, 0.5, 0.25, 0,
		0, 0, 0, 0, 1, // the last position is outside the forest
	}
	e := EdgeAttention(f, [][]float64{block})
	require.Equal(t, Edges{Mean: 0.5, Min: 0.25, Accuracy: 2.0 / 3, Weights: []EdgeWeight{
		{Child: 1, Parent: 0, Weight: 0.75, Argmax: 0},
		{Child: 2, Parent: 0, Weight: 0.25, Argmax: 1},
		{Child: 3, Parent: 2, Weight: 0.5, Argmax: 2},
	}}, e)
}

func TestEdgeAttentionOfRootsAloneIsEmpty(t *testing.T) {
	f, err := graph.NewForest([]int{-1, -1})
	require.NoError(t, err)
	e := EdgeAttention(f, [][]float64{make([]float64, 9)})
	text, err := json.Marshal(e)
	require.NoError(t, err)
	require.JSONEq(t, `{"mean":0,"min":0,"argmax_accuracy":0,"weights":[]}`, string(text))
}

// The argmax is over keys up to the child: larger weights above the diagonal,
// which a caller's matrix may have, do not count; a tie goes to the first.
func TestArgmaxIsCausal(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0, 1})
	require.NoError(t, err)
	e := EdgeAttention(f, [][]float64{{
		0, 0, 0, 0,
		0.5, 0.5, 9, 0,
		0.5, 0.5, 0, 9,
		0, 0, 0, 0}})
	require.Equal(t, []EdgeWeight{{Child: 1, Parent: 0, Weight: 0.5, Argmax: 0}, {Child: 2, Parent: 1, Weight: 0.5, Argmax: 0}}, e.Weights)
	require.Equal(t, 0.5, e.Accuracy)
}

// twoParents has two positions with two parents each; the third edge of the
// target is not a position and not counted.
func twoParents(t *testing.T) graph.DAG {
	g, err := graph.NewDAG([][]int{nil, nil, {0, 1}, {1, 2}, {2, 3}})
	require.NoError(t, err)
	return g
}

// head is a matrix whose rows 2 and 3 put all weight on two given keys.
func head(second, third int) []float64 {
	block := make([]float64, 16)
	block[2*4+second], block[3*4+third] = 1, 1
	return block
}

func TestHeadsAreAssignedToParentSlots(t *testing.T) {
	g := twoParents(t)
	straight := EdgeAttention(g, [][]float64{head(0, 1), head(1, 2)})
	crossed := EdgeAttention(g, [][]float64{head(1, 2), head(0, 1)})
	for _, e := range []Edges{straight, crossed} {
		require.Equal(t, []float64{1, 1, 1}, []float64{e.Mean, e.Min, e.Accuracy})
		require.Len(t, e.Weights, 4)
	}
	require.Equal(t, EdgeWeight{Child: 3, Parent: 2, Slot: 1, Head: 1, Weight: 1, Argmax: 2}, straight.Weights[3])
	require.Equal(t, EdgeWeight{Child: 3, Parent: 2, Slot: 1, Head: 0, Weight: 1, Argmax: 2}, crossed.Weights[3])

	// Both heads right on slot 0: only one of them has it.
	e := EdgeAttention(g, [][]float64{head(0, 1), head(0, 1)})
	require.Equal(t, []float64{0.5, 0, 0.5}, []float64{e.Mean, e.Min, e.Accuracy})
	// A head that looks at both parents serves one slot alone.
	both := head(0, 1)
	for i := range both {
		both[i] = (both[i] + head(1, 2)[i]) / 2
	}
	e = EdgeAttention(g, [][]float64{both, make([]float64, 16)})
	require.Equal(t, 0.25, e.Mean)
	// One head: the better slot counts alone.
	e = EdgeAttention(g, [][]float64{head(1, 2)})
	require.Equal(t, []float64{1, 1, 1}, []float64{e.Mean, e.Min, e.Accuracy})
	require.Equal(t, []EdgeWeight{{Child: 2, Parent: 1, Slot: 1, Weight: 1, Argmax: 1}, {Child: 3, Parent: 2, Slot: 1, Weight: 1, Argmax: 2}}, e.Weights)
	// A third head that does nothing changes nothing.
	e = EdgeAttention(g, [][]float64{make([]float64, 16), head(0, 1), head(1, 2)})
	require.Equal(t, 1.0, e.Mean)
	require.Equal(t, 1, e.Weights[0].Head)
}

// Flat attention is within a tenth of uniform on every edge.
func TestFlatAttentionIsNearlyUniformOnEveryEdge(t *testing.T) {
	of := func(weights ...EdgeWeight) bool { return Edges{Weights: weights}.Flat() }
	require.True(t, of(EdgeWeight{Child: 1, Weight: 0.5}, EdgeWeight{Child: 3, Weight: 0.25}))
	require.True(t, of(EdgeWeight{Child: 1, Weight: 0.545}, EdgeWeight{Child: 3, Weight: 0.2275}))
	require.False(t, of(EdgeWeight{Child: 1, Weight: 0.5}, EdgeWeight{Child: 3, Weight: 0.2775}))
	require.False(t, of(EdgeWeight{Child: 1, Weight: 0.445}))
	require.False(t, of(EdgeWeight{Child: 1, Weight: 0.5}, EdgeWeight{Child: 3, Weight: 0.5}))
	require.False(t, of(EdgeWeight{Child: 1, Weight: math.NaN()}))
	require.False(t, of(), "a graph without edges")
}
