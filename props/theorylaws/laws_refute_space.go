package theorylaws

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"

	"causalgrad/props"
	"causalgrad/props/oracle"
	"causalgrad/theory/graph"
	"causalgrad/theory/necessity"
	"pgregory.net/rapid"
)

// atEquality is what a gamma, a decimal, may miss an exact ratio by: the search
// compares rounded numbers and allows 1e-12.
const atEquality = 2e-12

// effectiveSlack is the error of T_eff: it is at most T^2 with slope below
// 4 T^2 in rho, which has an error of 1e-8 where two singular values are equal
// (half the digits of float64), 1e-6 for T = 5.
const effectiveSlack = 1e-5

// broken names the first hypothesis that the search keeps and a prior does not
// satisfy; "" if there is none. near tells that T_eff is too near its bound to
// say.
func (x refutation) broken(f graph.Forest, prior []oracle.Ratios) (hypothesis string, near bool) {
	size := int64(len(prior[0]))
	gamma, total := x.o.Gamma-atEquality, make(oracle.Ratios, size)
	for a := range total {
		for range size {
			total[a] = append(total[a], new(big.Rat))
		}
	}
	for _, pi := range prior {
		for a, row := range pi {
			sum := new(big.Rat)
			for b, v := range row {
				if v.Sign() < 0 {
					return "probability", false
				}
				sum.Add(sum, v)
				total[a][b].Add(total[a][b], v)
				if scaled, _ := new(big.Rat).Mul(v, big.NewRat(size, 1)).Float64(); x.condition != necessity.LowerBound && scaled < gamma {
					return necessity.LowerBound, false
				}
			}
			if sum.Cmp(big.NewRat(1, 1)) != 0 {
				return "probability", false
			}
		}
		mu, ok := pi.Stationary()
		if !ok {
			return "irreducible", false
		}
		if x.condition != necessity.NonDegeneracy && edgeInformation(pi, mu) < gamma*gamma {
			return necessity.NonDegeneracy, false
		}
		if x.condition != necessity.EffectiveLength {
			effective := effectiveLength(f, pi, mu)
			near = near || effective < x.o.EffectiveLength+effectiveSlack
			if effective < x.o.EffectiveLength-effectiveSlack {
				return necessity.EffectiveLength, false
			}
		}
	}
	constant, mean := true, big.NewRat(int64(len(prior)), size)
	for _, row := range total {
		for _, v := range row {
			constant = constant && v.Cmp(mean) == 0
		}
	}
	if !constant && x.condition != necessity.ConstantMean {
		return necessity.ConstantMean, near
	}
	return "", near
}

// edgeInformation is the chi-square information of parent and child, the
// squared norm of the centred kernel: sum of mu[a] pi[a][b]^2 / mu[b], less 1.
func edgeInformation(pi oracle.Ratios, mu []*big.Rat) float64 {
	sum := big.NewRat(-1, 1)
	for a, row := range pi {
		for b, v := range row {
			term := new(big.Rat).Mul(v, v)
			sum.Add(sum, term.Mul(term, new(big.Rat).Quo(mu[a], mu[b])))
		}
	}
	information, _ := sum.Float64()
	return information
}

// refutedHypotheses: without A4 a prior of one chain that keeps A2 cannot have
// the mean 1/S, so the conclusion fails where A4 does.
func refutedHypotheses(t *rapid.T, s props.Subject) {
	condition, o := drawSearch(t, append(necessity.Conditions(), necessity.ConstantMean, necessity.ConstantMean, necessity.NonDegeneracy)...)
	x := refute(t, s, condition, o)
	if !x.Found {
		return
	}
	c := x.Counterexample
	f, prior := x.found()
	hypothesis, _ := x.broken(f, prior)
	props.Demand(t, x.Case, hypothesis == "", "prior of "+c.Ratios, "every hypothesis but "+condition, "violates "+hypothesis)
	props.Demand(t, x.Case, c.Length >= o.MinLength && c.Length <= o.MaxLength, "length", fmt.Sprintf("%d to %d", o.MinLength, o.MaxLength), strconv.Itoa(c.Length))
	props.Demand(t, x.Case, c.Tokens >= 2 && c.Tokens <= o.MaxTokens, "tokens", fmt.Sprintf("2 to %d", o.MaxTokens), strconv.Itoa(c.Tokens))
	if condition == necessity.ConstantMean {
		x.condition = necessity.None
		hypothesis, _ = x.broken(f, prior)
		props.Demand(t, x.Case, hypothesis == necessity.ConstantMean, "what the prior violates", "the constant mean", hypothesis)
	}
	if condition == necessity.Symmetry {
		props.Demand(t, x.Case, c.Construction == necessity.Shifts || c.Construction == necessity.Complement, "construction", "one that is no orbit", string(c.Construction))
	}
}

// refutedSmallest tries every smaller forest.
func refutedSmallest(t *rapid.T, s props.Subject) {
	condition, o := drawFailing(t)
	o.MaxLength = min(o.MinLength+1, 5)
	o.EffectiveLength = 1 // else a smaller forest may be none of the space
	o.Strict = rapid.Bool().Draw(t, "strict")
	x := refute(t, s, condition, o)
	if !x.Found {
		return
	}
	f, prior := x.found()
	for i, p := range f.Parents() {
		if p != graph.Root {
			parents := f.Parents()
			parents[i] = graph.Root
			x.obeys(parents, prior)
		}
		if !slices.Contains(f.Parents(), i) && f.SequenceLength() > o.MinLength {
			x.obeys(withoutPosition(f.Parents(), i), prior)
		}
	}
}

// withoutPosition takes a position out that is nobody's parent.
func withoutPosition(parents []int, at int) []int {
	var left []int
	for i, p := range parents {
		switch {
		case i == at:
		case p > at:
			left = append(left, p-1)
		default:
			left = append(left, p)
		}
	}
	return left
}

// obeys demands that a smaller forest is no failure. Within 1e-9 of a tie the
// strict search leaves it open.
func (x refutation) obeys(parents []int, prior []oracle.Ratios) {
	f, err := graph.NewForest(parents)
	props.Demand(x.t, x.Case, err == nil, "smaller forest", "a forest", fmt.Sprint(err))
	hypothesis, near := x.broken(f, prior)
	worst, ok := oracle.SmallestLead(f, prior)
	if hypothesis != "" || near || !ok {
		return
	}
	fails := worst.Relative.Sign() <= 0
	if x.o.Strict {
		fails = worst.Relative.Cmp(big.NewRat(-2, 1_000_000_000)) < 0
	}
	props.Demand(x.t, x.Case, !fails, "the smaller "+f.String(), "no failure: "+x.Counterexample.Forest+" is the smallest", worst.Margin.RatString())
}

// refutedNearest asks for one construction, so that the cell's prior is known.
func refutedNearest(t *rapid.T, s props.Subject) {
	condition, o := drawSearch(t, necessity.None, necessity.LowerBound, necessity.ConstantMean, necessity.NonDegeneracy, necessity.NonDegeneracy, necessity.NonDegeneracy, necessity.EffectiveLength)
	construction := necessity.Point
	if condition != necessity.ConstantMean {
		construction = rapid.SampledFrom([]necessity.Construction{necessity.Columns, necessity.Columns, necessity.Shifts, necessity.Complement}).Draw(t, "construction")
	}
	if construction == necessity.Shifts || construction == necessity.Complement {
		o.MaxTokens = 3
	}
	o.Constructions = []necessity.Construction{construction}
	x := refute(t, s, condition, o)
	for n, cell := range x.Cells {
		if cell.Forest == "" {
			continue // no prior of the space was met
		}
		var rows [][]float64
		err := json.Unmarshal([]byte(cell.Chain), &rows)
		props.Demand(t, x.Case, err == nil && len(rows) == cell.Tokens, "chain of a cell", "a JSON list", cell.Chain)
		worst, ok := oracle.SmallestLead(x.forest(cell.Forest, cell.Length), priorOf(construction, oracle.Exact(rows)))
		props.Demand(t, x.Case, ok, "cell", "a gradient with an edge", "none")
		relative, _ := worst.Relative.Float64()
		// Entries are right to 1e-12 of the matrix's largest, rows seldom below a
		// hundredth of it and never here below 1e-4.
		props.Within(t, x.Case, "smallest margin of "+cell.Forest+" "+cell.Chain, cell.Smallest, relative, 1e-8)
		if !x.Found || n < len(x.Cells)-1 {
			props.Demand(t, x.Case, worst.Relative.Sign() > 0, "smallest margin where nothing was found", "above 0", worst.Margin.RatString())
		}
	}
	if x.Found {
		props.Demand(t, x.Case, x.Counterexample.Construction == construction, "construction", string(construction), string(x.Counterexample.Construction))
	}
}
