package report

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"causalgrad/golden/runs"
	"causalgrad/impl/experiment"
	"causalgrad/impl/model"
	"causalgrad/props"
	"causalgrad/reports/claim"
	"causalgrad/reports/evidence"
	"causalgrad/reports/table"
	"causalgrad/theory/graph"
	"causalgrad/theory/necessity"
	"causalgrad/theory/suggest"

	"golang.org/x/sync/errgroup"
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
			return fmt.Errorf("part %q of the report: unknown, want some of %s%s", name, strings.Join(Parts(), ", "), suggest.Meant(name, Parts()...))
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
	cheap   bool    // a second or two
	seconds float64 // of one processor, measured once: what the part weighs in the progress
	ids     string  // of all tables that it may give, known before anything is computed
	tables  func(g *gatherer, ctx context.Context) ([]table.Table, error)
}

// recordsPart is what the runs' records give; it is always there.
const recordsPart = "records"

// parts are all of them, in the order of their tables.
var parts = []part{
	{"agreement", false, 0.5, "agreement", one((*gatherer).agreement)},
	{"first step", true, 0.5, "first-step", one((*gatherer).firstStep)},
	{"conditions", false, 1, "conditions", one((*gatherer).conditions)},
	{"signal", false, 12, "signal-ladder rates", one((*gatherer).signal)},
	{"necessity", false, 7, "necessity", one((*gatherer).necessity)},
	{"regions", false, 5, "regions", one((*gatherer).regions)},
	{"laws", false, 5, "conform", one((*gatherer).laws)},
	{"sensitivity", false, 0.5, "faults", one((*gatherer).sensitivity)},
	{"implementations", true, 0.1, "implementations findings-official implementations-planted laws-by-implementation", (*gatherer).implementations},
	{"official training", true, 0.1, "official-training", one((*gatherer).officialTraining)},
	{"constructions", false, 2, "constructions single-head single-head-seeds", (*gatherer).constructions},
	{"count rate", false, 22, "count-rate", one((*gatherer).countRates)},
	{"embeddings", false, 1.5, "embedding-width embedding-runs", (*gatherer).embeddings},
	{"dynamics", false, 13, "stage-1 stage-1-ladder stage-2 stage-2-curve unigram-point", (*gatherer).dynamics},
	{recordsPart, true, 2, "losses edges shifted shifted-errors plateau transfer-relabelling transfer-spectra seeds many-graphs-forests many-graphs-checks many-graphs-mean many-graphs-outliers many-graphs-paths many-graphs-edges",
		(*gatherer).records},
	{"Algorithm 1", false, 23, "algorithm-1 algorithm-1-shifted algorithm-1-seeds stage-2-noise rates", (*gatherer).algorithm1},
	{"determinism", false, 5, "determinism", one((*gatherer).determinism)},
	{"speed", true, 0.1, "speed-official speed-steps speed-runs speed-parts speed-scaling scale", (*gatherer).speed},
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

// Tables names the tables that a report of the plan may have, so that a name that is
// none of them is refused before hours of work; which of them it has depends on what
// is found.
func (p Plan) Tables() []string {
	all := []string{claim.Table(nil).ID, claim.Statements(nil).ID}
	for _, part := range p.parts() {
		for _, id := range strings.Fields(part.ids) {
			if !slices.Contains(all, id) { // rates come from two parts
				all = append(all, id)
			}
		}
	}
	return all
}

// parts are those of the plan, and the records'.
func (p Plan) parts() []part {
	return slices.DeleteFunc(slices.Clone(parts), func(part part) bool {
		return part.name != recordsPart && !slices.Contains(p.Parts, part.name)
	})
}

// Gathered is the evidence of a report.
type Gathered struct {
	Plan     Plan
	Runs     []Run
	Here     *runs.Build // nil without the part "determinism"
	Evidence claim.Evidence
	Tables   []table.Table // that show it

	from map[string]string // the part that gave a table, by its id; only looked up
}

// gatherer collects while the parts run, each of which finds what no other does.
type gatherer struct {
	plan  Plan
	runs  []Run
	here  *runs.Build
	found claim.Evidence
}

// Step is told that a part begins or, without a name, that one has ended, and how much
// of the estimated work is done, in tenths of a second. One call at a time.
type Step func(part string, done, of int)

// Gather computes the plan's parts and what the runs' records give, as many at once
// as there are processors, long ones first. step may be nil.
func Gather(ctx context.Context, p Plan, trained []Run, step Step) (Gathered, error) {
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
	chosen := p.parts()
	tables, err := g.compute(ctx, chosen, step)
	if err != nil {
		return Gathered{}, err
	}
	out := Gathered{Plan: p, Runs: trained, from: map[string]string{}}
	for i, part := range chosen {
		out.Tables = append(out.Tables, tables[i]...)
		for _, t := range tables[i] {
			if !slices.Contains(strings.Fields(part.ids), t.ID) {
				return Gathered{}, fmt.Errorf("part %q of the report: its table %q is not among those that it names", part.name, t.ID)
			}
			out.from[t.ID] = part.name
		}
	}
	decays := g.found.Signal.Decays()
	if g.found.Algorithm1 != nil {
		decays = append(decays, g.found.Algorithm1.Decays()...)
	}
	if len(decays) > 0 {
		out.Tables = append(out.Tables, evidence.DecayTable(decays))
	}
	out.Evidence, out.Here = g.found, g.here
	return out, nil
}

// compute returns the tables of each part.
func (g *gatherer) compute(ctx context.Context, chosen []part, step Step) ([][]table.Table, error) {
	done, all := 0.0, 0.0
	for _, part := range chosen {
		all += part.seconds
	}
	var mutex sync.Mutex
	tell := func(begins string, finished float64) {
		mutex.Lock()
		defer mutex.Unlock()
		done += finished
		if step != nil {
			step(begins, int(math.Round(10*done)), int(math.Round(10*all)))
		}
	}
	order := make([]int, len(chosen))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(chosen[j].seconds, chosen[i].seconds) })
	tables := make([][]table.Table, len(chosen))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, i := range order {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			part := chosen[i]
			tell(part.name, 0)
			var err error
			if tables[i], err = part.tables(g, ctx); err != nil {
				return fmt.Errorf("part %q of the report: %w", part.name, err)
			}
			tell("", part.seconds)
			return nil
		})
	}
	return tables, group.Wait()
}

// one makes a part of a single table.
func one(f func(*gatherer, context.Context) (table.Table, error)) func(*gatherer, context.Context) ([]table.Table, error) {
	return func(g *gatherer, ctx context.Context) ([]table.Table, error) {
		t, err := f(g, ctx)
		return []table.Table{t}, err
	}
}

func (g *gatherer) agreement(context.Context) (table.Table, error) {
	var err error
	g.found.Agreement, err = evidence.Agree()
	return g.found.Agreement.Table(), err
}

func (g *gatherer) firstStep(context.Context) (table.Table, error) {
	r, err := evidence.MeasureFirstStep(evidence.FirstStepOptions{Forests: 200, Length: 12, Tokens: 3, Seed: g.plan.Seed})
	g.found.FirstStep = &r
	return r.Table(), err
}

func (g *gatherer) signal(context.Context) (table.Table, error) {
	var err error
	g.found.Signal, err = evidence.MeasureSignal(evidence.SignalLengths())
	return g.found.Signal.Table(), err
}

func (g *gatherer) necessity(ctx context.Context) (table.Table, error) {
	var err error
	g.found.Necessity, err = evidence.RunNecessity(ctx, nil, necessity.Options{Seed: g.plan.Seed})
	return g.found.Necessity.Table(), err
}

func (g *gatherer) regions(context.Context) (table.Table, error) {
	f, err := graph.Chain(8)
	if err != nil {
		return table.Table{}, err
	}
	if g.found.Regions, err = evidence.CertifyRegions(f, evidence.QuickRegions(), nil); err != nil {
		return table.Table{}, err
	}
	return g.found.Regions.Table("chain"), nil
}

func (g *gatherer) laws(context.Context) (table.Table, error) {
	subject, options := props.Builtin(), props.Options{Seed: g.plan.Seed, Workers: runtime.GOMAXPROCS(0)}
	g.found.Laws = props.Run(props.All(), subject, options)
	c := evidence.NewConformance(evidence.Run{Subject: subject, Options: options, Results: g.found.Laws})
	return c.Tables(false)[0], nil
}

func (g *gatherer) constructions(ctx context.Context) ([]table.Table, error) {
	o := evidence.QuickConstructions(g.plan.Seed)
	ladder, err := evidence.MeasureConstructions(ctx, o)
	if err != nil {
		return nil, err
	}
	recorded, err := evidence.RecordedHeads(runs.Heads())
	if err != nil {
		return nil, err
	}
	heads, err := evidence.CompareHeads(ctx, o, recorded)
	if err != nil {
		return nil, err
	}
	g.found.Constructions, g.found.SingleHeads = &ladder, heads
	return []table.Table{ladder.Table(), heads[0].Table(), heads.Table()}, nil
}

func (g *gatherer) countRates(ctx context.Context) (table.Table, error) {
	var err error
	g.found.CountRates, err = evidence.MeasureCountRates(ctx, g.plan.Seed)
	return g.found.CountRates.Table(), err
}

func (g *gatherer) embeddings(ctx context.Context) ([]table.Table, error) {
	w, err := evidence.MeasureWidths(ctx, g.plan.Seed)
	g.found.Widths = &w
	return []table.Table{w.Table(), w.RunTable()}, err
}

func (g *gatherer) dynamics(ctx context.Context) ([]table.Table, error) {
	d, err := evidence.MeasureDynamics(ctx, g.plan.Seed)
	if err != nil {
		return nil, err
	}
	g.found.Dynamics = &d
	return []table.Table{d.Stage1.Table(), d.Stage1.LadderTable(), d.Stage2.Table(),
		evidence.BetaTable(d.Beta), d.Unigram.Table()}, nil
}

func (g *gatherer) records(ctx context.Context) ([]table.Table, error) {
	records := g.found.Records
	if len(g.runs) == 0 {
		return nil, nil
	}
	edges, err := evidence.EdgeWeightTable(records)
	if err != nil {
		return nil, err
	}
	counted, err := evidence.WithExactCounts(records)
	if err != nil {
		return nil, err
	}
	tables := append([]table.Table{evidence.LossTable(counted), edges}, evidence.ShiftedTables(counted)...)
	if g.found.Plateaus, err = evidence.Plateaus(ctx, records); err != nil {
		return nil, err
	}
	if len(g.found.Plateaus) > 0 {
		tables = append(tables, evidence.PlateauTable(g.found.Plateaus))
	}
	transfers, err := evidence.Transfers(records, g.weights)
	if err != nil {
		return nil, err
	}
	tables = append(tables, evidence.TransferTables(transfers)...)
	var all []experiment.Record
	for _, r := range g.runs {
		all = append(all, r.Record)
	}
	spreads, err := evidence.SeedSpreads(records)
	if err != nil {
		return nil, err
	}
	if len(spreads) > 0 {
		tables = append(tables, evidence.SeedTable(spreads))
	}
	many, err := evidence.ReportManyGraphs(all)
	if err != nil || many.Empty() {
		return tables, err
	}
	g.found.Forests = &many
	return append(tables, many.Tables(false)...), nil
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

// algorithm1 runs the plan's seed, and puts the recorded seeds beside it.
func (g *gatherer) algorithm1(ctx context.Context) ([]table.Table, error) {
	own, err := evidence.RunLadder(ctx, evidence.Algorithm1Lengths(), g.plan.Seed, nil)
	if err != nil {
		return nil, err
	}
	recorded, err := evidence.RecordedLadders(runs.Ladders())
	if err != nil {
		return nil, err
	}
	ladders, err := own.With(recorded)
	if err != nil {
		return nil, err
	}
	a, err := evidence.NewAlgorithm1(ladders...)
	if err != nil {
		return nil, err
	}
	g.found.Algorithm1 = &a
	if g.found.Noise, err = evidence.PredictNoise(ctx, ladders, g.plan.Seed); err != nil {
		return nil, err
	}
	return append(a.Tables(), evidence.NoiseTable(g.found.Noise)), nil
}
