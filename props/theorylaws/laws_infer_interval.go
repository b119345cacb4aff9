package theorylaws

import (
	"fmt"
	"math"

	"causalgrad/golden/stat"
	"causalgrad/props"
	"causalgrad/props/oracle"
	"causalgrad/theory/graph"
	"causalgrad/theory/infer"
	"causalgrad/theory/stream"
	"pgregory.net/rapid"
)

func (x sequences) interval(r infer.Row, n int, confidence float64) (low, high float64) {
	type interval struct{ low, high float64 }
	c := x.Where("margin %v with error %v, confidence %v", r.Margin, r.MarginErr, confidence)
	i := props.Ask(x.t, c, "interval", func() (interval, error) {
		low, high, err := x.s.(Inferrer).MarginInterval(r, n, confidence)
		return interval{low, high}, err
	})
	props.Finite(x.t, c, "interval", []float64{i.low, i.high}, 2)
	return i.low, i.high
}

// inferInterval: the quantile is found by the library's own iteration, to about
// 1e-9 in probability.
func inferInterval(t *rapid.T, s props.Subject) {
	x := drawSequences(t, s)
	confidence := rapid.SampledFrom([]float64{0.5, 0.9, 0.95, 0.99}).Draw(t, "confidence")
	rows := append(x.firstStep(infer.Plain, 0).Rows, x.firstStep(infer.Gradient, 0.1).Rows...)
	for _, r := range rows {
		low, high := x.interval(r, x.N, confidence)
		c := x.Where("child %d, confidence %v", r.Child, confidence)
		props.Within(t, c, "centre of the interval", (low+high)/2, r.Margin, 8*s.Roundoff()*(math.Abs(low)+math.Abs(high)))
		if r.MarginErr < 1e-6 {
			continue // no spread
		}
		half := (high - low) / 2 / r.MarginErr
		props.Within(t, c, "probability outside of the interval", 2*studentTail(half, float64(x.N-1)), 1-confidence, 1e-8)
		wideLow, wideHigh := x.interval(r, x.N, confidence/2+0.5)
		props.Demand(t, c, wideLow < low && wideHigh > high, "interval of a larger confidence", "a wider one", fmt.Sprint(wideLow, wideHigh))
		if math.Abs(r.P-(1-confidence)) > 1e-8 {
			props.Demand(t, c, (low > 0) == (r.P < 1-confidence), "interval", fmt.Sprintf("above 0 exactly when p = %v is below %v", r.P, 1-confidence), fmt.Sprint(low, high))
		}
	}
}

// inferCoverage draws its own data: many samples of one chain, for an entry with
// the plain weight, whose expectation is sum pi[a][b] P(s_k=a, s_i=b). With 100
// sequences the mean of such products is nearly normal; 10 % instead of 5 leaves
// room for the rest, and the test is exact at 10 %.
func inferCoverage(t *rapid.T, s props.Subject) {
	const samples, n = 200, 100
	f, chain := props.DrawConnected(t, 4, 5).Forest, props.DrawKind(t, "small integers", 2, 3)
	i := rapid.IntRange(1, f.Positions()-1).Draw(t, "child")
	k := rapid.IntRange(0, i-1).Draw(t, "candidate")
	seed := rapid.Uint64().Draw(t, "seed")
	want := 0.0
	for a, row := range oracle.JointLaw(f, chain, k, i) {
		for b, p := range row {
			want += chain.P(a, b) * p
		}
	}
	x := sequences{t: t, s: s, Case: props.ForestCase(f, chain).Where("%d samples of %d sequences, seed %d", samples, n, seed)}
	missed := 0
	for sample := range samples {
		from := stream.New(stream.Key{Seed: seed, Purpose: stream.Law, Step: uint64(sample)})
		x.Sequences = drawnFrom(from, f, chain.Stationary(), chain.Rows(), n)
		e := x.firstStep(infer.Plain, 0)
		low, high := x.interval(infer.Row{Margin: e.Entries[i][k], MarginErr: e.StdErr[i][k]}, n, 0.95)
		if want < low || want > high {
			missed++
		}
	}
	o, err := stat.BinomialTest(missed, samples, 0.1, props.SampleAlarm)
	if float64(missed) > 0.1*samples {
		props.Plausible(t, x.Case, props.At("interval of entry", i, k), o, err, "at most 10 % missed", fmt.Sprintf("%d of %d missed", missed, samples))
	}
}

// drawnFrom draws sequences with a uniform query and its answer.
func drawnFrom(from *stream.Stream, f graph.Forest, mu []float64, rows [][]float64, n int) infer.Sequences {
	x := infer.Sequences{N: n, Columns: f.Positions() + 2, Tokens: len(rows)}
	pick := func(law []float64) uint16 {
		u := from.Float64()
		for v, p := range law {
			if u -= p; u < 0 {
				return uint16(v)
			}
		}
		return uint16(len(law) - 1)
	}
	for range n {
		row := make([]uint16, 0, x.Columns)
		for i := range f.Positions() {
			law := mu
			if p := f.Parent(i); p != graph.Root {
				law = rows[row[p]]
			}
			row = append(row, pick(law))
		}
		query := uint16(from.IntN(len(rows)))
		x.Data = append(x.Data, append(row, query, pick(rows[query]))...)
	}
	return x
}
