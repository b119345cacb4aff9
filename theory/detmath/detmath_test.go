package detmath

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// The judge computes with 200 bits: 147 more than a float64, so its own error
// cannot move a result by a visible fraction of a unit in the last place.
const judgeBits = 200

func bigFloat(x float64) *big.Float { return new(big.Float).SetPrec(judgeBits).SetFloat64(x) }

// bigExp sums the Taylor series of x/2^40 and squares 40 times.
func bigExp(x float64) *big.Float {
	y := bigFloat(x)
	y.SetMantExp(y, -40)
	sum, term := bigFloat(1), bigFloat(1)
	for n := 1; n < 30; n++ {
		term.Mul(term, y)
		term.Quo(term, bigFloat(float64(n)))
		sum.Add(sum, term)
	}
	for range 40 {
		sum.Mul(sum, sum)
	}
	return sum
}

// bigLog sums 2 artanh((m-1)/(m+1)) for the mantissa and adds the exponent.
func bigLog(x float64) *big.Float {
	m, e := math.Frexp(x)
	log := artanh2(bigFloat(m))
	return log.Add(log, new(big.Float).SetPrec(judgeBits).Mul(ln2, bigFloat(float64(e))))
}

var ln2 = artanh2(bigFloat(2))

// artanh2 is log m, 1/2 <= m <= 2: the odd powers of |s| <= 1/3 up to the 131st.
func artanh2(m *big.Float) *big.Float {
	num := new(big.Float).SetPrec(judgeBits).Sub(m, bigFloat(1))
	den := new(big.Float).SetPrec(judgeBits).Add(m, bigFloat(1))
	s := num.Quo(num, den)
	sq := new(big.Float).SetPrec(judgeBits).Mul(s, s)
	sum, pow := bigFloat(0), s
	for n := 1; n < 132; n += 2 {
		sum.Add(sum, new(big.Float).SetPrec(judgeBits).Quo(pow, bigFloat(float64(n))))
		pow = new(big.Float).SetPrec(judgeBits).Mul(pow, sq)
	}
	return sum.Mul(sum, bigFloat(2))
}

// ulps is |got-want| in units in the last place of the rounded want.
func ulps(got float64, want *big.Float) float64 {
	w, _ := want.Float64()
	ulp := math.Nextafter(math.Abs(w), math.Inf(1)) - math.Abs(w)
	d := new(big.Float).SetPrec(judgeBits).Sub(bigFloat(got), want)
	units, _ := d.Quo(d, bigFloat(ulp)).Float64()
	return math.Abs(units)
}

func TestExpWithinOneUlp(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	worst := 0.0
	check := func(x float64) {
		u := ulps(Exp(x), bigExp(x))
		worst = math.Max(worst, u)
		require.LessOrEqual(t, u, 1.0, "Exp(%v)", x)
	}
	for _, x := range []float64{0, 1, -1, 0.5, 700, -700, 709.7, -708.4, -745, -720, math.Ln2 / 2, -math.Ln2 / 2, 1e-300, 5e-17} {
		check(x)
	}
	for range 500 {
		check((r.Float64() - 0.5) * 2 * 700)
		check((r.Float64() - 0.5) * 2)
		check(-745 + 37*r.Float64()) // subnormal results
	}
	t.Logf("largest error of Exp: %.4f ulp", worst)
}

func TestLogWithinOneUlp(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	worst := 0.0
	check := func(x float64) {
		u := ulps(Log(x), bigLog(x))
		worst = math.Max(worst, u)
		require.LessOrEqual(t, u, 1.0, "Log(%v)", x)
	}
	for _, x := range []float64{2, 0.5, math.E, math.Sqrt2, math.Sqrt2 / 2, 5e-324, 1e-310, math.MaxFloat64, 1 + 1e-15, 1 - 1e-16} {
		check(x)
	}
	for range 500 {
		check(math.Float64frombits(r.Uint64() >> 1 % (0x7FF << 52))) // every positive exponent
		check(r.Float64())
		check(0.7 + 0.7*r.Float64())
		check(max(0x1p-1022*r.Float64(), 0x1p-1074)) // subnormal
	}
	t.Logf("largest error of Log: %.4f ulp", worst)
}

// bigCosPi sums the series of cos in (pi x)^2 < 10: the 40th term is below 2^-250.
func bigCosPi(x float64) *big.Float {
	const digits = "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798"
	pi, _ := new(big.Float).SetPrec(judgeBits).SetString(digits)
	square := pi.Mul(pi, bigFloat(x))
	square.Mul(square, square)
	sum, term := bigFloat(1), bigFloat(1)
	for n := 1; n < 40; n++ {
		term.Mul(term, square)
		term.Quo(term, bigFloat(-float64((2*n-1)*2*n)))
		sum.Add(sum, term)
	}
	return sum
}

func TestCosPiWithinTwoUlps(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	worst := 0.0
	check := func(x float64) {
		u := ulps(CosPi(x), bigCosPi(x))
		worst = math.Max(worst, u)
		require.LessOrEqual(t, u, 2.0, "CosPi(%v)", x)
		if x >= 0.5 { // where 1-x is exact
			require.Equal(t, -CosPi(1-x), CosPi(x), "CosPi(%v) and that of 1-x", x)
		}
	}
	for i := range 301 {
		if i != 150 {
			check(float64(i) / 300)
		}
		check(r.Float64())
		check(0.5 + 0x1p-20*(r.Float64()-0.5)) // beside its zero
	}
	t.Logf("largest error of CosPi: %.4f ulp", worst)
	require.Equal(t, 1.0, CosPi(0))
	require.Equal(t, math.Sqrt2/2, CosPi(0.25)) // the cosine's branch, the sine's is one unit off
	require.Equal(t, 0.0, CosPi(0.5))
	require.Equal(t, -1.0, CosPi(1))
}

// TestBitsAreFixed pins what every golden depends on: the bits of 30000 values of
// each function, hashed, the same on every processor. How good they are is for
// the other tests to say.
func TestBitsAreFixed(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func(float64) float64
		from float64
		to   float64
		want uint64
	}{
		{"Exp", Exp, -746, 710, 0x718874085c9f7cf2},
		{"Exp near 0", Exp, -1, 1, 0x449c5bf440c47f68},
		{"Log", Log, 0, 1e6, 0x66f5e56a6dee90c9},
		{"Log near 1", Log, 0.5, 1.5, 0xfb2ead769fc406b6},
		{"CosPi", CosPi, 0, 1, 0x6026bb206b83e31},
	} {
		r, h := rand.New(rand.NewPCG(4, 4)), fnv.New64a()
		for range 30000 {
			x := c.from + float64((c.to-c.from)*r.Float64())
			_ = binary.Write(h, binary.LittleEndian, math.Float64bits(c.f(x))) // a hash never fails
		}
		require.Equal(t, c.want, h.Sum64(), c.name)
	}
}

// The mantissa's interval is half open: both ends come out as sqrt(1/2).
func TestFrexpSqrtHalf(t *testing.T) {
	for x, want := range map[float64]struct {
		f float64
		k int
	}{
		1:                             {1, 0},
		math.Sqrt2:                    {math.Sqrt2 / 2, 1},
		math.Sqrt2 / 2:                {math.Sqrt2 / 2, 0},
		math.Nextafter(math.Sqrt2, 1): {math.Nextafter(math.Sqrt2, 1), 0},
		0x1p-1022:                     {1, -1022},
		0x1p-1074:                     {1, -1074},
		3 * 0x1p-1074:                 {0.75, -1072},
		math.MaxFloat64:               {1 - 0x1p-53, 1024},
	} {
		f, k := frexpSqrtHalf(x)
		require.Equal(t, want.f, f, "%v", x)
		require.Equal(t, want.k, k, "%v", x)
	}
}

func TestSpecialValues(t *testing.T) {
	require.True(t, math.IsNaN(Exp(math.NaN())), "Exp(NaN) is NaN")
	require.Equal(t, math.Inf(1), Exp(math.Inf(1)))
	require.Equal(t, 0.0, Exp(math.Inf(-1)))
	require.Equal(t, math.Inf(1), Exp(710))
	require.Equal(t, 0.0, Exp(-746))
	require.LessOrEqual(t, Exp(expMax), math.MaxFloat64) // the last finite value
	require.Equal(t, 0x1p-1074, Exp(expMin))             // the last above 0
	require.Equal(t, 1.0, Exp(0))
	require.True(t, math.IsNaN(Log(math.NaN())), "Log(NaN) is NaN")
	require.True(t, math.IsNaN(Log(-1)), "Log(-1) is NaN")
	require.Equal(t, math.Inf(-1), Log(0))
	require.Equal(t, math.Inf(1), Log(math.Inf(1)))
	require.Equal(t, 0.0, Log(1))
	require.Equal(t, Log(math.MaxFloat64), math.Log(math.MaxFloat64))
}

func BenchmarkExp(b *testing.B) {
	s := 0.0
	for i := range b.N {
		s += Exp(float64(i&1023) * -0.01)
	}
	sink = s
}

func BenchmarkLog(b *testing.B) {
	s := 0.0
	for i := range b.N {
		s += Log(float64(i&1023) + 0.5)
	}
	sink = s
}

var sink float64
