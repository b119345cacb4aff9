package main

import (
	"fmt"

	"causalgrad/reports/evidence"
	"causalgrad/theory/necessity"

	"github.com/spf13/cobra"
)

// necessitySchema names the JSON document of the command and its version.
const necessitySchema = "causalgrad/necessity/1"

type necessityDocument struct {
	Schema   string              `json:"schema"`
	Outcomes []necessity.Outcome `json:"outcomes"`
}

func newNecessity() *cobra.Command {
	var o output
	var options necessity.Options
	cmd := &cobra.Command{
		Use:   "necessity [CONDITION...]",
		Short: "Drop each condition and search for the smallest failure of the first step",
		Long: `necessity drops one condition of the theorems at a time, keeps the others and
searches forests and finite priors for the smallest failure of "the row argmax is
the parent". What it finds is proved in rational arithmetic; where it finds none
it says how hard it looked. Conditions: ` + fmt.Sprint(necessity.Conditions()) + `.

The exit code is 1 when the control ("none" dropped) fails.`,
		Example: `  causalgrad necessity
  causalgrad necessity A4 --format json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if len(args) == 0 {
				args = nil
			}
			outcomes, err := evidence.RunNecessity(cmd.Context(), args, options)
			if err != nil {
				return err
			}
			if err := o.write(cmd, necessityDocument{necessitySchema, outcomes}, outcomes.Table()); err != nil {
				return err
			}
			if !outcomes.Holds() {
				return errFails
			}
			return nil
		},
	}
	o.flags(cmd, "necessity")
	f := cmd.Flags()
	f.IntVar(&options.Evaluations, "evaluations", 0, "priors scored for each condition; 0 means 60000")
	f.Float64Var(&options.Gamma, "gamma", 0, "constant of the kept lower bound and non-degeneracy; 0 means 0.3")
	f.Uint64Var(&options.Seed, "seed", 1, "seed of the search")
	return cmd
}
