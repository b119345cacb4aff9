package stat

import (
	"fmt"
	"math"
)

// Entries is the outcome of comparing many entries at once.
type Entries struct {
	Outcome
	N int `json:"n"`
	// Worst is the index of the largest |z|, the first if several, and Z its signed z-score.
	Worst int     `json:"worst"`
	Z     float64 `json:"z"`
	// Limit is the |z| at which an entry is different, and Beyond lists the entries there.
	Limit  float64 `json:"limit"`
	Beyond []int   `json:"beyond,omitempty"`
}

// ZTest compares estimates got with exact values want, entry by entry, given
// the standard errors of got, with Bonferroni's correction: the probability of
// calling any entry different when all are right is at most alpha,
// however the entries depend on each other. P is that of the worst entry, corrected.
//
// It takes the errors as normal far into their tails (Limit standard errors),
// so each estimate should average many draws. Standard errors must be above 0:
// an entry known exactly is compared exactly, elsewhere.
func ZTest(got, want, stdErr []float64, alpha float64) (Entries, error) {
	if err := checkEntries(got, want, stdErr); err != nil {
		return Entries{}, err
	}
	if err := checkAlpha(alpha); err != nil {
		return Entries{}, err
	}
	n := float64(len(got))
	r := Entries{N: len(got), Limit: normalQuantile(alpha / n / 2)}
	for i := range got {
		z := (got[i] - want[i]) / stdErr[i]
		if err := checkRange(fmt.Sprintf("z-score of entry %d", i), z); err != nil {
			return Entries{}, err
		}
		if math.Abs(z) > math.Abs(r.Z) {
			r.Worst, r.Z = i, z
		}
		if 2*normalUpper(math.Abs(z))*n <= alpha {
			r.Beyond = append(r.Beyond, i)
		}
	}
	r.Outcome = newOutcome(2*normalUpper(math.Abs(r.Z))*n, 0, alpha, "")
	return r, nil
}

func checkEntries(got, want, stdErr []float64) error {
	if err := checkSample("got", got, 1); err != nil {
		return err
	}
	if err := checkLengths("got", len(got), "want", len(want)); err != nil {
		return err
	}
	if err := checkFinite("want", want); err != nil {
		return err
	}
	return checkStdErr(len(got), stdErr)
}

// checkStdErr wants n finite standard errors above 0.
func checkStdErr(n int, stdErr []float64) error {
	if len(stdErr) != n {
		return fmt.Errorf("stat: stdErr has %d values, expected %d", len(stdErr), n)
	}
	for i, s := range stdErr {
		if !(s > 0) || math.IsInf(s, 0) {
			return fmt.Errorf("stat: stdErr[%d] is %v, expected a finite number above 0", i, s)
		}
	}
	return nil
}
