package runs

import (
	"os"
	"strings"
	"testing"

	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
)

// jumped is the mean deficit below which a seed of forest 0 has jumped: none of the records
// lies between it and 0.115 on one side and 0.122 on the other.
const jumped = 0.12

// TestJumpsAreWhatTheMathematicsSays pins the numbers of theory/README.md, section 7, about
// when edges are learned to the records in jumps and full.
func TestJumpsAreWhatTheMathematicsSays(t *testing.T) {
	records, err := ReadRecords(os.DirFS("jumps"))
	require.NoError(t, err)
	full, err := ReadRecords(os.DirFS("full"))
	require.NoError(t, err)

	seeds := 0
	for _, r := range records {
		if r.Spec.ID != "modes-18" {
			continue
		}
		seeds++
		require.Equal(t, 65536, r.Spec.Steps)
		edges := r.Edges.PositionBlock.Weights
		last := edges[len(edges)-1]
		require.Equal(t, 18, last.Child)
		require.InDelta(t, 0.022, 1-last.Weight, 0.007, "seed %d: a deficit of 0.016 to 0.028, rounded", r.Spec.Seed)
		from, to := largestRise(r)
		if r.Spec.Seed == 11 {
			require.Equal(t, [2]int{16384, 20480}, [2]int{from, to})
		} else {
			require.True(t, from >= 28672 && to <= 40960, "seed %d: its largest rise is from %d to %d", r.Spec.Seed, from, to)
		}
	}
	require.Equal(t, 8, seeds)

	have, of := map[int]int{}, map[int]int{} // only looked up, by batch
	for _, r := range append(records, full...) {
		if strings.HasSuffix(r.Spec.ID, "-00") {
			of[r.Spec.Batch]++
			if 1-r.Edges.PositionBlock.Mean < jumped {
				have[r.Spec.Batch]++
			}
		}
	}
	require.Equal(t, map[int]int{256: 16, 512: 16, 1024: 32}, of)
	require.Equal(t, map[int]int{256: 1, 512: 5, 1024: 6}, have)
}

// largestRise is where the weight on the edges grows most from one point of the curve to the
// next, from the published number of steps on: before it all edges are being learned.
func largestRise(r experiment.Record) (from, to int) {
	most := 0.0
	for i, p := range r.Curve {
		if i > 0 && r.Curve[i-1].Step >= 16384 && p.EdgeMean-r.Curve[i-1].EdgeMean > most {
			most, from, to = p.EdgeMean-r.Curve[i-1].EdgeMean, r.Curve[i-1].Step, p.Step
		}
	}
	return from, to
}
