package props

import (
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// DefaultDraws is the number of draws of a cheap law.
const DefaultDraws = 100

// DefaultShrinks is the number of smaller cases tried after a cheap law fails.
const DefaultShrinks = 2000

// Options says how to run laws. The verdicts are a function of the options and
// the subject: no clock takes part.
type Options struct {
	// Draws is the one knob for how hard to look: the number of draws of a
	// cheap law, the others in proportion. 0 means DefaultDraws.
	Draws int
	// Seed keys the draws; each law has its own stream, so a law run alone
	// repeats what it did among others.
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
	results := make([]Result, len(laws))
	queue := make(chan int)
	var group sync.WaitGroup
	var done sync.Mutex
	for range min(max(o.Workers, 1), len(laws)) {
		group.Go(func() {
			for i := range queue {
				results[i] = runLaw(laws[i], s, o)
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

func runLaw(l Law, s Subject, o Options) Result {
	result := Result{Law: l, Subject: s.Name(), Seed: o.Seed, Asked: o.Draws, Shrinks: o.Shrinks}
	if missing, ok := l.Applicable(s); !ok {
		result.Verdict, result.Missing = NotApplicable, missing
		return result
	}
	shrinks := o.shrinks(l)
	r := newRecorder()
	tb := &capture{name: "causalgrad-law-" + l.ID, ctx: r.context()}
	check(tb, lawSeed(o.Seed, l.ID), o.draws(l), func(t *rapid.T) {
		if r.failed {
			if r.shrinking++; r.shrinking > shrinks {
				return // the smallest case so far is kept
			}
		}
		r.property(t, l, s)
	})
	result.judge(r, tb, shrinks)
	return result
}

// property checks the law once and notes how it ended. What rapid itself
// throws to discard a draw is no failure.
func (r *recorder) property(t *rapid.T, l Law, s Subject) {
	before := r.counterexample
	r.counterexample = nil
	defer func() {
		p := recover()
		if p == nil {
			r.counterexample = before
			if !r.failed {
				r.draws++
			}
			return
		}
		if fmt.Sprintf("%T", p) == "rapid.invalidData" {
			r.counterexample = before
			panic(p)
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

// lawSeed is the seed of one law's draws; never 0, which rapid takes for
// "random".
func lawSeed(seed uint64, id string) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %s", seed, id) // a hash never fails to write
	return max(h.Sum64(), 1)
}

// rapid reads its settings from the process's flags when a check starts. They
// are set under this lock, which is held until the first draw.
var settings sync.Mutex

var prepareOnce sync.Once

// prepare does what only a test binary has done: rapid asks testing.Short,
// which wants parsed flags.
func prepare() {
	if !flag.Parsed() {
		testing.Init()
		_ = flag.CommandLine.Parse(nil) // no arguments: nothing to reject
	}
	for name, value := range map[string]string{
		"rapid.nofailfile": "true", // the shrunk case itself is the record
		"rapid.shrinktime": "10000h",
	} {
		if err := flag.Set(name, value); err != nil {
			panic(err) // rapid registers these when it is linked in
		}
	}
}

// check is rapid.Check with an explicit seed and number of draws.
func check(tb *capture, seed uint64, draws int, property func(*rapid.T)) {
	prepareOnce.Do(prepare)
	settings.Lock()
	restore := set(seed, draws)
	var once sync.Once
	release := func() { once.Do(func() { restore(); settings.Unlock() }) }
	defer release()
	rapid.Check(tb, func(t *rapid.T) {
		release()
		property(t)
	})
}

// set changes rapid's seed and number of checks and returns a way back.
func set(seed uint64, draws int) (restore func()) {
	if testing.Short() {
		draws *= 5 // rapid divides by 5 then
	}
	old := map[string]string{}
	for name, value := range map[string]string{
		"rapid.seed": strconv.FormatUint(seed, 10), "rapid.checks": strconv.Itoa(draws),
	} {
		old[name] = flag.Lookup(name).Value.String()
		_ = flag.Set(name, value) // numbers always parse
	}
	return func() {
		for name, value := range old {
			_ = flag.Set(name, value)
		}
	}
}

// capture is a rapid.TB that keeps what rapid reports.
type capture struct {
	name   string
	ctx    context.Context
	failed bool
	text   string // rapid's first error
}

func (c *capture) Context() context.Context { return c.ctx }
func (c *capture) Helper()                  {}
func (c *capture) Name() string             { return c.name }
func (c *capture) Logf(string, ...any)      {}
func (c *capture) Log(...any)               {}
func (c *capture) Skipf(string, ...any)     {}
func (c *capture) Skip(...any)              {}
func (c *capture) SkipNow()                 {}
func (c *capture) Fail()                    { c.failed = true }
func (c *capture) FailNow()                 { c.failed = true }
func (c *capture) Failed() bool             { return c.failed }

func (c *capture) Errorf(format string, args ...any) { c.Error(fmt.Sprintf(format, args...)) }
func (c *capture) Fatalf(format string, args ...any) { c.Error(fmt.Sprintf(format, args...)) }
func (c *capture) Fatal(args ...any)                 { c.Error(args...) }

func (c *capture) Error(args ...any) {
	c.failed = true
	if c.text == "" {
		c.text = fmt.Sprint(args...)
	}
}
