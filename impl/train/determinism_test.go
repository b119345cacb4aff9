package train

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/internal/kernel"
)

// weightsHash is a digest of the parameters and the losses of a short run.
func weightsHash(t *testing.T, s setting, batch, steps, workers int) string {
	t.Helper()
	trainer := s.trainer(t, batch, workers)
	h := sha256.New()
	write := func(v float64) {
		require.NoError(t, binary.Write(h, binary.LittleEndian, math.Float64bits(v)))
	}
	for range steps {
		loss, err := trainer.Step()
		require.NoError(t, err)
		write(loss)
	}
	for _, v := range trainer.config.Params {
		write(v)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// TestWeightsDependOnNeitherWorkersNorKernel: the whole run, sampling included,
// to the last bit. 200 sequences are three full shards and a tail of 8.
func TestWeightsDependOnNeitherWorkersNorKernel(t *testing.T) {
	was := kernel.Name()
	defer func() { require.NoError(t, kernel.Use(was)) }()
	for _, s := range settings {
		t.Run(s.name, func(t *testing.T) {
			seen := map[string][]string{}
			for _, name := range kernel.Available() {
				require.NoError(t, kernel.Use(name))
				for workers := 1; workers <= 8; workers++ {
					hash := weightsHash(t, s, 200, 3, workers)
					seen[hash] = append(seen[hash], fmt.Sprint(name, "/", workers))
				}
			}
			require.Len(t, seen, 1)
			for hash := range seen {
				// One run on any machine gives this: the golden of this package.
				require.Equal(t, s.golden, hash[:16], "bits changed")
			}
		})
	}
}

// TestStepsDoNotAllocate: sampling, loss, gradient, reduction and optimiser,
// on one goroutine and on two.
func TestStepsDoNotAllocate(t *testing.T) {
	for _, s := range settings {
		for workers := 1; workers <= 2; workers++ {
			trainer := s.trainer(t, 2*ShardSize, workers)
			require.Zero(t, testing.AllocsPerRun(3, func() {
				_, err := trainer.Step()
				require.NoError(t, err)
			}), "%s, %d workers", s.name, workers)
		}
	}
}
