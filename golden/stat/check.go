package stat

import (
	"errors"
	"fmt"
	"math"
)

// ErrNoSpread is wrapped by errors of methods that estimate noise from the
// data when all values are equal, so that no noise can be estimated. Such
// data (an accuracy of 1 in every run) want an exact or a rank comparison.
var ErrNoSpread = errors.New("all values are equal, so their noise cannot be estimated")

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// checkFinite rejects NaN and infinities in x.
func checkFinite(name string, x []float64) error {
	for i, v := range x {
		if !finite(v) {
			return fmt.Errorf("stat: %s[%d] is %v, expected a finite number", name, i, v)
		}
	}
	return nil
}

// checkSample rejects samples of fewer than least values and values that are not finite.
func checkSample(name string, x []float64, least int) error {
	if len(x) < least {
		return fmt.Errorf("stat: %s has %d values, expected at least %d", name, len(x), least)
	}
	return checkFinite(name, x)
}

func checkAlpha(alpha float64) error {
	if !(alpha > 0 && alpha < 0.5) {
		return fmt.Errorf("stat: alpha is %v, expected an error rate in (0, 0.5), such as 0.05", alpha)
	}
	return nil
}

func checkConfidence(confidence float64) error {
	if !(confidence >= 0.5 && confidence < 1) {
		return fmt.Errorf("stat: confidence is %v, expected a coverage in [0.5, 1), such as 0.95", confidence)
	}
	return nil
}

func checkMargin(margin float64) error {
	if !(margin > 0) || math.IsInf(margin, 0) {
		return fmt.Errorf("stat: margin is %v, expected a finite number above 0", margin)
	}
	return nil
}

// checkLengths rejects two parallel slices of unequal length.
func checkLengths(name1 string, n1 int, name2 string, n2 int) error {
	if n1 != n2 {
		return fmt.Errorf("stat: %s has %d values and %s has %d, expected as many", name1, n1, name2, n2)
	}
	return nil
}

// checkRange reports results that left the range of float64.
func checkRange(what string, v ...float64) error {
	for _, r := range v {
		if !finite(r) {
			return fmt.Errorf("stat: %s is %v: the values leave the range of float64, rescale them", what, r)
		}
	}
	return nil
}
