package table

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// numeral is a number's text in parts, so that each format can align it and write its exponent in its own way.
type numeral struct {
	mantissa    string // "-3.2", "NaN"
	uncertainty string // what stands in parentheses, "" if nothing
	exponent    string // the power of ten, "" if none
}

// String is the plain text: mantissa, (uncertainty), e and exponent.
func (n numeral) String() string {
	head, tail := n.split()
	return head + tail
}

// split cuts the plain text where decimal points are aligned: "0" and ".6509(12)".
func (n numeral) split() (head, tail string) {
	head, tail = n.mantissa, ""
	if point := strings.IndexByte(head, '.'); point >= 0 {
		head, tail = head[:point], head[point:]
	}
	tail += n.parenthesis()
	if n.exponent != "" {
		tail += "e" + n.exponent
	}
	return head, tail
}

func (n numeral) parenthesis() string {
	if n.uncertainty == "" {
		return ""
	}
	return "(" + n.uncertainty + ")"
}

// The widest numeral shown has every digit a float64 can mean; from 1e6 on, and below 1e-4, a power of ten reads better than zeros.
const (
	maxDigits   = 17
	maxExponent = 6
	minExponent = -4
)

// significant is v rounded to the given number of significant digits. See Number.
func significant(v float64, digits int) numeral {
	digits = min(max(digits, 1), maxDigits)
	if !finite(v) {
		return special(v)
	}
	if v == 0 {
		return numeral{mantissa: "0"}
	}
	exponent := leading(v, digits)
	place := exponent - digits + 1
	if exponent < minExponent || exponent >= maxExponent && place > 0 {
		return scientific(v, place, exponent)
	}
	return scientific(v, min(place, 0), 0)
}

// fixed is v rounded to the given number of decimals. See Fixed.
func fixed(v float64, decimals int) numeral {
	decimals = min(max(decimals, 0), maxDigits)
	if !finite(v) {
		return special(v)
	}
	vanishes := v != 0 && units(v, -decimals).Sign() == 0
	if vanishes || math.Abs(v) >= 1e15 {
		return significant(v, 2)
	}
	return scientific(v, -decimals, 0)
}

func special(v float64) numeral { return numeral{mantissa: exactFloat(v)} }

// scientific is v rounded at 10^place and written as a multiple of 10^exponent (place <= exponent); exponent 0 is positional.
func scientific(v float64, place, exponent int) numeral {
	n := units(v, place)
	digits, decimals := n.String(), exponent-place
	if missing := decimals + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	mantissa := digits[:len(digits)-decimals]
	if decimals > 0 {
		mantissa += "." + digits[len(digits)-decimals:]
	}
	if v < 0 && n.Sign() != 0 { // no "-0.0": the sign of what rounds to nothing is not shown
		mantissa = "-" + mantissa
	}
	if exponent == 0 {
		return numeral{mantissa: mantissa}
	}
	return numeral{mantissa: mantissa, exponent: strconv.Itoa(exponent)}
}

// leading is the power of ten of v's first digit once v is rounded to the given number of digits. v is finite and not 0.
func leading(v float64, digits int) int {
	text := strconv.FormatFloat(v, 'e', digits-1, 64)
	exponent, _ := strconv.Atoi(text[strings.IndexByte(text, 'e')+1:]) // FormatFloat wrote it
	return exponent
}

// units is |v| / 10^place rounded to an integer, exactly: v is taken as the rational it is, and ties go to even as in strconv.
func units(v float64, place int) *big.Int {
	ratio := new(big.Rat).SetFloat64(v)
	ratio.Abs(ratio)
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(place, -place))), nil)
	scale := new(big.Rat).SetInt(power)
	if place > 0 {
		scale.Inv(scale)
	}
	ratio.Mul(ratio, scale)
	quotient, remainder := new(big.Int).QuoRem(ratio.Num(), ratio.Denom(), new(big.Int))
	switch remainder.Lsh(remainder, 1).Cmp(ratio.Denom()) {
	case 1:
		quotient.Add(quotient, big.NewInt(1))
	case 0:
		quotient.Add(quotient, big.NewInt(int64(quotient.Bit(0))))
	}
	return quotient
}
