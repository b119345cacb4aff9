package main

import (
	"fmt"

	"causalgrad/impl/memory"
	"causalgrad/reports/evidence"
	"causalgrad/theory/firststep"

	"github.com/spf13/cobra"
)

// maxScaleLength is where one exact gradient takes minutes.
const maxScaleLength = 8192

func newScale() *cobra.Command {
	var o output
	var lengths, tokens []int
	var repeats int
	cmd := &cobra.Command{
		Use:   "scale",
		Short: "Measure time and memory of the exact gradient and the reduced model against T and S",
		Long: `scale measures, on one core of this machine, the exact first-step gradient of a
chain, the tensor of the first-order landscape, the exact gradient in A2 and the
reduced model's gradient over a ladder of lengths T at S = 3 and a ladder of
tokens S at the first length, and fits the exponents. It is the one command whose
numbers differ between runs.`,
		Example: `  causalgrad scale
  causalgrad scale --lengths 128,200,256,512,1024 --repeats 3`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if len(lengths) == 0 {
				return fmt.Errorf("--lengths: none given, want at least one")
			}
			for _, t := range lengths {
				if t < 3 || t > maxScaleLength {
					return fmt.Errorf("--lengths: T = %d, want 3 to %d", t, maxScaleLength)
				}
			}
			for _, s := range tokens {
				if s < 2 || s > 64 {
					return fmt.Errorf("--tokens: S = %d, want 2 to 64", s)
				}
			}
			if repeats < 1 || repeats > 100 {
				return fmt.Errorf("--repeats = %d, want 1 to 100", repeats)
			}
			if err := planScale(lengths, tokens); err != nil {
				return err
			}
			points, err := evidence.MeasureScales(lengths, tokens, repeats)
			if err != nil {
				return err
			}
			costs, err := evidence.ScaleTable(points, "measured on this machine: the one table that differs between runs")
			if err != nil {
				return err
			}
			return o.write(cmd, evidence.Scales{Schema: evidence.ScaleSchema, Points: points}, costs)
		},
	}
	o.flags(cmd, "scale")
	f := cmd.Flags()
	f.IntSliceVar(&lengths, "lengths", []int{32, 64, 128, 256, 512}, "sequence lengths T, ascending")
	f.IntSliceVar(&tokens, "tokens", []int{4, 6, 12, 24}, "numbers of tokens S measured at the first length")
	f.IntVar(&repeats, "repeats", 2, "repetitions, of which the best counts")
	return cmd
}

// planScale refuses sizes whose tensor the library or the memory does not hold,
// before the first measurement: S^2 numbers for a pair of positions, and beside them
// the sums of 2 S and some matrices; measured, garbage takes up to as much again.
func planScale(lengths, tokens []int) error {
	for i, t := range lengths {
		sizes := []int{3}
		if i == 0 {
			sizes = append(sizes, tokens...)
		}
		for _, s := range sizes {
			pairs, s := float64(t)*float64(t), float64(s)
			if entries := (pairs + float64(t)) / 2 * s * s; entries > firststep.MaxTensor {
				return fmt.Errorf("sizes T = %d and S = %.0f: a tensor of %.0f entries, want at most %d", t, s, entries, firststep.MaxTensor)
			}
			if err := memory.Plan(10<<20+2*8*pairs*(s*s/2+2*s+10), fmt.Sprintf("T = %d at S = %.0f; smaller --lengths or --tokens take less", t, s)); err != nil {
				return err
			}
		}
	}
	return nil
}
