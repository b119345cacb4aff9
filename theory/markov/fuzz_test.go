package markov

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"causalgrad/theory/close"

	"github.com/stretchr/testify/require"
)

// readable requires that an error is one line and that a chain is one: rows of
// probabilities with a stationary distribution.
func readable(t *testing.T, c *Chain, err error) {
	t.Helper()
	if err != nil {
		require.NotContains(t, err.Error(), "\n")
		return
	}
	total := 0.0
	for a, m := range c.Stationary() {
		sum := 0.0
		for b, p := range c.Row(a) {
			require.GreaterOrEqual(t, p, 0.0, "chain[%d][%d]", a, b)
			sum += p
		}
		// One rounding a term and one for the division that made them.
		require.NoError(t, close.Within(sum, 1, 0, float64(c.Tokens()+1)*0x1p-53), "row %d", a)
		require.False(t, math.IsNaN(m) || m < 0, "stationary[%d] = %v", a, m)
		total += m
	}
	require.NoError(t, close.Within(total, 1, 0, float64(c.Tokens()+1)*0x1p-53))
}

// FuzzReadChain: no list of numbers makes the reader panic.
func FuzzReadChain(f *testing.F) {
	for _, text := range []string{"[[0.5,0.5],[0.125,0.875]]", "[[0,1],[1,0]]", "[[1,0],[0,1]]", "[[1e-300,1],[1,0]]", "[[0.5,0.5]]", "[[]]", "[[null,1],[1,0]]",
		"[[0.5,0.5],[0.5,0.5]", "[[-0.5,1.5],[0.5,0.5]]", "[[1e999,0],[0,1]]", "[[0.2,0.3,0.5],[0.1,0.8,0.1],[0,0,1]]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !strings.HasPrefix(text, "[[") {
			t.Skip("names a file of this machine")
		}
		c, err := ReadChain(text)
		readable(t, c, err)
	})
}

// FuzzChainFile: no content of a file makes the readers panic.
func FuzzChainFile(f *testing.F) {
	for _, name := range []string{"f4.npy", "f8.npy", "fortran.npy"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(f, err)
		f.Add(data)
		f.Add(data[:len(data)-1])
	}
	for _, text := range []string{"0.5,0.5\n0.125,0.875\n", "0.5,0.5\n1", "\"0.5", "0.5,x\n1,0", "", "NaN,1\n1,0", "\x93NUMPY\x01\x00", ",a,b\na,1,2\nb,3,4", "0 1\n1 2\n3 4",
		"0,7;0,3\n1;0", "[{\"weight\":0.25,\"chain\":[[1,0],[0.5,0.5]]}]", "[[[1,0],[0.5,0.5]],[[70,30],[1,1]]]", "[[null]]"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, extension := range []string{".csv", ".npy", ".json"} {
			for _, divide := range []bool{false, true} {
				var read content
				var c *Chain
				err := read.parse(data, extension, divide)
				if err == nil {
					c, err = NewChain(read.matrices[0])
				}
				readable(t, c, err)
			}
		}
	})
}

// FuzzParsePrior: no text makes the parser panic, and what it accepts prints as
// a text that it reads as the same prior.
func FuzzParsePrior(f *testing.F) {
	for _, text := range []string{"dirichlet:0.1", "floor:0.5,0.2", "orbit:1,7", "orbit:[[0.5,0.5],[0.1,0.9]]", "point:[[0.5,0.5],[0.1,0.9]]", "point:normalised:[[5,5],[1,9]]", "@[[[0.5,0.5],[0.1,0.9]]]", "orbit:@normalised:[[[5,5],[1,9]]]", "@\n0", "sticky:0.9,1",
		"cyclic:0.9,1", "near-deterministic:0.95,0.5", "rank-one:1", "reversible:0.1", "dirichlet:1e308", "dirichlet:5e-324", "floor:1,NaN", "orbit:Inf,1", "", ":", "sticky:,"} {
		f.Add(text, 2)
		f.Add(text, 3)
		f.Add(text, 0)
	}
	f.Fuzz(func(t *testing.T, text string, tokens int) {
		if namesFile(text) {
			t.Skip("names a file of this machine")
		}
		p, err := ParsePrior(text, tokens)
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		again, err := ParsePrior(p.String(), p.Tokens())
		require.NoError(t, err, p.String())
		require.Equal(t, p, again)
	})
}

// namesFile tells whether a prior's text names something that exists here: the
// answer would be this machine's.
func namesFile(text string) bool {
	for _, kind := range []string{"point:", "orbit:@", "orbit:", "@"} {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(text), kind); ok {
			_, err := os.Stat(strings.TrimPrefix(rest, normalised))
			return err == nil
		}
	}
	return false
}

// FuzzParseRoots: any text is a distribution that prints as it reads, or an
// error.
func FuzzParseRoots(f *testing.F) {
	for _, text := range []string{"", "stationary", "uniform", "[0.5,0.5]", "[0.25, 0.75]", "[1e-300,1]", "[null]", "[", "[1,2]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRoots(text)
		if err != nil {
			return
		}
		again, err := ParseRoots(r.String())
		require.NoError(t, err, r.String())
		require.Equal(t, r, again)
	})
}
