package main

import (
	"context"
	"path/filepath"

	"causalgrad/golden/runs"
	"causalgrad/impl/model"
	"causalgrad/reports/evidence"
	"causalgrad/theory/graph"
	"causalgrad/theory/necessity"
)

// section is a part of the report that is computed on its own.
type section struct {
	name    string
	results func(ctx context.Context) ([]evidence.Result, error)
}

// gatherer collects what later sections need from earlier ones.
type gatherer struct {
	folder string
	seed   uint64
	bars   *progress
	rates  []evidence.NamedRate
}

// gather computes all tables of the report, in the order of their sections.
func gather(ctx context.Context, folder string, seed uint64, bars *progress) ([]evidence.Result, error) {
	if _, err := model.Kernel(); err != nil {
		return nil, err
	}
	g := &gatherer{folder: folder, seed: seed, bars: bars}
	sections := []section{
		{"agreement", one(func(context.Context) (evidence.Result, error) { return evidence.Agreement() })},
		{"first step", one(g.firstStep)},
		{"signal", one(g.signal)},
		{"necessity", one(g.necessity)},
		{"regions", one(g.regions)},
		{"constructions", g.constructions},
		{"training", g.training},
		{"Algorithm 1", g.algorithm1},
		{"scale", one(g.scale)},
		{"rates", one(func(context.Context) (evidence.Result, error) { return evidence.Rates(g.rates), nil })},
	}
	step := bars.bar("report", len(sections))
	var all []evidence.Result
	for i, s := range sections {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		results, err := s.results(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, results...)
		if step != nil {
			step(i + 1)
		}
	}
	return all, nil
}

// one makes a section of a single table.
func one(f func(context.Context) (evidence.Result, error)) func(context.Context) ([]evidence.Result, error) {
	return func(ctx context.Context) ([]evidence.Result, error) {
		r, err := f(ctx)
		return []evidence.Result{r}, err
	}
}

func (g *gatherer) firstStep(context.Context) (evidence.Result, error) {
	return evidence.FirstStep(evidence.FirstStepOptions{Forests: 200, Length: 12, Tokens: 3, Seed: g.seed})
}

func (g *gatherer) signal(context.Context) (evidence.Result, error) {
	r, rates, err := evidence.SignalLadder(evidence.SignalLengths())
	g.rates = append(g.rates, rates...)
	return r, err
}

func (g *gatherer) scale(context.Context) (evidence.Result, error) {
	points, err := evidence.MeasureScales([]int{32, 128, 256, 512}, []int{6, 12, 24}, 2)
	if err != nil {
		return evidence.Result{}, err
	}
	return evidence.ScaleTable(points)
}

func (g *gatherer) necessity(ctx context.Context) (evidence.Result, error) {
	outcomes, err := evidence.RunNecessity(ctx, nil, necessity.Options{Seed: g.seed})
	if err != nil {
		return evidence.Result{}, err
	}
	return evidence.Necessity(outcomes), nil
}

func (g *gatherer) regions(context.Context) (evidence.Result, error) {
	f, err := graph.Chain(8)
	if err != nil {
		return evidence.Result{}, err
	}
	regions, err := evidence.Regions(f, evidence.QuickRegions())
	if err != nil {
		return evidence.Result{}, err
	}
	return evidence.RegionTable("chain", regions), nil
}

func (g *gatherer) constructions(ctx context.Context) ([]evidence.Result, error) {
	o := evidence.QuickConstructions(g.seed)
	ladder, err := evidence.Constructions(ctx, o)
	if err != nil {
		return nil, err
	}
	heads, err := evidence.SingleHead(ctx, o)
	return []evidence.Result{ladder, heads}, err
}

func (g *gatherer) training(ctx context.Context) ([]evidence.Result, error) {
	specs, err := runs.Quick()
	if err != nil {
		return nil, err
	}
	records, err := runAll(ctx, specs, filepath.Join(g.folder, "records"), g.bars)
	if err != nil {
		return nil, err
	}
	edges, err := evidence.EdgeWeights(records)
	if err != nil {
		return nil, err
	}
	return append([]evidence.Result{evidence.Losses(records), edges}, evidence.Shifted(records)...), nil
}

func (g *gatherer) algorithm1(ctx context.Context) ([]evidence.Result, error) {
	var points []evidence.Algorithm1Point
	for _, length := range evidence.Algorithm1Lengths() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		point, err := evidence.RunAlgorithm1(length, g.seed, nil)
		if err != nil {
			return nil, err
		}
		points = append(points, point)
	}
	rates, err := evidence.Algorithm1Rates(points)
	if err != nil {
		return nil, err
	}
	g.rates = append(g.rates, rates...)
	return []evidence.Result{evidence.Algorithm1(points, g.seed), evidence.Algorithm1Shifted(points)}, nil
}
