package stat

import (
	"fmt"
	"math"
)

// Equivalence is the outcome of two one-sided tests (TOST).
//
// The verdict is
//
//	equivalent  if both one-sided tests reject at alpha, that is, if Interval lies within [-Margin, Margin];
//	different   if Interval lies wholly outside [-Margin, Margin] and the ordinary two-sided test rejects at alpha;
//	undecided   otherwise: the data could not tell.
//
// "equivalent" for a true difference outside the margin, and "different" for
// one within, each have probability at most alpha.
type Equivalence struct {
	Verdict Verdict `json:"verdict"`
	// Diff is the mean of x minus the value, or minus the mean of y.
	Diff   float64 `json:"diff"`
	StdErr float64 `json:"std_err"`
	DF     float64 `json:"df"`
	Margin float64 `json:"margin"`
	Alpha  float64 `json:"alpha"`
	// PLower is the p-value against "the difference is <= -Margin", PUpper that against ">= Margin".
	PLower float64 `json:"p_lower"`
	PUpper float64 `json:"p_upper"`
	// PDifferent is the ordinary two-sided p-value against "the difference is 0".
	PDifferent float64 `json:"p_different"`
	// Interval is the t interval of the difference at confidence 1-2*Alpha.
	Interval Interval `json:"interval"`
	Warnings []string `json:"warnings,omitempty"`
}

// P is the p-value of the equivalence: the larger of the one-sided ones.
func (e Equivalence) P() float64 { return max(e.PLower, e.PUpper) }

// String is one line with the verdict and its evidence.
func (e Equivalence) String() string {
	where := "within"
	switch {
	case e.Verdict == Different:
		where = "outside"
	case e.Verdict == Undecided:
		where = "neither within nor clearly outside"
	}
	return fmt.Sprintf("%s: difference %.6g, interval %s %s margin +-%g (P lower %.3g, upper %.3g, of no difference %.3g)",
		e.Verdict, e.Diff, e.Interval, where, e.Margin, e.PLower, e.PUpper, e.PDifferent)
}

// TOST asks whether the expectation of x is within margin of value. The value
// counts as exact: if it is itself the result of one run, its own noise is in
// neither P nor the interval, and [RankOf] is the fairer question. The margin must be
// chosen before the data are seen. It needs 2 values, not all equal ([ErrNoSpread]).
//
// D. J. Schuirmann, J. Pharmacokin. Biopharm. 15 (1987) 657-680.
func TOST(x []float64, value, margin, alpha float64) (Equivalence, error) {
	if err := checkTOST(margin, alpha); err != nil {
		return Equivalence{}, err
	}
	if !finite(value) {
		return Equivalence{}, fmt.Errorf("stat: value is %v, expected a finite number", value)
	}
	m, err := describeNoise("x", x)
	if err != nil {
		return Equivalence{}, err
	}
	e := m.estimate()
	e.value -= value
	return tost(e, margin, alpha, math.Sqrt(m.variance), m.warnings("x", 1-2*alpha))
}

func checkTOST(margin, alpha float64) error {
	if err := checkMargin(margin); err != nil {
		return err
	}
	return checkAlpha(alpha)
}

// tost decides. sd serves the warning on sample size only.
func tost(e estimate, margin, alpha, sd float64, warnings []string) (Equivalence, error) {
	half := tQuantile(alpha, e.df) * e.stdErr
	r := Equivalence{
		Verdict: Undecided, Diff: e.value, StdErr: e.stdErr, DF: e.df, Margin: margin, Alpha: alpha,
		PLower:     tUpper((e.value+margin)/e.stdErr, e.df),
		PUpper:     tUpper((margin-e.value)/e.stdErr, e.df),
		PDifferent: e.p(),
		Interval:   Interval{e.value - half, e.value + half, 1 - 2*alpha},
		Warnings:   warnings,
	}
	if err := checkRange("interval", r.Interval.Lo, r.Interval.Hi); err != nil {
		return Equivalence{}, err
	}
	outside := r.Interval.Lo > margin || r.Interval.Hi < -margin
	switch {
	case r.P() <= alpha:
		r.Verdict = Equivalent
	case outside && r.PDifferent <= alpha:
		r.Verdict = Different
	}
	if r.Verdict == Equivalent && r.PDifferent <= alpha {
		r.Warnings = append(r.Warnings, fmt.Sprintf("a difference is there (P %.3g), smaller than the margin", r.PDifferent))
	}
	if half > margin {
		r.Warnings = append(r.Warnings, fmt.Sprintf("need %s to show equivalence within %g, were there no difference at all",
			samplesForMargin(sd, margin, alpha), margin))
	}
	return r, nil
}

// samplesForMargin says how many samples of this spread make the interval
// half-width equal the margin.
func samplesForMargin(sd, margin, alpha float64) string {
	const most = 1 << 20
	fits := func(n int) bool {
		return tQuantile(alpha, float64(n-1))*(sd/math.Sqrt(float64(n))) <= margin
	}
	if !fits(most) {
		return "over a million samples"
	}
	lo, hi := 1, most // hi fits; with 1 sample there is no estimate of noise
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; fits(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return fmt.Sprintf("about %d samples", hi)
}
