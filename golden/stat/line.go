package stat

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Line is a least-squares line y = Intercept + Slope x.
type Line struct {
	Slope     float64  `json:"slope"`
	Intercept float64  `json:"intercept"`
	SlopeErr  float64  `json:"slope_err"` // standard error of Slope
	Interval  Interval `json:"interval"`  // of Slope
	// R2 is 1 - (residual / total) sum of squares, weighted if the fit is; 0 if all y are equal.
	R2 float64 `json:"r2"`
	// Fit tests, in a weighted fit of 3 or more points, whether the points lie
	// on any line within their errors; nil where that cannot be tested.
	Fit      *LineFit `json:"fit,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

// LineFit is the chi-square test of a weighted fit.
type LineFit struct {
	ChiSquare float64 `json:"chi_square"`
	DF        int     `json:"df"`
	P         float64 `json:"p"`
}

// FitLine fits a line to points with independent errors in y.
//
// With stdErr nil the fit is unweighted: the errors have one unknown size,
// estimated from the residuals, and Interval is Student's with n-2 degrees (n >= 3).
// Otherwise stdErr are the known standard errors of y: the weights are
// 1/stdErr^2, Interval is normal and does not look at the residuals (n >= 2); whether they
// are as small as stdErr says is for Fit. The x must not all be equal.
func FitLine(x, y, stdErr []float64, confidence float64) (Line, error) {
	if err := checkLine(x, y, stdErr, confidence); err != nil {
		return Line{}, err
	}
	weights := make([]float64, len(x))
	for i := range weights {
		weights[i] = 1
		if stdErr != nil {
			weights[i] = 1 / (stdErr[i] * stdErr[i])
		}
	}
	s := weightedSums(x, y, weights)
	slope := s.xy / s.xx
	l := Line{Slope: slope, Intercept: s.y - slope*s.x}
	residual := s.residual(x, y, weights, slope)
	if s.yy > 0 {
		l.R2 = 1 - residual/s.yy
	} else {
		l.Warnings = append(l.Warnings, "all y are equal: R2 is undefined and given as 0")
	}
	if stdErr == nil {
		l.unweighted(len(x), s, residual, confidence)
	} else {
		l.weighted(len(x), s, residual, confidence)
	}
	if err := checkRange("slope, its interval or R2", l.Slope, l.Intercept, l.Interval.Lo, l.Interval.Hi, l.R2); err != nil {
		return Line{}, err
	}
	return l, nil
}

// unweighted estimates the error of the slope from the residuals.
func (l *Line) unweighted(n int, s lineSums, residual, confidence float64) {
	df := float64(n - 2)
	l.SlopeErr = math.Sqrt(residual / df / s.xx)
	l.Interval = estimate{l.Slope, l.SlopeErr, df}.interval(confidence)
	// A residual that is all rounding: y and the fitted line each round by up to
	// a few units of 2^-53 of the largest y.
	if math.Sqrt(residual/df) < 0x1p-49*s.scale {
		l.Warnings = append(l.Warnings, "the points lie on a line to rounding: the interval says nothing about noise")
	}
	if need := linePoints(confidence); n < need {
		l.Warnings = append(l.Warnings, fmt.Sprintf(
			"need >= %d points for an interval within twice the width that known errors would give: %d leave %d degrees of freedom", need, n, n-2))
	}
}

// linePoints is the least n at which Student's quantile is within twice the normal one.
func linePoints(confidence float64) int {
	tail := (1 - confidence) / 2
	n := 3
	for tQuantile(tail, float64(n-2)) > 2*normalQuantile(tail) {
		n++
	}
	return n
}

// weighted takes the error of the slope from the known errors.
func (l *Line) weighted(n int, s lineSums, residual, confidence float64) {
	l.SlopeErr = 1 / math.Sqrt(s.xx)
	half := normalQuantile((1-confidence)/2) * l.SlopeErr
	l.Interval = Interval{l.Slope - half, l.Slope + half, confidence}
	if n < 3 {
		l.Warnings = append(l.Warnings, "need >= 3 points to test whether they lie on a line")
		return
	}
	l.Fit = &LineFit{residual, n - 2, distuv.ChiSquared{K: float64(n - 2)}.Survival(residual)}
	if l.Fit.P <= 1-confidence {
		l.Warnings = append(l.Warnings, fmt.Sprintf(
			"the points do not lie on a line within their errors (chi-square %.3g with %d degrees, P %.3g): the interval is too narrow",
			residual, n-2, l.Fit.P))
	}
}

func checkLine(x, y, stdErr []float64, confidence float64) error {
	if err := checkConfidence(confidence); err != nil {
		return err
	}
	least := 3
	if stdErr != nil {
		least = 2
	}
	if err := checkSample("x", x, least); err != nil {
		return err
	}
	if err := checkLengths("x", len(x), "y", len(y)); err != nil {
		return err
	}
	if err := checkFinite("y", y); err != nil {
		return err
	}
	if stdErr != nil {
		if err := checkStdErr(len(x), stdErr); err != nil {
			return err
		}
	}
	for _, v := range x {
		if v != x[0] {
			return nil
		}
	}
	return fmt.Errorf("stat: x is %v in all %d points, expected at least two values", x[0], len(x))
}

// lineSums holds the weighted means x and y and the weighted sums of squares and products about them.
type lineSums struct{ x, y, xx, xy, yy, scale float64 }

func weightedSums(x, y, weights []float64) lineSums {
	var s lineSums
	var all float64
	for i, w := range weights {
		all += w
		s.x += w * (x[i] - x[0])
		s.y += w * (y[i] - y[0])
		s.scale = max(s.scale, math.Abs(y[i]))
	}
	s.x, s.y = x[0]+s.x/all, y[0]+s.y/all
	for i, w := range weights {
		dx, dy := x[i]-s.x, y[i]-s.y
		s.xx += w * dx * dx
		s.xy += w * dx * dy
		s.yy += w * dy * dy
	}
	return s
}

// residual is the weighted sum of squared distances from the line.
func (s lineSums) residual(x, y, weights []float64, slope float64) float64 {
	var sum float64
	for i, w := range weights {
		d := (y[i] - s.y) - slope*(x[i]-s.x)
		sum += w * d * d
	}
	return sum
}
