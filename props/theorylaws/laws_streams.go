package theorylaws

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"causalgrad/props"
	"causalgrad/theory/stream"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// streamLaws are about the random numbers themselves.
func streamLaws() []props.Law {
	needs := []props.Capability{CanDraw}
	return []props.Law{
		{ID: "stream-key", Source: "theory/stream", Needs: needs, Check: streamKey, FalseAlarm: 5 * 0x1p-64,
			Sentence: "A stream is a function of its key: the same key gives the same words, however many are drawn, and every field of it matters."},
		{ID: "stream-uniforms", Source: "theory/stream", Needs: needs, Check: streamUniforms, FalseAlarm: props.SampleAlarm, Draws: 5,
			Sentence: "Uniform numbers are multiples of 2^-53 in [0, 1), open ones odd multiples, and both are uniform."},
		{ID: "stream-integers", Source: "theory/stream", Needs: needs, Check: streamIntegers, FalseAlarm: props.SampleAlarm, Draws: 20,
			Sentence: "Integers below a bound are uniform, also where the bound does not divide the words by far."},
		{ID: "stream-shuffle", Source: "theory/stream", Needs: needs, Check: streamShuffle, FalseAlarm: props.SampleAlarm, Draws: 5,
			Sentence: "A shuffle permutes, and every order of three comes up equally often."},
		{ID: "stream-variates", Source: "theory/stream", Needs: needs, Check: streamVariates, FalseAlarm: props.SampleAlarm, Draws: 5,
			Sentence: "Normal and exponential variates follow their laws."},
		{ID: "stream-gammas", Source: "theory/stream", Needs: needs, Check: streamGammas, FalseAlarm: props.SampleAlarm, Draws: 12,
			Sentence: "Gamma variates follow their law at every shape, also where they underflow and only their logarithms are numbers."},
		{ID: "stream-dirichlet", Source: "theory.md section 1", Needs: needs, Check: streamDirichlet, FalseAlarm: props.SampleAlarm, Draws: 12,
			Sentence: "Dirichlet rows have positive entries that sum to 1, with Beta marginals and no favourite token."},
	}
}

func streamsOf(s props.Subject) Streams { return s.(Drawer).Streams() }

func drawKey(t *rapid.T) stream.Key {
	return stream.Key{Seed: rapid.Uint64().Draw(t, "seed"), Purpose: stream.Purpose(rapid.IntRange(int(stream.Graph), int(stream.Bench)).Draw(t, "purpose")),
		Step: rapid.Uint64Range(0, 9).Draw(t, "step"), Shard: rapid.Uint64Range(0, 9).Draw(t, "shard")}
}

func keyCase(k stream.Key) props.Case { return props.Case{}.Where("the stream of %+v", k) }

// drawn asks for n values of the stream of k.
func drawn[V any](t *rapid.T, c props.Case, what string, n int, call func() []V) []V {
	values := props.Ask(t, c, what, func() ([]V, error) { return call(), nil })
	props.Demand(t, c, len(values) == n, what, fmt.Sprintf("%d values", n), fmt.Sprintf("%d values", len(values)))
	return values
}

func streamKey(t *rapid.T, s props.Subject) {
	k := drawKey(t)
	words := func(k stream.Key, n int) []uint64 {
		return drawn(t, keyCase(k), "words", n, func() []uint64 { return streamsOf(s).Words(k, n) })
	}
	n := rapid.IntRange(1, 20).Draw(t, "n")
	first := words(k, n)
	props.Equal(t, keyCase(k), "words drawn again", words(k, n+3)[:n], first)
	others := []stream.Key{k, k, k, k, k}
	others[0].Seed += rapid.Uint64Range(1, 9).Draw(t, "seeds on")
	others[1].Purpose = others[1].Purpose%stream.Bench + 1
	others[2].Step++
	others[3].Shard++
	others[4].Step, others[4].Shard = k.Shard, k.Step
	for _, other := range others {
		if other != k {
			c := keyCase(k).Where("and that of %+v", other)
			props.Demand(t, c, words(other, n)[0] != first[0], "first words", "two numbers", fmt.Sprintf("%#x twice", first[0]))
		}
	}
}

// variates is the number of them that a draw compares with their law.
const variates = 2000

// follows demands that the values have the law with that distribution function:
// by the inequality of Dvoretzky, Kiefer, Wolfowitz and Massart the largest
// distance between it and the empirical one exceeds x with probability at most
// 2 exp(-2 n x^2), whatever the law.
func follows(t *rapid.T, c props.Case, what string, values []float64, cdf func(float64) float64, alarm float64) {
	sorted := slices.Sorted(slices.Values(values))
	n, largest := float64(len(sorted)), 0.0
	for i, v := range sorted {
		p := cdf(v)
		largest = math.Max(largest, math.Max(p-float64(i)/n, float64(i+1)/n-p))
	}
	props.AtMost(t, c, "distance of the distribution of "+what, largest, math.Sqrt(math.Log(2/alarm)/(2*n)), 0)
}

func streamUniforms(t *rapid.T, s props.Subject) {
	k := drawKey(t)
	c := keyCase(k)
	identity := func(x float64) float64 { return x }
	closed := drawn(t, c, "uniforms", variates, func() []float64 { return streamsOf(s).Uniforms(k, variates) })
	open := drawn(t, c, "open uniforms", variates, func() []float64 { return streamsOf(s).Opens(k, variates) })
	for i := range closed {
		multiple, odd := closed[i]*0x1p53, open[i]*0x1p53
		if multiple != math.Trunc(multiple) || multiple < 0 || multiple >= 0x1p53 {
			props.Violation(t, props.Counterexample{Case: c.String(), What: "uniform", Expected: "a multiple of 2^-53 in [0, 1)", Got: fmt.Sprint(closed[i]), Excess: -1})
		}
		if half := odd / 2; half-math.Trunc(half) != 0.5 || odd >= 0x1p53 {
			props.Violation(t, props.Counterexample{Case: c.String(), What: "open uniform", Expected: "an odd multiple of 2^-53 in (0, 1)", Got: fmt.Sprint(open[i]), Excess: -1})
		}
	}
	follows(t, c, "uniforms", closed, identity, props.SampleAlarm/2)
	follows(t, c, "open uniforms", open, identity, props.SampleAlarm/2)
}

func streamIntegers(t *rapid.T, s props.Subject) {
	k := drawKey(t)
	// 3 2^61 takes 8 words to 3 integers: without rejection one residue of 3 would
	// have 2 of them. Where an int has 32 bits the bounds are as much smaller.
	const shift = strconv.IntSize - 4
	bound := rapid.OneOf(rapid.IntRange(1, 9), rapid.Just(6<<shift), rapid.Just(5<<shift)).Draw(t, "bound")
	c := keyCase(k).Where("integers below %d", bound)
	cells := bound
	if bound > 9 {
		cells = bound >> shift
		if cells == 6 {
			cells = 3
		}
	}
	counts := make([]int, cells)
	for _, v := range drawn(t, c, "integers", variates, func() []int { return streamsOf(s).Integers(k, bound, variates) }) {
		if v < 0 || v >= bound {
			props.Violation(t, props.Counterexample{Case: c.String(), What: "integer", Expected: "from 0 below the bound", Got: strconv.Itoa(v), Excess: -1})
		}
		counts[v%cells]++
	}
	props.Counted(t, c, func(cell int) string { return fmt.Sprintf("integers that leave %d modulo %d", cell, cells) }, counts, variates,
		slices.Repeat([]float64{1 / float64(cells)}, cells), props.SampleAlarm)
}

func streamShuffle(t *rapid.T, s props.Subject) {
	k := drawKey(t)
	n := rapid.IntRange(0, 30).Draw(t, "n")
	order := drawn(t, keyCase(k), "shuffled", n, func() []int { return streamsOf(s).Shuffled(k, n) })
	sorted := slices.Sorted(slices.Values(order))
	for i, v := range sorted {
		props.Demand(t, keyCase(k), v == i, "shuffled", fmt.Sprintf("each of 0 to %d once", n-1), fmt.Sprint(order))
	}
	counts := make([]int, 9)
	c := keyCase(k).Where("and of the steps after it")
	for range variates {
		k.Step++
		order := drawn(t, c, "shuffled", 3, func() []int { return streamsOf(s).Shuffled(k, 3) })
		counts[3*order[0]+order[1]]++
	}
	probability := []float64{0, 1. / 6, 1. / 6, 1. / 6, 0, 1. / 6, 1. / 6, 1. / 6, 0}
	props.Counted(t, c, func(cell int) string { return fmt.Sprintf("shuffles that begin with %d, %d", cell/3, cell%3) }, counts, variates, probability, props.SampleAlarm)
}

func streamVariates(t *rapid.T, s props.Subject) {
	k := drawKey(t)
	c := keyCase(k)
	normals := drawn(t, c, "normals", variates, func() []float64 { return streamsOf(s).Normals(k, variates) })
	follows(t, c, "normals", normals, distuv.UnitNormal.CDF, props.SampleAlarm/2)
	exponentials := drawn(t, c, "exponentials", variates, func() []float64 { return streamsOf(s).Exponentials(k, variates) })
	follows(t, c, "exponentials", exponentials, func(x float64) float64 { return -math.Expm1(-x) }, props.SampleAlarm/2)
}

func streamGammas(t *rapid.T, s props.Subject) {
	k := drawKey(t)
	shape := rapid.SampledFrom([]float64{0.005, 0.1, 0.3, 0.49, 0.5, 0.9, 1, 1.5, 3, 10, 100}).Draw(t, "shape")
	c := keyCase(k).Where("shape %v", shape)
	law := distuv.Gamma{Alpha: shape, Beta: 1}
	logs := drawn(t, c, "gamma variates", variates, func() []float64 { return streamsOf(s).LogGammas(k, shape, variates) })
	follows(t, c, "logarithms of gamma variates", logs, func(x float64) float64 {
		if x < -30 {
			// P(G <= g) = g^shape / Gamma(shape+1) up to a factor 1 - g, here below 1e-13.
			return math.Exp(shape*x) / math.Gamma(shape+1)
		}
		return law.CDF(math.Exp(x))
	}, props.SampleAlarm)
}

func streamDirichlet(t *rapid.T, s props.Subject) {
	k := drawKey(t)
	alpha := rapid.SampledFrom([]float64{0.001, 0.05, 0.1, 0.3, 0.7, 1, 3}).Draw(t, "alpha")
	size := rapid.IntRange(2, 20).Draw(t, "size")
	c := keyCase(k).Where("rows of Dirichlet(%v) over %d tokens", alpha, size)
	first, favourites, furthest := make([]float64, variates), make([]int, size), 0.0
	for n, row := range drawn(t, c, "rows", variates, func() [][]float64 { return streamsOf(s).Dirichlets(k, alpha, size, variates) }) {
		sum, largest := 0.0, 0
		for v, p := range row {
			if !(p >= stream.MinProbability) || len(row) != size {
				props.Violation(t, props.Counterexample{Case: c.String(), What: "row", Expected: fmt.Sprintf("%d entries of at least 1e-300", size), Got: fmt.Sprint(row), Excess: -1})
			}
			sum += p
			if p > row[largest] {
				largest = v
			}
		}
		furthest = math.Max(furthest, math.Abs(sum-1))
		first[n] = row[n%size]
		favourites[largest]++
	}
	props.AtMost(t, c, "distance of a row's sum from 1", furthest, 0, 2*float64(size)*s.Roundoff()) // a rounding an entry and a sum
	props.Counted(t, c, func(cell int) string { return fmt.Sprintf("rows with the largest entry at %d", cell) }, favourites, variates, slices.Repeat([]float64{1 / float64(size)}, size), props.SampleAlarm/2)
	if alpha >= 0.1 { // below, the marginal law lies beneath the smallest entry
		follows(t, c, "entries", first, distuv.Beta{Alpha: alpha, Beta: alpha * float64(size-1)}.CDF, props.SampleAlarm/2)
	}
}
