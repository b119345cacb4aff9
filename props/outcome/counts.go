package outcome

import (
	"cmp"
	"slices"
)

// Counts is what draws met: conditions of the theorems, and classes of the
// generators. The zero value has counted nothing.
type Counts struct {
	conditions map[string][2]int // met, not met
	classes    map[[2]string]int
}

// Observe counts a draw that meets a condition, or does not; it reports whether
// there is such a condition.
func (c *Counts) Observe(id string, met bool) bool {
	if !slices.ContainsFunc(conditions, func(h Condition) bool { return h.ID == id }) {
		return false
	}
	if met {
		c.observe(id, 1, 0)
	} else {
		c.observe(id, 0, 1)
	}
	return true
}

func (c *Counts) observe(id string, met, notMet int) {
	if c.conditions == nil {
		c.conditions = map[string][2]int{}
	}
	n := c.conditions[id]
	c.conditions[id] = [2]int{n[0] + met, n[1] + notMet}
}

// Tabulate counts draws of a class of a kind of things: ("chain", "sticky").
func (c *Counts) Tabulate(kind, class string, draws int) {
	if c.classes == nil {
		c.classes = map[[2]string]int{}
	}
	c.classes[[2]string{kind, class}] += draws
}

// Add adds the counts of other draws.
func (c *Counts) Add(other Counts) {
	for id, n := range other.conditions {
		c.observe(id, n[0], n[1])
	}
	for k, n := range other.classes {
		c.Tabulate(k[0], k[1], n)
	}
}

// Conditions are the conditions that laws observe, each with its counts.
func (c Counts) Conditions() []Condition {
	all := slices.Clone(conditions)
	for i, h := range all {
		all[i].Met, all[i].NotMet = c.conditions[h.ID][0], c.conditions[h.ID][1]
	}
	return all
}

// Class tells how many draws were of a generator's class.
type Class struct {
	Kind  string `json:"kind"` // "chain", "forest", ...
	Class string `json:"class"`
	Draws int    `json:"draws"`
}

// Classes are the classes that were drawn, by kind and name.
func (c Counts) Classes() []Class {
	all := make([]Class, 0, len(c.classes))
	for k, n := range c.classes { // sorted below
		all = append(all, Class{k[0], k[1], n})
	}
	slices.SortFunc(all, func(a, b Class) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Class, b.Class)) })
	return all
}
