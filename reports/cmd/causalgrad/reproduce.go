package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"causalgrad/golden/runs"
	"causalgrad/impl/durable"
	"causalgrad/impl/experiment"

	"github.com/spf13/cobra"
)

func newReproduce() *cobra.Command {
	var o output
	var quick bool
	var records string
	cmd := &cobra.Command{
		Use:   "reproduce --quick [ID...]",
		Short: "Run the paper's experiments and save their records",
		Long: `reproduce trains the experiments and writes one record each (JSON) into a
folder. --quick runs chain, icl and the published forests 0 to 3 at S = 3,
T = 20 for 2048 steps.`,
		Example: `  causalgrad reproduce --quick
  causalgrad reproduce --quick quick-icl --records /tmp/records`,
		RunE: func(cmd *cobra.Command, ids []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if !quick {
				return errors.New("reproduce: this version has one size: give --quick")
			}
			specs, err := quickSpecs(ids)
			if err != nil {
				return err
			}
			bars := newProgress(cmd.ErrOrStderr())
			done, err := runAll(cmd.Context(), specs, records, bars)
			bars.wait()
			if err != nil {
				return err
			}
			tables, err := recordTables(done)
			if err != nil {
				return err
			}
			return o.write(cmd, done, tables...)
		},
	}
	o.flags(cmd)
	cmd.Flags().BoolVar(&quick, "quick", false, "the small size, seconds each")
	cmd.Flags().StringVar(&records, "records", filepath.Join("reports", "out", "records"), "folder for the records")
	return cmd
}

// quickSpecs are the quick runs of the given ids, or all of them.
func quickSpecs(ids []string) ([]experiment.Spec, error) {
	all, err := runs.Quick()
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return all, nil
	}
	var specs []experiment.Spec
	for _, id := range ids {
		at := slices.IndexFunc(all, func(s experiment.Spec) bool { return s.ID == id })
		if at < 0 {
			return nil, fmt.Errorf("experiment %q: unknown; causalgrad list names them", id)
		}
		specs = append(specs, all[at])
	}
	return specs, nil
}

// runAll trains the specs one after another, each over all processors, and
// saves every record as it is done.
func runAll(ctx context.Context, specs []experiment.Spec, folder string, bars *progress) ([]experiment.Record, error) {
	var records []experiment.Record
	for _, s := range specs {
		record, _, err := experiment.Run(ctx, s, experiment.Options{Progress: bars.bar(s.ID, s.Steps)})
		if err != nil {
			return nil, err
		}
		data, err := json.MarshalIndent(record, "", " ")
		if err != nil {
			return nil, fmt.Errorf("record %q: %w", s.ID, err)
		}
		if err := durable.WriteFile(filepath.Join(folder, s.ID+".json"), append(data, '\n')); err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return records, nil
}
