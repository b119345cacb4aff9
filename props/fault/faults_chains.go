package fault

import (
	"errors"

	"causalgrad/props/theorylaws"
	"causalgrad/theory/markov"
)

// chainFaults are mistakes about chains beside those that any implementation
// can make.
func chainFaults() []Fault {
	solving := func(id, description string, solve func(own func(p, mu []float64), tokens int) func(p, mu []float64), expect ...string) Fault {
		return patch(id, description, func(v *variant) {
			v.chains = func(own theorylaws.Chains) theorylaws.Chains {
				official := own.OfficialLaw
				own.OfficialLaw = func(tokens int) func(p, mu []float64) { return solve(official(tokens), tokens) }
				return own
			}
		}, expect...)
	}
	requiring := func(id, description string, require func(own func(markov.Prior) error, p markov.Prior) error, expect ...string) Fault {
		return patch(id, description, func(v *variant) {
			v.chains = func(own theorylaws.Chains) theorylaws.Chains {
				aperiodic := own.RequireAperiodic
				own.RequireAperiodic = func(p markov.Prior) error { return require(aperiodic, p) }
				return own
			}
		}, expect...)
	}
	return []Fault{
		solving("official-law-transposed", "the official stationary law is the singular vector of the other side", func(own func(p, mu []float64), tokens int) func(p, mu []float64) {
			return func(p, mu []float64) {
				transposed := make([]float64, len(p))
				for a := range tokens {
					for b := range tokens {
						transposed[b*tokens+a] = p[a*tokens+b]
					}
				}
				own(transposed, mu)
			}
		}, "official-stationary"),
		solving("official-law-squared", "the official stationary law is normalised in the 2-norm", func(own func(p, mu []float64), _ int) func(p, mu []float64) {
			return func(p, mu []float64) {
				own(p, mu)
				sum := 0.0
				for _, m := range mu {
					sum += m * m
				}
				for b := range mu {
					mu[b] *= mu[b] / sum
				}
			}
		}, "official-stationary"),
		solving("official-law-warm", "the official stationary law starts from that of the chain before", func(own func(p, mu []float64), _ int) func(p, mu []float64) {
			var last []float64
			return func(p, mu []float64) {
				own(p, mu)
				for b := range last {
					mu[b] += 1e-6 * last[b]
				}
				last = append([]float64(nil), mu...)
			}
		}, "official-stationary-buffers"),
		requiring("aperiodic-first-chain", "only the first chain of a prior must be aperiodic", func(own func(markov.Prior) error, p markov.Prior) error {
			if finite, ok := p.(markov.Finite); ok {
				return own(markov.Point{Chain: finite.Support()[0], Name: p.String()[1:]})
			}
			return own(p)
		}, "aperiodic-required"),
		requiring("aperiodic-no-zeros", "a chain with a zero in it is taken for periodic", func(own func(markov.Prior) error, p markov.Prior) error {
			if finite, ok := p.(markov.Finite); ok {
				for _, c := range finite.Support() {
					if v, _, _ := c.Smallest(); v == 0 && own(p) == nil {
						return errors.New("prior: a chain is periodic")
					}
				}
			}
			return own(p)
		}, "aperiodic-required"),
	}
}
