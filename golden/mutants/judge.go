package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"golang.org/x/tools/go/packages"
)

// fate is what the tests did with a mutant.
type fate int

const (
	lived fate = iota
	killed
	endless // the run used up its limit of processor time: killed too
)

// result is a package's sample of mutants and their fates.
type result struct {
	Pkg     string
	All     int // mutants that there are
	Mutants []Mutant
	Fates   []fate
	Untried string // why none was tried
}

// count is the number of mutants with a fate.
func (r result) count(f fate) int {
	n := 0
	for _, x := range r.Fates {
		if x == f {
			n++
		}
	}
	return n
}

func (r result) survivors() []Mutant {
	var all []Mutant
	for i, f := range r.Fates {
		if f == lived {
			all = append(all, r.Mutants[i])
		}
	}
	return all
}

// judge makes the mutants of a package and runs its tests once on each of a sample,
// the same one as long as the package is the same.
func judge(root, pkg string, jobs, sample int) (result, error) {
	work, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return result{}, err
	}
	defer os.RemoveAll(work)
	overlay, all, err := mutate(root, pkg, work)
	if err != nil {
		return result{}, err
	}
	mutants := all
	if sample < len(all) {
		mutants = nil
		for i := range sample {
			mutants = append(mutants, all[(2*i+1)*len(all)/(2*sample)])
		}
	}
	tests := filepath.Join(work, "tests")
	build := exec.Command("go", "test", "-vet=off", "-overlay", overlay, "-c", "-o", tests, "./"+pkg)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return result{}, fmt.Errorf("building the tests: %w\n%s", err, out)
	}
	f, spent, err := ask(tests, filepath.Join(root, pkg), 0, 600)
	if err != nil || f != lived {
		return result{}, fmt.Errorf("the tests fail without a mutant (%v)", err)
	}
	limit := max(5, int(20*spent.Seconds()))
	r := result{Pkg: pkg, All: len(all), Mutants: mutants, Fates: make([]fate, len(mutants))}
	failures := make([]error, len(mutants))
	var group sync.WaitGroup
	queue := make(chan int)
	for range jobs {
		group.Go(func() {
			for i := range queue {
				r.Fates[i], _, failures[i] = ask(tests, filepath.Join(root, pkg), mutants[i].Number, limit)
			}
		})
	}
	for i := range mutants {
		queue <- i
	}
	close(queue)
	group.Wait()
	return r, errors.Join(failures...)
}

// mutate writes the package's files with all mutants to a folder, and the overlay
// that go test reads them by.
func mutate(root, pkg, work string) (overlay string, mutants []Mutant, err error) {
	loaded, err := packages.Load(&packages.Config{Dir: root, Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax |
		packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedDeps}, "./"+pkg)
	if err != nil {
		return "", nil, err
	}
	if len(loaded) != 1 || len(loaded[0].Errors) > 0 {
		return "", nil, fmt.Errorf("loading: %d packages, %v", len(loaded), loaded[0].Errors)
	}
	p, replace := loaded[0], map[string]string{}
	write := func(original, text string) error {
		name := filepath.Join(work, fmt.Sprintf("%d.go", len(replace)))
		replace[original] = name
		return os.WriteFile(name, []byte(text), 0o644)
	}
	for _, f := range p.Syntax {
		name := p.Fset.Position(f.Pos()).Filename
		source, err := os.ReadFile(name)
		if err != nil {
			return "", nil, err
		}
		r := &rewriter{p.Fset, source, p.TypesInfo, p.Types, f, &mutants}
		if err := write(name, r.whole()); err != nil {
			return "", nil, err
		}
	}
	chooser := fmt.Sprintf("package %s\n\nimport (\n\t\"os\"\n\t\"strconv\"\n)\n\nvar %s = func() int { n, _ := strconv.Atoi(os.Getenv(\"MUTANT\")); return n }()\n", p.Name, selector)
	if err := write(filepath.Join(root, pkg, "zz_mutants.go"), chooser); err != nil {
		return "", nil, err
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", nil, err
	}
	overlay = filepath.Join(work, "overlay.json")
	return overlay, mutants, os.WriteFile(overlay, data, 0o644)
}

// ask runs the tests on a mutant (0 is none) with a limit of seconds of processor
// time, which no load of the machine uses up, and returns the time that they took.
func ask(tests, folder string, mutant, limit int) (fate, time.Duration, error) {
	c := exec.Command("sh", "-c", `ulimit -v 8000000; ulimit -t "$1"; exec "$0" -test.failfast -test.timeout "$2"`, tests, strconv.Itoa(limit),
		strconv.Itoa(10*limit)+"s") // a deadlock uses no processor time; a loaded machine gives a tenth
	c.Dir = folder
	c.Env = append(os.Environ(), "MUTANT="+strconv.Itoa(mutant), "GOMAXPROCS=1", "RAPID_SEED=20240101", "RAPID_NOFAILFILE=1", "RAPID_SHRINKTIME=0s")
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return lived, 0, err
	}
	spent := c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	switch {
	case err == nil:
		return lived, spent, nil
	case exit.ExitCode() < 0: // ended by a signal
		return endless, spent, nil
	}
	return killed, spent, nil
}
