package sweep

import (
	"fmt"
	"io/fs"
	"os"
	"time"

	"causalgrad/impl/experiment"
)

// Pace is how fast cells end, from which follows how long the others take if they go
// on so.
type Pace struct {
	Ended   int     `json:"ended"`   // cells
	Seconds float64 `json:"seconds"` // in which they did
	Open    int     `json:"open"`    // cells that run or wait to
}

// String is the rate and the time left.
func (p Pace) String() string {
	if p.Ended == 0 || p.Seconds <= 0 { // a file system's clock may be ahead of this machine's
		return "the rate is not known yet"
	}
	rate, digits := 60*float64(p.Ended)/p.Seconds, "%.3g"
	if rate >= 1000 { // not 1.23e+03
		digits = "%.0f"
	}
	left := time.Duration(p.Seconds / float64(p.Ended) * float64(p.Open) * float64(time.Second))
	return fmt.Sprintf(digits+" a minute, %v left", rate, left.Round(time.Second))
}

// SlurmPace is the pace of the cells since the last submission from this store, nil
// where nothing was submitted or nothing runs or waits. The clock starts with the first
// of them: the time in which all waited for a node says nothing about the rate.
func SlurmPace(store *experiment.Store, records string, cells []Cell, all []Standing, now time.Time) (*Pace, error) {
	submitted, err := lastSubmission(records)
	counts := Count(all)
	p := Pace{Open: counts[experiment.Running] + counts[Queued]}
	if err != nil || submitted.IsZero() || p.Open == 0 {
		return nil, err
	}
	began := now
	for i, c := range cells {
		if all[i].State != experiment.Done {
			continue
		}
		start, end, err := store.Took(c.Spec)
		if err != nil {
			return nil, fmt.Errorf("cell %d: %w", c.Index, err)
		}
		if end.Before(submitted) {
			continue
		}
		p.Ended++
		if start.Before(began) {
			began = start
		}
	}
	if began.Before(submitted) { // a run that went on from its checkpoint
		began = submitted
	}
	p.Seconds = now.Sub(began).Seconds()
	return &p, nil
}

// lastSubmission is when the last job array was submitted from a store, zero if none
// was.
func lastSubmission(records string) (last time.Time, _ error) {
	folder := os.DirFS(records)
	names, err := fs.Glob(folder, "slurm/*/"+jobsFile)
	if err != nil {
		return last, err
	}
	for _, name := range names {
		info, err := fs.Stat(folder, name)
		if err != nil {
			return last, err
		}
		if info.ModTime().After(last) {
			last = info.ModTime()
		}
	}
	return last, nil
}
