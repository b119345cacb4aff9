// Package graph holds the hidden causal graphs of the paper: forests over the
// prefix positions (theory/README.md, section 1, "causal forest") and directed acyclic
// graphs with several parents ("causal DAG"), with named constructors, the
// command's text grammar, validation and the ancestor relations that the
// chi-square facts need.
//
// Positions are 0-based. It knows nothing of tokens, chains or models.
package graph

// Root is the parent index of a position that has no parent.
const Root = -1

// Graph is a Forest or a DAG: what a user can name with --graph.
type Graph interface {
	// SequenceLength is T, the number of tokens of a sequence.
	SequenceLength() int
	// String is the graph in the command's grammar; Parse reads it back.
	String() string
}

// Edge is one edge from Parent to Child, Parent < Child, both 0-based.
type Edge struct {
	Child  int `json:"child"`
	Parent int `json:"parent"`
}

// MinSequenceLength is the smallest T: a parent, a child and the last token.
const MinSequenceLength = 3

// MaxSequenceLength bounds what a user can type by mistake: positions are
// quadratic in memory everywhere.
const MaxSequenceLength = 4096
