package condition

import (
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// differences are a comparison along one edge into child 2, known exactly, of a matrix
// with the given largest magnitude.
func differences(scale float64, lead ...float64) *comparison {
	l := &comparison{edges: []graph.Edge{{Parent: 1, Child: 2}}, lead: [][]moment{make([]moment, len(lead))}}
	for k, v := range lead {
		l.lead[0][k].add(v)
	}
	l.scale.add(scale)
	return l
}

// TestRowVerdictsAroundTheRounding: a difference counts where it is beyond the
// rounding of the largest entry, and on the border it does not.
func TestRowVerdictsAroundTheRounding(t *testing.T) {
	const scale = 8.0 // a power of two: tie*scale is exact
	doubt := float64(tie*scale) + noise
	for _, c := range []struct {
		name       string
		first      float64 // the parent's lead over position 0; over itself it is 1
		argmax     int
		verdict    verdict.Verdict
		competitor int
	}{
		{"clear", 1.5 * doubt, 1, verdict.Holds, 0},
		{"border", doubt, 1, verdict.Undecided, 0},
		{"equal", 0, 1, verdict.Undecided, 0},
		{"border below", -doubt, 0, verdict.Undecided, 0},
		{"below", -1.5 * doubt, 0, verdict.Fails, 0},
		{"two equally close", 1, 1, verdict.Holds, 0},
	} {
		row := differences(scale, c.first, 0, 1).table(true).Rows[0]
		require.Equal(t, Row{Child: 2, Parent: 1, Argmax: c.argmax, Competitor: c.competitor, Margin: c.first, Verdict: c.verdict}, row, c.name)
	}
}

func TestChanceByHand(t *testing.T) {
	require.Equal(t, 0.75, Table{Rows: []Row{{Child: 1}, {Child: 3}}}.Chance())
}
