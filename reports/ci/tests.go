package ci

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// event is a line of `go test -json`.
type event struct {
	Action  string
	Package string
	Test    string
	Elapsed float64
	Output  string
}

// TestRun is what `go test -json` said, a suite a package.
type TestRun struct {
	suites []suite
	wall   map[string]float64 // seconds by package
}

// wholePackage is the case of a package that fails beside its tests: it does not build, or ended before them.
const wholePackage = "(package)"

// ReadTests reads the output of `go test -json`, between whose lines others may
// stand. A test that began and did not end has failed.
func ReadTests(r io.Reader) (TestRun, error) {
	type key struct{ pkg, test string }
	var begun []key
	ended, output := map[key]event{}, map[key][]string{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		if !bytes.HasPrefix(lines.Bytes(), []byte("{")) {
			continue // what make or the shell said
		}
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return TestRun{}, fmt.Errorf("tests: %q is no event of go test -json: %w", lines.Text(), err)
		}
		k := key{e.Package, e.Test}
		switch e.Action {
		case "start", "run":
			begun = append(begun, k)
		case "output":
			output[k] = append(output[k], e.Output)
		case "pass", "fail", "skip":
			ended[k] = e
			if e.Action == "fail" && !slices.Contains(begun, k) {
				begun = append(begun, k) // a file that lacks its beginning
			}
		}
	}
	if err := lines.Err(); err != nil {
		return TestRun{}, fmt.Errorf("tests: %w", err)
	}
	if len(begun) == 0 {
		return TestRun{}, errors.New("tests: no event of go test -json")
	}
	run := TestRun{wall: map[string]float64{}}
	for _, k := range begun {
		i := slices.IndexFunc(run.suites, func(s suite) bool { return s.Name == k.pkg })
		if i < 0 {
			i = len(run.suites)
			run.suites = append(run.suites, suite{Name: k.pkg})
		}
		e, done := ended[k]
		c := junitCase{Class: k.pkg, Name: k.test, Seconds: e.Elapsed}
		switch {
		case !done:
			c.Failure = &message{Message: "did not end", Text: valid(strings.Join(output[k], ""))}
		case e.Action == "fail":
			c.Failure = &message{Message: "failed", Text: valid(strings.Join(output[k], ""))}
		case e.Action == "skip":
			c.Skipped = &message{Message: valid(strings.TrimSpace(strings.Join(output[k], "")))}
		}
		if k.test == "" { // begins before its tests, and is judged after them
			run.wall[k.pkg] = e.Elapsed
			c.Name = wholePackage
			if c.Failure == nil {
				continue // passed, or has no tests
			}
		}
		run.suites[i].add(c)
	}
	for i := range run.suites {
		run.suites[i].dropPackage()
	}
	return run, nil
}

// dropPackage leaves the case of a failing package out where one of its tests says
// why it fails.
func (s *suite) dropPackage() {
	if s.Failures > 1 && s.Cases[0].Name == wholePackage {
		s.Cases = s.Cases[1:]
		s.Tests--
		s.Failures--
	}
}

// Failed tells whether a test failed.
func (r TestRun) Failed() bool {
	return slices.ContainsFunc(r.suites, func(s suite) bool { return s.Failures > 0 })
}

// JUnit writes the run as a JUnit report.
func (r TestRun) JUnit(w io.Writer) error { return writeJUnit(w, r.suites...) }

// shownFailures and shownPackages keep the summary within a screen.
const shownFailures, shownPackages = 10, 5

// Summary writes the run as Markdown: the counts, the first failures and the packages
// that take the longest.
func (r TestRun) Summary(w io.Writer) error {
	tests, failures, skips := 0, 0, 0
	var lines []string
	packages := slices.Clone(r.suites)
	for _, s := range packages {
		tests, failures, skips = tests+s.Tests, failures+s.Failures, skips+s.Skipped
		for _, c := range s.Cases {
			if c.Failure != nil {
				lines = append(lines, "- "+code(c.Class+" "+c.Name)+" "+cell(c.Failure.Message)+"\n")
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "## causalgrad tests\n\n%d passed, %d failed, %d skipped in %d packages\n\n", tests-failures-skips, failures, skips, len(packages))
	for i, line := range lines {
		if i == shownFailures {
			fmt.Fprintf(&b, "- and %d more\n", len(lines)-i)
			break
		}
		b.WriteString(line)
	}
	slices.SortStableFunc(packages, func(a, c suite) int { return int(1000 * (r.wall[c.Name] - r.wall[a.Name])) })
	b.WriteString("\nLongest:")
	for i, s := range packages[:min(shownPackages, len(packages))] {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, " %s %.1f s", cell(s.Name), r.wall[s.Name])
	}
	return write(w, "step summary", b.String()+"\n\n")
}
