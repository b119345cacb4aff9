package weights

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// interpreter is a Python with numpy and safetensors: the one that
// CAUSALGRAD_PYTHON names, or python3.
func interpreter(t *testing.T) string {
	t.Helper()
	python := os.Getenv("CAUSALGRAD_PYTHON")
	if python == "" {
		python = "python3"
	}
	if out, err := exec.Command(python, "-c", "import numpy, safetensors.numpy").CombinedOutput(); err != nil {
		t.Skipf("skipped: %s has no numpy and safetensors (set CAUSALGRAD_PYTHON to one that has): %v %s", python, err, lastLine(out))
	}
	return python
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}

// script reads the file with Python's library, checks a number on the way and
// writes it back in three variants: as it is, in float32, and in Fortran order
// (which only .npz knows).
const script = `
import sys, numpy as np
from safetensors.numpy import load_file, save_file
source, target, kind, name, row, column, value = sys.argv[1:]
if source.endswith(".npz"):
    archive = np.load(source)
    tensors = {k: archive[k] for k in archive.files}
else:
    tensors = load_file(source)
got = tensors[name][int(row), int(column)]
assert got == np.float64(value), (got, value)
assert all(t.dtype == np.float64 for t in tensors.values())
if kind == "single":
    tensors = {k: t.astype(np.float32) for k, t in tensors.items()}
if kind == "fortran":
    tensors = {k: np.asfortranarray(t) for k, t in tensors.items()}
if kind == "compressed":
    np.savez_compressed(target, **tensors)
elif target.endswith(".npz"):
    np.savez(target, **tensors)
else:
    save_file(tensors, target)
`

// Weights go to Python's own libraries and come back: bit for bit in float64,
// rounded once in float32.
func TestWeightsThroughPython(t *testing.T) {
	python := interpreter(t)
	for n, way := range []struct{ from, to, kind string }{
		{"a.npz", "b.npz", "same"}, {"a.npz", "b.npz", "fortran"}, {"a.npz", "b.npz", "compressed"},
		{"a.npz", "b.safetensors", "single"}, {"a.safetensors", "b.safetensors", "same"}, {"a.safetensors", "b.npz", "single"},
	} {
		m := models(t)[n%3]
		params, b := numbered(m), m.Layout()[1]
		want := slices.Clone(params)
		for i, v := range params {
			if way.kind == "single" {
				want[i] = float64(float32(v))
			}
		}
		folder := t.TempDir()
		from, to := filepath.Join(folder, way.from), filepath.Join(folder, way.to)
		require.NoError(t, write(from, m, params))
		value := strconv.FormatFloat(b.Of(params)[1*b.Cols+1], 'g', -1, 64)
		out, err := exec.Command(python, "-c", script, from, to, way.kind, b.Name, "1", "1", value).CombinedOutput()
		require.NoError(t, err, string(out))
		_, again, err := load(to, 0)
		require.NoError(t, err)
		require.Equal(t, want, again, "%s %v", m.Name(), way)
	}
}
