package shard

import (
	"math"
	"runtime"
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

// Every column is the sum in the stated shape, whatever the number of parts and
// of columns, on both sides of a piece: by the definition, one number at a time.
func TestReduceIsTheTreeOfEveryColumn(t *testing.T) {
	var tree func(values []float64) float64
	tree = func(values []float64) float64 { // the sum of values[0], values[1], ... in pairs of pairs
		if len(values) == 1 {
			return values[0]
		}
		var pairs []float64
		for i := 0; i < len(values); i += 2 {
			if i+1 < len(values) {
				pairs = append(pairs, values[i]+values[i+1])
			} else {
				pairs = append(pairs, values[i])
			}
		}
		return tree(pairs)
	}
	p := NewPool(3)
	defer p.Close()
	require.Equal(t, 3, p.Workers())
	for _, n := range []int{1, columns - 1, columns, columns + 1, 2*columns + 3} {
		for shards := 1; shards <= 9; shards++ {
			parts, want := make([][]float64, shards), make([]float64, n)
			for s := range parts {
				parts[s] = make([]float64, n)
				for c := range parts[s] {
					parts[s][c] = math.Sqrt(float64(s*n + c))
				}
			}
			for c := range want {
				var values []float64
				for s := range parts {
					values = append(values, parts[s][c])
				}
				want[c] = tree(values)
				require.Equal(t, want[c], Sum(values), "sum of %d numbers", shards)
			}
			Reduce(p, parts)
			require.Equal(t, want, parts[0], "%d parts of %d columns", shards, n)
		}
	}
	require.Zero(t, Sum(nil))
	all := NewPool(0)
	defer all.Close()
	require.Equal(t, runtime.GOMAXPROCS(0), all.Workers())
}
