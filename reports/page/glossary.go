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
		{"A1, A2", "the reduced model's two matrices: A1 scores positions with positions and is the first layer, A2 scores tokens with tokens and is the second"},
		{"argmax right", "the share of edges whose child's row of attention is largest at the parent"},
		{"certainty", "how sure a statement's wording is: code (read off the official implementation), restated (by a follow-up), derived (proved here), recalled (from memory)"},
		{"count estimator", "the frequencies with which tokens followed the query's token on the graph's edges within the sequence, with pseudo-counts: what a perfect in-context learner of the graph computes"},
		{"deficit", "1 minus the weight that the position block puts on the parent"},
		{"effective length", "T^2 over the sum of rho^d over pairs of positions at distance d: as many independent tokens say as much about the stationary distribution"},
		{"evidence", "exact: equality up to rounding on the instances named; certified: a proof by interval or rational arithmetic; statistical: an estimate with an error rate; observed: what single runs did"},
		{"L, L*", "the loss in nats, and the mean entropy of the target's row, below which no predictor can get"},
		{"law", "a property that every right implementation has, tested on random instances"},
		{"local exponent", "the power of T between two neighbouring lengths"},
		{"orbit prior", "one chain with its tokens relabelled in all ways: exact sums, symmetric, of constant mean"},
		{"parent signal", "the part of the first gradient that tells positions apart: mean over chains of a position's chi-square information about the child"},
		{"planted mistake", "a mistake put into the implementation on purpose, to see that a law notices"},
		{"position block", "the part of the first layer's scores that compares positions alone; the paper's figures show its softmax"},
		{"prediction interval", "where one more seed's number falls with 95% probability"},
		{"stand-in", "a quick run of this project's in place of an experiment of the paper's"},
		{"verdict", "holds and fails: shown; partly: what was run agrees but is less than the claim asks for; undecided: the evidence does not settle it; not run: no evidence was gathered"},
	}
}
