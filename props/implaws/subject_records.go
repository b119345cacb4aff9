package implaws

import (
	"causalgrad/impl/experiment"
	"causalgrad/props"
)

// The capabilities around training runs: descriptions, runs and the store of
// their records. They are in-process only: the protocol of package conform has
// no words for them, so the laws do not apply to a subject behind a command.
const (
	CanSpecify props.Capability = "specify" // Specifier
	CanPlan    props.Capability = "plan"    // Planner
	CanRun     props.Capability = "run"     // Runner
	CanStore   props.Capability = "store"   // Archivist
)

// Specifier reads, checks and names descriptions of training runs.
type Specifier interface {
	// ReadSpec reads a spec's file, YAML or JSON (.json), and refuses an invalid
	// spec with an error that names the field.
	ReadSpec(file string) (experiment.Spec, error)
	// HashSpec is the name under which a valid spec's record is kept, and the
	// error of an invalid one.
	HashSpec(s experiment.Spec) (string, error)
}

// Planner lists the paper's experiments: the single ones, one of many-graphs
// and a quick run for each forest (parents of T-1 positions), at a size
// ("quick", "default" or "full"), each with the seeds 1 to seeds.
type Planner interface {
	Plan(size string, forests [][]int, seeds int) ([]experiment.Spec, error)
}

// RunOptions is what runs may vary without changing a bit of their records.
type RunOptions struct {
	Folder  string    // of a store; empty for none
	Cores   int       // runs at a time, below 0 as many as processors; 0 means one after the other, without a scheduler
	Workers int       // goroutines of a run where Cores is 0
	Memory  int64     // bytes for all runs together, where Cores is not 0; 0 means the default
	Again   bool      // train what the store holds too, and compare
	Stop    int       // cancel once this many steps were taken in all; 0 means never
	Look    func()    // called after every step, one call at a time; may be nil
	Initial []float64 // parameters to start from, where Cores is 0 and Folder is empty
}

// Ran is what a run left.
type Ran struct {
	Record experiment.Record
	Params []float64 // trained, in the layout of package model
	Steps  int       // steps that were taken for it this time: 0 if it was found in the store
	Size   int       // parameters of the spec's model
}

// Runner runs specs and measures parameters.
type Runner interface {
	// RunSpecs returns what each spec's run left, in order. A run that is stopped
	// is an error.
	RunSpecs(specs []experiment.Spec, o RunOptions) ([]Ran, error)
	// MeasureSpec is the record of given parameters on the spec's task.
	MeasureSpec(s experiment.Spec, params []float64, workers int) (experiment.Record, error)
}

// Found is what a store has of a spec.
type Found struct {
	Record  *experiment.Record // nil without an intact record
	Weights []float64          // nil where the weights are missing or not the record's
	State   experiment.State
	Reason  string   // why it failed or is damaged
	Notes   []string // what was told of files that are not believed, a line each
}

// Archivist keeps records in a folder.
type Archivist interface {
	// Keep adds a record. An error wraps experiment.ErrMismatch where the folder
	// holds other bits for the spec.
	Keep(folder string, r experiment.Record, params []float64) error
	// Find tells what the folder has of a spec.
	Find(folder string, s experiment.Spec) (Found, error)
	// FindAll lists the intact records in the folder.
	FindAll(folder string) ([]experiment.Record, error)
	// NoteFailure keeps the error of a spec's run, or forgets it where the text
	// is empty.
	NoteFailure(folder string, s experiment.Spec, text string) error
}
