package evidence

import (
	"fmt"
	"slices"
	"strings"

	"causalgrad/golden/runs"
	"causalgrad/impl/fingerprint"
	"causalgrad/reports/table"
	"causalgrad/reports/words"
	"causalgrad/theory/verdict"
)

// determinismWorkers are what HereBits computes with: one, few, an odd number, and
// more than most machines have processors.
var determinismWorkers = []int{1, 2, 3, 8}

// HereBits computes the fingerprint in this process with several numbers of
// workers on each kernel variant. Nothing else may train beside it.
func HereBits(machine string) (runs.Build, error) {
	golden, err := runs.Fingerprint()
	if err != nil {
		return runs.Build{}, err
	}
	d := fingerprint.Document{Schema: fingerprint.Schema, Machine: machine, Build: fingerprint.ThisBuild()}
	for _, kernel := range fingerprint.Kernels() {
		for _, workers := range determinismWorkers {
			run, err := fingerprint.Compute(workers, kernel)
			if err != nil {
				return runs.Build{}, err
			}
			d.Runs = append(d.Runs, run)
		}
	}
	return runs.NewBuild(golden, d), nil
}

// Determinism is the matrix workers x kernel x build of fingerprints, beside the
// golden one.
type Determinism struct {
	Golden []fingerprint.Entry
	Builds []runs.Build
}

// Bits counts the runs of a determinism matrix by what their bits are.
type Bits struct {
	Equal  int // the golden ones
	Differ int
	Stale  int // compared with golden digests that are no longer the golden ones
}

// Bits compares the builds with the golden entries.
func (d Determinism) Bits() Bits {
	var c Bits
	total := fingerprint.Total(d.Golden)
	for _, b := range d.Builds {
		for _, r := range b.Runs {
			switch bitsOf(total, b, r) {
			case verdict.Pass:
				c.Equal++
			case verdict.Undecided:
				c.Stale++
			default:
				c.Differ++
			}
		}
	}
	return c
}

// bitsOf is pass for the golden bits, and undecided for others that were right
// when they were recorded.
func bitsOf(total string, b runs.Build, r runs.BuildRun) verdict.Verdict {
	switch {
	case r.Total == total:
		return verdict.Pass
	case b.Golden != total && r.Total == b.Golden:
		return verdict.Undecided
	}
	return verdict.Fail
}

// Holds tells whether there are builds and none has other bits than the golden
// ones.
func (d Determinism) Holds() bool { return len(d.Builds) > 0 && d.Bits().Differ == 0 }

// Answer says whether all runs have the golden bits, and which parts have not.
func (d Determinism) Answer() string {
	bits := d.Bits()
	var parts []string
	for _, b := range d.Builds {
		for _, r := range b.Runs {
			parts = append(parts, r.Differ...)
		}
	}
	slices.Sort(parts)
	text := fmt.Sprintf("Runs (number of workers, kernel, build) with the golden bits: %d of %d", bits.Equal, bits.Equal+bits.Differ+bits.Stale)
	if bits.Differ > 0 {
		text += fmt.Sprintf("; %d differ, in %s", bits.Differ, words.Few(slices.Compact(parts)))
	}
	if bits.Stale > 0 {
		text += fmt.Sprintf("; %d were compared with those of another version", bits.Stale)
	}
	return text + "."
}

// Table is the matrix; the parts that differ are named in a note, and so is each
// build's machine.
func (d Determinism) Table() table.Table {
	workers, total := workerCounts(d.Builds), fingerprint.Total(d.Golden)
	t := table.Table{ID: "determinism", Title: "Bits of every build and kernel (rows) by number of workers (columns): the golden ones?", Columns: []table.Column{
		{Name: "system"}, {Name: "level"}, {Name: "asm"}, {Name: "race"}, {Name: "Go"}, {Name: "kernel"}}}
	for _, w := range workers {
		t.Columns = append(t.Columns, table.Column{Name: fmt.Sprint(w)})
	}
	t.Columns = append(t.Columns, table.Column{Name: "verdict"})
	t.Note(fmt.Sprintf("=: the golden bits, SHA-256 %.8s of the digests of %d parts: elementary functions, variates, samplers, exact gradients, every preset trained and measured, Algorithm 1; -: not run",
		total, len(d.Golden)))
	for _, b := range d.Builds {
		system := table.Text(b.Build.System)
		if b.Machine != "" {
			system = system.WithNote(t.Note(b.Machine))
		}
		for _, kernel := range kernelsOf(b) {
			row := []table.Cell{system, table.Text(b.Build.Level), table.Text(yes(b.Build.Assembly)), table.Text(yes(b.Build.Race)), table.Text(b.Build.Go), table.Text(kernel)}
			whole := verdict.Pass
			for _, w := range workers {
				cell := table.Text("-")
				if i := slices.IndexFunc(b.Runs, func(run runs.BuildRun) bool { return run.Workers == w && run.Kernel == kernel }); i >= 0 {
					var v verdict.Verdict
					cell, v = bitsCell(&t, total, b, b.Runs[i])
					whole = worse(whole, v)
				}
				row = append(row, cell)
			}
			t.Add(append(row, table.Verdict(whole))...)
		}
	}
	return t
}

func bitsCell(t *table.Table, total string, b runs.Build, r runs.BuildRun) (table.Cell, verdict.Verdict) {
	switch v := bitsOf(total, b, r); v {
	case verdict.Pass:
		return table.Text("="), v
	case verdict.Undecided:
		return table.Text("?").WithNote(t.Note(fmt.Sprintf("?: the golden bits of another version of the program, %.8s; make determinism-record compares anew", b.Golden))), v
	default:
		what := "differs from the golden bits"
		if len(r.Differ) > 0 {
			what += " in " + strings.Join(r.Differ, ", ")
		}
		return table.Text("≠").WithNote(t.Note(what)), v
	}
}

// worse is the verdict of a row with both.
func worse(a, b verdict.Verdict) verdict.Verdict {
	if a == verdict.Fail || b == verdict.Pass {
		return a
	}
	return b
}

// DigestTable shows the entries of one run beside the golden ones.
func DigestTable(golden []fingerprint.Entry, run fingerprint.Run) table.Table {
	t := table.Table{ID: "fingerprint", Title: fmt.Sprintf("Digests of this build, kernel %s, workers %d", run.Kernel, run.Workers),
		Columns: []table.Column{{Name: "part"}, {Name: "sha256, first half"}, {Name: "verdict"}}}
	differ := fingerprint.Differences(golden, run.Entries)
	for _, e := range run.Entries {
		bad := slices.ContainsFunc(differ, func(name string) bool { return name == e.ID || strings.HasPrefix(name, e.ID+" (") })
		t.Add(table.Text(e.ID), table.Text(e.Digest[:min(32, len(e.Digest))]), passed(!bad))
	}
	for _, name := range differ {
		t.Note("differs: " + name)
	}
	return t
}

func workerCounts(builds []runs.Build) []int {
	var all []int
	for _, b := range builds {
		for _, r := range b.Runs {
			all = append(all, r.Workers)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// kernelsOf lists a build's kernel variants in the order of its runs.
func kernelsOf(b runs.Build) []string {
	var all []string
	for _, r := range b.Runs {
		if !slices.Contains(all, r.Kernel) {
			all = append(all, r.Kernel)
		}
	}
	return all
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
