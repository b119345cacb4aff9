package markov

import "fmt"

// reach marks the tokens that can be reached from token 0 along positive
// entries of p, forwards or (transposed) backwards, with their distance.
func reach(p []float64, s int, transposed bool) []int {
	level := make([]int, s)
	for i := range level {
		level[i] = -1
	}
	level[0] = 0
	queue := []int{0}
	for len(queue) > 0 {
		a := queue[0]
		queue = queue[1:]
		for b := range s {
			v := p[a*s+b]
			if transposed {
				v = p[b*s+a]
			}
			if v > 0 && level[b] < 0 {
				level[b] = level[a] + 1
				queue = append(queue, b)
			}
		}
	}
	return level
}

// unreachable finds a pair of tokens that shows p to be reducible.
func unreachable(p []float64, s int) (from, to int, found bool) {
	for b, l := range reach(p, s, false) {
		if l < 0 {
			return 0, b, true
		}
	}
	for a, l := range reach(p, s, true) {
		if l < 0 {
			return a, 0, true
		}
	}
	return 0, 0, false
}

// Period is the period of the chain, 1 when it is aperiodic.
func (c *Chain) Period() int {
	level := reach(c.p, c.tokens, false)
	period := 0
	for a := range c.tokens {
		for b, v := range c.Row(a) {
			if v > 0 {
				// Not negative: b is at most one step further than a.
				period = gcd(period, level[a]+1-level[b])
			}
		}
	}
	return period
}

// gcd is the greatest common divisor of two numbers that are not negative.
func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// RequireAperiodic reports the first periodic chain of a finite prior; the
// theorems exclude them, and a sampled prior has none almost surely.
func RequireAperiodic(p Prior) error {
	finite, ok := p.(Finite)
	if !ok {
		return nil
	}
	for _, c := range finite.Support() {
		if period := c.Period(); period != 1 {
			return fmt.Errorf("prior %q: the chain is periodic with period %d, want an aperiodic chain", p, period)
		}
	}
	return nil
}
