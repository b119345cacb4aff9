package detmath

import "math"

// Coefficients of log(1+f) = f - f^2/2 + s(f^2/2 + R(s^2)), s = f/(2+f),
// from the FreeBSD msun library's minimax fit (error below 2^-58.45).
const (
	lg1 = 6.666666666666735130e-01
	lg2 = 3.999999999940941908e-01
	lg3 = 2.857142874366239149e-01
	lg4 = 2.222219843214978396e-01
	lg5 = 1.818357216161805012e-01
	lg6 = 1.531383769920937332e-01
	lg7 = 1.479819860511658591e-01
)

// Log returns the natural logarithm of x. Special values are those of
// math.Log: NaN for x < 0, -Inf for 0.
func Log(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64: // NaN or +Inf
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	f1, k := frexpSqrtHalf(x)
	f := f1 - 1
	s := f / (2 + f)
	z := float64(s * s)
	w := float64(z * z)
	odd := float64(w * math.FMA(w, math.FMA(w, lg6, lg4), lg2))
	even := float64(z * math.FMA(w, math.FMA(w, math.FMA(w, lg7, lg5), lg3), lg1))
	half := float64(float64(0.5*f) * f)
	kf := float64(k)
	tail := math.FMA(s, half+(even+odd), float64(kf*ln2Lo))
	return float64(kf*ln2Hi) - ((half - tail) - f)
}

// frexpSqrtHalf returns f in [sqrt(1/2), sqrt(2)) and k with x = f * 2**k.
func frexpSqrtHalf(x float64) (float64, int) {
	k := 0
	if x < 0x1p-1022 {
		x *= 0x1p54
		k = -54
	}
	bits := math.Float64bits(x)
	k += int(bits>>52) - 1023
	f := math.Float64frombits(bits&(1<<52-1) | 1023<<52)
	if f >= math.Sqrt2 {
		f *= 0.5
		k++
	}
	return f, k
}
