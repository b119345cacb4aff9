package evidence

import (
	"context"
	"fmt"
	"math"
	"reflect"

	"causalgrad/impl/jsonfile"
	"causalgrad/impl/measure"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// Algorithm1 is Algorithm 1 on chains of growing length, S = 3 and Dirichlet(1),
// with one seed or several.
type Algorithm1 struct {
	Ladders []Ladder `json:"ladders"` // of the same lengths
	// Gap and SupErrors are how L - L* falls with T, and the sup-norm errors on
	// the priors of Algorithm1Point.Shifted (theorem 2).
	Gap       Decay   `json:"gap"`
	SupErrors []Decay `json:"sup_errors"`
}

// Ladder is one seed's runs, T ascending.
type Ladder struct {
	Seed   uint64            `json:"seed"`
	Points []Algorithm1Point `json:"points"`
}

// RunLadder runs Algorithm 1 on every length. step, which may be nil, is told how
// many are done.
func RunLadder(ctx context.Context, lengths []int, seed uint64, step func(done int)) (Ladder, error) {
	l := Ladder{Seed: seed}
	for i, length := range lengths {
		if err := ctx.Err(); err != nil {
			return Ladder{}, err
		}
		point, err := RunAlgorithm1(length, seed, nil)
		if err != nil {
			return Ladder{}, err
		}
		l.Points = append(l.Points, point)
		if step != nil {
			step(i + 1)
		}
	}
	return l, nil
}

// NewAlgorithm1 fits the rates to ladders of the same three or more lengths.
func NewAlgorithm1(ladders ...Ladder) (Algorithm1, error) {
	a := Algorithm1{Ladders: ladders}
	var lengths []float64
	for _, p := range ladders[0].Points {
		lengths = append(lengths, float64(p.Length))
	}
	decay := func(quantity, of string, number func(Algorithm1Point) measure.Mean) (Decay, error) {
		var values, errs [][]float64
		for _, l := range ladders {
			var v, e []float64
			for i, p := range l.Points {
				if i >= len(lengths) || float64(p.Length) != lengths[i] || len(l.Points) != len(lengths) {
					return Decay{}, fmt.Errorf("ladder of seed %d: other lengths than seed %d's", l.Seed, ladders[0].Seed)
				}
				v, e = append(v, number(p).Value), append(e, number(p).StdErr)
			}
			values, errs = append(values, v), append(errs, e)
		}
		return newDecay(quantity, of, lengths, values, errs)
	}
	var err error
	if a.Gap, err = decay("L - L* of Algorithm 1", "", func(p Algorithm1Point) measure.Mean { return p.Losses.Gap }); err != nil {
		return Algorithm1{}, err
	}
	for i, text := range algorithm1Shifted {
		one, err := decay("sup error of Algorithm 1", text, func(p Algorithm1Point) measure.Mean { return p.Shifted[i].SupError })
		if err != nil {
			return Algorithm1{}, err
		}
		a.SupErrors = append(a.SupErrors, one)
	}
	return a, nil
}

// Decays are the gap's and the sup-norm errors'.
func (a Algorithm1) Decays() []Decay { return append([]Decay{a.Gap}, a.SupErrors...) }

// RecordedLadders reads a document of ladders, as causalgrad ladder writes it.
func RecordedLadders(data []byte) ([]Ladder, error) {
	var d struct {
		Schema  string   `json:"schema"`
		Ladders []Ladder `json:"ladders"`
	}
	if err := jsonfile.Decode(data, &d); err != nil {
		return nil, fmt.Errorf("ladders of Algorithm 1: %w", err)
	}
	if d.Schema != LadderSchema {
		return nil, fmt.Errorf("ladders of Algorithm 1: schema %q, want %q", d.Schema, LadderSchema)
	}
	return d.Ladders, nil
}

// With puts recorded ladders of other seeds behind this one. A recorded one of
// the same seed must be this one bit for bit: otherwise they are another program's.
func (l Ladder) With(recorded []Ladder) ([]Ladder, error) {
	all := []Ladder{l}
	for _, r := range recorded {
		switch {
		case r.Seed != l.Seed:
			all = append(all, r)
		case !reflect.DeepEqual(r, l):
			return nil, fmt.Errorf("run of Algorithm 1, seed %d: the recorded ladder has other bits than this program's; make seeds-record computes them anew", l.Seed)
		}
	}
	return all, nil
}

// LadderSchema names the JSON document of causalgrad ladder and its version.
const LadderSchema = "causalgrad/ladder/2"

// Algorithm1Point is one run of Algorithm 1 on the chain.
type Algorithm1Point struct {
	Length int            `json:"length"` // T
	Losses measure.Losses `json:"losses"`
	First  measure.Edges  `json:"first"` // attention on the edges after stage 1, without the single edges
	// After stage 2, A2 is Diagonal I + a constant, up to Residual: the Frobenius
	// norm of what is left over that of Diagonal's part. It began as Beta0 I.
	Beta0    float64 `json:"beta0"`
	Diagonal float64 `json:"diagonal"`
	Residual float64 `json:"residual"`
	// Shifted are the losses on chains outside the training prior.
	Shifted []measure.Losses `json:"ood"`
}

// Algorithm1Config is the ladder's configuration: one large step on A1, whose
// rate grows as T^2 because row i of the first gradient carries 1/(T i), then
// gradient descent on A2.
func Algorithm1Config(length int, seed uint64) train.Algorithm1 {
	return train.Algorithm1{Beta0: 0.1, Rate1: 1000 * float64(length*length), Steps1: 1, Rate2: 10, Steps2: 100,
		Eps: 0.001, Batch: 2048, Seed: seed}
}

// Algorithm1Lengths are the ladder of the report.
func Algorithm1Lengths() []int { return []int{16, 32, 64, 128, 256, 512} }

// algorithm1Shifted are the priors of the ladder's sup-norm errors (theorem 2).
var algorithm1Shifted = []string{"dirichlet:0.3", "sticky:0.5,1", "near-deterministic:0.9,1"}

// RunAlgorithm1 trains the reduced model on the chain of one length, S = 3 and
// Dirichlet(1), and measures it on fresh sequences.
func RunAlgorithm1(length int, seed uint64, progress func(steps int)) (Algorithm1Point, error) {
	f, err := graph.Chain(length)
	if err != nil {
		return Algorithm1Point{}, err
	}
	t, err := task.New(f, markov.Dirichlet{Size: 3, Alpha: 1})
	if err != nil {
		return Algorithm1Point{}, err
	}
	stages, err := Algorithm1Config(length, seed).Run(t, progress)
	if err != nil {
		return Algorithm1Point{}, err
	}
	point := Algorithm1Point{Length: length}
	if point.Losses, err = measure.Evaluate(stages.Model, stages.Params, t, 1,
		measure.Options{Sequences: 16384, Seed: seed, Purpose: stream.Test}); err != nil {
		return Algorithm1Point{}, err
	}
	for i, text := range algorithm1Shifted {
		prior, err := markov.ParsePrior(text, 3)
		if err != nil {
			return Algorithm1Point{}, err
		}
		shifted, err := t.WithPrior(prior)
		if err != nil {
			return Algorithm1Point{}, err
		}
		losses, err := measure.Evaluate(stages.Model, stages.Params, shifted, 1,
			measure.Options{Sequences: 4096, Seed: seed, Purpose: stream.Shift, Stage: uint64(i)})
		if err != nil {
			return Algorithm1Point{}, err
		}
		point.Shifted = append(point.Shifted, losses)
	}
	blocks, err := measure.PositionBlock(stages.Model, stages.First, 1)
	if err != nil {
		return Algorithm1Point{}, err
	}
	point.First = measure.EdgeAttention(f, blocks)
	point.First.Weights = nil
	a2, err := stages.Model.Layout().Block("A2")
	if err != nil {
		return Algorithm1Point{}, err
	}
	point.Beta0 = Algorithm1Config(length, seed).Beta0
	point.Diagonal, point.Residual = nearIdentity(a2.Of(stages.Params), 3)
	return point, nil
}

// nearIdentity fits a (n x n) by diagonal I + a constant, in least squares, and
// returns the Frobenius norm of the rest over that of diagonal (I - 11^T/n).
func nearIdentity(a []float64, n int) (diagonal, residual float64) {
	on, off := 0.0, 0.0
	for i, v := range a {
		if i%(n+1) == 0 {
			on += v / float64(n)
		} else {
			off += v / float64(n*(n-1))
		}
	}
	diagonal = on - off
	rest := 0.0
	for i, v := range a {
		d := v - off
		if i%(n+1) == 0 {
			d = v - on
		}
		rest += float64(d * d)
	}
	return diagonal, math.Sqrt(rest) / (math.Abs(diagonal) * math.Sqrt(float64(n-1)))
}

// observed are the values of L - L* seen outside the project (theory/README.md,
// section 2), to two digits.
var observed = map[int]float64{16: 0.24, 32: 0.12, 64: 0.062, 128: 0.031}
