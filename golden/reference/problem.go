package reference

import (
	"causalgrad/impl/task"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Bounds of what a file may ask this implementation to evaluate: memory grows
// with heads T T S. The paper's experiments have S <= 10, T <= 32, 2 heads.
const (
	maxTokens = 32
	maxLength = 256
	maxHeads  = 8
	maxLayers = 6
)

// The file's names of the two tasks.
const (
	tree = "InContextTree"
	dag  = "InContextDAG"
)

// Problem is a graph with the Dirichlet(Alpha) prior over S tokens.
type Problem struct {
	Tokens, Length int // S and T
	Graph          graph.Graph
	Alpha          float64
}

// Task is the problem as sequences.
func (p Problem) Task() (task.Task, error) { return p.at(p.Alpha) }

// at is the problem under Dirichlet(alpha).
func (p Problem) at(alpha float64) (task.Task, error) {
	return task.New(p.Graph, markov.Dirichlet{Size: p.Tokens, Alpha: alpha})
}

// sizes reads S and T.
func (n node) sizes() (tokens, length int) {
	return n.field("vocab_size").integer(markov.MinTokens, maxTokens),
		n.field("seq_len").integer(graph.MinSequenceLength, maxLength)
}

// alpha reads a Dirichlet concentration; the bounds are those of the sampler.
func (n node) alpha() float64 { return n.within(1e-4, 1e6) }

// graph reads the field "dag": a list of parents for a forest, of lists for a
// DAG. kind is tree, dag or "" for whichever it is.
func (n node) graph(kind string, length int) graph.Graph {
	list := n.field("dag")
	entries := list.some()
	if n.err != nil {
		return nil
	}
	if _, nested := entries[0].value.([]any); kind == dag || (kind == "" && nested) {
		return list.manyParents(length)
	}
	return list.forest(length)
}

func (n node) forest(length int) graph.Forest {
	f, err := graph.NewForest(n.integers(length-1, graph.Root, length-2))
	if err != nil {
		n.failed(": " + err.Error())
	}
	return f
}

func (n node) manyParents(length int) graph.Graph {
	var parents [][]int
	for _, e := range n.list(length + 1) {
		parents = append(parents, e.integers(-1, 0, length-1))
	}
	g, err := graph.NewDAG(parents)
	if err != nil {
		n.failed(": " + err.Error())
	}
	return g
}

// checked makes sure that the task exists.
func (n node) checked(p Problem) Problem {
	if n.err == nil {
		if _, err := p.Task(); err != nil {
			n.failed(": " + err.Error())
		}
	}
	return p
}

// problem reads the field "problem" of a file with vocab_size and seq_len.
func (n node) problem(tokens, length int) Problem {
	p := n.field("problem")
	p.object("type", "vocab_size", "dag", "alpha")
	kind := p.field("type").oneOf(tree, dag)
	p.field("vocab_size").integer(tokens, tokens)
	return p.checked(Problem{tokens, length, p.graph(kind, length), p.field("alpha").alpha()})
}

// batch reads x (N x T tokens) and y (N x S rows).
func (n node) batch(tokens, length int) *task.Batch {
	rows := n.field("x").some()
	if n.err != nil {
		return nil
	}
	b := task.NewBatch(len(rows), length, tokens)
	for i, row := range rows {
		for j, v := range row.integers(length, 0, tokens-1) {
			b.Tokens[i*length+j] = uint16(v)
		}
	}
	copy(b.Targets, n.field("y").probabilities(len(rows), tokens))
	return b
}

// heads reads the number of heads of each layer.
func (n node) heads() []int {
	field := n.field("heads")
	heads := field.integers(-1, 1, maxHeads)
	if n.err == nil && (len(heads) < 1 || len(heads) > maxLayers) {
		field.fail("1 to %d layers", maxLayers)
	}
	return heads
}
