package gen

import (
	"causalgrad/impl/task"
	"pgregory.net/rapid"
)

// Batches draws a batch of n sequences of length t over s tokens, token by
// token, with targets that are normalised small integers. It need not come
// from any graph: what holds for a model holds for every batch.
func Batches(n, length, tokens int) *rapid.Generator[*task.Batch] {
	return rapid.Custom(func(t *rapid.T) *task.Batch {
		b := task.NewBatch(n, length, tokens)
		for i := range b.Tokens {
			b.Tokens[i] = uint16(rapid.IntRange(0, tokens-1).Draw(t, "token"))
		}
		for i := range n {
			row := b.Target(i)
			total := 0.0
			for v := range row {
				row[v] = integer(t, 0, 5)
				total += row[v]
			}
			if total == 0 {
				row[0], total = 1, 1
			}
			for v := range row {
				row[v] /= total
			}
		}
		return b
	})
}
