package table

// uncertain is v rounded where the second digit of its standard error stands, with those two digits in parentheses. See Measured.
func uncertain(v, stderr float64) numeral {
	switch {
	case !finite(v):
		return special(v)
	case stderr == 0:
		return withUncertainty(significant(v, 6), "0")
	case !finite(stderr):
		return withUncertainty(significant(v, 6), exactFloat(stderr))
	}
	exponent := leading(stderr, 2)
	place := exponent - 1 // of the last digit shown, in v and in stderr alike
	if n := units(v, place); n.Sign() != 0 {
		first := place + len(n.String()) - 1
		if first-place > maxDigits { // digits no float64 has, and stderr is below the 17th
			return withUncertainty(significant(v, maxDigits), "<1")
		}
		exponent = max(exponent, first)
	}
	if exponent >= minExponent && place <= 0 {
		exponent = 0
	}
	return withUncertainty(scientific(v, place, exponent), units(stderr, place).String())
}

func withUncertainty(n numeral, uncertainty string) numeral {
	n.uncertainty = uncertainty
	return n
}
