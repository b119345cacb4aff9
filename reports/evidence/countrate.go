package evidence

import (
	"context"
	"math"

	"causalgrad/reports/table"
	"causalgrad/theory/count"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// CountRates is how far the count estimator's exact population loss is above L* on
// chains of growing length (theory/README.md, section 10): the rate of the limit
// that constructions and trained models approach. A ladder a prior, S = 3.
type CountRates []CountLadder

// CountLadder is the gap on one prior with alpha pseudo-counts.
type CountLadder struct {
	Prior  string
	Alpha  float64
	Exact  bool // no chain was drawn either
	Points []CountPoint
}

// CountPoint is the gap at one length. Exponent is the local exponent from the
// length before, NaN at the first.
type CountPoint struct {
	Length   int // T
	Gap      count.Mean
	Exponent float64
}

// countLadders are finite priors, whose gaps have no error at all, and the prior
// of Algorithm 1's ladder, whose chains are drawn once for all lengths.
var countLadders = []struct {
	prior   string
	alpha   float64
	longest int
}{{"orbit:1,1", 1, 1024}, {"orbit:1,7", 1, 1024}, {"dirichlet:1", 1, 512}}

const (
	countShortest = 16
	countDraws    = 100
)

// MeasureCountRates computes the ladders on the lengths 16, 32, ...
func MeasureCountRates(ctx context.Context, seed uint64) (CountRates, error) {
	var all CountRates
	for _, c := range countLadders {
		prior, err := markov.ParsePrior(c.prior, 3)
		if err != nil {
			return nil, err
		}
		l := CountLadder{Prior: c.prior, Alpha: c.alpha}
		for length := countShortest; length <= c.longest; length *= 2 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			f, err := graph.Chain(length)
			if err != nil {
				return nil, err
			}
			losses, err := count.Average(f, prior, c.alpha, count.Options{Draws: countDraws, Seed: seed})
			if err != nil {
				return nil, err
			}
			p := CountPoint{Length: length, Gap: losses.Gap, Exponent: math.NaN()}
			if n := len(l.Points); n > 0 {
				p.Exponent = math.Log(p.Gap.Value/l.Points[n-1].Gap.Value) / math.Ln2 // lengths double
			}
			l.Exact = losses.Exact
			l.Points = append(l.Points, p)
		}
		all = append(all, l)
	}
	return all, nil
}

// Table has a row a prior and length.
func (all CountRates) Table() table.Table {
	t := table.Table{ID: "count-rate", Title: "Count estimator's exact loss above L* on the chain, S = 3", Columns: []table.Column{
		{Name: "prior"}, {Name: "alpha", Align: table.Right}, {Name: "T", Align: table.Right}, {Name: "gap", Unit: "nats", Align: table.Decimal},
		{Name: "local exponent", Align: table.Decimal}}}
	drawn := t.Note("the mean over 100 chains, drawn once for all lengths; no sequence is sampled in any row")
	for _, l := range all {
		for _, p := range l.Points {
			gap := table.Number(p.Gap.Value, 6)
			if !l.Exact {
				gap = table.Measured(p.Gap.Value, p.Gap.StdErr).WithNote(drawn)
			}
			exponent := table.Text("-")
			if !math.IsNaN(p.Exponent) {
				exponent = table.Fixed(p.Exponent, 4)
			}
			t.Add(table.Text(l.Prior), table.Number(l.Alpha, 3), table.Integer(p.Length), gap, exponent)
		}
	}
	t.Note("local exponent: of the gap between this length and the one before")
	return t
}
