package report

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"causalgrad/golden/runs"
	"causalgrad/props/fault"
	"causalgrad/reports/evidence"
)

// conditions examines the theorems' conditions on priors that meet and miss
// them.
func (g *gatherer) conditions(context.Context) (evidence.Result, error) {
	return evidence.Conditions(evidence.QuickConditions(g.plan.Seed))
}

// sensitivity plants every fault and asks the laws, until one catches it.
func (g *gatherer) sensitivity(ctx context.Context) (evidence.Result, error) {
	m, err := fault.Sensitivity(ctx, fault.Options{Seed: g.plan.Seed, Workers: runtime.GOMAXPROCS(0)})
	if err != nil {
		return evidence.Result{}, err
	}
	return evidence.Sensitivity(m, nil), nil
}

// determinism compares the bits of this process and of the recorded builds with
// the golden ones.
func (g *gatherer) determinism(context.Context) (evidence.Result, error) {
	golden, err := runs.Fingerprint()
	if err != nil {
		return evidence.Result{}, err
	}
	builds, err := runs.Builds()
	if err != nil {
		return evidence.Result{}, err
	}
	if g.here = g.plan.Here; g.here == nil {
		b, err := evidence.HereBits(fmt.Sprintf("computed for this report, %d processors", runtime.NumCPU()))
		if err != nil {
			return evidence.Result{}, err
		}
		g.here = &b
	}
	builds = append([]runs.Build{*g.here}, builds...)
	bits := evidence.CountBits(golden, builds)
	g.found.Bits, g.found.Builds = &bits, builds
	return evidence.Determinism(golden, builds), nil
}

// implementations shows the recorded runs of the laws on other implementations.
func (g *gatherer) implementations(context.Context) ([]evidence.Result, error) {
	recorded, err := runs.Conformances()
	if err != nil {
		return nil, err
	}
	return evidence.Implementations(recorded)
}

// speed shows the recorded benchmarks and the wall times of the runs. The
// benchmarks' verdicts are those of another machine and time, and decide nothing
// here.
func (g *gatherer) speed(context.Context) ([]evidence.Result, error) {
	b, err := evidence.ParseBenchmarks(runs.Benchmarks())
	if err != nil {
		return nil, err
	}
	scaling, err := evidence.Scaling(b)
	if err != nil {
		return nil, err
	}
	all := []evidence.Result{evidence.Steps(b), evidence.Parts(b), scaling}
	if records := g.found.Records; len(records) > 0 {
		all = slices.Insert(all, 1, evidence.RunTimes(records))
	}
	scales, err := evidence.ReadScales(runs.Scales())
	if err != nil {
		return nil, err
	}
	scale, err := evidence.ScaleTable(scales.Points, "measured on "+b.Machine)
	if err != nil {
		return nil, err
	}
	all = append(all, scale)
	for i := range all {
		all[i].Holds = true
	}
	return all, nil
}

// fingerprintName is where a report keeps the bits of the process that made it,
// below its folder: a record, which no other machine can make again.
const fingerprintName = "fingerprint.json"

// savedHere are the bits that a saved report was made with; nil where it has none.
func savedHere(folder string) (*runs.Build, error) {
	name := filepath.Join(folder, fingerprintName)
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("fingerprint %s: %w", name, reason(err))
	}
	b, err := runs.DecodeBuild(data)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return nil, fmt.Errorf("fingerprint %s: byte %d: %w", name, syntax.Offset, err)
	case err != nil:
		return nil, fmt.Errorf("fingerprint %s: %w", name, err)
	}
	return &b, nil
}
