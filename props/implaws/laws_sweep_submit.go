package implaws

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"causalgrad/impl/experiment"
	"causalgrad/impl/sweep"
	"causalgrad/props"
	"pgregory.net/rapid"
)

func submitLaws() []props.Law {
	needs := []props.Capability{CanSubmit}
	return []props.Law{
		{ID: "submit-covers", Source: "architecture, sweeps", Needs: needs, Draws: 10, Check: submitCovers,
			Sentence: "The tasks of a job array have every cell once, no more than the chunk each, and the array has exactly these tasks."},
		{ID: "submit-limits", Source: "architecture, sweeps", Needs: needs, Draws: 1, Check: submitLimits,
			Sentence: "More cells than an array may have tasks share tasks evenly; a chunk that would need more tasks is refused with one that does not."},
		{ID: "submit-scripts", Source: "architecture, sweeps", Needs: needs, Draws: 10, Check: submitScripts,
			Sentence: "Read as a shell reads them, the scripts call this program on the submission's own files, whatever signs the names have, and ask for what was asked."},
		{ID: "submit-queue", Source: "architecture, sweeps", Needs: []props.Capability{CanSubmit, CanSweep}, Draws: 6, Check: submitQueue,
			Sentence: "Exactly the cells of tasks that wait in the queue are queued, unless they are done."},
		{ID: "submit-refusals", Source: "architecture, sweeps", Needs: needs, Draws: 20, Check: submitRefusals,
			Sentence: "What no job script can say is refused with the flag's name before anything is written; an answer that is no job's number is refused."},
		{ID: "submit-template", Source: "architecture, sweeps", Needs: needs, Draws: 8, Check: submitTemplate,
			Sentence: "A template of one's own is the script, with the fields filled in; one that would not run the command is refused."},
	}
}

// submitting is a submission with what Slurm was asked.
type submitting struct {
	sweep.Submission
	calls [][]string
}

// odd are words with signs that shells and Slurm know.
var odd = []string{"plain", "it's", "100% mine", "a b", "$HOME", "`x`", `back\slash`, "two\"quotes", "*?[a]"}

// drawResources draws what a job can ask for.
func drawResources(t *rapid.T) sweep.Resources {
	word := func(label, value string) string { return rapid.SampledFrom([]string{"", value}).Draw(t, label) }
	return sweep.Resources{Partition: word("partition", "short,long"), Time: word("time", "1-02:03:04"), Memory: word("memory", "2G"),
		Account: word("account", "a.b/c@d"), CPUs: rapid.IntRange(1, 8).Draw(t, "cpus"), Chunk: rapid.IntRange(0, 4).Draw(t, "chunk")}
}

// submit submits x's grid; Slurm answers with the numbers 70 and 71.
func (x sweeping) submit(program string, r sweep.Resources) submitting {
	var got submitting
	c := x.f.text().Where("resources %s, program %q", jsonOf(r), program)
	got.Submission = props.Ask(x.t, c, "submission", func() (sweep.Submission, error) {
		return x.s.(Submitter).SubmitGrid(x.file, x.folder, program, r, func(words []string) (string, error) {
			got.calls = append(got.calls, words)
			return fmt.Sprintf("%d;cluster\n", 69+len(got.calls)), nil
		})
	})
	props.Demand(x.t, c, len(got.calls) == 2 && got.Array == "70" && got.Merge == "71", "submission", "jobs 70 and 71 from two calls", jsonOf(got.Submission))
	return got
}

// task are the specs of one task.
func (x sweeping) task(g submitting, k int) []experiment.Spec {
	return props.Ask(x.t, x.f.text(), "task "+strconv.Itoa(k), func() ([]experiment.Spec, error) {
		return x.s.(Submitter).TaskCells(filepath.Join(g.Folder, "chunks.jsonl"), k)
	})
}

func submitCovers(t *rapid.T, s props.Subject) {
	inSweep(t, s, func(x sweeping) {
		r := drawResources(t)
		g, c := x.submit("causalgrad", r), x.f.text().Where("chunk %d", r.Chunk)
		var all []string
		for k := range g.Tasks {
			specs := x.task(g, k+1)
			props.Demand(t, c, len(specs) > 0 && len(specs) <= max(r.Chunk, 1), "cells of task "+strconv.Itoa(k+1), fmt.Sprintf("1 to %d", max(r.Chunk, 1)), strconv.Itoa(len(specs)))
			for _, spec := range specs {
				all = append(all, jsonOf(spec))
			}
		}
		var want []string
		for _, spec := range x.specs {
			want = append(want, jsonOf(spec))
		}
		slices.Sort(all)
		slices.Sort(want)
		props.Equal(t, c, "cells of all tasks", all, want)
		props.Demand(t, c, slices.Contains(g.calls[0], fmt.Sprintf("--array=1-%d", g.Tasks)), "call of sbatch", "the tasks 1 to "+strconv.Itoa(g.Tasks), jsonOf(g.calls[0]))
		props.Demand(t, c, g.Cells == len(x.specs), "cells of the submission", strconv.Itoa(len(x.specs)), strconv.Itoa(g.Cells))
		name := filepath.Join(g.Folder, "chunks.jsonl")
		whole := readBack(t, name)
		for _, wrong := range []string{"{", `{"id": "a"}`, `[{"idea": 1}]`, `[{"prior": "point:absent"}]`} {
			fileIn(t, g.Folder, "chunks.jsonl", append([]byte("[]\n"), wrong...))
			refuses(t, c.Where("chunk %q", wrong), "damaged file of tasks", func() error { _, err := s.(Submitter).TaskCells(name, 1); return err }, name, "line 2")
		}
		refuses(t, c, "no file of tasks", func() error { _, err := s.(Submitter).TaskCells(name+".absent", 1); return err })
		fileIn(t, g.Folder, "chunks.jsonl", whole)
		for _, k := range []int{0, g.Tasks + 1} {
			refuses(t, c, "task "+strconv.Itoa(k), func() error {
				_, err := s.(Submitter).TaskCells(filepath.Join(g.Folder, "chunks.jsonl"), k)
				return err
			}, strconv.Itoa(k))
		}
	})
}

func submitLimits(t *rapid.T, s props.Subject) {
	n := 1000 + rapid.IntRange(1, 1000).Draw(t, "cells above 1000")
	seeds := make([]string, n)
	for i := range seeds {
		seeds[i] = strconv.Itoa(i)
	}
	f := sweepFile{base: []setting{{"steps", "1"}}, axes: []sweepAxis{{"seed", alternatives("seed", seeds...)}}}
	c := props.Case{}.Where("%d cells", n)
	inFolder(t, func(folder string) {
		x := sweeping{t, s, f, nil, fileIn(t, folder, "sweep.yaml", []byte(f.yaml())), folder}
		g := x.submit("causalgrad", sweep.Resources{CPUs: 1})
		props.Demand(t, c, g.Tasks == (n+1)/2, "tasks", strconv.Itoa((n+1)/2), strconv.Itoa(g.Tasks))
		last := x.task(g, g.Tasks)
		props.Demand(t, c, len(last) == 1 || len(last) == 2, "cells of the last task", "1 or 2", strconv.Itoa(len(last)))
		refuses(t, c, "a task for each cell", func() error {
			_, err := s.(Submitter).SubmitGrid(x.file, folder, "causalgrad", sweep.Resources{CPUs: 1, Chunk: 1}, func([]string) (string, error) { return "1", nil })
			return err
		}, "--chunk 1", "--chunk 2")
	})
}

// shellWords splits a command line as a POSIX shell does, without expansion.
func shellWords(line string) (words []string) {
	word, inside := "", false
	quote := rune(0)
	escaped := false
	for _, r := range line + " " {
		switch {
		case escaped:
			word, escaped = word+string(r), false
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word += string(r)
		case r == '\\':
			escaped, inside = true, true
		case r == '\'' || r == '"':
			quote, inside = r, true
		case r == ' ':
			if inside {
				words = append(words, word)
			}
			word, inside = "", false
		default:
			word, inside = word+string(r), true
		}
	}
	return words
}

func submitScripts(t *rapid.T, s props.Subject) {
	inSweep(t, s, func(x sweeping) {
		x.folder = filepath.Join(x.folder, rapid.SampledFrom(odd).Draw(t, "folder"))
		program := "/opt/" + rapid.SampledFrom(odd).Draw(t, "program")
		r := drawResources(t)
		g, c := x.submit(program, r), x.f.text().Where("resources %s, program %q", jsonOf(r), program)
		lines := func(name string) []string {
			return strings.Split(strings.TrimSuffix(string(readBack(t, filepath.Join(g.Folder, name))), "\n"), "\n")
		}
		array, merge := lines("array.sh"), lines("merge.sh")
		props.Equal(t, c, "command of the array", shellWords(array[len(array)-1]), []string{"exec", program, "sweep", "chunk",
			filepath.Join(g.Folder, "chunks.jsonl"), "$SLURM_ARRAY_TASK_ID", "--records", x.folder, "--cores", strconv.Itoa(r.CPUs)})
		props.Demand(t, c, strings.Contains(array[len(array)-1], `"$SLURM_ARRAY_TASK_ID"`), "command of the array", "the task's number, which the shell fills in", array[len(array)-1])
		for i, format := range []string{"csv", "json"} {
			words := []string{program, "sweep", "merge", filepath.Join(g.Folder, "grid.yaml"), "--records", x.folder, "--format", format,
				"--out", filepath.Join(g.Folder, "results."+format)}
			if i == 1 {
				words = append([]string{"exec"}, words...)
			}
			props.Equal(t, c, "command of the merging job", shellWords(merge[len(merge)-2+i]), words)
		}
		props.Demand(t, c, string(readBack(t, filepath.Join(g.Folder, "grid.yaml"))) == x.f.yaml(), "copy of the sweep file", "the same text", "another")
		for k, script := range [][]string{array, merge} {
			props.Demand(t, c, script[0] == "#!/bin/sh", "first line", "#!/bin/sh", script[0])
			for flag, value := range map[string]string{"partition": r.Partition, "time": r.Time, "mem": r.Memory, "account": r.Account, "cpus-per-task": strconv.Itoa(r.CPUs)} {
				line := "#SBATCH --" + flag + "=" + value
				has := slices.ContainsFunc(script, func(l string) bool { return strings.HasPrefix(l, "#SBATCH --"+flag+"=") })
				props.Demand(t, c, has == (value != "") && (value == "" || slices.Contains(script, line)), "lines for Slurm", line, strings.Join(script, "; "))
			}
			props.Demand(t, c, g.calls[k][0] == "sbatch" && g.calls[k][len(g.calls[k])-1] == filepath.Join(g.Folder, []string{"array.sh", "merge.sh"}[k]), "call of sbatch", "the script last", jsonOf(g.calls[k]))
		}
		props.Demand(t, c, slices.Contains(g.calls[1], "--dependency=afterany:70"), "call of sbatch for the merging job", "after job 70", jsonOf(g.calls[1]))
		pattern := "--output=" + strings.ReplaceAll(g.Folder, "%", "%%") + "/"
		props.Demand(t, c, slices.ContainsFunc(g.calls[0], func(w string) bool { return strings.HasPrefix(w, pattern) }), "pattern of the output", pattern, jsonOf(g.calls[0]))
	})
}

func submitQueue(t *rapid.T, s props.Subject) {
	inSweep(t, s, func(x sweeping) {
		nobody := func([]string) (string, error) { return "", errors.New("no Slurm here") }
		for _, slurm := range []Answer{nobody, nil} { // nobody is asked
			props.Ask(t, x.f.text(), "queue where nothing was submitted", func() ([]bool, error) { return s.(Submitter).Queued(x.file, x.folder, slurm) })
		}
		g := x.submit("causalgrad", sweep.Resources{CPUs: 1, Chunk: rapid.IntRange(1, 3).Draw(t, "chunk")})
		again := x.submit("causalgrad", sweep.Resources{CPUs: 1})
		props.Demand(t, x.f.text(), g.Folder != again.Folder, "folders of two submissions", "different ones", g.Folder)
		done := rapid.SampledFrom([]string{"", "1/2"}).Draw(t, "done")
		if done != "" {
			x.run(done, false)
		}
		// The second submission's numbers are the first one's: it goes. No task of
		// either are 69_1 and 70_99.
		if err := os.RemoveAll(again.Folder); err != nil {
			t.Fatalf("%v", err)
		}
		answer, waits := "69_1\n70_99\n70\n", map[string]bool{}
		for k := range g.Tasks {
			if rapid.Bool().Draw(t, "waits") {
				answer += fmt.Sprintf("70_%d\n", k+1)
				for _, spec := range x.task(g, k+1) {
					waits[jsonOf(spec)] = true
				}
			}
		}
		c := x.f.text().Where("queue %q, done %q", answer, done)
		got := props.Ask(t, c, "queued cells", func() ([]bool, error) {
			return s.(Submitter).Queued(x.file, x.folder, func([]string) (string, error) { return answer, nil })
		})
		want := make([]bool, len(x.specs))
		for i, spec := range x.specs {
			want[i] = waits[jsonOf(spec)] && (done == "" || i%2 != 0)
		}
		props.Equal(t, c, "queued cells", got, want)
		refuses(t, c, "queue without Slurm", func() error { _, err := s.(Submitter).Queued(x.file, x.folder, nobody); return err }, "no Slurm here")
		fileIn(t, g.Folder, "jobs.json", []byte(`{"schema": "another"}`))
		refuses(t, c, "another program's submission", func() error {
			_, err := s.(Submitter).Queued(x.file, x.folder, func([]string) (string, error) { return answer, nil })
			return err
		}, "jobs.json")
	})
}

func submitRefusals(t *rapid.T, s props.Subject) {
	inSweep(t, s, func(x sweeping) {
		r, part, written := drawResources(t), "", false
		answer := func(words []string) (string, error) { return "70", nil }
		wrong := rapid.SampledFrom([]string{"a b", "1\n2", "$(reboot)", "-x", "'", ";", "ä"}).Draw(t, "word")
		switch part = rapid.SampledFrom([]string{"--partition", "--time", "--mem", "--account", "--cpus", "--chunk", "no such file", "job's number", "full", "70 is submitted"}).Draw(t, "flag"); part {
		case "--partition":
			r.Partition = wrong
		case "--time":
			r.Time = wrong
		case "--mem":
			r.Memory = wrong
		case "--account":
			r.Account = wrong
		case "--cpus":
			r.CPUs = rapid.SampledFrom([]int{0, -1, 1025, math.MaxInt}).Draw(t, "cpus")
		case "--chunk":
			r.Chunk = -1
		case "no such file":
			r.Template = filepath.Join(x.folder, "absent")
		case "job's number":
			answer, written = func([]string) (string, error) { return "Submitted\n", nil }, true
		case "full":
			answer, written = func([]string) (string, error) { return "", errors.New("the queue is full") }, true
		case "70 is submitted":
			calls := 0
			answer = func([]string) (string, error) {
				if calls++; calls == 2 {
					return "", errors.New("no more")
				}
				return "70", nil
			}
			written = true
		}
		c := x.f.text().Where("resources %s, %s", jsonOf(r), part)
		refuses(t, c, "submission", func() error {
			_, err := s.(Submitter).SubmitGrid(x.file, x.folder, "causalgrad", r, answer)
			return err
		}, part)
		_, err := os.Stat(filepath.Join(x.folder, "slurm"))
		props.Demand(t, c, written || err != nil, "folder of submissions", "none", "one")
	})
}

func submitTemplate(t *rapid.T, s props.Subject) {
	inSweep(t, s, func(x sweeping) {
		r := drawResources(t)
		good := "#!/bin/bash\n#SBATCH --qos=night --partition={{.Partition}}\nmodule load go\n{{.Command}}\n"
		r.Template = fileIn(t, x.folder, "job.tmpl", []byte(good))
		g := x.submit("causalgrad", r)
		text := string(readBack(t, filepath.Join(g.Folder, "array.sh")))
		start := fmt.Sprintf("#!/bin/bash\n#SBATCH --qos=night --partition=%s\nmodule load go\nexec causalgrad sweep chunk ", r.Partition)
		props.Demand(t, x.f.text(), strings.HasPrefix(text, start), "script", start, text)
		bad := rapid.SampledFrom([]string{"#!/bin/sh\n{{.Comand}}\n", "#!/bin/sh\n{{.Command", "#!/bin/sh\necho\n", "{{.Command}}\n", ""}).Draw(t, "template")
		fileIn(t, x.folder, "job.tmpl", []byte(bad))
		refuses(t, x.f.text().Where("template %q", bad), "submission", func() error {
			_, err := s.(Submitter).SubmitGrid(x.file, x.folder, "causalgrad", r, func([]string) (string, error) { return "1", nil })
			return err
		}, "--template", r.Template)
	})
}
