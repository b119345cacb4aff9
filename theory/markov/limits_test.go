package markov

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// constant lists s rows of s equal entries.
func constant(s int) [][]float64 {
	rows := make([][]float64, s)
	for a := range rows {
		rows[a] = make([]float64, s)
		for b := range rows[a] {
			rows[a][b] = 1 / float64(s)
		}
	}
	return rows
}

func TestTokensUpToTheBounds(t *testing.T) {
	_, err := NewChain(constant(MaxTokens))
	require.NoError(t, err)
	_, err = NewChain(constant(MaxTokens + 1))
	require.ErrorContains(t, err, "chain: 513 rows, want 2 to 512")
	for _, c := range []struct {
		prior  string
		tokens int
		want   string
	}{
		{"dirichlet:1", MinTokens, ""},
		{"dirichlet:1", MaxTokens, ""},
		{"dirichlet:1", MinTokens - 1, "1 tokens, want 2 to 512"},
		{"dirichlet:1", MaxTokens + 1, "513 tokens, want 2 to 512"},
		{"orbit:1,1", MinTokens, ""},
		{"orbit:1,1", MaxOrbitTokens, ""},
		{"orbit:1,1", MinTokens - 1, "1 tokens, want 2 to 5"},
		{"orbit:1,1", MaxOrbitTokens + 1, "6 tokens, want 2 to 5"},
		{"dirichlet:0.0001", 3, ""},
		{"dirichlet:1000000", 3, ""},
		{"dirichlet:0.00009999", 3, "alpha = 9.999e-05, want 0.0001"},
		{"dirichlet:1000001", 3, "alpha = 1.000001e+06, want 0.0001 to 1000000"},
		{"sticky:0,1", 3, "weight = 0, want a number strictly between 0 and 1"},
	} {
		p, err := ParsePrior(c.prior, c.tokens)
		if c.want != "" {
			require.ErrorContains(t, err, c.want, "%s over %d tokens", c.prior, c.tokens)
			continue
		}
		require.NoError(t, err, "%s over %d tokens", c.prior, c.tokens)
		require.Equal(t, c.tokens, p.Tokens())
	}
}

// Of two tokens the second's stationary probability is x/(1+x) when it is
// entered at rate x and always left: x itself, to the last bit, when x is tiny.
func TestStationaryProbabilitiesDownToTheBound(t *testing.T) {
	c, err := NewChain([][]float64{{1, minStationary}, {1, 0}})
	require.NoError(t, err)
	require.Equal(t, minStationary, c.Stationary()[1])
	_, err = NewChain([][]float64{{1, minStationary / 2}, {1, 0}})
	require.ErrorContains(t, err, "numerically reducible: token 1 has stationary probability 5e-151")
}

// A row of two is off 1 by rounding up to 2^-51 and keeps its bits; twice that
// is divided by its sum.
func TestRenormaliseLeavesRounding(t *testing.T) {
	for excess, kept := range map[float64]bool{0: true, 0x1p-51: true, 0x1p-50: false} {
		row := []float64{0.5, 0.5 + excess}
		renormalise(row)
		require.Equal(t, kept, row[0] == 0.5 && row[1] == 0.5+excess, "excess %v", excess)
	}
}

func TestSpectrumOrdersConjugatePairs(t *testing.T) {
	c, err := NewChain([][]float64{{0, 1, 0}, {0, 0, 1}, {0.5, 0.5, 0}}) // 1 and (-1 +- i)/2
	require.NoError(t, err)
	values, err := c.Spectrum()
	require.NoError(t, err)
	for at, want := range []complex128{1, -0.5 + 0.5i, -0.5 - 0.5i} {
		// A backward stable eigenvalue; none of the three is ill conditioned.
		require.LessOrEqual(t, math.Hypot(real(values[at]-want), imag(values[at]-want)), 1e-14, "%v", values)
	}
}

// array is a .npy file of version 1 with float64 numbers, all the same.
func array(shape string, numbers int, value float64) []byte {
	header := fmt.Sprintf("{'descr': '<f8', 'fortran_order': False, 'shape': %s, }\n", shape)
	var b bytes.Buffer
	b.WriteString("\x93NUMPY\x01\x00")
	b.Write([]byte{byte(len(header)), byte(len(header) >> 8)})
	b.WriteString(header)
	bits := math.Float64bits(value)
	var number []byte
	for at := range 8 {
		number = append(number, byte(bits>>(8*at)))
	}
	b.Write(bytes.Repeat(number, numbers))
	return b.Bytes()
}

func TestArraysOfChains(t *testing.T) {
	var read content
	require.NoError(t, read.parse(array("(512, 512)", 512*512, 0x1p-9), ".npy", false))
	require.Equal(t, [][][]float64{constant(MaxTokens)}, read.matrices)
	require.ErrorContains(t, read.parse(array("(513, 513)", 513*513, 1), ".npy", false),
		"array of shape [513 513], want a square matrix (S, S) or several, (N, S, S), of 2 to 512 tokens")
	for _, c := range []struct {
		shape    string
		numbers  int
		matrices int // 0: refused
	}{
		{"(3, 2, 2)", 12, 3},
		{"(2, 2)", 4, 1},
		{"(1, 3, 2, 2)", 12, 0},
		{"(4,)", 4, 0},
		{"(2, 2, 3)", 12, 0},
	} {
		name := filepath.Join(t.TempDir(), "p.npy")
		require.NoError(t, os.WriteFile(name, array(c.shape, c.numbers, 0.5), 0o600))
		read, err := readMatrices(name)
		if c.matrices == 0 {
			require.ErrorContains(t, err, "(N, S, S)", c.shape)
			continue
		}
		require.NoError(t, err, c.shape)
		require.Len(t, read.matrices, c.matrices, c.shape)
	}
}

func TestRequireAperiodic(t *testing.T) {
	for text, want := range map[string]string{
		"point:[[0,1],[1,0]]":     "the chain is periodic with period 2, want an aperiodic chain",
		"point:[[0.5,0.5],[1,0]]": "",
		"dirichlet:0.1":           "", // almost surely
	} {
		p, err := ParsePrior(text, 2)
		require.NoError(t, err)
		if err = RequireAperiodic(p); want == "" {
			require.NoError(t, err, text)
			continue
		}
		require.ErrorContains(t, err, want)
	}
}
