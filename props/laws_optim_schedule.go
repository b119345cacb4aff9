package props

import (
	"fmt"
	"slices"

	"causalgrad/impl/optim"
	"pgregory.net/rapid"
)

// scheduleLaws: the learning rates, read off gradient descent.
func scheduleLaws() []Law {
	needs := []Capability{CanOptimize}
	return []Law{
		{ID: "constant-rate", Source: section("7"), Needs: needs, Check: constantRate,
			Sentence: "A constant schedule gives the same rate at every step."},
		{ID: "cosine-ends", Source: section("7"), Needs: needs, Check: cosineEnds,
			Sentence: "A cosine schedule of N steps starts at the full rate, at step 0, and is 0 from step N on."},
		{ID: "cosine-formula", Source: section("7"), Needs: needs, Check: cosineFormula,
			Sentence: "The rate at step k of N is (1 + cos(pi k/N))/2 of the full one."},
		{ID: "cosine-symmetry", Source: section("7"), Needs: needs, Check: cosineSymmetry,
			Sentence: "The rates at steps k and N - k add up to the full one, and the rates fall from step to step."},
		{ID: "adamw-schedule", Source: section("7"), Needs: needs, Check: adamwSchedule,
			Sentence: "AdamW uses the rates that gradient descent uses."},
	}
}

// rates asks for the first n rates: from 0 along the k-th unit vector at step
// k, parameter k ends at minus its rate, without rounding.
func rates(t *rapid.T, s Subject, o optim.Spec, n int) ([]float64, question) {
	x := path{t: t, s: s, spec: o, params: make([]float64, n)}
	for k := range n {
		unit := make([]float64, n)
		unit[k] = 1
		x.gradients = append(x.gradients, unit)
	}
	c := question{}.With("--optimizer %s --schedule %s --lr %v --steps %d", o.Kind, o.Schedule, o.LR, o.Steps)
	last := askOptimize(t, s, c, o, x.params, x.gradients)[n-1]
	all := make([]float64, n)
	for k, v := range last {
		all[k] = 0 - v
	}
	return all, c
}

func drawSchedule(t *rapid.T, kind string) optim.Spec {
	return optim.Spec{Kind: "sgd", Schedule: kind,
		LR:    rapid.SampledFrom([]float64{1, 0.25, 0x1p-7, 3}).Draw(t, "rate"),
		Steps: rapid.IntRange(1, 40).Draw(t, "steps")}
}

func constantRate(t *rapid.T, s Subject) {
	o := drawSchedule(t, "constant")
	n := rapid.IntRange(1, 20).Draw(t, "taken")
	got, c := rates(t, s, o, n)
	equal(t, c, "rates", got, slices.Repeat([]float64{o.LR}, n))
}

func cosineEnds(t *rapid.T, s Subject) {
	o := drawSchedule(t, "cosine")
	got, c := rates(t, s, o, o.Steps+2)
	equal(t, c, "rates at both ends", []float64{got[0], got[o.Steps], got[o.Steps+1]}, []float64{o.LR, 0, 0})
}

// cosineFormula: k/N, its product with pi (enlarged by sin, at most pi/2), a
// cosine of 2 units in the last place and three operations.
func cosineFormula(t *rapid.T, s Subject) {
	o := drawSchedule(t, "cosine")
	got, c := rates(t, s, o, o.Steps)
	for k, rate := range got {
		within(t, c, fmt.Sprintf("rate at step %d", k), rate, rateAt(o, k), 8*s.Roundoff()*o.LR)
	}
}

// cosineSymmetry: neighbouring rates differ by at least 1 - cos(pi/80), far
// above rounding.
func cosineSymmetry(t *rapid.T, s Subject) {
	o := drawSchedule(t, "cosine")
	got, c := rates(t, s, o, o.Steps+1)
	for k := range got {
		within(t, c, fmt.Sprintf("rates at steps %d and %d", k, o.Steps-k), got[k]+got[o.Steps-k], o.LR, 16*s.Roundoff()*o.LR)
		if k > 0 {
			demand(t, c, got[k] < got[k-1], fmt.Sprintf("rate at step %d", k), fmt.Sprintf("below %v", got[k-1]), fmt.Sprint(got[k]))
		}
	}
}

// adamwSchedule: a parameter whose gradients are constant moves by rate
// times one number every step.
func adamwSchedule(t *rapid.T, s Subject) {
	o := drawSchedule(t, "cosine")
	n := min(o.Steps, 8)
	want, c := rates(t, s, o, n)
	o.Kind = "adamw"
	x := path{t: t, s: s, spec: o, params: []float64{0}}
	for range n {
		x.gradients = append(x.gradients, []float64{1})
	}
	before, total := 0.0, 0.0
	for k, p := range x.run() {
		total += o.LR * (adamSlack(k, s.Roundoff()) + 32*s.Roundoff())
		within(t, c, fmt.Sprintf("AdamW's step %d", k), before-p[0], want[k]/(1+adamEps), total)
		before = p[0]
	}
}
