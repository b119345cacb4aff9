package implaws

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"causalgrad/impl/experiment"
	"causalgrad/props"
	"pgregory.net/rapid"
)

func sweepLaws() []props.Law {
	needs := []props.Capability{CanSweep}
	return []props.Law{
		{ID: "sweep-shards", Source: "architecture, sweeps", Needs: []props.Capability{CanSweep, CanRun}, Draws: 6, Check: sweepShards,
			Sentence: "Shards run in any order on any number of cores leave in one folder the bits of the cells run one by one."},
		{ID: "sweep-status", Source: "architecture, sweeps", Needs: needs, Draws: 6, Check: sweepStatus,
			Sentence: "Every cell is in one state, the counts add up, and after a shard exactly its cells are done and the others pending."},
		{ID: "sweep-failures", Source: "architecture, sweeps", Needs: needs, Draws: 5, Check: sweepFailures,
			Sentence: "A cell that fails stops no other one, is told with its reason, and is tried again on demand alone."},
		{ID: "sweep-mends", Source: "architecture, sweeps", Needs: needs, Draws: 5, Check: sweepMends,
			Sentence: "A damaged record is a damaged cell, which the next run computes again to the same bits, and no other."},
		{ID: "sweep-obstacles", Source: "architecture, sweeps", Needs: needs, Draws: 5, Check: sweepObstacles,
			Sentence: "A disk that cannot be written on is nobody's cell's fault: the sweep ends with an error and notes no failure."},
	}
}

// sweeping is a sweep file on disk and the folder of its records.
type sweeping struct {
	t            *rapid.T
	s            props.Subject
	f            sweepFile
	specs        []experiment.Spec
	file, folder string
}

// inSweep draws a sweep and gives do its file and an empty folder.
func inSweep(t *rapid.T, s props.Subject, do func(x sweeping)) {
	f := drawSweep(t, 6)
	specs, _ := f.expand(t)
	inFolder(t, func(folder string) {
		do(sweeping{t, s, f, specs, fileIn(t, folder, "sweep.yaml", []byte(f.yaml())), folder})
	})
}

func (x sweeping) run(shard string, again bool) (failed []int) {
	cores := rapid.IntRange(1, 3).Draw(x.t, "cores")
	return props.Ask(x.t, x.f.text().Where("shard %q", shard), "sweep", func() ([]int, error) {
		return x.s.(Sweeper).SweepGrid(x.file, x.folder, shard, cores, again)
	})
}

// survey demands that the counts add up.
func (x sweeping) survey() Swept {
	w := props.Ask(x.t, x.f.text(), "survey", func() (Swept, error) { return x.s.(Sweeper).SurveyGrid(x.file, x.folder) })
	cells := len(x.specs)
	ok := len(w.Records) == cells && len(w.States) == cells && len(w.Reasons) == cells
	props.Demand(x.t, x.f.text(), ok, "survey", strconv.Itoa(cells)+" cells", jsonOf(w.States))
	total := 0
	for state, n := range w.Counts {
		total += n
		props.Demand(x.t, x.f.text(), slices.Contains(w.Order, state), "state", fmt.Sprint(w.Order), string(state))
		own := 0
		for _, s := range w.States {
			if s == state {
				own++
			}
		}
		props.Demand(x.t, x.f.text(), own == n, "cells "+string(state), strconv.Itoa(own), strconv.Itoa(n))
	}
	props.Demand(x.t, x.f.text(), total == cells, "cells in all states", strconv.Itoa(cells), strconv.Itoa(total))
	for i, r := range w.Records {
		props.Demand(x.t, x.f.text(), (r != nil) == (w.States[i] == experiment.Done), "state of cell "+strconv.Itoa(i), "done with a record alone", string(w.States[i]))
		if r != nil {
			sameJSON(x.t, x.f.text(), "spec of the record of cell "+strconv.Itoa(i), r.Spec, x.specs[i])
		}
	}
	return w
}

// states demands the state of every cell.
func (x sweeping) states(w Swept, want func(i int) experiment.State) {
	var pending []int
	for i, s := range w.States {
		props.Demand(x.t, x.f.text(), s == want(i), "state of cell "+strconv.Itoa(i), string(want(i)), string(s))
		if s != experiment.Done && s != experiment.Failed {
			pending = append(pending, i)
		}
	}
	props.Equal(x.t, x.f.text(), "pending cells", w.Pending, pending)
}

func done(int) experiment.State { return experiment.Done }

func sweepShards(t *rapid.T, s props.Subject) {
	inSweep(t, s, func(x sweeping) {
		of := rapid.IntRange(1, len(x.specs)+1).Draw(t, "shards")
		for _, k := range rapid.Permutation(props.Identity(of)).Draw(t, "order") {
			props.Equal(t, x.f.text(), "failed cells", x.run(fmt.Sprintf("%d/%d", k+1, of), false), nil)
		}
		w := x.survey()
		x.states(w, done)
		for i, spec := range x.specs {
			sameJSON(t, x.f.text(), "record of cell "+strconv.Itoa(i), w.Records[i].Canonical(), runAlone(t, s, spec).Record.Canonical())
		}
	})
}

func sweepStatus(t *rapid.T, s props.Subject) {
	inSweep(t, s, func(x sweeping) {
		x.states(x.survey(), func(int) experiment.State { return experiment.Missing })
		of := rapid.IntRange(1, 3).Draw(t, "shards")
		k := rapid.IntRange(0, of-1).Draw(t, "shard")
		x.run(fmt.Sprintf("%d/%d", k+1, of), false)
		x.states(x.survey(), func(i int) experiment.State {
			if i%of == k {
				return experiment.Done
			}
			return experiment.Missing
		})
		x.run("", false)
		x.states(x.survey(), done)
	})
}

// sweepFailures: a cell that names initial weights is valid, but nobody gives them.
func sweepFailures(t *rapid.T, s props.Subject) {
	f := drawSweep(t, 4)
	f.cells = append(slices.Clip(f.cells), []setting{{"initial_weights", `"ab"`}})
	specs, _ := f.expand(t)
	bad := len(specs) - 1
	inFolder(t, func(folder string) {
		x := sweeping{t, s, f, specs, fileIn(t, folder, "sweep.yaml", []byte(f.yaml())), folder}
		want := func(i int) experiment.State {
			if i == bad {
				return experiment.Failed
			}
			return experiment.Done
		}
		for try, again := range []bool{false, false, true} {
			var failed []int
			if try != 1 {
				failed = []int{bad}
			}
			props.Equal(t, f.text(), "failed cells of try "+strconv.Itoa(try+1), x.run("", again), failed)
			w := x.survey()
			x.states(w, want)
			refuses(t, f.text(), "reason of the failure", func() error { return fmt.Errorf("%s", w.Reasons[bad]) }, "initial weights")
		}
	})
}

func sweepMends(t *rapid.T, s props.Subject) {
	inSweep(t, s, func(x sweeping) {
		x.run("", false)
		before := x.survey()
		names, err := os.ReadDir(x.folder)
		props.Demand(t, x.f.text(), err == nil, "records", "a folder of them", fmt.Sprint(err))
		names = slices.DeleteFunc(names, func(d os.DirEntry) bool { return len(d.Name()) < 5 || d.Name()[len(d.Name())-5:] != ".json" })
		props.Demand(t, x.f.text(), len(names) == len(x.specs), "records", strconv.Itoa(len(x.specs)), strconv.Itoa(len(names)))
		name := names[rapid.IntRange(0, len(names)-1).Draw(t, "record")].Name()
		data := readBack(t, filepath.Join(x.folder, name))
		fileIn(t, x.folder, name, data[:rapid.IntRange(1, len(data)-1).Draw(t, "length")])
		hurt := x.survey()
		props.Demand(t, x.f.text(), hurt.Counts[experiment.Damaged] == 1, "damaged cells", "1", jsonOf(hurt.Counts))
		x.states(hurt, func(i int) experiment.State { return hurt.States[i] })
		x.run("", false)
		after := x.survey()
		x.states(after, done)
		for i, r := range after.Records {
			sameJSON(t, x.f.text(), "record of cell "+strconv.Itoa(i), r.Canonical(), before.Records[i].Canonical())
			props.Demand(t, x.f.text(), hurt.States[i] == experiment.Damaged || jsonOf(r) == jsonOf(before.Records[i]), "record of cell "+strconv.Itoa(i), "untouched", "made again")
		}
	})
}

// sweepObstacles: a file where the weights' folder should be stands for a disk
// that is full.
func sweepObstacles(t *rapid.T, s props.Subject) {
	inSweep(t, s, func(x sweeping) {
		what := rapid.SampledFrom([]string{"weights", "unfinished", "failed"}).Draw(t, "obstacle")
		x.folder = filepath.Join(x.folder, "records")
		if err := os.MkdirAll(x.folder, 0o755); err != nil {
			t.Fatalf("%v", err)
		}
		fileIn(t, x.folder, what, nil)
		c := x.f.text().Where("a file in the place of %s", what)
		refuses(t, c, "sweep", func() error { _, err := s.(Sweeper).SweepGrid(x.file, x.folder, "", 1, false); return err })
		if err := os.Remove(filepath.Join(x.folder, what)); err != nil {
			t.Fatalf("%v", err)
		}
		w := x.survey()
		props.Demand(t, c, w.Counts[experiment.Failed] == 0, "failed cells", "none", jsonOf(w.Counts))
		props.Equal(t, c, "failed cells of the next run", x.run("", false), nil)
		x.states(x.survey(), done)
		refuses(t, c, "sweep of a shard that is none", func() error { _, err := s.(Sweeper).SweepGrid(x.file, x.folder, "3/2", 1, false); return err }, "3/2")
	})
}
