package reference

import "causalgrad/impl/task"

// Runs is one batch and what the official optimisers do on it.
type Runs struct {
	origin
	Architecture
	Problem Problem
	Batch   *task.Batch
	Runs    []Run
}

// Run is a few steps on the same batch.
type Run struct {
	Start     string // name of the initial point
	Optimizer OptimizerSpec
	Rates     []float64 // learning rate of each step
	Initial   Params
	Losses    []float64 // before the first step, ..., after the last: one more than Rates
	After     []Params  // parameters after each step
	Final     Params
	FinalLoss float64
}

// OptimizerSpec is "sgd" (weight decay coupled to the gradient, constant rate)
// or "adamw" (decoupled; cosine rate over DecaySteps; betas and eps as in optim).
type OptimizerSpec struct {
	Name       string
	LR         float64
	Decay      float64
	DecaySteps int     // adamw
	Rounding   float64 // adamw: largest difference of a parameter between two runs of the official code itself
}

// The moments' decay rates and the regulariser that impl/optim has built in.
const (
	beta1, beta2 = 0.9, 0.999
	epsilon      = 1e-8
)

// maxSteps bounds the steps of a run.
const maxSteps = 1000

func loadRuns(n node, o origin) File {
	n.object("case", "set", "seed", "model", "vocab_size", "seq_len", "heads", "problem", "x", "y", "runs")
	r := &Runs{origin: o, Architecture: n.architecture()}
	r.Problem = n.problem(r.Tokens, r.Length)
	r.Batch = n.batch(r.Tokens, r.Length)
	for _, e := range n.field("runs").some() {
		r.Runs = append(r.Runs, e.run(r.Architecture))
	}
	r.ignored = n.ignored
	return r
}

func (n node) run(a Architecture) Run {
	n.object("start", "opt", "steps", "lr_per_step", "init_params", "losses", "params_after_step", "final_params", "final_loss")
	steps := n.field("steps").integer(1, maxSteps)
	r := Run{
		Start:     n.field("start").text(),
		Optimizer: n.field("opt").optimizer(),
		Rates:     n.field("lr_per_step").vector(steps),
		Initial:   n.field("init_params").params(a),
		Losses:    n.field("losses").vector(steps + 1),
		Final:     n.field("final_params").params(a),
		FinalLoss: n.field("final_loss").number(),
	}
	for _, e := range n.field("params_after_step").list(steps) {
		r.After = append(r.After, e.params(a))
	}
	return r
}

func (n node) optimizer() OptimizerSpec {
	const smallest = 1e-12 // a rate of 0 is no optimiser
	if n.field("optimizer").oneOf("sgd", "adamw") == "sgd" {
		n.object("optimizer", "lr", "wd")
		return OptimizerSpec{Name: "sgd", LR: n.field("lr").within(smallest, 1e9), Decay: n.field("wd").within(0, 1)}
	}
	n.object("optimizer", "lr", "decay_steps", "b1", "b2", "eps", "weight_decay", "jit_vs_nojit_max_param_diff")
	n.field("b1").within(beta1, beta1)
	n.field("b2").within(beta2, beta2)
	n.field("eps").within(epsilon, epsilon)
	return OptimizerSpec{
		Name:       "adamw",
		LR:         n.field("lr").within(smallest, 1e9),
		Decay:      n.field("weight_decay").within(0, 1),
		DecaySteps: n.field("decay_steps").integer(1, 1<<30),
		Rounding:   n.field("jit_vs_nojit_max_param_diff").within(0, 1),
	}
}
