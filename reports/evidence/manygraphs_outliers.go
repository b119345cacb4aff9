package evidence

import (
	"errors"
	"fmt"

	"causalgrad/golden/reference"
	"causalgrad/golden/stat"
	"causalgrad/reports/table"
	"causalgrad/theory/verdict"
)

// Outlier is a number of another run of a published forest beside our seeds at the
// same number of steps.
type Outlier struct {
	Trial int `json:"trial"`
	// Child and Parent are 0 and 0 for the mean deficit over a forest's edges.
	Child      int             `json:"child,omitempty"`
	Parent     int             `json:"parent,omitempty"`
	Value      float64         `json:"value"` // the other run's
	Ours       stat.Prediction `json:"ours"`
	P          float64         `json:"p"`           // of being one more of our seeds, by Student's t
	RankP      float64         `json:"rank_p"`      // the same by its rank among them: whatever their distribution
	Corrected  float64         `json:"corrected_p"` // over all compared with it (Holm)
	Difference float64         `json:"difference"`  // ours minus the other
}

// Differs tells whether it is no further seed of ours, at ManyGraphsAlpha over all.
func (o Outlier) Differs() bool { return o.Corrected <= ManyGraphsAlpha }

// OtherRun is a run's forests and edges beside our seeds: deficits, 1 minus
// the weight on the parent.
type OtherRun struct {
	Forests []Outlier `json:"forests"`
	Edges   []Outlier `json:"edges"`
	// Combined is Fisher's P over the forests, which are independent; RankCombined is
	// that of their ranks, right for seeds that fall into groups, and cautious.
	Combined     float64 `json:"combined_p"`
	RankCombined float64 `json:"rank_combined_p"`
}

// different are those that differ.
func different(all []Outlier) []Outlier {
	var some []Outlier
	for _, o := range all {
		if o.Differs() {
			some = append(some, o)
		}
	}
	return some
}

// DifferentForests and DifferentEdges are those that are no further seeds of ours.
func (o OtherRun) DifferentForests() []Outlier { return different(o.Forests) }

// DifferentEdges is described at DifferentForests.
func (o OtherRun) DifferentEdges() []Outlier { return different(o.Edges) }

// outside compares another run's forests and edges, given by trial, with the
// outcomes of the published number of steps; those with one seed are left out.
func (m ManyGraphs) outside(forest func(ForestOutcome) (float64, bool), edge func(EdgeOutcome) (float64, bool)) (OtherRun, error) {
	var o OtherRun
	for _, f := range m.Forests {
		if value, ok := forest(f); ok && f.Steps == m.PublishedSteps {
			if err := o.add(&o.Forests, Outlier{Trial: f.Trial, Value: value}, f.Deficits); err != nil {
				return OtherRun{}, err
			}
		}
	}
	for _, e := range m.Edges {
		if value, ok := edge(e); ok && e.Steps == m.PublishedSteps {
			deficits := make([]float64, len(e.Weights))
			for i, w := range e.Weights {
				deficits[i] = 1 - w
			}
			if err := o.add(&o.Edges, Outlier{Trial: e.Trial, Child: e.Child, Parent: e.Parent, Value: value}, deficits); err != nil {
				return OtherRun{}, err
			}
		}
	}
	var p, ranks []float64
	for _, all := range [][]Outlier{o.Forests, o.Edges} {
		if err := correct(all); err != nil {
			return OtherRun{}, err
		}
	}
	for _, f := range o.Forests {
		p, ranks = append(p, f.P), append(ranks, f.RankP)
	}
	if len(p) == 0 {
		return o, nil
	}
	var err error
	if o.Combined, err = stat.Fisher(p); err != nil {
		return o, err
	}
	o.RankCombined, err = stat.Fisher(ranks)
	return o, err
}

func (o *OtherRun) add(to *[]Outlier, one Outlier, ours []float64) error {
	if len(ours) < 2 {
		return nil
	}
	p, err := stat.PredictionInterval(ours, 1-ManyGraphsAlpha)
	if errors.Is(err, stat.ErrNoSpread) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("forest %d: %w", one.Trial, err)
	}
	rank, err := stat.RankOf(one.Value, ours, ManyGraphsAlpha)
	if err != nil {
		return fmt.Errorf("forest %d: %w", one.Trial, err)
	}
	one.Ours, one.P, one.RankP, one.Difference = p, p.P(one.Value), rank.P, p.Mean-one.Value
	*to = append(*to, one)
	return nil
}

// correct fills in the corrected P.
func correct(all []Outlier) error {
	if len(all) == 0 {
		return nil
	}
	p := make([]float64, len(all))
	for i, o := range all {
		p[i] = o.P
	}
	corrected, err := stat.Holm(p, ManyGraphsAlpha)
	if err != nil {
		return err
	}
	for i := range all {
		all[i].Corrected = corrected.P[i]
	}
	return nil
}

// Output compares the published output with our seeds.
func (m ManyGraphs) Output() (OtherRun, error) {
	return m.outside(func(f ForestOutcome) (float64, bool) { return f.Published, true }, func(e EdgeOutcome) (float64, bool) { return 1 - e.Published, true })
}

// Code compares the official code's own run on a CPU with our seeds, on the forests
// that it was run on.
func (m ManyGraphs) Code() (OtherRun, error) {
	rerun, err := reference.OfficialRerun()
	if err != nil {
		return OtherRun{}, err
	}
	means, edges := map[int]float64{}, map[[3]int]float64{} // only looked up
	for _, t := range rerun.Trials {
		means[t.Trial] = t.Mean
		for _, e := range t.Edges {
			edges[[3]int{t.Trial, e.Child, e.Parent}] = e.Deficit
		}
	}
	return m.outside(func(f ForestOutcome) (float64, bool) { v, ok := means[f.Trial]; return v, ok },
		func(e EdgeOutcome) (float64, bool) { v, ok := edges[[3]int{e.Trial, e.Child, e.Parent}]; return v, ok })
}

// OutlierTable shows the forests, and the edges that differ, of the published output and
// of the official code run again.
func OutlierTable(output, code OtherRun) table.Table {
	t := table.Table{ID: "many-graphs-outliers", Title: "Published forests: is the other run one more of our seeds? (deficits)", Columns: []table.Column{
		{Name: "run"}, {Name: "forest", Align: table.Right}, {Name: "edge"}, {Name: "theirs", Align: table.Decimal}, {Name: "ours", Align: table.Decimal}, {Name: "one more of ours"},
		{Name: "seeds", Align: table.Right}, {Name: "P", Align: table.Right}, {Name: "corrected", Align: table.Right}, {Name: "P by rank", Align: table.Right}, {Name: "verdict"}}}
	for _, side := range []struct {
		name string
		all  OtherRun
	}{{"official code, run again", code}, {"published output", output}} {
		for _, o := range append(append([]Outlier(nil), side.all.Forests...), side.all.DifferentEdges()...) {
			edge, same := table.Text("mean"), table.Text("as ours").WithVerdict(verdict.Pass)
			if o.Child > 0 {
				edge = table.Text(fmt.Sprintf("%d -> %d", o.Child, o.Parent))
			}
			if o.Differs() {
				same = table.Text("differs").WithVerdict(verdict.Fail)
			}
			t.Add(table.Text(side.name), table.Integer(o.Trial), edge, table.Fixed(o.Value, 4), table.Fixed(o.Ours.Mean, 4),
				table.Text(fmt.Sprintf("[%.4f, %.4f]", o.Ours.Interval.Lo, o.Ours.Interval.Hi)), table.Integer(o.Ours.N), table.Number(o.P, 2), table.Number(o.Corrected, 2), table.Number(o.RankP, 2), same)
		}
		if len(side.all.Forests) > 0 {
			t.Note(fmt.Sprintf("%s: all %d forests together P = %.2g, by ranks %.2g (Fisher); %d of %d edges differ", side.name, len(side.all.Forests), side.all.Combined, side.all.RankCombined, len(side.all.DifferentEdges()), len(side.all.Edges)))
		}
	}
	t.Note("one more of ours: 95% prediction interval; P: of being one more of our seeds (Student's t); corrected: over the run's forests, or its edges (Holm); of the edges only those that differ are shown; where our seeds fall into groups (many-graphs-paths) Student's t is no guide and the rank is: it cannot be below 2 in one more than the seeds")
	return t
}
