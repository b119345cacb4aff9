package evidence

import (
	"math"
	"slices"

	"causalgrad/golden/reference"
	"causalgrad/reports/table"
)

// Agreement is the comparison with files of official values, a report a file.
type Agreement []reference.Report

// Agree verifies every file of official values that ships with the program.
func Agree() (Agreement, error) {
	var a Agreement
	for _, name := range reference.Files() {
		report, err := reference.Verify(name, reference.Options{})
		if err != nil {
			return nil, err
		}
		a = append(a, report)
	}
	return a, nil
}

// Pass tells whether every file does.
func (a Agreement) Pass() bool {
	return !slices.ContainsFunc(a, func(r reference.Report) bool { return !r.Pass() })
}

// TierAgreement is what one file says in one kind of comparison.
type TierAgreement struct {
	File       string
	Tier       reference.Tier
	Quantities int
	Values     int
	Worst      reference.Row // with the largest relative error
	Pass       bool
}

// Tiers sums the files up by kind of comparison.
func (a Agreement) Tiers() []TierAgreement {
	var all []TierAgreement
	for _, report := range a {
		for _, tier := range []reference.Tier{reference.Rounding, reference.Exact, reference.Statistical, reference.Information} {
			t := TierAgreement{File: report.File, Tier: tier, Pass: true}
			for _, row := range report.Rows {
				if row.Tier != tier {
					continue
				}
				t.Quantities, t.Values, t.Pass = t.Quantities+1, t.Values+row.Values, t.Pass && row.Pass
				if t.Quantities == 1 || row.MaxRel > t.Worst.MaxRel || math.IsNaN(row.MaxRel) {
					t.Worst = row
				}
			}
			if t.Quantities > 0 {
				all = append(all, t)
			}
		}
	}
	return all
}

// Table has a row a file and kind of comparison: the largest error of each.
func (a Agreement) Table() table.Table {
	t := table.Table{ID: "agreement", Title: "Agreement with the official implementation's values", Columns: []table.Column{
		{Name: "file"}, {Name: "comparison"}, {Name: "quantities", Align: table.Right}, {Name: "values", Align: table.Right},
		{Name: "largest relative error", Align: table.Right}, {Name: "its tolerance", Align: table.Right}, {Name: "verdict"}}}
	for _, row := range a.Tiers() {
		tolerance, verdict := table.Number(row.Worst.Tolerance, 2), passed(row.Pass)
		switch row.Tier {
		case reference.Information:
			tolerance, verdict = table.Text("-"), table.Text("known")
		case reference.Statistical, reference.Exact:
			tolerance = table.Text("-") // in the quantity's own unit: see verify
		}
		t.Add(table.Text(row.File), table.Text(string(row.Tier)), table.Integer(row.Quantities), table.Integer(row.Values),
			table.Number(row.Worst.MaxRel, 2), tolerance, verdict)
	}
	t.Note("rounding: the same formula in the same arithmetic; exact: whole numbers and copies; statistical: fresh sequences on both sides, equivalence tests; information: known deviations of the official code from exact values, its own wrap and its stationary distributions, reported and not judged")
	t.Note("causalgrad verify prints every quantity with its derivation and notes")
	return t
}

// QuantityTable has a row a quantity.
func (a Agreement) QuantityTable() table.Table {
	t := table.Table{ID: "verification", Title: "Values of the files compared with this implementation's", Columns: []table.Column{
		{Name: "file"}, {Name: "quantity"}, {Name: "tier"}, {Name: "values", Align: table.Right},
		{Name: "max abs", Align: table.Right}, {Name: "max rel", Align: table.Right},
		{Name: "tolerance", Align: table.Right}, {Name: "verdict"}}}
	for _, report := range a {
		for _, row := range report.Rows {
			quantity, verdict := table.Text(row.Quantity), passed(row.Pass)
			tolerance := table.Number(row.Tolerance, 2)
			if row.Tier == reference.Information {
				verdict, tolerance = table.Text("known"), table.Text("-")
			}
			if row.Note != "" {
				quantity = quantity.WithNote(t.Note(row.Note))
			}
			t.Add(table.Text(report.File), quantity, table.Text(string(row.Tier)), table.Integer(row.Values),
				table.Number(row.MaxAbs, 2), table.Number(row.MaxRel, 2), tolerance, verdict)
		}
	}
	return t
}
