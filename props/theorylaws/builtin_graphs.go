package theorylaws

import (
	"os"
	"path/filepath"

	"causalgrad/theory/graph"
)

var _ Grapher = builtin{}

// Graph implements Grapher. A format is read from a file in a temporary folder.
func (builtin) Graph(g GraphSource) (GraphFacts, error) {
	text := g.Text
	if g.Format != "" {
		folder, err := os.MkdirTemp("", "causalgrad-graph-")
		if err != nil {
			return GraphFacts{}, err
		}
		defer func() { _ = os.RemoveAll(folder) }() // a leftover changes no answer
		name := filepath.Join(folder, "graph."+g.Format)
		if err := os.WriteFile(name, []byte(g.Text), 0o600); err != nil {
			return GraphFacts{}, err
		}
		text = "@" + name
	}
	parsed, err := graph.Parse(text, g.Length, g.Seed)
	if err != nil {
		return GraphFacts{}, err
	}
	facts := GraphFacts{Length: parsed.SequenceLength(), Text: parsed.String()}
	switch own := parsed.(type) {
	case graph.Forest:
		facts.related(own)
	case graph.DAG:
		for i := range own.SequenceLength() {
			facts.DAG = append(facts.DAG, own.Parents(i))
		}
		facts.DAG, facts.Arities = append(facts.DAG, own.Target()), own.Arities()
	}
	return facts, nil
}

// related fills in what a forest says.
func (g *GraphFacts) related(f graph.Forest) {
	g.Parents, g.Edges = f.Parents(), f.Edges()
	if f.Positions() > MaxRelated {
		return
	}
	for i := range f.Positions() {
		g.Depths = append(g.Depths, f.Depth(i))
		ancestors, distances := make([]int, f.Positions()), make([]int, f.Positions())
		for k := range ancestors {
			var ok bool
			ancestors[k], _, _, _ = f.CommonAncestor(i, k)
			if distances[k], ok = f.Distance(i, k); !ok {
				distances[k] = -1
			}
		}
		g.Ancestors, g.Distances = append(g.Ancestors, ancestors), append(g.Distances, distances)
	}
}
