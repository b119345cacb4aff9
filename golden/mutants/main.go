// Command mutants tests the tests: it makes mutants of every package of theory and
// impl, asks a fixed sample of them of the package's own tests, and writes README.md
// beside itself: what share is killed, and every survivor with the reason in
// survivors.json. It is a module of its own so that the project does not depend on
// its type checker's loader; run make mutation.
//
// All mutants of a package are compiled into one test binary, each behind a switch,
// so that a mutant costs one run of the tests and no build. It never changes a file
// of the packages.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

func main() {
	root := flag.String("root", "../..", "folder of the project")
	jobs := flag.Int("jobs", runtime.NumCPU(), "test runs at a time")
	sample := flag.Int("n", 10, "mutants of a package that are asked of its tests, spread over all of them")
	flag.Parse()
	if err := run(*root, flag.Args(), *jobs, *sample); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

// run judges the packages named, of which it only prints the survivors, or all,
// with which it writes README.md.
func run(root string, named []string, jobs, sample int) error {
	why, err := readReasons("survivors.json")
	if err != nil {
		return err
	}
	if root, err = filepath.Abs(root); err != nil {
		return err
	}
	list, done := named, record{}
	if len(named) == 0 {
		if list, err = tested(root); err != nil {
			return err
		}
		if done, err = begun(root, sample); err != nil {
			return err
		}
	}
	for i, p := range list {
		r, ok := done.of(p)
		if !ok {
			if r, err = judge(root, p, jobs, sample); err != nil {
				r = result{Pkg: p, Untried: strings.Join(strings.Fields(err.Error()), " ")}
			}
			done.Results = append(done.Results, r)
		}
		fmt.Printf("%d/%d %s\n", i+1, len(list), r.line())
		for _, m := range r.survivors() {
			if why.of(p, m) == "" {
				fmt.Printf("  unexplained: %s:%d:%d %s: %s -> %s\n", m.File, m.Line, m.Column, m.Text, m.From, m.To)
			}
		}
		if len(named) == 0 {
			if err := done.save(root); err != nil {
				return err
			}
		}
	}
	if len(named) > 0 {
		return nil
	}
	if again, err := commit(root); err != nil || again != done.Commit {
		return fmt.Errorf("the packages changed under the run (commit %s, %w): no record is written", again, err)
	}
	return os.WriteFile("README.md", []byte(document(done, why)), 0o644)
}

// tested lists the packages of theory and impl that have tests.
func tested(root string) ([]string, error) {
	list := exec.Command("go", "list", "-f", "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}", "./theory/...", "./impl/...")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var all []string
	for _, path := range strings.Fields(string(out)) {
		_, inside, _ := strings.Cut(path, "/")
		all = append(all, inside)
	}
	return all, nil
}
