package sweep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"causalgrad/impl/experiment"
)

// InQueue is Scheduler.InQueue with the commands of this machine.
func InQueue(ctx context.Context, records string) (map[string]bool, error) {
	return Scheduler(slurm).InQueue(ctx, records)
}

// InQueue returns the hashes of the cells whose Slurm task, of any submission
// from this store, waits or runs, or may do so (Submission.Array). It asks Slurm
// once a cluster, and not at all where nothing was submitted.
func (run Scheduler) InQueue(ctx context.Context, records string) (map[string]bool, error) {
	submissions, err := readSubmissions(filepath.Join(records, "slurm"))
	if err != nil {
		return nil, err
	}
	tasks := map[string]map[string][]int{} // of each cluster and job
	queued := map[string]bool{}
	for _, s := range submissions {
		own, asked := tasks[s.Cluster]
		if !asked && s.Array != "" {
			if own, err = run.tasks(ctx, s.Cluster); err != nil {
				return nil, err
			}
			tasks[s.Cluster] = own
		}
		if err := s.addQueued(queued, own); err != nil {
			return nil, err
		}
	}
	return queued, nil
}

// tasks are the tasks of this user's jobs on a cluster, "" for the machine's own.
func (run Scheduler) tasks(ctx context.Context, cluster string) (map[string][]int, error) {
	words := []string{"squeue", "--me", "-h", "-r", "-o", "%i"} // -r: a line for each task, also for those that wait
	if cluster != "" {
		words = append(words, "-M", cluster)
	}
	answer, err := run(ctx, words...)
	if err != nil {
		return nil, err
	}
	return tasksIn(answer), nil
}

// tasksIn are the tasks by job in an answer of squeue.
func tasksIn(answer string) map[string][]int {
	tasks := map[string][]int{}
	for _, word := range strings.Fields(answer) {
		job, task, _ := strings.Cut(word, "_")
		if k, err := strconv.Atoi(task); err == nil {
			tasks[job] = append(tasks[job], k)
		}
	}
	return tasks
}

// readSubmissions reads all that a store's folder "slurm" holds; what never got to
// Slurm is left out.
func readSubmissions(folder string) ([]Submission, error) {
	names, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var all []Submission
	for _, entry := range names {
		name := filepath.Join(folder, entry.Name(), jobsFile)
		data, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		s, err := decodeSubmission(name, data)
		if err != nil {
			return nil, err
		}
		s.Folder = filepath.Dir(name) // the store may have moved
		all = append(all, s)
	}
	return all, nil
}

// decodeSubmission reads the file of a submission.
func decodeSubmission(name string, data []byte) (Submission, error) {
	var s Submission
	if err := json.Unmarshal(data, &s); err != nil || s.Schema != submissionSchema {
		return Submission{}, fmt.Errorf("%s: not of this program", name)
	}
	return s, nil
}

// addQueued adds the cells of those of the submission's tasks that are in the
// queue, or all where nobody knows.
func (s Submission) addQueued(queued map[string]bool, tasks map[string][]int) error {
	if s.Array != "" && len(tasks[s.Array]) == 0 {
		return nil
	}
	all, err := readChunks(filepath.Join(s.Folder, chunksFile))
	if err != nil {
		return err
	}
	for i, cells := range all {
		if s.Array != "" && !slices.Contains(tasks[s.Array], i+1) {
			continue
		}
		for _, c := range cells {
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
