// Package experiment describes training runs as small values (Spec), holds the
// paper's as presets, runs them and returns Records (theory/README.md, section 7).
//
// A Record is a function of its Spec, up to the wall time and the machine that
// it names. It never compares with published values: that is golden's.
package experiment

import (
	"errors"
	"fmt"
	"regexp"

	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/theory/graph"
	"causalgrad/theory/graph/graphfile"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// Spec is a complete description of a training run.
type Spec struct {
	ID            string   `json:"id" yaml:"id"`
	Graph         string   `json:"graph" yaml:"graph"` // the command's grammar
	Length        int      `json:"length" yaml:"length"`
	Tokens        int      `json:"tokens" yaml:"tokens"`
	Prior         string   `json:"prior" yaml:"prior"`
	Model         string   `json:"model" yaml:"model"`         // disentangled, reduced, transformer
	Heads         []int    `json:"heads" yaml:"heads"`         // heads of each layer
	Eps           float64  `json:"eps" yaml:"eps"`             // reduced model: inside the loss's logarithm
	Optimizer     string   `json:"optimizer" yaml:"optimizer"` // sgd, adamw
	LR            float64  `json:"lr" yaml:"lr"`
	Schedule      string   `json:"schedule" yaml:"schedule"` // constant, cosine
	WeightDecay   float64  `json:"weight_decay" yaml:"weight_decay"`
	InitScale     float64  `json:"init_scale" yaml:"init_scale"` // attention ~ InitScale N(0,1); 0 is the zero init
	Steps         int      `json:"steps" yaml:"steps"`
	Batch         int      `json:"batch" yaml:"batch"`
	Seed          uint64   `json:"seed" yaml:"seed"`
	TestSequences int      `json:"test_sequences" yaml:"test_sequences"`
	Shifted       []string `json:"shifted" yaml:"shifted"` // priors of the out-of-distribution tests
	// InitialWeights is the SHA-256 (HashParams) of the parameters that the run
	// starts from, which Options.Initial must hold; empty for the model's own.
	InitialWeights string `json:"initial_weights,omitempty" yaml:"initial_weights,omitempty"`
	// Precision "float32" rounds the training's chains, gradients and parameters
	// to float32 at every step; empty rounds nothing. Tests are never rounded.
	// Forests only.
	Precision string `json:"precision,omitempty" yaml:"precision,omitempty"`
	// Stationary "svd32" takes the training's stationary distributions from a singular
	// value decomposition in float32, as the official code does; empty from an
	// elimination that is exact to rounding. Forests only.
	Stationary string `json:"stationary,omitempty" yaml:"stationary,omitempty"`
	// Roots is the distribution of the tokens of roots, in training and in all tests
	// (markov.RootsGrammar); empty for the stationary one. Forests only.
	Roots string `json:"roots,omitempty" yaml:"roots,omitempty"`
	// Matrices are the transition matrices behind those of Prior and Shifted that
	// read a file, by their text, so that the spec does not depend on the file
	// (WriteOutFiles).
	Matrices map[string][][][]float64 `json:"matrices,omitempty" yaml:"matrices,omitempty"`
}

// Default is the spec whose fields a user's spec overrides.
func Default() Spec {
	return Spec{ID: "custom", Graph: "chain", Length: 20, Tokens: 3, Prior: "dirichlet:0.1", Model: "disentangled",
		Heads: []int{1, 1}, Eps: 0.01, Optimizer: "sgd", LR: 1, Schedule: "constant", Steps: 0, Batch: 1024, Seed: 1,
		TestSequences: 65536, Shifted: []string{"dirichlet:0.1", "dirichlet:0.3", "dirichlet:1", "dirichlet:3",
			"near-deterministic:0.95,1", "sticky:0.9,1"}}
}

// validID is what may stand in a file name on every system.
var validID = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$`)

// Bounds on what a spec may ask for.
const (
	maxSteps     = 1 << 30
	maxSequences = 1 << 24
)

// parts is a validated spec, ready to run.
type parts struct {
	spec      Spec
	task      task.Task
	training  task.Task // task, but for the precision of its numbers
	shifted   []task.Task
	model     model.Model
	params    []float64
	optimizer optim.Optimizer
}

// Validate reports the first thing wrong with the spec.
func (s Spec) Validate() error {
	_, err := s.build()
	return err
}

// build constructs everything that the spec names.
func (s Spec) build() (parts, error) {
	p := parts{spec: s}
	if !validID.MatchString(s.ID) {
		return p, fmt.Errorf("id = %q, want 1 to 64 letters, digits, dots, dashes or underscores, the first a letter or digit", s.ID)
	}
	if !(s.Eps >= 0 && s.Eps <= 1) { // only the reduced model needs it, but a record holds it
		return p, fmt.Errorf("eps = %v, want 0 to 1", s.Eps)
	}
	for _, check := range []struct {
		name               string
		value, least, most int
	}{{"steps", s.Steps, 1, maxSteps}, {"batch", s.Batch, 1, maxSequences},
		{"test_sequences", s.TestSequences, 2, maxSequences}} { // a standard error needs two
		if check.value < check.least || check.value > check.most {
			return p, fmt.Errorf("%s = %d, want %d to %d", check.name, check.value, check.least, check.most)
		}
	}
	var err error
	if p.task, err = s.Task(); err != nil {
		return p, err
	}
	if p.training, err = s.trainingTask(p.task); err != nil {
		return p, err
	}
	if p.shifted, err = s.shiftedTasks(p.task); err != nil {
		return p, err
	}
	if p.model, p.params, err = s.buildModel(); err != nil {
		return p, err
	}
	p.optimizer, err = s.buildOptimizer(len(p.params))
	return p, err
}

// Task is the graph with the prior that the run trains on.
func (s Spec) Task() (task.Task, error) {
	read, err := graphfile.Parse(s.Graph, graphfile.Options{Length: s.Length, Seed: s.Seed})
	if err != nil {
		return nil, err
	}
	prior, err := s.parsePrior(s.Prior)
	if err != nil {
		return nil, err
	}
	if err := s.checkRoots(read.Graph, prior); err != nil {
		return nil, err
	}
	return task.New(read.Graph, prior)
}

// Values of Spec.Precision and Spec.Stationary.
const (
	Float32 = "float32"
	SVD32   = "svd32"
)

// trainingTask is the task with the numbers that the spec asks for.
func (s Spec) trainingTask(t task.Task) (task.Task, error) {
	if s.Precision != "" && s.Precision != Float32 {
		return nil, fmt.Errorf("precision %q, want %q or nothing", s.Precision, Float32)
	}
	if s.Stationary != "" && s.Stationary != SVD32 {
		return nil, fmt.Errorf("stationary %q, want %q or nothing", s.Stationary, SVD32)
	}
	other, err := task.WithNumbers(t, task.Numbers{Float32: s.Precision == Float32, SVD32: s.Stationary == SVD32})
	if err != nil {
		return nil, fmt.Errorf("precision = %q, stationary = %q: %w", s.Precision, s.Stationary, err)
	}
	return other, nil
}

// parsePrior refuses chains that never forget their phase: the theory asks for
// aperiodic ones. The prior has the spec's roots.
func (s Spec) parsePrior(text string) (markov.Prior, error) {
	p, err := s.readPrior(text)
	if err != nil {
		return nil, err
	}
	if err := markov.RequireAperiodic(p); err != nil {
		return nil, err
	}
	roots, err := markov.ParseRoots(s.Roots)
	if err != nil {
		return nil, err
	}
	return markov.WithRoots(p, roots)
}

// checkRoots refuses roots of their own where nothing would be drawn from them.
func (s Spec) checkRoots(g graph.Graph, prior markov.Prior) error {
	if markov.RootDistribution(prior) == nil {
		return nil
	}
	if _, ok := g.(graph.Forest); !ok {
		return fmt.Errorf("roots %q: a graph with several parents draws tokens without parents uniformly; want a forest", s.Roots)
	}
	if s.Stationary != "" {
		return fmt.Errorf("roots %q and stationary %q: give one of them", s.Roots, s.Stationary)
	}
	return nil
}

// readPrior takes a file's matrices from the spec where it has them.
func (s Spec) readPrior(text string) (markov.Prior, error) {
	matrices, known := s.Matrices[text]
	if !known {
		return markov.ParsePrior(text, s.Tokens)
	}
	p, err := markov.FromMatrices(text, matrices)
	if err == nil && p.Tokens() != s.Tokens {
		err = fmt.Errorf("matrices of %q: %d tokens, want %d", text, p.Tokens(), s.Tokens)
	}
	return p, err
}

func (s Spec) shiftedTasks(t task.Task) ([]task.Task, error) {
	var tasks []task.Task
	for i, text := range s.Shifted {
		prior, err := s.parsePrior(text)
		if err != nil {
			return nil, fmt.Errorf("shifted[%d]: %w", i, err)
		}
		other, err := t.WithPrior(prior)
		if err != nil {
			return nil, fmt.Errorf("shifted[%d]: %w", i, err)
		}
		tasks = append(tasks, other)
	}
	return tasks, nil
}

// buildModel constructs the model and its initial parameters.
func (s Spec) buildModel() (model.Model, []float64, error) {
	if !(s.InitScale >= 0 && s.InitScale <= 100) {
		return nil, nil, fmt.Errorf("init_scale = %v, want 0 to 100", s.InitScale)
	}
	if s.Model == model.KindReduced && s.Eps == 0 {
		return nil, nil, errors.New("eps = 0, want above 0 for the reduced model: it gives probability 0 to a token that is not in the sequence, and the loss would be infinite")
	}
	m, err := model.Spec{Kind: s.Model, Tokens: s.Tokens, Length: s.Length, Heads: s.Heads, Eps: s.Eps, Layers: len(s.Heads)}.Model()
	switch {
	case err != nil && s.Model == model.KindTransformer:
		return nil, nil, fmt.Errorf("heads = %v: %w", s.Heads, err)
	case err != nil:
		return nil, nil, err
	}
	params := make([]float64, m.Layout().Size())
	random := stream.New(stream.Key{Seed: s.Seed, Purpose: stream.Init})
	switch m := m.(type) {
	case *model.Disentangled:
		attention := params[:len(params)-m.Layout()[len(m.Layout())-1].Size()] // all but W
		for i := range attention {
			if s.InitScale > 0 {
				attention[i] = s.InitScale * random.Normal()
			}
		}
	case *model.Transformer:
		for l, h := range s.Heads {
			if h != 1 {
				return nil, nil, fmt.Errorf("heads[%d] = %d, want 1 for the transformer with MLP", l, h)
			}
		}
		model.InitTransformer(m, random, params)
	}
	return m, params, nil
}

func (s Spec) buildOptimizer(size int) (optim.Optimizer, error) {
	return optim.Spec{Kind: s.Optimizer, Schedule: s.Schedule, LR: s.LR, Decay: s.WeightDecay, Steps: s.Steps}.Optimizer(size)
}

// NewModel is the spec's model; its initial parameters are the run's own.
func (s Spec) NewModel() (model.Model, error) {
	m, _, err := s.buildModel()
	return m, err
}
