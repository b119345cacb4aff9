package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/impl/weights"
	"causalgrad/reports/evidence"
	"causalgrad/reports/table"
	"causalgrad/theory/markov"

	"github.com/spf13/cobra"
)

// trainDocument is the JSON answer: the record.
type trainDocument struct {
	experiment.Record
	params []float64
}

// Answer says whether the run learned its graph.
func (d trainDocument) Answer() string {
	if d.Diverged() {
		return fmt.Sprintf("Training diverged: the loss after %d steps is %.3g nats, that of the uniform prediction %.3g.",
			d.Spec.Steps, d.Final.Loss.Value, math.Log(float64(d.Spec.Tokens)))
	}
	return evidence.Learned(d.Edges, d.Final)
}

// Advice says what may help where it did not.
func (d trainDocument) Advice() []string {
	switch {
	case d.Diverged():
		return []string{"A smaller --lr may help."}
	case evidence.HardlyBegun(d.Edges):
		return []string{"More --steps, or a larger --lr, may help."}
	}
	return nil
}

func newTrain() *cobra.Command {
	var p problem
	var o output
	s := experiment.Default()
	var workers int
	var specFile string
	var files weightFiles
	cmd := &cobra.Command{
		Use:   "train",
		Short: "One training run: final loss, edge attention, out-of-distribution metrics",
		Long: `train runs one training and prints its record: the final loss beside L* and the
count estimator, the attention on every edge in both senses, and the losses on
priors outside the training prior. The same flags give the same bits on every
machine, for any number of workers.

--spec FILE reads the run from a YAML or JSON file instead of the flags: the
fields are those of "spec" in the record, defaults as for the flags.

--weights-in starts from the parameters of a file and --weights-out saves the
trained ones, as ` + weights.Formats + ` (see verify --weights);
--weights-layout official writes them as the official code keeps them.

A training that a signal stops keeps a checkpoint in the working folder, and the
same command goes on from there to the same bits.

Exit code 1: the training diverged.`,
		Example: `  causalgrad train --graph chain --steps 512
  causalgrad train --graph icl --tokens 5 --steps 1000 --format json --out record.json
  causalgrad train --spec run.yaml
  causalgrad train --steps 512 --weights-out w.safetensors`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if specFile != "" {
				loaded, err := loadSpec(cmd, specFile)
				if err != nil {
					return err
				}
				s = loaded
			} else if err := modelFlags(cmd, s.Model); err != nil {
				return err
			} else if err := files.initial(cmd); err != nil {
				return err
			} else if err := p.complete(cmd, &s); err != nil {
				return err
			}
			initial, err := files.load(cmd, &s)
			if err != nil {
				return err
			}
			var stop stoppedTraining
			if err := stop.find(cmd, s); err != nil {
				return err
			}
			progress := newProgress(cmd.ErrOrStderr())
			defer progress.wait()
			record, params, err := experiment.Run(cmd.Context(), s, experiment.Options{Workers: workers, Initial: initial,
				Progress: progress.bar(s.ID, s.Steps), Save: stop.save, Every: s.Steps, Resume: stop.resume})
			if err := stop.end(cmd.Context(), s.Steps, err); err != nil {
				return err
			}
			if err := files.save(s, params); err != nil {
				return err
			}
			progress.wait()
			tables, err := recordTables([]experiment.Record{record})
			if err != nil {
				return err
			}
			if err := o.write(cmd, trainDocument{record, params}, tables...); err != nil {
				return err
			}
			return converged(cmd, record)
		},
	}
	p.flags(cmd)
	p.rootFlags(cmd)
	o.flags(cmd, "losses", "edges", "shifted", "shifted-errors")
	o.figureFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&s.Model, "model", s.Model, "disentangled, reduced or transformer (causalgrad help models)")
	f.IntSliceVar(&s.Heads, "heads", s.Heads, "heads of each layer")
	f.Float64Var(&s.Eps, "eps", s.Eps, "reduced model: inside the loss's logarithm")
	f.StringVar(&s.Optimizer, "optimizer", s.Optimizer, "sgd or adamw")
	f.Float64Var(&s.LR, "lr", s.LR, "learning rate")
	f.StringVar(&s.Schedule, "schedule", s.Schedule, "constant or cosine")
	f.Float64Var(&s.WeightDecay, "weight-decay", s.WeightDecay, "weight decay: coupled for sgd, decoupled for adamw")
	f.Float64Var(&s.InitScale, "init-scale", s.InitScale, "standard deviation of the initial attention matrices")
	f.IntVar(&s.Steps, "steps", 0, "number of steps (required)")
	f.IntVar(&s.Batch, "batch", s.Batch, "fresh sequences a step")
	f.IntVar(&s.TestSequences, "test-sequences", s.TestSequences, "fresh sequences behind the final losses")
	f.StringArrayVar(&s.Shifted, "shifted", nil, "priors of the out-of-distribution tests (repeat the flag)")
	f.IntVar(&workers, "workers", 0, "goroutines; 0 is one a processor; never changes the result")
	f.StringVar(&specFile, "spec", "", "read the run from this YAML or JSON file; excludes the flags that describe a run")
	files.flags(cmd)
	cmd.MarkFlagsOneRequired("steps", "spec")
	return cmd
}

// converged fails where training diverged to a finite loss.
func converged(cmd *cobra.Command, r experiment.Record) error {
	if !r.Diverged() {
		return nil
	}
	note(cmd, fmt.Sprintf("training diverged: the loss after %d steps is %.3g nats, that of the uniform prediction %.3g; a smaller --lr may help",
		r.Spec.Steps, r.Final.Loss.Value, math.Log(float64(r.Spec.Tokens))))
	return errFails
}

// modelFlags refuses the flags that a model has no use for.
func modelFlags(cmd *cobra.Command, model string) error {
	for _, f := range []struct {
		flag   string
		models []string
	}{{"eps", []string{"reduced"}}, {"heads", []string{"disentangled", "transformer"}}, {"init-scale", []string{"disentangled"}}} {
		if slices.Contains(f.models, model) {
			continue
		}
		if err := refuseIgnored(cmd, "--model "+strings.Join(f.models, " or "), f.flag); err != nil {
			return err
		}
	}
	return nil
}

// loadSpec reads --spec, beside which no flag may describe a run.
func loadSpec(cmd *cobra.Command, file string) (experiment.Spec, error) {
	if err := refuseOthers(cmd, "--spec, whose file describes the whole run",
		append(outputFlags, "figures", "figure-width", "spec", "workers", "weights-in", "weights-out", "weights-layout", "prefix", "ignore")...); err != nil {
		return experiment.Spec{}, err
	}
	s, notes, err := experiment.Load(file)
	note(cmd, notes...)
	return s, err
}

// complete puts the graph, the prior and the seed into a spec.
func (p *problem) complete(cmd *cobra.Command, s *experiment.Spec) error {
	g, err := p.parseGraph(cmd)
	if err != nil {
		return err
	}
	prior, err := p.parsePrior(cmd)
	if err != nil {
		return err
	}
	if markov.RootDistribution(prior) != nil {
		s.Roots, prior = p.roots, markov.Base(prior)
	}
	s.Graph, s.Length, s.Tokens, s.Prior, s.Seed = g.String(), g.SequenceLength(), prior.Tokens(), prior.String(), p.seed
	return nil
}

// recordTables shows records as the tables of losses, edges and shifted priors.
func recordTables(records []experiment.Record) ([]table.Table, error) {
	edges, err := evidence.EdgeWeightTable(records)
	if err != nil {
		return nil, err
	}
	if records, err = evidence.WithExactCounts(records); err != nil {
		return nil, err
	}
	tables := []table.Table{evidence.LossTable(records)}
	if len(edges.Rows) > 0 {
		tables = append(tables, edges)
	}
	for _, shifted := range evidence.ShiftedTables(records) {
		if len(shifted.Rows) > 0 {
			tables = append(tables, shifted)
		}
	}
	return tables, nil
}
