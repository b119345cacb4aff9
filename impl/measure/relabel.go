package measure

import (
	"math"
	"slices"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/theory/stream"
)

// Relabelling says how far trained parameters are from treating all tokens
// alike. The mechanism of the paper knows no token: with x relabelled by sigma,
// the prediction should be relabelled, f(sigma x)[sigma s] = f(x)[s]. (To relabel
// the sequences is the same as to relabel the weights by the inverse.) Means
// are over sequences, each averaged over the same few relabellings.
type Relabelling struct {
	Prior        string `json:"prior"`
	Sequences    int    `json:"sequences"`
	Permutations int    `json:"permutations"`
	// Defect is max_s |f(sigma x)[sigma s] - f(x)[s]|; Worst is its largest value.
	Defect Mean    `json:"equivariance_defect"`
	Worst  float64 `json:"largest_defect"`
	// LossChange is the loss on relabelled sequences minus that on the same
	// sequences as drawn (nats), LossShift its absolute value. Under a prior that
	// is symmetric in the tokens LossChange is 0 in expectation, LossShift is not.
	LossChange Mean `json:"loss_change"`
	LossShift  Mean `json:"absolute_loss_change"`
	// CountDistance is max_s |f_s - count estimator_s|, a yardstick for Defect.
	CountDistance Mean `json:"distance_to_count"`
}

// maxRelabellings is how many relabellings every sequence sees, where there are
// as many besides the identity.
const maxRelabellings = 5

// The columns that Relabel accumulates for each sequence.
const (
	columnDefect = iota
	columnChange
	columnShift
	columnDistance
	relabelColumns
)

// Relabel measures parameters on fresh sequences of t and their relabellings.
// alpha is the count estimator's pseudo-count.
func Relabel(m model.Model, params []float64, t task.Task, alpha float64, o Options) Relabelling {
	orders := relabellings(t.Tokens(), stream.New(stream.Key{Seed: o.Seed, Purpose: o.Purpose, Step: o.Stage, Shard: math.MaxUint64}))
	pass := m.NewPass()
	pass.Bind(params)
	worst := make(chan float64, 1)
	worst <- 0
	sums := overSequences(t, o, relabelColumns, func() func(*task.Batch, func([]float64)) {
		worker := pass.NewWorker()
		return func(b *task.Batch, add func([]float64)) {
			largest := relabelBatch(worker, t, b, orders, alpha, add)
			worst <- max(largest, <-worst) // a maximum: any order gives the same
		}
	})
	return Relabelling{Prior: t.Prior().String(), Sequences: o.Sequences, Permutations: len(orders),
		Defect: sums.mean(columnDefect), Worst: <-worst, LossChange: sums.mean(columnChange), LossShift: sums.mean(columnShift),
		CountDistance: sums.mean(columnDistance)}
}

// relabelBatch adds a row for each sequence and returns the largest defect.
func relabelBatch(w model.Worker, t task.Task, b *task.Batch, orders [][]int, alpha float64, add func([]float64)) float64 {
	rows := make([][relabelColumns]float64, b.N)
	f, g, losses := make([]float64, b.N*b.S), make([]float64, b.N*b.S), make([]float64, b.N)
	w.Predict(b, f)
	t.CountEstimate(b, alpha, g)
	for n := range rows {
		losses[n] = SequenceLoss(w, b, n)
		rows[n][columnDistance] = SupDistance(f[n*b.S:(n+1)*b.S], g[n*b.S:(n+1)*b.S])
	}
	share, largest := 1/float64(len(orders)), 0.0
	for _, order := range orders {
		other := b.Relabelled(order)
		w.Predict(other, g)
		for n := range rows {
			defect := 0.0
			for s, to := range order {
				defect = math.Max(defect, math.Abs(g[n*b.S+to]-f[n*b.S+s]))
			}
			change := SequenceLoss(w, other, n) - losses[n]
			rows[n][columnDefect] += float64(share * defect)
			rows[n][columnChange] += float64(share * change)
			rows[n][columnShift] += float64(share * math.Abs(change))
			largest = math.Max(largest, defect)
		}
	}
	for n := range rows {
		add(rows[n][:])
	}
	return largest
}

// relabellings draws different permutations of 0..s-1, none the identity.
func relabellings(s int, random *stream.Stream) [][]int {
	all := 1 // s!, as far as it matters
	for k := 2; k <= s && all <= maxRelabellings; k++ {
		all *= k
	}
	var orders [][]int
	identity := make([]int, s)
	for i := range identity {
		identity[i] = i
	}
	for len(orders) < min(all-1, maxRelabellings) {
		order := slices.Clone(identity)
		random.Shuffle(order)
		if !slices.Equal(order, identity) && !slices.ContainsFunc(orders, func(o []int) bool { return slices.Equal(o, order) }) {
			orders = append(orders, order)
		}
	}
	return orders
}
