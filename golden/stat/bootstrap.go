package stat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Resampling fixes a bootstrap: the same values give the same resamples on
// every machine.
type Resampling struct {
	Resamples int    `json:"resamples"` // 2 to 10 million
	Seed      uint64 `json:"seed"`
}

// Bootstrapped is a statistic with its bootstrap interval.
type Bootstrapped struct {
	Estimate float64  `json:"estimate"` // the statistic of the sample itself
	StdErr   float64  `json:"std_err"`  // standard deviation over the resamples
	Interval Interval `json:"interval"`
	Warnings []string `json:"warnings,omitempty"`
}

// bootstrapStream is the second half of the PCG key: the purpose of the stream.
const bootstrapStream = 0x626f6f7473747261 // "bootstra"

const mostResamples = 10_000_000

// BootstrapPercentile gives the percentile interval of statistic(x): the
// quantiles of the statistic over resamples of x with replacement. It is
// first-order accurate: it undercovers for skewed statistics and small samples.
//
// statistic must not keep or change its argument and must be finite on every
// resample. x needs 2 values, not all equal ([ErrNoSpread]).
func BootstrapPercentile(x []float64, statistic func([]float64) float64, confidence float64, r Resampling) (Bootstrapped, error) {
	b, replicates, err := resample(x, statistic, confidence, r)
	if err != nil {
		return Bootstrapped{}, err
	}
	tail := (1 - confidence) / 2
	b.Interval = Interval{sortedQuantile(replicates, tail), sortedQuantile(replicates, 1-tail), confidence}
	b.Warnings = append(b.Warnings, tailWarning(tail, r.Resamples)...)
	return b, nil
}

// BootstrapBCa gives the bias-corrected and accelerated interval of
// statistic(x), second-order accurate for smooth statistics. Arguments as for
// [BootstrapPercentile]. It is an error if the correction is undefined: the
// sample's statistic lies beyond every resample, or no value has any influence on it.
//
// B. Efron, J. Am. Stat. Assoc. 82 (1987) 171-185.
func BootstrapBCa(x []float64, statistic func([]float64) float64, confidence float64, r Resampling) (Bootstrapped, error) {
	b, replicates, err := resample(x, statistic, confidence, r)
	if err != nil {
		return Bootstrapped{}, err
	}
	a, err := acceleration(x, statistic)
	if err != nil {
		return Bootstrapped{}, err
	}
	// The bias z0 from the share of replicates below the estimate, ties counting
	// half. A tie lost to rounding moves the share by 1/(2 Resamples).
	below, _ := slices.BinarySearch(replicates, b.Estimate)
	above, _ := slices.BinarySearch(replicates, math.Nextafter(b.Estimate, math.Inf(1)))
	share := float64(below+above) / float64(2*len(replicates))
	if share == 0 || share == 1 {
		return Bootstrapped{}, fmt.Errorf("stat: statistic of x is %v, beyond all %d resamples: the BCa interval is undefined", b.Estimate, len(replicates))
	}
	z0 := distuv.UnitNormal.Quantile(share)
	z := normalQuantile((1 - confidence) / 2)
	lo, okLo := shifted(z0, a, -z)
	hi, okHi := shifted(z0, a, z)
	if !okLo || !okHi {
		return Bootstrapped{}, fmt.Errorf("stat: acceleration is %.3g at bias %.3g, too large for a BCa interval at confidence %g", a, z0, confidence)
	}
	b.Interval = Interval{sortedQuantile(replicates, lo), sortedQuantile(replicates, hi), confidence}
	b.Warnings = append(b.Warnings, tailWarning(min(lo, 1-hi), r.Resamples)...)
	return b, nil
}

// shifted is the corrected percentile for the normal quantile z.
func shifted(z0, a, z float64) (p float64, ok bool) {
	stretch := 1 - a*(z0+z)
	return distuv.UnitNormal.CDF(z0 + (z0+z)/stretch), stretch > 0
}

// resample returns the sorted statistics of the resamples.
func resample(x []float64, statistic func([]float64) float64, confidence float64, r Resampling) (Bootstrapped, []float64, error) {
	fail := func(err error) (Bootstrapped, []float64, error) { return Bootstrapped{}, nil, err }
	if err := checkConfidence(confidence); err != nil {
		return fail(err)
	}
	if r.Resamples < 2 || r.Resamples > mostResamples {
		return fail(fmt.Errorf("stat: resamples is %d, expected 2 to %d", r.Resamples, mostResamples))
	}
	m, err := describeNoise("x", x)
	if err != nil {
		return fail(err)
	}
	b := Bootstrapped{Estimate: statistic(slices.Clone(x))}
	if !finite(b.Estimate) {
		return fail(fmt.Errorf("stat: statistic of x is %v, expected a finite number", b.Estimate))
	}
	rng := rand.New(rand.NewPCG(r.Seed, bootstrapStream))
	draw, replicates := make([]float64, len(x)), make([]float64, r.Resamples)
	for k := range replicates {
		for i := range draw {
			draw[i] = x[int(rng.Float64()*float64(len(x)))]
		}
		if replicates[k] = statistic(draw); !finite(replicates[k]) {
			return fail(fmt.Errorf("stat: statistic of resample %d is %v, expected a finite number", k, replicates[k]))
		}
	}
	spread, err := describe("statistic", replicates, 2)
	if err != nil {
		return fail(err)
	}
	b.StdErr = math.Sqrt(spread.variance)
	if need := rangeSamples(confidence); m.n < need {
		b.Warnings = append(b.Warnings, fmt.Sprintf(
			"need >= %d samples for a bootstrap interval at level %g: the whole range of fewer misses the median more often", need, confidence))
	}
	if !spread.spread {
		b.Warnings = append(b.Warnings, "the statistic is the same in all resamples")
	}
	slices.Sort(replicates)
	return b, replicates, nil
}

// tailWarning asks for 25 resamples beyond each end of the interval: the count
// there is binomial, so an end's level is then known to about one part in 5.
func tailWarning(tail float64, resamples int) []string {
	const beyond = 25
	if need := beyond / tail; float64(resamples) < need {
		return []string{fmt.Sprintf("need >= %.0f resamples to place an end of the interval beyond which %.3g of them lie", math.Ceil(need), tail)}
	}
	return nil
}

// acceleration is a sixth of the skewness of the jackknife influences.
func acceleration(x []float64, statistic func([]float64) float64) (float64, error) {
	leaveOneOut := make([]float64, len(x))
	rest := make([]float64, len(x)-1)
	for i := range x {
		copy(rest, x[:i])
		copy(rest[i:], x[i+1:])
		leaveOneOut[i] = statistic(rest)
	}
	m, err := describe("statistic without one value", leaveOneOut, 2)
	if err != nil {
		return 0, err
	}
	if !m.spread {
		return 0, fmt.Errorf("stat: no value of x has any influence on the statistic: the BCa interval is undefined: %w", ErrNoSpread)
	}
	sd := math.Sqrt(m.variance)
	var skew float64
	for _, v := range leaveOneOut {
		d := (m.mean - v) / sd
		skew += d * d * d
	}
	return skew / (6 * math.Pow(float64(m.n-1), 1.5)), nil
}

// sortedQuantile interpolates linearly between order statistics (type 7 of
// Hyndman and Fan, the usual default). p is in [0, 1].
func sortedQuantile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	i := min(int(at), len(sorted)-2)
	w := at - float64(i)
	return float64((1-w)*sorted[i]) + float64(w*sorted[i+1])
}
