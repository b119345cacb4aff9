package experiment

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRootsOfARun: they change training and all tests, the record names them, and
// the count estimator keeps the pseudo-count of the prior.
func TestRootsOfARun(t *testing.T) {
	plain, _ := uninterrupted(t, tiny())
	s := tiny()
	s.Roots = "[0.875,0.125]"
	rooted, _ := uninterrupted(t, s)
	require.NotEqual(t, plain.WeightsHash, rooted.WeightsHash)
	require.Equal(t, "dirichlet:0.1, roots [0.875,0.125]", rooted.Final.Prior)
	require.Equal(t, "dirichlet:1, roots [0.875,0.125]", rooted.Shifted[0].Prior)
	require.Equal(t, plain.Final.Alpha, rooted.Final.Alpha)
	require.Equal(t, plain.Shifted[0].Alpha, rooted.Shifted[0].Alpha)
	require.NotEqual(t, plain.Final.Count, rooted.Final.Count)
	one, err := tiny().Hash()
	require.NoError(t, err)
	other, err := s.Hash()
	require.NoError(t, err)
	require.NotEqual(t, one, other)
}

func TestRootsAreChecked(t *testing.T) {
	for want, change := range map[string]func(*Spec){
		`roots "equal": want stationary`:                 func(s *Spec) { s.Roots = "equal" },
		"3 probabilities, want S = 2":                    func(s *Spec) { s.Roots = "[0.25,0.25,0.5]" },
		"roots \"uniform\": a graph with several":        func(s *Spec) { s.Roots, s.Graph, s.Length = "uniform", "trigram-half", 6 },
		"roots \"uniform\" and stationary \"svd32\": gi": func(s *Spec) { s.Roots, s.Stationary = "uniform", SVD32 },
	} {
		s := tiny()
		change(&s)
		require.ErrorContains(t, s.Validate(), want)
	}
	s := tiny()
	s.Roots = "stationary"
	require.NoError(t, s.Validate())
}
