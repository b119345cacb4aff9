package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"causalgrad/golden/runs"
	"causalgrad/impl/experiment"
	"causalgrad/reports/ci"
	"causalgrad/reports/claim"
	"causalgrad/reports/manifest"
	"causalgrad/reports/page"
	"causalgrad/reports/report"
	"causalgrad/reports/table"

	"github.com/spf13/cobra"
)

// reportOptions are the flags of report.
type reportOptions struct {
	output
	folder  string
	seed    uint64
	records []string
	all     bool
	parts   []string
	check   string
	serve   string
}

// anyPort is where --serve without an address listens.
const anyPort = "127.0.0.1:0"

func newReport() *cobra.Command {
	var o reportOptions
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Train, verify and judge every claim; write the page, tables and figures",
		Long: `report trains the quick runs and Algorithm 1's ladder, verifies the official
values, runs the laws, searches and certifies where the theory asks for it, and
judges every claim on what it found. It prints the claims and the tables and
saves in a folder: index.html (opens from disk), tables in every format, figures
as SVG and PNG, the runs' records, junit.xml and manifest.json.

  --records DIR  reports on the records in DIR (of reproduce) instead of training,
                 with the parts that take seconds; the other claims are "not run";
                 may be given several times
  --all          with --records: computes everything else too
  --parts LIST   computes these parts only, or none
  --check DIR    derives a saved report anew, from its records and its seed, and
                 compares every byte
  --serve        shows the page on loopback until interrupted

Where GITHUB_STEP_SUMMARY and GITHUB_ACTIONS are set, the claims are also
written as a step summary and as annotations.

Exit code 1: a claim fails, or a byte differs.`,
		Example: `  causalgrad report
  causalgrad report --serve
  causalgrad report --records reports/out/records --folder full
  causalgrad report --all --records golden/runs/default --records golden/runs/full --records golden/runs/checks
  causalgrad report --check reports/out`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.output.check(); err != nil {
				return err
			}
			if o.serve != "" {
				if err := page.CheckAddress(o.serve); err != nil {
					return fmt.Errorf("--serve: %w", err)
				}
			}
			if o.check != "" {
				return o.runCheck(cmd)
			}
			return o.run(cmd)
		},
	}
	o.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.folder, "folder", filepath.Join("reports", "out"), "where the report is saved")
	f.Uint64Var(&o.seed, "seed", 1, "seed of everything but the quick runs")
	f.StringArrayVar(&o.records, "records", nil, "report on the records in this folder instead of training")
	f.BoolVar(&o.all, "all", false, "with --records: compute every other part of the report too")
	f.StringSliceVar(&o.parts, "parts", nil, "compute these parts only: none, or some of "+strings.Join(report.Parts(), ", "))
	f.StringVar(&o.check, "check", "", "check the report saved in this folder")
	f.StringVar(&o.serve, "serve", "", "show the page on this loopback address")
	f.Lookup("serve").NoOptDefVal = anyPort
	cmd.MarkFlagsMutuallyExclusive("records", "check")
	cmd.MarkFlagsMutuallyExclusive("all", "check")
	cmd.MarkFlagsMutuallyExclusive("parts", "check")
	cmd.MarkFlagsMutuallyExclusive("parts", "all")
	cmd.MarkFlagsMutuallyExclusive("folder", "check")
	cmd.MarkFlagsMutuallyExclusive("seed", "check")
	return cmd
}

// run makes a report.
func (o *reportOptions) run(cmd *cobra.Command) error {
	start := time.Now()
	bars := newProgress(cmd.ErrOrStderr())
	defer bars.wait()
	m, err := manifest.New()
	if err != nil {
		return err
	}
	plan := report.Plan{Seed: o.seed, Parts: o.plannedParts()}
	if err := plan.Check(); err != nil {
		return err
	}
	var trained []report.Run
	if len(o.records) == 0 {
		trained, err = trainQuick(cmd.Context(), bars)
	} else {
		trained, err = report.LoadRuns(o.records...)
	}
	if err != nil {
		return err
	}
	gathered, err := report.Gather(cmd.Context(), plan, trained, steps(bars))
	if err != nil {
		return err
	}
	m.WallSeconds = time.Since(start).Seconds()
	r, err := report.Build(gathered, m)
	if err != nil {
		return err
	}
	if err := r.Write(o.folder); err != nil {
		return err
	}
	bars.wait()
	if err := o.write(cmd, nil, o.shown(r.Tables)...); err != nil {
		return err
	}
	if err := ci.Emit(cmd.ErrOrStderr(), os.Getenv, r.Entries); err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "saved: %s, with tables, figures and records beside it\n", filepath.Join(o.folder, report.PageName))
	if err := o.show(cmd, r.Page()); err != nil {
		return err
	}
	if claim.Fails(r.Claims) {
		return errFails
	}
	return nil
}

// longest is the number of rows of a table that standard output shows in full.
const longest = 40

// shown shortens the long tables of a text on standard output: the folder has
// them whole.
func (o *reportOptions) shown(all []table.Table) []table.Table {
	if o.format != string(table.FormatText) || o.out != "" {
		return all
	}
	short := make([]table.Table, len(all))
	for i, t := range all {
		short[i] = t.Brief(longest, filepath.Join(o.folder, "tables", t.ID+".txt"))
	}
	return short
}

// plannedParts is what --parts, --records and --all ask for.
func (o *reportOptions) plannedParts() []string {
	switch {
	case len(o.parts) == 1 && o.parts[0] == "none":
		return nil
	case len(o.parts) > 0:
		return o.parts
	case len(o.records) > 0 && !o.all:
		return report.CheapParts()
	}
	return report.Parts()
}

// runCheck checks a saved report.
func (o *reportOptions) runCheck(cmd *cobra.Command) error {
	bars := newProgress(cmd.ErrOrStderr())
	defer bars.wait()
	differences, files, err := report.Check(cmd.Context(), o.check, steps(bars))
	if err != nil {
		return err
	}
	bars.wait()
	if err := o.write(cmd, nil, report.CheckTable(o.check, differences, files)); err != nil {
		return err
	}
	if len(differences) > 0 {
		return errFails
	}
	if o.serve == "" {
		return nil
	}
	document, err := os.ReadFile(filepath.Join(o.check, report.PageName))
	if err != nil {
		return err
	}
	return o.show(cmd, document)
}

// show serves the page where that was asked for.
func (o *reportOptions) show(cmd *cobra.Command, document []byte) error {
	if o.serve == "" {
		return nil
	}
	return page.Serve(cmd.Context(), o.serve, document, func(url string) {
		fmt.Fprintf(cmd.ErrOrStderr(), "the page is on %s until you press Ctrl-C\n", url)
	})
}

// trainQuick trains the quick runs, and at their quick size the two experiments
// that none of them stands in for.
func trainQuick(ctx context.Context, bars *progress) ([]report.Run, error) {
	specs, err := runs.Quick()
	if err != nil {
		return nil, err
	}
	small, err := runs.Plan{IDs: []string{"multi-parent", "mlp-chain"}, Size: experiment.QuickSize}.Specs()
	if err != nil {
		return nil, err
	}
	specs = append(specs, small...)
	var parallel experiment.Parallel
	bars.watch(specs, &parallel)
	return report.Train(ctx, specs, parallel)
}

// steps is a bar over the parts of a report.
func steps(bars *progress) func(done, of int) {
	var move func(step int)
	return func(done, of int) {
		if move == nil {
			move = bars.bar("report", of)
		}
		move(done)
	}
}
