package sweep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"causalgrad/impl/experiment"
)

// InQueue is Scheduler.InQueue with the commands of this machine.
func InQueue(ctx context.Context, records string) (map[string]bool, error) {
	return Scheduler(slurm).InQueue(ctx, records)
}

// InQueue returns the hashes of the cells whose Slurm task, of any submission
// from this store, waits or runs. It asks Slurm once, and not at all where
// nothing was submitted.
func (run Scheduler) InQueue(ctx context.Context, records string) (map[string]bool, error) {
	names, err := os.ReadDir(filepath.Join(records, "slurm"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	// -r: a line for each task, also for those that wait
	answer, err := run(ctx, "squeue", "--me", "-h", "-r", "-o", "%i")
	if err != nil {
		return nil, err
	}
	tasks := map[string][]int{} // of each job
	for _, word := range strings.Fields(answer) {
		job, task, _ := strings.Cut(word, "_")
		if k, err := strconv.Atoi(task); err == nil {
			tasks[job] = append(tasks[job], k)
		}
	}
	queued := map[string]bool{}
	for _, name := range names {
		if err := addQueued(queued, filepath.Join(records, "slurm", name.Name()), tasks); err != nil {
			return nil, err
		}
	}
	return queued, nil
}

// addQueued adds the cells of one submission.
func addQueued(queued map[string]bool, folder string, tasks map[string][]int) error {
	data, err := os.ReadFile(filepath.Join(folder, jobsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // never got to Slurm
	}
	if err != nil {
		return err
	}
	var s Submission
	if err := json.Unmarshal(data, &s); err != nil || s.Schema != submissionSchema {
		return fmt.Errorf("%s: not of this program", filepath.Join(folder, jobsFile))
	}
	if len(tasks[s.Array]) == 0 {
		return nil
	}
	all, err := readChunks(filepath.Join(folder, chunksFile))
	if err != nil {
		return err
	}
	for _, k := range tasks[s.Array] {
		if k < 1 || k > len(all) {
			continue // a job of another cluster with the same number
		}
		for _, c := range all[k-1] {
			queued[c.Hash] = true
		}
	}
	return nil
}

// MarkQueued makes the cells that nobody has finished and whose task is in the
// queue Queued.
func MarkQueued(cells []Cell, all []Standing, queued map[string]bool) {
	for i, c := range cells {
		if queued[c.Hash] && all[i].State != experiment.Done && all[i].State != experiment.Running {
			all[i] = Standing{State: Queued}
		}
	}
}
