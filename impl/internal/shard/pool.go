// Package shard runs fixed pieces of work over a pool of goroutines and
// reduces their results in a fixed shape, so that bits do not depend on the
// number of workers or on scheduling.
//
// It never decides what a shard is: callers cut work into shards by a size
// that is part of the determinism contract.
package shard

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Pool is a fixed set of goroutines. Run may be called by one goroutine at a
// time; Close ends the workers.
type Pool struct {
	workers int
	work    func(worker, shard int)
	shards  int64
	next    atomic.Int64
	start   []chan struct{}
	done    sync.WaitGroup
	reduced [][]float64             // what Reduce is adding up
	reduce  func(worker, piece int) // p.reducePiece, made once: a method value allocates
}

// NewPool starts a pool; workers <= 0 means one for each processor.
func NewPool(workers int) *Pool {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	p := &Pool{workers: workers}
	p.reduce = p.reducePiece
	for w := 1; w < workers; w++ {
		start := make(chan struct{}, 1)
		p.start = append(p.start, start)
		go func() {
			for range start {
				p.drain(w)
				p.done.Done()
			}
		}()
	}
	return p
}

// Workers is the number of goroutines that work at once.
func (p *Pool) Workers() int { return p.workers }

// Run calls work for every shard 0..shards-1, each exactly once, on whichever
// worker (0..Workers-1) is free, and returns when all are done. The caller
// is worker 0. Nothing is allocated.
func (p *Pool) Run(shards int, work func(worker, shard int)) {
	p.work, p.shards = work, int64(shards)
	p.next.Store(0)
	helpers := min(len(p.start), shards-1)
	p.done.Add(max(helpers, 0))
	for w := range helpers {
		p.start[w] <- struct{}{}
	}
	p.drain(0)
	p.done.Wait()
	p.work = nil
}

func (p *Pool) drain(worker int) {
	for {
		s := p.next.Add(1) - 1
		if s >= p.shards {
			return
		}
		p.work(worker, int(s))
	}
}

// Close ends the workers.
func (p *Pool) Close() {
	for _, c := range p.start {
		close(c)
	}
	p.start = nil
}
