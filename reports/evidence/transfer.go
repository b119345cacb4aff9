package evidence

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// Transfer says whether what a run learned is the mechanism, which knows no
// token and no spectrum: relabelled tokens, and chains sorted by their spectrum.
type Transfer struct {
	Run         string                `json:"run"`
	Seed        uint64                `json:"seed"`
	Relabelling []measure.Relabelling `json:"relabelling"`       // on the training prior; of a forest, also on asymmetric chains
	Spectra     *measure.Spectra      `json:"spectra,omitempty"` // forests only: a tensor has no spectrum
}

// The fresh sequences behind a Transfer: of relabelling in all, of spectra from
// every prior of the pool, and the first of their stages among a seed's streams.
const (
	relabelSequences = 1024
	spectraSequences = 512
	transferStage    = 1 << 17
)

// asymmetric is a prior that is not symmetric in the tokens.
const asymmetric = "cyclic:0.9,1"

// TransferOf measures parameters of a spec's model on its task.
func TransferOf(s experiment.Spec, params []float64) (Transfer, error) {
	out := Transfer{Run: s.ID, Seed: s.Seed}
	m, err := s.NewModel()
	if err != nil {
		return out, err
	}
	if len(params) != m.Layout().Size() {
		return out, fmt.Errorf("weights of %q: %d numbers, want %d", s.ID, len(params), m.Layout().Size())
	}
	t, err := s.Task()
	if err != nil {
		return out, err
	}
	alpha := measure.EstimatorAlpha(t.Prior(), 1)
	o := measure.Options{Sequences: relabelSequences, Seed: s.Seed, Purpose: stream.Shift, Stage: transferStage}
	out.Relabelling = []measure.Relabelling{measure.Relabel(m, params, t, alpha, o)}
	if _, forest := t.Graph().(graph.Forest); !forest {
		return out, nil
	}
	other, err := markov.ParsePrior(asymmetric, s.Tokens)
	if err != nil {
		return out, err
	}
	moved, err := t.WithPrior(other)
	if err != nil {
		return out, err
	}
	o.Stage++
	out.Relabelling = append(out.Relabelling, measure.Relabel(m, params, moved, alpha, o))
	o.Sequences = spectraSequences
	spectra, err := measure.BySpectrum(m, params, t, alpha, o)
	out.Spectra = &spectra
	return out, err
}

// WeightsOf returns the trained parameters of a record; an error that wraps
// fs.ErrNotExist says that they were not kept.
type WeightsOf func(experiment.Record) ([]float64, error)

// Transfers measures every run whose weights were kept; of several seeds of an
// experiment the first.
func Transfers(records []experiment.Record, weights WeightsOf) ([]Transfer, error) {
	var all []Transfer
	var done []string
	for _, r := range records {
		key := fmt.Sprint(r.Spec.ID, " ", r.Spec.Steps)
		if slices.Contains(done, key) {
			continue
		}
		params, err := weights(r)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		one, err := TransferOf(r.Spec, params)
		if err != nil {
			return nil, fmt.Errorf("run %q: %w", r.Spec.ID, err)
		}
		done, all = append(done, key), append(all, one)
	}
	return all, nil
}

// overRuns is the mean over runs with its standard error over runs; of one run
// it is the run's own, whose error is over sequences.
func overRuns(runs []measure.Mean) measure.Mean {
	if len(runs) == 1 {
		return runs[0]
	}
	n := float64(len(runs))
	mean, squares := 0.0, 0.0
	for _, r := range runs {
		mean += r.Value / n
	}
	for _, r := range runs {
		squares += float64((r.Value - mean) * (r.Value - mean))
	}
	return measure.Mean{Value: mean, StdErr: math.Sqrt(squares / (n - 1) / n)}
}
