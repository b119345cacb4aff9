package main

import "causalgrad/reports/page"

// modelTerms explain what --model takes.
var modelTerms = []page.Term{
	{Word: "disentangled", Meaning: "the attention-only transformer of the paper's experiments: tokens and positions are one-hot, " +
		"every head appends its output to the features instead of adding it, and W reads the prediction from all of them. --heads gives " +
		"the heads of each layer. Its first layer holds the position block, in which a trained model shows the graph."},
	{Word: "reduced", Meaning: "the model of the theory: one matrix A1 over positions for the first layer, one matrix A2 over tokens " +
		"for the second, and the tokens' frequencies under the attention as the prediction, with --eps inside the loss's logarithm. " +
		"`gradient`, `dynamics` and `ladder` are about this one."},
	{Word: "transformer", Meaning: "the model of figure 8, nearer to what people train: learned embeddings, a value matrix, a residual " +
		"stream and an MLP in every layer, one head a layer. It has no position block, so that its attention is averaged over data."},
}

// priorTerms explain what --prior takes.
var priorTerms = []page.Term{
	{Word: "dirichlet:ALPHA", Meaning: "independent rows, each from the symmetric Dirichlet distribution: the prior of the paper's " +
		"experiments, at 0.1. Small values make rows nearly deterministic, large ones nearly uniform. It violates the theorem's lower " +
		"bound, with probability 1 at every positive gamma."},
	{Word: "floor:ALPHA,GAMMA", Meaning: "dirichlet:ALPHA mixed with uniform rows, so that no entry is below GAMMA/S: the lower bound " +
		"(A1) holds."},
	{Word: "orbit:ALPHA,SEED", Meaning: "one chain drawn from dirichlet:ALPHA with its rows and its columns relabelled in all ways: " +
		"finite, so that every expectation is an exact sum, symmetric (A3) and of constant mean (A4). orbit:FILE does so with the chain " +
		"in a file, orbit:@FILE with every chain of a prior's file. The number of tokens is small, for the orbit has (S!)^2 chains."},
	{Word: "point:FILE", Meaning: "always the same chain, read from a file or given as the nested list itself; --chain FILE is the " +
		"same. It violates symmetry and, unless its columns have equal sums, constant mean."},
	{Word: "@FILE", Meaning: "your own prior: the chains in a file, draws from a posterior for example, each as likely as the others " +
		"or as its weight says. Expectations are exact sums over the file."},
	{Word: "sticky:WEIGHT,ALPHA", Meaning: "a token stays what it is with probability WEIGHT, and otherwise follows dirichlet:ALPHA: " +
		"without constant mean, a test outside the training prior."},
	{Word: "cyclic:WEIGHT,ALPHA", Meaning: "a token becomes the next one with probability WEIGHT, and otherwise follows " +
		"dirichlet:ALPHA: nearly periodic, slowly mixing."},
	{Word: "near-deterministic:WEIGHT,ALPHA",
		Meaning: "a token follows a map of the tokens, drawn anew for every chain, with probability WEIGHT, and otherwise " +
			"dirichlet:ALPHA: an easy in-context task."},
	{Word: "rank-one:ALPHA", Meaning: "all rows are one row from dirichlet:ALPHA: tokens are independent, and there is no causal " +
		"signal to find."},
	{Word: "reversible:ALPHA", Meaning: "a random walk on a complete graph with random symmetric weights: chains that look the same " +
		"backwards."},
}

// graphTerms explain what --graph takes.
var graphTerms = []page.Term{
	{Word: "chain", Meaning: "every position's parent is the one before it (figure 2): what a trained model learns is an induction " +
		"head. --length is T."},
	{Word: "icl", Meaning: "isolated pairs, of which the second is the child of the first (figure 6): in-context learning of a map " +
		"from examples."},
	{Word: "random, random:ROOT_PROBABILITY, random:uniform",
		Meaning: "a random forest from --seed: each position is a root with that probability (0.5) and else the child of a uniformly " +
			"chosen earlier one; with uniform, the root is one more equally likely choice."},
	{Word: "manual", Meaning: "the paper's hand-made forest, parents:-1,0,0,1,2."},
	{Word: "trigram-half", Meaning: "the paper's graph with two parents (figures 5 and 7): position i has (i-1)/2 and i-1. Only " +
		"commands that take several parents read it; `train` needs two heads for it."},
	{Word: "parents:-1,0,...", Meaning: "a forest by its list of parents: positions count from 0, and -1 is a root. The query, which " +
		"is the last position and has no parent, is not listed."},
	{Word: "dag:[[],[],[0,1],...]", Meaning: "several parents: a list of them for each position, the last for the target."},
	{Word: "@FILE", Meaning: "a graph that another program wrote: DOT, GraphML, GML, node-link JSON, edges, parents, DAGitty or " +
		"Tetrad; --order names the positions of named nodes. adjacency-row-is-parent:@FILE and adjacency-column-is-parent:@FILE read " +
		"matrices, whose direction no file says."},
}
