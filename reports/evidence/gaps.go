package evidence

import (
	"math"
	"slices"

	"causalgrad/impl/sweep"
	"causalgrad/reports/figure"
)

// mostGroups is how many kinds of marks a figure can hold.
const mostGroups = 6

// Gaps are the final losses minus L* of the cells that have a finite one, grouped by the
// first varied field but the seed that has at most mostGroups values.
func (r SweepReport) Gaps() []figure.CellGaps {
	field := r.grouping()
	var groups []figure.CellGaps
	for _, c := range r.Cells {
		if c.Final == nil || math.IsNaN(c.Final.Gap.Value) || math.IsInf(c.Final.Gap.Value, 0) {
			continue
		}
		name := ""
		if field != "" {
			name = sweep.Label(c.Spec, []string{field})
		}
		at := slices.IndexFunc(groups, func(g figure.CellGaps) bool { return g.Name == name })
		if at < 0 {
			at = len(groups)
			groups = append(groups, figure.CellGaps{Name: name})
		}
		groups[at].Cells, groups[at].Gaps = append(groups[at].Cells, c.Index), append(groups[at].Gaps, c.Final.Gap)
	}
	return groups
}

// grouping is the field that the cells are told apart by; empty where none has few
// values.
func (r SweepReport) grouping() string {
	for _, field := range r.Varied {
		values := map[string]bool{} // only counted
		for _, c := range r.Cells {
			values[sweep.Value(c.Spec, field)] = true
		}
		if field != "seed" && len(values) <= mostGroups {
			return field
		}
	}
	return ""
}
