package evidence

import (
	"fmt"

	"causalgrad/reports/table"
)

// DecayTable shows how quantities fall, a row a pair of neighbouring lengths.
func DecayTable(all []Decay) table.Table {
	t := table.Table{ID: "rates", Title: "How fast errors fall with T: local exponents between neighbouring lengths", Columns: []table.Column{
		{Name: "quantity"}, {Name: "seeds", Align: table.Right}, {Name: "from T", Align: table.Right}, {Name: "to T", Align: table.Right},
		{Name: "exponent", Align: table.Decimal}, {Name: "joint 95% interval"}, {Name: "a single power"}}}
	for _, d := range all {
		seeds, power := table.Integer(d.Seeds), table.Text("-")
		switch {
		case d.StdErr == nil:
			seeds = table.Text("exact")
		case d.Power != nil:
			power = table.Text(fmt.Sprintf("%.3f, [%.3f, %.3f], P %.2g", d.Power.Exponent, d.Power.Interval.Lo, d.Power.Interval.Hi, *d.P))
		case d.P != nil:
			power = table.Text(fmt.Sprintf("none, P %.2g", *d.P))
		}
		for _, l := range d.Local {
			exponent, interval := table.Fixed(l.Exponent, 3), table.Text("exact")
			if l.Interval != nil {
				exponent, interval = table.Measured(l.Exponent, l.StdErr), table.Text(fmt.Sprintf("[%.3f, %.3f]", l.Interval.Lo, l.Interval.Hi))
			}
			t.Add(table.Text(d.Name()), seeds, table.Integer(int(l.From)), table.Integer(int(l.To)), exponent, interval, power)
		}
	}
	t.Note("exponent: log of the ratio of the values over log of the ratio of the lengths; its error is over the test sequences of one seed, or between several seeds (Student's t); the intervals hold for all exponents of a quantity at once (Bonferroni); exact values have none")
	t.Note("a single power: its exponent and 95% interval, where a test at level 5% does not reject one power over all lengths (of one seed chi-square, of several t tests of the changes of the local exponents, Bonferroni)")
	for _, d := range all {
		for _, w := range d.Warnings {
			t.Note(d.Name() + ": " + w)
		}
	}
	return t
}
