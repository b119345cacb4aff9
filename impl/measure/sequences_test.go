package measure

import (
	"testing"

	"causalgrad/impl/task"
	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
)

// TestShardsCoverTheSequences: on both sides of a full shard each sequence is
// visited once and no shard is empty.
func TestShardsCoverTheSequences(t *testing.T) {
	tk := newTask(t, []int{-1, 0, 1}, markov.Dirichlet{Size: 2, Alpha: 1})
	for n, want := range map[int]int{2: 1, ShardSize - 1: 1, ShardSize: 1, ShardSize + 1: 2, 2*ShardSize - 1: 2} {
		visits, seen := 0, make([]int, n)
		ForEachShard(tk, Options{Sequences: n, Workers: 1}, func() func(int, *task.Batch) {
			return func(from int, b *task.Batch) {
				visits++
				for i := range b.N {
					seen[from+i]++
				}
			}
		})
		require.Equal(t, want, visits, "%d sequences", n)
		for i, times := range seen {
			require.Equal(t, 1, times, "sequence %d of %d", i, n)
		}
	}
}
