package main

import (
	"causalgrad/reports/evidence"
	"causalgrad/theory/certify"

	"github.com/spf13/cobra"
)

// regionsSchema names the JSON document of the command and its version.
const regionsSchema = "causalgrad/regions/1"

type regionsDocument struct {
	Schema  string           `json:"schema"`
	Graph   string           `json:"graph"`
	Regions []regionDocument `json:"regions"`
}

type regionDocument struct {
	Tokens int  `json:"tokens"`
	Self   bool `json:"self"`
	Orbit  bool `json:"orbit"`
	certify.Map
}

func newRegions() *cobra.Command {
	var p problem
	var o output
	budget := evidence.QuickRegions()
	cmd := &cobra.Command{
		Use:   "regions",
		Short: "Prove for which chains the signal of a forest has the parent ahead",
		Long: `regions divides the set of all chains (S = 2: a square; S = 3: three triangles)
and proves, by outward-rounded interval arithmetic, where the margin of the
signal is positive: for one chain and for the mean over its orbit, with and
without the position itself competing. What the intervals cannot decide is
undecided, never "holds". JSON lists the cells for S = 2.`,
		Example: `  causalgrad regions --graph icl --length 8
  causalgrad regions --graph chain --length 8 --cells 2000000`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			f, err := p.parseForest()
			if err != nil {
				return err
			}
			regions, err := evidence.CertifyRegions(f, budget)
			if err != nil {
				return err
			}
			d := regionsDocument{Schema: regionsSchema, Graph: f.String()}
			for _, r := range regions {
				d.Regions = append(d.Regions, regionDocument{r.Region.Tokens, r.Region.Self, r.Region.Orbit, r.Map})
			}
			return o.write(cmd, d, regions.Table(p.graph))
		},
	}
	o.flags(cmd)
	p.graphFlags(cmd)
	cmd.Flags().IntVar(&budget.ThreeTokens, "cells", budget.ThreeTokens, "cells evaluated at most for each question with S = 3")
	return cmd
}
