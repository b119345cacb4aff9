package reference

import (
	"math"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// normals is n standard normal values from a stream of their own.
func normals(step uint64, n int) []float64 {
	s := stream.New(stream.Key{Seed: 11, Purpose: stream.Law, Step: step})
	v := make([]float64, n)
	for i := range v {
		v[i] = s.Normal()
	}
	return v
}

// against is a contrast of standard normal values whose official mean is off by
// so many standard errors of the difference.
func against(errors float64) contrast {
	c := contrast{name: "c", ours: normals(0, 4096), officialN: 4096, deviation: 1}
	c.official = average(c.ours) + errors*math.Sqrt(2.0/4096)
	return c
}

func TestAContrastFailsBeyondTheLimitOfTheZTest(t *testing.T) {
	// One row of one entry at 1e-7: the limit is 5.33 standard errors; the margin
	// of 9.5 minus 3.09 for the interval is 6.4. The sample's own deviation is
	// within 4/sqrt(8192) = 4% of 1 (four standard errors).
	for errors, pass := range map[float64]bool{0: true, 5.0: true, -5.0: true, 5.7: false, -5.7: false, 100: false} {
		row := statistical("q", []contrast{against(errors)}, 1)
		require.Equal(t, pass, row.Pass, "%g: %+v", errors, row)
		require.Equal(t, Statistical, row.Tier)
	}
	require.Contains(t, statistical("q", []contrast{against(5.7)}, 1).Note, "different: |z| = 5.")
	require.Contains(t, statistical("q", []contrast{against(7)}, 1).Note, "undecided")
	require.Contains(t, statistical("q", []contrast{against(20)}, 1).Note, "different: difference")
}

func TestAContrastWithMoreSpreadThanExpectedIsUndecided(t *testing.T) {
	c := against(0)
	c.deviation = 0.25 // the margin is 9.5/4 standard errors: less than the interval's 3.09
	row := statistical("q", []contrast{c}, 1)
	requireJudged(t, false, row, "a deviation of a quarter")
	require.Contains(t, row.Note, "undecided")
}

func TestOneBadEntryOfAGroupFailsTheRow(t *testing.T) {
	group := []contrast{against(0), against(-1), against(8)}
	group[2].name = "the third"
	row := statistical("q", group, 1)
	requireJudged(t, false, row, "one bad entry of three")
	require.Contains(t, row.Note, "the third")
	require.Equal(t, 3, row.Values)
	require.NoError(t, close.Within(row.MaxAbs, 8*math.Sqrt(2.0/4096), 1e-12, 0))
}

func TestConstantsAreComparedToTheRoundingOfFloat32(t *testing.T) {
	constant := make([]float64, 100)
	for i := range constant {
		constant[i] = 0.75
	}
	c := contrast{name: "c", ours: constant, officialN: 100, deviation: 1}
	for off, pass := range map[float64]bool{0: true, 0x1p-21: true, 0x1p-19: false, 0.1: false} {
		c.official = 0.75 + off
		require.Equal(t, pass, statistical("q", []contrast{c}, 1).Pass, "off by %g", off)
	}
}

func TestWhatIsNotANumberFails(t *testing.T) {
	for _, v := range []float64{math.NaN(), math.Inf(1)} {
		c := against(0)
		c.ours[7] = v
		requireJudged(t, false, statistical("q", []contrast{c}, 1), "contrast %v", c)
	}
}

// TestTheDifferenceHasItsStandardError: with both means random, z has variance
// 1, so the sum of z^2 over 300 repetitions is chi-square with 300 degrees of
// freedom, within 300 +- 4.9 sqrt(600) but for 1e-6.
func TestTheDifferenceHasItsStandardError(t *testing.T) {
	sum := 0.0
	const repetitions = 300
	for r := range uint64(repetitions) {
		c := contrast{ours: normals(2*r, 200), official: average(normals(2*r+1, 50)), officialN: 50, deviation: 1}
		e, err := c.equivalence()
		require.NoError(t, err)
		sum += e.Diff * e.Diff / (e.StdErr * e.StdErr)
	}
	require.Less(t, math.Abs(sum-repetitions), 4.9*math.Sqrt(2*repetitions))
}
