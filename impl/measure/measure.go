// Package measure evaluates trained parameters: test loss beside the
// irreducible loss and the count estimators, sup-norm errors on other priors,
// and how much attention each edge of the graph receives (theory/README.md, sections 1
// and 7).
//
// Every sampled number carries its standard error over sequences. It never
// changes parameters and never judges: verdicts are golden's and reports'.
package measure

import (
	"fmt"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// Mean is a sample mean with its standard error.
type Mean struct {
	Value  float64 `json:"value"`
	StdErr float64 `json:"stderr"`
}

// Options says on which fresh sequences to measure.
type Options struct {
	Sequences int            // number of test sequences
	Seed      uint64         // their seed
	Purpose   stream.Purpose // stream.Test, or stream.Shift for other priors
	Stage     uint64         // separates streams that share seed and purpose
	Workers   int            // 0 means one a processor
}

// DefaultSequences is the number of fresh test sequences of a record.
const DefaultSequences = 65536

// Losses compares a model with what the sequences allow, in nats. There are
// two count estimators, because they support different claims: one knows the
// test prior's pseudo-count, the other imitates what training could teach.
type Losses struct {
	Prior       string `json:"prior"`
	Sequences   int    `json:"sequences"`
	Loss        Mean   `json:"loss"`        // -sum y log f
	Irreducible Mean   `json:"irreducible"` // L* = H(y)
	Gap         Mean   `json:"gap"`         // loss - H(y), paired

	Alpha         float64 `json:"alpha"`           // pseudo-count that matches Prior
	Count         Mean    `json:"count_estimator"` // with Alpha
	TrainingAlpha float64 `json:"training_alpha"`  // pseudo-count of the training prior
	TrainingCount Mean    `json:"training_count_estimator"`
	OverCount     Mean    `json:"loss_minus_count"`          // paired
	OverTraining  Mean    `json:"loss_minus_training_count"` // paired

	SupError Mean `json:"sup_error"` // max_s |f_s - y_s|
	CountSup Mean `json:"count_sup_error"`

	Calibration      Mean `json:"calibration_error"` // expected calibration error, 0 to 1
	CountCalibration Mean `json:"count_calibration_error"`
}

// The columns that Evaluate accumulates for each sequence.
const (
	columnLoss = iota
	columnEntropy
	columnGap
	columnCount
	columnTraining
	columnOver
	columnOverTraining
	columnSup
	columnCountSup
	columnBins
	columnCountBins = columnBins + calibrationBins
	columns         = columnCountBins + calibrationBins
)

// Evaluate measures parameters on fresh sequences of t. trainingAlpha is the
// pseudo-count of the prior that the parameters were trained on.
func Evaluate(m model.Model, params []float64, t task.Task, trainingAlpha float64, o Options) (Losses, error) {
	if t.Tokens() != m.Tokens() || t.SequenceLength() != m.SequenceLength() {
		return Losses{}, fmt.Errorf("task of %d tokens and length %d, but the model has %d and %d",
			t.Tokens(), t.SequenceLength(), m.Tokens(), m.SequenceLength())
	}
	if o.Sequences < 2 || o.Sequences > 1<<26 {
		return Losses{}, fmt.Errorf("sequences = %d, want 2 to %d", o.Sequences, 1<<26)
	}
	alpha := EstimatorAlpha(t.Prior(), trainingAlpha)
	pass := m.NewPass()
	pass.Bind(params)
	sums := overSequences(t, o, columns, func() func(b *task.Batch, add func(row []float64)) {
		worker := pass.NewWorker()
		f := make([]float64, ShardSize*t.Tokens())
		count, training := make([]float64, len(f)), make([]float64, len(f))
		row := make([]float64, columns)
		return func(b *task.Batch, add func([]float64)) {
			worker.Predict(b, f)
			t.CountEstimate(b, alpha, count)
			t.CountEstimate(b, trainingAlpha, training)
			for n := range b.N {
				at, to := n*b.S, (n+1)*b.S
				row[columnLoss] = SequenceLoss(worker, b, n)
				compare(row, b.Target(n), f[at:to], count[at:to], training[at:to])
				add(row)
			}
		}
	})
	return Losses{Prior: t.Prior().String(), Sequences: o.Sequences,
		Loss: sums.mean(columnLoss), Irreducible: sums.mean(columnEntropy), Gap: sums.mean(columnGap),
		Alpha: alpha, Count: sums.mean(columnCount), OverCount: sums.mean(columnOver),
		TrainingAlpha: trainingAlpha, TrainingCount: sums.mean(columnTraining), OverTraining: sums.mean(columnOverTraining),
		SupError: sums.mean(columnSup), CountSup: sums.mean(columnCountSup),
		Calibration: sums.calibration(columnBins), CountCalibration: sums.calibration(columnCountBins)}, nil
}

// compare fills the columns beside the loss, which is already there.
func compare(row, y, f, count, training []float64) {
	row[columnEntropy] = task.Entropy(y)
	row[columnCount] = task.CrossEntropy(y, count)
	row[columnTraining] = task.CrossEntropy(y, training)
	row[columnGap] = row[columnLoss] - row[columnEntropy]
	row[columnOver] = row[columnLoss] - row[columnCount]
	row[columnOverTraining] = row[columnLoss] - row[columnTraining]
	row[columnSup] = SupDistance(f, y)
	row[columnCountSup] = SupDistance(count, y)
	binExcess(row[columnBins:columnCountBins], f, y)
	binExcess(row[columnCountBins:columns], count, y)
}

// EstimatorAlpha is the pseudo-count that matches a prior: its Dirichlet
// concentration, or fallback for priors that have none.
func EstimatorAlpha(p markov.Prior, fallback float64) float64 {
	switch p := markov.Base(p).(type) {
	case markov.Dirichlet:
		return p.Alpha
	case markov.Floor:
		return p.Alpha
	}
	return fallback
}
