package main

import (
	"fmt"
	"math/big"
	"slices"

	"causalgrad/reports/evidence"
	"causalgrad/theory/dynamics"
	"causalgrad/theory/necessity"

	"github.com/spf13/cobra"
)

// necessityStage2Schema names the JSON document of --stage 2 and its version.
const necessityStage2Schema = "causalgrad/necessity-stage-2/1"

// necessityStage2 is the JSON answer. The control are random instances with A3, of
// which Unequal leave A2 = beta I; Alone of them do where one of their chains stands
// alone.
type necessityStage2 struct {
	Schema          string          `json:"schema"`
	Instances       int             `json:"instances"`
	Unequal         int             `json:"unequal"`
	Alone           int             `json:"alone_unequal"`
	Counterexamples []stage2Example `json:"counterexamples"`
}

// stage2Example is a prior, uniform over Chains, without A3: the gradient -dL/dA2 at
// A1 = A2 = 0, all as ratios, and its distance from x I + y 11'.
type stage2Example struct {
	Dropped  string         `json:"dropped"`
	Parents  []int          `json:"parents"`
	Chains   [][][]*big.Rat `json:"chains"`
	Gradient [][]*big.Rat   `json:"gradient"`
	Spread   *big.Rat       `json:"spread"`
	Examined int            `json:"examined"`
}

func newStage2Example(dropped string, a dynamics.Asymmetry) stage2Example {
	return stage2Example{dropped, a.Forest.Parents(), a.Chains, a.Gradient, a.Spread, a.Examined}
}

// necessityOfStage2 answers --stage 2.
func necessityOfStage2(cmd *cobra.Command, o output, args []string, seed uint64) error {
	for _, f := range []string{"evaluations", "gamma"} {
		if err := refuseIgnored(cmd, "--stage 1", f); err != nil {
			return err
		}
	}
	if i := slices.IndexFunc(args, func(a string) bool { return a != necessity.Symmetry }); i >= 0 {
		return fmt.Errorf("condition %q: stage 2 keeps A2 = beta I under %s alone, want that or nothing", args[i], necessity.Symmetry)
	}
	r, err := evidence.MeasureStage2(cmd.Context(), seed)
	if err != nil {
		return err
	}
	d := necessityStage2{necessityStage2Schema, r.Instances, r.Unequal, r.Alone, []stage2Example{
		newStage2Example("A3, A4", r.Single), newStage2Example("A3", r.KeepingA4)}}
	if err := o.write(cmd, d, r.Table()); err != nil {
		return err
	}
	if r.Unequal > 0 {
		return errFails
	}
	return nil
}
