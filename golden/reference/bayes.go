package reference

import (
	"causalgrad/impl/task"
	"causalgrad/theory/graph"
)

// Bayes is a list of batches with the count estimator of each sequence.
type Bayes struct {
	origin
	Items []BayesItem
}

// BayesItem is one problem and one batch. The official code counts a root of a
// forest as if its parent were the last prefix position; a DAG has no such wrap.
type BayesItem struct {
	ItemName string
	Problem  Problem
	Batch    *task.Batch
	Official []float64 // N x S, with the wrap
	NoWrap   []float64 // N x S
	// Mean cross-entropies of the two, nats.
	LossOfficial, LossNoWrap float64
	// Differ is the number of sequences on which the two differ.
	Differ int
}

func loadBayes(n node, o origin) File {
	n.object("set", "seed", "items")
	b := &Bayes{origin: o}
	for _, e := range n.field("items").some() {
		b.Items = append(b.Items, e.bayesItem())
	}
	b.ignored = n.ignored
	return b
}

func (n node) bayesItem() BayesItem {
	n.object("type", "name", "vocab_size", "seq_len", "dag", "alpha", "x", "y",
		"bayes_official", "bayes_nowrap", "loss_official", "loss_nowrap", "n_sequences_where_they_differ")
	tokens, length := n.sizes()
	kind := n.field("type").oneOf(tree, dag)
	i := BayesItem{
		ItemName: n.field("name").text(),
		Problem:  n.checked(Problem{tokens, length, n.graph(kind, length), n.field("alpha").alpha()}),
		Batch:    n.batch(tokens, length),
	}
	if n.err != nil {
		return i
	}
	i.Official = n.field("bayes_official").probabilities(i.Batch.N, tokens)
	i.NoWrap = n.field("bayes_nowrap").probabilities(i.Batch.N, tokens)
	i.LossOfficial = n.field("loss_official").number()
	i.LossNoWrap = n.field("loss_nowrap").number()
	i.Differ = n.field("n_sequences_where_they_differ").integer(0, i.Batch.N)
	return i
}

// forest is the problem's forest, if it has one.
func (p Problem) forest() (graph.Forest, bool) {
	f, ok := p.Graph.(graph.Forest)
	return f, ok
}
