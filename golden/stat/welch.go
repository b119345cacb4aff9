package stat

import (
	"fmt"
	"math"
)

// Difference is the outcome of Welch's test.
type Difference struct {
	Outcome
	Diff     float64  `json:"diff"` // mean of x minus mean of y
	StdErr   float64  `json:"std_err"`
	DF       float64  `json:"df"` // Welch and Satterthwaite
	T        float64  `json:"t"`
	Interval Interval `json:"interval"` // of the difference, at 1-alpha
}

// Welch tests whether two independent samples have the same expectation,
// without assuming equal variances, and gives the interval of the difference.
// Each sample needs 2 values; not all values of both may be equal ([ErrNoSpread]).
//
// B. L. Welch, Biometrika 34 (1947) 28-35.
func Welch(x, y []float64, alpha float64) (Difference, error) {
	if err := checkAlpha(alpha); err != nil {
		return Difference{}, err
	}
	e, _, warnings, err := welchEstimate(x, y, 1-alpha)
	if err != nil {
		return Difference{}, err
	}
	d := Difference{Outcome: newOutcome(e.p(), 0, alpha, ""), Diff: e.value, StdErr: e.stdErr, DF: e.df,
		T: e.value / e.stdErr, Interval: e.interval(1 - alpha)}
	d.Warnings = append(d.Warnings, warnings...)
	if err := checkRange("t statistic or interval", d.T, d.Interval.Lo, d.Interval.Hi); err != nil {
		return Difference{}, err
	}
	return d, nil
}

// welchEstimate is the difference of means with its degrees of freedom. sd is
// the standard error times sqrt(n) of two samples of n with these variances.
func welchEstimate(x, y []float64, confidence float64) (e estimate, sd float64, warnings []string, err error) {
	mx, err := describe("x", x, 2)
	if err != nil {
		return estimate{}, 0, nil, err
	}
	my, err := describe("y", y, 2)
	if err != nil {
		return estimate{}, 0, nil, err
	}
	if !mx.spread && !my.spread {
		return estimate{}, 0, nil, fmt.Errorf("stat: x is %v and y is %v throughout: %w", x[0], y[0], ErrNoSpread)
	}
	ex, ey := mx.estimate(), my.estimate()
	stdErr := math.Hypot(ex.stdErr, ey.stdErr)
	// As shares of the variance, which neither overflow nor underflow:
	// 1/df = share_x^2/df_x + share_y^2/df_y.
	sx, sy := ex.stdErr/stdErr, ey.stdErr/stdErr
	df := 1 / (sx*sx*sx*sx/ex.df + sy*sy*sy*sy/ey.df)
	warnings = append(mx.warnings("x", confidence), my.warnings("y", confidence)...)
	return estimate{ex.value - ey.value, stdErr, df},
		math.Hypot(math.Sqrt(mx.variance), math.Sqrt(my.variance)), warnings, nil
}
