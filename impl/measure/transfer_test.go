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
	"gonum.org/v1/gonum/mat"
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
	defect, change, shift, distance, worst := naiveRelabelling(m, params, job, o)
	for what, c := range map[string]struct {
		got  Mean
		want []float64
	}{"defect": {r.Defect, defect}, "change of the loss": {r.LossChange, change}, "absolute change": {r.LossShift, shift}, "distance to the count": {r.CountDistance, distance}} {
		want := meanOf(c.want)
		require.NoError(t, close.Within(c.got.Value, want.Value, 0, rounding), what)
		require.NoError(t, close.Within(c.got.StdErr, want.StdErr, 0, rounding), "standard error of the %s", what)
	}
	require.NoError(t, close.Within(r.Worst, worst, 0, rounding), "largest defect")
	require.Greater(t, r.Defect.Value, 0.01)
	o.Workers = 3
	require.Equal(t, r, Relabel(m, params, job, 0.1, o), "workers change nothing")
}

// naiveRelabelling averages over all relabellings of three tokens but the
// identity, one sequence at a time.
func naiveRelabelling(m model.Model, params []float64, job task.Task, o Options) (defect, change, shift, distance []float64, worst float64) {
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
			count, far := make([]float64, 3), 0.0
			job.CountEstimate(b.Slice(n, n+1), 0.1, count)
			for v := range f {
				far = max(far, math.Abs(f[v]-count[v]))
			}
			distance = append(distance, far)
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
	return defect, change, shift, distance, worst
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
		require.NoError(t, close.Within(got, c.second, 0, 1e-14), "second eigenvalue of %v", c.rows)
		require.NoError(t, close.Within(own.rank, c.rank, 0, 1e-13), "effective rank of %v", c.rows)
	}
}

// The effective rank is that of the singular values of the centred kernel, as
// gonum's decomposition gives them.
func TestEffectiveRankIsThatOfTheSingularValues(t *testing.T) {
	for seed := range uint64(10) {
		const s = 4
		chain, err := markov.DrawChain(markov.Dirichlet{Size: s, Alpha: 0.7}, stream.Key{Seed: seed, Purpose: stream.Law})
		require.NoError(t, err)
		var d mat.SVD
		require.True(t, d.Factorize(mat.NewDense(s, s, chain.CentredKernel()), mat.SVDNone))
		square, fourth := 0.0, 0.0
		for _, v := range d.Values(nil) {
			square += v * v
			fourth += v * v * v * v
		}
		own, err := traitsOf(chain)
		require.NoError(t, err)
		// Singular values below 1 are good to 2^-50, their squares and fourth powers
		// too, relatively to the largest.
		require.NoError(t, close.Within(own.rank, (square*square/fourth-1)/(s-2), 0, 1e-12), "effective rank of a chain of seed %d", seed)
	}
}

// Every chain is in one band of the gap, and in the one that its modulus says.
func TestBandsOfTheGap(t *testing.T) {
	for m, want := range map[float64]string{0: "rank one", 1e-7: "rank one", 2e-7: "|l2| below 0.3", 0.2999: "|l2| below 0.3", 0.3: "|l2| 0.3 to 0.6", 0.5999: "|l2| 0.3 to 0.6",
		0.6: "|l2| 0.6 to 0.9", 0.8999: "|l2| 0.6 to 0.9", 0.9: "|l2| from 0.9", 1: "|l2| from 0.9"} {
		for _, second := range []complex128{complex(m, 0), complex(-m, 0), complex(0, m)} {
			var names []string
			for _, band := range spectralBands {
				if band.kind == "gap" && band.holds(traits{second: second}) {
					names = append(names, band.name)
				}
			}
			require.Equal(t, []string{want}, names, "second eigenvalue %v", second)
		}
	}
	for rank, want := range map[float64]string{0: "low third", 0.3333: "low third", 0.3334: "middle third", 0.6666: "middle third", 0.6667: "high third", 1: "high third"} {
		for _, band := range spectralBands {
			if band.kind == "effective rank" {
				require.Equal(t, band.name == want, band.holds(traits{second: 0.5, rank: rank}), "rank %v, %s", rank, band.name)
			}
		}
	}
}

// TestBySpectrum: bands of a kind are disjoint and hold every chain of the pool (the
// rank-one prior's are a band of the first kind and of no other), their means add
// up to those over the pool, and the first band has no second eigenvalue.
func TestBySpectrum(t *testing.T) {
	m, err := model.NewDisentangled(3, 5, []int{1, 1})
	require.NoError(t, err)
	params := randomParams(m)
	job := newTask(t, []int{-1, 0, 1, 1}, markov.Dirichlet{Size: 3, Alpha: 0.1})
	o := Options{Sequences: 128, Seed: 2, Purpose: stream.Shift}
	s, err := BySpectrum(m, params, job, 0.1, o)
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
	again, err := BySpectrum(m, params, job, 0.1, one)
	require.NoError(t, err)
	require.Equal(t, s, again, "workers change nothing")

	g, err := graph.NewDAG([][]int{nil, {0}, {0, 1}, {1}, {2}, {3}})
	require.NoError(t, err)
	several, err := task.New(g, markov.Dirichlet{Size: 3, Alpha: 1})
	require.NoError(t, err)
	_, err = BySpectrum(m, params, several, 0.1, o)
	require.ErrorContains(t, err, "want a forest")
}
