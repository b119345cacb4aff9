package props

import (
	"testing"

	"pgregory.net/rapid"
)

// Fuzz lets the fuzzer choose the law and the draws, on the subject s:
//
//	func FuzzMine(f *testing.F) { props.Fuzz(f, mine{}) }
//
// Laws of sampling are left out: a fuzzer finds the seeds that a right sampler
// is unlucky with. What s does not cover ends an input without a verdict.
func Fuzz(f *testing.F, s Subject) {
	f.Helper()
	if err := checkSubject(s); err != nil {
		f.Fatalf("props: %v", err)
	}
	var exact []Law
	for _, l := range All() {
		if _, lacks := l.missing(s); !lacks && l.FalseAlarm == 0 {
			exact = append(exact, l)
		}
	}
	if len(exact) == 0 {
		f.Fatalf("props: no law without sampling could be tested on %s", s.Name())
	}
	for seed := range 8 {
		data := make([]byte, 2048)
		for i := range data {
			data[i] = byte((i*i + 31*seed*i + 7*seed) >> seed)
		}
		f.Add(data)
	}
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		l := rapid.SampledFrom(exact).Draw(t, "law")
		t.Log(l.ID)
		l.Check(t, s)
	}))
}
