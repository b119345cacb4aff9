package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// record is a run over all packages of one commit, as far as it has come.
type record struct {
	Commit  string
	Sample  int
	Results []result
}

// of is the result of a package that was judged before the run was stopped.
func (d record) of(pkg string) (result, bool) {
	i := slices.IndexFunc(d.Results, func(r result) bool { return r.Pkg == pkg && r.Untried == "" })
	if i < 0 {
		return result{}, false
	}
	return d.Results[i], true
}

// name is the file of a stopped run; make clean removes it.
func (d record) name(root string) string {
	return filepath.Join(root, "bin", "mutants", fmt.Sprintf("%.12s-%d.json", d.Commit, d.Sample))
}

// begun is the run of this commit and sample, with what was judged before it was
// stopped.
func begun(root string, sample int) (record, error) {
	head, err := commit(root)
	if err != nil {
		return record{}, err
	}
	d := record{Commit: head, Sample: sample}
	data, err := os.ReadFile(d.name(root))
	if errors.Is(err, os.ErrNotExist) {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	if err := json.Unmarshal(data, &d); err != nil {
		return d, fmt.Errorf("%s: %w", d.name(root), err)
	}
	d.Results = slices.DeleteFunc(d.Results, func(r result) bool { return r.Untried != "" })
	return d, nil
}

func (d record) save(root string) error {
	data, err := json.Marshal(d)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(d.name(root)), 0o755); err != nil {
		return err
	}
	return os.WriteFile(d.name(root), data, 0o644)
}

// commit is the commit that theory and impl are of; an error where they are of none.
func commit(root string) (string, error) {
	git := func(args ...string) (string, error) {
		c := exec.Command("git", args...)
		c.Dir = root
		out, err := c.Output()
		if err != nil {
			return "", fmt.Errorf("git %s: %w", strings.Join(args, " "), err)
		}
		return strings.TrimSpace(string(out)), nil
	}
	head, err := git("rev-parse", "HEAD")
	if err != nil {
		return "", err
	}
	changed, err := git("status", "--porcelain", "--", "theory", "impl", "go.mod")
	if err == nil && changed != "" {
		file, _, _ := strings.Cut(changed, "\n")
		err = fmt.Errorf("%s differs from the last commit, which the record is to name: commit first, or name packages", strings.TrimSpace(file))
	}
	return head, err
}
