package reference

import (
	"math"

	"causalgrad/theory/close"
)

// Tier says what kind of comparison a row is.
type Tier string

// The tiers of the package comment; Exact rows compare whole numbers and
// copies, which have no rounding.
const (
	Exact       Tier = "exact"
	Rounding    Tier = "rounding"
	Statistical Tier = "statistical"
	Information Tier = "information"
)

// Row is one quantity of a file beside ours. A row with a value that is not a
// number has NaN errors and does not pass.
type Row struct {
	Quantity string `json:"quantity"`
	Tier     Tier   `json:"tier"`
	// Values is how many numbers were compared.
	Values int `json:"values"`
	// MaxAbs is the largest absolute difference, in the quantity's unit. MaxRel
	// is the largest over the arrays of max|difference|/max|wanted|; of gradients the
	// divisor is at least what backpropagation starts from (see outputGradient).
	MaxAbs float64 `json:"max_abs"`
	MaxRel float64 `json:"max_rel"`
	// Tolerance bounds MaxRel in the rounding tier and MaxAbs in the exact one;
	// in the statistical tier it is the margin of the equivalence, in the
	// quantity's unit. ToleranceWhy derives it.
	Tolerance    float64 `json:"tolerance"`
	ToleranceWhy string  `json:"tolerance_why"`
	Pass         bool    `json:"pass"`
	Note         string  `json:"note,omitempty"`
}

// Report is what a file showed.
type Report struct {
	File string `json:"file"`
	Kind string `json:"kind"`
	Rows []Row  `json:"rows"`
}

// Pass reports whether all rows pass.
func (r Report) Pass() bool { return len(r.Failures()) == 0 }

// Failures lists the rows that do not pass.
func (r Report) Failures() []Row {
	var rows []Row
	for _, row := range r.Rows {
		if !row.Pass {
			rows = append(rows, row)
		}
	}
	return rows
}

// comparison collects the errors of several arrays of one quantity.
type comparison struct {
	values         int
	maxAbs, maxRel float64
	worst          string // the array with the largest relative error
}

// add compares one array. Lengths that differ count as an infinite error.
func (c *comparison) add(name string, got, want []float64) { c.addScaled(name, got, want, 0) }

// addScaled is add with the error relative to scale where that is larger than the
// wanted array: numbers that a computation forms from terms of that size round at
// that size, however small they come out.
func (c *comparison) addScaled(name string, got, want []float64, scale float64) {
	if len(got) != len(want) {
		c.add(name, []float64{math.Inf(1)}, []float64{0})
		return
	}
	c.values += len(want)
	for i := range want {
		c.maxAbs = math.Max(c.maxAbs, math.Abs(got[i]-want[i]))
	}
	if e := relativeError(got, want, scale); e > c.maxRel || (math.IsNaN(e) && !math.IsNaN(c.maxRel)) {
		c.maxRel, c.worst = e, name
	}
}

// relativeError is close.RelativeError with a least scale.
func relativeError(got, want []float64, scale float64) float64 {
	e := close.RelativeError(got, want)
	largest := 0.0
	for _, v := range want {
		largest = math.Max(largest, math.Abs(v))
	}
	if scale > largest {
		if largest > 0 {
			e *= largest
		}
		return e / scale
	}
	return e
}

// rounding is the row of a comparison judged by its relative error.
func (c *comparison) rounding(quantity string, tolerance float64, why string) Row {
	r := Row{Quantity: quantity, Tier: Rounding, Values: c.values, MaxAbs: c.maxAbs, MaxRel: c.maxRel,
		Tolerance: tolerance, ToleranceWhy: why, Pass: c.maxRel <= tolerance}
	if !r.Pass {
		r.Note = "worst in " + c.worst
	}
	return r
}

// exact is the row of a comparison that allows no difference.
func (c *comparison) exact(quantity, why string) Row {
	r := c.rounding(quantity, 0, why)
	r.Tier = Exact
	return r
}

// information is a row that decides nothing.
func (c *comparison) information(quantity, note string) Row {
	return Row{Quantity: quantity, Tier: Information, Values: c.values, MaxAbs: c.maxAbs, MaxRel: c.maxRel, Pass: true, Note: note}
}
