package evidence

import (
	"causalgrad/impl/measure"
	"causalgrad/reports/table"
)

// tooFewSteps stands for the share of right argmaxes of attention that has hardly
// moved.
const tooFewSteps = "too few steps"

// flatNote explains tooFewSteps.
const flatNote = tooFewSteps + ": every weight on a parent is still within a tenth of the uniform one, so where a row is largest is an accident"

// argmaxRight is the share of the edges whose row's argmax is the parent, as a
// cell and in words.
func argmaxRight(e measure.Edges, share float64) (cell table.Cell, words string) {
	if e.Flat() {
		return table.Text(tooFewSteps), tooFewSteps + " to tell an argmax"
	}
	cell = table.Fixed(share, 3)
	return cell, "argmax right on a share of " + cell.String() + " of the edges"
}
