// Package props holds the laws: properties that any implementation of the
// paper must have, each a function of random draws and a Subject.
//
// A Subject is the implementation under test, behind the smallest interfaces
// that the laws need: what it can do is told by the methods that it has, and
// what it covers by a Scope. In the implementation's own test file stands
//
//	type mine struct{}
//
//	func (mine) Name() string      { return "mine" }
//	func (mine) Roundoff() float64 { return 0x1p-53 } // float64
//	func (mine) Stationary(chain [][]float64) ([]float64, error) { ... }
//
//	func TestMine(t *testing.T) { props.Test(t, mine{}) }
//
// which makes every law that applies a subtest:
//
//	go test -run TestMine
//	go test -run 'TestMine/stationary-balance' -rapid.checks=1000 -rapid.seed=7
//
// A law that fails shows its claim, the smallest case that it found, what was
// expected, what came, by how many times the tolerance it misses, and the
// command that repeats it. A law never looks inside a subject, never samples by
// itself what the subject should sample, and where the subject lacks a
// capability or does not cover the law's cases it is skipped with the reason,
// never passed.
//
// A program in another language is a subject behind a command (package conform).
// A program that runs laws itself calls Run; what a law ends with is in package
// outcome.
package props

import (
	"fmt"
	"maps"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"causalgrad/props/outcome"
)

// Test runs every law on s, each as a subtest of its name. It fails where a law
// fails, where s lacks a capability of want, and where nothing was tested at
// all. A law that does not apply is skipped with its reason; the last line of
// the log counts them (-v shows it).
//
// rapid's flags -rapid.checks and -rapid.seed and the variables RAPID_CHECKS and
// RAPID_SEED say how many draws a cheap law makes, costly ones in proportion,
// and from which seed; without them it is the same draws every time. If s has a
// method Concurrent() bool that returns true the subtests are parallel.
func Test(t *testing.T, s Subject, want ...Capability) {
	t.Helper()
	test(t, s, want, func([]Result) {})
}

// test also hands on what the laws that ran ended with, in no order.
func test(t *testing.T, s Subject, want []Capability, done func([]Result)) {
	t.Helper()
	if err := checkSubject(s); err != nil {
		t.Fatalf("props: %v", err)
	}
	for _, c := range want {
		if !c.Of(s) {
			t.Errorf("props: %s lacks the capability %s, which the test wants: a method of its interface is missing or has other types", s.Name(), c)
		}
	}
	concurrent := false
	if c, ok := s.(interface{ Concurrent() bool }); ok {
		concurrent = c.Concurrent()
	}
	o, laws := Options{}.Resolved(), All()
	var all tally
	t.Cleanup(func() {
		t.Helper()
		all.close(t, s, o, len(laws))
		done(all.results)
	})
	for _, l := range laws {
		t.Run(l.ID, func(t *testing.T) {
			t.Helper()
			if concurrent {
				t.Parallel()
			}
			r := o.run(l, s, t.Log)
			r.again = replayTest(t.Name(), o)
			all.add(r)
			switch r.Verdict {
			case outcome.Passed:
				t.Log(r)
			case outcome.NotApplicable, outcome.NotTried:
				t.Skip(r)
			default:
				t.Error(r)
			}
		})
	}
}

// tally counts what the subtests of one Test ended with.
type tally struct {
	mu      sync.Mutex
	results []Result
}

func (a *tally) add(r Result) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.results = append(a.results, r)
}

// close logs the summary, and fails where nothing was tested.
func (a *tally) close(t *testing.T, s Subject, o Options, laws int) {
	t.Helper()
	count, draws := map[outcome.Verdict]int{}, 0
	missing, left := map[string]int{}, map[string]int{}
	for _, r := range a.results {
		count[r.Verdict]++
		draws += r.Draws
		if why := r.Why(); why != "" {
			missing[why]++
		}
		if r.Verdict == outcome.Passed || r.Verdict == outcome.Failed {
			for _, l := range r.LeftOut {
				left[l.Reason] += l.Draws
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "props: %s: %d of %d laws ran: ", s.Name(), len(a.results), laws)
	for i, v := range []outcome.Verdict{outcome.Passed, outcome.Failed, outcome.NotApplicable, outcome.NotTried, outcome.Error} {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%d %s", count[v], v)
	}
	fmt.Fprintf(&b, "; %s held (seed %d, %s of a cheap law)", several(draws, "draw"), o.Seed, several(o.Draws, "draw"))
	for _, reason := range slices.Sorted(maps.Keys(missing)) {
		fmt.Fprintf(&b, "\n  not tested: %s (%s)", reason, several(missing[reason], "law"))
	}
	for _, reason := range slices.Sorted(maps.Keys(left)) {
		fmt.Fprintf(&b, "\n  left out: %s (%s)", reason, several(left[reason], "draw"))
	}
	t.Log(b.String())
	switch {
	case len(a.results) == 0:
		t.Errorf("props: no law was run: -run or -skip excludes all %d", laws)
	case len(a.results) == laws && count[outcome.Passed]+count[outcome.Failed] == 0:
		t.Errorf("props: no law could be tested on %s: it lacks the methods of every capability, or covers nothing", s.Name())
	}
}

// replayTest is the command that repeats a subtest.
func replayTest(name string, o Options) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	where := "."
	if info, ok := debug.ReadBuildInfo(); ok && strings.HasSuffix(info.Path, ".test") {
		where = strings.TrimSuffix(info.Path, ".test")
	}
	text := fmt.Sprintf("go test %s -run '%s' -rapid.seed=%d", where, strings.Join(parts, "/"), o.Seed)
	if o.Draws != DefaultDraws {
		text += fmt.Sprintf(" -rapid.checks=%d", o.Draws)
	}
	return text
}
