package evidence

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"

	"causalgrad/golden/stat"
	"causalgrad/impl/experiment"
)

// Two clusters are described where a best split as good as the seeds' has at most
// this probability under one normal law, and no fewer seeds than leastClusterSeeds:
// a level for looking, not for claiming. The claim is the corrected P.
const (
	clusterLevel      = 0.1
	leastClusterSeeds = 4
)

// WeightsOf returns the trained parameters of a record; an error that wraps
// fs.ErrNotExist says that they were not kept.
type WeightsOf func(experiment.Record) ([]float64, error)

// noWeights is a WeightsOf for records whose weights were not kept.
func noWeights(experiment.Record) ([]float64, error) { return nil, fs.ErrNotExist }

// Clustering is what the seeds of all forests say about several outcomes of
// the same training.
type Clustering struct {
	Forest []ForestClusters `json:"forests"` // those with two clusters
	// Looked is the number of forests (and numbers of steps) with enough seeds.
	Looked int `json:"looked"`
}

// ForestClusters are the two clusters of one forest's seeds, by mean deficit.
type ForestClusters struct {
	Trial int `json:"trial"`
	Steps int `json:"steps"`
	// P is that of stat.SplitInTwo, Corrected the same (Holm) over all that were looked at.
	P         float64        `json:"p"`
	Corrected float64        `json:"corrected_p"`
	Clusters  []Cluster      `json:"clusters"` // the smaller deficit first
	Edges     []ClusterEdges `json:"edges"`    // the edges whose mean weights differ most
	// Weights says whether the trained weights were there to be compared.
	Weights bool `json:"weights"`
}

// Cluster is a group of seeds whose mean deficits lie together.
type Cluster struct {
	Seeds   []uint64    `json:"seeds"`
	Deficit float64     `json:"deficit"` // mean over the cluster's seeds
	Norms   []BlockNorm `json:"blocks,omitempty"`
}

// ClusterEdges is the mean weight of an edge in either cluster.
type ClusterEdges struct {
	Child  int     `json:"child"`
	Parent int     `json:"parent"`
	A      float64 `json:"a"`
	B      float64 `json:"b"`
}

// Clusters finds the forests whose seeds fall into two groups better than one
// normal law explains, and compares the groups' edges and, block by block, their
// trained weights. weights may be nil.
func (m ManyGraphs) Clusters(weights WeightsOf) (Clustering, error) {
	if weights == nil {
		weights = noWeights
	}
	var c Clustering
	var p []float64
	splits := map[int]stat.TwoGroups{} // by index of the forest, only looked up
	for i, f := range m.Forests {
		if len(f.Seeds) < leastClusterSeeds {
			continue
		}
		split, err := stat.SplitInTwo(f.Deficits, manyGraphsAlpha)
		if errors.Is(err, stat.ErrNoSpread) {
			continue
		}
		if err != nil {
			return c, fmt.Errorf("forest %d: %w", f.Trial, err)
		}
		c.Looked++
		splits[i], p = split, append(p, split.P)
	}
	if c.Looked == 0 {
		return c, nil
	}
	corrected, err := stat.Holm(p, manyGraphsAlpha)
	if err != nil {
		return c, err
	}
	at, looked := 0, 0
	for i, f := range m.Forests {
		edges := m.Edges[at : at+f.Edges]
		at += f.Edges
		split, ok := splits[i]
		if !ok {
			continue
		}
		if split.P <= clusterLevel {
			own := ForestClusters{Trial: f.Trial, Steps: f.Steps, P: split.P, Corrected: corrected.P[looked], Weights: true}
			if err := own.describe(f, m.records[i], edges, split.Low, weights); err != nil {
				return c, fmt.Errorf("forest %d: %w", f.Trial, err)
			}
			c.Forest = append(c.Forest, own)
		}
		looked++
	}
	return c, nil
}

// describe fills in the two clusters of a forest, of which the first has the low
// smallest deficits.
func (c *ForestClusters) describe(f ForestOutcome, records []experiment.Record, edges []EdgeOutcome, low int, weights WeightsOf) error {
	order := byValue(f.Deficits)
	groups := [][]int{slices.Sorted(slices.Values(order[:low])), slices.Sorted(slices.Values(order[low:]))}
	for _, members := range groups {
		k := Cluster{}
		for _, n := range members {
			k.Seeds = append(k.Seeds, f.Seeds[n])
			k.Deficit += f.Deficits[n] / float64(len(members))
		}
		norms, err := meanNorms(records, members, weights)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			c.Weights = false
		case err != nil:
			return err
		}
		k.Norms = norms
		c.Clusters = append(c.Clusters, k)
	}
	for _, e := range edges {
		c.Edges = append(c.Edges, ClusterEdges{e.Child, e.Parent, meanOver(e.Weights, groups[0]), meanOver(e.Weights, groups[1])})
	}
	slices.SortStableFunc(c.Edges, func(a, b ClusterEdges) int { return cmp.Compare(math.Abs(b.A-b.B), math.Abs(a.A-a.B)) })
	c.Edges = c.Edges[:min(shownEdges, len(c.Edges))]
	return nil
}

// byValue lists the indices of x by ascending value.
func byValue(x []float64) []int {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	return order
}

func meanOver(x []float64, members []int) float64 {
	mean := 0.0
	for _, n := range members {
		mean += x[n] / float64(len(members))
	}
	return mean
}

// middle is the median.
func middle(x []float64) float64 {
	sorted := slices.Sorted(slices.Values(x))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
