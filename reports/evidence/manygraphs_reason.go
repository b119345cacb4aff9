package evidence

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"

	"causalgrad/impl/experiment"
	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/theory/graph"
	"causalgrad/theory/stream"
)

// reasonSequences are the fresh sequences behind the gains of [Reason], reasonStage
// their stage among a record's test streams.
const (
	reasonSequences = 4096
	reasonStage     = 16
)

// Reason is what was measured about an edge that the published run or ours did
// not learn: its row, its place in the forest and what learning it would be worth.
type Reason struct {
	Edge EdgeOutcome `json:"edge"`
	// Siblings are the earlier children of the same parent.
	Siblings int `json:"earlier_siblings"`
	// Dependants are the positions below the child in its tree.
	Dependants int `json:"dependants"`
	// OverUniform is our mean weight divided by that of a row without any
	// preference, 1/(child+1).
	OverUniform float64 `json:"over_uniform"`
	// Weights says whether the trained weights were there; the rest needs them.
	Weights bool `json:"weights"`
	// Gain is by how much the loss (nats) falls when the row alone is set to 99%
	// on the parent; LearnedGain is how much it rises, on average, when the row of
	// an edge of the forest that both sides learned is flattened. Means over seeds.
	Gain        float64 `json:"gain"`
	LearnedGain float64 `json:"learned_gain"`
	// Pull is by how much the next 1000 steps of gradient descent at the run's
	// rate would raise the log-odds of the parent in its row, were the gradient
	// to stay as it is. Mean over seeds.
	Pull float64 `json:"pull"`
}

// Reasons measures the edges that the published runs or ours did not learn, in
// the order of Edges. weights may be nil.
func (m ManyGraphs) Reasons(weights WeightsOf) ([]Reason, error) {
	if weights == nil {
		weights = noWeights
	}
	var all []Reason
	at := 0
	for i, f := range m.Forests {
		edges := m.Edges[at : at+f.Edges]
		at += f.Edges
		var own []Reason
		for _, e := range edges {
			if published, ours := e.Learned(); !published || !ours {
				own = append(own, placeInForest(m.forests[i].Forest, e))
			}
		}
		if len(own) == 0 {
			continue
		}
		err := measureReasons(own, m.records[i], edges, weights)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("forest %d: %w", f.Trial, err)
		}
		all = append(all, own...)
	}
	return all, nil
}

func placeInForest(f graph.Forest, e EdgeOutcome) Reason {
	r := Reason{Edge: e, OverUniform: e.Ours.Mean * float64(e.Child+1)}
	for i := range f.Positions() {
		if i < e.Child && f.Parent(i) == e.Parent {
			r.Siblings++
		}
		if _, fromI, fromChild, ok := f.CommonAncestor(i, e.Child); ok && fromChild == 0 && fromI > 0 {
			r.Dependants++
		}
	}
	return r
}

// measureReasons fills what needs the trained weights of a forest's runs. An
// error leaves the reasons as they were.
func measureReasons(reasons []Reason, records []experiment.Record, edges []EdgeOutcome, weights WeightsOf) error {
	n := float64(len(records))
	measured := slices.Clone(reasons)
	for _, record := range records {
		m, params, err := trained(record, weights)
		if err != nil {
			return err
		}
		p, err := newProbe(m, params, record.Spec)
		if err != nil {
			return err
		}
		loss, gradient := p.lossGradient()
		learned := p.learnedGain(edges, loss)
		for i := range measured {
			r := &measured[i]
			child, parent := r.Edge.Child, r.Edge.Parent
			r.Weights = true
			r.Gain += (loss - p.lossWithRow(child, func(row []float64) { prefer(row, parent) })) / n
			r.LearnedGain += learned / n
			r.Pull += p.pull(child, parent, gradient) * record.Spec.LR * 1000 / n
		}
	}
	copy(reasons, measured)
	return nil
}

// learnedGain is the mean rise of the loss when the row of an edge that both
// sides learned is flattened; 0 without such edges.
func (p *probe) learnedGain(edges []EdgeOutcome, loss float64) float64 {
	sum, count := 0.0, 0
	for _, e := range edges {
		if published, ours := e.Learned(); published && ours {
			sum += p.lossWithRow(e.Child, flatten) - loss
			count++
		}
	}
	return sum / float64(max(count, 1))
}

// probe evaluates one run's weights, and changes of them, on the same fresh
// sequences.
type probe struct {
	model  *model.Disentangled
	params []float64
	batch  *task.Batch
	pass   model.Pass
}

func newProbe(m *model.Disentangled, params []float64, s experiment.Spec) (*probe, error) {
	t, err := taskOf(s)
	if err != nil {
		return nil, err
	}
	b := task.NewBatch(reasonSequences, s.Length, s.Tokens)
	t.NewSampler().Sample(stream.New(stream.Key{Seed: s.Seed, Purpose: stream.Test, Step: reasonStage}), b)
	return &probe{m, params, b, m.NewPass()}, nil
}

func (p *probe) lossGradient() (float64, []float64) {
	gradient := make([]float64, len(p.params))
	p.pass.Bind(p.params)
	loss := p.pass.NewWorker().LossGradient(p.batch, gradient)
	for i := range gradient {
		gradient[i] /= float64(p.batch.N)
	}
	return loss / float64(p.batch.N), gradient
}

// lossWithRow is the loss when change is applied to the scores 0..i of row i of
// the position-position block.
func (p *probe) lossWithRow(i int, change func(row []float64)) float64 {
	changed := append([]float64(nil), p.params...)
	change(p.row(changed, i))
	return p.loss(changed)
}

// loss is the mean loss of other parameters on the probe's sequences.
func (p *probe) loss(params []float64) float64 {
	p.pass.Bind(params)
	return p.pass.NewWorker().LossGradient(p.batch, nil) / float64(p.batch.N)
}

// row is the part of row i of A1's position-position block that attention sees.
func (p *probe) row(flat []float64, i int) []float64 {
	s, d := p.model.Tokens(), p.model.Tokens()+p.model.SequenceLength()
	at := (s+i)*d + s
	return p.model.Layout()[0].Of(flat)[at : at+i+1]
}

// pull is the rate of the parent's log-odds along the descent direction:
// -g_p + sum over the others of w_k g_k / (1 - w_p), with w the row's softmax.
func (p *probe) pull(child, parent int, gradient []float64) float64 {
	row, g := p.row(p.params, child), p.row(gradient, child)
	rest, sum := 0.0, 0.0
	for k, score := range row {
		if k != parent {
			w := math.Exp(score - row[parent]) // scores are bounded: no overflow
			sum += w
			rest += float64(w * g[k])
		}
	}
	return rest/sum - g[parent]
}

// preferredOdds is the weight that prefer leaves for the parent against all
// others together: 99 to 1.
const preferredOdds = 99

// prefer raises the parent's score until its softmax weight is 99%.
func prefer(row []float64, parent int) {
	sum := 0.0
	for k, score := range row {
		if k != parent {
			sum += math.Exp(score)
		}
	}
	row[parent] = math.Log(preferredOdds * sum)
}

// flatten gives every position of the row the mean score.
func flatten(row []float64) {
	mean := 0.0
	for _, v := range row {
		mean += v / float64(len(row))
	}
	for k := range row {
		row[k] = mean
	}
}
