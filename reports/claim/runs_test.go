package claim

import (
	"testing"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"

	"github.com/stretchr/testify/require"
)

// Of eight shorter runs one stays 0.3 nats above the count estimator: it is counted, and
// a claim that a single run of the official size bears out holds partly.
func TestAShorterRunThatStaysOffIsToldAndCounts(t *testing.T) {
	spec, ok := official("single-chain")
	require.True(t, ok)
	run := func(seed uint64, steps int, over float64) experiment.Record {
		r := experiment.Record{Spec: spec}
		r.Spec.Seed, r.Spec.Steps = seed, steps
		block := measure.Edges{Mean: 0.9, Accuracy: 1}
		r.Edges.PositionBlock = &block
		r.Final.OverCount = measure.Mean{Value: over}
		return r
	}
	e := Evidence{Records: []experiment.Record{run(1, spec.Steps, 0.04)}}
	for seed := range uint64(leastSeeds) {
		e.Records = append(e.Records, run(seed+1, spec.Steps/4, 0.04))
	}
	judge := learns([]string{"single-chain"})
	require.EqualValues(t, "holds", judge(e).Verdict)
	e.Records[4].Final.OverCount.Value = 0.3
	_, off := e.spreads("single-chain")
	require.Equal(t, 1, off)
	require.EqualValues(t, "partly", judge(e).Verdict)
}
