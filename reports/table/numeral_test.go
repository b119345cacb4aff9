package table

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		v      float64
		digits int
		want   string
	}{
		{0.65, 3, "0.650"},
		{0.65087, 4, "0.6509"},
		{-0.65087, 2, "-0.65"},
		{3.2e-17, 2, "3.2e-17"},
		{3e-17, 1, "3e-17"},
		{0.0001, 2, "0.00010"},
		{0.00009999, 2, "0.00010"}, // rounding carries it into the positional range
		{0.000099, 2, "9.9e-5"},
		{1234.5, 2, "1234"},     // digits before the point are not blanked; the tie goes to even
		{999999.5, 3, "1.00e6"}, // as is this one, out of it
		{1234567, 17, "1234567.0000000000"},
		{2.5e20, 3, "2.50e20"},
		{0, 3, "0"},
		{math.Copysign(0, -1), 3, "0"},
		{0.125, 2, "0.12"}, // an exact tie goes to even
		{1, -5, "1"},
		{0.1, 99, "0.10000000000000001"},
		{5e-324, 3, "4.94e-324"},
		{math.NaN(), 3, "NaN"},
		{math.Inf(1), 3, "+Inf"},
		{math.Inf(-1), 3, "-Inf"},
	} {
		require.Equal(t, c.want, Number(c.v, c.digits).String(), "Number(%v, %d)", c.v, c.digits)
	}
}

func TestFixed(t *testing.T) {
	for _, c := range []struct {
		v        float64
		decimals int
		want     string
	}{
		{0.98765, 3, "0.988"},
		{1, 3, "1.000"},
		{0, 3, "0.000"},
		{123456789.123, 1, "123456789.1"},
		{3.2e-17, 4, "3.2e-17"}, // would read 0.0000
		{0.0004, 3, "0.00040"},
		{1e15, 2, "1.0e15"},
		{-1, -3, "-1"},
		{math.NaN(), 3, "NaN"},
	} {
		require.Equal(t, c.want, Fixed(c.v, c.decimals).String(), "Fixed(%v, %d)", c.v, c.decimals)
	}
}

func TestMeasured(t *testing.T) {
	for _, c := range []struct {
		v, stderr float64
		want      string
	}{
		{0.65087, 0.0012, "0.6509(12)"},
		{0.65087, 0.000996, "0.6509(10)"}, // 0.000996 rounds up to 0.0010
		{123.44, 2.1, "123.4(21)"},
		{123.4, 12, "123(12)"},
		{4567, 123, "4.57(12)e3"},
		{12345678.9, 0.5, "12345678.90(50)"},
		{3.21e-17, 4e-19, "3.210(40)e-17"},
		{1e-20, 1e-17, "0.0(10)e-17"},
		{-0.0001, 5, "0.0(50)"},
		{9.9996, 0.012, "10.000(12)"},
		{2e-18, 1e-17, "0.2(10)e-17"}, // the larger of the two sets the power
		{1, 1e-16, "1.00000000000000000(10)"},
		{1, 1e-17, "1.0000000000000000(<1)"},
		{1, 1e-30, "1.0000000000000000(<1)"},
		{0, 0.02, "0.000(20)"},
		{0, 0, "0(0)"},
		{1.5, 0, "1.50000(0)"},
		{1.5, math.NaN(), "1.50000(NaN)"},
		{1e-7, math.Inf(1), "1.00000(+Inf)e-7"},
		{math.NaN(), 0.1, "NaN"},
		{math.Inf(-1), math.NaN(), "-Inf"},
	} {
		require.Equal(t, c.want, Measured(c.v, c.stderr).String(), "Measured(%v, %v)", c.v, c.stderr)
	}
}

func TestIntegerIsExact(t *testing.T) {
	require.Equal(t, "18446744073709551615", Integer(uint64(math.MaxUint64)).String())
	require.Equal(t, "-9223372036854775808", Integer(int64(math.MinInt64)).String())
	v, ok := Integer(4096).Value()
	require.True(t, ok)
	require.Equal(t, 4096.0, v)
}

// reading is what a reader gets from a number's text, exactly.
type reading struct {
	value, uncertainty *big.Rat // uncertainty nil if the text has none
	unit               *big.Rat // what a one in the last digit is worth
	digits             int      // digits shown, leading zeros not counted
}

var numberText = regexp.MustCompile(`^(-?)(\d+)(?:\.(\d+))?(?:\((<?\d+)\))?(?:e(-?\d+))?$`)

func read(t *rapid.T, text string) reading {
	m := numberText.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("%q does not read as a number", text)
	}
	place := -len(m[3])
	if m[5] != "" {
		exponent, err := strconv.Atoi(m[5])
		require.NoError(t, err)
		place += exponent
	}
	unit, ok := new(big.Rat).SetString("1e" + strconv.Itoa(place))
	require.True(t, ok)
	count := func(digits string) *big.Rat {
		n, ok := new(big.Rat).SetString(digits)
		require.True(t, ok, "%q", digits)
		return n.Mul(n, unit)
	}
	r := reading{value: count(m[1] + m[2] + m[3]), unit: unit, digits: len(strings.TrimLeft(m[2]+m[3], "0"))}
	if m[4] != "" && m[4] != "<1" {
		r.uncertainty = count(m[4])
	}
	return r
}

// near requires |shown - v| <= unit/2, in exact rational arithmetic: that is what correct rounding means, so there is no tolerance.
func near(t *rapid.T, shown *big.Rat, v float64, unit *big.Rat) {
	distance := new(big.Rat).SetFloat64(v)
	distance.Sub(distance, shown).Abs(distance)
	half := new(big.Rat).Quo(unit, big.NewRat(2, 1))
	if distance.Cmp(half) > 0 {
		t.Fatalf("shown value is %s off, more than half of the last digit, %s", distance.FloatString(30), half.FloatString(30))
	}
}

func TestNumberReadsBackWithinHalfOfTheLastDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, digits := anyFloat().Draw(t, "v"), rapid.IntRange(1, 17).Draw(t, "digits")
		r := read(t, Number(v, digits).String())
		near(t, r.value, v, r.unit)
		if v != 0 && r.digits < digits {
			t.Fatalf("%s shows %d digits, want at least %d", Number(v, digits), r.digits, digits)
		}
	})
}

// The oracle is strconv's correctly rounded 'e' format, which shares no code with units.
func TestNumberIsStrconvRounding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, digits := anyFloat().Draw(t, "v"), rapid.IntRange(6, 17).Draw(t, "digits") // from 6 on, all digits asked for are significant ones
		r := read(t, Number(v, digits).String())
		oracle, ok := new(big.Rat).SetString(strconv.FormatFloat(v, 'e', digits-1, 64))
		require.True(t, ok)
		if r.value.Cmp(oracle) != 0 {
			t.Fatalf("Number(%v, %d) = %s, strconv %s", v, digits, Number(v, digits), strconv.FormatFloat(v, 'e', digits-1, 64))
		}
	})
}

func TestFixedReadsBackWithinHalfOfTheLastDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, decimals := anyFloat().Draw(t, "v"), rapid.IntRange(0, 17).Draw(t, "decimals")
		r := read(t, Fixed(v, decimals).String())
		near(t, r.value, v, r.unit)
		if v != 0 && r.value.Sign() == 0 {
			t.Fatalf("Fixed(%v, %d) shows zero", v, decimals)
		}
	})
}

func TestMeasuredReadsBackWithinHalfOfTheLastDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := anyFloat().Draw(t, "v")
		stderr := math.Abs(anyFloat().Filter(func(x float64) bool { return x != 0 }).Draw(t, "stderr"))
		text := Measured(v, stderr).String()
		r := read(t, text)
		near(t, r.value, v, r.unit)
		if r.uncertainty == nil {
			require.Contains(t, text, "(<1)")
			require.Negative(t, new(big.Rat).SetFloat64(stderr).Cmp(r.unit), "%s: standard error %v is not below the last digit", text, stderr)
			return
		}
		near(t, r.uncertainty, stderr, r.unit)
		// Two digits of the standard error: between 10 and 99 units.
		units := new(big.Rat).Quo(r.uncertainty, r.unit)
		if units.Cmp(big.NewRat(10, 1)) < 0 || units.Cmp(big.NewRat(99, 1)) > 0 {
			t.Fatalf("%s: the standard error shows as %s units, want two digits", text, units.RatString())
		}
	})
}
