package theorylaws

import (
	"causalgrad/props"
	"causalgrad/theory/graph"
)

// CanGraph is Grapher's capability. It is for subjects in the same process
// only: the protocol of package conform has no operation for it.
const CanGraph props.Capability = "graphs"

// GraphSource is a graph as a user writes it.
type GraphSource struct {
	// Text is in the command's grammar or, with a Format, the contents of a file.
	Text string
	// Format is "json", "dot", "gv" or "edges", the file's extension; empty for
	// the grammar.
	Format string
	// Length is the sequence length T that is asked for; 0 for what the text says.
	Length int
	// Seed draws the random families.
	Seed uint64
}

// MaxRelated is the largest number of positions whose relations a Grapher tells.
const MaxRelated = 64

// GraphFacts is what a subject understands by a source. Exactly one of Parents
// and DAG is set. The relations, from Edges on, are those of a forest, all by
// position; Depths, Ancestors and Distances are empty above MaxRelated positions.
type GraphFacts struct {
	Length  int     // T
	Text    string  // the graph in the command's grammar
	Parents []int   // T-1 parents, -1 a root
	DAG     [][]int // T+1 parent lists, the target's last
	Arities []int   // of a DAG: the numbers of parents that occur, without 0

	Edges     []graph.Edge
	Depths    []int   // edges up to the root
	Ancestors [][]int // [i][k] the nearest common ancestor; -1 in different trees
	Distances [][]int // [i][k] edges between i and k; -1 in different trees
}

// Grapher reads graphs. What is no graph is an error of one line that names
// the place.
type Grapher interface {
	Graph(g GraphSource) (GraphFacts, error)
}
