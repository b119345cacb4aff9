package shard

import (
	"math"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRunCallsEveryShardOnce(t *testing.T) {
	for workers := 1; workers <= 8; workers++ {
		p := NewPool(workers)
		for _, shards := range []int{0, 1, 2, 7, 64} {
			counts := make([]atomic.Int64, shards)
			p.Run(shards, func(worker, s int) {
				if worker < 0 || worker >= workers {
					t.Errorf("worker %d of %d", worker, workers)
				}
				counts[s].Add(1)
			})
			for s := range counts {
				require.EqualValues(t, 1, counts[s].Load())
			}
		}
		p.Close()
	}
}

func TestReduceHasOneShape(t *testing.T) {
	const shards, n = 13, 1300
	build := func() [][]float64 {
		parts := make([][]float64, shards)
		for s := range parts {
			parts[s] = make([]float64, n)
			for c := range parts[s] {
				parts[s][c] = math.Sqrt(float64(s*n + c)) // inexact sums: order shows
			}
		}
		return parts
	}
	one := NewPool(1)
	defer one.Close()
	want := build()
	Reduce(one, want)
	scalar := make([]float64, shards)
	for s := range scalar {
		scalar[s] = build()[s][7]
	}
	require.Equal(t, want[0][7], Sum(scalar), "scalars and vectors share the shape")
	for workers := 2; workers <= 8; workers++ {
		p := NewPool(workers)
		got := build()
		Reduce(p, got)
		require.Equal(t, want[0], got[0], "%d workers", workers)
		p.Close()
	}
}
