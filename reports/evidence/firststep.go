package evidence

import (
	"fmt"
	"math"

	"causalgrad/reports/table"
	"causalgrad/theory/chisq"
	"causalgrad/theory/dynamics"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// FirstStepOptions sizes the first-step recovery.
type FirstStepOptions struct {
	Forests int // random forests of each quantity
	Length  int // T
	Tokens  int // S
	Seed    uint64
}

// FirstStep is how often the first step finds the parent over random forests,
// with one chain (or one orbit of a chain) each.
type FirstStep struct {
	Options FirstStepOptions
	// On the signal of single chains data processing guarantees the parent
	// (theory/README.md, section 3, fact 5) among earlier positions only.
	Earlier []Recovered // the signal, earlier positions competing
	Self    Recovered   // the signal, the position itself competing too
	// The exact gradient averaged over a prior of constant mean, with the position
	// itself competing.
	Gradient Recovered
	// EveryStep is what stage 1 makes of those forests, exactly and in the limit of
	// small beta0.
	EveryStep EveryStep
}

// Recovered counts the edges whose child's row is largest at the parent.
type Recovered struct {
	Prior            string
	Forests          int     // random forests with an edge
	ForestsRecovered int     // those of them with every edge recovered
	Edges            int     // of all forests
	Recovered        int     // of the edges
	Smallest         float64 // margin of a parent over the row's other entries
}

// All tells whether every edge was recovered, of at least one.
func (r Recovered) All() bool { return r.Edges > 0 && r.Recovered == r.Edges }

// eachOrbit stands for another orbit a forest: orbit:1,n for forest n.
const eachOrbit = "orbit:1,SEED"

// MeasureFirstStep draws the forests and counts.
func MeasureFirstStep(o FirstStepOptions) (FirstStep, error) {
	r := FirstStep{Options: o, EveryStep: newEveryStep(eachOrbit, everyStepRandom, everyStepRates...)}
	for _, prior := range []string{"dirichlet:0.1", "dirichlet:1"} {
		one, err := o.recovered(prior, signalMargins(false))
		if err != nil {
			return FirstStep{}, err
		}
		r.Earlier = append(r.Earlier, one)
	}
	var err error
	if r.Self, err = o.recovered("dirichlet:1", signalMargins(true)); err != nil {
		return FirstStep{}, err
	}
	r.Gradient, err = o.recovered(eachOrbit, r.gradientMargins)
	return r, err
}

// margins are those of a forest's parents in one draw.
type margins func(f graph.Forest, p markov.Prior, draw uint64) ([]chisq.Margin, error)

func (o FirstStepOptions) recovered(priorText string, of margins) (Recovered, error) {
	r := Recovered{Prior: priorText, Smallest: math.Inf(1)}
	for n := range uint64(o.Forests) {
		f, err := graph.Random(o.Length, graph.DefaultRootProbability, stream.New(stream.Key{Seed: o.Seed, Purpose: stream.Graph, Step: n}))
		if err != nil {
			return Recovered{}, err
		}
		text := priorText
		if text == eachOrbit {
			text = fmt.Sprintf("orbit:1,%d", n)
		}
		prior, err := markov.ParsePrior(text, o.Tokens)
		if err != nil {
			return Recovered{}, err
		}
		found, err := of(f, prior, n)
		if err != nil {
			return Recovered{}, err
		}
		r.count(found)
	}
	return r, nil
}

// count adds one forest's margins.
func (r *Recovered) count(found []chisq.Margin) {
	right := 0
	for _, m := range found {
		if m.Value > 0 {
			right++
		}
		r.Smallest = math.Min(r.Smallest, m.Value)
	}
	r.Edges, r.Recovered = r.Edges+len(found), r.Recovered+right
	if len(found) > 0 {
		r.Forests++
		if right == len(found) {
			r.ForestsRecovered++
		}
	}
}

func signalMargins(self bool) margins {
	return func(f graph.Forest, p markov.Prior, draw uint64) ([]chisq.Margin, error) {
		c, err := markov.DrawChain(p, stream.Key{Seed: draw, Purpose: stream.Prior})
		if err != nil {
			return nil, err
		}
		return chisq.Margins(f, chisq.Compute(f, c).Signal, self), nil
	}
}

// gradientMargins also follows stage 1 from the gradient.
func (r *FirstStep) gradientMargins(f graph.Forest, p markov.Prior, _ uint64) ([]chisq.Margin, error) {
	e, err := firststep.Average(f, p, 0, firststep.Options{})
	if err != nil {
		return nil, err
	}
	payoffs, err := dynamics.FromGradient(e.Mean)
	if err != nil {
		return nil, err
	}
	return chisq.Margins(f, e.Mean, true), r.EveryStep.follow(f, payoffs)
}

// Table has a row a quantity.
func (r FirstStep) Table() table.Table {
	t := table.Table{ID: "first-step", Title: fmt.Sprintf("Edges recovered by the exact first step, T = %d, S = %d", r.Options.Length, r.Options.Tokens),
		Columns: []table.Column{{Name: "quantity"}, {Name: "prior"}, {Name: "competitors"}, {Name: "edges", Align: table.Right},
			{Name: "recovered", Align: table.Right}, {Name: "smallest margin", Align: table.Right}, {Name: "guaranteed"}, {Name: "verdict"}}}
	add := func(quantity, competitors string, one Recovered, guaranteed, verdict table.Cell) {
		t.Add(table.Text(quantity), table.Text(one.Prior), table.Text(competitors), table.Integer(one.Edges),
			table.Number(float64(one.Recovered)/float64(one.Edges), 4), table.Number(one.Smallest, 2), guaranteed, verdict)
	}
	no, observed := table.Text("no"), table.Text("observed")
	for _, one := range r.Earlier {
		add("signal, one chain", "k < i", one, table.Text("yes"), holds(one.All()))
	}
	add("signal, one chain", "k <= i", r.Self, no, observed)
	add("exact gradient, prior mean", "k <= i", r.Gradient, no, observed)
	t.Note(fmt.Sprintf("the exact gradient's parents that are ahead stay so at every step of stage 1, in the limit of small beta0: of %d such, followed over %d steps at rate x beta0 = 10, 1000 and 100000, the attention of %d fell", r.EveryStep.Ahead, r.EveryStep.Steps, r.EveryStep.Fallen))
	t.Note(fmt.Sprintf("%d random forests a row, one chain (or one orbit of a chain) each, seed %d; guaranteed: a theorem says so for every chain (theory/README.md, section 3, fact 5)", r.Options.Forests, r.Options.Seed))
	return t
}
