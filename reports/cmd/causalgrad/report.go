package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"causalgrad/golden/runs"
	"causalgrad/impl/durable"
	"causalgrad/impl/experiment"
	"causalgrad/reports/ci"
	"causalgrad/reports/claim"
	"causalgrad/reports/manifest"
	"causalgrad/reports/page"
	"causalgrad/reports/report"
	"causalgrad/reports/table"
	"causalgrad/reports/words"
	"causalgrad/theory/suggest"
	"causalgrad/theory/verdict"

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
	tables  []string
}

// allTables is what --tables without names asks for.
const allTables = "all"

// anyPort is where --serve without an address listens.
const anyPort = "127.0.0.1:0"

func newReport() *cobra.Command {
	var o reportOptions
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Train, verify and judge every claim; write the page, tables and figures",
		Long: `report trains the quick runs and Algorithm 1's ladder, verifies the official
values, runs the laws, searches and certifies where the theory asks for it, and
judges every claim on what it found. Where golden/runs has the recorded runs of
the paper's sizes, they are judged, and the quick runs beside them show that this
machine reproduces its golden bits. It prints a line a claim and what was found,
and saves in a folder: index.html (opens from disk), tables in every format,
figures as SVG, PNG and PDF, the runs' records, junit.xml and manifest.json.

  --tables[=A,B] prints the tables too, or those named, by their file names
  --records DIR  reports on the records in DIR (of reproduce) alone, without
                 training, with the parts that take seconds; the other claims are
                 "not run"; may be given several times
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
  causalgrad report --tables=losses,edges
  causalgrad report --records reports/out/records --folder full
  causalgrad report --all --records golden/runs/default --records golden/runs/full --records golden/runs/checks
  causalgrad report --check reports/out`,
		Args: noArguments,
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
				if err := refuseOthers(cmd, "--check", append(outputFlags, "check", "serve")...); err != nil {
					return err
				}
				return o.runCheck(cmd)
			}
			if len(o.records) == 0 {
				if err := refuseIgnored(cmd, "--records DIR", "all"); err != nil {
					return err
				}
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
	f.StringSliceVar(&o.tables, "tables", nil, "print these tables too, by their file names; without names all of them")
	f.Lookup("tables").NoOptDefVal = allTables
	f.StringVar(&o.serve, "serve", "", "show the page on this loopback address")
	f.Lookup("serve").NoOptDefVal = anyPort
	cmd.MarkFlagsMutuallyExclusive("parts", "all")
	cmd.MarkFlagsMutuallyExclusive("tables", "table")
	return cmd
}

// run makes a report.
func (o *reportOptions) run(cmd *cobra.Command) error {
	start := time.Now()
	if os.Getenv("GOGC") == "" {
		defer debug.SetGCPercent(debug.SetGCPercent(400)) // a tenth of the processor time for some hundred MB
	}
	bars := newProgress(cmd.ErrOrStderr())
	defer bars.wait()
	m, err := manifest.New()
	if err != nil {
		return err
	}
	if info, err := os.Stat(o.folder); err == nil && !info.IsDir() {
		return fmt.Errorf("--folder %s: not a directory", o.folder)
	}
	if err := durable.Check(filepath.Join(o.folder, report.PageName)); err != nil {
		return fmt.Errorf("--folder: %w", err)
	}
	plan := report.Plan{Seed: o.seed, Parts: o.plannedParts()}
	if err := plan.Check(); err != nil {
		return err
	}
	for _, name := range o.named() {
		if known := plan.Tables(); name != allTables && !slices.Contains(known, name) {
			return o.noTable(name, known)
		}
	}
	var trained []report.Run
	recorded := o.records
	if len(o.records) == 0 {
		recorded = committedFolders()
		if trained, err = trainQuick(cmd.Context(), bars, len(recorded) > 0); err != nil {
			return err
		}
	}
	quick := len(trained)
	if len(recorded) > 0 {
		if err := planFolders(recorded); err != nil {
			return err
		}
		loaded, err := report.LoadRuns(recorded...)
		if err != nil {
			return err
		}
		trained = append(trained, loaded...)
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
	o.preface = o.summary(cmd, r, trained, quick)
	shown, err := o.shown(r.Tables)
	if err != nil {
		return err
	}
	if err := o.write(cmd, nil, shown...); err != nil {
		return err
	}
	if err := ci.Emit(cmd.ErrOrStderr(), os.Getenv, r.Entries); err != nil {
		return err
	}
	if n := gathered.Undrawn(); n > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "causalgrad: report: %d of your runs have no figures, which are for the first ones; --records on fewer of them draws the others\n", n)
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

// summary is what a person sees: a line a claim, three findings, what it rests on.
func (o *reportOptions) summary(cmd *cobra.Command, r report.Report, trained []report.Run, quick int) string {
	var paint func(verdict.Verdict, string) string
	if o.out == "" && isTerminal(cmd.OutOrStdout()) {
		paint = table.Painted
	}
	var b strings.Builder
	b.WriteString(claim.Summary(r.Claims, paint) + "\n")
	for _, sentence := range claim.Findings(r.Claims) {
		b.WriteString(table.Wrapped(sentence, textWidth(cmd.OutOrStdout())))
	}
	b.WriteString(table.Wrapped(fmt.Sprintf("%s. They rest on the parts computed here and on %s. The page is %s.",
		claim.Counts(r.Claims), provenance(trained, quick), filepath.Join(o.folder, report.PageName)), textWidth(cmd.OutOrStdout())))
	if len(o.tables) > 0 {
		b.WriteString("\n")
	}
	return b.String()
}

// provenance says which runs were recorded and which, the first ones, were trained just
// now, and how many of these have the bits that the program ships.
func provenance(all []report.Run, quick int) string {
	var recorded []experiment.Record
	same := 0
	for i, run := range all {
		if i >= quick {
			recorded = append(recorded, run.Record)
		} else if golden, err := runs.Golden(run.Record.Spec.ID); err == nil && golden.WeightsHash == run.Record.WeightsHash {
			same++
		}
	}
	text := words.Counted(len(recorded), "recorded run")
	if len(recorded) > 0 {
		text += " (" + claim.Sizes(recorded) + ")"
	}
	if quick == 0 {
		return text
	}
	return fmt.Sprintf("%s and %s, trained here just now (golden bits: %d of %d)", text, words.Counted(quick, "quick run"), same, quick)
}

// shown are the tables that are printed. As text on standard output those that --tables
// names, long ones shortened, for the folder has them whole; otherwise those
// named, or all of them.
func (o *reportOptions) shown(all []table.Table) ([]table.Table, error) {
	text := o.format == string(table.FormatText) && !o.intoFolder()
	names := o.named()
	if len(names) == 0 && !text {
		names = []string{allTables}
	}
	var shown []table.Table
	for _, name := range names {
		i := slices.IndexFunc(all, func(t table.Table) bool { return t.ID == name })
		switch {
		case name == allTables:
			shown = append(shown, all...)
		case i >= 0:
			shown = append(shown, all[i])
		default:
			var known []string
			for _, t := range all {
				known = append(known, t.ID)
			}
			return nil, o.noTable(name, known)
		}
	}
	if !text || o.out != "" {
		return shown, nil
	}
	for i, t := range shown {
		shown[i] = t.Brief(longest, filepath.Join(o.folder, "tables", t.ID+".txt"))
	}
	return shown, nil
}

// named are the tables that --table or --tables asks for.
func (o *reportOptions) named() []string {
	if o.table != "" {
		return []string{o.table}
	}
	return o.tables
}

func (o *reportOptions) noTable(name string, known []string) error {
	flag := "--tables"
	if o.table != "" {
		flag = "--table"
	}
	return fmt.Errorf("%s %s: this report has no such table, want some of %s%s", flag, name, strings.Join(known, ", "), suggest.Meant(name, known...))
}

// committedFolders are the recorded runs of the paper's sizes, where the command runs
// beside them.
func committedFolders() []string {
	var found []string
	for _, name := range []string{"default", "full", "checks"} {
		folder := filepath.Join("golden", "runs", name)
		if info, err := os.Stat(folder); err == nil && info.IsDir() {
			found = append(found, folder)
		}
	}
	return found
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
	if err := o.write(cmd, saying(report.CheckAnswer(o.check, differences, files)), report.CheckTable(o.check, differences, files)); err != nil {
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
	folder := o.folder
	if o.check != "" {
		folder = o.check
	}
	return page.Serve(cmd.Context(), o.serve, document, os.DirFS(folder), func(url string) {
		fmt.Fprintf(cmd.ErrOrStderr(), "the page is on %s until you press Ctrl-C\n", url)
	})
}

// trainQuick trains the quick runs and, where nothing is recorded, at their quick size
// the two experiments that none of them stands in for.
func trainQuick(ctx context.Context, bars *progress, recorded bool) ([]report.Run, error) {
	specs, err := runs.Quick()
	if err != nil {
		return nil, err
	}
	if !recorded {
		small, err := runs.Plan{IDs: []string{"multi-parent", "mlp-chain"}, Size: experiment.QuickSize}.Specs()
		if err != nil {
			return nil, err
		}
		specs = append(specs, small...)
	}
	var parallel experiment.Parallel
	bars.watch(specs, &parallel)
	return report.Train(ctx, specs, parallel)
}

// steps is a bar over the work of a report's parts, and without a terminal a line for
// each part that begins.
func steps(bars *progress) report.Step {
	var move func(step int)
	return func(part string, done, of int) {
		if bars.container == nil {
			if part != "" {
				bars.note(fmt.Sprintf("report: %d%% done, %s begins", 100*done/of, part))
			}
			return
		}
		if move == nil {
			move = bars.bar("report", of)
		}
		move(done)
	}
}
