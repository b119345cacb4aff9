package theorylaws

import (
	"fmt"
	"math"
	"slices"

	"causalgrad/props"
	"causalgrad/props/oracle"
	"causalgrad/theory/condition"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

var checking = []props.Capability{CanCheck}

// conditionLaws are about the check of the theorems' conditions.
func conditionLaws() []props.Law {
	return slices.Concat(findingLaws(), conditionSymmetryLaws(), conditionRowLaws(), sampledConditionLaws(), reportLaws())
}

// findingLaws compare each finding on a finite prior with its definition.
func findingLaws() []props.Law {
	source := "theory.md section 4"
	return []props.Law{
		{ID: "condition-lower-bound", Source: source, Needs: checking, Draws: 40, Check: conditionLowerBound,
			Sentence: "A1 reports S times the smallest entry of any chain, and holds exactly for the gammas up to it."},
		{ID: "condition-non-degeneracy", Source: source, Needs: checking, Draws: 40, Check: conditionNonDegeneracy,
			Sentence: "A2 reports the root of the smallest chi-square information of parent and child, and holds for the constants up to it, A1's if it has none of its own."},
		{ID: "condition-mean", Source: source, Needs: checking, Draws: 40, Check: over(conditionMean),
			Sentence: "A4 reports how far the entries of the mean chain are from 1/S, and its trace from 1."},
		{ID: "condition-symmetry", Source: source, Needs: checking, Draws: 60, Check: conditionSymmetry,
			Sentence: "A3 holds exactly for the lists of chains that every relabelling of the tokens maps to themselves, multiplicities included."},
		{ID: "condition-spectrum", Source: source, Needs: checking, Draws: 40, Check: over(conditionSpectrum),
			Sentence: "The smallest spectral gap is that of the characteristic polynomials' roots, and the largest correlation that of the joint laws."},
		{ID: "condition-period", Source: source, Needs: checking, Draws: 60, Check: conditionPeriod,
			Sentence: "The largest period is the greatest common divisor of the lengths of closed walks; a chain of another period than 1 has no gap."},
		{ID: "condition-contraction", Source: "theorems.md, known facts", Needs: checking, Draws: 40, Check: over(conditionContraction),
			Sentence: "rho^2 <= delta <= 1 - gamma, with delta the largest distance of two rows on any set of tokens."},
		{ID: "condition-effective-length", Source: "theorems.md, effective length", Needs: checking, Draws: 40, Check: conditionEffectiveLength,
			Sentence: "T_eff is T^2 / sum rho^d over all pairs of positions, from 1 to T, and is compared with the length that is asked for alone."},
		{ID: "condition-margin", Source: "theorems.md, L2", Needs: checking, Draws: 40, Check: over(conditionMargin),
			Sentence: "L2 holds on every chain, and its number is the smallest margin over (gamma/2) I that the joint laws give."},
	}
}

func conditionLowerBound(t *rapid.T, s props.Subject) {
	f, support := props.DrawForest(t, 3, 6).Forest, drawSupport(t, 3, 3)
	x := checkedOn(t, s, f, support, condition.Options{})
	least := slices.Min(x.each(smallestEntry))
	x.number(condition.LowerBound, least, s.Roundoff())
	x.decided(condition.LowerBound, least > 0)
	bounded(t, s, condition.LowerBound, x.finding(condition.LowerBound).Number, x, func(v float64) condition.Constants { return condition.Constants{Gamma: v} })
}

// bounded checks a condition again with constants just at its number and around it.
func bounded(t *rapid.T, s props.Subject, id string, number float64, x checked, constants func(v float64) condition.Constants) {
	for _, constant := range []float64{number, math.Nextafter(number, 2), number / 2, math.Min(2*number, 1)} {
		if constant > 0 && constant <= 1 {
			again := checkedOn(t, s, x.f, x.support, condition.Options{Constants: constants(constant)})
			again.decided(id, number >= constant)
		}
	}
}

func conditionNonDegeneracy(t *rapid.T, s props.Subject) {
	f, support := props.DrawForest(t, 3, 6).Forest, drawSupport(t, 3, 3)
	x := checkedOn(t, s, f, support, condition.Options{})
	got := x.finding(condition.NonDegeneracy).Number
	least := slices.Min(x.each(informationOf))
	props.Within(t, x.Case, "squared number of A2", got*got, least, x.slack())
	x.decided(condition.NonDegeneracy, got > 0)
	props.Demand(t, x.Case, (least == 0) == (got == 0), "number of A2", "0 for equal rows alone", fmt.Sprint(got))
	bounded(t, s, condition.NonDegeneracy, got, x, func(v float64) condition.Constants { return condition.Constants{Gamma: v} })
	bounded(t, s, condition.NonDegeneracy, got, x, func(v float64) condition.Constants {
		return condition.Constants{Gamma: 1, NonDegeneracy: v}
	})
}

// meanRounding is what the mean of a few numbers of size 1 may be off by.
func (x checked) meanRounding() float64 { return 4 * float64(len(x.support)+2) * x.s.Roundoff() }

// statedRounding is how far a file's decimals may be from what was meant: within
// it of 1/S a mean counts as 1/S.
const statedRounding = 1e-9

func conditionMean(x checked) {
	size := x.support[0].Tokens()
	furthest, excess := 0.0, -1.0
	for a := range size {
		for b := range size {
			mean := 0.0
			for _, c := range x.support {
				mean += c.P(a, b) / float64(len(x.support))
			}
			furthest = math.Max(furthest, math.Abs(mean-1/float64(size)))
			if a == b {
				excess += mean
			}
		}
	}
	x.number(condition.ConstantMean, furthest, x.meanRounding())
	x.number(condition.ConstantTrace, excess, float64(size)*x.meanRounding())
	x.decided(condition.ConstantMean, furthest < statedRounding)
	x.decided(condition.ConstantTrace, math.Abs(excess) < float64(size)*statedRounding)
	observeVerdict(x, "constant mean", condition.ConstantMean)
	observeVerdict(x, "constant trace", condition.ConstantTrace)
}

// observeVerdict counts the draw as one that meets, or misses, a hypothesis.
func observeVerdict(x checked, hypothesis, id string) {
	props.Observe(x.t, hypothesis, x.finding(id).Verdict == condition.Holds)
}

// distanceOf is the largest difference of two chains' entries.
func distanceOf(a, b *markov.Chain) float64 {
	largest := 0.0
	for i, v := range a.Flat() {
		largest = math.Max(largest, math.Abs(v-b.Flat()[i]))
	}
	return largest
}

// conditionSymmetry draws lists that are symmetric, or all but: the relabelled
// copies of a chain, with one more, one less or another's beside them.
func conditionSymmetry(t *rapid.T, s props.Subject) {
	support := drawSupport(t, 3, 2)
	orders := condition.Orders(support[0].Tokens())
	if rapid.IntRange(0, 3).Draw(t, "closed") > 0 {
		base := support
		support = nil
		for _, c := range base {
			for _, order := range orders {
				support = append(support, c.Relabelled(order))
			}
		}
		switch rapid.IntRange(0, 3).Draw(t, "then") {
		case 0:
			support = append(support, support[rapid.IntRange(0, len(support)-1).Draw(t, "doubled")])
		case 1:
			support = slices.Delete(support, 0, 1)
		}
	}
	x := checkedOn(t, s, props.ForestOf([]int{-1, 0}), support, condition.Options{})
	symmetric := true
	for _, order := range orders {
		for _, c := range support {
			own, image := 0, 0
			for _, other := range support {
				if distanceOf(c, other) < statedRounding {
					own++
				}
				if distanceOf(c, other.Relabelled(order)) < statedRounding {
					image++
				}
			}
			symmetric = symmetric && own == image
		}
	}
	x.decided(condition.Symmetry, symmetric)
	observeVerdict(x, "permutation symmetric", condition.Symmetry)
}

// totalVariation is the largest difference of two rows' probabilities of a set
// of tokens.
func totalVariation(c *markov.Chain) float64 {
	largest := 0.0
	for a := range c.Tokens() {
		for b := range c.Tokens() {
			for set := range 1 << c.Tokens() {
				difference := 0.0
				for v := range c.Tokens() {
					if set>>v&1 == 1 {
						difference += c.P(a, v) - c.P(b, v)
					}
				}
				largest = math.Max(largest, difference)
			}
		}
	}
	return largest
}

func conditionContraction(x checked) {
	least := slices.Min(x.each(func(c *markov.Chain) float64 {
		rho, delta := correlationOf(c), totalVariation(c)
		return math.Min(delta-rho*rho, 1-smallestEntry(c)-delta)
	}))
	x.number(condition.Contraction, least, 2*x.slack())
	x.verdict(condition.Contraction, condition.Holds)
}

func conditionEffectiveLength(t *rapid.T, s props.Subject) {
	f, support := props.DrawForest(t, 3, 7).Forest, drawSupport(t, 3, 3)
	x := checkedOn(t, s, f, support, condition.Options{})
	length := float64(f.SequenceLength())
	want := slices.Min(x.each(func(c *markov.Chain) float64 {
		sum := 1.0 // the last token, on its own
		for i := range f.Positions() {
			for k := range f.Positions() {
				if d, related := f.Distance(i, k); related {
					sum += math.Pow(correlationOf(c), float64(d))
				}
			}
		}
		return length * length / sum
	}))
	// T_eff moves by at most T^2 times what rho does: each of T^2 terms by less than T/T.
	x.number(condition.EffectiveLength, want, length*length*x.slack())
	// T^2 over a sum of less than 100 numbers of at most 1, each off by roundings.
	props.AtLeast(t, x.Case, "effective length", want, 1, 1e-9)
	props.AtMost(t, x.Case, "effective length", want, length, 1e-9)
	x.verdict(condition.EffectiveLength, condition.Undecided)
	number := x.finding(condition.EffectiveLength).Number
	for _, required := range []float64{number, math.Nextafter(number, math.Inf(1)), number / 2, 2 * number} {
		again := checkedOn(t, s, f, support, condition.Options{Constants: condition.Constants{EffectiveLength: required}})
		again.decided(condition.EffectiveLength, number >= required)
	}
}

func conditionMargin(x checked) {
	least, slack := math.Inf(1), 0.0
	for _, c := range x.support {
		gamma, information := math.Min(smallestEntry(c), 1), informationOf(c)
		if gamma == 0 || information == 0 {
			continue
		}
		for _, e := range x.f.Edges() {
			parent := oracle.Signal(oracle.JointLaw(x.f, c, e.Parent, e.Child), c)
			for k := range e.Child {
				if k == e.Parent {
					continue
				}
				margin := parent - oracle.Signal(oracle.JointLaw(x.f, c, k, e.Child), c)
				ratio := margin / (gamma / 2 * information)
				least = math.Min(least, ratio)
				// Two signals and the information are off by the slack each.
				slack = math.Max(slack, (2+math.Abs(ratio))*props.SignalSlack(x.s, x.f, c)/(gamma/2*information))
			}
		}
	}
	x.verdict(condition.Margin, condition.Holds)
	if math.IsInf(least, 1) {
		least = 0 // nothing to compare
	}
	if slack < 0.1 { // of nearly equal rows nothing is known that well
		x.number(condition.Margin, least, slack)
	}
}
