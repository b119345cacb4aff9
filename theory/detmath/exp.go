package detmath

import "math"

// Constants of the reduction x = k ln2 + r, |r| <= ln2/2. Ln2Hi has 20
// trailing zero bits, so that k*Ln2Hi is exact for every exponent k.
const (
	log2E    = 1.44269504088896338700e+00
	ln2Hi    = 6.93147180369123816490e-01
	ln2Lo    = 1.90821492927058770002e-10
	expMax   = 7.09782712893383973096e+02  // above: +Inf
	expMin   = -7.45133219101941108420e+02 // below: 0
	roundBig = 6755399441055744.0          // 1.5 * 2^52: adding it rounds to an integer
)

// Coefficients 1/n! of exp(r) = 1 + r + r^2 (c2 + c3 r + ... + c13 r^11). The
// first term left out, r^14/14!, is below 5e-18 for |r| <= ln2/2.
const (
	c2  = 1.0 / 2
	c3  = 1.0 / 6
	c4  = 1.0 / 24
	c5  = 1.0 / 120
	c6  = 1.0 / 720
	c7  = 1.0 / 5040
	c8  = 1.0 / 40320
	c9  = 1.0 / 362880
	c10 = 1.0 / 3628800
	c11 = 1.0 / 39916800
	c12 = 1.0 / 479001600
	c13 = 1.0 / 6227020800
)

// Exp returns e**x. Special values are those of math.Exp.
func Exp(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > expMax:
		return math.Inf(1)
	case x < expMin:
		return 0
	}
	kf := math.FMA(x, log2E, roundBig) - roundBig
	r := math.FMA(-kf, ln2Lo, math.FMA(-kf, ln2Hi, x))
	r2 := float64(r * r)
	// Even and odd halves run side by side: half the latency of one Horner chain.
	even := math.FMA(math.FMA(math.FMA(math.FMA(math.FMA(c12, r2, c10), r2, c8), r2, c6), r2, c4), r2, c2)
	odd := math.FMA(math.FMA(math.FMA(math.FMA(math.FMA(c13, r2, c11), r2, c9), r2, c7), r2, c5), r2, c3)
	y := 1 + math.FMA(r2, math.FMA(odd, r, even), r)
	// Two factors, so that the result is rounded once even when subnormal.
	k := int(kf)
	half := k >> 1
	return y * pow2(half) * pow2(k-half)
}

// pow2 returns 2**k for -1022 <= k <= 1023.
func pow2(k int) float64 { return math.Float64frombits(uint64(k+1023) << 52) }
