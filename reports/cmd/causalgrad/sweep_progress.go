package main

import (
	"fmt"
	"sync"
	"time"

	"causalgrad/impl/experiment"
	"causalgrad/impl/sweep"
)

// tenths tells, where there are no bars, of every tenth of the cells with their rate
// and the time left: a log of a long sweep shows that it goes on.
type tenths struct {
	tell  func(line string)
	total int
	now   func() time.Time
	began time.Time

	mutex sync.Mutex
	done  int
}

// fewCells are over before anybody asks.
const fewCells = 20

// watchCells makes o report the cells of a sweep: with bars on a terminal, in
// lines elsewhere.
func (p *progress) watchCells(specs []experiment.Spec, o *experiment.Parallel) {
	if p.container != nil {
		p.watch(specs, o)
		return
	}
	if len(specs) < fewCells {
		return
	}
	t := &tenths{tell: p.note, total: len(specs), now: p.now, began: p.now()}
	o.End = t.end
}

// end counts a cell that has its record.
func (t *tenths) end(_ int, err error) {
	if err != nil {
		return
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	before := 10 * t.done / t.total
	t.done++
	if 10*t.done/t.total > before {
		pace := sweep.Pace{Ended: t.done, Seconds: t.now().Sub(t.began).Seconds(), Open: t.total - t.done}
		t.tell(fmt.Sprintf("%d of %d cells, %v", t.done, t.total, pace))
	}
}
