package theorylaws

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"causalgrad/props"
	"causalgrad/props/oracle"
	"causalgrad/theory/graph"
	"causalgrad/theory/necessity"
	"pgregory.net/rapid"
)

// refuteLaws judge what a search reports by the definition of the first step
// in rational arithmetic.
func refuteLaws() []props.Law {
	needs := []props.Capability{CanRefute}
	return slices.Concat([]props.Law{
		{ID: "refuted-exactly", Source: "theorems.md M, L3", Needs: needs, Draws: 12, Check: refutedExactly,
			Sentence: "A counterexample's entries, competitor, margin and tie are those of the exact first step averaged over its prior, where the parent is not ahead."},
		{ID: "refuted-hypotheses", Source: "theorems.md A1 to A4", Needs: needs, Draws: 24, Check: refutedHypotheses,
			Sentence: "A counterexample satisfies every hypothesis that the search says it keeps, and the bounds that it was given."},
		{ID: "refuted-smallest", Source: "theory.md section 4", Needs: needs, Draws: 8, Check: refutedSmallest,
			Sentence: "No edge and no position can be left out of a shrunk counterexample: what remains obeys the conclusion, or no longer the hypotheses."},
		{ID: "refuted-nearest", Source: "theory.md section 4", Needs: needs, Draws: 12, Check: refutedNearest,
			Sentence: "The nearest miss of every cell has the relative margin that is reported for it, above 0 where nothing was found."},
		{ID: "refuted-strictly", Source: "theory.md section 4", Needs: needs, Draws: 8, Check: refutedStrictly,
			Sentence: "A strict search reports no tie, and where it finds a failure the search that counts ties finds one too."},
		{ID: "refuted-proofs", Source: "theory.md section 4", Needs: needs, Draws: 12, Check: refutedProofs,
			Sentence: "A counterexample verifies from its own text, and not after any one change of it."},
		{ID: "refuted-words", Source: "theory.md section 4", Needs: needs, Draws: 12, Check: refutedWords,
			Sentence: "An outcome's description is one line that names the condition, and the counterexample's numbers or how hard it looked."},
		{ID: "refute-again", Source: "theory.md section 4", Needs: needs, Draws: 8, Check: refuteAgain,
			Sentence: "A search is a function of its options; a larger budget finds at least as much."},
		{ID: "refute-budget", Source: "theory.md section 4", Needs: needs, Draws: 12, Check: refuteBudget,
			Sentence: "The cells are those asked for in order up to the first failure, and their evaluations add up to no more than allowed."},
		{ID: "refute-defaults", Source: "theory.md section 4", Needs: needs, Draws: 3, Check: refuteDefaults,
			Sentence: "An option left out is the default that its description states."},
		{ID: "refute-refusals", Source: "theory.md section 4", Needs: needs, Draws: 30, Check: refuteRefusals,
			Sentence: "An option out of bounds is refused with an error of one line that names it and its value."},
	}, starLaws())
}

// refutation is a search and its outcome.
type refutation struct {
	props.Case
	t         *rapid.T
	s         Refuter
	condition string
	o         necessity.Options
	necessity.Outcome
}

// drawSearch draws a small search. The lengths are few and short, so that the
// exact answers stay cheap; T_eff may be small, so that more can be found.
func drawSearch(t *rapid.T, conditions ...string) (string, necessity.Options) {
	o := necessity.Options{Evaluations: rapid.IntRange(1, 250).Draw(t, "evaluations") + 50, Seed: props.DrawSeed(t),
		Gamma: rapid.SampledFrom([]float64{0.1, 0.3, 0.5}).Draw(t, "gamma")}
	o.MinLength = rapid.IntRange(3, 5).Draw(t, "length")
	o.MaxLength = min(o.MinLength+rapid.IntRange(0, 1).Draw(t, "lengths"), 5)
	// Most priors with an edge have 0.5 T, few have 0.9 T.
	share := rapid.SampledFrom([]float64{0.25, 0.5, 0.75, 0.9}).Draw(t, "effective length")
	o.EffectiveLength = max(share*float64(o.MinLength), 1)
	o.MaxTokens = rapid.IntRange(2, 3).Draw(t, "tokens")
	condition := rapid.SampledFrom(conditions).Draw(t, "condition")
	if condition == necessity.Symmetry {
		o.MaxTokens = 3 // two tokens have no prior without A3
	}
	return condition, o
}

// drawFailing draws a search that finds something most of the time: the
// conditions without which failures are many, or, on longer sequences of three
// tokens, those without which they are few.
func drawFailing(t *rapid.T) (string, necessity.Options) {
	condition, o := drawSearch(t, necessity.ConstantMean, necessity.ConstantMean, necessity.NonDegeneracy, necessity.NonDegeneracy, necessity.Symmetry, necessity.EffectiveLength)
	o.Evaluations += 100
	switch condition {
	case necessity.ConstantMean:
		o.EffectiveLength = min(o.EffectiveLength, 2)
	case necessity.Symmetry, necessity.EffectiveLength:
		o.Evaluations, o.Gamma, o.EffectiveLength = o.Evaluations+400, 0.1, 1
		o.MinLength, o.MaxLength, o.MaxTokens = 5, 5, 3
	}
	return condition, o
}

func refute(t *rapid.T, s props.Subject, condition string, o necessity.Options) refutation {
	text, _ := json.Marshal(o)
	c := props.Case{}.Where("without %s: %s", condition, text)
	x := refutation{Case: c, t: t, s: s.(Refuter), condition: condition, o: o}
	x.Outcome = props.Ask(t, c, "outcome", func() (necessity.Outcome, error) { return x.s.Refute(condition, o) })
	props.Demand(t, c, x.Found == (x.Counterexample != nil), "counterexample", "one where something is found", fmt.Sprint(x.Found))
	props.Demand(t, c, len(x.Cells) > 0, "cells", "at least one", "none")
	return x
}

// of is the prior of a construction on a chain: by their definitions, the
// chain alone, all orders of its columns, their cyclic shifts, or pi and 2/S - pi.
func priorOf(construction necessity.Construction, pi oracle.Ratios) []oracle.Ratios {
	ordered := func(order []int) oracle.Ratios {
		member := make(oracle.Ratios, len(pi))
		for a, row := range pi {
			for b := range row {
				member[a] = append(member[a], row[order[b]])
			}
		}
		return member
	}
	var all []oracle.Ratios
	switch construction {
	case necessity.Columns:
		for _, order := range oracle.Permutations(len(pi)) {
			all = append(all, ordered(order))
		}
	case necessity.Shifts:
		for shift := range pi {
			order := props.Identity(len(pi))
			for b := range order {
				order[b] = (b + shift) % len(pi)
			}
			all = append(all, ordered(order))
		}
	case necessity.Complement:
		other := make(oracle.Ratios, len(pi))
		for a, row := range pi {
			for _, v := range row {
				other[a] = append(other[a], new(big.Rat).Sub(big.NewRat(2, int64(len(pi))), v))
			}
		}
		all = []oracle.Ratios{pi, other}
	case necessity.Point:
		all = []oracle.Ratios{pi}
	}
	return all
}

// found is the counterexample as a forest and a prior, read from its text.
func (x refutation) found() (graph.Forest, []oracle.Ratios) {
	var words [][]string
	for _, line := range strings.Split(strings.Trim(x.Counterexample.Ratios, "[]"), "],[") {
		words = append(words, strings.Split(line, ","))
	}
	pi := make(oracle.Ratios, len(words))
	for a, row := range words {
		for _, word := range row {
			v, ok := new(big.Rat).SetString(word)
			props.Demand(x.t, x.Case, ok, "ratios", "a matrix of ratios", x.Counterexample.Ratios)
			pi[a] = append(pi[a], v)
		}
		props.Demand(x.t, x.Case, len(row) == x.Counterexample.Tokens && len(words) == len(row), "ratios", "a square matrix", x.Counterexample.Ratios)
	}
	f := x.forest(x.Counterexample.Forest, x.Counterexample.Length)
	prior := priorOf(x.Counterexample.Construction, pi)
	props.Demand(x.t, x.Case, len(prior) > 0, "construction", "a known one", string(x.Counterexample.Construction))
	return f, prior
}

func (x refutation) forest(text string, length int) graph.Forest {
	return props.Ask(x.t, x.Case, "forest "+text, func() (graph.Forest, error) {
		g, err := graph.Parse(text, length, 0)
		if err != nil {
			return graph.Forest{}, err
		}
		f, ok := g.(graph.Forest)
		if !ok {
			err = fmt.Errorf("%q is no forest", text)
		}
		return f, err
	})
}

func refutedExactly(t *rapid.T, s props.Subject) {
	condition, o := drawFailing(t)
	x := refute(t, s, condition, o)
	if !x.Found {
		return
	}
	c := x.Counterexample
	f, prior := x.found()
	worst, ok := oracle.SmallestLead(f, prior)
	props.Demand(t, x.Case, ok, "first step", "a gradient with an edge", "none")
	props.Demand(t, x.Case, worst.Margin.Sign() <= 0, "margin of "+c.Forest, "at most 0", worst.Margin.RatString())
	got := []string{c.ParentEntry, c.CompetitorEntry, fmt.Sprint(c.Child, c.Parent, c.Competitor, c.Tie)}
	props.Equal(t, x.Case, "entries, child, parent, competitor and tie", got, []string{worst.Parent.RatString(), worst.Rival.RatString(),
		fmt.Sprint(worst.Edge.Child, worst.Edge.Parent, worst.Competitor, worst.Margin.Sign() == 0)})
	rounded, _ := worst.Margin.Float64()
	props.Equal(t, x.Case, "margin", []float64{c.Margin}, []float64{rounded})
	var rows [][]float64
	err := json.Unmarshal([]byte(c.Chain), &rows)
	props.Demand(t, x.Case, err == nil && len(rows) == c.Tokens, "chain", "a JSON list", c.Chain)
	for a, row := range rows {
		for b, v := range row {
			nearest, _ := prior[0][a][b].Float64()
			props.Equal(t, x.Case, props.At("chain", a, b), []float64{v}, []float64{nearest})
		}
	}
}

// effectiveLength is T^2 over the sum of rho^distance over all pairs of
// positions, the last included, which is related to itself alone.
func effectiveLength(f graph.Forest, pi oracle.Ratios, mu []*big.Rat) float64 {
	size := len(pi)
	joint, marginal := make([][]float64, size), make([]float64, size)
	for a := range pi {
		marginal[a], _ = mu[a].Float64()
		for b := range pi {
			v, _ := new(big.Rat).Mul(mu[a], pi[a][b]).Float64()
			joint[a] = append(joint[a], v)
		}
	}
	rho, sum := oracle.MaximalCorrelation(joint, marginal), 1.0
	for i := range f.Positions() {
		for k := range f.Positions() {
			if _, p, q, related := f.CommonAncestor(i, k); related {
				sum += math.Pow(rho, float64(p+q))
			}
		}
	}
	length := float64(f.SequenceLength())
	return length * length / sum
}
