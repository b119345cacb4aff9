package reference

import (
	"encoding/json"
	"math"
	"strconv"
)

// finite is the number that a JSON value holds, if it is one.
func finite(value any) (float64, bool) {
	literal, ok := value.(json.Number)
	if !ok {
		return 0, false
	}
	v, err := literal.Float64()
	return v, err == nil && !math.IsInf(v, 0) && !math.IsNaN(v)
}

// number reads a finite number.
func (n node) number() float64 {
	if n.err != nil {
		return 0
	}
	v, ok := finite(n.value)
	if !ok {
		n.fail("a finite number")
		return 0
	}
	return v
}

// within reads a number in [lo, hi].
func (n node) within(lo, hi float64) float64 {
	v := n.number()
	if n.err == nil && !(v >= lo && v <= hi) {
		n.fail("a number from %g to %g", lo, hi)
	}
	return v
}

// share reads a number in [0, 1], up to the rounding of float32.
func (n node) share() float64 { return n.within(0, 1+0x1p-20) }

// integer reads an integer from lo to hi, written without point or exponent.
func (n node) integer(lo, hi int) int {
	if n.err != nil {
		return lo
	}
	literal, ok := n.value.(json.Number)
	v, err := literal.Int64()
	if !ok || err != nil || v < int64(lo) || v > int64(hi) {
		n.fail("an integer from %d to %d", lo, hi)
		return lo
	}
	return int(v)
}

// text reads a string.
func (n node) text() string {
	if n.err != nil {
		return ""
	}
	s, ok := n.value.(string)
	if !ok {
		n.fail("a string")
	}
	return s
}

// oneOf reads a string that must be one of those given.
func (n node) oneOf(words ...string) string {
	s := n.text()
	for _, w := range words {
		if s == w {
			return s
		}
	}
	n.fail("one of %q", words)
	return s
}

// integers reads a list of integers; length < 0 is any length.
func (n node) integers(length, lo, hi int) []int {
	entries := n.values(length)
	list := make([]int, len(entries))
	for i, v := range entries {
		list[i] = n.entry(i, v).integer(lo, hi)
	}
	return list
}

// vector reads a list of finite numbers; length < 0 is any length.
func (n node) vector(length int) []float64 {
	entries := n.values(length)
	list := make([]float64, len(entries))
	for i, value := range entries {
		v, ok := finite(value)
		if !ok {
			n.entry(i, value).number() // says what is wrong
			return list
		}
		list[i] = v
	}
	return list
}

// matrix reads rows x cols finite numbers.
func (n node) matrix(rows, cols int) [][]float64 {
	entries := n.list(rows)
	list := make([][]float64, len(entries))
	for i, e := range entries {
		list[i] = e.vector(cols)
	}
	return list
}

// flat reads rows x cols finite numbers, row-major.
func (n node) flat(rows, cols int) []float64 {
	var list []float64
	for _, e := range n.list(rows) {
		list = append(list, e.vector(cols)...)
	}
	return list
}

// rowSumTolerance is how far the sum of a probability row may be from 1.
// Files hold float64 rows, within S units of rounding of 1, or float32 ones,
// within S 2^-24 < 2e-6 for S <= 32.
const rowSumTolerance = 1e-5

// probabilities reads rows x cols numbers in [0, 1], each row summing to 1.
func (n node) probabilities(rows, cols int) []float64 {
	var list []float64
	for _, e := range n.list(rows) {
		list = append(list, e.law(cols)...)
	}
	return list
}

// law reads one probability row.
func (n node) law(size int) []float64 {
	row, sum := n.vector(size), 0.0
	for i, v := range row {
		if v < 0 {
			n.at(i).fail("a probability")
		}
		sum += v
	}
	if n.err == nil && !(math.Abs(sum-1) <= rowSumTolerance) {
		n.failed(": sums to " + decimal(sum) + ", want 1")
	}
	return row
}

// decimal is the shortest decimal that reads back to v.
func decimal(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
