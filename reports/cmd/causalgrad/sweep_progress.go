package main

import (
	"fmt"
	"sync"

	"causalgrad/impl/experiment"
)

// tenths tells, where there are no bars, of every tenth of the cells with the
// time left: a log of a long sweep shows that it goes on.
type tenths struct {
	tell  func(line string)
	total int
	left  *timeLeft

	mutex sync.Mutex
	done  int
}

// fewCells are over before anybody asks.
const fewCells = 20

// watchCells makes o report the cells of a sweep: with bars on a terminal, in
// lines elsewhere.
func (p *progress) watchCells(specs []experiment.Spec, now *timeLeft, o *experiment.Parallel) {
	if p.container != nil {
		p.watch(specs, o)
		return
	}
	if len(specs) < fewCells {
		return
	}
	t := &tenths{tell: p.note, total: len(specs), left: now}
	now.move(0, int64(t.total))
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
	t.left.move(int64(t.done), int64(t.total))
	if 10*t.done/t.total > before {
		t.tell(fmt.Sprintf("%d of %d cells, %s", t.done, t.total, t.left))
	}
}
