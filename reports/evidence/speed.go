package evidence

import (
	"fmt"
	"strconv"
	"strings"

	"causalgrad/golden/stat"
	"causalgrad/reports/table"
)

// officialStep is what a step of 1024 sequences of the official code takes, sampling
// included, in milliseconds: JAX 0.10 on a processor with two cores, measured
// once outside this project.
var officialStep = map[string]float64{"S=3,T=20,heads=1-1": 43, "S=10,T=20,heads=1-1": 204, "S=5,T=32,heads=2-1": 380}

// targetDense is how many times as fast as the plain model the gradient is to be, with
// vectors.
const targetDense = 60

// Step is what one training step of 1024 sequences takes, sampling included.
type Step struct {
	Configuration string
	Milliseconds  float64
	benchmark     string
}

// Steps are the training steps of a benchmark file.
func (b Benchmarks) Steps() []Step {
	var all []Step
	for _, name := range append(b.WithPrefix("Step/"), b.WithPrefix("ReducedStep/")...) {
		label, reduced := strings.CutPrefix(name, "ReducedStep/")
		if reduced {
			label = "reduced model, " + label
		}
		label = strings.TrimPrefix(label, "Step/")
		ms, _ := b.Median(name, "ms/step")
		all = append(all, Step{label, ms, name})
	}
	return all
}

// Answer says what the first training step of the file takes.
func (b Benchmarks) Answer() string {
	steps := b.Steps()
	if len(steps) == 0 {
		return "The file has no benchmark of a training step."
	}
	text := fmt.Sprintf("A training step of 1024 sequences takes %s ms (%s)", table.Number(steps[0].Milliseconds, 3), steps[0].Configuration)
	if times, ok := b.Median(steps[0].benchmark, "x_dense"); ok {
		text += fmt.Sprintf(", %s times as fast as plain gonum", table.Number(times, 3))
	}
	return text + "."
}

// StepTable shows the training steps of a benchmark file.
func (b Benchmarks) StepTable() table.Table {
	t := table.Table{ID: "speed-steps", Title: "Time of one training step of 1024 fresh sequences, sampling included", Columns: []table.Column{
		{Name: "configuration"}, {Name: "ms", Align: table.Right},
		{Name: "times plain gonum", Align: table.Right}, {Name: "allocations", Align: table.Right}}}
	for _, s := range b.Steps() {
		t.Add(table.Text(s.Configuration), table.Number(s.Milliseconds, 3), median(b, s.benchmark, "x_dense", 3), median(b, s.benchmark, "allocs/op", 2))
	}
	t.Note(b.Machine)
	for _, note := range b.Notes {
		t.Note(note)
	}
	t.Note("medians; plain gonum: the dense model in the same run, shared out to as many processors without loss and without sampling")
	return t
}

// PartTable shows the pieces of a step, on one core.
func (b Benchmarks) PartTable() table.Table {
	t := table.Table{ID: "speed-parts", Title: "Time of the pieces of a training step, on one core", Columns: []table.Column{
		{Name: "piece"}, {Name: "size"}, {Name: "time"}, {Name: "times plain gonum", Align: table.Right},
		{Name: "% of fused steps", Align: table.Right}, {Name: "verdict"}}}
	for _, p := range []struct{ prefix, piece, unit, per string }{
		{"Gradient/portable/", "loss and gradient, portable", "ns/sequence", " a sequence"},
		{"Gradient/avx2/", "loss and gradient, AVX2", "ns/sequence", " a sequence"},
		{"Gradient/avx512/", "loss and gradient, AVX-512", "ns/sequence", " a sequence"},
		{"Sample/", "sampling, eight streams at once", "ns/sequence", " a sequence"},
		{"SampleOne/", "sampling, one stream", "ns/sequence", " a sequence"},
		{"Exp/", "exp", "ns/exp", ""},
		{"Gradient/chain/", "exact gradient, chain", "ns/op", ""},
		{"Gradient/random/", "exact gradient, random forest", "ns/op", ""},
	} {
		for _, name := range b.WithPrefix(p.prefix) {
			v, ok := b.Median(name, p.unit)
			if !ok {
				continue
			}
			size := strings.TrimPrefix(name, p.prefix)
			verdict := table.Text("-")
			if dense, ok := b.Median(name, "x_dense"); ok && p.prefix != "Gradient/portable/" {
				verdict = passed(dense >= targetDense)
			}
			t.Add(table.Text(p.piece), table.Text(size), table.Text(nanoseconds(v)+p.per),
				median(b, name, "x_dense", 3), median(b, name, "pct_fma", 3), verdict)
		}
	}
	t.Note(fmt.Sprintf("target with vectors: %d times plain gonum", targetDense))
	t.Note("% of fused steps: useful operations a second as a share of a pure loop of fused steps of the variant's own vector width, in the same run on the same core; no target: the tiles of 4 x 4 and the sums in lanes of four, which fix the bits, leave the loops over triangles with more loads and stores than operations")
	return t
}

// nanoseconds is a time with four digits, in the unit that needs no exponent.
func nanoseconds(v float64) string {
	unit := "ns"
	for _, larger := range []string{"µs", "ms", "s"} {
		if v < 9999.5 { // below 1e4 with four digits
			break
		}
		v, unit = v/1000, larger
	}
	return strings.TrimSuffix(fmt.Sprintf("%#.4g", v), ".") + " " + unit
}

// ScalingTable fits how the time of a sequence's gradient grows with one size at a
// time: the exponent over the whole range and over its upper half.
func (b Benchmarks) ScalingTable() (table.Table, error) {
	t := table.Table{ID: "speed-scaling", Title: "Growth of the time of one sequence's gradient with its size", Columns: []table.Column{
		{Name: "size"}, {Name: "range"}, {Name: "ns, smallest", Align: table.Right}, {Name: "ns, largest", Align: table.Right},
		{Name: "exponent", Align: table.Decimal}, {Name: "exponent, upper half", Align: table.Right}}}
	for _, a := range []struct{ axis, name string }{{"T", "T (S = 3, heads 1,1)"}, {"S", "S (T = 20, heads 1,1)"},
		{"first", "first-layer heads (S = 3, T = 20)"}, {"second", "second-layer heads (S = 3, T = 20)"}} {
		var x, y []float64
		for _, name := range b.WithPrefix("Scale/" + a.axis + "=") {
			size, err := strconv.ParseFloat(strings.TrimPrefix(name, "Scale/"+a.axis+"="), 64)
			if err != nil {
				return t, fmt.Errorf("benchmark %q: %w", name, err)
			}
			if v, ok := b.Median(name, "ns/sequence"); ok {
				x, y = append(x, size), append(y, v)
			}
		}
		if len(x) < 4 {
			return t, fmt.Errorf("benchmark Scale/%s: %d sizes, want at least 4", a.axis, len(x))
		}
		whole, err := stat.FitRate(x, y, nil)
		if err != nil {
			return t, err
		}
		half := len(x)/2 - 1
		upper, err := stat.FitRate(x[half:], y[half:], nil)
		if err != nil {
			return t, err
		}
		t.Add(table.Text(a.name), table.Text(fmt.Sprintf("%g to %g", x[0], x[len(x)-1])), table.Number(y[0], 3), table.Number(y[len(y)-1], 3),
			table.Number(whole.Exponent, 3), table.Number(upper.Exponent, 3))
	}
	t.Note("least squares on logarithms; the sums over pairs of positions are quadratic in T, everything else is linear in T and at most quadratic in S and in the heads")
	return t, nil
}

// median is a cell of a metric, "-" where the file has none.
func median(b Benchmarks, name, unit string, digits int) table.Cell {
	if v, ok := b.Median(name, unit); ok {
		return table.Number(v, digits)
	}
	return table.Text("-")
}
