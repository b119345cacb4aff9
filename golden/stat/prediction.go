package stat

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Prediction is where one more draw is expected.
type Prediction struct {
	N        int      `json:"n"`
	Mean     float64  `json:"mean"`
	StdDev   float64  `json:"std_dev"` // divisor N-1
	StdErr   float64  `json:"std_err"` // of Mean
	Interval Interval `json:"interval"`
	Warnings []string `json:"warnings,omitempty"`
}

// PredictionInterval is where one more independent draw falls with the given
// probability, exact for normal draws: Mean ± t StdDev sqrt(1 + 1/N) with
// Student's t of N-1 degrees of freedom. Unlike [MeanInterval] it does not shrink to a
// point as N grows. It needs 2 values, not all equal ([ErrNoSpread]).
func PredictionInterval(x []float64, confidence float64) (Prediction, error) {
	if err := checkConfidence(confidence); err != nil {
		return Prediction{}, err
	}
	m, err := describeNoise("x", x)
	if err != nil {
		return Prediction{}, err
	}
	n, deviation := float64(m.n), math.Sqrt(m.variance)
	interval := estimate{m.mean, deviation * math.Sqrt(1+1/n), n - 1}.interval(confidence)
	if err := checkRange("interval", interval.Lo, interval.Hi); err != nil {
		return Prediction{}, err
	}
	return Prediction{N: m.n, Mean: m.mean, StdDev: deviation, StdErr: deviation / math.Sqrt(n), Interval: interval, Warnings: m.warnings("x", confidence)}, nil
}

// P is the two-sided P of the hypothesis that value is one more draw of the same
// normal distribution: Student's t of N-1 degrees of freedom.
func (p Prediction) P(value float64) float64 {
	return estimate{value - p.Mean, p.StdDev * math.Sqrt(1+1/float64(p.N)), float64(p.N - 1)}.p()
}

// Fisher combines the P values of independent tests: -2 times the sum of their
// logarithms is chi-square with twice as many degrees of freedom as there are.
func Fisher(p []float64) (float64, error) {
	if err := checkSample("p", p, 1); err != nil {
		return 0, err
	}
	sum := 0.0
	for i, v := range p {
		if !(v > 0 && v <= 1) {
			return 0, fmt.Errorf("stat: p[%d] is %v, expected a P value above 0 and up to 1", i, v)
		}
		sum -= 2 * math.Log(v)
	}
	return distuv.ChiSquared{K: 2 * float64(len(p))}.Survival(sum), nil
}
