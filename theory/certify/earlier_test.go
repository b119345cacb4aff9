package certify

import (
	"testing"

	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// Small triangles of rows at three places of the set of all rows.
func TestInformationNeedsRowsThatDifferAndOverlap(t *testing.T) {
	const h = Unit / 64
	at := func(x, y uint16) (v corner) { v[0], v[1], v[2] = x, y, Unit-x-y; return v }
	triangle := func(x, y uint16) simplex { return simplex{at(x, y), at(x+h, y), at(x, y+h)} }
	inside, other := triangle(Unit/4, Unit/4), triangle(Unit/2, Unit/4)
	toZero, toOne := simplex{at(Unit, 0), at(Unit-h, h), at(Unit-h, 0)}, simplex{at(0, Unit), at(h, Unit-h), at(0, Unit-h)}
	toTwo, notOne := triangle(0, 0), simplex{at(Unit/2, 0), at(Unit/2+h, 0), at(Unit/2, h)}
	for _, c := range []struct {
		name string
		rows [maxTokens]simplex
		want verdict.Verdict
	}{
		{"one row differs", [maxTokens]simplex{inside, inside, other}, verdict.Holds},
		{"all rows may be equal", [maxTokens]simplex{inside, inside, inside}, verdict.Undecided},
		{"a row apart, overlapping", [maxTokens]simplex{toZero, inside, inside}, verdict.Holds},
		{"the cycle, where positions three apart tie", [maxTokens]simplex{toOne, toTwo, toZero}, verdict.Undecided},
		{"a row without overlap", [maxTokens]simplex{toOne, notOne, notOne}, verdict.Undecided},
		{"the same, other places", [maxTokens]simplex{notOne, toOne, notOne}, verdict.Undecided},
		{"connected through the third row", [maxTokens]simplex{toOne, notOne, inside}, verdict.Holds},
	} {
		require.Equal(t, c.want, proofOf(Region{Forest: chainForest(t, 6), Tokens: 3}, c.rows).verdict, c.name)
	}
}
