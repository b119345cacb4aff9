package fault

import (
	"math"
	"math/big"

	"causalgrad/props"
	"causalgrad/props/catalogue"
	"causalgrad/props/theorylaws"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// methodFaults are mistakes in the other ways to the first-step gradient.
func methodFaults() []Fault {
	return []Fault{
		method("enumeration-row-off-by-one", "the enumeration divides row i by i-1 where it has that many positions", "first-step-methods-agree").enumerate(
			func(own [][]float64) [][]float64 {
				for i := 1; i < len(own); i++ {
					for k := range own[i] {
						own[i][k] *= float64(i+1) / float64(i)
					}
				}
				return own
			}),
		method("enumeration-eps-clamped", "the enumeration takes a negative or infinite eps for 0", "first-step-refusals").with(func(own theorylaws.FirstStepMethods) theorylaws.FirstStepMethods {
			return clampedEps{own}
		}),
		method("rational-eps-forgotten", "the rational gradient leaves eps out", "first-step-rational-definition", "first-step-methods-agree").rational(
			func(own theorylaws.FirstStepMethods, f graph.Forest, chain [][]*big.Rat, _ *big.Rat) ([][]*big.Rat, error) {
				return own.RationalFirstStep(f, chain, nil)
			}),
		method("rational-rounded", "the rational gradient is rounded to floating point", "first-step-rational-definition").rational(rounded),
		method("rational-first-token-favoured", "the rational gradient is off by a billionth of the first token's holding probability", "first-step-rational-symmetry", "first-step-rational-definition").rational(favoured),
		patch("first-step-leading-order-when-long", "from T = 20 on the first-step gradient is its leading order", func(v *variant) {
			v.firstStep = func(own [][]float64, f graph.Forest, chain [][]float64, _ float64) ([][]float64, error) {
				if len(own) < 20 {
					return own, nil
				}
				return v.Subject.(theorylaws.FirstStepMethods).LeadingOrder(f, chain)
			}
		}, "first-step-counting"),
		method("average-first-chain", "the average over a finite prior is its first chain's", "first-step-average-finite").average(func(own averaging) (firststep.Estimate, error) {
			finite, ok := own.prior.(markov.Finite)
			if !ok {
				return own.asked()
			}
			e, err := own.asked()
			own.prior = markov.Point{Chain: finite.Support()[0]}
			first, _ := own.asked() // refused above
			e.Mean = first.Mean
			return e, err
		}),
		method("average-error-of-one-draw", "the standard error of an average is the deviation of one draw", "first-step-average-sampled").average(scaledError(func(n float64) float64 { return math.Sqrt(n) })),
		method("average-error-biased", "the standard error of an average divides by n, not n-1", "first-step-average-sampled").average(scaledError(func(n float64) float64 { return math.Sqrt((n - 1) / n) })),
		method("average-draw-repeated", "every draw of an average is the first one", "first-step-average-error", "first-step-average-sampled").average(func(own averaging) (firststep.Estimate, error) {
			e, err := own.asked()
			if err != nil || e.Exact {
				return e, err
			}
			own.options.Draws, own.prior = 2, repeated{own.prior, own.options.Seed}
			first, err := own.asked()
			e.Mean = first.Mean
			return e, err
		}),
		method("average-workers-matter", "two workers or more add the draws of an average in another order", "first-step-average-sampled").average(func(own averaging) (firststep.Estimate, error) {
			e, err := own.asked()
			if err == nil && own.options.Workers > 1 {
				last := e.Mean[len(e.Mean)-1]
				last[0] = math.Nextafter(last[0], math.Inf(1))
			}
			return e, err
		}),
		method("average-of-one-draw", "one draw is enough for a sampled average", "first-step-average-refusals").average(func(own averaging) (firststep.Estimate, error) {
			if own.prior != nil {
				own.options.Draws = max(own.options.Draws, 2)
			}
			return own.asked()
		}),
		method("leading-order-not-centred", "the leading order is the signal itself, the row's mean not taken away", "leading-order-signal").with(func(own theorylaws.FirstStepMethods) theorylaws.FirstStepMethods {
			return uncentred{own}
		}),
		method("comparison-regresses-backwards", "the slope is that of the leading order on the gradient", "leading-order-comparison").with(func(own theorylaws.FirstStepMethods) theorylaws.FirstStepMethods {
			return backwards{own}
		}),
		method("ladder-length-off-by-one", "a ladder's forests are one position longer than asked for", "leading-order-ladder").with(func(own theorylaws.FirstStepMethods) theorylaws.FirstStepMethods {
			return longer{own}
		}),
		method("ladder-stays-on-first-rung", "every rung of a ladder is the first", "leading-order-limit").with(func(own theorylaws.FirstStepMethods) theorylaws.FirstStepMethods {
			return stuck{own}
		}),
	}
}

// methodFault is a fault in one of the methods, to be completed.
type methodFault struct {
	id, description string
	expect          []string
}

func method(id, description string, expect ...string) methodFault {
	return methodFault{id, description, expect}
}

func (m methodFault) with(methods func(own theorylaws.FirstStepMethods) theorylaws.FirstStepMethods) Fault {
	return patch(m.id, m.description, func(v *variant) { v.methods = methods }, m.expect...)
}

// enumerate alters the enumeration's answers.
func (m methodFault) enumerate(change func(own [][]float64) [][]float64) Fault {
	return m.with(func(own theorylaws.FirstStepMethods) theorylaws.FirstStepMethods { return enumeration{own, change} })
}

type enumeration struct {
	theorylaws.FirstStepMethods
	change func(own [][]float64) [][]float64
}

func (e enumeration) EnumerateFirstStep(f graph.Forest, chain [][]float64, eps float64) ([][]float64, error) {
	own, err := e.FirstStepMethods.EnumerateFirstStep(f, chain, eps)
	if err != nil {
		return nil, err
	}
	return e.change(own), nil
}

type clampedEps struct{ theorylaws.FirstStepMethods }

func (e clampedEps) EnumerateFirstStep(f graph.Forest, chain [][]float64, eps float64) ([][]float64, error) {
	if !(eps > 0) || math.IsInf(eps, 0) {
		eps = 0
	}
	return e.FirstStepMethods.EnumerateFirstStep(f, chain, eps)
}

// rational replaces the rational gradient.
func (m methodFault) rational(ask func(own theorylaws.FirstStepMethods, f graph.Forest, chain [][]*big.Rat, eps *big.Rat) ([][]*big.Rat, error)) Fault {
	return m.with(func(own theorylaws.FirstStepMethods) theorylaws.FirstStepMethods { return fraction{own, ask} })
}

type fraction struct {
	theorylaws.FirstStepMethods
	ask func(own theorylaws.FirstStepMethods, f graph.Forest, chain [][]*big.Rat, eps *big.Rat) ([][]*big.Rat, error)
}

func (r fraction) RationalFirstStep(f graph.Forest, chain [][]*big.Rat, eps *big.Rat) ([][]*big.Rat, error) {
	if own, err := r.FirstStepMethods.RationalFirstStep(f, chain, eps); err != nil {
		return own, err
	}
	return r.ask(r.FirstStepMethods, f, chain, eps)
}

func rounded(own theorylaws.FirstStepMethods, f graph.Forest, chain [][]*big.Rat, eps *big.Rat) ([][]*big.Rat, error) {
	g, err := own.RationalFirstStep(f, chain, eps)
	for _, row := range g {
		for _, v := range row {
			near, _ := v.Float64()
			v.SetFloat64(near)
		}
	}
	return g, err
}

func favoured(own theorylaws.FirstStepMethods, f graph.Forest, chain [][]*big.Rat, eps *big.Rat) ([][]*big.Rat, error) {
	g, err := own.RationalFirstStep(f, chain, eps)
	factor := new(big.Rat).Mul(chain[0][0], big.NewRat(1, 1_000_000_000))
	factor.Add(factor, big.NewRat(1, 1))
	for _, row := range g {
		for _, v := range row {
			v.Mul(v, factor)
		}
	}
	return g, err
}

// average replaces the averages.
func (m methodFault) average(answer func(own averaging) (firststep.Estimate, error)) Fault {
	return m.with(func(own theorylaws.FirstStepMethods) theorylaws.FirstStepMethods { return averages{own, answer} })
}

// averaging is a request for an average, which asked makes.
type averaging struct {
	own     theorylaws.FirstStepMethods
	forest  graph.Forest
	prior   markov.Prior
	eps     float64
	options firststep.Options
}

func (a averaging) asked() (firststep.Estimate, error) {
	return a.own.AverageFirstStep(a.forest, a.prior, a.eps, a.options)
}

type averages struct {
	theorylaws.FirstStepMethods
	answer func(own averaging) (firststep.Estimate, error)
}

func (a averages) AverageFirstStep(f graph.Forest, prior markov.Prior, eps float64, o firststep.Options) (firststep.Estimate, error) {
	return a.answer(averaging{a.FirstStepMethods, f, prior, eps, o})
}

func scaledError(factor func(n float64) float64) func(averaging) (firststep.Estimate, error) {
	return func(own averaging) (firststep.Estimate, error) {
		e, err := own.asked()
		for _, row := range e.StdErr {
			for k := range row {
				row[k] *= factor(float64(e.Draws))
			}
		}
		return e, err
	}
}

// repeated is a prior whose chains are all the first that a seed draws.
type repeated struct {
	markov.Prior
	seed uint64
}

func (r repeated) Draw(_ *stream.Stream, p []float64) {
	r.Prior.Draw(stream.New(stream.Key{Seed: r.seed, Purpose: stream.Prior}), p)
}

type uncentred struct{ theorylaws.FirstStepMethods }

func (u uncentred) LeadingOrder(f graph.Forest, chain [][]float64) ([][]float64, error) {
	g, err := u.FirstStepMethods.LeadingOrder(f, chain)
	if err != nil {
		return nil, err
	}
	signal, _, err := catalogue.Builtin().(props.Informant).Information(f, chain)
	for i, row := range signal {
		for k := range i + 1 {
			g[i][k] = row[k] / float64(len(chain)*len(g)*(i+1))
		}
	}
	return g, err
}

type backwards struct{ theorylaws.FirstStepMethods }

func (b backwards) CompareFirstStep(exact, leading [][]float64) (firststep.Comparison, error) {
	own, err := b.FirstStepMethods.CompareFirstStep(exact, leading)
	if err != nil {
		return own, err
	}
	other, err := b.FirstStepMethods.CompareFirstStep(leading, exact)
	if err != nil {
		return own, nil // nothing to regress on
	}
	own.Slope, own.RowSlope = other.Slope, other.RowSlope
	return own, nil
}

type longer struct{ theorylaws.FirstStepMethods }

func (l longer) FirstStepLadder(family func(length int) (graph.Forest, error), prior markov.Prior, lengths []int, o firststep.Options) ([]firststep.Comparison, error) {
	own, err := l.FirstStepMethods.FirstStepLadder(family, prior, lengths, o)
	if err != nil {
		return own, err
	}
	return l.FirstStepMethods.FirstStepLadder(func(length int) (graph.Forest, error) { return family(length + 1) }, prior, lengths, o)
}

type stuck struct{ theorylaws.FirstStepMethods }

func (s stuck) FirstStepLadder(family func(length int) (graph.Forest, error), prior markov.Prior, lengths []int, o firststep.Options) ([]firststep.Comparison, error) {
	own, err := s.FirstStepMethods.FirstStepLadder(family, prior, lengths, o)
	for at := range own {
		own[at] = own[0]
	}
	return own, err
}
