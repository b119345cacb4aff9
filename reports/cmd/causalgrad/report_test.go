package main

import (
	"bufio"
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"causalgrad/golden/runs"
	"causalgrad/reports/report"

	"github.com/stretchr/testify/require"
)

// goldenFolders are two folders of records, each of one golden quick run.
func goldenFolders(t *testing.T) (first, second string) {
	t.Helper()
	folder := func(name string) string {
		data, err := os.ReadFile(filepath.Join("..", "..", "..", "golden", "runs", "quick", name))
		require.NoError(t, err)
		return filepath.Dir(file(t, name, string(data)))
	}
	return folder("quick-chain.json"), folder("quick-icl.json")
}

// reported writes a report on two records, without any computed part.
func reported(t *testing.T) (folder string, a answer) {
	t.Helper()
	first, second := goldenFolders(t)
	folder = filepath.Join(t.TempDir(), "out")
	a = ask("report", "--records", first, "--records", second, "--parts", "none", "--folder", folder)
	require.Equal(t, 0, a.code, a.err)
	return folder, a
}

// TestProvenance: which runs were recorded, at which size, and which were trained just
// now with which bits.
func TestProvenance(t *testing.T) {
	golden := func(id string, steps int) report.Run {
		r, err := runs.Golden(id)
		require.NoError(t, err)
		if steps > 0 {
			r.Spec.Steps = steps
		}
		return report.Run{Record: r}
	}
	full, short, own := golden("many-graphs-00", 16384), golden("many-graphs-01", 0), golden("many-graphs-02", 0)
	own.Record.Spec.Prior = "dirichlet:1"
	good, bad := golden("quick-chain", 0), golden("quick-icl", 0)
	bad.Record.WeightsHash = good.Record.WeightsHash
	recorded := []report.Run{full, short, own, golden("quick-forest-0", 0)}
	require.Equal(t, "4 recorded runs (1 with the official number of steps, 1 with fewer, 1 of the quick size, 1 of other experiments)", provenance(recorded, 0))
	require.Equal(t, "4 recorded runs (1 with the official number of steps, 1 with fewer, 1 of the quick size, 1 of other experiments) and 2 quick runs, trained here just now (golden bits: 1 of 2)",
		provenance(append([]report.Run{good, bad}, recorded...), 2))
	require.Equal(t, "0 recorded runs and 1 quick run, trained here just now (golden bits: 1 of 1)", provenance([]report.Run{good}, 1))
}

func TestReportOnRecords(t *testing.T) {
	folder, a := reported(t)
	require.Contains(t, a.out, "The paper\n")
	require.Contains(t, a.out, "what the paper's figures show: holds, at least partly, in 2 of 2")
	require.NotContains(t, a.out, "One gradient step", "which was not run")
	require.Less(t, strings.Count(a.out, "\n"), 60, "a person reads it on one screen")
	require.Contains(t, a.err, "report: 0% done, records begins", "CI is never silent")
	require.Contains(t, a.err, "saved: "+filepath.Join(folder, "index.html"))
	for _, name := range []string{"index.html", "junit.xml", "manifest.json", "tables/claims.txt", "tables/claims.md", "tables/claims.csv", "tables/claims.json",
		"tables/claims.html", "tables/claims.tex", "tables/losses.txt", "figures/losses-chain.svg", "figures/losses-icl.png", "figures/first-step.png"} {
		require.FileExists(t, filepath.Join(folder, filepath.FromSlash(name)))
	}
	for _, line := range strings.Split(a.out, "\n") {
		require.LessOrEqual(t, len([]rune(line)), 100, line)
	}
	// The same record from two folders counts once.
	first, second := goldenFolders(t)
	copied, _ := goldenFolders(t)
	twice := ask("report", "--records", first, "--records", second, "--records", copied, "--parts", "none", "--folder", filepath.Join(t.TempDir(), "twice"), "--tables")
	require.Equal(t, 0, twice.code, twice.err)
	elsewhere := func(a answer) string { return strings.Split(a.out, "They rest on")[0] } // what follows names the folder
	require.Equal(t, elsewhere(a), elsewhere(twice))
	require.Contains(t, twice.out, "Losses of trained models out of distribution", "--tables alone prints all")
	// Reading it again is a report like any other.
	again := filepath.Join(t.TempDir(), "again")
	b := ask("report", "--records", filepath.Join(folder, "records"), "--parts", "none", "--folder", again)
	require.Equal(t, 0, b.code, b.err)
	require.Equal(t, elsewhere(a), elsewhere(b))
	// Tables are printed on demand, and a table that is not there is named.
	c := ask("report", "--records", first, "--parts", "none", "--folder", again, "--tables=losses,edges")
	require.Equal(t, 0, c.code, c.err)
	require.Contains(t, c.out, "quick-chain")
	require.Contains(t, c.out, "Attention of trained models on the edges")
	require.NotContains(t, c.out, "Losses of trained models out of distribution")
	e := ask("report", "--records", first, "--parts", "none", "--folder", again, "--tables=poem")
	require.Equal(t, 2, e.code)
	require.Contains(t, e.err, "--tables poem: this report has no such table, want some of claims, statements, losses")
}

// What cannot be shown or saved is refused before anything is computed or saved.
func TestReportRefusesBeforeWork(t *testing.T) {
	records, _ := goldenFolders(t)
	blocked := filepath.Join(file(t, "file", ""), "out")
	for want, args := range map[string][]string{
		`--tables lossess: this report has no such table, want some of claims, statements, .*; did you mean "losses"\?`: {"--tables=losses,lossess"},
		"--table poem: this report has no such table, want some of claims":                                              {"--table", "poem"},
		"--tables conform: this report has no such table":                                                               {"--tables=conform"},
		"--folder: writing .*: not a directory":                                                                         {"--folder", blocked},
	} {
		folder := filepath.Join(t.TempDir(), "out")
		a := ask(append([]string{"report", "--records", records, "--parts", "none", "--folder", folder}, args...)...)
		require.Equal(t, 2, a.code, want)
		require.Regexp(t, want, a.err)
		require.NotContains(t, a.err, "begins", want)
		require.NoDirExists(t, folder, want)
	}
}

// A byte that differs in a table, a figure, a record or the JUnit file is named in
// a row of its own, and the exit code is 1.
func TestReportCheck(t *testing.T) {
	folder, _ := reported(t)
	good := ask("report", "--check", folder)
	require.Equal(t, 0, good.code, good.err)
	require.Regexp(t, `^All \d+ files of .*are\swhat\sits\srecords\sand\sits\sseed\sgive\.`, strings.ReplaceAll(good.out, "\n", " "))
	require.Contains(t, good.out, "pass")
	records, err := filepath.Glob(filepath.Join(folder, "records", "*.json"))
	require.NoError(t, err)
	require.Len(t, records, 2)
	flip := func(name string) {
		path := filepath.Join(folder, filepath.FromSlash(name))
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		data[len(data)/2] ^= 1
		require.NoError(t, os.WriteFile(path, data, 0o600))
	}
	requireFound := func(names ...string) {
		a := ask("report", "--check", folder, "--format", "csv")
		require.Equal(t, 1, a.code, a.out+a.err)
		require.NotContains(t, a.out, "pass")
		for _, name := range names {
			require.Regexp(t, "(?m)^"+regexp.QuoteMeta(name)+",.*,FAIL", a.out)
		}
	}
	altered := []string{"tables/losses.csv", "figures/losses-chain.png", "junit.xml"}
	for _, name := range altered {
		flip(name)
	}
	requireFound(altered...)
	record := "records/" + filepath.Base(records[0])
	flip(record)
	requireFound(append(altered, record)...)
}

// altered is a folder with the same spec and another loss.
func altered(t *testing.T, folder string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, "quick-chain.json"))
	require.NoError(t, err)
	forged := regexp.MustCompile(`("loss": \{\s*"value": )\d`).ReplaceAll(data, []byte("${1}9"))
	require.NotEqual(t, data, forged)
	return filepath.Dir(file(t, "quick-chain.json", string(forged)))
}

func TestReportAsksForSense(t *testing.T) {
	first, second := goldenFolders(t)
	empty, absent := t.TempDir(), filepath.Join(t.TempDir(), "absent")
	broken := filepath.Dir(file(t, "a.json", `{"schema": "other"}`))
	out := filepath.Join(t.TempDir(), "out")
	forged := altered(t, first)
	for _, c := range []struct {
		args  []string
		names []string
	}{
		{[]string{"--check", absent}, []string{absent, "manifest.json", "no such file"}},
		{[]string{"--check", empty}, []string{empty, "manifest.json"}},
		{[]string{"--check", filepath.Dir(file(t, "manifest.json", "{"))}, []string{"manifest.json", "EOF"}},
		{[]string{"--records", absent}, []string{absent, "no such file"}},
		{[]string{"--records", first, "--records", empty}, []string{empty, "no record"}},
		{[]string{"--records", broken}, []string{"a.json", "not a record"}},
		{[]string{"--records", first, "--records", second, "--records", forged}, []string{forged, first, "other results"}},
		{[]string{"--records", first, "--parts", "poetry"}, []string{`part "poetry"`, "first step"}},
		{[]string{"--records", first, "--parts", "laws,laws"}, []string{`part "laws"`, "twice"}},
		{[]string{"--records", first, "--parts", "none", "--folder", file(t, "taken", "")}, []string{"taken", "not a directory"}},
		{[]string{"--records", first, "--parts", "none", "--folder", out, "--serve=0.0.0.0:0"}, []string{"--serve", "not loopback"}},
		{[]string{"--check", empty, "--records", first}, []string{"check", "records"}},
		{[]string{"--format", "poem"}, []string{"poem", "markdown"}},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			requireRefused(t, ask(append([]string{"report"}, c.args...)...), c.names...)
			require.NoDirExists(t, out, "nothing is written")
		})
	}
}

// TestReportServe: the command serves the page that it wrote on loopback until
// it is interrupted, and then ends well.
func TestReportServe(t *testing.T) {
	first, _ := goldenFolders(t)
	folder := filepath.Join(t.TempDir(), "out")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "report", "--records", first, "--parts", "none", "--folder", folder, "--serve")
	cmd.Env = append(os.Environ(), "CAUSALGRAD_TEST_COMMAND=1")
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	address := regexp.MustCompile(`the page is on (http://127\.0\.0\.1:\d+/)`)
	url := ""
	lines := bufio.NewScanner(stderr)
	for url == "" && lines.Scan() {
		if m := address.FindStringSubmatch(lines.Text()); m != nil {
			url = m[1]
		}
	}
	require.NotEmpty(t, url)
	response, err := http.Get(url)
	require.NoError(t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	saved, err := os.ReadFile(filepath.Join(folder, "index.html"))
	require.NoError(t, err)
	require.Equal(t, saved, body)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.NoError(t, cmd.Wait(), "exit code 0")
}

// TestReportInCI: the JUnit file is well formed, and the summary and the annotations are
// written where their variables are set.
func TestReportInCI(t *testing.T) {
	summary := filepath.Join(t.TempDir(), "summary.md")
	t.Setenv("GITHUB_STEP_SUMMARY", summary)
	t.Setenv("GITHUB_ACTIONS", "true")
	folder, a := reported(t)
	require.NotContains(t, a.err, "::error", "nothing fails")
	text, err := os.ReadFile(summary)
	require.NoError(t, err)
	require.Contains(t, string(text), "## causalgrad claims")
	data, err := os.ReadFile(filepath.Join(folder, "junit.xml"))
	require.NoError(t, err)
	var suites struct {
		Suite struct {
			Tests int `xml:"tests,attr"`
			Cases []struct {
				Name string `xml:"name,attr"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	require.NoError(t, xml.Unmarshal(data, &suites))
	require.Len(t, suites.Suite.Cases, suites.Suite.Tests)
	require.Positive(t, suites.Suite.Tests)
	require.Equal(t, suites.Suite.Tests, strings.Count(string(text), "<code>"))
	// A record whose bits are not the golden ones fails the claim of determinism.
	first, _ := goldenFolders(t)
	bad := ask("report", "--records", altered(t, first), "--parts", "none", "--folder", filepath.Join(t.TempDir(), "bad"))
	require.Equal(t, 1, bad.code, bad.err)
	require.Contains(t, bad.err, "::error title=claim determinism fails::")
}
