package fault

import (
	"slices"

	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/props/fault/plain"
	"causalgrad/theory/graph"
)

// Fault is one planted mistake.
type Fault struct {
	// ID is a slug, the fault's name everywhere.
	ID string
	// Description says in one sentence what is done wrong.
	Description string
	// Expect lists the laws that should catch it.
	Expect []string
	// Plant returns the subject with the mistake in it. Each call starts from
	// clean memory, for the faults that keep some between requests.
	Plant func(props.Subject) props.Subject
}

// All lists every fault, in the order of the laws: theory, sampler, estimator,
// models, gradients, optimisers, training, metrics.
func All() []Fault {
	var all []Fault
	for _, group := range [][]Fault{
		theoryFaults(),
		firstStepFaults(),
		sampleFaults(),
		estimateFaults(),
		attentionFaults(),
		disentangledFaults(),
		backwardFaults(),
		reducedFaults(),
		evaluationFaults(),
		answerFaults(),
		transformerFaults(),
		optimizerFaults(),
		trainFaults(),
		measureFaults(),
	} {
		all = append(all, group...)
	}
	return all
}

// Find returns the fault of that id.
func Find(id string) (Fault, bool) {
	for _, f := range All() {
		if f.ID == id {
			return f, true
		}
	}
	return Fault{}, false
}

// slip is a fault that a slip of package plain makes in the operations that
// install replaces.
func slip(s plain.Slip, description string, install func(*variant, *plain.Subject), expect ...string) Fault {
	return Fault{ID: string(s), Description: description, Expect: expect, Plant: func(base props.Subject) props.Subject {
		v := &variant{Subject: base, name: string(s)}
		install(v, &plain.Subject{Slip: s})
		return v
	}}
}

// patch is a fault that alters the subject's own answers.
func patch(id, description string, install func(*variant), expect ...string) Fault {
	return Fault{ID: id, Description: description, Expect: expect, Plant: func(base props.Subject) props.Subject {
		v := &variant{Subject: base, name: id}
		install(v)
		return v
	}}
}

// The operations that a slip can be installed in.

func inSample(v *variant, p *plain.Subject) {
	v.sample = func(_ *task.Batch, t props.TaskSpec, n int, seed uint64) (*task.Batch, error) {
		return p.Sample(t, n, seed)
	}
}

func inStationary(v *variant, p *plain.Subject) {
	v.stationary = func(_ []float64, chain [][]float64) ([]float64, error) { return p.Stationary(chain) }
}

func inInformation(v *variant, p *plain.Subject) {
	v.inform = func(_ information, f graph.Forest, chain [][]float64) (information, error) {
		signal, chi2, err := p.Information(f, chain)
		return information{signal, chi2}, err
	}
}

// inFirstStep replaces the cases that are small enough to enumerate.
func inFirstStep(v *variant, p *plain.Subject) {
	v.firstStep = func(own [][]float64, f graph.Forest, chain [][]float64, eps float64) ([][]float64, error) {
		if !plain.Enumerable(f, chain) {
			return own, nil
		}
		return p.FirstStep(f, chain, eps)
	}
}

func inEstimate(v *variant, p *plain.Subject) {
	v.estimate = func(_ []float64, t props.TaskSpec, b *task.Batch, alpha float64) ([]float64, error) {
		return p.CountEstimate(t, b, alpha)
	}
}

// inModel replaces everything that evaluates the models that plain knows,
// training included.
func inModel(v *variant, p *plain.Subject) {
	inEvaluate(v, p)
	v.attend = func(own []float64, m props.ModelSpec, params []float64, b *task.Batch) ([]float64, error) {
		if m.Kind == "transformer" {
			return own, nil
		}
		return p.Attention(m, params, b)
	}
	inTrain(v, p)
}

func inEvaluate(v *variant, p *plain.Subject) {
	v.evaluate = func(own props.Evaluation, m props.ModelSpec, params []float64, b *task.Batch) (props.Evaluation, error) {
		if m.Kind == "transformer" {
			return own, nil
		}
		return p.Evaluate(m, params, b)
	}
}

func inOptimize(v *variant, p *plain.Subject) {
	v.optimize = func(_ [][]float64, o props.OptimizerSpec, params []float64, gradients [][]float64) ([][]float64, error) {
		return p.Optimize(o, params, gradients)
	}
	inTrain(v, p)
}

func inTrain(v *variant, p *plain.Subject) {
	v.train = func(own training, t props.TrainSpec) (training, error) {
		if t.Model.Kind == "transformer" {
			return own, nil
		}
		params, losses, err := p.Train(t)
		return training{params, losses}, err
	}
}

func inMeasure(v *variant, p *plain.Subject) {
	v.measure = func(_ props.Measurement, b *task.Batch, f []float64) (props.Measurement, error) {
		return p.Measure(b, f)
	}
}

// expects reports whether the law is among those expected to catch the fault.
func (f Fault) expects(law string) bool { return slices.Contains(f.Expect, law) }
