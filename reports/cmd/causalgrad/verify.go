package main

import (
	"causalgrad/golden/reference"
	"causalgrad/reports/evidence"

	"github.com/spf13/cobra"
)

// verifyDocument is the JSON answer of verify.
type verifyDocument struct {
	Schema string             `json:"schema"`
	Files  []reference.Report `json:"files"`
	Holds  bool               `json:"holds"`
}

func newVerify() *cobra.Command {
	var o output
	cmd := &cobra.Command{
		Use:   "verify [FILE...]",
		Short: "Compare this implementation with files of the official implementation's values",
		Long: `verify reads test vectors, trajectories, stationary laws, estimators, gradient
examples, published tables and training runs in the reference schema
(golden/reference/SCHEMA.md) and prints for every quantity the largest absolute
and relative error, the tolerance and the verdict. Without arguments it verifies
the files that ship with the program. Training runs are compared statistically.`,
		Example: `  causalgrad verify
  causalgrad verify my_vectors.json --format markdown`,
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if len(names) == 0 {
				names = reference.Files()
			}
			d := verifyDocument{Schema: "causalgrad/verify/1"}
			for _, name := range names {
				report, err := reference.Verify(name, reference.Options{})
				if err != nil {
					return err
				}
				d.Files = append(d.Files, report)
			}
			result := evidence.Verification(d.Files)
			d.Holds = result.Holds
			if err := o.write(cmd, d, result.Table); err != nil {
				return err
			}
			if !result.Holds {
				return errFails
			}
			return nil
		},
	}
	o.flags(cmd)
	return cmd
}
