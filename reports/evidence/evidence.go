// Package evidence gathers what the reproducibility tables show: it runs or
// reads the experiments, compares them with the official and published values
// and returns tables.
//
// Every cell is computed when it is asked for. It never prints and never
// decides what is reported: a failing comparison is a row like any other.
package evidence

import (
	"causalgrad/reports/table"
	"causalgrad/theory/verdict"
)

// Result is a table with whether everything in it that must hold does.
type Result struct {
	Table table.Table
	Holds bool
}

// passed is the verdict cell of a check.
func passed(ok bool) table.Cell {
	if ok {
		return table.Verdict(verdict.Pass)
	}
	return table.Verdict(verdict.Fail)
}

// holds is the verdict cell of a claim.
func holds(ok bool) table.Cell {
	if ok {
		return table.Verdict(verdict.Holds)
	}
	return table.Verdict(verdict.Fails)
}
