package main

import (
	"fmt"

	"causalgrad/reports/evidence"

	"github.com/spf13/cobra"
)

type headsDocument struct {
	Schema string               `json:"schema"`
	Runs   evidence.SingleHeads `json:"runs"`
}

// Answer is that of the runs.
func (d headsDocument) Answer() string { return d.Runs.Answer() }

// maxHeadSeeds is where the runs take hours.
const maxHeadSeeds = 256

func newHeads() *cobra.Command {
	var o output
	var seed uint64
	var seeds, steps int
	cmd := &cobra.Command{
		Use:   "heads",
		Short: "One head against two on the graph with two parents, over seeds",
		Long: `heads trains a one-head and a two-head model for as many steps on the graph with
two parents (trigram-half, T = 32, S = 5, Dirichlet(0.1)) with the seeds from --seed
on, and prints both losses beside the estimators that know one parent or both, with
the 95% prediction interval of one more seed. Some twenty seconds a seed.`,
		Example: `  causalgrad heads --seeds 2 --steps 100
  causalgrad heads --seeds 8 --format json --out heads.json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if seeds < 1 || seeds > maxHeadSeeds {
				return fmt.Errorf("--seeds %d: want 1 to %d", seeds, maxHeadSeeds)
			}
			if steps < 1 || steps > 1<<20 {
				return fmt.Errorf("--steps %d: want 1 to %d", steps, 1<<20)
			}
			bars := newProgress(cmd.ErrOrStderr())
			defer bars.wait()
			step := bars.bar("seeds", seeds)
			d := headsDocument{Schema: evidence.HeadSchema}
			for n := range seeds {
				options := evidence.QuickConstructions(seed + uint64(n))
				options.TrainSteps = steps
				one, err := evidence.TrainSingleHead(cmd.Context(), options)
				if err != nil {
					return err
				}
				d.Runs = append(d.Runs, one)
				step(n + 1)
			}
			bars.wait()
			return o.write(cmd, d, d.Runs[0].Table(), d.Runs.Table())
		},
	}
	o.flags(cmd, "single-head", "single-head-seeds")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "first seed of the runs")
	cmd.Flags().IntVar(&seeds, "seeds", 1, "number of seeds")
	cmd.Flags().IntVar(&steps, "steps", evidence.QuickConstructions(1).TrainSteps, "training steps of each model")
	return cmd
}
