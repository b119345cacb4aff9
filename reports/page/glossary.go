package page

import "strings"

// Term is a word that the project uses in one sense.
type Term struct{ Word, Meaning string }

// Anchor names the term in links.
func (t Term) Anchor() string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(t.Word)), "-")
}

// Glossary explains the words of the page, in alphabetical order.
func Glossary() []Term {
	return []Term{
		{"A0 to A4", "the hypotheses of the theorems about the prior: stationary roots, transitions bounded below, tokens that depend " +
			"on their parents by a bounded amount at least, symmetry under relabelling, constant mean; check says what each asks"},
		{"A1, A2", "the reduced model's two matrices: A1 scores positions with positions and is the first layer, A2 scores tokens " +
			"with tokens and is the second"},
		{"Algorithm 1", "the training that theorem 1 is about: one step on A1 (stage 1) from A1 = 0 and A2 = beta0 I, then steps on " +
			"A2 alone (stage 2)"},
		{"argmax right", "the share of edges whose child's row of attention is largest at the parent"},
		{"beta0", "the size of the second layer in stage 1, where A2 is beta0 times the identity; in the limit of small beta0 stage 1 " +
			"is known exactly"},
		{"chi-square information", "of two positions: the sum of P(x,y)^2 / (P(x) P(y)), minus 1; 0 where they are independent"},
		{"competitor", "the position with the largest entry in a child's row beside the parent"},
		{"count estimator", "the frequencies with which tokens followed the query's token on the graph's edges within the sequence, " +
			"with pseudo-counts: what a perfect in-context learner of the graph computes"},
		{"deficit", "1 minus the weight that the position block puts on the parent"},
		{"draw", "one random case of a law, or one chain of a prior"},
		{"effective length", "T^2 over the sum of rho^d over pairs of positions at distance d: as many independent tokens say as much " +
			"about the stationary distribution"},
		{"evidence", "exact: equality up to rounding on the instances named; certified: a proof by interval or rational arithmetic; " +
			"statistical: an estimate with an error rate; observed: what single runs did"},
		{"first step", "the first gradient of A1, at A1 = 0, in the limit of small beta0; the signal of long sequences in it is the " +
			"paper's key lemma"},
		{"gap", "how far a loss is above L*"},
		{"L, L*", "the loss in nats, and the mean entropy of the target's row, below which no predictor can get"},
		{"law", "a property that every right implementation has, tested on random instances"},
		{"local exponent", "the power of T between two neighbouring lengths"},
		{"margin", "of a row: the parent's entry minus the competitor's; above 0 the parent is the row's argmax"},
		{"nats", "the unit of losses: logarithms are natural ones"},
		{"on data", "attention as it is on sequences, tokens and all, in place of the position block alone"},
		{"orbit prior", "one chain with its rows and its columns relabelled in all ways (its orbit): exact sums, symmetric, of " +
			"constant mean"},
		{"planted mistake", "a mistake put into the implementation on purpose, to see that a law notices"},
		{"position block", "the part of the first layer's scores that compares positions alone; the paper's figures show its softmax"},
		{"prediction interval", "where one more seed's number falls with 95% probability"},
		{"pseudo-count", "what the count estimator adds to every count, so that no token has probability 0: alpha"},
		{"row argmax", "the position with the largest entry of a row, of the first gradient or of an attention"},
		{"S, T", "the number of tokens, and the length of a sequence with the query, its last position"},
		{"signal", "g(i, k), the part of the first gradient's row i that tells positions apart, for long sequences; on the parent it " +
			"is the chi-square information of parent and child"},
		{"source certainty", "how sure a statement's wording is: code (read off the official implementation), restated (by a " +
			"follow-up), derived (here), recalled (from memory), ours (a definition of this project)"},
		{"stand-in", "a quick run of this project's in place of an experiment of the paper's"},
		{"sup error", "the largest distance over the tokens between a prediction and the true next-token distribution, averaged over " +
			"sequences"},
		{"verdict", "holds and fails: shown; partly: what was run agrees but is less than the claim asks for; undecided: the evidence " +
			"does not settle it; not run: no evidence was gathered"},
	}
}
