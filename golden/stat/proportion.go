package stat

import (
	"fmt"

	"gonum.org/v1/gonum/stat/distuv"
)

// Proportion is an estimated probability with its interval.
type Proportion struct {
	K        int      `json:"k"`
	N        int      `json:"n"`
	Estimate float64  `json:"estimate"` // K/N
	Interval Interval `json:"interval"`
}

// mostExact is the largest n for methods through the incomplete beta
// function: gonum's continued fraction stops after 300 terms, enough to there (errors
// under 1e-8 against scipy) but not at 1e7 (errors of 2e-3).
const mostExact = 1_000_000

// ClopperPearson estimates a probability from k successes in n <= 1e6
// independent trials, by inverting the exact binomial tests of each side: it covers
// with at least the given probability whatever the true one.
//
// C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404-413.
func ClopperPearson(k, n int, confidence float64) (Proportion, error) {
	if err := checkProportion(k, n, confidence); err != nil {
		return Proportion{}, err
	}
	if n > mostExact {
		return Proportion{}, fmt.Errorf("stat: n is %d, expected at most %d", n, mostExact)
	}
	tail := (1 - confidence) / 2
	lo, hi := 0.0, 1.0
	if k > 0 { // the least p with P(K >= k) >= tail
		lo = crossing(func(p float64) float64 { return -binomialUpper(k, n, p) }, -tail, 0, 1)
	}
	if k < n {
		hi = crossing(func(p float64) float64 { return binomialLower(k, n, p) }, tail, 0, 1)
	}
	return Proportion{k, n, float64(k) / float64(n), Interval{lo, hi, confidence}}, nil
}

func checkProportion(k, n int, confidence float64) error {
	if err := checkConfidence(confidence); err != nil {
		return err
	}
	return checkCount(k, n)
}

func checkCount(k, n int) error {
	if n < 1 {
		return fmt.Errorf("stat: n is %d, expected at least 1", n)
	}
	if k < 0 || k > n {
		return fmt.Errorf("stat: k is %d, expected 0 to n = %d", k, n)
	}
	return nil
}

// binomialLower is P(K <= k) for n trials at probability p.
func binomialLower(k, n int, p float64) float64 {
	return distuv.Binomial{N: float64(n), P: p}.CDF(float64(k))
}

// binomialUpper is P(K >= k): 1-CDF would have no digits left in the tail.
func binomialUpper(k, n int, p float64) float64 {
	switch {
	case k <= 0:
		return 1
	case k > n:
		return 0
	}
	return distuv.Beta{Alpha: float64(k), Beta: float64(n - k + 1)}.CDF(p)
}
