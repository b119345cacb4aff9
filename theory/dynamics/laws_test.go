package dynamics

import (
	"math"
	"slices"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/graph"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// drawRow draws payoffs of mean 0, often tied: small integers less their mean.
func drawRow(t *rapid.T, least, most int) []float64 {
	n := rapid.IntRange(least, most).Draw(t, "entries")
	w, mean := make([]float64, n), 0.0
	for k := range w {
		w[k] = float64(rapid.IntRange(-6, 6).Draw(t, "payoff"))
		mean += w[k] / float64(n)
	}
	for k := range w {
		w[k] -= mean
	}
	return w
}

// largest are the places of a row's largest entry.
func largest(w []float64) (at []int) {
	top := slices.Max(w)
	for k, v := range w {
		if v == top {
			at = append(at, k)
		}
	}
	return at
}

// TestTheWinnerNeverFalls: at any rate. Rounding: a logit is right to some
// units of 1 in 2^53 of its size, at most 1e6 here, so that an attention may
// miss its exact value by a factor of 1 + 1e-9 each time it is computed; as soon
// as the winner's lead exceeds that, its attention is 1 to the last bits.
func TestTheWinnerNeverFalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawRow(t, 1, 8)
		rate := math.Pow(10, rapid.Float64Range(-4, 5).Draw(t, "log rate"))
		winners := largest(w)
		s := newStepper(w, rate, winners[0])
		before := s.a[winners[0]]
		for step := 1; step <= 40; step++ {
			s.to(step)
			require.Contains(t, largest(s.a), winners[0], "step %d of %v at rate %v: %v", step, w, rate, s.a)
			require.GreaterOrEqual(t, s.a[winners[0]], before*(1-1e-9), "step %d of %v at rate %v", step, w, rate)
			before = s.a[winners[0]]
			for _, k := range winners {
				require.Equal(t, s.a[winners[0]], s.a[k], "tied winners")
			}
		}
	})
}

// TestTiesStayTies: equal payoffs keep bit-equal attention, in steps and in
// the flow.
func TestTiesStayTies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawRow(t, 2, 6)
		rate := math.Pow(10, rapid.Float64Range(-3, 3).Draw(t, "log rate"))
		for _, m := range []mover{newStepper(w, rate, 0), newFlow(w, rate, 0)} {
			m.to(7)
			a := m.attention()
			for k := range w {
				for l := range k {
					if w[k] == w[l] {
						require.Equal(t, a[k], a[l], "%v at rate %v", w, rate)
					}
				}
			}
		}
	})
}

// TestTheFlowKeepsTheOrder: larger payoffs have more attention at every time.
func TestTheFlowKeepsTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawRow(t, 2, 6)
		f := newFlow(w, math.Pow(10, rapid.Float64Range(-3, 3).Draw(t, "log rate")), 0)
		for _, step := range []int{1, 2, 5, 20, 100} {
			f.to(step)
			for k := range w {
				for l := range w {
					if w[k] > w[l] {
						require.Greater(t, f.logits[k], f.logits[l], "%v after %d", w, step)
					}
				}
			}
		}
	})
}

// swap reports whether two losers of a row change places within some steps.
func swap(w []float64, rate float64, steps int) bool {
	s := newStepper(w, rate, 0)
	for step := 1; step <= steps; step++ {
		s.to(step)
		for k := range w {
			for l := range w {
				if w[k] > w[l] && s.a[k] < s.a[l] {
					return true
				}
			}
		}
	}
	return false
}

// TestLosersMaySwapWithLargeSteps: the smallest instance found has 13 entries
// and needs two steps, a large rate, two nearly equal losers close to the winner
// and ten hopeless entries that set the scale of the first step.
//
// Fewer do not swap in the second step. After the first one the logits are
// rate/n times the payoffs. For losers whose logits are y and y+d below the
// winner's, in the units rate/n the second step takes n (a (v) - b (v+d)) from
// their distance d, with a > b their attention and v how far the mean payoff lies
// above the first. Entries above the losers other than one winner, and any below
// them, lessen a or v; so without them n must exceed d/(a v - b (v+d)), which is
// above 12.2 on all of the grid below.
func TestLosersMaySwapWithLargeSteps(t *testing.T) {
	w := []float64{100, 0, -1}
	for range 10 {
		w = append(w, -1000)
	}
	require.True(t, swap(w, 0.345, 2), "payoffs %v", w)
	require.False(t, swap(w[:12], 0.345*12/13, 2), "with one entry less")
	needed := math.Inf(1)
	for y := 0.05; y < 10; y += 0.05 {
		for d := 0.001; d < 5; d += 0.01 {
			a := 1 / (1 + math.Exp(y) + math.Exp(-d))
			b := a * math.Exp(-d)
			v := y - a*y - b*(y+d)
			if takes := a*v - b*(v+d); takes > 0 {
				needed = math.Min(needed, d/takes)
			}
		}
	}
	t.Logf("entries needed: more than %.2f", needed)
	require.Greater(t, needed, 12.2)
	rapid.Check(t, func(t *rapid.T) { // nor do they in any later step, at any rate
		w := drawRow(t, 2, 12)
		rate := math.Pow(10, rapid.Float64Range(-3, 3).Draw(t, "log rate"))
		require.False(t, swap(w, rate, 20), "%v at rate %v", w, rate)
	})
}

// TestOneGapHasAClosedForm: with n equal competitors the winner's attention a
// obeys a' = (1+1/n) gap a^2 (1-a)^2, so 2 log(a/(1-a)) - 1/a + 1/(1-a) grows
// like time. The left side is right to 1e-10 / (1-a)^2 where the logits are
// right to 1e-10, and 1-a is above 1e-3 here.
func TestOneGapHasAClosedForm(t *testing.T) {
	clock := func(a float64) float64 { return 2*math.Log(a/(1-a)) - 1/a + 1/(1-a) }
	for n := 1; n <= 5; n++ {
		w := make([]float64, n+1)
		w[0] = 1
		f := newFlow(w, 0.5, 0)
		for _, step := range []int{1, 3, 10, 100, 1000} {
			f.to(step)
			want := clock(1/float64(n+1)) + 0.5*float64(step)*(1+1/float64(n))
			require.NoError(t, close.Within(clock(f.a[0]), want, 0, 1e-7), "%d competitors after %d", n, step)
		}
		half, most := f.first()
		require.NoError(t, close.Within(half, math.Max(0, clock(0.5)-clock(1/float64(n+1)))/(0.5*(1+1/float64(n))), 0, 1e-7))
		require.NoError(t, close.Within(most, (clock(0.99)-clock(1/float64(n+1)))/(0.5*(1+1/float64(n))), 1e-8, 0))
	}
}

// TestTheTailFallsLikeOneOverTime, with Tail for its constant, in the flow and
// in steps: what is left falls like log(t)/t relative to it, below 2% at 1e5
// times the slowest of the row.
func TestTheTailFallsLikeOneOverTime(t *testing.T) {
	for _, w := range [][]float64{{0, 1}, {2, 0, 2, 1}, {1, 0, 0, 0, 0}, {0, 1, 2, 3}, {0, 9, 10}, {5, 5, 5, 1}} {
		for _, m := range []mover{newStepper(w, 1, 0), newFlow(w, 1, 0)} {
			const step = 200000
			m.to(step)
			lost := 0.0
			top := slices.Max(w)
			for k, a := range m.attention() {
				if w[k] != top {
					lost += a
				}
			}
			require.NoError(t, close.Within(lost*step, Tail(w), 0.02, 0), "%v", w)
		}
	}
	require.Zero(t, Tail([]float64{3, 3, 3}))
}

// TestStepsConvergeToTheFlow: at a fixed time the error of finite steps falls
// with the first power of the rate: halving it halves the distance (the ratio's
// own error is of the order of the rate).
func TestStepsConvergeToTheFlow(t *testing.T) {
	for _, w := range [][]float64{{0, 1, 3}, {2, -1, 0, 1}, {0, 1}} {
		f := newFlow(w, 1, 0)
		f.to(8)
		var distances []float64
		for steps := 256; steps <= 1024; steps *= 2 {
			s := newStepper(w, 8/float64(steps), 0)
			s.to(steps)
			worst := 0.0
			for k := range w {
				worst = math.Max(worst, math.Abs(s.a[k]-f.a[k]))
			}
			distances = append(distances, worst)
		}
		for n := 1; n < len(distances); n++ {
			require.NoError(t, close.Within(distances[n-1]/distances[n], 2, 0, 0.1), "%v: %v", w, distances)
		}
	}
}

// TestTheFlowDoesNotDependOnItsStops: the logits are right to 1e-10 wherever
// the integration pauses.
func TestTheFlowDoesNotDependOnItsStops(t *testing.T) {
	w := []float64{0, 1, 3, 2.5}
	one, many := newFlow(w, 2, 0), newFlow(w, 2, 0)
	one.to(50)
	for step := range 51 {
		many.to(step)
	}
	require.NoError(t, close.AllWithin(many.logits, one.logits, 0, 1e-10))
}

// TestRowsTellTheTimes on the chain 0 -> 1 -> 2 with payoffs put in by hand.
func TestRowsTellTheTimes(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0, 1})
	require.NoError(t, err)
	p := Payoffs{{0}, {1, -1}, {2, -1, -1}, {0, 0, 0, 0}}
	s := Stage1{Forest: f, Payoffs: p, Rate: 1}
	var seen []int
	rows, err := s.Steps(3, func(step int) bool { return step != 1 }, func(step int, a [][]float64) {
		seen = append(seen, step)
		require.Equal(t, []float64{0.25, 0.25, 0.25, 0.25}, a[3])
		require.Zero(t, a[1][2])
	})
	require.NoError(t, err)
	require.Equal(t, []int{0, 2, 3}, seen)
	require.Len(t, rows, 2)
	require.Equal(t, [2]int{1, 0}, [2]int{rows[0].Child, rows[0].Parent})
	require.Equal(t, 0, rows[0].Argmax)
	require.Equal(t, 0.0, rows[0].ToHalf, "two entries start with a half each")
	require.True(t, math.IsNaN(rows[0].ToMost))
	require.Greater(t, rows[0].Final, 0.9)
	require.Equal(t, 0, rows[1].Argmax, "position 2 prefers position 0 to its parent 1")
	require.Less(t, rows[1].Final, 0.2)
	require.True(t, math.IsNaN(rows[1].ToHalf) && math.IsNaN(rows[1].ToMost))
}

func TestBadArgumentsGetOneLine(t *testing.T) {
	f, err := graph.Chain(3)
	require.NoError(t, err)
	p := Payoffs{{0}, {1, -1}, {0, 0, 0}}
	for want, s := range map[string]Stage1{
		"payoffs of 2 rows, want 3": {Forest: f, Payoffs: p[:2], Rate: 1}, "rate x beta0 = 0": {Forest: f, Payoffs: p, Rate: 0},
		"rate x beta0 = NaN": {Forest: f, Payoffs: p, Rate: math.NaN()}, "rate x beta0 = +Inf": {Forest: f, Payoffs: p, Rate: math.Inf(1)},
	} {
		_, err := s.Flow(1, nil, nil)
		require.ErrorContains(t, err, want)
	}
	_, err = Stage1{Forest: f, Payoffs: p, Rate: 1}.Steps(0, nil, nil)
	require.ErrorContains(t, err, "steps = 0, want at least 1")
	_, err = FromGradient([][]float64{{0}, {0}})
	require.ErrorContains(t, err, "gradient[1]: 1 entries, want at least 2")
	_, err = p.Gradient([][]float64{{0}, {0, math.NaN()}, {0, 0, 0}})
	require.ErrorContains(t, err, "A1[1][1] = NaN, want a finite number")
	_, err = p.Gradient([][]float64{{0}, {0, 0}})
	require.ErrorContains(t, err, "A1: 2 rows, want 3")
	_, err = Attention(nil)
	require.ErrorContains(t, err, "A1: no rows")
}
