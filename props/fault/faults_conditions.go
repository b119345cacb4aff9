package fault

import (
	"encoding/json"
	"math"
	"slices"

	"causalgrad/props/theorylaws"
	"causalgrad/theory/condition"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// checkOf is a check of the theorems' conditions.
type checkOf = func(g graph.Graph, prior markov.Prior, o condition.Options) (condition.Report, error)

// conditionFaults are mistakes in the check of the theorems' conditions.
func conditionFaults() []Fault {
	return slices.Concat(findingFaults(), rowFaults(), unknownPriorFaults(), reportFaults())
}

// checking is a fault in the check.
func checking(id, description string, check func(own checkOf) checkOf, expect ...string) Fault {
	return patch(id, description, func(v *variant) {
		v.conditions = func(own theorylaws.Conditions) theorylaws.Conditions {
			own.Check = check(own.Check)
			return own
		}
	}, expect...)
}

// amending is a fault that edits the report in the light of the prior.
func amending(id, description string, edit func(r *condition.Report, f graph.Forest, prior markov.Prior, o condition.Options), expect ...string) Fault {
	return checking(id, description, func(own checkOf) checkOf {
		return func(g graph.Graph, prior markov.Prior, o condition.Options) (condition.Report, error) {
			r, err := own(g, prior, o)
			if err != nil {
				return r, err
			}
			r.Findings, r.Predicted, r.Observed = slices.Clone(r.Findings), slices.Clone(r.Predicted), slices.Clone(r.Observed)
			r.Summary = slices.Clone(r.Summary)
			edit(&r, g.(graph.Forest), prior, o)
			return r, nil
		}
	}, expect...)
}

// finding is a fault that edits one finding.
func finding(id, description, statement string, edit func(f *condition.Finding, r *condition.Report, prior markov.Prior, o condition.Options), expect ...string) Fault {
	return amending(id, description, func(r *condition.Report, _ graph.Forest, prior markov.Prior, o condition.Options) {
		edit(findingOf(r, statement), r, prior, o)
	}, expect...)
}

func findingOf(r *condition.Report, id string) *condition.Finding {
	for i := range r.Findings {
		if r.Findings[i].ID == id {
			return &r.Findings[i]
		}
	}
	panic("no finding " + id) // every report has it
}

func verdictOf(holds bool) condition.Verdict {
	if holds {
		return condition.Holds
	}
	return condition.Fails
}

func findingFaults() []Fault {
	type (
		report = *condition.Report
		entry  = *condition.Finding
	)
	return []Fault{
		finding("condition-gamma-unscaled", "A1 reports the smallest entry without the factor S", condition.LowerBound, func(f entry, r report, _ markov.Prior, _ condition.Options) {
			f.Number /= float64(r.Tokens)
		}, "condition-lower-bound", "condition-witness"),
		finding("condition-gamma-strict", "A1 wants entries above gamma/S, not of at least that", condition.LowerBound, func(f entry, _ report, _ markov.Prior, o condition.Options) {
			f.Verdict = verdictOf(f.Number > o.Gamma)
		}, "condition-lower-bound"),
		finding("condition-norm-squared", "A2 reports the chi-square information, not its root", condition.NonDegeneracy, func(f entry, _ report, _ markov.Prior, _ condition.Options) {
			f.Number *= f.Number
		}, "condition-non-degeneracy"),
		finding("condition-trace-unsigned", "the excess of the mean trace is reported without its sign", condition.ConstantTrace, func(f entry, _ report, _ markov.Prior, _ condition.Options) {
			f.Number = math.Abs(f.Number)
		}, "condition-mean", "condition-families"),
		finding("condition-mean-first-row", "A4 looks at the mean of the first row alone", condition.ConstantMean, func(f entry, r report, prior markov.Prior, _ condition.Options) {
			if finite, ok := prior.(markov.Finite); ok {
				f.Number = 0
				for b := range r.Tokens {
					mean := 0.0
					for _, c := range finite.Support() {
						mean += c.P(0, b) / float64(len(finite.Support()))
					}
					f.Number = math.Max(f.Number, math.Abs(mean-1/float64(r.Tokens)))
				}
			}
		}, "condition-mean", "condition-relabelling"),
		finding("condition-symmetry-as-set", "A3 ignores how often the prior has a chain", condition.Symmetry, func(f entry, _ report, prior markov.Prior, _ condition.Options) {
			if list, ok := prior.(*markov.Sampled); ok {
				f.Verdict = verdictOf(closedAsSet(list.Support()))
			}
		}, "condition-symmetry"),
		finding("condition-gap-squared", "the gap is 1 minus the squared modulus of the second eigenvalue", condition.SpectralGap, func(f entry, _ report, _ markov.Prior, _ condition.Options) {
			f.Number = 1 - (1-f.Number)*(1-f.Number)
		}, "condition-spectrum", "condition-witness"),
		checking("condition-first-chain", "the properties of the chains are those of the first one", func(own checkOf) checkOf {
			return func(g graph.Graph, prior markov.Prior, o condition.Options) (condition.Report, error) {
				r, err := own(g, prior, o)
				list, ok := prior.(*markov.Sampled)
				if err != nil || !ok {
					return r, err
				}
				first, err := own(g, markov.Point{Chain: list.Support()[0]}, o)
				for i, f := range first.Findings {
					if f.Kind == condition.Property && f.ID != condition.ConstantTrace {
						r.Findings[i] = f
					}
				}
				return r, err
			}
		}, "condition-period", "condition-multiplicity"),
		finding("condition-contraction-unsquared", "the correlation itself, not its square, is compared with the distance of rows", condition.Contraction, func(f entry, r report, prior markov.Prior, _ condition.Options) {
			if r.Chains == 1 {
				rho := findingOf(r, condition.MaximalCorrelation).Number
				f.Number = math.Min(f.Number, f.Number+rho*rho-rho)
			}
		}, "condition-contraction"),
		amending("condition-pairs-once", "the effective length counts every pair of positions once", func(r *condition.Report, _ graph.Forest, _ markov.Prior, _ condition.Options) {
			f, length := findingOf(r, condition.EffectiveLength), float64(r.Length)
			pairs := length*length/f.Number - length
			f.Number = length * length / (length + pairs/2)
		}, "condition-effective-length"),
		amending("condition-time-distance", "the effective length takes the distance in time for that in the forest", func(r *condition.Report, forest graph.Forest, _ markov.Prior, _ condition.Options) {
			f, length, rho := findingOf(r, condition.EffectiveLength), float64(r.Length), findingOf(r, condition.MaximalCorrelation).Number
			sum := 1.0
			for i := range r.Length - 1 {
				for k := range r.Length - 1 {
					if _, related := forest.Distance(i, k); related {
						sum += math.Pow(rho, math.Abs(float64(i-k)))
					}
				}
			}
			f.Number = length * length / sum
		}, "condition-effective-length", "condition-isomorphism"),
		finding("condition-margin-of-gamma", "L2's margin is divided by gamma I, not by half of it", condition.Margin, func(f entry, _ report, _ markov.Prior, _ condition.Options) {
			f.Number /= 2
		}, "condition-margin"),
		finding("condition-witness-transposed", "the witness of A2 is printed column by column", condition.NonDegeneracy, func(f entry, r report, prior markov.Prior, _ condition.Options) {
			if finite, ok := prior.(markov.Finite); ok {
				c := finite.Support()[0]
				rows := c.Rows()
				for a := range rows {
					for b := range rows {
						rows[a][b] = c.P(b, a)
					}
				}
				text, _ := json.Marshal(rows) // finite numbers always marshal
				f.Witness = string(text)
			}
		}, "condition-witness"),
	}
}

// closedAsSet reports whether every relabelled chain is somewhere in the list.
func closedAsSet(support []*markov.Chain) bool {
	for _, order := range condition.Orders(support[0].Tokens()) {
		for _, c := range support {
			image := c.Relabelled(order)
			if !slices.ContainsFunc(support, func(other *markov.Chain) bool {
				for i, v := range other.Flat() {
					if math.Abs(v-image.Flat()[i]) > 1e-9 {
						return false
					}
				}
				return true
			}) {
				return false
			}
		}
	}
	return true
}
