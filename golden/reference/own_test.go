package reference

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"causalgrad/impl/measure"
	"causalgrad/theory/graph"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// The dags of files of our own, T = 6.
var (
	oneParent      = []int{-1, 0, 0, 1, 2}
	severalParents = [][]int{{}, {}, {0, 1}, {1, 2}, {1, 3}, {2, 4}, {2, 5}}
)

// ownRun is a training run whose official side we make ourselves.
type ownRun struct {
	Architecture
	dag       any
	optimizer string
}

type object = map[string]any

// file is the run's file: random parameters, everything else measured on
// sequences of the given seed.
func (r ownRun) file(t *testing.T, seed uint64) []byte {
	const n = 4096
	m, err := DefaultModel(r.Architecture)
	require.NoError(t, err)
	s := stream.New(stream.Key{Seed: seed, Purpose: stream.Init})
	params := make([]float64, m.Layout().Size())
	for i := range params {
		params[i] = float64(float32(0.3 * s.Normal()))
	}
	p := Problem{Tokens: r.Tokens, Length: r.Length, Alpha: 0.5}
	switch dag := r.dag.(type) {
	case []int:
		p.Graph, err = graph.NewForest(dag)
	case [][]int:
		p.Graph, err = graph.NewDAG(dag)
	}
	require.NoError(t, err)
	task, err := p.Task()
	require.NoError(t, err)
	pass := m.NewPass()
	pass.Bind(params)
	means := func(step uint64) (v [columns]float64) {
		for c, column := range sample(pass, task, p.Alpha, p.Alpha, n, stream.Key{Seed: seed, Purpose: stream.Test, Step: step}) {
			v[c] = average(column)
		}
		return v
	}
	test, shifted := means(0), means(1)
	attention := measure.AverageAttention(m, params, r.Heads[0], task, measure.Options{Sequences: n, Seed: seed, Purpose: stream.Test})
	summary := edges(p.Graph, attention)
	position := attention // the transformer has no position block; nobody compares it
	if blocks, err := measure.PositionBlock(m, params, r.Heads[0]); err == nil {
		position = blocks
	}
	short := func(s object) object { return object{"edge_mean": s["edge_mean"], "argmax_acc": s["argmax_acc"]} }
	checkpoint := object{"step": 3, "test_loss": test[ofLoss], "posblock": short(edges(p.Graph, position)), "avg_attn": short(summary)}
	start := object{"step": 0, "test_loss": 1.7, "posblock": short(summary), "avg_attn": short(summary)} // from random scores
	data, err := json.Marshal(object{
		"name": "own", "vocab_size": r.Tokens, "seq_len": r.Length, "heads": r.Heads, "dag": r.dag, "alpha": p.Alpha,
		"optimizer": r.optimizer, "lr": 0.01, "lr_schedule": "cosine", "wd": 0, "batch": 8, "steps": 3, "n_test": n, "seed": 0,
		"final_test_loss": test[ofLoss], "bayes_official": test[ofWrappedCount], "bayes_nowrap": test[ofCount], "entropy_y": test[ofEntropy],
		"final_mean_sup_err": test[ofSupError], "final_pred_argmax_acc": test[ofAccuracy],
		"trajectory": []any{start, checkpoint}, "train_loss_every64": []any{},
		"edges":                           object{"posblock": edges(p.Graph, position), "avg_attn": summary},
		"A1_pos_softmax":                  squares(position, r.Length),
		"A1_avg_attention_4096_test_seqs": squares(attention, r.Length),
		"ood": []any{object{"alpha": p.Alpha, "n": n, "test_loss": shifted[ofLoss], "bayes_official": shifted[ofWrappedCount],
			"bayes_nowrap": shifted[ofCount], "entropy_y": shifted[ofEntropy], "mean_sup_err_model": shifted[ofSupError],
			"pred_argmax_acc": shifted[ofAccuracy], "mean_sup_err_bayes_nowrap": shifted[ofCountSupError],
			"bayes_nowrap_with_train_alpha": shifted[ofTrainingCount]}},
		"final_params": r.nested(t, params),
	})
	require.NoError(t, err)
	return data
}

// edges is a summary in the form of a forest's.
func edges(g graph.Graph, blocks [][]float64) object {
	e := measure.EdgeAttention(g, blocks)
	children, weights := []int{}, []float64{}
	for _, w := range e.Weights {
		children, weights = append(children, w.Child), append(weights, w.Weight)
	}
	return object{"edge_mean": e.Mean, "edge_min": e.Min, "argmax_acc": e.Accuracy, "edges": children, "edge_weights": weights}
}

func squares(blocks [][]float64, size int) [][][]float64 {
	list := make([][][]float64, len(blocks))
	for h, b := range blocks {
		list[h] = rows(b, size)
	}
	return list
}

func rows(flat []float64, width int) [][]float64 {
	var list [][]float64
	for at := 0; at < len(flat); at += width {
		list = append(list, flat[at:at+width])
	}
	return list
}

// nested writes a flat vector in the structure of the files.
func (r ownRun) nested(t *testing.T, params []float64) object {
	m, err := DefaultModel(r.Architecture)
	require.NoError(t, err)
	block := func(name string) [][]float64 {
		b, err := m.Layout().Block(name)
		require.NoError(t, err)
		return rows(b.Of(params), b.Cols)
	}
	var a, v, mlps []any
	for l, heads := range r.Heads {
		var layer []any
		for h := range heads {
			name := fmt.Sprintf("A%d.%d", l, h)
			if r.Model == Transformer {
				name = strings.TrimSuffix(name, ".0")
			}
			layer = append(layer, block(name))
		}
		a = append(a, layer)
		if r.Model == Transformer {
			v = append(v, block(fmt.Sprintf("V%d", l)))
			linear := func(k int) object {
				return object{"W": block(fmt.Sprintf("mlp%d.W%d", l, k)), "b": block(fmt.Sprintf("mlp%d.b%d", l, k))[0]}
			}
			mlps = append(mlps, []any{linear(0), linear(1)})
		}
	}
	if r.Model == Transformer {
		return object{"wte": block("wte"), "wpe": block("wpe"), "A": a, "V": v, "mlps": mlps, "W": block("W")}
	}
	return object{"A": a, "W": block("W")}
}
