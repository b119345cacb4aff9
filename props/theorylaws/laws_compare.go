package theorylaws

import (
	"fmt"
	"math"
	"strconv"

	"causalgrad/props"
	"pgregory.net/rapid"
)

// comparisonLaws are about the one place where numbers are compared.
func comparisonLaws() []props.Law {
	needs := []props.Capability{CanCompare}
	return []props.Law{
		{ID: "compare-definition", Source: "theory/close", Needs: needs, Check: compareDefinition,
			Sentence: "Two numbers compare exactly when |got-want| <= abs + rel |want|, the boundary included."},
		{ID: "compare-nan", Source: "theory/close", Needs: needs, Check: compareNaN,
			Sentence: "A NaN, as a value or a tolerance, compares with nothing, and an infinity with itself alone."},
		{ID: "compare-all", Source: "theory/close", Needs: needs, Check: compareAll,
			Sentence: "Lists compare when they are as long and every entry does; the first that does not is named."},
		{ID: "relative-error", Source: "theory/close", Needs: needs, Check: relativeError,
			Sentence: "The relative error is the least tolerance, in units of the largest wanted number, with which the lists compare; a NaN shows."},
	}
}

func comparisonsOf(s props.Subject) Comparisons { return s.(Comparer).Comparisons() }

// eighth draws a multiple of 1/8: sums and products of a few are exact.
func eighth(t *rapid.T, least int, label string) float64 {
	return float64(rapid.IntRange(least, 16).Draw(t, label)) / 8
}

// compared reports whether the subject's comparison agrees.
func compared(t *rapid.T, c props.Case, call func() error) (error, bool) {
	verdict := props.Ask(t, c, "comparison", func() (error, error) { return call(), nil })
	if verdict != nil {
		props.OneLine(t, c, "comparison", verdict)
	}
	return verdict, verdict == nil
}

func compareDefinition(t *rapid.T, s props.Subject) {
	got, want := eighth(t, -16, "got"), eighth(t, -16, "want")
	rel, abs := eighth(t, 0, "rel"), eighth(t, 0, "abs")
	if rapid.Bool().Draw(t, "boundary") {
		got = want + abs + rel*math.Abs(want)
	}
	scale := math.Ldexp(1, rapid.IntRange(-1000, 900).Draw(t, "scale")) // exact: it may not matter
	c := props.Case{}.Where("got %v, want %v, rel %v, abs %v, times %v", got, want, rel, abs, scale)
	holds := math.Abs(got-want) <= abs+rel*math.Abs(want)
	_, agree := compared(t, c, func() error { return comparisonsOf(s).Within(got*scale, want*scale, rel, abs*scale) })
	props.Demand(t, c, agree == holds, "comparison", fmt.Sprint(holds), fmt.Sprint(agree))
}

func compareNaN(t *rapid.T, s props.Subject) {
	values := []float64{eighth(t, -16, "got"), eighth(t, -16, "want"), eighth(t, 0, "rel"), eighth(t, 0, "abs")}
	place := rapid.IntRange(0, 3).Draw(t, "place")
	values[place] = math.NaN()
	call := func() error { return comparisonsOf(s).Within(values[0], values[1], values[2], values[3]) }
	c := props.Case{}.Where("got %v, want %v, rel %v, abs %v", values[0], values[1], values[2], values[3])
	_, agree := compared(t, c, call)
	props.Demand(t, c, !agree, "comparison", "no agreement", "agreement")

	values = []float64{rapid.SampledFrom([]float64{math.Inf(1), math.Inf(-1), 1}).Draw(t, "got"),
		rapid.SampledFrom([]float64{math.Inf(1), math.Inf(-1)}).Draw(t, "want"), eighth(t, 0, "rel"), eighth(t, 0, "abs")}
	if rapid.Bool().Draw(t, "exchanged") {
		values[0], values[1] = values[1], values[0]
	}
	c = props.Case{}.Where("got %v, want %v, rel %v, abs %v", values[0], values[1], values[2], values[3])
	_, agree = compared(t, c, call)
	props.Demand(t, c, agree == (values[0] == values[1]), "comparison", fmt.Sprint(values[0] == values[1]), fmt.Sprint(agree))
}

func compareAll(t *rapid.T, s props.Subject) {
	n := rapid.IntRange(0, 5).Draw(t, "n")
	got, want := make([]float64, n), make([]float64, n)
	abs, first := eighth(t, 0, "abs"), -1
	for i := range got {
		got[i], want[i] = eighth(t, -16, "got"), eighth(t, -16, "want")
		if rapid.Bool().Draw(t, "equal") {
			got[i] = want[i]
		}
		if first < 0 && math.Abs(got[i]-want[i]) > abs {
			first = i
		}
	}
	c := props.Case{}.Where("got %v, want %v, abs %v", got, want, abs)
	verdict, agree := compared(t, c, func() error { return comparisonsOf(s).AllWithin(got, want, 0, abs) })
	props.Demand(t, c, agree == (first < 0), "comparison", fmt.Sprint(first < 0), fmt.Sprint(agree))
	if first >= 0 {
		props.OneLine(t, c, "comparison", verdict, fmt.Sprintf("entry %d:", first))
	}
	props.Refuses(t, c.Where("and one number more"), "comparison", func() (struct{}, error) {
		return struct{}{}, comparisonsOf(s).AllWithin(append(got[:n:n], 0), want, 0, 9)
	}, strconv.Itoa(n), strconv.Itoa(n+1))
}

func relativeError(t *rapid.T, s props.Subject) {
	n := rapid.IntRange(1, 5).Draw(t, "n")
	got, want := make([]float64, n), make([]float64, n)
	largest := 0.0
	for i := range got {
		got[i], want[i] = eighth(t, -16, "got"), eighth(t, -16, "want")
		largest = math.Max(largest, math.Abs(want[i]))
	}
	c := props.Case{}.Where("got %v, want %v", got, want)
	e := props.Ask(t, c, "relative error", func() (float64, error) { return comparisonsOf(s).RelativeError(got, want), nil })
	unit := largest
	if largest == 0 {
		unit = 1 // the numbers themselves
	}
	worst := 0.0
	for i := range got {
		miss := math.Abs(got[i]-want[i]) / unit
		props.AtMost(t, c, fmt.Sprintf("error of entry %d", i), miss, e, s.Roundoff()) // below 5: a quotient's rounding
		worst = math.Max(worst, miss)
	}
	props.Within(t, c, "relative error", e, worst, 4*s.Roundoff()*worst)
	got[rapid.IntRange(0, n-1).Draw(t, "place")] = math.NaN()
	e = props.Ask(t, c, "relative error", func() (float64, error) { return comparisonsOf(s).RelativeError(got, want), nil })
	props.Demand(t, c.Where("with a NaN"), math.IsNaN(e), "relative error", "NaN", fmt.Sprint(e))
}
