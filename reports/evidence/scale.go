package evidence

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"causalgrad/golden/stat"
	"causalgrad/impl/jsonfile"
	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/reports/table"
	"causalgrad/theory/dynamics"
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
	// Landscape is firststep.NewTensor of one chain on the chain graph.
	Landscape ScaleQuantity = "tensor of the first-order landscape, one chain"
	// SecondLayer is firststep.SecondLayer of one chain on the chain graph.
	SecondLayer ScaleQuantity = "exact gradient in A2 at A2 = 0, one chain"
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

// ScaleSchema names the JSON document of measured costs and its version.
const ScaleSchema = "causalgrad/scale/1"

// Scales is that document.
type Scales struct {
	Schema string       `json:"schema"`
	Points []ScalePoint `json:"points"`
}

// Answer says what each computation costs at the greatest length.
func (s Scales) Answer() string {
	var largest []ScalePoint
	for _, p := range s.Points {
		switch {
		case p.Tokens != s.Points[0].Tokens:
		case len(largest) == 0 || p.Length > largest[0].Length:
			largest = []ScalePoint{p}
		case p.Length == largest[0].Length:
			largest = append(largest, p)
		}
	}
	var costs []string
	for _, p := range largest {
		costs = append(costs, fmt.Sprintf("%s %s s", p.Quantity, table.Number(p.Seconds, 2)))
	}
	return fmt.Sprintf("On one core, S = %d, T = %d: %s.", largest[0].Tokens, largest[0].Length, strings.Join(costs, "; "))
}

// ReadScales reads a document of measured costs.
func ReadScales(data []byte) (Scales, error) {
	var s Scales
	if err := jsonfile.Decode(data, &s); err != nil {
		return Scales{}, fmt.Errorf("measured costs: %w", err)
	}
	if s.Schema != ScaleSchema {
		return Scales{}, fmt.Errorf("measured costs: schema %q, want %q", s.Schema, ScaleSchema)
	}
	return s, nil
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
	case ExactGradient, Landscape, SecondLayer:
		c, err := markov.DrawChain(prior, stream.Key{Seed: 1, Purpose: stream.Bench})
		if err != nil {
			return nil, err
		}
		uniform, err := dynamics.Attention(dynamics.Zero(f.SequenceLength()))
		if err != nil {
			return nil, err
		}
		return func() (err error) {
			switch q {
			case Landscape:
				_, err = firststep.NewTensor(f, c, 0)
			case SecondLayer:
				_, err = firststep.SecondLayer(f, c, 0, uniform)
			default:
				_, err = firststep.Gradient(f, c, 0)
			}
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

// ScaleTable tabulates costs with the exponents of time and memory in T, fitted
// on each quantity's points of T >= 128, where constants no longer rule, and
// in S. Points of one quantity must follow each other; machine says where they
// were measured.
func ScaleTable(points []ScalePoint, machine string) (table.Table, error) {
	t := table.Table{ID: "scale", Title: "Cost of the exact gradient and the reduced model against the sequence length T and the tokens S, one core", Columns: []table.Column{
		{Name: "quantity"}, {Name: "S", Align: table.Right}, {Name: "T", Align: table.Right},
		{Name: "seconds", Align: table.Decimal}, {Name: "MiB allocated", Align: table.Decimal}}}
	for from := 0; from < len(points); {
		to := from
		for to < len(points) && points[to].Quantity == points[from].Quantity {
			p := points[to]
			t.Add(table.Text(string(p.Quantity)), table.Integer(p.Tokens), table.Integer(p.Length), table.Number(p.Seconds, 3), table.Number(float64(p.Bytes)/(1<<20), 3))
			to++
		}
		if err := scaleNotes(&t, points[from:to]); err != nil {
			return table.Table{}, err
		}
		from = to
	}
	t.Note(machine)
	return t, nil
}

// scaleNotes adds the fitted exponents of one quantity.
func scaleNotes(t *table.Table, points []ScalePoint) error {
	tokens, lengths := points[0].Tokens, points[0].Length // the ladder in T has these tokens, that in S this length
	for _, axis := range []struct {
		name string
		of   func(ScalePoint) (x int, ok bool)
	}{
		{"T", func(p ScalePoint) (int, bool) { return p.Length, p.Tokens == tokens && p.Length >= 128 }},
		{"S", func(p ScalePoint) (int, bool) { return p.Tokens, p.Length == lengths }},
	} {
		var x, seconds, bytes []float64
		for _, p := range points {
			if v, ok := axis.of(p); ok {
				x, seconds, bytes = append(x, float64(v)), append(seconds, p.Seconds), append(bytes, float64(p.Bytes))
			}
		}
		if len(x) < 3 {
			continue
		}
		inTime, err := stat.FitRate(x, seconds, nil)
		if err != nil {
			return err
		}
		inBytes, err := stat.FitRate(x, bytes, nil)
		if err != nil {
			return err
		}
		t.Note(fmt.Sprintf("%s: time grows as %s^%.2f (95%% interval %.2f to %.2f), memory as %s^%.2f, %s = %g to %g", points[0].Quantity,
			axis.name, inTime.Exponent, inTime.Interval.Lo, inTime.Interval.Hi, axis.name, inBytes.Exponent, axis.name, x[0], x[len(x)-1]))
		for _, w := range inTime.Warnings {
			t.Note(fmt.Sprintf("%s, time against %s: %s", points[0].Quantity, axis.name, w))
		}
	}
	return nil
}

// MeasureScales measures all quantities over a ladder in T at S = 3 and a
// ladder in S at its first length.
func MeasureScales(lengths, tokens []int, repeats int) ([]ScalePoint, error) {
	var points []ScalePoint
	for _, q := range []ScaleQuantity{ExactGradient, Landscape, SecondLayer, ReducedGradient} {
		for _, length := range lengths {
			p, err := MeasureScale(q, length, 3, repeats)
			if err != nil {
				return nil, err
			}
			points = append(points, p)
		}
		for _, s := range tokens {
			p, err := MeasureScale(q, lengths[0], s, repeats)
			if err != nil {
				return nil, err
			}
			points = append(points, p)
		}
	}
	return points, nil
}
