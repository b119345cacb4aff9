package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"

	"causalgrad/props"
	"causalgrad/props/fault"
	"causalgrad/props/gen"
	"causalgrad/reports/evidence"
	"causalgrad/reports/table"
	"causalgrad/reports/words"
	"causalgrad/theory/suggest"

	"github.com/spf13/cobra"
)

// faultsSchema names the JSON document of the command and its version.
const faultsSchema = "causalgrad/faults/1"

// censusDraws is the number of draws of each kind in the table of generators.
const censusDraws = 1500

// faultsDocument is the JSON answer. Everything but the seconds is a function
// of the flags.
type faultsDocument struct {
	Schema      string       `json:"schema"`
	Faults      []faultEntry `json:"faults"`
	Laws        []lawCatches `json:"laws"`
	FalseAlarms int          `json:"false_alarms"`
	Alarms      []alarmEntry `json:"alarms"`
	Seeds       int          `json:"seeds"` // of the unbroken subject: the ones after Seed
	Seed        uint64       `json:"seed"`  // of the mistakes
	Matrix      bool         `json:"matrix"`
	Generators  []gen.Share  `json:"generators"`
}

type faultEntry struct {
	ID          string   `json:"id"`
	Description string   `json:"description"`
	CaughtBy    []string `json:"caught_by"` // without --matrix: the first
	Expected    []string `json:"expected"`
	Draws       int      `json:"draws"`
	Seconds     float64  `json:"seconds"`
}

type lawCatches struct {
	ID     string `json:"id"`
	Caught int    `json:"caught"`
}

type alarmEntry struct {
	Law    string `json:"law"`
	Seed   uint64 `json:"seed"`
	Replay string `json:"replay"`
}

// Answer says whether every mistake is caught, no alarm is false and every class of
// case occurs often enough.
func (d faultsDocument) Answer() string {
	var missed, rare []string
	for _, f := range d.Faults {
		if len(f.CaughtBy) == 0 {
			missed = append(missed, f.ID)
		}
	}
	for _, g := range d.Generators {
		if !g.Enough() {
			rare = append(rare, g.Kind+" "+g.Class)
		}
	}
	text := fmt.Sprintf("Caught: %d of %s", len(d.Faults)-len(missed), words.Counted(len(d.Faults), "planted mistake"))
	if len(missed) > 0 {
		text += ", not " + words.Few(missed)
	}
	if d.Seeds > 0 {
		text += fmt.Sprintf("; false alarms on the unbroken implementation in %s: %d", words.Counted(d.Seeds, "seed"), d.FalseAlarms)
	}
	if len(rare) > 0 {
		return text + "; drawn too rarely: " + words.Few(rare) + "."
	}
	return text + "; every class of case is drawn often enough."
}

func newFaults() *cobra.Command {
	var o output
	options := fault.Options{}
	var mistakes, laws []string
	cmd := &cobra.Command{
		Use:   "faults",
		Short: "Sensitivity: which law catches which planted mistake",
		Long: `faults tests the laws themselves. It plants every known mistake in the built-in
implementation, one at a time, and runs the laws that should catch it, then the
others, until one does. It runs all laws on the unbroken implementation with
fresh seeds, where each failure is a false alarm. And it counts how often the
laws' generators draw each class of graphs, chains and parameters.

--matrix asks every law about every planted mistake, which takes several minutes.

The exit code is 1 when a mistake is not caught, an alarm is false or a class is
drawn too rarely.`,
		Example: `  causalgrad faults
  causalgrad faults --matrix --seeds 0 --format markdown
  causalgrad faults --mistake signal-transposed --matrix
  causalgrad faults --seed 7 --format json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if options.Seeds < 0 || options.Seeds > maxSeeds {
				return fmt.Errorf("--seeds %d: want 0 to %d", options.Seeds, maxSeeds)
			}
			if options.Draws < 1 || options.Draws > maxDraws {
				return fmt.Errorf("--draws %d: want 1 to %d", options.Draws, maxDraws)
			}
			if options.Workers < 0 || options.Workers > maxWorkers {
				return fmt.Errorf("--workers %d: want 0 to %d", options.Workers, maxWorkers)
			}
			var err error
			if options.Mistakes, err = chosen("mistake", "faults", mistakes, fault.Find); err != nil {
				return err
			}
			if options.Laws, err = chosen("law", "laws", laws, props.Find); err != nil {
				return err
			}
			return runFaults(cmd, options, o)
		},
	}
	o.flags(cmd, "faults", "law-catches", "false-alarms", "generators")
	f := cmd.Flags()
	f.Uint64Var(&options.Seed, "seed", 1, "seed of the draws on the mistakes; the unbroken implementation gets the seeds after it")
	f.IntVar(&options.Seeds, "seeds", 20, "fresh seeds for the unbroken implementation")
	f.BoolVar(&options.All, "matrix", false, "ask every law about every mistake")
	f.StringSliceVar(&mistakes, "mistake", nil, "these planted mistakes alone")
	f.StringSliceVar(&laws, "law", nil, "these laws alone")
	f.IntVar(&options.Draws, "draws", props.DefaultDraws, "draws of a cheap law, the others in proportion")
	f.IntVar(&options.Workers, "workers", 0, "runs at a time; 0 is one a processor; never changes the result")
	return cmd
}

// chosen looks up the names that a flag gives of a kind that list knows; nil, for all,
// where there are none.
func chosen[V any](flag, kind string, names []string, find func(string) (V, bool)) ([]V, error) {
	var all []V
	for _, name := range names {
		v, ok := find(name)
		if !ok {
			return nil, fmt.Errorf("--%s %q: there is none of that name; causalgrad list %s shows them%s", flag, name, kind, suggest.Meant(name, listedNames(kind)...))
		}
		all = append(all, v)
	}
	return all, nil
}

// maxSeeds, maxDraws and maxShrinks bound what can be asked for by mistake: a
// day's work.
const (
	maxSeeds   = 10000
	maxDraws   = 100000
	maxWorkers = 1024
	maxShrinks = 1000000
)

func runFaults(cmd *cobra.Command, options fault.Options, o output) error {
	if options.Workers == 0 {
		options.Workers = runtime.GOMAXPROCS(0)
	}
	bars := newProgress(cmd.ErrOrStderr())
	parts := len(options.Mistakes)
	if options.Mistakes == nil {
		parts = len(fault.All())
	}
	step := bars.bar("mistakes", parts+options.Seeds)
	options.Done = func(done, _ int) { step(done) }
	seconds := map[string]float64{}
	var lock sync.Mutex
	options.Around = func(m *fault.Mistake, search func()) {
		start := time.Now()
		search()
		lock.Lock()
		defer lock.Unlock()
		seconds[m.ID] = time.Since(start).Seconds()
	}
	start := time.Now()
	m, err := fault.Sensitivity(cmd.Context(), options)
	bars.wait()
	if err != nil {
		return err
	}
	caught, alarms, drawn := evidence.Sensitivity(m, seconds), evidence.FalseAlarms(m), evidence.Generators(1, censusDraws)
	caught.Table.Note(fmt.Sprintf("%.1f seconds in all, on %d workers, the unbroken runs included", time.Since(start).Seconds(), options.Workers))
	tables := []table.Table{caught.Table}
	if m.Complete {
		tables = append(tables, evidence.LawCatches(m))
	}
	if options.Seeds > 0 {
		tables = append(tables, alarms.Table)
	}
	if err := o.write(cmd, newFaultsDocument(m, seconds), append(tables, drawn.Table)...); err != nil {
		return err
	}
	if !caught.Holds || !alarms.Holds || !drawn.Holds {
		return errFails
	}
	return nil
}

func newFaultsDocument(m fault.Matrix, seconds map[string]float64) faultsDocument {
	d := faultsDocument{Schema: faultsSchema, FalseAlarms: len(m.FalseAlarms()), Alarms: []alarmEntry{},
		Seeds: len(m.Unbroken), Seed: m.Seed, Matrix: m.Complete, Generators: gen.Census(1, censusDraws)}
	for _, r := range m.Rows {
		d.Faults = append(d.Faults, faultEntry{r.Mistake.ID, r.Mistake.Description, append([]string{}, r.Caught...),
			append([]string{}, r.Mistake.Expect...), r.Draws, seconds[r.Mistake.ID]})
	}
	for i, n := range m.Catches() {
		d.Laws = append(d.Laws, lawCatches{m.Laws[i].ID, n})
	}
	for _, u := range m.Unbroken {
		for _, a := range u.Alarms {
			d.Alarms = append(d.Alarms, alarmEntry{a.Law.ID, u.Seed, a.Replay(program)})
		}
	}
	return d
}
