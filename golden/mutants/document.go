package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// Reason says why a mutant that the tests do not kill changes nothing. A place is
// told by the expression, so that it outlives other changes of the file.
type Reason struct {
	Package    string `json:"package"`
	File       string `json:"file"`
	Expression string `json:"expression"`
	From       string `json:"from"`
	To         string `json:"to"`
	Why        string `json:"why"`
}

type reasons []Reason

func readReasons(name string) (reasons, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var all reasons
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return all, nil
}

// of is the reason for a survivor, "" where there is none.
func (all reasons) of(pkg string, m Mutant) string {
	for _, r := range all {
		if r.Package == pkg && r.File == m.File && r.Expression == m.Text && r.From == m.From && r.To == m.To {
			return r.Why
		}
	}
	return ""
}

// line is a result on one line.
func (r result) line() string {
	if r.Untried != "" {
		return fmt.Sprintf("%s: not tried: %.300s", r.Pkg, r.Untried)
	}
	return fmt.Sprintf("%s: %d of %d mutants, %d killed, %d of them endless, %d survive", r.Pkg, len(r.Mutants), r.All, r.count(killed)+r.count(endless), r.count(endless), r.count(lived))
}

const preface = `# Mutants that the tests do not kill

` + "`make mutation`" + ` writes this file. It asks a package's own tests about mutants with one operator changed (arithmetic operators, conditional
boundaries, negated conditionals, increments and decrements, signs of numbers), at places that the type checker admits, covered by a test
or not: a fixed sample of each package of theory and impl. A run that uses up its processor time is an endless loop and counts as killed. What the laws
notice beyond this is told by ` + "`causalgrad faults`" + `, whose planted mistakes are those of other implementations.

`

// document is README.md.
func document(done record, why reasons) string {
	results := done.Results
	var b strings.Builder
	b.WriteString(preface)
	fmt.Fprintf(&b, "Of commit %.12s, with %d mutants a package.\n\n", done.Commit, done.Sample)
	b.WriteString("| package | mutants | tried | killed | of these endless | share | survivors |\n|---|---:|---:|---:|---:|---:|---:|\n")
	row := func(name string, all, mutants, dead, endless int) {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %.0f %% | %d |\n", name, all, mutants, dead, endless, 100*float64(dead)/float64(max(mutants, 1)), mutants-dead)
	}
	all, mutants, dead, loops := 0, 0, 0, 0
	for _, r := range results {
		if r.Untried != "" {
			fmt.Fprintf(&b, "| %s | not tried: %.100s | | | | | |\n", r.Pkg, r.Untried)
			continue
		}
		d := r.count(killed) + r.count(endless)
		row(r.Pkg, r.All, len(r.Mutants), d, r.count(endless))
		all, mutants, dead, loops = all+r.All, mutants+len(r.Mutants), dead+d, loops+r.count(endless)
	}
	row("all", all, mutants, dead, loops)
	b.WriteString("\nEvery survivor of the sample, with why it changes nothing that a test could see; without a reason it is a gap in the tests:\n")
	cell := strings.NewReplacer("|", `\|`)
	for _, r := range results {
		survivors := r.survivors()
		if len(survivors) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n\n| place | expression | change | why |\n|---|---|---|---|\n", r.Pkg)
		for _, m := range survivors {
			reason := why.of(r.Pkg, m)
			if reason == "" {
				reason = "none found yet"
			}
			fmt.Fprintf(&b, "| %s:%d:%d | `%s` | `%s` to `%s` | %s |\n", m.File, m.Line, m.Column, cell.Replace(m.Text), m.From, m.To, cell.Replace(reason))
		}
	}
	return b.String()
}
