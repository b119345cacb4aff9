package fingerprint

import (
	"fmt"
	"runtime"
	"slices"

	"causalgrad/impl/experiment"
	"causalgrad/impl/internal/kernel"

	"golang.org/x/sync/errgroup"
)

// Schema names the document's format and its version.
const Schema = "causalgrad/fingerprint/1"

// Entry is the digest of one part of the program.
type Entry struct {
	ID     string `json:"id"`
	Digest string `json:"sha256"`
}

// Run is all digests of one number of workers and one kernel variant.
type Run struct {
	Workers int     `json:"workers"`
	Kernel  string  `json:"kernel"`
	Entries []Entry `json:"entries"`
}

// Document is the runs of one build on one machine.
type Document struct {
	Schema  string `json:"schema"`
	Machine string `json:"machine,omitempty"` // as the caller names it
	Build   Build  `json:"build"`
	Runs    []Run  `json:"runs"`
}

// Build is what a document does not owe to the program's text.
type Build struct {
	Go       string `json:"go"`
	System   string `json:"system"`   // GOOS/GOARCH
	Level    string `json:"level"`    // GOAMD64, GO386 or GOARM64, empty if not known
	Assembly bool   `json:"assembly"` // whether a vector variant was built in and can run
	Race     bool   `json:"race"`
}

// Kernels lists the kernel variants that this machine can run, portable first.
func Kernels() []string { return kernel.Available() }

// Parts lists the entries' names in their order.
func Parts() []string {
	var ids []string
	for _, p := range parts() {
		ids = append(ids, p.id)
	}
	return ids
}

// Training is the entry of a training run that the spec describes, at its own
// size: the trained weights and all that is measured.
func Training(s experiment.Spec, workers int, variant string) (Entry, error) {
	r, err := compute(workers, variant, []part{training(s)})
	if err != nil {
		return Entry{}, err
	}
	return r.Entries[0], nil
}

// ComputeParts is Compute for the parts of these names alone.
func ComputeParts(workers int, variant string, ids []string) (Run, error) {
	all, chosen := parts(), make([]part, len(ids))
	for i, id := range ids {
		at := slices.IndexFunc(all, func(p part) bool { return p.id == id })
		if at < 0 {
			return Run{}, fmt.Errorf("fingerprint %q: no such part", id)
		}
		chosen[i] = all[at]
	}
	return compute(workers, variant, chosen)
}

// Compute evaluates everything with that many workers (0: one a processor) and
// that kernel variant, which is the whole process's while it runs.
func Compute(workers int, variant string) (Run, error) { return compute(workers, variant, parts()) }

func compute(workers int, variant string, all []part) (Run, error) {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	r := Run{Workers: workers, Kernel: variant, Entries: make([]Entry, len(all))}
	err := kernel.With(variant, func() error {
		var group errgroup.Group
		group.SetLimit(runtime.GOMAXPROCS(0))
		for i, p := range all {
			group.Go(func() error {
				d := newDigest()
				if err := p.write(d, workers); err != nil {
					return fmt.Errorf("fingerprint %q: %w", p.id, err)
				}
				r.Entries[i] = Entry{ID: p.id, Digest: d.hex()}
				return nil
			})
		}
		return group.Wait()
	})
	if err != nil {
		return Run{}, err
	}
	return r, nil
}

// part is one entry: write feeds its numbers to the digest.
type part struct {
	id    string
	write func(d *digest, workers int) error
}

func parts() []part {
	all := []part{
		{"exp", func(d *digest, _ int) error { exponentials(d); return nil }},
		{"log", func(d *digest, _ int) error { logarithms(d); return nil }},
		{"variates", func(d *digest, _ int) error { variates(d); return nil }},
	}
	all = append(append(all, samplers()...), abreast()...)
	all = append(all, firstSteps()...)
	all = append(all, commands()...)
	all = append(all, trainings()...)
	return append(all, part{"algorithm-1", algorithm1})
}
