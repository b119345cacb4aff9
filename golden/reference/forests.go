package reference

import (
	"fmt"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// ForestTable is the published table of many-graphs: random forests, each
// learned by one official run, and what the run left undone on each edge.
type ForestTable struct {
	origin
	Source string
	Config RunConfig
	Trials []ForestTrial
}

// RunConfig is how the table's runs were made.
type RunConfig struct {
	Tokens, Length  int // S and T
	Alpha           float64
	Heads           []int
	Optimizer       string
	LR              float64
	Schedule        string
	Steps, Batch    int
	RootProbability float64
}

// ForestTrial is one forest of the table.
type ForestTrial struct {
	Trial  int
	Forest graph.Forest
	Edges  []EdgeDeficit // by child
	Mean   float64       // published mean deficit over the edges
}

// EdgeDeficit is 1 minus the weight that softmax of the position-position block
// of A1 puts on the parent (token blocks ignored).
type EdgeDeficit struct {
	graph.Edge
	Deficit float64
}

// Weight is the attention weight on the parent.
func (e EdgeDeficit) Weight() float64 { return 1 - e.Deficit }

// ManyGraphs returns the published table that ships with the program.
func ManyGraphs() (*ForestTable, error) {
	const name = "many_graphs.json"
	file, err := openShipped(name)
	if err != nil {
		return nil, err
	}
	table, ok := file.(*ForestTable)
	if !ok {
		return nil, fmt.Errorf("file %s: holds %s, want published forests", name, file.Kind())
	}
	return table, nil
}

func loadForestTable(n node, o origin) File {
	n.object("source", "config", "trials")
	t := &ForestTable{origin: o, Source: n.field("source").text(), Config: n.field("config").runConfig()}
	for i, e := range n.field("trials").some() {
		t.Trials = append(t.Trials, e.forestTrial(i, t.Config.Length))
	}
	t.ignored = n.ignored
	return t
}

func (n node) runConfig() RunConfig {
	n.object("S", "T", "alpha", "heads", "optimizer", "lr", "schedule", "steps", "batch", "p_root")
	return RunConfig{
		Tokens:          n.field("S").integer(markov.MinTokens, maxTokens),
		Length:          n.field("T").integer(graph.MinSequenceLength, maxLength),
		Alpha:           n.field("alpha").alpha(),
		Heads:           n.heads(),
		Optimizer:       n.field("optimizer").text(),
		LR:              n.field("lr").number(),
		Schedule:        n.field("schedule").text(),
		Steps:           n.field("steps").integer(1, 1<<30),
		Batch:           n.field("batch").integer(1, 1<<30),
		RootProbability: n.field("p_root").within(0, 1),
	}
}

func (n node) forestTrial(index, length int) ForestTrial {
	n.object("trial", "parents", "edges", "mean_delta")
	t := ForestTrial{
		Trial:  n.field("trial").integer(index, index),
		Forest: n.field("parents").forest(length),
		Mean:   n.field("mean_delta").share(),
	}
	for _, e := range n.field("edges").list(-1) {
		e.object("child", "parent", "delta")
		edge := graph.Edge{Child: e.field("child").integer(0, length-2), Parent: e.field("parent").integer(0, length-2)}
		t.Edges = append(t.Edges, EdgeDeficit{edge, e.field("delta").share()})
	}
	n.checkEdges(t)
	return t
}

// checkEdges: the table's edges are those of its parents, by child.
func (n node) checkEdges(t ForestTrial) {
	if n.err != nil {
		return
	}
	edges := t.Forest.Edges()
	if len(edges) != len(t.Edges) {
		n.field("edges").fail("the %d edges of the parents", len(edges))
		return
	}
	for i, e := range edges {
		if t.Edges[i].Edge != e {
			n.field("edges").at(i).failed(fmt.Sprintf(": from %d to %d, want from %d to %d as in parents",
				t.Edges[i].Parent, t.Edges[i].Child, e.Parent, e.Child))
		}
	}
}
