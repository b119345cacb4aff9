package runs

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"causalgrad/golden/reference"
	"causalgrad/impl/experiment"
	"causalgrad/theory/suggest"
)

// ManyGraphs is the id of the group of the published forests' runs, whose own
// ids end in the trial's two digits.
const ManyGraphs = "many-graphs"

// Experiment is one of the paper's experiments in its official configuration.
type Experiment struct {
	Spec  experiment.Spec
	Group string // an id for several experiments; empty outside groups
	Part  string // an id for some of the group's; empty where there is none
	Title string // one sentence
}

// Catalogue lists the paper's experiments: the single ones, then many-graphs on
// each published forest.
func Catalogue() ([]Experiment, error) {
	var all []Experiment
	for _, p := range experiment.Presets() {
		all = append(all, Experiment{Spec: p.Spec, Title: fmt.Sprintf("%s (figure %s)", p.Title, p.Figure)})
	}
	published, err := reference.ManyGraphs()
	if err != nil {
		return nil, err
	}
	for _, trial := range published.Trials {
		all = append(all, Experiment{Spec: experiment.ManyGraph(trial.Trial, trial.Forest.Parents()), Group: ManyGraphs,
			Title: fmt.Sprintf("published random forest %d (figure 9)", trial.Trial)})
	}
	return all, nil
}

// Figures are the experiments behind the paper's figures, by ids such as figure-2
// that the claims have too.
func Figures() map[string][]string {
	all := map[string][]string{"figure-9": {ManyGraphs}}
	for _, p := range experiment.Presets() {
		for number := range strings.SplitSeq(p.Figure, ", ") {
			all["figure-"+number] = append(all["figure-"+number], p.Spec.ID)
		}
	}
	return all
}

// Names lists everything that a plan's IDs may be.
func Names() ([]string, error) {
	_, named, quick, err := everything()
	if err != nil {
		return nil, err
	}
	return names(named, quick), nil
}

// everything is what can be run: the experiments, these with their checks, and the quick
// runs.
func everything() (all, named []Experiment, quick []experiment.Spec, err error) {
	if all, err = Catalogue(); err != nil {
		return nil, nil, nil, err
	}
	if quick, err = Quick(); err != nil {
		return nil, nil, nil, err
	}
	checks, err := Checks()
	return all, append(slices.Clip(all), checks...), quick, err
}

// names are the figures, the experiments with their groups and parts, and the quick
// runs, each once.
func names(all []Experiment, quick []experiment.Spec) []string {
	list := slices.Sorted(maps.Keys(Figures()))
	add := func(name string) {
		if name != "" && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	for _, e := range all {
		add(e.Group)
		add(e.Part)
		add(e.Spec.ID)
	}
	for _, s := range quick {
		add(s.ID)
	}
	return list
}

// Plan says which experiments to run, and how.
type Plan struct {
	IDs   []string // experiments, groups, figures, checks or quick runs; none means all experiments
	Size  experiment.Size
	Seeds int // seeds 1 to Seeds each; 0 means DefaultSeeds
}

// Seeds that give a spread, and seeds of the forests at the default size: there are
// twenty of them, and their spread comes from the official size.
const (
	spreadSeeds = 8
	forestSeeds = 4
	longSteps   = 32768 // above it a run takes minutes
)

// DefaultSeeds is how many seeds an experiment has where nothing else is asked for: eight,
// so that there is a prediction interval for one more, but four of each forest at the
// default size, and one where a run is long (the same experiment has eight at the
// default size), quick (a check of bits) or a check of many-graphs.
func (e Experiment) DefaultSeeds(z experiment.Size) int {
	switch {
	case z == experiment.QuickSize || e.Group == ManyGraphsChecks || z.Of(e.Spec).Steps > longSteps:
		return 1
	case e.Group == ManyGraphs && z == experiment.ReducedSize:
		return forestSeeds
	}
	return spreadSeeds
}

// Specs are the runs of a plan, each once, in the order of the ids and of the
// catalogue. Quick runs (quick-chain and the like) have one size.
func (p Plan) Specs() ([]experiment.Spec, error) {
	all, named, quick, err := everything()
	if err != nil {
		return nil, err
	}
	var specs []experiment.Spec
	for _, id := range p.ids(all) {
		before := len(specs)
		for _, e := range named {
			if e.Spec.ID != id && e.Group != id && e.Part != id {
				continue
			}
			n := p.Seeds
			if n == 0 {
				n = e.DefaultSeeds(p.Size)
			}
			seeded, err := experiment.Seeds([]experiment.Spec{p.Size.Of(e.Spec)}, n)
			if err != nil {
				return nil, err
			}
			specs = append(specs, seeded...)
		}
		for _, s := range quick {
			if s.ID == id {
				seeded, err := experiment.Seeds([]experiment.Spec{s}, max(1, p.Seeds))
				if err != nil {
					return nil, err
				}
				specs = append(specs, seeded...)
			}
		}
		if len(specs) == before {
			return nil, fmt.Errorf("experiment %q: unknown, want %s%s", id, strings.Join(append(knownIDs(named, quick), slices.Sorted(maps.Keys(Figures()))...), ", "), suggest.Meant(id, names(named, quick)...))
		}
	}
	return distinct(specs), nil
}

func (p Plan) ids(all []Experiment) []string {
	var ids []string
	for _, id := range p.IDs {
		if behind := Figures()[id]; behind != nil {
			ids = append(ids, behind...)
		} else {
			ids = append(ids, id)
		}
	}
	if len(ids) > 0 {
		return ids
	}
	for _, e := range all {
		ids = append(ids, e.Spec.ID)
	}
	return ids
}

// knownIDs names everything once; of a group's members the first and the last.
func knownIDs(all []Experiment, quick []experiment.Spec) []string {
	var ids []string
	for i, e := range all {
		first := e.Group != "" && (i == 0 || all[i-1].Group != e.Group)
		last := e.Group != "" && (i == len(all)-1 || all[i+1].Group != e.Group)
		switch {
		case first:
			ids = append(ids, e.Group, e.Spec.ID+" to")
		case last:
			ids[len(ids)-1] += " " + e.Spec.ID
		case e.Group == "":
			ids = append(ids, e.Spec.ID)
		}
	}
	for _, s := range quick {
		ids = append(ids, s.ID)
	}
	return ids
}

// distinct drops a run that was asked for twice.
func distinct(specs []experiment.Spec) []experiment.Spec {
	var kept []experiment.Spec
	for _, s := range specs {
		if !slices.ContainsFunc(kept, func(k experiment.Spec) bool { return k.ID == s.ID && k.Seed == s.Seed }) {
			kept = append(kept, s)
		}
	}
	return kept
}
