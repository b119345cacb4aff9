package evidence

import (
	"fmt"

	"causalgrad/golden/stat"
	"causalgrad/impl/experiment"
	"causalgrad/reports/table"
)

// SeedSpread is what several seeds of one spec say of one more.
type SeedSpread struct {
	Spec  experiment.Spec // of the first seed
	Seeds int
	// Over is the loss minus the count estimator's, Weight the mean weight on the
	// parents in the position block; nil where a model has no such block or all are equal.
	Over, Weight *stat.Prediction
	Whole        int     // seeds with every edge its row's argmax
	LeastArgmax  float64 // the smallest share of edges that are
}

// SeedSpreads are those of the specs with records of two or more seeds.
func SeedSpreads(records []experiment.Record) ([]SeedSpread, error) {
	groups, err := overSeeds(records)
	if err != nil {
		return nil, err
	}
	var all []SeedSpread
	for _, own := range groups {
		if len(own) > 1 {
			all = append(all, spreadOver(own))
		}
	}
	return all, nil
}

// overSeeds groups the records by spec but for the seed, in the order of their first.
func overSeeds(records []experiment.Record) ([][]experiment.Record, error) {
	return groupBy(records, func(s experiment.Spec) (string, error) {
		s.Seed = 0
		return s.Hash()
	})
}

// groupBy groups the records by a key of their specs, in the order of their first.
func groupBy(records []experiment.Record, key func(s experiment.Spec) (string, error)) ([][]experiment.Record, error) {
	var groups [][]experiment.Record
	place := map[string]int{} // only looked up
	for _, r := range records {
		k, err := key(r.Spec)
		if err != nil {
			return nil, err
		}
		n, ok := place[k]
		if !ok {
			n = len(groups)
			place[k], groups = n, append(groups, nil)
		}
		groups[n] = append(groups[n], r)
	}
	return groups, nil
}

func spreadOver(own []experiment.Record) SeedSpread {
	s := SeedSpread{Spec: own[0].Spec, Seeds: len(own), LeastArgmax: 1}
	var over, weight []float64
	for _, r := range own {
		edges := r.Edges.Attention
		if r.Edges.PositionBlock != nil {
			edges = *r.Edges.PositionBlock
			weight = append(weight, edges.Mean)
		}
		over = append(over, r.Final.OverCount.Value)
		s.LeastArgmax = min(s.LeastArgmax, edges.Accuracy)
		if edges.Accuracy == 1 {
			s.Whole++
		}
	}
	s.Over, s.Weight = oneMore(over), oneMore(weight)
	return s
}

// oneMore is where one more value is expected; nil where that cannot be said.
func oneMore(values []float64) *stat.Prediction {
	p, err := stat.PredictionInterval(values, stat.RateConfidence)
	if err != nil {
		return nil
	}
	return &p
}

// SeedTable shows where one more seed of each spec is expected.
func SeedTable(all []SeedSpread) table.Table {
	t := table.Table{ID: "seeds", Title: "Runs that differ by their seed alone: means, and 95% prediction intervals of one more", Columns: []table.Column{
		{Name: "run"}, {Name: "steps", Align: table.Right}, {Name: "seeds", Align: table.Right}, {Name: "loss - count", Align: table.Decimal}, {Name: "one more seed's loss - count"},
		{Name: "weight on the parents", Align: table.Decimal}, {Name: "one more seed's weight"}, {Name: "every edge right"}, {Name: "least argmax right", Align: table.Decimal}}}
	cells := func(p *stat.Prediction) (mean, interval table.Cell) {
		if p == nil {
			return table.Text("-"), table.Text("-")
		}
		return table.Measured(p.Mean, p.StdErr), table.Text(fmt.Sprintf("[%.4f, %.4f]", p.Interval.Lo, p.Interval.Hi))
	}
	for _, s := range all {
		over, overInterval := cells(s.Over)
		weight, weightInterval := cells(s.Weight)
		t.Add(table.Text(s.Spec.ID), table.Integer(s.Spec.Steps), table.Integer(s.Seeds), over, overInterval, weight, weightInterval,
			table.Text(fmt.Sprintf("%d of %d", s.Whole, s.Seeds)), table.Fixed(s.LeastArgmax, 3))
	}
	t.Note("in parentheses the standard error of the mean over seeds; intervals: Student's t with one degree of freedom less than there are seeds; a seed draws the graph too where the graph is random")
	return t
}
