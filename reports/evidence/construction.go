package evidence

import (
	"context"
	"fmt"

	"causalgrad/impl/construct"
	"causalgrad/impl/task"
	"causalgrad/reports/table"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// ConstructionOptions sizes what is measured of the constructions.
type ConstructionOptions struct {
	Sequences  int   // fresh sequences of each measurement
	Lengths    []int // T of the growing ladder
	TrainSteps int   // of the one-head and the two-head model on trigram-half
	Seed       uint64
}

// QuickConstructions takes half a minute: after 4500 steps two heads have left the
// plateau that one head stays on.
func QuickConstructions(seed uint64) ConstructionOptions {
	return ConstructionOptions{Sequences: 8192, Lengths: []int{16, 32, 64, 128}, TrainSteps: 4500, Seed: seed}
}

// Constructions are the hand-built weights (theory/README.md, section 6) as
// their settings grow. S = 3, rows from Dirichlet(1).
type Constructions struct {
	Sequences int
	// The disentangled transformer at T = 32: on the chain as B grows at beta 20, then
	// as beta grows at B = 30, and on the graph with two parents.
	InB, InBeta []construct.Row
	TwoParents  construct.Row
	// The reduced model on the chain as T grows, with beta following it.
	InT []construct.Row
}

// settingsLength is T of every measurement but those of the ladder in T.
const settingsLength = 32

// MeasureConstructions measures the distance to the count estimator and L - L*.
func MeasureConstructions(ctx context.Context, o ConstructionOptions) (Constructions, error) {
	c := Constructions{Sequences: o.Sequences}
	disentangled := func(graph string, b, beta float64) (construct.Row, error) {
		return o.measure(ctx, "disentangled", graph, settingsLength, construct.Settings{B: b, Beta: beta, Roots: construct.RootsMasked, Eps: constructionEps})
	}
	var err error
	for _, b := range []float64{2, 5, 10, 20} {
		if c.InB, err = grow(c.InB)(disentangled("chain", b, 20)); err != nil {
			return Constructions{}, err
		}
	}
	for _, beta := range []float64{2, 5, 10} {
		if c.InBeta, err = grow(c.InBeta)(disentangled("chain", 30, beta)); err != nil {
			return Constructions{}, err
		}
	}
	if c.TwoParents, err = disentangled("trigram-half", 30, 20); err != nil {
		return Constructions{}, err
	}
	for _, length := range o.Lengths {
		s := construct.Settings{B: 30, Beta: construct.BalancedBeta(length, 3, 1), Roots: construct.RootsUniform, Eps: constructionEps}
		if c.InT, err = grow(c.InT)(o.measure(ctx, "reduced", "chain", length, s)); err != nil {
			return Constructions{}, err
		}
	}
	return c, nil
}

// grow appends a row that was measured without error.
func grow(rows []construct.Row) func(construct.Row, error) ([]construct.Row, error) {
	return func(r construct.Row, err error) ([]construct.Row, error) { return append(rows, r), err }
}

// constructionEps is the reduced model's, inside its logarithm.
const constructionEps = 0.001

func (o ConstructionOptions) measure(ctx context.Context, kind, graphText string, length int, s construct.Settings) (construct.Row, error) {
	if err := ctx.Err(); err != nil {
		return construct.Row{}, err
	}
	g, err := graph.Parse(graphText, length, 0)
	if err != nil {
		return construct.Row{}, err
	}
	t, err := task.New(g, markov.Dirichlet{Size: 3, Alpha: 1})
	if err != nil {
		return construct.Row{}, err
	}
	list, err := construct.Ladder(kind, []task.Task{t}, []construct.Settings{s}, construct.Options{Sequences: o.Sequences, Seed: o.Seed})
	if err != nil {
		return construct.Row{}, err
	}
	return list[0], nil
}

// Table shows first how the distance to the count estimator falls as B and then
// beta grow, then L - L* as T grows.
func (c Constructions) Table() table.Table {
	t := table.Table{ID: "constructions", Title: "Weights built by hand: distance to the count estimator, and L - L* (nats)", Columns: []table.Column{
		{Name: "model"}, {Name: "graph"}, {Name: "B", Align: table.Right}, {Name: "beta", Align: table.Decimal}, {Name: "T", Align: table.Right},
		{Name: "to the count", Align: table.Decimal}, {Name: "to its limit", Align: table.Decimal}, {Name: "L - L*", Align: table.Decimal}, {Name: "the count's", Align: table.Decimal}}}
	add := func(kind, graph string, rows ...construct.Row) {
		for _, m := range rows {
			t.Add(table.Text(kind), table.Text(graph), table.Number(m.B, 3), table.Fixed(m.Beta, 2), table.Integer(m.Length),
				measured(m.Frequency.Mean), measured(m.Limit.Mean), measured(m.Gap), measured(m.CountGap))
		}
	}
	add("disentangled", "chain", c.InB...)
	add("disentangled", "chain", c.InBeta...)
	add("disentangled", "trigram-half", c.TwoParents)
	add("reduced", "chain", c.InT...)
	t.Note(fmt.Sprintf("S = 3, Dirichlet(1), %d fresh sequences a row; B, beta: the sizes of the scores of the first and the second layer; to the count: mean sup-norm distance of the attention-averaged frequencies to the count estimator at alpha = 0; to its limit: to what B and beta at infinity give", c.Sequences))
	t.Note("the disentangled transformer masks the roots' keys; the reduced model cannot, and its roots attend uniformly")
	t.Note("L - L* of the reduced model at eps = 0.001 with its linear read-out; of the disentangled transformer with the best scale of its softmax read-out, which no T makes exact")
	return t
}
