package sweep

import (
	"fmt"

	"causalgrad/impl/experiment"
)

// Result is a cell with its record, nil where there is no intact one.
type Result struct {
	Cell   Cell
	Record *experiment.Record
}

// Merge reads the records of the cells, in their order.
func Merge(store *experiment.Store, cells []Cell) ([]Result, error) {
	results := make([]Result, len(cells))
	for i, c := range cells {
		r, found, err := store.Get(c.Spec)
		if err != nil {
			return nil, fmt.Errorf("cell %d: %w", c.Index, err)
		}
		results[i].Cell = c
		if found {
			results[i].Record = &r
		}
	}
	return results, nil
}
