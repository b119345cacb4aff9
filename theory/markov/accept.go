package markov

import (
	"fmt"
	"math"
	"slices"
)

// acceptor decides whether the rows of a file are distributions, and divides
// those by their sums that miss 1 for a known reason.
type acceptor struct {
	divide   bool    // whatever the rows sum to
	rounding float64 // unit of the file's numbers; 0: float64, or float32 where every number is one
	place    string
	lines    []int // of the rows in the file, where it is text
}

// accept changes rows in place and says in a note what it did, if anything.
// What it leaves alone is for NewChain to judge.
func (a acceptor) accept(rows [][]float64) (note string, err error) {
	for i, row := range rows {
		if len(row) != len(rows) {
			return "", fmt.Errorf("%s%s: %d entries, want %d, the number of rows", a.place, a.row(i), len(row), len(rows))
		}
	}
	sums := make([]float64, len(rows))
	worst := 0.0
	for i, row := range rows {
		for b, v := range row {
			if !(v >= 0) || math.IsInf(v, 0) {
				return "", fmt.Errorf("%s%s[%d] = %v, want a probability", a.place, a.row(i), b, v)
			}
			sums[i] += v
		}
		worst = math.Max(worst, math.Abs(sums[i]-1))
	}
	if worst <= rowSumTolerance {
		return "", nil
	}
	if columnStochastic(rows) {
		return "", fmt.Errorf("%sthe columns sum to 1, not the rows: row a of a chain holds P(b | a) for every b: transpose the matrix", a.place)
	}
	if a.divide {
		if totals(rows) {
			return "", fmt.Errorf("%sthe last row and the last column are the sums of the others: leave these totals out", a.place)
		}
		for i, sum := range sums {
			if !(sum > 0) || math.IsInf(sum, 0) {
				return "", fmt.Errorf("%s%s sums to %v and cannot be normalised", a.place, a.row(i), sum)
			}
		}
		divide(rows, sums)
		return "rows are divided by their sums", nil
	}
	rounding := a.rounding
	if rounding == 0 && single(rows) {
		rounding = 0x1p-24
	}
	// Each of S numbers of a row is off by at most the unit times itself, and a
	// softmax or a division in that precision is off by the rounding of a sum.
	if bound := float64(len(rows)) * rounding; worst <= bound {
		divide(rows, sums)
		return fmt.Sprintf("rows sum to 1 within the rounding of %s, %d x 2^%d, and are renormalised",
			map[float64]string{0x1p-24: "float32", 0x1p-11: "float16"}[rounding], len(rows), int(math.Log2(rounding))), nil
	}
	for i, sum := range sums {
		if math.Abs(sum-1) > rowSumTolerance {
			return "", fmt.Errorf("%s%s: sums to %.12g, want 1: counts, percentages and rounded decimals are divided by their sums with --normalise",
				a.place, a.row(i), sum)
		}
	}
	return "", nil
}

func (a acceptor) row(i int) string {
	if i < len(a.lines) && a.place == "" {
		return fmt.Sprintf("line %d: chain[%d]", a.lines[i], i)
	}
	return fmt.Sprintf("chain[%d]", i)
}

// columnStochastic tells whether every column sums to 1, as decimals and
// float32 files know it: rows that do not are then no accident.
func columnStochastic(rows [][]float64) bool {
	for b := range rows {
		sum := 0.0
		for _, row := range rows {
			sum += row[b]
		}
		if !(math.Abs(sum-1) <= rowSumTolerance+float64(float64(len(rows))*0x1p-24)) {
			return false
		}
	}
	return true
}

// totals tells whether the last row and the last column are the sums of the others,
// of more than one each.
func totals(rows [][]float64) bool {
	last := len(rows) - 1
	if last < 2 {
		return false
	}
	below := make([]float64, last+1)
	for _, row := range rows[:last] {
		across := 0.0
		for b, v := range row {
			below[b] += v
			if b < last {
				across += v
			}
		}
		if across != row[last] {
			return false
		}
	}
	return slices.Equal(below, rows[last])
}

// single tells whether every number is a float32.
func single(rows [][]float64) bool {
	for _, row := range rows {
		for _, v := range row {
			if v != float64(float32(v)) {
				return false
			}
		}
	}
	return true
}

func divide(rows [][]float64, sums []float64) {
	for i, row := range rows {
		for b := range row {
			row[b] /= sums[i]
		}
	}
}
