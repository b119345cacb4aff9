package condition

import (
	"fmt"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Report is the answer of Check.
type Report struct {
	Graph  string  `json:"graph"` // in the command's grammar
	Length int     `json:"length"`
	Tokens int     `json:"tokens"`
	Prior  string  `json:"prior"`
	Eps    float64 `json:"eps"`
	// Embedding is what positions are; empty for orthogonal vectors.
	Embedding string `json:"embedding,omitempty"`
	// Chains is the number averaged over: those of a finite prior up to
	// relabelling, or the draws.
	Chains int `json:"chains"`
	// Exact tells that the prior is finite, so that no number is sampled.
	Exact bool `json:"exact"`

	Findings []Finding `json:"findings"`
	// Rate is what T1 says with the constants at hand.
	Rate Rate `json:"rate"`
	// Predicted are the rows of the prior's mean signal, to which the gradient
	// tends for large T (L1), in units of the signal: times 1/(S T i), i 1-based,
	// for those of the gradient.
	Predicted []Row `json:"predicted"`
	// Observed are the rows of the prior's mean exact first-step gradient at this
	// length; with an embedding, of the step that the scores make.
	Observed []Row `json:"observed"`
	// StandardErrors is the limit behind the verdicts of sampled rows; 0 when
	// exact.
	StandardErrors float64 `json:"standard_errors"`
	// Chance is the number of rows right under a random choice, in expectation.
	Chance float64 `json:"chance"`
	// Summary is the report in sentences.
	Summary []string `json:"summary"`
}

// CheckGraph is Check for any graph: the conditions are stated for forests
// only, and for another graph the error says so.
func CheckGraph(g graph.Graph, prior markov.Prior, o Options) (Report, error) {
	f, ok := g.(graph.Forest)
	if !ok {
		return Report{}, fmt.Errorf("check: graph %s: the theorems are about forests (at most one parent each), want chain, icl, manual, random or a list of parents", g)
	}
	return Check(f, prior, o)
}

// Check examines all conditions on a forest and a prior, predicts the first
// step from the signal and observes it on the exact gradient. A prior that
// draws a numerically reducible chain is an error that names the draw.
func Check(f graph.Forest, prior markov.Prior, o Options) (Report, error) {
	if err := o.validate(f, prior); err != nil {
		return Report{}, err
	}
	e, err := gather(f, prior, o)
	if err != nil {
		return Report{}, err
	}
	r := Report{
		Graph: f.String(), Length: f.SequenceLength(), Tokens: prior.Tokens(), Prior: prior.String(), Eps: o.Eps,
		Chains: e.chains.count, Exact: e.chains.exact,
	}
	if o.Embedding != nil {
		r.Embedding = o.Embedding.String()
	}
	if r.Findings, err = e.findings(); err != nil {
		return Report{}, err
	}
	lower, _ := r.Finding(LowerBound)
	norm, _ := r.Finding(NonDegeneracy)
	r.Rate = e.rate(lower, norm)
	predicted, observed := e.signal.table(r.Exact), e.gradient.table(r.Exact)
	r.Predicted, r.Observed = predicted.Rows, observed.Rows
	r.StandardErrors, r.Chance = observed.StandardErrors, observed.Chance()
	r.Summary = r.sentences()
	return r, nil
}

// findings examines the conditions in the order of the statements.
func (e *evidence) findings() ([]Finding, error) {
	symmetry, err := e.symmetry()
	if err != nil {
		return nil, err
	}
	mean, err := e.constantMean()
	if err != nil {
		return nil, err
	}
	trace, err := e.constantTrace()
	if err != nil {
		return nil, err
	}
	roots, err := e.stationaryRoots()
	if err != nil {
		return nil, err
	}
	return []Finding{
		e.forestFinding(), roots, e.lowerBound(), e.nonDegeneracyFinding(), symmetry, mean, trace, e.effectiveLength(),
		e.irreducible(), e.aperiodic(), e.spectralGap(), e.maximalCorrelation(), e.contraction(), e.margin(),
	}, nil
}

// Finding looks a finding up by its identifier.
func (r Report) Finding(id string) (Finding, bool) {
	for _, f := range r.Findings {
		if f.ID == id {
			return f, true
		}
	}
	return Finding{}, false
}
