package claim

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"causalgrad/golden/runs"
	"causalgrad/impl/experiment"
)

// scope says whether a record may speak of the paper's experiments.
type scope int

// The scopes, from the least. Anybody may give a spec the id of an experiment: what
// counts is the rest of it.
const (
	foreign  scope = iota // no experiment's spec
	standIn               // a quick run of this project's, in place of an experiment
	shorter               // an experiment with fewer steps
	fullSize              // an experiment with the official number of steps
)

var catalogue = sync.OnceValues(runs.Catalogue)
var quick = sync.OnceValues(runs.Quick)

// official is the paper's configuration of an experiment.
func official(id string) (experiment.Spec, bool) {
	all, err := catalogue()
	if err != nil {
		return experiment.Spec{}, false
	}
	i := slices.IndexFunc(all, func(e runs.Experiment) bool { return e.Spec.ID == id })
	if i < 0 {
		return experiment.Spec{}, false
	}
	return all[i].Spec, true
}

// scopeOf compares a record's spec with the paper's of the same id and with the quick
// runs'. Seeds may differ, and so may the number of test sequences and the test
// priors, which change no training.
func scopeOf(r experiment.Record) scope {
	if o, ok := official(r.Spec.ID); ok {
		steps := o.Steps
		o.Steps, o.Seed, o.TestSequences, o.Shifted = r.Spec.Steps, r.Spec.Seed, r.Spec.TestSequences, r.Spec.Shifted
		switch {
		case !sameSpec(o, r.Spec) || r.Spec.Steps > steps:
			return foreign
		case r.Spec.Steps == steps:
			return fullSize
		}
		return shorter
	}
	all, err := quick()
	if err == nil && slices.ContainsFunc(all, func(s experiment.Spec) bool { return sameSpec(s, r.Spec) }) {
		return standIn
	}
	return foreign
}

func sameSpec(a, b experiment.Spec) bool {
	x, errX := a.Hash()
	y, errY := b.Hash()
	return errX == nil && errY == nil && x == y
}

// OfThePaper tells whether a record may speak for the paper's experiments: a run of one
// of them, at most as long, or a stand-in. Other records are somebody's own, whatever
// their names.
func OfThePaper(r experiment.Record) bool { return scopeOf(r) != foreign }

// ofThePaper are the records of the paper's experiments and of their stand-ins, of each
// id those with the most steps: shorter runs of the same experiment say less.
func (e Evidence) ofThePaper() []experiment.Record {
	most := map[string]int{} // only looked up
	var own []experiment.Record
	for _, r := range e.Records {
		if scopeOf(r) != foreign {
			own = append(own, r)
			most[r.Spec.ID] = max(most[r.Spec.ID], r.Spec.Steps)
		}
	}
	return slices.DeleteFunc(own, func(r experiment.Record) bool { return r.Spec.Steps != most[r.Spec.ID] })
}

// Sizes says how many of the records are of the paper's experiments, with how many of
// their steps.
func Sizes(records []experiment.Record) string {
	n := map[scope]int{} // only looked up
	for _, r := range records {
		n[scopeOf(r)]++
	}
	var parts []string
	for _, s := range []struct {
		scope scope
		what  string
	}{{fullSize, "with the official number of steps"}, {shorter, "with fewer"}, {standIn, "of the quick size"}, {foreign, "of other experiments"}} {
		if n[s.scope] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[s.scope], s.what))
		}
	}
	return strings.Join(parts, ", ")
}

// size says how a run compares with the official one.
func size(r experiment.Record) string {
	switch scopeOf(r) {
	case fullSize:
		return "official size"
	case shorter:
		o, _ := official(r.Spec.ID)
		return fmt.Sprintf("%d of %d steps", r.Spec.Steps, o.Steps)
	}
	return fmt.Sprintf("stand-in with S = %d, %d steps", r.Spec.Tokens, r.Spec.Steps)
}

// spreads says of the experiments named, for the most steps with leastSeeds seeds that
// are fewer than the official ones, what one more seed would give, and how many of the
// seeds stay further than imitation above the count estimator.
func (e Evidence) spreads(ids ...string) (numbers string, off int) {
	var words []string
	for _, id := range ids {
		o, ok := official(id)
		if !ok {
			continue
		}
		bySteps := map[int][]float64{} // only looked up, by the steps below
		var steps []int
		for _, r := range e.Records {
			if r.Spec.ID == id && scopeOf(r) == shorter {
				if bySteps[r.Spec.Steps] == nil {
					steps = append(steps, r.Spec.Steps)
				}
				bySteps[r.Spec.Steps] = append(bySteps[r.Spec.Steps], r.Final.OverCount.Value)
			}
		}
		slices.Sort(steps)
		slices.Reverse(steps)
		for _, n := range steps {
			if values := bySteps[n]; len(values) >= leastSeeds {
				for _, v := range values {
					if v > imitation {
						off++
					}
				}
				words = append(words, fmt.Sprintf("; %s with %d of %d steps, %d seeds: above the count estimator by %s", id, n, o.Steps, len(values), predicted(values)))
				break
			}
		}
	}
	return strings.Join(words, ""), off
}
