package evidence

import (
	"causalgrad/reports/table"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// SignalLengths is the ladder of the comparison of signal and gradient.
func SignalLengths() []int { return []int{8, 16, 32, 64, 128, 256, 512} }

// signalPriors are finite priors, so that both sides are exact.
var signalPriors = []string{"orbit:3,1", "orbit:1,1"}

// SignalLadders compare the exact first-step gradient with its large-T form on
// chains of growing length (theory/README.md, section 3), a ladder a prior.
type SignalLadders []SignalLadder

// SignalLadder is the comparison on one prior, S = 3.
type SignalLadder struct {
	Prior    string
	Points   []firststep.Comparison // T ascending
	Distance Decay                  // of Comparison.Relative
}

// MeasureSignal computes the ladders.
func MeasureSignal(lengths []int) (SignalLadders, error) {
	var all SignalLadders
	for _, text := range signalPriors {
		prior, err := markov.ParsePrior(text, 3)
		if err != nil {
			return nil, err
		}
		l := SignalLadder{Prior: text}
		if l.Points, err = firststep.Ladder(graph.Chain, prior, lengths, firststep.Options{}); err != nil {
			return nil, err
		}
		var x, y []float64
		for _, c := range l.Points {
			x, y = append(x, float64(c.Length)), append(y, c.Relative)
		}
		if l.Distance, err = exactDecay("gradient's relative distance from the signal", text, x, y); err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

// Decays are how the distances fall.
func (all SignalLadders) Decays() []Decay {
	var decays []Decay
	for _, l := range all {
		decays = append(decays, l.Distance)
	}
	return decays
}

// Table has a row a prior and length.
func (all SignalLadders) Table() table.Table {
	t := table.Table{ID: "signal-ladder", Title: "How large T must be: exact gradient against its large-T form, chain, S = 3", Columns: []table.Column{
		{Name: "prior"}, {Name: "T", Align: table.Right}, {Name: "relative distance", Align: table.Decimal}, {Name: "row by row", Align: table.Decimal},
		{Name: "slope", Align: table.Decimal}, {Name: "row slope", Align: table.Decimal}}}
	for _, l := range all {
		for _, c := range l.Points {
			t.Add(table.Text(l.Prior), table.Integer(c.Length), table.Fixed(c.Relative, 4), table.Fixed(c.RowRelative, 4),
				table.Fixed(c.Slope, 4), table.Fixed(c.RowSlope, 4))
		}
	}
	t.Note("Frobenius norm of the difference over that of the large-T form, prefix rows; row by row: without the factor 1/(S T i); slope: of the regression of the gradient on the form, 1 in the limit")
	return t
}
