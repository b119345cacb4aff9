package main

import (
	"fmt"
	"sync"

	"causalgrad/impl/experiment"

	"github.com/vbauerster/mpb/v8"
)

// runBars shows one bar for every run under way, gone when it ends, and one for
// all of them in units of estimated work, whose time left is the whole's.
type runBars struct {
	bars  *progress
	specs []experiment.Spec

	mutex sync.Mutex
	work  []int64 // estimated work of a run, in units of which all have maxWork
	done  []int64 // of it, done
	each  []*mpb.Bar
	all   *mpb.Bar
	left  *timeLeft
}

// maxWork is the length of the bar of all runs.
const maxWork = 1_000_000

// watch makes o report to bars; without a terminal it changes nothing.
func (p *progress) watch(specs []experiment.Spec, o *experiment.Parallel) {
	if p.container == nil {
		return
	}
	r := &runBars{bars: p, specs: specs, work: make([]int64, len(specs)), done: make([]int64, len(specs)), each: make([]*mpb.Bar, len(specs))}
	sum, total := 0.0, int64(0)
	for _, s := range specs {
		sum += s.Work()
	}
	for i, s := range specs {
		r.work[i] = int64(maxWork*s.Work()/sum) + 1
		total += r.work[i]
	}
	r.all, r.left = p.add(fmt.Sprintf("all %d runs", len(specs)), int(total), mpb.BarPriority(len(specs)))
	r.left.move(0, total)
	o.Start, o.End = r.start, r.end
}

// start returns what moves run i's bar, which appears with its first step.
func (r *runBars) start(i int) func(step int) {
	s := r.specs[i]
	var left *timeLeft
	return func(step int) {
		r.mutex.Lock()
		defer r.mutex.Unlock()
		done := int64(float64(r.work[i]) * float64(step) / float64(s.Steps))
		if left == nil {
			r.each[i], left = r.bars.add(fmt.Sprintf("%s, seed %d", s.ID, s.Seed), s.Steps, mpb.BarRemoveOnComplete(), mpb.BarPriority(i))
			if step > 1 { // resumed
				r.left.skip(done)
				r.done[i] = done
			}
		}
		left.move(int64(step), int64(s.Steps))
		r.each[i].SetCurrent(int64(step))
		r.advance(i, done)
	}
}

// end takes run i's bar away; a record that was there already was no work.
func (r *runBars) end(i int, err error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	bar := r.each[i]
	if bar != nil {
		bar.Abort(true)
		r.each[i] = nil
	}
	if err != nil {
		return
	}
	if bar == nil {
		r.left.skip(r.work[i] - r.done[i])
		r.done[i] = r.work[i]
	}
	r.advance(i, r.work[i])
}

// advance makes done the work of run i that is done; under the mutex.
func (r *runBars) advance(i int, done int64) {
	r.done[i] = done
	sum, total := int64(0), int64(0)
	for k := range r.work {
		sum, total = sum+r.done[k], total+r.work[k]
	}
	r.left.move(sum, total)
	r.all.SetCurrent(sum)
}
