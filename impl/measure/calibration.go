package measure

import "math"

// calibrationBins is the number of equal bins of the confidence, [0, 1].
const calibrationBins = 15

// The expected calibration error of predictions f with known laws y: the
// confidence of a prediction is max_s f_s, its accuracy the true probability
// y_s of that token (of the first such s), and with the sequences in 15 equal
// bins of their confidence
//
//	ECE = (1/N) sum_bins | sum_{n in bin} (confidence_n - accuracy_n) |.
//
// It is the usual definition for the likeliest token, with the accuracy known
// instead of seen in one drawn label. On N sequences of a perfectly calibrated
// model it is not 0 but of the order of sqrt(15/N) times the spread of
// confidence - accuracy within a bin: compare it with the count estimator's on
// the same sequences.

// binExcess adds confidence - accuracy to its bin and clears the others.
func binExcess(bins, f, y []float64) {
	clear(bins)
	best, bin := Argmax(f), 0
	if c := f[best]; c > 0 { // false for NaN, which the loss reports
		bin = int(min(c*calibrationBins, calibrationBins-1))
	}
	bins[bin] = f[best] - y[best]
}

// calibration is the ECE from the columns of its bins. Its standard error takes
// the signs of the bins' sums as known.
func (s sums) calibration(first int) Mean {
	n := float64(s.n)
	total, square := 0.0, 0.0
	for b := first; b < first+calibrationBins; b++ {
		total += math.Abs(s.total[b])
		square += s.square[b]
	}
	mean := total / n
	variance := (square - float64(n*float64(mean*mean))) / (n - 1)
	return Mean{mean, math.Sqrt(math.Max(variance, 0) / n)}
}
