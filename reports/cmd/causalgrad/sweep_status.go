package main

import (
	"time"

	"causalgrad/impl/sweep"
	"causalgrad/reports/evidence"

	"github.com/spf13/cobra"
)

func newSweepStatus() *cobra.Command {
	var o output
	var s sweepFlags
	cmd := &cobra.Command{Use: "status FILE", Args: oneFile,
		Short: "How many cells are done, running, queued, interrupted, failed, damaged, missing",
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
			standings, err := sweep.Survey(store, cells)
			if err != nil {
				return err
			}
			queued, err := sweep.InQueue(cmd.Context(), s.records)
			if err != nil {
				store.Note(err.Error() + "; counted without the queue")
			}
			sweep.MarkQueued(cells, standings, queued)
			state := evidence.NewSweepState(cells, standings)
			if state.Pace, err = sweep.SlurmPace(store, s.records, cells, standings, time.Now()); err != nil {
				return err
			}
			return o.write(cmd, state, evidence.SweepStateTables(state)...)
		}}
	o.flags(cmd, "sweep-status", "sweep-open")
	s.folder(cmd)
	return cmd
}
