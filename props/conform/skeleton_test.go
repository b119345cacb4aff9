package conform

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props"
)

func TestSkeletonOfChosenOperations(t *testing.T) {
	text, err := Skeleton("mine.py", []props.Capability{props.CanStationary, props.CanMeasure})
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(text, "\ndef stationary("))
	require.Contains(t, text, `OPERATIONS = {"stationary": stationary, "measure": measure}`)
	require.NotContains(t, text, "def train(")
	require.NotContains(t, text, "NAME")
	_, err = Skeleton("mine.py", []props.Capability{"telepathy"})
	require.ErrorContains(t, err, `operation "telepathy"`)
}

// TestSkeletonRuns: it answers as it is, and covers nothing.
func TestSkeletonRuns(t *testing.T) {
	text, err := Skeleton("mine.py", nil)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "mine.py")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	s, err := Start(context.Background(), []string{python(t, "json"), file}, Options{Note: func(line string) { t.Error(line) }})
	require.NoError(t, err)
	defer s.Close()
	for _, c := range capabilities {
		require.True(t, s.Can(c), c)
	}
	_, err = s.Stationary(pairChain)
	require.ErrorIs(t, err, props.ErrUnsupported)
	_, _, err = s.Train(train.Spec{Params: []float64{1}, Seed: 1})
	require.ErrorIs(t, err, props.ErrUnsupported)
	_, err = s.CountEstimate(task.Spec{}, task.NewBatch(1, 3, 2), 0.5)
	require.ErrorIs(t, err, props.ErrUnsupported)
}
