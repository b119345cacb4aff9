package experiment

import (
	"context"
	"fmt"

	"causalgrad/impl/measure"
)

// startFrom replaces the model's own initial parameters by given ones. The
// spec must name their hash, so that a record says what it started from.
func (p *parts) startFrom(initial []float64) error {
	if initial == nil && p.spec.InitialWeights == "" {
		return nil
	}
	if len(initial) != len(p.params) {
		return fmt.Errorf("initial weights: %d numbers given, want %d for model %q", len(initial), len(p.params), p.spec.Model)
	}
	if hash := HashParams(initial); hash != p.spec.InitialWeights {
		return fmt.Errorf("initial_weights = %q, but the weights given have hash %q", p.spec.InitialWeights, hash)
	}
	copy(p.params, initial)
	return nil
}

// Measure is Run without training: the record of given parameters of the
// spec's model, on the spec's task. Steps, Batch and the optimiser's fields
// play no part, and Curve is empty.
func Measure(ctx context.Context, s Spec, params []float64, o Options) (Record, error) {
	if _, err := s.WriteOutFiles(); err != nil {
		return Record{}, fmt.Errorf("spec %q: %w", s.ID, err)
	}
	complete := s
	complete.Steps, complete.Batch = 1, 1
	p, err := complete.build()
	if err != nil {
		return Record{}, fmt.Errorf("spec %q: %w", s.ID, err)
	}
	if len(params) != len(p.params) {
		return Record{}, fmt.Errorf("spec %q: %d parameters, want %d for model %q", s.ID, len(params), len(p.params), s.Model)
	}
	if o.Workers < 0 || o.Workers > maxWorkers {
		return Record{}, fmt.Errorf("workers = %d, want 0 to %d", o.Workers, maxWorkers)
	}
	p.params = params
	r := run{parts: p, options: o, record: Record{Schema: Schema, Spec: s, WeightsHash: HashParams(params)}}
	if err := r.measure(ctx); err != nil {
		return Record{}, fmt.Errorf("measuring %q: %w", s.ID, err)
	}
	return r.record, nil
}

// Measured is the part of a record that does not speak of training.
type Measured struct {
	Graph       string           `json:"graph"`
	Prior       string           `json:"prior"`
	Tokens      int              `json:"tokens"`
	Length      int              `json:"length"`
	Seed        uint64           `json:"seed"`
	Final       measure.Losses   `json:"final"`
	Edges       EdgeReport       `json:"edges"`
	Shifted     []measure.Losses `json:"ood"`
	WeightsHash string           `json:"weights_sha256"`
}

// Measured drops what training left in the record.
func (r Record) Measured() Measured {
	return Measured{r.Spec.Graph, r.Spec.Prior, r.Spec.Tokens, r.Spec.Length, r.Spec.Seed, r.Final, r.Edges, r.Shifted, r.WeightsHash}
}
