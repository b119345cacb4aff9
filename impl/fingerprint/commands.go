package fingerprint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"causalgrad/impl/task"
	"causalgrad/theory/certify"
	"causalgrad/theory/chisq"
	"causalgrad/theory/condition"
	"causalgrad/theory/count"
	"causalgrad/theory/dynamics"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/infer"
	"causalgrad/theory/markov"
	"causalgrad/theory/necessity"
	"causalgrad/theory/stream"
)

// commands covers the numbers of the commands that train nothing, each once and
// small, as the JSON document that a person gets: all bits of a number are in its
// shortest decimal.
func commands() []part {
	return []part{
		command("check", checked), command("signal", signal), command("loss", countLoss), command("dynamics", stage1),
		command("necessity", refuted), command("regions", certified), command("infer", inferred), command("infer-shared", inferredShared),
	}
}

func command(id string, numbers func(f graph.Forest, workers int) (any, error)) part {
	return part{"command/" + id, func(d *digest, workers int) error {
		g, err := graph.Parse("random", 9, 2)
		if err != nil {
			return err
		}
		answer, err := numbers(g.(graph.Forest), workers)
		if err != nil {
			return err
		}
		text, err := json.Marshal(answer)
		if err == nil && !bytes.ContainsAny(text, "123456789") {
			return fmt.Errorf("no number in the answer %s", text)
		}
		d.sum.Write(text) // a hash never fails
		return err
	}}
}

var commandPrior = markov.Dirichlet{Size: 3, Alpha: 1}

// checked leaves nine digits of what comes from gonum's decompositions, which are
// promised to rounding only.
func checked(f graph.Forest, workers int) (any, error) {
	r, err := condition.Check(f, commandPrior, condition.Options{Draws: 64, Seed: 6, Eps: 0.01, Workers: workers})
	nine := func(v *float64) { *v, _ = strconv.ParseFloat(strconv.FormatFloat(*v, 'g', 9, 64), 64) }
	for i := range r.Findings {
		switch n := &r.Findings[i]; n.ID {
		case condition.SpectralGap, condition.MaximalCorrelation, condition.Contraction, condition.EffectiveLength:
			nine(&n.Number)
			for q := range n.Quantiles {
				nine(&n.Quantiles[q].Value)
			}
		}
	}
	nine(&r.Rate.EffectiveLength)
	nine(&r.Rate.Bound)
	return r, err
}

func signal(f graph.Forest, _ int) (any, error) {
	c, err := markov.DrawChain(commandPrior, stream.Key{Seed: 7, Purpose: stream.Prior})
	if err != nil {
		return nil, err
	}
	return chisq.Compute(f, c), nil
}

func countLoss(f graph.Forest, workers int) (any, error) {
	return count.Average(f, commandPrior, 0.1, count.Options{Draws: 16, Seed: 8, Workers: workers})
}

func stage1(f graph.Forest, workers int) (any, error) {
	e, err := firststep.Average(f, commandPrior, 0.01, firststep.Options{Draws: 16, Seed: 9, Workers: workers})
	if err != nil {
		return nil, err
	}
	payoffs, err := dynamics.FromGradient(e.Mean)
	if err != nil {
		return nil, err
	}
	var attention [][]float64
	every := func(int) bool { return true }
	_, err = dynamics.Stage1{Payoffs: payoffs, Forest: f, Rate: 3}.Steps(20, every, func(_ int, a [][]float64) {
		for _, row := range a {
			attention = append(attention, append([]float64(nil), row...))
		}
	})
	return attention, err
}

func refuted(graph.Forest, int) (any, error) {
	return necessity.Search("A4", necessity.Options{Seed: 10, Evaluations: 2000})
}

func certified(f graph.Forest, _ int) (any, error) {
	var parts []certify.Part
	_, err := certify.Parts(certify.Region{Forest: f, Tokens: 3, Self: true, MinWidth: 1. / 256, MaxCells: 2000}, func(p certify.Part) {
		parts = append(parts, p)
	})
	return parts, err
}

func inferred(f graph.Forest, _ int) (any, error) {
	s, err := drawn(f, commandPrior, f.SequenceLength())
	if err != nil {
		return nil, err
	}
	s.Columns++
	data := s.Data
	s.Data = nil
	for n := range s.N { // the answer is any function of the row here
		row := data[n*(s.Columns-1) : (n+1)*(s.Columns-1)]
		s.Data = append(append(s.Data, row...), row[n%len(row)])
	}
	return infer.FirstStep(s, infer.Gradient, 0.01)
}

func inferredShared(f graph.Forest, _ int) (any, error) {
	c, err := markov.DrawChain(commandPrior, stream.Key{Seed: 11, Purpose: stream.Prior})
	if err != nil {
		return nil, err
	}
	s, err := drawn(f, markov.Point{Chain: c}, f.Positions())
	return infer.SharedChain(s), err
}

// drawn are a hundred sequences, of which the first columns are kept.
func drawn(f graph.Forest, prior markov.Prior, columns int) (infer.Sequences, error) {
	t, err := task.New(f, prior)
	if err != nil {
		return infer.Sequences{}, err
	}
	s := infer.Sequences{Tokens: prior.Tokens(), N: 100, Columns: columns}
	b := task.NewBatch(s.N, f.SequenceLength(), s.Tokens)
	t.NewSampler().Sample(stream.New(stream.Key{Seed: 12, Purpose: stream.Test}), b)
	for n := range s.N {
		s.Data = append(s.Data, b.Tokens[n*f.SequenceLength():][:columns]...)
	}
	return s, nil
}
