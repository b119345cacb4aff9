package evidence

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"slices"

	"causalgrad/impl/experiment"
	"causalgrad/reports/table"
)

// clusterGap is how many pooled standard deviations two neighbouring seeds'
// mean deficits lie apart where a new cluster begins. Of 4 to 8 normal values
// the range exceeds 5 standard deviations in 0.2 to 1.2% of samples, and a
// single gap that wide is rarer still.
const clusterGap = 5

// leastClusterForests is how many forests with several seeds the pooled
// deviation needs: with fewer, an outlier is most of its own yardstick.
const leastClusterForests = 3

// WeightsOf returns the trained parameters of a record; an error that wraps
// fs.ErrNotExist says that they were not kept.
type WeightsOf func(experiment.Record) ([]float64, error)

// noWeights is a WeightsOf for records whose weights were not kept.
func noWeights(experiment.Record) ([]float64, error) { return nil, fs.ErrNotExist }

// Clustering is what the seeds of all forests say about several outcomes of
// the same training.
type Clustering struct {
	// Pooled is, for each number of steps, the median over the forests of the
	// standard deviations over seeds: an outlier in a few forests does not move it.
	Pooled map[int]float64  `json:"pooled_sd"`
	Forest []ForestClusters `json:"forests"` // those with more than one cluster
	// Looked is the number of forests that had several seeds and a pooled deviation.
	Looked int `json:"looked"`
}

// ForestClusters are the clusters of one forest's seeds, by mean deficit.
type ForestClusters struct {
	Trial    int       `json:"trial"`
	Steps    int       `json:"steps"`
	Clusters []Cluster `json:"clusters"`
	// Weights says whether the trained weights were there to be compared.
	Weights bool `json:"weights"`
}

// Cluster is a group of seeds whose mean deficits lie together.
type Cluster struct {
	Seeds   []uint64    `json:"seeds"`
	Deficit float64     `json:"deficit"` // mean over the cluster's seeds
	Norms   []BlockNorm `json:"norms,omitempty"`
}

// Clusters finds the forests whose seeds ended in different outcomes (a gap of
// more than clusterGap pooled deviations between neighbours) and compares the
// trained weights block by block. weights may be nil.
func (m ManyGraphs) Clusters(weights WeightsOf) (Clustering, error) {
	if weights == nil {
		weights = noWeights
	}
	c := Clustering{Pooled: m.pooled()}
	for i, f := range m.Forests {
		sd, ok := c.Pooled[f.Steps]
		if !ok || len(f.Seeds) < 2 {
			continue
		}
		c.Looked++
		groups := gapClusters(f.Deficits, clusterGap*sd)
		if len(groups) < 2 {
			continue
		}
		own := ForestClusters{Trial: f.Trial, Steps: f.Steps, Weights: true}
		for _, members := range groups {
			k := Cluster{}
			for _, n := range members {
				k.Seeds = append(k.Seeds, f.Seeds[n])
				k.Deficit += f.Deficits[n] / float64(len(members))
			}
			norms, err := meanNorms(m.records[i], members, weights)
			switch {
			case errors.Is(err, fs.ErrNotExist):
				own.Weights = false
			case err != nil:
				return Clustering{}, err
			}
			k.Norms = norms
			own.Clusters = append(own.Clusters, k)
		}
		c.Forest = append(c.Forest, own)
	}
	return c, nil
}

// pooled is the median deviation over seeds for each number of steps that
// enough forests have.
func (m ManyGraphs) pooled() map[int]float64 {
	deviations := map[int][]float64{} // looked up and filled in the order of the forests
	for _, f := range m.Forests {
		if len(f.Seeds) > 1 {
			deviations[f.Steps] = append(deviations[f.Steps], f.Ours.StdDev)
		}
	}
	pooled := map[int]float64{}
	for steps, sd := range deviations {
		if len(sd) >= leastClusterForests {
			pooled[steps] = middle(sd)
		}
	}
	return pooled
}

// middle is the median.
func middle(x []float64) float64 {
	sorted := slices.Sorted(slices.Values(x))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// gapClusters splits the indices of x, in the order of the values, wherever
// two neighbours lie more than gap apart.
func gapClusters(x []float64, gap float64) [][]int {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(x[a], x[b])
	})
	var groups [][]int
	for n, i := range order {
		if n == 0 || x[i]-x[order[n-1]] > gap {
			groups = append(groups, nil)
		}
		last := len(groups) - 1
		groups[last] = append(groups[last], i)
	}
	for _, g := range groups {
		slices.Sort(g)
	}
	return groups
}

// shownBlocks is how many blocks the table shows for each pair of clusters.
const shownBlocks = 5

// Table shows, for each forest with several outcomes, the blocks of the trained
// weights whose norms differ most between its lowest and its highest cluster.
func (c Clustering) Table() Result {
	t := table.Table{ID: "many-graphs-clusters", Title: "Forests whose seeds ended in different outcomes", Columns: []table.Column{
		{Name: "forest", Align: table.Right}, {Name: "steps", Align: table.Right}, {Name: "seeds A"}, {Name: "deficit A", Align: table.Decimal},
		{Name: "seeds B"}, {Name: "deficit B", Align: table.Decimal}, {Name: "weights that differ"}, {Name: "norm A", Align: table.Decimal},
		{Name: "norm B", Align: table.Decimal}, {Name: "B / A", Align: table.Decimal}}}
	dash := table.Text("-")
	for _, f := range c.Forest {
		a, b := f.Clusters[0], f.Clusters[len(f.Clusters)-1]
		row := []table.Cell{table.Integer(f.Trial), table.Integer(f.Steps), seedList(a.Seeds), table.Fixed(a.Deficit, 4), seedList(b.Seeds), table.Fixed(b.Deficit, 4)}
		if !f.Weights {
			t.Add(append(row, table.Text("the weights are not there").WithVerdict(table.NotRun), dash, dash, dash)...)
			continue
		}
		for n, i := range mostDifferent(a.Norms, b.Norms)[:min(shownBlocks, len(a.Norms))] {
			if n > 0 {
				row = []table.Cell{{}, {}, {}, {}, {}, {}}
			}
			t.Add(append(row, table.Text(a.Norms[i].Name), table.Fixed(a.Norms[i].Norm, 2), table.Fixed(b.Norms[i].Norm, 2), ratio(b.Norms[i].Norm, a.Norms[i].Norm))...)
		}
	}
	t.Note(fmt.Sprintf("%d of %d forests with several seeds; a new cluster begins where neighbouring seeds' mean deficits lie more than %d pooled standard deviations apart; of more than two clusters the outermost are shown",
		len(c.Forest), c.Looked, clusterGap))
	for _, steps := range slices.Sorted(maps.Keys(c.Pooled)) {
		t.Note(fmt.Sprintf("pooled standard deviation at %d steps (the median of the forests'): %.2g", steps, c.Pooled[steps]))
	}
	if c.Looked == 0 {
		t.Note(fmt.Sprintf("the pooled standard deviation needs %d forests with several seeds", leastClusterForests))
	}
	t.Note(fmt.Sprintf("norms: Frobenius, mean over the cluster's seeds; the %d blocks whose norms differ most; x is the input, a1 and a2 what the layers append", shownBlocks))
	return Result{t, true}
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

// mostDifferent orders the blocks by the difference of their norms, largest first.
func mostDifferent(a, b []BlockNorm) []int {
	order := make([]int, len(a))
	for i := range order {
		order[i] = i
	}
	difference := func(i int) float64 { return math.Abs(a[i].Norm - b[i].Norm) }
	slices.SortStableFunc(order, func(i, k int) int {
		return cmp.Compare(difference(k), difference(i))
	})
	return order
}
