package evidence

import (
	"fmt"
	"runtime"
	"time"

	"causalgrad/golden/stat"
	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/reports/table"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// ScaleQuantity is a computation whose cost is measured against T.
type ScaleQuantity string

const (
	// ExactGradient is firststep.Gradient of one chain on the chain graph.
	ExactGradient ScaleQuantity = "exact first-step gradient, one chain"
	// ReducedGradient is the reduced model's loss and gradient on 64 sequences.
	ReducedGradient ScaleQuantity = "reduced model, gradient of 64 sequences"
)

// ScalePoint is the cost of one computation on one core. It is a measurement:
// unlike everything else it differs between runs and machines.
type ScalePoint struct {
	Quantity ScaleQuantity `json:"quantity"`
	Length   int           `json:"length"`
	Tokens   int           `json:"tokens"`
	Seconds  float64       `json:"seconds"` // the best of the repetitions
	Bytes    uint64        `json:"bytes"`   // allocated by one repetition
}

// scaleBatch is the number of sequences of ReducedGradient.
const scaleBatch = 64

// MeasureScale measures a quantity at one T, the best of repeats runs.
func MeasureScale(q ScaleQuantity, length, tokens, repeats int) (ScalePoint, error) {
	f, err := graph.Chain(length)
	if err != nil {
		return ScalePoint{}, err
	}
	prior := markov.Dirichlet{Size: tokens, Alpha: 1}
	work, err := scaleWork(q, f, prior)
	if err != nil {
		return ScalePoint{}, err
	}
	p := ScalePoint{Quantity: q, Length: length, Tokens: tokens}
	var before, after runtime.MemStats
	for n := range max(repeats, 1) {
		runtime.ReadMemStats(&before)
		start := time.Now()
		if err := work(); err != nil {
			return ScalePoint{}, err
		}
		seconds := time.Since(start).Seconds()
		runtime.ReadMemStats(&after)
		if n == 0 || seconds < p.Seconds {
			p.Seconds, p.Bytes = seconds, after.TotalAlloc-before.TotalAlloc
		}
	}
	return p, nil
}

func scaleWork(q ScaleQuantity, f graph.Forest, prior markov.Prior) (func() error, error) {
	switch q {
	case ExactGradient:
		c, err := markov.DrawChain(prior, stream.Key{Seed: 1, Purpose: stream.Bench})
		if err != nil {
			return nil, err
		}
		return func() error {
			_, err := firststep.Gradient(f, c, 0)
			return err
		}, nil
	case ReducedGradient:
		t, err := task.New(f, prior)
		if err != nil {
			return nil, err
		}
		m, err := model.NewReduced(prior.Tokens(), f.SequenceLength(), 0.01)
		if err != nil {
			return nil, err
		}
		b := task.NewBatch(scaleBatch, f.SequenceLength(), prior.Tokens())
		t.NewSampler().Sample(stream.New(stream.Key{Seed: 1, Purpose: stream.Bench}), b)
		return func() error {
			params := make([]float64, m.Layout().Size())
			pass := m.NewPass()
			pass.Bind(params)
			pass.NewWorker().LossGradient(b, make([]float64, len(params)))
			return nil
		}, nil
	}
	return nil, fmt.Errorf("quantity %q: unknown", q)
}

// Scale tabulates the points with the exponents of time and memory in T,
// fitted on each quantity's points of T >= 128, where constants no longer rule.
// Points of one quantity must follow each other.
func Scale(points []ScalePoint) (table.Table, error) {
	t := table.Table{ID: "scale", Title: "Cost against the sequence length T, one core", Columns: []table.Column{
		{Name: "quantity"}, {Name: "S", Align: table.Right}, {Name: "T", Align: table.Right},
		{Name: "seconds", Align: table.Decimal}, {Name: "MiB allocated", Align: table.Decimal}}}
	for from := 0; from < len(points); {
		to := from
		var lengths, seconds, bytes []float64
		for ; to < len(points) && points[to].Quantity == points[from].Quantity; to++ {
			p := points[to]
			t.Add(table.Text(string(p.Quantity)), table.Integer(p.Tokens), table.Integer(p.Length), table.Number(p.Seconds, 3), table.Number(float64(p.Bytes)/(1<<20), 3))
			if p.Length >= 128 {
				lengths, seconds, bytes = append(lengths, float64(p.Length)), append(seconds, p.Seconds), append(bytes, float64(p.Bytes))
			}
		}
		if len(lengths) >= 3 {
			inTime, err := stat.FitRate(lengths, seconds, nil)
			if err != nil {
				return table.Table{}, err
			}
			inBytes, err := stat.FitRate(lengths, bytes, nil)
			if err != nil {
				return table.Table{}, err
			}
			t.Note(fmt.Sprintf("%s: time grows as T^%.2f (95%% interval %.2f to %.2f), memory as T^%.2f, from T = %g on", points[from].Quantity,
				inTime.Exponent, inTime.Interval.Lo, inTime.Interval.Hi, inBytes.Exponent, lengths[0]))
		}
		from = to
	}
	t.Note("measured on this machine: the one table that differs between runs")
	return t, nil
}
