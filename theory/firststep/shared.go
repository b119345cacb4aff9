package firststep

import (
	"sync"

	"causalgrad/theory/markov"
)

// A crew computes several blocks of one chain's sum at once, each of its workers
// in tables of its own, and the blocks are added in their order: the sums have the
// bits of one worker that goes from block to block. A pair has one addend a block
// and is added to the worker's zeros; a column has many, which are kept in a list.

// addends are numbers to be added to a column, in order.
type addends struct {
	at    []int
	value []float64
}

// maxCrew bounds the memory: every worker has the tables of a block, T S^2 numbers
// for each of its nodes, and a pair of every two positions.
const maxCrew = 8

// worthSharing is the number of products in a chain's kernels, about a nanosecond
// each, from which goroutines pay.
const worthSharing = 1 << 21

// share gives the correlator a crew of up to so many workers, as far as that pays.
func (c *correlator) share(workers int) *correlator {
	products := len(c.rule.node) * c.forest.SequenceLength() * c.tokens * c.tokens * c.tokens * c.tokens
	workers = min(workers, maxCrew, c.blocks())
	if workers < 2 || products < worthSharing {
		return c
	}
	for range workers {
		worker := newCorrelator(c.plan, 1)
		worker.late = new(addends)
		c.crew = append(c.crew, worker)
	}
	return c
}

// blocks is the number of blocks in the sum over tokens and nodes.
func (p *plan) blocks() int { return p.tokens * p.blocksOfToken() }

// blocksOfToken is the number of blocks of nodes.
func (p *plan) blocksOfToken() int { return (len(p.rule.node) + p.width - 1) / p.width }

// correlate computes pairs and column for one chain.
func (c *correlator) correlate(chain *markov.Chain) {
	clear(c.pairs)
	clear(c.column)
	blocks := c.blocks()
	if len(c.crew) == 0 {
		for number := range blocks {
			c.block(chain, number)
		}
		return
	}
	for first := 0; first < blocks; first += len(c.crew) {
		busy := c.crew[:min(len(c.crew), blocks-first)]
		var group sync.WaitGroup
		for w, worker := range busy {
			worker.absolute = c.absolute
			group.Go(func() { worker.block(chain, first+w) })
		}
		group.Wait()
		for _, worker := range busy {
			c.collect(worker)
		}
	}
}

// collect adds a worker's block, and clears it there.
func (c *correlator) collect(worker *correlator) {
	t := c.forest.SequenceLength()
	for i := range t {
		add(c.pairs[i*t:][:i+1], worker.pairs[i*t:][:i+1])
		clear(worker.pairs[i*t:][:i+1])
	}
	for n, at := range worker.late.at {
		c.column[at] += worker.late.value[n]
	}
	worker.late.at, worker.late.value = worker.late.at[:0], worker.late.value[:0]
}

// toColumn adds to an entry of column, or keeps the addend back.
func (c *correlator) toColumn(at int, v float64) {
	if c.late != nil {
		c.late.at, c.late.value = append(c.late.at, at), append(c.late.value, v)
		return
	}
	c.column[at] += v
}
