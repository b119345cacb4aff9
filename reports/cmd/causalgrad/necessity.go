package main

import (
	"fmt"
	"strings"

	"causalgrad/reports/evidence"
	"causalgrad/reports/words"
	"causalgrad/theory/necessity"

	"github.com/spf13/cobra"
)

// necessitySchema names the JSON document of the command and its version.
const necessitySchema = "causalgrad/necessity/1"

type necessityDocument struct {
	Schema   string              `json:"schema"`
	Outcomes []necessity.Outcome `json:"outcomes"`
}

// Answer names the conditions without which the first step fails, and those without
// which no failure was found.
func (d necessityDocument) Answer() string {
	var fail, none []string
	control := ""
	for _, o := range d.Outcomes {
		switch {
		case o.Condition == necessity.None && o.Found:
			control = "The first step fails although no condition is dropped, so the theory or this program is wrong. "
		case o.Condition == necessity.None:
			control = "With all conditions kept no failure was found. "
		case o.Found:
			fail = append(fail, o.Condition)
		default:
			none = append(none, o.Condition)
		}
	}
	text := control
	if len(fail) > 0 {
		text += fmt.Sprintf("The first step can miss the parent without %s (proved). ", words.Listed(fail, "or"))
	}
	if len(none) > 0 {
		text += fmt.Sprintf("Without %s the search found no failure, which proves nothing.", words.Listed(none, "or"))
	}
	return strings.TrimSpace(text)
}

func newNecessity() *cobra.Command {
	var o output
	var options necessity.Options
	var stage int
	cmd := &cobra.Command{
		Use:   "necessity [CONDITION...]",
		Short: "Drop each condition and search for the smallest failure of the first step",
		Long: `necessity drops one condition of the theorems at a time, keeps the others and
searches forests and finite priors for the smallest failure of "the row argmax is
the parent". What it finds is proved in rational arithmetic; where it finds none
it says how hard it looked. Conditions: ` + fmt.Sprint(necessity.Conditions()) + `.

--stage 2 asks the same of stage 2 of Algorithm 1, whose population gradient keeps
A2 = beta I under A3 alone: it prints the smallest priors without A3 that do not,
all smaller ones having been looked at, with their exact gradient.

The exit code is 1 when the control (nothing dropped) fails.`,
		Example: `  causalgrad necessity
  causalgrad necessity A4 --format json
  causalgrad necessity A3 --stage 2`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if stage == 2 {
				return necessityOfStage2(cmd, o, args, options.Seed)
			}
			if stage != 1 {
				return fmt.Errorf("--stage %d, want 1 or 2", stage)
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
	o.flags(cmd, "necessity", "stage-2")
	f := cmd.Flags()
	f.IntVar(&options.Evaluations, "evaluations", 0, "priors scored for each condition; 0 means 60000")
	f.Float64Var(&options.Gamma, "gamma", 0, "constant of the kept lower bound and non-degeneracy; 0 means 0.3")
	f.IntVar(&stage, "stage", 1, "stage of Algorithm 1 that is asked about: 1 (its first step) or 2")
	f.Uint64Var(&options.Seed, "seed", 1, "seed of the search")
	return cmd
}
