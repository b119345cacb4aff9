package sweep

import (
	"os"
	"path/filepath"
	"testing"

	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
)

// tinyGrid is 2 x 2 x 3 cells of some milliseconds and one more.
const tinyGrid = `
base: {steps: 4, batch: 64, test_sequences: 64, length: 5, tokens: 2, shifted: []}
grid:
  graph: [chain, icl]
  optimiser:
    - {optimizer: sgd, lr: 1}
    - {optimizer: adamw, lr: 0.01}
  seed: [1, 2, 3]
cells:
  - {model: reduced, seed: 9}
`

// write puts a sweep file into a folder of the test's own.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func load(t *testing.T, content string) Grid {
	t.Helper()
	g, err := Load(write(t, "grid.yaml", content))
	require.NoError(t, err)
	return g
}

func openStore(t *testing.T) (*experiment.Store, string) {
	t.Helper()
	folder := t.TempDir()
	s, err := experiment.OpenStore(folder)
	require.NoError(t, err)
	return s, folder
}

// canonical is the bits of all cells' records; "" where there is none.
func canonical(t *testing.T, store *experiment.Store, cells []Cell) []string {
	t.Helper()
	results, err := Merge(store, cells)
	require.NoError(t, err)
	bits := make([]string, len(results))
	for i, r := range results {
		if r.Record != nil {
			data, err := experiment.EncodeRecord(r.Record.Canonical())
			require.NoError(t, err)
			bits[i] = string(data)
		}
	}
	return bits
}
