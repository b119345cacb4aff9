package markov

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

func chainFile(t *testing.T, name, content string) string {
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func TestEveryPriorDrawsChainsAndPrintsItself(t *testing.T) {
	file := chainFile(t, "c.json", "[[0.5,0.25,0.25],[0.1,0.2,0.7],[0.3,0.3,0.4]]")
	for _, text := range []string{
		"dirichlet:0.1", "floor:0.5,0.2", "orbit:1,7", "orbit:" + file, "point:" + file, "sticky:0.9,1",
		"cyclic:0.9,1", "near-deterministic:0.95,0.5", "rank-one:1", "reversible:0.1",
	} {
		prior, err := ParsePrior(text, 3)
		require.NoError(t, err, text)
		require.Equal(t, text, prior.String())
		s := stream.New(stream.Key{Seed: 1, Purpose: stream.Prior})
		p := make([]float64, 9)
		for range 200 {
			prior.Draw(s, p)
			_, err := NewChain(nested(p, 3))
			require.NoError(t, err, text)
		}
		allocated := testing.AllocsPerRun(20, func() { prior.Draw(s, p) })
		require.Zero(t, allocated, "%s allocates", text)
	}
}

func TestBadPriorsGetOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                                       "unknown prior \"\"",
		"dirichlet":                              "arguments \"\", want ALPHA",
		"dirichlet:":                             "arguments \"\", want ALPHA",
		"dirichlet:x":                            "alpha = \"x\", want a number",
		"dirichlet:-1":                           "alpha = -1",
		"dirichlet:NaN":                          "alpha = NaN",
		"dirichlet:1,2":                          "want ALPHA",
		"floor:1":                                "want ALPHA,GAMMA",
		"floor:1,1.5":                            "gamma = 1.5",
		"sticky:1,1":                             "weight = 1",
		"orbit:1,2,3":                            "file 1,2,3: no such file",
		"point:/no/such":                         "file /no/such: no such file",
		"point:":                                 "no file name",
		"point:[[0.5,0.5]":                       "want a JSON nested list",
		"point:[[0.5,0.5],[0.5,0.6]]":            "chain[1]",
		"point:" + t.TempDir():                   "want a file",
		"point:" + chainFile(t, "a.json", "[[1"): "want a JSON nested list",
		"point:" + chainFile(t, "a.csv", "0.5,x\n1,0"):                 "line 1, column 2: \"x\", want a number",
		"point:" + chainFile(t, "a.csv", "0.5,0.5\n1"):                 "line 2: 1 numbers, but line 1 has 2",
		"point:" + chainFile(t, "a.npy", "not numpy"):                  "not a readable .npy file",
		"point:" + chainFile(t, "b.json", "[[0.5,0.5],[0.5,0.5]]"):     "has 2 tokens, but 3 were asked for",
		"orbit:" + chainFile(t, "z.json", "[[0,1,0],[0,0,1],[1,0,0]]"): "reducible",
	} {
		_, err := ParsePrior(text, 3)
		require.ErrorContains(t, err, want, "prior %q", text)
		require.NotContains(t, err.Error(), "\n")
	}
	_, err := ParsePrior("dirichlet:1", 1)
	require.ErrorContains(t, err, "1 tokens")
	_, err = ParsePrior("orbit:1,1", 6)
	require.ErrorContains(t, err, "6 tokens")
}

func TestReadChainFormsAgree(t *testing.T) {
	json, err := ReadChain(chainFile(t, "c.json", "[[0.5,0.5],[0.125,0.875]]"))
	require.NoError(t, err)
	csv, err := ReadChain(chainFile(t, "c.csv", "0.5,0.5\n0.125,0.875\n"))
	require.NoError(t, err)
	require.Equal(t, json, csv)
	inline, err := ReadChain("[[0.5,0.5],[0.125,0.875]]")
	require.NoError(t, err)
	require.Equal(t, json, inline)
	for _, name := range []string{"f8.npy", "f4.npy", "fortran.npy"} { // written by numpy
		npy, err := ReadChain(filepath.Join("testdata", name))
		require.NoError(t, err)
		require.Equal(t, json, npy, name)
	}
	whole, err := os.ReadFile("testdata/f8.npy")
	require.NoError(t, err)
	for cut := range len(whole) { // every truncation is an error, never a panic
		_, err := ReadChain(chainFile(t, "cut.npy", string(whole[:cut])))
		require.Error(t, err, "cut at %d", cut)
	}
}

func TestOrbitHasConstantMeanExactly(t *testing.T) {
	prior, err := ParsePrior("orbit:0.3,5", 3)
	require.NoError(t, err)
	support := prior.(Finite).Support()
	require.Len(t, support, 36)
	for at := range 9 {
		sum := 0.0
		for _, c := range support {
			sum += c.Flat()[at]
		}
		// 36 additions of numbers below 1, each within 2^-53 of the partial sum.
		require.NoError(t, close.Within(sum/36, 1.0/3, 0, 36*0x1p-53))
	}
}

func TestFloorKeepsItsLowerBound(t *testing.T) {
	s := stream.New(stream.Key{Seed: 2, Purpose: stream.Prior})
	p := make([]float64, 16)
	for range 500 {
		Floor{4, 0.1, 0.3}.Draw(s, p)
		for _, v := range p {
			require.GreaterOrEqual(t, v, 0.3/4)
		}
	}
}

func TestReversibleIsReversible(t *testing.T) {
	s := stream.New(stream.Key{Seed: 3, Purpose: stream.Prior})
	for range 100 {
		p := make([]float64, 16)
		Reversible{4, 0.5}.Draw(s, p)
		c, err := NewChain(nested(p, 4))
		require.NoError(t, err)
		for a := range 4 {
			for b := range 4 {
				// Detailed balance; two GTH errors (512/2^53 at s = 4... 2 s^3) and a product each.
				require.NoError(t, close.Within(c.Stationary()[a]*c.P(a, b), c.Stationary()[b]*c.P(b, a), 4*gthTolerance, 0))
			}
		}
	}
}

func TestShiftedPriorsHaveTheirStructure(t *testing.T) {
	s := stream.New(stream.Key{Seed: 4, Purpose: stream.Prior})
	p := make([]float64, 9)
	for range 100 {
		Sticky{3, 0.9, 1}.Draw(s, p)
		require.GreaterOrEqual(t, math.Min(p[0], math.Min(p[4], p[8])), 0.9)
		Cyclic{3, 0.9, 1}.Draw(s, p)
		require.GreaterOrEqual(t, math.Min(p[1], math.Min(p[5], p[6])), 0.9)
		RankOne{3, 1}.Draw(s, p)
		require.Equal(t, p[:3], p[6:])
		NearDeterministic{3, 0.9, 1}.Draw(s, p)
		for a := range 3 {
			require.GreaterOrEqual(t, math.Max(p[3*a], math.Max(p[3*a+1], p[3*a+2])), 0.9)
		}
	}
}
