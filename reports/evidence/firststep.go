package evidence

import (
	"fmt"
	"math"

	"causalgrad/reports/table"
	"causalgrad/theory/chisq"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// FirstStepOptions sizes the first-step recovery table.
type FirstStepOptions struct {
	Forests int // random forests a row
	Length  int // T
	Tokens  int // S
	Seed    uint64
}

// FirstStep counts, over random forests, how often the row argmax of the first
// step is the parent (table b): on the signal of single chains, where data
// processing guarantees it among earlier positions, and on the exact gradient
// averaged over a prior, with the position itself competing.
func FirstStep(o FirstStepOptions) (Result, error) {
	r := Result{Holds: true, Table: table.Table{ID: "first-step", Title: fmt.Sprintf("First-step edge recovery, T = %d, S = %d", o.Length, o.Tokens),
		Columns: []table.Column{{Name: "quantity"}, {Name: "prior"}, {Name: "competitors"}, {Name: "edges", Align: table.Right},
			{Name: "recovered", Align: table.Right}, {Name: "smallest margin", Align: table.Right}, {Name: "guaranteed"}, {Name: "verdict"}}}}
	for _, row := range []struct {
		quantity, prior string
		self, certain   bool
		margins         func(f graph.Forest, p markov.Prior, draw uint64) ([]chisq.Margin, error)
	}{
		{"signal, one chain", "dirichlet:0.1", false, true, signalMargins(false)},
		{"signal, one chain", "dirichlet:1", false, true, signalMargins(false)},
		{"signal, one chain", "dirichlet:1", true, false, signalMargins(true)},
		{"exact gradient, prior mean", "orbit:1,SEED", true, false, gradientMargins},
	} {
		edges, recovered, smallest := 0, 0, math.Inf(1)
		for n := range uint64(o.Forests) {
			f, err := graph.Random(o.Length, graph.DefaultRootProbability, stream.New(stream.Key{Seed: o.Seed, Purpose: stream.Graph, Step: n}))
			if err != nil {
				return Result{}, err
			}
			text := row.prior
			if text == "orbit:1,SEED" {
				text = fmt.Sprintf("orbit:1,%d", n)
			}
			prior, err := markov.ParsePrior(text, o.Tokens)
			if err != nil {
				return Result{}, err
			}
			margins, err := row.margins(f, prior, n)
			if err != nil {
				return Result{}, err
			}
			for _, m := range margins {
				edges++
				if m.Value > 0 {
					recovered++
				}
				smallest = math.Min(smallest, m.Value)
			}
		}
		competitors := "k < i"
		if row.self {
			competitors = "k <= i"
		}
		guaranteed, verdict := table.Text("no"), table.Text("observed")
		if row.certain {
			guaranteed, verdict = table.Text("yes"), holds(recovered == edges)
			r.Holds = r.Holds && recovered == edges
		}
		r.Table.Add(table.Text(row.quantity), table.Text(row.prior), table.Text(competitors), table.Integer(edges),
			table.Number(float64(recovered)/float64(edges), 4), table.Number(smallest, 2), guaranteed, verdict)
	}
	r.Table.Note(fmt.Sprintf("%d random forests a row, one chain (or one orbit of a chain) each, seed %d; guaranteed: a theorem says so for every chain (theory.md section 3, fact 5)", o.Forests, o.Seed))
	return r, nil
}

func signalMargins(self bool) func(graph.Forest, markov.Prior, uint64) ([]chisq.Margin, error) {
	return func(f graph.Forest, p markov.Prior, draw uint64) ([]chisq.Margin, error) {
		c, err := markov.DrawChain(p, stream.Key{Seed: draw, Purpose: stream.Prior})
		if err != nil {
			return nil, err
		}
		return chisq.Margins(f, chisq.Compute(f, c).Signal, self), nil
	}
}

func gradientMargins(f graph.Forest, p markov.Prior, _ uint64) ([]chisq.Margin, error) {
	e, err := firststep.Average(f, p, 0, firststep.Options{})
	if err != nil {
		return nil, err
	}
	return chisq.Margins(f, e.Mean, true), nil
}
