package reference

import (
	"fmt"

	"causalgrad/impl/model"
	"causalgrad/theory/detmath"
	"causalgrad/theory/stream"
)

// unitKind is what a quantity counts, which fixes the largest standard
// deviation expected of one sequence's value and with it the margin.
type unitKind int

const (
	nats  unitKind = iota // of the order of log S, the loss of a uniform prediction
	share                 // a number in [0, 1], so at most 1/2
)

func (k unitKind) deviation(tokens int) float64 {
	if k == share {
		return 0.5
	}
	return detmath.Log(float64(tokens))
}

// quantities are the statistical rows on losses and predictions: a column, or
// a column minus another on the same sequences, whose smaller spread makes the
// sharper test.
var quantities = []struct {
	name   string
	column int
	minus  int // -1 for none
	unit   unitKind
}{
	{"loss of the final parameters", ofLoss, -1, nats},
	{"irreducible loss", ofEntropy, -1, nats},
	{"count estimator's loss", ofCount, -1, nats},
	{"count estimator's loss at the training alpha", ofTrainingCount, -1, nats},
	{"loss minus irreducible loss", ofLoss, ofEntropy, nats},
	{"loss minus count estimator's", ofLoss, ofCount, nats},
	{"count estimator's loss minus irreducible", ofCount, ofEntropy, nats},
	{"official wrap: loss minus count estimator's", ofWrappedCount, ofCount, nats},
	{"sup error", ofSupError, -1, share},
	{"count estimator's sup error", ofCountSupError, -1, share},
	{"share of right argmax predictions", ofAccuracy, -1, share},
}

// measured is one official test set beside our own sequences.
type measured struct {
	name     string
	official []float64 // by column; a test set of the training prior ends early
	n        int
	ours     samples
}

func (e Evaluation) columns() []float64 {
	return []float64{e.Loss, e.Official, e.Count, e.Entropy, e.SupError, e.Accuracy}
}

// sampledRows measures the final parameters on fresh sequences of the training
// prior and of the shifted ones.
func (t *Trajectory) sampledRows(m model.Model, params []float64, o Options) ([]Row, error) {
	pass := m.NewPass()
	pass.Bind(params)
	sets := []measured{{name: "n_test", official: t.Test.columns(), n: t.Test.N}}
	for i, s := range t.Shifted {
		sets = append(sets, measured{name: fmt.Sprintf("ood[%d]", i), n: s.N,
			official: append(s.columns(), s.CountSupError, s.TrainAlpha)})
	}
	for i := range sets {
		alpha, key := t.Test.Alpha, stream.Key{Seed: o.Seed, Purpose: stream.Test}
		if i > 0 {
			alpha, key = t.Shifted[i-1].Alpha, stream.Key{Seed: o.Seed, Purpose: stream.Shift, Step: uint64(i)}
		}
		task, err := t.Problem.at(alpha)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", sets[i].name, err)
		}
		sets[i].ours = sample(pass, task, alpha, t.Problem.Alpha, o.Sequences, key)
	}
	attention, err := t.attention(pass, o)
	if err != nil {
		return nil, err
	}
	return sampledRows(sets, attention, t.Tokens), nil
}

func sampledRows(sets []measured, attention []contrast, tokens int) []Row {
	total := len(quantities) + 1
	var rows []Row
	for _, q := range quantities {
		var group []contrast
		for _, s := range sets {
			if max(q.column, q.minus) < len(s.official) {
				group = append(group, s.contrast(q.column, q.minus, q.unit.deviation(tokens)))
			}
		}
		if len(group) > 0 {
			rows = append(rows, statistical(q.name, group, total))
		}
	}
	return append(rows, statistical("mean attention on data", attention, total))
}

func (s measured) contrast(column, minus int, deviation float64) contrast {
	c := contrast{name: s.name, ours: s.ours[column], official: s.official[column], officialN: s.n, deviation: deviation}
	if minus < 0 {
		return c
	}
	c.official -= s.official[minus]
	c.ours = make([]float64, len(s.ours[column]))
	for i, v := range s.ours[column] {
		c.ours[i] = v - s.ours[minus][i]
	}
	return c
}

// maxWeights bounds the attention weights that are kept: 128 MB.
const maxWeights = 1 << 24

// attention is the first layer's mean attention, entry by entry of the lower
// triangles, on as many sequences as the official mean has (or as are asked for).
func (t *Trajectory) attention(pass model.Pass, o Options) ([]contrast, error) {
	task, err := t.Problem.Task()
	if err != nil {
		return nil, err
	}
	n := min(AttentionN, o.Sequences, max(2, maxWeights/(t.Heads[0]*t.Length*t.Length)))
	weights := make([][]float64, t.Heads[0]*t.Length*t.Length)
	var group []contrast
	for h := range t.Heads[0] {
		for i := range t.Length {
			for j := range i + 1 {
				at := (h*t.Length+i)*t.Length + j
				weights[at] = make([]float64, n)
				group = append(group, contrast{name: fmt.Sprintf("head %d, query %d, key %d", h, i, j), ours: weights[at],
					official: t.MeanAttention[h][i*t.Length+j], officialN: AttentionN, deviation: share.deviation(t.Tokens)})
			}
		}
	}
	attend(pass, task, weights, n, stream.Key{Seed: o.Seed, Purpose: stream.Test})
	return group, nil
}
