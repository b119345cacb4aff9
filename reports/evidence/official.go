package evidence

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"causalgrad/golden/runs"
	"causalgrad/golden/stat"
	"causalgrad/reports/table"
	"causalgrad/theory/verdict"
)

// How trainings of the official code and of this program are compared. The margins
// were chosen before the runs. Of the loss: below the 0.0080 nats that the official
// estimator's roots, counted through a negative index, are worth. Of the attention: one
// edge that only one code learns moves the mean over the chain's 18 by 0.05; seeds of one
// forest differ by 0.004 (golden/reference/SCHEMA.md).
const (
	OfficialLossMargin      = 0.005 // nats
	OfficialAttentionMargin = 0.02
	OfficialLevel           = 0.05
	OfficialSeeds           = 8
)

// OfficialLoss is the quantity of an OfficialTest that is a loss; the other is the attention.
const OfficialLoss = "loss"

// OfficialSteps are the lengths of the trainings.
var OfficialSteps = []int{1024, 4096}

// AllGraphs is the graph of the comparison over all graphs together.
const AllGraphs = "all"

// OfficialTest compares one number of the trainings of both codes.
type OfficialTest struct {
	Steps        int
	Graph        string // or all together
	Quantity     string
	Pairs        int     // runs of the same seed and graph
	Theirs, Ours float64 // means
	Margin       float64
	Edge         float64           // largest difference of a single edge's mean weight, where the quantity is attention and the graph one
	Whole        bool              // with all the seeds that are asked for
	Test         *stat.Equivalence // nil below two pairs
}

// OfficialTests are paired t tests for equivalence (TOST): of each number of steps on
// every graph, and on all of them together, which few seeds a graph may settle. Equal
// seeds do not make equal draws: pairing only matches the graphs and the numbers of runs.
func OfficialTests(o runs.Official) ([]OfficialTest, error) {
	graphs := slices.Sorted(maps.Keys(o.Graphs))
	var all []OfficialTest
	for _, steps := range OfficialSteps {
		var pooled []officialPair
		for _, graph := range append(graphs, AllGraphs) {
			pairs := pooled
			if graph != AllGraphs {
				pairs = officialPairs(o, graph, steps)
				pooled = append(pooled, pairs...)
			}
			tests, err := testPairs(pairs, graph, steps)
			for i := range tests {
				tests[i].Whole = len(pairs) >= OfficialSeeds && graph != AllGraphs || len(pairs) >= OfficialSeeds*len(graphs)
			}
			if err != nil {
				return nil, fmt.Errorf("official code on %s, %d steps: %w", graph, steps, err)
			}
			all = append(all, tests...)
		}
	}
	return all, nil
}

// officialPair is a run of each code.
type officialPair struct{ theirs, ours runs.OfficialRun }

func officialPairs(o runs.Official, graph string, steps int) []officialPair {
	var pairs []officialPair
	for _, theirs := range o.Runs {
		at := slices.IndexFunc(o.Runs, func(r runs.OfficialRun) bool {
			return r.Code == runs.OwnCode && r.Graph == graph && r.Steps == steps && r.Seed == theirs.Seed
		})
		if theirs.Code == runs.OfficialCode && theirs.Graph == graph && theirs.Steps == steps && at >= 0 {
			pairs = append(pairs, officialPair{theirs, o.Runs[at]})
		}
	}
	return pairs
}

func testPairs(pairs []officialPair, graph string, steps int) ([]OfficialTest, error) {
	quantities := []struct {
		name   string
		margin float64
		of     func(runs.OfficialRun) float64
	}{{OfficialLoss, OfficialLossMargin, func(r runs.OfficialRun) float64 { return r.Loss }},
		{"attention", OfficialAttentionMargin, func(r runs.OfficialRun) float64 { return average(r.Edges) }}}
	var tests []OfficialTest
	for _, q := range quantities {
		t := OfficialTest{Steps: steps, Graph: graph, Quantity: q.name, Pairs: len(pairs), Margin: q.margin}
		var theirs, ours, differences []float64
		for _, p := range pairs {
			theirs, ours = append(theirs, q.of(p.theirs)), append(ours, q.of(p.ours))
			differences = append(differences, q.of(p.ours)-q.of(p.theirs))
		}
		if len(pairs) > 0 {
			t.Theirs, t.Ours = average(theirs), average(ours)
		}
		if q.name == "attention" && graph != AllGraphs {
			t.Edge = largestEdge(pairs)
		}
		if len(pairs) > 1 {
			test, err := stat.TOST(differences, 0, q.margin, OfficialLevel)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", q.name, err)
			}
			t.Test = &test
		}
		tests = append(tests, t)
	}
	return tests, nil
}

// largestEdge is by how much the mean weight of an edge differs at most.
func largestEdge(pairs []officialPair) float64 {
	largest := 0.0
	if len(pairs) == 0 {
		return largest
	}
	for e := range pairs[0].ours.Edges {
		sum := 0.0
		for _, p := range pairs {
			sum += p.ours.Edges[e] - p.theirs.Edges[e]
		}
		largest = max(largest, sum/float64(len(pairs)), -sum/float64(len(pairs)))
	}
	return largest
}

func average(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

// OfficialTable shows the tests.
func OfficialTable(o runs.Official, tests []OfficialTest) table.Table {
	t := table.Table{ID: "official-training", Title: "Runs of this program and of the official code, trained side by side",
		Columns: []table.Column{
			{Name: "steps", Align: table.Right}, {Name: "graph"}, {Name: "quantity"}, {Name: "seeds", Align: table.Right},
			{Name: "official", Align: table.Right},
			{Name: "ours", Align: table.Right}, {Name: "difference", Align: table.Decimal}, {Name: "90% interval"},
			{Name: "margin", Align: table.Decimal},
			{Name: "largest of an edge", Align: table.Right}, {Name: "verdict"}}}
	var needs []string
	dash := table.Text("-")
	for _, c := range tests {
		row := []table.Cell{table.Integer(c.Steps), table.Text(c.Graph), table.Text(c.Quantity), table.Integer(c.Pairs), dash, dash, dash,
			dash, table.Number(c.Margin, 2), dash, table.Verdict(verdict.NotRun)}
		if c.Pairs > 0 {
			row[4], row[5] = table.Fixed(c.Theirs, 4), table.Fixed(c.Ours, 4)
			if c.Edge > 0 {
				row[9] = table.Fixed(c.Edge, 4)
			}
		}
		if c.Test != nil {
			i := c.Test.Interval
			shown := map[stat.Verdict]verdict.Verdict{stat.Equivalent: verdict.Holds, stat.Different: verdict.Fails,
				stat.Undecided: verdict.Undecided}[c.Test.Verdict]
			row[6], row[7] = table.Measured(c.Test.Diff, c.Test.StdErr), table.Text(fmt.Sprintf("[%.4f, %.4f]", i.Lo, i.Hi))
			row[10] = table.Text(string(c.Test.Verdict)).WithVerdict(shown)
			if c.Test.Verdict == stat.Undecided && len(c.Test.Warnings) > 0 {
				needs = append(needs, fmt.Sprintf("%s after %d steps on %s: %s", c.Quantity, c.Steps, c.Graph, strings.Join(c.Test.Warnings, "; ")))
			}
		}
		t.Add(row...)
	}
	t.Note(fmt.Sprintf("commit %s of the authors' repository in float32, JAX %s; gradient descent at the constant rate 1 with 1024 "+
		"sequences a step, S = 3, T = 20, as many_graphs.ipynb; %d seeds a graph are asked for, and rows of fewer than two are not tested",
		o.Commit, o.Versions["jax"], OfficialSeeds))
	t.Note(fmt.Sprintf("loss: the official one, in nats, of either code's weights on the same %d sequences of the official sampler; "+
		"attention: mean weight on the parents of the positions' softmax", o.TestSequences))
	t.Note(fmt.Sprintf("two one-sided t tests (TOST) at level %g on differences, ours minus official, of runs with equal seeds, which "+
		"pair the runs (a sample is such a pair), not their draws; the margins were chosen before the runs", OfficialLevel))
	for _, need := range needs {
		t.Note(need)
	}
	return t
}
