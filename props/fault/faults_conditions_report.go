package fault

import (
	"math"
	"slices"
	"strings"

	"causalgrad/props/theorylaws"
	"causalgrad/theory/condition"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Mistakes in the rows of the conditions' report, of priors that are only drawn
// from, and in the report as a whole.

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
	lookup := func(id, description string, edit func(own theorylaws.Conditions) theorylaws.Conditions, expect ...string) Fault {
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
		lookup("condition-lookup-by-prefix", "a statement is found by what begins with its identifier", func(own theorylaws.Conditions) theorylaws.Conditions {
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
		lookup("condition-draws-unbounded", "the number of draws has no lower bound", func(own theorylaws.Conditions) theorylaws.Conditions {
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
