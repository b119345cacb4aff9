package evidence

import (
	"fmt"
	"slices"

	"causalgrad/reports/table"
	"causalgrad/reports/words"

	"golang.org/x/perf/benchmath"
)

// Change is a benchmark's time in two files, as benchstat compares them: medians,
// and the p-value of Mann and Whitney's test that both come from one distribution.
type Change struct {
	Name        string
	Before, Now float64 // nanoseconds
	P           float64
}

// above reports whether the times differ by more than the noise.
func (c Change) above() bool { return c.P < benchmath.DefaultThresholds.CompareAlpha }

// Slower reports whether it takes longer now, by more than the noise.
func (c Change) Slower() bool { return c.above() && c.Now > c.Before }

// Changes compares the benchmarks that both files have. The warning, if any, is why
// some could not have been told apart.
func (b Benchmarks) Changes(before Benchmarks) (changes []Change, warning string) {
	const unit = "ns/op"
	sample := func(b Benchmarks, name string) *benchmath.Sample {
		return benchmath.NewSample(slices.Clone(b.values[name+"|"+unit]), &benchmath.DefaultThresholds)
	}
	for _, name := range b.names {
		was, known := before.Median(name, unit)
		now, measured := b.Median(name, unit)
		if !known || !measured {
			continue
		}
		test := benchmath.AssumeNothing.Compare(sample(before, name), sample(b, name))
		for _, w := range test.Warnings {
			warning = w.Error()
		}
		changes = append(changes, Change{name, was, now, test.P})
	}
	return changes, warning
}

// ChangeAnswer says how many benchmarks are slower and faster than before.
func (b Benchmarks) ChangeAnswer(before Benchmarks) string {
	if before.Machine != b.Machine {
		return "It is not compared with the run before, which was on another machine."
	}
	changes, _ := b.Changes(before)
	slower, faster := 0, 0
	for _, c := range changes {
		switch {
		case c.Slower():
			slower++
		case c.above():
			faster++
		}
	}
	return fmt.Sprintf("Of %s %d are slower than before and %d faster, above the noise.", words.Counted(len(changes), "benchmark"), slower, faster)
}

// ChangeTable shows the benchmarks whose times differ from those of before by more
// than the noise, the regressions first. Times of different machines are not
// compared: a note says so.
func (b Benchmarks) ChangeTable(before Benchmarks) table.Table {
	t := table.Table{ID: "speed-changes", Title: "Differences from the run before, above the noise", Columns: []table.Column{
		{Name: "benchmark"}, {Name: "before", Unit: "ns", Align: table.Right}, {Name: "now", Unit: "ns", Align: table.Right},
		{Name: "change", Unit: "%", Align: table.Right}, {Name: "p", Align: table.Right}, {Name: "verdict"}}}
	if before.Machine != b.Machine {
		t.Note(fmt.Sprintf("not compared: measured on %s, and before on %s", machineOf(b), machineOf(before)))
		return t
	}
	changes, warning := b.Changes(before)
	regressions := 0
	for _, slower := range []bool{true, false} {
		for _, c := range changes {
			if !c.above() || c.Slower() != slower {
				continue
			}
			verdict := table.Text("faster")
			if slower {
				verdict = table.Text("slower")
				regressions++
			}
			t.Add(table.Text(c.Name), table.Number(c.Before, 4), table.Number(c.Now, 4), table.Number(100*(c.Now/c.Before-1), 2), table.Number(c.P, 2), verdict)
		}
	}
	alpha := benchmath.DefaultThresholds.CompareAlpha
	t.Note(fmt.Sprintf("%d of %d benchmarks are slower and %d are faster (medians; Mann and Whitney's test, p < %g, as benchstat; by chance alone %.1f would differ)",
		regressions, len(changes), len(t.Rows)-regressions, alpha, alpha*float64(len(changes))))
	if warning != "" {
		t.Note("some could not have been told apart: " + warning)
	}
	return t
}

// machineOf names a file's machine.
func machineOf(b Benchmarks) string {
	if b.Machine == "" {
		return "a machine that its file does not name"
	}
	return b.Machine
}
