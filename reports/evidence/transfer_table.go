package evidence

import (
	"fmt"
	"math"
	"strings"

	"causalgrad/impl/measure"
	"causalgrad/reports/table"

	"gonum.org/v1/gonum/stat/distuv"
)

// TransferTables shows the transfer of the mechanism: relabelled tokens, and
// chains by their spectrum. The forests of one experiment are a row together.
// None without runs.
func TransferTables(runs []Transfer) []table.Table {
	if len(runs) == 0 {
		return nil
	}
	groups := transferGroups(runs)
	results := []table.Table{relabellingTable(groups)}
	if spectra := spectraTable(groups); len(spectra.Rows) > 0 {
		results = append(results, spectra)
	}
	return results
}

// transferGroup is the runs of one experiment.
type transferGroup struct {
	name string
	runs []Transfer
}

func transferGroups(runs []Transfer) []transferGroup {
	var groups []transferGroup
	at := map[string]int{} // only looked up
	for _, r := range runs {
		name := numbered.ReplaceAllString(r.Run, "")
		i, known := at[name]
		if !known {
			i = len(groups)
			at[name], groups = i, append(groups, transferGroup{name: name})
		}
		groups[i].runs = append(groups[i].runs, r)
	}
	for i, g := range groups {
		switch n := len(g.runs); n {
		case 1:
			groups[i].name = g.runs[0].Run
		default:
			groups[i].name = fmt.Sprintf("%s, %d runs", g.name, n)
		}
	}
	return groups
}

// collect gathers one number of every run that has it.
func collect[T any](from []T, value func(T) measure.Mean) measure.Mean {
	var means []measure.Mean
	for _, v := range from {
		means = append(means, value(v))
	}
	return overRuns(means)
}

func relabellingTable(groups []transferGroup) table.Table {
	t := table.Table{ID: "transfer-relabelling", Title: "Transfer of trained models to the same sequences with their tokens relabelled", Columns: []table.Column{
		{Name: "run"}, {Name: "prior"}, {Name: "defect", Align: table.Decimal}, {Name: "95% interval"}, {Name: "largest", Align: table.Decimal},
		{Name: "loss change", Align: table.Decimal}, {Name: "absolute", Align: table.Decimal}, {Name: "to count", Align: table.Decimal}}}
	sequences, permutations := 0, 0
	for _, g := range groups {
		for i := range g.runs[0].Relabelling {
			var own []measure.Relabelling
			largest := 0.0
			for _, r := range g.runs {
				if i < len(r.Relabelling) {
					own = append(own, r.Relabelling[i])
					largest = max(largest, r.Relabelling[i].Worst)
				}
			}
			sequences, permutations = own[0].Sequences, max(permutations, own[0].Permutations)
			defect := collect(own, func(r measure.Relabelling) measure.Mean { return r.Defect })
			t.Add(table.Text(g.name), table.Text(own[0].Prior), measured(defect), intervalCell(defect, len(own)), table.Number(largest, 2),
				measured(collect(own, func(r measure.Relabelling) measure.Mean { return r.LossChange })),
				measured(collect(own, func(r measure.Relabelling) measure.Mean { return r.LossShift })),
				measured(collect(own, func(r measure.Relabelling) measure.Mean { return r.CountDistance })))
		}
	}
	t.Note("defect: max_s |f(relabelled x) at s's new name - f(x) at s|, 0 for a model that treats tokens alike; largest: over sequences, relabellings and runs; relabelling the sequences is the same as relabelling the weights")
	t.Note("loss change (nats): loss on the relabelled sequences minus that on the same sequences, paired, and the mean of its absolute value; to count: max_s |f - count estimator|, a yardstick")
	t.Note(fmt.Sprintf("%d fresh sequences, each under up to %d relabellings; standard errors over sequences, of several runs over runs (the first seed of each)", sequences, permutations))
	return t
}

// intervalCell is the 95% interval: of one run over its sequences (normal), of
// several over the runs (Student's t).
func intervalCell(m measure.Mean, runs int) table.Cell {
	const upper = 0.975
	width := distuv.UnitNormal.Quantile(upper) * m.StdErr
	if runs > 1 {
		width = distuv.StudentsT{Sigma: 1, Nu: float64(runs - 1)}.Quantile(upper) * m.StdErr
	}
	// A digit of the half-width, three to six decimals.
	decimals := 3
	if width > 0 {
		decimals = max(decimals, min(6, -int(math.Floor(math.Log10(width)))))
	}
	return table.Text(fmt.Sprintf("[%.*f, %.*f]", decimals, m.Value-width, decimals, m.Value+width))
}

func spectraTable(groups []transferGroup) table.Table {
	t := table.Table{ID: "transfer-spectra", Title: "Transfer of trained models to chains of other spectra (nats)", Columns: []table.Column{
		{Name: "run"}, {Name: "chains"}, {Name: "n", Align: table.Right}, {Name: "|l2|", Align: table.Decimal},
		{Name: "loss - L*", Align: table.Decimal}, {Name: "95% interval"}, {Name: "count - L*", Align: table.Decimal},
		{Name: "loss - count", Align: table.Decimal}, {Name: "sup error", Align: table.Decimal}, {Name: "count's sup error", Align: table.Decimal}}}
	pool := ""
	for _, g := range groups {
		if g.runs[0].Spectra == nil {
			continue
		}
		for _, first := range g.runs[0].Spectra.Bands {
			pool = strings.Join(g.runs[0].Spectra.Pool, ", ")
			own, sequences := []measure.SpectralBand{}, 0
			for _, r := range g.runs {
				for _, b := range r.Spectra.Bands {
					if b.Kind == first.Kind && b.Name == first.Name {
						own, sequences = append(own, b), sequences+b.Sequences
					}
				}
			}
			value := func(of func(measure.SpectralBand) measure.Mean) measure.Mean { return collect(own, of) }
			gap := value(func(b measure.SpectralBand) measure.Mean { return b.Gap })
			t.Add(table.Text(g.name), table.Text(bandName(first)), table.Integer(sequences),
				table.Fixed(value(func(b measure.SpectralBand) measure.Mean { return b.Second }).Value, 3), measured(gap), intervalCell(gap, len(own)),
				measured(value(func(b measure.SpectralBand) measure.Mean { return b.CountGap })),
				measured(value(func(b measure.SpectralBand) measure.Mean { return b.Over })),
				measured(value(func(b measure.SpectralBand) measure.Mean { return b.SupError })),
				measured(value(func(b measure.SpectralBand) measure.Mean { return b.CountSup })))
		}
	}
	t.Note("n: sequences; l2: the chain's second eigenvalue; rank: the effective rank (sum s^2)^2 / sum s^4 over the singular values s of the normalised, centred chain, as a share of 1 to S - 1; every chain is in one band of each kind, but those of rank one in the first alone")
	t.Note("the same number of sequences each from " + pool + "; count: the count estimator with the training prior's pseudo-count, on the same sequences; sup error: mean of max_s |f_s - y_s|; standard errors over sequences, of several runs over runs")
	return t
}

func bandName(b measure.SpectralBand) string {
	switch b.Kind {
	case "effective rank":
		return "rank: " + b.Name
	case "second eigenvalue":
		return "l2 " + b.Name
	}
	return b.Name
}
