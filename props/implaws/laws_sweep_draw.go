package implaws

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/props"
	"pgregory.net/rapid"
)

// setting is a field of a spec with a value as JSON; alpha stands for a prior.
type setting struct{ field, value string }

// sweepAxis is one axis: each value sets one field or, under a name that is no
// field, several.
type sweepAxis struct {
	name   string
	values [][]setting
}

// sweepFile is a sweep file as a law draws it.
type sweepFile struct {
	base  []setting
	axes  []sweepAxis
	cells [][]setting
}

// sweepPool is what the axes take their values from; any combination is a run of
// a millisecond.
var sweepPool = []sweepAxis{
	{"seed", alternatives("seed", "1", "2", "3", "18446744073709551615")},
	{"graph", alternatives("graph", `"chain"`, `"random"`, `"random:uniform"`, `"parents:-1,0,0,1"`)},
	{"tokens", alternatives("tokens", "2", "3")},
	{"steps", alternatives("steps", "1", "2", "3")},
	{"alpha", alternatives("alpha", "0.1", "1", "3")},
	{"heads", alternatives("heads", "[1,1]", "[1]", "[2,1]")},
	{"shifted", alternatives("shifted", `[]`, `["dirichlet:1"]`, `["dirichlet:3","sticky:0.5,1"]`)},
	{"optimiser", [][]setting{{{"optimizer", `"sgd"`}, {"lr", "0.5"}}, {{"optimizer", `"adamw"`}, {"lr", "0.01"}, {"weight_decay", "0.0001"}}}},
}

func alternatives(field string, values ...string) [][]setting {
	all := make([][]setting, len(values))
	for i, v := range values {
		all[i] = []setting{{field, v}}
	}
	return all
}

// drawSweep draws at most most cells; values and cells may repeat.
func drawSweep(t *rapid.T, most int) sweepFile {
	f := sweepFile{base: []setting{{"steps", "2"}, {"batch", "8"}, {"test_sequences", "9"}, {"length", "5"}, {"tokens", "2"}, {"shifted", "[]"}}}
	size := 1
	for _, i := range rapid.Permutation(props.Identity(len(sweepPool))).Draw(t, "axes")[:rapid.IntRange(0, 3).Draw(t, "number of axes")] {
		n := rapid.IntRange(1, 3).Draw(t, "values")
		if size*n > most {
			continue
		}
		size *= n
		a := sweepAxis{name: sweepPool[i].name}
		for range n {
			a.values = append(a.values, rapid.SampledFrom(sweepPool[i].values).Draw(t, a.name))
		}
		f.axes = append(f.axes, a)
	}
	cells := rapid.IntRange(0, 2).Draw(t, "cells")
	if len(f.axes) == 0 {
		cells++
	}
	for range cells {
		f.cells = append(f.cells, rapid.SampledFrom(rapid.SampledFrom(sweepPool).Draw(t, "axis").values).Draw(t, "cell"))
	}
	return f
}

// object is settings as a JSON object.
func object(settings []setting) string {
	words := make([]string, len(settings))
	for i, s := range settings {
		words[i] = fmt.Sprintf("%q: %s", s.field, s.value)
	}
	return "{" + strings.Join(words, ", ") + "}"
}

// item is an axis' value as the file has it.
func (a sweepAxis) item(i int) string {
	if v := a.values[i]; v[0].field == a.name {
		return v[0].value
	}
	return object(a.values[i])
}

// parts are the file's three parts as JSON.
func (f sweepFile) parts() (base, grid, cells string) {
	axes := make([]string, len(f.axes))
	for k, a := range f.axes {
		items := make([]string, len(a.values))
		for i := range items {
			items[i] = a.item(i)
		}
		axes[k] = fmt.Sprintf("%q: [%s]", a.name, strings.Join(items, ", "))
	}
	list := make([]string, len(f.cells))
	for i, c := range f.cells {
		list[i] = object(c)
	}
	return object(f.base), "{" + strings.Join(axes, ", ") + "}", "[" + strings.Join(list, ", ") + "]"
}

// json and yaml are the file's text in both forms.
func (f sweepFile) json() string {
	base, grid, cells := f.parts()
	return fmt.Sprintf("{\n\t\"base\": %s,\n\t\"grid\": %s,\n\t\"cells\": %s}", base, grid, cells)
}

func (f sweepFile) yaml() string {
	base, grid, _ := f.parts()
	var list []string
	for i, c := range f.cells { // a cell that comes again is an alias
		item := fmt.Sprintf("&cell%d %s", i, object(c))
		for k := range i {
			if object(f.cells[k]) == object(c) {
				item = fmt.Sprintf("*cell%d", k)
				break
			}
		}
		list = append(list, item)
	}
	cells := "[" + strings.Join(list, ", ") + "]"
	return fmt.Sprintf("# a sweep\ncells: %s\nbase: %s\ngrid: %s\n", cells, base, grid)
}

func (f sweepFile) text() props.Case { return props.Case{}.Where("sweep file %s", f.json()) }

// apply sets fields of a spec.
func apply(t *rapid.T, s experiment.Spec, settings []setting) experiment.Spec {
	for _, x := range settings {
		if x.field == "alpha" {
			x = setting{"prior", `"dirichlet:` + x.value + `"`}
		}
		switch x.field { // JSON would write into the list that is there
		case "heads":
			s.Heads = nil
		case "shifted":
			s.Shifted = nil
		}
		if err := json.Unmarshal([]byte(object([]setting{x})), &s); err != nil {
			t.Fatalf("%v", err) // the pool is right
		}
	}
	return s
}

// expand is the cells by nested loops, the first axis the outermost, then the
// listed ones, without repetitions.
func (f sweepFile) expand(t *rapid.T) (specs []experiment.Spec, repeated int) {
	base := experiment.Default()
	base.ID = "sweep"
	base = apply(t, base, f.base)
	all := []experiment.Spec{base}
	for _, a := range f.axes {
		var next []experiment.Spec
		for _, s := range all {
			for _, v := range a.values {
				next = append(next, apply(t, s, v))
			}
		}
		all = next
	}
	if len(f.axes) == 0 {
		all = []experiment.Spec{base} // an empty product has one cell
	}
	for _, c := range f.cells {
		all = append(all, apply(t, base, c))
	}
	seen := map[string]bool{}
	for _, s := range all {
		if seen[jsonOf(s)] {
			repeated++
			continue
		}
		seen[jsonOf(s)] = true
		specs = append(specs, s)
	}
	return specs, repeated
}

// shuffled is the file with its axes in another order.
func (f sweepFile) shuffled(t *rapid.T) sweepFile {
	f.axes = rapid.Permutation(slices.Clone(f.axes)).Draw(t, "order of the axes")
	return f
}
