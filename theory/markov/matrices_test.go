package markov

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a prior read from a file gives the same prior without the file, bit for
// bit, weights, orbits and divided rows included.
func TestMatricesStandForTheirFile(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	one, counts := write("one.json", "[[0.1,0.9],[0.3,0.7]]"), write("counts.csv", "1,2\n3,4\n")
	list := write("list.json", `[{"weight":2,"chain":[[0.1,0.9],[0.3,0.7]]},{"weight":1,"chain":[[0.6,0.4],[0.3,0.7]]}]`)
	for text, many := range map[string]int{"point:" + one: 1, "point:normalised:" + counts: 1, "orbit:" + one: 1, "orbit:normalised:" + counts: 1,
		"orbit:@" + list: 3, "@" + list: 3, "@" + one: 1, "point:[[0.5,0.5],[0.25,0.75]]": 1} {
		want, err := ParsePrior(text, 2)
		require.NoError(t, err, text)
		matrices := FileMatrices(want)
		require.Len(t, matrices, many, text)
		got, err := FromMatrices(text, matrices)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
		require.Equal(t, text, got.String())
	}
	for _, text := range []string{"dirichlet:1", "orbit:1,3", "sticky:0.9,1"} {
		p, err := ParsePrior(text, 3)
		require.NoError(t, err)
		require.Empty(t, FileMatrices(p), text)
		_, err = FromMatrices(text, nil)
		require.ErrorContains(t, err, "reads no file")
	}
	row := [][]float64{{0.5, 0.5}, {0.25, 0.75}}
	_, err := FromMatrices("point:x", [][][]float64{row, row})
	require.ErrorContains(t, err, `prior "point:x": 2 matrices, want one`)
	_, err = FromMatrices("@x", nil)
	require.ErrorContains(t, err, "no transition matrices")
	_, err = FromMatrices("point:x", [][][]float64{{{0.5, 0.6}, {0.25, 0.75}}})
	require.ErrorContains(t, err, `prior "point:x": matrix 0`)
}
