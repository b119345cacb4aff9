package sweep

import (
	"context"
	"errors"
	"sync"
	"syscall"

	"causalgrad/impl/experiment"
)

// Failure is a cell whose run ended with an error.
type Failure struct {
	Cell Cell
	Err  error
}

// Run computes the cells here, as many at once as o allows. A failing cell does
// not stop the others: it is noted in the store and returned. What is nobody's
// cell's fault does: a cancelled context, a full disk. A cell that another
// process is at work on is waited for.
func Run(ctx context.Context, store *experiment.Store, cells []Cell, o experiment.Parallel) ([]Failure, error) {
	if len(cells) == 0 {
		return nil, nil
	}
	specs := make([]experiment.Spec, len(cells))
	for i, c := range cells {
		specs[i] = c.Spec
		if err := store.ClearFailed(c.Spec); err != nil {
			return nil, err
		}
	}
	var mutex sync.Mutex
	failed := map[int]error{}
	o.Fails = func(i int, err error) bool {
		if errors.As(err, new(syscall.Errno)) || store.MarkFailed(specs[i], err) != nil {
			return false
		}
		mutex.Lock()
		defer mutex.Unlock()
		failed[i] = err
		return true
	}
	if _, err := experiment.RunAll(ctx, store, specs, o); err != nil {
		return nil, err
	}
	var failures []Failure
	for i, c := range cells {
		if err := failed[i]; err != nil {
			failures = append(failures, Failure{c, err})
		}
	}
	return failures, nil
}
