package reference

import (
	"fmt"
	"math"

	"causalgrad/impl/measure"
	"causalgrad/impl/model"
	"causalgrad/theory/detmath"
	"causalgrad/theory/graph"
)

// single is the unit of rounding of float32, in which the official runs compute.
const single = 0x1p-24

// check recomputes what the final parameters determine, checks the file's own
// copies, and measures the final parameters on fresh sequences.
func (t *Trajectory) check(o Options) ([]Row, error) {
	m, err := o.model(t.Architecture)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", t.Model, err)
	}
	params, err := t.Params.Vector(m.Layout())
	if err != nil {
		return nil, err
	}
	rows := t.positionRows(m, params)
	rows = append(rows, t.copies(), t.start())
	if _, ok := t.Problem.Graph.(graph.Forest); ok {
		rows = append(rows, t.summary())
	}
	rows = append(rows, t.notCompared())
	sampled, err := t.sampledRows(m, params, o)
	if err != nil {
		return nil, err
	}
	return append(rows, sampled...), nil
}

// notCompared says what no row can judge.
func (t *Trajectory) notCompared() Row {
	note := "not compared: they follow the official run's own random batches"
	if _, ok := t.Problem.Graph.(graph.DAG); ok {
		note += "; edges: a DAG's summary has a form of its own"
	}
	return Row{Quantity: "training losses and checkpoints between first and last", Tier: Information,
		Values: len(t.TrainLoss) + max(0, len(t.Checkpoints)-2), Pass: true, Note: note}
}

// positionRows compares the softmax of the position-position block and its
// edges. A model without that block has nothing to compare.
func (t *Trajectory) positionRows(m model.Model, params []float64) []Row {
	blocks, err := measure.PositionBlock(m, params, t.Heads[0])
	if err != nil {
		return []Row{{Quantity: "position-block attention", Tier: Information, Pass: true, Note: "not compared: " + err.Error()}}
	}
	var softmax, edges, argmax comparison
	for h, block := range blocks {
		softmax.add(fmt.Sprintf("A1_pos_softmax[%d]", h), block, t.PositionSoftmax[h])
	}
	ours := measure.EdgeAttention(t.Problem.Graph, blocks)
	last := t.Checkpoints[len(t.Checkpoints)-1]
	edges.add("trajectory[-1].posblock.edge_mean", []float64{ours.Mean}, []float64{last.Position.Mean})
	argmax.add("trajectory[-1].posblock.argmax_acc", []float64{ours.Accuracy}, []float64{last.Position.Argmax})
	if t.Position.Weights != nil {
		weights := make([]float64, len(ours.Weights))
		for i, w := range ours.Weights {
			weights[i] = w.Weight
		}
		edges.add("edges.posblock.edge_weights", weights, t.Position.Weights)
		edges.add("edges.posblock.edge_mean", []float64{ours.Mean}, []float64{t.Position.Mean})
		edges.add("edges.posblock.edge_min", []float64{ours.Min}, []float64{t.Position.Min})
		argmax.add("edges.posblock.argmax_acc", []float64{ours.Accuracy}, []float64{t.Position.Argmax})
	}
	tolerance, why := t.softmaxTolerance(m, params)
	return []Row{
		softmax.rounding("position-block attention", tolerance, why),
		edges.rounding("position-block attention on the edges", tolerance, why),
		argmax.exact("share of edges with the largest attention of their row", "a share of the edges"),
	}
}

// softmaxTolerance bounds a float32 softmax of scores that are exact in
// float32: the shifted score is rounded once, which its exponential turns into
// a relative error of 2^-24 times the row's range; the exponential is within 4
// units, the sum of T terms within T, quotient and copies 2.
func (t *Trajectory) softmaxTolerance(m model.Model, params []float64) (float64, string) {
	spread := 0.0
	scores := make([]float64, t.Length*t.Length)
	for h := range t.Heads[0] {
		if s, ok := m.(measure.PositionScorer); ok {
			s.PositionScores(params, h, scores)
		}
		for i := range t.Length {
			lo, hi := math.Inf(1), math.Inf(-1)
			for _, v := range scores[i*t.Length : i*t.Length+i+1] {
				lo, hi = math.Min(lo, v), math.Max(hi, v)
			}
			spread = math.Max(spread, hi-lo)
		}
	}
	return (spread + float64(t.Length) + 6) * single,
		fmt.Sprintf("float32 softmax: range of a row %.3g, T = %d and 6 more roundings of 2^-24", spread, t.Length)
}

// copies checks that the last checkpoint repeats the final measurements.
func (t *Trajectory) copies() Row {
	var c comparison
	last := t.Checkpoints[len(t.Checkpoints)-1]
	c.add("trajectory[-1].step", []float64{float64(last.Step)}, []float64{float64(t.Steps)})
	c.add("trajectory[-1].test_loss", []float64{last.Loss}, []float64{t.Test.Loss})
	if t.Position.Weights != nil {
		c.add("trajectory[-1].posblock", last.Position.figures(), t.Position.figures())
		c.add("trajectory[-1].avg_attn", last.Attention.figures(), t.Attention.figures())
	}
	return c.exact("last checkpoint against the final values", "the file's copies of the same numbers")
}

func (s EdgeSummary) figures() []float64 { return []float64{s.Mean, s.Argmax} }

// start checks the first checkpoint of a run from zero: a uniform prediction
// and uniform attention. Gradient descent starts there; AdamW's runs start from
// small random scores, so for them the row only informs.
func (t *Trajectory) start() Row {
	first := t.Checkpoints[0]
	var c comparison
	c.add("trajectory[0].test_loss", []float64{detmath.Log(float64(t.Tokens))}, []float64{first.Loss})
	c.add("trajectory[0].posblock.edge_mean", []float64{uniformMean(t.Problem.Graph, t.Heads[0])}, []float64{first.Position.Mean})
	const quantity = "first checkpoint: loss log S, uniform attention"
	if first.Step != 0 || t.Optimizer != "sgd" {
		return c.information(quantity, "the run did not start at zero or the file begins later")
	}
	return c.rounding(quantity, float64(t.Length+4)*single, "T + 4 float32 roundings of 2^-24")
}

// uniformMean is the mean weight on the edges when all keys weigh the same.
func uniformMean(g graph.Graph, heads int) float64 {
	t := g.SequenceLength()
	blocks := make([][]float64, heads)
	for h := range blocks {
		blocks[h] = make([]float64, t*t)
		for i := range t {
			for j := range i + 1 {
				blocks[h][i*t+j] = 1 / float64(i+1)
			}
		}
	}
	return measure.EdgeAttention(g, blocks).Mean
}

// summary checks the summary of the mean attention against the mean attention
// that the file itself holds: copies and a float64 mean.
func (t *Trajectory) summary() Row {
	var c comparison
	ours := measure.EdgeAttention(t.Problem.Graph, t.MeanAttention)
	weights := make([]float64, len(ours.Weights))
	for i, w := range ours.Weights {
		weights[i] = w.Weight
	}
	c.add("edges.avg_attn.edge_weights", weights, t.Attention.Weights)
	c.add("edges.avg_attn.edge_min", []float64{ours.Min}, []float64{t.Attention.Min})
	c.add("edges.avg_attn", []float64{ours.Mean, ours.Accuracy}, t.Attention.figures())
	return c.rounding("summary of the mean attention against the file's own matrix", float64(2*t.Length)*unit,
		"a mean of fewer than T numbers on either side: 2 T units of rounding")
}
