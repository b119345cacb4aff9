package main

import (
	"encoding/json"
	"fmt"
	"os"

	"causalgrad/golden/runs"
	"causalgrad/impl/fingerprint"
	"causalgrad/reports/evidence"
	"causalgrad/reports/table"

	"github.com/spf13/cobra"
)

// maxFingerprintWorkers bounds --workers of fingerprint.
const maxFingerprintWorkers = 256

func newFingerprint() *cobra.Command {
	var (
		o       output
		workers []int
		kernels []string
		check   bool
	)
	cmd := &cobra.Command{
		Use:   "fingerprint [FILE...]",
		Short: "Digests of everything that must have the same bits on every machine",
		Long: `fingerprint evaluates the elementary functions, samplers, exact gradients and
every preset (trained for a few steps and measured) and prints a digest of each,
beside the golden ones that ship with the program. --format json writes the
document of this build for all asked numbers of workers and kernel variants.
With FILEs, such documents of any builds and machines, it prints the matrix
workers x kernel x build. Exit code 1: with --check or with FILEs, a digest
differs from the golden one.`,
		Example: `  causalgrad fingerprint --check
  causalgrad fingerprint --workers 1,2,8 --format json --out here.json
  causalgrad fingerprint here.json there.json`,
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := o.check(); err != nil {
				return err
			}
			golden, err := runs.Fingerprint()
			if err != nil {
				return err
			}
			if len(names) > 0 {
				return compareFingerprints(cmd, &o, golden, names)
			}
			d, err := computeFingerprint(workers, kernels)
			if err != nil {
				return err
			}
			result := evidence.Determinism(golden, []fingerprint.Document{d})
			tables := []table.Table{evidence.Digests(golden, d.Runs[0]).Table, result.Table}
			if err := o.write(cmd, d, tables...); err != nil {
				return err
			}
			if check && !result.Holds {
				return errFails
			}
			return nil
		},
	}
	o.flags(cmd)
	cmd.Flags().IntSliceVar(&workers, "workers", []int{1, 2}, "numbers of workers to compute with")
	cmd.Flags().StringSliceVar(&kernels, "kernel", fingerprint.Kernels(), "kernel variants to compute with")
	cmd.Flags().BoolVar(&check, "check", false, "exit with 1 when a digest differs from the golden one")
	return cmd
}

func computeFingerprint(workers []int, kernels []string) (fingerprint.Document, error) {
	d := fingerprint.Document{Schema: fingerprint.Schema, Build: fingerprint.ThisBuild()}
	for _, w := range workers {
		if w < 1 || w > maxFingerprintWorkers {
			return d, fmt.Errorf("--workers %d, want 1 to %d", w, maxFingerprintWorkers)
		}
	}
	for _, k := range kernels {
		for _, w := range workers {
			run, err := fingerprint.Compute(w, k)
			if err != nil {
				return d, fmt.Errorf("--kernel: %w", err)
			}
			d.Runs = append(d.Runs, run)
		}
	}
	if len(d.Runs) == 0 {
		return d, fmt.Errorf("--workers %v and --kernel %v, want at least one of each", workers, kernels)
	}
	return d, nil
}

func compareFingerprints(cmd *cobra.Command, o *output, golden []fingerprint.Entry, names []string) error {
	var documents []fingerprint.Document
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		var d fingerprint.Document
		if err := json.Unmarshal(data, &d); err != nil {
			return fmt.Errorf("file %s: %w", name, err)
		}
		if d.Schema != fingerprint.Schema || len(d.Runs) == 0 {
			return fmt.Errorf("file %s: schema %q with %d runs, want %q with at least one", name, d.Schema, len(d.Runs), fingerprint.Schema)
		}
		documents = append(documents, d)
	}
	result := evidence.Determinism(golden, documents)
	if err := o.write(cmd, nil, result.Table); err != nil {
		return err
	}
	if !result.Holds {
		return errFails
	}
	return nil
}
