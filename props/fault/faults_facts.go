package fault

import (
	"math"
	"math/big"
	"slices"

	"causalgrad/props/theorylaws"
	"causalgrad/theory/chisq"
	"causalgrad/theory/condition"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// factFaults are mistakes in the known numbers and in averages over a prior.
func factFaults() []Fault {
	stating := func(id, description string, edit func(own, broken *theorylaws.Facts), expect ...string) Fault {
		return patch(id, description, func(v *variant) {
			v.facts = func(own theorylaws.Facts) theorylaws.Facts {
				broken := own
				edit(&own, &broken)
				return broken
			}
		}, expect...)
	}
	return []Fault{
		stating("effective-length-prefix", "the effective length leaves the last token out", func(own, broken *theorylaws.Facts) {
			broken.EffectiveLength = func(f graph.Forest, c *markov.Chain) (float64, error) {
				v, err := own.EffectiveLength(f, c)
				t := float64(f.SequenceLength())
				return (t - 1) * (t - 1) / (t*t/v - 1), err
			}
		}, "fact-effective-length"),
		stating("inequalities-unsquared", "the correlation is not squared", func(own, broken *theorylaws.Facts) {
			broken.Inequalities = func(c *markov.Chain) (condition.Inequalities, error) {
				v, err := own.Inequalities(c)
				v.SquaredCorrelation = math.Sqrt(v.SquaredCorrelation)
				return v, err
			}
		}, "fact-inequalities"),
		stating("inequalities-neighbours", "rows are compared with the next one alone", func(own, broken *theorylaws.Facts) {
			broken.Inequalities = func(c *markov.Chain) (condition.Inequalities, error) {
				v, err := own.Inequalities(c)
				v.Dobrushin = 0
				for a := 1; a < c.Tokens(); a++ {
					sum := 0.0
					for b, p := range c.Row(a) {
						sum += math.Abs(p-c.P(a-1, b)) / 2
					}
					v.Dobrushin = math.Max(v.Dobrushin, sum)
				}
				return v, err
			}
		}, "fact-inequalities"),
		stating("margin-ratio-of-gamma", "the margin is divided by gamma I, not by half of it", func(own, broken *theorylaws.Facts) {
			broken.MarginRatio = func(f graph.Forest, c *markov.Chain) (float64, float64, error) {
				ratio, sharp, err := own.MarginRatio(f, c)
				return ratio / 2, sharp, err
			}
		}, "fact-margin-ratio", "fact-least-margin-ratio"),
		stating("margin-ratio-of-nothing", "where there is nothing to compare the ratio is 1", func(own, broken *theorylaws.Facts) {
			broken.MarginRatio = func(f graph.Forest, c *markov.Chain) (float64, float64, error) {
				ratio, sharp, err := own.MarginRatio(f, c)
				if err != nil {
					return 1, 1, nil
				}
				return ratio, sharp, err
			}
		}, "fact-margin-ratio"),
		patch("least-ratio-restless", "the search for the least margin ratio goes on with another seed each time", func(v *variant) {
			calls := uint64(0)
			v.facts = func(own theorylaws.Facts) theorylaws.Facts {
				search := own.LeastMarginRatio
				own.LeastMarginRatio = func(f graph.Forest, tokens, evaluations int, seed uint64) (float64, *markov.Chain, error) {
					calls++
					return search(f, tokens, evaluations, seed+calls)
				}
				return own
			}
		}, "fact-least-margin-ratio"),
		stating("two-tokens-unsquared", "the signal on the parent is that on the child itself", func(own, broken *theorylaws.Facts) {
			broken.TwoTokenSignal = func(a *big.Rat) (*big.Rat, *big.Rat) {
				self, _ := own.TwoTokenSignal(a)
				return self, self
			}
		}, "fact-two-tokens"),
		stating("self-margin-first-edge", "the self margin is that of the forest's first edge", func(own, broken *theorylaws.Facts) {
			broken.SelfMargin = func(f graph.Forest, a float64) (float64, error) {
				parents, kept := f.Parents(), false
				for i, p := range parents {
					if p >= 0 && kept {
						parents[i] = graph.Root
					}
					kept = kept || p >= 0
				}
				first, err := graph.NewForest(parents)
				if err != nil {
					return 0, err
				}
				return own.SelfMargin(first, a)
			}
		}, "fact-self-margin"),
		stating("slopes-first-forest", "slopes are those of the first forest", func(own, broken *theorylaws.Facts) {
			broken.Slopes = func(priors []markov.Prior, lengths []int, seeds []uint64) ([]condition.Slope, error) {
				if len(seeds) < 2 {
					return own.Slopes(priors, lengths, seeds)
				}
				return own.Slopes(priors, lengths, []uint64{seeds[0], seeds[0]})
			}
		}, "fact-slopes"),
		stating("average-without-diagonal", "the average leaves out what a position says of itself", func(own, broken *theorylaws.Facts) {
			broken.Average = func(f graph.Forest, prior markov.Prior, draws int, seed uint64) (chisq.Matrices, error) {
				m, err := own.Average(f, prior, draws, seed)
				for i := range m.Information {
					m.Signal[i][i], m.Information[i][i] = 0, 0
				}
				return m, err
			}
		}, "prior-average"),
		stating("average-other-stream", "the average draws one chain later than the stated streams", func(own, broken *theorylaws.Facts) {
			broken.Average = func(f graph.Forest, prior markov.Prior, draws int, seed uint64) (chisq.Matrices, error) {
				return own.Average(f, prior, draws, seed+1)
			}
		}, "prior-average"),
		stating("margins-with-self", "the child itself always counts as a competitor", func(own, broken *theorylaws.Facts) {
			broken.Margins = func(f graph.Forest, matrix [][]float64, _ bool) []chisq.Margin { return own.Margins(f, matrix, true) }
		}, "margins-definition"),
		stating("margins-last", "the smallest margin is the last one", func(own, broken *theorylaws.Facts) {
			broken.Smallest = func(margins []chisq.Margin) (chisq.Margin, bool) {
				margins = slices.Clone(margins)
				return own.Smallest(margins[max(len(margins)-1, 0):])
			}
		}, "margins-definition"),
	}
}
