package fault

import (
	"context"
	"fmt"
	"sync"

	"causalgrad/props"
	"causalgrad/props/outcome"
)

// Options says how to measure sensitivity. The Matrix is a function of the
// options: no clock takes part, and neither does the number of workers.
type Options struct {
	// Mistakes and Laws are what to measure; nil means all of them.
	Mistakes []*Mistake
	Laws     []props.Law
	// Subject is the unbroken subject, safe for concurrent use; nil means
	// props.Builtin.
	Subject props.Subject
	// Seed keys all draws; Draws is the number of draws of a cheap law; 0 is what
	// props.Options makes of it.
	Seed  uint64
	Draws int
	// Seeds is the number of fresh seeds, Seed+1 and on, with which every law is
	// run on the unbroken subject.
	Seeds int
	// All asks for every law's answer about every mistake. Otherwise a mistake is
	// only searched until one law has caught it.
	All bool
	// Workers is the number of runs at a time; 0 means 1.
	Workers int
	// Around, when not nil, is called with each mistake's search and must make it:
	// the place for a stopwatch. Calls may overlap.
	Around func(m *Mistake, search func())
	// Done, when not nil, is told how many of how many parts are done, one call
	// at a time.
	Done func(done, of int)
}

func (o Options) filled() Options {
	resolved := props.Options{Seed: o.Seed, Draws: o.Draws}.Resolved()
	o.Seed, o.Draws = resolved.Seed, resolved.Draws
	if o.Mistakes == nil {
		o.Mistakes = All()
	}
	if o.Laws == nil {
		o.Laws = props.All()
	}
	if o.Subject == nil {
		o.Subject = props.Builtin()
	}
	if o.Around == nil {
		o.Around = func(_ *Mistake, search func()) { search() }
	}
	return o
}

// Sensitivity plants every mistake and runs laws on it. The search asks the laws
// that the mistake expects, in their order, and then the others, until one fails. Each law starts from a freshly planted
// mistake, so what one law sees does not depend on those asked before.
//
// The error is the context's, when it ends before the work does.
func Sensitivity(ctx context.Context, options Options) (Matrix, error) {
	o := options.filled()
	m := Matrix{Laws: o.Laws, Seed: o.Seed, Complete: o.All, Rows: make([]Row, len(o.Mistakes)), Unbroken: make([]Unbroken, o.Seeds)}
	parts := make([]func(), 0, len(o.Mistakes)+o.Seeds)
	for i, one := range o.Mistakes {
		parts = append(parts, func() { m.Rows[i] = o.row(ctx, one) })
	}
	for k := range o.Seeds {
		parts = append(parts, func() { m.Unbroken[k] = o.unbroken(ctx, o.Seed+1+uint64(k)) })
	}
	inParallel(ctx, o.Workers, parts, o.Done)
	if err := ctx.Err(); err != nil {
		return Matrix{}, fmt.Errorf("sensitivity: %w", err)
	}
	return m, nil
}

// inParallel runs the parts over the workers until the context ends.
func inParallel(ctx context.Context, workers int, parts []func(), done func(done, of int)) {
	var group sync.WaitGroup
	var counter sync.Mutex
	queue, finished := make(chan func()), 0
	for range min(max(workers, 1), len(parts)) {
		group.Go(func() {
			for part := range queue {
				part()
				counter.Lock()
				if finished++; done != nil && ctx.Err() == nil {
					done(finished, len(parts))
				}
				counter.Unlock()
			}
		})
	}
	for _, part := range parts {
		if ctx.Err() != nil {
			break
		}
		queue <- part
	}
	close(queue)
	group.Wait()
}

// row measures one mistake.
func (o Options) row(ctx context.Context, m *Mistake) Row {
	r := Row{Mistake: m}
	order := o.order(m)
	asked := 0
	o.Around(m, func() {
		for ; asked < len(order) && len(r.Caught) == 0 && ctx.Err() == nil; asked++ {
			draws, caught := o.ask(m, order[asked])
			r.Draws += draws
			r.note(order[asked], draws, caught)
		}
	})
	for ; o.All && asked < len(order) && ctx.Err() == nil; asked++ {
		draws, caught := o.ask(m, order[asked])
		r.note(order[asked], draws, caught)
	}
	return r
}

// order lists the laws, the expected first.
func (o Options) order(m *Mistake) []props.Law {
	var order []props.Law
	for _, id := range m.Expect {
		for _, l := range o.Laws {
			if l.ID == id {
				order = append(order, l)
			}
		}
	}
	for _, l := range o.Laws {
		if !m.expects(l.ID) {
			order = append(order, l)
		}
	}
	return order
}

// ask runs one law on a freshly planted mistake: the draws made, the failing one
// included, and whether it failed.
func (o Options) ask(m *Mistake, l props.Law) (draws int, caught bool) {
	r := props.Run([]props.Law{l}, m.Plant(o.Subject), props.Options{Draws: o.Draws, Seed: o.Seed, Shrinks: -1})[0]
	if r.Verdict == outcome.Failed {
		return r.Draws + 1, true
	}
	return r.Draws, false
}

// unbroken runs every law on the subject itself.
func (o Options) unbroken(ctx context.Context, seed uint64) Unbroken {
	u := Unbroken{Seed: seed}
	for _, l := range o.Laws {
		if ctx.Err() != nil {
			break
		}
		r := props.Run([]props.Law{l}, o.Subject, props.Options{Draws: o.Draws, Seed: seed})[0]
		switch r.Verdict {
		case outcome.Failed, outcome.Error:
			u.Alarms = append(u.Alarms, r)
		case outcome.Passed:
			u.Passed++
		}
	}
	return u
}
