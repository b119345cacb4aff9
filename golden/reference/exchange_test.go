package reference

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"causalgrad/impl/task"
	"causalgrad/impl/weights"

	"github.com/stretchr/testify/require"
)

// exchangeTolerance bounds how far the official loss, in float32, is from ours in
// float64 at the same weights, themselves rounded to float32 where they are ours. A logit
// is a sum of at most 42 products below 1 (the widest read-out), rounded 42 times and,
// by what it is made of, as often again: 84 independent roundings of 2^-24 move it by about
// sqrt(84) x 2^-24 = 5.5e-7. The mean of 64 sequences' losses divides that by 8; its own
// sum, of numbers near 1.1, is rounded six times in a tree and once when divided:
// sqrt(7) x 1.1 x 2^-24 = 1.7e-7. Together 1.9e-7, five times below what is allowed.
const exchangeTolerance = 1e-6

// TestWeightsBothWays: weights that the official code saved (numpy.savez of its pytree)
// have here the loss that it had, and it found of ours (train --weights-layout official)
// the loss that they have here. props/conform/adapters/official_exchange.py made the files.
func TestWeightsBothWays(t *testing.T) {
	folder := filepath.Join("testdata", "exchange")
	data, err := os.ReadFile(filepath.Join(folder, "exchange.json"))
	require.NoError(t, err)
	var recorded struct {
		Tokens, Length int
		X              [][]uint16
		Y64            [][]float64                   // targets in 64ths
		Losses         map[string]map[string]float64 // by model and by the program that trained it
	}
	require.NoError(t, json.Unmarshal(data, &recorded))
	b := task.NewBatch(len(recorded.X), recorded.Length, recorded.Tokens)
	for n, x := range recorded.X {
		copy(b.Sequence(n), x)
		for s, y := range recorded.Y64[n] {
			b.Target(n)[s] = y / 64
		}
	}
	for _, kind := range []string{"disentangled", "transformer"} {
		for _, code := range []string{"official", "causalgrad"} {
			m, params, _, err := weights.Load(filepath.Join(folder, kind+"-"+code+".npz"), 0, weights.ReadOptions{})
			require.NoError(t, err)
			pass := m.NewPass()
			pass.Bind(params)
			loss := pass.NewWorker().LossGradient(b, make([]float64, len(params))) / float64(b.N)
			require.InDelta(t, recorded.Losses[kind][code], loss, exchangeTolerance, "%s of %s", kind, code)
		}
	}
}
