package evidence

import (
	"errors"
	"io/fs"
	"math"
	"testing"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/theory/close"

	"github.com/stretchr/testify/require"
)

// blank is a small spec and its model's parameters, all 0: f is uniform.
func blank(t *testing.T, id, graph string) (experiment.Record, []float64) {
	t.Helper()
	s := experiment.Default()
	s.ID, s.Graph, s.Length, s.Steps = id, graph, 6, 1
	if graph == "trigram-half" {
		s.Length = 8
	}
	m, err := s.NewModel()
	require.NoError(t, err)
	return experiment.Record{Spec: s}, make([]float64, m.Layout().Size())
}

// TestTransferOfAModelThatKnowsNoToken: a uniform prediction has no defect and
// its loss is log S on every chain; a read-out that prefers a token has the
// defect that follows from its odds.
func TestTransferOfAModelThatKnowsNoToken(t *testing.T) {
	r, params := blank(t, "blank", "chain")
	one, err := TransferOf(r.Spec, params)
	require.NoError(t, err)
	require.Len(t, one.Relabelling, 2)
	for _, l := range one.Relabelling {
		require.Zero(t, l.Worst)
		require.LessOrEqual(t, l.LossShift.Value, 1e-15, "sums of three terms below 2, in another order")
	}
	require.Equal(t, "cyclic:0.9,1", one.Relabelling[1].Prior)
	require.Len(t, one.Spectra.Bands, 11)

	// W's rows of the last token: row v has 3 at column 0, so f = (a, b, b) always.
	w := params[len(params)-r.Spec.Tokens*4*(r.Spec.Tokens+r.Spec.Length):]
	for v := range 3 {
		w[3*v] = 3
	}
	one, err = TransferOf(r.Spec, params)
	require.NoError(t, err)
	a := math.Exp(3) / (math.Exp(3) + 2)
	b := (1 - a) / 2
	// Of the five relabellings one leaves token 0: the defect is 4/5 of a - b.
	require.NoError(t, close.Within(one.Relabelling[0].Defect.Value, 0.8*(a-b), 0, 1e-13))
	require.NoError(t, close.Within(one.Relabelling[0].Worst, a-b, 0, 1e-14))
	require.Greater(t, one.Relabelling[0].LossShift.Value, 0.1)

	r, params = blank(t, "several", "trigram-half")
	one, err = TransferOf(r.Spec, params)
	require.NoError(t, err)
	require.Len(t, one.Relabelling, 1)
	require.Nil(t, one.Spectra)
	_, err = TransferOf(r.Spec, params[1:])
	require.ErrorContains(t, err, `weights of "several"`)
}

// TestTransfers: the first seed of each experiment that has weights.
func TestTransfers(t *testing.T) {
	first, params := blank(t, "blank-1", "chain")
	second, third, missing := first, first, first
	second.Spec.Seed, third.Spec.ID, missing.Spec.ID = 2, "blank-2", "missing"
	runs, err := Transfers([]experiment.Record{missing, first, second, third}, func(r experiment.Record) ([]float64, error) {
		if r.Spec.ID == "missing" {
			return nil, fs.ErrNotExist
		}
		return params, nil
	})
	require.NoError(t, err)
	require.Len(t, runs, 2)
	require.Equal(t, "blank-2", runs[1].Run)
	tables := TransferTables(runs)
	require.Len(t, tables, 2)
	require.Equal(t, "blank, 2 runs", at(t, tables[0], 0, "run").String())
	require.Len(t, tables[1].Rows, 11)
	require.Equal(t, "l2 complex", at(t, tables[1], 7, "chains").String())

	runs, err = Transfers([]experiment.Record{missing}, func(experiment.Record) ([]float64, error) { return nil, fs.ErrNotExist })
	require.NoError(t, err)
	require.Empty(t, TransferTables(runs))
	broken := errors.New("broken")
	_, err = Transfers([]experiment.Record{first}, func(experiment.Record) ([]float64, error) { return nil, broken })
	require.ErrorIs(t, err, broken)
}

// TestIntervals: normal over sequences, Student's t over runs. Two runs 0 and 2
// have mean 1, standard error 1 and the quantile 12.706 of one degree of freedom.
func TestIntervals(t *testing.T) {
	require.Equal(t, "[0.804, 1.196]", intervalCell(measure.Mean{Value: 1, StdErr: 0.1}, 1).String())
	m := overRuns([]measure.Mean{{Value: 0, StdErr: 9}, {Value: 2, StdErr: 9}})
	require.Equal(t, measure.Mean{Value: 1, StdErr: 1}, m)
	require.Equal(t, "[-11.706, 13.706]", intervalCell(m, 2).String())
	require.Equal(t, measure.Mean{Value: 3, StdErr: 9}, overRuns([]measure.Mean{{Value: 3, StdErr: 9}}))
}
