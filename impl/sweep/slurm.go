package sweep

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"causalgrad/impl/durable"
)

// Submission is a job array with the job that merges after it, kept as
// jobs.json in a folder of its own below the store's folder "slurm". The folder
// also holds the grid, the chunks, both scripts, the tasks' and the merge's output and,
// at the end, results.csv and results.json.
type Submission struct {
	Schema string `json:"schema"`
	Folder string `json:"folder"`
	Cells  int    `json:"cells"`
	Tasks  int    `json:"tasks"`
	// Array and Merge are the numbers of the jobs and Cluster the name of theirs,
	// where sbatch gave one. An empty Array is a job that may or may not be in the
	// queue: Answer is then what went wrong, and its cells count as queued until
	// somebody writes the number here or removes the folder.
	Array   string `json:"array_job"`
	Merge   string `json:"merge_job"`
	Cluster string `json:"cluster,omitempty"`
	Answer  string `json:"answer,omitempty"`
}

const submissionSchema = "causalgrad/slurm/1"

// Names of the files of a submission.
const (
	chunksFile = "chunks.jsonl"
	jobsFile   = "jobs.json"
)

// Scheduler runs one of Slurm's commands, the first word, and returns what it
// prints.
type Scheduler func(ctx context.Context, words ...string) (string, error)

// Submit is Scheduler.Submit with the commands of this machine.
func Submit(ctx context.Context, program, records string, g Grid, cells []Cell, r Resources) (Submission, error) {
	return Scheduler(slurm).Submit(ctx, program, records, g, cells, r)
}

// Submit writes a job array for the cells, and the job that merges the whole
// grid when the array has ended in whatever way, and hands both to sbatch.
// Program is the path of this command and records the store's folder; both
// must be the same on all nodes. The specs must be valid.
func (run Scheduler) Submit(ctx context.Context, program, records string, g Grid, cells []Cell, r Resources) (Submission, error) {
	if err := r.validate(); err != nil {
		return Submission{}, err
	}
	if len(cells) == 0 {
		return Submission{}, errors.New("no cells to submit")
	}
	all, err := chunks(cells, r.Chunk)
	if err != nil {
		return Submission{}, err
	}
	records, err = filepath.Abs(records)
	if err != nil {
		return Submission{}, err
	}
	array, merge := jobs(program, records, g.File, r, len(all))
	_, throttle, err := array.text("") // a wrong template shows before anything is written
	if err != nil {
		return Submission{}, err
	}
	if r.Throttle == 0 {
		array.values.Throttle = throttle
	}
	s := Submission{Schema: submissionSchema, Cells: len(cells), Tasks: len(all)}
	if s.Folder, err = newFolder(filepath.Join(records, "slurm")); err != nil {
		return s, err
	}
	if err := writeChunks(filepath.Join(s.Folder, chunksFile), all); err != nil {
		return s, err
	}
	if err := durable.WriteFile(filepath.Join(s.Folder, gridCopy(g.File)), g.Source); err != nil {
		return s, err
	}
	id, err := array.submit(ctx, run, s.Folder, jobID{})
	if errors.Is(err, errUnknownJob) {
		s.Answer = err.Error()
		hint := "look with squeue --me, then write its number into %s as array_job, or remove that folder if there is none: " +
			"until then its cells are not submitted again"
		return s, errors.Join(s.save(), fmt.Errorf("%w; "+hint, err, filepath.Join(s.Folder, jobsFile)))
	}
	if err != nil {
		return s, err
	}
	s.Array, s.Cluster = id.number, id.cluster
	if err := s.save(); err != nil { // now: a merge job that fails leaves no unknown array
		return s, err
	}
	last, err := merge.submit(ctx, run, s.Folder, id)
	if err != nil {
		return s, fmt.Errorf("job %s is submitted, but not the job that merges: %w", s.Array, err)
	}
	s.Merge = last.number
	return s, s.save()
}

func (s Submission) save() error {
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return err
	}
	return durable.WriteFile(filepath.Join(s.Folder, jobsFile), append(text, '\n'))
}

// newFolder makes the next numbered folder; two processes get two.
func newFolder(parent string) (string, error) {
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", err
	}
	for n := 1; ; n++ {
		name := filepath.Join(parent, fmt.Sprintf("%03d", n))
		if err := os.Mkdir(name, 0o755); !errors.Is(err, fs.ErrExist) {
			return name, err
		}
	}
}

// gridCopy is the name of the copy of the sweep file: the ending says its form.
func gridCopy(file string) string { return "grid" + strings.ToLower(filepath.Ext(file)) }

// job is one of the two jobs of a submission.
type job struct {
	script  string // the file's name
	values  script
	options func(j job, folder string, after jobID) []string // of sbatch
	command func(folder string) string
}

// jobs are the array of so many tasks and the merging job.
func jobs(program, records, file string, r Resources, tasks int) (array, merge job) {
	array = job{script: "array.sh", values: script{Resources: r, Name: "causalgrad-sweep"},
		options: func(j job, folder string, _ jobID) []string {
			limit := ""
			if n := j.values.Throttle; n > 0 {
				limit = fmt.Sprintf("%%%d", n)
			}
			return []string{fmt.Sprintf("--array=1-%d%s", tasks, limit), "--output=" + escapePercent(folder) + "/%A_%a.out"}
		},
		command: func(folder string) string {
			return "exec " + line(program, "sweep", "chunk", filepath.Join(folder, chunksFile)) +
				` "$SLURM_ARRAY_TASK_ID" ` + line("--records", records) + fmt.Sprintf(" --cores %d", r.CPUs)
		}}
	merge = job{script: "merge.sh", values: script{Resources: r, Name: "causalgrad-merge"},
		options: func(_ job, folder string, after jobID) []string {
			words := []string{"--dependency=afterany:" + after.number, "--output=" + escapePercent(folder) + "/merge_%j.out"}
			if after.cluster != "" {
				words = append([]string{"--clusters=" + after.cluster}, words...)
			}
			return words
		},
		command: func(folder string) string {
			words := []string{program, "sweep", "merge", filepath.Join(folder, gridCopy(file)), "--records", records}
			return line(append(words, "--format", "csv", "--out", filepath.Join(folder, "results.csv"))...) + "\n" +
				"exec " + line(append(words, "--format", "json", "--out", filepath.Join(folder, "results.json"))...)
		}}
	return array, merge
}

func escapePercent(name string) string { return strings.ReplaceAll(name, "%", "%%") }

// text is the job's script, with the number of tasks at once that it allowed.
func (j job) text(folder string, submit ...string) (string, int, error) {
	j.values.Command, j.values.Submit = j.command(folder), line(submit...)
	return j.values.render()
}

// submit writes the script and hands it to sbatch.
func (j job) submit(ctx context.Context, run Scheduler, folder string, after jobID) (jobID, error) {
	name := filepath.Join(folder, j.script)
	words := append(append([]string{"sbatch", "--parsable"}, j.options(j, folder, after)...), name)
	text, _, err := j.text(folder, words...)
	if err != nil {
		return jobID{}, err
	}
	if err := durable.WriteFile(name, []byte(text)); err != nil {
		return jobID{}, err
	}
	return run.submitted(ctx, words)
}

// slurm is the Scheduler of this machine.
func slurm(ctx context.Context, words ...string) (string, error) {
	if _, err := exec.LookPath(words[0]); err != nil {
		return "", fmt.Errorf("%s is not installed: Slurm's commands are needed here", words[0])
	}
	var out, complaint bytes.Buffer
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w: %s", words[0], err, strings.Join(strings.Fields(complaint.String()), " "))
	}
	return out.String(), nil
}
