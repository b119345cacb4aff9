package evidence

import (
	"fmt"
	"math"
	"slices"

	"causalgrad/impl/experiment"
	"causalgrad/reports/table"

	gonum "gonum.org/v1/gonum/stat"
)

// settled is the correlation over seeds, of a curve's point with the end, from which
// the seeds' order at the end counts as decided.
const settled = 0.9

// pathSeeds is how many seeds a correlation over them needs.
const pathSeeds = 8

// ForestPaths says when the seeds of one published forest part. Deficits are means over
// the edges of the position block.
type ForestPaths struct {
	Trial  int       `json:"trial"`
	Steps  int       `json:"steps"`
	Seeds  []uint64  `json:"seeds"`
	Points []PathsAt `json:"points"` // by step
}

// PathsAt is the seeds' deficits after a number of steps. Correlation is with the deficits
// at the end; 0 where all seeds are equal.
type PathsAt struct {
	Step        int     `json:"step"`
	Deficits    Spread  `json:"deficits"`
	Correlation float64 `json:"correlation"`
}

// Settled is the first step from which the correlation with the end stays at 0.9 and
// more.
func (p ForestPaths) Settled() int {
	step := p.Steps
	for _, at := range slices.Backward(p.Points) {
		if at.Correlation < settled {
			break
		}
		step = at.Step
	}
	return step
}

// against is the point with the smallest correlation: where it is far below 0, the
// seeds that lead there end behind.
func (p ForestPaths) against() PathsAt {
	return slices.MinFunc(p.Points, func(a, b PathsAt) int {
		switch {
		case a.Correlation < b.Correlation:
			return -1
		case a.Correlation > b.Correlation:
			return 1
		}
		return 0
	})
}

// PathsOf reads the curves of the runs of one forest and one number of steps; false
// where there are fewer than 8 or their curves have other steps.
func PathsOf(trial int, own []experiment.Record) (ForestPaths, bool) {
	if len(own) < pathSeeds {
		return ForestPaths{}, false
	}
	p := ForestPaths{Trial: trial, Steps: own[0].Spec.Steps}
	end := make([]float64, len(own))
	for i, r := range own {
		if len(r.Curve) == 0 || len(r.Curve) != len(own[0].Curve) {
			return ForestPaths{}, false
		}
		p.Seeds = append(p.Seeds, r.Spec.Seed)
		end[i] = 1 - r.Curve[len(r.Curve)-1].EdgeMean
	}
	for j := range own[0].Curve {
		now := make([]float64, len(own))
		for i, r := range own {
			now[i] = 1 - r.Curve[j].EdgeMean
		}
		at := PathsAt{Step: own[0].Curve[j].Step, Deficits: spreadOf(now)}
		if c := gonum.Correlation(now, end, nil); !math.IsNaN(c) { // NaN: all equal
			at.Correlation = c
		}
		p.Points = append(p.Points, at)
	}
	return p, true
}

// PathsTable shows when the seeds part.
func PathsTable(all []ForestPaths) table.Table {
	t := table.Table{ID: "many-graphs-paths", Title: "Published forests: when the seeds' final order is decided", Columns: []table.Column{
		{Name: "forest", Align: table.Right}, {Name: "seeds", Align: table.Right}, {Name: "smallest deficit", Align: table.Decimal},
		{Name: "largest", Align: table.Decimal}, {Name: "decided from step", Align: table.Right},
		{Name: "lowest correlation with the end", Align: table.Decimal}, {Name: "at step", Align: table.Right}}}
	for _, p := range all {
		end, low := p.Points[len(p.Points)-1].Deficits, p.against()
		t.Add(table.Integer(p.Trial), table.Integer(len(p.Seeds)), table.Fixed(end.Min, 3), table.Fixed(end.Max, 3),
			table.Integer(p.Settled()), table.Fixed(low.Correlation, 2), table.Integer(low.Step))
	}
	t.Note(fmt.Sprintf("decided: from there on the correlation over seeds of the mean deficit with that at the end stays at %.1f and more; a correlation far below 0: the seeds that lead at that step end behind", settled))
	return t
}
