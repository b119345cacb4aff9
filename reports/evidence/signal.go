package evidence

import (
	"fmt"

	"causalgrad/golden/stat"
	"causalgrad/reports/table"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// SignalLengths is the ladder of the comparison of signal and gradient.
func SignalLengths() []int { return []int{8, 16, 32, 64, 128, 256, 512} }

// signalPriors are finite priors, so that both sides are exact.
var signalPriors = []string{"orbit:3,1", "orbit:1,1"}

// SignalLadder compares the exact first-step gradient with its large-T form on
// chains of growing length (theory.md section 3), and adds the rate to rates.
func SignalLadder(lengths []int) (Result, []NamedRate, error) {
	t := table.Table{ID: "signal-ladder", Title: "How large T must be: exact gradient against its large-T form, chain, S = 3", Columns: []table.Column{
		{Name: "prior"}, {Name: "T", Align: table.Right}, {Name: "relative distance", Align: table.Decimal}, {Name: "row by row", Align: table.Decimal},
		{Name: "slope", Align: table.Decimal}, {Name: "row slope", Align: table.Decimal}}}
	var rates []NamedRate
	for _, text := range signalPriors {
		prior, err := markov.ParsePrior(text, 3)
		if err != nil {
			return Result{}, nil, err
		}
		ladder, err := firststep.Ladder(graph.Chain, prior, lengths, firststep.Options{})
		if err != nil {
			return Result{}, nil, err
		}
		var x, y []float64
		for _, c := range ladder {
			t.Add(table.Text(text), table.Integer(c.Length), table.Fixed(c.Relative, 4), table.Fixed(c.RowRelative, 4),
				table.Fixed(c.Slope, 4), table.Fixed(c.RowSlope, 4))
			x, y = append(x, float64(c.Length)), append(y, c.Relative)
		}
		if len(x) < 5 {
			continue
		}
		x, y = x[len(x)-4:], y[len(y)-4:] // the first lengths are not yet a power law
		rate, err := stat.FitRate(x, y, nil)
		if err != nil {
			return Result{}, nil, err
		}
		rates = append(rates, NamedRate{"gradient's relative distance from the signal, " + text, x, rate})
	}
	t.Note("Frobenius norm of the difference over that of the large-T form, prefix rows; row by row: without the factor 1/(S T i); slope: of the regression of the gradient on the form, 1 in the limit")
	return Result{t, true}, rates, nil
}

// NamedRate is a power law fitted to a ladder.
type NamedRate struct {
	Name    string    `json:"name"`
	Lengths []float64 `json:"lengths"` // T of the fitted points
	Rate    stat.Rate `json:"rate"`
}

// Rates tabulates fitted exponents with their confidence intervals.
func Rates(rates []NamedRate) Result {
	t := table.Table{ID: "rates", Title: "Fitted exponents", Columns: []table.Column{{Name: "quantity"}, {Name: "T"},
		{Name: "exponent", Align: table.Decimal}, {Name: "95% interval"}, {Name: "prefactor", Align: table.Right}, {Name: "P of the fit", Align: table.Right}}}
	for _, r := range rates {
		fit := table.Text("-")
		if r.Rate.Fit != nil {
			fit = table.Number(r.Rate.Fit.P, 2)
		}
		t.Add(table.Text(r.Name), table.Text(fmt.Sprintf("%.0f to %.0f", r.Lengths[0], r.Lengths[len(r.Lengths)-1])), table.Fixed(r.Rate.Exponent, 3),
			table.Text(fmt.Sprintf("[%.3f, %.3f]", r.Rate.Interval.Lo, r.Rate.Interval.Hi)), table.Number(r.Rate.Prefactor, 3), fit)
	}
	t.Note("least squares on logarithms, weighted by the standard errors where there are any; P: chi-square test of the power law itself")
	return Result{t, true}
}
