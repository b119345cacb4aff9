package runs

import (
	"fmt"
	"regexp"

	"causalgrad/impl/experiment"
)

// ManyGraphsChecks is the id of the group of the checks that are made where a
// published forest lies outside what our runs give; "many-graphs-03-checks" are
// those of one forest.
const ManyGraphsChecks = ManyGraphs + "-checks"

// CheckSteps is the number of steps of the check with more of them.
const CheckSteps = 32768

// checkID is the id of a check: its experiment's, and what was changed.
var checkID = regexp.MustCompile(`^(` + ManyGraphs + `-\d\d)-(float32|svd32|steps)$`)

// CheckOf is the experiment that a run's id says it is a check of.
func CheckOf(id string) (experiment string, ok bool) {
	m := checkID.FindStringSubmatch(id)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// Checks lists the checks of every published forest. Each is the experiment of
// the forest with one thing changed: float32, float32 with the official
// stationary distribution (a singular value decomposition), or twice the steps. They are
// no part of the catalogue: somebody has to ask for them.
func Checks() ([]Experiment, error) {
	all, err := Catalogue()
	if err != nil {
		return nil, err
	}
	var checks []Experiment
	for _, e := range all {
		if e.Group != ManyGraphs {
			continue
		}
		add := func(name, title string, change func(*experiment.Spec)) {
			s := e.Spec
			change(&s)
			s.ID = e.Spec.ID + "-" + name
			checks = append(checks, Experiment{Spec: s, Group: ManyGraphsChecks, Part: e.Spec.ID + "-checks",
				Title: fmt.Sprintf("%s, %s", e.Title, title)})
		}
		add("float32", "in float32", func(s *experiment.Spec) { s.Precision = experiment.Float32 })
		add("svd32", "in float32 with the official stationary distribution", func(s *experiment.Spec) {
			s.Precision, s.Stationary = experiment.Float32, experiment.SVD32
		})
		add("steps", "twice the steps", func(s *experiment.Spec) { s.Steps = CheckSteps })
	}
	return checks, nil
}
