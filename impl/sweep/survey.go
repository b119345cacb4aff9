package sweep

import (
	"fmt"

	"causalgrad/impl/experiment"
)

// Standing is how far a cell is.
type Standing struct {
	State  experiment.State
	Reason string // why it is failed or damaged
}

// Queued is the state of a cell whose Slurm job has not started; a store alone
// cannot know it.
const Queued experiment.State = "queued"

// States lists all states in the order in which they are reported.
func States() []experiment.State {
	return []experiment.State{experiment.Done, experiment.Running, Queued, experiment.Interrupted, experiment.Failed, experiment.Damaged, experiment.Missing}
}

// Survey asks the store for the standing of every cell.
func Survey(store *experiment.Store, cells []Cell) ([]Standing, error) {
	all := make([]Standing, len(cells))
	for i, c := range cells {
		state, reason, err := store.State(c.Spec)
		if err != nil {
			return nil, fmt.Errorf("cell %d: %w", c.Index, err)
		}
		all[i] = Standing{state, reason}
	}
	return all, nil
}

// Count counts the cells in each state.
func Count(all []Standing) map[experiment.State]int {
	counts := map[experiment.State]int{}
	for _, s := range all {
		counts[s.State]++
	}
	return counts
}

// Pending picks the cells that are to be computed: those without an intact
// record, and those whose run failed only if again is set.
func Pending(cells []Cell, all []Standing, again bool) []Cell {
	var pending []Cell
	for i, s := range all {
		if s.State == experiment.Done || s.State == experiment.Failed && !again {
			continue
		}
		pending = append(pending, cells[i])
	}
	return pending
}
