package main

import (
	"fmt"
	"runtime"

	"causalgrad/impl/memory"
	"causalgrad/impl/train"
	"causalgrad/reports/evidence"

	"github.com/spf13/cobra"
)

type ladderDocument struct {
	Schema string `json:"schema"`
	evidence.Algorithm1
}

// maxLadderSeeds is where the runs take hours.
const maxLadderSeeds = 1024

// maxLadderLength is where a run takes an hour.
const maxLadderLength = 8192

func newLadder() *cobra.Command {
	var o output
	var lengths []int
	var seed uint64
	var seeds int
	cmd := &cobra.Command{
		Use:   "ladder",
		Short: "Algorithm 1 over a ladder of lengths, with the exponents of its errors",
		Long: `ladder runs the paper's Algorithm 1 on the chain (S = 3, Dirichlet(1)) for every
length T, measures L - L* and the sup-norm errors on chains outside the training
prior, and prints the local exponents with which they fall; a single power of T
only where the data do not reject one. --seeds N runs the seeds from --seed on:
the errors are then those between seeds, with 95% prediction intervals of one
more. The cost grows as T^2: some seconds at T = 512, a minute or two at 2048.`,
		Example: `  causalgrad ladder
  causalgrad ladder --seeds 16 --format json --out ladders.json
  causalgrad ladder --lengths 16,32,64,128,256,512,1024,2048`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if len(lengths) < 3 {
				return fmt.Errorf("--lengths: %d given, want at least 3 for a fit", len(lengths))
			}
			for i, t := range lengths {
				if t < 3 || t > maxLadderLength || i > 0 && t <= lengths[i-1] {
					return fmt.Errorf("--lengths: T = %d, want 3 to %d, ascending", t, maxLadderLength)
				}
			}
			if seeds < 1 || seeds > maxLadderSeeds {
				return fmt.Errorf("--seeds %d: want 1 to %d", seeds, maxLadderSeeds)
			}
			if err := planLadder(lengths[len(lengths)-1]); err != nil {
				return err
			}
			a, err := climb(cmd, lengths, seed, seeds)
			if err != nil {
				return err
			}
			return o.write(cmd, ladderDocument{evidence.LadderSchema, a}, append(a.Tables(), evidence.DecayTable(a.Decays()))...)
		},
	}
	o.flags(cmd, "algorithm-1", "algorithm-1-shifted", "algorithm-1-seeds", "rates")
	cmd.Flags().IntSliceVar(&lengths, "lengths", evidence.Algorithm1Lengths(), "sequence lengths T, ascending")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "first seed of the runs")
	cmd.Flags().IntVar(&seeds, "seeds", 1, "number of seeds")
	return cmd
}

// planLadder refuses a length whose matrices the memory does not hold: T x T, one
// for each shard of a batch, two for each worker and some more; measured, garbage
// takes as much again.
func planLadder(length int) error {
	shards := evidence.Algorithm1Config(length, 0).Batch / train.ShardSize
	t := float64(length)
	return memory.Plan(10<<20+2*8*t*t*float64(shards+2*runtime.GOMAXPROCS(0)+8), "shorter --lengths")
}

// climb runs every length with every seed, with a bar over the lengths.
func climb(cmd *cobra.Command, lengths []int, seed uint64, seeds int) (evidence.Algorithm1, error) {
	bars := newProgress(cmd.ErrOrStderr())
	defer bars.wait()
	step := bars.bar("Algorithm 1", len(lengths)*seeds)
	var ladders []evidence.Ladder
	for n := range seeds {
		var move func(done int)
		if step != nil {
			move = func(done int) { step(n*len(lengths) + done) }
		}
		l, err := evidence.RunLadder(cmd.Context(), lengths, seed+uint64(n), move)
		if err != nil {
			return evidence.Algorithm1{}, err
		}
		ladders = append(ladders, l)
	}
	return evidence.NewAlgorithm1(ladders...)
}
