package certify

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Small triangles of rows at three places of the set of all rows.
func TestInformationNeedsRowsThatDifferAndOverlap(t *testing.T) {
	const h = unit / 64
	at := func(x, y uint16) (v corner) { v[0], v[1], v[2] = x, y, unit-x-y; return v }
	triangle := func(x, y uint16) simplex { return simplex{at(x, y), at(x+h, y), at(x, y+h)} }
	inside, other := triangle(unit/4, unit/4), triangle(unit/2, unit/4)
	toZero, toOne := simplex{at(unit, 0), at(unit-h, h), at(unit-h, 0)}, simplex{at(0, unit), at(h, unit-h), at(0, unit-h)}
	toTwo, notOne := triangle(0, 0), simplex{at(unit/2, 0), at(unit/2+h, 0), at(unit/2, h)}
	for _, c := range []struct {
		name string
		rows [maxTokens]simplex
		want Verdict
	}{
		{"one row differs", [maxTokens]simplex{inside, inside, other}, Holds},
		{"all rows may be equal", [maxTokens]simplex{inside, inside, inside}, Undecided},
		{"a row apart, overlapping", [maxTokens]simplex{toZero, inside, inside}, Holds},
		{"the cycle, where positions three apart tie", [maxTokens]simplex{toOne, toTwo, toZero}, Undecided},
		{"a row without overlap", [maxTokens]simplex{toOne, notOne, notOne}, Undecided},
		{"the same, other places", [maxTokens]simplex{notOne, toOne, notOne}, Undecided},
		{"connected through the third row", [maxTokens]simplex{toOne, notOne, inside}, Holds},
	} {
		p := newProver(Region{Forest: chainForest(t, 6), Tokens: 3})
		v, err := p.informationVerdict(&cell{rows: c.rows})
		require.NoError(t, err)
		require.Equal(t, c.want, v, c.name)
	}
}
