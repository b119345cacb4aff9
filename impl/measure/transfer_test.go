package measure

import (
	"math"
	"slices"
	"testing"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

func TestRelabellings(t *testing.T) {
	for s, want := range map[int]int{2: 1, 3: 5, 4: 5, 10: 5} {
		orders := relabellings(s, stream.New(stream.Key{Seed: 1, Purpose: stream.Shift}))
		require.Len(t, orders, want)
		seen := map[string]bool{}
		for _, o := range orders {
			sorted := slices.Sorted(slices.Values(o))
			for i, v := range sorted {
				require.Equal(t, i, v)
			}
			require.False(t, slices.IsSorted(o), "the identity")
			seen[string([]rune{rune(o[0]), rune(o[1]), rune(o[s-1])})] = true
		}
	}
}

// TestRelabel: the reduced model with A2 = 2 I knows no token, whatever A1; with
// one more entry it does, and every number is the one of the plain definition.
func TestRelabel(t *testing.T) {
	m, err := model.NewReduced(3, 5, 0.01)
	require.NoError(t, err)
	params := randomParams(m)
	a2, err := m.Layout().Block("A2")
	require.NoError(t, err)
	copy(a2.Of(params), []float64{2, 0, 0, 0, 2, 0, 0, 0, 2})
	job := newTask(t, []int{-1, 0, 1, 1}, markov.Cyclic{Size: 3, Weight: 0.8, Alpha: 1})
	o := Options{Sequences: 300, Seed: 3, Purpose: stream.Shift, Stage: 7}
	r := Relabel(m, params, job, 0.1, o)
	require.LessOrEqual(t, r.Worst, rounding, "largest defect of a model that knows no token")
	require.LessOrEqual(t, r.LossShift.Value, rounding, "change of the loss of a model that knows no token")
	require.Greater(t, r.CountDistance.Value, 0.01)

	a2.Of(params)[1] = 3
	r = Relabel(m, params, job, 0.1, o)
	require.Equal(t, 5, r.Permutations)
	defect, change, shift, worst := naiveRelabelling(m, params, job, o)
	for _, c := range []struct{ got, want Mean }{{r.Defect, meanOf(defect)}, {r.LossChange, meanOf(change)}, {r.LossShift, meanOf(shift)}} {
		require.NoError(t, close.Within(c.got.Value, c.want.Value, 0, rounding))
		require.NoError(t, close.Within(c.got.StdErr, c.want.StdErr, 0, rounding))
	}
	require.NoError(t, close.Within(r.Worst, worst, 0, rounding))
	require.Greater(t, r.Defect.Value, 0.01)
	o.Workers = 3
	require.Equal(t, r, Relabel(m, params, job, 0.1, o), "workers change nothing")
}

// naiveRelabelling averages over all relabellings of three tokens but the
// identity, one sequence at a time.
func naiveRelabelling(m model.Model, params []float64, job task.Task, o Options) (defect, change, shift []float64, worst float64) {
	pass := m.NewPass()
	pass.Bind(params)
	w := pass.NewWorker()
	one := func(b *task.Batch) ([]float64, float64) {
		f := make([]float64, 3)
		w.Predict(b, f)
		return f, w.LossGradient(b, nil)
	}
	for _, b := range sequences(job, o) {
		for n := range b.N {
			f, loss := one(b.Slice(n, n+1))
			d, c, a := 0.0, 0.0, 0.0
			for _, order := range [][]int{{0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
				other := task.NewBatch(1, b.T, 3)
				for i, v := range b.Sequence(n) {
					other.Tokens[i] = uint16(order[v])
				}
				for v, p := range b.Target(n) {
					other.Targets[order[v]] = p
				}
				g, moved := one(other)
				largest := 0.0
				for v := range f {
					largest = max(largest, math.Abs(f[v]-g[order[v]]))
				}
				d, c, a, worst = d+largest/5, c+(moved-loss)/5, a+math.Abs(moved-loss)/5, max(worst, largest)
			}
			defect, change, shift = append(defect, d), append(change, c), append(shift, a)
		}
	}
	return defect, change, shift, worst
}

// TestTraits on chains whose spectrum is known. A circulant chain's singular
// values are the moduli of its eigenvalues, so that of S = 3 has two equal ones.
func TestTraits(t *testing.T) {
	for _, c := range []struct {
		rows         [][]float64
		second, rank float64
		complex      bool
	}{
		{[][]float64{{.9, .1}, {.1, .9}}, .8, 0, false},
		{[][]float64{{.1, .9}, {.9, .1}}, -.8, 0, false},
		{[][]float64{{.6, .2, .2}, {.2, .6, .2}, {.2, .2, .6}}, .4, 1, false},
		// Circulant: l2 = 0.7 w + 0.15 (1 + w^2) = 0.55 w, with w a third root of 1.
		{[][]float64{{.15, .7, .15}, {.15, .15, .7}, {.7, .15, .15}}, .55, 1, true},
		// Two equal rows: one singular value, l2 = pi[0][0] - pi[1][0].
		{[][]float64{{.5, .25, .25}, {.1, .45, .45}, {.1, .45, .45}}, .4, 0, false},
	} {
		chain, err := markov.NewChain(c.rows)
		require.NoError(t, err)
		own, err := traitsOf(chain)
		require.NoError(t, err)
		require.Equal(t, c.complex, imag(own.second) != 0)
		got := real(own.second)
		if c.complex {
			got = math.Hypot(real(own.second), imag(own.second))
		}
		// Double eigenvalues of a symmetric or circulant (normal) matrix are as
		// well conditioned as single ones: some units of 2^-53.
		require.NoError(t, close.Within(got, c.second, 0, 1e-14))
		require.NoError(t, close.Within(own.rank, c.rank, 0, 1e-13))
	}
}

// TestSort: bands of a kind are disjoint and hold every chain of the pool (the
// rank-one prior's are a band of the first kind and of no other), their means add
// up to those over the pool, and the first band has no second eigenvalue.
func TestSort(t *testing.T) {
	m, err := model.NewDisentangled(3, 5, []int{1, 1})
	require.NoError(t, err)
	params := randomParams(m)
	job := newTask(t, []int{-1, 0, 1, 1}, markov.Dirichlet{Size: 3, Alpha: 0.1})
	o := Options{Sequences: 128, Seed: 2, Purpose: stream.Shift}
	s, err := Sort(m, params, job, 0.1, o)
	require.NoError(t, err)
	total := map[string]int{}
	gap, over := 0.0, 0.0
	for _, b := range s.Bands {
		total[b.Kind] += b.Sequences
		require.NoError(t, close.Within(b.Gap.Value-b.CountGap.Value, b.Over.Value, 0, rounding))
		if b.Kind == "gap" {
			gap += b.Gap.Value * float64(b.Sequences)
			over += b.SupError.Value * float64(b.Sequences)
		}
	}
	require.Equal(t, map[string]int{"gap": 1280, "second eigenvalue": 1152, "effective rank": 1152}, total)
	require.LessOrEqual(t, s.Bands[0].Second.Value, rankOne)
	require.Greater(t, s.Bands[4].Second.Value, 0.9)

	wantGap, wantSup := 0.0, 0.0
	for i, text := range s.Pool {
		prior, err := markov.ParsePrior(text, 3)
		require.NoError(t, err)
		other, err := job.WithPrior(prior)
		require.NoError(t, err)
		o.Stage = spectralStage + uint64(i)
		l, err := Evaluate(m, params, other, 0.1, o)
		require.NoError(t, err)
		wantGap += l.Gap.Value * 128
		wantSup += l.SupError.Value * 128
	}
	// Sums of 1280 numbers of order 1.
	require.NoError(t, close.Within(gap, wantGap, 0, 1280*rounding))
	require.NoError(t, close.Within(over, wantSup, 0, 1280*rounding))

	one := o
	one.Workers, one.Stage = 1, 0
	again, err := Sort(m, params, job, 0.1, one)
	require.NoError(t, err)
	require.Equal(t, s, again, "workers change nothing")

	g, err := graph.NewDAG([][]int{nil, {0}, {0, 1}, {1}, {2}, {3}})
	require.NoError(t, err)
	several, err := task.New(g, markov.Dirichlet{Size: 3, Alpha: 1})
	require.NoError(t, err)
	_, err = Sort(m, params, several, 0.1, o)
	require.ErrorContains(t, err, "want a forest")
}
