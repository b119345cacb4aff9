package construct

import (
	"math"

	"causalgrad/impl/measure"
	"causalgrad/impl/task"
)

// Distance is a sup-norm distance over tokens, max_s |a_s - b_s|: its mean over
// sequences and the largest.
type Distance struct {
	Mean measure.Mean `json:"mean"`
	Max  float64      `json:"max"`
}

// Row is one construction on fresh sequences.
type Row struct {
	Model     string  `json:"model"`
	Roots     Roots   `json:"roots"`
	B         float64 `json:"b"`
	Beta      float64 `json:"beta"`
	Length    int     `json:"length"` // T
	Eps       float64 `json:"eps"`
	Scale     float64 `json:"scale"` // of the softmax read-out; 0 for the reduced model
	Sequences int     `json:"sequences"`
	// Unmatched is the share of sequences in which the count estimator counts
	// nothing; the distances to it leave them out.
	Unmatched float64 `json:"unmatched"`

	Frequency  Distance `json:"frequency"`  // attention-averaged frequencies q to the count estimator at alpha = 0
	Prediction Distance `json:"prediction"` // the model's f to the same
	Limit      Distance `json:"limit"`      // q to Built.Limit, over all sequences

	Gap       measure.Mean `json:"gap"`        // L - L* of the model, nats; at least -log(1 + S eps)
	LinearGap measure.Mean `json:"linear_gap"` // L - L* of -log(q + eps), nats; the reduced model's Gap
	CountGap  measure.Mean `json:"count_gap"`  // L - L* of the count estimator with the prior's alpha
}

// Measure runs the construction on fresh sequences of t. The disentangled
// transformer's read-out is given its best scale first.
func Measure(b Built, t task.Task, o Options) (Row, error) {
	if err := b.checkConstruction(); err != nil {
		return Row{}, err
	}
	b, err := b.BestScale(t, o)
	if err != nil {
		return Row{}, err
	}
	seen, err := b.observe(t, o, measuring)
	if err != nil {
		return Row{}, err
	}
	linear, unmatched := make([]float64, o.Sequences), 0
	for n := range linear {
		y := seen.target[n*seen.tokens : (n+1)*seen.tokens]
		linear[n] = linearLoss(y, seen.frequency[n*seen.tokens:(n+1)*seen.tokens], b.Settings.Eps) - task.Entropy(y)
		if math.IsNaN(seen.count[n*seen.tokens]) {
			unmatched++
		}
	}
	return Row{Model: b.Model.Name(), Roots: b.Settings.Roots, B: b.Settings.B, Beta: b.Settings.Beta,
		Length: t.SequenceLength(), Eps: b.Settings.Eps, Scale: b.Scale, Sequences: o.Sequences,
		Unmatched: float64(unmatched) / float64(o.Sequences),
		Frequency: distance(seen.frequency, seen.count, seen.tokens), Prediction: distance(seen.f, seen.count, seen.tokens),
		Limit: distance(seen.frequency, seen.limit, seen.tokens),
		Gap:   mean(seen.gap), LinearGap: mean(linear), CountGap: mean(seen.countGap)}, nil
}

// Ladder measures every setting on every task: lengths T are the tasks'. kind
// is "reduced" or "disentangled".
func Ladder(kind string, tasks []task.Task, settings []Settings, o Options) ([]Row, error) {
	var rows []Row
	for _, t := range tasks {
		for _, s := range settings {
			b, err := Build(kind, t.Graph(), t.Tokens(), s)
			if err != nil {
				return nil, err
			}
			row, err := Measure(b, t, o)
			if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// linearLoss is -sum_s y_s log(q_s + eps). q read back from a softmax may be
// below 0 by a rounding.
func linearLoss(y, q []float64, eps float64) float64 {
	regular := make([]float64, len(q))
	for v, p := range q {
		regular[v] = math.Max(p, 0) + eps
	}
	return task.CrossEntropy(y, regular)
}

// distance compares rows of a with rows of b, leaving out those where b is NaN:
// nothing was counted. It is 0 where all are left out.
func distance(a, b []float64, tokens int) Distance {
	var each []float64
	d := Distance{}
	for at := 0; at < len(a); at += tokens {
		if math.IsNaN(b[at]) {
			continue
		}
		far := measure.SupDistance(a[at:at+tokens], b[at:at+tokens])
		each = append(each, far)
		d.Max = math.Max(d.Max, far)
	}
	if len(each) > 1 {
		d.Mean = mean(each)
	}
	return d
}
