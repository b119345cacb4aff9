package evidence

import (
	"fmt"
	"math"

	"causalgrad/golden/stat"
	"causalgrad/reports/table"
)

// Tables show the first seed's ladder, its errors on other priors, and where there
// are several seeds what one more would give.
func (a Algorithm1) Tables() []table.Table {
	all := []table.Table{a.Ladders[0].Table(), a.Ladders[0].ShiftedTable()}
	if len(a.Ladders) > 1 {
		all = append(all, a.SeedTable())
	}
	return all
}

// Answer says from where to where the loss falls, how fast, and whether stage 1 finds
// the parents.
func (a Algorithm1) Answer() string {
	lengths, gap := a.Gap.Lengths, a.Gap
	last, least := len(lengths)-1, math.Inf(1)
	for _, l := range a.Ladders {
		for _, p := range l.Points {
			least = math.Min(least, p.First.Min)
		}
	}
	rate := fmt.Sprintf("local exponents from %.2f to %.2f", gap.Local[0].Exponent, gap.Local[len(gap.Local)-1].Exponent)
	switch {
	case gap.Power != nil:
		rate = fmt.Sprintf("as T^%.2f (95%% interval %.2f to %.2f)", gap.Power.Exponent, gap.Power.Interval.Lo, gap.Power.Interval.Hi)
	case gap.P != nil:
		rate = fmt.Sprintf("as no single power of T (P %.2g), ", *gap.P) + rate
	}
	return fmt.Sprintf("Algorithm 1 ends %s nats above L* at T = %g and %s at T = %g, %s; after stage 1 the attention on a parent is "+
		"at least %.4f.",
		table.Measured(gap.Values[0], gap.StdErr[0]), lengths[0], table.Measured(gap.Values[last], gap.StdErr[last]), lengths[last], rate, least)
}

// Table shows the ladder's losses and what the two stages left.
func (l Ladder) Table() table.Table {
	t := table.Table{ID: "algorithm-1", Title: "Algorithm 1 on the chain, S = 3, Dirichlet(1): L - L* (nats)", Columns: []table.Column{
		{Name: "T", Align: table.Right}, {Name: "loss", Align: table.Decimal}, {Name: "L*", Align: table.Decimal},
		{Name: "L - L*", Align: table.Decimal},
		{Name: "T (L - L*)", Align: table.Decimal}, {Name: "elsewhere", Align: table.Decimal}, {Name: "ours - elsewhere", Align: table.Decimal},
		{Name: "attention on the parents after stage 1", Align: table.Decimal}, {Name: "smallest", Align: table.Decimal},
		{Name: "A2's residual", Align: table.Decimal}}}
	for _, p := range l.Points {
		gap, elsewhere, difference := p.Losses.Gap, table.Text("-"), table.Text("-")
		if v, ok := observed[p.Length]; ok {
			elsewhere, difference = table.Number(v, 2), table.Fixed(gap.Value-v, 4)
		}
		t.Add(table.Integer(p.Length), measured(p.Losses.Loss), measured(p.Losses.Irreducible), measured(gap),
			table.Measured(float64(p.Length)*gap.Value, float64(p.Length)*gap.StdErr), elsewhere, difference,
			table.Fixed(p.First.Mean, 4), table.Fixed(p.First.Min, 4), table.Number(p.Residual, 2))
	}
	c := Algorithm1Config(1, l.Seed)
	t.Note(fmt.Sprintf("beta0 %v, one step on A1 at rate 1000 T^2, %d steps on A2 at rate %v, eps %v, batch %d, seed %d; L on 16384 "+
		"fresh sequences; elsewhere: seen in an independent replication, two digits; residual: what A2 has after stage 2 beside a "+
		"multiple of the identity and a constant, relative",
		c.Beta0, c.Steps2, c.Rate2, c.Eps, c.Batch, l.Seed))
	t.Note(fmt.Sprintf("eps inside the logarithm lowers the loss by up to log(1 + S eps) = %.4f: where L - L* comes near that, it "+
		"falls faster than without eps", math.Log(1+3*c.Eps)))
	return t
}

// ShiftedTable shows the sup-norm errors on shifted chains over the ladder:
// theorem 2 says that they vanish as T grows.
func (l Ladder) ShiftedTable() table.Table {
	t := table.Table{ID: "algorithm-1-shifted", Title: "Losses of Algorithm 1 on chains outside the training prior (nats)",
		Columns: []table.Column{
			{Name: "test prior"}, {Name: "T", Align: table.Right}, {Name: "loss", Align: table.Decimal}, {Name: "L*", Align: table.Decimal},
			{Name: "L - L*", Align: table.Decimal},
			{Name: "sup error", Align: table.Decimal}, {Name: "of the count", Align: table.Decimal}}}
	for i, text := range algorithm1Shifted {
		for _, p := range l.Points {
			l := p.Shifted[i]
			t.Add(table.Text(text), table.Integer(p.Length), measured(l.Loss), measured(l.Irreducible), measured(l.Gap), measured(l.SupError),
				measured(l.CountSup))
		}
	}
	t.Note("sup error: mean of max_s |f_s - pi(s_T, s)| over 4096 fresh sequences")
	return t
}

// Over is a number of the runs at one length, over the seeds.
func (a Algorithm1) Over(i int, number func(Algorithm1Point) float64) []float64 {
	var values []float64
	for _, l := range a.Ladders {
		values = append(values, number(l.Points[i]))
	}
	return values
}

// SeedTable shows, of several seeds, the mean and where one more is expected.
func (a Algorithm1) SeedTable() table.Table {
	t := table.Table{ID: "algorithm-1-seeds",
		Title: fmt.Sprintf("Algorithm 1 over %d seeds: the mean, and 95%% prediction intervals of one more seed", len(a.Ladders)),
		Columns: []table.Column{
			{Name: "T", Align: table.Right}, {Name: "L - L*", Align: table.Decimal}, {Name: "one more seed's L - L*"},
			{Name: "smallest attention", Align: table.Decimal}, {Name: "one more seed's attention"},
			{Name: "A2's residual", Align: table.Decimal}, {Name: "one more seed's residual"}}}
	for i, p := range a.Ladders[0].Points {
		row := []table.Cell{table.Integer(p.Length)}
		for _, number := range []func(Algorithm1Point) float64{
			func(p Algorithm1Point) float64 { return p.Losses.Gap.Value },
			func(p Algorithm1Point) float64 { return p.First.Min },
			func(p Algorithm1Point) float64 { return p.Residual },
		} {
			row = append(row, predicted(a.Over(i, number), 4)...)
		}
		t.Add(row...)
	}
	t.Note("in parentheses the standard error of the mean over seeds; intervals: Student's t with one degree of freedom less than " +
		"there are seeds, of one more seed and its own test sequences")
	return t
}

// predicted are the cells of a mean over seeds and of one more seed's interval.
func predicted(values []float64, decimals int) []table.Cell {
	p, err := stat.PredictionInterval(values, stat.RateConfidence)
	if err != nil { // all equal: nothing is known of their noise
		return []table.Cell{table.Fixed(values[0], decimals), table.Text("-")}
	}
	return []table.Cell{table.Measured(p.Mean, p.StdErr),
		table.Text(fmt.Sprintf("[%.*f, %.*f]", decimals, p.Interval.Lo, decimals, p.Interval.Hi))}
}
