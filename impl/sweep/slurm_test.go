package sweep

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
)

// fake puts commands of Slurm on an otherwise empty PATH. Each writes its
// arguments to the file that is returned, one a line, and then runs its body.
func fake(t *testing.T, bodies map[string]string) (calls string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the stand-ins for Slurm's commands are shell scripts")
	}
	folder := t.TempDir()
	calls = filepath.Join(folder, "calls")
	for name, body := range bodies {
		text := fmt.Sprintf("#!/bin/sh\nprintf '%%s\\n' %s \"$@\" -- >>'%s'\n%s\n", name, calls, body)
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o700))
	}
	t.Setenv("PATH", folder)
	return calls
}

func lines(t *testing.T, name string) []string {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

func TestSubmitWritesTheScriptsAndCallsSbatch(t *testing.T) {
	calls := fake(t, map[string]string{"sbatch": `case "$*" in *--dependency*) echo "42;here";; *) echo 41;; esac`})
	g := load(t, tinyGrid)
	records := filepath.Join(t.TempDir(), "it's 100% mine")
	r := Resources{Partition: "short", Time: "1:00:00", Memory: "2G", Account: "theory", CPUs: 2, Chunk: 5}
	s, err := Submit(t.Context(), "/opt/causalgrad", records, g, g.Cells, r)
	require.NoError(t, err)
	folder := filepath.Join(records, "slurm", "001")
	require.Equal(t, Submission{Schema: submissionSchema, Folder: folder, Cells: 13, Tasks: 3, Array: "41", Merge: "42"}, s)

	pattern := strings.ReplaceAll(folder, "%", "%%")
	require.Equal(t, []string{
		"sbatch", "--parsable", "--array=1-3", "--output=" + pattern + "/%A_%a.out", filepath.Join(folder, "array.sh"), "--",
		"sbatch", "--parsable", "--dependency=afterany:41", "--output=" + pattern + "/merge_%j.out", filepath.Join(folder, "merge.sh"), "--",
	}, lines(t, calls))

	quoted := func(name string) string { return quote(filepath.Join(folder, name)) }
	head := []string{"#!/bin/sh", "#SBATCH --job-name=causalgrad-sweep", "#SBATCH --partition=short", "#SBATCH --time=1:00:00",
		"#SBATCH --mem=2G", "#SBATCH --account=theory", "#SBATCH --cpus-per-task=2", "#SBATCH --requeue", "#SBATCH --open-mode=append"}
	require.Equal(t, append(head,
		"# Submitted with: sbatch --parsable --array=1-3 "+quote("--output="+pattern+"/%A_%a.out")+" "+quoted("array.sh"),
		"exec /opt/causalgrad sweep chunk "+quoted("chunks.jsonl")+` "$SLURM_ARRAY_TASK_ID" --records `+quote(records)+" --cores 2"),
		lines(t, filepath.Join(folder, "array.sh")))
	merge := lines(t, filepath.Join(folder, "merge.sh"))
	command := "/opt/causalgrad sweep merge " + quoted("grid.yaml") + " --records " + quote(records)
	require.Equal(t, []string{command + " --format csv --out " + quoted("results.csv"),
		"exec " + command + " --format json --out " + quoted("results.json")}, merge[len(merge)-2:])

	data, err := os.ReadFile(filepath.Join(folder, "grid.yaml"))
	require.NoError(t, err)
	require.Equal(t, tinyGrid, string(data))
	var seen []string
	for k := 1; k <= 3; k++ {
		cells, err := ReadChunk(filepath.Join(folder, "chunks.jsonl"), k)
		require.NoError(t, err)
		require.LessOrEqual(t, len(cells), 5)
		for _, c := range cells {
			seen = append(seen, c.Hash)
		}
	}
	var want []string
	for _, c := range g.Cells {
		want = append(want, c.Hash)
	}
	require.ElementsMatch(t, want, seen)
	_, err = ReadChunk(filepath.Join(folder, "chunks.jsonl"), 4)
	require.ErrorContains(t, err, "tasks 1 to 3")

	again, err := Submit(t.Context(), "/opt/causalgrad", records, g, g.Cells[:1], Resources{CPUs: 1})
	require.NoError(t, err)
	require.Equal(t, filepath.Join(records, "slurm", "002"), again.Folder)
	require.NotContains(t, strings.Join(lines(t, filepath.Join(again.Folder, "array.sh")), "\n"), "--partition")
}

func TestATemplateReplacesTheScript(t *testing.T) {
	fake(t, map[string]string{"sbatch": "echo 7"})
	g := load(t, tinyGrid)
	name := write(t, "job.tmpl", "#!/bin/bash\n#SBATCH --partition={{.Partition}} --qos=night\nmodule load go\n{{.Command}}\n")
	s, err := Submit(t.Context(), "cg", t.TempDir(), g, g.Cells, Resources{Partition: "p", CPUs: 1, Template: name})
	require.NoError(t, err)
	got := lines(t, filepath.Join(s.Folder, "array.sh"))
	require.Equal(t, []string{"#!/bin/bash", "#SBATCH --partition=p --qos=night", "module load go"}, got[:3])
	require.Contains(t, got[3], "exec cg sweep chunk ")
}

func TestMistakesForSlurm(t *testing.T) {
	fake(t, map[string]string{"sbatch": "echo 'invalid partition\nspecified' >&2; exit 1"})
	g := load(t, tinyGrid)
	for _, m := range []struct {
		r     Resources
		parts []string
	}{
		{Resources{CPUs: 1}, []string{"sbatch: exit status 1: invalid partition specified"}},
		{Resources{CPUs: 0}, []string{"--cpus 0"}},
		{Resources{CPUs: 1, Chunk: -1}, []string{"--chunk -1"}},
		{Resources{CPUs: 1, Partition: "a b"}, []string{`--partition "a b"`}},
		{Resources{CPUs: 1, Time: "1\n2"}, []string{`--time "1\n2"`}},
		{Resources{CPUs: 1, Account: "$(reboot)"}, []string{`--account "$(reboot)"`}},
		{Resources{CPUs: 1, Memory: "-x"}, []string{`--mem "-x"`}},
		{Resources{CPUs: 1, Template: "absent"}, []string{"--template", "absent", "no such file"}},
		{Resources{CPUs: 1, Template: write(t, "a", "#!/bin/sh\n{{.Comand}}")}, []string{"--template", "Comand"}},
		{Resources{CPUs: 1, Template: write(t, "b", "#!/bin/sh\n{{.Command")}, []string{"--template", "unclosed"}},
		{Resources{CPUs: 1, Template: write(t, "c", "#!/bin/sh\necho")}, []string{"--template", "contains {{.Command}}"}},
	} {
		_, err := Submit(t.Context(), "cg", t.TempDir(), g, g.Cells, m.r)
		for _, part := range m.parts {
			require.ErrorContains(t, err, part)
		}
	}
	t.Setenv("PATH", t.TempDir())
	_, err := Submit(t.Context(), "cg", t.TempDir(), g, g.Cells, Resources{CPUs: 1})
	require.ErrorContains(t, err, "sbatch is not installed")
	fake(t, map[string]string{"sbatch": "echo Submitted"})
	_, err = Submit(t.Context(), "cg", t.TempDir(), g, g.Cells, Resources{CPUs: 1})
	require.ErrorContains(t, err, `sbatch answered "Submitted"`)
	fake(t, map[string]string{"sbatch": `case "$*" in *--dependency*) exit 1;; esac; echo 9`})
	_, err = Submit(t.Context(), "cg", t.TempDir(), g, g.Cells, Resources{CPUs: 1})
	require.ErrorContains(t, err, "job 9 is submitted, but not the job that merges")
}

func TestChunksStayWithinOneArray(t *testing.T) {
	for _, c := range []struct{ cells, size, tasks int }{{1, 0, 1}, {1000, 0, 1000}, {1001, 0, 501}, {10000, 0, 1000}, {40, 4, 10}, {41, 4, 11}} {
		all, err := chunks(make([]Cell, c.cells), c.size)
		require.NoError(t, err)
		require.Len(t, all, c.tasks)
	}
	_, err := chunks(make([]Cell, 10000), 3)
	require.ErrorContains(t, err, "--chunk 3: 3334 tasks for 10000 cells, want at most 1000; --chunk 10 or more")
	_, err = ReadChunk(write(t, "chunks.jsonl", "[{\"id\": \"a\"}]\n[{\"id\": "), 1)
	require.ErrorContains(t, err, "line 2: want a list of specs")
}

// Task 41_2 waits; its cells are queued, unless they are done.
func TestQueuedCellsAreThoseOfWaitingTasks(t *testing.T) {
	calls := fake(t, map[string]string{"sbatch": "echo 41", "squeue": "printf '40_1\\n41_2\\n41_99\\n43\\n'"})
	g := load(t, tinyGrid)
	store, records := openStore(t)
	queued, err := InQueue(t.Context(), records)
	require.NoError(t, err)
	require.Empty(t, queued)
	require.NoFileExists(t, calls, "Slurm is left alone where nothing was submitted")

	s, err := Submit(t.Context(), "cg", records, g, g.Cells, Resources{CPUs: 1, Chunk: 5})
	require.NoError(t, err)
	second, err := ReadChunk(filepath.Join(s.Folder, chunksFile), 2)
	require.NoError(t, err)
	_, err = Run(t.Context(), store, second[:1], experiment.Parallel{Cores: 1})
	require.NoError(t, err)
	queued, err = InQueue(t.Context(), records)
	require.NoError(t, err)
	all, err := Survey(store, g.Cells)
	require.NoError(t, err)
	MarkQueued(g.Cells, all, queued)
	require.Equal(t, map[experiment.State]int{experiment.Done: 1, Queued: len(second) - 1, experiment.Missing: len(g.Cells) - len(second)}, Count(all))
	for i, c := range g.Cells { // dealt out in turn: task 2 of 3 has the cells 1, 4, ...
		require.Equal(t, i%3 == 1, queued[c.Hash], i)
	}

	data, err := json.Marshal(map[string]string{"schema": "other"})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(s.Folder, jobsFile), data, 0o600))
	_, err = InQueue(t.Context(), records)
	require.ErrorContains(t, err, "not of this program")
}
