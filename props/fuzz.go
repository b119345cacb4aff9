package props

import (
	"slices"
	"testing"

	"causalgrad/props/outcome"
	"pgregory.net/rapid"
)

// Fuzz lets the fuzzer choose the law and the draws, on the subject s:
//
//	func FuzzMine(f *testing.F) { props.Fuzz(f, mine{}) }
//
// Laws of sampling are left out: a fuzzer finds the seeds that a right sampler
// is unlucky with. So are those that s covers no case of. A draw that s does not
// cover, or of which its law claims nothing, skips the input.
func Fuzz(f *testing.F, s Subject) {
	f.Helper()
	if err := checkSubject(s); err != nil {
		f.Fatalf("props: %v", err)
	}
	exact := fuzzable(s)
	if len(exact) == 0 {
		f.Fatalf("props: no law without sampling could be tested on %s", s.Name())
	}
	for _, data := range fuzzSeeds() {
		f.Add(data)
	}
	f.Fuzz(fuzzed(s, exact))
}

// fuzzSeeds are the inputs that a fuzzer begins with.
func fuzzSeeds() [][]byte {
	seeds := make([][]byte, 8)
	for seed := range seeds {
		seeds[seed] = make([]byte, 2048)
		for i := range seeds[seed] {
			seeds[seed][i] = byte((i*i + 31*seed*i + 7*seed) >> seed)
		}
	}
	return seeds
}

// fuzzed checks one of the laws on what the input draws.
func fuzzed(s Subject, exact []Law) func(*testing.T, []byte) {
	return rapid.MakeFuzz(func(t *rapid.T) {
		l := rapid.SampledFrom(exact).Draw(t, "law")
		t.Log(l.ID)
		r := newRecorder(ScopeOf(s))
		r.small, r.calls = l.Small, 1 // of no pins: the fuzzer finds the edges itself
		fuzzing.Store(t, r)
		defer fuzzing.Delete(t)
		l.Check(t, s)
	})
}

// fuzzable are the laws without sampling that can say something of s: one draw
// tells.
func fuzzable(s Subject) []Law {
	exact := slices.DeleteFunc(All(), func(l Law) bool { return l.FalseAlarm != 0 })
	results := Run(exact, s, Options{Draws: 1, Shrinks: -1})
	var kept []Law
	for _, r := range results {
		if r.Verdict == outcome.Passed || r.Verdict == outcome.Failed {
			kept = append(kept, r.Law)
		}
	}
	return kept
}
