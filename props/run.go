package props

import (
	"fmt"
	"math"
	"strings"
	"sync"

	"causalgrad/props/outcome"
	"pgregory.net/rapid"
)

// What zero Options mean for a cheap law: its number of draws, and how many
// smaller cases are tried after it fails.
const (
	DefaultDraws   = 100
	DefaultShrinks = 2000
)

// Options says how to run laws. The verdicts are a function of the options and
// the subject: no clock takes part. The zero value is what `go test` asks for.
type Options struct {
	// Draws is the one knob for how hard to look: the number of draws of a
	// cheap law, the others in proportion. 0 is what rapid's flag -rapid.checks
	// or RAPID_CHECKS says, DefaultDraws where neither is given.
	Draws int
	// Seed keys the draws; each law has its own stream, so a law run alone
	// repeats what it did among others. 0 is what -rapid.seed or RAPID_SEED says,
	// 1 where neither is given.
	Seed uint64
	// Shrinks bounds the search for a smaller counterexample of a cheap law, that
	// of the others in proportion to their draws; 0 means DefaultShrinks, below 0
	// none.
	Shrinks int
	// Workers is the number of laws that run at a time; 0 means 1. Above 1 the
	// subject must be safe for concurrent use.
	Workers int
	// Done, when not nil, is called after each law, one call at a time.
	Done func(Result)
}

// Run checks every law on s and returns one result a law, in order. A law that
// fails, panics or gets an error from the subject ends itself alone.
func Run(laws []Law, s Subject, o Options) []Result {
	o = o.Resolved()
	results := make([]Result, len(laws))
	queue := make(chan int)
	var group sync.WaitGroup
	var done sync.Mutex
	for range min(max(o.Workers, 1), len(laws)) {
		group.Go(func() {
			for i := range queue {
				results[i] = o.run(laws[i], s, nil)
				if o.Done != nil {
					done.Lock()
					o.Done(results[i])
					done.Unlock()
				}
			}
		})
	}
	for i := range laws {
		queue <- i
	}
	close(queue)
	group.Wait()
	return results
}

// draws is how often a law is checked under o.
func (o Options) draws(l Law) int {
	base, asked := l.Draws, o.Draws
	if base == 0 {
		base = DefaultDraws
	}
	if asked == 0 {
		asked = DefaultDraws
	}
	return max((base*asked+DefaultDraws-1)/DefaultDraws, 1)
}

// shrinks is how many smaller cases are tried after l has failed.
func (o Options) shrinks(l Law) int {
	asked := o.Shrinks
	if asked == 0 {
		asked = DefaultShrinks
	}
	if l.Draws == 0 || asked < 0 {
		return asked
	}
	return max(asked*l.Draws/DefaultDraws, 1)
}

// FalseAlarm bounds the probability that a right subject fails the law in a
// run under o.
func (o Options) FalseAlarm(l Law) float64 {
	return math.Min(float64(o.draws(l))*l.FalseAlarm, 1)
}

// run checks one law under resolved options; log, when not nil, gets what rapid
// logs at -rapid.v.
func (o Options) run(l Law, s Subject, log func(...any)) Result {
	result := Result{Law: l, Subject: s.Name(), Seed: o.Seed, Asked: o.Draws, Shrinks: o.Shrinks}
	if err := checkSubject(s); err != nil {
		result.Verdict, result.Message = outcome.Error, err.Error()
		return result
	}
	if c, lacks := l.missing(s); lacks {
		result.Verdict, result.Missing = outcome.NotApplicable, c
		return result
	}
	r := o.draw(&result, l, s, log, (o.draws(l)+1)/2)
	if r.failed && r.edge != "" && o.Shrinks >= 0 {
		// A pinned case shrinks no further than its edge. Where the law fails
		// without the pins too, the shorter case is shown.
		free := result
		if o.draw(&free, l, s, log, 0).failed && len(free.Failure.Case) < len(result.Failure.Case) {
			result.Failure = free.Failure
		}
	}
	return result
}

// draw makes the draws of one law, with edge cases in so many of the first, and
// judges the result.
func (o Options) draw(result *Result, l Law, s Subject, log func(...any), pins int) *recorder {
	shrinks := o.shrinks(l)
	r := newRecorder(ScopeOf(s))
	r.pins, r.small = pins, l.Small
	tb := &capture{name: "causalgrad-law-" + l.ID, ctx: r.context(), log: log}
	check(tb, lawSeed(o.Seed, l.ID), o.draws(l), func(t *rapid.T) {
		if r.hopeless() {
			return
		}
		if r.failed {
			if r.shrinking++; r.shrinking > shrinks {
				return // the smallest case so far is kept
			}
		}
		r.property(t, l, s)
	})
	result.judge(r, tb, shrinks)
	return r
}

// property checks the law once and notes how it ended. What rapid itself
// throws to discard a draw is no failure.
func (r *recorder) property(t *rapid.T, l Law, s Subject) {
	before := r.counterexample
	r.counterexample = nil
	if !r.failed {
		r.edge = ""
		r.calls++
	}
	defer func() {
		p := recover()
		if p == nil {
			r.counterexample = before
			if !r.failed {
				r.draws++
			}
			return
		}
		if discarded(p) {
			r.counterexample = before
			panic(p)
		}
		if r.failed && before != nil && r.counterexample != nil && r.counterexample.Kind != before.Kind {
			r.counterexample = before
			t.Skip("a smaller case fails in another way") // a refusal explains no wrong answer
		}
		r.failed = true
		r.panicked = ""
		if r.counterexample == nil {
			r.panicked, _, _ = strings.Cut(fmt.Sprint(p), "\n")
		}
		panic(p)
	}()
	l.Check(t, s)
}
