package reference

import (
	"fmt"
	"math"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// ForestRerun is the official code of many-graphs run again, unchanged and with the
// notebook's own keys, on another machine than the one whose output was published.
type ForestRerun struct {
	origin
	Source string
	Config RunConfig
	Trials []RerunTrial
}

// RerunTrial is one forest's run. Edges are those of the last checkpoint, by child.
type RerunTrial struct {
	Trial       int // the published one's number
	Forest      graph.Forest
	Checkpoints []RerunCheckpoint // ascending
	Mean        float64           // the last checkpoint's
	Edges       []EdgeDeficit
}

// RerunCheckpoint is a run's state after some steps.
type RerunCheckpoint struct {
	Step  int
	Mean  float64 // deficit, over the edges; four decimals
	Loss  float64 // in training, over the steps since the checkpoint before; nats
	Edges []EdgeDeficit
}

// OfficialRerun returns the run that ships with the program.
func OfficialRerun() (*ForestRerun, error) {
	const name = "official_many_graphs_cpu.json"
	file, err := openShipped(name)
	if err != nil {
		return nil, err
	}
	rerun, ok := file.(*ForestRerun)
	if !ok {
		return nil, fmt.Errorf("file %s: holds %s, want a run of published forests", name, file.Kind())
	}
	return rerun, nil
}

func loadForestRerun(n node, o origin) File {
	n.object("source", "config", "trials")
	r := &ForestRerun{origin: o, Source: n.field("source").text()}
	c := n.field("config")
	c.object("S", "T", "alpha", "heads", "optimizer", "lr", "schedule", "steps", "batch")
	r.Config = RunConfig{Tokens: c.field("S").integer(markov.MinTokens, maxTokens), Length: c.field("T").integer(graph.MinSequenceLength, maxLength),
		Alpha: c.field("alpha").alpha(), Heads: c.heads(), Optimizer: c.field("optimizer").text(), LR: c.field("lr").number(),
		Schedule: c.field("schedule").text(), Steps: c.field("steps").integer(1, 1<<30), Batch: c.field("batch").integer(1, 1<<30)}
	for _, e := range n.field("trials").some() {
		r.Trials = append(r.Trials, e.rerunTrial(r.Config))
	}
	r.ignored = n.ignored
	return r
}

func (n node) rerunTrial(c RunConfig) RerunTrial {
	n.object("trial", "parents", "trajectory")
	t := RerunTrial{Trial: n.field("trial").integer(0, 1<<20), Forest: n.field("parents").forest(c.Length)}
	for _, e := range n.field("trajectory").some() {
		e.object("step", "mean_deficit", "train_loss_mean_of_last_1024_steps", "edges")
		p := RerunCheckpoint{Step: e.field("step").integer(1, c.Steps), Mean: e.field("mean_deficit").share(), Loss: e.field("train_loss_mean_of_last_1024_steps").number()}
		if e.has("edges") {
			for _, edge := range e.field("edges").list(-1) {
				edge.object("child", "parent", "delta")
				p.Edges = append(p.Edges, EdgeDeficit{graph.Edge{Child: edge.field("child").integer(0, c.Length-2), Parent: edge.field("parent").integer(0, c.Length-2)}, edge.field("delta").share()})
			}
			e.checkEdges(ForestTrial{Forest: t.Forest, Edges: p.Edges})
		}
		t.Checkpoints = append(t.Checkpoints, p)
	}
	if n.err == nil {
		last := t.Checkpoints[len(t.Checkpoints)-1]
		t.Mean, t.Edges = last.Mean, last.Edges
	}
	return t
}

// Half units of the last digits that the file keeps.
const (
	rerunMeanHalf = 5e-5
	rerunEdgeHalf = 5e-4
)

// check compares the run with itself, its forests with the published ones, and
// reports by how much its outcomes differ from the published output. The comparison
// with this implementation's runs is causalgrad report's.
func (r *ForestRerun) check(Options) ([]Row, error) {
	published, err := ManyGraphs()
	if err != nil {
		return nil, err
	}
	var means, forests, steps, output, edges comparison
	for i, t := range r.Trials {
		name := fmt.Sprintf("trials[%d]", i)
		last := t.Checkpoints[len(t.Checkpoints)-1]
		steps.add(name, []float64{float64(last.Step)}, []float64{float64(r.Config.Steps)})
		for j, c := range t.Checkpoints {
			if len(c.Edges) > 0 {
				mean := 0.0
				for _, e := range c.Edges {
					mean += e.Deficit / float64(len(c.Edges))
				}
				means.add(fmt.Sprintf("%s.trajectory[%d]", name, j), []float64{mean}, []float64{c.Mean})
			}
		}
		if t.Trial >= len(published.Trials) {
			forests.add(name, []float64{math.NaN()}, []float64{float64(t.Trial)})
			continue
		}
		other := published.Trials[t.Trial]
		forests.add(name, asNumbers(t.Forest.Parents()), asNumbers(other.Forest.Parents()))
		output.add(name, []float64{t.Mean}, []float64{other.Mean})
		edges.add(name, deficits(t.Edges), deficits(other.Edges))
	}
	allowed := rerunMeanHalf + rerunEdgeHalf
	row := means.exact("mean deficit of the checkpoints against their edges", fmt.Sprintf("half a unit of the last digits, %g of the mean and %g of the edges", rerunMeanHalf, rerunEdgeHalf))
	row.Tolerance, row.Pass = allowed, means.maxAbs <= allowed
	return []Row{
		forests.exact("forests are the published ones", "a copy"),
		steps.exact("steps of the last checkpoint", "the configuration's"),
		row,
		output.information("mean deficits against the published output", "the same code and keys on another machine give other outcomes than the notebook's stored ones"),
		edges.information("edges' deficits against the published output", "likewise"),
	}, nil
}

func asNumbers(v []int) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out
}

func deficits(edges []EdgeDeficit) []float64 {
	out := make([]float64, len(edges))
	for i, e := range edges {
		out[i] = e.Deficit
	}
	return out
}
