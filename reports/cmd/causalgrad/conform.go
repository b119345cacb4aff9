package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"causalgrad/props"
	"causalgrad/props/conform"
	"causalgrad/reports/ci"
	"causalgrad/reports/evidence"
	"causalgrad/reports/table"
	"causalgrad/theory/userfile"

	"github.com/spf13/cobra"
)

// conformOptions are the flags of conform.
type conformOptions struct {
	output
	laws    []string
	seed    uint64
	draws   int
	shrinks int
	timeout time.Duration
	slow    time.Duration
	each    bool
	compare bool
	failed  bool
	newFile string
	report  string
	junit   string
	ops     []string
}

func newConform() *cobra.Command {
	var o conformOptions
	cmd := &cobra.Command{
		Use:   "conform [flags] [-- COMMAND [ARG...]]",
		Short: "Run the laws on the built-in implementation, or on one behind a command",
		Long: `conform draws random cases, asks an implementation about them and checks the
laws on its answers. Without a command it is this program's own implementation.

After -- stands a command that answers requests, one line of JSON each, on its
standard input and output; "go doc causalgrad/props/conform" describes the
protocol, and props/conform/adapters has examples. A law whose
capability the command lacks, or whose cases it does not cover, is "not tried",
never "passed".

Failures are grouped by their likely cause. Where the answers behind a failure are
those of a known mistake (causalgrad list faults), or a sampler draws as with one,
or the answers fit single precision, a hint says so.

--new FILE writes an adapter in Python to be filled in, with the operations of --op.

With --compare the arguments are files that --format json wrote, and the table
shows every law on every implementation.

Ctrl-C and SIGTERM end the run with the laws judged so far.

The exit code is 1 when a law fails, 2 when the command cannot be started, has no
capability or covers no law's cases, 130 and 143 when a signal ended the run.`,
		Example: `  causalgrad conform
  causalgrad conform -- python3 props/conform/adapters/numpy_theory.py
  causalgrad conform --law first-step-definition --seed 7 -- ./mine --fast
  causalgrad conform --format json -o mine.json -- ./mine
  causalgrad conform --report findings.md -- ./mine
  causalgrad conform --junit laws.xml -- ./mine
  causalgrad conform --new mine.py --op evaluate,attend
  causalgrad conform --compare mine.json builtin.json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if o.newFile != "" {
				if err := refuseOthers(cmd, "--new", "new", "op"); err != nil {
					return err
				}
				return o.runNew(cmd, args)
			}
			if o.compare {
				if err := refuseOthers(cmd, "--compare", append(outputFlags, "compare", "failed")...); err != nil {
					return err
				}
				return o.runCompare(cmd, args)
			}
			if dash := cmd.ArgsLenAtDash(); len(args) > 0 && dash != 0 {
				return fmt.Errorf("argument %q: the command goes after --", args[0])
			} else if dash == 0 && len(args) == 0 {
				return errors.New("no command after --")
			}
			if len(args) == 0 {
				if err := refuseIgnored(cmd, "a command after --", "timeout", "slow"); err != nil {
					return err
				}
			}
			if err := errors.Join(refuseIgnored(cmd, "--new FILE", "op"), refuseIgnored(cmd, "--compare", "failed")); err != nil {
				return err
			}
			return o.run(cmd, args)
		},
	}
	o.flags(cmd, "laws", "conform", "findings", "not-tried", "coverage", "implementations", "laws-by-implementation")
	f := cmd.Flags()
	f.StringArrayVar(&o.laws, "law", nil, "run this law alone; repeat for several (default all; list laws shows them)")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the draws")
	f.IntVar(&o.draws, "draws", props.DefaultDraws, "draws of a cheap law; costly laws take fewer, in proportion")
	f.IntVar(&o.shrinks, "shrinks", props.DefaultShrinks,
		"smaller cases tried after a cheap law fails; costly laws try fewer, in proportion; 0 is none")
	f.DurationVar(&o.timeout, "timeout", conform.DefaultTimeout,
		"how long the command may take for one answer; to start it may take a minute, or longer where this is longer")
	f.DurationVar(&o.slow, "slow", 0, "note an answer that takes longer (default half of --timeout)")
	f.BoolVar(&o.each, "each", false, "also list every law and every failure, and count the conditions that the draws met")
	f.StringVar(&o.report, "report", "", "also write the findings as a document, FILE.md or FILE.html: what to open an issue with")
	f.StringVar(&o.junit, "junit", "", "also write the laws as a JUnit report to this file, a test case each")
	f.StringVar(&o.newFile, "new", "", "write an adapter in Python to be filled in to this file, which must not be there yet")
	f.StringSliceVar(&o.ops, "op", nil, "with --new, these operations alone (default all)")
	f.BoolVar(&o.compare, "compare", false, "compare files that --format json wrote")
	f.BoolVar(&o.failed, "failed", false, "with --compare, list only the laws that some implementation fails")
	return cmd
}

// run checks the laws on the subject behind command, or the built-in one.
func (o *conformOptions) run(cmd *cobra.Command, command []string) error {
	laws, err := selectLaws(o.laws)
	if err != nil {
		return err
	}
	if o.draws < 1 || o.draws > maxDraws {
		return fmt.Errorf("--draws %d: want 1 to %d", o.draws, maxDraws)
	}
	if o.shrinks < 0 || o.shrinks > maxShrinks {
		return fmt.Errorf("--shrinks %d: want 0 to %d", o.shrinks, maxShrinks)
	}
	if err := o.checkReport(); err != nil {
		return err
	}
	if o.timeout <= 0 || o.slow < 0 {
		return fmt.Errorf("--timeout %v, --slow %v: want positive durations", o.timeout, o.slow)
	}
	bars := newProgress(cmd.ErrOrStderr())
	defer bars.wait()
	incidents := &incidents{out: bars.above(cmd.ErrOrStderr())}
	subject, end, err := o.start(cmd.Context(), command, incidents)
	if err != nil {
		return err
	}
	defer end()
	options := props.Options{Draws: o.draws, Seed: o.seed, Shrinks: o.shrinkBudget(), Workers: runtime.GOMAXPROCS(0)}
	results, hints := judged(cmd.Context(), laws, subject, options, bars.bar("laws", len(laws)))
	bars.wait()
	document := evidence.NewConformance(evidence.Run{Subject: subject, Options: options, Results: results, Hints: hints,
		Unjudged: len(laws) - len(results), Incidents: incidents.lines, Program: program, Behind: o.behind(command)})
	if o.report != "" {
		if err := o.writeReport(document); err != nil {
			return err
		}
	}
	if o.junit != "" {
		if err := writeXML(o.junit, func(w io.Writer) error { return ci.Laws(w, document) }); err != nil {
			return err
		}
	}
	o.preface = document.Failures(o.each)
	if err := o.write(cmd, document, document.Tables(o.each)...); err != nil {
		return err
	}
	if cmd.Context().Err() != nil {
		return halted(fmt.Sprintf("with %d of %d laws judged and printed; the same command starts again", len(results), len(laws)))
	}
	switch {
	case !document.Holds():
		return errFails
	case document.Counts.Passed == 0:
		return fmt.Errorf("%s: no law could be tried, so nothing is known of it", subject.Name())
	}
	return nil
}

// shrinkBudget is --shrinks as props.Options says it.
func (o *conformOptions) shrinkBudget() int {
	switch o.shrinks {
	case props.DefaultShrinks:
		return 0
	case 0:
		return -1
	}
	return o.shrinks
}

// start is the subject and what ends it.
func (o *conformOptions) start(ctx context.Context, command []string, seen *incidents) (props.Subject, func(), error) {
	if len(command) == 0 {
		return props.Builtin(), func() {}, nil
	}
	s, err := conform.Start(ctx, command, conform.Options{Timeout: o.timeout, Slow: o.slow, Note: seen.note})
	if err != nil {
		return nil, nil, err
	}
	return s, s.Close, nil
}

// behind is the end of a replay command.
func (o *conformOptions) behind(command []string) string {
	if len(command) == 0 {
		return ""
	}
	text := ""
	if o.timeout != conform.DefaultTimeout {
		text = fmt.Sprintf(" --timeout %v", o.timeout)
	}
	text += " --"
	for _, word := range command {
		text += " " + shellWord(word)
	}
	return text
}

// selectLaws are the laws of those ids in the order of all laws, all of them
// when there is no id.
func selectLaws(ids []string) ([]props.Law, error) {
	if len(ids) == 0 {
		return props.All(), nil
	}
	if _, err := chosen("law", "laws", ids, props.Find); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(props.All(), func(l props.Law) bool { return !slices.Contains(ids, l.ID) }), nil
}

// incidents prints what a command does wrong, as it happens, and keeps it. The
// same line again is not printed again.
type incidents struct {
	mu    sync.Mutex
	out   io.Writer
	lines []string
}

func (i *incidents) note(line string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !slices.Contains(i.lines, line) {
		i.lines = append(i.lines, line)
		fmt.Fprintln(i.out, "causalgrad: "+line)
	}
}

// runNew writes the skeleton of an adapter.
func (o *conformOptions) runNew(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("argument %q: --new takes none", args[0])
	}
	var operations []props.Capability
	for _, op := range o.ops {
		operations = append(operations, props.Capability(op))
	}
	text, err := conform.Skeleton(filepath.Base(o.newFile), operations)
	if err != nil {
		return fmt.Errorf("--op: %w", err)
	}
	file, err := os.OpenFile(o.newFile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("--new: %w", err)
	}
	_, err = file.WriteString(text)
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("--new: %w", err)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: fill in its functions, then run: %s conform -- python3 %s\n",
		o.newFile, program, shellWord(o.newFile))
	return err
}

// runCompare tabulates files of earlier runs.
func (o *conformOptions) runCompare(cmd *cobra.Command, files []string) error {
	if len(files) == 0 {
		return errors.New("--compare: no files, want some that conform --format json wrote")
	}
	if err := planDocuments(files, bytesInFields); err != nil {
		return err
	}
	var runs []evidence.Conformance
	for _, name := range files {
		text, err := userfile.Read(name, maxTextSize)
		if err != nil {
			return userfile.Error(name, err)
		}
		c, err := evidence.ReadConformance(name, text)
		if err != nil {
			return err
		}
		runs = append(runs, c)
	}
	summary, laws, err := evidence.CompareConformance(runs, o.failed)
	if err != nil {
		return err
	}
	if err := o.write(cmd, nil, []table.Table{summary.Table, laws.Table}...); err != nil {
		return err
	}
	if !summary.Holds {
		return errFails
	}
	return nil
}
