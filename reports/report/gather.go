package report

import (
	"context"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"

	"causalgrad/golden/runs"
	"causalgrad/impl/experiment"
	"causalgrad/impl/model"
	"causalgrad/props"
	"causalgrad/reports/claim"
	"causalgrad/reports/evidence"
	"causalgrad/theory/graph"
	"causalgrad/theory/necessity"
)

// Plan says what to gather.
type Plan struct {
	Seed  uint64
	Parts []string    // of Parts
	Here  *runs.Build // the bits of the process that made a saved report; nil computes this one's
}

// Check reports a part that does not exist or is asked for twice.
func (p Plan) Check() error {
	for i, name := range p.Parts {
		if !slices.Contains(Parts(), name) {
			return fmt.Errorf("part %q of the report: unknown, want some of %s", name, strings.Join(Parts(), ", "))
		}
		if slices.Contains(p.Parts[:i], name) {
			return fmt.Errorf("part %q of the report: listed twice", name)
		}
	}
	return nil
}

// part is a part of the report that is computed on its own.
type part struct {
	name    string
	cheap   bool // a second or two
	results func(g *gatherer, ctx context.Context) ([]evidence.Result, error)
}

// recordsPart is what the runs' records give; it is always there.
const recordsPart = "records"

// parts are all of them, in the order of their tables.
var parts = []part{
	{"agreement", false, one(func(*gatherer, context.Context) (evidence.Result, error) { return evidence.Agreement() })},
	{"first step", true, one((*gatherer).firstStep)},
	{"conditions", true, one((*gatherer).conditions)},
	{"signal", false, one((*gatherer).signal)},
	{"necessity", false, one((*gatherer).necessity)},
	{"regions", false, one((*gatherer).regions)},
	{"laws", false, one((*gatherer).laws)},
	{"sensitivity", false, one((*gatherer).sensitivity)},
	{"implementations", true, (*gatherer).implementations},
	{"constructions", false, (*gatherer).constructions},
	{recordsPart, true, (*gatherer).records},
	{"Algorithm 1", false, (*gatherer).algorithm1},
	{"determinism", true, one((*gatherer).determinism)},
	{"speed", true, (*gatherer).speed},
}

// Parts names everything that a report computes beside its training runs.
func Parts() []string { return names(func(part) bool { return true }) }

// CheapParts names what takes a few seconds in all.
func CheapParts() []string { return names(func(p part) bool { return p.cheap }) }

func names(keep func(part) bool) []string {
	var all []string
	for _, p := range parts {
		if p.name != recordsPart && keep(p) {
			all = append(all, p.name)
		}
	}
	return all
}

// Gathered is the evidence of a report.
type Gathered struct {
	Plan     Plan
	Runs     []Run
	Here     *runs.Build // nil without the part "determinism"
	Results  []evidence.Result
	Evidence claim.Evidence

	from map[string]string // the part that gave a table, by its id; only looked up
}

// gatherer collects while the parts run.
type gatherer struct {
	plan  Plan
	runs  []Run
	here  *runs.Build
	found claim.Evidence
}

// Gather computes the plan's parts and what the runs' records give. step, which
// may be nil, is told how many of the parts are done.
func Gather(ctx context.Context, p Plan, trained []Run, step func(done, of int)) (Gathered, error) {
	if _, err := model.Kernel(); err != nil {
		return Gathered{}, err
	}
	if err := p.Check(); err != nil {
		return Gathered{}, err
	}
	g := &gatherer{plan: p, runs: trained}
	for _, r := range trained {
		if !evidence.IsCheck(r.Record) { // a check is no run of the paper's
			g.found.Records = append(g.found.Records, r.Record)
		}
	}
	out := Gathered{Plan: p, Runs: trained, from: map[string]string{}}
	done := 0
	for _, part := range parts {
		if part.name != recordsPart && !slices.Contains(p.Parts, part.name) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return Gathered{}, err
		}
		results, err := part.results(g, ctx)
		if err != nil {
			return Gathered{}, fmt.Errorf("part %q of the report: %w", part.name, err)
		}
		out.Results = append(out.Results, results...)
		for _, r := range results {
			out.from[r.Table.ID] = part.name
		}
		if done++; step != nil {
			step(done, len(p.Parts)+1)
		}
	}
	if len(g.found.Rates) > 0 {
		out.Results = append(out.Results, evidence.Rates(g.found.Rates))
	}
	for _, r := range out.Results {
		g.found.Tables = append(g.found.Tables, r.Table)
	}
	out.Evidence, out.Here = g.found, g.here
	return out, nil
}

// one makes a part of a single table.
func one(f func(*gatherer, context.Context) (evidence.Result, error)) func(*gatherer, context.Context) ([]evidence.Result, error) {
	return func(g *gatherer, ctx context.Context) ([]evidence.Result, error) {
		r, err := f(g, ctx)
		return []evidence.Result{r}, err
	}
}

func (g *gatherer) firstStep(context.Context) (evidence.Result, error) {
	return evidence.FirstStep(evidence.FirstStepOptions{Forests: 200, Length: 12, Tokens: 3, Seed: g.plan.Seed})
}

func (g *gatherer) signal(context.Context) (evidence.Result, error) {
	r, rates, err := evidence.SignalLadder(evidence.SignalLengths())
	g.found.Rates = append(g.found.Rates, rates...)
	return r, err
}

func (g *gatherer) necessity(ctx context.Context) (evidence.Result, error) {
	outcomes, err := evidence.RunNecessity(ctx, nil, necessity.Options{Seed: g.plan.Seed})
	if err != nil {
		return evidence.Result{}, err
	}
	g.found.Outcomes = outcomes
	return evidence.Necessity(outcomes), nil
}

func (g *gatherer) regions(context.Context) (evidence.Result, error) {
	f, err := graph.Chain(8)
	if err != nil {
		return evidence.Result{}, err
	}
	if g.found.Regions, err = evidence.Regions(f, evidence.QuickRegions()); err != nil {
		return evidence.Result{}, err
	}
	return evidence.RegionTable("chain", g.found.Regions), nil
}

func (g *gatherer) laws(context.Context) (evidence.Result, error) {
	subject, options := props.Builtin(), props.Options{Seed: g.plan.Seed, Workers: runtime.GOMAXPROCS(0)}
	g.found.Laws = props.Run(props.All(), subject, options)
	c := evidence.NewConformance(evidence.Run{Subject: subject, Options: options, Results: g.found.Laws})
	return evidence.Result{Table: c.Tables(false)[0], Holds: c.Counts.Failed == 0 && c.Counts.Error == 0}, nil
}

func (g *gatherer) constructions(ctx context.Context) ([]evidence.Result, error) {
	o := evidence.QuickConstructions(g.plan.Seed)
	ladder, err := evidence.Constructions(ctx, o)
	if err != nil {
		return nil, err
	}
	heads, err := evidence.SingleHead(ctx, o)
	return []evidence.Result{ladder, heads}, err
}

func (g *gatherer) records(context.Context) ([]evidence.Result, error) {
	records := g.found.Records
	if len(g.runs) == 0 {
		return nil, nil
	}
	edges, err := evidence.EdgeWeights(records)
	if err != nil {
		return nil, err
	}
	results := append([]evidence.Result{evidence.Losses(records), edges}, evidence.Shifted(records)...)
	transfers, err := evidence.Transfers(records, g.weights)
	if err != nil {
		return nil, err
	}
	results = append(results, evidence.TransferTables(transfers)...)
	var all []experiment.Record
	for _, r := range g.runs {
		all = append(all, r.Record)
	}
	many, err := evidence.ReportManyGraphs(all, g.weights)
	if err != nil || many.Empty() {
		return results, err
	}
	return append(results, many.Tables(false)...), nil
}

// weights are a run's trained parameters, where they were kept.
func (g *gatherer) weights(r experiment.Record) ([]float64, error) {
	for _, run := range g.runs {
		if run.Params != nil && run.Record.WeightsHash == r.WeightsHash {
			return run.Params, nil
		}
	}
	return nil, fmt.Errorf("weights of %q: %w", r.Spec.ID, fs.ErrNotExist)
}

func (g *gatherer) algorithm1(ctx context.Context) ([]evidence.Result, error) {
	var points []evidence.Algorithm1Point
	for _, length := range evidence.Algorithm1Lengths() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		point, err := evidence.RunAlgorithm1(length, g.plan.Seed, nil)
		if err != nil {
			return nil, err
		}
		points = append(points, point)
	}
	rates, err := evidence.Algorithm1Rates(points)
	if err != nil {
		return nil, err
	}
	g.found.Rates, g.found.Points = append(g.found.Rates, rates...), points
	return []evidence.Result{evidence.Algorithm1(points, g.plan.Seed), evidence.Algorithm1Shifted(points)}, nil
}

// Holds tells whether every table holds that must.
func (g Gathered) Holds() bool {
	return !slices.ContainsFunc(g.Results, func(r evidence.Result) bool { return !r.Holds })
}
