package implaws

import (
	"causalgrad/impl/experiment"
	"causalgrad/impl/sweep"
	"causalgrad/props"
)

// The capabilities around grids of runs, in-process only.
const (
	CanGrid   props.Capability = "grid"   // Gridder
	CanSweep  props.Capability = "sweep"  // Sweeper
	CanSubmit props.Capability = "submit" // Submitter
)

// Grid is what a sweep file expands to.
type Grid struct {
	Specs      []experiment.Spec
	Hashes     []string // of the specs
	Labels     []string // what sets each spec apart from the others
	Varied     []string // the fields that do
	Duplicates int      // specs that came up again
	Invalid    string   // why a spec is not valid, empty if all are
}

// Gridder expands sweep files and deals their cells out.
type Gridder interface {
	// ExpandGrid reads a sweep file, YAML or JSON (.json).
	ExpandGrid(file string) (Grid, error)
	// DealCells lists the places, from 0, of the cells that a shard ("i/n", or
	// empty for the whole) has of so many.
	DealCells(cells int, shard string) ([]int, error)
}

// Swept is what a sweep's folder has of a grid, cell by cell.
type Swept struct {
	Records []*experiment.Record // nil where there is no intact one
	States  []experiment.State
	Reasons []string
	Counts  map[experiment.State]int
	Order   []experiment.State // in which states are reported, all of them
	Pending []int              // places of the cells that are to be computed, the failed ones left out
}

// Sweeper runs grids and tells how far they are.
type Sweeper interface {
	// SweepGrid runs those of a shard's cells that have no record yet, and failed
	// ones only if again is set, so many at a time. It returns the places in the
	// grid of those that failed.
	SweepGrid(file, folder, shard string, cores int, again bool) ([]int, error)
	// SurveyGrid tells what the folder has of a grid.
	SurveyGrid(file, folder string) (Swept, error)
}

// Answer stands in for Slurm: it is given the words of a command line and
// returns what the command prints. nil means the machine's own Slurm.
type Answer func(words []string) (string, error)

// Submitter writes job arrays.
type Submitter interface {
	// SubmitGrid submits all cells of a grid. Folder is the store's.
	SubmitGrid(file, folder, program string, r sweep.Resources, slurm Answer) (sweep.Submission, error)
	// TaskCells are the specs of task k, from 1, of a submission's file of tasks.
	TaskCells(file string, k int) ([]experiment.Spec, error)
	// Queued tells of each cell of a grid whether the queue makes it queued.
	Queued(file, folder string, slurm Answer) ([]bool, error)
}
