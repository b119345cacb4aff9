package markov

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"codeberg.org/sbinet/npyio/npy"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
)

func saved(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

var twoMatrices = [][][]float64{{{0.5, 0.5}, {0.25, 0.75}}, {{0.125, 0.875}, {0.5, 0.5}}}

func TestParsePriorReadsSampledMatrices(t *testing.T) {
	var array bytes.Buffer
	require.NoError(t, npy.Write(&array, mat.NewDense(2, 2, []float64{0.5, 0.5, 0.25, 0.75})))
	for _, c := range []struct {
		file string
		want [][][]float64
	}{
		{saved(t, "p.json", "[[[0.5,0.5],[0.25,0.75]],[[0.125,0.875],[0.5,0.5]]]"), twoMatrices},
		{saved(t, "p.csv", "0.5,0.5\n0.25,0.75\n\n0.125,0.875\n0.5,0.5\n"), twoMatrices},
		{saved(t, "p.npy", array.String()), twoMatrices[:1]},
	} {
		p, err := ParsePrior("@"+c.file, 0)
		require.NoError(t, err)
		require.Equal(t, "@"+c.file, p.String(), "the text reads back")
		require.Equal(t, 2, p.Tokens())
		support := p.(Finite).Support()
		require.Len(t, support, len(c.want))
		for n, rows := range c.want {
			require.Equal(t, rows, support[n].Rows())
		}
	}
}

func TestParsePriorRefusesBadSampledFiles(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"missing":      {"", "", "no such file"},
		"empty list":   {"p.json", "[]", "no transition matrices"},
		"not JSON":     {"p.json", "[[[0.5,", "unexpected end of JSON input"},
		"row sum":      {"p.json", "[[[0.5,0.5],[0.5,0.5]],[[0.5,0.5],[0.4,0.5]]]", "matrix 1: chain[1]: sums to 0.9"},
		"other size":   {"p.json", "[[[0.5,0.5],[0.5,0.5]],[[0.2,0.3,0.5],[0.2,0.3,0.5],[0.2,0.3,0.5]]]", "matrix 1: 3 tokens, but matrix 0 has 2"},
		"reducible":    {"p.json", "[[[1,0],[0,1]]]", "matrix 0: chain: reducible"},
		"csv rows":     {"p.csv", "0.5,0.5\n0.5,0.5\n0.5,0.5\n", "3 rows of 2 numbers, want a multiple of 2"},
		"csv ragged":   {"p.csv", "0.5,0.5\n0.5\n", "line 2: 1 numbers, but line 1 has 2"},
		"csv empty":    {"p.csv", "", "no numbers: the file is empty"},
		"csv NaN":      {"p.csv", "NaN,0.5\n0.5,0.5\n", "chain[0][0] = NaN"},
		"npy damaged":  {"p.npy", "\x93NUMPY\x01\x00\xff\xff", "not a readable .npy file"},
		"npy in JSON":  {"p.json", "\x93NUMPY", "not a readable .npy file"},
		"token number": {"p.json", "[[[0.5,0.5],[0.25,0.75]]]", "has 2 tokens, but 5 were asked for"},
	} {
		file := filepath.Join(t.TempDir(), "absent.json")
		if c.file != "" {
			file = saved(t, c.file, c.text)
		}
		_, err := ParsePrior("@"+file, 5)
		require.ErrorContains(t, err, c.want, name)
		require.ErrorContains(t, err, filepath.Base(file), name) // a long path is shortened
		require.NotContains(t, err.Error(), "\n", name)
	}
}
