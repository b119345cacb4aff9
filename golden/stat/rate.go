package stat

import (
	"fmt"
	"math"
)

// RateConfidence is the confidence of the interval of [FitRate].
const RateConfidence = 0.95

// Rate is a power law gap = Prefactor * T^Exponent fitted on logarithms.
type Rate struct {
	Exponent float64 `json:"exponent"`
	// Interval is that of Exponent at RateConfidence.
	Interval  Interval `json:"interval"`
	StdErr    float64  `json:"std_err"` // of Exponent
	Prefactor float64  `json:"prefactor"`
	R2        float64  `json:"r2"` // of log gap
	// Fit tests the power law itself, where stderr allows; see [Line].
	Fit      *LineFit `json:"fit,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

// FitRate fits the exponent with which gap[i] > 0 falls (or grows) with T[i] >
// 0, by a line through the logarithms. stderr are the standard errors of
// gap, which weight the points, or nil for equal weights; see [FitLine] for the two intervals.
//
// The interval is about noise only. Over a finite range a curve that is no power law
// has an exponent too: look at Fit, or at whether the exponent moves as small T are left out.
func FitRate(T []float64, gap []float64, stderr []float64) (Rate, error) {
	x, err := logs("T", T)
	if err != nil {
		return Rate{}, err
	}
	y, err := logs("gap", gap)
	if err != nil {
		return Rate{}, err
	}
	if err := checkLengths("T", len(T), "gap", len(gap)); err != nil {
		return Rate{}, err
	}
	var relative []float64
	var warnings []string
	if stderr != nil {
		if err := checkStdErr(len(gap), stderr); err != nil {
			return Rate{}, err
		}
		relative = make([]float64, len(gap))
		for i := range gap {
			relative[i] = stderr[i] / gap[i] // the error of log gap, to first order
		}
		warnings = logWarnings(relative)
	}
	l, err := FitLine(x, y, relative, RateConfidence)
	if err != nil {
		return Rate{}, fmt.Errorf("fit of y = log gap to x = log T: %w", err)
	}
	r := Rate{l.Slope, l.Interval, l.SlopeErr, math.Exp(l.Intercept), l.R2, l.Fit, append(warnings, l.Warnings...)}
	if err := checkRange("prefactor", r.Prefactor); err != nil {
		return Rate{}, err
	}
	return r, nil
}

// logWarnings finds errors too large for the logarithm to be straight across
// them: with relative error s, log gap is low by s^2/2 on average, s/2 of its own error.
func logWarnings(relative []float64) []string {
	for i, s := range relative {
		if s > 0.2 {
			return []string{fmt.Sprintf("gap[%d] has relative error %.2g, expected up to 0.2: its logarithm is biased by over a tenth of its error", i, s)}
		}
	}
	return nil
}

func logs(name string, v []float64) ([]float64, error) {
	l := make([]float64, len(v))
	for i, a := range v {
		if !(a > 0) || math.IsInf(a, 0) {
			return nil, fmt.Errorf("stat: %s[%d] is %v, expected a finite number above 0", name, i, a)
		}
		l[i] = math.Log(a)
	}
	return l, nil
}
