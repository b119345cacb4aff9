package infer

import (
	"fmt"

	"causalgrad/theory/graph"
)

// Sequences is N rows of Columns tokens below Tokens, row-major.
type Sequences struct {
	N, Columns, Tokens int
	Data               []uint16
	// Source says where Tokens comes from, for the reader of the answer.
	Source string
}

// Row is sequence n.
func (s Sequences) Row(n int) []uint16 { return s.Data[n*s.Columns : (n+1)*s.Columns] }

// Counts is how often each token occurs.
func (s Sequences) Counts() []int {
	counts := make([]int, s.Tokens)
	for _, v := range s.Data {
		counts[v]++
	}
	return counts
}

// maxCells bounds the numbers of a file.
const maxCells = 1 << 28

// MinSequences is the least number of sequences: below it a t test on these
// skewed products means nothing.
const MinSequences = 20

// checkSize refuses n rows of so many columns that are above the bounds.
func checkSize(n, columns int) error {
	if n*columns > maxCells || columns > graph.MaxSequenceLength+2 { // one more may count the rows
		return fmt.Errorf("more than %d columns or %d numbers", graph.MaxSequenceLength+1, maxCells)
	}
	return nil
}

// checkColumns refuses fewer columns than an edge needs.
func checkColumns(n int) error {
	if n < 4 {
		return fmt.Errorf("%d columns, want at least 4: two positions, the query and the answer", n)
	}
	return nil
}
