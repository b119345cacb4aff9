package evidence

import (
	"cmp"
	"fmt"
	"slices"

	"causalgrad/golden/reference"
	"causalgrad/golden/runs"
	"causalgrad/golden/stat"
	"causalgrad/impl/experiment"

	gonum "gonum.org/v1/gonum/stat"
)

// The levels of the comparison with the published forests, chosen before any
// run was made. The margin is in units of the mean deficit (1 - weight).
const (
	ManyGraphsMargin = 0.05
	ManyGraphsAlpha  = 0.05
	// learnedWeight is the weight from which an edge counts as learned: the
	// parent has more of its row than all other positions together.
	learnedWeight = 0.5
)

// RangeVerdict says where a published value lies in what this implementation produces.
type RangeVerdict string

// The places. Inside and Outside are about the smallest and the largest of our
// seeds; with another number of steps nothing is said.
const (
	Inside        RangeVerdict = "inside"
	Outside       RangeVerdict = "outside"
	NotComparable RangeVerdict = "not comparable"
)

// ManyGraphs is our runs on the published forests beside the published table
// (theory/README.md, section 7). All deficits are 1 minus the weight on the parent in
// the softmax of the position-position block of A1.
type ManyGraphs struct {
	PublishedSteps int             `json:"published_steps"`
	Forests        []ForestOutcome `json:"forests"` // by trial, then by steps
	Edges          []EdgeOutcome   `json:"edges"`   // those of Forests, in their order
	// Paths says when the seeds part, of each forest with the published steps and enough seeds.
	Paths []ForestPaths `json:"paths,omitempty"`
	// Checks are runs of a forest with one thing changed, by forest.
	Checks []ForestCheck `json:"checks,omitempty"`
	// Ignored names records that have the id of a published forest and another
	// configuration, with what differs.
	Ignored []string `json:"ignored,omitempty"`
}

// ForestOutcome is the mean deficit of one forest over our seeds at one number
// of steps, and the published one.
type ForestOutcome struct {
	Trial     int                 `json:"trial"`
	Steps     int                 `json:"steps"`
	Edges     int                 `json:"edges"`
	Seeds     []uint64            `json:"seeds"`
	Deficits  []float64           `json:"deficits"` // mean over the edges, of each seed
	Ours      Spread              `json:"ours"`
	Published float64             `json:"published"`
	Rank      *stat.PublishedRank `json:"rank,omitempty"` // absent where not comparable
	Range     RangeVerdict        `json:"place"`
}

// EdgeOutcome is the weight of one edge over our seeds, and the published one.
type EdgeOutcome struct {
	Trial     int          `json:"trial"`
	Steps     int          `json:"steps"`
	Child     int          `json:"child"`
	Parent    int          `json:"parent"`
	Weights   []float64    `json:"weights"` // of each seed
	Ours      Spread       `json:"ours"`
	Attention float64      `json:"attention"` // mean over seeds of the actual attention on data
	Rival     int          `json:"rival"`     // where the row is largest, in most seeds
	Published float64      `json:"published"`
	Range     RangeVerdict `json:"place"`
}

// Learned reports whether the published run and our mean put more weight on the
// parent than on everything else.
func (e EdgeOutcome) Learned() (published, ours bool) {
	return e.Published >= learnedWeight, e.Ours.Mean >= learnedWeight
}

// Spread describes one number over the seeds.
type Spread struct {
	Mean   float64 `json:"mean"`
	StdDev float64 `json:"std_dev"` // divisor n-1; 0 for one seed
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

// spreadOf needs at least one value.
func spreadOf(x []float64) Spread {
	s := Spread{Min: slices.Min(x), Max: slices.Max(x), Mean: gonum.Mean(x, nil)}
	if len(x) > 1 {
		s.StdDev = gonum.StdDev(x, nil)
	}
	return s
}

// contains reports whether v lies between the smallest and the largest.
func (s Spread) contains(v float64) bool { return s.Min <= v && v <= s.Max }

// CompareManyGraphs compares the records among the given ones that are runs of
// many-graphs with the published table; all others are passed over. A forest
// that was run with several numbers of steps has an outcome for each.
func CompareManyGraphs(records []experiment.Record) (ManyGraphs, error) {
	table, err := reference.ManyGraphs()
	if err != nil {
		return ManyGraphs{}, err
	}
	m := ManyGraphs{PublishedSteps: table.Config.Steps}
	for _, trial := range table.Trials {
		official := experiment.ManyGraph(trial.Trial, trial.Forest.Parents())
		var own []experiment.Record
		for _, r := range records {
			if r.Spec.ID != official.ID {
				continue
			}
			if what := differing(r, official, len(trial.Edges)); what != "" {
				m.Ignored = append(m.Ignored, fmt.Sprintf("%s, seed %d: %s", r.Spec.ID, r.Spec.Seed, what))
				continue
			}
			own = append(own, r)
		}
		for _, group := range bySteps(own) {
			if err := m.add(trial, group); err != nil {
				return ManyGraphs{}, err
			}
			if p, ok := PathsOf(trial.Trial, group); ok && p.Steps == m.PublishedSteps {
				m.Paths = append(m.Paths, p)
			}
		}
		m.addChecks(trial, official, records, own)
	}
	return m, nil
}

// differing says in what a record is not a run of the official experiment; the
// seed, the steps and the tests may differ. Empty: in nothing.
func differing(r experiment.Record, official experiment.Spec, edges int) string {
	own := r.Spec
	own.Seed, own.Steps, own.TestSequences, own.Shifted = official.Seed, official.Steps, official.TestSequences, official.Shifted
	a, errA := own.Hash()
	b, errB := official.Hash()
	switch {
	case errA != nil:
		return errA.Error()
	case errB != nil:
		return errB.Error()
	case a != b:
		return "another configuration than the published runs"
	case r.Edges.PositionBlock == nil || len(r.Edges.PositionBlock.Weights) != edges || len(r.Edges.Attention.Weights) != edges:
		return fmt.Sprintf("does not have the weights of the forest's %d edges", edges)
	}
	return ""
}

// bySteps groups records by their number of steps, ascending, each group by seed; a run
// that is there twice counts once.
func bySteps(records []experiment.Record) [][]experiment.Record {
	sorted := slices.Clone(records)
	slices.SortStableFunc(sorted, func(a, b experiment.Record) int {
		if a.Spec.Steps != b.Spec.Steps {
			return a.Spec.Steps - b.Spec.Steps
		}
		return cmp.Compare(a.Spec.Seed, b.Spec.Seed)
	})
	sorted = slices.CompactFunc(sorted, func(a, b experiment.Record) bool { return a.Spec.Steps == b.Spec.Steps && a.Spec.Seed == b.Spec.Seed })
	var groups [][]experiment.Record
	for i, r := range sorted {
		if i == 0 || sorted[i-1].Spec.Steps != r.Spec.Steps {
			groups = append(groups, nil)
		}
		last := len(groups) - 1
		groups[last] = append(groups[last], r)
	}
	return groups
}

// add puts in the outcome of one forest at one number of steps.
func (m *ManyGraphs) add(trial reference.ForestTrial, group []experiment.Record) error {
	f := ForestOutcome{Trial: trial.Trial, Steps: group[0].Spec.Steps, Edges: len(trial.Edges), Published: trial.Mean}
	for _, r := range group {
		f.Seeds = append(f.Seeds, r.Spec.Seed)
		f.Deficits = append(f.Deficits, 1-r.Edges.PositionBlock.Mean)
	}
	f.Ours = spreadOf(f.Deficits)
	f.Range = place(f.Ours, f.Published, f.Steps == m.PublishedSteps)
	if f.Range != NotComparable {
		rank, err := stat.RankOf(f.Published, f.Deficits, ManyGraphsAlpha)
		if err != nil {
			return fmt.Errorf("forest %d: %w", trial.Trial, err)
		}
		f.Rank = &rank
	}
	m.Forests = append(m.Forests, f)
	for i, edge := range trial.Edges {
		e := EdgeOutcome{Trial: f.Trial, Steps: f.Steps, Child: edge.Child, Parent: edge.Parent, Published: edge.Weight()}
		var largest []int
		for _, r := range group {
			w := r.Edges.PositionBlock.Weights[i]
			if w.Child != edge.Child || w.Parent != edge.Parent {
				return fmt.Errorf("record %q, seed %d: edge %d is %d -> %d, want %d -> %d", r.Spec.ID, r.Spec.Seed, i, w.Child, w.Parent, edge.Child, edge.Parent)
			}
			e.Weights = append(e.Weights, w.Weight)
			e.Attention += r.Edges.Attention.Weights[i].Weight / float64(len(group))
			largest = append(largest, w.Argmax)
		}
		e.Ours, e.Rival = spreadOf(e.Weights), mostFrequent(largest)
		e.Range = place(e.Ours, e.Published, f.Steps == m.PublishedSteps)
		m.Edges = append(m.Edges, e)
	}
	return nil
}

func place(ours Spread, published float64, sameSteps bool) RangeVerdict {
	switch {
	case !sameSteps:
		return NotComparable
	case ours.contains(published):
		return Inside
	}
	return Outside
}

// mostFrequent is the value that stands there most often, the smallest of several.
func mostFrequent(values []int) int {
	best, times := 0, 0
	sorted := slices.Sorted(slices.Values(values))
	for i, run := 0, 0; i < len(sorted); i++ {
		if i > 0 && sorted[i-1] == sorted[i] {
			run++
		} else {
			run = 1
		}
		if run > times {
			best, times = sorted[i], run
		}
	}
	return best
}

// Full reports whether there is an outcome with the published number of steps
// for every published forest.
func (m ManyGraphs) Full() (bool, error) {
	all, err := runs.Catalogue()
	if err != nil {
		return false, err
	}
	want := 0
	for _, e := range all {
		if e.Group == runs.ManyGraphs {
			want++
		}
	}
	got := 0
	for _, f := range m.Forests {
		if f.Steps == m.PublishedSteps {
			got++
		}
	}
	return got == want, nil
}
