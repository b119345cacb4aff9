package sweep

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
)

// The job is the last line NUMBER or NUMBER;CLUSTER, among whatever else sbatch
// and the machine's administrators print.
func TestTheJobIsFoundAmongBanners(t *testing.T) {
	banner := "----\n   Welcome to the Example3 Supercomputer\n----\n--> Verifying valid submit host...OK\n"
	for text, want := range map[string]jobID{
		"519605\n":                              {"519605", ""},
		"519605;alpha\n":                        {"519605", "alpha"},
		banner + "519605\n":                     {"519605", ""},
		banner + "519605;gpu-2\n":               {"519605", "gpu-2"},
		"2026\n519605\n":                        {"519605", ""},
		"519605\r\nbye\n":                       {"519605", ""},
		"  519605  ":                            {"519605", ""},
		"519605\n-> 12 credits left\n":          {"519605", ""},
		"Submitted batch job 77\n":              {"77", ""},
		"Submitted batch job 77 on cluster b\n": {"77", "b"},
		"Submitted batch job 77\n78\n":          {"78", ""},
	} {
		id, found := parseAnswer(text)
		require.True(t, found, "%q", text)
		require.Equal(t, want, id, "%q", text)
	}
	for _, text := range []string{"", "\n", banner, "job 12", "12 34", "12;", "x12", "-12", "12;a b", "0x12"} {
		_, found := parseAnswer(text)
		require.False(t, found, "%q", text)
	}
}

// A whole submission whose sbatch greets before it answers.
func TestABannerDoesNotHideTheJob(t *testing.T) {
	script, err := os.ReadFile("testdata/sbatch_banner.sh")
	require.NoError(t, err)
	fake(t, map[string]string{"sbatch": strings.TrimPrefix(string(script), "#!/bin/sh\n")})
	g := load(t, tinyGrid)
	s, err := Submit(t.Context(), "cg", t.TempDir(), g, g.Cells, Resources{CPUs: 1})
	require.NoError(t, err)
	require.Equal(t, []string{"519605", "519605"}, []string{s.Array, s.Merge})
}

// scripted is a Scheduler that answers from a list, and the words that it heard.
type scripted struct {
	answers []string
	errs    []error
	heard   []string
}

func (s *scripted) run(_ context.Context, words ...string) (string, error) {
	n := len(s.heard)
	s.heard = append(s.heard, strings.Join(words, " "))
	var err error
	if n < len(s.errs) {
		err = s.errs[n]
	}
	return s.answers[min(n, len(s.answers)-1)], err
}

// The cluster that sbatch names is kept, the merging job goes there, and it is the
// one that is asked for its queue.
func TestTheClusterIsKeptAndAsked(t *testing.T) {
	g := load(t, tinyGrid)
	_, records := openStore(t)
	slurm := &scripted{answers: []string{"41;alpha", "42;alpha", "51", "52", "CLUSTER: alpha\n41_2\n51_1\n", "41_1\n51_2\n"}}
	run := Scheduler(slurm.run)
	first, err := run.Submit(t.Context(), "cg", records, g, g.Cells, Resources{CPUs: 1, Chunk: 5})
	require.NoError(t, err)
	require.Equal(t, []string{"41", "42", "alpha"}, []string{first.Array, first.Merge, first.Cluster})
	require.Contains(t, slurm.heard[1], "--clusters=alpha --dependency=afterany:41")
	second, err := run.Submit(t.Context(), "cg", records, g, g.Cells, Resources{CPUs: 1, Chunk: 5})
	require.NoError(t, err)
	require.Empty(t, second.Cluster)
	require.NotContains(t, slurm.heard[3], "--clusters")

	queued, err := run.InQueue(t.Context(), records)
	require.NoError(t, err)
	require.Equal(t, []string{"squeue --me -h -r -o %i -M alpha", "squeue --me -h -r -o %i"}, slurm.heard[4:], "once a cluster")
	want := map[string]bool{}
	for _, folder := range []string{first.Folder, second.Folder} {
		cells, err := ReadChunk(filepath.Join(folder, chunksFile), 2)
		require.NoError(t, err)
		for _, c := range cells {
			want[c.Hash] = true
		}
	}
	require.Equal(t, want, queued, "task 2 of either; the other numbers are another cluster's")
}

// Where nobody knows whether a job was submitted, the submission is kept and its
// cells count as queued: nothing is submitted twice by itself.
func TestAnUnknownJobIsNotSubmittedAgain(t *testing.T) {
	g := load(t, tinyGrid)
	for what, slurm := range map[string]*scripted{
		"no number": {answers: []string{"Welcome\n"}},
		"time-out":  {answers: []string{""}, errs: []error{errors.New("sbatch: exit status 1: Socket timed out on send/recv operation")}},
	} {
		store, records := openStore(t)
		s, err := Scheduler(slurm.run).Submit(t.Context(), "cg", records, g, g.Cells[:3], Resources{CPUs: 1})
		require.ErrorContains(t, err, "a job may be in the queue; look with squeue --me", what)
		require.ErrorContains(t, err, filepath.Join(s.Folder, jobsFile), what)
		require.NotContains(t, err.Error(), "\n")
		require.Len(t, slurm.heard, 1, "no job that merges")

		quiet := &scripted{answers: []string{""}}
		queued, err := Scheduler(quiet.run).InQueue(t.Context(), records)
		require.NoError(t, err)
		require.Empty(t, quiet.heard, "there is no number to ask for")
		all, err := Survey(store, g.Cells)
		require.NoError(t, err)
		MarkQueued(g.Cells, all, queued)
		require.Equal(t, map[experiment.State]int{Queued: 3, experiment.Missing: len(g.Cells) - 3}, Count(all), what)

		require.NoError(t, os.RemoveAll(s.Folder)) // somebody looked: there is none
		queued, err = Scheduler(quiet.run).InQueue(t.Context(), records)
		require.NoError(t, err)
		require.Empty(t, queued)
	}
	// A plain refusal leaves nothing in the queue.
	slurm := &scripted{answers: []string{""}, errs: []error{errors.New("sbatch: exit status 1: invalid partition specified")}}
	_, records := openStore(t)
	_, err := Scheduler(slurm.run).Submit(t.Context(), "cg", records, g, g.Cells, Resources{CPUs: 1})
	require.NotErrorIs(t, err, errUnknownJob)
	queued, err := Scheduler(slurm.run).InQueue(t.Context(), records)
	require.NoError(t, err)
	require.Empty(t, queued)
}

func TestAnArrayThatIsTooLargeIsToldOfChunks(t *testing.T) {
	g := load(t, tinyGrid)
	for _, complaint := range []string{"Batch job submission failed: Invalid job array specification", "QOSMaxSubmitJobPerUserLimit", "Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)"} {
		slurm := &scripted{answers: []string{""}, errs: []error{fmt.Errorf("sbatch: exit status 1: %s", complaint)}}
		_, err := Scheduler(slurm.run).Submit(t.Context(), "cg", t.TempDir(), g, g.Cells, Resources{CPUs: 1})
		require.ErrorContains(t, err, "--chunk N", complaint)
	}
}

// --throttle limits the tasks that run at once; without it a template's own --array
// does. The template's range is never used, and never reaches the merging job.
func TestThrottle(t *testing.T) {
	g := load(t, tinyGrid)
	for _, c := range []struct {
		directive string
		throttle  int
		want      string
	}{
		{"", 0, "--array=1-13 "}, {"", 4, "--array=1-13%4 "},
		{"#SBATCH --array=1-100%7\n", 0, "--array=1-13%7 "}, {"#SBATCH --array=1-100%7\n", 4, "--array=1-13%4 "},
		{"#SBATCH --array=1-100\n", 0, "--array=1-13 "}, {"#SBATCH --array=1-9%x\n", 0, "--array=1-13 "}, {"#SBATCH --array=1-9%0\n", 0, "--array=1-13 "}, {"#SBATCH -a 0-9%2\n", 0, "--array=1-13%2 "},
		{"#SBATCH --qos=long --array 1-9%3 --nice\n", 0, "--array=1-13%3 "},
	} {
		template := write(t, "job.tmpl", "#!/bin/sh\n"+c.directive+"#SBATCH --mail-type=END\n{{.Command}}\n")
		slurm := &scripted{answers: []string{"5"}}
		s, err := Scheduler(slurm.run).Submit(t.Context(), "cg", t.TempDir(), g, g.Cells, Resources{CPUs: 1, Throttle: c.throttle, Template: template})
		require.NoError(t, err)
		require.Contains(t, slurm.heard[0], c.want, c.directive)
		require.NotContains(t, slurm.heard[1], "--array")
		for _, name := range []string{"array.sh", "merge.sh"} {
			text := strings.Join(lines(t, filepath.Join(s.Folder, name)), "\n")
			require.NotContains(t, text, "1-9", name)
			require.NotContains(t, text, "0-9", name)
			require.Contains(t, text, "#SBATCH --mail-type=END")
			if strings.Contains(c.directive, "qos") {
				require.Contains(t, text, "#SBATCH --qos=long --nice\n", name)
			}
		}
	}
	_, err := Submit(t.Context(), "cg", t.TempDir(), g, g.Cells, Resources{CPUs: 1, Throttle: -1})
	require.ErrorContains(t, err, "--throttle -1: want 0 to 1000 tasks")
	_, err = Submit(t.Context(), "cg", t.TempDir(), g, g.Cells, Resources{CPUs: 1, Template: write(t, "windows.tmpl", "#!/bin/sh\necho\n{{.Command}}\r\n")})
	require.ErrorContains(t, err, "line 3 has a carriage return, want Unix line ends")
	_, err = Submit(t.Context(), "cg", t.TempDir(), g, g.Cells, Resources{CPUs: 1, Template: write(t, "first.tmpl", "\r#!/bin/sh\n{{.Command}}\n")})
	require.ErrorContains(t, err, "line 1 has a carriage return")
	require.NoError(t, Resources{CPUs: 1024}.validate())
	require.ErrorContains(t, Resources{CPUs: 1025}.validate(), "--cpus 1025: want 1 to 1024")
}
