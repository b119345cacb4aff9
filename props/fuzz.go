package props

import (
	"testing"

	"pgregory.net/rapid"
)

// Fuzz lets the fuzzer choose the law and the draws, on the subject s. Laws of
// sampling are left out: a fuzzer finds the seeds that a right sampler is unlucky
// with.
func Fuzz(f *testing.F, laws []Law, s Subject) {
	f.Helper()
	var exact []Law
	for _, l := range laws {
		if l.FalseAlarm == 0 {
			exact = append(exact, l)
		}
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
