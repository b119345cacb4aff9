package outcome

// Condition is a condition of a theorem that draws should sometimes meet and
// sometimes miss, with the number of draws that did.
type Condition struct {
	ID       string `json:"condition"`
	Sentence string `json:"sentence"`
	Met      int    `json:"met"`
	// LeastMet and LeastNotMet are for a run of all laws at props.DefaultDraws.
	LeastMet    int `json:"least_met"`
	NotMet      int `json:"not_met"`
	LeastNotMet int `json:"least_not_met"`
}

// Enough tells whether both counts reach their least values.
func (c Condition) Enough() bool { return c.Met >= c.LeastMet && c.NotMet >= c.LeastNotMet }

// conditions are those that laws observe: those of the theorems, and those that
// split the exact facts of theory/README.md, section 3 into cases. A law about one chain draws a point
// prior, for which a condition on the prior is one on the chain.
var conditions = []Condition{
	listed("edge", "the forest has at least one edge", 1000, 100),
	listed("one tree", "the forest is one tree", 300, 300),
	listed("positive transitions", "no transition probability is below 0.1/S (gamma = 0.1)", 500, 500),
	listed("non-degenerate", "the chi-square information of parent and child is at least 0.01", 500, 200),
	listed("permutation symmetric", "renaming the tokens does not change the prior", 50, 1000),
	listed("constant mean", "the prior's mean is 1/S everywhere", 50, 1000),
	listed("constant trace", "the mean trace is 1", 100, 1000),
	listed("effective length", "T_eff is at least half of the number of positions", 200, 200),
	// A reducible chain has no stationary distribution: there is nothing to ask about it.
	listed("irreducible", "the chain is irreducible", 1000, 0),
	listed("aperiodic", "the chain is aperiodic", 1000, 50),
	listed("spectral gap", "the second eigenvalue is at most 0.9 in size", 500, 200),
	listed("contracting", "the maximal correlation of parent and child is below 1 - 1e-9", 1000, 50),
	listed("eps", "the loss has an eps above 0 inside its logarithm", 100, 100),
	listed("self below parent", "a position's signal on itself is below its parent's (fact 2)", 100, 30),
	listed("distant pair", "a pair of positions is two or more edges apart", 300, 50),
}

func listed(id, sentence string, leastMet, leastNotMet int) Condition {
	return Condition{ID: id, Sentence: sentence, LeastMet: leastMet, LeastNotMet: leastNotMet}
}
