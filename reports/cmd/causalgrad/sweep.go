package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"causalgrad/impl/experiment"
	"causalgrad/impl/sweep"
	"causalgrad/reports/evidence"
	"causalgrad/reports/words"

	"github.com/spf13/cobra"
)

// sweepFlags are common to sweep and its subcommands.
type sweepFlags struct {
	records string
	shard   string
	cores   int
}

func (s *sweepFlags) folder(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.records, "records", filepath.Join("reports", "out", "records"), "folder that keeps the records")
	cmd.Flags().StringVar(&s.shard, "shard", "", "only part i of n, as i/n: every n-th cell; the parts may use different machines")
}

func (s *sweepFlags) runs(cmd *cobra.Command) {
	s.folder(cmd)
	cmd.Flags().IntVar(&s.cores, "cores", 0, "cells at once, where memory allows; 0 is one a processor; never changes the result")
}

// load reads the file and returns its cells, those of the shard.
func (s *sweepFlags) load(cmd *cobra.Command, file string) (sweep.Grid, []sweep.Cell, error) {
	shard, err := sweep.ParseShard(s.shard)
	if err != nil {
		return sweep.Grid{}, nil, err
	}
	if err := checkCores(s.cores); err != nil {
		return sweep.Grid{}, nil, err
	}
	g, err := sweep.Load(file)
	if err != nil {
		return sweep.Grid{}, nil, err
	}
	note(cmd, g.Notes...)
	return g, shard.Cells(g.Cells), nil
}

// checkCores refuses a number of runs at once that is none.
func checkCores(cores int) error {
	if cores < 0 || cores > maxWorkers {
		return fmt.Errorf("--cores %d: want 0 to %d", cores, maxWorkers)
	}
	return nil
}

func newSweep() *cobra.Command {
	cmd := newSweepRun("sweep FILE", false)
	cmd.Short = "A grid of training runs, on this machine, in shards or on Slurm"
	cmd.Long = `sweep trains every cell of a grid that has no record yet and prints all cells:
final loss, L* and the weight on the edges. FILE is YAML (or .json):

  base:                  # fields of a spec (train --spec), the same for all cells
    steps: 256
  grid:                  # all combinations
    graph: [chain, icl]
    length: [10, 20]
    alpha: [0.1, 1]      # the prior dirichlet:alpha
    optimiser:           # no field: a list of fields that go together
      - {optimizer: sgd, lr: 1}
      - {optimizer: adamw, lr: 0.01}
    seed: [1, 2, 3]
  cells:                 # further cells: what differs from base
    - {model: reduced, steps: 64}

Where that takes more than some ten seconds, sweep says before it starts what the
cells that have no record will take, from a few steps and tests of the largest of them
timed on this machine, and while it runs how many cells a minute end.

A cell's record is kept under the hash of its spec, so nothing is computed twice:
the grid may grow, several processes may share the folder of --records, and a
killed run goes on from its checkpoint, to the same bits. A cell whose run fails
does not stop the others; sweep leaves it alone, sweep resume tries it again.

--shard i/n does part i of n, for a matrix of CI jobs: put the records of all
parts into one folder and call sweep merge.

--slurm submits a job array and a job that merges when it has ended, instead of
computing here; the command and the folder of --records must be visible to all
nodes. sweep status knows what waits, how many cells a minute end and the time left,
and sweep resume --slurm submits what is neither done nor in the queue.

Exit code 1: a cell failed.`
	cmd.Example = `  causalgrad sweep grid.yaml
  causalgrad sweep status grid.yaml
  causalgrad sweep grid.yaml --shard 2/8 --records part
  causalgrad sweep grid.yaml --slurm --partition short --time 1:00:00 --mem 2G
  causalgrad sweep merge grid.yaml --format csv --out results.csv`
	resume := newSweepRun("resume FILE", true)
	resume.Short = "Compute what is missing, interrupted, damaged or failed"
	cmd.AddCommand(newSweepStatus(), resume, newSweepMerge(), newSweepChunk())
	return cmd
}

// newSweepRun is sweep itself or, with again, resume.
func newSweepRun(use string, again bool) *cobra.Command {
	var o output
	var s sweepFlags
	var c cluster
	cmd := &cobra.Command{Use: use, Annotations: recordsKept, Args: oneFile, RunE: func(cmd *cobra.Command, args []string) error {
		if err := o.check(); err != nil {
			return err
		}
		if err := c.check(cmd); err != nil {
			return err
		}
		g, cells, err := s.load(cmd, args[0])
		if err != nil {
			return err
		}
		if err := g.Validate(); err != nil {
			return err
		}
		store, bars, err := openSweep(cmd, s.records)
		if err != nil {
			return err
		}
		defer bars.wait()
		if c.slurm {
			return c.submit(cmd, &o, s.records, store, g, again)
		}
		failed, err := computeCells(cmd, store, bars, cells, again, s.cores, false)
		if err != nil {
			return err
		}
		bars.wait()
		if _, err := writeMerged(cmd, &o, store, cells); err != nil {
			return err
		}
		if failed > 0 {
			return errFails
		}
		return nil
	}}
	o.flags(cmd, "sweep", "slurm")
	o.figureFlags(cmd)
	s.runs(cmd)
	c.flags(cmd)
	return cmd
}

func openSweep(cmd *cobra.Command, folder string) (*experiment.Store, *progress, error) {
	store, err := experiment.OpenStore(folder)
	if err != nil {
		return nil, nil, err
	}
	bars := newProgress(cmd.ErrOrStderr())
	store.Note = bars.note
	return store, bars, nil
}

// existingStore opens a store to look at it.
func existingStore(cmd *cobra.Command, folder string) (*experiment.Store, error) {
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("--records %q: no such folder", folder)
	}
	store, _, err := openSweep(cmd, folder)
	return store, err
}

// computeCells runs the cells that are not done and returns how many are failed. Where
// the cost is told already, a task of a job array does not spend seconds on it again.
func computeCells(cmd *cobra.Command, store *experiment.Store, bars *progress, cells []sweep.Cell, again bool, cores int, told bool) (int, error) {
	standings, err := sweep.Survey(store, cells)
	if err != nil {
		return 0, err
	}
	pending := sweep.Pending(cells, standings, again)
	specs := specsOf(pending)
	o := experiment.Parallel{Cores: cores}
	if len(specs) > 0 {
		if !told {
			tellCost(cmd, bars.note, specs, o.Processors(specs))
		}
		bars.watchCells(specs, &o)
	}
	failures, err := sweep.Run(cmd.Context(), store, pending, o)
	if err != nil {
		return 0, err
	}
	varied := sweep.Varied(cells)
	for _, f := range failures {
		bars.note(fmt.Sprintf("cell %s failed: %v", sweep.Label(f.Cell.Spec, varied), f.Err))
	}
	failed := len(failures)
	if before := sweep.Count(standings)[experiment.Failed]; before > 0 && !again {
		bars.note(words.Counted(before, "cell") + " failed before, left alone here; sweep resume tries again")
		failed += before
	}
	return failed, nil
}

func specsOf(cells []sweep.Cell) []experiment.Spec {
	specs := make([]experiment.Spec, len(cells))
	for i, c := range cells {
		specs[i] = c.Spec
	}
	return specs
}

// tellCost says what the cells will take on so many processors, 0 where nobody knows
// them, if it is long. A largest cell that cannot be run is no reason to leave the
// others alone.
func tellCost(cmd *cobra.Command, note func(string), specs []experiment.Spec, processors int) {
	if !sweep.WorthTelling(specs) {
		return
	}
	seconds, err := sweep.EstimateCost(cmd.Context(), specs, costClock(processors))
	if err != nil {
		note(fmt.Sprintf("%s to compute, at a cost that is not known: %v", words.Counted(len(specs), "cell"), err))
		return
	}
	note(costWords(len(specs), seconds, processors))
}

// costClock times the steps behind the estimate: on this machine other work slows the
// cells down as it does the steps; elsewhere, with processors 0, it does not.
func costClock(processors int) func() time.Time {
	if processors == 0 {
		return processorTime
	}
	return time.Now
}

func costWords(cells int, seconds float64, processors int) string {
	left := time.Duration(seconds / float64(max(processors, 1)) * float64(time.Second))
	on := "of processor time"
	if processors > 0 {
		on = "on " + words.Counted(processors, "processor")
	}
	return fmt.Sprintf("%s to compute: about %v %s, estimated from a few steps and tests of the largest cell timed on this machine just now",
		words.Counted(cells, "cell"), left.Round(time.Second), on)
}

// writeMerged prints the table of the cells and returns how many have no record.
func writeMerged(cmd *cobra.Command, o *output, store *experiment.Store, cells []sweep.Cell) (int, error) {
	results, err := sweep.Merge(store, cells)
	if err != nil {
		return 0, err
	}
	report := evidence.NewSweepReport(results)
	return report.Absent, o.write(cmd, sweepDocument{report}, evidence.SweepTable(report))
}

func newSweepMerge() *cobra.Command {
	var o output
	var s sweepFlags
	cmd := &cobra.Command{Use: "merge FILE", Args: oneFile,
		Short: "Print the table of the records that are there; compute nothing",
		Long: `merge prints the table of a sweep from the records in the folder of --records,
as text, CSV or JSON. Exit code 1: a cell has no record.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			_, cells, err := s.load(cmd, args[0])
			if err != nil {
				return err
			}
			store, err := existingStore(cmd, s.records)
			if err != nil {
				return err
			}
			absent, err := writeMerged(cmd, &o, store, cells)
			if err == nil && absent > 0 {
				return errFails
			}
			return err
		}}
	o.flags(cmd, "sweep")
	o.figureFlags(cmd)
	s.folder(cmd)
	return cmd
}
