package sweep

import (
	"testing"
	"time"

	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
)

// A clock that moves by one second more at each look has runs of one step in 1, 3 and 5
// seconds and of five in 7 and more, steps of 3/2 seconds. The larger cell's 100 steps count as
// such and the smaller's by their work, a tenth; each cell has a second of measuring. It is
// the larger cell that is timed, wherever it stands.
func TestCostFollowsTheClockAndTheWork(t *testing.T) {
	g := load(t, "base: {graph: chain, length: 4, tokens: 2, batch: 8, test_sequences: 8, prior: 'dirichlet:1'}\ncells: [{steps: 100}, {steps: 10}]")
	specs := []experiment.Spec{g.Cells[0].Spec, g.Cells[1].Spec}
	clock := time.Unix(0, 0)
	light := specs[1] // its steps cost less
	light.Batch = 2
	for _, order := range [][]experiment.Spec{specs, {light, specs[0]}} {
		looks := 0
		cost, err := EstimateCost(t.Context(), order, func() time.Time {
			clock = clock.Add(time.Duration(looks) * time.Second)
			looks++
			return clock
		})
		require.NoError(t, err)
		require.InDelta(t, 1.5*100*(order[0].Work()+order[1].Work())/specs[0].Work()+2, cost, 1e-9)
	}
	require.InDelta(t, specs[0].Work()/10, specs[1].Work(), 1e-9*specs[0].Work())
	require.False(t, WorthTelling(specs))

	// Steps of 2^-6 seconds: 20 of them last long enough, 5 do not.
	ran := 0
	cost, err := EstimateCost(t.Context(), specs[:1], func() time.Time {
		took := []int{1, 5, 20}[ran/2/repetitions] * (ran % 2)
		ran++
		clock = clock.Add(time.Duration(took) * time.Second / 64)
		return clock
	})
	require.NoError(t, err)
	require.Equal(t, 2*3*repetitions, ran, "runs of 1, 5 and 20 steps")
	require.InDelta(t, 101.0/64, cost, 1e-9)

	// A test sequence takes 2^-10 seconds, a step one and the rest of a run too.
	specs[0].TestSequences = 1 << 13
	ran = 0
	cost, err = EstimateCost(t.Context(), specs, func() time.Time {
		took := []int{1024, 1024 + moreSequences - fewSequences, 5 * 1024}[ran/2/repetitions] * (ran % 2)
		ran++
		clock = clock.Add(time.Duration(took) * time.Second / 1024)
		return clock
	})
	require.NoError(t, err)
	require.InDelta(t, 110+2+float64(1<<13-fewSequences)/1024, cost, 1e-9)

	specs[0].Steps = 1 << 30
	require.True(t, WorthTelling(specs))
}
