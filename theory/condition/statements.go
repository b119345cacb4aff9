package condition

// Every statement of the paper that the project checks, and those of our own
// that stand beside them, in the project's one place for them. The paper's own
// text was not at hand when they were written; Source says where each wording
// comes from, and a recalled constant can be overridden (Constants).

// Source is how sure we are of a statement's wording.
type Source string

// The sources, surest first. A derivation of ours is certain as mathematics,
// whoever stated it first.
const (
	FromCode Source = "code"     // read off the authors' program
	Derived  Source = "derived"  // proved here, and a law that the project tests
	Restated Source = "restated" // in follow-up papers
	Recalled Source = "recalled" // from memory: not a quotation
	Ours     Source = "ours"     // a definition of this project
)

// Kind says what part a statement plays.
type Kind string

// The kinds.
const (
	Hypothesis Kind = "hypothesis" // the theorems assume it
	Property   Kind = "property"   // of the chains; implied by the hypotheses, or describing them
	Law        Kind = "law"        // holds for every chain
	Conclusion Kind = "conclusion" // what the theorems claim
)

// Statement is one sentence of the theory.
type Statement struct {
	ID     string `json:"id"`
	Kind   Kind   `json:"kind"`
	Text   string `json:"text"`
	Source Source `json:"source"`
	// Note says what of it is surer or less sure than Source.
	Note string `json:"note,omitempty"`
}

// The identifiers of the statements.
const (
	Graph              = "graph"
	StationaryRoots    = "A0"
	LowerBound         = "A1"
	NonDegeneracy      = "A2"
	Symmetry           = "A3"
	ConstantMean       = "A4"
	ConstantTrace      = "A4-trace"
	EffectiveLength    = "effective-length"
	Irreducible        = "irreducible"
	Aperiodic          = "aperiodic"
	SpectralGap        = "spectral-gap"
	MaximalCorrelation = "maximal-correlation"
	Contraction        = "contraction"
	Margin             = "L2"
)

var statements = []Statement{
	{ID: Graph, Kind: Hypothesis, Source: FromCode,
		Text: "every prefix position has at most one parent, an earlier one, and some position has one"},
	{ID: StationaryRoots, Kind: Hypothesis, Source: FromCode, Note: "a hypothesis that nobody lists; its role is derived: it makes the margin a sum of squares",
		Text: "roots are drawn from the stationary distribution of the sequence's own chain"},
	{ID: LowerBound, Kind: Hypothesis, Source: Recalled, Note: "restated by name (positive transitions)",
		Text: "almost surely min pi[a][b] >= gamma/S, for some gamma > 0"},
	{ID: NonDegeneracy, Kind: Hypothesis, Source: Recalled, Note: "restated by name; the normalisation is recalled with little certainty",
		Text: "almost surely ||B||_F >= gamma, for some gamma > 0, where B[a][b] = sqrt(mu[a]/mu[b]) (pi[a][b] - mu[b])"},
	{ID: Symmetry, Kind: Hypothesis, Source: Recalled,
		Text: "relabelling the tokens of pi by any permutation leaves its distribution unchanged"},
	{ID: ConstantMean, Kind: Hypothesis, Source: Restated,
		Text: "E pi[a][b] = 1/S for all a, b"},
	{ID: ConstantTrace, Kind: Property, Source: Derived, Note: "the role of A4: it makes the mean signal of a position on itself 0",
		Text: "E tr(pi) = 1"},
	{ID: EffectiveLength, Kind: Hypothesis, Source: Ours, Note: "the paper's definition and its polynomial were not recovered",
		Text: "T_eff = T^2 / sum_{i,j} rho^d(i,j) is at least a polynomial in 1/gamma and S"},
	{ID: Irreducible, Kind: Property, Source: Derived, Note: "implied by A1",
		Text: "every token is reached from every other, so that the stationary distribution is unique"},
	{ID: Aperiodic, Kind: Property, Source: Derived, Note: "implied by A1",
		Text: "the chain has period 1"},
	{ID: SpectralGap, Kind: Property, Source: Derived, Note: "at least gamma under A1",
		Text: "1 - |lambda_2| > 0, lambda_2 the second largest eigenvalue of pi"},
	{ID: MaximalCorrelation, Kind: Property, Source: Derived, Note: "rho^2 <= 1 - gamma under A1",
		Text: "rho < 1, rho the second singular value of the normalised kernel: the maximal correlation of parent and child"},
	{ID: Contraction, Kind: Law, Source: Derived,
		Text: "rho^2 <= delta <= 1 - gamma, delta the Dobrushin coefficient and gamma = S min pi[a][b]"},
	{ID: Margin, Kind: Law, Source: Derived,
		Text: "the parent's signal exceeds that of any third, earlier position by at least (1 - sqrt(1-gamma)) I >= (gamma/2) I, I the chi-square information of parent and child"},
	{ID: "L1", Kind: Law, Source: Derived,
		Text: "row i (1-based) of the first-step gradient is, to leading order in 1/T, 1/(S T i) times the signal g_ik minus its mean over k <= i"},
	{ID: "M", Kind: Hypothesis, Source: Recalled, Note: "the loss is restated; consistent with the authors' program and follow-ups",
		Text: "the reduced model, loss with eps inside the logarithm, A1 = 0 and A2 = beta0 I at the start, trained in two stages"},
	{ID: "T1", Kind: Conclusion, Source: Recalled, Note: "restated for the chain graph, with T in place of T_eff",
		Text: "for suitable eps, beta0, rates and steps: L - L* <= C log T / T_eff^(c gamma), c independent of gamma and S"},
	{ID: "T1a", Kind: Conclusion, Source: Derived, Note: "the direction; the paper's rates were not recovered",
		Text: "after stage 1 every row of a child attends to its parent and rows of roots stay near uniform; after stage 2 A2 is near a growing multiple of the identity"},
	{ID: "T2", Kind: Conclusion, Source: Recalled, Note: "little certainty in detail",
		Text: "for a fixed chain with min pi[a][b] >= gamma/S outside the training prior, sup_s |f_s - pi(s | s_T)| is small and shrinks with T_eff"},
	{ID: "C1", Kind: Conclusion, Source: Derived, Note: "exact only up to the rows of roots, which keep uniform attention",
		Text: "the forest construction's output tends to the empirical conditional frequency, and its loss to L*"},
	{ID: "C2", Kind: Conclusion, Source: Restated, Note: "that fewer heads cannot is not a theorem",
		Text: "k heads suffice for k parents"},
}

// Statements lists all statements; the slice is the caller's.
func Statements() []Statement { return append([]Statement(nil), statements...) }

// Lookup finds a statement by its identifier.
func Lookup(id string) (Statement, bool) {
	for _, s := range statements {
		if s.ID == id {
			return s, true
		}
	}
	return Statement{}, false
}

// finding starts the Finding of a statement of this package.
func finding(id string) Finding {
	s, _ := Lookup(id)
	return Finding{ID: id, Statement: s.Text, Kind: s.Kind, Source: s.Source}
}
