package main

import (
	"fmt"

	"causalgrad/golden/reference"
	"causalgrad/reports/evidence"
	"causalgrad/reports/words"

	"github.com/spf13/cobra"
)

// verifyDocument is the JSON answer of verify.
type verifyDocument struct {
	Schema string             `json:"schema"`
	Files  []reference.Report `json:"files"`
	Holds  bool               `json:"holds"`
}

// Answer says how many quantities agree.
func (d verifyDocument) Answer() string {
	compared, informed := 0, 0
	var wrong []string
	for _, file := range d.Files {
		for _, row := range file.Rows {
			switch {
			case row.Tier == reference.Information:
				informed++
			case row.Pass:
				compared++
			default:
				compared++
				wrong = append(wrong, file.File+": "+row.Quantity)
			}
		}
	}
	if compared == 0 {
		return fmt.Sprintf("Nothing was compared: no quantity of %s has a tolerance.", words.Counted(len(d.Files), "file"))
	}
	if len(wrong) == 0 {
		return fmt.Sprintf("This implementation agrees: all %s of %s are within their tolerances (%d more are known differences, not judged).",
			words.Counted(compared, "quantity"), words.Counted(len(d.Files), "file"), informed)
	}
	return fmt.Sprintf("This implementation disagrees in %d of %s: %s.", len(wrong), words.Counted(compared, "quantity"), words.Few(wrong))
}

func newVerify() *cobra.Command {
	var o output
	var w weightsCheck
	cmd := &cobra.Command{
		Use:   "verify [FILE...]",
		Short: "Compare this implementation with files of the official implementation's values",
		Long: `verify reads test vectors, trajectories, stationary distributions, estimators, gradient
examples, published tables and training runs in the reference schema
(golden/reference/SCHEMA.md) and prints for every quantity the largest absolute
and relative error, the tolerance and the verdict. Without arguments it verifies
the files that ship with the program. Training runs are compared statistically.

--weights FILE instead measures weights that any program wrote, on --graph and
--prior: losses, attention on every edge in both senses, losses on other priors,
and the transfer to relabelled tokens and to chains of other spectra; the exit
code is then 0 whatever they are. Tensors are named as our own
train --weights-out names them, A0.0, ..., W (disentangled), A1, A2 (reduced),
wte, wpe, A0, V0, mlp0.W0, ..., W (transformer), or as the official code keeps
them: the heads of a layer in one array A0, A1, ..., named as trees of JAX and
flax spell it or not at all (numpy.savez(FILE, *A, W)). Any real type will do.`,
		Example: `  causalgrad verify
  causalgrad verify my_vectors.json --format markdown
  causalgrad verify --weights w.safetensors --graph chain --prior dirichlet:0.1`,
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if w.file != "" {
				if len(names) > 0 {
					return fmt.Errorf("--weights %q and file %q: give one of them", w.file, names[0])
				}
				return w.run(cmd, &o)
			}
			if err := refuseOthers(cmd, "files of values; give --weights FILE", outputFlags...); err != nil {
				return err
			}
			if len(names) == 0 {
				names = reference.Files()
			}
			if err := planDocuments(names, bytesInTree); err != nil {
				return err
			}
			d := verifyDocument{Schema: "causalgrad/verify/1"}
			for _, name := range names {
				report, err := reference.Verify(name, reference.Options{})
				if err != nil {
					return err
				}
				d.Files = append(d.Files, report)
			}
			result := evidence.Agreement(d.Files)
			d.Holds = result.Pass()
			if err := o.write(cmd, d, result.QuantityTable()); err != nil {
				return err
			}
			if !d.Holds {
				return errFails
			}
			return nil
		},
	}
	o.flags(cmd, "verification", "losses", "edges", "shifted", "shifted-errors", "transfer-relabelling", "transfer-spectra")
	w.flags(cmd)
	o.figureFlags(cmd)
	return cmd
}
