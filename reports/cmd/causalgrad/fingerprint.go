package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"causalgrad/golden/runs"
	"causalgrad/impl/durable"
	"causalgrad/impl/fingerprint"
	"causalgrad/impl/jsonfile"
	"causalgrad/reports/evidence"
	"causalgrad/reports/table"
	"causalgrad/theory/userfile"

	"github.com/spf13/cobra"
)

// maxFingerprintWorkers bounds --workers of fingerprint.
const maxFingerprintWorkers = 256

// fingerprintOptions are the flags of fingerprint.
type fingerprintOptions struct {
	output
	workers []int
	kernels []string
	check   bool
	machine string
	builds  string
}

func newFingerprint() *cobra.Command {
	var o fingerprintOptions
	cmd := &cobra.Command{
		Use:   "fingerprint [FILE...]",
		Short: "Digests of everything that must have the same bits on every machine",
		Long: `fingerprint evaluates the elementary functions, samplers, exact gradients and
every preset (trained for a few steps and measured) and prints a digest of each,
beside the golden ones that ship with the program. --format json writes the
document of this build for all asked numbers of workers and kernel variants.

With FILEs, such documents of any builds and machines, it prints the matrix
workers x kernel x build; --builds DIR keeps each in short, as the program ships
them for its report. Exit code 1: with --check or with FILEs, a digest differs
from the golden one.`,
		Example: `  causalgrad fingerprint --check
  causalgrad fingerprint --workers 1,2,8 --format json --out here.json
  causalgrad fingerprint here.json there.json`,
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := o.output.check(); err != nil {
				return err
			}
			golden, err := runs.Fingerprint()
			if err != nil {
				return err
			}
			if len(names) > 0 {
				if err := refuseOthers(cmd, "FILEs", append(outputFlags, "builds")...); err != nil {
					return err
				}
				return o.compare(cmd, golden, names)
			}
			if err := refuseIgnored(cmd, "FILEs, documents of fingerprint --format json", "builds"); err != nil {
				return err
			}
			return o.compute(cmd, golden)
		},
	}
	o.flags(cmd, "fingerprint", "determinism")
	f := cmd.Flags()
	f.IntSliceVar(&o.workers, "workers", []int{1, 2}, "numbers of workers to compute with")
	f.StringSliceVar(&o.kernels, "kernel", fingerprint.Kernels(), "kernel variants to compute with")
	f.BoolVar(&o.check, "check", false, "exit with 1 when a digest differs from the golden one")
	f.StringVar(&o.machine, "machine", "", "what the document calls this machine")
	f.StringVar(&o.builds, "builds", "", "with FILEs: write each in short to this folder")
	return cmd
}

func (o *fingerprintOptions) compute(cmd *cobra.Command, golden []fingerprint.Entry) error {
	d, err := computeFingerprint(o.workers, o.kernels)
	if err != nil {
		return err
	}
	d.Machine = o.machine
	result := evidence.Determinism{Golden: golden, Builds: []runs.Build{runs.NewBuild(golden, d)}}
	tables := []table.Table{evidence.DigestTable(golden, d.Runs[0]), result.Table()}
	if err := o.write(cmd, fingerprintDocument{d, result}, tables...); err != nil {
		return err
	}
	if o.check && !result.Holds() {
		return errFails
	}
	return nil
}

// fingerprintDocument is the JSON answer for this build.
type fingerprintDocument struct {
	fingerprint.Document
	result evidence.Determinism
}

// Answer is that of the comparison with the golden bits.
func (d fingerprintDocument) Answer() string { return d.result.Answer() }

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

func (o *fingerprintOptions) compare(cmd *cobra.Command, golden []fingerprint.Entry, names []string) error {
	if err := planDocuments(names, bytesInTree); err != nil {
		return err
	}
	var builds []runs.Build
	for _, name := range names {
		d, err := readFingerprint(name)
		if err != nil {
			return err
		}
		builds = append(builds, runs.NewBuild(golden, d))
	}
	if o.builds != "" {
		for i, name := range names {
			data, err := runs.EncodeBuild(builds[i])
			if err != nil {
				return err
			}
			if err := durable.WriteFile(filepath.Join(o.builds, strings.TrimSuffix(filepath.Base(name), ".json")+".json"), data); err != nil {
				return err
			}
		}
	}
	result := evidence.Determinism{Golden: golden, Builds: builds}
	if err := o.write(cmd, saying(result.Answer()), result.Table()); err != nil {
		return err
	}
	if !result.Holds() {
		return errFails
	}
	return nil
}

func readFingerprint(name string) (fingerprint.Document, error) {
	var d fingerprint.Document
	data, err := userfile.Read(name, maxTextSize)
	if err != nil {
		return d, userfile.Error(name, err)
	}
	if err := jsonfile.Decode(data, &d); err != nil {
		return d, fmt.Errorf("file %s: %w", name, err)
	}
	if d.Schema != fingerprint.Schema || len(d.Runs) == 0 {
		return d, fmt.Errorf("file %s: schema %q with %d runs, want %q with at least one", name, d.Schema, len(d.Runs), fingerprint.Schema)
	}
	return d, nil
}
