package gen

import (
	"slices"

	"causalgrad/theory/stream"
	"pgregory.net/rapid"
)

// Params is a parameter vector and the class it was drawn from.
type Params struct {
	Values []float64
	Class  string
}

// Scales of dense parameters: from almost none to softmaxes that are one-hot
// to the last bit (scores differ by hundreds).
var scales = []struct {
	name  string
	scale float64
}{
	{"tiny", 1e-6}, {"small", 0.1}, {"moderate", 1}, {"large", 8}, {"saturating", 300},
}

// ParamClasses lists the classes of Parameters.
func ParamClasses() []string {
	names := []string{"zero", "sparse"}
	for _, s := range scales {
		names = append(names, s.name)
	}
	return names
}

// Parameters draws a vector of n numbers: all zero, a few integers, or
// multiples of scale/8 in [-scale, scale] at each of the scales. It shrinks
// towards few and small entries.
func Parameters(n int) *rapid.Generator[Params] {
	return rapid.Custom(func(t *rapid.T) Params {
		return parameters(t, n, rapid.IntRange(0, len(ParamClasses())-1).Draw(t, "parameters"))
	})
}

// ParametersOf draws vectors of one class, a name of ParamClasses.
func ParametersOf(name string, n int) *rapid.Generator[Params] {
	class := slices.Index(ParamClasses(), name)
	if class < 0 {
		panic("gen: no class of parameters is called " + name)
	}
	return rapid.Custom(func(t *rapid.T) Params { return parameters(t, n, class) })
}

func parameters(t *rapid.T, n, class int) Params {
	p := Params{Values: make([]float64, n), Class: ParamClasses()[class]}
	if class == 0 {
		return p
	}
	// Drawn for the dense classes too, which overwrite them: a failure that
	// does not need many entries finds a few when it shrinks.
	for range rapid.IntRange(1, 4).Draw(t, "entries") {
		at := rapid.IntRange(0, n-1).Draw(t, "index")
		p.Values[at] = float64(rapid.IntRange(-3, 3).Draw(t, "value"))
	}
	if class > 1 {
		p.fill(scales[class-2].scale, rapid.Uint64().Draw(t, "parameter seed"))
	}
	return p
}

// Moderate draws vectors whose softmaxes stay away from 0 and 1, for laws that
// differentiate: entries are multiples of scale/8 in [-scale, scale].
func Moderate(n int, scale float64) *rapid.Generator[Params] {
	return rapid.Custom(func(t *rapid.T) Params {
		p := Params{Values: make([]float64, n), Class: "moderate"}
		p.fill(scale, rapid.Uint64().Draw(t, "parameter seed"))
		return p
	})
}

// fill writes 8 steps either way of 0; seed 0 gives the same numbers always.
func (p Params) fill(scale float64, seed uint64) {
	s := stream.New(stream.Key{Seed: seed, Purpose: stream.Law})
	for i := range p.Values {
		p.Values[i] = scale * float64(s.IntN(17)-8) / 8
	}
}
