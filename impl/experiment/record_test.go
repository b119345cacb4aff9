package experiment

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"testing"

	"causalgrad/impl/measure"
	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// A record holds what package measure says of the trained parameters, on the
// streams that belong to the test, the priors and the attention, and the hash of
// the parameters' bits.
func TestARecordIsWhatMeasureSays(t *testing.T) {
	s := tiny()
	s.Shifted = []string{"dirichlet:1", "sticky:0.9,1"}
	r, params := uninterrupted(t, s)
	f, err := graph.Chain(5)
	require.NoError(t, err)
	tk, err := task.New(f, markov.Dirichlet{Size: 2, Alpha: 0.1})
	require.NoError(t, err)
	m, err := model.NewDisentangled(2, 5, []int{1, 1})
	require.NoError(t, err)
	o := measure.Options{Sequences: 64, Seed: s.Seed, Purpose: stream.Test}
	want, err := measure.Evaluate(m, params, tk, 0.1, o)
	require.NoError(t, err)
	require.Equal(t, want, r.Final)
	o.Purpose = stream.Shift
	for i, text := range s.Shifted {
		prior, err := markov.ParsePrior(text, 2)
		require.NoError(t, err)
		other, err := tk.WithPrior(prior)
		require.NoError(t, err)
		o.Stage = uint64(i)
		want, err := measure.Evaluate(m, params, other, 0.1, o)
		require.NoError(t, err)
		require.Equal(t, want, r.Shifted[i], text)
	}
	blocks, err := measure.PositionBlock(m, params, 1)
	require.NoError(t, err)
	edges := measure.EdgeAttention(f, blocks)
	require.Equal(t, &edges, r.Edges.PositionBlock)
	require.Equal(t, edges.Accuracy, r.Edges.Accuracy)
	o.Purpose, o.Stage = stream.Test, 2
	require.Equal(t, measure.EdgeAttention(f, measure.AverageAttention(m, params, 1, tk, o)), r.Edges.Attention)

	last := r.Curve[len(r.Curve)-1]
	require.Equal(t, []any{s.Steps, edges.Mean}, []any{last.Step, last.EdgeMean})
	o.Stage = 1
	curve, err := measure.Evaluate(m, params, tk, 0.1, o)
	require.NoError(t, err)
	require.Equal(t, curve.Loss.Value, last.Loss)

	h := sha256.New()
	for _, v := range params {
		bits := math.Float64bits(v)
		h.Write([]byte{byte(bits), byte(bits >> 8), byte(bits >> 16), byte(bits >> 24), byte(bits >> 32), byte(bits >> 40), byte(bits >> 48), byte(bits >> 56)})
	}
	require.Equal(t, hex.EncodeToString(h.Sum(nil)), r.WeightsHash)
	require.Equal(t, []any{Schema, s}, []any{r.Schema, r.Spec})
	require.NotEmpty(t, r.Provenance.Machine)
	require.Positive(t, r.Provenance.WallSeconds)
}

// A zero start predicts the uniform distribution, whose loss is log S, and with a
// constant rate a longer run begins like a shorter one.
func TestCurvesBeginAtLogSAndGrow(t *testing.T) {
	s := tiny()
	s.InitScale, s.Schedule, s.Steps = 0, "constant", 8
	short, _ := uninterrupted(t, s)
	s.Steps = 12
	long, _ := uninterrupted(t, s)
	require.NoError(t, close.Within(short.Curve[0].Loss, math.Log(2), 64*0x1p-53, 0), "loss at step 0")
	for i, p := range short.Curve {
		require.Equal(t, p, long.Curve[i], "point %d", i) // steps 0, 1, 2, 4, 8 of both
	}
	s.Schedule = "cosine"
	cosine, _ := uninterrupted(t, s)
	require.NotEqual(t, long.Curve[4], cosine.Curve[4])
}

// The official configurations, written out from the published code.
func TestPresetsAreTheOfficialConfigurations(t *testing.T) {
	type official struct {
		id, graph, model, optimizer string
		length, tokens              int
		heads                       []int
		lr, decay, init             float64
		steps                       int
	}
	var got []official
	for _, p := range append(Presets(), Preset{Spec: ManyGraph(7, make([]int, 19))}) {
		s := p.Spec
		require.Equal(t, []any{"dirichlet:0.1", 1024, uint64(1), 65536}, []any{s.Prior, s.Batch, s.Seed, s.TestSequences}, s.ID)
		got = append(got, official{s.ID, s.Graph, s.Model, s.Optimizer, s.Length, s.Tokens, s.Heads, s.LR, s.WeightDecay, s.InitScale, s.Steps})
		schedule := "cosine"
		if s.ID == "many-graphs-07" {
			schedule = "constant"
		}
		require.Equal(t, schedule, s.Schedule, s.ID)
	}
	one := []int{1, 1}
	require.Equal(t, []official{
		{"single-chain", "chain", "disentangled", "sgd", 20, 10, one, 1, 0, 0, 131072},
		{"single-icl", "icl", "disentangled", "sgd", 20, 10, one, 1, 0, 0, 131072},
		{"single-random", "random:uniform", "disentangled", "sgd", 20, 10, one, 1, 0, 0, 131072},
		{"multi-parent", "trigram-half", "disentangled", "adamw", 32, 5, []int{2, 1}, 1e-2, 1e-4, 1e-4, 65536},
		{"mlp-chain", "chain", "transformer", "adamw", 20, 10, one, 1e-2, 2e-4, 0, 4096},
		{"many-graphs-07", "parents:0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0", "disentangled", "sgd", 20, 3, one, 1, 0, 0, 16384},
	}, got)
	quick := Quick(9, [][]int{{-1, 0, 0}})
	require.Len(t, quick, 3)
	require.Equal(t, []string{"quick-chain", "quick-icl", "quick-forest-0"}, []string{quick[0].ID, quick[1].ID, quick[2].ID})
	require.Equal(t, []any{"chain", 20, 9}, []any{quick[0].Graph, quick[0].Length, quick[0].Steps})
	require.Equal(t, []any{"parents:-1,0,0", 4, 9}, []any{quick[2].Graph, quick[2].Length, quick[2].Steps})
}

// The reduced model has an infinite loss at eps = 0, and workers have bounds.
func TestRunsRefuseByName(t *testing.T) {
	s := reducedSpec()
	s.Eps = 0
	require.ErrorContains(t, s.Validate(), "eps = 0, want above 0 for the reduced model")
	_, params := uninterrupted(t, reducedSpec())
	for _, workers := range []int{-1, maxWorkers + 1} {
		_, _, err := Run(t.Context(), reducedSpec(), Options{Workers: workers})
		require.ErrorContains(t, err, "workers = ")
		_, err = Measure(t.Context(), reducedSpec(), params, Options{Workers: workers})
		require.ErrorContains(t, err, "workers = ")
	}
}

// The memory of a run, by hand: S = 2, T = 5, one head each: 49 + 196 + 56
// parameters; 80 sequences are two shards.
func TestMemoryIsEstimatedFromTheSizes(t *testing.T) {
	require.Equal(t, int64(10<<20+8*(301*(2+16+4*3)+(3+1)*64*16*5*2+3*5*8*2*2+tiny().TestSequences)), tiny().memory(3))
	require.Equal(t, float64(40*80*301), tiny().Work())
	require.Equal(t, int64(2<<30), int64(DefaultMemory))
}
