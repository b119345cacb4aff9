package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"causalgrad/golden/runs"
	"causalgrad/impl/experiment"
	"causalgrad/reports/evidence"
	"causalgrad/reports/table"

	"github.com/spf13/cobra"
)

func newReproduce() *cobra.Command {
	var o output
	var quick, full, again bool
	var folder string
	var cores int
	var plan runs.Plan
	cmd := &cobra.Command{
		Use:         "reproduce [ID...]",
		Annotations: recordsKept,
		Short:       "Run the paper's experiments and keep their records",
		Long: `reproduce trains the paper's experiments, or those named, and prints their
tables: final losses, attention on the edges beside the published values, and
out-of-distribution behaviour. Runs of many-graphs are compared with the
published table, forest by forest and edge by edge (--format csv has every edge;
json is {schema, records, many_graphs}). The sizes differ in the number of steps:

  --quick   256 steps, of the transformer 64: seconds each
  default   a quarter of the official steps, all of them up to 4096: minutes each
  --full    the official steps

Every experiment runs with the seeds 1 to 8, so that there is an interval for one
more; with seed 1 alone where a run takes more than 32768 steps or is quick, and
many-graphs at the default size with the seeds 1 to 4. --seeds N asks for the
seeds 1 to N. causalgrad list experiments names them; many-graphs is all 20
published forests, figure-2 and the like are the experiments behind that figure.

Every run leaves a record (JSON) and its weights (.npy) in the folder of
--records. A record that is there is not computed again; a run that was
killed goes on from its last checkpoint, to the same bits. Several processes
may share the folder. --again computes everything anew and compares the bits.

many-graphs-checks trains every published forest with one thing changed: in
float32, in float32 with the official stationary distribution, or with twice the steps;
many-graphs-03-checks are those of forest 3, many-graphs-03-float32 is one.

Exit code 1: a bit differs from the record in the folder, or the mean of
many-graphs at the official size differs from the published one by more than the
margin. report judges every claim.`,
		Example: `  causalgrad reproduce --quick
  causalgrad reproduce figure-2
  causalgrad reproduce many-graphs --full --seeds 8
  causalgrad reproduce many-graphs-00-checks --full --seeds 2
  causalgrad reproduce single-icl many-graphs-03 --records records`,
		RunE: func(cmd *cobra.Command, ids []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if cmd.Flags().Changed("seeds") && plan.Seeds < 1 {
				return fmt.Errorf("--seeds %d: want at least 1", plan.Seeds)
			}
			if err := checkCores(cores); err != nil {
				return err
			}
			plan.IDs, plan.Size = ids, size(quick, full)
			specs, err := plan.Specs()
			if err != nil {
				return err
			}
			store, err := experiment.OpenStore(folder)
			if err != nil {
				return err
			}
			done, err := reproduce(cmd, store, specs, experiment.Parallel{Cores: cores, Again: again})
			if err != nil {
				return err
			}
			document, tables, err := reproduced(done, store.Weights, o.format == string(table.FormatCSV))
			if err != nil {
				return err
			}
			if err := o.write(cmd, document, tables...); err != nil {
				return err
			}
			if m := document.ManyGraphs; m != nil && m.Mean.Differs() {
				return errFails
			}
			return nil
		},
	}
	o.flags(cmd, "losses", "edges", "shifted", "shifted-errors", "transfer-relabelling", "transfer-spectra", "many-graphs-forests", "many-graphs-checks", "many-graphs-mean", "many-graphs-outliers",
		"many-graphs-paths", "many-graphs-edges")
	f := cmd.Flags()
	f.BoolVar(&quick, "quick", false, "256 steps of each, of the transformer 64: seconds each")
	f.BoolVar(&full, "full", false, "the official number of steps")
	cmd.MarkFlagsMutuallyExclusive("quick", "full")
	f.IntVar(&plan.Seeds, "seeds", 0, "seeds 1 to N for each experiment (default: see above)")
	f.StringVar(&folder, "records", filepath.Join("reports", "out", "records"), "folder that keeps the records")
	f.BoolVar(&again, "again", false, "train also what the folder holds, and compare the bits")
	f.IntVar(&cores, "cores", 0, "runs at once, where memory allows; 0 is one a processor; never changes the result")
	return cmd
}

func size(quick, full bool) experiment.Size {
	switch {
	case quick:
		return experiment.QuickSize
	case full:
		return experiment.FullSize
	}
	return experiment.ReducedSize
}

// reproduction is the JSON document of reproduce.
type reproduction struct {
	Schema     string               `json:"schema"`
	Records    []experiment.Record  `json:"records"`
	Transfer   []evidence.Transfer  `json:"transfer,omitempty"`    // of the runs whose weights are there
	ManyGraphs *evidence.ManyReport `json:"many_graphs,omitempty"` // where runs of many-graphs are among the records
}

// Answer says how many runs learned their graph.
func (d reproduction) Answer() string { return evidence.RecordsAnswer(d.Records, d.ManyGraphs) }

const reproductionSchema = "causalgrad/reproduction/1"

// reproduced is the document of the records and their tables; complete asks for
// all edges of many-graphs.
func reproduced(records []experiment.Record, weights evidence.WeightsOf, complete bool) (reproduction, []table.Table, error) {
	document := reproduction{Schema: reproductionSchema, Records: records}
	tables, err := recordTables(records)
	if err != nil {
		return document, nil, err
	}
	if document.Transfer, err = evidence.Transfers(records, weights); err != nil {
		return document, nil, err
	}
	tables = append(tables, evidence.TransferTables(document.Transfer)...)
	report, err := evidence.ReportManyGraphs(records)
	if err != nil {
		return document, nil, err
	}
	if report.Empty() {
		return document, tables, nil
	}
	document.ManyGraphs = &report
	return document, append(tables, report.Tables(complete)...), nil
}

// reproduce runs the specs in the store.
func reproduce(cmd *cobra.Command, store *experiment.Store, specs []experiment.Spec, o experiment.Parallel) ([]experiment.Record, error) {
	bars := newProgress(cmd.ErrOrStderr())
	defer bars.wait()
	store.Note = bars.note
	bars.watch(specs, &o)
	records, err := experiment.RunAll(cmd.Context(), store, specs, o)
	if errors.Is(err, experiment.ErrMismatch) {
		bars.note(err.Error())
		return nil, errFails
	}
	return records, err
}
