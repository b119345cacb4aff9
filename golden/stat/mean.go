package stat

import "math"

// Mean is a sample mean with its t interval.
type Mean struct {
	N        int      `json:"n"`
	Mean     float64  `json:"mean"`
	StdDev   float64  `json:"std_dev"` // divisor N-1
	StdErr   float64  `json:"std_err"`
	Interval Interval `json:"interval"`
	Warnings []string `json:"warnings,omitempty"`
}

// MeanInterval estimates the expectation of independent draws x, with
// Student's t interval: exact for normal draws, approximate for others.
// It needs 2 values, not all equal ([ErrNoSpread]).
func MeanInterval(x []float64, confidence float64) (Mean, error) {
	if err := checkConfidence(confidence); err != nil {
		return Mean{}, err
	}
	m, err := describeNoise("x", x)
	if err != nil {
		return Mean{}, err
	}
	e := m.estimate()
	interval := e.interval(confidence)
	if err := checkRange("interval", interval.Lo, interval.Hi); err != nil {
		return Mean{}, err
	}
	return Mean{N: m.n, Mean: m.mean, StdDev: math.Sqrt(m.variance), StdErr: e.stdErr,
		Interval: interval, Warnings: m.warnings("x", confidence)}, nil
}

// estimate is a number with a standard error that has df degrees of freedom.
type estimate struct{ value, stdErr, df float64 }

// estimate of the mean. The root is taken of each factor so that it cannot underflow.
func (m moments) estimate() estimate {
	return estimate{m.mean, math.Sqrt(m.variance) / math.Sqrt(float64(m.n)), float64(m.n - 1)}
}

// interval is the t interval.
func (e estimate) interval(confidence float64) Interval {
	half := tQuantile((1-confidence)/2, e.df) * e.stdErr
	return Interval{e.value - half, e.value + half, confidence}
}

// p is the two-sided p-value of the t test of value = 0.
func (e estimate) p() float64 { return min(1, 2*tUpper(math.Abs(e.value/e.stdErr), e.df)) }
