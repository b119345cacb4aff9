package model_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/model"
	"causalgrad/impl/train"
)

// BenchmarkScale is the loss and gradient of a shard on one core, without
// sampling, along one size at a time: T, S and the heads of either layer. The
// report fits the exponents.
func BenchmarkScale(b *testing.B) {
	scale := func(axis string, value, tokens, length int, heads ...int) {
		b.Run(fmt.Sprintf("%s=%d", axis, value), func(b *testing.B) {
			m, err := model.NewDisentangled(tokens, length, heads)
			require.NoError(b, err)
			s := setting{tokens: tokens, length: length, heads: heads}
			run := gradientOf(m, s.batch(b, train.ShardSize))
			for b.Loop() {
				run()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/train.ShardSize, "ns/sequence")
		})
	}
	for _, length := range []int{8, 12, 16, 20, 24, 32, 48, 64, 96, 128} {
		scale("T", length, 3, length, 1, 1)
	}
	for _, tokens := range []int{2, 3, 4, 5, 8, 9, 10, 12, 16, 24, 32} {
		scale("S", tokens, tokens, 20, 1, 1)
	}
	for _, heads := range []int{1, 2, 3, 4} {
		scale("first", heads, 3, 20, heads, 1)
		scale("second", heads, 3, 20, 1, heads)
	}
}
