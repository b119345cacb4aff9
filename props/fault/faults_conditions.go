package fault

import (
	"encoding/json"
	"math"
	"slices"
	"strings"

	"causalgrad/props"
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
		v.conditions = func(own props.Conditions) props.Conditions {
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

func rowFaults() []Fault {
	rows := func(id, description string, edit func(row *condition.Row, r *condition.Report), expect ...string) Fault {
		return amending(id, description, func(r *condition.Report, _ graph.Forest, _ markov.Prior, _ condition.Options) {
			for i := range r.Observed {
				edit(&r.Observed[i], r)
			}
			for i := range r.Predicted {
				edit(&r.Predicted[i], r)
			}
		}, expect...)
	}
	return []Fault{
		rows("condition-rows-without-self", "a row's competitors are the earlier positions, not the child itself", func(row *condition.Row, _ *condition.Report) {
			if row.Competitor == row.Child {
				row.Margin, row.Verdict, row.Argmax = math.Abs(row.Margin), condition.Holds, row.Parent
			}
		}, "condition-rows"),
		rows("condition-rows-from-one", "the children of the rows are counted from 1", func(row *condition.Row, _ *condition.Report) { row.Child++ }, "condition-rows", "condition-sampled-rows"),
		rows("condition-ties-by-sign", "a row is decided by the sign of its margin", func(row *condition.Row, r *condition.Report) {
			if r.Exact {
				row.Verdict = verdictOf(row.Margin > 0)
			}
		}, "condition-ties"),
		rows("condition-deviation-for-error", "the standard deviation of a lead is given for the standard error of its mean", func(row *condition.Row, r *condition.Report) {
			row.StdErr *= math.Sqrt(float64(r.Chains))
		}, "condition-sampled-rows"),
		amending("condition-limit-single", "the limit of standard errors is that of one comparison", func(r *condition.Report, _ graph.Forest, _ markov.Prior, _ condition.Options) {
			r.StandardErrors = math.Min(r.StandardErrors, 2.6)
		}, "condition-limit"),
		checking("condition-orbit-base", "an orbit is represented by its base chain", func(own checkOf) checkOf {
			return func(g graph.Graph, prior markov.Prior, o condition.Options) (condition.Report, error) {
				r, err := own(g, prior, o)
				if orbit, ok := prior.(*markov.Orbit); ok && err == nil {
					base, err := own(g, markov.Point{Chain: orbit.Support()[0]}, o)
					r.Predicted, r.Observed = base.Predicted, base.Observed
					return r, err
				}
				return r, err
			}
		}, "condition-orbit"),
		checking("condition-chain-weighted-late", "the rows give the last chain of a list the weight of all before it", func(own checkOf) checkOf {
			return func(g graph.Graph, prior markov.Prior, o condition.Options) (condition.Report, error) {
				if list, ok := prior.(*markov.Sampled); ok && len(list.Support()) > 1 {
					chains := list.Support()
					var matrices [][][]float64
					for _, c := range chains {
						matrices = append(matrices, c.Rows())
					}
					for range len(chains) - 2 {
						matrices = append(matrices, chains[len(chains)-1].Rows())
					}
					heavy, err := markov.NewSampled(matrices, "heavy")
					if err != nil {
						return condition.Report{}, err
					}
					r, err := own(g, heavy, o)
					r.Prior = prior.String()
					return r, err
				}
				return own(g, prior, o)
			}
		}, "condition-multiplicity", "condition-mean"),
	}
}

func unknownPriorFaults() []Fault {
	return []Fault{
		amending("condition-infimum-of-draws", "the bounds of a parametric prior are those of the draws", func(r *condition.Report, _ graph.Forest, _ markov.Prior, _ condition.Options) {
			for _, id := range []string{condition.LowerBound, condition.NonDegeneracy} {
				if f := findingOf(r, id); len(f.Quantiles) > 0 && !r.Exact {
					f.Number = f.Quantiles[0].Value
					f.Verdict = verdictOf(f.Number > 0)
				}
			}
		}, "condition-families"),
		finding("condition-cyclic-symmetric", "every parametric prior is taken to be symmetric", condition.Symmetry, func(f *condition.Finding, r *condition.Report, prior markov.Prior, _ condition.Options) {
			if _, ok := prior.(markov.Cyclic); ok {
				f.Verdict = condition.Holds
			}
		}, "condition-families"),
		amending("condition-draws-as-proof", "what no draw violates is said to hold", func(r *condition.Report, _ graph.Forest, _ markov.Prior, _ condition.Options) {
			for i := range r.Findings {
				if f := &r.Findings[i]; f.Verdict == condition.Undecided && f.ID != condition.EffectiveLength {
					f.Verdict = condition.Holds
				}
			}
		}, "condition-unknown", "condition-tests"),
		amending("condition-tests-timid", "a test of a mean never refutes", func(r *condition.Report, _ graph.Forest, _ markov.Prior, _ condition.Options) {
			for _, id := range []string{condition.ConstantMean, condition.ConstantTrace, condition.Symmetry} {
				if f := findingOf(r, id); strings.Contains(f.Certainty, "standard errors") {
					f.Verdict = condition.Undecided
				}
			}
		}, "condition-tests"),
		amending("condition-tests-uncorrected", "a test of many means ignores that there are many", func(r *condition.Report, _ graph.Forest, _ markov.Prior, _ condition.Options) {
			f := findingOf(r, condition.Symmetry)
			if f.Verdict == condition.Undecided && strings.Contains(f.Unit, "mean difference") && f.Number > 0.02 {
				f.Verdict = condition.Fails
			}
		}, "condition-tests"),
	}
}

func reportFaults() []Fault {
	lookup := func(id, description string, edit func(own props.Conditions) props.Conditions, expect ...string) Fault {
		return patch(id, description, func(v *variant) { v.conditions = edit }, expect...)
	}
	return []Fault{
		finding("condition-quantile-off-by-one", "a quantile is one rank too far up", condition.LowerBound, func(f *condition.Finding, _ *condition.Report, _ markov.Prior, _ condition.Options) {
			f.Quantiles = slices.Clone(f.Quantiles)
			if n := len(f.Quantiles); n > 1 {
				for i := range n - 1 {
					f.Quantiles[i].Value = f.Quantiles[i+1].Value
				}
			}
		}, "condition-quantiles"),
		amending("condition-rate-common-logarithm", "the rate takes the logarithm to base 10", func(r *condition.Report, _ graph.Forest, _ markov.Prior, _ condition.Options) {
			r.Rate.Bound /= math.Ln10
		}, "condition-rate"),
		amending("condition-rate-least-length", "the rate takes the smallest effective length, not the mean", func(r *condition.Report, _ graph.Forest, _ markov.Prior, _ condition.Options) {
			r.Rate.EffectiveLength = findingOf(r, condition.EffectiveLength).Number
		}, "condition-rate"),
		amending("condition-summary-optimist", "the sentences count what is undecided among what holds", func(r *condition.Report, _ graph.Forest, _ markov.Prior, _ condition.Options) {
			r.Summary[0] = strings.Replace(r.Summary[0], " undecided", " holds", 1)
		}, "condition-summary"),
		amending("condition-summary-silent", "the sentences leave out what a failing condition means", func(r *condition.Report, _ graph.Forest, _ markov.Prior, _ condition.Options) {
			r.Summary = r.Summary[:min(len(r.Summary), 4)]
		}, "condition-summary"),
		amending("condition-workers-add-up", "the sum over the chains depends on the number of workers", func(r *condition.Report, _ graph.Forest, _ markov.Prior, o condition.Options) {
			r.Rate.EffectiveLength *= 1 + float64(o.Workers)*0x1p-52
		}, "condition-report"),
		checking("condition-nan-accepted", "a constant that is no number counts as not given", func(own checkOf) checkOf {
			return func(g graph.Graph, prior markov.Prior, o condition.Options) (condition.Report, error) {
				if o.Gamma != o.Gamma {
					o.Gamma = 0
				}
				return own(g, prior, o)
			}
		}, "condition-refusals"),
		lookup("condition-lookup-by-prefix", "a statement is found by what begins with its identifier", func(own props.Conditions) props.Conditions {
			find := own.Lookup
			own.Lookup = func(id string) (condition.Statement, bool) {
				for len(id) > 0 {
					if s, ok := find(id); ok {
						return s, true
					}
					id = id[:len(id)-1]
				}
				return find(id)
			}
			return own
		}, "condition-statements"),
		lookup("condition-draws-unbounded", "the number of draws has no lower bound", func(own props.Conditions) props.Conditions {
			draws := own.DefaultDraws
			own.DefaultDraws = func(length, tokens int) int {
				if n := draws(length, tokens); n > 64 {
					return n
				}
				return 100 / length
			}
			return own
		}, "condition-draws"),
	}
}
