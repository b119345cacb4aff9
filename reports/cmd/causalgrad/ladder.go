package main

import (
	"fmt"

	"causalgrad/reports/evidence"

	"github.com/spf13/cobra"
)

// ladderSchema names the JSON document of the command and its version.
const ladderSchema = "causalgrad/ladder/1"

type ladderDocument struct {
	Schema string                     `json:"schema"`
	Seed   uint64                     `json:"seed"`
	Points []evidence.Algorithm1Point `json:"points"`
	Rates  []evidence.NamedRate       `json:"rates"`
}

// maxLadderLength is where a run takes an hour.
const maxLadderLength = 8192

func newLadder() *cobra.Command {
	var o output
	var lengths []int
	var seed uint64
	cmd := &cobra.Command{
		Use:   "ladder",
		Short: "Algorithm 1 over a ladder of lengths, with the exponents of its errors",
		Long: `ladder runs the paper's Algorithm 1 on the chain (S = 3, Dirichlet(1)) for every
length T, measures L - L* and the sup-norm errors on chains outside the training
prior, and fits the exponents with which they fall. The cost grows as T^2: some
seconds at T = 512, a minute or two at 2048.`,
		Example: `  causalgrad ladder
  causalgrad ladder --lengths 16,32,64,128,256,512,1024,2048`,
		Args: cobra.NoArgs,
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
			a, err := climb(cmd, lengths, seed)
			if err != nil {
				return err
			}
			return o.write(cmd, ladderDocument{ladderSchema, seed, a.Points, a.Rates()}, a.Table(), a.ShiftedTable(), evidence.RateTable(a.Rates()))
		},
	}
	o.flags(cmd)
	cmd.Flags().IntSliceVar(&lengths, "lengths", evidence.Algorithm1Lengths(), "sequence lengths T, ascending")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "seed of the runs")
	return cmd
}

// climb runs every length, with a bar over them.
func climb(cmd *cobra.Command, lengths []int, seed uint64) (evidence.Algorithm1, error) {
	bars := newProgress(cmd.ErrOrStderr())
	defer bars.wait()
	return evidence.RunLadder(cmd.Context(), lengths, seed, bars.bar("Algorithm 1", len(lengths)))
}
