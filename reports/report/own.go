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

	"causalgrad/golden/runs"
	"causalgrad/props/fault"
	"causalgrad/reports/evidence"
	"causalgrad/reports/table"
)

// conditions examines the theorems' conditions on priors that meet and miss
// them.
func (g *gatherer) conditions(context.Context) (table.Table, error) {
	return evidence.ConditionTable(evidence.QuickConditions(g.plan.Seed))
}

// sensitivity plants every mistake and asks the laws, until one catches it.
func (g *gatherer) sensitivity(ctx context.Context) (table.Table, error) {
	m, err := fault.Sensitivity(ctx, fault.Options{Seed: g.plan.Seed, Workers: runtime.GOMAXPROCS(0)})
	if err != nil {
		return table.Table{}, err
	}
	g.found.Planted = &m
	return evidence.Sensitivity(m, nil).Table, nil
}

// determinism compares the bits of this process and of the recorded builds with
// the golden ones.
func (g *gatherer) determinism(context.Context) (table.Table, error) {
	golden, err := runs.Fingerprint()
	if err != nil {
		return table.Table{}, err
	}
	builds, err := runs.Builds()
	if err != nil {
		return table.Table{}, err
	}
	if g.here = g.plan.Here; g.here == nil {
		b, err := evidence.HereBits(fmt.Sprintf("computed for this report, %d processors", runtime.NumCPU()))
		if err != nil {
			return table.Table{}, err
		}
		g.here = &b
	}
	g.found.Determinism = &evidence.Determinism{Golden: golden, Builds: append([]runs.Build{*g.here}, builds...)}
	return g.found.Determinism.Table(), nil
}

// implementations shows the recorded runs of the laws on other implementations.
func (g *gatherer) implementations(context.Context) ([]table.Table, error) {
	recorded, err := runs.Conformances()
	if err != nil {
		return nil, err
	}
	results, err := evidence.Implementations(recorded)
	var tables []table.Table
	for _, r := range results {
		tables = append(tables, r.Table)
	}
	return tables, err
}

// speed shows the recorded benchmarks and the wall times of the runs.
func (g *gatherer) speed(context.Context) ([]table.Table, error) {
	b, err := evidence.ParseBenchmarks(runs.Benchmarks())
	if err != nil {
		return nil, err
	}
	official, err := runs.OfficialComparison()
	if err != nil {
		return nil, err
	}
	g.found.Speed = evidence.OfficialSpeeds(official)
	all := []table.Table{evidence.OfficialSpeedTable(official, g.found.Speed), b.StepTable()}
	if records := g.found.Records; len(records) > 0 {
		all = append(all, evidence.RunTimeTable(records))
	}
	scaling, err := b.ScalingTable()
	if err != nil {
		return nil, err
	}
	scales, err := evidence.ReadScales(runs.Scales())
	if err != nil {
		return nil, err
	}
	scale, err := evidence.ScaleTable(scales.Points, "measured on "+b.Machine)
	if err != nil {
		return nil, err
	}
	return append(all, b.PartTable(), scaling, scale), nil
}

// officialTraining shows the recorded trainings beside the official code.
func (g *gatherer) officialTraining(context.Context) (table.Table, error) {
	official, err := runs.OfficialComparison()
	if err != nil {
		return table.Table{}, err
	}
	g.found.Official, err = evidence.OfficialTests(official)
	return evidence.OfficialTable(official, g.found.Official), err
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
