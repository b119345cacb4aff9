package stat

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// call runs any function of the package and returns its result and error.
func call(f any, args ...any) (any, error) {
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		in[i] = reflect.ValueOf(a)
	}
	out := reflect.ValueOf(f).Call(in)
	err, _ := out[1].Interface().(error)
	return out[0].Interface(), err
}

func TestInvalidInputIsAnErrorThatNamesIt(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	good, none := []float64{1, 2, 4, 5}, []float64(nil)
	half := []float64{0.5, 0.5}
	for _, c := range []struct {
		f    any
		args []any
		want string
	}{
		{MeanInterval, []any{[]float64{1, nan}, 0.95}, "x[1] is NaN, expected a finite number"},
		{MeanInterval, []any{[]float64{inf, 1}, 0.95}, "x[0] is +Inf, expected"},
		{MeanInterval, []any{[]float64{1}, 0.95}, "x has 1 values, expected at least 2"},
		{MeanInterval, []any{good, 0.05}, "confidence is 0.05, expected a coverage in [0.5, 1)"},
		{MeanInterval, []any{good, 1.0}, "confidence is 1, expected"},
		{MeanInterval, []any{good, nan}, "confidence is NaN, expected"},
		{MeanInterval, []any{[]float64{1e308, -1e308, 1e308}, 0.95}, "leave the range of float64"},
		{MeanInterval, []any{[]float64{1e-200, 2e-200}, 0.95}, "variance of x underflows"},
		{Welch, []any{good, []float64{1}, 0.05}, "y has 1 values, expected at least 2"},
		{Welch, []any{good, []float64{1, inf}, 0.05}, "y[1] is +Inf"},
		{Welch, []any{good, good, 0.95}, "alpha is 0.95, expected an error rate in (0, 0.5)"},
		{Welch, []any{good, good, 0.0}, "alpha is 0, expected"},
		{Welch, []any{[]float64{0, 1e-150}, []float64{1e200, 1e200}, 0.05}, "t statistic or interval is -Inf"},
		{TOST, []any{good, 1.0, 0.0, 0.05}, "margin is 0, expected a finite number above 0"},
		{TOST, []any{good, 1.0, nan, 0.05}, "margin is NaN, expected"},
		{TOST, []any{good, 1.0, inf, 0.05}, "margin is +Inf, expected"},
		{TOST, []any{good, nan, 1.0, 0.05}, "value is NaN, expected"},
		{TOST, []any{[]float64{3, 3}, 1.0, 1.0, 0.05}, "x is 3 in all 2 values: all values are equal"},
		{RankOf, []any{nan, good, 0.05}, "value is NaN, expected"},
		{RankOf, []any{1.0, none, 0.05}, "ours has 0 values, expected at least 1"},
		{Holm, []any{none, 0.05}, "p has 0 values, expected at least 1"},
		{Holm, []any{[]float64{0.1, 1.1}, 0.05}, "p[1] is 1.1, expected a number in [0, 1]"},
		{Holm, []any{[]float64{nan}, 0.05}, "p[0] is NaN, expected"},
		{ZTest, []any{good, good[:3], good, 0.05}, "got has 4 values and want has 3, expected as many"},
		{ZTest, []any{good, good, good[:3], 0.05}, "stdErr has 3 values, expected 4"},
		{ZTest, []any{half, half, []float64{1, 0}, 0.05}, "stdErr[1] is 0, expected a finite number above 0"},
		{ZTest, []any{half, []float64{1, nan}, half, 0.05}, "want[1] is NaN"},
		{ZTest, []any{[]float64{1e300}, []float64{0}, []float64{1e-300}, 0.05}, "z-score of entry 0 is +Inf"},
		{ClopperPearson, []any{1, 0, 0.95}, "n is 0, expected at least 1"},
		{ClopperPearson, []any{5, 4, 0.95}, "k is 5, expected 0 to n = 4"},
		{ClopperPearson, []any{-1, 4, 0.95}, "k is -1, expected 0 to n = 4"},
		{BinomialTest, []any{1, 4, 1.5, 0.05}, "p is 1.5, expected a probability in [0, 1]"},
		{BinomialTest, []any{1, 2_000_000, 0.5, 0.05}, "n is 2000000, expected at most 1000000"},
		{FitLine, []any{good, good[:3], none, 0.95}, "x has 4 values and y has 3, expected as many"},
		{FitLine, []any{half, half, none, 0.95}, "x has 2 values, expected at least 3"},
		{FitLine, []any{half, good[:2], good[:2], 0.95}, "x is 0.5 in all 2 points, expected at least two values"},
		{FitLine, []any{[]float64{0, 1e-154, 2e-154}, []float64{0, 1e153, 0}, none, 0.95}, "slope, its interval or R2 is -Inf"},
		{FitRate, []any{[]float64{1e100, 1e101, 1e102}, []float64{1e20, 1e10, 1}, none}, "prefactor is +Inf"},
		{FitRate, []any{good, good, []float64{1, 1, 1, nan}}, "stdErr[3] is NaN, expected a finite number above 0"},
	} {
		result, err := call(c.f, c.args...)
		require.ErrorContains(t, err, c.want)
		require.NotContains(t, err.Error(), "\n")
		require.Equal(t, reflect.Zero(reflect.TypeOf(result)).Interface(), result, "beside the error %v", err)
	}
}

// Whatever finite or broken numbers go in: an error, or a result in which
// encoding/json, which refuses NaN and infinities, finds none. No panic.
func TestNoResultHoldsANaN(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(
			rapid.Float64Range(-10, 10), rapid.Float64(),
			rapid.SampledFrom([]float64{0, 1, 1, 0.5, -1, 1e-320, 1e308, -1e308, 1e155, 1e-155, 1 + 0x1p-52, math.NaN(), math.Inf(1)}))
		sample := func(name string) []float64 { return rapid.SliceOfN(value, 0, 6).Draw(t, name) }
		tame := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 1, 1, 2, -1e308, 1e308, 1e-300, 1e300}), 2, 6)
		x, y, s := sample("x"), sample("y"), sample("s")
		if rapid.Bool().Draw(t, "tame") {
			x, y, s = tame.Draw(t, "tame x"), tame.Draw(t, "tame y"), tame.Draw(t, "tame s")
		}
		n := min(len(x), len(y), len(s))
		one, margin := value.Draw(t, "value"), value.Draw(t, "margin")
		level := rapid.SampledFrom([]float64{1e-12, 0.01, 0.05, 0.499, 0.5, 0.95, 1 - 0x1p-53}).Draw(t, "level")
		k, m := rapid.IntRange(-1, 40).Draw(t, "k"), rapid.IntRange(0, 40).Draw(t, "m")
		for _, c := range []struct {
			f    any
			args []any
		}{
			{MeanInterval, []any{x, level}}, {Welch, []any{x, y, level}},
			{TOST, []any{x, one, margin, level}},
			{RankOf, []any{one, x, level}},
			{Holm, []any{x, level}}, {ZTest, []any{x[:n], y[:n], s[:n], level}},
			{ClopperPearson, []any{k, m, level}}, {BinomialTest, []any{k, m, one, level}},
			{FitLine, []any{x[:n], y[:n], s[:n], level}}, {FitLine, []any{x[:n], y[:n], []float64(nil), level}},
			{FitRate, []any{x[:n], y[:n], s[:n]}}, {FitRate, []any{x[:n], y[:n], []float64(nil)}},
		} {
			result, err := call(c.f, c.args...)
			if err == nil {
				_, err = json.Marshal(result)
				require.NoError(t, err, "%+v", result)
			}
		}
	})
}
