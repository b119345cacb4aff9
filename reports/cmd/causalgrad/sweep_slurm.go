package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"

	"causalgrad/impl/experiment"
	"causalgrad/impl/sweep"
	"causalgrad/reports/table"
	"causalgrad/reports/words"

	"github.com/spf13/cobra"
)

// cluster is how cells get to Slurm.
type cluster struct {
	slurm     bool
	resources sweep.Resources
}

// resourceFlags mean nothing without --slurm.
var resourceFlags = []string{"partition", "time", "mem", "account", "cpus", "chunk", "throttle", "template"}

func (c *cluster) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&c.slurm, "slurm", false, "submit the cells to Slurm instead of computing them here")
	f.StringVar(&c.resources.Partition, "partition", "", "Slurm: partition")
	f.StringVar(&c.resources.Time, "time", "", "Slurm: time limit of a task")
	f.StringVar(&c.resources.Memory, "mem", "", "Slurm: memory of a task")
	f.StringVar(&c.resources.Account, "account", "", "Slurm: account")
	f.IntVar(&c.resources.CPUs, "cpus", 1, "Slurm: processors of a task, and the cells that it runs at once")
	f.IntVar(&c.resources.Chunk, "chunk", 0, "Slurm: cells of a task (default: as few as 1000 tasks allow)")
	f.IntVar(&c.resources.Throttle, "throttle", 0, "Slurm: tasks that run at once (default: as the template's own --array says, or all)")
	f.StringVar(&c.resources.Template, "template", "", "Slurm: a job script to use, a Go text/template with {{.Command}}, {{.Name}}, {{.Partition}}, {{.Time}}, {{.Memory}}, {{.Account}}, {{.CPUs}}")
}

// check refuses the flags of the other of the two places.
func (c *cluster) check(cmd *cobra.Command) error {
	if c.slurm {
		return refuseIgnored(cmd, "a sweep on this machine, without --slurm", "shard", "cores", "figures", "figure-width")
	}
	return refuseIgnored(cmd, "--slurm", resourceFlags...)
}

// submit hands the cells that are neither done nor queued to Slurm.
func (c *cluster) submit(cmd *cobra.Command, o *output, records string, store *experiment.Store, g sweep.Grid, again bool) error {
	standings, err := sweep.Survey(store, g.Cells)
	if err != nil {
		return err
	}
	queued, err := sweep.InQueue(cmd.Context(), records)
	if err != nil {
		return err
	}
	sweep.MarkQueued(g.Cells, standings, queued)
	pending := slices.DeleteFunc(sweep.Pending(g.Cells, standings, again), func(cell sweep.Cell) bool { return queued[cell.Hash] })
	counts := sweep.Count(standings)
	if n := counts[sweep.Queued]; n > 0 {
		store.Note(words.Counted(n, "cell") + " in Slurm's queue, not submitted again")
	}
	if len(pending) == 0 {
		store.Note(fmt.Sprintf("nothing to submit: %d of %d cells are done", counts[experiment.Done], len(g.Cells)))
		return nil
	}
	tellCost(cmd, store.Note, specsOf(pending), 0)
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("the path of this command: %w", err)
	}
	s, err := sweep.Submit(cmd.Context(), program, records, g, pending, c.resources)
	if err != nil {
		return err
	}
	t := table.Table{ID: "slurm", Title: "Jobs submitted to Slurm", Columns: []table.Column{{Name: "array job"}, {Name: "tasks", Align: table.Right},
		{Name: "cells", Align: table.Right}, {Name: "merging job"}, {Name: "folder"}}}
	t.Add(table.Text(s.Array), table.Integer(s.Tasks), table.Integer(s.Cells), table.Text(s.Merge), table.Text(s.Folder))
	o.preface = table.Wrapped(fmt.Sprintf("Slurm has %s in %s as job %s; job %s merges the records. causalgrad sweep status says how far they are.",
		words.Counted(s.Cells, "cell"), words.Counted(s.Tasks, "task"), s.Array, s.Merge), textWidth(cmd.OutOrStdout())) + "\n"
	return o.write(cmd, s, t)
}

// newSweepChunk is what a task of the job array runs.
func newSweepChunk() *cobra.Command {
	var s sweepFlags
	cmd := &cobra.Command{Use: "chunk FILE TASK", Args: cobra.ExactArgs(2), Hidden: true,
		Short: "Compute the cells of one task of a job array",
		RunE: func(cmd *cobra.Command, args []string) error {
			task, err := strconv.Atoi(args[1])
			if err != nil {
				return fmt.Errorf("task %q: want a number", args[1])
			}
			cells, err := sweep.ReadChunk(args[0], task)
			if err != nil {
				return err
			}
			store, bars, err := openSweep(cmd, s.records)
			if err != nil {
				return err
			}
			failed, err := computeCells(cmd, store, bars, cells, true, s.cores, true)
			if err != nil {
				return err
			}
			store.Note(fmt.Sprintf("task %d: %s, %d failed", task, words.Counted(len(cells), "cell"), failed))
			if failed > 0 {
				return errFails
			}
			return nil
		}}
	s.runs(cmd)
	return cmd
}
