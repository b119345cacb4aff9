package evidence

import (
	"fmt"

	"causalgrad/impl/memory"
	"causalgrad/impl/task"
	"causalgrad/reports/table"
	"causalgrad/theory/graph"
	"causalgrad/theory/infer"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// Simulate draws n sequences of the paper's task with one-hot answers: T
// tokens, the last one the query, and the answer. With shared, one chain of
// the prior makes all sequences and the rows are the T-1 positions alone.
// trial separates streams that share a seed.
func Simulate(f graph.Forest, prior markov.Prior, n int, shared bool, seed, trial uint64) (infer.Sequences, error) {
	if n < infer.MinSequences || n > 1<<24 {
		return infer.Sequences{}, fmt.Errorf("%d sequences, want %d to %d", n, infer.MinSequences, 1<<24)
	}
	if shared {
		c, err := markov.DrawChain(prior, stream.Key{Seed: seed, Purpose: stream.Prior, Step: trial})
		if err != nil {
			return infer.Sequences{}, err
		}
		prior = markov.Point{Chain: c, Name: "drawn"}
	}
	t, err := task.New(f, prior)
	if err != nil {
		return infer.Sequences{}, err
	}
	length, tokens := f.SequenceLength(), prior.Tokens()
	s := infer.Sequences{Tokens: tokens, N: n, Columns: length + 1, Source: "the prior"}
	if shared {
		s.Columns = length - 1
	}
	if err := memory.Plan(2.2*float64(n)*float64(s.Columns), "fewer sequences or a shorter --length take less"); err != nil {
		return infer.Sequences{}, err
	}
	s.Data = make([]uint16, 0, n*s.Columns)
	sampler, b := t.NewSampler(), task.NewBatch(1, length, tokens)
	source := stream.New(stream.Key{Seed: seed, Purpose: stream.Test, Step: trial, Shard: 1 << 32})
	for range n {
		sampler.Sample(source, b)
		s.Data = append(s.Data, b.Tokens[:min(length, s.Columns)]...)
		if !shared {
			s.Data = append(s.Data, answer(b.Targets, source.Float64()))
		}
	}
	return s, nil
}

// answer inverts the cumulative sums of a row.
func answer(row []float64, u float64) uint16 {
	for v, p := range row[:len(row)-1] {
		if u -= p; u < 0 {
			return uint16(v)
		}
	}
	return uint16(len(row) - 1)
}

// RecoveryOptions sizes the recovery table.
type RecoveryOptions struct {
	Sequences []int        `json:"sequences"` // numbers of sequences, one row of the table each
	Forests   int          `json:"forests"`   // random forests a row
	Length    int          `json:"length"`    // T
	Tokens    int          `json:"tokens"`    // S
	Prior     string       `json:"prior"`
	Seed      uint64       `json:"seed"`
	Infer     InferOptions `json:"infer"`
}

// RecoveryPoint counts over the random forests of one number of sequences.
type RecoveryPoint struct {
	Sequences        int `json:"sequences"`
	Edges            int `json:"edges"`
	Recovered        int `json:"recovered"`         // called with the right parent
	WrongParent      int `json:"wrong_parent"`      // called with another
	Roots            int `json:"roots"`             // positions from 1 on without a parent
	FalseEdges       int `json:"false_edges"`       // roots that were given one
	ChowLiu          int `json:"chow_liu"`          // edges whose child hangs on its parent in the tree
	EarlierRecovered int `json:"earlier_recovered"` // by the earlier position with the most information
}

// Recovery infers random forests from simulated sequences and counts.
func Recovery(o RecoveryOptions) ([]RecoveryPoint, error) {
	prior, err := markov.ParsePrior(o.Prior, o.Tokens)
	if err != nil {
		return nil, err
	}
	var points []RecoveryPoint
	for _, n := range o.Sequences {
		point := RecoveryPoint{Sequences: n}
		for trial := range uint64(o.Forests) {
			f, err := graph.Random(o.Length, graph.DefaultRootProbability, stream.New(stream.Key{Seed: o.Seed, Purpose: stream.Graph, Step: trial}))
			if err != nil {
				return nil, err
			}
			s, err := Simulate(f, prior, n, o.Infer.Shared, o.Seed, trial)
			if err != nil {
				return nil, err
			}
			d, err := Infer(s, o.Infer)
			if err != nil {
				return nil, err
			}
			point.count(f, d)
		}
		points = append(points, point)
	}
	return points, nil
}

func (p *RecoveryPoint) count(f graph.Forest, d Inferred) {
	for _, r := range d.Rows {
		truth := f.Parent(r.Child)
		switch {
		case truth == graph.Root:
			p.Roots++
			if r.Parent != graph.Root {
				p.FalseEdges++
			}
			continue
		case r.Parent == truth:
			p.Recovered++
		case r.Parent != graph.Root:
			p.WrongParent++
		}
		p.Edges++
		if r.ChowLiu == truth || d.Rows[max(truth, 1)-1].Child == truth && d.Rows[max(truth, 1)-1].ChowLiu == r.Child {
			p.ChowLiu++ // the tree has the edge, whichever way it is rooted
		}
		if r.Earlier == truth {
			p.EarlierRecovered++
		}
	}
}

// RecoveryTable shows the counts as shares.
func RecoveryTable(o RecoveryOptions, points []RecoveryPoint) table.Table {
	estimator := "first-step estimator, " + string(o.Infer.Weight) + " weight, a chain for each sequence"
	if o.Infer.Shared {
		estimator = "chi-square information, one chain"
	}
	t := table.Table{ID: "recovery", Title: fmt.Sprintf("Forests recovered from sequences: %s", estimator), Columns: []table.Column{
		{Name: "sequences", Align: table.Right}, {Name: "edges", Align: table.Right}, {Name: "recovered", Align: table.Decimal}, {Name: "wrong parent", Align: table.Decimal},
		{Name: "roots", Align: table.Right}, {Name: "false edges", Align: table.Decimal}, {Name: "false discoveries", Align: table.Decimal},
		{Name: "Chow-Liu", Align: table.Decimal}, {Name: "earlier", Align: table.Decimal}}}
	for _, p := range points {
		called := p.Recovered + p.WrongParent + p.FalseEdges
		t.Add(table.Integer(p.Sequences), table.Integer(p.Edges), share(p.Recovered, p.Edges), share(p.WrongParent, p.Edges), table.Integer(p.Roots),
			share(p.FalseEdges, p.Roots), share(p.WrongParent+p.FalseEdges, called), share(p.ChowLiu, p.Edges), share(p.EarlierRecovered, p.Edges))
	}
	t.Note(fmt.Sprintf("%d random forests a row, T = %d, S = %d, prior %s, seed %d; shares of the edges (recovered, wrong parent, Chow-Liu, earlier), of the roots (false edges) and of all edges called (false discoveries, to stay below %g on average)",
		o.Forests, o.Length, o.Tokens, o.Prior, o.Seed, o.Infer.Level))
	return t
}

func share(part, whole int) table.Cell {
	if whole == 0 {
		return table.Text("-")
	}
	return table.Fixed(float64(part)/float64(whole), 3)
}
