package evidence

import (
	"fmt"

	"causalgrad/golden/stat"
	"causalgrad/reports/table"
)

// NamedRate is a power law fitted to a ladder.
type NamedRate struct {
	Name    string    `json:"name"`
	Lengths []float64 `json:"lengths"` // T of the fitted points
	Rate    stat.Rate `json:"rate"`
}

// RateTable shows fitted exponents with their confidence intervals.
func RateTable(rates []NamedRate) table.Table {
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
	return t
}
