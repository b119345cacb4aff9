package fault

import (
	"causalgrad/props"
)

// Matrix says which law catches which mistake.
type Matrix struct {
	Laws []props.Law
	Rows []Row // one a mistake, in the order of the options
	// Complete tells that every law that can see a mistake was asked about it.
	// Otherwise each row ends with the first law that caught its mistake.
	Complete bool
	Seed     uint64
	Unbroken []Unbroken
}

// Row is what was found out about one mistake.
type Row struct {
	Mistake *Mistake
	// Asked lists the laws asked, in order. The others either see the unbroken
	// subject or, in a matrix that is not complete, come after the catch.
	Asked []Answer
	// Caught lists those of Asked that failed.
	Caught []string
	// Draws is the number of draws until the first law caught the mistake, those
	// of laws that did not included.
	Draws int
}

// Answer is a law's answer about a mistake: how many draws it made and whether
// the last one failed.
type Answer struct {
	Law    string
	Draws  int
	Caught bool
}

// Unbroken is a run of all laws on the unbroken subject. Alarms is empty unless
// a law is wrong, or unlucky beyond its false-alarm rate.
type Unbroken struct {
	Seed   uint64
	Passed int
	Alarms []props.Result
}

func (r *Row) note(l props.Law, draws int, caught bool) {
	r.Asked = append(r.Asked, Answer{l.ID, draws, caught})
	if caught {
		r.Caught = append(r.Caught, l.ID)
	}
}

// AsExpected reports whether a law that the mistake expects caught it.
func (r Row) AsExpected() bool {
	for _, id := range r.Caught {
		if r.Mistake.expects(id) {
			return true
		}
	}
	return false
}

// Missed lists the mistakes that no law caught.
func (m Matrix) Missed() []Row {
	return m.filter(func(r Row) bool { return len(r.Caught) == 0 })
}

// Unexpected lists the mistakes that were caught, but by none of the laws that
// they expect.
func (m Matrix) Unexpected() []Row {
	return m.filter(func(r Row) bool { return len(r.Caught) > 0 && !r.AsExpected() })
}

// CaughtOnce lists the mistakes that exactly one law caught: without it they
// would go unnoticed. It means something in a complete matrix only.
func (m Matrix) CaughtOnce() []Row {
	return m.filter(func(r Row) bool { return len(r.Caught) == 1 })
}

func (m Matrix) filter(keep func(Row) bool) []Row {
	var kept []Row
	for _, r := range m.Rows {
		if keep(r) {
			kept = append(kept, r)
		}
	}
	return kept
}

// Catches counts the mistakes that each law caught, in the order of Laws.
func (m Matrix) Catches() []int {
	at := map[string]int{}
	for i, l := range m.Laws {
		at[l.ID] = i
	}
	counts := make([]int, len(m.Laws))
	for _, r := range m.Rows {
		for _, id := range r.Caught {
			counts[at[id]]++
		}
	}
	return counts
}

// Idle lists the laws that caught nothing. It means something in a complete
// matrix only.
func (m Matrix) Idle() []props.Law {
	var idle []props.Law
	for i, n := range m.Catches() {
		if n == 0 {
			idle = append(idle, m.Laws[i])
		}
	}
	return idle
}

// FalseAlarms lists the failures of the unbroken subject.
func (m Matrix) FalseAlarms() []props.Result {
	var all []props.Result
	for _, u := range m.Unbroken {
		all = append(all, u.Alarms...)
	}
	return all
}

// Holds reports whether every mistake was caught and no alarm was false.
func (m Matrix) Holds() bool { return len(m.Missed()) == 0 && len(m.FalseAlarms()) == 0 }
