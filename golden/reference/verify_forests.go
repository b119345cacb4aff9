package reference

import (
	"fmt"
	"math"
	"strings"
)

// What was published about the table, with the last digit's half unit.
const (
	publishedForests   = 20
	publishedEdges     = 182
	publishedMean      = 0.83664 // mean weight over graphs
	publishedMeanHalf  = 5e-6
	publishedSD        = 0.054018 // its standard deviation over graphs, divisor 20
	publishedSDHalf    = 5e-7
	publishedUnlearned = 6 // edges below half the attention
)

// check recomputes the published figures from the table's edges.
func (t *ForestTable) check(Options) ([]Row, error) {
	var forests, edges, unlearned, means comparison
	total, weights := 0, make([]float64, len(t.Trials))
	for i, trial := range t.Trials {
		mean := 0.0
		for _, e := range trial.Edges {
			mean += e.Deficit
		}
		total += len(trial.Edges)
		means.add(fmt.Sprintf("trials[%d].mean_delta", i), []float64{mean / float64(len(trial.Edges))}, []float64{trial.Mean})
		weights[i] = 1 - trial.Mean
	}
	forests.add("trials", []float64{float64(len(t.Trials))}, []float64{publishedForests})
	edges.add("edges", []float64{float64(total)}, []float64{publishedEdges})
	list := t.Unlearned()
	unlearned.add("edges", []float64{float64(len(list))}, []float64{publishedUnlearned})
	mean, sd := meanAndDeviation(weights)
	missed := unlearned.exact("edges with less than half the attention", "a published count")
	missed.Note = describeUnlearned(list)
	return []Row{
		forests.exact("forests", "a published count"),
		edges.exact("edges", "a published count"),
		means.rounding("mean deficit of each forest", meanTolerance(t.Config.Length), "T float32 roundings of 2^-24"),
		published("mean weight over forests", mean, publishedMean, publishedMeanHalf),
		published("standard deviation over forests", sd, publishedSD, publishedSDHalf),
		missed,
	}, nil
}

// meanTolerance: a mean of fewer than T numbers, each rounded to float32 and
// added in float32, is off by at most T roundings.
func meanTolerance(length int) float64 { return float64(length) * 0x1p-24 }

func meanAndDeviation(v []float64) (mean, deviation float64) {
	n := float64(len(v))
	for _, x := range v {
		mean += x / n
	}
	for _, x := range v {
		deviation += (x - mean) * (x - mean) / n
	}
	return mean, math.Sqrt(deviation)
}

// published compares a recomputed figure with its printed digits.
func published(quantity string, got, want, half float64) Row {
	var c comparison
	c.add(quantity, []float64{got}, []float64{want})
	return c.rounding(quantity, half/want, fmt.Sprintf("half a unit of the last printed digit, %g", half))
}

// Unlearned is an edge that a published run did not learn.
type Unlearned struct {
	Trial int
	EdgeDeficit
}

// Unlearned lists the edges whose parent has less than half the attention.
func (t *ForestTable) Unlearned() []Unlearned {
	var list []Unlearned
	for _, trial := range t.Trials {
		for _, e := range trial.Edges {
			if e.Weight() < 0.5 {
				list = append(list, Unlearned{trial.Trial, e})
			}
		}
	}
	return list
}

func describeUnlearned(list []Unlearned) string {
	words := make([]string, len(list))
	for i, u := range list {
		words[i] = fmt.Sprintf("forest %d %d->%d %.2f", u.Trial, u.Parent, u.Child, u.Weight())
	}
	return "forest, parent->child and weight: " + strings.Join(words, ", ")
}
