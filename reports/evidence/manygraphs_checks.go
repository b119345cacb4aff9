package evidence

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"causalgrad/golden/reference"
	"causalgrad/golden/runs"
	"causalgrad/impl/experiment"
	"causalgrad/reports/table"
	"causalgrad/theory/verdict"
)

// ForestCheck is a published forest trained with one thing changed, to see
// whether that is why the published value lies where it does.
type ForestCheck struct {
	Trial    int       `json:"trial"`
	Changed  string    `json:"changed"`
	Steps    int       `json:"steps"`
	Seeds    []uint64  `json:"seeds"`
	Deficits []float64 `json:"deficits"` // mean over the edges, of each seed
	Ours     Spread    `json:"ours"`
	// Changes are Deficits minus the unchanged run's with the same seed, where the
	// records have one of as many steps, or for more steps one of the published.
	Changes   []float64 `json:"changes,omitempty"`
	Published float64   `json:"published"`
}

// IsCheck tells whether a record is a check's and no run of an experiment.
func IsCheck(r experiment.Record) bool {
	_, ok := runs.CheckOf(r.Spec.ID)
	return ok
}

// changed says in what a check differs from the official experiment.
func changed(s experiment.Spec) string {
	var what []string
	if s.Precision != "" {
		what = append(what, s.Precision)
	}
	if s.Stationary == experiment.SVD32 {
		what = append(what, "stationary by SVD")
	}
	if len(what) == 0 {
		what = append(what, fmt.Sprintf("%d steps", s.Steps))
	}
	return strings.Join(what, ", ")
}

// addChecks puts in the checks of one forest; own are its unchanged runs.
func (m *ManyGraphs) addChecks(trial reference.ForestTrial, official experiment.Spec, records, own []experiment.Record) {
	at := map[string]int{} // only looked up
	for _, r := range bySeed(records) {
		if of, ok := runs.CheckOf(r.Spec.ID); !ok || of != official.ID {
			continue
		}
		plain := r
		plain.Spec.ID, plain.Spec.Precision, plain.Spec.Stationary = official.ID, "", ""
		if what := differing(plain, official, len(trial.Edges)); what != "" {
			m.Ignored = append(m.Ignored, fmt.Sprintf("%s, seed %d: %s", r.Spec.ID, r.Spec.Seed, what))
			continue
		}
		what := changed(r.Spec)
		key := fmt.Sprint(what, r.Spec.Steps)
		i, known := at[key]
		if !known {
			i = len(m.Checks)
			at[key], m.Checks = i, append(m.Checks, ForestCheck{Trial: trial.Trial, Changed: what, Steps: r.Spec.Steps, Published: trial.Mean})
		}
		c := &m.Checks[i]
		if slices.Contains(c.Seeds, r.Spec.Seed) {
			continue
		}
		deficit := 1 - r.Edges.PositionBlock.Mean
		c.Seeds, c.Deficits = append(c.Seeds, r.Spec.Seed), append(c.Deficits, deficit)
		c.Ours = spreadOf(c.Deficits)
		for _, o := range own {
			if o.Spec.Seed == r.Spec.Seed && o.Spec.Steps == min(r.Spec.Steps, m.PublishedSteps) {
				c.Changes = append(c.Changes, deficit-(1-o.Edges.PositionBlock.Mean))
				break
			}
		}
	}
}

// bySeed orders records by id, steps and seed.
func bySeed(records []experiment.Record) []experiment.Record {
	sorted := slices.Clone(records)
	slices.SortStableFunc(sorted, func(a, b experiment.Record) int {
		return cmp.Or(strings.Compare(a.Spec.ID, b.Spec.ID), a.Spec.Steps-b.Spec.Steps, cmp.Compare(a.Spec.Seed, b.Spec.Seed))
	})
	return sorted
}

// checksOf are the checks of a forest with at least the published steps: what a
// verdict on the published value may rest on.
func (m ManyGraphs) checksOf(trial int) []ForestCheck {
	var own []ForestCheck
	for _, c := range m.Checks {
		if c.Trial == trial && c.Steps >= m.PublishedSteps {
			own = append(own, c)
		}
	}
	return own
}

// Everything is the range of a forest's runs with the published steps and of its
// checks together, and how many runs the checks are.
func (m ManyGraphs) Everything(f ForestOutcome) (all Spread, checks int) {
	values := slices.Clone(f.Deficits)
	for _, c := range m.checksOf(f.Trial) {
		values, checks = append(values, c.Deficits...), checks+len(c.Seeds)
	}
	return spreadOf(values), checks
}

// checkedCell says what the checks found where the published value is outside.
func (m ManyGraphs) checkedCell(f ForestOutcome) table.Cell {
	if f.Range != Outside {
		return table.Text("-")
	}
	all, runs := m.Everything(f)
	switch {
	case runs == 0:
		return table.Text("none").WithVerdict(verdict.NotRun)
	case !all.contains(f.Published):
		return table.Text(fmt.Sprintf("outside, %d", runs))
	}
	return table.Text(fmt.Sprintf("inside, %d", runs))
}

// CheckTable shows every check beside the forest's own runs.
func (m ManyGraphs) CheckTable() table.Table {
	t := table.Table{ID: "many-graphs-checks", Title: "Published forests: checks with one thing changed (mean deficit)", Columns: []table.Column{
		{Name: "forest", Align: table.Right}, {Name: "published", Align: table.Decimal}, {Name: "changed"}, {Name: "steps", Align: table.Right},
		{Name: "seeds"}, {Name: "min", Align: table.Decimal}, {Name: "max", Align: table.Decimal}, {Name: "change", Align: table.Decimal}, {Name: "with these"}}}
	for _, c := range m.Checks {
		verdict := NotComparable
		for _, f := range m.Forests {
			if f.Trial == c.Trial && f.Steps == m.PublishedSteps && c.Steps >= m.PublishedSteps {
				verdict = place(spreadOf(append(slices.Clone(f.Deficits), c.Deficits...)), c.Published, true)
			}
		}
		change := table.Text("-")
		if len(c.Changes) > 0 {
			change = table.Fixed(spreadOf(c.Changes).Mean, 4)
		}
		t.Add(table.Integer(c.Trial), table.Fixed(c.Published, 4), table.Text(c.Changed), table.Integer(c.Steps), seedList(c.Seeds),
			table.Fixed(c.Ours.Min, 4), table.Fixed(c.Ours.Max, 4), change, table.Text(string(verdict)))
	}
	t.Note("min, max: of the check's runs; change: mean over their seeds of the changed run minus the unchanged one with the same seed, which sees the same batches but for the change; with these: where the published value lies when the check's runs are added to ours with the published steps")
	t.Note("float32: chains, gradients and parameters are rounded to float32 at every step, what a step computes in between is float64; stationary by SVD: the stationary distribution also as the official code has it, a singular value decomposition in float32; more steps: at the same rate, compared with the published steps; inside with more steps says that training passes the published value on its way, not that it is there at the published steps")
	return t
}
