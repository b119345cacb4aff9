package runs

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"causalgrad/impl/experiment"
	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// trained is a run with its weights in blocks: a state is a token, then a position, each
// one-hot, and in the second layer the attended ones behind its own.
type trained struct {
	experiment.Record
	params, a1, a2, readout []float64
	n                       int // S + T
}

// readTrained reads the record full/NAME.json and the weights FOLDER/NAME.npy.
func readTrained(t *testing.T, folder, name string) trained {
	t.Helper()
	temporary := t.TempDir()
	store, err := experiment.OpenStore(temporary)
	require.NoError(t, err)
	for from, to := range map[string]string{"full/" + name + ".json": name + ".json", folder + "/" + name + ".npy": "weights/" + name + ".npy"} {
		data, err := os.ReadFile(from)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(temporary, to), data, 0o600))
	}
	records, err := store.Records()
	require.NoError(t, err)
	require.Len(t, records, 1)
	params, err := store.Weights(records[0])
	require.NoError(t, err)
	return newTrained(records[0], params)
}

func newTrained(r experiment.Record, params []float64) trained {
	n := r.Spec.Tokens + r.Spec.Length
	return trained{r, params, params[:n*n], params[n*n:][:4*n*n], params[5*n*n:], n}
}

// TestTheGraphStandsInTheSecondLayer pins what theory/README.md, section 7, says of the
// random graph with seed 4, of which the first layer learns no edge, to its weights, each
// number to the last digit that is written there.
func TestTheGraphStandsInTheSecondLayer(t *testing.T) {
	r := readTrained(t, "circuit", "single-random-1250cfa8ae99")
	s, n := r.Spec.Tokens, r.n
	require.Equal(t, uint64(4), r.Spec.Seed)
	require.Equal(t, 131072, r.Spec.Steps)
	require.Zero(t, r.Edges.PositionBlock.Accuracy)
	require.InDelta(t, 0.083, r.Final.OverCount.Value, 0.0005)

	// The first layer attends to tokens unlike its own, ...
	on, off := diagonal(s, func(i, j int) float64 { return r.a1[i*n+j] })
	require.InDelta(t, -3.6, on, 0.05)
	require.InDelta(t, 0.4, off, 0.05)
	smallest, second, low := 0, 0, 0
	for _, e := range r.Edges.PositionBlock.Weights {
		// ... its positions leave the parent out, ...
		switch rank(r.a1[(s+e.Child)*n+s:][:e.Child+1], e.Parent) {
		case 0:
			smallest++
		case 1:
			second++
		}
		// ... and in the second layer a position scores lowest where its parent was attended to.
		column := make([]float64, r.Spec.Length-1)
		for p := range column {
			column[p] = r.a2[(n+s+p)*2*n+s+e.Child]
		}
		if rank(column, e.Parent) == 0 {
			low++
		}
	}
	require.Equal(t, []int{15, 11, 4, 15}, []int{len(r.Edges.PositionBlock.Weights), smallest, second, low})

	// The tokens of the second layer's positions, not of what those attended to, are read out.
	on, _ = diagonal(s, func(i, j int) float64 { return r.readout[(2*n+i)*s+j] })
	require.InDelta(t, 7.6, on, 0.05)
	on, _ = diagonal(s, func(i, j int) float64 { return r.readout[(3*n+i)*s+j] })
	require.InDelta(t, -3.0, on, 0.05)
}

// TestTwoCircuits takes blocks out of the trained weights of two random graphs: what the one
// needs the other can do without. Losses are of the same 8192 sequences, so that only
// the last digit written here is open.
func TestTwoCircuits(t *testing.T) {
	induction := readTrained(t, "full/weights", "single-random-a61d287930cc")
	other := readTrained(t, "circuit", "single-random-1250cfa8ae99")
	for _, c := range []struct {
		name             string
		out              func(x trained)
		induction, other float64 // how much the loss rises
	}{
		{"the first layer's attention but the last position's", func(x trained) {
			clear(x.a1[x.Spec.Tokens*x.n : (x.n-1)*x.n])
		}, 0.3942, 0.0346},
		{"the first layer's tokens by tokens", func(x trained) {
			clearBlock(x.a1, x.n, 0, 0, x.Spec.Tokens)
		}, 0.0378, 0.2806},
		{"the second layer's token by attended tokens: the induction head", func(x trained) {
			clearBlock(x.a2, 2*x.n, 0, x.n, x.Spec.Tokens)
		}, 0.4003, 0},
		{"the second layer's attended positions by positions", func(x trained) {
			clearBlock(x.a2, 2*x.n, x.n+x.Spec.Tokens, x.Spec.Tokens, x.Spec.Length)
		}, 0.0016, 0.2479},
	} {
		require.InDelta(t, c.induction, rise(t, induction, c.out), 0.0001, c.name)
		require.InDelta(t, c.other, rise(t, other, c.out), 0.0001, c.name)
	}
}

// TestMissedEdgesStandInTheSecondLayer takes out of the two-parent run whose weights are kept
// what the second layer has of one position's own place, by the positions attended to: the
// loss rises most for the two positions of whose edges the first layer misses some. The
// last position, whose scores are the query's own, is no child here.
func TestMissedEdgesStandInTheSecondLayer(t *testing.T) {
	r := readTrained(t, "full/weights", "multi-parent-fd0a260ff895")
	require.Equal(t, uint64(1), r.Spec.Seed)
	missed := map[int]int{} // by child
	for _, e := range r.Edges.PositionBlock.Weights {
		if e.Argmax != e.Parent {
			missed[e.Child]++
		}
	}
	last := r.Spec.Length - 1
	require.Equal(t, map[int]int{16: 1, 30: 2, last: 1}, missed)
	const states = 3 // of the second layer: a position's own and each head's
	second := 2 * r.n * r.n
	for child := 2; child < last; child++ {
		rises := rise(t, r, func(x trained) {
			for from := range (states - 1) * r.n {
				if from%r.n >= r.Spec.Tokens {
					x.params[second+(r.n+from)*states*r.n+r.Spec.Tokens+child] = 0
				}
			}
		})
		switch child {
		case 30:
			require.InDelta(t, 0.033, rises, 0.0006)
		case 16:
			require.InDelta(t, 0.006, rises, 0.0006)
		default:
			require.Less(t, rises, 0.004, "child %d", child)
		}
	}
}

// rise is how much more the loss is without what out takes out.
func rise(t *testing.T, x trained, out func(trained)) float64 {
	t.Helper()
	sampled, err := x.Spec.Task()
	require.NoError(t, err)
	m, err := model.NewDisentangled(x.Spec.Tokens, x.Spec.Length, x.Spec.Heads)
	require.NoError(t, err)
	const sequences = 8192
	b := task.NewBatch(sequences, x.Spec.Length, x.Spec.Tokens)
	sampled.NewSampler().Sample(stream.New(stream.Key{Seed: 1, Purpose: stream.Test}), b)
	loss := func(params []float64) float64 {
		pass := m.NewPass()
		pass.Bind(params)
		return pass.NewWorker().LossGradient(b, nil) / sequences
	}
	without := newTrained(x.Record, slices.Clone(x.params))
	out(without)
	return loss(without.params) - loss(x.params)
}

// clearBlock sets size x size entries of a matrix with so many columns to 0.
func clearBlock(a []float64, columns, row, column, size int) {
	for i := range size {
		clear(a[(row+i)*columns+column:][:size])
	}
}

// diagonal is the mean entry on the diagonal of a block, and off it.
func diagonal(size int, at func(i, j int) float64) (on, off float64) {
	for i := range size {
		for j := range size {
			if i == j {
				on += at(i, j) / float64(size)
			} else {
				off += at(i, j) / float64(size*(size-1))
			}
		}
	}
	return on, off
}

// rank is how many of v are below v[i].
func rank(v []float64, i int) int {
	below := 0
	for _, x := range v {
		if x < v[i] {
			below++
		}
	}
	return below
}
