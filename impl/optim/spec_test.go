package optim

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Every kind with every schedule is the optimiser of that name: at the rate and decay
// given, of two steps the second at half the rate where it is a cosine's.
func TestSpecBuildsWhatItNames(t *testing.T) {
	spec := func(kind, schedule string) Spec {
		return Spec{Kind: kind, Schedule: schedule, LR: 0.5, Decay: 0.25, Steps: 2}
	}
	cosine, err := NewCosine(0.5, 2)
	require.NoError(t, err)
	constant, err := NewConstant(0.5)
	require.NoError(t, err)
	require.Equal(t, []float64{0.5, 0.25, 0}, []float64{cosine.Rate(0), cosine.Rate(1), cosine.Rate(2)})
	for name, schedule := range map[string]Schedule{"constant": constant, "cosine": cosine} {
		want, err := NewSGD(schedule, 0.25)
		require.NoError(t, err)
		got, err := spec("sgd", name).Optimizer(3)
		require.NoError(t, err)
		require.Equal(t, want, got)
		adam, err := NewAdamW(schedule, 0.25, 3)
		require.NoError(t, err)
		got, err = spec("adamw", name).Optimizer(3)
		require.NoError(t, err)
		require.Equal(t, adam, got)
	}
	for want, s := range map[string]Spec{
		`optimizer "adam", want sgd or adamw; did you mean "adamw"?`:                                      spec("adam", "cosine"),
		`lr = 0.5, schedule = "cosin": schedule "cosin", want constant or cosine; did you mean "cosine"?`: spec("sgd", "cosin"),
		`lr = 0.5, schedule = "cosine": cosine schedule: 0 steps, want at least 1`:                        {Kind: "sgd", Schedule: "cosine", LR: 0.5},
		`lr = 0, schedule = "constant": learning rate = 0, want above 0 and at most 1e12`:                 {Kind: "sgd", Schedule: "constant"},
	} {
		_, err := s.Optimizer(3)
		require.EqualError(t, err, want)
	}
}
