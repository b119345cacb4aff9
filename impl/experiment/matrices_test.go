package experiment

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// A record holds the matrices of its priors, so that it is found, read and
// repeated when their files are gone; which file they came from plays no part in
// its hash beyond its name.
func TestARecordDoesNotDependOnItsPriorsFiles(t *testing.T) {
	chain := write(t, "chain.json", "[[0.5, 0.5], [0.1, 0.9]]")
	list := write(t, "list.csv", "0.5,0.5\n0.25,0.75\n0.6,0.4\n0.3,0.7\n")
	s := tiny()
	s.Prior, s.Shifted, s.Steps = "point:"+chain, []string{"dirichlet:1", "orbit:" + chain, "@" + list, "orbit:@" + list}, 2
	store, notes := openStore(t)
	hash, err := s.Hash()
	require.NoError(t, err)
	want, err := store.Run(t.Context(), s, Options{Workers: 1})
	require.NoError(t, err)
	require.Len(t, want.Spec.Matrices, 4)
	require.Equal(t, [][][]float64{{{0.5, 0.5}, {0.1, 0.9}}}, want.Spec.Matrices["point:"+chain])
	require.Len(t, want.Spec.Matrices["orbit:@"+list], 2)

	require.NoError(t, os.WriteFile(chain, []byte("[[0.5, 0.5], [0.5, 0.5]]"), 0o600))
	changed, err := s.Hash()
	require.NoError(t, err)
	require.NotEqual(t, hash, changed, "another chain in a file of the same name")
	require.NoError(t, os.Remove(chain))
	require.NoError(t, os.Remove(list))
	own, err := want.Spec.Hash()
	require.NoError(t, err)
	require.Equal(t, hash, own, "the matrices in the spec and those in the file are one spec")
	all, err := store.Records()
	require.NoError(t, err)
	require.Equal(t, []Record{want}, all)
	require.Empty(t, *notes)
	again, err := store.Again(t.Context(), want.Spec, Options{Workers: 2})
	require.NoError(t, err)
	require.Equal(t, canonical(t, want), canonical(t, again))

	text, err := yaml.Marshal(want.Spec)
	require.NoError(t, err)
	read, err := ParseSpec(text)
	require.NoError(t, err)
	require.Equal(t, want.Spec, read)
}

// Hashes see every matrix of an orbit's file, and refuse matrices that do not fit.
func TestMatricesThatDoNotFit(t *testing.T) {
	list := write(t, "list.csv", "0.5,0.5\n0.25,0.75\n0.6,0.4\n0.3,0.7\n")
	s := tiny()
	s.Prior = "orbit:@" + list
	_, err := s.WriteOutFiles()
	require.NoError(t, err)
	first, err := s.Hash()
	require.NoError(t, err)
	s.Matrices[s.Prior][1][0] = []float64{0.7, 0.3}
	second, err := s.Hash()
	require.NoError(t, err)
	require.NotEqual(t, first, second, "another second matrix")
	s.Tokens = 3
	require.ErrorContains(t, s.Validate(), "2 tokens, want 3")
	_, err = s.Hash()
	require.ErrorContains(t, err, "2 tokens, want 3")
	s.Tokens, s.Prior = 2, "dirichlet:1"
	s.Matrices["dirichlet:1"] = nil
	require.ErrorContains(t, s.Validate(), "reads no file")
	_, err = (&Spec{Prior: "dirichlet:1"}).WriteOutFiles()
	require.NoError(t, err)
	_, err = ParseSpec([]byte("steps: 1\nmatrices: [1]"))
	require.ErrorContains(t, err, `line 2: field "matrices": want lists of transition matrices`)
}
