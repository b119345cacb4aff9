package evidence

import (
	"math"

	"causalgrad/golden/reference"
	"causalgrad/reports/table"
)

// Agreement verifies every file of official values that ships with the program
// (table a), one row a file and kind of comparison: the largest error of each.
func Agreement() (Result, error) {
	r := Result{Holds: true, Table: table.Table{ID: "agreement", Title: "Agreement with the official implementation's values", Columns: []table.Column{
		{Name: "file"}, {Name: "comparison"}, {Name: "quantities", Align: table.Right}, {Name: "values", Align: table.Right},
		{Name: "largest relative error", Align: table.Right}, {Name: "its tolerance", Align: table.Right}, {Name: "verdict"}}}}
	for _, name := range reference.Files() {
		report, err := reference.Verify(name, reference.Options{})
		if err != nil {
			return Result{}, err
		}
		r.Holds = r.Holds && report.Pass()
		for _, tier := range []reference.Tier{reference.Rounding, reference.Exact, reference.Statistical, reference.Information} {
			addTier(&r.Table, report, tier)
		}
	}
	r.Table.Note("rounding: the same formula in the same arithmetic; exact: whole numbers and copies; statistical: fresh sequences on both sides, equivalence tests; information: known deviations of the official code from exact values, its own wrap and its stationary laws, reported and not judged")
	r.Table.Note("causalgrad verify prints every quantity with its derivation and notes")
	return r, nil
}

// addTier adds the row of one tier of a file, if it has any.
func addTier(t *table.Table, report reference.Report, tier reference.Tier) {
	quantities, values, pass := 0, 0, true
	var worst reference.Row
	for _, row := range report.Rows {
		if row.Tier != tier {
			continue
		}
		quantities, values, pass = quantities+1, values+row.Values, pass && row.Pass
		if quantities == 1 || row.MaxRel > worst.MaxRel || math.IsNaN(row.MaxRel) {
			worst = row
		}
	}
	if quantities == 0 {
		return
	}
	tolerance, verdict := table.Number(worst.Tolerance, 2), passed(pass)
	switch tier {
	case reference.Information:
		tolerance, verdict = table.Text("-"), table.Text("known")
	case reference.Statistical, reference.Exact:
		tolerance = table.Text("-") // in the quantity's own unit: see verify
	}
	t.Add(table.Text(report.File), table.Text(string(tier)), table.Integer(quantities), table.Integer(values),
		table.Number(worst.MaxRel, 2), tolerance, verdict)
}

// Verification tabulates verification reports.
func Verification(reports []reference.Report) Result {
	r := Result{Holds: true, Table: table.Table{ID: "verification", Title: "Comparison with this implementation", Columns: []table.Column{
		{Name: "file"}, {Name: "quantity"}, {Name: "tier"}, {Name: "values", Align: table.Right},
		{Name: "max abs", Align: table.Right}, {Name: "max rel", Align: table.Right},
		{Name: "tolerance", Align: table.Right}, {Name: "verdict"}}}}
	for _, report := range reports {
		r.Holds = r.Holds && report.Pass()
		for _, row := range report.Rows {
			quantity, verdict := table.Text(row.Quantity), passed(row.Pass)
			tolerance := table.Number(row.Tolerance, 2)
			if row.Tier == reference.Information {
				verdict, tolerance = table.Text("known"), table.Text("-")
			}
			if row.Note != "" {
				quantity = quantity.WithNote(r.Table.Note(row.Note))
			}
			r.Table.Add(table.Text(report.File), quantity, table.Text(string(row.Tier)), table.Integer(row.Values),
				table.Number(row.MaxAbs, 2), table.Number(row.MaxRel, 2), tolerance, verdict)
		}
	}
	return r
}
