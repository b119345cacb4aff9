package reference

import (
	"errors"
	"fmt"
	"math"

	"causalgrad/golden/stat"
)

// The error rates of a file's statistical rows. Where both sides have the same
// expectations some row fails with probability at most 2e-7 a file: half by the
// z-test, corrected over rows and entries, half by an equivalence that is not
// shown. A row that passes although a difference is beyond its margin has
// probability at most equivalenceAlpha.
const (
	familyAlpha      = 1e-7
	equivalenceAlpha = 1e-3
)

// marginErrors is the margin in standard errors of the difference, of values
// with the largest standard deviation expected. The interval at
// equivalenceAlpha reaches 3.1 beyond the difference; equal means differ by more
// than the 6.4 left with probability 1.6e-10, below 1e-7 for 600 entries.
const marginErrors = 9.5

// resolution is what float32 sums of 1e4 terms resolve, relative, when XLA adds
// them in a tree of depth log2: 16 roundings of 2^-24.
const resolution = 0x1p-20

// contrast is one official mean against our sample of the same quantity.
type contrast struct {
	name      string
	ours      []float64
	official  float64
	officialN int     // sequences behind the official mean
	deviation float64 // largest standard deviation expected of a value
}

// margin is marginErrors standard errors of the difference at that deviation.
func (c contrast) margin() float64 {
	return marginErrors * c.deviation * math.Sqrt(c.shareOfVariance())
}

// shareOfVariance is 1/n + 1/m: the official standard errors are not known, so
// both sides are given our variance.
func (c contrast) shareOfVariance() float64 {
	return 1/float64(len(c.ours)) + 1/float64(c.officialN)
}

// equivalence is the TOST of the official mean against our sample, stretched
// about its mean so that its standard error is that of the difference.
func (c contrast) equivalence() (stat.Equivalence, error) {
	mean, stretch := average(c.ours), math.Sqrt(c.shareOfVariance()*float64(len(c.ours)))
	stretched := make([]float64, len(c.ours))
	for i, v := range c.ours {
		stretched[i] = mean + stretch*(v-mean)
	}
	return stat.TOST(stretched, c.official, c.margin(), equivalenceAlpha)
}

func average(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

// statistical is the row of a group of contrasts; rows is the number of
// statistical rows of the file.
func statistical(quantity string, group []contrast, rows int) Row {
	r := Row{Quantity: quantity, Tier: Statistical, Values: len(group), Pass: true,
		ToleranceWhy: fmt.Sprintf("margin of %.2g standard errors of the difference; equivalence at error rate %g, z-test at %g for the whole file",
			marginErrors, equivalenceAlpha, familyAlpha)}
	var got, want, errs []float64
	var shown, scale float64
	for _, c := range group {
		r.Tolerance = math.Max(r.Tolerance, c.margin())
		mean := average(c.ours)
		r.MaxAbs = math.Max(r.MaxAbs, math.Abs(mean-c.official))
		scale = math.Max(scale, math.Abs(c.official))
		e, err := c.equivalence()
		switch {
		case errors.Is(err, stat.ErrNoSpread) && math.Abs(mean-c.official) <= resolution*math.Max(1, math.Abs(mean)):
			continue // a constant, equal to float32 rounding
		case err != nil:
			r.reject(c.name + ": " + err.Error())
			continue
		case e.Verdict != stat.Equivalent:
			r.reject(c.name + ": " + e.String())
		}
		shown = math.Max(shown, math.Max(math.Abs(e.Interval.Lo), math.Abs(e.Interval.Hi)))
		got, want = append(got, mean), append(want, c.official)
		errs = append(errs, math.Hypot(e.StdErr, resolution*math.Max(1, math.Abs(mean))))
	}
	if scale > 0 {
		r.MaxRel = r.MaxAbs / scale
	}
	if len(got) > 0 {
		r.zTest(got, want, errs, shown, familyAlpha/float64(rows))
	}
	return r
}

// reject fails a row; the first reason stays.
func (r *Row) reject(why string) {
	if r.Pass {
		r.Pass, r.Note = false, why
	}
}

func (r *Row) zTest(got, want, errs []float64, shown, alpha float64) {
	z, err := stat.ZTest(got, want, errs, alpha)
	if err != nil {
		r.reject(err.Error())
		return
	}
	if z.Verdict == stat.Different {
		r.reject(fmt.Sprintf("different: |z| = %.2f, limit %.2f", math.Abs(z.Z), z.Limit))
	}
	if r.Pass {
		r.Note = fmt.Sprintf("largest |z| %.2f (limit %.2f); differences beyond %.2g are excluded", math.Abs(z.Z), z.Limit, shown)
	}
}
