package evidence

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"causalgrad/reports/table"
)

// How many edges and blocks the tables show for a pair of clusters.
const (
	shownEdges  = 3
	shownBlocks = 6
)

// Tables show the forests with two clusters, and how their trained weights differ.
func (c Clustering) Tables() []Result {
	t := table.Table{ID: "many-graphs-clusters", Title: "Forests whose seeds fall into two groups", Columns: []table.Column{
		{Name: "forest", Align: table.Right}, {Name: "steps", Align: table.Right}, {Name: "seeds A"}, {Name: "deficit A", Align: table.Decimal},
		{Name: "seeds B"}, {Name: "deficit B", Align: table.Decimal}, {Name: "P", Align: table.Decimal}, {Name: "corrected", Align: table.Decimal},
		{Name: "edge"}, {Name: "weight A", Align: table.Decimal}, {Name: "weight B", Align: table.Decimal}}}
	for _, f := range c.Forest {
		a, b := f.Clusters[0], f.Clusters[1]
		e := f.Edges[0]
		t.Add(table.Integer(f.Trial), table.Integer(f.Steps), seedList(a.Seeds), table.Fixed(a.Deficit, 4), seedList(b.Seeds), table.Fixed(b.Deficit, 4),
			table.Number(f.P, 2), table.Number(f.Corrected, 2),
			table.Text(fmt.Sprintf("%d -> %d", e.Child, e.Parent)), table.Fixed(e.A, 3), table.Fixed(e.B, 3))
	}
	t.Note(fmt.Sprintf("the best split of the seeds' mean deficits in two; P: share of normal samples of as many seeds with a split as good (simulated), shown up to %g; corrected (Holm) over the %d looked at, of which %.1f would be here by chance; edge: the one whose mean weight differs most",
		clusterLevel, c.Looked, clusterLevel*float64(c.Looked)))
	if c.Looked == 0 {
		t.Note(fmt.Sprintf("a forest needs %d seeds to be looked at", leastClusterSeeds))
	}
	results := []Result{{t, true}}
	if len(c.Forest) > 0 {
		results = append(results, c.blockTable())
	}
	return results
}

// blockTable shows the blocks that carry the most signal in either cluster.
func (c Clustering) blockTable() Result {
	t := table.Table{ID: "many-graphs-cluster-blocks", Title: "What differs in the weights of the two groups", Columns: []table.Column{
		{Name: "forest", Align: table.Right}, {Name: "block"}, {Name: "signal A", Align: table.Decimal}, {Name: "signal B", Align: table.Decimal}, {Name: "t", Align: table.Decimal},
		{Name: "norm A", Align: table.Decimal}, {Name: "norm B", Align: table.Decimal}, {Name: "norm B / A", Align: table.Decimal}}}
	dash := table.Text("-")
	for _, f := range c.Forest {
		if !f.Weights {
			t.Add(table.Integer(f.Trial), table.Text("the weights are not there").WithVerdict(table.NotRun), dash, dash, dash, dash, dash, dash)
			continue
		}
		a, b := f.Clusters[0].Norms, f.Clusters[1].Norms
		for _, i := range mostDifferent(a, b)[:min(shownBlocks, len(a))] {
			t.Add(table.Integer(f.Trial), table.Text(a[i].Name), table.Number(a[i].Signal, 2), table.Number(b[i].Signal, 2), signalT(a[i], b[i], len(f.Clusters[0].Seeds), len(f.Clusters[1].Seeds)),
				table.Fixed(a[i].Norm, 2), table.Fixed(b[i].Norm, 2), ratio(b[i].Norm, a[i].Norm))
		}
	}
	t.Note(fmt.Sprintf("signal: rise of the loss (nats) when the block alone is set to 0, on %d fresh sequences; norm: Frobenius; means over the group's seeds; t: difference of the signals over its standard error, from the spread within the groups; the %d blocks whose signals differ most; x is the input, a1 and a2 what the layers append",
		reasonSequences, shownBlocks))
	return Result{t, true}
}

// signalT is the two-sample t statistic of a block's signals.
func signalT(a, b BlockNorm, na, nb int) table.Cell {
	variance := (a.Squares + b.Squares) / float64(na+nb-2) * (1/float64(na) + 1/float64(nb))
	if !(variance > 0) {
		return table.Text("-")
	}
	return table.Fixed((b.Signal-a.Signal)/math.Sqrt(variance), 1)
}

func seedList(seeds []uint64) table.Cell {
	text := ""
	for i, s := range seeds {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprint(s)
	}
	return table.Text(text)
}

func ratio(b, a float64) table.Cell {
	if a == 0 {
		return table.Text("-")
	}
	return table.Fixed(b/a, 2)
}

// mostDifferent orders the blocks by the difference of their signals, largest first.
func mostDifferent(a, b []BlockNorm) []int {
	order := make([]int, len(a))
	for i := range order {
		order[i] = i
	}
	difference := func(i int) float64 { return math.Abs(a[i].Signal - b[i].Signal) }
	slices.SortStableFunc(order, func(i, k int) int {
		return cmp.Compare(difference(k), difference(i))
	})
	return order
}
