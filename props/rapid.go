package props

import (
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"strconv"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// All that rapid has to be tricked into is in this file. A law runs with a
// number of draws and a seed of its own, also outside of "go test" and beside
// other laws, and ends in a Result and not in a failed test; rapid reads both
// from the process's flags, once, when a check starts, and reports to a
// testing.TB. So the flags are set under a lock that is held until the first
// draw, and the check reports to a TB that only remembers.

// settings guards rapid's flags.
var settings sync.Mutex

// prepare does what only a test binary has done, once: rapid asks
// testing.Short, which wants parsed flags.
var prepare = sync.OnceFunc(func() {
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
})

// defaultSeed keys the draws where nobody asks for other ones.
const defaultSeed = 1

// Resolved fills in the seed and the draws that rapid's flags ask for.
func (o Options) Resolved() Options {
	prepare()
	// rapid reads these before go test watches what a test reads; unwatched, a
	// test with another seed would be answered from go's cache.
	_, _ = os.Getenv("RAPID_SEED"), os.Getenv("RAPID_CHECKS")
	settings.Lock()
	defer settings.Unlock()
	asked := func(name string) uint64 {
		n, err := strconv.ParseUint(flag.Lookup(name).Value.String(), 10, 64)
		if err != nil {
			return 0 // a negative number of checks
		}
		return n
	}
	if o.Seed == 0 {
		o.Seed = asked("rapid.seed")
	}
	if o.Seed == 0 {
		o.Seed = defaultSeed
	}
	if o.Draws == 0 {
		o.Draws = int(asked("rapid.checks"))
		if testing.Short() {
			o.Draws /= 5 // as rapid does
		}
		o.Draws = max(o.Draws, 1)
	}
	return o
}

// lawSeed is the seed of one law's draws; never 0, which rapid takes for
// "random".
func lawSeed(seed uint64, id string) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %s", seed, id) // a hash never fails to write
	return max(h.Sum64(), 1)
}

// check is rapid.Check with an explicit seed and number of draws.
func check(tb *capture, seed uint64, draws int, property func(*rapid.T)) {
	prepare()
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

// fuzzing has the recorder of each of the fuzzer's draws by its *rapid.T, whose
// context is the testing package's own and cannot carry it.
var fuzzing sync.Map

// discarded tells rapid's way to end a draw that does not count from a panic.
func discarded(p any) bool { return fmt.Sprintf("%T", p) == "rapid.invalidData" }

// capture is a rapid.TB that keeps what rapid reports.
type capture struct {
	name   string
	ctx    context.Context
	log    func(args ...any) // for what -rapid.v shows; nil for nobody
	failed bool
	text   string // rapid's first error
}

func (c *capture) Context() context.Context { return c.ctx }
func (c *capture) Helper()                  {}
func (c *capture) Name() string             { return c.name }
func (c *capture) Skipf(string, ...any)     {}
func (c *capture) Skip(...any)              {}
func (c *capture) SkipNow()                 {}
func (c *capture) Fail()                    { c.failed = true }
func (c *capture) FailNow()                 { c.failed = true }
func (c *capture) Failed() bool             { return c.failed }

func (c *capture) Logf(format string, args ...any)   { c.Log(fmt.Sprintf(format, args...)) }
func (c *capture) Errorf(format string, args ...any) { c.Error(fmt.Sprintf(format, args...)) }
func (c *capture) Fatalf(format string, args ...any) { c.Error(fmt.Sprintf(format, args...)) }
func (c *capture) Fatal(args ...any)                 { c.Error(args...) }

func (c *capture) Log(args ...any) {
	if c.log != nil && flag.Lookup("rapid.v").Value.String() == "true" {
		c.log(args...)
	}
}

func (c *capture) Error(args ...any) {
	c.failed = true
	if c.text == "" {
		c.text = fmt.Sprint(args...)
	}
}
