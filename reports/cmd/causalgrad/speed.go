package main

import (
	"causalgrad/golden/runs"
	"causalgrad/reports/evidence"
	"causalgrad/theory/userfile"

	"github.com/spf13/cobra"
)

func newSpeed() *cobra.Command {
	var o output
	cmd := &cobra.Command{
		Use:   "speed [FILE [BEFORE]]",
		Short: "What the benchmarks in a file say: how fast, times plain gonum, share of the processor's peak",
		Long: `speed reads a file in the Go benchmark format, as make bench writes it (bin/bench.txt),
and shows the training step and its pieces: time, times as fast as the plain gonum
model, useful operations as a share of fused steps alone. What is slower or faster
than in the file BEFORE, by default the run recorded in golden/runs/bench.txt, is
listed where it is above the noise by the statistics of benchstat. Times of
different machines are not compared. Without FILE it shows the recorded run.`,
		Example: `  causalgrad speed
  make bench
  causalgrad speed bin/bench.txt yesterday.txt`,
		Args: atMost(2),
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := o.check(); err != nil {
				return err
			}
			recorded, err := evidence.ParseBenchmarks(runs.Benchmarks())
			if err != nil {
				return err
			}
			if len(names) == 0 {
				return o.write(cmd, saying(recorded.Answer()), recorded.StepTable(), recorded.PartTable())
			}
			files := []evidence.Benchmarks{recorded, recorded}
			for i, name := range names {
				if files[i], err = readBenchmarks(name); err != nil {
					return err
				}
			}
			answer := files[0].Answer() + " " + files[0].ChangeAnswer(files[1])
			return o.write(cmd, saying(answer), files[0].StepTable(), files[0].PartTable(), files[0].ChangeTable(files[1]))
		},
	}
	o.flags(cmd, "speed-steps", "speed-parts", "speed-changes")
	return cmd
}

// maxTextSize bounds the small files of text and JSON that commands read whole.
const maxTextSize = 64 << 20

func readBenchmarks(name string) (evidence.Benchmarks, error) {
	text, err := userfile.Read(name, maxTextSize)
	if err != nil {
		return evidence.Benchmarks{}, userfile.Error(name, err)
	}
	b, err := evidence.ParseBenchmarks(string(text))
	return b, userfile.Error(name, err)
}
