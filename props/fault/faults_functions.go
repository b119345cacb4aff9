package fault

import (
	"fmt"
	"math"

	"causalgrad/props/theorylaws"
)

// functionFaults are mistakes in the elementary functions.
func functionFaults() []Fault {
	computing := func(id, description string, edit func(own theorylaws.Functions) theorylaws.Functions, expect ...string) Fault {
		return patch(id, description, func(v *variant) { v.functions = edit }, expect...)
	}
	return []Fault{
		computing("exp-single", "exp is rounded to single precision", func(own theorylaws.Functions) theorylaws.Functions {
			exp := own.Exp
			own.Exp = func(x float64) float64 { return float64(float32(exp(x))) }
			return own
		}, "exp-exact"),
		computing("exp-flushed", "exp flushes subnormal results to 0", func(own theorylaws.Functions) theorylaws.Functions {
			exp := own.Exp
			own.Exp = func(x float64) float64 {
				if y := exp(x); y >= 0x1p-1022 {
					return y
				}
				return 0
			}
			return own
		}, "exp-exact"),
		computing("exp-clamped", "exp clamps its argument at 700 against overflow", func(own theorylaws.Functions) theorylaws.Functions {
			exp := own.Exp
			own.Exp = func(x float64) float64 { return exp(math.Min(x, 700)) }
			return own
		}, "exp-limits"),
		computing("log-floored", "log takes 1e-300 for anything below it", func(own theorylaws.Functions) theorylaws.Functions {
			log := own.Log
			own.Log = func(x float64) float64 { return log(math.Max(x, 1e-300)) }
			return own
		}, "log-exact", "exp-limits"),
		computing("log-single", "log is that of its argument in single precision", func(own theorylaws.Functions) theorylaws.Functions {
			log := own.Log
			own.Log = func(x float64) float64 { return log(float64(float32(x))) }
			return own
		}, "log-exact"),
		computing("cospi-reduced", "cos(pi x) is the library's cosine of the rounded product", func(own theorylaws.Functions) theorylaws.Functions {
			own.CosPi = func(x float64) float64 { return math.Cos(math.Pi * x) }
			return own
		}, "cospi-exact"),
	}
}

// comparisonFaults are mistakes in the comparison of numbers.
func comparisonFaults() []Fault {
	comparing := func(id, description string, edit func(own theorylaws.Comparisons) theorylaws.Comparisons, expect ...string) Fault {
		return patch(id, description, func(v *variant) { v.comparisons = edit }, expect...)
	}
	within := func(decide func(got, want, rel, abs float64) bool) func(theorylaws.Comparisons) theorylaws.Comparisons {
		return func(own theorylaws.Comparisons) theorylaws.Comparisons {
			own.Within = func(got, want, rel, abs float64) error {
				if decide(got, want, rel, abs) {
					return nil
				}
				return fmt.Errorf("got %v, want %v", got, want)
			}
			return own
		}
	}
	return []Fault{
		comparing("compare-nan-passes", "a comparison asks whether the difference is above the tolerance, which a NaN is not",
			within(func(got, want, rel, abs float64) bool { return !(math.Abs(got-want) > abs+rel*math.Abs(want)) }), "compare-nan"),
		comparing("compare-strict", "a difference of exactly the tolerance does not compare",
			within(func(got, want, rel, abs float64) bool {
				return got == want && !math.IsNaN(rel+abs) || math.Abs(got-want) < abs+rel*math.Abs(want)
			}), "compare-definition"),
		comparing("compare-either-tolerance", "the larger tolerance is used instead of the sum of both",
			within(func(got, want, rel, abs float64) bool {
				return got == want && !math.IsNaN(rel+abs) || math.Abs(got-want) <= math.Max(abs, rel*math.Abs(want))
			}), "compare-definition"),
		comparing("compare-shorter", "lists are compared as far as the shorter one goes", func(own theorylaws.Comparisons) theorylaws.Comparisons {
			all := own.AllWithin
			own.AllWithin = func(got, want []float64, rel, abs float64) error {
				n := min(len(got), len(want))
				return all(got[:n], want[:n], rel, abs)
			}
			return own
		}, "compare-all"),
		comparing("relative-error-each", "the relative error divides each difference by its own wanted number", func(own theorylaws.Comparisons) theorylaws.Comparisons {
			whole := own.RelativeError
			own.RelativeError = func(got, want []float64) float64 {
				worst := 0.0
				for i := range got {
					worst = math.Max(worst, whole(got[i:i+1], want[i:i+1]))
				}
				return worst
			}
			return own
		}, "relative-error"),
	}
}
