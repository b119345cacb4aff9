package fault

import (
	"sync"
	"sync/atomic"
)

// plain is a second implementation of everything a subject can do but the
// transformer with an MLP, written for clarity alone: clear loops over dense
// arrays, no tables, no sharing of work. It shares nothing with impl and theory
// but the random stream, and its tests require it to agree with the built-in
// subject. It is slow, it allocates freely, its bits are not part of the
// determinism contract, and it never validates what a user could type. It is
// safe for concurrent use.
type plain struct {
	makes *Mistake // nil makes none

	// What the mistakes that forget to clear something keep between calls.
	calls   atomic.Uint64
	memory  sync.Mutex
	moments map[int][]float64 // by size
}

// recall starts an optimiser with the second moment that the last one of its
// size was left with.
func (p *plain) recall(o *optimizer) {
	p.memory.Lock()
	defer p.memory.Unlock()
	if p.moments == nil {
		p.moments = map[int][]float64{}
	}
	if old := p.moments[len(o.second)]; old != nil {
		copy(o.second, old)
	}
	p.moments[len(o.second)] = o.second
}
