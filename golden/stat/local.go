package stat

import (
	"fmt"
	"math"
)

// LocalExponent is the power with which a quantity falls (or grows) between two
// neighbouring points.
type LocalExponent struct {
	From     float64   `json:"from"`
	To       float64   `json:"to"`
	Exponent float64   `json:"exponent"` // log(gap ratio) / log(T ratio)
	StdErr   float64   `json:"std_err"`
	Interval *Interval `json:"interval,omitempty"` // nil for exact points
}

// LocalExponents are the exponents between neighbouring points of gap > 0 at
// ascending T > 0. stderr are the standard errors of the independent gaps, or nil
// for exact points, which have no interval. The intervals are joint: all of them
// cover at once with at least the given confidence (Bonferroni), normal, and to first
// order in the relative errors.
func LocalExponents(T, gap, stderr []float64, confidence float64) ([]LocalExponent, error) {
	if err := checkConfidence(confidence); err != nil {
		return nil, err
	}
	x, y, err := ladderLogs(T, gap)
	if err != nil {
		return nil, err
	}
	if stderr != nil {
		if err := checkStdErr(len(gap), stderr); err != nil {
			return nil, err
		}
	}
	all := make([]LocalExponent, len(x)-1)
	for i := range all {
		width := x[i+1] - x[i]
		all[i] = LocalExponent{From: T[i], To: T[i+1], Exponent: (y[i+1] - y[i]) / width}
		if stderr == nil {
			continue
		}
		all[i].StdErr = math.Hypot(stderr[i]/gap[i], stderr[i+1]/gap[i+1]) / width
		half := normalQuantile((1-confidence)/2/float64(len(all))) * all[i].StdErr
		all[i].Interval = &Interval{all[i].Exponent - half, all[i].Exponent + half, confidence}
	}
	return all, nil
}

// LocalExponentsOver are those of several independent ladders of the same lengths,
// such as seeds: gaps[s][i] is ladder s at T[i]. Each is the mean over the ladders'
// own exponents, with Student's joint intervals of len(gaps)-1 degrees of freedom,
// which contain what differs between ladders as well as each one's noise.
func LocalExponentsOver(T []float64, gaps [][]float64, confidence float64) ([]LocalExponent, error) {
	if err := checkConfidence(confidence); err != nil {
		return nil, err
	}
	if len(gaps) < 2 {
		return nil, fmt.Errorf("stat: gaps has %d ladders, expected at least 2", len(gaps))
	}
	var own [][]LocalExponent
	for s, gap := range gaps {
		one, err := LocalExponents(T, gap, nil, confidence)
		if err != nil {
			return nil, fmt.Errorf("ladder %d: %w", s, err)
		}
		own = append(own, one)
	}
	all := make([]LocalExponent, len(own[0]))
	for i := range all {
		values := make([]float64, len(own))
		for s := range own {
			values[s] = own[s][i].Exponent
		}
		m, err := MeanInterval(values, 1-(1-confidence)/float64(len(all)))
		if err != nil {
			return nil, err
		}
		all[i] = LocalExponent{own[0][i].From, own[0][i].To, m.Mean, m.StdErr, &Interval{m.Interval.Lo, m.Interval.Hi, confidence}}
	}
	return all, nil
}

// SinglePower tests over several ladders whether the local exponents are one and the
// same: the least P of the t tests of the changes from each to the next, corrected
// for their number (Bonferroni). It needs ladders of three points.
func SinglePower(T []float64, gaps [][]float64) (p float64, err error) {
	var own [][]LocalExponent
	for s, gap := range gaps {
		one, err := LocalExponents(T, gap, nil, 0.95)
		if err != nil {
			return 0, fmt.Errorf("ladder %d: %w", s, err)
		}
		own = append(own, one)
	}
	if len(own) < 2 || len(own[0]) < 2 {
		return 0, fmt.Errorf("stat: %d ladders of %d points, expected at least 2 of 3", len(gaps), len(T))
	}
	p = 1
	for i := range len(own[0]) - 1 {
		changes := make([]float64, len(own))
		for s := range own {
			changes[s] = own[s][i+1].Exponent - own[s][i].Exponent
		}
		m, err := describeNoise("changes", changes)
		if err != nil {
			return 0, err
		}
		p = min(p, m.estimate().p()*float64(len(own[0])-1))
	}
	return p, nil
}

// ladderLogs are the logarithms of ascending T and of gap.
func ladderLogs(T, gap []float64) (x, y []float64, err error) {
	if err := checkLengths("T", len(T), "gap", len(gap)); err != nil {
		return nil, nil, err
	}
	if len(T) < 2 {
		return nil, nil, fmt.Errorf("stat: T has %d values, expected at least 2", len(T))
	}
	if x, err = logs("T", T); err != nil {
		return nil, nil, err
	}
	if y, err = logs("gap", gap); err != nil {
		return nil, nil, err
	}
	for i := 1; i < len(T); i++ {
		if T[i] <= T[i-1] {
			return nil, nil, fmt.Errorf("stat: T[%d] is %v after %v, expected ascending values", i, T[i], T[i-1])
		}
	}
	return x, y, nil
}
