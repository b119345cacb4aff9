package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"causalgrad/impl/weights"
	"causalgrad/theory/close"
	"causalgrad/theory/ndarray"

	"github.com/stretchr/testify/require"
)

// withNotes is the JSON answer of a command line that succeeds, with what it says on
// standard error.
func withNotes(t *testing.T, args ...string) (answer map[string]any, notes string) {
	t.Helper()
	a := ask(append(args, "--format", "json")...)
	require.Zero(t, a.code, a.err)
	require.NoError(t, json.Unmarshal([]byte(a.out), &answer))
	return answer, a.err
}

// A person's own files from five other programs go in, and the answers are those to
// the same things said in this program's words.
func TestFilesOfOtherProgramsGoInAndRightAnswersComeOut(t *testing.T) {
	const parents = "parents:-1,0,0,1,-1,4"

	// A chain of ten states that numpy kept in float32: its own rounding is mended.
	array, err := os.ReadFile(chains + "03_f32_softmax.npy")
	require.NoError(t, err)
	softmax, err := ndarray.ReadNPY(array)
	require.NoError(t, err)
	var rows []string
	for i := range 10 {
		row, sum := softmax.Data[10*i:10*i+10], 0.0
		for _, v := range row {
			sum += v
		}
		var words []string
		for _, v := range row {
			words = append(words, fmt.Sprintf("%.17g", v/sum))
		}
		rows = append(rows, "["+strings.Join(words, ",")+"]")
	}
	ours, _ := withNotes(t, "gradient", "--graph", parents, "--chain", "["+strings.Join(rows, ",")+"]")

	// The graph as causal-learn draws it and as networkx lists it.
	drawn := file(t, "learned.dot", "digraph {\n0 [label=X1];\n1 [label=X2];\n2 [label=X3];\n3 [label=X4];\n4 [label=X5];\n5 [label=X6];\n"+
		"0 -> 1  [dir=both, arrowtail=none, arrowhead=normal];\n0 -> 2  [dir=both, arrowtail=none, arrowhead=normal];\n"+
		"1 -> 3  [dir=both, arrowtail=none, arrowhead=normal];\n4 -> 5  [dir=both, arrowtail=none, arrowhead=normal];\n}\n")
	for _, name := range []string{drawn, graphs + "04_write_edgelist.edges"} {
		theirs, notes := withNotes(t, "gradient", "--graph", "@"+name, "--chain", chains+"03_f32_softmax.npy")
		require.Contains(t, notes, "rows sum to 1 within the rounding of float32, 10 x 2^-24, and are renormalised")
		require.Equal(t, ours["graph"], theirs["graph"])
		for _, matrix := range []string{"signal", "chi2", "gradient"} {
			for i, row := range ours[matrix].([]any) {
				for k, v := range row.([]any) {
					// The sums of rows are rounded in another order here: some units of 2^-53.
					require.NoError(t, close.Within(theirs[matrix].([]any)[i].([]any)[k].(float64), v.(float64), 0, 1e-14), "%s[%d][%d]", matrix, i, k)
				}
			}
		}
	}

	// Sequences that pandas saved with its header of column numbers.
	const sequences = "../../../theory/infer/testdata/"
	plain, notes := withNotes(t, "infer", sequences+"base.csv")
	require.Empty(t, notes)
	pandas, notes := withNotes(t, "infer", sequences+"01b_numeric_header.csv")
	require.Contains(t, notes, "line 1 is a header (0, 1, 2, 3, 4, 5, 6, 7)")
	require.Equal(t, plain["rows"], pandas["rows"])
	truth := []float64{-1, 0, 1, -1, 3, 1} // what the sequences were drawn from
	edges := 0
	for _, r := range pandas["rows"].([]any) {
		if row := r.(map[string]any); row["verdict"] == "edge" {
			edges++
			require.Equal(t, truth[int(row["child"].(float64))], row["parent"])
		}
	}
	require.Positive(t, edges)

	// The weights of the official model, each layer's heads in one array.
	official := "../../../impl/weights/testdata/11b_stacked.npz"
	m, params, _, err := weights.Load(official, 0, weights.ReadOptions{})
	require.NoError(t, err)
	named := filepath.Join(t.TempDir(), "named.npz")
	require.NoError(t, weights.Write(named, m, params, weights.Named))
	measure := []string{"verify", "--graph", "chain", "--test-sequences", "64", "--shifted", "dirichlet:1", "--weights"}
	theirs, _ := withNotes(t, append(measure, official)...)
	again, notes := withNotes(t, append(measure, named)...)
	require.Empty(t, notes)
	for _, field := range []string{"model", "final", "edges", "ood", "weights_sha256"} {
		require.NotNil(t, theirs[field], field)
		require.Equal(t, again[field], theirs[field], field)
	}
}
